"""Bytes of a source: local or remote, packed or plain, and never more of them in memory than a reader asks for."""

from __future__ import annotations

import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Protocol, cast

from audit.errors import PageError
from audit.ingest.items import PACKED, PACKINGS, Item, split_packing
from audit.ingest.remote import is_remote, open_remote

BOMB_SIZE = 1_000_000_000
BOMB_RATIO = 200
"""A packed file that gives more than both is a bomb: text packs to a tenth, endless repetition to a thousandth."""
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""First bytes of packed files."""
_CHUNK = 65536
_OUT = 1 << 18
"""Most bytes that one step of unpacking gives."""
_ZSTD_STEP = 256
"""Bytes of Zstandard unpacked in one step; a block of four bytes may stand for 128 kB."""
_ZSTD_WINDOW = 1 << 27
_SKIP = 1 << 20


class Binary(Protocol):
    """What a reader needs of a file."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102
    def readline(self, size: int, /) -> bytes: ...  # noqa: D102


@contextmanager
def opened(item: Item) -> Iterator[IO[bytes]]:
    """Open the file of an item, from its first byte on.

    Raises:
        OSError: It cannot be opened or read.
        PageError: It is no regular file, or not the one that was planned: it changed before or while it was read.
    """
    if is_remote(item.path):
        with open_remote(item.path) as remote:
            yield remote
        return
    with open(item.path, "rb", opener=_at_once) as file:  # the other open takes no opener
        _same(item, file.fileno(), "since the run was planned")
        yield cast("IO[bytes]", file)
        _same(item, file.fileno(), "while it was read")


