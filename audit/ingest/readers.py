"""READERS: the files of a run as pages, one at a time, each failure in its place."""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import msgspec

from audit.errors import PageError
from audit.ingest.charset import BYTE_FOR_BYTE, codec_of, decode
from audit.ingest.options import Options, PageFailure
from audit.ingest.sources import READABLE, Item
from audit.model import Kind, Page

Reader = Callable[[Item, Options], Iterator[Page | PageFailure]]

_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|div|p|h[1-6]|article|section|main|table|ul|ol"
    r"|a|span|br|img|header|nav)\b)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_LATER = re.compile(r"<!doctype html|<html\b|<body\b|</(?:p|a|div|li|td|h[1-6]|span)>", re.IGNORECASE)
_SNIFFED = 4096
_MAGIC = {
    b"%PDF-": "a PDF document", b"PK\x03\x04": "a ZIP archive or office document", b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"\x7fELF": "a program",
    b"SQLite format 3": "an SQLite database", b"\xd0\xcf\x11\xe0": "an old office document", b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file", b"BZh": "a bzip2 file", b"OggS": "an Ogg file", b"RIFF": "a media file",
}  # fmt: skip
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_KINDS = ("html", "text", "markdown")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the pages of a file, or of a range of its records, in order; never raises for what is wrong with them."""
    if item.problem[0]:
        yield _failure(item, *item.problem)
        return
    some = False
    try:
        for got in READERS[item.reader](item, options):
            some = True
            yield got
        if not some and item.start == 0 and item.end in {-1, item.size}:
            yield _failure(item, "empty: no record in it", "there is nothing to audit; check how it was saved")
    except OSError as error:
        yield _failure(item, f"cannot be read: {error.strerror or error}", "check that it is there and may be read")


def sniff(text: str) -> Kind:
    """Return `html` if the text begins like a page or holds its tags early on, else `text`."""
    start = text[:_SNIFFED]
    return "html" if _MARKUP.match(start) or len(_MARKUP_LATER.findall(start)) > 1 else "text"


def _file(kind: Kind | None) -> Reader:
    """Return the reader of files that hold one page each; without a kind, the content decides."""

    def pages(item: Item, options: Options) -> Iterator[Page | PageFailure]:
        try:
            raw = _content(item, options.max_page_size)
            yield _page(item, raw, kind)
        except PageError as error:
            yield PageFailure(id=item.label, path=item.label, error=error)

    return pages


def _content(item: Item, most: int) -> bytes:
    """Return the bytes of a file that is one page.

    Raises:
        PageError: It is too large, empty, binary, or no regular file.
    """
    with Path(item.path).open("rb") as file:
        size = Path(item.path).stat().st_size
        if size > most:
            what = f"{size:,} bytes are more than the {most:,} that a page may have"
            raise PageError(item.label, what, "raise max_page_size, or split the file")
        raw = file.read(most + 1)
    if not raw.strip():
        raise PageError(item.label, "empty", "there is nothing to audit; check how it was saved")
    if form := _binary(raw):
        raise PageError(item.label, f"binary: {form}", f"what can be read: {READABLE}")
    return raw


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


def _page(item: Item, raw: bytes, kind: Kind | None) -> Page:
    decoded = decode(raw, html=kind in {None, "html"})
    if not decoded.text.strip():
        raise PageError(item.label, "empty", "there is nothing to audit; check how it was saved")
    return Page(
        id=item.label,
        path=item.label,
        text=decoded.text,
        kind=kind or sniff(decoded.text),
        encoding=decoded.encoding,
    )


def _stream(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read what came through standard input: records if its first line is one, else a page."""
    with Path(item.path).open("rb") as file:
        first = file.readline(1_000_000).removeprefix(b"\xef\xbb\xbf")
    if first.lstrip().startswith(b"{"):
        try:
            record = _record(first)
        except ValueError:
            record = {}
        if any(name in record for name in (options.text_field, "html", "text") if name):
            yield from _records(item, options)
            return
    yield from _file(None)(item, options)


