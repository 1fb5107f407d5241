"""What a run writes down on its way: its plan, a file for each shard, and what the whole of them came to."""

import base64
import hashlib
import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import batch_standin as standin
import msgspec
import pytest

import audit
from audit.batch import make_plan, run_batch
from audit.batch.plan import Names
from audit.batch.run import audit_paths, compared
from audit.batch.shard import (
    Again,
    Passed,
    Task,
    again_file,
    audit_shard,
    finished,
    lines_in,
    one_report,
    shard_file,
    traces_file,
)
from audit.batch.store import Folder
from audit.errors import HandlesError, UsageError
from audit.ingest import Options, find, read
from audit.model import Page
from audit.settings import Settings


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def records(name, texts):
    with Path(name).open("w") as file:
        file.writelines(json.dumps({"id": f"{at:03}", "text": text}) + "\n" for at, text in enumerate(texts))
    return name


def plan_of(*sources, size=1_000_000, rules="rules-1", options=None):
    options = options or Options()
    return make_plan(find(sources, options), options, rules, shard_size=size)


# The plan


def test_a_plan_has_all_of_the_input_once_and_in_order():
    records("a.jsonl", [f"{at} is a page on sleep" for at in range(300)])
    Path("b.txt").write_text("another")
    plan = plan_of("a.jsonl", "b.txt", size=3_000)
    assert len(plan.shards) > 3
    assert [shard.index for shard in plan.shards] == list(range(len(plan.shards)))
    ids = [page.id for shard in plan.shards for item in shard.items for page in read(item, plan.options)]
    assert ids == [*(f"{at:03}" for at in range(300)), "b.txt"]
    assert ids == [page.id for page in plan.pages()]
    assert plan.size == Path("a.jsonl").stat().st_size + len("another")


def test_small_files_share_a_shard_each_counting_for_its_opening_too():
    for at in range(7):
        Path(f"{at}.txt").write_text("x" * 100)
    assert [len(shard.items) for shard in plan_of(".", size=1_800).shards] == [3, 3, 1]
    assert [len(shard.items) for shard in plan_of(".", size=1_801).shards] == [4, 3]
    assert plan_of(".", size=1_800).shards[0].size == 300


def test_a_fingerprint_is_of_all_that_the_reports_of_a_shard_depend_on(monkeypatch):
    records("a.jsonl", ["one", "two"])
    Path("b.txt").write_text("another")
    (shard,) = plan_of("a.jsonl").shards
    same = plan_of("b.txt", "a.jsonl", size=100).shards[-1]
    assert same.fingerprint == shard.fingerprint
    others = [
        plan_of("a.jsonl", rules="rules-2").shards[0],
        plan_of("a.jsonl", options=Options(text_field="text")).shards[0],
        plan_of("b.txt", "a.jsonl").shards[0],
    ]
    Path("a.jsonl").write_text(Path("a.jsonl").read_text().replace("two", "TWO"))
    others.append(plan_of("a.jsonl").shards[0])
    monkeypatch.setattr(audit, "__version__", "0.0.0")
    others.append(plan_of("a.jsonl").shards[0])
    assert len({shard.fingerprint, *(other.fingerprint for other in others)}) == 6


def test_a_shard_is_of_the_first_pass_unless_it_says_so():
    records("a.jsonl", ["one"])
    assert not plan_of("a.jsonl").shards[0].again


def test_ids_that_were_made_up_are_used_ids_too():
    names = Names()
    assert [names.unique(name) for name in ("a", "a~2", "a", "b", "a", "a~2")] == [
        "a", "a~2", "a~3", "b", "a~4", "a~2~2",
    ]  # fmt: skip


def test_ids_of_a_million_pages_cost_little():
    names, seen = Names(), set()
    for at in range(40_000):
        wanted = f"page {at % 39_000}"
        got = names.unique(wanted)
        assert got == (wanted if at < 39_000 else f"{wanted}~2")
        seen.add(got)
    assert len(seen) == 40_000
    assert sys.getsizeof(names._used._table) <= 24 * 40_000


def test_a_field_that_is_no_id_costs_no_more_than_one_that_is():
    """Counting from 2 for each of a hundred thousand would take hours."""
    names = Names()
    got = [names.unique(name) for _ in range(50_000) for name in ("site", "")]
    assert got[:4] == ["site", "", "site~2", "~2"]
    assert got[-2:] == ["site~50000", "~50000"]
    assert len(set(got)) == 100_000


