from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from made_reports import UNREAD, finding, page

from audit.baseline import Baseline, of
from audit.gate import BAR, Failure, GateVerdict, asks, gate, stale
from audit.known import survey
from audit.model import Location, PageReport
from audit.rules.schema import Gate, PathGate, RuleGate

NEW = ["max_new"] * 3
DRAFTS = PathGate(paths=("drafts/*",), fail_on="never", min_score=50, max_new=1)


def held(reports: Sequence[PageReport], conditions: Gate, baseline: Baseline) -> GateVerdict:
    return gate(reports, conditions, survey(reports, baseline))


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
        ([page(finding(1), finding(1))], Gate(max_new=1), ["max_new"] * 3),
        ([page(finding(0))], Gate(max_new=0), []),
        ([], Gate(), ["pages"]),
        ([], Gate(unread="ignore"), ["pages"]),
        ([page(), UNREAD], Gate(), ["unread"]),
        ([page(), UNREAD], Gate(unread="ignore"), []),
        ([UNREAD], Gate(unread="ignore"), ["pages"]),
        ([page(finding(4))], Gate(fail_on="blocker"), ["fail_on"]),
        ([page(finding(4))], Gate(fail_on="never"), []),
        ([page(finding(3))], Gate(fail_on=3, rules={"claims.cure.*": RuleGate(fail_on="never")}), []),
        ([page(finding(2))], Gate(fail_on=3, rules={"claims.*": RuleGate(fail_on=2)}), ["fail_on"]),
        (
            [page(finding(2))],
            Gate(rules={"claims.*": RuleGate(fail_on=2), "claims.cure.verb": RuleGate(fail_on=4)}),
            [],
        ),
        ([page(finding(2))], Gate(fail_on=2, rules={"claims.cure.verb": RuleGate(max_new=1)}), ["fail_on"]),
        ([page(finding(), finding())], Gate(max_new=0, rules={"claims.cure.verb": RuleGate(max_new=2)}), []),
        ([page(finding(), finding())], Gate(max_new=9, rules={"claims.cure.verb": RuleGate(max_new=1)}), NEW),
        ([page(finding(4), name="drafts/a.html")], Gate(fail_on=3, paths=(DRAFTS,)), []),
        ([page(finding(4), name="final/a.html")], Gate(fail_on=3, paths=(DRAFTS,)), ["fail_on"]),
        ([page(score=40, name="drafts/a.html")], Gate(paths=(DRAFTS,)), ["min_score"]),
        ([page(finding(), finding(), name="drafts/a.html")], Gate(max_new=0, paths=(DRAFTS,)), NEW),
        ([page(finding(), name="drafts/a.html")], Gate(max_new=0, paths=(DRAFTS,)), []),
        (
            [page(finding(4), name="drafts/a.html")],
            Gate(paths=(DRAFTS, PathGate(paths=("a.*",), fail_on=4))),
            ["fail_on"],
        ),
        ([page(), UNREAD], Gate(paths=(PathGate(paths=("b.html",), unread="ignore"),)), []),
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
            limit="fail_on 4",
        ),
    )


def test_the_place_in_a_record_is_that_in_its_field():
    record = msgspec.structs.replace(page(finding(4, at=Location(10, 15, 2, 3)), name="crawl-7"), path="crawl.jsonl")
    assert gate([record], Gate(fail_on=4)).failures[0].where == "crawl-7:2:3"


def test_what_is_missing_from_the_whole_page_is_named_by_path():
    assert gate([page(finding(4))], Gate(fail_on=4)).failures[0].where == "a.html"


def test_accepted_findings_fail_nothing():
    baseline = of([page(finding(4))])
    assert held([page(finding(4))], Gate(fail_on=1, max_new=0), baseline).passed
    assert not held([page(finding(4, "other"))], Gate(max_new=0), baseline).passed


def test_a_baseline_does_not_lift_the_score():
    assert not held([page(finding(4), score=10)], Gate(min_score=50), of([page(finding(4))])).passed


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (Gate(), False),
        (Gate(unread="ignore"), False),
        (Gate(fail_on=0), True),
        (Gate(max_new=0), True),
        (Gate(rules={"claims.*": RuleGate(fail_on=2)}), True),
        (Gate(paths=(PathGate(paths=("a",), unread="ignore"),)), False),
        (Gate(paths=(PathGate(paths=("a",), min_score=1),)), True),
    ],
)
def test_asks(conditions, said):
    assert asks(conditions) is said


