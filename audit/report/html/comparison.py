"""What changed between two runs, and the trend over many, as one file that works offline.

Everything is in the file as it is shown; its script only hides what a filter leaves out. Nothing of a page is run or
fetched: the template escapes it, and the content security policy allows the file's own style and script alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

import msgspec

from audit.compare import Comparison, PageChange
from audit.gate import place
from audit.model import Finding, PageReport
from audit.report.html.parts import asset, write_page
from audit.report.plain import line

MOST_PAGES = 1_000
"""Pages that are shown, those with the gravest changes first; a browser stays quick with them."""
MOST_FINDINGS = 60
"""Findings of one kind that a page shows."""
_VERDICTS = ("block", "fix", "review", "pass", "failed")
_LONGEST = 300
"""Code points of a message."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a trend."""

    name: str
    pages: int
    verdicts: dict[str, int]
    """Pages by verdict; those that could not be read are `failed`."""
    severities: dict[int, int]
    """Findings by severity."""
    median: int | None
    """Score of the page in the middle."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a comparison, as the file shows it."""

    page: str
    before: str
    """Verdict; empty where the run does not have the page."""
    after: str
    scores: tuple[int | None, int | None]
    added: tuple[tuple[int, str, str, str], ...]
    """Severity, place, rule and message of each, the gravest first."""
    fixed: tuple[tuple[int, str, str, str], ...]
    remaining: tuple[tuple[int, str, str, str], ...]
    more: tuple[int, int, int]
    """New, fixed and remaining findings that are not listed."""