# A shard


def written(texts, *, does=standin.audit, passed=None, progress=None, **task):
    """Return the shard of some records, and what was said of it when it had been audited."""
    (shard,) = plan_of(records("a.jsonl", texts)).shards
    store = Folder(str(Path.cwd()))
    totals = audit_shard(shard, Task(store, Options(), standin.Rules(), does, **task), progress, passed or Passed())
    return shard, totals


def lines(shard):
    with Path(shard_file(shard)).open("rb") as file:
        return [json.loads(line) for line in lines_in(file)]


def test_a_shard_file_begins_with_its_fingerprint_and_ends_with_its_totals():
    shard, totals = written(["one", "BOUND", "DEFECT", "two"])
    raw = Path(shard_file(shard)).read_bytes().splitlines()
    assert json.loads(raw[0]) == {"fingerprint": shard.fingerprint}
    assert json.loads(raw[-1])["pages"] == 4
    assert [json.loads(line)["id"] for line in raw[1:-1]] == ["000", "001", "002", "003"]
    assert [json.loads(line) for line in raw[1:-1]] == lines(shard)
    assert (totals.pages, totals.failed, totals.internal_errors) == (4, 2, 1)
    assert (totals.cached, totals.cache_broken) == (0, 0)
    raw = base64.b64decode(json.loads(Path(traces_file(shard)).read_bytes()))
    assert [any(raw[at : at + 8]) for at in range(0, len(raw), 8)] == [True, False, False, True]


def test_a_shard_tells_where_its_time_went():
    def slow(page, rules):
        time.sleep(0.02)
        return standin.audit(page, rules)

    begin = time.perf_counter()
    _, totals = written(["one", "two", "three"], does=slow)
    passed = time.perf_counter() - begin
    assert totals.audit_seconds >= 0.06
    assert min(totals.read_seconds, totals.write_seconds) > 0
    assert totals.read_seconds + totals.audit_seconds + totals.write_seconds <= passed


@pytest.mark.parametrize("number", [0, 1, 200])
def test_a_finished_shard_is_known_by_its_totals(number):
    """A file of any length: the last line is looked for in its end."""
    shard, totals = written(["x" * 100] * number or ["one"])
    assert finished(Folder("."), shard) == totals


