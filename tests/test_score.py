from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import ReportError
from audit.model import Claim, Disclaimer, Finding, PageReport
from audit.rules.schema import Profile
from audit.score import CAPS, DISCLAIMER_POINTS, WEIGHTS, deductions, judge, part_deductions

PROFILE = Profile(profile="default")
PARTS = ("spam", *WEIGHTS)


def finding(severity: int, category: str = "claims", confidence: float = 1.0, identity: str = "") -> Finding:
    return Finding(
        rule=f"{category}.family.rule",
        category=category,
        family="family",
        severity=severity,
        confidence=confidence,
        action="flag",
        message="",
        why="",
        quote="",
        spans=(),
        fingerprint=identity or f"{category}{severity}{confidence}",
    )


def claim(severity: int = 0) -> Claim:
    return Claim(
        start=0, end=1, type="treat", strength="direct", source="none", negated=False, severity=severity, quote="x"
    )


CONSULT = Disclaimer(start=0, end=1, kind="consult")


def report_of(findings, claims, disclaimers, profile=PROFILE) -> PageReport:
    judged = judge(findings, claims, disclaimers, profile)
    return PageReport(
        id="page",
        url=None,
        path=None,
        kind="text",
        sha256=None,
        status="ok",
        verdict=judged.verdict,
        score=judged.score,
        scores=judged.scores,
        findings=tuple(findings),
        claims=tuple(claims),
        disclaimers=tuple(disclaimers),
    )


findings_lists = st.lists(
    st.builds(
        finding,
        st.integers(0, 4),
        st.sampled_from(PARTS),
        st.integers(0, 10_000).map(lambda units: units / 10_000),
        st.text("abcdef", min_size=4, max_size=4),
    ),
    max_size=12,
)
claims_lists = st.lists(st.integers(0, 4).map(claim), max_size=8)
disclaimer_lists = st.lists(
    st.sampled_from(("complementarity", "consult", "emergency", "product", "disclosure")).map(
        lambda kind: Disclaimer(start=0, end=1, kind=kind)
    ),
    max_size=3,
)
profiles = st.builds(
    lambda weights: Profile(profile="any", weights=weights),
    st.dictionaries(st.sampled_from(tuple(WEIGHTS)), st.integers(0, 50)),
)


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ([], "pass"),
        ([1] * 9, "pass"),
        ([2, 2], "pass"),
        ([2, 2, 2], "review"),
        ([3], "fix"),
        ([2, 3, 4], "block"),
    ],
)
def test_verdict_is_that_of_the_worst_severity(severities, verdict):
    assert judge([finding(severity) for severity in severities], [claim()], [], PROFILE).verdict == verdict


def test_verdict_ignores_what_is_less_sure_than_a_flag():
    assert judge([finding(4, "spam", confidence=0.79)], [], [], PROFILE).verdict == "pass"
    assert judge([finding(4, "spam", confidence=0.8)], [], [], PROFILE).verdict == "block"


def test_warnings_that_ask_for_a_review_are_counted_by_the_profile():
    assert judge([finding(2)], [claim()], [], Profile(profile="p", review_at=1)).verdict == "review"


def test_verdict_counts_both_axes():
    assert judge([finding(3, "spam")], [claim()], [], PROFILE).verdict == "fix"


@pytest.mark.parametrize("category", PARTS)
@pytest.mark.parametrize("severity", [3, 4])
def test_a_grave_finding_caps_the_score(category, severity):
    claims = [claim() for _ in range(200)]
    assert judge([finding(severity, category)], claims, [CONSULT], PROFILE).score <= CAPS[severity]


def test_a_sound_page_scores_100():
    assert judge([], [claim()], [CONSULT], PROFILE).score == 100


def test_a_page_without_claims_has_no_claims_axis():
    judged = judge([finding(2, "transparency")], [], [], PROFILE)
    assert judged.score == 100
    assert msgspec.structs.asdict(judged.scores) == {"spam": 100, **dict.fromkeys(WEIGHTS)}


def test_a_part_without_weight_is_not_judged_and_leaves_the_denominator():
    profile = Profile(profile="p", weights={"readability": 0})
    judged = judge([finding(2, "readability"), finding(2, "sourcing")], [claim()], [CONSULT], profile)
    assert judged.scores.readability is None
    assert judged.scores.sourcing == 75
    assert judged.score == round((70 * 100 + 20 * 75) / 90)


def test_the_claims_axis_is_the_weighted_mean_of_its_parts():
    judged = judge([finding(2, "sourcing"), finding(1, "transparency")], [claim()], [CONSULT], PROFILE)
    assert (judged.scores.sourcing, judged.scores.transparency) == (75, 90)
    assert judged.score == round((35 * 100 + 20 * 100 + 20 * 75 + 15 * 90 + 10 * 100) / 100)


def test_a_missing_disclaimer_costs_its_points_and_is_named():
    report = report_of([], [claim()], [])
    assert report.score == 100 - DISCLAIMER_POINTS
    assert [(lost.points, lost.missing) for lost in deductions(report, PROFILE)] == [(5, "disclaimer")]


