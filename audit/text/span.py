"""Half-open stretches of code points, and the arithmetic on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

_T = TypeVar("_T")


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """`text[start:end]`, in code points; of the decoded page unless a docstring says otherwise."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, other: object) -> bool:
        """Whether the whole of another span, or one position, lies inside this one."""
        if isinstance(other, Span):
            return self.start <= other.start and other.end <= self.end
        return isinstance(other, int) and self.start <= other < self.end

    def touches(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the code points covered by any of the spans, as disjoint spans in order; neighbours are joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def subtract(spans: Iterable[Span], less: Iterable[Span]) -> tuple[Span, ...]:
    """Return the code points covered by `spans` and by none of `less`, as disjoint spans in order."""
    holes = union(less)
    kept: list[Span] = []
    first = 0
    for span in union(spans):
        start = span.start
        while first < len(holes) and holes[first].end <= start:
            first += 1
        at = first
        while at < len(holes) and holes[at].start < span.end:
            if holes[at].start > start:
                kept.append(Span(start, holes[at].start))
            start = max(start, holes[at].end)
            at += 1
        if start < span.end:
            kept.append(Span(start, span.end))
    return tuple(kept)


def crossing(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Return those of disjoint spans in order that share a code point with a span."""
    first = bisect_right(spans, span.start, key=_end)
    return spans[first : bisect_left(spans, span.end, first, key=_start)]


def meets(spans: Sequence[Span], span: Span) -> bool:
    """Whether a span shares a code point with any of disjoint spans in order."""
    at = bisect_right(spans, span.start, key=_end)
    return at < len(spans) and spans[at].start < span.end


class Placed(Generic[_T]):
    """Things that each have a span; those that lie round, in or across another span are found without asking all.

    They are kept by length, so that one long span among thousands of short ones costs no more than itself.
    """

    def __init__(self, things: Iterable[_T], span_of: Callable[[_T], Span]) -> None:
        self._things = tuple(things)
        self._spans = tuple(map(span_of, self._things))
        by_length: dict[int, list[tuple[int, int]]] = {}
        for number, span in enumerate(self._spans):
            by_length.setdefault(len(span).bit_length(), []).append((span.start, number))
        self._by_length = tuple(
            (1 << length, [start for start, _ in same], [number for _, number in same])
            for length, same in ((length, sorted(same)) for length, same in by_length.items())
        )

    def across(self, span: Span) -> list[_T]:
        """Return those that share a code point with a span, in the order they were given in."""
        return self._found(lambda longest: span.start - longest, span.end, span.touches)

    def around(self, span: Span) -> list[_T]:
        """Return those that a span lies in, in the order they were given in."""
        return self._found(lambda longest: span.end - longest, span.start + 1, lambda other: span in other)

    def inside(self, span: Span) -> list[_T]:
        """Return those that lie in a span, in the order they were given in."""
        return self._found(lambda _: span.start, span.end + 1, lambda other: other in span)

    def _found(self, first: Callable[[int], int], end: int, fits: Callable[[Span], bool]) -> list[_T]:
        """Return those that fit among the ones that begin before an end, and at the first place for their length."""
        found: list[int] = []
        for longest, starts, numbers in self._by_length:
            low = bisect_left(starts, first(longest))
            found += (number for number in numbers[low : bisect_left(starts, end)] if fits(self._spans[number]))
        return [self._things[number] for number in sorted(found)]


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end


def without(text: str, cuts: Iterable[Span]) -> str:
    """Return the text less the cuts, everything else untouched."""
    parts: list[str] = []
    at = 0
    for cut in union(cuts):
        parts.append(text[at : cut.start])
        at = cut.end
    parts.append(text[at:])
    return "".join(parts)
