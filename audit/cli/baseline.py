"""`audit baseline`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import click

from audit import baseline
from audit.baseline import Accepted
from audit.cli import judging
from audit.cli.common import REPORT, STANDING, manifest
from audit.cli.output import harmless, send, warn
from audit.cli.reading import reports_of
from audit.errors import UsageError
from audit.gate import place
from audit.known import Known, survey
from audit.terminal.text import many

_SHOWN = 20
"""New findings that are named when they are refused; the rest is counted."""


@click.command(
    epilog="""\b
Examples:
  audit baseline reports -o baseline.json          accept what is there today
  audit gate reports --baseline baseline.json --max-new 0
  audit baseline reports -o baseline.json --prune  forget what is mended, accept nothing new"""
)
@REPORT
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here.")
@click.option("--accept-new", is_flag=True, help="Accept what the baseline in FILE does not know yet.")
@click.option("--prune", is_flag=True, help="Only forget what is mended; leave out what is new.")
@STANDING
def command(report: Path, *, output: Path | None, accept_new: bool, prune: bool, **flags: Any) -> None:  # noqa: ANN401
    """Accept the findings of REPORT as known: write them as a baseline, to standard output or a file.

    A finding is known by its content on its page, wherever it stands there. If the file is there already, what it does
    not know is new debt and refused, unless --accept-new says otherwise; what is mended is forgotten. Entries of pages
    that could not be read are kept, and what is suppressed is not accepted a second time.
    """
    if accept_new and prune:
        raise UsageError("", "--accept-new and --prune exclude each other", "choose one")
    made = manifest(report)
    limits = judging.limits({**flags, "gate_path": (), "gate_rule": (), "fail_on_stale": False})
    settings = judging.files_of(made, {**flags, "baseline": ""})
    suppressed = judging.known_in(lambda: reports_of(report), settings, limits.today)
    old = baseline.load(output) if output is not None and output.exists() else None
    known = survey(reports_of(report), old) if old else None
    kept, fresh, unread = _sorted(report, suppressed, known)
    if known is not None and fresh and not (accept_new or prune):
        _refuse([where for where, _ in fresh], str(output))
    stale = set(known.stale if known else ())
    entries = kept + [entry for entry in (old.accepted if old else ()) if entry.page in unread and entry not in stale]
    if not prune or known is None:
        entries += [entry for _, entry in fresh]
    made_new = baseline.made_of(entries)
    if output is None:
        send(baseline.encode(made_new))
        return
    output.write_bytes(baseline.encode(made_new))
    mended = f", {many(len(stale), 'stale entry', 'stale entries')} forgotten" if stale else ""
    kept_back = f", {many(len(unread), 'unread page')}" if unread else ""
    told = many(len(made_new.accepted), "finding") + " accepted"
    warn(f"{harmless(str(output))}: {told}{mended}{kept_back}")


def _sorted(
    report: Path, suppressed: Known, known: Known | None
) -> tuple[list[Accepted], list[tuple[str, Accepted]], set[str]]:
    """Return what the old baseline knows, what it does not, with its place, and the pages that could not be read."""
    unread: set[str] = set()
    kept: list[Accepted] = []
    fresh: list[tuple[str, Accepted]] = []
    for page in reports_of(report):
        if page.status == "failed":
            unread.add(baseline.page_key(page))
        for finding in page.findings:
            if not finding.severity or suppressed.standing(page, finding).state == "ignored":
                continue
            entry = baseline.accepted(page, finding)
            if known is not None and known.standing(page, finding).state == "known":
                kept.append(entry)
            else:
                fresh.append((f"{place(page, finding)}: {finding.rule}: {finding.message}", entry))
    return kept, fresh, unread


def _refuse(fresh: list[str], output: str) -> NoReturn:
    for line in fresh[:_SHOWN]:
        warn(harmless(f"new: {line}").replace("\n", " "))
    if len(fresh) > _SHOWN:
        warn(f"… and {len(fresh) - _SHOWN:,} more")
    hint = "mend them, or accept them with --accept-new; --prune only forgets what is mended"
    raise UsageError(output, f"{many(len(fresh), 'finding')} would be new debt; nothing was written", hint)
