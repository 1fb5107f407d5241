"""Whether a run is good enough: a pure reading of its reports. What cannot be read does not pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from audit.baseline import Accepted
from audit.known import NOTHING, Known
from audit.model import Finding, PageReport
from audit.rules.schema import SEVERITIES, FailOn, Gate, PathGate, RuleGate
from audit.text.globs import matches

BAR = Gate(fail_on=3)
"""What a profile without conditions is held to when a gate is asked for: nothing that must be fixed."""
_MOST = 1_000
"""Failures of one kind that are kept with their place; the rest is counted."""

Condition = Literal["fail_on", "min_score", "max_new", "unread", "pages", "stale"]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that did not hold, and where."""

    condition: Condition
    page: str
    """Id of the page; empty where the run as a whole failed."""
    where: str
    """`path:line:column`; the path alone for what has no place."""
    what: str
    limit: str = ""
    """The condition as it was set: `fail_on 3`, `min_score 70 for drafts/*`."""


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The decision on a run, and why."""

    passed: bool
    failures: tuple[Failure, ...]
    """By page in the order of the run, then what concerns the run as a whole; a thousand of each condition at most."""
    missed: int
    """Failures, those that are not listed too."""
    pages: int
    """Pages with a failure of their own."""
    unread: int
    """Pages that could not be read, whether or not that fails the gate."""
    known: int = 0
    """Findings above severity 0 that the baseline accepts."""
    ignored: int = 0
    """Findings above severity 0 that are suppressed."""


def asks(conditions: Gate) -> bool:
    """Whether the conditions say anything of a page's content."""
    parts: list[Gate | PathGate | RuleGate] = [conditions, *conditions.paths, *conditions.rules.values()]
    parts += [rule for part in conditions.paths for rule in part.rules.values()]
    return any(getattr(part, name, None) is not None for part in parts for name in ("fail_on", "min_score", "max_new"))


def gate(reports: Iterable[PageReport], conditions: Gate, known: Known = NOTHING) -> GateVerdict:
    """Hold every page to every condition.

    Findings that the baseline accepts or a suppression names fail nothing but the score. A page that could not be read
    fails, unless the conditions say `unread: ignore`; a run without pages always fails.
    """
    held = _Held(conditions)
    kept = _Kept()
    pages = unread = 0
    sums = {"known": 0, "ignored": 0}
    for report in reports:
        pages += 1
        here = held.to(report)
        if report.status == "failed":
            unread += 1
            if here.unread == "fail":
                what = f"could not be read: {report.error}"
                kept.add(Failure(condition="unread", page=report.id, where=report.id, what=what, limit="unread"))
            continue
        for finding in report.findings:
            state = known.standing(report, finding).state
            if state == "new":
                for failure in here.of_finding(report, finding):
                    kept.add(failure)
            elif finding.severity:
                sums[state] += 1
        for failure in here.of_score(report):
            kept.add(failure)
    if not pages:
        kept.add(Failure(condition="pages", page="", where="", what="the report holds no pages"))
    elif pages == unread and not kept.missed:
        kept.add(Failure(condition="pages", page="", where="", what="not one page could be read"))
    for budget in held.budgets.values():
        kept.spend(budget)
    if conditions.stale == "fail":
        for entry in known.stale:
            kept.add(stale(entry))
    return GateVerdict(
        passed=not kept.missed,
        failures=kept.all(),
        missed=kept.missed,
        pages=len(kept.pages),
        unread=unread,
        **sums,
    )


def place(report: PageReport, finding: Finding) -> str:
    """Return `path:line:column` of a finding; the path alone if it has no place.

    Of a record the id stands for the path: line and column are those of its field.
    """
    if not finding.spans:
        return report.id
    return f"{report.id}:{finding.spans[0].line}:{finding.spans[0].column}"


def stale(entry: Accepted) -> Failure:
    """Return what is said of an entry of the baseline that nothing answers to."""
    quote = " ".join(entry.quote.split())[:60]
    what = f"stale baseline entry {entry.fingerprint}: {entry.rule}" + (f": “{quote}”" if quote else "")
    return Failure(condition="stale", page="", where=entry.page, what=what, limit="stale")


class _Budget:
    """So many new findings are allowed, here or there; the first too many are remembered with the rest."""

    def __init__(self, most: int, limit: str) -> None:
        self.most, self.limit = most, limit
        self.spent = 0
        self.pages: dict[str, None] = {}
        self.findings: list[Failure] = []

    def add(self, report: PageReport, finding: Finding) -> None:
        self.spent += 1
        self.pages[report.id] = None
        if len(self.findings) < _MOST:
            self.findings.append(_failure("max_new", report, finding, self.limit, "new: "))


class _Kept:
    """The failures so far: those that are told, and how many there are."""

    def __init__(self) -> None:
        self.missed = 0
        self.pages: set[str] = set()
        self._counts: dict[str, int] = {}
        self._kept: list[Failure] = []
        self._last: list[Failure] = []

    def add(self, failure: Failure) -> None:
        self.missed += 1
        if failure.page:
            self.pages.add(failure.page)
        number = self._counts[failure.condition] = self._counts.get(failure.condition, 0) + 1
        if number <= _MOST:
            (self._kept if failure.page else self._last).append(failure)

    def spend(self, budget: _Budget) -> None:
        """Take in a budget that was overdrawn: each new finding by its place, and their number."""
        if budget.spent <= budget.most:
            return
        self.missed += 1
        self.pages.update(budget.pages)
        self._last += budget.findings
        what = f"{budget.spent} new findings, at most {budget.most} allowed"
        self._last.append(Failure(condition="max_new", page="", where="", what=what, limit=budget.limit))

    def all(self) -> tuple[Failure, ...]:
        return (*self._kept, *self._last)


