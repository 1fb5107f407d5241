"""Where shards stand: files by name, each there whole or not at all, seen alike by every worker."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

import msgspec


class Store(Protocol):
    """Files by name. Goes to the workers of a run with what they are to do."""

    def place(self, name: str) -> str:
        """Return the path or address of a file, by which any process of the run may read it."""

    def names(self) -> frozenset[str]:
        """Return the names of all files."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading.

        Raises:
            FileNotFoundError: There is none of that name.
            OSError: It cannot be read.
        """

    def each(self, names: Iterable[str]) -> Iterator[IO[bytes]]:
        """Yield files for reading, in the order of their names; each is closed when the next one is asked for.

        Raises:
            FileNotFoundError: There is none of that name.
            OSError: It cannot be read.
        """

    def near(self, names: Iterable[str], scratch: Path) -> Store:
        """Return where files can be read as often as one likes: here, or a copy of them below a folder for the like.

        Raises:
            OSError: They cannot be read.
        """

    def write(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file that appears under its name only when the block has ended well and all of it is kept.

        Raises:
            OSError: It cannot be written.
        """


class Folder(msgspec.Struct, frozen=True):
    """A folder, of one machine or shared."""

    path: str

    def place(self, name: str) -> str:
        """Return the path of a file."""
        return str(Path(self.path) / name)

    def names(self) -> frozenset[str]:
        """Return the names of all files."""
        return frozenset(os.listdir(self.path))  # noqa: PTH208  (names are all that is wanted)

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        return (Path(self.path) / name).open("rb")

    def each(self, names: Iterable[str]) -> Iterator[IO[bytes]]:
        """Yield files for reading, in the order of their names."""
        for name in names:
            with self.open(name) as file:
                yield file

    def near(self, names: Iterable[str], scratch: Path) -> Folder:  # noqa: ARG002  (they are near)
        """Return this folder."""
        return self

    def write(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file that appears under its name only when all of it is on disk."""
        return write_whole(Path(self.path) / name)


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all of it is on disk."""
    unfinished = path.with_name(f"{path.name}.{platform.node()}.{os.getpid()}.tmp")  # nodes share folders
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
