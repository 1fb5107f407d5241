"""The article as one text, and the units of it that an injection can occupy: lines and sentences of its blocks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from audit.model import Article, Block, Link
from audit.text.mapped import Piece
from audit.text.span import Span, union

_FACELESS = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]\u202c]*+(?=\s+[\"'“‘(\[¿¡•*-]*"
    rf"(?:[^\Wa-z_]|[a-z]*(?:[{_FACELESS}]|\d|\.[a-z]{{2}})|[a-z](?:[ .-][a-z]){{3}})|\s*$)|[。！？]+|\n",
    re.MULTILINE,
)
"""A stop before a capital, or before what no person's sentence begins with: a brand, an address, a disguise."""
_ABBREVIATION = re.compile(r"(?:\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|etc|No|Fig|al|approx|Inc|Ltd))\.$")


_NAME = re.compile(r"[\w-]+")


class View:
    """All blocks of an article one after the other, each on lines of its own.

    A position without another word said of it, here and in all of `audit.spam`, is one of `text`.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.blocks = article.blocks
        parts = [block.text.text for block in article.blocks]
        self.text = "\n".join(parts)
        starts = []
        at = 0
        for part in parts:
            starts.append(at)
            at += len(part) + 1
        self._starts = starts
        self._sentences: dict[Span, tuple[Span, ...]] = {}
        """Of the lines that were asked for them; a page asks for the same ones again and again."""
        self._sentence_ends: dict[Span, list[int]] = {}
        self._said: dict[Span, str] = {}
        self._breaks = [match.start() for match in re.finditer("\n", self.text)]

    def index(self, position: int) -> int:
        """Return the index of the block that holds a position."""
        return max(0, bisect_right(self._starts, position) - 1)

    def block(self, position: int) -> Block:
        """Return the block that holds a position."""
        return self.blocks[self.index(position)]

    def span_of(self, index: int) -> Span:
        """Return where a block stands."""
        start = self._starts[index]
        return Span(start, start + len(self.blocks[index].text.text))

    def anchor(self, link: Link) -> Span:
        """Return where the anchor text of a link in a block stands; an empty span where it shows nothing."""
        start = self._starts[link.block] + link.at
        return Span(start, start + len(link.anchor.text))

    def links_from(self, span: Span) -> tuple[Link, ...]:
        """Return the links in blocks whose anchor text begins inside a span, in order of their place."""
        starts, links = self._anchor_starts
        return links[bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    @cached_property
    def _anchor_starts(self) -> tuple[tuple[int, ...], tuple[Link, ...]]:
        placed = [(self.anchor(link).start, link) for link in self.article.links if link.block >= 0]
        placed.sort(key=lambda one: one[0])
        return tuple(start for start, _ in placed), tuple(link for _, link in placed)

    @cached_property
    def names(self) -> dict[str, list[int]]:
        """Where in the page each word stands that a rule of `<style>` which hides something selects by."""
        page = self.article.page.text
        rules = {
            block.hiding.rule for block in self.blocks if block.hiding is not None and block.hiding.rule is not None
        }
        found: dict[str, list[int]] = {
            match[0]: [] for rule in rules for match in _NAME.finditer(page, rule.start, rule.end)
        }
        for match in _NAME.finditer(page) if found else ():
            if match[0] in found:
                found[match[0]].append(match.start())
        return found

    def parts(self, span: Span) -> Iterator[tuple[int, Span]]:
        """Yield the blocks that a span touches, each with the stretch of its own text."""
        for index in range(self.index(span.start), len(self.blocks)):
            block = self.span_of(index)
            if block.start >= span.end:
                return
            low, high = max(span.start, block.start), min(span.end, block.end)
            if low < high:
                yield index, Span(low - block.start, high - block.start)

    def place(self, span: Span) -> tuple[Span, ...]:
        """Return where a span stands in the page, as disjoint spans in page order."""
        return union(place for index, part in self.parts(span) for place in self.blocks[index].text.to_page(part))

    def line(self, position: int) -> Span:
        """Return the line round a position, without its line break; a block begins and ends a line."""
        index = bisect_left(self._breaks, position)
        start = self._breaks[index - 1] + 1 if index else 0
        return Span(start, self._breaks[index] if index < len(self._breaks) else len(self.text))

    def sentence(self, position: int) -> Span:
        """Return the sentence round a position, without the blanks round it."""
        line = self.line(position)
        known = self.sentences(line)
        at = bisect_right(self._sentence_ends[line], position)
        return known[at] if at < len(known) else line

    def said(self, span: Span) -> str:
        """Return the text of a span; that of a sentence is kept, for everything in it asks for it."""
        if span != self.sentence(span.start):
            return self.text[span.start : span.end]
        if span not in self._said:
            self._said[span] = self.text[span.start : span.end]
        return self._said[span]

    def sentences(self, line: Span) -> tuple[Span, ...]:
        """Return the sentences of a line, in order, without the blanks round them."""
        known = self._sentences.get(line)
        if known is None:
            known = self._sentences[line] = tuple(self._split(line))
            self._sentence_ends[line] = [sentence.end for sentence in known]
        return known

    def _split(self, line: Span) -> Iterator[Span]:
        at = line.start
        for match in _SENTENCE_END.finditer(self.text, line.start, line.end):
            if _ABBREVIATION.search(self.text, max(line.start, match.end() - 8), match.end()):
                continue
            sentence = self.trim(Span(at, match.end()))
            if len(sentence):
                yield sentence
            at = match.end()
        rest = self.trim(Span(at, line.end))
        if len(rest):
            yield rest

    def run_before(self, position: int, line: Span) -> int:
        """Return where the run of text begins that a position stands in, tags parting it from the one before."""
        index = self.index(position)
        block = self.blocks[index].text
        at = position - self._starts[index]
        edge = line.start - self._starts[index]
        last = -1
        first = max(0, bisect_right(block.pieces, edge, key=_piece_start) - 1)
        for number in range(first, len(block.pieces)):
            piece = block.pieces[number]
            if piece.start > at:
                break
            if last >= 0 and piece.page_start != last:
                edge = max(edge, piece.start)
            last = piece.page_start + piece.page_length
        start = self._starts[index] + edge
        return start + len(self.text[start:position]) - len(self.text[start:position].lstrip())

    def trim(self, span: Span) -> Span:
        """Return a span without the blanks and line breaks at its ends."""
        start, end = span.start, span.end
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        return Span(start, end)

    def lines(self) -> Iterator[Span]:
        """Yield every line that is not blank."""
        at = 0
        for part in self.text.split("\n"):
            if part and not part.isspace():
                yield Span(at, at + len(part))
            at += len(part) + 1

    def shown(self, position: int) -> bool:
        """Whether a reader sees what stands there as text of the article."""
        block = self.block(position)
        return block.hiding is None and block.role not in UNSEEN


UNSEEN = frozenset({"title", "meta", "attribute", "markup_comment", "noscript", "template", "data"})
"""Roles of text that stands in the page but not in front of its reader."""


def _piece_start(piece: Piece) -> int:
    return piece.start
