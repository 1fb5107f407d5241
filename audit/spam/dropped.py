"""Which words of a sentence were dropped into it? What stands round them would go on without them.

A small net reads each word with its neighbours. It knows words by their vectors (`meaning`), so a trade that nobody
named is none the less out of place. Made by `training/dropped.py`; the card is `audit/models/dropped.md`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audit.spam.meaning import SIZE, is_known, vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    """Shape (words, numbers): whole numbers, so that they add up alike on every machine."""

_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_")
"""A word, or one mark."""
UNIT = 32
"""What stands for 1 among the numbers given of a word."""
FORMS = 14
"""Numbers that say how a word is written."""
SCENE = 3
"""Numbers that say how a word goes with its page."""
STEM = 6
NAMED = 4
"""Letters of the shortest word that is looked for elsewhere on the page."""
REACH = 2
"""Neighbours on either side that a layer sees."""
MOST = 255
"""Largest number of a word between two layers; sums of 320 products with numbers of a byte stay exact in 24 bits."""
OWN = 16
WIDTHS = (64, 48)
ANSWERS = 2
"""Numbers of a word: its own, after the first and the second layer, and after the last."""
FIELD = (len(WIDTHS) + 1) * REACH
"""Neighbours on either side that the net sees of a word."""
_MARKS = {mark: at for at, marks in enumerate((",;", ".!?…", ":", "()[]", "-–—/|", "\"'“”‘’")) for mark in marks}
_OTHER_MARK = 6
_LOGS = tuple(round(UNIT * math.log1p(count)) for count in range(40))


class Scene(NamedTuple):
    """What a page says to each of its words."""

    direction: NDArray[np.int64]
    """Shape (`SIZE`,): where its words point; zeros where it says too little."""
    counts: Mapping[str, int]
    """How often the first letters of a word, `STEM` of them, stand on it."""


class Layer(NamedTuple):
    """Shapes (5 × numbers in, numbers out) and, for scale and bias, (numbers out,)."""

    weights: Floats
    """Whole numbers from -127 to 127."""
    scale: Floats
    bias: Floats


class Dropped(NamedTuple):
    """Words in a row that were dropped in."""

    first: int
    last: int
    """The word behind them."""
    strength: float
    """Log-odds, summed over the words."""


def words_of(text: str) -> list[re.Match[str]]:
    """Return the words and marks of a text, in order."""
    return list(_TOKEN.finditer(text))


class Word(NamedTuple):
    """What is known of a word wherever it stands."""

    lower: str
    meaning: int
    """Its row in `meaning.bin`, or -1."""
    forms: int
    """How it is written: a bit for each of `FORMS`."""
    stem: str
    """Empty for a short word, which says nothing of its page."""


@lru_cache(maxsize=50_000)
def word_of(text: str) -> Word:
    """Return what is known of a word or mark."""
    lower = text.lower()
    first = text[0]
    if not first.isalnum():
        return Word(lower, -1, 1 << _MARKS.get(first, _OTHER_MARK), "")
    said = (
        first.isupper(),
        len(text) > 1 and text.isupper(),
        any(letter.isdigit() for letter in text),
        not text.isascii(),
        text.isalpha() and len(text) >= NAMED and not is_known(text),
        True,
        text.isdigit(),
    )
    forms = sum(1 << at for at, is_so in enumerate(said, _OTHER_MARK + 1) if is_so)
    return Word(lower, vectors().rows.get(lower, -1), forms, lower[:STEM] if len(lower) >= NAMED else "")


class Reader(NamedTuple):
    """The net."""

    rows: Mapping[str, int]
    """Of frequent words, in lower case."""
    own: Floats
    """Shape (frequent words + 1, `OWN`): what was learnt of each; the last row is that of all other words."""
    layers: tuple[Layer, ...]

    def numbers(self, words: Sequence[str], scene: Scene) -> tuple[NDArray[np.intp], Floats]:
        """Return of each word the row of its own numbers, and what is given of it: shape (words, given)."""
        import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

        known = list(map(word_of, words))
        other = len(self.rows)
        rows = np.array([self.rows.get(word.lower, other) for word in known], dtype=np.intp)
        at = np.array([word.meaning for word in known], dtype=np.intp)
        given = np.empty((len(words), SIZE + FORMS + SCENE), dtype=np.float32)
        means = vectors().vectors[at].astype(np.int64)
        means[at < 0] = 0
        given[:, :SIZE] = means
        forms = np.array([word.forms for word in known], dtype=np.int64)
        given[:, SIZE : SIZE + FORMS] = UNIT * (forms[:, None] >> np.arange(FORMS) & 1)
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
        seen = np.concatenate([self.own[rows], given], axis=1)
        for number, layer in enumerate(self.layers):
            spread = np.zeros((at, seen.shape[1]), dtype=np.float32)
            spread[places] = seen
            made = convolved(spread, layer.weights)
            seen = made[places - REACH] * layer.scale + layer.bias
            if number < len(self.layers) - 1:
                seen = np.clip(np.floor(seen), 0, MOST)
        said = seen.tolist()
        edges = accumulate(map(len, sentences), initial=0)
        return [said[first:last] for first, last in pairwise(edges)]


def convolved(rows: Floats, weights: Floats) -> Floats:
    """Return what a layer makes of each row with its neighbours; the first and last `REACH` rows are neighbours only.

    In parts so small that the library of matrices starts no threads: what they cost is more than what they save.
    """
    import numpy as np  # noqa: PLC0415

    size, wide = rows.shape[1], weights.shape[1]
    made = np.zeros((len(rows) - 2 * REACH, wide), dtype=np.float32)
    step = _PRODUCTS // (size * wide)
    for first in range(0, len(made), step):
        part = made[first : first + step]
        for by in range(2 * REACH + 1):
            part += rows[first + by : first + by + len(part)] @ weights[by * size : (by + 1) * size]
    return made


_SENTENCES = 200
_PRODUCTS = 250_000
"""OpenBLAS starts threads from 262,144 products on."""


@cache
def reader() -> Reader:
    """Return the net that ships with the package, read once."""
    models = files("audit.models")
    return read(models.joinpath("dropped.txt").read_text(encoding="utf-8"), models.joinpath("dropped.bin").read_bytes())


def read(frequent: str, numbers: bytes) -> Reader:
    """Return the net that a list of words and a file of numbers hold: own numbers, then each layer, as bytes.

    Raises:
        ValueError: The file is longer or shorter than such a net is.
    """
    import numpy as np  # noqa: PLC0415

    words = frequent.split()
    given = OWN + SIZE + FORMS + SCENE
    shapes = [((2 * REACH + 1) * size, wide) for size, wide in pairwise((given, *WIDTHS, ANSWERS))]
    size = (len(words) + 1) * OWN + sum(rows * wide + 8 * wide for rows, wide in shapes)
    if len(numbers) != size:
        raise ValueError(f"dropped.bin: {len(numbers)} bytes where {size} were expected; fit it again")
    at = 0

    def array(kind: str, *shape: int) -> Floats:
        nonlocal at
        found = np.frombuffer(numbers, dtype=kind, count=math.prod(shape), offset=at)
        at += found.nbytes
        return found.reshape(shape).astype(np.float32)

    own = array("i1", len(words) + 1, OWN)
    layers = tuple(Layer(array("i1", rows, wide), array("<f4", wide), array("<f4", wide)) for rows, wide in shapes)
    return Reader({word: row for row, word in enumerate(words)}, own, layers)


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
