"""Does a sentence offer something to its reader? A small net reads it as a whole.

Words alone do not say: “the cleaners leave the carpets like new” and “the cleaners left the ward at noon” share most of
theirs. The net knows words by their vectors (`meaning`), names that nobody knows say nothing to it, and a trade that
nobody showed it is read like any other. Made by `training/offering.py`; the card is `audit/models/offering.md`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audit.spam.dropped import FORMS, REACH, UNIT, Layer, convolved, word_of, words_of
from audit.spam.meaning import SIZE, vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    """Whole numbers, so that they add up alike on every machine."""

OWN = 24
"""Numbers that a frequent word has of its own."""
WIDTHS = (96, 32)
"""Numbers of a word after the first layer, and of a sentence after the second."""
MOST = 255
"""Largest number between two layers; sums of 430 products with numbers of a byte stay exact in 24 bits."""
FINER = 8
"""What a mean counts more than a largest number: it is so much smaller, and both are whole."""
AT_LEAST = 2
"""Words that a mean is taken over beside those of the sentence, so that a short one says less."""
LONGEST = 60
"""Words and marks of a sentence that are read."""
UNKNOWN = 1 << 11
"""The bit of a word's form that says that nobody knows it: who is named is for others to judge."""


class Reader(NamedTuple):
    """The net."""

    rows: Mapping[str, int]
    """Of frequent words, in lower case."""
    own: Floats
    """Shape (frequent words + 1, `OWN`): what was learnt of each; the last row is that of all other words."""
    layers: tuple[Layer, ...]

    def numbers(self, words: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
        """Return of each word the row of its own numbers, and what is given of it: shape (words, given)."""
        import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

        known = list(map(word_of, words))
        other = len(self.rows)
        rows = np.array([self.rows.get(word.lower, other) for word in known], dtype=np.intp)
        at = np.array([word.meaning for word in known], dtype=np.intp)
        forms = np.array([word.forms & ~UNKNOWN for word in known], dtype=np.int64)
        given = np.empty((len(words), SIZE + FORMS), dtype=np.float32)
        given[:, :SIZE] = vectors().vectors[at]
        given[at < 0, :SIZE] = 0
        given[:, SIZE:] = UNIT * (forms[:, None] >> np.arange(FORMS) & 1)
        return rows, given

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

        rows, given = self.numbers([word for sentence in sentences for word in sentence])
        lengths = np.array(list(map(len, sentences)), dtype=np.intp)
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(len(rows)) + REACH * (1 + np.repeat(np.arange(len(lengths)), lengths))
        spread = np.zeros((len(rows) + REACH * (1 + len(lengths)), OWN + SIZE + FORMS), dtype=np.float32)
        spread[places, :OWN] = self.own[rows]
        spread[places, OWN:] = given
        words, sentence, last = self.layers
        seen = _stepped(convolved(spread, words.weights)[places - REACH], words)
        total = np.add.reduceat(seen, first)
        mean = np.floor(FINER * total / (lengths + AT_LEAST)[:, None].astype(np.float32))
        pooled = np.concatenate([np.maximum.reduceat(seen, first), np.minimum(mean, MOST)], axis=1)
        whole = _stepped(pooled @ sentence.weights, sentence)
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
    models = files("audit.models")
    names, numbers = models.joinpath("offering.txt"), models.joinpath("offering.bin")
    return read(names.read_text(encoding="utf-8"), numbers.read_bytes())


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer: of words, of the sentence, and of the answer."""
    return [((2 * REACH + 1) * (OWN + SIZE + FORMS), WIDTHS[0]), *pairwise((2 * WIDTHS[0], WIDTHS[1], 1))]


def read(frequent: str, numbers: bytes) -> Reader:
    """Return the net that a list of words and a file of numbers hold: own numbers, then each layer, as bytes.

    Raises:
        ValueError: The file is longer or shorter than such a net is.
    """
    import numpy as np  # noqa: PLC0415

    words = frequent.split()
    size = (len(words) + 1) * OWN + sum(rows * wide + 8 * wide for rows, wide in shapes())
    if len(numbers) != size:
        raise ValueError(f"offering.bin: {len(numbers)} bytes where {size} were expected; fit it again")
    at = 0

    def array(kind: str, *shape: int) -> Floats:
        nonlocal at
        found = np.frombuffer(numbers, dtype=kind, count=math.prod(shape), offset=at)
        at += found.nbytes
        return found.reshape(shape).astype(np.float32)

    own = array("i1", len(words) + 1, OWN)
    layers = tuple(Layer(array("i1", rows, wide), array("<f4", wide), array("<f4", wide)) for rows, wide in shapes())
    return Reader({word: row for row, word in enumerate(words)}, own, layers)
