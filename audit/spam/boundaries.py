"""How far does an injection go? From the span that convicted it to the unit that came with it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container
from functools import lru_cache
from itertools import islice

import msgspec

from audit.spam.edges import fitted
from audit.spam.features import LEAST_TOPIC, PITCH, bareness
from audit.spam.look import Candidate, Look, Stop, links_of_blocks
from audit.spam.payload import PLACES
from audit.spam.shapes import ENDS, has_verb, is_opener
from audit.spam.topic import mentions_health, script_of, vocabulary
from audit.spam.units import UNSEEN
from audit.text.folding import Disguise
from audit.text.span import Placed, Span

_LISTS = frozenset(
    f"spam.structure.{name}"
    for name in ("lead-list", "list-line", "trailing-list", "line-run", "link-run", "inline-list")
)
_PASSAGES = frozenset(f"spam.structure.{name}" for name in ("inserted-passage", "short-line", "reader-comment"))
_FOREIGN = frozenset({"spam.structure.foreign-script"})
_UNSEEN = frozenset(
    f"spam.hiding.{name}" for name in ("attribute", "title", "meta", "data", "markup-comment", "noscript", "template")
)
_HIDDEN = frozenset({"spam.hiding.hidden-text", "spam.hiding.instruction"})
_LOOSE = (_LISTS, _PASSAGES)
"""Units whose edges are those of a sentence or line."""
_LARGE = 300
"""Code points; more hidden text round an injection was there before it: a dialog, a toolbar."""
_TOKEN = re.compile(r"[^\W_][\w'’.&+/-]*")
_FOREIGN_TO_PAGE = 0.34
"""Most of the words round a phrase that may stand elsewhere on the page too, for the sentence to go with the"
" phrase."""
_MOST_AROUND = 5_000
"""Code points round a candidate in a list, sentence or passage that may go with it; a longer one is judged by itself.

The reports on 1,297 pages, honest, hacked and made to hurt, are the same without this bound, byte for byte.
"""
_MOST_WORDS = 6
_LONGEST_COMMENT = 60
"""Words beside the advertisement; machines write short comments."""


def grown(look: Look, candidate: Candidate, proposals: Placed[Candidate], sure: Container[Candidate] = ()) -> Candidate:
    """Return the largest proposed unit round a candidate of which the rest is of the same making, or its strange edges.

    A list is taken whole. A sentence, a passage or a stretch of another script is taken where what surrounds the
    candidate in it sells as well or shares next to no words with the page, or where the sentence is among those that
    are `sure`: as sure by themselves as the candidate. Else the candidate takes along the words at
    its edges that the page and honest text do not know.
    """
    if candidate.rule == "spam.hiding.tiny-anchor":
        return candidate
    told = candidate
    candidate = _only_segment(look, _only_anchor(look, candidate), proposals)
    linked = _is_anchor(look, candidate)
    told_by_words = candidate.rule in _EDGED and not linked and candidate.span not in look.wedges
    best = _with_edges(look, candidate) if told_by_words else candidate
    whole = look.view.trim(Span(0, len(look.view.text)))
    units = [
        unit
        for unit in proposals.around(best.span)
        if unit.rule not in _PASSAGES or look.view.trim(unit.span) != whole  # the page has no words beside it
    ]
    for kinds in (_UNSEEN, _HIDDEN, _FOREIGN, _LISTS, _PASSAGES):
        for unit in units:
            inside = unit.rule in kinds and best.span in unit.span and len(unit.span) > len(best.span)
            near = kinds not in _LOOSE or len(unit.span) - len(candidate.span) <= _MOST_AROUND
            if (inside and not linked and unit in sure and _is_sentence_of(look, told, unit)) or (
                inside
                and near
                and (not linked or kinds not in _LOOSE or _sells_beside(look, candidate, unit))
                and _belongs(look, candidate, unit)
            ):
                best = unit
        if best.rule in kinds and best.rule not in _EDGED:
            break
    best = _with_edges(look, best) if best.rule in _FOREIGN else best
    best = _with_farm(look, _with_whole_anchors(look, _with_disguised_neighbours(look, best)))
    best = fitted(look, told, _with_full_stop(look, best))
    if best is not candidate and candidate.elements and not best.elements:
        return Candidate(best.start, best.end, best.rule, candidate.elements, best.items, best.closed, candidate.link)
    return best


