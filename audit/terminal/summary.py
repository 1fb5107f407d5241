"""What a run came to, for a person: verdicts, cuts, the worst pages, where the reports are, what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from heapq import heappush, heappushpop

from rich.text import Text

from audit.gate import place
from audit.model import Campaign, PageReport
from audit.report.counts import Counts
from audit.terminal.drawing import VERDICTS
from audit.terminal.safe import line as harmless
from audit.terminal.text import many

_MEANINGS = {
    "block": "must not be published",
    "fix": "must be fixed",
    "review": "should be looked at",
    "pass": "fine",
    "unread": "could not be read",
}
_SHOWN = 5
CAMPAIGNS_SHOWN = 3
_REASON = 120
"""Code points of a page's first reason; `audit show` has all of it."""
_WHAT = 60
"""Code points of what a campaign is known by."""


class Worst:
    """Keeps the worst few pages of a run as their reports go by."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int, PageReport]] = []
        self._seen = 0
        self.cut_pages = 0

    def add(self, report: PageReport) -> None:
        """Look at one page."""
        self._seen += 1
        self.cut_pages += bool(report.cuts)
        if report.score is None or report.verdict in {None, "pass"}:
            return
        rank = ("review", "fix", "block").index(str(report.verdict))
        entry = (rank, -report.score, -self._seen, report)
        if len(self._heap) < _SHOWN:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    def pages(self) -> list[PageReport]:
        """Return them, the worst first; of equals, the first of the run."""
        return [entry[3] for entry in sorted(self._heap, reverse=True)]


def summary(
    counts: Counts,
    worst: Worst,
    campaigns: Sequence[Campaign] = (),
    *,
    seconds: float,
    sources: Sequence[str],
    folder: str | None,
    files: Sequence[str],
    known: int = 0,
    ignored: int = 0,
) -> Text:
    """Return the summary as styled text; `folder` is None where no reports were kept.

    `known` and `ignored` of the findings are in the baseline or suppressed.
    """
    rows = [Text.assemble((many(counts.pages, "page"), "bold"), f" audited in {seconds:.1f} s")]
    numbers = {**counts.verdicts, "unread": counts.statuses.get("failed", 0)}
    for verdict, meaning in _MEANINGS.items():
        if numbers.get(verdict) or verdict != "unread":
            number = f"{numbers.get(verdict, 0):>7,}  "
            rows.append(Text.assemble("  ", (f"{verdict:<7}", VERDICTS[verdict]), number, (meaning, "dim")))
    if counts.cuts:
        stretches = many(counts.cuts, "stretch", "stretches")
        where = f"on {many(worst.cut_pages, 'page')}, {many(counts.cut_characters, 'character')}"
        rows.append(Text(f"Injected spam to cut: {stretches} {where}"))
    aside = ((known, "in the baseline"), (ignored, "suppressed with a reason"))
    of_them = "".join(f", {number:,} {what}" for number, what in aside if number)
    rows.append(Text(f"{many(counts.findings, 'finding')}{of_them}, {many(counts.claims, 'claim')}"))
    if campaigns:
        rows.append(Text(f"{many(counts.campaigns, 'campaign')}: injections of one maker on several pages"))
        rows += map(_campaign, campaigns)
    pages = worst.pages()
    if pages:
        rows += [Text(), Text("Worst pages", style="bold"), *map(_page, pages)]
    if folder is not None:
        rows += [Text(), Text(f"Reports in {harmless(folder)}: {', '.join(map(harmless, files))}")]
    here = folder is not None and "://" not in folder  # an address must be fetched before it can be shown
    steps = [f"audit show {_quoted(folder)} {_named(pages[0].id)}"] if pages and folder and here else []
    if counts.cuts:
        steps.append(f"audit clean {' '.join(map(_quoted, sources))} --diff")
    rows += [Text(("      " if at else "Next: ") + step) for at, step in enumerate(steps)]
    return Text("\n").join(rows)


def _campaign(campaign: Campaign) -> Text:
    sites = f" of {many(campaign.site_count, 'site')}" if campaign.site_count else ""
    where = f"{many(campaign.pages, 'page')}{sites}, first {campaign.first.page}"
    what = campaign.what if len(campaign.what) <= _WHAT else campaign.what[:_WHAT].rstrip() + "…"
    return Text.assemble("  ", (f"{campaign.family:<10}", "dim"), harmless(what), ("  " + harmless(where), "dim"))


def _page(report: PageReport) -> Text:
    verdict = str(report.verdict)
    first = max(report.findings, key=lambda finding: finding.severity, default=None)
    where = place(report, first) if first else report.id
    head = Text.assemble("  ", (f"{verdict:<7}", VERDICTS[verdict]), f"{report.score:>3}  ", (harmless(where), "bold"))
    reason = harmless(first.message) if first else ""
    return head.append(f"  {reason if len(reason) <= _REASON else reason[:_REASON].rstrip() + '…'}")


def _named(page: str) -> str:
    """Return a page as a shell takes it, behind `--` where it begins like an option."""
    return f"-- {_quoted(page)}" if page.startswith("-") else _quoted(page)


def _quoted(word: str) -> str:
    return harmless(shlex.quote(word))
