"""The time that a page may take, kept by an alarm of the kernel: it ends even what never comes back to Python.

In a worker the alarm has no handler, so that it ends the process: who gave it the page sees by which signal it died,
names the page and begins another worker. A run of one process has nobody to begin another, so there it raises.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

_ALARM = getattr(signal, "SIGALRM", None)  # not on Windows


class Late(BaseException):
    """The page took too long. Nothing on the way may take it for a fault of its own, so it is no `Exception`."""


def at_most(seconds: int) -> AbstractContextManager[None]:
    """Return a block that may take so many seconds, if this process has nothing else to do with alarms."""
    if not seconds or _ALARM is None or signal.getsignal(_ALARM) not in {signal.SIG_DFL, _raise}:
        return nullcontext()
    return _alarm(seconds)


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise(_signal: int, _frame: object) -> None:
    raise Late


@contextmanager
def raising() -> Iterator[bool]:
    """Have the alarm raise `Late`, and say whether it does: only the main thread hears it, and only if it is free."""
    mine = threading.current_thread() is threading.main_thread()
    if _ALARM is None or not mine or signal.getsignal(_ALARM) is not signal.SIG_DFL:
        yield False
        return
    signal.signal(_ALARM, _raise)
    try:
        yield True
    finally:
        signal.signal(_ALARM, signal.SIG_DFL)


def ending() -> None:
    """Have the alarm end this process."""
    if _ALARM is not None and threading.current_thread() is threading.main_thread():
        signal.signal(_ALARM, signal.SIG_DFL)


def was_late(exit_code: int | None) -> bool:
    """Return whether the alarm is what ended a process."""
    return _ALARM is not None and exit_code == -_ALARM
