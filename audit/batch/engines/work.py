"""What a worker of any engine does with a shard."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path

import msgspec

import audit
from audit.batch.bound import ending
from audit.batch.plan import Shard
from audit.batch.shard import Task, Totals, audit_shard
from audit.batch.workers import cannot_write
from audit.errors import AuditError, UsageError

Answer = Totals | AuditError
Submit = Callable[[Shard], "Future[Answer]"]
"""Hands a shard over to a cluster."""


class Made(msgspec.Struct, frozen=True):
    """What a run is made with; a worker with anything else would write other reports."""

    version: str
    program: str
    """Digest of the package's files."""
    rules: str
    """Digest of the rules."""


def made(task: Task) -> Made:
    """Return what this process would make a run with."""
    return Made(audit.__version__, _program(), task.rules.digest)


def work(shard: Shard, task: Task, expected: Made) -> Answer:
    """Audit a shard, unless this is another version than the one that planned it; return what came of it."""
    here = made(task)
    if here != expected:
        what = f"a worker has version {here.version} ({here.program[:12]}), the run {expected.version} "
        hint = "install the same version on every node, and start the run outside its source folder"
        return UsageError("--engine", f"{what}({expected.program[:12]})", hint)
    ending()
    try:
        return audit_shard(shard, task)
    except AuditError as error:
        return error
    except OSError as error:
        return cannot_write(task.folder, error)


@cache
def _program() -> str:
    """Return a digest of the modules, models and rules that are installed here."""
    folder = Path(audit.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
