"""The reading grade, as advice: NIH's own answers have a median grade of 10."""

from __future__ import annotations

import functools
import re
from typing import Any

FEWEST_WORDS = 150
"""Below, the grade says nothing."""
HARD = 14.0
"""Grade from which it is worth a note: about one NIH answer in ten lies above."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def grade(folded: str, sentences: int) -> float | None:
    """Return the Flesch-Kincaid grade of English prose; nothing for too little text.

    Syllables are counted by Pyphen's hyphenation patterns, in every nth word of a long text. textstat, which knows more
    formulas, takes three seconds to import and fetches a dictionary from the network.

    Source: Kincaid et al. 1975.
    """
    words = _WORD.findall(folded)
    if len(words) < FEWEST_WORDS or not sentences:
        return None
    sample = words[:: max(1, len(words) // _SAMPLE)]
    syllables = sum(map(_syllables, sample)) / len(sample)
    return round(0.39 * len(words) / sentences + 11.8 * syllables - 15.59, 1)


_SAMPLE = 200
"""Words whose syllables are counted; that leaves the grade uncertain by less than one, and a new word takes 0.05 ms."""


@functools.lru_cache(maxsize=65_536)
def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1


@functools.cache
def _hyphenation() -> Any:  # noqa: ANN401 (Pyphen is not typed)
    import pyphen  # type: ignore[import-untyped]  # noqa: PLC0415 (120 ms with its patterns; only for longer pages)

    return pyphen.Pyphen(lang="en_US", left=1, right=1)
