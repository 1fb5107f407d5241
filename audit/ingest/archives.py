"""ZIP and TAR: their members as pages, read in place; nothing is ever unpacked to disk, no link is followed."""

from __future__ import annotations

import stat
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

import msgspec

from audit.errors import PageError
from audit.ingest.items import Item, as_text, harmless, wanted
from audit.ingest.options import Options, PageFailure
from audit.ingest.streams import Binary, Limited, Unpacked, read_some, skip
from audit.model import Page

Member = Callable[[Binary, str, Item, Options], Iterator[Page | PageFailure]]
"""Reads a member: its content, its path inside, the archive, the options."""

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_METHODS = {0: "stored", 8: "deflate"}
_BLOCK = 512
_LONGEST_NAME = 1 << 16
"""Bytes; the headers of TAR that hold a long name could claim to be of any length."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A line of a ZIP's directory."""

    at: int
    """Where it stands."""
    name: str
    method: int
    encrypted: bool
    link: bool
    crc: int
    packed: int
    size: int
    header: int
    """Where the member stands."""


class Directory(msgspec.Struct, frozen=True):
    """Where the directory of a ZIP stands."""

    start: int
    end: int
    shift: int
    """Bytes before the archive, of a program that unpacks itself."""


def of_zip(file: IO[bytes], item: Item, options: Options, member: Member) -> Iterator[Page | PageFailure]:
    """Yield the pages of the members whose directory lines stand in the range of the item."""
    place = directory(file, item.label)
    if item.end < 0:
        no_bomb(file, place, item)
    start, end = item.start or place.start, item.end if item.end >= 0 else place.end
    others = some = 0
    for entry in entries(file, start, end, place.shift, item.label):
        inside = harmless(entry.name)
        if entry.name.endswith("/") or not wanted(inside, f"{item.label}/{inside}", options):
            others += not entry.name.endswith("/")
            continue
        some += 1
        label = f"{item.label}/{inside}"
        try:
            content = _content(file, entry, label)
            yield from _verified(member(content, inside, item, options), content)
        except PageError as error:
            yield PageFailure(id=label, path=label, error=error)
    if not some and item.end < 0:
        raise nothing(item.label, others)


def nothing(label: str, others: int) -> PageError:
    """Return the error of an archive without a page."""
    what = f"no page in it; its {others} files have other names" if others else "empty: no file in it"
    return PageError(label, what, "choose by name with --include")


def directory(file: IO[bytes], label: str) -> Directory:
    """Return where the directory of a ZIP stands.

    Raises:
        PageError: There is none, or it says what cannot be.
    """
    size = file.seek(0, 2)
    tail_at = max(0, size - 65535 - _END.size)
    file.seek(tail_at)
    tail = read_some(file, size - tail_at)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise PageError(label, "broken ZIP: it has no directory", "it is cut off or no ZIP; fetch it again")
    _, _, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    if 0xFFFFFFFF in (length, start) or count == 0xFFFF:
        locator = tail[at - 20 : at]
        if locator[:4] == b"PK\x06\x07":
            file.seek(struct.unpack_from("<Q", locator, 8)[0])
            wide = read_some(file, _END_64.size)
            if len(wide) == _END_64.size and wide[:4] == b"PK\x06\x06":
                length, start = _END_64.unpack(wide)[8:10]
                end = struct.unpack_from("<Q", locator, 8)[0]
    shift = end - length - start
    if shift < 0 or start + length + shift > size:
        raise PageError(label, "broken ZIP: its directory lies outside the file", "fetch it again")
    return Directory(start + shift, end, shift)


def entries(file: IO[bytes], start: int, end: int, shift: int, label: str) -> Iterator[Entry]:
    """Yield the lines of a ZIP's directory in a range, in flat memory; the file may be moved meanwhile.

    Raises:
        PageError: A line is broken; where the next begins cannot be known.
    """
    at = start
    while at < end:
        file.seek(at)
        fixed = read_some(file, _ENTRY.size)
        if len(fixed) < _ENTRY.size or fixed[:4] != b"PK\x01\x02":
            raise PageError(label, f"broken ZIP: its directory is damaged at byte {at:,}", "fetch it again")
        (_, _, system, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, note_size, _, _, mode,
         header) = _ENTRY.unpack(fixed)  # fmt: skip
        rest = read_some(file, name_size + extra_size)
        raw, extra = rest[:name_size], rest[name_size:]
        size, packed, header = _wide(extra, size, packed, header)
        link = system == 3 and stat.S_ISLNK(mode >> 16)
        yield Entry(at, _name(raw, flags), method, bool(flags & 1), link, crc, packed, size, header + shift)
        at += _ENTRY.size + name_size + extra_size + note_size


