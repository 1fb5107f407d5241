"""The folder of a run: locked as long as it is written to, and its shards kept until its reports are there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from audit.batch.passes import CAMPAIGNS
from audit.batch.store import Folder, Store
from audit.errors import UsageError

REPORT = "report.jsonl"
SHARDS = ".shards"


class Output(msgspec.Struct, frozen=True):
    """Where a run writes."""

    folder: Path
    """For the reports."""
    shards: Store
    scratch: Path
    """Of this machine, for what does not fit into memory."""


@contextmanager
def opened(folder: Path, *, resume: bool) -> Iterator[Output]:
    """Make and lock the run folder; when the block ends well, its shards go.

    Unfinished files, and those of shards that are not wanted, go at once. So does the report of an earlier run: were
    this one to break off, a gate would pass on it.

    Raises:
        UsageError: The folder cannot be written, or is in use.
    """
    shards = folder / SHARDS
    with ExitStack() as open_things:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _lock(folder, open_things)
            if not resume:
                shutil.rmtree(shards, ignore_errors=True)
            shards.mkdir(exist_ok=True)
            for stale in (*shards.glob("*.tmp"), *folder.glob(f"{REPORT}*"), *folder.glob(f"{CAMPAIGNS}*")):
                stale.unlink(missing_ok=True)
        except OSError as error:
            what = f"cannot be written: {error.strerror}"
            raise UsageError(str(folder), what, "choose another folder with -o") from None
        yield Output(folder, Folder(str(shards.absolute())), shards)
        shutil.rmtree(shards, ignore_errors=True)


def _lock(folder: Path, open_things: ExitStack) -> None:
    """Hold the folder as long as this process lives; the kernel lets go of it, whatever happens."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows
        return
    handle = os.open(folder, os.O_RDONLY)
    open_things.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(
            str(folder), "another run is writing here", "wait for it, or choose another folder with -o"
        ) from None