def test_too_many_new_findings_are_named_each_by_its_place():
    verdict = gate([page(finding(at=Location(1, 2, 3, 4))), page(finding(1, "f2"), name="b.html")], Gate(max_new=1))
    assert [(failure.where, failure.limit) for failure in verdict.failures] == [
        ("a.html:3:4", "max_new 1"),
        ("b.html", "max_new 1"),
        ("", "max_new 1"),
    ]
    assert (verdict.missed, verdict.pages) == (1, 2)


def test_a_failure_names_the_condition_as_it_was_set():
    rules = {"claims.cure.*": RuleGate(fail_on="warning")}
    conditions = Gate(paths=(PathGate(paths=("a.html",), min_score=90, rules=rules),))
    limits = [failure.limit for failure in gate([page(finding())], conditions).failures]
    assert limits == ["fail_on warning for claims.cure.* for a.html", "min_score 90 for a.html"]


def test_stale_entries_fail_where_they_are_asked_to():
    reports = [page()]
    baseline = of([page(finding())])
    assert held(reports, Gate(), baseline).passed
    verdict = held(reports, Gate(stale="fail"), baseline)
    assert verdict.failures == (stale(baseline.accepted[0]),)
    assert verdict.failures[0].where == "a.html"


def test_of_very_many_failures_the_first_thousand_are_kept_and_all_are_counted():
    verdict = gate((page(finding(4), name=f"{number}.html") for number in range(1500)), Gate(fail_on=4))
    assert (len(verdict.failures), verdict.missed, verdict.pages) == (1000, 1500, 1500)


def test_known_findings_are_counted_but_for_those_of_severity_0():
    reports = [page(finding(3), finding(0, "f0"), finding(2, "f2"))]
    verdict = held(reports, Gate(fail_on=1), of(reports))
    assert (verdict.passed, verdict.known, verdict.ignored) == (True, 2, 0)
    assert (GateVerdict(passed=True, failures=(), missed=0, pages=0, unread=0).known, verdict.unread) == (0, 0)


def test_pages_behind_an_unread_one_are_held_too():
    verdict = gate([UNREAD, page(finding(4)), UNREAD], Gate(fail_on=4))
    assert [failure.condition for failure in verdict.failures] == ["unread", "fail_on", "unread"]
    assert (verdict.missed, verdict.pages, verdict.unread) == (3, 2, 2)


def test_what_concerns_the_run_as_a_whole_comes_last():
    baseline = of([page(finding(identity="gone"))])
    verdict = held([page(finding(4))], Gate(fail_on=4, max_new=0, stale="fail"), baseline)
    assert [failure.condition for failure in verdict.failures] == ["fail_on", "max_new", "max_new", "stale"]


def test_a_page_fits_an_entry_by_any_of_its_globs():
    part = PathGate(paths=("nowhere/*", "a.html"), fail_on="never")
    assert gate([page(finding(4))], Gate(fail_on=4, paths=(part,))).passed


def test_without_conditions_of_its_own_a_profile_is_held_to_errors():
    assert gate([page(finding(2))], BAR).passed
    assert not gate([page(finding(3))], BAR).passed


def test_of_very_many_new_findings_the_first_thousand_are_named():
    verdict = gate([page(*(finding(1, f"f{number}") for number in range(1200)))], Gate(max_new=10))
    assert (len(verdict.failures), verdict.missed, verdict.pages) == (1001, 1, 1)
    assert verdict.failures[-1].what == "1200 new findings, at most 10 allowed"


def test_a_verdict_is_a_value():
    failure = Failure(condition="pages", page="", where="", what="the report holds no pages")
    assert gate([], Gate()).failures == (failure,)
    with pytest.raises(AttributeError):
        failure.page = "other"
    with pytest.raises(AttributeError):
        gate([], Gate()).passed = True


def test_a_long_quote_of_a_stale_entry_is_cut_short():
    (entry,) = of([page(msgspec.structs.replace(finding(), quote="0123456789" * 7))]).accepted
    assert stale(entry).what.endswith(f": “{'0123456789' * 6}”")
