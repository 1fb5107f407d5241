"""What pages say of each other: repetition, campaigns; the same whatever the order of work."""

from __future__ import annotations

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import audit
from audit.batch import compared, make_plan, run_batch
from audit.model import Finding, PageReport
from audit.report.jsonl import read_reports
from audit.rules.load import RuleSet, load_rules
from audit.settings import Settings
from audit.text.span import Span, without
from benchmarks import made_sites

WEAK = (
    "For the best casino evenings many people choose moonreel.",
    "You can order tramadol at moonmeds with discreet packaging.",
    "Replica watches of moonbags are on sale for short nights.",
    "Players who like slots can visit the casino for an evening of games.",
    "Evenings of roulette and slots wait for you at moonreel.",
)
"""Fluent advertising; the brands are invented."""
SEEDS = (1, 2, 3, 4, 5, 6, 10)
"""Of the networks below."""
LEAST_ADDED = 1.05
"""Log-odds that three places add to a text."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return a sentence, and a profile under which a page by itself is flagged for it and not cut.

    How sure the judge is changes when it learns; what repetition adds to it is what is held here.
    """
    profile = tmp_path_factory.mktemp("profile") / "profile.yaml"
    profile.write_text("profile: measured\nextends: default\ncut_at: 0.999\nflag_at: 0.3\n")
    rules = load_rules(profile=str(profile))
    for sentence in WEAK:
        found = [about(alone(record, rules)) for seed in SEEDS for record in spoilt(sentence, seed)]
        sure = [logit(one.confidence) for each in found for one in each]
        if all(found) and max(sure) < min(sure) + LEAST_ADDED:
            cut_at = 1 / (1 + math.exp(-(max(sure) + min(sure) + LEAST_ADDED) / 2))
            profile.write_text(profile.read_text().replace("0.999", str(cut_at)))
            return sentence, profile
    raise AssertionError("no sentence is judged alike on all pages: write another")


def logit(confidence: float) -> float:
    return math.log(confidence / (1 - confidence))


@pytest.fixture(scope="module")
def weak(measured: tuple[str, Path]) -> str:
    return measured[0]


@pytest.fixture(scope="module")
def profile(measured: tuple[str, Path]) -> Path:
    return measured[1]


@pytest.fixture(scope="module")
def rules(profile: Path) -> RuleSet:
    return load_rules(profile=str(profile))


def spoilt(sentence: str, seed: int = 1) -> list[dict[str, str]]:
    return [record for record in made_sites.network(seed, sentence) if sentence in record["html"]]


def alone(record: dict[str, str], rules: RuleSet) -> PageReport:
    page = audit.Page(id=record["id"], url=record["url"], path="pages.jsonl", kind="html", text=record["html"])
    return audit.audit_page(page, rules)


def about(report: PageReport) -> list[Finding]:
    trades = ("casino", "tramadol", "roulette", "slots", "eplica")
    return [one for one in report.findings if one.category == "spam" and any(word in one.quote for word in trades)]


def actions(report: PageReport) -> tuple[str, ...]:
    return tuple(one.action for one in about(report))


