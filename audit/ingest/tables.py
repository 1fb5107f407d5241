"""CSV: a header, then one page a row; a crawl table's rows are joined with the stored copies of their addresses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import cast

from audit.errors import PageError
from audit.ingest.charset import BYTE_FOR_BYTE, codec_of, decode
from audit.ingest.items import Item
from audit.ingest.mirrors import Mirror
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import address, has_text, of_record
from audit.ingest.streams import Binary, beginning, read_some
from audit.model import Page

_SAMPLE = 1 << 16
_BYTES = "latin-1"
"""Each byte as one character: places stay those of the file, and cells are decoded one by one."""
_CRAWL = frozenset({"Content Type", "Content", "Status Code"})
"""Columns of Screaming Frog beside `Address`; its `Content` is no text, but a content type."""
_DELIMITERS = (",", "\t", ";", "|")


def of_table(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the rows that begin within the range of the item; line numbers are those of the file."""
    table = Table(file, item, options)
    crawl = None if item.reader == "member" else _crawl(table.header, item, options)
    for where, row in table.rows():
        if isinstance(row, PageError):
            yield PageFailure(id=where, path=item.label, error=row)
            continue
        record: dict[str, object] = {name: cell or None for name, cell in zip(table.header, row, strict=False)}
        url = address(record, where, options) if crawl is not None else None
        if crawl is not None and url is not None:
            if not _passed_over(record):
                yield crawl.page(url, where, item.label, options)
            continue
        yield of_record(record, where, item, options, table.encoding)


class Table:
    """The rows of a table from some place on."""

    def __init__(self, file: Binary, item: Item, options: Options) -> None:
        """Read the header; the file stands at the start of the item's range."""
        csv.field_size_limit(options.max_page_size)
        self._item, self._most = item, options.max_page_size
        head = beginning(item, _SAMPLE) if item.start else read_some(file, _SAMPLE)
        decoded = decode(head.rpartition(b"\n")[0] or head, html=False)
        self.encoding = decoded.encoding
        codec = codec_of(self.encoding)
        self.in_bytes = not codec.startswith(("utf_16", "utf-16", "utf_32", "iso2022", "hz"))
        self._codec = codec
        self._delimiter = _delimiter(decoded.text, item.label)
        raw = io.BufferedReader(cast("io.RawIOBase", Rejoined(b"" if item.start else head, file)), _SAMPLE)
        self._raw = raw
        encoding = _BYTES if self.in_bytes else codec
        self._text = io.TextIOWrapper(raw, encoding, BYTE_FOR_BYTE, newline="")
        self.at = item.start
        """Where the next row begins, in bytes; right only where `in_bytes`."""
        self.line = item.line
        self._cut = self._ended = False
        self.header: tuple[str, ...] = ()
        rows = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=self._delimiter)
        try:
            self.header = tuple(name.strip("\ufeff \t") for name in next(rows, []))
            if not item.start:
                next(self._parsed(), None)
        except csv.Error as error:
            raise PageError(item.label, f"broken header: {error}", "check the quotes of the first line") from None

    def rows(self, *, decoded: bool = True) -> Iterator[tuple[str, list[str] | PageError]]:
        """Yield each row with where it stands; afterwards `at` and `line` are those of the next."""
        parsed = self._parsed()
        while self._item.end < 0 or self.at < self._item.end:
            where = f"{self._item.label}:{self.line}"
            try:
                row = next(parsed, None)
            except csv.Error as error:
                self._cut = False
                yield where, PageError(where, f"broken row: {error}", "check the quotes")
                parsed = self._parsed()
                continue
            if row is None:
                return
            if self._cut:
                self._cut = False
                what = f"broken row: a line has more than the {self._most:,} bytes that a page may have"
                yield where, PageError(where, what, "raise max_page_size, or split the record")
            elif self._ended:  # the file was asked for more before the row was whole
                what = "broken row: the file ends inside a quoted cell"
                yield where, PageError(where, what, "check the quotes, or export it again")
            elif row:
                yield where, [self._cell(cell) for cell in row] if decoded else row

    def _parsed(self) -> Iterator[list[str]]:
        return iter(csv.reader(self._lines(), delimiter=self._delimiter))

    def _lines(self) -> Iterator[str]:
        """Yield the lines; of an over-long one its beginning, which is too long for a cell, and nothing else."""
        while line := self._text.readline(self._most + 2):
            self.at += len(line)
            if len(line) > self._most and not line.endswith(("\n", "\r")):
                self._cut = True
                while (rest := self._text.readline(_SAMPLE)) and not rest.endswith(("\n", "\r")):
                    self.at += len(rest)
                self.at += len(rest)
            self.line += 1
            yield line
        self._ended = True

    def _cell(self, cell: str) -> str:
        return cell if not self.in_bytes or cell.isascii() else cell.encode(_BYTES).decode(self._codec, BYTE_FOR_BYTE)


class Rejoined(io.RawIOBase):
    """Bytes that were read ahead, and then the file that they came from."""

    def __init__(self, head: bytes, file: Binary) -> None:
        self._head, self._file = head, file

    def readable(self) -> bool:  # noqa: D102
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # noqa: D102
        data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        data = data or self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _delimiter(text: str, name: str) -> str:
    """Return what parts the cells of the first line: a tab in .tsv, else the most frequent of the usual signs."""
    first = text.partition("\n")[0]
    if ".tsv" in name.lower()[-8:]:
        return "\t"
    return max(_DELIMITERS, key=lambda sign: (first.count(sign), -_DELIMITERS.index(sign)))


def _crawl(header: tuple[str, ...], item: Item, options: Options) -> Mirror | None:
    """Return the stored copies of a table's addresses; None if its rows hold their pages, or no address."""
    record = dict.fromkeys(header, "x")
    if address(record, item.label, options) is None:
        return None
    screaming_frog = "Address" in header and not _CRAWL.isdisjoint(header) and not options.text_field
    return Mirror.beside(item, options) if screaming_frog or not has_text(record, options) else None


def _passed_over(record: dict[str, object]) -> bool:
    """Return whether a row of a crawl table is of no page: an image, a redirection, an error."""
    mime = str(record.get("Content Type") or record.get("Content") or "html").lower()
    status = str(record.get("Status Code") or "200")
    return not ("html" in mime or mime.startswith("text/plain")) or not status.startswith("2")
