from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from audit.baseline import encode, load, of
from audit.compare import compare
from audit.errors import ReportError
from audit.gate import Failure, asks, gate
from audit.model import Finding, Location, PageReport
from audit.rules.schema import Gate


def finding(severity: int = 3, identity: str = "f1", at: Location | None = None) -> Finding:
    return Finding(
        rule="claims.cure.verb",
        category="claims",
        family="cure",
        severity=severity,
        confidence=0.9,
        action="flag",
        message="Promises a cure.",
        why="",
        quote="cures",
        spans=(at,) if at else (),
        fingerprint=identity,
    )


def page(*findings: Finding, name: str = "a.html", score: int = 80) -> PageReport:
    return PageReport(
        id=name,
        url=None,
        path=name,
        kind="html",
        sha256="0",
        status="ok",
        verdict="pass",
        score=score,
        findings=findings,
    )


UNREAD = PageReport(id="b.html", url=None, path="b.html", kind=None, sha256=None, status="failed", error="is empty")


@pytest.mark.parametrize(
    ("reports", "conditions", "failed"),
    [
        ([page()], Gate(), []),
        ([page(finding(4))], Gate(), []),
        ([page(finding(2))], Gate(fail_on=3), []),
        ([page(finding(3))], Gate(fail_on=3), ["fail_on"]),
        ([page(finding(3), finding(4))], Gate(fail_on=3), ["fail_on", "fail_on"]),
        ([page(finding(0))], Gate(fail_on=0), ["fail_on"]),
        ([page(score=70)], Gate(min_score=70), []),
        ([page(score=69)], Gate(min_score=70), ["min_score"]),
        ([page(finding(1))], Gate(max_new=1), []),
        ([page(finding(1), finding(1))], Gate(max_new=1), ["max_new"]),
        ([page(finding(0))], Gate(max_new=0), []),
        ([], Gate(), ["pages"]),
        ([], Gate(unread="ignore"), ["pages"]),
        ([page(), UNREAD], Gate(), ["unread"]),
        ([page(), UNREAD], Gate(unread="ignore"), []),
        ([UNREAD], Gate(unread="ignore"), ["pages"]),
    ],
)
def test_gate(reports, conditions, failed):
    verdict = gate(reports, conditions)
    assert [failure.condition for failure in verdict.failures] == failed
    assert verdict.passed is not bool(failed)


def test_failure_names_page_condition_and_place():
    verdict = gate([page(finding(4, at=Location(10, 15, 2, 3)))], Gate(fail_on=4))
    assert verdict.failures == (
        Failure(
            condition="fail_on",
            page="a.html",
            where="a.html:2:3",
            what="claims.cure.verb (severity 4): Promises a cure.",
        ),
    )


def test_what_is_missing_from_the_whole_page_is_named_by_path():
    assert gate([page(finding(4))], Gate(fail_on=4)).failures[0].where == "a.html"


def test_accepted_findings_fail_nothing():
    baseline = of([page(finding(4))])
    assert gate([page(finding(4))], Gate(fail_on=1, max_new=0), baseline).passed
    assert not gate([page(finding(4, "other"))], Gate(max_new=0), baseline).passed


def test_a_baseline_does_not_lift_the_score():
    assert not gate([page(finding(4), score=10)], Gate(min_score=50), of([page(finding(4))])).passed


@pytest.mark.parametrize(
    ("conditions", "said"),
    [(Gate(), False), (Gate(unread="ignore"), False), (Gate(fail_on=0), True), (Gate(max_new=0), True)],
)
def test_asks(conditions, said):
    assert asks(conditions) is said


def test_baseline_is_read_back_as_written(tmp_path: Path):
    baseline = of([page(finding(4), finding(0, "info"))])
    (tmp_path / "baseline.json").write_bytes(encode(baseline))
    assert load(tmp_path / "baseline.json") == baseline
    assert baseline.fingerprints == {"f1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a baseline"),
        ("[]", "not a baseline"),
        ('{"schema": 1}', "missing required field `accepted`"),
        ('{"schema": 2, "accepted": []}', "schema 2"),
        ('{"schema": 1, "accepted": [], "ignored": 1}', "unknown field `ignored`"),
        ('{"schema": 1, "accepted": [{"page": "a", "rule": "r", "quote": "q"}]}', "fingerprint"),
        ('{"schema": 1, "accepted": [{"page": "a", "rule": "r", "quote": "q", "fingerprint": ""}]}', "no fingerprint"),
    ],
)
def test_a_malformed_baseline_is_an_error(tmp_path: Path, content: str, message: str):
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(ReportError, match=message) as caught:
        load(path)
    assert caught.value.where == str(path)


def test_baseline_does_not_depend_on_the_order_of_pages():
    pages = [page(finding(4), name="a"), page(finding(3, "f2"), name="b")]
    assert encode(of(pages)) == encode(of(reversed(pages)))
    assert json.loads(encode(of(pages)))["schema"] == 1


def test_compare_matches_pages_by_id_and_findings_by_identity():
    old = [page(finding(identity="gone"), finding(identity="stays")), page(name="left.html")]
    new = [page(finding(identity="stays"), finding(identity="fresh")), page(finding(), name="new.html")]
    comparison = compare(old, new)
    assert (comparison.added, comparison.fixed, comparison.remaining) == (2, 1, 1)
    assert [change.page for change in comparison.pages] == ["a.html", "new.html", "left.html"]
    assert [found.fingerprint for found in comparison.pages[0].fixed] == ["gone"]


def test_compare_counts_equal_findings():
    comparison = compare([page(finding(), finding())], [page(finding())])
    assert (comparison.added, comparison.fixed, comparison.remaining) == (0, 1, 1)


def test_nothing_of_a_page_that_could_not_be_read_is_fixed():
    unread = msgspec.structs.replace(UNREAD, id="a.html")
    comparison = compare([page(finding())], [unread])
    assert (comparison.added, comparison.fixed) == (0, 0)
