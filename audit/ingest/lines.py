"""JSON: a record a line, or a feed of objects in one array."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from audit.errors import PageError
from audit.ingest.items import Item
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import of_record, parsed
from audit.ingest.streams import Binary
from audit.model import Page

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_CHUNK = 1 << 18
_BETWEEN = b", \t\r\n"
"""What stands between the members of a feed."""


def of_lines(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the records of the lines that begin within the range of the item; the file stands at its start."""
    left = sys.maxsize if item.end < 0 else item.end - item.start
    number = item.line - 1
    while left > 0 and (line := file.readline(options.max_page_size + 1)):
        number += 1
        left -= len(line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        where = f"{item.label}:{number}"
        if len(line) > options.max_page_size and not line.endswith(b"\n"):
            del line
            left -= past_line(file)
            what = f"the line has more than the {options.max_page_size:,} bytes that a page may have"
            error = PageError(where, what, "raise max_page_size, or split the record")
            yield PageFailure(id=where, path=item.label, error=error)
        elif line.strip():
            yield _of_json(line, where, item, options, "a line holds one JSON object with a field html or text")


def past_line(file: Binary) -> int:
    """Read past the rest of a line; return how many bytes that were."""
    count = 0
    while rest := file.readline(_CHUNK):
        count += len(rest)
        if rest.endswith(b"\n"):
            break
    return count


def of_feed(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the objects of a JSON array, as Scrapy writes it, or of one object after another; numbered from 1."""
    number = item.line - 1
    for found in _objects(file, options.max_page_size):
        number += 1
        where = f"{item.label}:{number}"
        if isinstance(found, str):
            error = PageError(where, found, "write JSON Lines instead, where one bad record harms no other")
            yield PageFailure(id=where, path=item.label, error=error)
        else:
            yield _of_json(found, where, item, options, "a feed is an array of objects with a field html or text")


def _of_json(line: bytes, where: str, item: Item, options: Options, hint: str) -> Page | PageFailure:
    try:
        record = parsed(line)
    except ValueError as error:
        return PageFailure(id=where, path=item.label, error=PageError(where, f"not a JSON object: {error}", hint))
    return of_record(record, where, item, options)


def _objects(file: Binary, most: int) -> Iterator[bytes | str]:
    """Yield the bytes of each object that stands alone or in the outermost array, and of whatever stands in its place.

    A message comes last if one has more than `most` bytes or the file ends inside one, or inside the array.
    """
    buffer = file.read(_CHUNK).removeprefix(b"\xef\xbb\xbf")
    arrays = 0  # that are open and stand in no object
    depth = at = begin = 0  # of braces and of those brackets that stand inside them
    while True:
        incomplete = False
        for match in _TOKEN.finditer(buffer, at):
            sign = match[0]
            yield from () if depth else _others(buffer[at : match.start()])
            if sign == b'"':  # a string that goes on behind the buffer
                at, incomplete = match.start(), True
                break
            at = match.end()
            if sign in b"{[" and (sign == b"{" or depth):
                begin = begin if depth else match.start()
                depth += 1
            elif sign in b"}]" and depth:
                depth -= 1
                if not depth:
                    yield buffer[begin:at]
            elif sign == b"[":
                arrays += 1
            elif sign == b"]" and arrays:
                arrays -= 1
            elif not depth:  # a string, or the end of what never began
                yield sign
        if (depth and not incomplete) or not buffer[at:].strip(_BETWEEN):
            at = len(buffer)
        keep = begin if depth else at
        if len(buffer) - keep > most:
            yield f"the object has more than the {most:,} bytes that a page may have; the rest is not read"
            return
        buffer, at, begin = buffer[keep:], at - keep, 0
        more = file.read(max(_CHUNK, len(buffer)))
        if not more:
            if depth or incomplete:
                yield "cut off: the file ends inside an object"
            else:
                yield from _last(buffer, arrays)
            return
        buffer += more


def _last(left: bytes, arrays: int) -> Iterator[bytes | str]:
    """Yield what stands behind the last object, and whether arrays are still open there."""
    yield from _others(left)
    if arrays:
        yield "cut off: the file ends inside an array"


def _others(between: bytes) -> Iterator[bytes]:
    """Yield the numbers, words and scraps that stand where only commas should."""
    return filter(None, (part.strip(_BETWEEN) for part in between.split(b",")))
