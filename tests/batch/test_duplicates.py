"""A page that comes once more: reported and skipped. A page that only shares an id with another is never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import batch_standin as standin
import pytest

from audit.batch import compared, make_plan, run_batch
from audit.ingest import Options, find, read
from audit.report.jsonl import read_reports
from audit.rules.load import load_rules
from audit.settings import Settings

SPOILT = (
    "<html><head><title>Sciatica</title></head><body><h1>Sciatica</h1>\n<p>Sciatica is pain along the sciatic nerve. "
    "Most patients get better with exercise and time.</p>\n"
    '<p>moonbet77 login, <a href="https://moonbet77.example/">slot gacor</a>, judi online</p></body></html>'
)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("audit.batch.run.make_plan", small_plan)


def small_plan(*args):
    return make_plan(*args, shard_size=3_000)


def source(*records, name="x.jsonl"):
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return name


def run(*sources, out="out", jobs=1, resume=False):
    with run_batch(sources, standin.Rules(), out, Settings(jobs=jobs), resume=resume, audit=standin.audit) as batch:
        return batch.summary


def rows(out="out"):
    return [json.loads(line) for line in Path(out, "report.jsonl").read_bytes().splitlines()]


def told(out="out"):
    return [(row["id"], row["status"]) for row in rows(out)]


def test_a_page_that_comes_once_more_is_a_row_that_says_so():
    source(
        {"id": "a", "text": "one"}, {"id": "b", "text": "one"}, {"id": "a", "text": "one"}, {"id": "a", "text": "one"}
    )
    summary = run("x.jsonl")
    assert told() == [("a", "ok"), ("b", "ok"), ("a~2", "failed"), ("a~3", "failed")]
    assert (summary.pages, summary.failed, summary.verdicts["failed"]) == (4, 2, 2)
    row = rows()[2]
    assert row["error"].startswith(
        'a~2: duplicate: the page "a" was read before, with the same content; it is skipped\n'
    )
    assert (row["path"], row["sha256"], row["verdict"]) == ("x.jsonl", None, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": "one"}, {"text": "two"}),
        ({"text": "one"}, {"text": "one "}),
        ({"text": "one", "url": "https://a.example/"}, {"text": "one", "url": "https://b.example/"}),
        ({"text": "one", "url": "https://a.example/"}, {"text": "one"}),
        ({"text": "one", "kind": "text"}, {"text": "one", "kind": "markdown"}),
        ({"text": "one", "variant": "browser"}, {"text": "one", "variant": "googlebot"}),
        ({"text": "one", "variant": "browser"}, {"text": "one"}),
    ],
    ids=["text", "a blank", "address", "no address", "kind", "capture", "no capture"],
)
def test_a_page_that_differs_in_anything_but_its_id_is_read(first, second):
    source({"id": "a"} | first, {"id": "a"} | second)
    run("x.jsonl")
    assert told() == [("a", "ok"), ("a~2", "ok")]


def test_every_page_with_a_shared_id_is_held_against_all_of_them():
    source(*({"id": "a", "text": text} for text in ("one", "two", "two", "one", "three")), {"id": "a~2", "text": "two"})
    run("x.jsonl")
    assert told() == [
        ("a", "ok"), ("a~2", "ok"), ("a~3", "failed"), ("a~4", "failed"), ("a~5", "ok"), ("a~2~2", "ok"),
    ]  # fmt: skip


def test_pages_of_two_sources_are_the_same_if_their_address_is():
    for name in ("x.jsonl", "y.jsonl"):
        source({"id": "1", "text": "Hello world!"}, {"id": "2", "url": "https://a.example/", "text": "one"}, name=name)
    run("x.jsonl", "y.jsonl")
    assert told() == [("1", "ok"), ("2", "ok"), ("1~2", "ok"), ("2~2", "failed")]


def test_what_could_not_be_read_is_no_duplicate():
    source({"id": "a", "text": 3}, {"id": "a", "text": 3}, {"id": "a", "text": "BOUND"}, {"id": "a", "text": "BOUND"})
    run("x.jsonl")
    assert not any("duplicate" in row["error"] for row in rows())
    assert [row["status"] for row in rows()] == ["failed"] * 4


def test_an_address_that_a_list_names_twice_is_read_once():
    Path("mirror/a.example").mkdir(parents=True)
    Path("mirror/a.example/x.html").write_text("<p>Rest helps.</p>")
    Path("urls.txt").write_text("https://a.example/x.html\nhttps://a.example/x.html\n")
    with run_batch(["@urls.txt"], standin.Rules(), "out", Settings(mirror="mirror"), audit=standin.audit):
        assert told() == [("https://a.example/x.html", "ok"), ("https://a.example/x.html~2", "failed")]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_workers_and_resuming_do_not_change_what_is_a_duplicate(jobs):
    source(*({"id": str(at % 40), "text": f"page {at % 60} of many words " * 10} for at in range(200)))
    run("x.jsonl", out="one")
    failed = [row for row in rows("one") if row["status"] == "failed"]
    assert len(failed) == 200 - 120  # a text and an id together come back after 120
    with (
        pytest.raises(RuntimeError),
        run_batch(["x.jsonl"], standin.Rules(), "out", Settings(jobs=jobs), audit=standin.audit),
    ):
        raise RuntimeError("the writer failed")
    kept = sorted(Path("out/.shards").glob("*.jsonl"))
    assert len(kept) > 5
    for path in kept[::2]:
        path.unlink()
    assert run("x.jsonl", jobs=jobs, resume=True).resumed == len(kept) // 2
    assert Path("out/report.jsonl").read_bytes() == Path("one/report.jsonl").read_bytes()


def test_a_duplicate_says_nothing_of_the_other_pages():
    """Twice the same page is no campaign, and repeats nothing."""
    rules = load_rules()
    once = [{"id": "a", "url": "https://a.example/", "html": SPOILT}, {"id": "b", "text": "Ice helps."}]
    for name, records in (("once", once), ("often", [*once, once[0], once[0]])):
        with run_batch([source(*records)], rules, name, Settings()) as batch:
            assert (batch.summary.campaigns, batch.summary.rejudged) == (0, 0)
    reports = list(read_reports(Path("often")))
    assert reports[:2] == list(read_reports(Path("once")))
    assert [report.status for report in reports[2:]] == ["failed", "failed"]
    assert not Path("often/campaigns.jsonl").exists()


def test_a_duplicate_is_cleaned_like_the_first():
    rules = load_rules()
    source({"id": "a", "html": SPOILT}, {"id": "a", "html": SPOILT})
    with compared(["x.jsonl"], rules) as report_of:
        first, second = (report_of(page) for page in read(find(["x.jsonl"], Options()).items[0], Options()))
    assert first.cuts
    assert first.cuts == second.cuts


def test_the_second_of_a_page_is_found_however_many_there_are():
    """Ids and contents are eight bytes each, and so is what is kept of a duplicate."""
    source(*({"id": "a", "text": "one"} for _ in range(3_000)))
    run("x.jsonl", jobs=os.cpu_count() or 1)
    assert [row["status"] for row in rows()] == ["ok"] + ["failed"] * 2_999
    assert rows()[-1]["id"] == "a~3000"
