"""What a writer is given: the reports of a run, its pages, and the facts that only the run knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from audit.model import Page, PageReport
from audit.report.counts import Counts

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
    python: str
    libraries: dict[str, str]
    """Versions of those that can change a report."""
    packs: tuple[PackFact, ...]
    rules_digest: str
    profile: str
    settings: dict[str, Any]
    """As they took effect, ready for JSON."""
    sources: tuple[str, ...]
    """As the user gave them."""
    jobs: int
    started: str
    """ISO 8601 with offset."""
    finished: str
    seconds: float
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


Writer = Callable[[Run], tuple[Path, ...]]
"""Writes into the folder of the run and returns what it wrote; needs no network and reads no clock."""