def _at_once(path: str, flags: int) -> int:
    """Open without waiting, should the file have become a pipe that nobody writes to."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _same(item: Item, handle: int, when: str) -> None:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise PageError(item.label, "is not a regular file", "pipe its content in with -, or name a file")
    planned = item.stamp.partition(".")
    if planned[1] and (status.st_size, str(status.st_mtime_ns)) != (item.size, planned[0]):
        raise PageError(item.label, f"changed {when}", "let it be finished first, then run again with --resume")


class Unpacked(io.RawIOBase):
    """What a packed stream holds, forward only. A fault is raised only after all bytes before it were given."""

    def __init__(self, file: Binary, label: str, packing: str, *, members: bool = True) -> None:
        """Begin at the place where the file stands.

        Args:
            file: The packed bytes.
            label: Where they stand, for messages.
            packing: `gzip`, `zstd`, or `deflate` without any frame.
            members: Whether to go on with the next gzip member after the first.

        Raises:
            PageError: It is Zstandard and the library is not installed.
        """
        self._file, self._label, self._packing, self._members = file, label, packing, members
        self._ready, self._at = b"", 0
        self._rest = b""
        self._decoder: Any = None
        self._fault: PageError | None = None
        self._ended = False
        self.taken = self.given = 0
        """Bytes read, and bytes that they gave."""
        if packing == "zstd":
            self._zstd = _zstandard(label)

    @property
    def consumed(self) -> int:
        """Bytes of the packed file that belong to what was given, once all was."""
        return self.taken - len(self._rest)

    def readable(self) -> bool:  # noqa: D102
        return True

    def tell(self) -> int:  # noqa: D102
        return self.given - (len(self._ready) - self._at)

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401, D102
        while self._at >= len(self._ready):
            if self._fault is not None:
                raise self._fault
            if not self._more():
                return 0
        count = min(len(buffer), len(self._ready) - self._at)
        buffer[:count] = self._ready[self._at : self._at + count]
        self._at += count
        return count

    def _more(self) -> bool:
        """Unpack some more; return whether there may be anything left."""
        if self.given > BOMB_SIZE and self.given > BOMB_RATIO * self.taken:
            return self._fail(f"a bomb: {self.taken:,} bytes unpack to more than {self.given:,}", "leave it out")
        if self._ended:
            return False
        data = self._rest or self._file.read(_CHUNK)
        if not self._rest:
            self.taken += len(data)
        if self._decoder is None:
            data = data.lstrip(b"\0") if self.given and self._packing == "gzip" else data  # padding of tapes
            if not data:
                return False
            self._decoder = self._new()
        elif not data and self._packing == "zstd":
            return self._cut_off()
        self._set(self._zstd_step(data) if self._packing == "zstd" else self._zlib_step(data))
        return True

    def _new(self) -> Any:  # noqa: ANN401
        if self._packing == "zstd":
            return self._zstd.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        return zlib.decompressobj(31 if self._packing == "gzip" else -15)

    def _set(self, out: bytes) -> None:
        self._ready, self._at = out, 0
        self.given += len(out)

    def _zlib_step(self, data: bytes) -> bytes:
        before = self._decoder.copy()
        try:
            out: bytes = self._decoder.decompress(data, _OUT)
        except zlib.error as error:
            out = _up_to_fault(before, data)
            self._rest = b""
            self._fail(f"broken {self._packing}: {error}", "fetch or pack it again; what came before was read")
            return out
        if self._decoder.eof:
            self._rest, self._decoder = self._decoder.unused_data, None
            self._ended = not self._members
            return out
        self._rest = self._decoder.unconsumed_tail
        if not data and not out:
            self._cut_off()
        return out

    def _zstd_step(self, data: bytes) -> bytes:
        step, self._rest = data[:_ZSTD_STEP], data[_ZSTD_STEP:]
        try:
            out: bytes = self._decoder.decompress(step)
        except self._zstd.ZstdError as error:
            self._fail(f"broken Zstandard: {error}", "fetch or pack it again; what came before was read")
            return b""
        if self._decoder.eof:
            self._rest, self._decoder = self._decoder.unused_data + self._rest, None
        return out

    def _cut_off(self) -> bool:
        return self._fail(f"broken {self._packing}: cut off", "fetch it again; what came before was read")

    def _fail(self, what: str, hint: str) -> bool:
        self._ready, self._at = b"", 0
        self._fault = PageError(self._label, what, hint)
        return True


def _up_to_fault(decoder: Any, data: bytes) -> bytes:  # noqa: ANN401
    """Return what can be unpacked before the fault, byte by byte."""
    out: list[bytes] = []
    try:
        for at in range(len(data)):
            out.append(decoder.decompress(data[at : at + 1]))  # noqa: PERF401  # what came before a fault counts
    except zlib.error:
        pass
    return b"".join(out)


def _zstandard(label: str) -> Any:  # noqa: ANN401
    try:
        import zstandard  # noqa: PLC0415
    except ImportError:
        raise PageError.needs_extra(label, "reading Zstandard", "zstd") from None
    return zstandard


class _Kept:
    """A packed file that is open at some place of what it unpacks to."""

    def __init__(self, item: Item) -> None:
        self._context = opened(item)
        self._file = self._context.__enter__()
        self.stream = io.BufferedReader(Unpacked(self._file, item.label, _packing(self._file, item)), _OUT)

    def finish(self) -> None:
        """Close it, and say if it changed meanwhile."""
        self._context.__exit__(None, None, None)

    def drop(self) -> None:
        """Close it, whatever it has become."""
        self._file.close()


_KEPT: dict[tuple[str, str], _Kept] = {}
"""The packed file that was read last. Ranges come in order, so going on costs nothing, and starting anew all of it."""


@contextmanager
def unpacked(item: Item) -> Iterator[Binary]:
    """Open what the file of an item unpacks to, at the start of its range.

    Raises:
        OSError: It cannot be opened or read.
        PageError: It is broken, a bomb, or not the file that was planned.
    """
    name = (item.path, item.stamp)
    kept = _KEPT.pop(name, None)
    while _KEPT:
        _KEPT.popitem()[1].drop()
    if kept is not None and kept.stream.tell() > item.start:
        kept.drop()
        kept = None
    kept = kept or _Kept(item)
    try:
        skip(kept.stream, item.start - kept.stream.tell())
        yield kept.stream
    except BaseException:
        kept.drop()
        raise
    if item.end >= 0:
        _KEPT[name] = kept
    else:
        kept.finish()


def beginning(item: Item, size: int) -> bytes:
    """Return the first bytes of what the file of an item holds, unpacked."""
    with opened(item) as file:
        if item.reader.startswith(PACKED):
            return read_some(cast("Binary", Unpacked(file, item.label, _packing(file, item))), size)
        return read_some(file, size)


def _packing(file: IO[bytes], item: Item) -> str:
    """Return how a file is packed, by its name or else by its first bytes."""
    if packing := split_packing(item.path)[1]:
        return PACKINGS[packing]
    packed = "gzip" if file.read(2) == GZIP else "zstd"
    file.seek(0)
    return packed


def skip(file: Binary, count: int) -> int:
    """Read past so many bytes; return how many were not there any more."""
    while count > 0 and (chunk := file.read(min(count, _SKIP))):
        count -= len(chunk)
    return count


def read_some(file: Binary, count: int) -> bytes:
    """Return so many bytes, fewer only at the end, from a stream that may give less than it is asked for."""
    parts: list[bytes] = []
    while count > 0 and (chunk := file.read(min(count, _SKIP))):
        parts.append(chunk)
        count -= len(chunk)
    return b"".join(parts)


class Limited(io.RawIOBase):
    """The next so many bytes of a file, as a stream of their own."""

    def __init__(self, file: Binary, size: int) -> None:
        self._file, self.left = file, size

    def readable(self) -> bool:  # noqa: D102
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401, D102
        data = self._file.read(min(len(buffer), self.left))
        buffer[: len(data)] = data
        self.left -= len(data)
        return len(data)
