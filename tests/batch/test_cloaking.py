"""Two captures of one address: what only one visitor is shown, and the honest differences that say nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from audit.batch import compared, make_plan, run_batch
from audit.model import Page, PageReport
from audit.report.jsonl import read_reports
from audit.rules.load import RuleSet, load_rules
from audit.settings import Settings

URL = "https://leaflet.example.org/sciatica"
HONEST = (
    "Sciatica is pain along the sciatic nerve, which runs from the lower back down the leg. Symptoms include numbness "
    "and weakness in the affected leg. Most patients get better with treatment at home, exercise and time."
)
CLEAN = f"<html><head><title>Sciatica</title></head><body><h1>Sciatica</h1>\n<p>{HONEST}</p>\n{{}}</body></html>"
WEAK = "<p>For the best casino evenings many people choose moonreel.</p>"
SURE = '<p>moonbet77 login, <a href="https://moonbet77.example/">slot gacor</a>, judi online</p>'
DOORWAY = "<html><head><title>moonbet77 casino slot gacor</title></head><body>{}</body></html>".format(
    "".join(
        f"<p>moonbet77 slot gacor {word} login daftar casino bonus deposit</p>"
        for word in "jackpot poker roulette togel spin".split()
    )
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def capture(variant: str | None, html: str, url: str = URL) -> dict[str, str]:
    record = {"id": f"{variant or 'plain'}", "url": url, "html": html}
    return record | ({"variant": variant} if variant else {})


def run(folder: Path, rules: RuleSet, *records: dict[str, str], jobs: int = 1) -> list[PageReport]:
    source = folder / "captures.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    with run_batch([source], rules, folder / "out", Settings(jobs=jobs)):
        return list(read_reports(folder / "out"))


def cloaking(report: PageReport) -> list[str]:
    return [one.quote for one in report.findings if one.rule == "spam.cloaking.capture"]


def test_what_only_the_crawler_sees_is_reported_with_its_text(tmp_path, rules):
    browser, crawler = run(
        tmp_path, rules, capture("browser", CLEAN.format("")), capture("googlebot", CLEAN.format(SURE))
    )
    assert cloaking(browser) == []
    assert browser.verdict == "pass"
    [quote] = cloaking(crawler)
    assert "moonbet77 login" in quote
    assert crawler.verdict == "block"
    [finding] = [one for one in crawler.findings if one.family == "cloaking"]
    assert finding.severity == 4
    assert finding.why.endswith("Shown to “googlebot”, not to “browser”.")


def test_a_difference_is_evidence(tmp_path, rules):
    [alone] = run(tmp_path, rules, capture("googlebot", CLEAN.format(WEAK)))
    _, crawler = run(tmp_path, rules, capture("browser", CLEAN.format("")), capture("googlebot", CLEAN.format(WEAK)))
    assert max(one.confidence for one in crawler.findings) > max([one.confidence for one in alone.findings], default=0)
    assert "kept from other visitors" in {each.name for one in crawler.findings for each in one.evidence}


def test_a_page_that_is_a_casino_for_one_visitor_only(tmp_path, rules):
    crawler, browser = run(tmp_path, rules, capture("googlebot", DOORWAY), capture("browser", CLEAN.format("")))
    assert crawler.verdict == "block"
    assert cloaking(crawler)
    assert browser.verdict == "pass"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CLEAN.format("<p>Updated on 3 May.</p>"), CLEAN.format("<p>Updated on 4 June.</p>")),
        (CLEAN.format("<p>Log in or subscribe to read on.</p>"), CLEAN.format(f"<p>{HONEST} Rest helps.</p>" * 3)),
        (CLEAN.format("<p>Book your visit online.</p>"), CLEAN.format("<p>Order refills from your pharmacy.</p>")),
        (CLEAN.format('<p>See <a href="https://news.example.com/">the news</a>.</p>'), CLEAN.format("")),
        (CLEAN.format(SURE), CLEAN.format(SURE)),
        (CLEAN.format(SURE), CLEAN.format(f"{SURE}<p>Updated on 4 June.</p>")),
    ],
    ids=["dates", "paywall", "test", "an honest link", "the same spam", "the same spam, another date"],
)
def test_honest_differences_and_spam_for_everybody_are_no_cloaking(tmp_path, rules, one, other):
    for report in run(tmp_path, rules, capture("a", one), capture("b", other)):
        assert cloaking(report) == []


def test_the_same_address_twice_without_a_variant_is_no_cloaking(tmp_path, rules):
    for report in run(tmp_path, rules, capture(None, CLEAN.format("")), capture(None, CLEAN.format(SURE))):
        assert cloaking(report) == []


def test_another_address_is_no_capture_of_this_one(tmp_path, rules):
    records = capture("browser", CLEAN.format(""), "https://other.example.org/"), capture("bot", CLEAN.format(SURE))
    assert [cloaking(report) for report in run(tmp_path, rules, *records)] == [[], []]


def test_captures_in_different_shards_meet(tmp_path, rules, monkeypatch):
    monkeypatch.setattr("audit.batch.run.make_plan", lambda *args: make_plan(*args, shard_size=1_500))
    filler = [{"id": str(at), "text": HONEST} for at in range(12)]
    records = [capture("browser", CLEAN.format("")), *filler, capture("googlebot", CLEAN.format(SURE))]
    one = run(tmp_path, rules, *records)
    assert cloaking(one[-1])
    assert run(tmp_path, rules, *records, jobs=2) == one


def test_captures_can_be_asked_for_one_by_one_as_the_run_reports_them(tmp_path, rules):
    records = capture("browser", CLEAN.format("")), capture("googlebot", CLEAN.format(SURE))
    reports = run(tmp_path, rules, *records)
    with compared([tmp_path / "captures.jsonl"], rules) as report_of:
        for record, report in zip(records, reports, strict=True):
            page = Page(
                id="another",
                url=URL,
                path="captures.jsonl",
                kind="html",
                text=record["html"],
                variant=record["variant"],
            )
            assert report_of(page) == report


def test_the_line_has_a_variant_only_where_the_page_came_with_one(tmp_path, rules):
    run(tmp_path, rules, capture("browser", CLEAN.format("")), capture(None, CLEAN.format("")))
    first, second = map(json.loads, (tmp_path / "out/report.jsonl").read_text().splitlines())
    assert first["variant"] == "browser"
    assert "variant" not in second


def test_a_table_names_variants_too(tmp_path, rules):
    with (tmp_path / "captures.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "url", "variant", "html"])
        writer.writeheader()
        writer.writerows([capture("browser", CLEAN.format("")), capture("googlebot", CLEAN.format(SURE))])
    with run_batch([tmp_path / "captures.csv"], rules, tmp_path / "out"):
        reports = list(read_reports(tmp_path / "out"))
    assert [bool(cloaking(report)) for report in reports] == [False, True]
