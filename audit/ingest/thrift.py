"""As much of Thrift's compact protocol as tells how large a page of Parquet says it is, and where it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import msgspec

from audit.ingest.streams import read_some

_WINDOW = 1 << 16
"""Bytes in which the header of a page has to fit; it may hold the least and the greatest value of the page."""
_DEEPEST = 16
_BOOLEANS, _INTEGERS, _BINARY, _LISTS, _MAP, _STRUCT = (1, 2), (4, 5, 6), 8, (9, 10), 11, 12
_FIXED = {1: 0, 2: 0, 3: 1, 7: 8}
"""Bytes of true, false, a byte and a double."""


class PageHeader(msgspec.Struct, frozen=True):
    """What the header of a page says."""

    unpacked: int
    packed: int
    length: int
    """Bytes of the header itself."""


def page_headers(file: IO[bytes], start: int, end: int) -> Iterator[PageHeader]:
    """Yield the headers of the pages in a stretch of a file.

    Raises:
        ValueError: There is none where one should be.
    """
    at = start
    while at < end:
        file.seek(at)
        header = _header(read_some(file, min(_WINDOW, end - at)))
        yield header
        at += header.length + header.packed


def _header(raw: bytes) -> PageHeader:
    sizes: dict[int, int] = {}
    try:
        at = number = 0
        while raw[at]:
            kind, number, at = _field(raw, at, number)
            if kind in _INTEGERS:
                sizes[number], at = _signed(raw, at)
            else:
                at = _past(raw, at, kind, 0)
    except IndexError:
        raise ValueError("a page without a header") from None
    unpacked, packed = sizes.get(2, -1), sizes.get(3, -1)
    if unpacked < 0 or packed < 0:
        raise ValueError("a page without a size")
    return PageHeader(unpacked, packed, at + 1)


def _field(raw: bytes, at: int, before: int) -> tuple[int, int, int]:
    """Return type and number of a field, and where its value begins."""
    step, kind = raw[at] >> 4, raw[at] & 15
    if step:
        return kind, before + step, at + 1
    number, at = _signed(raw, at + 1)
    return kind, number, at


def _past(raw: bytes, at: int, kind: int, depth: int) -> int:
    """Return the place behind a value."""
    if depth > _DEEPEST:
        raise ValueError("a page header that is nested too deep")
    if kind in _FIXED:
        return at + _FIXED[kind]
    if kind in _INTEGERS or kind == _BINARY:
        size, at = _unsigned(raw, at)
        return at + size if kind == _BINARY else at
    if kind in _LISTS:
        size, inner = raw[at] >> 4, raw[at] & 15
        at += 1
        if size == 15:
            size, at = _unsigned(raw, at)
        return _past_all(raw, at, [inner], size, depth)
    if kind == _MAP:
        size, at = _unsigned(raw, at)
        return _past_all(raw, at + 1, [raw[at] >> 4, raw[at] & 15], size, depth) if size else at
    if kind == _STRUCT:
        number = 0
        while raw[at]:
            inner, number, at = _field(raw, at, number)
            at = _past(raw, at, inner, depth + 1)
        return at + 1
    raise ValueError("a page header that cannot be read")


def _past_all(raw: bytes, at: int, kinds: list[int], size: int, depth: int) -> int:
    for _ in range(min(size, len(raw))):
        for kind in kinds:
            at = _past(raw, at + (kind in _BOOLEANS), kind, depth + 1)
    return at


def _unsigned(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while raw[at] & 0x80:
        value |= (raw[at] & 0x7F) << shift
        shift += 7
        at += 1
    return value | raw[at] << shift, at + 1


def _signed(raw: bytes, at: int) -> tuple[int, int]:
    value, at = _unsigned(raw, at)
    return (value >> 1) ^ -(value & 1), at
