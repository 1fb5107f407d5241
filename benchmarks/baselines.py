"""What one would do without this project: cuts by keyword lists, by the line rules of web corpora, by extraction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from audit.text.span import Span, union

Kind = Literal["text", "html"]
Baseline = Callable[[str, Kind], tuple[Span, ...]]

_KEYWORDS = """
    viagra cialis levitra kamagra tramadol xanax ambien phentermine sildenafil tadalafil casino poker roulette
    blackjack slot slots togel gacor maxwin jackpot bet betting bookmaker bahis lottery satta matka gambling
    payday loan loans bitcoin crypto forex escort escorts porn dating replica outlet essay homework backlinks
    followers seo login apk bonus download coupon cheap
"""
_KEYWORD = re.compile(rf"\b(?:{'|'.join(_KEYWORDS.split())})\b", re.IGNORECASE)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?=\s|$)|\n|$)")


def _lines(text: str, kind: Kind) -> Iterator[Span]:
    """Yield the lines of a text, the runs of text of an HTML page."""
    if kind == "html":
        text = _UNSEEN.sub(lambda match: "\n" * len(match[0]), text)
    for match in re.finditer(r"[^\n]*\S[^\n]*", text):
        yield Span(match.start(), match.end())


def nothing(text: str, kind: Kind) -> tuple[Span, ...]:  # noqa: ARG001
    """Cut nothing."""
    return ()


def keyword_sentence(text: str, kind: Kind) -> tuple[Span, ...]:
    """Cut every sentence that holds a listed word."""
    return union(
        Span(sentence.start(), sentence.end())
        for line in _lines(text, kind)
        for sentence in _SENTENCE.finditer(text, line.start, line.end)
        if _KEYWORD.search(sentence[0])
    )


def keyword_token(text: str, kind: Kind) -> tuple[Span, ...]:
    """Cut every listed word."""
    return union(
        Span(match.start(), match.end())
        for line in _lines(text, kind)
        for match in _KEYWORD.finditer(text, line.start, line.end)
    )


def c4_lines(text: str, kind: Kind) -> tuple[Span, ...]:
    """Cut the lines that C4 drops.

    Source: Raffel et al. 2020, arXiv 1910.10683, section 2.2: keep lines that end in a terminal punctuation mark and
    hold at least five words; drop lines with "javascript" or of a cookie or privacy policy.
    """

    def kept(line: str) -> bool:
        policy = re.search(r"terms of use|privacy policy|cookie policy|uses cookies|javascript", line, re.IGNORECASE)
        return line.rstrip().endswith((".", "!", "?", '"', "”")) and len(line.split()) >= 5 and not policy

    return union(line for line in _lines(text, kind) if not kept(text[line.start : line.end]))


_STOP_WORDS = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))


def gopher_lines(text: str, kind: Kind) -> tuple[Span, ...]:
    """Cut the lines that break a quality rule of Gopher; the paper applies them to whole documents.

    Source: Rae et al. 2021, arXiv 2112.11446, appendix A1: mean word length 3 to 10, fewer than one symbol (# or an
    ellipsis) in ten words, letters in 80 % of the words, at least two of eight stop words.
    """

    def kept(line: str) -> bool:
        words = line.split()
        mean = sum(map(len, words)) / len(words)
        symbols = line.count("#") + line.count("…") + line.count("...")
        letters = sum(any(letter.isalpha() for letter in word) for word in words)
        stops = sum(word.strip(".,;:").lower() in _STOP_WORDS for word in words)
        return 3 <= mean <= 10 and symbols / len(words) < 0.1 and letters / len(words) >= 0.8 and stops >= 2

    return union(line for line in _lines(text, kind) if not kept(text[line.start : line.end]))


BASELINES: Mapping[str, Baseline] = {
    "nothing": nothing,
    "keyword → drop sentence": keyword_sentence,
    "keyword → drop token": keyword_token,
    "C4 line rules": c4_lines,
    "Gopher rules, by line": gopher_lines,
}


def extraction() -> Callable[[str], str] | None:
    """Return trafilatura's extraction of a page's text, None where it is not installed."""
    try:
        import trafilatura  # noqa: PLC0415
    except ImportError:
        return None
    return lambda html: trafilatura.extract(html) or ""
