"""Markdown to an `Article`: the line structure of CommonMark, links and code, every mark outside of the text.

A full parser gives no places inside a line, and an audit needs no more of the grammar than what a line is and where
its links go; what is not understood stays text.

Source: CommonMark 0.31.2, and GitHub's tables and task lists.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

from audit.model import Article, Block, Link, Page, Role
from audit.page.links import host_of, tidy
from audit.page.references import resolve
from audit.text.mapped import MappedText, Piece, identity, join
from audit.text.span import Span

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"[ \t>]{0,8}(```+|~~~+)")
_QUOTE = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]++|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*")
_REFERENCE = re.compile(r"[ \t]{0,3}\[([^\[\]]+)\]:[ \t]*<?([^\s<>]+)")
_LINK = re.compile(
    r"(!?)\[([^\[\]]*)\](?:\([ \t]*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?[ \t]*\)"
    r"|\[([^\[\]]*)\])"
)
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^\s<>]*)>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.DOTALL)
_MARKS = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|(?<!\\)(?:\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+|~~)"
)
_FAR_LINES = str.maketrans("\n\t", "  ")


def parse_markdown(page: Page) -> Article:
    """Return the parts of a Markdown page; HTML inside lines is out of the text, its comments are blocks."""
    reader = _Reader(page.text)
    reader.read(_front_matter(page.text))
    blocks = tuple(reader.blocks)
    title = next((block.text.text for block in blocks if block.role == "heading"), "")
    return Article(page=page, title=title, language="", blocks=blocks, links=tuple(reader.links), elements=(), facts=())


class _Reader:
    """The state of one pass over the lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.comments: list[Block] = []
        """Of the block that is being made."""
        self.addresses = {
            found.group(1).casefold(): found.group(2)
            for found in map(_REFERENCE.match, text.splitlines() if "]:" in text else ())
            if found
        }
        self.role: Role = "paragraph"
        self.lines: list[Span] = []
        """Lines of the paragraph that is being read, without their marks."""

    def read(self, at: int) -> None:
        """Read the lines from `at` on."""
        fence = ""
        while at < len(self.text):
            line = _LINE.match(self.text, at)
            if line is None:
                break
            start, end = at, line.end(1)
            at = line.end()
            content = line.group(1)
            opened = _FENCE.match(content)
            if opened and (not fence or opened.group(1).startswith(fence)):
                self._flush()
                fence = "" if fence else opened.group(1)
            elif fence:
                self._add_code(start, end)
            else:
                self._line(start, content.rstrip())
        self._flush()

    def _line(self, start: int, content: str) -> None:
        role: Role | None = None
        low = 0
        if quote := _QUOTE.match(content):
            role, low = "quotation", quote.end()
        rest = content[low:]
        if not rest.strip() or _REFERENCE.match(rest):
            self._flush()
        elif _UNDERLINE.match(rest) and self.lines and self.role == "paragraph":
            self.role = "heading"
            self._flush()
        elif _RULE.match(rest) or ("|" in rest and _TABLE_RULE.match(rest)):
            self._flush()
        elif rest.lstrip().startswith("|") and rest.count("|") >= 2:
            self._flush()
            cell = start + low
            for part in rest.split("|"):
                self._add("table_cell", [Span(cell, cell + len(part))])
                cell += len(part) + 1
        else:
            self._text_line(start, low, content, role)

    def _text_line(self, start: int, low: int, content: str, role: Role | None) -> None:
        rest = content[low:]
        if heading := _HEADING.match(rest):
            self._flush()
            end = len(content.rstrip("#").rstrip()) if content.endswith("#") else len(content)
            self._add("heading", [Span(start + low + heading.end(), start + max(end, low + heading.end()))])
            return
        if item := _ITEM.match(rest):
            self._flush()
            self.role = "list_item"
            low += item.end()
        elif self.lines:
            if (role == "quotation") != (self.role == "quotation") and role is not None:
                self._flush()
                self.role = role
            low += len(rest) - len(rest.lstrip())
        elif role is None and _INDENTED.match(rest) and not (self.blocks and self.blocks[-1].role == "list_item"):
            self._add_code(start, start + len(content))
            return
        else:
            self.role = role or "paragraph"
            low += len(rest) - len(rest.lstrip())
        self.lines.append(Span(start + low, start + len(content)))

    def _flush(self) -> None:
        """Make a block of the lines that were collected."""
        if self.lines:
            self._add(self.role, self.lines)
            self.lines = []

    def _add_code(self, start: int, end: int) -> None:
        if self.text[start:end].strip():
            line = identity(self.text[start:end], start)
            self.blocks.append(Block("code", line.slice(_inside(line.text))))

    def _add(self, role: Role, lines: list[Span]) -> None:
        """Add the block of some lines, and its links."""
        text = self.text
        start, end = lines[0].start, lines[-1].end
        out = bytearray(end - start)  # 1 where a code point is a mark and not text

        def leave(low: int, high: int) -> None:
            out[low - start : high - start] = b"\1" * (high - low)

        for before, after in pairwise(lines):
            breaks = re.search(r"\r\n|\r|\n", text[before.end : after.start])
            leave(before.end + (breaks.end() if breaks else 0), after.start)
            if breaks:
                leave(before.end, before.end + breaks.start())
        found = [*self._links_in(start, end, leave)]
        for mark in _MARKS.finditer(text, start, end):
            leave(*mark.span())
        parts: list[MappedText] = []
        low = 0
        while (low := out.find(b"\0", low)) >= 0:
            high = out.find(b"\1", low)
            high = len(out) if high < 0 else high
            part = resolve(text, start + low, start + high)
            parts.append(MappedText(part.text.translate(_FAR_LINES), part.pieces))
            low = high
        whole = join(parts)
        whole = whole.slice(_inside(whole.text))
        for href, low, high in found:
            anchor, at = _stretch(whole, low, high)
            self.links.append(
                Link(tidy(href), host_of(href), anchor, (), -1, len(self.blocks) if anchor.text else -1, at)
            )
        if whole.text:
            self.blocks.append(Block(role, whole))
        self.blocks += self.comments
        self.comments.clear()

    def _links_in(self, start: int, end: int, leave: Callable[[int, int], None]) -> Iterator[tuple[str, int, int]]:
        """Yield the address and the place of the anchor text of each link; what is no text is left out."""
        text = self.text
        for link in _LINK.finditer(text, start, end):
            low, high = link.span(2)
            name = link.group(4)
            href = link.group(3) if name is None else self.addresses.get((name or link.group(2)).casefold())
            if href is None:
                continue
            leave(link.start(), low)
            leave(high, link.end())
            if not link.group(1):
                yield href, low, high
        for link in _AUTOLINK.finditer(text, start, end):
            leave(link.start(), link.start() + 1)
            leave(link.end() - 1, link.end())
            yield link.group(1), *link.span(1)
        for tag in _TAG.finditer(text, start, end):
            found = tag.group()
            if _AUTOLINK.match(found):
                continue
            leave(*tag.span())
            inside = found[4:].removesuffix("-->") if found.startswith("<!--") else ""
            if inside.strip():
                comment = identity(inside, tag.start() + 4)
                self.comments.append(Block("markup_comment", comment.slice(_inside(inside))))


