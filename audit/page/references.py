"""Source text to plain text: character references resolved, line ends made one, every place kept."""

from __future__ import annotations

import re
from html.entities import html5

from audit.text.mapped import MappedText, Piece

CHANGES = re.compile(r"[&\r\0]")
"""Where there is none of these, the text stands in the page as it is."""
_CHANGE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*+;?)|\r\n?|\0")
_NUMBERS = {0x00: "�", 0x0D: "\r"} | {
    0x80 + at: char for at, char in enumerate("€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ")
}
_LONGEST_BARE = max(len(name) for name in html5 if not name.endswith(";"))


def resolve(source: str, start: int, end: int, *, attribute: bool = False) -> MappedText:
    r"""Return `source[start:end]` as a reader gets it, each reference and each `\r\n` as one whole piece.

    Args:
        source: The page.
        start: First code point.
        end: One past the last.
        attribute: In an attribute, a reference without semicolon before a letter, a digit or `=` is plain text.

    Source: HTML Living Standard, 13.2.3.5 (line ends), 13.2.5.73 (named references), 13.2.5.80 (numbers).
    """
    raw = source[start:end]
    if not CHANGES.search(raw):
        return MappedText(raw, (Piece(0, start, len(raw), len(raw)),) if raw else ())
    text: list[str] = []
    pieces: list[Piece] = []
    resolve_into(raw, start, text, pieces, 0, attribute=attribute)
    return MappedText("".join(text), tuple(pieces))


def resolve_into(
    raw: str, start: int, text: list[str], pieces: list[Piece], length: int, *, attribute: bool = False
) -> int:
    """Append the resolved text and its pieces to two lists that hold `length` code points; return their new length.

    `raw` stands in the page from `start` on.
    """
    at = 0
    for change in _CHANGE.finditer(raw):
        low, high = change.span()
        found = change.group()
        if found[0] == "&":
            plain, used = _reference(found, raw[high : high + 1] if attribute else None)
            if not used:
                continue
            high = low + used
        else:
            plain = "\n" if found[0] == "\r" else "\ufffd" if attribute else ""
        if at < low:
            text.append(raw[at:low])
            pieces.append(Piece(length, start + at, low - at, low - at))
            length += low - at
        if plain:
            text.append(plain)
            pieces.append(Piece(length, start + low, len(plain), high - low))
            length += len(plain)
        at = high
    if at < len(raw):
        text.append(raw[at:])
        pieces.append(Piece(length, start + at, len(raw) - at, len(raw) - at))
        length += len(raw) - at
    return length


def _reference(found: str, after: str | None) -> tuple[str, int]:  # noqa: PLR0911 -- one case of the table each
    """Return the characters of a reference and how much of `found` it takes; 0 if it is plain text.

    `after` is the next character of an attribute value, `None` outside of attributes.
    """
    if found[1] == "#":
        digits = found[2:].rstrip(";")
        hexadecimal = digits[0] in "xX"
        digits = digits.lstrip("xX").lstrip("0") or "0"
        number = 0x110000 if len(digits) > 8 else int(digits, 16 if hexadecimal else 10)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            return "\ufffd", len(found)
        return _NUMBERS.get(number) or chr(number), len(found)
    name = found[1:]
    if name in html5:
        if after is not None and name[-1] != ";" and (after == "=" or (after.isascii() and after.isalnum())):
            return "", 0
        return html5[name], len(found)
    if after is not None:  # in an attribute, `&notit` is not `&not` and `it`
        return "", 0
    for length in range(min(len(name), _LONGEST_BARE), 1, -1):
        if name[:length] in html5:
            return html5[name[:length]], length + 1
    return "", 0
