"""`pages.csv`, `findings.csv` and `claims.csv`: for spreadsheets, and to be joined with a crawl by address or path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from audit.model import PageReport
from audit.report.run import Run

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]

_KEY = ("path", "url", "id")
PAGES = (
    *_KEY, "status", "verdict", "score", "spam_score", "claims_score", "safety_score", "sourcing_score",
    "transparency_score", "readability_score", "findings", "blockers", "errors", "warnings", "notes", "infos",
    "cuts", "cut_characters", "claims", "kind", "encoding", "sha256", "clean_sha256", "error",
)  # fmt: skip
FINDINGS = (
    *_KEY, "rule", "category", "family", "severity", "action", "confidence", "line", "column", "start", "end",
    "quote", "message", "why", "fingerprint",
)  # fmt: skip
CLAIMS = (*_KEY, "type", "strength", "source", "negated", "severity", "start", "end", "quote")

_CHUNK = 5_000
"""Rows in memory at a time."""
_LONGEST = 32_000
"""Code points of a cell; spreadsheets stop at 32,767."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the start of a formula. Source: OWASP, CSV Injection."""


def write(run: Run) -> tuple[Path, ...]:
    """Write the three tables: UTF-8 with a byte order mark, so that a spreadsheet opens them as they are."""
    tables = (
        ("pages.csv", PAGES, map(_page, run.reports())),
        ("findings.csv", FINDINGS, chain.from_iterable(map(_findings, run.reports()))),
        ("claims.csv", CLAIMS, chain.from_iterable(map(_claims, run.reports()))),
    )
    return tuple(_write(run.folder / name, columns, rows) for name, columns, rows in tables)


def harmless(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet reads it as a formula or breaks on its length; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "\ufffd")
    if text.startswith(_FORMULA):
        text = "'" + text
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[Row]) -> Path:
    import pandas as pd  # noqa: PLC0415  half a second that `audit --help` does not pay

    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\ufeff")
        pd.DataFrame(columns=list(columns)).to_csv(file, index=False, lineterminator="\n")
        while chunk := list(islice(rows, _CHUNK)):
            safe = [tuple(map(harmless, row)) for row in chunk]
            # As objects: a column of whole numbers with a gap would turn into floats, and 41 into 41.0.
            frame = pd.DataFrame(safe, columns=list(columns), dtype=object)
            frame.to_csv(file, header=False, index=False, lineterminator="\n")
    return path


def _page(report: PageReport) -> Row:
    by_severity = [0, 0, 0, 0, 0]
    for finding in report.findings:
        by_severity[finding.severity] += 1
    scores = report.scores
    parts: Row = (None,) * 6
    if scores is not None:
        parts = (
            scores.spam, scores.claims, scores.safety, scores.sourcing, scores.transparency, scores.readability,
        )  # fmt: skip
    cut = sum(cut.end - cut.start for cut in report.cuts)
    return (
        *_key(report), report.status, report.verdict, report.score, *parts, len(report.findings),
        *reversed(by_severity), len(report.cuts), cut, len(report.claims), report.kind, report.encoding,
        report.sha256, report.clean_sha256, report.error,
    )  # fmt: skip


def _findings(report: PageReport) -> Iterator[Row]:
    for finding in report.findings:
        place: Row = (None,) * 4
        if finding.spans:
            first, last = finding.spans[0], finding.spans[-1]
            place = (first.line, first.column, first.start, last.end)
        yield (
            *_key(report), finding.rule, finding.category, finding.family, finding.severity, finding.action,
            finding.confidence, *place, finding.quote, finding.message, finding.why, finding.fingerprint,
        )  # fmt: skip


def _claims(report: PageReport) -> Iterator[Row]:
    for claim in report.claims:
        yield (
            *_key(report), claim.type, claim.strength, claim.source, claim.negated, claim.severity, claim.start,
            claim.end, claim.quote,
        )  # fmt: skip


def _key(report: PageReport) -> Row:
    return report.path, report.url, report.id
