"""How do these words speak? Learned weights of words, and of parts of words that nobody has seen before.

A word has two numbers: how much it speaks of advertising, and how much it is at home in texts on health (both
log-odds). Known words have their own; of an unknown one, a brand that was made up yesterday, the character n-grams
speak.
Made by `training/spam_wording.py` and, for other languages than English, `training/spam_foreign.py`; the cards are
`audit/models/wording.md` and `foreign.md`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, islice, pairwise
from typing import TypeVar

import msgspec

from audit.text.span import Span

_VOWEL_SIGNS = "".join(
    letter for letter in map(chr, range(0x0900, 0x0E00)) if unicodedata.category(letter) in {"Mn", "Mc"}
)
"""What stands on a letter of the scripts of India; `\\w` does not know that it belongs to the word."""
_TOKEN = re.compile(rf"\d{{0,9}}[^\W\d_](?:[\w'’{_VOWEL_SIGNS}]{{0,60}}(?:[^\W_]|[{_VOWEL_SIGNS}]))?")
"""A word, whatever digits it has; a number is none."""
_LONGEST = 40
"""Code points of a word that are read."""


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, in order."""
    return _TOKEN.findall(text.lower())


def words_with_places(text: str, span: Span) -> tuple[list[str], list[int], list[int]]:
    """Return the words of a stretch of a text in lower case, where each begins, and where it ends."""
    found = list(_TOKEN.finditer(text, span.start, span.end))
    return [one[0] for one in found], [one.start() for one in found], [one.end() for one in found]


def words_from(text: str, at: int) -> Iterator[re.Match[str]]:
    """Return the words of a text in lower case from a place on, as they are asked for."""
    return _TOKEN.finditer(text, at)


@lru_cache(maxsize=1)
def words_of_lines(text: str) -> tuple[list[str], ...]:
    """Return the words of each line of a text in lower case. Of the last text they are kept: a page asks twice."""
    return tuple(map(_TOKEN.findall, text.split("\n")))


def grams(word: str) -> list[str]:
    """Return the parts of a word: three and four characters in a row, two and three outside ASCII, its ends marked.

    Digits stand twice: as they are, and as their shape, so that a number nobody has seen is still a number.
    """
    marked = f"<{word[:_LONGEST]}>"
    sizes = (3, 4) if word.isascii() else (2, 3)
    forms = {marked, _DIGIT.sub("0", marked)}
    return sorted(
        {form[at : at + size] for form in forms for size in sizes for at in range(max(1, len(form) - size + 1))}
    )


_DIGIT = re.compile(r"\d")


class Model(msgspec.Struct, frozen=True):
    """The learned weights."""

    bias: float
    words: dict[str, float]
    """Advertising, of known words; what their n-grams add is in it."""
    grams: dict[str, float]
    """Advertising, of parts of words."""
    field: dict[str, float]
    """Health."""


class Foreign(msgspec.Struct, frozen=True):
    """The learned weights of other languages."""

    words: dict[str, float]
    grams: dict[str, float]
    """Parts of words of languages that are written without blanks, or tie much to a word."""


_IN_PARTS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")
"""A letter of Thai, Chinese, Japanese or Korean."""


def is_in_parts(word: str) -> bool:
    """Whether a word, or a part of one, is of a language whose words are read by their parts only."""
    return not word.isascii() and _IN_PARTS.search(word) is not None


@cache
def english() -> Model:
    """Return the model that was learnt from English, read once."""
    return msgspec.json.decode(files("audit.models").joinpath("wording.json").read_bytes(), type=Model)


@cache
def other_languages() -> Foreign:
    """Return what was learnt of twenty-four languages, read once."""
    read = msgspec.json.decode(files("audit.models").joinpath("foreign.json").read_bytes(), type=Foreign)
    make_lean(read.words)
    make_lean(read.grams)
    return read


_Number = TypeVar("_Number", int, float)


def make_lean(weights: dict[str, _Number]) -> None:
    """Hold equal numbers once: of a hundred thousand weights, some thousands differ."""
    held: dict[_Number, _Number] = {}
    for name, weight in weights.items():
        weights[name] = held.setdefault(weight, weight)


def is_known_abroad(word: str) -> bool:
    """Whether a word in lower case has a weight of another language than English, or its parts have."""
    return word in other_languages().words or is_in_parts(word)


class _Weights(dict[str, float]):
    """How much each word speaks of advertising; a word asked for the first time is read by its parts."""

    def __missing__(self, word: str) -> float:
        if len(self) > _MOST_WORDS:
            self.clear()
        own, foreign = english(), other_languages()
        said = _in_either(word, own.words, foreign.words)
        if said is None:
            parts = grams(word)
            found = (_in_either(part, own.grams, foreign.grams) for part in parts)
            said = sum(filter(None, found)) / math.sqrt(len(parts))
        self[word] = said
        return said


def _in_either(text: str, own: Mapping[str, float], foreign: Mapping[str, float]) -> float | None:
    """Return the weight of a word or part: the foreign one, or the English one if its script is not read by parts."""
    said = foreign.get(text)
    return own.get(text) if said is None and not is_in_parts(text) else said


_MOST_WORDS = 200_000
_weights = _Weights()


def weight(word: str) -> float:
    """Return how much a word in lower case speaks of advertising, in log-odds; 0 for a word that says nothing."""
    return _weights[word]


