"""The readable text of an article as one string, and its sentences with exact offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from audit.model import Article, Block, Role
from audit.text.folding import Folded, fold
from audit.text.mapped import MappedText
from audit.text.span import Span

BODY: frozenset[Role] = frozenset(
    {"heading", "paragraph", "list_item", "table_cell", "caption", "quotation", "title", "meta"}
)
"""Roles whose claims are the page's own."""
LIMITS: frozenset[Role] = BODY | {"footer", "header", "aside"}
"""Roles that may hold a disclaimer, a date or an author."""
_UNREAD: frozenset[Role] = frozenset({"navigation", "comment"})
_BETWEEN = "\n\n"


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence of the readable text."""

    start: int
    """In the source text; a list label before it is left out."""
    end: int
    text: str
    """Folded."""
    at: int
    """Where `text` begins in the folded text."""
    block: int
    """Index in `Readable.blocks`."""


class Readable(msgspec.Struct, frozen=True, gc=False):
    """What a reader reads of an article, joined, with the way back to the page."""

    source: str
    folded: Folded
    starts: tuple[int, ...]
    """Where each block begins in `source`."""
    blocks: tuple[Block, ...]
    indices: tuple[int, ...]
    """Index of each block in `Article.blocks`."""

    def to_page(self, span: Span) -> Span | None:
        """Return the envelope of a stretch of one block's source text in the page; nothing if it has no place."""
        index = bisect_right(self.starts, span.start) - 1
        start = self.starts[index]
        mapped: MappedText = self.blocks[index].text
        low, high = max(0, span.start - start), min(span.end - start, len(mapped.text))
        if low >= high:
            return None
        spans = mapped.to_page(Span(low, high))
        return Span(spans[0].start, max(part.end for part in spans)) if spans else None

    def page_of_folded(self, start: int, end: int) -> Span | None:
        """Return the place in the page of a stretch of the folded text."""
        return self.to_page(self.folded.to_source(Span(start, end)))


def readable(article: Article, roles: frozenset[Role] = LIMITS) -> Readable:
    """Return the text of the blocks of these roles that a reader sees, or may open (accordion, tab)."""
    kept = [
        (index, block)
        for index, block in enumerate(article.blocks)
        if block.role in roles
        and (block.hiding is None or block.hiding.exempt is not None)
        and block.container not in _UNREAD
        and (block.role != "meta" or "description" in block.name)
        and block.text.text
    ]
    starts: list[int] = []
    at = 0
    for _, block in kept:
        starts.append(at)
        at += len(block.text.text) + len(_BETWEEN)
    source = _BETWEEN.join(block.text.text for _, block in kept)
    return Readable(source, fold(source), tuple(starts), tuple(b for _, b in kept), tuple(i for i, _ in kept))


_ABBREVIATIONS = (
    "dr mr mrs ms prof st vs e.g i.e etc fig figs no nos vol approx ca al inc ltd co corp dept jr sr min max ref refs "
    "cf resp incl u.s u.k u.n f.d.a m.d ph.d b.sc r.n d.o d.c n.d a.m p.m rev gen est ave viz tel ext oz lb tbsp tsp "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
).split()
_NOT_AN_END = re.compile(
    rf"(?i:(?:^|[^a-z])(?:{'|'.join(map(re.escape, _ABBREVIATIONS))}))$|"
    r"(?:^|\b(?:by|and|with) |(?!(?:Vitamin|Type|Hepatitis|Group|Stage|Class|Grade) )\b[A-Z][a-z]+ |"
    r"[A-Z]\. ?|[(,] ?)[A-Z]$"
)
"""What a full stop does not end: abbreviations, and an initial after a name (“J. R. Smith”, “Ann B. Lee”)."""
_STOP = re.compile(r"[.!?…\n|•·»►✓✔→]")
"""Where a sentence may end. One class of characters, so that the search runs from one to the next."""
_FULL_STOP = re.compile(r"[.!?…]{1,40}[\"'”’)\]]*+\s++(?=[\"'“‘(\[•*>-]*\s*[A-Z0-9À-Þ\"“‘•$£€(\[])")
_LINE = re.compile(r"\n[ \t]*(?P<blank>\n\s*)?(?P<start>[A-Z0-9\"“•*|>#-]|\Z)?")
_BARS = re.compile(r"[|•·»→►✓✔]++(?=\s|$)")
_CLOSES = frozenset('.!?:;…)"”|*')
_LABEL = re.compile(
    r"(?:[\s|>•·»►✓✔*#–—-]|\(?(?:[0-9]{1,2}|[a-zA-Z])[.)](?=\s))*\s*"  # bullets and numbers
    r"(?:(?:[A-Z][\w'’&/-]*(?: (?:and|or|of|the|for|in|to|with|from|&|[A-Z][\w'’&/-]*)){0,5}):"
    r"\s+(?=[A-Z\"“]))?"  # “Pain Relief: ”
)
_STRIP_END = " \t\r\n|•*"
LEAST = 3
"""Shortest sentence that is read, in code points."""
LONGEST = 2_000
"""The longest: each claim of a sentence is held against each of its cues. A text without a stop is read in parts."""


def split(text: str) -> Iterator[Span]:
    """Yield the sentences of a text in order, without the blanks and the list labels round them.

    A sentence ends at a full stop that is followed by a new start, at a blank line, at a line break where the line is
    closed or the next one opens anew (a line that is merely wrapped goes on), and at bars and bullets of their own.
    """
    start = at = 0
    while match := _STOP.search(text, at):
        stop = match.start()
        end = _end(text, start, stop)
        if end:
            yield from _trimmed(text, start, stop if text[stop] not in ".!?…" else end)
            start = end
        at = max(end, stop + 1)
    yield from _trimmed(text, start, len(text))


def _end(text: str, start: int, at: int) -> int:
    """Return where the next sentence may begin if one ends at this character, else 0."""
    char = text[at]
    if char in ".!?…":
        match = _FULL_STOP.match(text, at)
        if match is None or (char == "." and _NOT_AN_END.search(text, max(start, at - 12), at)):
            return 0
        return match.end()
    if char == "\n":
        match = _LINE.match(text, at)
        if match is None:
            return 0
        opens = match["blank"] is not None or match["start"] is not None
        last = at - 1
        while last >= start and text[last] in " \t":
            last -= 1
        return at + 1 if opens or (last >= start and text[last] in _CLOSES) else 0
    match = _BARS.match(text, at) if at == 0 or text[at - 1].isspace() else None  # once for a run of them
    return match.end() if match is not None else 0


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while end > start and text[end - 1] in _STRIP_END:
        end -= 1
    label = _LABEL.match(text, start, end)
    if label is not None and label.end() < end:
        start = label.end()
    while end - start > LONGEST:
        blank = text.rfind(" ", start + LEAST, start + LONGEST)
        part = blank if blank >= 0 else start + LONGEST
        yield Span(start, part)
        start = part + (blank >= 0)
    if end - start >= LEAST:
        yield Span(start, end)


def sentences(text: Readable) -> tuple[Sentence, ...]:
    """Return the sentences of the readable text; none crosses a block."""
    found: list[Sentence] = []
    block = 0
    for span in split(text.source):
        while block + 1 < len(text.starts) and text.starts[block + 1] <= span.start:
            block += 1
        folded = text.folded.from_source(span) if text.folded.edits else span
        found.append(Sentence(span.start, span.end, text.folded.text[folded.start : folded.end], folded.start, block))
    return tuple(found)
