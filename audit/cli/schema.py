"""`audit schema`."""

from __future__ import annotations

import click
import msgspec

from audit.cli.output import say
from audit.model import PageReport


@click.command(
    epilog="""\b
Example:
  audit schema > report.schema.json"""
)
def command() -> None:
    """Print the JSON Schema of a line of report.jsonl."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(PageReport)}
    say(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())
