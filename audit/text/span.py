"""Half-open stretches of code points, and the arithmetic on them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


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


def without(text: str, cuts: Iterable[Span]) -> str:
    """Return the text less the cuts, everything else untouched."""
    parts: list[str] = []
    at = 0
    for cut in union(cuts):
        parts.append(text[at : cut.start])
        at = cut.end
    parts.append(text[at:])
    return "".join(parts)