def run(records: list[dict[str, str]], folder: Path, rules: RuleSet, *, jobs: int = 1) -> list[PageReport]:
    source = made_sites.write(folder.parent / "pages.jsonl", records)
    with run_batch([source], rules, folder, Settings(jobs=jobs)):
        return list(read_reports(folder))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make shards of 10 kB, so that a campaign spans several."""
    monkeypatch.setattr("audit.batch.run.make_plan", lambda *args: make_plan(*args, shard_size=10_000))


@pytest.mark.usefixtures("small_shards")
def test_a_weak_text_on_many_pages_of_several_sites_is_cut_to_the_character(tmp_path, rules, weak):
    records = made_sites.network(1, weak)
    reports = run(records, tmp_path / "out", rules)
    for record, report in zip(records, reports, strict=True):
        if weak in record["html"]:
            assert actions(report) == ("cut",)
            assert "same text on other pages" in {each.name for one in report.findings for each in one.evidence}
            clean = without(record["html"], [Span(c.start, c.end) for c in report.cuts])
            assert "".join(clean.split()) == "".join(record["html"].replace(weak, "").split())
        else:
            assert report == alone(record, rules)


@pytest.mark.usefixtures("small_shards")
def test_workers_do_not_show(tmp_path, rules, weak):
    records = made_sites.network(2, weak)
    run(records, tmp_path / "one", rules)
    run(records, tmp_path / "three", rules, jobs=3)
    assert files(tmp_path / "one") == files(tmp_path / "three")
    assert set(files(tmp_path / "one")) == {"report.jsonl", "campaigns.jsonl"}


def test_the_order_of_pages_does_not_change_what_is_said_of_them(tmp_path, rules, weak):
    records = made_sites.network(3, weak)
    shuffled = random.Random(1).sample(records, len(records))
    one = {report.id: report.findings for report in run(records, tmp_path / "a", rules)}
    other = {report.id: report.findings for report in run(shuffled, tmp_path / "b", rules)}
    assert one == other
    first, second = (json.loads((tmp_path / name / "campaigns.jsonl").read_text().splitlines()[0]) for name in "ab")
    first.pop("first"), second.pop("first")
    first.pop("strongest"), second.pop("strongest")
    assert first == second


def test_shards_do_not_show(tmp_path, rules, weak, monkeypatch):
    records = made_sites.network(4, weak)
    run(records, tmp_path / "whole", rules)
    monkeypatch.setattr("audit.batch.run.make_plan", lambda *args: make_plan(*args, shard_size=5_000))
    run(records, tmp_path / "parts", rules)
    assert files(tmp_path / "whole") == files(tmp_path / "parts")


def test_audit_paths_gives_what_a_run_reports(tmp_path, rules, weak):
    records = made_sites.network(5, weak)
    reports = run(records, tmp_path / "out", rules)
    assert list(audit.audit_paths(tmp_path / "pages.jsonl", rules=rules)) == reports


def test_the_same_article_on_several_addresses_says_nothing(tmp_path, rules, weak):
    html = made_sites.article(random.Random(7), weak)
    records = [{"id": host, "url": f"https://{host}/a", "html": html} for host in made_sites.SITES]
    for record, report in zip(records, run(records, tmp_path / "out", rules), strict=True):
        assert report == alone(record, rules)


def test_what_a_template_repeats_says_nothing(tmp_path, rules, weak):
    chance = random.Random(8)
    records = [
        {
            "id": str(number),
            "url": f"https://{made_sites.SITES[number % 3]}/{number}",
            "html": made_sites.article(chance).replace("<footer>", f"<footer>{weak} "),
        }
        for number in range(15)
    ]
    for record, report in zip(records, run(records, tmp_path / "out", rules), strict=True):
        assert report == alone(record, rules)


def test_two_pages_are_no_crowd(tmp_path, rules, weak):
    records = spoilt(weak)[:2]
    for record, report in zip(records, run(records, tmp_path / "out", rules), strict=True):
        assert report == alone(record, rules)


def test_an_honest_sentence_on_many_pages_is_left_alone(tmp_path, rules):
    sentence = "People with a gambling disorder can call the helpline at any hour of the day."
    records = made_sites.network(9, sentence, share=1.0)
    assert not [cut for report in run(records, tmp_path / "out", rules) for cut in report.cuts]
    assert not (tmp_path / "out/campaigns.jsonl").exists()


def test_a_campaign_says_what_where_and_shows_specimens(tmp_path, rules, weak):
    records = made_sites.network(1, weak)
    run(records, tmp_path / "out", rules)
    pages = [record for record in records if weak in record["html"]]
    [campaign] = [
        one for one in map(json.loads, (tmp_path / "out/campaigns.jsonl").read_text().splitlines()) if one["cut"]
    ]
    assert (campaign["pages"], campaign["cut"], campaign["site_count"]) == (len(pages), len(pages), 3)
    assert sum(campaign["sites"].values()) == len(pages)
    assert campaign["first"]["page"] == pages[0]["id"]
    assert campaign["first"]["url"] == pages[0]["url"]
    assert campaign["first"]["quote"] in weak
    assert campaign["strongest"]["action"] == "cut"
    assert weak.rstrip(".").lower() in campaign["texts"]


def test_a_campaign_is_told_of_pages_none_of_which_is_suspect_by_itself(tmp_path, weak, profile):
    stricter = tmp_path / "stricter.yaml"
    cut_at = re.search(r"cut_at: (\S+)", profile.read_text())[1]
    stricter.write_text(f"profile: stricter\nextends: default\ncut_at: {cut_at}\nflag_at: {cut_at}\n")
    rules = load_rules(profile=str(stricter))
    pages = spoilt(weak)
    assert not any(about(alone(record, rules)) for record in pages)
    run(pages, tmp_path / "out", rules)
    [campaign] = map(json.loads, (tmp_path / "out/campaigns.jsonl").read_text().splitlines())
    assert (campaign["pages"], campaign["cut"]) == (len(pages), 0)


def test_brands_and_hosts_tie_different_texts_together(tmp_path, rules):
    texts = [
        'Sign up at <a href="https://moonbet77.example/a">moonbet77 login</a> for a casino bonus.',
        'moonbet77 casino apk, <a href="https://moonbet77.example/b">slot gacor moonbet77</a>, judi online',
        'Best <a href="https://moonbet77.example/">online casino bonus</a> of the year is here.',
    ]
    chance = random.Random(3)
    records = [
        {"id": str(at), "url": f"https://{made_sites.SITES[at]}/", "html": made_sites.article(chance, text)}
        for at, text in enumerate(texts)
    ]
    run(records, tmp_path / "out", rules)
    [campaign] = map(json.loads, (tmp_path / "out/campaigns.jsonl").read_text().splitlines())
    assert campaign["pages"] == 3
    assert campaign["hosts"] == {"moonbet77.example": 3}
    assert campaign["brands"] == {"moonbet77": 2}


def test_a_host_that_was_cut_on_other_pages_is_evidence_and_one_that_was_not_is_none(tmp_path, rules):
    chance = random.Random(4)
    sure = '<a href="https://moonreel.example/">slot gacor maxwin</a>, judi online, daftar togel'
    faint = 'Players who like slots can visit <a href="https://{}/">the casino</a> for an evening of games.'

    def records(host: str) -> list[dict[str, str]]:
        texts = [sure, f"Daftar situs {sure}", f"{sure}, casino apk", faint.format(host)]
        return [
            {"id": str(at), "url": f"https://{made_sites.SITES[at]}/", "html": made_sites.article(chance, text)}
            for at, text in enumerate(texts)
        ]

    name = "named in what was cut on other pages"
    known = run(records("moonreel.example"), tmp_path / "known", rules)
    assert all(report.cuts for report in known[:3])
    assert name in {each.name for one in known[3].findings for each in one.evidence}
    stranger = run(records("garden.example"), tmp_path / "stranger", rules)
    assert name not in {each.name for one in stranger[3].findings for each in one.evidence}


KILLED = """
import sys
from pathlib import Path
import audit.batch.run
from audit.batch.plan import make_plan
audit.batch.run.make_plan = lambda *args: make_plan(*args, shard_size=10_000)
from audit.rules.load import load_rules
from audit.settings import Settings
if __name__ == "__main__":
    rules = load_rules(profile={profile!r})
    with audit.batch.run_batch(["pages.jsonl"], rules, Path("out"), Settings(jobs={jobs}), resume=True):
        pass
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("small_shards")
def test_kill_in_either_pass_and_resume_give_the_undisturbed_bytes(tmp_path, rules, weak, profile, monkeypatch, jobs):
    monkeypatch.chdir(tmp_path)
    run(made_sites.network(6, weak, pages=160), Path("undisturbed"), rules)
    Path("script.py").write_text(KILLED.format(jobs=jobs, profile=str(profile)))
    for wanted in (".shards/*.traces", ".shards/*.again"):
        child = subprocess.Popen([sys.executable, "script.py"])
        until = time.monotonic() + 60
        while len(list(Path("out").glob(wanted))) < 2 and time.monotonic() < until:
            assert child.poll() is None, "it should have been killed before its end"
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert list(Path("out").glob(".shards/*.again"))
    again = subprocess.run([sys.executable, "script.py"], check=False, capture_output=True, text=True)
    until = time.monotonic() + 10
    while "another run" in again.stderr and time.monotonic() < until:
        again = subprocess.run([sys.executable, "script.py"], check=False, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert files(Path("out")) == files(Path("undisturbed"))


def test_pages_can_be_asked_for_one_by_one_as_the_run_reports_them(tmp_path, rules, weak):
    records = made_sites.network(10, weak)
    reports = run(records, tmp_path / "out", rules)
    source = tmp_path / "pages.jsonl"
    with compared([source], rules) as report_of:
        for record, report in zip(records, reports, strict=True):
            page = audit.Page(id="another", url=record["url"], path="pages.jsonl", kind="html", text=record["html"])
            assert report_of(page) == report
        stranger = audit.Page(id="stranger", kind="html", text=records[0]["html"] + "<p>More.</p>")
        assert report_of(stranger) == audit.audit_page(stranger, rules)
