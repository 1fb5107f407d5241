"""The local engine: processes that audit shards, die with their parent, and are replaced when they die alone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, ClassVar

from audit.batch.bound import ending, was_late
from audit.batch.plan import Shard
from audit.batch.shard import DIED, NONE_PASSED, Passed, Progress, Task, Totals, audit_shard, took_more
from audit.errors import AuditError, InputError, UsageError

_START = get_context("spawn")
"""A fork would copy the threads' locks of a progress bar, and would keep the lock of the run folder."""
_PR_SET_PDEATHSIG = 1
_TICK = 0.2
"""Seconds between two looks at the progress of the workers."""
_DEATHS = 2
"""Deaths over one page after which it is passed over; one may be bad luck."""
Died = Callable[[Shard, str], None]
"""Is told that a worker died over a shard, and over what in it."""


class _Watched(ctypes.Structure):
    """Progress in shared memory."""

    _fields_: ClassVar = [("value", ctypes.c_longlong), ("item", ctypes.c_longlong), ("auditing", ctypes.c_longlong)]


def in_workers(
    shards: Iterable[Shard],
    task: Task,
    jobs: int,
    tick: Callable[[int], None] | None = None,
    died: Died | None = None,
) -> Iterator[tuple[Shard, Totals]]:
    """Audit the shards in processes; yield each one when its file is complete, in no order.

    Args:
        shards: What to audit.
        task: How; it must pickle.
        jobs: Number of workers.
        tick: Is told, a few times a second, how many pages of unfinished shards are done.
        died: Is told of each worker that died.

    Raises:
        AuditError: A shard cannot be written, or workers cannot begin.
    """
    waiting = deque(shards)
    deaths: Counter[tuple[int, int, int, int]] = Counter()
    passed: dict[int, Passed] = {}
    workers = [_Worker(task) for _ in range(min(jobs, len(waiting)))]
    try:
        while waiting or any(worker.shard for worker in workers):
            for at, worker in enumerate(workers):
                if worker.shard is None and waiting:
                    workers[at] = _hand_over(worker, waiting, passed, task)
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
                    what = _after_death(worker, shard, deaths, passed)
                    if died:
                        died(shard, what)
                    waiting.appendleft(shard)
                    workers[at] = _Worker(task)
            if tick:
                tick(sum(max(worker.progress.value, 0) for worker in workers if worker.shard))
    finally:
        for worker in workers:
            worker.end()


def _hand_over(worker: _Worker, waiting: deque[Shard], passed: dict[int, Passed], task: Task) -> _Worker:
    """Give the next shard to a worker, or to a new one if that died while it was idle."""
    shard = waiting.popleft()
    skip = passed.get(shard.index, NONE_PASSED)
    try:
        worker.give(shard, skip)
    except OSError:
        worker.end()
        worker = _Worker(task)
        worker.give(shard, skip)
    return worker


def _after_death(
    worker: _Worker, shard: Shard, deaths: Counter[tuple[int, int, int, int]], passed: dict[int, Passed]
) -> str:
    """Count the death against what was being worked on, and return what happened.

    Raises:
        AuditError: The worker cannot start at all, or dies although all that kills is passed over.
    """
    worker.end()
    progress = worker.progress
    page, item, auditing = progress.value, progress.item, progress.auditing
    late = was_late(worker.process.exitcode)
    what = took_more(worker.task.options.max_page_seconds) if late else DIED
    deaths[shard.index, page, item, auditing] += 1
    told = f"page {page + 1} of shard {shard.index}: {what}" if auditing else f"reading shard {shard.index}: {DIED}"
    if deaths[shard.index, page, item, auditing] < _DEATHS:
        return told
    if page < 0:
        code = worker.process.exitcode
        raise UsageError("--jobs", f"worker processes end before they begin (exit code {code})", "try --jobs 1")
    known = passed.get(shard.index, NONE_PASSED)
    if page in known.pages if auditing else item in known.items:
        named = ", ".join(item.label for item in shard.items[:3])
        raise InputError(named, "reading it ends the worker process", "leave it out, or report it as a bug")
    passed[shard.index] = (
        Passed({**known.pages, page: what}, known.items)
        if auditing
        else Passed(known.pages, {**known.items, item: page})
    )
    return told


@dataclass(slots=True)
class _Worker:
    task: Task
    shard: Shard | None = None
    progress: Any = field(init=False)
    connection: Connection[Any, Any] = field(init=False)
    process: SpawnProcess = field(init=False)

    def __post_init__(self) -> None:
        self.progress = _START.RawValue(_Watched, -1)
        self.connection, other = _START.Pipe()
        self.process = _START.Process(target=_work, args=(other, self.task, self.progress, os.getpid()), daemon=True)
        with _uninterrupted():
            self.process.start()
        other.close()

    def give(self, shard: Shard, passed: Passed) -> None:
        self.connection.send((shard, passed))
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


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold an interruption back until the end of the block. A process begun in it is never interrupted.

    A Ctrl-C goes to all processes of the terminal: half-begun workers would answer it with a trace of their own.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # it lets interruptions through again when it has begun
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection[Any, Any], task: Task, progress: Progress, parent: int) -> None:
    """Audit the shards that come through the connection until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means; see _uninterrupted
    ending()
    _die_with(parent)
    while True:
        try:
            shard, passed = connection.recv()
        except EOFError:
            return
        answer: Totals | AuditError
        try:
            answer = audit_shard(shard, task, progress, passed)
        except AuditError as error:
            answer = error
        except OSError as error:
            answer = cannot_write(task.store.place(""), error)
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
