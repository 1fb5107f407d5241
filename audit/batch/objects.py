"""An object store as a place for shards and reports: `s3://`, `gs://`, `az://`, through fsspec.

An object is there whole or not at all, so that to put it is what a rename is in a folder. There is no lock that the
kernel lets go of: an object says who holds the place, and outlives a holder that was killed.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any, cast

import msgspec

from audit.batch.store import Folder
from audit.errors import UsageError
from audit.ingest.remote import label_of, system_of, told

_SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss")
"""Stores of which it is known that nobody sees half an object."""
_IN_MEMORY = 64_000_000
"""Bytes of an object that are kept in memory until it is put."""
_AT_ONCE = 16
"""Objects that are fetched ahead: a store answers one request in 10 to 100 ms, whatever their size, and many at once. A
shard's reports are a few MB."""
_LOCK = ".lock"


class Objects(msgspec.Struct, frozen=True):
    """Objects by name, below an address."""

    address: str

    def place(self, name: str) -> str:
        """Return the address of an object."""
        return f"{self.address}/{name}"

    def names(self) -> frozenset[str]:
        """Return the names of all objects."""
        with told():
            system, path = self._at("")
            try:
                found = system.find(path)
            except FileNotFoundError:
                return frozenset()
        return frozenset(name.removeprefix(f"{path}/") for name in found)

    def open(self, name: str) -> IO[bytes]:
        """Fetch an object, in one request; what is written here is never empty."""
        with told():
            system, path = self._at(name)
            return io.BytesIO(system.cat_file(path, start=0))  # without a start, some ask for the size first

    def each(self, names: Iterable[str]) -> Iterator[IO[bytes]]:
        """Fetch objects, the next ones ahead, and yield them in the order of their names."""
        waiting = iter(names)
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            coming = deque(pool.submit(self.open, name) for name in islice(waiting, _AT_ONCE))
            while coming:
                with coming.popleft().result() as file:
                    coming.extend(pool.submit(self.open, name) for name in islice(waiting, 1))
                    yield file
        finally:
            pool.shutdown(cancel_futures=True)

    def near(self, names: Iterable[str], scratch: Path) -> Folder:
        """Copy objects into a folder, and return it."""
        wanted = list(names)
        for name, file in zip(wanted, self.each(wanted), strict=True):
            with (scratch / name).open("wb") as copy:
                shutil.copyfileobj(file, copy)
        return Folder(str(scratch))

    @contextmanager
    def write(self, name: str) -> Iterator[IO[bytes]]:
        """Open what becomes an object when the block has ended well."""
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
            yield cast("IO[bytes]", content)
            size = content.seek(0, os.SEEK_END)
            content.seek(0)
            if size <= _IN_MEMORY:
                with told():
                    system, path = self._at(name)
                    system.pipe_file(path, content.read())
                return
            with NamedTemporaryFile() as copy:
                shutil.copyfileobj(content, copy)
                copy.flush()
                self.put(Path(copy.name), name)

    def put(self, file: Path, name: str) -> None:
        """Make an object of a file of any size; a long one goes in parts, and is there when the last one is."""
        with told():
            system, path = self._at(name)
            system.put_file(str(file), path)

    def create(self, name: str, content: bytes) -> None:
        """Make an object if there is none of that name; whether there is, is for the store to say.

        Raises:
            OSError: There is one, or it cannot be made.
        """
        with told():
            system, path = self._at(name)
            system.pipe_file(path, content, mode="create")

    def remove(self, names: Iterable[str]) -> None:
        """Take objects away."""
        with told():
            system, path = self._at("")
            paths = [f"{path}/{name}" for name in sorted(names)]
            if paths:
                system.rm(paths)

    def _at(self, name: str) -> tuple[Any, str]:
        system, path = system_of(self.place(name).rstrip("/"))
        system.invalidate_cache()  # other processes write here, too
        return system, path.rstrip("/")


def objects(address: str) -> Objects:
    """Return the objects below an address.

    Raises:
        UsageError: It is not known to be of an object store.
    """
    if address.partition("://")[0].lower() not in _SCHEMES:
        what = "is no object store that is known to show objects only when they are whole"
        raise UsageError(f"-o {label_of(address)}", what, "use s3://, gs:// or az://, or a folder that is mounted")
    return Objects(address.rstrip("/"))


class Holder(msgspec.Struct, frozen=True):
    """The process that writes to a place."""

    host: str
    machine: str
    """Tells apart what calls processes by numbers of its own; empty where that cannot be told."""
    process: int
    began: str
    """By the clock of the kernel: another process may have the same number later."""
    since: str

    def is_gone(self) -> bool:
        """Return whether it is known to have ended."""
        return bool(self.machine) and self.machine == _machine() and _began(self.process) != self.began


def _here() -> Holder:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(socket.gethostname(), _machine(), os.getpid(), _began(os.getpid()), since)


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # not Linux
        return ""


def _began(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


@contextmanager
def held(store: Objects) -> Iterator[None]:
    """Hold a place for as long as the block lasts, against all who ask in the same way.

    A holder that is known to be dead is followed at once; one of another machine is believed to be alive. Where the
    store ignores conditions, as some do, two that begin within the same moment could both come through.

    Raises:
        UsageError: Another run holds it.
        OSError: The store cannot be used.
    """
    there = _holder(store)
    if there and not there.is_gone():
        raise _busy(store, there)
    mine = _here()
    if there:
        store.remove([_LOCK])
    try:
        store.create(_LOCK, msgspec.json.encode(mine))
    except OSError:
        there = _holder(store)
        if there is None:
            raise
        raise _busy(store, there) from None
    there = _holder(store)
    if there and there != mine:
        raise _busy(store, there)
    try:
        yield
    finally:
        store.remove([_LOCK])


def _holder(store: Objects) -> Holder | None:
    try:
        with store.open(_LOCK) as file:
            return msgspec.json.decode(file.read(), type=Holder)
    except FileNotFoundError:
        return None


def _busy(store: Objects, there: Holder) -> UsageError:
    hint = f"wait for it, or choose another place with -o; if it is dead, delete {label_of(store.place(_LOCK))}"
    who = f"process {there.process} of {there.host}, since {there.since}"
    return UsageError(label_of(store.address), f"another run is writing here: {who}", hint)