def _records(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read a range of JSON Lines."""
    with Path(item.path).open("rb") as file:
        file.seek(item.start)
        most = sys.maxsize if item.end < 0 else item.end - item.start
        yield from _lines(item, cast("IO[bytes]", file), most, options)


def _packed(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read gzipped JSON Lines; what can be unpacked of a broken file is read."""
    number = 0
    try:
        with gzip.open(item.path) as file:
            for got in _lines(item, cast("IO[bytes]", file), sys.maxsize, options):
                number += 1
                yield got
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"broken gzip after {number} pages: {error}"
        yield _failure(item, what, "fetch or pack the file again; the pages before it were audited")


def _lines(item: Item, file: IO[bytes], most: int, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the records of the lines that begin within the next `most` bytes."""
    number, left = item.line - 1, most
    while left > 0 and (line := file.readline(options.max_page_size + 1)):
        number += 1
        left -= len(line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        where = f"{item.label}:{number}"
        if len(line) > options.max_page_size and not line.endswith(b"\n"):
            while rest := file.readline(1_000_000):
                left -= len(rest)
                if rest.endswith(b"\n"):
                    break
            what = f"the line has more than the {options.max_page_size:,} bytes that a page may have"
            yield _bad_record(where, item, PageError(where, what, "raise max_page_size, or split the record"))
        elif line.strip():
            yield _of_line(line, where, item, options)


def _of_line(line: bytes, where: str, item: Item, options: Options) -> Page | PageFailure:
    try:
        record = _record(line)
    except ValueError as error:
        hint = "a line holds one JSON object with a field html or text"
        return _bad_record(where, item, PageError(where, f"not a JSON object: {error}", hint))
    return _of_record(record, where, item, options)


def _record(line: bytes) -> dict[str, object]:
    """Return the object of a line.

    Raises:
        ValueError: It is none; the message says why.
    """
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        import json  # noqa: PLC0415  # takes NaN and halves of surrogate pairs, which scrapers do write

        try:
            value = json.loads(line.decode("utf-8", BYTE_FOR_BYTE))
        except RecursionError:
            raise ValueError("nested too deep") from None
        except json.JSONDecodeError as error:
            raise ValueError(f"{error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError(f"it is {_json_type(value)}")  # noqa: TRY004
    return value


def _of_record(
    record: dict[str, object], where: str, item: Item, options: Options, encoding: str = "utf-8"
) -> Page | PageFailure:
    """Return the page that a record holds, or which field is wrong."""
    name, url = where, None
    try:
        name = _identity(record, where) or where
        url = _text(record, "url", where)
        field = _field(record, where, options)
        text = _text(record, field, where) or ""
        kind = _kind(record, field, text, where)
        _within_bounds(text, field, where, options)
    except PageError as error:
        return PageFailure(id=name, path=item.label, url=url, error=error)
    return Page(
        id=name, url=url, path=item.label, text=text, kind=kind, encoding=encoding, variant=_variant(record)
    )  # fmt: skip


def _variant(record: dict[str, object]) -> str | None:
    """Return to whom a capture was shown, if a record says so by a string or a number."""
    value = record.get("variant")
    return _whole(str(value)) or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def _within_bounds(text: str, field: str, where: str, options: Options) -> None:
    if not text.strip():
        raise PageError(where, f'empty: field "{field}" has no text', "there is nothing to audit")
    if len(text) * 4 > options.max_page_size and len(text.encode()) > options.max_page_size:
        what = f'field "{field}" has more than the {options.max_page_size:,} bytes that a page may have'
        raise PageError(where, what, "raise max_page_size, or split the record")


def _identity(record: dict[str, object], where: str) -> str | None:
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(record, "id", where)


def _field(record: dict[str, object], where: str, options: Options) -> str:
    """Return the name of the field that holds the page."""
    names = (options.text_field,) if options.text_field else ("html", "text")
    for name in names:
        if record.get(name) is not None:
            return name
    wanted = " or ".join(f'"{name}"' for name in names)
    there = ", ".join(sorted(_whole(str(name)) for name in record)[:12]) or "none"
    what = f"no field {wanted}; fields here: {there}"
    raise PageError(where, what, "name the field that holds the page with --text-field")


def _kind(record: dict[str, object], field: str, text: str, where: str) -> Kind:
    kind = _text(record, "kind", where)
    if kind is None:
        if field in {"html", "text"}:
            return cast("Kind", field)
        return sniff(text)
    if kind not in _KINDS:
        raise PageError(where, f'field "kind" is {kind!r}', f"use one of {', '.join(_KINDS)}, or leave it out")
    return cast("Kind", kind)


def _text(record: dict[str, object], field: str, where: str) -> str | None:
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise PageError(where, f'field "{field}" is {_json_type(value)}, not a string', "put it in quotes")
    return _whole(value) or None


def _whole(text: str) -> str:
    """Return the text with U+FFFD for each half of a surrogate pair, which no encoding can write."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _json_type(value: object) -> str:
    names = {list: "an array", dict: "an object", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _table(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read CSV: a header, then one page a row; line numbers are those of the file."""
    with Path(item.path).open("rb") as file:
        marked = decode(file.read(_SNIFFED).rpartition(b"\n")[0], html=False).encoding
        file.seek(0)
        lines = io.TextIOWrapper(file, encoding=codec_of(marked), errors=BYTE_FOR_BYTE, newline="")
        csv.field_size_limit(options.max_page_size)
        delimiter = "\t" if item.path.lower().endswith(".tsv") else ","
        rows = csv.reader(lines, delimiter=delimiter)
        header = [name.strip("\ufeff \t") for name in next(rows, [])]
        while True:
            where = f"{item.label}:{rows.line_num + 1}"
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield _bad_record(where, item, PageError(where, f"broken row: {error}", "check the quotes"))
                continue
            if row is None:
                return
            if row:
                record: dict[str, object] = {name: cell or None for name, cell in zip(header, row, strict=False)}
                yield _of_record(record, where, item, options, marked)


def _bad_record(where: str, item: Item, error: PageError) -> PageFailure:
    return PageFailure(id=where, path=item.label, error=error)


def _failure(item: Item, what: str, hint: str) -> PageFailure:
    return PageFailure(id=item.label, path=item.label, error=PageError(item.label, what, hint))


READERS: dict[str, Reader] = {
    "html": _file("html"),
    "text": _file("text"),
    "markdown": _file("markdown"),
    "unknown": _file(None),
    "stream": _stream,
    "records": _records,
    "packed records": _packed,
    "table": _table,
}
"""By the name that `audit.ingest.sources.SUFFIXES` gives to the end of a file name."""
