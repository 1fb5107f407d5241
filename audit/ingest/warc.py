"""WARC and WET, also .gz: the pages of responses, resources and conversions, each record within bounds.

Records are framed here, so that a truncated, corrupt or endless one is named and the next one found; what is in a
record is parsed by fastwarc.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO, Any, cast

import msgspec

from audit.errors import PageError
from audit.ingest.charset import decode
from audit.ingest.items import Item
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import sniff
from audit.ingest.streams import GZIP, Binary, Unpacked, read_some, skip
from audit.model import Kind, Page

RUN_UP = 2_000_000
"""Bytes before a range of a packed archive from which its records are followed, so that what only looks like a
record, inside one that was stored unpacked, is not taken for the first."""
_HEADER = 1 << 16
"""Most bytes of the header of a record."""
_START = re.compile(rb"(?<=\n)WARC/1\.|WARC/1\.[01]\r\n(?=WARC-|Content-)")
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^warc-type[ \t]*:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_MEMBER = GZIP + b"\x08"
"""First bytes of a gzip member: its content is deflated, as in all there are."""
_KEPT = frozenset({b"response", b"resource", b"conversion"})
_MIMES: dict[str, Kind | None] = {
    "text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "text/markdown": "markdown", "": None,
}  # fmt: skip
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SCAN = 1 << 20


class Frame(msgspec.Struct, frozen=True):
    """A record as bytes: where it stands, and what is wrong with it."""

    at: int
    """Of a packed archive: where its gzip member begins."""
    content: bytes
    """Header and body; empty for one of no interest or with a problem."""
    problem: str = ""


def of_warc(file: IO[bytes], item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the pages of the records that begin within the range of the item."""
    frames = _members(file, item, options) if is_packed(file) else _plain(file, item, options)
    yield from _pages(frames, item, options)


