"""A large source as ranges that can be read by themselves; it is gone through once and never held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import msgspec

from audit.errors import PageError
from audit.ingest import archives, markup, parquet, warc, xmlforms
from audit.ingest.items import PACKED, Item
from audit.ingest.options import Options
from audit.ingest.streams import Binary, opened, read_some, unpacked
from audit.ingest.tables import Table

Cut = tuple[int, int, int]
"""Where a record begins, in what its reader counts; its number; the bytes of work before it in the file."""

_LINES = 1 << 20


def parts(item: Item, size: int, options: Options) -> Iterator[Item]:
    """Yield the item as ranges of about `size` bytes of work, each from the start of a record to that of another.

    What has no records, is small or cannot be read comes back whole; reading it will say what is wrong.
    """
    if item.problem[0] or item.size <= size * 3 // 2 or item.reader not in CUTS:
        yield item
        return
    start, number, done = item.start, item.line, 0
    found = CUTS[item.reader](item, size, options)
    try:
        for at, count, work in found:
            if work - done >= size:
                yield _range(item, start, at, number, work - done)
                start, number, done = at, count, work
    except (OSError, PageError):
        pass  # the last range, which has no end, meets the same fault and reports it
    if start == item.start:
        yield item
    else:
        yield _range(item, start, -1, number, max(1, item.size - done))


def _range(item: Item, start: int, end: int, number: int, work: int) -> Item:
    return msgspec.structs.replace(item, start=start, end=end, line=number, weight=work)


def _content(item: Item) -> AbstractContextManager[Binary]:
    """Open what the file of an item holds, unpacked if its reader wants it so."""
    return unpacked(item) if item.reader.startswith(PACKED) else opened(item)


def _lines(item: Item, size: int, options: Options) -> Iterator[Cut]:
    """Yield where the first line begins after every `size` bytes."""
    del options
    with _content(item) as file:
        at, number = 0, 1
        while True:
            wanted = at + size
            while at < wanted and (chunk := file.read(min(wanted - at, _LINES))):
                number += chunk.count(b"\n")
                at += len(chunk)
            while (rest := file.readline(_LINES)) and not rest.endswith(b"\n"):
                at += len(rest)
            number += bool(rest)
            at += len(rest)
            if not rest:
                return
            yield at, number, at


def _table(item: Item, size: int, options: Options) -> Iterator[Cut]:
    del size
    with _content(item) as file:
        table = Table(file, item, options)
        if not table.in_bytes:
            return
        for _ in table.rows(decoded=False):
            yield table.at, table.line, table.at


def _warc(item: Item, size: int, options: Options) -> Iterator[Cut]:
    """Yield the records of a plain archive; of a packed one, places that its reader finds the next member from."""
    del options
    with opened(item) as file:
        if warc.is_packed(file):
            yield from ((at, 1, at) for at in range(size, item.size, size))
        else:
            yield from ((at, 1, at) for at in warc.starts(file, item.size) if at)


def _zip(item: Item, size: int, options: Options) -> Iterator[Cut]:
    """Yield the lines of the directory, once they cannot be those of a bomb."""
    del size, options
    with opened(item) as file:
        place = archives.directory(file, item.label)
        archives.no_bomb(file, place, item)
        work = 0
        for entry in archives.entries(file, place.start, place.end, place.shift, item.label):
            if work:
                yield entry.at, 1, work
            work += entry.packed + 500  # a member costs something, however small


def _tar(item: Item, size: int, options: Options) -> Iterator[Cut]:
    del size, options
    with _content(item) as file:
        for head, _ in archives.members(file, item):
            if not isinstance(head, PageError) and head.start:
                yield head.start, 1, head.start


def _xml(item: Item, size: int, options: Options) -> Iterator[Cut]:
    del size, options
    with opened(item) as file:
        name = xmlforms.RECORD[xmlforms.root_of(read_some(file, xmlforms.HEAD), item.label)]
        file.seek(0)
        for number, at in enumerate(markup.starts(file, name), 1):
            if number > 1:
                yield at, number, at


def _parquet(item: Item, size: int, options: Options) -> Iterator[Cut]:
    del size
    with opened(item) as file:
        work = 0
        for number, row, weight in parquet.groups(file, item, options):
            if number:
                yield number, row, work
            work += weight


CUTS: dict[str, Callable[[Item, int, Options], Iterator[Cut]]] = {
    "records": _lines,
    PACKED + "records": _lines,
    "addresses": _lines,
    "table": _table,
    PACKED + "table": _table,
    "warc": _warc,
    "zip": _zip,
    "tar": _tar,
    PACKED + "tar": _tar,
    "xml": _xml,
    "parquet": _parquet,
}
"""Where ranges may begin, by the reader. Cuts of packed files are in bytes of what they unpack to."""