def _is_sentence_of(look: Look, candidate: Candidate, unit: Candidate) -> bool:
    """Whether a unit is the one sentence that a candidate stands in."""
    return unit.rule in _PASSAGES and look.view.sentence(candidate.start) == look.view.trim(unit.span)


def _only_anchor(look: Look, candidate: Candidate) -> Candidate:
    """Return the one link to another site that holds all that convicts a list or sentence; the rest sells nothing."""
    if candidate.rule not in _BESIDE_LINKS or look.view.block(candidate.start).role in UNSEEN:
        return candidate
    phrases = look.within(candidate.span)
    if not phrases:
        return candidate
    for anchor in look.anchors.around(phrases[0].span):
        if anchor == candidate.span or not all(phrase.span in anchor for phrase in phrases):
            continue
        text = look.view.text
        rest = f"{text[candidate.start : max(candidate.start, anchor.start)]} {text[anchor.end : candidate.end]}"
        if anchor in candidate.span and not _are_few(rest, 0, len(rest), 1) and not _sells(rest):
            return msgspec.structs.replace(candidate, start=anchor.start, end=anchor.end, rule=_BOUGHT)
    return candidate


def _only_segment(look: Look, candidate: Candidate, proposals: Placed[Candidate]) -> Candidate:
    """Return the list in a value rather than all of it, where what stands before or behind belongs to the page."""
    if candidate.rule not in _VALUES or candidate.closed or candidate.elements:
        return candidate
    phrases = look.within(candidate.span)
    text = look.view.text
    best = candidate
    for unit in proposals.inside(candidate.span):
        if unit.rule != candidate.rule or not unit.closed:
            continue
        if not all(phrase.span in unit.span for phrase in phrases):
            continue
        rest = f"{text[candidate.start : unit.start]} {text[unit.end : candidate.end]}"
        at_end = unit.end == candidate.end
        own = look.topic.shared(rest, text[candidate.start : candidate.end])
        honest = (at_end and _is_of_the_page(look, rest)) or own >= 0.5
        if rest.strip() and not _sells(rest) and honest and (best is candidate or len(unit.span) > len(best.span)):
            best = unit
    return best


def _is_of_the_page(look: Look, rest: str) -> bool:
    """Whether half of the words of a value's beginning stand elsewhere in the page: in text, names, addresses."""
    words = set(re.findall(r"[^\W\d_]{4,}", rest.lower()))
    source = look.view.article.page.text.lower()
    return 2 * sum(1 for word in words if source.count(word) > 1) >= len(words)


_VALUES = frozenset(f"spam.hiding.{name}" for name in ("attribute", "title", "meta"))
_BOUGHT = "spam.structure.bought-anchor"
_BESIDE_LINKS = frozenset(
    f"spam.structure.{name}"
    for name in ("lead-list", "list-line", "trailing-list", "inline-list", "inserted-passage", "dropped-phrase")
)


def _is_anchor(look: Look, candidate: Candidate) -> bool:
    """Whether a candidate is the anchor text of one link to another site, or a part of one: it has its edges."""
    return bool(look.anchors.around(candidate.span))


def _sells_beside(look: Look, candidate: Candidate, unit: Candidate) -> bool:
    """Whether what surrounds an anchor in a unit sells for itself, or is no sentence."""
    text = look.view.text
    rest = f"{text[unit.start : candidate.start]} {text[candidate.end : unit.end]}"
    return unit.rule == "spam.structure.link-run" or _are_few(rest, 0, len(rest), 1) or _sells(rest) > 0


_EDGED = frozenset({"spam.structure.dropped-phrase", "spam.structure.inline-list"})


def _with_disguised_neighbours(look: Look, unit: Candidate) -> Candidate:
    """Return the unit with the disguised words near it in its line, and the sentences that are mostly so.

    Who disguises a word disguises for the sake of all that stands round it.
    """
    if not look.folded.disguises or look.view.block(unit.start).role in UNSEEN:
        return unit
    line = look.view.line(unit.start)
    words = look.folded.disguises
    start, end = unit.start, unit.end
    for at in range(bisect_left(words, unit.start, key=_begin) - 1, -1, -1):
        word = words[at].span
        if word not in line or not _are_few(look.view.text, word.end, start, _NEAR):
            break
        start = word.start
    for at in range(bisect_right(words, unit.end, key=_finish), len(words)):
        word = words[at].span
        if word not in line or not _are_few(look.view.text, end, word.start, _NEAR):
            break
        end = word.end
    if any(disguise.span in line for disguise in look.disguises.across(Span(start, end))):
        start, end = _to_stops(look, line, Span(start, end), closed=unit.closed and end == unit.end)
    if (start, end) == (unit.start, unit.end):
        return unit
    return msgspec.structs.replace(unit, start=start, end=end)