def _front_matter(text: str) -> int:
    """Return where the text begins after a YAML front matter, if there is one."""
    if not text.startswith(("---\n", "---\r\n")):
        return 0
    end = text.find("\n---", 4)
    return 0 if end < 0 else text.find("\n", end + 1) + 1 or len(text)


def _stretch(text: MappedText, low: int, high: int) -> tuple[MappedText, int]:
    """Return what of a text stands in `page[low:high]`, and where it begins."""
    at = max(0, bisect_right(text.pieces, low, key=_page_start) - 1)
    after = bisect_right(text.pieces, high - 1, key=_page_start)
    if at < after and text.pieces[at].page_start + text.pieces[at].page_length <= low:
        at += 1
    if at >= after:
        return MappedText("", ()), 0
    first, final = text.pieces[at], text.pieces[after - 1]
    begin = first.start + (max(0, low - first.page_start) if first.length == first.page_length else 0)
    end = final.start + (
        min(final.length, high - final.page_start) if final.length == final.page_length else final.length
    )
    return text.slice(Span(begin, end)), begin


def _page_start(piece: Piece) -> int:
    return piece.page_start


def _inside(text: str) -> Span:
    """Return the stretch of a text without the white at its ends."""
    lead = len(text) - len(text.lstrip())
    return Span(lead, max(lead, len(text.rstrip())))
