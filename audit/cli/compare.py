"""`audit compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from audit.cli.output import harmless, say, warn
from audit.cli.overwrite import write_whole
from audit.cli.reading import reports_of
from audit.compare import Comparison, PageChange, by_rule, compare
from audit.errors import UsageError
from audit.gate import place
from audit.model import Finding, PageReport
from audit.report.html.comparison import Point, point, write_comparison
from audit.terminal.comparison import comparison as drawing
from audit.terminal.comparison import trend as drawing_of_trend
from audit.terminal.drawing import drawn

SCHEMA = 1
"""Version of the JSON that `-o FILE.json` writes."""


@click.command(
    epilog="""\b
Examples:
  audit compare reports/monday reports/tuesday
  audit compare reports/monday reports/tuesday -o changes.html
  audit compare reports/2027-* -o trend.html       several runs, the oldest first"""
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="NEW...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a report, too: FILE.html or FILE.json.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print the sums only.")
def command(old: Path, new: tuple[Path, ...], output: Path | None, quiet: bool) -> None:
    """Compare two runs, OLD and NEW: new, fixed and remaining findings, page by page and in sum.

    Of more than two runs, the last two are compared, and all of them, in the order given, make a trend.
    """
    if output is not None and output.suffix.lower() not in {".html", ".json"}:
        raise UsageError(str(output), "what to write is told by the ending", "name it FILE.html or FILE.json")
    runs = (old, *new)
    before, after = runs[-2:]
    compared = compare(reports_of(before), reports_of(after))
    points = [point(str(run), reports_of(run)) for run in runs] if len(runs) > 2 or output is not None else []
    say(drawn(drawing(compared, quiet=quiet)))
    if len(runs) > 2:
        say("\n" + drawn(drawing_of_trend(points)))
    if output is None:
        return
    names = (str(before), str(after))
    if output.suffix.lower() == ".json":
        write_whole(output, _json(compared, names, points))
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("wb") as file:
            write_comparison(file, compared, names, points)
    warn(f"{harmless(str(output))}: written")


def _json(compared: Comparison, names: tuple[str, str], points: list[Point]) -> bytes:
    """Return the comparison for machines: sums, the pages that changed, the trend."""
    content = {
        "schema": SCHEMA,
        "old": names[0],
        "new": names[1],
        "sums": {name: getattr(compared, name) for name in ("added", "fixed", "remaining", "better", "worse")},
        "rules": by_rule(compared).reset_index().to_dict("records"),
        "pages": [_page(change) for change in compared.pages if _says_something(change)],
        "trend": msgspec.to_builtins(points, str_keys=True),
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _says_something(change: PageChange) -> bool:
    before, after = change.verdicts
    return bool(change.added or change.fixed or before != after or change.old is None or change.new is None)


def _page(change: PageChange) -> dict[str, Any]:
    before, after = change.verdicts
    return {
        "page": change.page,
        "before": before,
        "after": after,
        "added": [_finding(change.new, finding) for finding in change.added],
        "fixed": [_finding(change.old, finding) for finding in change.fixed],
        "remaining": len(change.remaining),
    }


def _finding(report: PageReport | None, finding: Finding) -> dict[str, Any]:
    return {
        "place": place(report, finding) if report else None,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }
