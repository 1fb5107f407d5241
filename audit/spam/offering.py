"""Does a sentence offer something to its reader, does a phrase name what is sold? A small net reads it as a whole.

Words alone do not say: “the cleaners leave the carpets like new” and “the cleaners left the ward at noon” share most of
theirs. The net knows words by their vectors (`meaning`), names that nobody knows say nothing to it, and a trade that
nobody showed it is read like any other. Made by `training/offering.py`; the card is `audit/models/offering.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from audit.text.meaning import SIZE
from audit.text.net import FORMS, REACH, UNKNOWN, Net, shipped, word_of, words_of

OWN = 24
"""Numbers that a frequent word has of its own."""
WIDTHS = (128, 40)
"""Numbers of a word after the first layer, and of a sentence after the second."""
LONGEST = 60
"""Words and marks of a sentence that are read."""


class Reader(NamedTuple):
    """The net."""

    net: Net

    def odds(self, sentences: Sequence[str]) -> list[float]:
        """Return of each sentence the log-odds that it offers something; 0 of one without a word."""
        said = [[match[0] for match in words_of(sentence)[:LONGEST]] for sentence in sentences]
        found = [0.0] * len(said)
        asked = [at for at, words in enumerate(said) if words]
        for first in range(0, len(asked), _AT_ONCE):
            part = asked[first : first + _AT_ONCE]
            for at, odds in zip(part, self._odds([said[at] for at in part]), strict=True):
                found[at] = odds
        return found

    def _odds(self, sentences: Sequence[Sequence[str]]) -> list[float]:
        words = [list(map(word_of, sentence)) for sentence in sentences]
        answers = self.net.whole(words, unsaid=UNKNOWN)  # who is named is for others to judge
        return [float(odds) for odds in answers[:, 0]]


_AT_ONCE = 100
"""Sentences; each word of them takes a thousand bytes."""


@cache
def reader() -> Reader:
    """Return the net that ships with the package, read once."""
    return Reader(shipped("offering", OWN, shapes()))


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer: of words, of the sentence, and of the answer."""
    return [((2 * REACH + 1) * (OWN + SIZE + FORMS), WIDTHS[0]), *pairwise((2 * WIDTHS[0], WIDTHS[1], 1))]
