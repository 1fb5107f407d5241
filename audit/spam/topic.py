"""Does a passage belong to its page? Word statistics, the passage left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from audit.text.anycase import AnyCase
from audit.text.span import Span

_FACELESS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    w[:6]
    for w in (
        "about above after again against also although always among another because been before being below between"
        " both cannot could does doing down during each even every first found from further have having here"
        " hers into"
        " itself just know like made make many might more most much must need never only other ours over people same"
        " should since some still such take than that their them then there these they this those through time under"
        " until upon used using very want well were what when where which while will with within without would your"
        " yours visit click best find help looking great good online free today read more learn site page website"
        " please check come here start getting offer offers provide provides including available many"
    ).split()
)
HEALTH = AnyCase(
    r"\b(?:patients?|symptoms?|treat(?:ment|ed|ing)|diseases?|doctors?|medic(?:al|ine|ines|ation|ations)"
    r"|clinic(?:al|s)?"
    r"|therap(?:y|ist|ies|eutic)|health(?:care)?|pain|drugs?|dos(?:e|es|age)|blood|cancer|infection|syndrome|disorder"
    r"|physicians?|surgery|chronic|diagnos(?:is|ed)|prescri(?:be|bed|ption)|hospital|nurses?|vaccines?|diet)\b",
)
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
SCRIPTS = {
    "cjk": IDEOGRAPHS,
    "hangul": re.compile(r"[\uac00-\ud7af]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "indic": re.compile(r"[\u0900-\u0dff]"),
    "greek": re.compile(r"[\u0370-\u03ff]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}


BEYOND_LATIN = re.compile("[ğışİĞŞơưđƠƯĐ\u0370-\u1fff\u2c00-\ua71f\ua800-\ufaff\ufb1d-\uffff]|[\U00010000-\U0003ffff]")
"""A letter of another script, or one that Turkish or Vietnamese is known by."""


def faceless(text: str) -> str:
    """Return a text without the characters that break up words unseen."""
    return text if text.isascii() else _FACELESS.sub("", text)


@lru_cache(maxsize=256)
def stems(text: str) -> tuple[str, ...]:
    """Return the content words of a text, cut to six letters, in order; a passage is asked for them again and again."""
    return tuple([stem for word in _WORD.findall(faceless(text)) if (stem := word[:6].lower()) not in _COMMON])


def is_common(word: str) -> bool:
    """Whether a word in lower case says nothing of what a text is about."""
    return word[:6] in _COMMON


def mentions_health(text: str) -> bool:
    """Whether a text has any word of health."""
    return HEALTH.search(text)


class Topic:
    """The words of a page, ready to be asked about any of its passages."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._counts = Counter(stems(text))
        self.size = self._counts.total()
        """Number of content words of the page."""
        self._health: int | None = None
        self._script: str | None = None

    def gap(self, span: Span, strange: Mapping[str, int] | None = None) -> float:
        """Return the share of a passage's words that neither the rest of the page uses nor honest text in general.

        A word of honest text that the page does not use counts by half. Half a word is added to both sides, so that one
        or two words say less than ten.

        Args:
            span: The passage.
            strange: How often the page has words in what is not its own either.
        """
        text = self._text[span.start : span.end]
        own = Counter(stems(text))
        if not own:
            return 0.5
        counts = self._counts
        others = strange or {}
        alone = {stem for stem, times in own.items() if counts[stem] <= max(times, others.get(stem, 0))}
        said_by: dict[str, float] = {}
        if alone:
            known = vocabulary()
            for word in {word.lower() for word in _WORD.findall(faceless(text))}:
                stem = word[:6]
                if stem in alone:
                    said = 0.5 if word in known or word.rstrip("s") in known else 1.0
                    said_by[stem] = max(said_by.get(stem, 0.0), said)
        return (sum(said_by.values()) + 0.5) / (len(own) + 1)

    def shared(self, text: str, besides: str = "") -> float:
        """Return the share of a passage's content words that stand elsewhere on the page too.

        Args:
            text: The passage, or a part of it.
            besides: The whole of the passage, where `text` is a part: what it says itself does not count.
        """
        own = set(stems(text))
        if not own:
            return 0.0
        within = Counter(stems(besides or text))
        return sum(1 for stem in own if self._counts[stem] > within[stem]) / len(own)

    def count(self, stem: str) -> int:
        """Return how often the page has a content word."""
        return self._counts[stem]

    def is_health(self, span: Span) -> bool:
        """Whether the page, less the passage, speaks of health at all."""
        if self._health is None:
            self._health = len(HEALTH.findall(self._text))
        return self._health - len(HEALTH.findall(self._text[span.start : span.end])) >= 3

    @property
    def script(self) -> str:
        """The script of most letters of the page."""
        if self._script is None and BEYOND_LATIN.search(self._text) is None:
            self._script = "latin"
        if self._script is None:
            letters = {name: len(pattern.findall(self._text)) for name, pattern in SCRIPTS.items()}
            letters["cjk"] *= 3
            best = max(letters, key=lambda name: letters[name])
            long = len(self._text) / 40
            if best == "latin" and len(_VIETNAMESE.findall(self._text)) > long:
                best = "vietnamese"
            elif best == "latin" and len(_TURKISH.findall(self._text)) > long:
                best = "turkish"
            self._script = best
        return self._script


@cache
def vocabulary() -> frozenset[str]:
    """Return the words of honest text; made by `training/spam_words.py`."""
    return frozenset(files("audit.models").joinpath("words.txt").read_text(encoding="utf-8").split())


_TURKISH = re.compile("[ğışİĞŞ]")
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9ơưđƠƯĐ]")


def script_of(text: str) -> str:
    """Return the script that most letters of a text are of; `latin` for a text without letters.

    Vietnamese and Turkish are told from other Latin text by letters that no neighbour of theirs uses.
    """
    if BEYOND_LATIN.search(text) is None:
        return "latin"
    least = max(2, len(text) // 25)
    if len(_VIETNAMESE.findall(text)) >= least:
        return "vietnamese"
    if len(_TURKISH.findall(text)) >= least:
        return "turkish"
    counts = {name: len(pattern.findall(text)) for name, pattern in SCRIPTS.items()}
    counts["cjk"] *= 3  # an ideograph stands for about three letters
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "latin"
