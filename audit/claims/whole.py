"""What does a sentence claim, read as a whole with those beside it? A small net says.

Weights of single words (`learned`) do not see their order: “the pain went” and “where the pain went” share theirs.
The net knows words by their vectors, so that rare ones say something, too. Made by `training/claims_net.py`; the card
is `audit/models/claiming.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, get_args

import msgspec

from audit.claims.sentences import Readable, Sentence
from audit.model import ClaimType
from audit.text.meaning import SIZE
from audit.text.net import (
    AT_ONCE,
    UNIT,
    UNKNOWN,
    Net,
    Word,
    meanings,
    shipped,
    whole_shapes,
    word_of,
    words_read,
)

if TYPE_CHECKING:
    from audit.text.net import Floats

TYPES: tuple[ClaimType, ...] = get_args(ClaimType)
ANSWERS = 1 + len(TYPES)
"""Log-odds of a claim, and a score of each type."""
OWN = 24
"""Numbers that a frequent word has of its own."""
WIDTHS = (64, 48)
"""Numbers of a word after the first layer, and of a sentence after the second."""


class Whole(msgspec.Struct, frozen=True, gc=False):
    """What the net says of a sentence; all in thousandths."""

    claim: int
    """Log-odds that it is one."""
    types: tuple[int, ...]
    """A score of each of `TYPES`; only how far they are apart means something."""


def plain(text: Readable, sentence: Sentence) -> str:
    """Return a sentence as its page writes it, on one line."""
    return " ".join(text.source[sentence.start : sentence.end].split())


def around(sentences: Sequence[Sequence[Word]]) -> Floats:
    """Return what is said of sentences that stand beside others: shape (sentences, `AROUND`).

    The mean of their words' vectors, and whether there is a sentence at all.
    """
    import numpy as np  # noqa: PLC0415 -- a tenth of a second, which `--help` need not wait for

    lengths = np.array(list(map(len, sentences)), dtype=np.intp)
    said = np.zeros((len(sentences), AROUND), dtype=np.float32)
    given = meanings(list(chain.from_iterable(sentences)))
    there = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[there]
    if len(starts):
        said[there, :SIZE] = np.floor(np.add.reduceat(given, starts) / (lengths[there, None] + 1))
        said[there, SIZE] = UNIT
    return said


AROUND = SIZE + 1


def read(sentences: Sequence[str], at: Sequence[int]) -> list[Whole]:
    """Return what the net says of those of a page's sentences."""
    parts = (at[first : first + AT_ONCE] for first in range(0, len(at), AT_ONCE))
    return [said for part in parts for said in _read(sentences, part)]


def _read(sentences: Sequence[str], at: Sequence[int]) -> list[Whole]:
    import numpy as np  # noqa: PLC0415

    near = sorted({number + by for number in at for by in (-1, 0, 1)})
    known = [words_read(sentences[number]) if 0 <= number < len(sentences) else [] for number in near]
    row = {number: row for row, number in enumerate(near)}
    said = around(known)
    before, after = said[[row[number - 1] for number in at]], said[[row[number + 1] for number in at]]
    own = [known[row[number]] or [word_of(".")] for number in at]
    answers = net().whole(own, np.concatenate([before, after], axis=1), unsaid=UNKNOWN)
    return [Whole(claim, tuple(types)) for claim, *types in np.rint(1000 * answers).astype(np.int64).tolist()]


@cache
def net() -> Net:
    """Return the net that ships with the package, read once."""
    return shipped("claiming", OWN, shapes())


def shapes() -> list[tuple[int, int]]:
    """Return numbers in and out of each layer: of words, of the sentence, and of the answers."""
    return whole_shapes(OWN, WIDTHS, answers=ANSWERS, beside=2 * AROUND)
