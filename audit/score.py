"""Verdict and points of a page: two axes, spam and claims, each counted down from 100; the page has the worse one.

Points are whole numbers throughout, so that the deductions add up to the score exactly. `docs/scoring.md` has the
rules in ten lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import erfc, log, sqrt

import msgspec

from audit.errors import ReportError
from audit.model import Category, Claim, Disclaimer, Finding, PageReport, Scores, Verdict
from audit.rules.schema import Profile

WEIGHTS: dict[Category, int] = {"claims": 35, "safety": 20, "sourcing": 20, "transparency": 15, "readability": 10}
"""Parts of the claims axis where the profile says nothing else; a part of weight 0 is not judged."""

POINTS = (0, 10, 25, 50, 75)
"""What a finding costs its part, by severity and times its confidence: four missing pieces of note leave 60, one
blocker a quarter."""

CLAIM_WEIGHTS = (0, 1, 3, 8, 20)
"""What a finding on a claim weighs, by severity and times its confidence."""

PRIOR_CLAIMS = 4
"""Sound claims that every page is credited with, so that one or two sentences alone neither make nor break it."""

CLAIMS_AT_90, CLAIMS_AT_50 = 0.07, 4.4
"""Weight per claim that scores 90 and 50: that of the median NIH page and of the median unreliable one, of the pages
with claims. Measured by `training/calibrate.py`; the table is in `docs/scoring.md`."""

CAPS = {3: 69, 4: 39}
"""Most points of an axis with a confirmed finding of this severity."""

DISCLAIMER_POINTS = 5
"""Most points that a page can owe to its disclaimers: they are as frequent on unreliable pages as on good ones."""

HELPFUL = frozenset({"complementarity", "consult", "emergency"})
"""Disclaimers that serve the reader; that of a product is a warning sign, a disclosure belongs to transparency."""

_SIGMA = log(CLAIMS_AT_50 / CLAIMS_AT_90) / 1.2815515655446004  # the normal distribution's 90th percentile
_LIKELY = 0.5
_UNIT = 10_000  # confidences have four decimals


class Judged(msgspec.Struct, frozen=True):
    """What a page comes to."""

    verdict: Verdict
    score: int
    scores: Scores


class Deduction(msgspec.Struct, frozen=True, kw_only=True):
    """Points that a page lost, and to what."""

    points: int
    part: Category
    rule: str = ""
    fingerprint: str = ""
    """Of the finding; empty for a missing piece."""
    missing: str = ""
    """What the page lacks, where no finding says so."""


class _Loss(msgspec.Struct, frozen=True):
    """A share of what a part or an axis lost; the shares of one part stand in proportion."""

    share: float
    finding: Finding | None
    part: Category


class _Part(msgspec.Struct, frozen=True):
    score: int
    losses: tuple[_Loss, ...]


class _Axis(msgspec.Struct, frozen=True):
    score: int
    losses: tuple[_Loss, ...]
    parts: dict[Category, int]


def judge(
    findings: Sequence[Finding], claims: Sequence[Claim], disclaimers: Sequence[Disclaimer], profile: Profile
) -> Judged:
    """Return verdict, score and sub-scores of a page.

    A page without a single claim has nothing to be judged on the claims axis: its parts are `None`, and only a cap
    counts there.
    """
    spam = _spam_axis(findings, profile)
    content = _claims_axis(findings, claims, disclaimers, profile)
    scores = Scores(spam=spam.score, **{part: content.parts.get(part) for part in WEIGHTS})
    return Judged(_verdict(findings, profile), min(spam.score, content.score), scores)


def deductions(report: PageReport, profile: Profile) -> tuple[Deduction, ...]:
    """Return what the page lost its points to, the largest first; `100 - sum of points` is its score.

    They are those of the worse axis, which makes the score. Of a failed page there are none.

    Raises:
        ReportError: The page was scored with another profile.
    """
    if report.score is None:
        return ()
    axes = (
        _spam_axis(report.findings, profile),
        _claims_axis(report.findings, report.claims, report.disclaimers, profile),
    )
    axis = min(axes, key=lambda axis: axis.score)
    if axis.score != report.score:
        raise ReportError(
            report.id,
            f'the profile "{profile.profile}" gives {axis.score} points where the report has {report.score}',
            "name the profile that the run was made with",
        )
    return _taken(100 - axis.score, axis.losses)


def part_deductions(report: PageReport, profile: Profile) -> dict[Category, tuple[Deduction, ...]]:
    """Return what each sub-score lost its points to, the largest first; `100 - sum of points` is the sub-score.

    A part that is not judged is not in it. The profile is that of the run, as for `deductions`.
    """
    if report.scores is None:
        return {}
    spam = _spam_axis(report.findings, profile)
    parts = _parts(report.findings, report.claims, report.disclaimers, profile)
    lost = {name: _taken(100 - part.score, part.losses) for name, part in parts.items()}
    return {"spam": _taken(100 - spam.score, spam.losses), **lost}


def confirmed(finding: Finding, profile: Profile) -> bool:
    """Whether a finding counts for the verdict: spam as sure as a flag has to be, others more likely than not."""
    return finding.confidence >= (profile.flag_at if finding.category == "spam" else _LIKELY)


def _verdict(findings: Iterable[Finding], profile: Profile) -> Verdict:
    severities = [finding.severity for finding in findings if confirmed(finding, profile)]
    worst = max(severities, default=0)
    if worst >= 4:
        return "block"
    if worst == 3:
        return "fix"
    return "review" if severities.count(2) >= profile.review_at else "pass"


def _spam_axis(findings: Iterable[Finding], profile: Profile) -> _Axis:
    own = [finding for finding in findings if finding.category == "spam"]
    part = _counted_down("spam", own)
    return _capped(part.score, part.losses, {}, own, profile)


def _claims_axis(
    findings: Iterable[Finding], claims: Sequence[Claim], disclaimers: Sequence[Disclaimer], profile: Profile
) -> _Axis:
    own = [finding for finding in findings if finding.category != "spam"]
    parts = _parts(own, claims, disclaimers, profile)
    if not parts:
        return _capped(100, (), {}, own, profile)
    weights = _weights(profile)
    whole = sum(weights.values())
    scores = {name: judged.score for name, judged in parts.items()}
    weighted = sum(weights[name] * score for name, score in scores.items())
    losses: list[_Loss] = []
    for name, judged in parts.items():
        lost, shares = (100 - judged.score) * weights[name] / whole, sum(loss.share for loss in judged.losses)
        losses += [_Loss(loss.share * lost / shares, loss.finding, loss.part) for loss in judged.losses if lost]
    return _capped((2 * weighted + whole) // (2 * whole), tuple(losses), scores, own, profile)


def _weights(profile: Profile) -> dict[Category, int]:
    """Return the parts that are judged, and how much each weighs."""
    weights = {part: profile.weights.get(part, weight) for part, weight in WEIGHTS.items()}
    return {part: weight for part, weight in weights.items() if weight > 0}


def _parts(
    findings: Iterable[Finding], claims: Sequence[Claim], disclaimers: Sequence[Disclaimer], profile: Profile
) -> dict[Category, _Part]:
    """Return the parts of the claims axis; none where there is no claim to judge them by."""
    weights = _weights(profile)
    whole = sum(weights.values())
    if not claims:
        return {}
    own = list(findings)
    parts: dict[Category, _Part] = {}
    for part, weight in weights.items():
        mine = [finding for finding in own if finding.category == part]
        if part == "claims":
            parts[part] = _claims_part(mine, claims)
        elif part == "safety":
            helped = any(disclaimer.kind in HELPFUL for disclaimer in disclaimers)
            parts[part] = _counted_down(part, mine, 0 if helped else min(25, DISCLAIMER_POINTS * whole // weight))
        else:
            parts[part] = _counted_down(part, mine)
    return parts


def _counted_down(part: Category, findings: Iterable[Finding], no_disclaimer: int = 0) -> _Part:
    """Return 100 less what the findings cost, and less what the missing disclaimer costs."""
    losses = [_Loss(float(units), finding, part) for finding in findings if (units := _units(POINTS, finding))]
    if no_disclaimer:
        losses.append(_Loss(float(no_disclaimer * _UNIT), None, part))
    lost = min(100 * _UNIT, int(sum(loss.share for loss in losses)))
    return _Part(100 - (lost + _UNIT // 2) // _UNIT, tuple(losses))


def _claims_part(findings: Iterable[Finding], claims: Sequence[Claim]) -> _Part:
    """Return the points for the weight of the findings per claim sentence.

    A milder finding never dilutes a graver one: it counts only where it raises the average. So neither taking a
    finding away nor striking its sentence can lower the score.
    """
    losses = [
        _Loss(float(units), finding, "claims") for finding in findings if (units := _units(CLAIM_WEIGHTS, finding))
    ]
    sentences = PRIOR_CLAIMS + sum(claim.severity == 0 for claim in claims)
    weight = 0.0
    for share in sorted((loss.share for loss in losses), reverse=True):
        if share * sentences <= weight:
            break
        weight, sentences = weight + share, sentences + 1
    return _Part(round(100 * _log_normal(weight / sentences / _UNIT)), tuple(losses))


def _log_normal(weight: float) -> float:
    """Return 1 for 0, 0.9 for `CLAIMS_AT_90`, 0.5 for `CLAIMS_AT_50`, then less: the curve of Lighthouse's audits."""
    return 0.5 * erfc(log(weight / CLAIMS_AT_50) / (_SIGMA * sqrt(2))) if weight > 0 else 1.0


