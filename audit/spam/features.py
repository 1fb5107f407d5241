"""What is known of a candidate, as named numbers in four classes, and the contexts that take a cut back.

Payload: it advertises. Hiding: it is kept from its reader. Structure: it has the shape of an insertion. Inconsistency:
it does not belong to its page. A learned judge reads the same names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal

import msgspec

from audit.page.links import is_primary
from audit.spam.look import NEAR, OFFERS, TAGS, Candidate, Look
from audit.spam.morphology import domain
from audit.spam.orders import instruction_at
from audit.spam.payload import (
    OFFER_WORDS,
    PLACES,
    Phrase,
    addresses,
    families,
    hosts,
    lowered,
    names_a_stranger,
    offers,
)
from audit.spam.shapes import has_verb, item_count
from audit.spam.topic import HEALTH, stems
from audit.spam.units import UNSEEN
from audit.spam.wording import at_home, is_in_parts, is_known_abroad, loudness, loudness_of
from audit.text.anycase import AnyCase
from audit.text.span import Span, meets

LEAST_TOPIC = 120
"""Content words of a page from which on it is telling that a sentence shares none of them."""

COMMENT = "spam.structure.reader-comment"
Class = Literal["payload", "hiding", "structure", "inconsistency", "veto"]

CLASSES: dict[str, Class] = {
    "trade words": "payload",
    "brand morphology": "payload",
    "address of a trade": "payload",
    "words of offer": "payload",
    "reads like advertising": "payload",
    "instruction to machines": "payload",
    "recommended in a comment": "payload",
    "host on a list": "payload",
    "named in what was cut on other pages": "payload",
    "names a stranger": "payload",
    "advertises where it breaks in": "payload",
    "offers something": "payload",
    "put as sellers put it": "payload",
    "names what is sold": "payload",
    "advertises in another language": "payload",
    "hidden from readers": "hiding",
    "disguised letters": "hiding",
    "disguised all through": "hiding",
    "tiny link": "hiding",
    "unseen part of the page": "hiding",
    "kept from other visitors": "hiding",
    "list before a colon": "structure",
    "list of search phrases": "structure",
    "run of links or lines": "structure",
    "line of its own": "structure",
    "word salad": "structure",
    "dropped into a sentence": "structure",
    "breaks its sentence": "structure",
    "link to another site": "structure",
    "pitch": "structure",
    "reader's comment": "structure",
    "mostly payload": "structure",
    "same text on other pages": "structure",
    "off the page's topic": "inconsistency",
    "off the page's field": "inconsistency",
    "speaks of something else": "inconsistency",
    "speaks of no matter of health": "inconsistency",
    "another script": "inconsistency",
    "another language": "inconsistency",
    "not of the page's field": "inconsistency",
    "louder than its surroundings": "inconsistency",
    "host named once": "inconsistency",
    "shares no words with the page": "inconsistency",
    "rest of the sentence belongs": "inconsistency",
    "rest of the passage belongs": "veto",
    "the page is about it": "veto",
    "the page warns of it": "veto",
    "part of a health sentence": "veto",
    "speaks of health": "veto",
    "help or warning": "veto",
    "quoted or code": "veto",
    "disclosed": "veto",
    "listed as a record": "veto",
    "health words": "veto",
    "reads like honest text": "veto",
    "offers nothing": "veto",
    "only speaks of it": "veto",
    "not put as sellers put it": "veto",
    "a reader's own words": "veto",
    "surroundings read like honest text": "veto",
    "fluent": "veto",
    "tied into its sentence": "veto",
    "one plain word": "veto",
}
"""Every feature and its class."""

_HELP = AnyCase(
    r"\b(?:addict(?:ion|ions|ive|ed)?|problem gambl\w+|(?:gambling|gaming) (?:harm|problems?|behaviou?rs?"
    r"|addict\w+|disorders?)"
    r"|gamblers? anonymous|helplines?|gamblers|(?:compulsive|pathological) gambl\w+|do not (?:buy|use|take|order)"
    r"|don't (?:buy|take|order)|never (?:buy|take|use|order)|avoid|beware|warn(?:s|ed|ing|ings)?|rogue"
    r"|illegal(?:ly)?|illicit"
    r"|counterfeit (?:drugs?|medic\w+)|fake (?:drugs?|pills|medic\w+|pharmac\w+|sites?)|fraud(?:ulent)?|scams?"
    r"|misuse[ds]?"
    r"|overdose|dangerous|unsafe|prohibit\w+|debt advice|mak(?:es?|ing) (?:\w+ ){1,3}worse"
    r"|responsible gambling|naloxone|no proven|welfare (?:officers?|rights)|(?:debt|money) advis[eo]rs?|counsell?ors?"
    r"|self-exclu\w+|unsubscrib\w+|trying to (?:stop|quit)|seized|confiscated|relaps\w+|in recovery|support groups?"
    r"|citizens advice)\b",
)
_REPORT = AnyCase(
    r"\b(?:fda|risks?|regulat\w+|laws?|lawmakers|lawsuit|legislation|task|stud(?:y|ies)|trials?|researchers?"
    r"|according to|police|said"
    r"|licen[sc]\w+|ban(?:ned|s)?|minister|government|percent|survey)\b",
)
_HEALTH_WORDS = AnyCase(
    r"\b(?:patients?|symptoms?|treatments?|diseases?|your (?:doctor|pharmacist|healthcare provider)|clinical"
    r"|therapy|diagnos\w+"
    r"|dos(?:e|es|ing)|mg/day|side effects?|adverse|indicated|contraindicat\w+|infection|syndrome|insurance|medicare"
    r"|generic (?:version|name|drug)s?|telehealth|mychart|portal|appointments?|refills?|naloxone|clinicians?"
    r"|physicians?)\b",
)
_DISCLOSED = AnyCase(
    r"\b(?:sponsored|advertisement|paid (?:post|partnership|content)|affiliate|disclosure)\b",
)
PITCH = AnyCase(
    r"\b(?:visit|click here|sign up|join now|register (?:now|today)|download|bonus(?:es)?|deposit|win (?:big"
    r"|real|now)|odds"
    r"|order (?:now|online|today)|buy (?:now|online)|best prices?|guaranteed|free shipping|promo code|cash ?out"
    r"|jackpots?"
    r"|check out|whatsapp|telegram|real money|highly recommended|also see|made a lot with|more info at"
    r"|my (?:site|blog|web-?site|page)|changed my life|contact (?:them|him|her|us)|welcome offer|try your luck"
    r"|play (?:now|online|at)|players|discount)\b",
)
_FUNCTION = AnyCase(
    r"\b(?:the|a|an|is|are|was|were|has|have|had|that|which|who|this|these|those|they|it|he|she|we|and|but"
    r"|because|when|while"
    r"|will|would|can|could|may|might|should|not|been|be)\b",
)
_DETERMINERS = frozenset(
    "the a an this that these those his her their our my your its any some every each no such at of in on for"
    " to with from by"
    " about and or as like than called named into via through visit play playing take takes taking took use"
    " uses used using"
    " bought buy sells selling sold offered offering advertised supplied seized prescribed prescribe"
    " including against between is are was were be both either"
    " many most several"
    " other more new first early modern popular famous local large small big licensed legal illegal the- old"
    " said says".split()
)
_WORD = re.compile(r"[^\W_][\w'’.-]*")


class Features(msgspec.Struct, frozen=True):
    """The numbers of one candidate; what is absent is 0."""

    values: dict[str, float]
    phrases: tuple[Phrase, ...]
    family: str


def features(look: Look, candidate: Candidate) -> Features:
    """Return what is known of a candidate. Linear in the candidate and its line, once the page's topic is counted."""
    return vetoed(look, candidate, grounds(look, candidate))