def of_stream(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the pages of an archive that can only be read forward."""
    yield from _pages(_records(file, options), item, options)


def starts(file: IO[bytes], size: int) -> Iterator[int]:
    """Yield where the records of an archive that is not packed begin, as far as it is in order."""
    at = 0
    while at < size:
        file.seek(at)
        head = _header(file)
        length = _LENGTH.search(head)
        if not head.startswith(b"WARC/") or length is None:
            return
        yield at
        at += len(head) + int(length[1])
        file.seek(at)
        at += _between(file.read(16))


def is_packed(file: IO[bytes]) -> bool:
    """Return whether an archive is gzipped."""
    file.seek(0)
    return file.read(2) == GZIP


def _pages(frames: Iterator[Frame], item: Item, options: Options) -> Iterator[Page | PageFailure]:
    for frame in frames:
        where = f"{item.label}@{frame.at}"
        if frame.problem:
            hint = "fetch the archive again; the records round it were read"
            yield PageFailure(id=where, path=item.label, error=PageError(where, frame.problem, hint))
        elif frame.content:
            yield from _page(frame, where, item, options)


def _page(frame: Frame, where: str, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    name, url = where, None
    try:
        record = _warc(where).from_bytes(frame.content)
        name = (record.record_id or "").strip("<>") or where
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ") or None
        if url is not None and not url.lower().startswith(("http://", "https://", "file:", "ftp://")):
            return  # notes of the crawler
        page = _of_record(record, name, url, where, item, options)
    except OSError as error:
        wrong = PageError(where, f"broken record: {error}", "fetch the archive again; the records round it were read")
        yield PageFailure(id=name, path=item.label, url=url, error=wrong)
    except PageError as error:
        yield PageFailure(id=name, path=item.label, url=url, error=error)
    else:
        if page is not None:
            yield page


def _of_record(record: Any, name: str, url: str | None, where: str, item: Item, options: Options) -> Page | None:  # noqa: ANN401
    """Return the page of a record; None if it holds none.

    Raises:
        PageError: It is over a bound, broken or empty.
    """
    found = _body(record, where, options.max_page_size)
    if found is None:
        return None
    raw, mime, charset = found
    if len(raw) > options.max_page_size:
        what = f"the body has more than the {options.max_page_size:,} bytes that a page may have"
        raise PageError(where, what, "raise max_page_size")
    kind = _MIMES[mime]
    decoded = decode(raw, declared=charset, html=kind != "text")
    if not decoded.text.strip():
        raise PageError(where, "empty: the record has no text", "there is nothing to audit")
    kind = kind or sniff(decoded.text)
    return Page(id=name, url=url, path=item.label, text=decoded.text, kind=kind, encoding=decoded.encoding)


def _body(record: Any, where: str, most: int) -> tuple[bytes, str, str | None] | None:  # noqa: ANN401
    """Return the body of a record as the page's server meant it, its type and charset; None if it is no page."""
    if not record.is_http:
        mime = _mime(record.headers.get("Content-Type"))
        return (record.reader.read(most + 1), mime, None) if mime in _MIMES else None
    record.parse_http()
    headers = record.http_headers
    mime = _mime(record.headers.get("WARC-Identified-Payload-Type") or headers.get("Content-Type"))
    if not 200 <= (headers.status_code or 0) < 300 or mime not in _MIMES:
        return None
    raw = record.reader.read()
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        raw = _joined(raw)
    for coding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        raw = _decoded(raw, coding.strip(), where, most)
    return raw, mime, record.http_charset


def _mime(value: str | None) -> str:
    return (value or "").partition(";")[0].strip().lower()


def _joined(raw: bytes) -> bytes:
    """Return the chunks of a transfer as one; what is not in chunks, as in many archives, as it is."""
    parts: list[bytes] = []
    at = 0
    while (stop := raw.find(b"\r\n", at, at + 1024)) >= 0:
        size = raw[at:stop].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            break
        if not int(size, 16):
            return b"".join(parts)
        at = stop + 2 + int(size, 16)
        parts.append(raw[stop + 2 : at])
        at += 2
    return b"".join(parts) if parts and at >= len(raw) else raw


def _decoded(raw: bytes, coding: str, where: str, most: int) -> bytes:
    """Return what a content coding stands for, at most one byte more than a page may have; plain bytes as they are.

    Raises:
        PageError: The bytes are broken.
        OSError: So are those of Brotli or Zstandard.
    """
    if coding in {"gzip", "x-gzip"} and raw.startswith(GZIP):
        return read_some(Unpacked(io.BytesIO(raw), where, "gzip"), most + 1)
    if coding == "deflate":
        zlib_header = len(raw) > 2 and raw[0] & 15 == 8 and not (raw[0] * 256 + raw[1]) % 31
        return read_some(
            Unpacked(io.BytesIO(raw[2:] if zlib_header else raw), where, "deflate", members=False), most + 1
        )
    if coding in {"br", "zstd"}:
        from fastwarc.stream_io import BrotliReader, ZstdReader  # noqa: PLC0415

        reader = (BrotliReader if coding == "br" else ZstdReader)(io.BytesIO(raw))
        try:
            return read_some(cast("Binary", reader), most + 1)
        except OSError:
            if b"\0" in raw or _CONTROLS.search(raw[:1000]):
                raise
    return raw


def _warc(where: str) -> Any:  # noqa: ANN401
    try:
        from fastwarc.warc import WarcRecord  # noqa: PLC0415
    except ImportError:
        raise PageError.needs_extra(where, "reading WARC", "warc") from None
    return WarcRecord


def _plain(file: IO[bytes], item: Item, options: Options) -> Iterator[Frame]:
    """Yield the records of an archive that is not packed; a length is believed only if a record or the end follows."""
    size = file.seek(0, 2)
    at: int | None = item.start
    while at is not None and at < size and not 0 <= item.end <= at:
        file.seek(at)
        gap = _between(file.read(16))
        at += gap
        file.seek(at)
        head = _header(file)
        if gap and not head:
            return
        length = _LENGTH.search(head)
        if not head.startswith(b"WARC/") or length is None:
            yield Frame(at, b"", "broken record: no header of WARC here")
            at = _next_record(file, at + 1)
            continue
        begin, count = at + len(head), int(length[1])
        file.seek(min(begin + count, size))
        rest = file.read(16)
        problem = ""
        if begin + count > size:
            problem = f"broken record: cut off, {begin + count - size:,} of its {count:,} bytes are missing"
        elif not _ends_record(rest):
            problem = f"broken record: it does not end after the {count:,} bytes that it says it has"
        elif _kept(head) and count > options.max_page_size + _HEADER:
            problem = f"the record has more than the {options.max_page_size:,} bytes that a page may have"
        elif _kept(head):
            file.seek(begin)
            yield Frame(at, head + read_some(file, count) + b"\r\n\r\n")
        if problem:
            yield Frame(at, b"", problem)
        at = begin + count + _between(rest) if not problem.startswith("broken") else _next_record(file, begin)


def _next_record(file: IO[bytes], at: int) -> int | None:
    """Return the first place from here on where a record begins: a line, or behind one that was cut off anywhere."""
    while True:
        file.seek(at)
        data = read_some(file, _SCAN)
        found = _START.search(data)
        if found:
            return at + found.start()
        if len(data) < _SCAN:
            return None
        at += len(data) - 32


def _records(file: Binary, options: Options) -> Iterator[Frame]:
    """Yield the records of what can only be read forward; behind a broken one, from the next whole one."""
    window = Ahead(file)
    at = 0
    while True:
        gap = _between(window.peek(16))
        window.take(gap)
        at += gap
        if not window.peek(1):
            return
        head = _header(window)
        length = _LENGTH.search(head)
        if not head.startswith(b"WARC/") or length is None:
            yield Frame(at, b"", "broken record: no header of WARC here")
            at += len(head) + _to_next(window)
            continue
        size, kept = int(length[1]), _kept(head)
        most = options.max_page_size + _HEADER if kept else 0
        body = read_some(window, min(size, most))
        missing = skip(window, size - len(body)) if len(body) == min(size, most) else size - len(body)
        rest = window.peek(16)
        if missing:
            yield Frame(at, b"", f"broken record: cut off, {missing:,} of its {size:,} bytes are missing")
            return
        if not _ends_record(rest):
            yield Frame(at, b"", f"broken record: it does not end after the {size:,} bytes that it says it has")
            at += len(head) + size + _to_next(window)
            continue
        if size > most and kept:
            yield Frame(at, b"", f"the record has more than the {options.max_page_size:,} bytes that a page may have")
        else:
            yield Frame(at, head + body + b"\r\n\r\n" if kept else b"")
        at += len(head) + size


def _ends_record(rest: bytes) -> bool:
    """Return whether what follows a record is the end of it: two line ends, another record, or nothing."""
    behind = rest[_between(rest) :]
    return not behind or behind.startswith(b"WARC/") or rest.startswith(b"\r\n\r\n")


def _kept(head: bytes) -> bool:
    kind = _TYPE.search(head)
    return kind is not None and kind[1].lower() in _KEPT


def _between(raw: bytes) -> int:
    """Return how many bytes of line ends there are before a record."""
    return len(raw) - len(raw.lstrip(b"\r\n"))


def _header(file: Binary) -> bytes:
    """Return the lines up to the first empty one, itself included."""
    lines: list[bytes] = []
    left = _HEADER
    while left > 0 and (line := file.readline(left)):
        lines.append(line)
        left -= len(line)
        if not line.strip() or not lines[0].startswith(b"WARC/"):
            break
    return b"".join(lines)


def _to_next(window: Ahead) -> int:
    """Read up to the next line that begins a record; return how many bytes that were."""
    count = 0
    while line := window.readline(_SCAN):
        count += len(line)
        if line.endswith(b"\n") and window.peek(5) == b"WARC/":
            break
    return count


class Ahead:
    """A file of which some bytes can be looked at before they are read."""

    def __init__(self, file: Binary) -> None:
        self._file, self._rest = file, b""

    def peek(self, size: int) -> bytes:
        """Return the next bytes without taking them."""
        while len(self._rest) < size and (more := self._file.read(size - len(self._rest))):
            self._rest += more
        return self._rest[:size]

    def take(self, size: int) -> None:
        """Take bytes that were looked at."""
        self._rest = self._rest[size:]

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        if not self._rest:
            return self._file.read(size)
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def readline(self, size: int, /) -> bytes:
        """Return the next line, or its beginning."""
        if not self._rest:
            return self._file.readline(size)
        stop = self._rest.find(b"\n", 0, size) + 1
        if stop or len(self._rest) >= size:
            return self.read(stop or size)
        data, self._rest = self._rest, b""
        return data + self._file.readline(size - len(data))


def _members(file: IO[bytes], item: Item, options: Options) -> Iterator[Frame]:
    """Yield the records of the gzip members that begin in the item's range."""
    start = 0 if item.start <= RUN_UP else _next_member(file, item.start - RUN_UP)
    at: int | None = start
    while at is not None and not 0 <= item.end <= at:
        file.seek(at)
        raw = Unpacked(file, item.label, "gzip", members=False)
        stream = io.BufferedReader(raw, 1 << 16)
        problem = ""
        try:
            if at < item.start:
                skip(stream, 1 << 62)
            else:
                for frame in _records(stream, options):
                    yield msgspec.structs.replace(frame, at=at)
                skip(stream, 1 << 62)
        except PageError as error:
            problem = error.what
        following = at + raw.consumed
        if problem:
            if at >= item.start:
                yield Frame(at, b"", problem)
            at = _next_member(file, at + 1)
            continue
        file.seek(following)
        mark = file.read(3)
        if not mark:
            return
        if mark == _MEMBER:
            at = following
            continue
        if following >= item.start and not 0 <= item.end <= following:
            yield Frame(following, b"", "broken gzip: bytes between two members")
        at = _next_member(file, following)


def _next_member(file: IO[bytes], at: int) -> int | None:
    """Return the first place from here on where a gzip member with a record begins."""
    while True:
        file.seek(at)
        data = read_some(file, _SCAN)
        found = data.find(_MEMBER)
        while found >= 0:
            file.seek(at + found)
            try:
                if read_some(Unpacked(file, "", "gzip", members=False), 5) == b"WARC/":
                    return at + found
            except PageError:
                pass
            found = data.find(_MEMBER, found + 1)
        if len(data) < _SCAN:
            return None
        at += len(data) - 2
