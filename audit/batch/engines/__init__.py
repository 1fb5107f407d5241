"""Existing distributed engines over the same `audit_shard`: what happens exactly once does so by the shards' files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from importlib.util import find_spec
from itertools import islice

from audit.batch.engines.work import Answer, Submit
from audit.batch.made import Made, made
from audit.batch.plan import Shard
from audit.batch.shard import Task, Totals, finished
from audit.batch.workers import Died, in_workers
from audit.errors import AuditError, UsageError

Engine = Callable[[str, Task, Made, int], AbstractContextManager[tuple[Submit, int]]]
"""Of an address (empty for a cluster of this machine's own), what is to be done, with what, and the number of workers
(0 for all there are): what hands a shard over, and how many should be in flight."""
_TICK = 0.5
"""Seconds between two signs of life."""


def _ray() -> Engine:
    from audit.batch.engines.ray import cluster  # noqa: PLC0415

    return cluster


def _spark() -> Engine:
    from audit.batch.engines.spark import cluster  # noqa: PLC0415

    return cluster


ENGINES: dict[str, Callable[[], Engine]] = {"ray": _ray, "spark": _spark}
_LIBRARIES = {"ray": ("ray", ""), "spark": ("pyspark", ", and a Java runtime")}
"""What each is made of, and what else it takes."""


def check_installed(name: str) -> None:
    """Raise if the library of an engine is not installed: before a run touches anything.

    Raises:
        UsageError: It is not.
    """
    library, also = _LIBRARIES[name]
    if find_spec(library) is None:
        raise UsageError.needs_extra("--engine", name, name, also)


def in_cluster(
    name: str,
    address: str,
    shards: Sequence[Shard],
    task: Task,
    jobs: int,
    tick: Callable[[int], None] | None = None,
    died: Died | None = None,
) -> Iterator[tuple[Shard, Totals]]:
    """Audit the shards on a cluster; yield each one when its files are complete, in no order.

    What the engine cannot do, because workers die over it or the cluster is gone, is done here: in a worker process,
    which names the page that kills.

    Args:
        name: Key of `ENGINES`.
        address: Of the cluster; empty for one of this machine's own.
        shards: What to audit.
        task: How. Its store must be one that every node sees under the same path.
        jobs: Workers; 0 for all that the cluster has.
        tick: Is told now and then that the run goes on.
        died: Is told of each local worker that died over what the engine gave up.

    Raises:
        AuditError: A shard cannot be written, a node has another version, or the engine is not installed.
    """
    if not shards:
        return
    with ENGINES[name]()(address, task, made(task.rules.digest), jobs) as (submit, window):
        waiting = iter(shards)
        flying: dict[Future[Answer], Shard] = {}
        while True:
            flying |= {submit(shard): shard for shard in islice(waiting, window - len(flying))}
            if not flying:
                return
            for future in wait(flying, timeout=_TICK, return_when=FIRST_COMPLETED).done:
                shard = flying.pop(future)
                answer = None if future.exception() else future.result()
                if isinstance(answer, AuditError):
                    raise answer
                if answer is None:
                    yield from in_workers([shard], task, 1, died=died)
                elif finished(task.store, shard):
                    yield shard, answer
                else:
                    hint = "choose a folder with -o that every node sees under the same path"
                    what = "what the cluster's workers write does not arrive here"
                    raise UsageError(task.store.place(""), what, hint)
            if tick:
                tick(0)
