"""The local engine: processes that audit shards, die with their parent, and are replaced when they die alone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from audit.batch.plan import Shard
from audit.batch.shard import Progress, Task, Totals, audit_shard
from audit.errors import AuditError, InputError, UsageError

_START = get_context("spawn")
"""A fork would copy the threads' locks of a progress bar, and would keep the lock of the run folder."""
_PR_SET_PDEATHSIG = 1
_TICK = 0.2
"""Seconds between two looks at the progress of the workers."""
_DEATHS = 2
"""Deaths on one page after which it is passed over; one may be bad luck."""


def in_workers(
    shards: Iterable[Shard], task: Task, jobs: int, tick: Callable[[int], None] | None = None
) -> Iterator[tuple[Shard, Totals]]:
    """Audit the shards in processes; yield each one when its file is complete, in no order.

    Args:
        shards: What to audit.
        task: How; it must pickle.
        jobs: Number of workers.
        tick: Is told, a few times a second, how many pages of unfinished shards are done.

    Raises:
        AuditError: A shard cannot be written, or a worker cannot even read its input.
    """
    waiting = deque(shards)
    deaths: Counter[tuple[int, int]] = Counter()
    deadly: dict[int, frozenset[int]] = {}
    workers = [_Worker(task) for _ in range(min(jobs, len(waiting)))]
    try:
        while waiting or any(worker.shard for worker in workers):
            for at, worker in enumerate(workers):
                if worker.shard is None and waiting:
                    workers[at] = _hand_over(worker, waiting, deadly, task)
            wait([worker.connection for worker in workers if worker.shard], timeout=_TICK)
            for at, worker in enumerate(workers):
                shard = worker.shard
                if shard is None or not worker.connection.poll():
                    continue
                answer = worker.answer()
                if isinstance(answer, Totals):
                    yield shard, answer
                elif isinstance(answer, Exception):
                    raise answer
                else:
                    _after_death(worker, shard, deaths, deadly)
                    waiting.appendleft(shard)
                    workers[at] = _Worker(task)
            if tick:
                tick(sum(max(worker.progress.value, 0) for worker in workers if worker.shard))
    finally:
        for worker in workers:
            worker.end()


def _hand_over(worker: _Worker, waiting: deque[Shard], deadly: dict[int, frozenset[int]], task: Task) -> _Worker:
    """Give the next shard to a worker, or to a new one if that died while it was idle."""
    shard = waiting.popleft()
    skip = deadly.get(shard.index, frozenset())
    try:
        worker.give(shard, skip)
    except OSError:
        worker.end()
        worker = _Worker(task)
        worker.give(shard, skip)
    return worker


def _after_death(
    worker: _Worker, shard: Shard, deaths: Counter[tuple[int, int]], deadly: dict[int, frozenset[int]]
) -> None:
    """Count the death against the page that was being worked on.

    Raises:
        AuditError: The worker cannot start at all, or dies although the page is passed over.
    """
    page = worker.progress.value
    worker.end()
    known = deadly.get(shard.index, frozenset())
    deaths[shard.index, page] += 1
    if deaths[shard.index, page] < _DEATHS:
        return
    if page < 0:
        code = worker.process.exitcode
        raise UsageError("--jobs", f"worker processes end before they begin (exit code {code})", "try --jobs 1")
    if page in known:
        named = ", ".join(item.label for item in shard.items[:3])
        raise InputError(named, "reading it ends the worker process", "leave it out, or report it as a bug")
    deadly[shard.index] = known | {page}


@dataclass(slots=True)
class _Worker:
    task: Task
    shard: Shard | None = None
    progress: Any = field(init=False)
    connection: Connection[Any, Any] = field(init=False)
    process: SpawnProcess = field(init=False)

    def __post_init__(self) -> None:
        self.progress = _START.RawValue("q", -1)
        self.connection, other = _START.Pipe()
        self.process = _START.Process(target=_work, args=(other, self.task, self.progress, os.getpid()), daemon=True)
        self.process.start()
        other.close()

    def give(self, shard: Shard, deadly: frozenset[int]) -> None:
        self.connection.send((shard, deadly))
        self.shard = shard

    def answer(self) -> Totals | Exception | None:
        """Return what came of the shard; None if the worker died over it."""
        try:
            got: Totals | Exception = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            return None
        self.shard = None
        self.progress.value = -1
        return got

    def end(self) -> None:
        self.connection.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def _work(connection: Connection[Any, Any], task: Task, progress: Progress, parent: int) -> None:
    """Audit the shards that come through the connection until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    _die_with(parent)
    while True:
        try:
            shard, deadly = connection.recv()
        except EOFError:
            return
        answer: Totals | AuditError
        try:
            answer = audit_shard(shard, task, progress, deadly)
        except AuditError as error:
            answer = error
        except OSError as error:
            answer = cannot_write(task.folder, error)
        connection.send(answer)


def cannot_write(folder: str, error: OSError) -> AuditError:
    """Return what to say when the run folder takes no more."""
    return UsageError(
        folder,
        f"cannot be written: {error.strerror or error}",
        "make room or choose another -o, then go on with --resume",
    )


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
