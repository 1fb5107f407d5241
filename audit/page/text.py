"""Plain text to an `Article`: a line is a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.model import Article, Block, Page, Role
from audit.text.mapped import identity

_LINE = re.compile(r"[^\r\n]+")
_BULLET = re.compile(r"(?:[-*•‣▪–·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+")
_LONGEST_HEADING = 100
"""Code points."""


def parse_text(page: Page) -> Article:
    """Return the parts of plain text: lines, told apart as title, heading, list item or paragraph by their shape."""
    blocks: list[Block] = []
    lines = list(lines_of(page.text))
    for number, (start, line) in enumerate(lines):
        role: Role = "paragraph"
        if _BULLET.match(line):
            role = "list_item"
        elif len(line) <= _LONGEST_HEADING and line[-1] not in '.:;,!…"”’)':
            following = lines[number + 1][1] if number + 1 < len(lines) else ""
            if number == 0 and following:
                role = "title"
            elif following and len(following) > len(line) and not _BULLET.match(line) and line[-1] != "?":
                role = "heading"
        blocks.append(Block(role, identity(line, start)))
    title = blocks[0].text.text if blocks and blocks[0].role == "title" else ""
    return Article(page=page, title=title, language="", blocks=tuple(blocks), links=(), elements=(), facts=())


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield start and text of each line that holds more than white, without the white at its ends."""
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            yield match.start() + len(line) - len(line.lstrip()), stripped