_NEAR = 6
"""Plain words between disguised ones; three in ten words are too short to be worth it."""


def _to_stops(look: Look, line: Span, span: Span, *, closed: bool) -> tuple[int, int]:
    """Return the span with the few plain words that part it from the full stops before and behind it."""
    text = look.view.text
    stops = look.stops(line)
    last = bisect_left(stops, span.start, key=_stop_start) - 1
    before = min(stops[last].behind, span.start) if last >= 0 else line.start
    start = before if _are_few(text, before, span.start, _FEW_PLAIN) else span.start
    following = bisect_left(stops, span.end, key=_stop_start)
    behind = stops[following].end if following < len(stops) else line.end
    closed = closed or text[span.end - 1] in ".!?…"
    end = behind if not closed and _are_few(text, span.end, behind, _FEW_PLAIN) else span.end
    return start, end


def _are_few(text: str, start: int, end: int, most: int) -> bool:
    """Whether a stretch of a text has no more words than so many; they are not counted to their end."""
    return next(islice(_TOKEN.finditer(text, start, max(start, end)), most, None), None) is None


def _begin(disguise: Disguise) -> int:
    return disguise.span.start


def _finish(disguise: Disguise) -> int:
    return disguise.span.end


def _stop_start(stop: Stop) -> int:
    return stop.start


_FEW_PLAIN = 4
"""Plain words in a row, short ones included, that the disguiser of a sentence may have left as they were."""


def _with_full_stop(look: Look, unit: Candidate) -> Candidate:
    """Return the unit with the full stop of a sentence that it is all of."""
    if look.view.block(unit.start).role in UNSEEN:
        return unit
    sentence = look.view.sentence(max(unit.start, unit.end - 1))
    left = look.view.text[unit.end : min(sentence.end, unit.end + _LEFT_OVERS + 1)]
    if not left or len(left) > _LEFT_OVERS or any(char.isalnum() for char in left):
        return unit
    before = look.view.text[sentence.start : unit.start] if unit.start > sentence.start else ""
    return unit if before.strip() else msgspec.structs.replace(unit, end=sentence.end)


_FEWEST_IN_FARM = 3
_BETWEEN_LINKS = 3
"""Words between two links of one farm."""


def _with_farm(look: Look, unit: Candidate) -> Candidate:
    """Return a unit that holds several links to other sites with those that go on in the same row."""
    if len(look.foreign_links) < _FEWEST_IN_FARM or look.view.block(unit.start).role in UNSEEN:
        return unit
    text = look.view.text
    inside = look.anchors.inside(unit.span)
    if len(inside) < _FEWEST_IN_FARM:
        return unit
    spans = look.anchors_in_order
    start, end = unit.start, unit.end
    for at in range(bisect_left(spans, inside[0]) - 1, -1, -1):
        if not _are_few(text, spans[at].end, start, _BETWEEN_LINKS):
            break
        start = min(start, spans[at].start)
    for at in range(bisect_right(spans, inside[-1]), len(spans)):
        if not _are_few(text, end, spans[at].start, _BETWEEN_LINKS):
            break
        end = max(end, spans[at].end)
    if (start, end) == (unit.start, unit.end) or look.view.index(start) != look.view.index(end - 1):
        return unit
    return msgspec.structs.replace(unit, start=start, end=end)


def _with_whole_anchors(look: Look, unit: Candidate) -> Candidate:
    """Return the unit with all of every link that it touches."""
    start, end = unit.start, unit.end
    for anchor in look.anchors.across(unit.span):
        shared = min(unit.end, anchor.end) - max(unit.start, anchor.start)
        if 2 * shared >= len(anchor):
            start, end = min(start, anchor.start), max(end, anchor.end)
    if (start, end) == (unit.start, unit.end):
        return unit
    return msgspec.structs.replace(unit, start=start, end=end)