def forget() -> None:
    """Forget what words say, for those who put another model in the place of the one that ships."""
    _weights.clear()


def loudness(words: Sequence[str], accent: float = 0.0) -> float:
    """Return the log-odds that words in a row, in lower case, were written to advertise.

    Args:
        words: In lower case and without disguise.
        accent: What every word of the page says just by being of its language or manner.

    """
    return loudness_of(len(words), sum(map(_weights.__getitem__, words)), accent)


def loudness_of(words: int, weights: float, accent: float) -> float:
    """Return the same, of so many words that weigh so much together."""
    return english().bias + (weights - accent * words) / math.sqrt(words + 1)


def accent_of(words: Sequence[str]) -> float:
    """Return what the words of a page say of advertising on average; 0 where they say nothing or the page is short.

    A page in a language that the model knows little of would speak of advertising all over.
    """
    return _accent_of(list(map(_weights.__getitem__, words)))


def _accent_of(weights: Sequence[float]) -> float:
    """Return the same, of words that weigh so much."""
    if len(weights) < _FEWEST_OF_A_PAGE:
        return 0.0
    heard = [said if said < _LOUD else _LOUD for said in weights]  # noqa: FURB136 -- three times as fast as min
    return max(0.0, sum(heard) / len(weights))


_FEWEST_OF_A_PAGE = 60


def at_home(words: Sequence[str]) -> float:
    """Return how much words are at home in texts on health: their mean, drawn to 0 where there are few."""
    known = english().field
    found = [known[word] for word in words if word in known]
    return sum(found) / (len(found) + 2)


class Stretch(msgspec.Struct, frozen=True, order=True, gc=False):
    """Words in a row that advertise more than what stands round them."""

    span: Span
    strength: float
    """Log-odds, by their words alone."""


def stretches(text: str) -> Iterator[Stretch]:
    """Yield the stretches of every line that surely speak of advertising, in order; of `runs`, the strong ones."""
    return (one for one in runs(text) if one.strength >= _LEAST)


@lru_cache(maxsize=1)
def runs(text: str) -> tuple[Stretch, ...]:
    """Return the stretches of every line that speak of advertising more than of anything else, in order.

    Those of the last text are kept: a page asks twice. A stretch ends where the words behind it take back as much as
    `_DROP` of what it has gathered. Linear in the text.

    Args:
        text: In lower case and without disguise.

    """
    lines = words_of_lines(text)
    weighed = [list(map(_weights.__getitem__, words)) for words in lines]
    accent = _accent_of(list(chain.from_iterable(weighed)))
    found: list[Stretch] = []
    at = 0
    for line, words, weights in zip(text.split("\n"), lines, weighed, strict=True):
        if _loudest(weights, accent + _QUIET) >= _ENOUGH:
            loud = list(_runs(weights, accent + _QUIET))
            if loud:
                found += _in_line(line, words, loud, at, accent)
        at += len(line) + 1
    return tuple(found)


def _loudest(weights: Sequence[float], quiet: float) -> float:
    """Return the most that words in a row add up to, less so much for each."""
    best = total = 0.0
    for said in weights:
        total += said - quiet
        if total < 0.0:
            total = 0.0
        elif total > best:
            best = total
    return best


_LOUD = 0.6
"""Most that one word adds to the accent of a page."""
_ENOUGH = 4.0
"""What the words of a stretch add up to at least."""
_DROP = 3.0
_QUIET = 0.25
"""Taken from every word's weight: a stretch goes on only as long as its words speak."""
_LEAST = 2.0
"""Least strength of a stretch."""


def _runs(weights: Sequence[float], quiet: float) -> Iterator[tuple[int, int]]:
    """Yield the first and the last word of each stretch that adds up to enough."""
    first = last = -1
    total = best = 0.0
    for at, said in enumerate(weights):
        value = said - quiet
        if first < 0:
            if value <= 0:
                continue
            first, total, best = at, 0.0, 0.0
        total += value
        if total > best:
            best, last = total, at
        elif total < best - _DROP or total <= 0:
            if best >= _ENOUGH:
                yield first, last
            first = -1
    if first >= 0 and best >= _ENOUGH:
        yield first, last


def _in_line(
    line: str, words: Sequence[str], loud: Sequence[tuple[int, int]], offset: int, accent: float
) -> Iterator[Stretch]:
    """Yield runs of words where they stand, with their strength.

    Of a run that goes on over the end of a sentence, its parts are taken that are strong by themselves: a neighbour
    that came in with weak words stays out. All of it is taken if no part is.
    """
    places = [match.span() for match in islice(_TOKEN.finditer(line), loud[-1][1] + 1)]
    for first, last in loud:
        stops = [at + 1 for at in range(first, last) if _STOP.search(line, places[at][1], places[at + 1][0])]
        parts = [
            Stretch(Span(offset + places[low][0], offset + places[high - 1][1]), loudness(words[low:high], accent))
            for low, high in pairwise([first, *stops, last + 1])
        ]
        strong = [part for part in parts if part.strength >= _LEAST] if stops else parts
        if strong:
            yield from strong
        else:
            whole = Span(parts[0].span.start, parts[-1].span.end)
            yield Stretch(whole, loudness(words[first : last + 1], accent))


_STOP = re.compile(r"[.!?…][\"'”’)\]]*\s|[。！？]")
"""The end of a sentence, between two of its words."""
