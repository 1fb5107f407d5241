"""Does a sentence offer something to its reader, does a phrase name what is sold? A small net reads it as a whole.

Words alone do not say: “the cleaners leave the carpets like new” and “the cleaners left the ward at noon” share most of
theirs. The net knows words by their vectors (`meaning`), names that nobody knows say nothing to it, and a trade that
nobody showed it is read like any other. Made by `training/offering.py`; the card is `audit/models/offering.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audit.text.meaning import SIZE
from audit.text.net import FORMS, REACH, UNKNOWN, Layer, Net, convolved, shipped, word_of, words_of

if TYPE_CHECKING:
    from audit.text.net import Floats

OWN = 24
"""Numbers that a frequent word has of its own."""
WIDTHS = (128, 40)
"""Numbers of a word after the first layer, and of a sentence after the second."""
MOST = 255
"""Largest number between two layers; sums of 430 products with numbers of a byte stay exact in 24 bits."""
FINER = 8
"""What a mean counts more than a largest number: it is so much smaller, and both are whole."""
AT_LEAST = 2
"""Words that a mean is taken over beside those of the sentence, so that a short one says less."""
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
        import numpy as np  # noqa: PLC0415

        words = [word_of(word) for sentence in sentences for word in sentence]
        rows, given = self.net.numbers(words, unsaid=UNKNOWN)  # who is named is for others to judge
        lengths = np.array(list(map(len, sentences)), dtype=np.intp)
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(len(rows)) + REACH * (1 + np.repeat(np.arange(len(lengths)), lengths))
        spread = np.zeros((len(rows) + REACH * (1 + len(lengths)), OWN + SIZE + FORMS), dtype=np.float32)
        spread[places, :OWN] = self.net.own[rows]
        spread[places, OWN:] = given
        first_layer, second, last = self.net.layers
        seen = _stepped(convolved(spread, first_layer.weights)[places - REACH], first_layer)
        total = np.add.reduceat(seen, first)
        mean = np.floor(FINER * total / (lengths + AT_LEAST)[:, None].astype(np.float32))
        pooled = np.concatenate([np.maximum.reduceat(seen, first), np.minimum(mean, MOST)], axis=1)
        whole = _stepped(pooled @ second.weights, second)
        answer = (whole @ last.weights) * last.scale + last.bias
        return [float(odds) for odds in answer[:, 0]]


def _stepped(made: Floats, layer: Layer) -> Floats:
    """Return whole numbers from 0 to `MOST` of what a layer made."""
    import numpy as np  # noqa: PLC0415

    stepped: Floats = np.clip(np.floor(made * layer.scale + layer.bias), 0, MOST)
    return stepped


_AT_ONCE = 100
"""Sentences; each word of them takes a thousand bytes."""


@cache
def reader() -> Reader:
    """Return the net that ships with the package, read once."""
    return Reader(shipped("offering", OWN, shapes()))


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer: of words, of the sentence, and of the answer."""
    return [((2 * REACH + 1) * (OWN + SIZE + FORMS), WIDTHS[0]), *pairwise((2 * WIDTHS[0], WIDTHS[1], 1))]
