"""The run as tables: what CSV, XLSX and Parquet have in common. Every row begins with what a page is joined by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from audit.model import PageReport
from audit.report.run import Run

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]
Kind = type[str | int | float | bool]
Column = tuple[str, Kind]


@dataclass(frozen=True, slots=True)
class Table:
    """One table; its rows are made as they are asked for."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Run], Iterator[Row]]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(name for name, _ in self.columns)


def _columns(spec: str) -> tuple[Column, ...]:
    """Read `name` and `name:kind`; what has no kind is text."""
    kinds: dict[str, Kind] = {
        "": str, "int": int, "float": float, "bool": bool,
    }  # fmt: skip
    return tuple((name, kinds[kind]) for name, _, kind in (word.partition(":") for word in spec.split()))


_KEY = "path url id "
_PAGES = _columns(
    _KEY + "status verdict score:int spam_score:int claims_score:int safety_score:int sourcing_score:int "
    "transparency_score:int readability_score:int findings:int blockers:int errors:int warnings:int notes:int "
    "infos:int cuts:int cut_characters:int claims:int new:int kind encoding sha256 clean_sha256 error"
)
_FINDINGS = _columns(
    _KEY + "rule category family severity:int action confidence:float line:int column:int start:int end:int "
    "quote message why fingerprint state reason"
)
_CLAIMS = _columns(_KEY + "type strength source negated:bool severity:int start:int end:int quote")

_CAMPAIGNS = _columns(
    "id what family pages:int cut:int site_count:int sites brands hosts phones tricks texts first_page first_url "
    "first_quote strongest_page strongest_url strongest_quote strongest_confidence:float"
)
_MOST_NAMED = 20
"""Names of a cell that lists them; `campaigns.jsonl` has all."""


def _pages(run: Run) -> Iterator[Row]:
    for report in run.reports():
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
        new = sum(finding.severity > 0 and run.state(report, finding) == "new" for finding in report.findings)
        yield (
            *_key(report), report.status, report.verdict, report.score, *parts, len(report.findings),
            *reversed(by_severity), len(report.cuts), cut, len(report.claims), new if run.baselined else None,
            report.kind, report.encoding, report.sha256, report.clean_sha256, report.error,
        )  # fmt: skip


def _findings(run: Run) -> Iterator[Row]:
    for report in run.reports():
        for finding in report.findings:
            place: Row = (None,) * 4
            if finding.spans:
                first, last = finding.spans[0], finding.spans[-1]
                place = (first.line, first.column, first.start, last.end)
            standing = run.known.standing(report, finding)
            yield (
                *_key(report), finding.rule, finding.category, finding.family, finding.severity, finding.action,
                finding.confidence, *place, finding.quote, finding.message, finding.why, finding.fingerprint,
                run.state(report, finding), standing.reason or None,
            )  # fmt: skip


def _claims(run: Run) -> Iterator[Row]:
    for report in run.reports():
        for claim in report.claims:
            yield (
                *_key(report), claim.type, claim.strength, claim.source, claim.negated, claim.severity, claim.start,
                claim.end, claim.quote,
            )  # fmt: skip


def _campaigns(run: Run) -> Iterator[Row]:
    for found in run.campaigns():
        first, strongest = found.first, found.strongest
        named = (found.sites, found.brands, found.hosts, found.phones, found.tricks, found.texts)
        yield (
            found.id, found.what, found.family, found.pages, found.cut, found.site_count, *map(_named, named),
            first.page, first.url, first.quote, strongest.page, strongest.url, strongest.quote, strongest.confidence,
        )  # fmt: skip


def _named(counts: dict[str, int]) -> str:
    """Return names with the number of their pages, most first."""
    shown = [f"{name} ({pages})" for name, pages in counts.items() if name][:_MOST_NAMED]
    return "; ".join([*shown, "…"] if len(shown) < sum(map(bool, counts)) else shown)


def _key(report: PageReport) -> Row:
    return report.path, report.url, report.id


TABLES = (
    Table("pages", _PAGES, _pages),
    Table("findings", _FINDINGS, _findings),
    Table("claims", _CLAIMS, _claims),
    Table("campaigns", _CAMPAIGNS, _campaigns),
)
"""The tables of a run."""