@pytest.mark.parametrize("kind", ["product", "disclosure"])
def test_a_warning_sign_is_no_help(kind):
    assert judge([], [claim()], [Disclaimer(start=0, end=1, kind=kind)], PROFILE).score == 95


def test_a_finding_on_one_claim_of_many_weighs_less_than_on_one_of_few():
    few, many = ([claim(2)] + [claim()] * number for number in (1, 30))
    assert judge([finding(2)], few, [], PROFILE).scores.claims < judge([finding(2)], many, [], PROFILE).scores.claims


def test_doubt_costs_less():
    sure, unsure = (judge([finding(2, "spam", confidence)], [], [], PROFILE).score for confidence in (1.0, 0.6))
    assert (sure, unsure) == (75, 85)


def test_deductions_name_the_finding_and_the_cap_is_charged_to_who_sets_it():
    grave, mild = finding(4, "sourcing", identity="grave"), finding(1, "safety", identity="mild")
    report = report_of([grave, mild], [claim()] * 30, [CONSULT])
    assert report.score == 39
    assert [(lost.fingerprint, lost.points) for lost in deductions(report, PROFILE)] == [("grave", 59), ("mild", 2)]


def test_deductions_of_a_page_scored_otherwise_are_refused():
    report = report_of([finding(2, "sourcing")], [claim()], [CONSULT])
    with pytest.raises(ReportError, match="gives 97 points where the report has 95"):
        deductions(report, Profile(profile="other", weights={"sourcing": 10}))


def test_a_failed_page_has_no_deductions():
    failed = PageReport(id="x", url=None, path=None, kind=None, sha256=None, status="failed", error="gone")
    assert deductions(failed, PROFILE) == ()
    assert part_deductions(failed, PROFILE) == {}


@settings(max_examples=300, deadline=None)
@given(findings_lists, claims_lists, disclaimer_lists, profiles)
def test_deductions_add_up_to_the_score_and_each_names_its_cause(findings, claims, disclaimers, profile):
    report = report_of(findings, claims, disclaimers, profile)
    lost = deductions(report, profile)
    assert 100 - sum(deduction.points for deduction in lost) == report.score
    assert all(deduction.points > 0 for deduction in lost)
    known = {finding.fingerprint for finding in findings}
    assert all(bool(deduction.missing) != (deduction.fingerprint in known) for deduction in lost)


@settings(max_examples=300, deadline=None)
@given(findings_lists, claims_lists, disclaimer_lists, profiles)
def test_what_a_part_lost_adds_up_to_its_score(findings, claims, disclaimers, profile):
    report = report_of(findings, claims, disclaimers, profile)
    for part, lost in part_deductions(report, profile).items():
        assert 100 - sum(deduction.points for deduction in lost) == getattr(report.scores, part), part
        assert {deduction.part for deduction in lost} <= {part}


@settings(max_examples=300, deadline=None)
@given(findings_lists.filter(bool), claims_lists, disclaimer_lists, profiles, st.data())
def test_taking_a_finding_away_never_lowers_the_score(findings, claims, disclaimers, profile, data):
    index = data.draw(st.integers(0, len(findings) - 1))
    fixed = judge(findings[:index] + findings[index + 1 :], claims, disclaimers, profile)
    assert fixed.score >= judge(findings, claims, disclaimers, profile).score


@settings(max_examples=300, deadline=None)
@given(findings_lists, claims_lists.filter(bool), disclaimer_lists, profiles, st.data())
def test_softening_a_claim_never_lowers_the_score(findings, claims, disclaimers, profile, data):
    index = data.draw(st.integers(0, len(claims) - 1))
    before, after = claims[index].severity, data.draw(st.integers(0, claims[index].severity))
    softened = [*claims[:index], claim(after), *claims[index + 1 :]]
    old = judge([*findings, finding(before)], claims, disclaimers, profile)
    new = judge([*findings, finding(after)], softened, disclaimers, profile)
    assert new.score >= old.score


@settings(max_examples=300, deadline=None)
@given(findings_lists, claims_lists.filter(bool), disclaimer_lists, profiles, st.data())
def test_striking_a_faulty_sentence_never_lowers_the_score(findings, claims, disclaimers, profile, data):
    index = data.draw(st.integers(0, len(claims) - 1))
    severity = data.draw(st.integers(1, 4))
    faulty = [*claims[:index], claim(severity), *claims[index + 1 :]]
    struck = claims[:index] + claims[index + 1 :]
    old = judge([*findings, finding(severity)], faulty, disclaimers, profile)
    assert judge(findings, struck, disclaimers, profile).score >= old.score


@settings(max_examples=200, deadline=None)
@given(findings_lists, findings_lists, claims_lists, disclaimer_lists)
def test_spam_never_touches_the_claims_side_nor_claims_the_spam_axis(some, others, claims, disclaimers):
    spam = [found for found in some if found.category == "spam"]
    rest = [found for found in others if found.category != "spam"]
    both = judge([*spam, *rest], claims, disclaimers, PROFILE)
    assert both.scores.spam == judge(spam, claims, disclaimers, PROFILE).scores.spam
    alone = judge(rest, claims, disclaimers, PROFILE).scores
    assert msgspec.structs.replace(both.scores, spam=100) == alone
