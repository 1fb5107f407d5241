"""READERS: the files of a run as pages, one at a time, each failure in its place."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, cast

import msgspec

from audit.errors import HandlesError, PageError
from audit.ingest import archives, lines, parquet, tables, warc, xmlforms
from audit.ingest.charset import decode
from audit.ingest.items import PACKED, PACKINGS, Item, reader_of, split_packing
from audit.ingest.mirrors import Mirror
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import TEXT_NAMES, has_text, parsed, sniff
from audit.ingest.sources import READABLE
from audit.ingest.streams import GZIP, ZSTD, Binary, Limited, Unpacked, beginning, opened, read_some, unpacked
from audit.model import Kind, Page

Found = Iterator[Page | PageFailure]
Reader = Callable[[Item, Options], Found]
Streamed = Callable[[Binary, Item, Options], Found]

_MAGIC = {
    b"%PDF-": "a PDF document", b"PK\x03\x04": "a ZIP archive or office document", b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"\x7fELF": "a program",
    b"SQLite format 3": "an SQLite database", b"\xd0\xcf\x11\xe0": "an old office document", b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file", b"BZh": "a bzip2 file", b"OggS": "an Ogg file", b"RIFF": "a media file",
}  # fmt: skip
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_HEAD = 1 << 20
_OFFICE = (b"[Content_Types].xml", b"mimetype")
"""First members of office documents and e-books, which are ZIP archives, too."""


def read(item: Item, options: Options) -> Found:
    """Yield the pages of a file, or of a range of its records, in order; never raises for what is wrong with them."""
    if item.problem[0]:
        yield _failure(item, *item.problem)
        return
    some = False
    try:
        for got in READERS[item.reader](item, options):
            some = True
            yield got
        if not some and item.start == 0 and item.end < 0:
            yield _failure(item, "empty: no record in it", "there is nothing to audit; check how it was saved")
    except PageError as error:
        yield PageFailure(id=item.label, path=item.label, error=error)
    except OSError as error:
        HandlesError.check(item.label, error)
        yield _failure(item, f"cannot be read: {error.strerror or error}", "check that it is there and may be read")


def _page_of(kind: Kind | None) -> Streamed:
    """Return the reader of what is one page; without a kind, the content decides."""

    def pages(file: Binary, item: Item, options: Options) -> Found:
        yield _page(item, read_some(file, options.max_page_size + 1), kind, options.max_page_size)

    return pages


def _page(item: Item, raw: bytes, kind: Kind | None, most: int) -> Page:
    """Return the page that a file is.

    Raises:
        PageError: It is too large, empty or binary.
    """
    if len(raw) > most:
        size = f"{item.size:,} bytes are" if item.size > most else f"{len(raw):,} bytes and more are"
        what = f"{size} more than the {most:,} that a page may have"
        raise PageError(item.label, what, "raise max_page_size, or split the file")
    if not raw.strip():
        raise PageError(item.label, "empty", "there is nothing to audit; check how it was saved")
    if form := _binary(raw):
        raise PageError(item.label, f"binary: {form}", f"what can be read: {READABLE}")
    decoded = decode(raw, html=kind in {None, "html"})
    if not decoded.text.strip():
        raise PageError(item.label, "empty", "there is nothing to audit; check how it was saved")
    return Page(
        id=item.label,
        path=item.label,
        text=decoded.text,
        kind=kind or sniff(decoded.text),
        encoding=decoded.encoding,
        url=item.path if item.path.lower().startswith(("https://", "http://")) and item.reader in _PAGES else None,
    )


def _binary(raw: bytes) -> str:
    """Return what the bytes are if they are no text; empty for text."""
    for magic, form in _MAGIC.items():
        if raw.startswith(magic):
            return form
    sample = raw[:65536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 20 <= len(sample):  # every byte as likely, as in packed data, makes a tenth of them controls
        return ""
    decoded = decode(sample)
    wide = decoded.encoding.startswith("utf-") and decoded.encoding != "utf-8"
    return "" if wide and not decoded.undecodable else "not text in any encoding"


def _whole(streamed: Streamed) -> Reader:
    """Return the reader of files that are read from their first byte on, one page each."""

    def pages(item: Item, options: Options) -> Found:
        with opened(item) as file:
            got = list(streamed(file, item, options))
        yield from got  # only now is it known that the file stayed what it was

    return pages


def _ranged(streamed: Streamed) -> Reader:
    """Return the reader of files that are read from some place on."""

    def pages(item: Item, options: Options) -> Found:
        with opened(item) as file:
            yield from streamed(_rest_of(file, item), item, options)

    return pages


def _rest_of(file: IO[bytes], item: Item) -> Binary:
    """Return the file from the start of the range to the end that it had when it was planned: it may be growing."""
    file.seek(item.start)
    return io.BufferedReader(Limited(file, max(0, item.size - item.start)), 1 << 16) if item.size else file


def _seeking(streamed: Callable[[IO[bytes], Item, Options], Found]) -> Reader:
    """Return the reader of files in which it finds its way alone."""

    def pages(item: Item, options: Options) -> Found:
        with opened(item) as file:
            yield from streamed(file, item, options)

    return pages


def _packed(streamed: Streamed) -> Reader:
    """Return the reader of what a packed file holds; what can be unpacked of a broken one is read."""

    def pages(item: Item, options: Options) -> Found:
        number = 0
        try:
            with unpacked(item) as file:
                for got in streamed(file, item, options):
                    number += 1
                    yield got
        except PageError as error:
            what = error.what.replace(":", f" after {number} pages:", 1) if number else error.what
            yield PageFailure(id=error.where, path=item.label, error=PageError(error.where, what, error.hint))

    return pages


def _xml(item: Item, options: Options) -> Found:
    head = beginning(item, xmlforms.HEAD)
    if item.reader.startswith(PACKED):
        with unpacked(item) as stream:
            yield from xmlforms.of_xml(stream, item, options, head)
        return
    with opened(item) as file:
        yield from xmlforms.of_xml(_rest_of(file, item), item, options, head)


def _xml_member(file: Binary, item: Item, options: Options) -> Found:
    head = read_some(file, xmlforms.HEAD)
    rejoined = io.BufferedReader(tables.Rejoined(head, file), 1 << 16)
    if xmlforms.RECORD[xmlforms.root_of(head, item.label)] in {"url", "sitemap"}:
        raise PageError(item.label, "a sitemap inside an archive", "unpack the archive, or audit its pages alone")
    yield from xmlforms.of_xml(rejoined, item, options, head)


def _addresses(file: Binary, item: Item, options: Options) -> Found:
    """Yield the stored copies of the addresses in a range of a list."""
    mirror = Mirror.beside(item, options)
    number, left = item.line - 1, item.end - item.start if item.end >= 0 else 1 << 62
    while left > 0 and (line := file.readline(_HEAD)):
        number += 1
        left -= len(line)
        url = line.decode("utf-8", "replace").strip().removeprefix("\ufeff")
        if url and not url.startswith("#"):
            yield mirror.page(url, f"{item.label}:{number}", item.label, options)


def _member(content: Binary, inside: str, archive: Item, options: Options) -> Found:
    """Read a member of an archive by the end of its name."""
    label = f"{archive.label}/{inside}"
    kind, packing = reader_of(inside).removeprefix(PACKED), split_packing(inside)[1]
    if packing:
        content = cast("Binary", io.BufferedReader(Unpacked(content, label, PACKINGS[packing]), 1 << 16))
    if kind not in MEMBERS:
        raise PageError(label, "is an archive inside an archive", "unpack the outer one first")
    item = Item(path=archive.path, label=label, reader="member")
    yield from MEMBERS[kind](content, item, options)


def _stream(item: Item, options: Options) -> Found:
    """Read what has no name that tells what it is: what its first bytes say."""
    known = recognised(item, options)
    yield from READERS[known.reader](known, options)


def recognised(item: Item, options: Options) -> Item:
    """Return the item with the reader that its first bytes ask for, if its name did not tell.

    Raises:
        OSError: It cannot be read.
        PageError: It is no regular file, or changed.
    """
    if item.reader not in {"unknown", "stream"} or item.problem[0]:
        return item
    return msgspec.structs.replace(item, reader=_form(item, options))


def _form(item: Item, options: Options) -> str:
    """Return the reader that the first bytes of a file ask for."""
    head = beginning(item, _HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        first = head[30:60]
        return "one page" if first.startswith(_OFFICE) else "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith((GZIP, ZSTD)):
        return _packed_form(item, head, options)
    return _text_form(head, options)


def _packed_form(item: Item, head: bytes, options: Options) -> str:
    packing = "gzip" if head.startswith(GZIP) else "zstd"
    packed: Binary = Unpacked(io.BytesIO(head), item.label, packing)
    try:
        inside = read_some(packed, _HEAD)
    except PageError:  # the head of a member that goes on, or a broken one; the reader will say
        inside = b""
    if inside.startswith(b"WARC/"):
        return "warc" if packing == "gzip" else PACKED + "warc"
    return PACKED + ("tar" if inside[257:262] == b"ustar" else _text_form(inside, options))


def _text_form(head: bytes, options: Options) -> str:
    """Return the reader of a text: records if its first line is one, XML of a known form, else a page."""
    first = head.partition(b"\n")[0].removeprefix(b"\xef\xbb\xbf").strip()
    if first.startswith(b"{"):
        try:
            record = parsed(first)
        except ValueError:
            record = {}
        if has_text(record, options) and (options.text_field or not set(TEXT_NAMES).isdisjoint(record)):
            return "records"
    if first.startswith((b"<?xml", b"<rss", b"<urlset", b"<sitemapindex", b"<items")):
        try:
            root = xmlforms.root_of(head[: xmlforms.HEAD], "")
        except PageError:
            return "one page"
        return "one page" if root == "html" else "xml"
    return "one page"


def _failure(item: Item, what: str, hint: str) -> PageFailure:
    return PageFailure(id=item.label, path=item.label, error=PageError(item.label, what, hint))


def _zip(file: IO[bytes], item: Item, options: Options) -> Found:
    return archives.of_zip(file, item, options, _member)


def _tar(file: Binary, item: Item, options: Options) -> Found:
    if not item.reader.startswith(PACKED):
        cast("IO[bytes]", file).seek(item.start)
    return archives.of_tar(file, item, options, _member)


_PAGES: dict[str, Streamed] = {
    "html": _page_of("html"),
    "text": _page_of("text"),
    "markdown": _page_of("markdown"),
    "unknown": _page_of(None),
    "one page": _page_of(None),
}
MEMBERS: dict[str, Streamed] = {
    **_PAGES,
    "records": lines.of_lines,
    "json": lines.of_feed,
    "table": tables.of_table,
    "warc": warc.of_stream,
    "xml": _xml_member,
}
"""Readers of what can only be read forward: members of archives, packed files."""
READERS: dict[str, Reader] = {
    **{name: _whole(streamed) for name, streamed in _PAGES.items()},
    "unknown": _stream,
    "stream": _stream,
    "records": _ranged(lines.of_lines),
    "json": _ranged(lines.of_feed),
    "table": _ranged(tables.of_table),
    "addresses": _ranged(_addresses),
    "tar": _seeking(_tar),
    "zip": _seeking(_zip),
    "warc": _seeking(warc.of_warc),
    "parquet": _seeking(parquet.of_parquet),
    "xml": _xml,
    PACKED + "xml": _xml,
    **{PACKED + name: _packed(streamed) for name, streamed in chain(MEMBERS.items(), [("tar", _tar)]) if name != "xml"},
}
"""By the name that `audit.ingest.items.SUFFIXES` gives to the end of a file name."""
