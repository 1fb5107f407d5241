"""How surely is a text of one kind? Learned weights of its words and of pairs of words in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec


def turns(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a text and the pairs of words in a row, its beginning and its end among them."""
    return frozenset(words).union(map(" ".join, pairwise(["^", *words, "$"])))


class Weights(msgspec.Struct, frozen=True):
    """What was learnt, in thousandths: whole numbers add up alike in any order."""

    bias: int
    weights: dict[str, int]
    """By word, or pair of words with a blank between."""

    def odds(self, found: frozenset[str]) -> float:
        """Return the log-odds of a text that has these words and pairs."""
        return (self.bias + sum(filter(None, map(self.weights.get, found))) / math.sqrt(len(found))) / 1000


@cache
def weights(name: str) -> Weights:
    """Return a file of weights that ships with the package, read once."""
    return msgspec.json.decode(files("audit.models").joinpath(name).read_bytes(), type=Weights)


def written(made: Weights) -> str:
    """Return weights as the file that ships, a line each."""
    lines = (f"{msgspec.json.encode(name).decode()}: {made.weights[name]}" for name in sorted(made.weights))
    return f'{{"bias": {made.bias}, "weights": {{\n' + ",\n".join(lines) + "\n}}\n"