def grounds(look: Look, candidate: Candidate) -> Features:
    """Return what is known of a candidate by itself and beside its page, before anybody asks what takes a cut back."""
    phrases = look.within(candidate.span)
    weights = families(phrases)
    family = max(weights, key=lambda name: (weights[name], name)) if weights else ""
    values: dict[str, float] = {}
    _payload(look, candidate, phrases, values)
    _hiding(look, candidate, values)
    _structure(look, candidate, phrases, values)
    company = _has_company(look, candidate.span)
    if company:
        _inconsistency(look, candidate, phrases, family, values)
    _wording(look, candidate, values, company=company)
    return Features(_told(values), phrases, family)


def _has_company(look: Look, span: Span) -> bool:
    """Whether a page says so much beside a span that the span can be out of place there."""
    return look.topic.size - len(stems(look.view.text[span.start : span.end])) >= _FEWEST_BESIDE


_FEWEST_BESIDE = 15
"""Content words."""


def vetoed(look: Look, candidate: Candidate, found: Features) -> Features:
    """Return the features of a candidate with the contexts that speak against it: each lowers the log-odds."""
    values = dict(found.values)
    _vetoes(look, candidate, found.family, values)
    return msgspec.structs.replace(found, values=_told(values))


def _told(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items() if value}


def _payload(look: Look, candidate: Candidate, phrases: tuple[Phrase, ...], values: dict[str, float]) -> None:
    folded = look.view.text
    seen: dict[tuple[str, str], float] = {}
    for phrase in phrases:
        for seed in phrase.seeds:
            if seed.kind == "wording":
                continue
            key = (_group(seed.kind), folded[seed.start : seed.end].lower())
            seen[key] = max(seen.get(key, 0.0), seed.weight)
    if _names_alone(phrases) and look.topic.is_health(candidate.span):
        seen = {key: min(0.4 * weight, _MOST_OF_NAMES / len(seen)) for key, weight in seen.items()}
    for (group, _), weight in seen.items():
        values[group] = values.get(group, 0.0) + weight
    strange = (domain(link.host).strength for link in look.links_from(candidate.span))
    values["address of a trade"] = max([values.get("address of a trade", 0.0), *strange])
    for group, most in (("trade words", 3.0), ("brand morphology", 2.4), ("address of a trade", 2.0)):
        values[group] = min(most, values.get(group, 0.0))
    if sum(values.values()) >= 0.5:
        amid = candidate.rule in _AMID_OTHERS
        found = (p.offers if amid else offers(folded[p.span.start : p.span.end]) for p in phrases)
        values["words of offer"] = min(4, sum(found))
    if candidate.rule == "spam.hiding.instruction":
        values["instruction to machines"] = look.ordering(candidate.span)


_AMID_OTHERS = frozenset(f"spam.structure.{name}" for name in ("inserted-passage", "dropped-phrase", "inline-list"))
"""Forms that stand among the words of sentences: there, what a rule has found counts once."""


def _wording(look: Look, candidate: Candidate, values: dict[str, float], *, company: bool) -> None:
    """Add how the words of a span speak, and those round it."""
    span = candidate.span
    own = look.folded_words(span)
    if not own:
        return
    said = loudness(own, look.accent)
    values["reads like advertising"] = min(8.0, max(0.0, said))
    values["reads like honest text"] = min(8.0, max(0.0, -said))
    if values.get("another script") or values.get("another language"):
        values["advertises in another language"] = _advertises_abroad(look, span)
    if candidate.rule in _PUT:
        values["put as sellers put it"] = min(_MOST_OF_AN_OFFER, max(0.0, look.pitching(span) - _SELDOM_MEANT))
    if values.get("breaks its sentence"):
        values["advertises where it breaks in"] = min(3.0, max(0.0, said))
    if candidate.rule == COMMENT:
        values["recommended in a comment"] = recommended(look, span)
    around, weights = look.beside(span)
    if around >= _FEWEST_AROUND:
        rest = loudness_of(around, weights, look.accent)
        values["louder than its surroundings"] = min(8.0, max(0.0, said - max(rest, -4.0)))
        values["surroundings read like honest text"] = min(8.0, max(0.0, -rest))
    if not company:
        return
    field = look.home
    mine = at_home(own)
    others = (field[0] - mine * (len(own) + 2)) / max(1, field[1] - len(own) + 2)
    values["not of the page's field"] = min(3.0, max(0.0, others - mine))


