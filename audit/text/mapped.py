"""A derived text that knows where each of its code points stands in the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from audit.errors import OffsetError
from audit.text.span import Span, subtract, union

_T = TypeVar("_T")


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A stretch of derived text and its place in the page.

    Where `length == page_length` the code points stand one for one; otherwise the piece is a character
    reference (`&amp;`, three letters of `&hellip;` …) and counts as a whole or not at all.
    """

    start: int
    page_start: int
    length: int
    page_length: int


class MappedText(msgspec.Struct, frozen=True, gc=False):
    """Text and its pieces, in order of text. Text between pieces (a block break) has no place in the page."""

    text: str
    pieces: tuple[Piece, ...]

    def to_page(self, span: Span) -> tuple[Span, ...]:
        """Return where this stretch of text stands in the page.

        Args:
            span: Half-open, in code points of `self.text`, not empty.

        Returns:
            Disjoint spans in page order, one per run of text, so that cutting them leaves the tags alone.
            `&amp;` and its like are returned whole; block breaks have no place in the page and give nothing.

        Raises:
            OffsetError: The span is empty or leaves the text. Always a bug in the caller.

        Source: HTML Living Standard, section 13.2.5, on where character references begin and end.
        """
        if not 0 <= span.start < span.end <= len(self.text):
            raise OffsetError(f"span {span.start}:{span.end} is empty or leaves a text of {len(self.text)}")
        found: list[Span] = []
        at = max(0, bisect_right(self.pieces, span.start, key=_start) - 1)
        for piece in _since(self.pieces, at):
            if piece.start >= span.end:
                break
            low, high = max(span.start - piece.start, 0), min(span.end - piece.start, piece.length)
            if low >= high:
                continue
            if piece.length != piece.page_length:
                low, high = 0, piece.page_length
            found.append(Span(piece.page_start + low, piece.page_start + high))
        return union(found)

    def place(self) -> tuple[Span, ...]:
        """Return where the whole text stands in the page; empty for an empty text."""
        return self.to_page(Span(0, len(self.text))) if self.text else ()

    def slice(self, span: Span) -> MappedText:
        """Return a stretch of the text with its places; a reference that is only touched comes along whole.

        Raises:
            OffsetError: The span leaves the text.
        """
        if not 0 <= span.start <= span.end <= len(self.text):
            raise OffsetError(f"span {span.start}:{span.end} leaves a text of {len(self.text)}")
        kept: list[Piece] = []
        for piece in _since(self.pieces, bisect_right(self.pieces, span.start, key=_start) - 1):
            if piece.start >= span.end:
                break
            low, high = max(span.start, piece.start), min(span.end, piece.start + piece.length)
            if low >= high:
                continue
            if piece.length == piece.page_length:
                kept.append(Piece(low - span.start, piece.page_start + low - piece.start, high - low, high - low))
            else:
                kept.append(Piece(low - span.start, piece.page_start, high - low, piece.page_length))
        return MappedText(self.text[span.start : span.end], tuple(kept))

    def less(self, cuts: Iterable[Span]) -> MappedText:
        """Return the text without what stands in these spans of the page.

        A reference that a cut only touches stays; text without a place in the page stays.
        """
        holes = union(cuts)
        if not holes:
            return self
        parts: list[MappedText] = []
        gone = [
            Span(piece.start + low, piece.start + high) for piece in self.pieces for low, high in _covered(piece, holes)
        ]
        if not gone:
            return self
        parts = [self.slice(span) for span in subtract([Span(0, len(self.text))], gone)]
        return join(parts)


def identity(text: str, page_start: int = 0) -> MappedText:
    """Return text that stands in the page as it is, from `page_start` on."""
    return MappedText(text, (Piece(0, page_start, len(text), len(text)),) if text else ())


def join(parts: Iterable[MappedText], between: str = "") -> MappedText:
    """Return the parts one after the other; `between` has no place in the page."""
    text: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for part in parts:
        if text and between:
            text.append(between)
            at += len(between)
        pieces += (Piece(p.start + at, p.page_start, p.length, p.page_length) for p in part.pieces)
        text.append(part.text)
        at += len(part.text)
    return MappedText("".join(text), tuple(pieces))


def _since(items: Sequence[_T], first: int) -> Iterator[_T]:
    """Yield the items from the first on, without a copy of them."""
    return map(items.__getitem__, range(max(0, first), len(items)))


def _start(piece: Piece) -> int:
    return piece.start


def _begin(span: Span) -> int:
    return span.start


def _covered(piece: Piece, holes: tuple[Span, ...]) -> Iterable[tuple[int, int]]:
    """Yield the stretches of a piece that the holes take away, counted from the piece's start."""
    end = piece.page_start + piece.page_length
    for hole in _since(holes, bisect_right(holes, piece.page_start, key=_begin) - 1):
        if hole.start >= end:
            break
        low, high = max(hole.start, piece.page_start), min(hole.end, end)
        if low >= high:
            continue
        if piece.length == piece.page_length:
            yield low - piece.page_start, high - piece.page_start
        elif low == piece.page_start and high == end:
            yield 0, piece.length
