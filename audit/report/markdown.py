"""`summary.md`: what a run comes to on half a screen, for the summary of a CI job or a comment on a pull request.

Words of pages stand in code spans, where no Markdown, no address and no @name means anything.

Source: GitHub Flavored Markdown; a job summary may have 1 MiB.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from audit.gate import GateVerdict, place
from audit.model import Finding, PageReport
from audit.report.plain import line
from audit.report.run import Run

MOST_PAGES = 25
MOST_FAMILIES = 15
MOST_FAILURES = 25
_LONGEST = 160
"""Code points of a message."""
_VERDICTS = {
    "block": "must not be published", "fix": "must be fixed", "review": "should be looked at", "pass": "fine",
}  # fmt: skip
_ORDER = {"block": 0, None: 1, "fix": 2, "review": 3, "pass": 4}
_SEVERITIES = ("info", "note", "warning", "error", "blocker")


def write(run: Run, file: BinaryIO) -> None:
    """Write the summary: decision, pages by verdict, the worst pages, findings by family."""
    file.writelines(f"{text}\n".encode() for text in _lines(run))


def _lines(run: Run) -> Iterator[str]:
    counts = run.counts
    states: Counter[str] = Counter()
    worst: list[tuple[tuple[int, int, int], PageReport, Finding | None]] = []
    for number, report in enumerate(run.reports()):
        for finding in report.findings:
            states[run.state(report, finding) or ""] += finding.severity > 0
        if report.verdict != "pass":
            rank = (_ORDER[report.verdict], 100 if report.score is None else report.score, number)
            worst.append((rank, report, _gravest(run, report)))
            if len(worst) > 8 * MOST_PAGES:
                worst = heapq.nsmallest(MOST_PAGES, worst, key=lambda entry: entry[0])
    yield f"# Article Audit: {_many(counts.pages, 'page')}"
    yield ""
    if run.verdict is not None:
        yield from _gate(run.verdict)
    rows = [[f"**{name}**", f"{counts.verdicts.get(name, 0):,}", said] for name, said in _VERDICTS.items()]
    if failed := counts.statuses.get("failed", 0):
        rows.append(["**unread**", f"{failed:,}", "could not be read"])
    yield from _table(["Verdict", "Pages", ""], rows)
    found = [f"{_many(counts.findings, 'finding')}, {_many(counts.claims, 'medical claim')} read"]
    if counts.cuts:
        stretches = _many(counts.cuts, "stretch", "stretches")
        found.append(f"{stretches} of injected text to cut, {counts.cut_characters:,} characters")
    found += [f"{states[name]:,} {said}" for name, said in _STATES if states[name] or (name == "new" and run.baselined)]
    yield " · ".join(found)
    yield ""
    if worst:
        yield "## Look at these first"
        yield ""
        chosen = heapq.nsmallest(MOST_PAGES, worst, key=lambda entry: entry[0])
        yield from _table(["Verdict", "Score", "Where", "What"], [_page(*entry[1:]) for entry in chosen])
        left = counts.pages - counts.verdicts.get("pass", 0) - len(chosen)
        if left:
            yield f"… and {_many(left, 'more page', 'more pages')}."
            yield ""
    if counts.families:
        yield "## Findings by family"
        yield ""
        families = sorted(counts.families.items(), key=lambda entry: (-entry[1], entry[0]))
        yield from _table(["Family", "Findings"], [[_code(name), f"{n:,}"] for name, n in families[:MOST_FAMILIES]])
    made = f"Profile {_code(run.facts.profile)}, article-audit {run.facts.version}."
    yield f"{made} Everything found stands in `report.jsonl`."


_STATES = (
    ("new", "new since the baseline"),
    ("known", "accepted by the baseline"),
    ("ignored", "suppressed with a reason"),
)


def _gate(verdict: GateVerdict) -> Iterator[str]:
    if verdict.passed:
        yield "**The gate passed.**"
        yield ""
        return
    yield f"**The gate failed**: {_many(verdict.missed, 'condition')} missed."
    yield ""
    for failure in verdict.failures[:MOST_FAILURES]:
        yield f"- {_code(failure.where)} {_code(failure.what)}" if failure.where else f"- {_code(failure.what)}"
    if verdict.missed > MOST_FAILURES:
        yield f"- … and {verdict.missed - MOST_FAILURES:,} more"
    yield ""


def _gravest(run: Run, report: PageReport) -> Finding | None:
    """Return the gravest finding that is not suppressed, a new one before an old one."""
    live = [finding for finding in report.findings if run.state(report, finding) != "ignored"]
    return max(
        live,
        key=lambda finding: (run.state(report, finding) != "known", finding.severity, finding.confidence),
        default=None,
    )


def _page(report: PageReport, finding: Finding | None) -> list[str]:
    score = "" if report.score is None else str(report.score)
    if finding is None:
        return [report.verdict or "unread", score, _code(report.id), _code(report.error or "")]
    what = f"{_SEVERITIES[finding.severity]}: {finding.message}"
    where = place(report, finding) if report.path in {None, report.id} else report.id
    return [report.verdict or "unread", score, _code(where), _code(what)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _code(text: str) -> str:
    """Return the text as a code span; nothing in it is Markdown, not even backticks."""
    shown = line(text, _LONGEST)
    if not shown:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"
