"""Which words of a sentence were dropped into it? What stands round them would go on without them.

A small net reads each word with its neighbours. It knows words by their vectors (`meaning`), so a trade that nobody
named is none the less out of place. Made by `training/dropped.py`; the card is `audit/models/dropped.md`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audit.text.meaning import SIZE
from audit.text.net import FORMS, REACH, UNIT, Net, convolved, shipped, stepped, word_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.text.net import Floats

SCENE = 3
"""Numbers that say how a word goes with its page."""
OWN = 16
WIDTHS = (64, 48)
ANSWERS = 2
"""Numbers of a word: its own, after the first and the second layer, and after the last."""
FIELD = (len(WIDTHS) + 1) * REACH
"""Neighbours on either side that the net sees of a word."""
_LOGS = tuple(round(UNIT * math.log1p(count)) for count in range(40))


class Scene(NamedTuple):
    """What a page says to each of its words."""

    direction: NDArray[np.int64]
    """Shape (`SIZE`,): where its words point; zeros where it says too little."""
    counts: Mapping[str, int]
    """How often the first letters of a word, `STEM` of them, stand on it."""


class Dropped(NamedTuple):
    """Words in a row that were dropped in."""

    first: int
    last: int
    """The word behind them."""
    strength: float
    """Log-odds, summed over the words."""


class Reader(NamedTuple):
    """The net."""

    net: Net

    def numbers(self, words: Sequence[str], scene: Scene) -> tuple[NDArray[np.intp], Floats]:
        """Return of each word the row of its own numbers, and what is given of it: shape (words, given)."""
        import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

        known = list(map(word_of, words))
        rows, said = self.net.numbers(known)
        given = np.empty((len(words), SIZE + FORMS + SCENE), dtype=np.float32)
        given[:, :-SCENE] = said
        means = said[:, :SIZE].astype(np.int64)
        lengths = np.sqrt((means * means).sum(1)) * math.sqrt(int(scene.direction @ scene.direction))
        given[:, -3] = np.rint(UNIT * (means @ scene.direction) / np.maximum(lengths, 1.0))
        counts = [scene.counts.get(word.stem, 1) if word.stem else 0 for word in known]
        given[:, -2] = [_LOGS[min(max(count - 1, 0), len(_LOGS) - 1)] for count in counts]
        given[:, -1] = [UNIT * (count == 1) for count in counts]
        return rows, given

    def odds(self, sentences: Sequence[Sequence[str]], scene: Scene) -> list[list[list[float]]]:
        """Return of each word of each sentence two log-odds: that it was dropped in, and that words lack before it."""
        step = _SENTENCES  # so many at once, for each of their words takes a thousand bytes
        parts = (self._odds(sentences[at : at + step], scene) for at in range(0, len(sentences), step))
        return [odds for part in parts for odds in part]

    def _odds(self, sentences: Sequence[Sequence[str]], scene: Scene) -> list[list[list[float]]]:
        import numpy as np  # noqa: PLC0415

        words = [word for sentence in sentences for word in sentence]
        if not words:
            return [[] for _ in sentences]
        rows, given = self.numbers(words, scene)
        starts: list[int] = []
        at = REACH
        for sentence in sentences:
            starts.append(at)
            at += len(sentence) + REACH
        places = np.concatenate(
            [np.arange(start, start + len(sentence)) for start, sentence in zip(starts, sentences, strict=True)]
        )
        seen = np.concatenate([self.net.own[rows], given], axis=1)
        for number, layer in enumerate(self.net.layers):
            spread = np.zeros((at, seen.shape[1]), dtype=np.float32)
            spread[places] = seen
            made = convolved(spread, layer.weights)[places - REACH]
            is_last = number == len(self.net.layers) - 1
            seen = made * layer.scale + layer.bias if is_last else stepped(made, layer)
        said = seen.tolist()
        edges = accumulate(map(len, sentences), initial=0)
        return [said[first:last] for first, last in pairwise(edges)]


_SENTENCES = 200


@cache
def reader() -> Reader:
    """Return the net that ships with the package, read once."""
    return Reader(shipped("dropped", OWN, shapes()))


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer."""
    given = OWN + SIZE + FORMS + SCENE
    return [((2 * REACH + 1) * size, wide) for size, wide in pairwise((given, *WIDTHS, ANSWERS))]


def strongest(odds: Sequence[float]) -> Dropped | None:
    """Return the words in a row whose log-odds add up to most; nothing where all belong."""
    best: Dropped | None = None
    first, total = 0, 0.0
    for at, said in enumerate(odds):
        if total <= 0:
            first, total = at, 0.0
        total += said
        if total > (best.strength if best else 0.0):
            best = Dropped(first, at + 1, total)
    return best
