"""Small nets that read words: what is known of each, a layer over neighbours, a whole sentence, the file they ship in.

All numbers are whole, so that they add up alike on every machine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from audit.text.meaning import SIZE, is_known, vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    """Whole numbers, so that they add up alike on every machine."""

_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_")
"""A word, or one mark."""
UNIT = 32
"""What stands for 1 among the numbers given of a word."""
FORMS = 14
"""Numbers that say how a word is written."""
UNKNOWN = 1 << 11
"""The bit of a form that says that nobody knows the word."""
STEM = 6
NAMED = 4
"""Letters of the shortest word that is looked for elsewhere on the page."""
REACH = 2
"""Neighbours on either side that a layer sees."""
LONGEST = 60
"""Words and marks of a sentence that are read where it is read as a whole."""
AT_ONCE = 100
"""Sentences that are read as a whole together; each word of them takes a thousand bytes."""
_MARKS = {mark: at for at, marks in enumerate((",;", ".!?…", ":", "()[]", "-–—/|", "\"'“”‘’")) for mark in marks}
_OTHER_MARK = 6


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


def words_read(text: str) -> list[Word]:
    """Return what is known of the words and marks of a sentence, so far as it is read as a whole."""
    return [word_of(match[0]) for match in words_of(text)[:LONGEST]]


def meanings(words: Sequence[Word]) -> Floats:
    """Return the vectors of words, zeros where one has none: shape (words, `SIZE`)."""
    import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

    at = np.array([word.meaning for word in words], dtype=np.intp)
    found: Floats = vectors().vectors[at].astype(np.float32)
    found[at < 0] = 0
    return found


class Layer(NamedTuple):
    """Shapes (numbers in, numbers out), of 2 × `REACH` + 1 words where it reads neighbours, and (numbers out,)."""

    weights: Floats
    """Whole numbers from -127 to 127."""
    scale: Floats
    bias: Floats


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


_PRODUCTS = 250_000
"""OpenBLAS starts threads from 262,144 products on."""


def _product(rows: Floats, weights: Floats) -> Floats:
    """Return what a layer without neighbours makes of each row, in such parts."""
    import numpy as np  # noqa: PLC0415

    step = _PRODUCTS // weights.size
    return np.concatenate([rows[first : first + step] @ weights for first in range(0, len(rows), step)])


MOST = 255
"""Largest number between two layers; sums of 600 products with numbers of a byte stay exact in 24 bits."""
FINER = 8
"""What a mean counts more than a largest number: it is so much smaller, and both are whole."""
AT_LEAST = 2
"""Words that a mean is taken over beside those of the sentence, so that a short one says less."""


class Net(NamedTuple):
    """What was learnt."""

    rows: Mapping[str, int]
    """Of frequent words, in lower case."""
    own: Floats
    """Shape (frequent words + 1, own numbers): what was learnt of each; the last row is that of all other words."""
    layers: tuple[Layer, ...]

    def numbers(self, words: Sequence[Word], *, unsaid: int = 0) -> tuple[NDArray[np.intp], Floats]:
        """Return of each word the row of its own numbers, and vector and form: shape (words, `SIZE` + `FORMS`).

        Args:
            words: The words and marks.
            unsaid: Bits of their forms that the net is not told.
        """
        import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

        other = len(self.rows)
        rows = np.array([self.rows.get(word.lower, other) for word in words], dtype=np.intp)
        forms = np.array([word.forms & ~unsaid for word in words], dtype=np.int64)
        given = np.empty((len(words), SIZE + FORMS), dtype=np.float32)
        given[:, :SIZE] = meanings(words)
        given[:, SIZE:] = UNIT * (forms[:, None] >> np.arange(FORMS) & 1)
        return rows, given

    def whole(self, sentences: Sequence[Sequence[Word]], beside: Floats | None = None, *, unsaid: int = 0) -> Floats:
        """Return what the net says of whole sentences: shape (sentences, numbers out of the last layer).

        A layer of each word with its neighbours; the largest and the mean of each number over the sentence; the layers
        behind it. The net has three layers or more.

        Args:
            sentences: Their words, one at least in each.
            beside: What else is known of each sentence, whole numbers: shape (sentences, numbers).
            unsaid: Bits of the words' forms that the net is not told.
        """
        import numpy as np  # noqa: PLC0415

        words = [word for sentence in sentences for word in sentence]
        rows, given = self.numbers(words, unsaid=unsaid)
        lengths = np.array(list(map(len, sentences)), dtype=np.intp)
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(len(rows)) + REACH * (1 + np.repeat(np.arange(len(lengths)), lengths))
        own = self.own.shape[1]
        spread = np.zeros((len(rows) + REACH * (1 + len(lengths)), own + given.shape[1]), dtype=np.float32)
        spread[places, :own] = self.own[rows]
        spread[places, own:] = given
        of_words, *between, last = self.layers
        seen = stepped(convolved(spread, of_words.weights)[places - REACH], of_words)
        mean = np.floor(FINER * np.add.reduceat(seen, first) / (lengths + AT_LEAST)[:, None].astype(np.float32))
        parts = [np.maximum.reduceat(seen, first), np.minimum(mean, MOST)]
        whole = np.concatenate(parts if beside is None else [*parts, beside], axis=1)
        for layer in between:
            whole = stepped(_product(whole, layer.weights), layer)
        answers: Floats = _product(whole, last.weights) * last.scale + last.bias
        return answers


def stepped(made: Floats, layer: Layer) -> Floats:
    """Return whole numbers from 0 to `MOST` of what a layer made."""
    import numpy as np  # noqa: PLC0415

    stepped: Floats = np.clip(np.floor(made * layer.scale + layer.bias), 0, MOST)
    return stepped


def whole_shapes(own: int, widths: tuple[int, int], *, answers: int = 1, beside: int = 0) -> list[tuple[int, int]]:
    """Return numbers in and out of each layer of a net that reads whole sentences.

    Args:
        own: Numbers that a frequent word has of its own.
        widths: Numbers of a word after the first layer, and of a sentence after the second.
        answers: Numbers out of the last.
        beside: Numbers of what else is known of a sentence.
    """
    of_words, of_sentence = widths
    given = (2 * REACH + 1) * (own + SIZE + FORMS)
    return [(given, of_words), (2 * of_words + beside, of_sentence), (of_sentence, answers)]


def shipped(name: str, own: int, shapes: Sequence[tuple[int, int]]) -> Net:
    """Return a net that ships with the package: `name.txt` and `name.bin`."""
    models = files("audit.models")
    frequent = models.joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return read(frequent, models.joinpath(f"{name}.bin").read_bytes(), own, shapes)


def read(frequent: str, numbers: bytes, own: int, shapes: Sequence[tuple[int, int]]) -> Net:
    """Return the net that a list of words and a file of numbers hold: own numbers, then each layer, as bytes.

    Args:
        frequent: The words that have numbers of their own.
        numbers: The file.
        own: How many each of them has.
        shapes: Numbers in and out of each layer.

    Raises:
        ValueError: The file is longer or shorter than such a net is.
    """
    import numpy as np  # noqa: PLC0415

    words = frequent.split()
    size = (len(words) + 1) * own + sum(rows * wide + 8 * wide for rows, wide in shapes)
    if len(numbers) != size:
        raise ValueError(f"{len(numbers)} bytes of a net where {size} were expected; fit it again")
    at = 0

    def array(kind: str, *shape: int) -> Floats:
        nonlocal at
        found = np.frombuffer(numbers, dtype=kind, count=math.prod(shape), offset=at)
        at += found.nbytes
        return found.reshape(shape).astype(np.float32)

    known = array("i1", len(words) + 1, own)
    layers = tuple(Layer(array("i1", rows, wide), array("<f4", wide), array("<f4", wide)) for rows, wide in shapes)
    return Net({word: row for row, word in enumerate(words)}, known, layers)