def _belongs(look: Look, candidate: Candidate, unit: Candidate) -> bool:
    """Whether the rest of a unit was injected with the candidate."""
    text = look.view.text
    rest = f"{text[unit.start : candidate.start]} {text[candidate.end : unit.end]}"
    if unit.rule in _FOREIGN:
        return script_of(rest) != look.topic.script or len(rest.strip()) <= _LEFT_OVERS
    if unit.rule in _PASSAGES:
        return _came_along(look, candidate, unit, rest)
    shared = look.topic.shared(rest, text[unit.start : unit.end])
    if unit.rule in _UNSEEN and candidate.closed:
        return _is_of_the_list(look, unit, rest, shared, text[candidate.start : candidate.end])
    if unit.rule in _UNSEEN:
        return shared <= _FOREIGN_TO_PAGE and (bool(unit.elements) or not _is_sentence(rest))
    if unit.rule in _HIDDEN:
        return unit.rule.endswith("instruction") or _is_hidden_with(look, candidate, unit, rest, shared)
    bracketed = text[unit.start : candidate.start].rstrip().endswith((")", "]"))
    return not bracketed and (not rest.strip() or _sells(rest) > 0 or shared <= _FOREIGN_TO_PAGE)


def _is_of_the_list(look: Look, unit: Candidate, rest: str, shared: float, said: str) -> bool:
    """Whether what a value has before the list in it belongs to it: it sells too, or names whom the list names."""
    if rest.strip() and script_of(rest) != look.topic.script:
        return True
    words = _TOKEN.findall(rest)
    if (
        unit.closed
        and 0 < len(words) <= _MOST_WORDS
        and ((not shared and rest.count(".") == 0) or all(_strange(look, word) for word in words))
    ):
        return True
    if any(
        word in said and _strange(look, word) and look.topic.count(word[:6].lower()) <= said.count(word) + 1
        for word in words
    ):
        return True
    return shared <= _FOREIGN_TO_PAGE and len(rest) <= len(said) and _sells(rest) > 0


