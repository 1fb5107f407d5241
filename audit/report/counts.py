"""How many of what a run found: the figures of the summary, of `run.json` and of the overview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from audit.model import PageReport


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over the pages of a run; each table is in order of its key, nothing is listed with 0."""

    pages: int
    statuses: dict[str, int]
    verdicts: dict[str, int]
    """Of the pages that could be audited."""
    findings: int
    severities: dict[int, int]
    """Findings by severity, 0 to 4."""
    rules: dict[str, int]
    families: dict[str, int]
    """Findings by `<category>.<family>`."""
    actions: dict[str, int]
    cuts: int
    cut_characters: int
    claims: int
    claim_severities: dict[int, int]
    encodings: dict[str, int]
    campaigns: int = 0
    """Of the run; no page says so by itself."""


class Tally:
    """Adds reports up, one at a time."""

    __slots__ = ("_sums", "_tables")

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()
        self._tables: dict[str, Counter[str]] = {}
        for name in ("statuses", "verdicts", "severities", "rules", "families", "actions", "claim_severities"):
            self._tables[name] = Counter()
        self._tables["encodings"] = Counter()

    def add(self, report: PageReport) -> None:
        """Count one page."""
        sums, tables = self._sums, self._tables
        sums["pages"] += 1
        tables["statuses"][report.status] += 1
        if report.verdict is not None:
            tables["verdicts"][report.verdict] += 1
        if report.encoding is not None:
            tables["encodings"][report.encoding] += 1
        sums["cuts"] += len(report.cuts)
        sums["cut_characters"] += sum(cut.end - cut.start for cut in report.cuts)
        for finding in report.findings:
            sums["findings"] += 1
            tables["severities"][str(finding.severity)] += 1
            tables["rules"][finding.rule] += 1
            tables["families"][f"{finding.category}.{finding.family}"] += 1
            tables["actions"][finding.action] += 1
        for claim in report.claims:
            sums["claims"] += 1
            tables["claim_severities"][str(claim.severity)] += 1

    def counts(self) -> Counts:
        """Return the sums so far."""
        tables = {name: dict(sorted(table.items())) for name, table in self._tables.items()}
        sums = {name: self._sums[name] for name in ("pages", "findings", "cuts", "cut_characters", "claims")}
        return msgspec.convert({**sums, **tables}, Counts, strict=False)


def count(reports: Iterable[PageReport]) -> Counts:
    """Return the sums over these reports."""
    tally = Tally()
    for report in reports:
        tally.add(report)
    return tally.counts()
