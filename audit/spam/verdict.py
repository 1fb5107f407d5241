"""Is the page itself the spam? A shop, casino or doorway has nothing to be cut out of."""

from __future__ import annotations

import math
import re
from itertools import islice

import msgspec

from audit.model import Evidence
from audit.spam.finders import Look, families
from audit.spam.topic import stems
from audit.text.span import Span


class PageVerdict(msgspec.Struct, frozen=True):
    """A page that is spam from end to end."""

    family: str
    confidence: float
    evidence: tuple[Evidence, ...]
    quote: Span
    rule: str


_SHORT_PAGE = 120
"""Content words; a page that short whose head sells needs no more phrases."""
_SEARCH = re.compile(
    r"(?:showing|no|search)\s+results?\s+(?:found\s+)?for[:\s]+[\"'“‘]?(?P<query>[^\n]{3,120})"
    r"|you searched for[:\s]+(?P<q2>[^\n]{3,120})",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"\b(?:sign up|register|login|log in|join now|play now|bonus(?:es)?|deposit|withdraw|promo|jackpot|odds|tips"
    r"|rtp|free spins"
    r"|\d{1,3}\s?% off|sale|shipping|shop now|order now|buy now|add to cart|unsubscribe|bitcoin|wallet|kayıt"
    r"|bedava|bonusu"
    r"|bonuslar[ıi]?|daftar|situs|割引|特価|送料|激安|pago|casino|download|pay(?:ment)?s?|transfer)\b",
    re.IGNORECASE,
)


def page_verdict(look: Look) -> PageVerdict | None:
    """Return the verdict on a page of which most lines, or title and head, sell; nothing for any other page."""
    view = look.view
    search = _SEARCH.search(view.text)
    if search is not None:
        span = Span(*search.span())
        if sum(phrase.weight for phrase in look.within(span)) >= 0.9:
            return _verdict(look, span, [Evidence("search page for a trade", 4.0)], "spam.structure.search-doorway")
    lines = [line for line in view.lines() if view.shown(line.start)]
    if not lines or not look.phrases:
        return None
    totals = families(look.phrases)
    if not totals:
        return None
    family = max(totals, key=lambda name: (totals[name], name))
    hot = {
        line.start for line, phrases in look.lines
        if any(seed.family == family and seed.weight >= 0.3 for p in phrases for seed in p.seeds)
    }  # fmt: skip
    share = sum(1 for line in lines if line.start in hot) / len(lines)
    words = max(1, len(stems(view.text)))
    weights = sum(
        seed.weight
        for phrase in look.phrases
        for seed in phrase.seeds
        if seed.family == family and seed.kind != "offer"
    )
    first = list(islice(view.lines(), 2))
    head = Span(first[0].start, first[-1].end)
    headed = any(seed.family == family and seed.weight >= 0.5 for p in look.within(head) for seed in p.seeds)
    promotions = len({m.lower() for m in _PROMOTION.findall(view.text)})
    helps = _help(view.text)
    evidence = [
        Evidence("base rate", -4.0),
        Evidence("lines that sell", round(4.0 * min(1.0, share / 0.5), 3)),
        Evidence("density of the trade", round(3.0 * min(1.0, 12 * weights / words), 3)),
        Evidence("title or head sells", 1.5 if headed else 0.0),
        Evidence("promotion", round(0.5 * min(4, promotions), 3)),
        Evidence("help or warning", round(-1.0 * min(5, helps), 3)),
        Evidence("health page", -2.5 if look.topic.is_health(Span(0, 0)) else 0.0),
    ]
    evidence = [item for item in evidence if item.weight]
    phrases = sum(1 for phrase in look.phrases if any(seed.family == family for seed in phrase.seeds))
    short = words < _SHORT_PAGE and headed
    if share < 0.12 or (weights < 3.0 and not short) or (phrases < 3 and not short):
        return None
    return _verdict(look, head, evidence, "spam.structure.whole-page")


_HELP = re.compile(
    r"\b(?:addict\w*|disorders?|problem gambl\w+|helplines?|harms?|researchers?|stud(?:y|ies)|regulat\w+"
    r"|legislation|lawmakers"
    r"|senate|bill|mps?|peers|parliament\\w*|inquiry|according to|said|treatment|symptoms|patients|clinical"
    r"|prescri\w+|doctor|fda|side effects)\b",
    re.IGNORECASE,
)


def _help(text: str) -> int:
    return len({match.lower() for match in _HELP.findall(text)})


def _verdict(look: Look, span: Span, evidence: list[Evidence], rule: str) -> PageVerdict | None:
    log_odds = sum(item.weight for item in evidence)
    confidence = 1 / (1 + math.exp(-log_odds))
    if confidence < 0.9:
        return None
    totals = families(look.phrases)
    family = max(totals, key=lambda name: (totals[name], name)) if totals else "doorway"
    return PageVerdict(family, confidence, tuple(evidence), span, rule)
