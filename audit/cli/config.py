"""`audit config`."""

from __future__ import annotations

import click
import msgspec

from audit.cli.common import READING, RULES, settle
from audit.cli.output import harmless, say


@click.command(
    epilog="""\b
Examples:
  audit config                       what holds in this folder
  audit config --profile strict      … with this flag"""
)
@RULES
@READING
def command(**flags: object) -> None:
    """Show the effective settings and where each comes from: a flag, a file, or the default.

    The nearest audit.toml, or pyproject.toml with a table [tool.audit], holds for a folder and those below it.
    """
    settled = settle(**flags)
    shown = {
        name: "(none)" if value is None else msgspec.json.encode(value).decode()
        for name, value in msgspec.structs.asdict(settled.settings).items()
    }
    wide, long = max(map(len, shown)), max(map(len, shown.values()))
    rows = [f"{name:<{wide}} = {value:<{long}}  # {settled.origins[name]}" for name, value in shown.items()]
    say(harmless("\n".join(rows)))
