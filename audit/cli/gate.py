"""`audit gate`."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from audit.baseline import load
from audit.cli.common import GATE, REPORT, conditions, manifest, settle
from audit.cli.output import harmless, say
from audit.cli.reading import reports_of
from audit.gate import BAR, GateVerdict, asks, gate
from audit.rules.load import load_rules
from audit.terminal.text import many

_SHOWN = 20
"""Failures that are printed; the rest is counted."""


@click.command(
    epilog="""\b
Examples:
  audit gate reports                         fails if anything must be fixed (--fail-on 3)
  audit gate reports --min-score 70
  audit gate reports --baseline baseline.json --max-new 0

\b
Exits 0 if every page holds to every condition, 1 if not. A page that could
not be read fails, and so does a report without pages."""
)
@REPORT
@click.option("--profile", metavar="NAME", help="Whose gate to apply; that of the run if not given.")
@GATE
def command(
    report: Path,
    profile: str | None,
    fail_on: int | None,
    min_score: int | None,
    max_new: int | None,
    baseline: Path | None,
) -> None:
    """Pass or fail a finished run, REPORT: its folder, or its report.jsonl."""
    settings = settle(profile=profile, baseline=baseline and str(baseline)).settings
    rules = load_rules(profile=profile or manifest(report).settings.get("profile", settings.profile))
    held_to = conditions(rules.profile.gate, fail_on, min_score, max_new)
    if not asks(held_to):
        held_to = msgspec.structs.replace(held_to, fail_on=BAR.fail_on)
    accepted = load(Path(settings.baseline)) if settings.baseline else None
    verdict = gate(reports_of(report), held_to, accepted)
    say(summary(verdict))
    raise SystemExit(0 if verdict.passed else 1)


def summary(verdict: GateVerdict) -> str:
    """Return the decision and what it rests on, a line each."""
    lines = [f"{failure.where}: {failure.what}" if failure.where else failure.what for failure in verdict.failures]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"… and {len(lines) - _SHOWN} more"]
    unread = f" ({verdict.unread} unread)" if verdict.unread else ""
    pages = len({failure.page for failure in verdict.failures if failure.page})
    failed = f"gate failed: {many(len(verdict.failures), 'condition')} missed on {many(pages, 'page')}"
    decision = "gate passed" if verdict.passed else failed
    return "\n".join(harmless(line).replace("\n", " ") for line in [*lines, decision + unread])
