"""`audit compare`."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.output import harmless, say
from audit.cli.reading import reports_of
from audit.compare import Comparison, PageChange, compare
from audit.gate import place


@click.command(
    epilog="""\b
Example:
  audit compare reports/monday reports/tuesday"""
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Print the sums only.")
def command(old: Path, new: Path, quiet: bool) -> None:
    """Compare two runs, OLD and NEW: new, fixed and remaining findings, page by page and in sum."""
    comparison = compare(reports_of(old), reports_of(new))
    lines = [] if quiet else [line for page in comparison.pages for line in _page(page)]
    say("\n".join(harmless(line) for line in [*lines, _sum(comparison)]))


def _page(change: PageChange) -> list[str]:
    if change.new is None:
        return [f"{change.page}: only in OLD"]
    before, after = change.verdicts
    unread = [run for run, report in (("OLD", change.old), ("NEW", change.new)) if report and report.status == "failed"]
    if unread:
        return [f"{change.page}: could not be read in {' and '.join(unread)}"]
    if not (change.added or change.fixed or change.old is None or before != after):
        return []
    moved = f"{before} → {after}" if change.old and before != after else str(after)
    only = " (only in NEW)" if change.old is None else ""
    lines = [f"{change.page}: {moved}{only}, {len(change.remaining)} remaining"]
    for sign, findings, report in (("+", change.added, change.new), ("-", change.fixed, change.old)):
        for finding in findings:
            message = " ".join(finding.message.split())
            where = place(report, finding) if report else ""
            lines.append(f"  {sign} {where}: {finding.rule} ({finding.severity}): {message}")
    return lines


def _sum(comparison: Comparison) -> str:
    return f"{comparison.added} new, {comparison.fixed} fixed, {comparison.remaining} remaining findings"
