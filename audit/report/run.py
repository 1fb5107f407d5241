"""What a writer is given: the reports of a run, its pages, and the facts that only the run knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from audit.gate import BAR, GateVerdict
from audit.known import NOTHING, Known, State
from audit.model import Campaign, Finding, Page, PageReport
from audit.report.counts import Counts
from audit.rules.schema import Gate

if TYPE_CHECKING:
    from audit.rules.load import RuleSet


class PackFact(msgspec.Struct, frozen=True, kw_only=True):
    """A rule pack as it was loaded."""

    pack: str
    version: int
    rules: int
    digest: str


class RunFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was made with. Times and host go into `run.json` and nowhere else."""

    version: str
    """Of the package."""
    program: str = ""
    """Digest of the package's files, as installed."""
    python: str
    libraries: dict[str, str]
    """Versions of those that can change a report."""
    packs: tuple[PackFact, ...]
    rules_digest: str
    profile: str
    settings: dict[str, Any]
    """As they took effect, ready for JSON."""
    gate: dict[str, Any] = {}
    """What it was held to, as a profile has it."""
    hosts: dict[str, str] = {}
    """The site's own lists of hosts, by name of the file: the digest of its bytes."""
    sources: tuple[str, ...]
    """As the user gave them."""
    folder: str = ""
    """The working folder, from which sources and settings are seen."""
    today: str = ""
    """Day that expiries were held to."""
    engine: str = "local"
    jobs: int
    report_sha256: str = ""
    """Of `report.jsonl`. Who repeats the run with the same version, rules, settings and sources gets the same."""
    work: dict[str, Any] = {}
    """What it took: bytes, shards, pages from the cache, workers that died."""
    started: str
    """ISO 8601 with offset."""
    finished: str
    seconds: float
    stages: dict[str, float] = {}
    """Seconds by stage, as `audit.batch.Summary` has them."""
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run. Reports and pages can be gone through again and again; neither is ever held as a whole."""

    folder: Path
    """Where the files of the run stand."""
    reports: Callable[[], Iterator[PageReport]]
    pages: Callable[[], Iterator[Page]]
    """The pages in the order of their reports; a page that cannot be had again (standard input) may be left out."""
    rules: RuleSet
    facts: RunFacts
    counts: Counts
    campaigns: Callable[[], Iterator[Campaign]] = lambda: iter(())
    """The campaigns of the run, the widest first; read again each time."""
    known: Known = NOTHING
    """How each finding stands to the baseline and the suppressions."""
    baselined: bool = False
    """Whether there is a baseline; without one nothing is called new."""
    conditions: Gate = BAR
    """What pages are held to; that of `audit gate` where nothing was asked for."""
    verdict: GateVerdict | None = None
    """The decision of the gate, if one was asked for; of its failures a thousand of each condition are listed."""

    def state(self, report: PageReport, finding: Finding) -> State | None:
        """Return how a finding stands; `None` where there is nothing that it could stand to.

        Of severity 0 nothing is called new: it is a fact, no debt.
        """
        state = self.known.standing(report, finding).state
        return None if state == "new" and not (self.baselined and finding.severity) else state
