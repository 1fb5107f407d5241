"""A finished run, read back for the commands that look at one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from audit.cli.common import manifest
from audit.errors import ReportError
from audit.model import PageReport
from audit.report.jsonl import read_reports, report_file


def reports_of(report: Path) -> Iterator[PageReport]:
    """Yield the page reports of a run.

    Raises:
        ReportError: A line is no page report, or the report is not the one that the run wrote.
    """
    made = manifest(report)
    pages = 0
    for page in read_reports(report):
        pages += 1
        yield page
    if made.counts is not None and pages != made.counts.pages:
        what = f"{pages} pages where run.json counted {made.counts.pages}"
        raise ReportError(f"{report_file(report)}:{pages}", what, _EDITED)
    if made.report_sha256 and _digest(report_file(report)) != made.report_sha256:
        raise ReportError(str(report_file(report)), "not the report that run.json tells of: its bytes differ", _EDITED)


_EDITED = "the file was cut off or edited; run the audit again"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
