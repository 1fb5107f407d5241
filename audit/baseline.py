"""Findings that were accepted, by identity: what was known before is not new debt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from audit.errors import ReportError
from audit.model import PageReport

SCHEMA = 1


class Accepted(msgspec.Struct, frozen=True, order=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding; page, rule and quote are there for who reads the file."""

    page: str
    rule: str
    fingerprint: str
    quote: str


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The findings of a run that are accepted."""

    schema: int
    accepted: tuple[Accepted, ...]

    @property
    def fingerprints(self) -> frozenset[str]:
        """Return the identities of what is accepted."""
        return frozenset(entry.fingerprint for entry in self.accepted)


def of(reports: Iterable[PageReport]) -> Baseline:
    """Return the baseline that accepts every finding of these reports above severity 0."""
    accepted = {
        Accepted(page=report.id, rule=finding.rule, fingerprint=finding.fingerprint, quote=finding.quote[:120])
        for report in reports
        for finding in report.findings
        if finding.severity > 0
    }
    return Baseline(schema=SCHEMA, accepted=tuple(sorted(accepted)))


def encode(baseline: Baseline) -> bytes:
    """Return the baseline as indented JSON, one finding after the other, so that a diff of two can be read."""
    return msgspec.json.format(msgspec.json.encode(baseline), indent=2) + b"\n"


def load(path: Path) -> Baseline:
    """Return the baseline of a file.

    Raises:
        ReportError: The file cannot be read or is no baseline; nothing is accepted by mistake.
    """
    try:
        baseline = msgspec.json.decode(path.read_bytes(), type=Baseline)
    except OSError as error:
        raise ReportError(str(path), error.strerror or str(error), "make one with `audit baseline REPORT`") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "make it again with `audit baseline REPORT -o FILE`"
        raise ReportError(str(path), f"not a baseline: {error}", hint) from None
    if baseline.schema != SCHEMA:
        what = f"schema {baseline.schema}, this version reads {SCHEMA}"
        raise ReportError(str(path), what, "make it again with `audit baseline REPORT -o FILE`")
    if any(not entry.fingerprint for entry in baseline.accepted):
        raise ReportError(
            str(path), "an entry has no fingerprint", "make it again with `audit baseline REPORT -o FILE`"
        )
    return baseline
