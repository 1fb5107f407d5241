"""`annotations.txt`: workflow commands that GitHub Actions turns into annotations when a step prints them.

A step shows ten errors, ten warnings and ten notices at most; the gravest are taken, new ones before known ones, and
what is left out is counted. Suppressed findings are left out.

Source: GitHub Docs, workflow commands for GitHub Actions, and the toolkit's `command.ts` for the escapes.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import BinaryIO

from audit.model import Finding, PageReport
from audit.report.plain import line
from audit.report.run import Run
from audit.text.lines import Lines

MOST = 10
"""Annotations of one kind that a step shows."""
_COMMANDS = ("", "notice", "warning", "error", "error")
"""By severity; facts (0) are no annotations."""
_LONGEST = 1_000
"""Code points of a message."""

Rank = tuple[bool, int, int, int]
"""Known before, severity counted down, how many of them the page has before it, number of the page."""


Kept = tuple[Rank, PageReport, Finding | None]
"""A finding, or a page that could not be read. No two have the same rank, so reports are never compared."""


def write(run: Run, file: BinaryIO) -> None:
    """Write the commands, the gravest first, then one line that says what is left out."""
    chosen: dict[str, list[Kept]] = {"error": [], "warning": [], "notice": []}
    there: Counter[str] = Counter()
    for number, report in enumerate(run.reports()):
        if report.status == "failed":
            there["error"] += 1
            _keep(chosen["error"], ((False, -5, 0, number), report, None))
        before: Counter[Rank] = Counter()
        for finding in report.findings:
            state = run.state(report, finding)
            command = _COMMANDS[finding.severity]
            if not command or state == "ignored":
                continue
            there[command] += 1
            kind = (state == "known", -finding.severity, 0, number)
            rank = (*kind[:2], before[kind], number)  # one of every page before a second one of any
            before[kind] += 1
            _keep(chosen[command], (rank, report, finding))
    for name, kept in chosen.items():
        kept[:] = heapq.nsmallest(MOST, kept)
        file.writelines(f"{_command(name, report, finding)}\n".encode() for _, report, finding in kept)
    left_out = [f"{there[name] - len(kept)} {name}s" for name, kept in chosen.items() if there[name] > len(kept)]
    if left_out:
        file.write(f"Not shown as annotations: {', '.join(left_out)}; report.jsonl has them all.\n".encode())


def _keep(kept: list[Kept], entry: Kept) -> None:
    kept.append(entry)
    if len(kept) > 8 * MOST:
        kept[:] = heapq.nsmallest(MOST, kept)


def _command(name: str, report: PageReport, finding: Finding | None) -> str:
    properties: dict[str, str | int] = {"file": line(report.path or report.id)}
    record = report.path is not None and report.path != report.id
    if finding and finding.spans and not record:  # the lines of a record are not those of its file
        properties |= _place(finding)
    properties["title"] = finding.rule if finding else "unread"
    message = finding.message if finding else f"could not be read: {report.error}"
    told = f"{report.id}: {message}" if record else message
    joined = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {joined}::{_data(line(told, _LONGEST))}"


def _place(finding: Finding) -> dict[str, int]:
    """Return line and column of the first stretch, and its end; GitHub takes columns for one line only."""
    span = finding.spans[0]
    text = finding.quote[: span.end - span.start]
    more, _ = Lines(text).locate(len(text))
    if more > 1:
        return {"line": span.line, "endLine": span.line + more - 1}
    return {"line": span.line, "endLine": span.line, "col": span.column, "endColumn": span.column + len(text)}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