def point(name: str, reports: Iterable[PageReport]) -> Point:
    """Return what a trend shows of a run."""
    verdicts: Counter[str] = Counter()
    severities: Counter[int] = Counter()
    scores: list[int] = []
    for report in reports:
        verdicts[report.verdict or "failed"] += 1
        severities.update(finding.severity for finding in report.findings)
        if report.score is not None:
            scores.append(report.score)
    return Point(
        name=name,
        pages=verdicts.total(),
        verdicts={verdict: verdicts[verdict] for verdict in _VERDICTS},
        severities={severity: severities[severity] for severity in range(4, -1, -1)},
        median=sorted(scores)[(len(scores) - 1) // 2] if scores else None,
    )


def write_comparison(
    file: BinaryIO, comparison: Comparison, names: tuple[str, str], trend: Sequence[Point] = ()
) -> None:
    """Write the comparison; the same comparison gives the same bytes.

    Args:
        file: Open for bytes.
        comparison: What changed.
        names: What the older and the newer run are called.
        trend: The runs in their order, the compared ones among them; a trend of fewer than two is not shown.
    """
    changed = [change for change in comparison.pages if _changed(change)]
    changed.sort(key=_gravity)
    write_page(
        file,
        "comparison.html.j2",
        asset("report.css") + asset("comparison.css"),
        asset("comparison.js"),
        comparison=comparison,
        names=names,
        moves=_moves(comparison),
        rules=_rules(comparison),
        better=comparison.better,
        worse=comparison.worse,
        pages=[_shown(change) for change in islice(changed, MOST_PAGES)],
        changed=len(changed),
        trend=trend if len(trend) > 1 else (),
        charts=_charts(trend),
    )


def _verdict(report: PageReport | None) -> str:
    return "" if report is None else report.verdict or "failed"


def _changed(change: PageChange) -> bool:
    return bool(change.added or change.fixed) or _verdict(change.old) != _verdict(change.new)


def _gravity(change: PageChange) -> tuple[int, int, int]:
    """Sort pages: those with the gravest new finding first, then those with the gravest that is gone."""
    worst = [max((finding.severity for finding in found), default=-1) for found in (change.added, change.fixed)]
    return -worst[0], -worst[1], -len(change.added)


def _moves(comparison: Comparison) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return, for each verdict before, how many pages have which verdict after; `gone` and `added` for one run only."""
    table = Counter((_verdict(change.old) or "added", _verdict(change.new) or "gone") for change in comparison.pages)
    before = [*_VERDICTS, "added"]
    after = [*_VERDICTS, "gone"]
    columns = [name for name in after if any(table[row, name] for row in before)]
    return [
        (row, [(name, table[row, name]) for name in columns])
        for row in before
        if any(table[row, name] for name in columns)
    ]


class Moved(msgspec.Struct, frozen=True):
    """New and fixed findings of a rule, and how wide their bars are, in hundredths."""

    rule: str
    added: int
    fixed: int
    right: float
    left: float


def _rules(comparison: Comparison) -> list[Moved]:
    added = Counter(finding.rule for change in comparison.pages for finding in change.added)
    fixed = Counter(finding.rule for change in comparison.pages for finding in change.fixed)
    names = sorted(added | fixed, key=lambda rule: (-added[rule] - fixed[rule], rule))
    most = max((*added.values(), *fixed.values()), default=1)
    return [
        Moved(
            line(rule), added[rule], fixed[rule], round(50 * added[rule] / most, 2), round(50 * fixed[rule] / most, 2)
        )
        for rule in names
    ]


def _shown(change: PageChange) -> Shown:
    kinds = (change.added, change.new), (change.fixed, change.old), (change.remaining, change.new)
    lists = [tuple(islice(_listed(findings, report), MOST_FINDINGS)) for findings, report in kinds]
    return Shown(
        page=change.page,
        before=_verdict(change.old),
        after=_verdict(change.new),
        scores=(change.old.score if change.old else None, change.new.score if change.new else None),
        added=lists[0],
        fixed=lists[1],
        remaining=lists[2],
        more=(
            len(change.added) - len(lists[0]),
            len(change.fixed) - len(lists[1]),
            len(change.remaining) - len(lists[2]),
        ),
    )


def _listed(findings: Sequence[Finding], report: PageReport | None) -> Iterator[tuple[int, str, str, str]]:
    if report is None:
        return
    for finding in sorted(findings, key=lambda finding: -finding.severity):
        yield finding.severity, line(place(report, finding)), line(finding.rule), line(finding.message, _LONGEST)


class Segment(msgspec.Struct, frozen=True):
    """One stretch of a column: what it stands for, how many, where it begins and how high it is, in chart units."""

    key: str
    count: int
    y: float
    height: float


class Column(msgspec.Struct, frozen=True):
    """One run of a chart."""

    x: float
    name: str
    total: int
    segments: tuple[Segment, ...]


class Chart(msgspec.Struct, frozen=True):
    """A column for each run, and its highest value."""

    title: str
    id: str
    width: int
    columns: tuple[Column, ...]
    top: int


HEIGHT = 160
"""Units of the highest column."""
_STEP = 72
"""Units from column to column."""


def _charts(trend: Sequence[Point]) -> list[Chart]:
    """Return the charts of a trend: pages by verdict, findings by severity."""
    if len(trend) < 2:
        return []
    verdicts = [[(f"v-{name}", run.verdicts.get(name, 0)) for name in reversed(_VERDICTS)] for run in trend]
    severities = [[(f"s{grade}", run.severities.get(grade, 0)) for grade in range(5)] for run in trend]
    names = labels([run.name for run in trend])
    return [
        _chart("Pages by verdict", "trend-verdicts", names, verdicts),
        _chart("Findings by severity", "trend-findings", names, severities),
    ]


def labels(names: Sequence[str]) -> list[str]:
    """Return what tells the names apart: paths less the folders that all of them begin and end with."""
    parts = [name.strip("/").split("/") for name in names]
    shortest = min(len(path) for path in parts)
    begin = next((at for at in range(shortest - 1) if len({path[at] for path in parts}) > 1), shortest - 1)
    end = next((at for at in range(shortest - begin) if len({path[-1 - at] for path in parts}) > 1), 0)
    return ["/".join(path[begin : len(path) - end]) for path in parts]


def _chart(title: str, name: str, names: Sequence[str], values: Sequence[Sequence[tuple[str, int]]]) -> Chart:
    top = max((sum(count for _, count in column) for column in values), default=0) or 1
    columns = []
    for at, (run, column) in enumerate(zip(names, values, strict=True)):
        below = 0
        segments = []
        for key, count in column:
            height = round(HEIGHT * count / top, 2)
            if count:
                y = round(HEIGHT - HEIGHT * (below + count) / top, 2)
                segments.append(Segment(key, count, y, height))
            below += count
        columns.append(Column(_STEP * at + 8.0, run, below, tuple(segments)))
    return Chart(title, name, _STEP * len(names), tuple(columns), top)
