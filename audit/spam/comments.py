"""Was a reader's comment left to advertise? Learned weights of words and pairs, names and addresses made alike.

Flattery, a story or a question, and in it a name, an address or a number: whoever plants it is new each time, so names
that nobody knows, addresses and numbers are each one word here. The weights are made by `training/comments.py`; the
card is `audit/models/comments.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from audit.page.links import is_primary
from audit.spam.meaning import is_known
from audit.spam.payload import host_of
from audit.spam.turns import turns, weights

MODEL = "comments.json"
LEAST = 1.0
"""Log-odds from which on a comment is taken for advertising."""
_TOKEN = re.compile(
    r"(?P<site>(?:https?://|www\.)[^\s<>\"'“”’)\]]+|[\w.+-]*@[\w-]+(?:\.[\w-]+)+|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}\b(?:/\S*)?)"
    r"|(?P<number>\+?\(?\d[\d\s().-]{7,18}\d)"
    r"|(?P<amount>[$€£₹]\s?\d[\d.,]*|\d[\d.,]*\s?[€$£%₹])"
    r"|(?P<word>\d*[^\W\d_](?:[\w'’-]*[^\W_])?)"
    r"|(?P<mark>[!?]+|[»|:;,+<>\[\]{}=]|[\U0001f300-\U0001faff\u2600-\u27bf])"
)
_LONGEST = 150
"""Words and marks that are read."""
_LENGTHS = (2, 5, 10, 25, 60)


def features(text: str) -> frozenset[str]:
    """Return the words of a comment, the pairs of words in a row, and about how many they are."""
    words = list(_read(text))
    longer = sum(len(words) > length for length in _LENGTHS)
    return turns(words) | {f"@{longer}"}


def _read(text: str) -> Iterator[str]:
    for _, match in zip(range(_LONGEST), _TOKEN.finditer(text), strict=False):
        found = match[0]
        match match.lastgroup:
            case "site":
                yield "@known" if is_primary(host_of(found.rpartition("@")[2])) else "@site"
            case "number":
                yield "@number" if sum(map(str.isdigit, found)) >= _DIGITS else "0"
            case "amount":
                yield "@amount"
            case "word":
                yield _word(found)
            case _:
                yield found if found.isascii() and found[:1] not in "!?" else found[:1]


_DIGITS = 9


def _word(word: str) -> str:
    """Return a word in lower case, or what kind of name it is if nobody knows it."""
    if not word.isascii() or len(word) < _SHORTEST_NAME or is_known(word):
        return word.lower()
    if any(map(str.isdigit, word)):
        return "@code"
    return "@shout" if word.isupper() else "@name" if word[:1].isupper() else "@strange"


_SHORTEST_NAME = 4


@lru_cache(maxsize=64)
def odds(text: str) -> float:
    """Return the log-odds that a comment was left to advertise."""
    return weights(MODEL).odds(features(text))
