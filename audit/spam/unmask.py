"""Disguises that only a dictionary can undo: spaced letters, digits for letters, words written backwards; split words.

`fold` reads what every reader of Unicode would; here a stretch is read in another way where the other way gives words
that are known, so that doses, genes, initials and mnemonics stay what they are. Spam alone is read like this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import msgspec

from audit.rules.match import compile_pattern
from audit.spam.payload import OFFER_WORDS, TRADE_WORDS
from audit.spam.topic import vocabulary
from audit.spam.units import View
from audit.text.folding import Change, Disguise, Folded, fold, rewritten
from audit.text.span import Span

SHORTEST = 4
"""Letters of a word that is read in another way; shorter ones are codes and units as often."""


def read(view: View) -> Folded:
    """Return the text of a page folded, with its words read through every disguise, each reported."""
    folded = unmasked(fold(view.text), view.text)
    split = split_words(view)
    return msgspec.structs.replace(folded, disguises=tuple(sorted([*folded.disguises, *split]))) if split else folded


def unmasked(folded: Folded, text: str) -> Folded:
    """Return folded text with dictionary words in the place of their disguises, each reported.

    Args:
        folded: Of the text.
        text: As it is written.
    """
    changes = sorted([*_backwards(folded, text), *_spaced(folded.text), *_of_digits(folded.text)])
    kept: list[Change] = []
    for change in changes:
        if not kept or change.span.start >= kept[-1].span.end:
            kept.append(change)
    return rewritten(folded, kept) if kept else folded


@cache
def _known() -> frozenset[str]:
    """Return the words that a disguise may hide: of honest text, of trades and of offers."""
    return frozenset(word for word in (*vocabulary(), *TRADE_WORDS, *OFFER_WORDS) if len(word) >= 3)


# --- split words ----------------------------------------------------------------------------------------------------

_INLINE = "b|i|u|s|em|strong|span|font|small|big|tt|a|bdo|ins|del|mark|code|q|abbr|sup|sub"
_MAY_BE_SPLIT = compile_pattern(rf"[0-9\pL](?:<(?:{_INLINE})(?:\s[^<>]*)?></(?:{_INLINE})>|<!--[^<>]*-->)+[0-9\pL]")
_EMPTY = re.compile(rf"(?:<({_INLINE})(?:\s[^<>]*)?></\1\s*>|<!--[^<>]*-->)+", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]*")
_LETTERS_BACK = re.compile(r"[^\W_]*\Z")


def split_words(view: View) -> tuple[Disguise, ...]:
    """Return the words that an element or comment without content breaks up, as in `sl<b></b>ot`."""
    page = view.article.page
    if page.kind != "html" or _MAY_BE_SPLIT.search(page.text) is None:
        return ()
    found: list[Disguise] = []
    for index, block in enumerate(view.blocks):
        text, start = block.text.text, view.span_of(index).start
        for left, right in pairwise(block.text.pieces):
            edge, end = right.start, left.page_start + left.page_length
            if left.start + left.length != edge or not (text[edge - 1].isalnum() and text[edge].isalnum()):
                continue
            if end < right.page_start and _EMPTY.fullmatch(page.text, end, right.page_start):
                back = _LETTERS_BACK.search(text, max(0, edge - 40), edge)
                ahead = _LETTERS.match(text, edge, edge + 40)
                low, high = back.start() if back else edge, ahead.end() if ahead else edge
                found.append(Disguise(Span(start + low, start + high), "split", text[low:high].lower()))
    return tuple(found)


# --- spaced letters -------------------------------------------------------------------------------------------------

_MAY_BE_SPACED = compile_pattern(r"(?:^|[^0-9\pL])[\pL0-9][ .*_-][\pL0-9][ .*_-][\pL0-9][ .*_-][\pL0-9](?:$|[^0-9\pL])"
                                 r"|(?:^|[^0-9\pL])[\pL0-9](?:[ .*_-][\pL0-9]){4}")  # fmt: skip
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?P<joint>[ .*_-])[^\W_](?:(?P=joint)[^\W_]){2,}(?![^\W_])")
_SURE = 0.6
"""Share of the letters of a run joined by blanks that must make known words: `a b c d e` is a list."""
_LONGEST_RUN = 400


def _spaced(text: str) -> Iterator[Change]:
    """Yield `c-a-s-i-n-o` and `s l o t g a c o r`."""
    if _MAY_BE_SPACED.search(text) is None:
        return
    for match in _SPACED.finditer(text):
        plain = match[0][::2][:_LONGEST_RUN]
        if sum(char.isalpha() for char in plain) < SHORTEST:
            continue
        if match["joint"] == " ":
            words = _segmented(plain)
            known = sum(len(word) for word in words if word in _known())
            if known < _SURE * len(plain) or max(map(len, words)) < SHORTEST:
                continue
            plain = " ".join(words)
        elif plain not in _known() and len(plain) <= SHORTEST:
            continue
        yield Change(Span(*match.span()), plain, "spaced")


def _segmented(letters: str) -> list[str]:
    """Return letters as words, as many of them known as can be; what is between them stays together."""
    best: list[tuple[int, int]] = [
        (0, -1)
    ]  # known letters up to here, less one for each word; where the last part began
    for end in range(1, len(letters) + 1):
        score, start = best[end - 1][0], -1
        for length in range(3, min(14, end) + 1):
            if letters[end - length : end] in _known():
                got = best[end - length][0] + length * length
                if got > score:
                    score, start = got, end - length
        best.append((score, start))
    words: list[str] = []
    end, loose = len(letters), ""
    while end:
        start = best[end][1]
        if start < 0:
            loose = letters[end - 1] + loose
            end -= 1
            continue
        if loose:
            words.append(loose)
            loose = ""
        words.append(letters[start:end])
        end = start
    if loose:
        words.append(loose)
    return words[::-1]


# --- digits for letters ---------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"[0-9@$]+")
"""Digits and signs that may stand for letters."""
_WORD = re.compile(r"[^\W_]*(?:[@$]+[^\W_]*)*")
_WORD_BACK = re.compile(r"[\w@$]*\Z")
_READINGS = (str.maketrans("013456789@$", "oieasbtbgas"), str.maketrans("013456789@$", "oleasbtbgas"))


def _of_digits(text: str) -> Iterator[Change]:
    """Yield `sl0t`, `v1agra`, `cu5t0mer` where the letters that digits stand for make a known word."""
    at = 0
    for match in _DIGITS.finditer(text):
        if match.start() < at or not (
            text[match.end() : match.end() + 1].isalpha() or text[match.start() - 1 : match.start()].isalpha()
        ):
            continue
        back = _WORD_BACK.search(text, max(at, match.start() - 30), match.start())
        start = back.start() if back else match.start()
        ahead = _WORD.match(text, start, start + 60)
        end = max(match.end(), ahead.end() if ahead else match.end())
        at = end
        word = text[start:end]
        plain = _read(word)
        if plain:
            yield Change(Span(start, end), plain, "leetspeak")


def _read(word: str) -> str:
    """Return the known word that digits and letters make together; empty for none."""
    letters = sum(char.isalpha() for char in word)
    if len(word) < SHORTEST or letters < 1 or len(word) > 24:
        return ""
    return next(
        (
            plain
            for reading in _READINGS
            if (plain := word.translate(reading)).isalpha()
            and (plain in _known() or plain.removesuffix("s") in _known())
        ),
        "",
    )


# --- backwards ------------------------------------------------------------------------------------------------------

_OVERRIDDEN = re.compile("\u202e([^\u202c\u202d\n]{4,200})")


def _backwards(folded: Folded, text: str) -> Iterator[Change]:
    """Yield what a right-to-left override shows the other way round, where that is Latin text."""
    if "\u202e" not in text:
        return
    for match in _OVERRIDDEN.finditer(text):
        span = folded.from_source(Span(*match.span(1)))
        plain = folded.text[span.start : span.end]
        if len(span) and plain.isascii():
            yield Change(span, plain[::-1], "bidi")
