"""Whole honest pages that were written for the project: what nobody may cut. Nobody looks at those of this folder.

A file holds pages by one hand. A page begins with `=== ` and what it is; then come paragraphs, a line each, headings
(`# `) and list items (`* `).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from audit.model import Kind

FOLDER = Path(__file__).parent / "pages"
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
_MARKS = {"# ": "h2", "* ": "li"}
"""At the beginning of a line: a heading, an item."""


class Written(NamedTuple):
    """A page as it was written."""

    name: str
    """Of the file and the number of the page in it."""
    text: str

    @property
    def html(self) -> str:
        """The page with a heading, a paragraph or an item an element."""
        lines = "\n".join(_element(line) for line in self.text.splitlines() if line.strip())
        body = re.sub(r"(?:<li>.*\n?)+", lambda items: f"<ul>\n{items[0].rstrip()}\n</ul>\n", lines)
        return f'<!DOCTYPE html>\n<html lang="en"><body>\n{body}\n</body></html>\n'

    def forms(self) -> tuple[tuple[Kind, str], ...]:
        """Return it as a page of text and as one of HTML."""
        return ("text", self.text), ("html", self.html)

    def sentences(self) -> Iterator[str]:
        """Yield its sentences, headings and items."""
        for line in filter(None, map(str.strip, self.text.splitlines())):
            yield from filter(None, _SENTENCE.split(line.removeprefix("# ").removeprefix("* ")))


def _element(line: str) -> str:
    tag = _MARKS.get(line[:2], "p")
    return f"<{tag}>{escape(line[2:] if tag != 'p' else line, quote=False)}</{tag}>"


def written(folder: Path) -> Iterator[Written]:
    """Yield the pages of a folder's files, in order of their names."""
    for path in sorted(folder.glob("*.txt")):
        parts = f"\n{path.read_text('utf-8')}".split("\n=== ")[1:]
        for number, part in enumerate(parts, 1):
            yield Written(f"{path.stem}-{number}", part.partition("\n")[2].strip() + "\n")