class _Held:
    """What each page is held to."""

    def __init__(self, conditions: Gate) -> None:
        self.budgets: dict[str, _Budget] = {}
        self._conditions = conditions
        self._known: dict[tuple[int, ...], _Here] = {}

    def to(self, report: PageReport) -> _Here:
        parts = self._conditions.paths
        names = (report.id, report.path, report.url)
        fits = tuple(at for at, part in enumerate(parts) if any(matches(glob, *names) for glob in part.paths))
        if fits not in self._known:
            self._known[fits] = _Here(self._conditions, [parts[at] for at in fits], self.budgets)
        return self._known[fits]


class _Here:
    """What the pages are held to that fit the same entries of `paths`."""

    def __init__(self, conditions: Gate, parts: Iterable[PathGate], budgets: dict[str, _Budget]) -> None:
        self.unread = conditions.unread
        self._fail_on, self._fail_limit = _number(conditions.fail_on), f"fail_on {conditions.fail_on}"
        self._min_score, self._score_limit = conditions.min_score, f"min_score {conditions.min_score}"
        self._rules: dict[str, _OfRule] = {}
        self._budgets = budgets
        new, where = conditions.max_new, ""
        self._add_rules(conditions.rules, "")
        for part in parts:
            here = f" for {', '.join(part.paths)}"
            self.unread = part.unread or self.unread
            if part.fail_on is not None:
                self._fail_on, self._fail_limit = _number(part.fail_on), f"fail_on {part.fail_on}{here}"
            if part.min_score is not None:
                self._min_score, self._score_limit = part.min_score, f"min_score {part.min_score}{here}"
            if part.max_new is not None:
                new, where = part.max_new, here
            self._add_rules(part.rules, here)
        self._budget = self._open(new, where)

    def of_finding(self, report: PageReport, finding: Finding) -> Iterator[Failure]:
        """Yield what fails for a new finding, and count it where new findings are counted."""
        fail_on, limit, budget = self._fail_on, self._fail_limit, self._budget
        for own in self._of_rule(finding.rule):
            if own.says_fail_on:
                fail_on, limit = own.fail_on, own.limit
            budget = own.budget or budget
        if fail_on is not None and finding.severity >= fail_on:
            yield _failure("fail_on", report, finding, limit)
        if budget and finding.severity:
            budget.add(report, finding)

    def of_score(self, report: PageReport) -> Iterator[Failure]:
        """Yield what fails for the score of a page."""
        if self._min_score is not None and (report.score is None or report.score < self._min_score):
            what = f"score {report.score}, at least {self._min_score} wanted"
            yield Failure(condition="min_score", page=report.id, where=report.id, what=what, limit=self._score_limit)

    def _of_rule(self, rule: str) -> Iterator[_OfRule]:
        """Yield what is said of a rule, the more particular last."""
        keys = [key for key in self._rules if rule == key or (key.endswith(".*") and rule.startswith(key[:-1]))]
        for key in sorted(keys, key=lambda key: (key == rule, len(key))):
            yield self._rules[key]

    def _add_rules(self, rules: Mapping[str, RuleGate], where: str) -> None:
        for key, rule in rules.items():
            before = self._rules.get(key)
            here = f" for {key}{where}"
            if rule.fail_on is not None:
                fail_on, limit = _number(rule.fail_on), f"fail_on {rule.fail_on}{here}"
            else:
                fail_on, limit = (before.fail_on, before.limit) if before else (None, "")
            says = rule.fail_on is not None or bool(before and before.says_fail_on)
            budget = self._open(rule.max_new, here) or (before.budget if before else None)
            self._rules[key] = _OfRule(fail_on, limit, budget, says_fail_on=says)

    def _open(self, most: int | None, where: str) -> _Budget | None:
        """Return the budget of these rules and paths, shared by all pages that it is for."""
        if most is None:
            return None
        limit = f"max_new {most}{where}"
        return self._budgets.setdefault(limit, _Budget(most, limit))


class _OfRule:
    """What the findings of a rule are held to."""

    __slots__ = ("budget", "fail_on", "limit", "says_fail_on")

    def __init__(self, fail_on: int | None, limit: str, budget: _Budget | None, *, says_fail_on: bool) -> None:
        self.fail_on, self.limit, self.budget, self.says_fail_on = fail_on, limit, budget, says_fail_on


def _failure(condition: Condition, report: PageReport, finding: Finding, limit: str, said: str = "") -> Failure:
    what = f"{said}{finding.rule} (severity {finding.severity}): {finding.message}"
    return Failure(condition=condition, page=report.id, where=place(report, finding), what=what, limit=limit)


def _number(fail_on: FailOn | None) -> int | None:
    """Return the severity from which on a finding fails; None if none does."""
    if isinstance(fail_on, str):
        return SEVERITIES.get(fail_on)
    return fail_on