def recommended(look: Look, span: Span) -> float:
    """Return how surely a comment was left to advertise what has nothing to do with the page, 0 to 1."""
    if look.topic.gap(span) < _ASTRAY:
        return 0.0
    return min(1.0, max(0.0, _AT_EVEN + _BY_ODDS * _left_with_its_pitch(look, span)))


def _left_with_its_pitch(look: Look, comment: Span) -> float:
    """Return the log-odds that a comment was left to advertise, by its turns of phrase and by what it pitches."""
    text = lowered(look.view.text[comment.start : comment.end])
    odds = look.left_to_advertise(comment)
    if look.names_itself(text):
        return min(0.0, odds)  # `Log in to the forum of example.org`
    if any(not said.startswith("my ") for said in PITCH.findall(text)):
        is_of_a_trade = any(phrase.is_marked and phrase.weight >= 1 for phrase in look.within(comment))
        odds += _BESIDE_A_PITCH * (_OF_A_TRADE if is_of_a_trade else names_a_stranger(text))
    return odds


def _advertises_abroad(look: Look, span: Span) -> float:
    """Return how much a stretch in another language than its page advertises; of a part of a sentence, the sentence."""
    whole = look.said_abroad(span)
    own = look.folded_words(whole)
    text = look.view.text
    is_said = text.endswith(_CLOSED, whole.start, whole.end) or text.startswith(_CLOSED, whole.end)
    least = _KNOWN_IF_SAID if is_said else _KNOWN_IF_NAMED
    if sum(map(is_known_abroad, own)) < least * len(own) or look.is_at_home_abroad(whole):
        return 0.0
    if not is_said:
        return min(_MOST_ABROAD, max(0.0, loudness(own, look.accent) + _OF_BEING_THERE))
    words = sum(max(1, len(word) // 2) if is_in_parts(word) else 1 for word in own)
    most = _MOST_OF_ADVICE if words < _SHORT_ADVICE and not _has_sign(look, whole) else _MOST_ABROAD
    put = min(0.0, look.pitching(whole))
    return min(most, max(0.0, loudness(own, look.accent) + _OF_BEING_THERE + put))


def _has_sign(look: Look, span: Span) -> bool:
    """Whether a stretch names somebody or a sum, or what a trade sells: `buy comfortable shoes` does not."""
    text = look.view.text[span.start : span.end]
    return (
        any(phrase.is_marked for phrase in look.within(span))
        or any(map(str.isdigit, text))
        or bool(addresses(text.lower()))
        or look.strangers(span) > 0
    )


_MOST_ABROAD = 4.0
_MOST_OF_ADVICE, _SHORT_ADVICE = 0.6, 12
"""The same of a sentence of fewer words that names nobody: what one is told to do is loud by itself."""
_CLOSED = (".", "!", "?", "…", "。", "！", "？")
_KNOWN_IF_SAID, _KNOWN_IF_NAMED = 0.25, 0.4
"""Share of the words of a sentence, and of what is only named, that have a weight of another language."""
_OF_BEING_THERE = 0.5
"""Log-odds added to those of words of another language, which says nothing to most readers of the page."""
_ASTRAY = 0.4
"""Least share of a comment's words that the page does not use."""
_BESIDE_A_PITCH = 1.0
"""Log-odds that an address or a number adds beside words that pitch."""
_OF_A_TRADE = 2
"""What a trade's own words say more."""
_AT_EVEN, _BY_ODDS = 0.25, 0.35


_FEWEST_AROUND = 4
"""Words of the same line that say how it speaks."""


_MOST_OF_NAMES = 0.8
"""A list of drugs, however long, says less than one offer of one of them."""


def _names_alone(phrases: tuple[Phrase, ...]) -> bool:
    """Whether nothing but names of drugs stands there: a health page may name them."""
    return all(
        not phrase.offers
        and all(
            seed.family == "pharmacy" and (seed.kind in {"trade", "drug"} or seed.weight < 0.6) for seed in phrase.seeds
        )
        for phrase in phrases
    )


def _group(kind: str) -> str:
    named = {"brand": "brand morphology", "address": "address of a trade", "listed": "host on a list"}
    return named.get(kind, "trade words")


def _hiding(look: Look, candidate: Candidate, values: dict[str, float]) -> None:
    block = look.view.block(candidate.start)
    if block.hiding is not None and block.role not in UNSEEN:
        values["hidden from readers"] = 0.0 if block.hiding.exempt else 1.0
    elif block.role in UNSEEN:
        values["unseen part of the page"] = 1.0
    if candidate.rule == "spam.hiding.tiny-anchor":
        values["tiny link"] = 1.0
    broken = (
        d for d in look.disguises.across(candidate.span) if d.kind == "tag" or _has_phrase(look, candidate, d.span)
    )
    values["disguised letters"] = min(1.0, 0.7 * len(list(islice(broken, 2))))  # two are 1 already
    if candidate.rule in _DISGUISED:
        values["disguised all through"] = min(1.0, max(0.0, (look.disguised(candidate.span) - 1) / _ALL_THROUGH))


_DISGUISED = frozenset({"spam.structure.inserted-passage", "spam.structure.lead-list"})
_ALL_THROUGH = 4
"""Disguised words beside the first that nobody writes by mistake."""


def _has_phrase(look: Look, candidate: Candidate, span: Span) -> bool:
    """Whether a phrase of the candidate touches a span."""
    return any(phrase.seeds[0].start in candidate.span for phrase in look.phrase_places.across(span))


def _structure(look: Look, candidate: Candidate, phrases: tuple[Phrase, ...], values: dict[str, float]) -> None:
    text = look.view.text[candidate.start : candidate.end]
    covered = sum(min(p.span.end, candidate.end) - max(p.span.start, candidate.start) for p in phrases)
    values["mostly payload"] = min(1.0, covered / max(1, len(text.strip())))
    shape = _SHAPES.get(candidate.rule.rsplit(".", 1)[-1])
    if shape is not None:
        name, full = shape
        values[name] = 1.0 if full <= 1 else min(1.0, candidate.items / full)
    if candidate.rule == "spam.structure.lead-list" and not candidate.closed:
        values["list of search phrases"] = values.pop("list before a colon")
    elif candidate.rule == "spam.structure.lead-list" and look.is_a_label(candidate.span):
        del values["list before a colon"]
    elif candidate.rule == "spam.structure.dropped-phrase" and look.said_abroad(candidate.span) == candidate.span:
        values["dropped into a sentence"] = bareness(look, candidate.span)
        values["tied into its sentence"] = 1.0 - values["dropped into a sentence"]
        values["one plain word"] = float(_is_plain_word(look, candidate, phrases))
        sure = (look.breaks(candidate.span) - _LIKELY_BREAKS) / (_SURELY_BREAKS - _LIKELY_BREAKS)
        values["breaks its sentence"] = min(1.0, max(0.0, sure))
    elif candidate.rule == "spam.structure.inserted-passage":
        values["pitch"] = min(1.0, len(PITCH.findall(text)) / 2) if len(text) >= _SHORT_PASSAGE else 0.5
    elif candidate.rule == "spam.hiding.data" and candidate.elements:
        values["list of search phrases"] = float(look.topic.shared(text) <= _OF_ITS_OWN)
    elif (candidate.rule in {"spam.hiding.title", "spam.hiding.meta"} and candidate.closed) or (
        candidate.rule == "spam.hiding.attribute" and item_count(text.lstrip(", ")) >= _LISTED_IN_A_VALUE
    ):
        values["list of search phrases"] = 0.7
    if candidate.link >= 0 or look.links_from(candidate.span) or _is_linked_in_markup(look, candidate.span):
        values["link to another site"] = 1.0
    elif addresses(lowered(text)):
        values["link to another site"] = 0.7


def _is_linked_in_markup(look: Look, span: Span) -> bool:
    """Whether a comment of the markup holds a link."""
    return (
        look.view.block(span.start).role == "markup_comment" and "<a " in look.view.text[span.start : span.end].lower()
    )


_LISTED_IN_A_VALUE = 3
"""Items of an attribute's value from which on it is a list."""
_LIKELY_BREAKS, _SURELY_BREAKS = 6.0, 10.0
"""Log-odds of words dropped in, from which on that is evidence, and from which on nothing else explains them."""
_DOUBTFUL_DROP, _BEYOND_DOUBT = 8.0, 12.0
"""The same, from which on it is also asked whether they name what is sold, and from which on that counts in full."""
_SHAPES: dict[str, tuple[str, int]] = {
    "lead-list": ("list before a colon", 2),
    "list-line": ("list of search phrases", 3),
    "trailing-list": ("list of search phrases", 3),
    "inline-list": ("list of search phrases", 3),
    "link-run": ("run of links or lines", 3),
    "line-run": ("run of links or lines", 3),
    "word-salad": ("word salad", 6),
    "short-line": ("line of its own", 1),
    "reader-comment": ("reader's comment", 1),
}
"""What each technique's shape is called, and how many items make it certain."""
_SHORT_PASSAGE = 60
"""Code points; in so short a passage one word of selling is nothing."""
_OF_ITS_OWN = 0.34
"""Most of a passage's words that may stand elsewhere on the page, for it to be of its own making."""


def _is_plain_word(look: Look, candidate: Candidate, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a phrase is one word that honest text may hold, unlike a drug on a page of another field."""
    if " " in look.view.text[candidate.start : candidate.end]:
        return False
    if any(phrase.offers or len(phrase.seeds) > 1 for phrase in phrases):
        return False
    drug = bool(phrases) and phrases[0].seeds[0].family == "pharmacy"
    return not (drug and not look.topic.is_health(candidate.span))


_AT_THE_END = 0.7
"""A phrase that ends a sentence which would do without it."""


def bareness(look: Look, span: Span) -> float:
    """Return how little a phrase amid a sentence is tied into it: no determiner, preposition or verb before it."""
    text = look.view.text
    line = look.view.line(span.start)
    before = text[max(line.start, span.start - 40) : span.start]
    after = text[span.end : min(line.end, span.end + 30)]
    left = _WORD.findall(before)
    right = _WORD.findall(after)
    touching = before.rstrip(" ")[-1:]
    if left and not right and touching.isalnum() and left[-1].lower() not in _DETERMINERS:
        return _AT_THE_END
    if not left or not right:
        return 0.3
    score = 0.0
    if touching.isalnum() or touching in ",;":
        score += 0.0 if left[-1].lower() in _DETERMINERS else 0.6 if touching.isalnum() else 0.4
    first = after.lstrip(" ")[:1]
    if first.isalpha():
        score += 0.2
    if right[0].lower() in {"to", "i", "we", "he", "she", "they", "the", "our", "your"} or right[0][:1].isupper():
        score += 0.2
    most = _AFTER_A_TIE if left[-1].lower() in _DETERMINERS else 1.0
    return min(1.0, max(score, min(most, look.breaks(span) / _STANDS_LOOSE)))


_STANDS_LOOSE = 13.0
"""Log-odds of words dropped in, from which on nothing ties them into their sentence."""
_AFTER_A_TIE = 0.7
"""Most of words that break a sentence but stand behind a word which may tie them in: `or`, `of`, `the`."""


def _inconsistency(
    look: Look, candidate: Candidate, phrases: tuple[Phrase, ...], family: str, values: dict[str, float]
) -> None:
    span = candidate.span
    orders = look.words_of_orders if candidate.rule == "spam.hiding.instruction" else None
    values["off the page's topic"] = look.topic.gap(span, orders)
    _meaning(look, candidate, values)
    if family in {"pharmacy", "pharma", "supplement"}:
        values["off the page's field"] = 0.0 if look.topic.is_health(span) else 1.0
    is_abroad = look.is_in_another_language(span)
    if look.is_in_another_script(span):
        values["another script"] = 1.0
    elif is_abroad:
        values["another language"] = 1.0
    if candidate.link >= 0:
        host = look.view.article.links[candidate.link].host
        values["host named once"] = float(look.hosts[host] == 1)
    elif candidate.rule == COMMENT:
        values["host named once"] = float(_names_a_host_of_its_own(look, span))
    rest = _rest(look, span, phrases)
    name = candidate.rule.rsplit(".", 1)[-1]
    if name == "dropped-phrase":
        values["rest of the sentence belongs"] = 1.0 - strangeness(look, rest)
    elif name == "inserted-passage":
        shared = look.topic.shared(rest)
        is_telling = look.topic.size >= LEAST_TOPIC and not is_abroad  # nobody shares words with another language
        if is_telling and len(stems(rest)) >= 3 and shared <= _OF_ITS_OWN:
            values["shares no words with the page"] = 1.0 - shared / 0.5
        elif not look.is_in_english_amid_another_language(span):
            values["rest of the passage belongs"] = 1.0 - strangeness(look, rest)
    elif name in _SEARCHED and look.topic.size >= LEAST_TOPIC and not is_abroad:
        text = look.view.text[span.start : span.end]
        if _is_searched_for(text):
            values["shares no words with the page"] = float(look.topic.shared(text) == 0)


def _meaning(look: Look, candidate: Candidate, values: dict[str, float]) -> None:
    """Add what a span speaks of, in which language, and whether it offers something there."""
    span = candidate.span
    near = look.nearness(span)
    if near is not None:
        values["speaks of health"] = max(0.0, near[1] - _SOMEWHAT_NEAR)
    is_kept = look.is_kept_from_readers(span)
    is_naming = candidate.rule in _NAMING or (is_kept and candidate.rule == "spam.structure.link-run")
    naming = _sureness_of_a_name(look, span) if is_naming else _sureness_of_a_drop(look, span, values)
    if naming and sum(values.get(name, 0.0) for name in _LISTED_TRADE) < _A_SIGN:
        values["names what is sold"] = naming * min(_MOST_OF_AN_OFFER, max(0.0, look.wares(span)))
    if is_kept:
        values["names a stranger"] = min(1.0, max(0.0, _BY_STRANGE_LINK * (len(look.bare_names(span)) - 1)))
    if candidate.rule not in _MEANT:
        return
    astray = max(0.0, NEAR - near[0]) if near is not None else 0.0
    values["speaks of something else"] = astray
    if near is not None and look.is_on_health():
        values["speaks of no matter of health"] = max(0.0, NEAR - near[1])
    is_foreign = look.is_in_english_amid_another_language(span)
    if is_foreign:
        values["another language"] = 1.0
    is_of_other_words = values["off the page's topic"] >= _OF_OTHER_WORDS
    if is_foreign or astray or (is_of_other_words and (near is not None or look.is_plainly_english(span))):
        is_read_otherwise = candidate.rule == COMMENT or look.is_naming(span)
        offered = 0.0 if is_read_otherwise else look.offering(span)
        values["offers something"] = _offer(look, span, offered)
        values["offers nothing"] = min(_MOST_OF_AN_OFFER, max(0.0, -offered))
        if look.is_on_health() or offered >= OFFERS:
            said = (1.0 if is_foreign else min(1.0, 2 * astray)) * look.strangers(span)
            values["names a stranger"] = max(said, values.get("names a stranger", 0.0))


def _sureness_of_a_name(look: Look, span: Span) -> float:
    """Return how much it says that a list names what is sold, 0 to 1: away from health, honest ones do, too."""
    if look.is_on_health() or look.view.block(span.start).role in UNSEEN:
        return 1.0
    return _HIDDEN if look.is_kept_from_readers(span) else _ABROAD


_HIDDEN, _ABROAD = 0.8, 0.7
"""Where an element is hidden, and in English on a page that is not."""


def _sureness_of_a_drop(look: Look, span: Span, values: dict[str, float]) -> float:
    """Return how surely words that the page hardly uses, and that name nobody, were dropped into a text, 0 to 1."""
    if look.is_html or not values.get("breaks its sentence") or values["off the page's topic"] < _OF_OTHER_WORDS_HERE:
        return 0.0
    if _NAME_AMID.search(look.view.text, span.start, span.end) is not None:
        return 0.0
    sure = (look.breaks(span) - _DOUBTFUL_DROP) / (_BEYOND_DOUBT - _DOUBTFUL_DROP)
    return min(1.0, max(0.0, sure))


_NAME_AMID = re.compile(r"\b[A-Z]\S*\s+\w")
"""A word with a capital that is not the last one: a place may stand at the end of what is sold there."""


def _offer(look: Look, span: Span, offered: float) -> float:
    """Return how much a span offers something: less where it names nobody from whom to get it."""
    said = min(_MOST_OF_AN_OFFER, max(0.0, offered))
    text = look.view.text[span.start : span.end]
    if said and not (look.strangers(span) or look.links_from(span) or _names_a_stranger(text)):
        return _FROM_NOBODY * said
    return said


_FROM_NOBODY = 0.5


_PUT = frozenset({"spam.hiding.hidden-text", "spam.structure.inserted-passage", "spam.structure.short-line"})
"""Forms in which whole sentences stand."""
_MEANT = frozenset({
    COMMENT, "spam.hiding.hidden-text",
    *(f"spam.structure.{name}" for name in ("inserted-passage", "dropped-phrase", "short-line", "bought-anchor")),
})  # fmt: skip
"""Forms in which words are said of something; a list says nothing."""
_BY_STRANGE_LINK = 0.7
"""What each site more that is linked where nobody looks, by a name that nobody knows, says of an advertiser."""
_NAMING = frozenset({
    *(f"spam.hiding.{name}" for name in ("hidden-text", "title", "attribute", "meta")),
    *(f"spam.hiding.{name}" for name in ("markup-comment", "noscript", "template")),
    *(f"spam.structure.{name}" for name in ("lead-list", "trailing-list", "list-line", "line-run", "word-salad")),
})  # fmt: skip
"""Forms in which something is named and nothing said of it. A phrase or a list in a sentence is none of them, nor is
one on a line of its own: honest pages name what is for sale there, too."""
_LISTED_TRADE = ("trade words", "brand morphology", "address of a trade")
_A_SIGN = 0.85
"""Signs of a listed trade from which on nobody needs to ask whether it is for sale."""
_SOMEWHAT_NEAR = 0.2
_OF_OTHER_WORDS = 0.6
"""Share of a span's words that the page does not use, from which on it is asked what it offers, far or near."""
_OF_OTHER_WORDS_HERE = 0.5
"""The same of words that were dropped into a sentence."""
_SELDOM_MEANT = 0.5
"""Log-odds of a sentence that is put as sellers put it, up to which honest ones are as often put so."""
_MOST_OF_AN_OFFER = 3.0
"""Log-odds of a sentence that offers something, or nothing: the net that says so is surer than it should be."""


_SEARCHED = frozenset({"short-line", "list-line", "title"})
"""Forms in which a search phrase stands by itself."""


def _is_searched_for(text: str) -> bool:
    """Whether a text is what somebody types into a search box: a few words, no verb, nothing listed under a name."""
    words = _WORD.findall(text)
    return len(words) <= _LONGEST_SEARCH and len(stems(text)) > 1 and ":" not in text and not has_verb(text)


_LONGEST_SEARCH = 6


def _names_a_host_of_its_own(look: Look, comment: Span) -> bool:
    """Whether a comment names a site that nothing else on the page does, and that is not known for medicine."""
    named = Counter(hosts(lowered(look.view.text[comment.start : comment.end])))
    return any(look.named_hosts[host] <= times and not is_primary(host) for host, times in named.items())


def _rest(look: Look, span: Span, phrases: tuple[Phrase, ...]) -> str:
    """Return the sentence round a phrase, or the passage, without its phrases."""
    sentence = look.view.sentence(span.start)
    whole = Span(min(span.start, sentence.start), max(span.end, sentence.end))
    if len(whole) == len(span) or not any(p.span == span for p in phrases):
        return _beside(look, span, phrases)
    known = look.rests.get(whole)
    if known is None:
        first = bisect_left(look.phrases, whole.start, key=_start)
        near = look.phrases[first : bisect_left(look.phrases, whole.end, key=_start)]
        known = look.rests[whole] = _beside(look, whole, near)
    return known


def _beside(look: Look, whole: Span, near: tuple[Phrase, ...]) -> str:
    """Return what a stretch says beside the phrases near it."""
    parts, at = [], whole.start
    for phrase in near:
        parts.append(look.view.text[at : phrase.span.start])
        at = phrase.span.end
    parts.append(look.view.text[at : whole.end])
    return " ".join(parts)


def strangeness(look: Look, rest: str) -> float:
    """Return how much the rest of a passage speaks of selling rather than of the page's matter, 0 to 1.

    What is left of a sentence is the same for all phrases in it, so it is worked out once.
    """
    if rest not in look.strange:
        look.strange[rest] = _strangeness(look, rest)
    return look.strange[rest]


def _strangeness(look: Look, rest: str) -> float:
    words = [word.lower() for word in _WORD.findall(rest)]
    selling = sum(1 for word in words if word in OFFER_WORDS or word in PLACES) + len(PITCH.findall(rest))
    own = set(stems(rest))
    strange = sum(1 for stem in own if look.topic.count(stem) <= 1)
    share = (strange + 0.5) / (len(own) + 1)
    return min(1.0, max(0.0, 0.6 * share + 0.2 * min(3, selling) - 0.1))


_IN_SENTENCE = frozenset(
    f"spam.structure.{name}"
    for name in ("dropped-phrase", "inserted-passage", "inline-list", "short-line", "list-line", "trailing-list")
)


def _is_health_sentence(look: Look, candidate: Candidate, context: str, values: dict[str, float]) -> bool:
    """Whether a span is tied into a sentence on health or research, or into one that tells of others what happened.

    Neither names a brand, and only the second may hold words that pitch.
    """
    if candidate.rule not in _IN_SENTENCE or values.get("brand morphology") or values.get("address of a trade"):
        return False
    if not _is_sentence(context) or bareness(look, candidate.span) >= _LOOSE:
        return False
    if candidate.rule == "spam.structure.inline-list":
        sentence = look.view.sentence(candidate.start)
        rest = f"{look.view.text[sentence.start : candidate.start]} {look.view.text[candidate.end : sentence.end]}"
    else:
        rest = _rest(look, candidate.span, look.within(candidate.span))
    if _has(_PAST, rest) and not _has(_SPOKEN_TO, context) and not _names_a_stranger(context):
        return True
    if _has(PITCH, context):
        return False
    return any(_has(pattern, rest) for pattern in (HEALTH, _REPORT, _MATTER))


_PAST = AnyCase(
    r"\b(?:was|were|had|did|told|said|found|came|went|gave|took|got|kept|held|sent|began|rose|fell|raised|showed|asked"
    r"|closed|offered|reported|compared|included|recorded|counted|warned|removed|played|arrested|seized|charged|treated"
    r"|died|lost|described|moved|opened|answered|called|stopped|started|looked|worked|wanted|tried|happened|received"
    r"|wrote|studied|examined|analy[sz]ed|interviewed|surveyed|followed|enrolled|screened|admitted|referred)\b",
)
_SPOKEN_TO = AnyCase(r"\b(?:you|yours?|ours?|we|us|i|my|me|now|today|here)\b")
"""Who tells what happened, and sells nothing, speaks of others and to nobody."""


def _is_sentence(text: str) -> bool:
    """Whether a text reads as a sentence: it has a verb, or it is closed by a full stop and has an article in it."""
    return has_verb(text) or (text.rstrip().endswith((".", "!", "?")) and _has(_FUNCTION, text))


def _is_said(text: str) -> bool:
    """Whether a text is closed like a sentence and as long as one."""
    return text.rstrip().endswith((".", "!", "?")) and len(_WORD.findall(text)) >= _FEWEST_OF_A_SENTENCE


_FEWEST_OF_A_SENTENCE = 6
_LOOSE = 0.65
_MATTER = AnyCase(
    r"\b(?:sleep|anxiety|stress|depress\w+|clinics?|reported|harms?|highest|lower|linked|people who|support"
    r"|infections?|savings)\b",
)


def _is_quoted(look: Look, candidate: Candidate) -> bool:
    """Whether what convicts a span stands between quotation marks in its sentence: somebody speaks of it."""
    phrases = look.within(candidate.span)
    at = phrases[0].seeds[0].start if phrases else candidate.start
    if candidate.rule == "spam.hiding.instruction":
        at = candidate.start + instruction_at(look.view.text[candidate.start : candidate.end])
    if look.view.block(at).role in UNSEEN:
        return False
    sentence = look.view.sentence(at)
    opened = _OPENED.search(look.view.text[max(sentence.start, at - 120) : at])
    return opened is not None and look.view.text.find(_CLOSING[opened[1]], at, sentence.end) >= 0


_OPENED = re.compile(r"(?:^|[\s(])([“„«\"])(?!\s)[^“”„«»\"]*$")
_CLOSING = {"“": "”", "„": "“", "«": "»", '"': '"'}


_HARM = {
    "gambling": AnyCase(r"\bgambl\w+|\baddict\w+|\bhelplines?\b"),
    "": AnyCase(
        r"\b(?:hacked|hackers?|hacks?|spam\w*|injected|injections? of (?:code|text)|rogue|counterfeit|scam\w*"
        r"|fraud\w*|phishing)\b",
    ),
}
"""What a page says over and over that warns of a trade."""
_OFTEN = 4


def _warns(look: Look, span: Span, family: str) -> float:
    """Return 1 if the rest of the page speaks of the harm of a trade over and over, else 0."""
    inside = look.view.text[span.start : span.end]
    patterns = [_HARM[name] for name in ("", family) if name in _HARM]
    return float(any(look.count(pattern) - len(pattern.findall(inside)) >= _OFTEN for pattern in patterns))


_LIST_SHAPES = ("list before a colon", "list of search phrases", "run of links or lines", "word salad")
"""A list helps nobody: `refund helpline, visa helpline` is no help context."""


_SPOKEN_OF = ("help or warning", "quoted or code", "disclosed")
"""From a half on, somebody speaks of the words: they break no sentence."""
_TELLING = (*_SPOKEN_OF, "part of a health sentence")
"""From a half on, a sentence tells of others: there, a name is no sign of an advertiser."""
_RECORD = re.compile(
    r"\W{0,4}(?:key ?words?|(?:index|mesh|search) (?:terms?|headings?|strings?)|mesh|subject headings?|abbreviations?"
    r"|(?:data|code|files?|materials?)(?: availability| files?)?|icd(?:-?1[01])?(?: codes?)?|glossary|references?"
    r"|cite as) ?:",
    re.IGNORECASE,
)
"""What articles list for those who file, check or repeat them."""


def _is_recorded(look: Look, span: Span) -> bool:
    """Whether a span stands in a line of key words, files or codes, which the name of the list begins."""
    line = look.view.line(span.start)
    return span.end <= line.end and _RECORD.match(look.view.text, line.start, line.end) is not None


_SURELY_BROKEN_IN = 0.9
"""Of words that break their sentence: what the sentence says has nothing to do with them."""
_OUTRIGHT = 1.0
"""Log-odds from which on a sentence that names somebody offers something, whatever words on health stand in it."""
_UNSHOWN = frozenset({"markup_comment", "noscript", "template"})
"""Roles of text in which nobody quotes or warns: its readers are machines."""


def _vetoes(look: Look, candidate: Candidate, family: str, values: dict[str, float]) -> None:
    view = look.view
    span = candidate.span
    first, last = view.sentence(span.start), view.sentence(max(span.start, span.end - 1))
    whole = Span(min(first.start, span.start), max(last.end, span.end))
    context = view.said(whole)
    is_broken_in = values.get("breaks its sentence", 0.0) >= _SURELY_BROKEN_IN
    if candidate.closed or candidate.rule == "spam.structure.lead-list" or is_broken_in:
        context = view.text[span.start : span.end]
    is_order = "instruction to machines" in values
    helps = 0 if is_order else _different(_HELP, context)
    is_abroad = values.get("another script") or values.get("another language")
    if not is_order and (has_verb(context) or _is_said(context) or is_abroad):
        helps += meets(look.helps, whole)
    reports = _different(_REPORT, context)
    inside = _HELP.search(view.text, span.start, span.end)
    listed = any(values.get(name, 0.0) >= 0.6 for name in _LIST_SHAPES) and not has_verb(context)
    listed = listed or values.get("word salad", 0.0) >= 0.6
    values["help or warning"] = min(1.0, (0.3 if listed else 1.0) * ((0.6 if inside else 0.4) * helps + 0.2 * reports))
    block = view.block(span.start)
    unseen = bool(values.get("hidden from readers") or values.get("tiny link")) or block.role in _UNSHOWN
    if ({block.role, block.container} & {"code", "quotation"}) and not look.is_quoted and not unseen:
        values["quoted or code"] = 1.0
    text = view.text[span.start : span.end]
    if _is_quoted(look, candidate) or (not unseen and look.is_cited(span)):
        values["quoted or code"] = 1.0
    if _is_recorded(look, span) and not values.get("address of a trade") and not unseen:
        values["listed as a record"] = 1.0
    if not is_order and not unseen and _has(_DISCLOSED, context):
        values["disclosed"] = 1.0
    values["health words"] = min(3.0, len(_HEALTH_WORDS.findall(text)))
    offers_outright = values.get("offers something", 0.0) >= _OUTRIGHT
    values["part of a health sentence"] = float(
        not (offers_outright or is_broken_in) and _is_health_sentence(look, candidate, context, values)
    )
    values["only speaks of it"] = _only_speaks(look, candidate, values)
    values["not put as sellers put it"] = _not_put_so(look, candidate, values)
    if not unseen:
        values["a reader's own words"] = _own_words(look, span)
    if any(values.get(name, 0.0) >= 0.5 for name in _TELLING):
        values["names a stranger"] = 0.0
    if any(values.get(name, 0.0) >= 0.5 for name in _SPOKEN_OF):
        values["breaks its sentence"] = values["advertises where it breaks in"] = 0.0
    values["the page warns of it"] = 0.0 if unseen else (0.3 if listed else 1.0) * _warns(look, span, family)
    values["the page is about it"] = about(look, span, family)
    if values["the page warns of it"] >= 0.5:
        values["offers something"] = 0.0  # it tells what is offered
    if block.role == "markup_comment":
        text = TAGS.sub(" ", text)
    words = len(_WORD.findall(text))
    if words >= 6 and not is_order:
        values["fluent"] = min(1.0, max(0.0, 5 * len(_FUNCTION.findall(text)) / words - 0.5))


def _own_words(look: Look, span: Span) -> float:
    """Return how surely a span stands in a comment that was not left to advertise, 0 to 1."""
    around = look.comment_places.around(span)
    return min(1.0, max(0.0, -_BY_HONESTY * _left_with_its_pitch(look, around[0]))) if around else 0.0


_BY_HONESTY = 0.5
_SIGNS = (
    "brand morphology", "address of a trade", "host on a list", "link to another site", "names a stranger", "tiny link",
    "hidden from readers", "unseen part of the page", "disguised letters", "another language", *_LIST_SHAPES,
)  # fmt: skip
"""Signs of an advertiser, or of what no sentence is."""
_OUTWARD_SIGNS = tuple(sign for sign in _SIGNS if sign != "names a stranger")
_SAID = frozenset({"spam.structure.inserted-passage", "spam.structure.short-line"})
_TIED = 0.65
"""Of a phrase: so well tied into its sentence that it belongs to what is said there."""
_TIED_OFFERS = 1.5
"""Log-odds that such a sentence offers something, below which it speaks of it."""


def _not_put_so(look: Look, candidate: Candidate, values: dict[str, float]) -> float:
    """Return the log-odds that a sentence is not put as sellers put it; a phrase that is tied into one is read with it.

    0 where it has the form or the address of an injection.
    """
    is_tied = values.get("tied into its sentence", 0.0) >= _TIED
    if not (is_tied or candidate.rule in _SAID) or any(map(values.get, _OUTWARD_SIGNS)):
        return 0.0
    span = look.view.sentence(candidate.start) if is_tied else candidate.span
    return min(_MOST_OF_AN_OFFER, max(0.0, -look.pitching(span) - _SELDOM_MEANT))


def _only_speaks(look: Look, candidate: Candidate, values: dict[str, float]) -> float:
    """Return the log-odds that a sentence speaks of what is sold and offers nothing, as reports, warnings and lives do.

    0 where it names anybody from whom to get it, or pitches. A phrase that is tied into its sentence is read with it,
    and has to offer something.
    """
    is_tied = values.get("tied into its sentence", 0.0) >= _TIED
    if not (is_tied or candidate.rule in _SAID) or any(map(values.get, _SIGNS)):
        return 0.0
    span = look.view.sentence(candidate.start) if is_tied else candidate.span
    text = look.view.text[span.start : span.end]
    if not _is_sentence(text) or _has(PITCH, text) or _names_a_stranger(text) or look.strangers(span):
        return 0.0
    offered = look.most_offered(span) if is_tied else look.offering(span)
    return min(_MOST_OF_AN_OFFER, max(0.0, is_tied * _TIED_OFFERS - offered))


@lru_cache(maxsize=64)
def _has(pattern: AnyCase, text: str) -> bool:
    """Whether a pattern is found in a text; of a sentence it is asked for everything that stands in it."""
    return pattern.search(text)


@lru_cache(maxsize=64)
def _different(pattern: AnyCase, text: str) -> int:
    """Return how many different words a pattern finds in a text."""
    return len(set(pattern.findall(text)))


@lru_cache(maxsize=16)
def _names_a_stranger(text: str) -> bool:
    return names_a_stranger(lowered(text))


def about(look: Look, span: Span, family: str) -> float:
    """Return how much the rest of the page speaks of the trade in plain sentences: 0 not at all, 1 all over."""
    if not family:
        return 0.0
    if family not in look.plain:
        look.plain[family] = tuple(_plain_lines(look, family))
    others = (line for line in look.plain[family] if not line.touches(span))
    lines = len(list(islice(others, 4)))  # four are 1 already
    return min(1.0, max(0.0, (lines - 0.5) / 3)) if lines else 0.0


def _plain_lines(look: Look, family: str) -> Iterator[Span]:
    """Yield the lines that readers see and that speak of the trade in plain sentences."""
    for line, phrases in look.lines:
        plain = [
            p for p in phrases if p.offers <= 1 and not any(s.kind in {"brand", "address", "offer"} for s in p.seeds)
        ]
        if not any(s.family == family and s.weight >= 0.5 for p in plain for s in p.seeds):
            continue
        sentence = look.view.text[line.start : line.end]
        if (_FUNCTION.search(sentence) or len(sentence) < 80) and look.view.shown(line.start):
            yield line


def _start(phrase: Phrase) -> int:
    return phrase.span.start
