"""Ctrl-C: the first one stops cleanly, a second one at once; what is finished outlives both."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from audit.cli.output import warn

INTERRUPTED = 130


@contextmanager
def interruptible(hint: str) -> Iterator[None]:
    """Stop what is in the block on Ctrl-C, and say how to go on, if there is a way."""
    before = signal.getsignal(signal.SIGINT)

    def at_once(_signal: int, _frame: object) -> None:
        # no cleaning up, and no lock of a stream: whatever a kill leaves behind, the next run deals with
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"stopped at once\n")
        os._exit(INTERRUPTED)

    def stop(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, at_once)
        raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    if main:
        signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        if hint:
            warn(hint, "hint")
        raise
    finally:
        if main and signal.getsignal(signal.SIGINT) is stop:  # after a first one the second stays armed to the end
            signal.signal(signal.SIGINT, before)
