"""How surely is a text of one kind? Learned weights of its words and of pairs of words in a row."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec

from audit.page.links import is_primary
from audit.spam.morphology import CHEAP_TLDS
from audit.spam.payload import DRUGS, host_of
from audit.spam.wording import make_lean
from audit.text.meaning import is_known


def turns(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a text and the pairs of words in a row, its beginning and its end among them."""
    return frozenset(words).union(map(" ".join, pairwise(["^", *words, "$"])))


_TOKEN = re.compile(
    r"(?P<site>(?:https?://|www\.)[^\s<>\"'“”’)\]]+|[\w.+-]{0,64}+@[\w-]++(?:\.[\w-]++)+"
    r"|(?<![\w-])[\w-]{1,63}+(?:\.[\w-]{1,63}+){0,8}\.[^\W\d_]{2,24}\b(?:/\S*)?)"
    r"|(?P<number>\+?\(?\d[\d\s().-]{7,18}\d)"
    r"|(?P<amount>[$€£₹]\s?\d[\d.,]*|\d[\d.,]*\s?[€$£%₹])"
    r"|(?P<word>\d*[^\W\d_](?:[\w'’-]*[^\W_])?)"
    r"|(?P<mark>[!?]+|[»|:;,+<>\[\]{}=]|[\U0001f300-\U0001faff\u2600-\u27bf])"
)
_LONGEST = 150
"""Words and marks that are read."""
_LONGEST_READ = 4000
"""Code points that are read."""
_LENGTHS = (2, 5, 10, 25, 60)


def features(text: str) -> frozenset[str]:
    """Return the words of a text, the pairs of words in a row, and about how many they are.

    Names that nobody knows, medicines, addresses, numbers and amounts are one word each, whoever and how many they are.
    """
    words = list(_read(text))
    longer = sum(len(words) > length for length in _LENGTHS)
    return turns(words) | {f"@{longer}"}


def _read(text: str) -> Iterator[str]:
    for _, match in zip(range(_LONGEST), _TOKEN.finditer(text[:_LONGEST_READ]), strict=False):
        found = match[0]
        match match.lastgroup:
            case "site":
                yield _site(host_of(found.rpartition("@")[2]), is_mailbox="@" in found)
            case "number":
                yield "@number" if sum(map(str.isdigit, found)) >= _DIGITS else "0"
            case "amount":
                yield "@amount"
            case "word":
                yield _word(found)
            case _:
                yield found if found.isascii() and found[:1] not in "!?" else found[:1]


_DIGITS = 9


def _site(host: str, *, is_mailbox: bool) -> str:
    """Return what kind of address a host is: a mailbox, one known for medicine, or by its ending."""
    if is_mailbox:
        return "@mail"
    if is_primary(host):
        return "@known"
    ending = host.rpartition(".")[2]
    is_of_a_society = ending == "org" or ".org." in host
    return "@org" if is_of_a_society else "@cheap" if ending in CHEAP_TLDS else "@site"


def _word(word: str) -> str:
    """Return a word in lower case, or what kind of name it is if nobody knows it."""
    if not word.isascii() or len(word) < _SHORTEST_NAME:
        return word.lower()
    if DRUGS.search(word.lower()):
        return "@drug"
    if is_known(word):
        return word.lower()
    if any(map(str.isdigit, word)):
        return "@code"
    return "@shout" if word.isupper() else "@name" if word[:1].isupper() else "@strange"


_SHORTEST_NAME = 4


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
    read = msgspec.json.decode(files("audit.models").joinpath(name).read_bytes(), type=Weights)
    make_lean(read.weights)
    return read


def written(made: Weights) -> str:
    """Return weights as the file that ships, a line each."""
    lines = (f"{msgspec.json.encode(name).decode()}: {made.weights[name]}" for name in sorted(made.weights))
    return f'{{"bias": {made.bias}, "weights": {{\n' + ",\n".join(lines) + "\n}}\n"
