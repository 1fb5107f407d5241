"""Is the page itself the spam? A shop, casino or doorway has nothing to be cut out of."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from itertools import islice

import msgspec

from audit.model import Evidence
from audit.spam.look import Look
from audit.spam.payload import Phrase, addresses, families
from audit.spam.topic import stems
from audit.spam.wording import loudness, tokens
from audit.text.anycase import AnyCase
from audit.text.span import Span


class PageVerdict(msgspec.Struct, frozen=True):
    """A page that is spam from end to end."""

    family: str
    confidence: float
    evidence: tuple[Evidence, ...]
    quote: Span
    rule: str


_SEARCH = re.compile(
    r"(?:showing|no|search)\s+results?\s+(?:found\s+)?for[:\s]+[\"'“‘]?(?P<query>[^\n]{3,120})"
    r"|you searched for[:\s]+(?P<q2>[^\n]{3,120})|search results\s*[:–-]\s*(?P<q3>[^\n]{3,120})",
    re.IGNORECASE,
)
_PROMOTION = AnyCase(
    r"\b(?:sign up|register|login|log in|join now|play now|bonus(?:es)?|deposit|withdraw|promo|jackpot|odds|tips"
    r"|rtp|free spins|\d{1,3}\s?% off|sale|shipping|shop now|order now|buy now|add to cart|unsubscribe|bitcoin|wallet"
    r"|kayıt|bedava|bonusu|bonuslar[ıi]?|giriş|daftar|situs|割引|特価|送料|激安|通販|pago|casino|download|pay(?:ment)?s?"
    r"|transfer|no prescription|in stock|our (?:store|shop|pharmacy|models|girls)|incall|outcall|whatsapp|discount)\b"
    r"|割引|特価|送料|激安|通販|カジノ|скидк\w*|бонус\w*|купить|đăng ký|khuyến mãi|สมัคร|โบนัส",
)
_BASE_RATE = -5.0
_MOST_OF_THE_REST = 6.5
"""Log-odds that promotion, title and an empty page can add."""
_SURE = 2.19
"""Log-odds of nine in ten, a little less for what was rounded."""
_FEWEST_LINES = 2
"""A single line is no page: what it sells is for the finders to say."""
_PARTS = 6
"""Equal stretches of a page; what sells in most of them is the page's own matter."""
_ARTICLE = 5
"""Content words of sentences that sell nothing, from which on they may be an article."""
_WORDS_A_PROMOTION = 15
"""Content words for each word of promotion, from which on a text promotes nothing."""


def page_verdict(look: Look) -> PageVerdict | None:
    """Return the verdict on a page that sells from its head to its end; nothing for any other page.

    What was put into an honest page sells in one or two places and shares no words with the rest.
    """
    view = look.view
    said = look.folded.text
    search = _SEARCH.search(view.text) if any(word in said for word in ("results", "searched for")) else None
    if search is not None:
        span = Span(*search.span())
        if _is_of_a_trade(look, span, next(filter(None, search.groups()))):
            return _verdict(look, span, [Evidence("search page for a trade", 4.0)], "spam.structure.search-doorway")
    totals = families(look.phrases)
    if not totals or max(totals.values()) < 1.0:
        return _told_by_words(look)
    return _told_by_trade(look, totals) or _told_by_words(look)


def _is_of_a_trade(look: Look, span: Span, query: str) -> bool:
    """Whether somebody had a site search for a trade: by the words of the query, or by the address beside them."""
    if sum(phrase.weight for phrase in look.within(span) if families((phrase,)).keys() - {"doorway"}) >= 0.9:
        return True
    loud = loudness(tokens(query))
    return loud >= _LOUD_QUERY or (loud > 0 and addresses(query.lower()) > 0)


def _told_by_words(look: Look) -> PageVerdict | None:
    """Return the verdict on a page in English of which nearly every line reads like advertising, whatever the trade."""
    said = loudness(look.words)
    if said < _LOUD_PAGE or not look.subject.has_one:
        return None
    view = look.view
    lines = [look.folded_words(line) for line in view.lines() if view.shown(line.start)]
    loud = sum(len(words) for words in lines if words and loudness(words) >= _LOUD)
    share = loud / max(1, sum(map(len, lines)))
    if len(lines) < _FEWEST_LINES or share < _MOSTLY:
        return None
    evidence = [
        Evidence("base rate", _BASE_RATE),
        Evidence("reads like advertising", round(0.3 * min(30.0, said), 3)),
        Evidence("lines that advertise", round(4.0 * share, 3)),
        Evidence("help or warning", round(-1.0 * min(5, _help(view.text)), 3)),
        Evidence("health page", -4.0 if look.is_on_health() else 0.0),
    ]
    return _verdict(look, _head(look), [item for item in evidence if item.weight], "spam.structure.whole-page")


