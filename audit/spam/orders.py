"""Is a sentence an order to a machine that reads the page? Learned weights of words and of pairs of words.

Who writes such orders names the machine, what it does with the page, or neither, and no list of turns of phrase knows
them all. Made by `training/orders.py`; the card is `audit/models/orders.md`.
"""

from __future__ import annotations

import math
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[\[\]{}<>#:=]")
"""A word, or a mark of which code is made."""
_LONGEST = 120
"""Words and marks of a sentence that are read."""
LEAST = 0.0
"""Log-odds from which on a sentence is taken for an order."""
LEAST_HIDDEN, LEAST_UNSEEN = -1.0, 1.0
"""The same of what a page hides, for nobody hides what is said to people, and of comments and values in the markup."""


def features(text: str) -> frozenset[str]:
    """Return the words of a text and the pairs of words in a row, its beginning and its end among them."""
    words = ["^", *_TOKEN.findall(text.lower())[:_LONGEST], "$"]
    return frozenset(words[1:-1]).union(map(" ".join, pairwise(words)))


class Model(msgspec.Struct, frozen=True):
    """What was learnt, in thousandths: whole numbers add up alike in any order."""

    bias: int
    weights: dict[str, int]
    """By word, or pair of words with a blank between."""

    def odds(self, text: str) -> float:
        """Return the log-odds that a sentence is an order to a machine."""
        found = features(text)
        return (self.bias + sum(filter(None, map(self.weights.get, found))) / math.sqrt(len(found))) / 1000


@cache
def model() -> Model:
    """Return the model that ships with the package, read once."""
    return msgspec.json.decode(files("audit.models").joinpath("orders.json").read_bytes(), type=Model)


def sureness(sentence: str) -> float:
    """Return how surely a sentence is an order, 0 to 1."""
    return min(1.0, max(0.0, _AT_THE_LINE + _BY_ODDS * odds(sentence)))


_AT_THE_LINE, _BY_ODDS = 0.65, 0.3


def odds(sentence: str) -> float:
    """Return the log-odds that a sentence is an order to a machine that reads the page."""
    return model().odds(sentence)
