"""How far a run is, for a person who waits: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from audit.batch import State
from audit.terminal.text import many

EVERY = 10.0
"""Seconds between two lines of a log: six hours of them are two thousand."""
_FIRST = 1.0
"""Seconds before a rate says anything."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A state with what follows from the time it took."""

    pages: int
    failed: int
    deaths: int
    share: float
    """Of the input that is done, 0 to 1."""
    rate: float
    """Pages a second since the run began, what an earlier run had finished left out; 0 before that can be said."""
    left: int | None
    """Seconds; None before that can be said."""

    def __str__(self) -> str:
        """Say it in a line."""
        parts = [many(self.pages, "page"), f"{100 * self.share:.0f} %"]
        if self.rate:
            parts.append(f"{self.rate:,.0f} pages/s" if self.rate >= 10 else f"{self.rate:.1f} pages/s")
        if self.failed:
            parts.append(f"{self.failed:,} unread")
        if self.deaths:
            parts.append(f"{many(self.deaths, 'worker')} replaced")
        if self.left is not None:
            hours, minutes = divmod(self.left // 60, 60)
            parts.append((f"{hours}:{minutes:02}:" if hours else f"{minutes}:") + f"{self.left % 60:02} left")
        return ", ".join(parts)


class Clock:
    """Works the pace out from the states of a run; the first one is where it began."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._began = now()
        self._first: State | None = None

    def pace(self, state: State) -> Pace:
        """Return the pace that a state shows."""
        first = self._first = self._first or state
        spent = self._now() - self._began
        done, rate, left = state.size - first.size, 0.0, None
        if spent >= _FIRST:
            rate = (state.pages - first.pages) / spent
            left = round(spent * (state.whole - state.size) / done) if done else None
        share = state.size / state.whole if state.whole else 0.0
        return Pace(
            pages=state.pages, failed=state.failed, deaths=state.deaths, share=share, rate=round(rate, 2), left=left
        )


@contextmanager
def bar() -> Iterator[Callable[[State], None]]:
    """Draw a bar and yield what moves it; it goes when the block ends."""
    columns = (
        TextColumn("auditing"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    clock = Clock()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, pace="")

        def move(state: State) -> None:
            total = state.whole if state.size else None
            progress.update(task, completed=state.size, total=total, pace=str(clock.pace(state)))

        yield move


def every(
    seconds: float, tell: Callable[[Pace], None], died: Callable[[str], None], now: Callable[[], float] = monotonic
) -> Callable[[State], None]:
    """Return what passes a state on once in so many seconds, and the death of a worker at once.

    Args:
        seconds: Between two, and before the first.
        tell: Is told the pace.
        died: Is told what a worker died over.
        now: The time, in seconds.
    """
    clock = Clock(now)
    last, deaths = now(), 0

    def move(state: State) -> None:
        nonlocal last, deaths
        if state.deaths > deaths:
            deaths = state.deaths
            died(state.died)
        if now() - last >= seconds:
            last = now()
            tell(clock.pace(state))
        else:
            clock.pace(state)

    return move
