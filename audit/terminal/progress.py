"""How far a run is, on standard error, for a person who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from audit.batch import State
from audit.terminal.text import many


@contextmanager
def bar() -> Iterator[Callable[[State], None]]:
    """Draw a bar and yield what moves it; it goes when the block ends."""
    columns = (
        TextColumn("auditing"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pages]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, pages="")

        def move(state: State) -> None:
            failed = f", {state.failed:,} unread" if state.failed else ""
            progress.update(
                task,
                completed=state.size,
                total=state.whole if state.size else None,
                pages=many(state.pages, "page") + failed,
            )

        yield move