def test_a_shard_that_is_not_there_or_not_whole_or_another_is_not_finished():
    shard, _ = written(["one", "two"])
    path = Path(shard_file(shard))
    whole = path.read_bytes()
    wrong = [
        b"",
        whole[: len(whole) // 2],
        whole[: whole.rindex(b"{")],
        whole[: whole.index(b"\n") + 1],
        whole.replace(shard.fingerprint.encode(), b"0" * 32),
    ]
    for content in wrong:
        path.write_bytes(content)
        assert finished(Folder("."), shard) is None
    path.unlink()
    assert finished(Folder("."), shard) is None


def test_a_shard_is_whole_or_not_there():
    def broken(page, _):
        raise KeyboardInterrupt if page.id == "001" else ZeroDivisionError

    with pytest.raises(KeyboardInterrupt):
        written(["one", "two"], does=broken)
    assert [path.name for path in Path.cwd().iterdir()] == ["a.jsonl"]


class Watched:
    """Progress that notes where the work stands whenever a page is audited."""

    value = -1
    item = -1
    auditing = 0


def test_progress_names_the_page_that_is_worked_on():
    watched, seen = Watched(), []

    def noting(page, rules):
        seen.append((page.id, watched.value, watched.item, watched.auditing))
        return standin.audit(page, rules)

    records("b.jsonl", ["three"])
    shard = plan_of(records("a.jsonl", ["one", "two"]), "b.jsonl").shards[0]
    audit_shard(shard, Task(Folder("."), Options(), standin.Rules(), noting), watched)
    assert seen == [("000", 0, 0, 1), ("001", 1, 0, 1), ("000", 2, 1, 1)]
    assert (watched.value, watched.auditing) == (3, 0)


def test_a_page_that_ended_its_worker_is_passed_over_and_named():
    audited = []

    def noting(page, rules):
        audited.append(page.id)
        return standin.audit(page, rules)

    what = {1: "ended its worker process", 2: "took more than 9 s"}
    shard, totals = written(["one", "two", "three", "four"], does=noting, passed=Passed(pages=what))
    assert audited == ["000", "003"]
    assert [line["error"] for line in lines(shard)] == [
        None,
        "001: the page ended its worker process, twice\n  it may need more memory than there is",
        "002: the page took more than 9 s, twice\n  raise --max-page-seconds if it is worth the wait",
        None,
    ]
    assert (totals.failed, totals.internal_errors) == (2, 0)


def test_files_that_ended_their_worker_are_read_up_to_there_and_named():
    records("b.jsonl", ["four", "five"])
    records("c.jsonl", ["six"])
    shard = plan_of(records("a.jsonl", ["one", "two", "three"]), "b.jsonl", "c.jsonl").shards[0]
    task = Task(Folder("."), Options(), standin.Rules(), standin.audit)
    totals = audit_shard(shard, task, passed=Passed(items={0: 2, 1: 4}))
    assert [(line["id"], line["status"]) for line in lines(shard)] == [
        ("000", "ok"), ("001", "ok"), ("a.jsonl", "failed"), ("000", "ok"), ("b.jsonl", "failed"), ("000", "ok"),
    ]  # fmt: skip
    assert (totals.pages, totals.failed) == (6, 2)


def test_a_shard_of_the_second_pass_has_the_pages_that_were_named_and_no_other():
    (first,) = plan_of(records("a.jsonl", ["one", "two", "three", "four"])).shards
    shard = msgspec.structs.replace(first, fingerprint="second", again=True)
    again = Again(pages=(2, 4), texts=(), marks=(), captures={})
    Path(again_file(shard)).write_bytes(msgspec.json.encode(again))
    totals = audit_shard(shard, Task(Folder("."), Options(), standin.Rules(), standin.audit))
    assert [line["id"] for line in lines(shard)] == ["001", "003"]
    assert totals.pages == 2


def test_a_page_that_takes_too_long_is_given_up_and_is_no_defect():
    records("a.jsonl", ["HANG", "two"])
    summary = run("a.jsonl", max_page_seconds=1).summary
    assert reported()[0]["error"].startswith("000: the page took more than 1 s")
    assert [row["status"] for row in reported()] == ["failed", "ok"]
    assert (summary.failed, summary.internal_errors) == (1, 0)


def test_a_report_that_cannot_be_written_is_a_defect():
    def odd(page, rules):
        return msgspec.structs.replace(standin.audit(page, rules), encoding="\ud800")

    shard, totals = written(["one"], does=odd)
    (line,) = lines(shard)
    assert line["error"].startswith("000: internal error: UnicodeEncodeError")
    assert (totals.failed, totals.internal_errors) == (1, 1)


def test_a_file_over_which_reading_breaks_is_a_defect(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("in a reader")

    monkeypatch.setattr("audit.batch.shard.read", broken)
    shard, totals = written(["one"])
    (line,) = lines(shard)
    assert line["error"].startswith("a.jsonl: internal error: ZeroDivisionError: in a reader")
    assert (totals.failed, totals.internal_errors) == (1, 1)


def test_what_a_defect_says_is_one_short_line():
    def odd(*_):
        raise ValueError("a\n" * 300)

    shard, _ = written(["one"], does=odd)
    what, hint = lines(shard)[0]["error"].split("\n")
    assert what.startswith(f"000: internal error: ValueError: {'a ' * 100} (in odd, test_journal.py:")
    assert what.endswith(")")
    assert "report it" in hint


def test_too_few_handles_are_no_fault_of_a_page():
    def out_of_handles(*_):
        raise OSError(24, "Too many open files")

    with pytest.raises(HandlesError):
        written(["one"], does=out_of_handles)


def test_a_page_by_itself_is_reported_or_named(rules):
    page = Page(id="a", kind="text", text="Rest helps.")
    assert one_report(page, rules) == audit.audit_page(page, rules)
    (failure,) = read(find([records("a.jsonl", [3])], Options()).items[0], Options())
    assert (one_report(failure, rules).status, one_report(failure, rules).id) == ("failed", "000")


@pytest.fixture(scope="module")
def rules():
    return audit.load_rules()


# The whole


def run(*sources, out="out", resume=False, progress=None, **settings):
    settings = Settings(**{"jobs": 1, **settings})
    with run_batch(
        sources, standin.Rules(), out, settings, resume=resume, progress=progress, audit=standin.audit
    ) as batch:
        return batch


def small(*args):
    return make_plan(*args, shard_size=1_000)


def test_the_summary_of_a_run_adds_up(monkeypatch):
    monkeypatch.setattr("audit.batch.run.make_plan", small)
    records("a.jsonl", [f"{at} is a page on sleep" for at in range(60)])
    Path("site").mkdir()
    Path("site/b.txt").write_text("BOUND")
    Path("site/c.txt").write_bytes("DEFECT ä".encode("latin-1"))
    Path("site/d.png").write_bytes(b"")
    begin = time.perf_counter()
    batch = run("a.jsonl", "site")
    passed = time.perf_counter() - begin
    summary = batch.summary
    assert (summary.pages, summary.failed, summary.internal_errors) == (62, 2, 1)
    assert summary.verdicts == {"failed": 2, "pass": 60}
    assert list(summary.encodings) == ["utf-8"]
    assert summary.encodings["utf-8"] == 60
    assert summary.passed_over == 1
    assert summary.size == batch.plan.size == Path("a.jsonl").stat().st_size + 5 + 8
    assert summary.shards == len(batch.plan.shards) > 2
    assert (summary.rejudged, summary.campaigns, summary.resumed, summary.deaths, summary.jobs) == (0, 0, 0, 0, 1)
    assert summary.report_sha256 == hashlib.sha256(Path("out/report.jsonl").read_bytes()).hexdigest()
    assert list(batch.campaigns()) == []
    clock = [summary.seconds[name] for name in ("plan", "work", "again", "merge")]
    assert all(0 <= seconds <= passed for seconds in summary.seconds.values())
    assert 0 < sum(clock) <= passed
    assert min(summary.seconds[name] for name in ("work", "read", "audit")) > 0
    assert all(seconds == round(seconds, 4) for seconds in summary.seconds.values())


def test_the_seconds_of_a_run_have_four_decimals(rules):
    records("a.jsonl", ["Rest helps.", "Ice helps."])
    with run_batch(["a.jsonl"], rules, "out", Settings(jobs=1)) as batch:
        assert all(seconds == round(seconds, 4) for seconds in batch.summary.seconds.values())


def test_there_are_no_more_workers_than_shards(monkeypatch):
    records("a.jsonl", ["one"])
    assert run("a.jsonl", jobs=4).summary.jobs == 1
    monkeypatch.setattr("audit.batch.run.make_plan", small)
    records("a.jsonl", [f"{at} is a page on sleep" for at in range(60)])
    for known in (1, None):
        monkeypatch.setattr("os.cpu_count", lambda known=known: known)
        assert run("a.jsonl", jobs=0).summary.jobs == 1


def test_progress_counts_pages_and_failures_as_they_come(monkeypatch):
    monkeypatch.setattr("audit.batch.run.make_plan", small)
    records("a.jsonl", [f"{at} is a page on sleep{' BOUND' if at in {3, 30} else ''}" for at in range(40)])
    seen = []
    batch = run("a.jsonl", progress=seen.append)
    pages = [state.pages for state in seen]
    assert sorted(set(pages)) == list(range(41))
    assert pages == sorted(pages)
    assert [seen[0].failed, seen[-1].failed] == [0, 2]
    assert [seen[0].size, seen[-1].size] == [0, batch.plan.size]
    assert {state.whole for state in seen} == {batch.plan.size}
    assert {(state.deaths, state.died) for state in seen} == {(0, "")}


def test_a_run_that_goes_on_begins_where_the_last_one_stood(monkeypatch):
    monkeypatch.setattr("audit.batch.run.make_plan", small)
    records("a.jsonl", [f"{at} is a page on sleep{' BOUND' if at == 3 else ''}" for at in range(60)])
    with (
        pytest.raises(RuntimeError),
        run_batch(["a.jsonl"], standin.Rules(), "out", Settings(jobs=1), audit=standin.audit) as first,
    ):
        raise RuntimeError("the writer failed")
    last = first.plan.shards[-1]
    Path("out/.shards", shard_file(last)).unlink()
    seen = []
    batch = run("a.jsonl", resume=True, progress=seen.append)
    assert batch.summary.resumed == len(batch.plan.shards) - 1
    assert (seen[0].size, seen[0].failed) == (batch.plan.size - last.size, 1)
    assert 40 <= seen[0].pages < 60
    assert seen[-1].pages == batch.summary.pages == 60


def test_a_worker_that_died_is_told_with_where_its_shard_begins(monkeypatch):
    def dying(shards, task, _, tick, died):
        for shard in shards:
            died(shard, "killed")
            yield shard, audit_shard(shard, task)
            tick(0)

    monkeypatch.setattr("audit.batch.run.make_plan", small)
    monkeypatch.setattr("audit.batch.run.in_workers", dying)
    records("a.jsonl", [f"{at} is a page on sleep" for at in range(60)])
    seen = []
    batch = run("a.jsonl", jobs=2, progress=seen.append)
    last = batch.plan.shards[-1].items[0].line
    assert batch.summary.deaths == batch.summary.shards > 1
    assert [state.died for state in seen[:2]] == ["", "killed (it begins with a.jsonl)"]
    assert seen[-1].died == f"killed (it begins with a.jsonl:{last})"
    assert [seen[0].pages, seen[-1].pages] == [0, 60]
    assert [state.deaths for state in seen] == sorted(state.deaths for state in seen)


@contextmanager
def piped(content, monkeypatch):
    """Standard input is a pipe with this in it."""
    read_end, write_end = os.pipe()
    os.write(write_end, content.encode())
    os.close(write_end)
    with os.fdopen(read_end) as stdin, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        yield


def reported():
    return [json.loads(line) for line in Path("out/report.jsonl").read_text().splitlines()]


def test_standard_input_is_audited_and_can_be_read_again(monkeypatch):
    Path("a.txt").write_text("A page")
    with (
        piped("<p>Grüße</p>", monkeypatch),
        run_batch(["a.txt", "-"], standin.Rules(), "out", Settings(jobs=1), audit=standin.audit) as batch,
    ):
        pages = [(page.id, page.kind, page.text) for page in batch.pages()]
    assert pages == [("a.txt", "text", "A page"), ("-", "html", "<p>Grüße</p>")]
    assert [row["id"] for row in reported()] == ["a.txt", "-"]
    assert batch.summary.size == len("A page") + len("<p>Grüße</p>".encode())


def test_a_file_that_is_called_as_standard_input_is_a_file(monkeypatch):
    Path("-").write_text("a file")
    with piped("what is piped in", monkeypatch):
        with run_batch(["./-"], standin.Rules(), "out", Settings(jobs=1), audit=standin.audit) as batch:
            assert [page.text for page in batch.pages()] == ["a file"]
        with run_batch(["-", "./-"], standin.Rules(), "both", Settings(jobs=1), audit=standin.audit) as batch:
            assert [page.text for page in batch.pages()] == ["what is piped in", "a file"]


def test_a_run_that_goes_on_with_another_standard_input_audits_that(monkeypatch):
    settings = Settings(jobs=1)
    with (
        piped("<p>one</p>", monkeypatch),
        pytest.raises(RuntimeError),
        run_batch(["-"], standin.Rules(), "out", settings, audit=standin.audit),
    ):
        raise RuntimeError("the writer failed")
    with piped("<p>two</p>", monkeypatch):
        assert run("-", resume=True).summary.resumed == 0
    (row,) = reported()
    assert row["sha256"] == hashlib.sha256(b"<p>two</p>").hexdigest()


def test_ids_that_come_twice_are_told_apart_and_nothing_else_is():
    for name in ("a", "b"):
        Path(f"{name}.jsonl").write_text('{"id": "x", "text": "one"}\n')
    batch = run("a.jsonl", "b.jsonl")
    got = reported()
    assert [row["id"] for row in got] == [page.id for page in batch.plan.pages()] == ["x", "x~2"]
    assert {**got[0], "path": ""} == {**got[1], "id": "x", "path": ""}


def test_pages_of_other_runs_are_audited_by_themselves(rules):
    records("a.jsonl", ["Rest helps.", "Ice helps."])
    with compared(["a.jsonl"], rules) as report_of:
        (first, second) = read(find(["a.jsonl"], Options()).items[0], Options())
        assert report_of(first) == audit.audit_page(first, rules)
        assert report_of(second).id == "001"
        changed = msgspec.structs.replace(first, text="Rest heals.")
        assert report_of(changed) == audit.audit_page(changed, rules)


def test_sources_are_looked_up_at_once(rules):
    with pytest.raises(audit.errors.InputError):
        audit_paths("nowhere", rules=rules)


def test_a_cache_is_a_folder():
    records("a.jsonl", ["one"])
    with pytest.raises(UsageError, match="no folder"):
        run("a.jsonl", cache="s3://bucket/cache")