def _wide(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Return the sizes and the place of a member, from the ZIP64 field where the short ones are full."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size = next(numbers, size) if size == 0xFFFFFFFF else size
            packed = next(numbers, packed) if packed == 0xFFFFFFFF else packed
            header = next(numbers, header) if header == 0xFFFFFFFF else header
        at += 4 + length
    return size, packed, header


def _name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")


def no_bomb(file: IO[bytes], place: Directory, item: Item) -> None:
    """Refuse an archive whose members share bytes, which is how a small one holds more than a large disk."""
    packed = sum(entry.packed for entry in entries(file, place.start, place.end, place.shift, item.label))
    if packed > place.start:
        raise PageError(item.label, "a bomb: its members lie over one another", "leave it out")


def _content(file: IO[bytes], entry: Entry, label: str) -> Checked:
    """Return what a member unpacks to.

    Raises:
        PageError: It is a link, encrypted, packed in a way that is not known, or not there.
    """
    if entry.link:
        raise PageError(label, "is a link; links in archives are not followed", "store the file itself")
    if entry.encrypted:
        raise PageError(label, "is encrypted", "unpack the archive with its password first")
    if entry.method not in _METHODS:
        raise PageError(label, f"is packed by method {entry.method}, not deflate", "unpack the archive first")
    file.seek(entry.header)
    fixed = read_some(file, _LOCAL.size)
    if len(fixed) < _LOCAL.size or fixed[:4] != b"PK\x03\x04":
        raise PageError(label, "broken ZIP: the member is not where the directory says", "fetch the archive again")
    *_, name_size, extra_size = _LOCAL.unpack(fixed)
    file.seek(entry.header + _LOCAL.size + name_size + extra_size)
    packed = Limited(file, entry.packed)
    raw = Unpacked(packed, label, "deflate", members=False) if entry.method == 8 else packed
    return Checked(cast("Binary", raw), entry.size, entry.crc, label)


class Checked:
    """The content of a member, held to its length and check sum once it was read to the end."""

    def __init__(self, raw: Binary, size: int, crc: int | None, label: str) -> None:
        self._raw, self._size, self._crc, self._label = raw, size, crc, label
        self._sum = self._read = 0
        self._rest = b""
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        data = self._rest or self._more(size)
        self._rest, data = data[size:], data[:size]
        return data

    def readline(self, size: int, /) -> bytes:
        """Return the next line, or its beginning."""
        parts: list[bytes] = []
        left = size
        while left > 0:
            data = self._rest or self._more(1 << 16)
            stop = data.find(b"\n", 0, left) + 1
            part = data[: stop or left]
            self._rest = data[len(part) :]
            parts.append(part)
            left -= len(part)
            if stop or not data:
                break
        return b"".join(parts)

    def finish(self) -> None:
        """Raise a `PageError` if all was read and it is not what the archive says it is."""
        if not self._ended and self._read <= self._size:
            self._more(1)
        if not self._ended and self._read <= self._size:
            return
        if self._read != self._size:
            what = f"broken archive: {self._read:,} bytes where it says {self._size:,}"
            raise PageError(self._label, what, "fetch the archive again")
        if self._crc is not None and self._sum != self._crc:
            raise PageError(self._label, "broken archive: wrong check sum", "fetch the archive again")

    def _more(self, size: int) -> bytes:
        data = self._raw.read(size)
        self._read += len(data)
        if self._crc is not None:
            self._sum = zlib.crc32(data, self._sum)
        self._ended = self._ended or not data
        return data


def _verified(pages: Iterator[Page | PageFailure], content: Checked) -> Iterator[Page | PageFailure]:
    """Yield the pages of a member; one that is a single page only if the member proves to be whole.

    Raises:
        PageError: It is not.
    """
    first = next(pages, None)
    second = next(pages, None)
    if second is not None and first is not None:
        yield first
        yield second
        yield from pages
    content.finish()
    if second is None and first is not None:
        yield first


class Head(msgspec.Struct, frozen=True, gc=False):
    """The header of a TAR's member."""

    start: int
    """Where it begins, long names before it included."""
    name: str
    kind: str
    """`file`, `link` or `other`."""
    size: int


def of_tar(file: Binary, item: Item, options: Options, member: Member) -> Iterator[Page | PageFailure]:
    """Yield the pages of the members that begin within the range of the item; the file stands at its start."""
    others = some = 0
    for head, content in members(file, item):
        if isinstance(head, PageError):
            some += 1
            yield PageFailure(id=head.where, path=item.label, error=head)
            continue
        inside = harmless(head.name)
        label = f"{item.label}/{inside}"
        if head.kind == "other" or not wanted(inside, label, options):
            others += head.kind != "other"
            continue
        some += 1
        if head.kind == "link":
            error = PageError(label, "is a link; links in archives are not followed", "store the file itself")
            yield PageFailure(id=label, path=label, error=error)
            continue
        try:
            checked = Checked(cast("Binary", content), head.size, None, label)
            yield from _verified(member(checked, inside, item, options), checked)
        except PageError as fault:
            yield PageFailure(id=label, path=label, error=fault)
    if not some and item.end < 0 and not item.start:
        raise nothing(item.label, others)


def members(file: Binary, item: Item) -> Iterator[tuple[Head | PageError, Limited]]:
    """Yield the members that begin in the item's range, with their content; a broken header as its error.

    What is not read of a content is passed over. Behind a broken header it goes on with the next whole one.
    """
    at = start = item.start
    total = _size(file)
    long = _Long()
    broken = False
    none = Limited(file, 0)
    while (item.end < 0 or start < item.end) and (total is None or at < total):
        block = read_some(file, _BLOCK)
        at += len(block)
        if len(block) < _BLOCK:
            if block.strip(b"\0") and not broken:
                yield _broken(item, start, "cut off"), none
            return
        if not block.strip(b"\0"):
            start = at
            continue
        found = _header(block, long, None if total is None else total - at)
        if isinstance(found, str):
            if not broken:
                yield _broken(item, start, found), none
            broken, start, long = True, at, _Long()
            continue
        broken = False
        if found.type in _LONG:
            text = read_some(file, min(found.size, _LONGEST_NAME))
            rest = found.size - len(text) + (-found.size % _BLOCK)
            skip(file, rest)
            at += len(text) + rest
            long = long.after(found.type, text)
            continue
        kind = "file" if found.isreg() else "link" if found.issym() or found.islnk() else "other"
        size = found.size if kind == "file" else 0
        content, padding = Limited(file, size), -size % _BLOCK
        yield Head(start, as_text(long.name or found.name), kind, size), content
        if total is not None:
            cast("IO[bytes]", file).seek(at + size + padding)
        elif (missing := skip(file, content.left + padding)) > padding:
            yield _broken(item, start, f"cut off, {missing - padding:,} bytes are missing"), none
        at += size + padding
        start, long = at, _Long()


_LONG = frozenset({tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE})
"""Kinds of members that tell of the next one what does not fit into its header."""


class _Long(msgspec.Struct, frozen=True):
    """What such members told."""

    name: str = ""
    size: int | None = None

    def after(self, kind: bytes, text: bytes) -> _Long:
        """Return it together with what one more says."""
        if kind == tarfile.GNUTYPE_LONGNAME:
            return _Long(text.rstrip(b"\0").decode("utf-8", "surrogateescape"), self.size)
        if kind != tarfile.XHDTYPE:
            return self
        known = _pax(text)
        size = known.get("size", "")
        number = int(size) if size.isdecimal() and len(size) < 19 else self.size
        return _Long(known.get("path", self.name), number)


def _header(block: bytes, long: _Long, left: int | None) -> tarfile.TarInfo | str:
    """Return what a header says, or what is wrong with it."""
    try:
        found = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        return str(error)
    if long.size is not None and found.type not in _LONG:
        found.size = long.size
    if found.type == tarfile.GNUTYPE_SPARSE:
        return "a sparse file"
    if found.size < 0 or (left is not None and found.size > left and (found.isreg() or found.type in _LONG)):
        return f"the file has fewer than the {found.size:,} bytes that a header says"
    return found


def _size(file: Any) -> int | None:  # noqa: ANN401
    """Return how many bytes a file has; None for one that can only be read forward."""
    if not getattr(file, "seekable", bool)():
        return None
    here = file.tell()
    size: int = file.seek(0, 2)
    file.seek(here)
    return size


def _pax(text: bytes) -> dict[str, str]:
    """Return the entries of an extended header: lines of length, blank, key, equals sign, value."""
    found: dict[str, str] = {}
    while text:
        number, blank, _ = text[:21].partition(b" ")
        if not blank or not number.isdigit() or not 0 < int(number) <= len(text):
            break
        key, _, value = text[len(number) + 1 : int(number) - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        text = text[int(number) :]
    return found


def _broken(item: Item, at: int, what: str) -> PageError:
    return PageError(f"{item.label}@{at}", f"broken TAR: {what}", "fetch or pack it again; what is whole was read")
