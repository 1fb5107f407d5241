"""Findings that were accepted, by identity: what was known before is not new debt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from audit.errors import ReportError
from audit.model import Finding, PageReport

SCHEMA = 1
_AGAIN = "make it again with `audit baseline REPORT -o FILE`"
_PART = re.compile(r" - at `\$(?:\.accepted\[(?P<index>\d+)\])?(?P<rest>.*)`$")


class Accepted(msgspec.Struct, frozen=True, order=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding; rule and quote are there for who reads the file."""

    page: str
    """What the page is known by; see `page_key`."""
    rule: str
    fingerprint: str
    quote: str


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The findings of a run that are accepted."""

    schema: int
    accepted: tuple[Accepted, ...]


def page_key(report: PageReport) -> str:
    """Return what a page is known by from run to run: its id; of a record without one, its address or its file.

    A record without an id is called by its line, which moves when a line is added above.
    """
    if report.path is not None and re.fullmatch(re.escape(report.path) + r":\d+", report.id):
        return report.url or report.path
    return report.id


def accepted(report: PageReport, finding: Finding) -> Accepted:
    """Return the entry that accepts a finding of a page."""
    return Accepted(
        page=page_key(report), rule=finding.rule, fingerprint=finding.fingerprint, quote=finding.quote[:120]
    )


def of(reports: Iterable[PageReport]) -> Baseline:
    """Return the baseline that accepts every finding of these reports."""
    return made_of(accepted(report, finding) for report in reports for finding in report.findings)


def made_of(entries: Iterable[Accepted]) -> Baseline:
    """Return the baseline of these entries: in order, each once."""
    return Baseline(schema=SCHEMA, accepted=tuple(sorted(set(entries))))


def encode(baseline: Baseline) -> bytes:
    """Return the baseline as indented JSON, one finding after the other, so that a diff of two can be read."""
    return msgspec.json.format(msgspec.json.encode(baseline), indent=2) + b"\n"


def load(path: Path) -> Baseline:
    """Return the baseline of a file.

    Raises:
        ReportError: The file cannot be read or is no baseline, with its line and column where there is one; nothing is
            accepted by mistake.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReportError(str(path), error.strerror or str(error), "make one with `audit baseline REPORT`") from None
    try:
        baseline = msgspec.json.decode(content, type=Baseline)
    except msgspec.ValidationError as error:
        part = _PART.search(str(error))
        at = _offset(content, int(part["index"])) if part and part["index"] else 0
        raise ReportError(_place(path, content, at), f"not a baseline: {error}", _AGAIN) from None
    except msgspec.DecodeError as error:
        byte = re.search(r" \(byte (\d+)\)", str(error))
        at = int(byte[1]) if byte else len(content)
        raise ReportError(_place(path, content, at), f"not a baseline: {error}", _AGAIN) from None
    except UnicodeDecodeError as error:
        raise ReportError(_place(path, content, error.start), "not a baseline: it is not UTF-8", _AGAIN) from None
    if baseline.schema != SCHEMA:
        raise ReportError(str(path), f"schema {baseline.schema}, this version reads {SCHEMA}", _AGAIN)
    for index, entry in enumerate(baseline.accepted):
        if not entry.fingerprint:
            raise ReportError(_place(path, content, _offset(content, index)), "an entry has no fingerprint", _AGAIN)
    return baseline


def _offset(content: bytes, index: int) -> int:
    """Return the byte at which an entry begins."""
    entries: Sequence[msgspec.Raw] = msgspec.json.decode(content, type=dict[str, list[msgspec.Raw] | int])["accepted"]  # type: ignore[assignment]
    at = content.index(b'"accepted"')
    for number, entry in enumerate(entries):
        at = content.index(bytes(entry), at)
        if number == index:
            return at
        at += len(bytes(entry))
    return at


def _place(path: Path, content: bytes, at: int) -> str:
    before = content[:at]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return f"{path}:{before.count(10) + 1}:{column}"
