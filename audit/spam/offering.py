"""Does a sentence offer something to its reader, does a phrase name what is sold? A small net reads it as a whole.

Words alone do not say: “the cleaners leave the carpets like new” and “the cleaners left the ward at noon” share most of
theirs. The net knows words by their vectors (`meaning`), names that nobody knows say nothing to it, and a trade that
nobody showed it is read like any other. Made by `training/offering.py`; the card is `audit/models/offering.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from audit.text.net import AT_ONCE, UNKNOWN, Net, shipped, whole_shapes, words_read

OWN = 24
"""Numbers that a frequent word has of its own."""
WIDTHS = (128, 40)
"""Numbers of a word after the first layer, and of a sentence after the second."""


class Reader(NamedTuple):
    """The net."""

    net: Net

    def odds(self, sentences: Sequence[str]) -> list[float]:
        """Return of each sentence the log-odds that it offers something; 0 of one without a word."""
        said = list(map(words_read, sentences))
        found = [0.0] * len(said)
        asked = [at for at, words in enumerate(said) if words]
        for first in range(0, len(asked), AT_ONCE):
            part = asked[first : first + AT_ONCE]
            answers = self.net.whole([said[at] for at in part], unsaid=UNKNOWN)  # who is named is for others to judge
            for at, odds in zip(part, answers[:, 0].tolist(), strict=True):
                found[at] = odds
        return found


@cache
def reader() -> Reader:
    """Return the net that ships with the package, read once."""
    return Reader(shipped("offering", OWN, shapes()))


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer: of words, of the sentence, and of the answer."""
    return whole_shapes(OWN, WIDTHS)
