"""The folder of a run: locked as long as it is written to, and its shards kept until its reports are there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from audit.batch.objects import Objects, held, objects
from audit.batch.passes import CAMPAIGNS
from audit.batch.store import Folder, Store
from audit.errors import UsageError
from audit.ingest.remote import is_remote, label_of

REPORT = "report.jsonl"
SHARDS = ".shards"
_LAST = "run.json"
"""Of the files of a run in a store; who sees it sees all of them."""


class Output(msgspec.Struct, frozen=True):
    """Where a run writes."""

    folder: Path
    """For the reports."""
    shards: Store
    scratch: Path
    """Of this machine, for what does not fit into memory."""


def opened(place: Path | str, *, resume: bool) -> AbstractContextManager[Output]:
    """Make and lock the place of a run, a folder or an address; when the block ends well, its shards go.

    Unfinished files, and those of shards that are not wanted, go at once. So does the report of an earlier run: were
    this one to break off, a gate would pass on it.

    Raises:
        UsageError: It cannot be written, or is in use.
    """
    if isinstance(place, str) and is_remote(place):
        return _in_store(objects(place), resume=resume)
    return _in_folder(Path(place), resume=resume)


@contextmanager
def _in_store(store: Objects, *, resume: bool) -> Iterator[Output]:
    """Write the reports into a folder of this machine, and put them into the store when the block ends well."""
    shards = Objects(store.place(SHARDS))
    with ExitStack() as open_things:
        with _named(store):
            open_things.enter_context(held(store))
            store.remove(store.names() & {REPORT, CAMPAIGNS, _LAST})
            if not resume:
                shards.remove(shards.names())
        scratch = Path(open_things.enter_context(TemporaryDirectory(prefix="audit-")))
        folder = scratch / "reports"
        folder.mkdir()
        yield Output(folder, shards, scratch)
        with _named(store):
            files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
            for name in sorted(files, key=lambda name: (name == _LAST, name == REPORT, name)):
                store.put(files[name], name)
            shards.remove(shards.names())


@contextmanager
def _named(store: Objects) -> Iterator[None]:
    """Name the store in what is said of a fault of it."""
    try:
        yield
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        hint = "check the address and the credentials, then go on with --resume"
        raise UsageError(label_of(store.address), what, hint) from None


@contextmanager
def _in_folder(folder: Path, *, resume: bool) -> Iterator[Output]:
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
