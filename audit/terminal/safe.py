"""Text of pages and file names, made harmless for a terminal."""

from __future__ import annotations

_INVISIBLE = (
    *range(0x80, 0xA0),  # C1 controls: 0x9B opens an escape sequence
    0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
    *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),
)  # fmt: skip
_TABLE = {code: f"<U+{code:04X}>" for code in _INVISIBLE}
_TABLE |= {code: chr(0x2400 + code) for code in range(0x20)}  # the control pictures: ␛ for an escape
_TABLE |= {0x7F: "␡", 0x200C: "\u200c", 0x200D: "\u200d"}  # joiners belong to honest words and emoji
_LINES = {code: shown for code, shown in _TABLE.items() if code not in {0x09, 0x0A}}


def line(text: str) -> str:
    """Return the text on one line with every control, direction and invisible character shown instead of sent."""
    return text.translate(_TABLE)


def lines(text: str) -> str:
    """Return the text with line feeds and tabs kept, every other control shown instead of sent."""
    return text.replace("\r\n", "\n").translate(_LINES)
