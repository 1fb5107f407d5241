"""Markdown to an `Article`: the line structure of CommonMark, links and code, every mark outside the text.

A full parser gives no places inside a line, and an audit needs no more of the grammar than what a line is and where
its links go; what is not understood stays text.
"""

from __future__ import annotations

import re

from audit.model import Article, Block, Link, Page, Role
from audit.page.links import host_of
from audit.text.mapped import MappedText, identity, join
from audit.text.span import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_MARK = re.compile(r"\s*(?:(#{1,6})\s+|(>\s?)+|((?:[-*+•]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?))")
_RULE = re.compile(r"\s{0,3}(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|?)+\s*$")
_LINK = re.compile(
    r"(!?)\[([^\[\]]*)\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s*\S+")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.DOTALL)
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|~~")


def parse_markdown(page: Page) -> Article:
    """Return the parts of a Markdown page; HTML inside lines is out of the text, its comments are blocks."""
    text = page.text
    blocks: list[Block] = []
    links: list[Link] = []
    fence = ""
    at = _front_matter(text)
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None or line.end() == at:
            break
        start, end = at, line.end()
        at = end
        end = start + len(text[start:end].rstrip())
        content = text[start:end]
        if opened := _FENCE.match(content):
            mark = opened.group(1)
            if not fence:
                fence = mark[0]
                continue
            if mark[0] == fence:
                fence = ""
                continue
        if fence:
            if content.strip():
                blocks.append(Block("code", identity(content, start)))
            continue
        if not content or _RULE.match(content) or _TABLE_RULE.match(content) or _REFERENCE.match(content):
            continue
        role: Role = "paragraph"
        mark = _MARK.match(content)
        if mark:
            role = "heading" if mark.group(1) else "quotation" if mark.group(2) else "list_item"
            start += mark.end()
        if content.count("|") >= 2 and content.lstrip().startswith("|"):
            cell = start
            for part in text[start:end].split("|"):
                _add("table_cell", text, cell, cell + len(part), blocks, links)
                cell += len(part) + 1
        else:
            _add(role, text, start, end, blocks, links)
    title = next((block.text.text for block in blocks if block.role == "heading"), "")
    return Article(page=page, title=title, language="", blocks=tuple(blocks), links=tuple(links), elements=(), facts=())


def _front_matter(text: str) -> int:
    """Return where the text begins after a YAML front matter, if there is one."""
    if not text.startswith("---\n"):
        return 0
    end = text.find("\n---", 4)
    return 0 if end < 0 else text.find("\n", end + 1) + 1 or len(text)


def _add(role: Role, text: str, start: int, end: int, blocks: list[Block], links: list[Link]) -> None:
    """Add the block of one stretch of source, and its links."""
    out = bytearray(end - start)  # 1 where a code point is a mark and not text
    found: list[tuple[str, int, int]] = []
    for tag in _TAG.finditer(text, start, end):
        out[tag.start() - start : tag.end() - start] = b"\1" * (tag.end() - tag.start())
        comment = tag.group()
        if comment.startswith("<!--") and comment[4:-3].strip():
            blocks.append(Block("markup_comment", identity(comment[4:-3], tag.start() + 4)))
    for link in _LINK.finditer(text, start, end):
        low, high = link.span(2)
        out[link.start() - start : low - start] = b"\1" * (low - link.start())
        out[high - start : link.end() - start] = b"\1" * (link.end() - high)
        if not link.group(1):
            found.append((link.group(3), low, high))
    for mark in _EMPHASIS.finditer(text, start, end):
        out[mark.start() - start : mark.end() - start] = b"\1" * (mark.end() - mark.start())
    parts: list[MappedText] = []
    low = 0
    while low < len(out):
        if out[low]:
            low += 1
            continue
        high = out.find(b"\1", low)
        high = len(out) if high < 0 else high
        parts.append(identity(text[start + low : start + high], start + low))
        low = high
    whole = join(parts)
    lead = len(whole.text) - len(whole.text.lstrip())
    whole = whole.slice(Span(lead, max(lead, len(whole.text.rstrip()))))
    if not whole.text:
        return
    for href, low, high in found:
        inside = [p for p in whole.pieces if p.page_start < high and low < p.page_start + p.page_length]
        if not inside:
            links.append(Link(href, host_of(href), MappedText("", ()), (), -1, -1, 0))
            continue
        first, final = inside[0], inside[-1]
        begin = first.start + max(0, low - first.page_start)
        stop = final.start + min(final.length, high - final.page_start)
        links.append(Link(href, host_of(href), whole.slice(Span(begin, stop)), (), -1, len(blocks), begin))
    blocks.append(Block(role, whole))
