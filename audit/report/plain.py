"""Text of pages for formats that take it as it is: what shows nothing, or turns the text round, is named instead."""

from __future__ import annotations

_NAMED = (
    *range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x61C, 0x180E, 0x200B, 0x200E, 0x200F,
    *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF,
    *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),
)  # fmt: skip
_TABLE = {code: f"<U+{code:04X}>" for code in _NAMED}


def lines(text: str) -> str:
    """Return the text with its line feeds and tabs, every other control and direction named; XML 1.0 takes it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)


def line(text: str, most: int = 0) -> str:
    """Return the text on one line, blanks drawn together, at most so many code points if a number is given."""
    whole = " ".join(lines(text[: 4 * most] if most else text).split())
    return whole if not most or len(whole) <= most else whole[: most - 1].rstrip() + "…"