def _is_hidden_with(look: Look, candidate: Candidate, unit: Candidate, rest: str, shared: float) -> bool:
    """Whether the rest of what an element hides was put there with the candidate."""
    hiding = look.view.block(unit.start).hiding
    if hiding is None or hiding.exempt or len(rest) > max(_LARGE, 4 * len(candidate.span)):
        return False
    words = len(_TOKEN.findall(rest))
    if shared <= _FOREIGN_TO_PAGE and words <= _A_FEW_SENTENCES and links_of_blocks(look, unit.span):
        return True
    return _sells(rest) >= max(1, words // 15) or (shared <= 0.5 and words <= _FEW)


_FEW = 12
"""Words; a longer text that sells nothing was hidden for a reason of its own."""
_A_FEW_SENTENCES = 60
"""Words that have nothing to do with the page, round a hidden link to another site."""


def _came_along(look: Look, candidate: Candidate, unit: Candidate, rest: str) -> bool:
    """Whether the rest of a sentence or passage was injected with the candidate."""
    if candidate.rule in _LISTS - _EDGED or _are_few(rest, 0, len(rest), 1):
        return _are_few(rest, 0, len(rest), 1)
    if unit.rule == "spam.structure.reader-comment":
        shared = look.topic.shared(rest, look.view.text[unit.start : unit.end])
        return _are_few(rest, 0, len(rest), _LONGEST_COMMENT) and (shared <= _FOREIGN_TO_PAGE or _sells(rest) > 0)
    if candidate.rule in _EDGED and bareness(look, candidate.span) >= _BARE and not _is_alien(look, rest):
        return False
    sentences = [s for line in _lines(look, unit) for s in look.view.sentences(line)]
    script = script_of(look.view.text[candidate.start : candidate.end])
    if script != look.topic.script and any(
        script_of(look.view.text[s.start : s.end]) != script and not s.touches(candidate.span) for s in sentences
    ):
        return False
    return all(_is_of_it(look, candidate, sentence) for sentence in sentences)


_LEFT_OVERS = 3
"""Code points: a full stop, a bracket."""
_BARE = 0.8


def _is_alien(look: Look, rest: str) -> bool:
    """Whether the words round a loose phrase sell too, or have nothing to do with a page of some length."""
    if mentions_health(rest):
        return False
    return _sells(rest) > 0 or (look.topic.size >= LEAST_TOPIC and look.topic.shared(rest) <= 0.15)


def _is_sentence(text: str) -> bool:
    """Whether a value reads as a text of its own rather than as more search phrases."""
    return not _are_few(text, 0, len(text), 8) and _sells(text) == 0


def _lines(look: Look, unit: Candidate) -> list[Span]:
    """Return the stretches of a unit, one per line."""
    found: list[Span] = []
    at = unit.start
    while at < unit.end:
        line = look.view.line(at)
        found.append(Span(max(line.start, unit.start), min(line.end, unit.end)))
        at = line.end + 1
    return found


def _is_of_it(look: Look, candidate: Candidate, sentence: Span) -> bool:
    """Whether a sentence, the candidate taken out of it, sells or has next to nothing to do with the page."""
    text = look.view.text
    low, high = max(sentence.start, candidate.start), min(sentence.end, candidate.end)
    rest = (
        f"{text[sentence.start : low]} {text[high : sentence.end]}"
        if low < high
        else text[sentence.start : sentence.end]
    )
    words = len(_TOKEN.findall(rest))
    if words <= 2:
        return True
    shared, sells = look.topic.shared(rest), _sells(rest)
    if is_opener(rest.strip()):
        return shared <= _FOREIGN_TO_PAGE
    if shared <= _FOREIGN_TO_PAGE and words >= _LOOSE_WORDS and _TIES.search(rest) is None and not has_verb(rest):
        return True
    if low < high:
        return shared <= _FOREIGN_TO_PAGE and (sells >= 1 or (words >= 4 and shared <= 0.15))
    return shared <= _FOREIGN_TO_PAGE and sells >= max(1, words // 8)


_LOOSE_WORDS = 4
_TIES = re.compile(r"\b(?:the|an?|of|to|in|on|at|for|with|by|from|and|or|not|this|that|your?|our|my)\b", re.IGNORECASE)
"""Words that hold a sentence together; a salad has none."""


@lru_cache(maxsize=64)
def _sells(text: str) -> int:
    """Return how many signs of selling a text has."""
    words = {word.lower() for word in _TOKEN.findall(text)}
    return len(words & _STRONG_OFFERS) + len(PITCH.findall(text))


_STRONG_OFFERS = frozenset(
    "login signin signup apk bonus bonuses promo deposit cheap cheapest buy discount discounts coupon overnight"
    " shipping"
    " delivery wholesale replica download terpercaya resmi terbaik situs daftar siteleri giriş giris kayit"
    " spins wagering"
    " subscription followers clearance outlet jackpot jackpots whatsapp airdrop iptv betting casino slots gacor"
    " online payout"
    " withdrawal odds punters refund revisions plagiarism incall outcall escorts".split()
)
"""Words that honest sentences of a health page hardly hold."""


def _with_edges(look: Look, candidate: Candidate) -> Candidate:
    """Return a phrase with the strange words right before and behind it, blanks alone between them."""
    text = look.view.text
    line = look.view.line(candidate.start)
    start, end = candidate.start, candidate.end
    for _ in range(_MOST_WORDS):
        match = re.search(r"(?:^|(?<=\s))([^\W_][\w'’&+-]*) $", text[max(line.start, start - 40) : start])
        if match is None or not _strange(look, match[1]) or _is_common(match[1]):
            break
        start -= len(match[0])
    for _ in range(0 if text.endswith(ENDS, start, end) else _MOST_WORDS):
        match = re.match(r" ([^\W_][\w'’&+-]*)", text[end : min(line.end, end + 40)])
        if match is None or not _strange(look, match[1]):
            break
        end += len(match[0])
    return Candidate(start, end, candidate.rule, candidate.elements, candidate.items, candidate.closed, candidate.link)


def _is_common(word: str) -> bool:
    """Whether a word has the look of a sentence's word: Latin letters, all small."""
    return word.isalpha() and word.islower() and script_of(word) == "latin"


def _strange(look: Look, word: str) -> bool:
    plain = word.lower()
    if plain in _STRONG_OFFERS or plain in PLACES:
        return True
    if len(plain) < 4 or not plain.isalnum():
        return plain.isalpha() and script_of(plain) != look.topic.script
    return (
        plain not in vocabulary() and plain.rstrip("s") not in vocabulary() and look.topic.count(plain[:6]) <= 1
    )  # fmt: skip
