"""The reading grade, as advice: NIH's own answers have a median grade of 10."""

from __future__ import annotations

import functools
import re

FEWEST_WORDS = 150
"""Below, the grade says nothing."""
HARD = 14.0
"""Grade from which it is worth a note: about one NIH answer in ten lies above."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def grade(folded: str, sentences: int) -> float | None:
    """Return the Flesch-Kincaid grade of English prose; nothing for too little text.

    Source: Kincaid et al. 1975. Syllables are counted by Pyphen's hyphenation patterns; textstat, which knows more
    formulas, takes seconds to import and fetches a dictionary from the network.
    """
    words = _WORD.findall(folded)
    if len(words) < FEWEST_WORDS or not sentences:
        return None
    return round(0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59, 1)


@functools.lru_cache(maxsize=65_536)
def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1


@functools.cache
def _hyphenation():  # type: ignore[no-untyped-def]  # noqa: ANN202 (Pyphen is not typed)
    import pyphen  # noqa: PLC0415 (120 ms with its patterns; only for pages of some length)

    return pyphen.Pyphen(lang="en_US", left=1, right=1)
