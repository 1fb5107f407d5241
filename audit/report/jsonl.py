"""`report.jsonl`: one page report a line, UTF-8, read back one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from audit.errors import ReportError
from audit.model import SCHEMA, PageReport

NAME = "report.jsonl"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(PageReport)


def encode(report: PageReport) -> bytes:
    """Return the report as one line of UTF-8, line feed included.

    Raises:
        UnicodeEncodeError: The report holds half a surrogate pair; no reader of pages lets one in.
    """
    return _encoder.encode(report) + b"\n"


def decode(line: bytes) -> PageReport:
    """Return the report that stands in a line; fields that this version does not know are skipped.

    Raises:
        msgspec.DecodeError: It is not JSON, or a field has the wrong type; the message names the field.
    """
    return _decoder.decode(line)


def report_file(path: Path) -> Path:
    """Return the report itself where the folder of a run is given."""
    return path / NAME if path.is_dir() else path


def read_reports(path: Path) -> Iterator[PageReport]:
    """Yield the page reports of a finished run in their order, one line in memory at a time.

    Args:
        path: `report.jsonl`, or the folder that holds it.

    Raises:
        ReportError: The file cannot be read, or a line is not a page report; the message names the line.
    """
    source = report_file(path)
    try:
        file = source.open("rb")
    except OSError as error:
        hint = "give the folder of a finished run, or its report.jsonl"
        raise ReportError(str(source), error.strerror or str(error), hint) from None
    with file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _read(line, f"{source}:{number}")


def _read(line: bytes, where: str) -> PageReport:
    try:
        report = decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "the run may have been interrupted, or the file edited; run the audit again"
        raise ReportError(where, f"not a page report: {error}", hint) from None
    if report.schema > SCHEMA:
        what = f"schema {report.schema} is newer than this version reads ({SCHEMA})"
        raise ReportError(where, what, "upgrade article-audit")
    return report
