"""`audit show`."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import msgspec

from audit import overrides
from audit.cli import judging
from audit.cli.common import KNOWN, REPORT, Manifest, manifest
from audit.cli.output import harmless, say, warn
from audit.cli.reading import reports_of
from audit.errors import AuditError, InputError, ReportError, UsageError
from audit.gate import place as place_of
from audit.ingest import STDIN, Item, Options, find, read
from audit.model import Finding, Location, Page, PageReport
from audit.rules.load import RuleSet
from audit.score import Deduction, deductions
from audit.settings import Settings
from audit.terminal.drawing import drawn
from audit.terminal.finding import finding as explanation
from audit.terminal.page import page as drawing
from audit.text.digest import digest

_SHORTEST = 6
"""Signs of a number that may be the beginning of a fingerprint."""


@click.command(
    epilog="""\b
Examples:
  audit show reports samples/sciatica.txt
  audit show reports samples/sciatica.txt --all      every line of the page
  audit show out/report.jsonl crawl-0042             a record by its id
  audit show reports samples/sciatica.txt:2:1        what was found there, explained
  audit show reports samples/sciatica.txt --explain 3"""
)
@REPORT
@click.argument("page")
@click.option("--all", "everything", is_flag=True, help="Show every line, not only those with findings.")
@click.option(
    "--explain", metavar="WHICH", help="Explain one finding: its number, its fingerprint or path:line:column."
)
@click.option("--width", type=click.IntRange(30), metavar="N", help="Wrap here.  [default: the terminal's width]")
@KNOWN
def command(
    report: Path,
    page: str,
    *,
    everything: bool,
    explain: str | None,
    width: int | None,
    **flags: Any,  # noqa: ANN401
) -> None:
    """Show one PAGE of a finished run, REPORT: its text with the findings in place, each with its reason.

    PAGE is its id, its path, or the end of its path; with :line:column behind it, what stands there is explained. The
    sources of the run are read again; they have to be where they were, seen from this folder, and unchanged.
    """
    made = manifest(report)
    row, explain = _page_and_place(report, page, explain)
    known = judging.known_in(lambda: reports_of(report), judging.files_of(made, flags), judging.day(flags))
    rules = _rules(made, row)
    lost = _lost(row, rules)
    if explain is not None:
        number, found = _which(row, explain)
        if rules is None:
            raise UsageError(
                "--explain", "the rules of the run are not to be had", "call this from the folder of that run"
            )
        standing = known.standing(row, found)
        say(drawn(explanation(number, found, row, rules, standing=standing, lost=lost)))
        return
    text = None if row.status == "failed" else _text(row, made)
    if width is None:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    say(drawn(drawing(row, text, lost, everything=everything, known=known, width=width)))


def _page_and_place(report: Path, page: str, explain: str | None) -> tuple[PageReport, str | None]:
    """Return the page, and what is to be explained: as asked for, or the place that stands behind the page's name."""
    place = re.fullmatch(r"(.+):(\d+:\d+)", page)
    if place is None or explain is not None:
        return _row(report, page), explain
    try:
        return _row(report, page), None
    except UsageError:
        return _row(report, place[1]), place[2]


def _which(row: PageReport, which: str) -> tuple[int, Finding]:
    """Return a finding of a page with its number.

    Raises:
        UsageError: None, or more than one by its fingerprint, is called that.
    """
    numbered = list(enumerate(row.findings, 1))
    place = re.fullmatch(r"(?:.*:)?(\d+):(\d+)", which)
    if place:
        line, column = int(place[1]), int(place[2])
        at = [each for each in numbered if any((s.line, s.column) == (line, column) for s in each[1].spans)]
        at = at or [each for each in numbered if any(_is_within(s, line, column) for s in each[1].spans)]
        if at:
            return max(at, key=lambda each: each[1].severity)
    elif which.isdecimal() and len(which) < _SHORTEST:
        if 0 < int(which) <= len(numbered):
            return numbered[int(which) - 1]
    else:
        named = [each for each in numbered if which and each[1].fingerprint.startswith(which.lower())]
        if len({found.fingerprint for _, found in named}) == 1:
            return named[0]
    there = ", ".join(f"{number} ({place_of(row, found)})" for number, found in numbered[:8]) or "none"
    raise UsageError(which, f"no such finding on {row.id}", f"findings: {there}; name one by its number")


def _is_within(span: Location, line: int, column: int) -> bool:
    """Whether a place stands in the line in which a span begins, and in the span."""
    return span.line == line and span.column <= column < span.column + span.end - span.start


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
    """Return the decoded page from the sources of the run; None, with a word, if it was not kept.

    Raises:
        InputError: It is not there any more, or has changed.
    """
    if row.path in {STDIN, None}:
        came = "through standard input" if row.path else "from a crawl"
        warn(f"the page came {came} and was not kept: findings are shown by their quotes")
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
        if _may_hold(item, row) and not item.problem[0]:
            for got in read(item, options):
                if isinstance(got, Page) and (got.id == row.id or row.id.startswith(f"{got.id}~")):
                    yield got


def _may_hold(item: Item, row: PageReport) -> bool:
    """Return whether a source may hold a page: by its path, or as a list of addresses whose copies lie elsewhere."""
    path = row.path or ""
    lists = item.reader.removeprefix("packed ") in {"addresses", "table", "xml"}
    return path == item.label or path.startswith(f"{item.label}/") or (lists and row.id == row.url)


def _rules(made: Manifest, row: PageReport) -> RuleSet | None:
    """Return the rules that held for the page; None, with a word, if they are not to be had."""
    known = {name: value for name, value in made.settings.items() if name in Settings.__struct_fields__}
    try:
        settings = msgspec.convert({"profile": made.profile, **known}, Settings)
        return overrides.load(settings).for_page(row.id, row.path, row.url)
    except (AuditError, msgspec.ValidationError) as error:
        warn(f"points are not explained: {harmless(str(error))}")
        return None


def _lost(row: PageReport, rules: RuleSet | None) -> tuple[Deduction, ...]:
    """Return what the points were lost to; nothing if the rules of the run are not to be had."""
    try:
        return deductions(row, rules.profile) if rules else ()
    except ReportError:
        return ()
