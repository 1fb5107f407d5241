"""`audit gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from audit.cli import judging
from audit.cli.common import GATE, REPORT, Manifest, manifest, settle
from audit.cli.output import harmless, say
from audit.cli.reading import reports_of
from audit.gate import BAR, GateVerdict, asks, gate
from audit.rules.load import check_names, load_rules
from audit.rules.schema import Gate
from audit.settings import Settings
from audit.terminal.text import many

_SHOWN = 20
"""Failures that are printed; the rest is counted."""
_SIMPLE = ("fail_on", "min_score", "max_new")


@click.command(
    epilog="""\b
Examples:
  audit gate reports                         as `audit run` decided; without conditions, --fail-on 3
  audit gate reports --min-score 70
  audit gate reports --baseline baseline.json --max-new 0
  audit gate reports --fail-on 3 --gate-path 'drafts/*:fail_on=4' --gate-rule 'claims.dose.*:fail_on=2'

\b
Exits 0 if every page holds to every condition, 1 if not. A page that could
not be read fails, and so does a report without pages."""
)
@REPORT
@click.option("--profile", metavar="NAME", help="Whose gate to apply; else what the run was held to.")
@GATE
def command(report: Path, profile: str | None, **flags: Any) -> None:  # noqa: ANN401
    """Pass or fail a finished run, REPORT: its folder, or its report.jsonl.

    Conditions by flag come over those that the run was held to. A page fails for findings that neither the baseline
    nor a suppression knows; paths and rules with conditions of their own are held to those.
    """
    made = manifest(report)
    limits = judging.limits(flags)
    settings = _settings(made, profile, flags)
    if limits.rules:
        packs = [Path(pack) for pack in made.settings.get("rules", settings.rules)]
        check_names(load_rules(packs, profile=settings.profile), limits.rules, "--gate-rule")
    verdict_on = _conditions(made, profile, settings, {name: flags[name] for name in _SIMPLE}, limits)
    known = judging.known_in(lambda: reports_of(report), settings, limits.today)
    judging.tell_outdated(known, stale_too=verdict_on.stale == "warn")
    verdict = gate(reports_of(report), verdict_on, known)
    say(summary(verdict))
    raise SystemExit(0 if verdict.passed else 1)


def _settings(made: Manifest, profile: str | None, flags: dict[str, Any]) -> Settings:
    """Return the settings of this folder under the flags; the files of what is known are those of the run."""
    files = judging.files_of(made, flags)
    simple = {name: flags[name] for name in _SIMPLE}
    settings = settle(profile=profile or made.settings.get("profile"), **simple).settings
    return msgspec.structs.replace(settings, baseline=files.baseline, suppressions=files.suppressions)


def _conditions(
    made: Manifest, profile: str | None, settings: Settings, simple: dict[str, Any], limits: judging.Limits
) -> Gate:
    """Return the conditions: those of the run under the flags; where it had none, those of profile and settings."""
    if profile is None and made.gate is not None and asks(made.gate):
        given = {name: value for name, value in simple.items() if value is not None}
        held_to = judging.with_limits(msgspec.structs.replace(made.gate, **given), limits)
    else:
        held_to = judging.conditions(load_rules(profile=settings.profile).profile.gate, settings, limits)
    return held_to if asks(held_to) else msgspec.structs.replace(held_to, fail_on=BAR.fail_on)


def summary(verdict: GateVerdict) -> str:
    """Return the decision and what it rests on, a line each."""
    lines = [
        (f"{failure.where}: " if failure.where else "")
        + failure.what
        + (f" [{failure.limit}]" if failure.limit else "")
        for failure in verdict.failures
    ]
    if len(lines) > _SHOWN:  # what concerns the run as a whole stands last and is always shown
        whole = [line for line, failure in zip(lines, verdict.failures, strict=True) if not failure.page]
        kept = lines[: max(1, _SHOWN - len(whole[:_SHOWN]))] + whole[:_SHOWN]
        lines = [*kept[:_SHOWN], f"… and {len(lines) - _SHOWN} more"]
    aside = [
        f"{number:,} {what}"
        for number, what in (
            (verdict.unread, "unread"),
            (verdict.known, "known to the baseline"),
            (verdict.ignored, "suppressed"),
        )
        if number
    ]
    failed = f"gate failed: {many(verdict.missed, 'condition')} missed on {many(verdict.pages, 'page')}"
    decision = ("gate passed" if verdict.passed else failed) + (f" ({', '.join(aside)})" if aside else "")
    return "\n".join(harmless(line).replace("\n", " ") for line in [*lines, decision])
