"""`junit.xml`: a test case for every page, as CI dashboards show them; what the gate refuses is a failure.

Where no gate was asked for, pages are held to what `audit gate` holds them to. A page that could not be read is an
error. Names and messages are text of pages: what XML 1.0 cannot hold is named instead.

Source: the schema of Jenkins' xUnit plugin, which GitLab, CircleCI and the GitHub test reporters read too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from audit.gate import Failure, GateVerdict, gate, place
from audit.model import PageReport
from audit.report.plain import line, lines
from audit.report.run import Run

_SEVERITIES = ("info", "note", "warning", "error", "blocker")
_CLASS = "article-audit"
_LONGEST = 300
"""Code points of a message that is an attribute."""


def write(run: Run, file: BinaryIO) -> None:
    """Write one test suite. Its sums come first, so the pages are gone through twice."""
    verdict = run.verdict or gate(run.reports(), run.conditions, run.known)
    of_run = _of_run(verdict)
    failing = {
        number for number, report in enumerate(run.reports()) if report.status == "ok" and _failures(run, report)
    }
    sums = (
        f'tests="{run.counts.pages + len(of_run)}" failures="{len(failing) + len(of_run)}" '
        f'errors="{run.counts.statuses.get("failed", 0)}"'
    )
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    file.write(f'<testsuites name="article-audit" {sums}>\n'.encode())
    file.write(f'<testsuite name="article-audit" {sums} skipped="0">\n'.encode())
    for number, report in enumerate(run.reports()):
        failures = _failures(run, report) if number in failing else []
        file.writelines(f"{part}\n".encode() for part in _case(run, report, failures))
    for condition, failures in of_run.items():
        file.write(f"<testcase {_attributes(classname=_CLASS, name=f'the run: {condition}')}>\n".encode())
        file.write(f"{_failure(failures)}\n</testcase>\n".encode())
    file.write(b"</testsuite>\n</testsuites>\n")


def _failures(run: Run, report: PageReport) -> list[Failure]:
    """Return what the page itself misses; each is asked alone, for the verdict on a long run lists the first only."""
    found = gate((report,), run.conditions, run.known).failures
    return [failure for failure in found if failure.page and failure.condition not in {"unread", "max_new"}]


def _of_run(verdict: GateVerdict) -> dict[str, list[Failure]]:
    """Return what the run as a whole misses, by condition: the sum first, then the findings that make it up."""
    missed: dict[str, list[Failure]] = {}
    for failure in verdict.failures:
        if not failure.page:
            missed.setdefault(failure.condition, []).append(failure)
    for failure in verdict.failures:
        if failure.page and failure.condition == "max_new":
            missed["max_new"].append(failure)
    return missed


def _case(run: Run, report: PageReport, failures: list[Failure]) -> Iterator[str]:
    folder = (report.path or "").rpartition("/")[0]
    group = ".".join(part for part in (_CLASS, *folder.split("/")) if part)
    file = {"file": report.path} if report.path else {}
    yield f"<testcase {_attributes(classname=group, name=report.id, **file)}>"
    if report.status == "failed":
        what = report.error or "it could not be read"
        yield f"<error {_attributes(message=line(what, _LONGEST), type='unread')}>{escape(lines(what))}</error>"
    elif failures:
        yield _failure(failures)
    if told := list(_told(run, report)):
        yield f"<system-out>{escape(chr(10).join(told))}</system-out>"
    yield "</testcase>"


def _failure(failures: list[Failure]) -> str:
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    message = line(failures[0].what, _LONGEST) + more
    told = (f"{failure.where}: {failure.what}" if failure.where else failure.what for failure in failures)
    body = "\n".join(line(text) for text in told)
    return f"<failure {_attributes(message=message, type=failures[0].condition)}>{escape(body)}</failure>"


def _told(run: Run, report: PageReport) -> Iterator[str]:
    """Yield what the page is told, a line a finding; what was accepted or suppressed is named as such."""
    if report.score is not None:
        yield f"verdict {report.verdict}, score {report.score}"
    for finding in report.findings:
        state = run.state(report, finding)
        mark = f" [{state}]" if state else ""
        severity = _SEVERITIES[finding.severity]
        yield line(f"{place(report, finding)}: {severity}: {finding.rule}{mark}: {finding.message}")


def _attributes(**values: str) -> str:
    return " ".join(f"{name}={quoteattr(line(value))}" for name, value in values.items())
