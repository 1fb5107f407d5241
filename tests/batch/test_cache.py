"""`--cache`: another run over the same content takes its results, and writes the same bytes as one without."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import batch_standin as standin
import pytest

from audit import overrides
from audit.batch import run_batch
from audit.batch.cache import Cache, Entry
from audit.batch.made import made
from audit.errors import UsageError
from audit.model import Page
from audit.rules.load import load_rules
from audit.settings import Override, Settings

CASINO = "Best online casino bonus 2026 at goldbet7.com, play slots now! "
GOOD = "Back pain often gets better within some weeks. Ask your doctor if it does not. "


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def site(name, texts, first=0):
    with Path(name).open("w") as file:
        file.writelines(
            json.dumps({"id": f"{name}-{at}", "url": f"https://a.example/{text[:9]}", "text": text}) + "\n"
            for at, text in enumerate(texts, first)
        )
    return name


def run(source, out, cache="cache", rules=None, audit=standin.audit, **settings):
    with run_batch(
        [source], rules or standin.Rules(), Path(out), Settings(jobs=1, cache=cache, **settings), audit=audit
    ) as batch:
        return batch.summary


def report(out):
    return Path(out, "report.jsonl").read_bytes()


def entries():
    return sorted(Path("cache").rglob("*.entry"))


TEXTS = [f"{at} is a page" for at in range(30)]


def test_the_next_crawl_audits_only_what_changed():
    assert run(site("monday.jsonl", TEXTS), "one").cached == 0
    changed = [*TEXTS[:10], "10 is another page", *TEXTS[11:], "31 is new"]
    summary = run(site("tuesday.jsonl", changed, first=100), "two")
    assert (summary.pages, summary.cached) == (31, 29)
    run("tuesday.jsonl", "without", cache="")
    assert report("two") == report("without")


@pytest.mark.parametrize("change", ["rules", "program", "library", "address", "kind"])
def test_what_a_result_depends_on_is_asked(monkeypatch, change):
    site("pages.jsonl", TEXTS)
    run("pages.jsonl", "one")
    rules = standin.Rules("rules-2") if change == "rules" else None
    if change == "program":
        monkeypatch.setattr("audit.batch.made.program", lambda: "another")
    if change == "library":
        monkeypatch.setattr("audit.batch.made.libraries", lambda: {"selectolax": "99"})
    if change == "address":
        Path("pages.jsonl").write_text(Path("pages.jsonl").read_text().replace("a.example", "b.example"))
    if change == "kind":
        Path("pages.jsonl").write_text(Path("pages.jsonl").read_text().replace('"text"', '"html"'))
    assert run("pages.jsonl", "two", rules=rules).cached == 0


def test_pages_of_one_content_that_are_held_to_different_rules_are_kept_apart():
    site("pages.jsonl", [CASINO + GOOD * 3] * 2)
    rules = overrides.load(Settings(overrides=(Override(paths=("*-0",), disable=("spam.*", "claims.*")),)))
    run("pages.jsonl", "without", rules=rules, audit=None, cache="")
    first, second = report("without").splitlines()
    assert json.loads(first)["findings"] != json.loads(second)["findings"]
    for cached in (0, 2):
        assert run("pages.jsonl", "out", rules=rules, audit=None).cached == cached
        assert report("out") == report("without")


@pytest.mark.parametrize("damage", [lambda raw: raw[:-1], lambda raw: raw[:20] + b"\xff" + raw[21:], lambda _: b""])
def test_a_broken_entry_is_made_again_and_counted(damage):
    site("pages.jsonl", TEXTS)
    run("pages.jsonl", "one")
    victim = entries()[3]
    whole = victim.read_bytes()
    victim.write_bytes(damage(whole))
    summary = run("pages.jsonl", "two")
    assert (summary.cached, summary.cache_broken) == (29, 1)
    assert report("one") == report("two")
    assert victim.read_bytes() == whole
    assert run("pages.jsonl", "three").cache_broken == 0


def test_failures_are_not_kept():
    site("pages.jsonl", ["fine", "BOUND", "DEFECT"])
    run("pages.jsonl", "one")
    assert len(entries()) == 1
    summary = run("pages.jsonl", "two")
    assert (summary.cached, summary.failed) == (1, 2)
    assert report("one") == report("two")


def test_a_use_renews_the_date_so_that_what_nobody_uses_can_be_found():
    site("pages.jsonl", TEXTS[:2])
    run("pages.jsonl", "one")
    for entry in entries():
        os.utime(entry, (1, 1))
    run(site("pages.jsonl", TEXTS[:1]), "two")
    assert sorted(entry.stat().st_mtime > 1 for entry in entries()) == [False, True]


def test_both_passes_come_from_the_cache_with_the_same_bytes():
    spoilt = f"Slots at {'wolkapunt88'}.example pay every night, claim your casino bonus at wolkapunt88. "
    texts = [f"{GOOD * (2 + at % 3)}Page {at}. {spoilt if at % 2 else ''}{GOOD} Number {at}." for at in range(12)]
    site("pages.jsonl", texts)
    rules = load_rules()
    without = run("pages.jsonl", "without", rules=rules, audit=None, cache="")
    assert without.rejudged > 0, "the sample has to need a second pass"
    run("pages.jsonl", "one", rules=rules, audit=None)
    again = run("pages.jsonl", "two", rules=rules, audit=None)
    assert again.cached == without.pages + without.rejudged
    for out in ("one", "two"):
        assert report(out) == report("without")
        for name in ("campaigns.jsonl",):
            assert Path(out, name).exists() == Path("without", name).exists()
            if Path(out, name).exists():
                assert Path(out, name).read_bytes() == Path("without", name).read_bytes()


def test_many_may_write_one_entry_at_once():
    cache = Cache("cache", made("r"))
    page = Page(id="a", text="text", kind="text")
    place = cache.place(page, "r", "", b"")
    entry = Entry(standin.audit(page, standin.Rules()), b"")
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda at: cache.put(place, entry) if at % 2 else cache.get(place), range(400)))
    assert cache.get(place) == entry
    assert cache.broken == 0
    assert {each for each in got if each is not None} <= {entry}


def test_workers_share_it():
    site("pages.jsonl", [text * 4000 for text in TEXTS])
    with run_batch(["pages.jsonl"], standin.Rules(), Path("one"), Settings(jobs=2, cache="cache"), audit=standin.audit):
        pass
    with run_batch(
        ["pages.jsonl"], standin.Rules(), Path("two"), Settings(jobs=2, cache="cache"), audit=standin.audit
    ) as batch:
        assert batch.summary.cached == 30


def test_a_folder_that_takes_nothing_ends_the_run_with_its_name():
    site("pages.jsonl", TEXTS)
    Path("cache").write_text("a file")
    with pytest.raises(UsageError, match=r"cache: cannot be used.*\n.*--cache"):
        run("pages.jsonl", "one")
