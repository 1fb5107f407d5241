"""Whether a run is good enough: a pure reading of its reports. What cannot be read does not pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from audit.baseline import Baseline
from audit.model import Finding, PageReport
from audit.rules.schema import Gate

BAR = Gate(fail_on=3)
"""What a profile without conditions is held to when a gate is asked for: nothing that must be fixed."""

Condition = Literal["fail_on", "min_score", "max_new", "unread", "pages"]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that did not hold, and where."""

    condition: Condition
    page: str
    """Id of the page; empty where the run as a whole failed."""
    where: str
    """`path:line:column`; the path alone for what has no place."""
    what: str


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The decision on a run, and why."""

    passed: bool
    failures: tuple[Failure, ...]
    """By page in the order of the run; what concerns the run as a whole comes last."""
    unread: int
    """Pages that could not be read, whether or not that fails the gate."""


def asks(conditions: Gate) -> bool:
    """Whether the conditions say anything of a page's content."""
    return any(value is not None for value in (conditions.fail_on, conditions.min_score, conditions.max_new))


def gate(reports: Iterable[PageReport], conditions: Gate, baseline: Baseline | None = None) -> GateVerdict:
    """Hold every page to every condition.

    Findings that the baseline accepts fail nothing but the score. A page that could not be read fails, unless the
    conditions say `unread: ignore`; a run without pages always fails.
    """
    accepted = baseline.fingerprints if baseline else frozenset[str]()
    failures: list[Failure] = []
    pages = unread = new = 0
    for report in reports:
        pages += 1
        if report.status == "failed":
            unread += 1
            if conditions.unread == "fail":
                what = f"could not be read: {report.error}"
                failures.append(Failure(condition="unread", page=report.id, where=_file(report), what=what))
            continue
        fresh = [finding for finding in report.findings if finding.fingerprint not in accepted]
        new += sum(finding.severity > 0 for finding in fresh)
        failures += _of_page(report, fresh, conditions)
    if not pages:
        failures.append(Failure(condition="pages", page="", where="", what="the report holds no pages"))
    elif pages == unread and conditions.unread == "ignore":
        failures.append(Failure(condition="pages", page="", where="", what="not one page could be read"))
    if conditions.max_new is not None and new > conditions.max_new:
        what = f"{new} new findings, at most {conditions.max_new} allowed"
        failures.append(Failure(condition="max_new", page="", where="", what=what))
    return GateVerdict(passed=not failures, failures=tuple(failures), unread=unread)


def place(report: PageReport, finding: Finding) -> str:
    """Return `path:line:column` of a finding; the path alone if it has no place."""
    if not finding.spans:
        return _file(report)
    return f"{_file(report)}:{finding.spans[0].line}:{finding.spans[0].column}"


def _of_page(report: PageReport, fresh: Iterable[Finding], conditions: Gate) -> Iterator[Failure]:
    if conditions.fail_on is not None:
        for finding in fresh:
            if finding.severity >= conditions.fail_on:
                what = f"{finding.rule} (severity {finding.severity}): {finding.message}"
                yield Failure(condition="fail_on", page=report.id, where=place(report, finding), what=what)
    if conditions.min_score is not None and (report.score is None or report.score < conditions.min_score):
        what = f"score {report.score}, at least {conditions.min_score} wanted"
        yield Failure(condition="min_score", page=report.id, where=_file(report), what=what)


def _file(report: PageReport) -> str:
    return report.path or report.id
