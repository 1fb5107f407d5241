"""One finding in the terminal, with all that is known of it: evidence, standing, points, its rule, what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.text import Text

from audit.gate import place
from audit.known import Standing
from audit.model import Finding, PageReport
from audit.rules.load import RuleSet
from audit.score import Deduction
from audit.terminal.drawing import NAMES, SEVERITIES
from audit.terminal.rule import rule
from audit.terminal.safe import line as harmless

_BAR = 5
"""Blocks a unit of log-odds."""
_LONGEST_BAR = 30
_QUOTE = 2_000


def finding(
    number: int,
    found: Finding,
    report: PageReport,
    rules: RuleSet,
    *,
    standing: Standing,
    lost: Sequence[Deduction] = (),
) -> Text:
    """Return a finding as styled text.

    Args:
        number: Of the finding on its page, as `audit show` counts.
        found: The finding.
        report: Of its page.
        rules: Those that hold for the page.
        standing: What baseline and sidecar know of it.
        lost: What the page lost its points to.
    """
    return Text("\n").join(_rows(number, found, report, rules, standing, lost))


def _rows(
    number: int,
    found: Finding,
    report: PageReport,
    rules: RuleSet,
    standing: Standing,
    lost: Sequence[Deduction],
) -> Iterator[Text]:
    head = (f"[{number}] {found.action}, {NAMES[found.severity]}", SEVERITIES[found.severity])
    yield Text.assemble((harmless(place(report, found)), "bold"), "  ", head, f"  {found.confidence:.0%} sure")
    yield Text(f"  {harmless(found.message)}")
    if found.why:
        yield Text(f"  {harmless(found.why)}")
    for span in found.spans:
        yield _field("place", f"line {span.line}, column {span.column}: characters {span.start} to {span.end}")
    if found.quote:
        yield _field("quote", f"“{found.quote[:_QUOTE]}{'…' if len(found.quote) > _QUOTE else ''}”")
    yield _field("identity", found.fingerprint)
    yield _field("standing", _SAID[standing.state] + (f": {standing.reason}" if standing.reason else ""))
    points = sum(each.points for each in lost if each.fingerprint == found.fingerprint)
    yield _field("points", f"{points} of the {100 - (report.score or 0)} that the page lost" if points else "none")
    yield from _evidence(found)
    yield Text()
    if found.rule in rules.known:
        yield rule(found.rule, rules)
    else:
        yield Text.assemble((harmless(found.rule), "bold"), " is found by the program itself, not by a rule of a pack.")
    yield Text()
    yield from _what_to_do(found, report)


def _evidence(found: Finding) -> Iterator[Text]:
    if not found.evidence:
        return
    yield Text("  why it was judged so, in log-odds", style="dim")
    wide = max(len(harmless(part.name)) for part in found.evidence)
    for part in sorted(found.evidence, key=lambda part: -abs(part.weight)):
        bar = "█" * min(_LONGEST_BAR, round(abs(part.weight) * _BAR))
        colour = "red" if part.weight > 0 else "green"
        yield Text.assemble(f"    {harmless(part.name):<{wide}}  {part.weight:+6.2f}  ", (bar, colour))
    yield Text(f"    {'in sum':<{wide}}  {sum(part.weight for part in found.evidence):+6.2f}", style="dim")


def _what_to_do(found: Finding, report: PageReport) -> Iterator[Text]:
    entry = ", ".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in (("rule", found.rule), ("page", report.id), ("fingerprint", found.fingerprint))
    )
    yield Text("  To let it stand, with a reason, in audit-ignore.yaml:")
    yield Text("    ignore:")
    yield Text(f"      - {{{harmless(entry)}, reason: say why, expires: 2030-12-31}}")
    yield Text("  To accept all that is there today: audit baseline REPORT -o baseline.json")


def _field(name: str, value: str) -> Text:
    return Text.assemble("  ", (f"{name:<10}", "dim"), harmless(value))


_SAID = {
    "new": "new: neither the baseline nor audit-ignore.yaml knows it",
    "known": "accepted by the baseline",
    "ignored": "suppressed by audit-ignore.yaml",
}
