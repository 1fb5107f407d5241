"""What does a passage speak of? Vectors of its words, beside those of the rest of its page.

Words that are used alike have vectors that point alike, so a sentence on car insurance is far from a page on the knee
even where both say “claim”. Made by `training/word_vectors.py`; the card is `audit/models/meaning.md`.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, normalize
from zlib import crc32

from audit.text.span import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 48
"""Numbers of a vector."""
WORD = r"[^\W\d_]{3,}"
"""What has a vector, if it is known and in lower case."""
_WORDS = re.compile(f"({WORD})")
_NONE = -1
_HEALTH = ""
"""The name of the first row, which no word has."""
FEWEST = 4
"""Words with a vector that a passage has at least: fewer hardly say what it speaks of."""
FEWEST_OF_PAGE = 40
"""Words with a vector that a page has at least beside a passage: else it has no subject to be far from."""
LONGEST = 1_000_000
"""Code points of a text that has a subject: each word takes 400 bytes, and no article is as long."""
_ENGLISH = frozenset("the and for that with are this from you your can".split())
_LEAST_ENGLISH = 0.06
"""Share of these among the words of three letters or more of an English text; of NIH answers the least has 0.09."""


class Words(NamedTuple):
    """The words that have a vector."""

    rows: dict[str, int]
    vectors: NDArray[np.int8]
    """Shape (words, `SIZE`). A word that is frequent in any text has a short one."""


@cache
def vectors() -> Words:
    """Return the vectors that ship with the package, read once."""
    import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

    models = files("audit.models")
    names = [_HEALTH, *models.joinpath("meaning.txt").read_text(encoding="utf-8").split()]
    table = np.frombuffer(models.joinpath("meaning.bin").read_bytes(), dtype=np.int8).reshape(-1, SIZE)
    return Words({name: row for row, name in enumerate(names)}, table)


@lru_cache(maxsize=4096)
def is_known(word: str) -> bool:
    """Whether a word is one that people used before: one of some 320,000, with or without `s`, or made of two of them.

    Case and accents aside; words run together are known each, and an active ingredient by its ending.
    """
    plain = word.lower()
    if plain in vectors().rows:
        return True
    run = _RUN_TOGETHER.findall(word)
    if len(run) > 1:
        return all(map(is_known, run))
    if not plain.isascii():
        plain = "".join(letter for letter in normalize("NFD", plain) if not combining(letter))
    return (
        _is_listed(plain)
        or _INGREDIENT.search(plain) is not None
        or any(
            _is_listed(plain[:at]) and _is_listed(plain[at:]) for at in range(_LEAST_PART, len(plain) - _LEAST_PART + 1)
        )
    )


_RUN_TOGETHER = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+")
"""The words of `ContactUs`."""
_LEAST_PART = 4
"""Letters of each of the two words that a compound is made of."""
_INGREDIENT = re.compile(
    r"(?:tide|mab|nib|vir|statin|pril|sartan|olol|azole|mycin|cillin|cycline|oxacin|oxetine|triptan|gliptin|gliflozin|parin"
    r"|xaban|afil|lukast|setron|dronate|azepam|azolam|barbital|caine|profen|terol|codone|morphone|tinib|ciclib|lisib)s?$"
)
"""How names of active ingredients end. Source: WHO, The use of stems in the selection of INN, 2018."""


def _is_listed(word: str) -> bool:
    return any(map(_is_marked, {word, word.removesuffix("s")}))


def _is_marked(word: str) -> bool:
    marks, mark = _known(), crc32(word.encode())
    at = bisect_left(marks, mark)
    return at < len(marks) and marks[at] == mark


@cache
def _known() -> Sequence[int]:
    """Return the check sums of known words, in order: one in 13,000 words that nobody knows has one of them, too."""
    found = array("I")
    found.frombytes(files("audit.models").joinpath("known.bin").read_bytes())
    if sys.byteorder == "big":
        found.byteswap()
    return found


@cache
def _lengths() -> NDArray[np.float64]:
    """Return the length of every vector."""
    import numpy as np  # noqa: PLC0415

    squares = np.square(vectors().vectors, dtype=np.int64).sum(1)
    found: NDArray[np.float64] = np.sqrt(squares)
    return found


class Subject:
    """What a text speaks of, ready to be asked about any of its passages."""

    def __init__(self, text: str) -> None:
        """Take a text in lower case and without disguise."""
        import numpy as np  # noqa: PLC0415

        table = vectors()
        parts = _WORDS.split(text) if len(text) <= LONGEST else []
        words = parts[1::2]
        rows = np.fromiter(map(table.rows.get, words, repeat(_NONE)), dtype=np.intp, count=len(words))
        known = rows != _NONE
        rows = rows[known]
        self._parts = parts
        self._known = known
        self._rows = rows
        self._sums = np.zeros((len(rows) + 1, SIZE), dtype=np.int64)  # whole numbers add up alike on every machine
        np.cumsum(table.vectors[rows], axis=0, out=self._sums[1:])
        english = sum(map(_ENGLISH.__contains__, words))
        self.has_one = len(rows) >= FEWEST_OF_PAGE and english >= _LEAST_ENGLISH * len(words)
        """Whether the text is English, no shorter and no longer than articles are, so that it has a subject."""

    @property
    def direction(self) -> NDArray[np.int64]:
        """Where the words of the text point together: shape (`SIZE`,)."""
        whole: NDArray[np.int64] = self._sums[-1]
        return whole

    @cached_property
    def health(self) -> float:
        """How near the whole text is to health in general: a cosine."""
        return _cosine(self._sums[-1], _health())

    @cached_property
    def _ends(self) -> NDArray[np.intp]:
        """Where each word, and what stands between two, ends."""
        import numpy as np  # noqa: PLC0415

        return np.fromiter(map(len, self._parts), dtype=np.intp, count=len(self._parts)).cumsum()

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        """Where each word that has a vector begins."""
        found: NDArray[np.intp] = self._ends[:-1:2][self._known]
        return found

    def far(self, spans: Sequence[Span], most: float) -> list[Span]:
        """Return those of the passages that are no nearer to the rest of the text than a cosine, in order."""
        import numpy as np  # noqa: PLC0415

        edges = self._starts.searchsorted(np.array([(span.start, span.end) for span in spans]).reshape(-1, 2))
        own = self._sums[edges[:, 1]] - self._sums[edges[:, 0]]
        rest = self._sums[-1] - own
        lengths = np.sqrt((own * own).sum(1)) * np.sqrt((rest * rest).sum(1))
        asked = (edges[:, 1] - edges[:, 0] >= FEWEST) & ((own * rest).sum(1) <= most * lengths)
        return [span for span, is_asked in zip(spans, asked, strict=True) if is_asked]

    def astray(self, most: float, is_told: Callable[[str], bool]) -> Iterator[int]:
        """Yield where two words next to each other begin that are no nearer to the text than a cosine.

        A word without a vector is near to nothing.

        Args:
            most: The cosine.
            is_told: Whether a word may be one of them.
        """
        import numpy as np  # noqa: PLC0415

        products = np.diff(self._sums @ self.direction)
        lengths = _lengths()[self._rows] * math.sqrt(int(self.direction @ self.direction))
        is_far = np.ones(len(self._known), dtype=bool)
        is_far[self._known] = products <= most * lengths
        ends = self._ends
        for at in np.flatnonzero(is_far[:-1] & is_far[1:]).tolist():
            one, between, other = self._parts[2 * at + 1 : 2 * at + 4]
            if between == " " and is_told(one) and is_told(other):
                yield int(ends[2 * at])

    def nearness(self, span: Span) -> tuple[float, float] | None:
        """Return how near a passage is to the rest of the text, and to health in general: cosines, from -1 to 1.

        Nothing where fewer than `FEWEST` of its words have a vector, for then it hardly says what it speaks of.
        """
        first, last = self._starts.searchsorted((span.start, span.end))
        if last - first < FEWEST:
            return None
        own = self._sums[last] - self._sums[first]
        return _cosine(own, self._sums[-1] - own), _cosine(own, _health())


@cache
def _health() -> NDArray[np.int64]:
    words = vectors()
    row: NDArray[np.int64] = words.vectors[words.rows[_HEALTH]].astype("i8")
    return row


def _cosine(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    length = math.sqrt(int(one @ one)) * math.sqrt(int(other @ other))
    return int(one @ other) / length if length else 0.0
