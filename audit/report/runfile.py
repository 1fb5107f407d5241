"""`run.json`: what the run was made with, when and where, and its sums."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from audit.report.run import Run


def write(run: Run, file: BinaryIO) -> None:
    """Write `run.json`: the facts of the run, then its counts."""
    content = {
        **msgspec.to_builtins(run.facts, str_keys=True),
        "counts": msgspec.to_builtins(run.counts, str_keys=True),
    }
    file.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
