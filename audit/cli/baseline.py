"""`audit baseline`."""

from __future__ import annotations

from pathlib import Path

import click

from audit import baseline
from audit.cli.common import REPORT
from audit.cli.output import harmless, send, warn
from audit.cli.reading import reports_of


@click.command(
    epilog="""\b
Examples:
  audit baseline reports -o baseline.json          accept what is there today
  audit gate reports --baseline baseline.json --max-new 0"""
)
@REPORT
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here.")
def command(report: Path, output: Path | None) -> None:
    """Accept the findings of REPORT as known: write them as a baseline, to standard output or a file."""
    accepted = baseline.of(reports_of(report))
    content = baseline.encode(accepted)
    if output is None:
        send(content)
        return
    output.write_bytes(content)
    warn(f"{harmless(str(output))}: {len(accepted.accepted)} findings accepted")
