"""Writing to standard output and error: plain when piped, quiet when the reader has gone."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO, TextIO

import click

from audit.terminal import safe


def say(text: str) -> None:
    """Write text and a line feed to standard output; a reader that has gone ends nothing and changes no exit code."""
    _write(sys.stdout, text + "\n")


def warn(text: str, event: str = "warning") -> None:
    """Write text and a line feed to standard error; as an event of that name where those are JSON."""
    if not log(event, text=text):
        _write(sys.stderr, text + "\n")


def log(event: str, **fields: Any) -> bool:  # noqa: ANN401 (whatever JSON takes)
    """Write an event as a line of JSON to standard error, if that was asked for; return whether it was."""
    context = click.get_current_context(silent=True)
    if context is None or not context.meta.get(_JSON):
        return False
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
    _write(sys.stderr, json.dumps(line) + "\n")
    return True


def log_as_json() -> None:
    """Have standard error carry events only, a JSON object a line, as long as the command lasts."""
    click.get_current_context().meta[_JSON] = True


_JSON = "audit.cli.json"


def send(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


@contextmanager
def output() -> Iterator[BinaryIO]:
    """Hold standard output for bytes; a reader that has gone ends nothing and changes no exit code."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def harmless(text: str) -> str:
    """Return text of a page, a name or a message, fit for a terminal; its line feeds stay."""
    return safe.lines(text)


def reader_has_gone() -> bool:
    """Whether nobody reads standard output any more; then what is left to be said goes nowhere."""
    asked = select.poll()
    asked.register(sys.stdout, 0)  # errors and hang-ups are told unasked
    if not asked.poll(0):
        return False
    _silence(sys.stdout)
    return True


def open_closed_streams() -> None:
    """Give the standard streams that the caller has closed an empty input and a silent output.

    Without it Python has none, and the next file that is opened would get its number: a report, say.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Point the stream at nothing, so that neither we nor the interpreter's last flush trip over it again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