def _head(look: Look) -> Span:
    """Return the first two lines."""
    first = list(islice(look.view.lines(), 2))
    return Span(first[0].start, first[-1].end)


_LOUD_QUERY = 3.0
_LOUD_PAGE = 15.0
"""Log-odds of all the words of a page; chosen well above the loudest honest page in English of the development half."""
_MOSTLY = 0.6
"""Share of the words of a page in lines that advertise."""


def _told_by_trade(look: Look, totals: dict[str, float]) -> PageVerdict | None:
    """Return the verdict on a page that names a trade from its head to its end."""
    view = look.view
    family = max(totals, key=lambda name: (totals[name], name))
    phrases = [p for p in look.phrases if any(s.family == family for s in p.seeds) and not _only_names(p)]
    shown = [phrase for phrase in phrases if view.shown(phrase.span.start)]
    lines = [line for line in view.lines() if view.shown(line.start)] if phrases else []
    if len(lines) < _FEWEST_LINES:
        return None
    title, head = next(iter(view.lines())), _head(look)
    head_weight = _weight([phrase for phrase in phrases if phrase.span.start < head.end], family)
    hot = {bisect_right(lines, phrase.span.start, key=_start) - 1 for phrase in shown}
    spread = _spread(lines, shown)
    words = max(1, len(stems(view.text)))
    weights = sum(s.weight for p in shown for s in p.seeds if s.family == family and s.kind != "offer")
    certain = [
        Evidence("base rate", _BASE_RATE),
        Evidence("title or head sells", round(1.2 * min(2.5, head_weight), 3)),
        Evidence("sells all over the page", round(3.0 * max(0.0, spread - 1 / _PARTS), 3)),
        Evidence("lines that sell", round(2.0 * min(1.0, 2 * len(hot) / len(lines)), 3)),
        Evidence("density of the trade", round(3.0 * min(1.0, 12 * weights / words), 3)),
    ]
    if sum(item.weight for item in certain) + _MOST_OF_THE_REST < _SURE:
        return None  # the rest, which takes longer, cannot make up for it
    promotions = len(set(_PROMOTION.findall(view.text)))
    words_beside, is_article = _beside(look, lines, hot)
    healthy = look.topic.is_health(Span(0, 0))
    evidence = [
        *certain,
        Evidence("promotion", round(0.4 * min(5, promotions), 3)),
        Evidence("an article beside it", -3.5 if is_article else 0.0),
        Evidence("the title's trade is the page's matter", 2.5 if _is_matter(look, title, phrases, family) else 0.0),
        Evidence("nothing else on the page", 2.0 if words_beside < _ARTICLE and head_weight >= 1 else 0.0),
        Evidence("help or warning", round(-1.0 * min(5, _help(view.text)), 3)),
        Evidence("health page", (-1.0 if family in {"pharmacy", "pharma"} else -2.5) if healthy else 0.0),
    ]
    if len(shown) < 2 and words_beside >= _ARTICLE and promotions < _FEWEST_PROMOTIONS:
        return None  # one place is an injection
    return _verdict(look, head, [item for item in evidence if item.weight], "spam.structure.whole-page")


def _only_names(phrase: Phrase) -> bool:
    """Whether a phrase is the name of a drug and nothing more: monographs are full of them."""
    return not phrase.offers and all(seed.family == "pharmacy" and seed.kind in _NAMES for seed in phrase.seeds)


_NAMES = frozenset({"trade", "drug"})


def _is_matter(look: Look, title: Span, phrases: list[Phrase], family: str) -> bool:
    """Whether a clause of the title names the trade outright together with words that run through the page."""
    text = look.view.text
    for match in _CLAUSE.finditer(text, title.start, title.end):
        named = [phrase for phrase in phrases if match.start() <= phrase.span.start < match.end()]
        if _weight(named, family) < _OUTRIGHT:
            continue
        own = {stem for phrase in named for stem in stems(text[phrase.span.start : phrase.span.end])}
        others = [stem for stem in stems(match[0]) if stem not in own]
        if sum(1 for stem in others if look.topic.count(stem) > _OFTEN) >= _SEVERAL:
            return True
    return False


