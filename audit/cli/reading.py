"""A finished run, read back for the commands that look at one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audit.cli.common import manifest
from audit.errors import ReportError
from audit.model import PageReport
from audit.report.jsonl import read_reports, report_file


def reports_of(report: Path) -> Iterator[PageReport]:
    """Yield the page reports of a run.

    Raises:
        ReportError: A line is no page report, or there are not as many as the run counted.
    """
    counted = manifest(report).counts
    pages = 0
    for page in read_reports(report):
        pages += 1
        yield page
    if counted is not None and pages != counted.pages:
        what = f"{pages} pages where run.json counted {counted.pages}"
        raise ReportError(f"{report_file(report)}:{pages}", what, "the file was cut off or edited; run the audit again")