def _capped(
    score: int, losses: tuple[_Loss, ...], parts: dict[Category, int], findings: Iterable[Finding], profile: Profile
) -> _Axis:
    """Return the axis under the cap of its worst confirmed findings; they are charged with what the cap takes."""
    sure = [finding for finding in findings if confirmed(finding, profile)]
    worst = max((finding.severity for finding in sure), default=0)
    over = score - CAPS.get(worst, 100)
    if over <= 0:
        return _Axis(score, losses, parts)
    setters = [finding for finding in sure if finding.severity == worst]
    extra = tuple(_Loss(over / len(setters), finding, finding.category) for finding in setters)
    total = sum(loss.share for loss in losses)
    scale = (100 - score) / total if total else 0.0
    scaled = tuple(_Loss(loss.share * scale, loss.finding, loss.part) for loss in losses)
    return _Axis(score - over, scaled + extra, parts)


def _units(table: tuple[int, ...], finding: Finding) -> int:
    return table[finding.severity] * round(finding.confidence * _UNIT)


def _shared_out(points: int, shares: Sequence[float]) -> list[int]:
    """Return whole numbers in proportion to the shares that add up to `points`, by largest remainder."""
    whole = sum(shares)
    if not whole:
        return [0] * len(shares)
    exact = [points * share / whole for share in shares]
    given = [int(quota) for quota in exact]
    by_remainder = sorted(range(len(shares)), key=lambda index: (given[index] - exact[index], index))
    for index in by_remainder[: points - sum(given)]:
        given[index] += 1
    return given


def _taken(points: int, losses: Sequence[_Loss]) -> tuple[Deduction, ...]:
    """Return so many points shared out over the losses, each finding once, the largest first."""
    taken: dict[int, tuple[_Loss, int]] = {}
    for loss, lost in zip(losses, _shared_out(points, [loss.share for loss in losses]), strict=True):
        key = id(loss.finding)
        taken[key] = (loss, lost + (taken[key][1] if key in taken else 0))
    named = [_named(loss, lost) for loss, lost in taken.values() if lost]
    return tuple(sorted(named, key=lambda deduction: -deduction.points))


def _named(loss: _Loss, points: int) -> Deduction:
    if loss.finding is None:
        return Deduction(points=points, part=loss.part, missing="disclaimer")
    return Deduction(points=points, part=loss.part, rule=loss.finding.rule, fingerprint=loss.finding.fingerprint)
