"""`run.json`: what the run was made with, when and where, and its sums."""

from __future__ import annotations

from pathlib import Path

import msgspec

from audit.report.run import Run

NAME = "run.json"


def write(run: Run) -> tuple[Path, ...]:
    """Write `run.json`: the facts of the run, then its counts."""
    content = {
        **msgspec.to_builtins(run.facts, str_keys=True),
        "counts": msgspec.to_builtins(run.counts, str_keys=True),
    }
    path = run.folder / NAME
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    return (path,)
