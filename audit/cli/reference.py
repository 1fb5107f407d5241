"""`docs/cli.md`, made of the commands themselves: `python -m audit.cli.reference > docs/cli.md`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from audit.cli import main

WIDTH = 100
"""Columns of the help that is shown."""
_STYLE: dict[str, Any] = {"max_content_width": WIDTH, "help_option_names": ["-h", "--help"]}
HEAD = """\
# The command line

Every command with its help, as `--help` prints it. This page is made by `python -m audit.cli.reference > docs/cli.md`;
a test holds it to the commands. For pipelines see [ci.md](ci.md).

Results go to standard output, progress and warnings to standard error. Colour is for terminals only, and `NO_COLOR`
turns it off. Messages name page and place as `path:line:column`; of a record, the id stands for the path.

Completion of commands, options and names in bash: `eval "$(_AUDIT_COMPLETE=bash_source audit)"` in `~/.bashrc`; in zsh
`eval "$(_AUDIT_COMPLETE=zsh_source audit)"` in `~/.zshrc`, after `compinit`; in fish
`_AUDIT_COMPLETE=fish_source audit > ~/.config/fish/completions/audit.fish`.
"""


def pages() -> Iterator[str]:
    """Yield the page, a command at a time."""
    yield HEAD
    yield from _commands(main, "audit", None)


def _commands(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, **_STYLE)
    path = context.command_path
    shown = command.get_help(context).rstrip()
    yield f"\n{'#' * (2 + path.count(' '))} `{path}`\n\n```text\n{shown}\n```\n"
    if isinstance(command, click.Group):
        for name_of in command.list_commands(context):
            below = command.get_command(context, name_of)
            if below is not None:
                yield from _commands(below, name_of, context)


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    sys.stdout.write("".join(pages()))
