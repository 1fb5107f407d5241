"""Source text to plain text: character references resolved, line ends made one, every place kept."""

from __future__ import annotations

import html
import html.entities
import re

from audit.text.mapped import MappedText, Piece, identity

_CHANGES = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)|\r\n?")
_LEGACY_TAIL = re.compile(r"[A-Za-z0-9=]")


def resolve(source: str, start: int, end: int, *, attribute: bool = False) -> MappedText:
    """Return `source[start:end]` as a reader gets it.

    Args:
        source: The page.
        start: First code point.
        end: One past the last.
        attribute: In an attribute, a reference without semicolon before a letter, digit or `=` is plain text.

    Source: HTML Living Standard, sections 13.2.3.5 (line ends) and 13.2.5.73 (named references).
    """
    raw = source[start:end]
    if "&" not in raw and "\r" not in raw:
        return identity(raw, start)
    text: list[str] = []
    pieces: list[Piece] = []
    length = 0
    at = 0
    for change in _CHANGES.finditer(raw):
        found = change.group()
        if found[0] == "\r":
            plain = "\n"
        else:
            if attribute and found[-1] != ";" and (_LEGACY_TAIL.match(raw, change.end()) or _ends_early(found)):
                continue
            plain = html.unescape(found)
            if plain == found:
                continue
        if at < change.start():
            text.append(raw[at : change.start()])
            pieces.append(Piece(length, start + at, change.start() - at, change.start() - at))
            length += change.start() - at
        text.append(plain)
        if plain:
            pieces.append(Piece(length, start + change.start(), len(plain), len(found)))
        length += len(plain)
        at = change.end()
    if at < len(raw):
        text.append(raw[at:])
        pieces.append(Piece(length, start + at, len(raw) - at, len(raw) - at))
    return MappedText("".join(text), tuple(pieces))


def _ends_early(found: str) -> bool:
    """Whether only the head of this name is a reference (`&notit` is `&not` and `it`): plain text in an attribute."""
    return found[1] != "#" and found[1:] not in html.entities.html5
