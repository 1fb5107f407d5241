"""What `run.json` tells of how a run was made."""

from __future__ import annotations

import platform
import socket
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from audit import __version__
from audit.batch import Summary
from audit.batch.made import libraries, program
from audit.report.run import PackFact, RunFacts
from audit.rules.load import RuleSet
from audit.rules.schema import Gate
from audit.settings import Settings

_WORK = (
    "size", "passed_over", "internal_errors", "rejudged", "shards", "resumed", "cached", "cache_broken", "deaths",
    "seconds",
)  # fmt: skip
"""What of the summary is no count of the pages."""


def facts(
    done: Summary,
    rules: RuleSet,
    settings: Settings,
    gate: Gate,
    sources: Sequence[str],
    started: datetime,
    *,
    engine: str,
    today: str,
) -> RunFacts:
    """Return the facts of a run that has just ended, held to `gate`; `started` has a time zone."""
    finished = datetime.now(UTC)
    sizes = Counter(origin.rpartition(":")[0] for _, _, origin in rules.known.values())
    packs = tuple(
        PackFact(pack=pack.name, version=pack.version, rules=sizes[pack.file], digest=pack.digest)
        for pack in rules.packs
    )
    return RunFacts(
        version=__version__,
        program=program(),
        python=platform.python_version(),
        libraries=libraries(),
        packs=packs,
        rules_digest=rules.digest,
        hosts=rules.lists.sources,
        profile=rules.profile.profile,
        settings=msgspec.to_builtins(settings),
        gate=msgspec.to_builtins(gate),
        sources=tuple(source.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for source in sources),
        folder=str(Path.cwd()),
        today=today,
        engine=engine,
        jobs=done.jobs,
        report_sha256=done.report_sha256,
        work={name: getattr(done, name) for name in _WORK},
        started=started.isoformat(timespec="seconds"),
        finished=finished.isoformat(timespec="seconds"),
        seconds=round((finished - started).total_seconds(), 3),
        stages=done.seconds,
        host=socket.gethostname(),
    )
