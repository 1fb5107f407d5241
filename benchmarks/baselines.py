"""What one would do without this project: cuts by keyword lists, by the line rules of web corpora, by extraction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape, unescape
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


def _breaks_gopher(text: str) -> bool:
    words = text.split()
    mean = sum(map(len, words)) / len(words)
    symbols = text.count("#") + text.count("…") + text.count("...")
    letters = sum(any(letter.isalpha() for letter in word) for word in words)
    stops = sum(word.strip(".,;:").lower() in _STOP_WORDS for word in words)
    return not (3 <= mean <= 10 and symbols / len(words) < 0.1 and letters / len(words) >= 0.8 and stops >= 2)


def gopher_lines(text: str, kind: Kind) -> tuple[Span, ...]:
    """Cut the lines that break a quality rule of Gopher.

    Source: Rae et al. 2021, arXiv 2112.11446, appendix A1: mean word length 3 to 10, fewer than one symbol (# or an
    ellipsis) in ten words, letters in 80 % of the words, at least two of eight stop words.
    """
    return union(line for line in _lines(text, kind) if _breaks_gopher(text[line.start : line.end]))


def gopher_document(text: str, kind: Kind) -> tuple[Span, ...]:
    """Drop the whole document if Gopher would: its quality rules and its rules against repetition.

    Source: as above; further 50 to 100,000 words, at most 90 % of lines with a bullet, at most 30 % with an ellipsis at
    the end; at most 30 % of lines, or 20 % of their characters, said before; most common 2-, 3- and 4-gram in at most
    20, 18 and 16 % of the characters (table A1; C4's and FineWeb's pipelines apply the same rules to documents).
    """
    lines = list(_lines(text, kind))
    whole = "\n".join(text[line.start : line.end].strip() for line in lines)
    return tuple(lines) if _dropped(whole) else ()


def _dropped(text: str) -> bool:
    words, lines = text.split(), text.split("\n")
    if not 50 <= len(words) <= 100_000 or _breaks_gopher(text):
        return True
    bullets = sum(line.startswith(("-", "*", "•", "●")) for line in lines) / len(lines)
    trailing = sum(line.endswith(("…", "...")) for line in lines) / len(lines)
    again = [line for line, count in Counter(lines).items() for _ in range(count - 1)]
    repeated = len(again) / len(lines) > 0.3 or sum(map(len, again)) / len(text) > 0.2
    return bullets > 0.9 or trailing > 0.3 or repeated or any(_repeats(words, n, most) for n, most in _MOST_OF_ONE)


_MOST_OF_ONE = ((2, 0.20), (3, 0.18), (4, 0.16))


def _repeats(words: Sequence[str], n: int, most: float) -> bool:
    grams = Counter(zip(*(words[at:] for at in range(n)), strict=False))
    if not grams:
        return False
    gram, count = grams.most_common(1)[0]
    return count > 1 and count * sum(map(len, gram)) / sum(map(len, words)) > most


BASELINES: Mapping[str, Baseline] = {
    "keyword → drop sentence": keyword_sentence,
    "keyword → drop token": keyword_token,
    "C4 line rules": c4_lines,
    "Gopher rules, by line": gopher_lines,
    "Gopher rules, by document": gopher_document,
}
EXTRACTION = "trafilatura, strip by extraction"
NGRAMS = "character n-grams → drop sentence"


class MissingPeer(Exception):  # noqa: N818 - it is said to the user as it is
    """A baseline's package is not installed."""


def extraction() -> Baseline:
    """Return the baseline that keeps what trafilatura extracts as main text and cuts every other line.

    Raises:
        MissingPeer: trafilatura is not installed.
    """
    try:
        import trafilatura  # noqa: PLC0415
    except ImportError as error:
        raise MissingPeer(f"no baseline “{EXTRACTION}”: pip install 'article-audit[bench]'") from error

    def cut(text: str, kind: Kind) -> tuple[Span, ...]:
        page = text if kind == "html" else _as_page(text)
        kept = _squeezed(trafilatura.extract(page) or "")
        return union(
            line for line in _lines(text, kind) if _squeezed(unescape(text[line.start : line.end])) not in kept
        )

    return cut


def _as_page(text: str) -> str:
    title, _, rest = text.partition("\n")
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in rest.split("\n") if line.strip())
    return f"<html><body><article><h1>{escape(title)}</h1>\n{lines}</article></body></html>"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def ngrams(spam: Sequence[str], clean: Sequence[str]) -> Baseline:
    """Return a classifier of sentences by their character n-grams, trained on these texts.

    Runs of 2 to 5 characters inside words, tf-idf, logistic regression, the even threshold: what a first try would be.

    Args:
        spam: Injected texts.
        clean: Clean texts.

    Raises:
        MissingPeer: scikit-learn is not installed.

    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ImportError as error:
        raise MissingPeer(f"no baseline “{NGRAMS}”: pip install 'article-audit[bench]'") from error
    bad = [sentence for text in spam for sentence in _sentences(text)]
    good = [sentence for text in clean for sentence in _sentences(text)]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=60_000, sublinear_tf=True)
    model = LogisticRegression(class_weight="balanced", max_iter=300, random_state=0)
    model.fit(vectors.fit_transform(bad + good), [1] * len(bad) + [0] * len(good))

    def cut(text: str, kind: Kind) -> tuple[Span, ...]:
        spans = [
            Span(sentence.start(), sentence.end())
            for line in _lines(text, kind)
            for sentence in _SENTENCE.finditer(text, line.start, line.end)
            if sentence[0].strip()
        ]
        if not spans:
            return ()
        said = model.predict(vectors.transform([text[span.start : span.end] for span in spans]))
        return union(span for span, spam_ in zip(spans, said, strict=True) if spam_)

    return cut


def _sentences(text: str) -> list[str]:
    return [found.strip() for found in _SENTENCE.findall(_UNSEEN.sub("\n", text)) if found.strip()]
