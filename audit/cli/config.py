"""`audit config`."""

from __future__ import annotations

import json
from typing import Any

import click
import msgspec

from audit.cli.common import READING, RULES, Severity, options, settle
from audit.cli.output import harmless, say

_GATE = options(
    click.option("--fail-on", type=Severity(), help="As `audit run` takes it."),
    click.option("--min-score", type=click.IntRange(0, 100), metavar="N", help="As `audit run` takes it."),
    click.option("--max-new", type=click.IntRange(0), metavar="N", help="As `audit run` takes it."),
    click.option("--baseline", metavar="FILE", help="As `audit run` takes it."),
    click.option("--suppressions", metavar="FILE", help="As `audit run` takes it."),
)
_WIDEST = 60
"""Characters of a value that the others are lined up with."""


@click.command(
    epilog="""\b
Examples:
  audit config                       what holds in this folder
  audit config --profile strict      … with this flag
  audit config > audit.toml          a settings file to begin with"""
)
@RULES
@READING
@_GATE
def command(**flags: object) -> None:
    """Show the effective settings and where each comes from: a flag, a file and its line, or the default.

    The nearest audit.toml, or pyproject.toml with a table [tool.audit], holds for a folder and those below it, with
    what it extends. What is shown is TOML.
    """
    settled = settle(**flags)
    shown = {
        name: f"{name} = {_toml(value)}" if value is not None else f"# {name} is not set"
        for name, value in msgspec.to_builtins(settled.settings).items()
    }
    wide = max(len(line) for line in shown.values() if len(line) <= _WIDEST)
    rows = [f"{line:<{wide}}  # {settled.origins[name]}" for name, line in shown.items()]
    say(harmless("\n".join(rows)))


def _toml(value: Any) -> str:  # noqa: ANN401 (whatever a setting is)
    """Return a value as TOML on one line; in tables, what is not set is left out."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items() if each is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key)
