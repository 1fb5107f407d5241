"""What is known of the findings of a run: those that the baseline accepts, those that the sidecar suppresses, the new.

Nothing of it is in `report.jsonl`, whose bytes depend on pages and rules alone; gate, terminal and other reports ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from audit.baseline import Accepted, Baseline, page_key
from audit.model import Cut, Finding, PageReport
from audit.suppressions import Suppression

State = Literal["new", "known", "ignored"]
"""Of a finding: nothing knows it, the baseline accepts it, the sidecar suppresses it."""


class Standing(msgspec.Struct, frozen=True):
    """What is known of one finding."""

    state: State = "new"
    reason: str = ""
    """Of a suppression."""


_NEW, _KNOWN = Standing(), Standing("known")


class Known:
    """What is known of the findings of one run; made by `survey`."""

    __slots__ = ("_accepted", "_by_name", "_others", "expired", "gone", "held_to_baseline", "stale", "unused")

    def __init__(
        self,
        accepted: frozenset[tuple[str, str]] = frozenset(),
        suppressions: Sequence[Suppression] = (),
        *,
        held_to_baseline: bool = False,
        stale: tuple[Accepted, ...] = (),
        gone: frozenset[Accepted] = frozenset(),
        unused: tuple[Suppression, ...] = (),
        expired: tuple[Suppression, ...] = (),
    ) -> None:
        """Hold what is accepted, by page key and fingerprint, and the suppressions in force."""
        self._accepted = accepted
        self._by_name: dict[str, list[Suppression]] = defaultdict(list)
        self._others: list[Suppression] = []
        for entry in suppressions:
            name = entry.fingerprint or ("" if entry.rule.endswith(".*") else entry.rule)
            (self._by_name[name] if name else self._others).append(entry)
        self.held_to_baseline = held_to_baseline
        """Whether there is a baseline at all; without one, everything is new and nothing is known to be."""
        self.stale = stale
        """Entries of the baseline that nothing in this run answers to; those of unread pages are not judged."""
        self.gone = gone
        """Those of them whose page is not in this run."""
        self.unused = unused
        """Suppressions that fit no finding of this run."""
        self.expired = expired
        """Suppressions past their date; they suppress nothing."""

    def standing(self, report: PageReport, finding: Finding) -> Standing:
        """Return what is known of a finding; a suppression, which has a reason, counts before the baseline."""
        for entry in self.fitting(report, finding):
            return Standing("ignored", entry.reason)
        if self._accepted and (page_key(report), finding.fingerprint) in self._accepted:
            return _KNOWN
        return _NEW

    def fitting(self, report: PageReport, finding: Finding) -> Iterator[Suppression]:
        """Yield the suppressions in force that fit a finding."""
        for entries in (self._by_name.get(finding.fingerprint, ()), self._by_name.get(finding.rule, ()), self._others):
            yield from (entry for entry in entries if entry.fits(report, finding))


NOTHING = Known()


def left_standing(report: PageReport, known: Known) -> PageReport:
    """Return the report less the cuts that are made for suppressed findings alone: what may stand is not cut."""
    cutting = [(found, known.standing(report, found).state) for found in report.findings if found.action == "cut"]
    if all(state != "ignored" for _, state in cutting):
        return report
    kept = tuple(
        cut
        for cut in report.cuts
        if any(state != "ignored" for found, state in cutting if touches(cut, found))
        or not any(touches(cut, found) for found, _ in cutting)
    )
    return msgspec.structs.replace(report, cuts=kept)


def touches(cut: Cut, found: Finding) -> bool:
    """Whether a cut takes anything of what a finding marks."""
    return any(span.start < cut.end and cut.start < span.end for span in found.spans)


def survey(
    reports: Iterable[PageReport],
    baseline: Baseline | None = None,
    suppressions: Sequence[Suppression] = (),
    today: str = "",
) -> Known:
    """Go through a run once and return what is known of its findings.

    A finding is known if the baseline has its fingerprint for its page, however often and wherever it stands there. A
    page that was renamed keeps its known findings: entries of pages that are gone count for pages that the baseline
    does not know, each entry for one page.

    Args:
        reports: Those of the run; not read if there is neither baseline nor suppression.
        baseline: What is accepted.
        suppressions: As the sidecar has them.
        today: `YYYY-MM-DD`, which expiries are held to; without it nothing expires.
    """
    if baseline is None and not suppressions:
        return NOTHING
    entries = baseline.accepted if baseline else ()
    expired = tuple(entry for entry in suppressions if today and entry.expires and entry.expires < today)
    in_force = [entry for entry in suppressions if entry not in expired]
    looked_up = Known(suppressions=in_force)
    wanted = {(entry.page, entry.fingerprint) for entry in entries}
    pages, prints = {entry.page for entry in entries}, {entry.fingerprint for entry in entries}
    found: set[tuple[str, str]] = set()
    strangers: dict[tuple[str, str], None] = {}
    seen: set[str] = set()
    unread: set[str] = set()
    used: set[str] = set()
    for report in reports:
        key = page_key(report)
        (unread if report.status == "failed" else seen).add(key)
        for finding in report.findings:
            used.update(entry.where for entry in looked_up.fitting(report, finding))
            if (key, finding.fingerprint) in wanted:
                found.add((key, finding.fingerprint))
            elif finding.fingerprint in prints and key not in pages:
                strangers[key, finding.fingerprint] = None
    gone = [pair for pair in sorted(wanted - found) if pair[0] not in seen and pair[0] not in unread]
    moved = _moved(gone, strangers)
    known = found | set(moved)
    matched = found | set(moved.values())
    stale = tuple(
        entry for entry in entries if (entry.page, entry.fingerprint) not in matched and entry.page not in unread
    )
    return Known(
        frozenset(known),
        in_force,
        held_to_baseline=baseline is not None,
        stale=stale,
        gone=frozenset(entry for entry in stale if entry.page not in seen),
        unused=tuple(entry for entry in in_force if entry.where not in used),
        expired=expired,
    )


def _moved(
    gone: Iterable[tuple[str, str]], strangers: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return, for findings on pages unknown to the baseline, the entry of a page that is gone; each entry once."""
    left: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in gone:
        left[pair[1]].append(pair)
    return {pair: left[pair[1]].pop(0) for pair in strangers if left[pair[1]]}
