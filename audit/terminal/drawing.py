"""Styled text to a string: coloured for a terminal, plain when piped or where `NO_COLOR` says so."""

from __future__ import annotations

import os

from rich.console import Console
from rich.text import Text

VERDICTS = {"block": "bold red", "fix": "red", "review": "yellow", "pass": "green", "unread": "magenta"}
SEVERITIES = ("dim", "cyan", "yellow", "red", "bold red")
NAMES = ("info", "note", "warning", "error", "blocker")


def drawn(text: Text) -> str:
    """Return the text as standard output should get it, without the last line feed; nothing is wrapped."""
    if os.environ.get("NO_COLOR"):
        return text.plain
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(text, soft_wrap=True)
    return capture.get().rstrip("\n")
