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
from audit.cli.overwrite import write_whole
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
  audit baseline reports -o baseline.json --prune  forget what is mended or gone, accept nothing new"""
)
@REPORT
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here.")
@click.option("--accept-new", is_flag=True, help="Accept what the baseline in FILE does not know yet.")
@click.option("--prune", is_flag=True, help="Forget pages that are gone; without --accept-new, leave out what is new.")
@STANDING
def command(report: Path, *, output: Path | None, accept_new: bool, prune: bool, **flags: Any) -> None:  # noqa: ANN401
    """Accept the findings of REPORT as known: write them as a baseline, to standard output or a file.

    A finding is known by its content on its page, wherever it stands there. If the file is there already, what it does
    not know is new debt and refused, unless --accept-new says otherwise; what is mended is forgotten. Entries of pages
    that could not be read, or are not in this run, are kept. What is suppressed is not accepted a second time.
    """
    made = manifest(report)
    today = judging.day(flags)
    settings = judging.files_of(made, {**flags, "baseline": ""})
    suppressed = judging.known_in(lambda: reports_of(report), settings, today)
    old = baseline.load(output) if output is not None and output.exists() else None
    known = survey(reports_of(report), old) if old else None
    there = _Findings(report, suppressed, known)
    if known is None or accept_new:
        there.kept += [*there.facts, *(entry for _, entry in there.fresh)]
    elif there.fresh and not prune:
        _refuse([where for where, _ in there.fresh], str(output))
    elif not prune:
        there.kept += there.facts
    entries = old.accepted if old else ()
    unread = set(entries).difference(there.kept) & {entry for entry in entries if entry.page in there.unread}
    stale = set(known.stale if known else ())
    gone = known.gone if known else ()
    renewed = baseline.made_of([*there.kept, *unread, *([] if prune else gone)])
    if output is None:
        send(baseline.encode(renewed))
        return
    write_whole(output, baseline.encode(renewed))
    forgotten = len(stale) - (0 if prune else len(gone))
    aside = (
        (forgotten, "forgotten: nothing answers to them any more"),
        (0 if prune else len(gone), "kept of pages that are not in this run (--prune forgets them)"),
        (len(unread), "kept of pages that could not be read"),
    )
    told = [f"{many(len(renewed.accepted), 'finding')} accepted", *(f"{n:,} {what}" for n, what in aside if n)]
    warn(harmless(f"{output}: {'; '.join(told)}"))


class _Findings:
    """The findings of a run, as far as they are not suppressed: what the old baseline knows, and what it does not."""

    def __init__(self, report: Path, suppressed: Known, known: Known | None) -> None:
        self.unread: set[str] = set()
        self.kept: list[Accepted] = []
        self.fresh: list[tuple[str, Accepted]] = []
        """With their place."""
        self.facts: list[Accepted] = []
        """What the old baseline does not know, of severity 0: no debt, so that it is accepted unasked."""
        for page in reports_of(report):
            if page.status == "failed":
                self.unread.add(baseline.page_key(page))
            for finding in page.findings:
                if suppressed.standing(page, finding).state == "ignored":
                    continue
                entry = baseline.accepted(page, finding)
                if known is not None and known.standing(page, finding).state == "known":
                    self.kept.append(entry)
                elif not finding.severity:
                    self.facts.append(entry)
                else:
                    self.fresh.append((f"{place(page, finding)}: {finding.rule}: {finding.message}", entry))


def _refuse(fresh: list[str], output: str) -> NoReturn:
    for line in fresh[:_SHOWN]:
        warn(harmless(f"new: {line}").replace("\n", " "))
    if len(fresh) > _SHOWN:
        warn(f"… and {len(fresh) - _SHOWN:,} more")
    hint = "mend them, or accept them with --accept-new; --prune leaves them out"
    raise UsageError(output, f"{many(len(fresh), 'finding')} would be new debt; nothing was written", hint)