_CLAUSE = re.compile(r"[^|\n–—]+?(?=\s[-–—|]\s|[|\n–—]|\Z)", re.MULTILINE)
_OUTRIGHT = 2.0
_OFTEN = 3
_SEVERAL = 2


def _weight(phrases: list[Phrase], family: str) -> float:
    """Return what the different seeds of a family weigh."""
    seen: dict[tuple[int, int], float] = {}
    for phrase in phrases:
        for seed in phrase.seeds:
            if seed.family == family:
                seen[seed.start, seed.end] = max(seen.get((seed.start, seed.end), 0.0), seed.weight)
    return sum(seen.values())


def _spread(lines: list[Span], phrases: list[Phrase]) -> float:
    """Return the share of equal stretches of the page that hold a phrase."""
    start, length = lines[0].start, max(1, lines[-1].end - lines[0].start)
    return len({_PARTS * (phrase.span.start - start) // length for phrase in phrases}) / _PARTS


def _beside(look: Look, lines: list[Span], hot: set[int]) -> tuple[int, bool]:
    """Return how many content words the full sentences have that do not sell, and whether they make an article.

    They do where they are enough, promote nothing, and are of other words than those that sell.
    """
    view = look.view
    cold: list[str] = []
    sold: list[str] = []
    for index, line in enumerate(lines):
        for sentence in view.sentences(line):
            text = view.text[sentence.start : sentence.end]
            inside = index in hot and any(p.is_marked for p in _beginning_in(look.phrases, sentence))
            said = loudness(look.folded_words(sentence))
            if inside or said >= _LOUD:
                sold.append(text)
            elif (
                text.endswith(_ENDS)
                and text.count(" ") >= _FEWEST_BLANKS
                and (said < _QUIET_ABROAD or look.is_english(sentence))
            ):
                cold.append(text)
    text = "\n".join(cold)
    own = stems(text)
    theirs = set(stems(" ".join(sold)))
    shared = sum(1 for stem in own if stem in theirs) / max(1, len(own))
    promotes = len(_PROMOTION.findall(text)) * _WORDS_A_PROMOTION > len(own)
    enough = len(own) >= max(_ARTICLE, _LEAST_BESIDE * len(stems(" ".join(sold))))
    return len(own), enough and shared <= _OF_ITS_OWN and not promotes


def _beginning_in(phrases: tuple[Phrase, ...], span: Span) -> tuple[Phrase, ...]:
    first = bisect_left(phrases, span.start, key=_phrase_start)
    return phrases[first : bisect_left(phrases, span.end, first, key=_phrase_start)]


_LOUD = 1.0
"""Log-odds, by its words alone, from which on a sentence sells."""
_QUIET_ABROAD = -1.0
"""The same, below which a sentence in another language than English surely sells nothing."""
_LEAST_BESIDE = 0.25
"""Content words of an article beside what sells, as a share of those that sell; less is a line of the site's own."""
_ENDS = (".", "!", "?", "…", "”", "。")
_FEWEST_BLANKS = 3
_FEWEST_PROMOTIONS = 3
_OF_ITS_OWN = 0.2
"""Most words of an article that the words put into it share with it by chance."""


def _start(span: Span) -> int:
    return span.start


def _phrase_start(phrase: Phrase) -> int:
    return phrase.span.start


_HELP = AnyCase(
    r"\b(?:addict\w*|disorders?|problem gambl\w+|helplines?|harms?|researchers?|stud(?:y|ies)|regulat\w+"
    r"|legislation|lawmakers"
    r"|senate|bill|mps?|peers|parliament\w*|inquiry|according to|said|treatment|symptoms|patients|clinical"
    r"|prescri\w+|doctor|fda|side effects)\b",
)


def _help(text: str) -> int:
    return len(set(_HELP.findall(text)))


def _verdict(look: Look, span: Span, evidence: list[Evidence], rule: str) -> PageVerdict | None:
    log_odds = sum(item.weight for item in evidence)
    confidence = 1 / (1 + math.exp(-log_odds))
    if confidence < 0.9:
        return None
    totals = families(look.phrases)
    family = max(totals, key=lambda name: (totals[name], name)) if totals else "other"
    return PageVerdict(family, confidence, tuple(evidence), span, rule)
