"""What changed between two runs: new, fixed and remaining findings, by identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from audit.model import Finding, PageReport, Verdict

if TYPE_CHECKING:
    import pandas as pd

_ORDER = ("block", "fix", "review", "pass")


class PageChange(msgspec.Struct, frozen=True, kw_only=True):
    """One page in both runs."""

    page: str
    old: PageReport | None
    """`None` if only the newer run has the page."""
    new: PageReport | None
    """`None` if only the older run has the page."""
    added: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """Return the verdict before and after; `None` where the page is missing or could not be read."""
        return (self.old.verdict if self.old else None, self.new.verdict if self.new else None)

    @property
    def worth(self) -> int:
        """Return 1 if the page is better than before, by verdict or else by points, -1 if it is worse, else 0."""
        if self.old is None or self.new is None or not (self.old.verdict and self.new.verdict):
            return 0
        before, after = ((_ORDER.index(str(run.verdict)), run.score or 0) for run in (self.old, self.new))
        return (after > before) - (after < before)


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All pages of both runs: those of the newer one in its order, then those that are gone."""

    pages: tuple[PageChange, ...]

    @property
    def added(self) -> int:
        """Return the number of new findings."""
        return sum(len(page.added) for page in self.pages)

    @property
    def fixed(self) -> int:
        """Return the number of findings that are gone."""
        return sum(len(page.fixed) for page in self.pages)

    @property
    def better(self) -> int:
        """Return the number of pages that are better than before."""
        return sum(page.worth > 0 for page in self.pages)

    @property
    def worse(self) -> int:
        """Return the number of pages that are worse than before."""
        return sum(page.worth < 0 for page in self.pages)

    @property
    def remaining(self) -> int:
        """Return the number of findings of both runs."""
        return sum(len(page.remaining) for page in self.pages)


def compare(old: Iterable[PageReport], new: Iterable[PageReport]) -> Comparison:
    """Return what changed, page by page; pages are matched by id, findings by fingerprint and number.

    Of a page that one of the runs lacks or could not read, nothing counts as fixed.
    """
    before = {report.id: report for report in old}
    changes = [_change(report.id, before.pop(report.id, None), report) for report in new]
    changes += [_change(report.id, report, None) for report in before.values()]
    return Comparison(pages=tuple(changes))


STATES = ("new", "fixed", "remaining")


def by_rule(compared: Comparison) -> pd.DataFrame:
    """Return how many findings of each rule are new, fixed and remaining: a row a rule, those that moved most first.

    After a change of the rules this tells which of them did it.
    """
    import pandas as pd  # noqa: PLC0415  half a second that other commands do not pay

    told = [
        (finding.rule, state)
        for page in compared.pages
        for state, findings in zip(STATES, (page.added, page.fixed, page.remaining), strict=True)
        for finding in findings
    ]
    frame = pd.DataFrame(told, columns=["rule", "state"])
    table = pd.crosstab(frame["rule"], frame["state"]).reindex(columns=list(STATES), fill_value=0)
    moved = table["new"] + table["fixed"]
    return table.loc[moved.sort_values(ascending=False, kind="stable").index]


def _change(page: str, old: PageReport | None, new: PageReport | None) -> PageChange:
    if new is None or new.status == "failed" or (old and old.status == "failed"):
        return PageChange(page=page, old=old, new=new, added=(), fixed=(), remaining=())
    were = old.findings if old else ()
    added, fixed = _less(new.findings, were), _less(were, new.findings)
    return PageChange(page=page, old=old, new=new, added=added, fixed=fixed, remaining=_less(new.findings, added))


def _less(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that the others do not have; of equals, as many as there are more of them."""
    known = Counter(finding.fingerprint for finding in others)
    rest: list[Finding] = []
    for finding in findings:
        if known[finding.fingerprint]:
            known[finding.fingerprint] -= 1
        else:
            rest.append(finding)
    return tuple(rest)
