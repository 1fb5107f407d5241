"""What a worker of any engine does with a shard."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from audit.batch.bound import ending
from audit.batch.made import Made, made
from audit.batch.plan import Shard
from audit.batch.shard import Task, Totals, audit_shard
from audit.batch.workers import cannot_write
from audit.errors import AuditError, UsageError

Answer = Totals | AuditError
Submit = Callable[[Shard], "Future[Answer]"]
"""Hands a shard over to a cluster."""


def work(shard: Shard, task: Task, expected: Made) -> Answer:
    """Audit a shard, unless this is another version than the one that planned it; return what came of it."""
    here = made(task.rules.digest)
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
        return cannot_write(task.store.place(""), error)
