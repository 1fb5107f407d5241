"""`audit show`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec

from audit.cli.common import REPORT, Manifest, manifest
from audit.cli.output import harmless, say, warn
from audit.cli.reading import reports_of
from audit.errors import AuditError, InputError, ReportError, UsageError
from audit.ingest import STDIN, Options, find, read
from audit.model import Page, PageReport
from audit.pipeline import digest
from audit.rules.load import load_rules
from audit.score import Deduction, deductions
from audit.terminal.drawing import drawn
from audit.terminal.page import page as drawing


@click.command(
    epilog="""\b
Examples:
  audit show reports samples/sciatica.txt
  audit show reports samples/sciatica.txt --all      every line of the page
  audit show out/report.jsonl crawl-0042             a record by its id"""
)
@REPORT
@click.argument("page")
@click.option("--all", "everything", is_flag=True, help="Show every line, not only those with findings.")
def command(report: Path, page: str, everything: bool) -> None:
    """Show one PAGE of a finished run, REPORT: its text with the findings in place, each with its reason.

    PAGE is its id, its path, or the end of its path. The sources of the run are read again; they have to be where
    they were, seen from this folder, and unchanged.
    """
    made = manifest(report)
    row = _row(report, page)
    text = None if row.status == "failed" else _text(row, made)
    say(drawn(drawing(row, text, _lost(row, made), everything=everything)))


def _row(report: Path, name: str) -> PageReport:
    """Return the report of a page.

    Raises:
        UsageError: No page, or more than one, is called that.
    """
    ids: list[str] = []
    ends: list[PageReport] = []
    for row in reports_of(report):
        if row.id == name:
            return row
        ids.append(row.id)
        if name in (row.path, row.url) or f"/{row.id}".endswith(f"/{name}"):
            ends.append(row)
    if len(ends) == 1:
        return ends[0]
    if ends:
        shown = ", ".join(row.id for row in ends[:5])
        raise UsageError(name, f"{len(ends)} pages are called that", f"name one by its id: {shown}")
    near = get_close_matches(name, ids, n=1, cutoff=0.4)
    raise UsageError(name, "no such page in this run", f"did you mean {near[0]!r}?" if near else "see pages.csv")


def _text(row: PageReport, made: Manifest) -> str | None:
    """Return the decoded page from the sources of the run; None, with a word, if it came through standard input.

    Raises:
        InputError: It is not there any more, or has changed.
    """
    if row.path == STDIN:
        warn("the page came through standard input and was not kept: findings are shown by their quotes")
        return None
    found = False
    for candidate in _candidates(row, made):
        if digest(candidate.text) == row.sha256:
            return candidate.text
        found = True
    if found:
        what = "has changed since the run"
        raise InputError(row.path or row.id, what, "run the audit again, then show the new report")
    hint = f"the sources were {', '.join(made.sources) or 'not recorded'}; call this from the folder of that run"
    raise InputError(row.path or row.id, "the page is not where the run found it", hint)


def _candidates(row: PageReport, made: Manifest) -> Iterator[Page]:
    names = set(Options.__struct_fields__)
    options = msgspec.convert({key: value for key, value in made.settings.items() if key in names}, Options)
    sources = [source for source in made.sources if source != STDIN] or [row.path or row.id]
    try:
        found = find(sources, options)
    except InputError:
        return
    for item in found.items:
        if item.label == row.path and not item.problem[0]:
            for got in read(item, options):
                if isinstance(got, Page) and (got.id == row.id or row.id.startswith(f"{got.id}~")):
                    yield got


def _lost(row: PageReport, made: Manifest) -> tuple[Deduction, ...]:
    """Return what the points were lost to; nothing if the profile of the run is not to be had."""
    try:
        return deductions(row, load_rules(profile=made.settings.get("profile", made.profile)).profile)
    except ReportError:
        return ()
    except AuditError as error:
        warn(f"points are not explained: {harmless(str(error))}")
        return ()
