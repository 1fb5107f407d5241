from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from made_reports import UNREAD, finding, page

from audit.baseline import encode, load, of, page_key
from audit.errors import ReportError
from audit.gate import gate
from audit.known import survey
from audit.model import Location, PageReport
from audit.rules.schema import Gate


def test_baseline_is_read_back_as_written(tmp_path: Path):
    baseline = of([page(finding(4), finding(0, "info"))])
    (tmp_path / "baseline.json").write_bytes(encode(baseline))
    assert load(tmp_path / "baseline.json") == baseline
    assert {entry.fingerprint for entry in baseline.accepted} == {"f1", "info"}


def test_a_baseline_of_all_that_is_there_passes_at_any_severity():
    reports = [page(finding(4), finding(0, "info"))]
    assert gate(reports, Gate(fail_on="info"), survey(reports, of(reports))).passed


ENTRY = '{"page": "a", "rule": "r", "quote": "q", "fingerprint": "f"}'


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("", ":1:1", "not a baseline"),
        ("[]", ":1:1", "not a baseline"),
        ('{"schema": 1}', ":1:1", "missing required field `accepted`"),
        ('{"schema": 1,\n "accepted": [}', ":2:15", "not a baseline"),
        ('{"schema": 2, "accepted": []}', "", "schema 2"),
        ('{"schema": 1, "accepted": [], "ignored": 1}', ":1:1", "unknown field `ignored`"),
        (f'{{"schema": 1, "accepted": [{ENTRY},\n  {{"page": "a"}}]}}', ":2:3", "rule"),
        ('{{"schema": 1, "accepted": [{},\n{}]}}'.format(ENTRY, ENTRY.replace('"f"', '""')), ":2:1", "no fingerprint"),
        ('{{"schema": 1, "accepted": [{},\n{}]}}'.format(ENTRY, ENTRY.replace('"f"', "7")), ":2:1", "Expected `str`"),
    ],
)
def test_a_malformed_baseline_is_an_error_with_its_place(tmp_path: Path, content: str, place: str, message: str):
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(ReportError, match=message) as caught:
        load(path)
    assert caught.value.where == f"{path}{place}"


def test_baseline_does_not_depend_on_the_order_of_pages():
    pages = [page(finding(4), name="a"), page(finding(3, "f2"), name="b")]
    assert encode(of(pages)) == encode(of(reversed(pages)))
    assert json.loads(encode(of(pages)))["schema"] == 1


@pytest.mark.parametrize(
    ("report", "key"),
    [
        (page(name="a.html"), "a.html"),
        (msgspec.structs.replace(page(), id="crawl-7", path="crawl.jsonl", url="https://a.example/"), "crawl-7"),
        (
            msgspec.structs.replace(page(), id="c.jsonl:7", path="c.jsonl", url="https://a.example/"),
            "https://a.example/",
        ),
        (msgspec.structs.replace(page(), id="c.jsonl:7", path="c.jsonl"), "c.jsonl"),
        (msgspec.structs.replace(page(), id="notes:7", path=None), "notes:7"),
    ],
    ids=["file", "record with an id", "record with an address", "record by its line", "id that looks like a line"],
)
def test_a_page_is_known_by_what_does_not_move(report: PageReport, key: str):
    assert page_key(report) == key


def states(reports: list[PageReport], baseline_of: list[PageReport]) -> list[str]:
    known = survey(reports, of(baseline_of))
    return [known.standing(report, found).state for report in reports for found in report.findings]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([page(finding(at=Location(1, 2, 1, 2)))], [page(finding(at=Location(81, 82, 9, 2)))], ["known"]),
        ([page(finding())], [page(finding(), finding())], ["known", "known"]),
        ([page(finding())], [page(finding(4, "f2"))], ["new"]),
        ([page(finding())], [page(finding()), page(finding(), name="b.html")], ["known", "new"]),
        ([page(finding())], [page(finding(), name="moved.html")], ["known"]),
        (
            [page(finding())],
            [page(finding(), name="moved.html"), page(finding(), name="spread.html")],
            ["known", "new"],
        ),
        ([page(finding()), page(name="b.html")], [page(finding(), name="c.html"), page()], ["new"]),
    ],
    ids=["another line", "more of it", "something else", "on another page too", "renamed", "spread", "still there"],
)
def test_a_finding_is_known_by_its_content_on_its_page(before, after, expected):
    assert states(after, before) == expected


def test_an_entry_is_stale_if_its_page_was_read_or_is_gone_but_not_if_it_could_not_be_read():
    baseline = of([page(finding()), page(finding(), name="b.html"), page(finding(), name="gone.html")])
    assert [entry.page for entry in survey([page(), UNREAD], baseline).stale] == ["a.html", "gone.html"]


def test_entries_of_pages_that_are_not_in_the_run_are_told_apart():
    known = survey([page()], of([page(finding()), page(finding(), name="gone.html")]))
    assert ([entry.page for entry in known.stale], {entry.page for entry in known.gone}) == (
        ["a.html", "gone.html"],
        {"gone.html"},
    )


def test_the_entry_of_a_renamed_page_is_not_stale():
    assert survey([page(finding(), name="moved.html")], of([page(finding())])).stale == ()
