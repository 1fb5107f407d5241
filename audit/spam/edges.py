"""The edges of an injection: what right beside it came with it, and what in it is the page's own.

`boundaries` finds the unit that an injection is; here it is fitted to the words. Each step moves an edge, or leaves the
span as it was where it has nothing to say.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import msgspec

from audit.rules.match import registered_domain
from audit.spam.features import COMMENT
from audit.spam.look import BEGINS, UNSEEN_RULES, Candidate, Look, named
from audit.spam.payload import OFFER_WORDS, PLACES, addresses, host_of, phones
from audit.spam.shapes import CLOSER, ENDS, PART, WORD, has_verb
from audit.spam.topic import mentions_health, script_of, stems, vocabulary
from audit.spam.units import UNSEEN
from audit.spam.wording import loudness_of, weight
from audit.text.meaning import is_known
from audit.text.span import Span

_PASSAGES = frozenset(f"spam.structure.{name}" for name in ("inserted-passage", "short-line"))
_PHRASES = frozenset(f"spam.structure.{name}" for name in ("dropped-phrase", "inline-list"))
_START, _END = attrgetter("start"), attrgetter("end")
_FOREIGN, _ORDER = "spam.structure.foreign-script", "spam.hiding.instruction"


def fitted(look: Look, core: Candidate, unit: Candidate) -> Candidate:
    """Return a unit with its edges where the injection ends.

    Args:
        look: The page.
        core: What convicted it.
        unit: The unit round it, as `boundaries.grown` has it.
    """
    role = look.view.block(unit.start).role
    if role in _VALUES and unit.rule == UNSEEN_RULES[role]:
        return _fitted_value(look, core, unit)
    unseen = role in UNSEEN and unit.rule != _ORDER
    if unit.rule == "spam.hiding.tiny-anchor" or unseen:
        return unit
    about, span = _About(look, core, unit), unit.span
    for step in _STEPS:
        span = step(about, span)
    return unit if span == unit.span else msgspec.structs.replace(unit, start=span.start, end=span.end)


_VALUES = frozenset({"title", "attribute"})
"""Roles of text that lists; a description says something."""


def _fitted_value(look: Look, core: Candidate, unit: Candidate) -> Candidate:
    """Return a part of a title or value with the items of its list beside it, and the mark that parts them."""
    whole = look.view.trim(look.view.span_of(look.view.index(unit.start)))
    text = look.view.text
    marks = [Span(*match.span()) for match in PART.finditer(text, whole.start, whole.end)]
    if not marks or len(marks) > _MOST_ITEMS:
        return unit
    if unit.span == whole:
        return _less_own_head(look, unit, marks)
    starts, ends = [whole.start, *(mark.end for mark in marks)], [*(mark.start for mark in marks), whole.end]
    items = [Span(start, end) for start, end in zip(starts, ends, strict=True)]
    inside = [at for at, item in enumerate(items) if item.touches(unit.span)]
    if not inside:
        return unit
    first, last = inside[0], inside[-1]
    names = _own_names(look, core.span, whole)
    is_attribute = look.view.block(unit.start).role == "attribute"

    def came_along(at: int, mark: Span) -> bool:
        if text[mark.start : mark.end].strip() != "," or (not at and _is_own_item(look, items[at], whole)):
            return False
        named_alike = _has_any(names, text[items[at].start : items[at].end])
        return (
            named_alike
            or bool(look.within(items[at]))
            or _is_strange_item(look, items[at], is_sure=at > 0 and is_attribute)
        )

    while first and came_along(first - 1, marks[first - 1]):
        first -= 1
    while last + 1 < len(items) and came_along(last + 1, marks[last]):
        last += 1
    if (first, last) == (inside[0], inside[-1]):
        return unit
    start = items[first - 1].end if first else whole.start
    end = items[last + 1].start if not first and last + 1 < len(items) else items[last].end
    return msgspec.structs.replace(unit, start=min(start, unit.start), end=max(end, unit.end))


def _less_own_head(look: Look, unit: Candidate, marks: Sequence[Span]) -> Candidate:
    """Return a whole value without the first items of its list that are the page's own: `Company logo, …`."""
    start = unit.start
    for mark in marks:
        if not _is_own_item(look, Span(start, mark.start), unit.span):
            break
        start = mark.start
    return msgspec.structs.replace(unit, start=start, closed=True) if start > unit.start else unit


def _is_own_item(look: Look, item: Span, value: Span) -> bool:
    """Whether half of the longer words of an item stand on the page outside its value too, or in the value's own tag.

    A mark, `:)` or `:sad:`, is the page's own.
    """
    if any(phrase.weight >= _NAMES_A_TRADE for phrase in look.within(item)):
        return False
    page, place = look.view.article.page.text, look.view.place(value)[0]
    before, behind = page.rfind("<", 0, place.start), page.find(">", place.end)
    tag = f"{page[before + 1 : place.start]} {page[place.end : max(place.end, behind)]}".lower()
    own, said = look.view.text[item.start : item.end].strip(" ,|–—-").lower(), Counter(look.folded_words(value))
    words = set(_LONGER_WORD.findall(own))
    if not words:
        return not own[:1].isalnum()
    return 2 * sum(look.times[word] > said[word] or _begins(word, tag) for word in words) >= len(words)


_NAMES_A_TRADE = 0.5
"""Weight of a phrase that names a trade; words of offer alone weigh less."""


_LONGER_WORD = re.compile(r"[^\W\d_]{4,}")


def _begins(word: str, text: str) -> bool:
    """Whether a word stands in a text, or begins one there."""
    return re.search(rf"(?<![^\W_]){re.escape(word)}", text) is not None


def _is_strange_item(look: Look, item: Span, *, is_sure: bool) -> bool:
    """Whether an item beside those that were put into a value is none of the page's: it shows no word of it.

    What a title or description says, and the first name of a picture, may be the page's own, unless it advertises.
    """
    text = look.view.text[item.start : item.end]
    own = stems(text)
    shown = sum(stem in look.shown_words for stem in own)
    if (
        2 * shown > len(own)
        or mentions_health(text)
        or text.endswith(ENDS)
        or len(WORD.findall(text)) > _LONGEST_OF_A_VALUE
    ):
        return False
    return (
        is_sure
        or loudness_of(*look.weighed(item), look.accent) > 0
        or (text[:1].islower() and " " in text and look.is_for_sale(text))
    )


_MOST_ITEMS = 60
_LONGEST_OF_A_VALUE = 7
"""Words of an item."""


class _About(NamedTuple):
    """What the edges are fitted by."""

    look: Look
    core: Candidate
    unit: Candidate

    @property
    def is_foreign(self) -> bool:
        """Whether what convicted the unit is of another script than its page."""
        return script_of(self.look.view.text[self.core.start : self.core.end]) != self.look.topic.script


# --- what is the page's own -------------------------------------------------------------------------------------------


def _less_own_sentences(of: _About, span: Span) -> Span:
    """Take off the page's own sentence where an injection without capitals or stops was put before or behind it."""
    look, core, unit = of
    if unit.rule not in _PASSAGES and unit.rule != _FOREIGN:
        return span
    text = look.view.text
    sentence = look.view.sentence(core.start)
    start, end = span.start, span.end
    stops = look.stops(look.view.line(core.start))
    for at in range(bisect_right(stops, max(start, sentence.start), key=_START), len(stops)):
        stop = stops[at]
        if stop.behind > core.start or not _is_own(look, Span(start, stop.end)):
            break
        start = stop.behind
    strange = max(_last_disguised(look, span), _last_foreign(of, span))
    if core.start < strange < end and strange >= core.end - _LEFT_OVERS:
        behind = strange + len(text[strange:end]) - len(text[strange:end].lstrip(_CLOSING_MARKS))
        if text[behind : behind + 1].isupper() and _is_own(look, Span(behind, end)):
            end = strange
    return Span(start, end)


_LEFT_OVERS = 3
_CLOSING_MARKS = " \t\u00a0\u202c\u200b\ufeff"
_FEWEST_OF_A_SENTENCE = 3
"""Words."""


def _is_own(look: Look, span: Span) -> bool:
    """Whether a stretch says something and does not advertise, in the page's script and naming nobody."""
    text = look.view.text[span.start : span.end]
    words, weights = look.weighed(span)
    return (
        words >= _FEWEST_OF_A_SENTENCE
        and has_verb(text)
        and loudness_of(words, weights, look.accent) < 0
        and not addresses(text.lower())
        and not look.strangers(span)
        and script_of(text) == look.topic.script
    )


def _last_disguised(look: Look, span: Span) -> int:
    """Return where the last disguised word of a span ends; -1 if it has none."""
    return max((one.span.end for one in look.disguises.across(span)), default=-1)


def _last_foreign(of: _About, span: Span) -> int:
    """Return where the last letter of a span ends that is of another script than its Latin page; -1 if it has none."""
    if of.look.topic.script != "latin" or not of.is_foreign:
        return -1
    found = _BEYOND_LATIN.finditer(of.look.view.text, span.start, span.end)
    return max((match.end() for match in found), default=-1)


_OTHER = "\u0400-\u1dff\u2c80-\ua71f\ua800-\ufaff\ufe70-\uff0f\uff1a-\uffef"
"""Letters and marks of other scripts than Latin; not of Greek, which medicine writes with."""
_BEYOND_LATIN = re.compile(f"[{_OTHER}]")


def _less_next_sentence(of: _About, span: Span) -> Span:
    """Take off the page's own sentence that begins right behind what convicted a passage, no full stop between them."""
    look, core, unit = of
    if unit.rule not in _PASSAGES or BEGINS.match(look.view.text, core.end) is None or core.end >= span.end:
        return span
    return Span(span.start, core.end) if _is_own(look, Span(core.end + 1, span.end)) else span


def _less_own_ends(of: _About, span: Span) -> Span:
    """Take off the page's own sentences at either end of what was put there in words that the page hardly uses."""
    look = of.look
    parts = [part for line in look.lines_of(span) for part in _sentences(look, line)]
    if not 1 < len(parts) <= _MOST_PARTS:
        return span
    inside = Counter(look.folded_words(span))
    own = [_is_at_home(look, part, inside) for part in parts]
    strange = [part for part, is_own in zip(parts, own, strict=True) if not is_own]
    if len(strange) in {0, len(parts)} or not all(_is_strange(look, part, inside) for part in strange):
        return span
    first, last = own.index(False), len(own) - 1 - own[::-1].index(False)
    taken = sum(look.weighed(part)[0] for part in (*parts[:first], *parts[last + 1 :]))
    if of.unit.rule == COMMENT and taken < _FEWEST_OF_A_READER:
        return span
    return Span(parts[first].start if first else span.start, parts[last].end if last + 1 < len(parts) else span.end)


def _sentences(look: Look, line: Span) -> Iterator[Span]:
    """Yield the stretches between the full stops of a line or of a part of one."""
    start = line.start
    for stop in look.stops(look.view.line(line.start)):
        if start < stop.end < line.end:
            yield Span(start, stop.end)
            start = min(stop.behind, line.end)
    yield Span(start, line.end)


def _is_at_home(look: Look, sentence: Span, inside: Mapping[str, int]) -> bool:
    """Whether a sentence is in words that the page has elsewhere, and neither advertises nor links to another site."""
    words, weights = look.weighed(sentence)
    return (
        words >= _FEWEST_OF_A_SENTENCE
        and loudness_of(words, weights, look.accent) < _LOUD_SENTENCE
        and look.at_home(sentence, inside) >= _AT_HOME
        and not any(phrase.is_marked and phrase.weight >= _NAMES_A_TRADE for phrase in look.within(sentence))
        and not look.anchors.inside(sentence)
        and not look.disguises.across(sentence)
    )


def _is_strange(look: Look, part: Span, inside: Mapping[str, int]) -> bool:
    """Whether a part is in words that the page hardly has elsewhere, or in disguise."""
    return bool(look.disguises.across(part)) or look.at_home(part, inside) <= _STRANGE


_MOST_PARTS = 40
"""Sentences; who injects so many leaves none of the page's own among them."""
_AT_HOME, _STRANGE = 0.4, 0.25
"""Share of a sentence's words, small ones included, that the page has elsewhere: of its own, and of what was put in."""
_LOUD_SENTENCE = 1.0
"""Log-odds."""
_FEWEST_OF_A_READER = 16
"""Words; a comment that says less beside what it advertises is bait."""


def _less_label(of: _About, span: Span) -> Span:
    """Take off the one word behind the colon that closes a list: a label of the page, or its sentence's first word."""
    look, core, unit = of
    if unit.rule not in _PHRASES and not unit.closed:
        return span
    text = look.view.text
    for match in CLOSER.finditer(text, core.start, span.end):
        rest = text[match.end() : span.end].strip(" :–—|-")
        is_word = rest.isalpha() and rest[:1].isupper() and (look.is_foreign or is_known(rest))
        if is_word and match.start() > core.start and ":" in match[0]:
            return Span(span.start, match.end())
    return span


def _less_own_title(of: _About, span: Span) -> Span:
    """Take off the head of a line that stands elsewhere on the page too, up to the bar or dash behind it."""
    look, core, unit = of
    if unit.rule not in _LINES:
        return span
    text = look.view.text
    match = _BAR.search(text, span.start, core.end)
    if match is None or look.within(Span(span.start, match.start())):
        return span
    head = text[span.start : match.start()].strip()
    elsewhere = text.count(head) > text.count(head, span.start, span.end)
    return Span(match.start(), span.end) if len(head) >= _SHORTEST_HEAD and elsewhere else span


_LINES = frozenset(f"spam.structure.{name}" for name in ("list-line", "short-line", "inserted-passage"))
_BAR = re.compile(r"(?<=\s)[|–—-](?=\s)")
_SHORTEST_HEAD = 6


def _less_own_word(of: _About, span: Span) -> Span:
    """Take off a small word of the page's sentence before a phrase that was found by breaking it."""
    look, core, unit = of
    if unit.rule not in _PHRASES or core.span not in look.wedges:
        return span
    text = look.view.text
    match = _FIRST.match(text, span.start, span.end)
    if match is None or match.end() >= span.end or not text[max(0, span.start - 2) : span.start].strip():
        return span
    word = match[1]
    marked = any(phrase.is_marked for phrase in look.within(Span(*match.span(1))))
    if marked or word in OFFER_WORDS or word in PLACES:
        return span
    return Span(match.end(), span.end) if weight(word) < _HONEST or look.topic.count(word[:6]) > 1 else span


_HONEST = -1.0
"""Log-odds of a word."""
_FIRST = re.compile(r"([a-z]{2,14}) (?=\w+ )")


def _only_linked(of: _About, span: Span) -> Span:
    """Take off the words of the page's sentence beside a link to another site that a phrase was found with."""
    look, unit = of.look, of.unit
    if unit.rule not in _PHRASES:
        return span
    inside = look.anchors.inside(span)
    if len(inside) != 1:
        return span
    rest = (Span(span.start, inside[0].start), Span(inside[0].end, span.end))
    if sum(look.weighed(part)[0] for part in rest) > _MOST_LOOSE or any(
        p.is_marked for part in rest for p in look.within(part)
    ):
        return span
    return inside[0]


_MOST_LOOSE = 2
"""Words."""


def _less_own_links(of: _About, span: Span) -> Span:
    """Take off links to the page's own site, or to a mailbox, at the edges."""
    look, core = of.look, of.core
    start, end = span.start, span.end
    for anchor in look.own_anchors.across(span):
        if anchor.start <= start < anchor.end <= core.start and anchor.end < end:
            start = anchor.end
        elif core.end <= anchor.start and anchor.end >= end and anchor.start > start:
            end = anchor.start
    return Span(start, end)


# --- what came with it ------------------------------------------------------------------------------------------------


def _with_strange_word(of: _About, span: Span) -> Span:
    """Take in a name that nobody knows right before a stretch of another script."""
    look = of.look
    text = look.view.text
    if not of.is_foreign or look.anchors.around(span):
        return span
    before = _WORD_BEFORE.search(text, max(look.view.line(span.start).start, span.start - 40), span.start)
    start = before.start(1) if before is not None and _is_new(look, before[1]) else span.start
    return Span(start, span.end)


_WORD_BEFORE = re.compile(r"(?:^|(?<=\s))([^\W_][\w'’&+-]{3,39})[ \u3000]?\Z")


def _is_new(look: Look, word: str) -> bool:
    """Whether a word is known to nobody and stands on the page once."""
    return not is_known(word) and look.topic.count(word[:6].lower()) <= 1


def _with_foreign_rest(of: _About, span: Span) -> Span:
    """Take in what goes on in another script behind a few letters or figures of the page's: a name, an address."""
    look, core = of.look, of.core
    text, end = look.view.text, span.end
    if look.topic.script != "latin" or not of.is_foreign or look.anchors.around(core.span):
        return span
    for match in _FOREIGN_RUN.finditer(text, end, look.view.line(core.start).end):
        between = text[end : match.start()]
        if len(between) > _GAP or _FULL_STOP.search(between) or len(WORD.findall(between)) > _MOST_LOOSE:
            break
        end = match.end()
    return Span(span.start, end)


_FOREIGN_RUN = re.compile(f"(?:[{_OTHER}]++[ ,、，。]*)+(?<![ ,])")
_GAP = 30
_FULL_STOP = re.compile(r"[.!?]\s|[。！？]")


def _with_loud_words(of: _About, span: Span) -> Span:
    """Take in the words right before a phrase that honest text does not know and advertising does."""
    look, unit = of.look, of.unit
    if unit.rule not in _PHRASES or look.anchors.around(span):
        return span
    text, line, start = look.view.text, look.view.line(span.start), span.start
    for _ in range(_MOST_LOUD):
        match = _SMALL_WORD_BEFORE.search(text, max(line.start, start - 24), start)
        if match is None or match[1] in vocabulary() or weight(match[1]) < _LOUD or look.topic.count(match[1][:6]) > 1:
            break
        start = match.start(1)
    return Span(start, span.end)


_SMALL_WORD_BEFORE = re.compile(r"(?<=\s)([a-z]{4,20}) \Z")
_MOST_LOUD = 2
_LOUD = 2.0
"""Log-odds of a word."""


def _with_shouts(of: _About, span: Span) -> Span:
    """Take in a sentence of one word that is shouted right before an order to machines: `IMPORTANT!!`."""
    look, unit = of.look, of.unit
    if unit.rule != _ORDER:
        return span
    line = look.view.line(span.start)
    match = _SHOUT.search(look.view.text, max(line.start, span.start - 24), span.start)
    return Span(match.start(1), span.end) if match is not None else span


_SHOUT = re.compile(r"(?:(?<![^\n])|(?<=[.!?]\s))((?:[A-Z]{4,14}|[A-Z][a-z]{3,13})[!:]{1,3}\s)\Z")


def _with_number(of: _About, span: Span) -> Span:
    """Take in a telephone number right behind a phrase."""
    look, unit = of.look, of.unit
    if unit.rule not in _PHRASES:
        return span
    match = _NUMBER.match(look.view.text, span.end, look.view.line(span.start).end)
    return Span(span.start, match.end()) if match is not None and any(phones(match[0])) else span


_NUMBER = re.compile(r" \+?\(?\d[\d ().-]{6,20}\d(?!\w)")


def _with_items(of: _About, span: Span) -> Span:
    """Take in the items before and behind a list that name whom it names, with the colon that closes them."""
    look, unit = of.look, of.unit
    line = look.view.line(span.start)
    if unit.rule not in _PHRASES or span.end > line.end:
        return span
    text, start, end = look.view.text, span.start, span.end
    names = _own_names(look, span, line)
    while (item := _ITEM.match(text, end, line.end)) is not None and _has_any(names, item[1]):
        end = item.end()
    while (item := _ITEM_BEFORE.search(text, max(line.start, start - _LONGEST_ITEM), start)) is not None:
        if not _has_any(names, item[1]):
            break
        start = item.start(1)
    closing = CLOSER.match(text, end, line.end) if end > span.end else None
    return Span(start, closing.end() if closing is not None else end)


_ITEM = re.compile(r"\s*[,|;/•·]\s*([^,|;:/.!?\n•·–—]{2,60})")
_ITEM_BEFORE = re.compile(r"(?:^|(?<=[.:!?\n,|;]\s))([^,|;:/.!?\n•·–—]{2,60}?)\s*[,|;/•·]\s*\Z")
_LONGEST_ITEM = 70


def _with_its_name(of: _About, span: Span) -> Span:
    """Take in the sentences beside a passage that name whom it names, where nothing else on the page does."""
    look, unit = of.look, of.unit
    if unit.rule not in _PASSAGES:
        return span
    line = look.view.line(span.start)
    if span.end > line.end:
        return span
    sentences = look.view.sentences(line)
    names = _own_names(look, span, line)
    if not names:
        return span
    first, last = bisect_right(sentences, span.start, key=_END), bisect_left(sentences, span.end, key=_START)
    before = _furthest(look, sentences, range(first - 1, -1, -1), names)
    behind = _furthest(look, sentences, range(last, len(sentences)), names)
    return Span(before.start if before is not None else span.start, behind.end if behind is not None else span.end)


def _with_its_line(of: _About, span: Span) -> Span:
    """Take in the rest of a paragraph that an injection is a good part of, if it has none of the page's words."""
    look, unit = of.look, of.unit
    line = look.view.trim(look.view.line(span.start))
    is_the_page = line == look.view.trim(Span(0, len(look.view.text)))  # which has no words beside it
    if unit.rule not in _PASSAGES or span.end > line.end or not look.topic.size or is_the_page:
        return span
    beside = [Span(line.start, span.start), Span(span.end, line.end)]
    rest = [part for part in beside if look.weighed(part)[0]]
    own = look.weighed(span)[0]
    if not rest or own < _GOOD_PART * (own + sum(look.weighed(part)[0] for part in rest)):
        return span
    return line if all(_is_of_others(look, one) for part in rest for one in _sentences(look, part)) else span


def _is_of_others(look: Look, sentence: Span) -> bool:
    """Whether a sentence beside an injection is none of the page's own: by its words, or by what it says."""
    text = look.view.text[sentence.start : sentence.end]
    if mentions_health(text) or look.own_anchors.across(sentence):
        return False
    shared = look.topic.shared(text)
    return shared <= _HARDLY or (shared <= _SOMEWHAT and look.offering(sentence) >= _NOT_OWN)


_GOOD_PART = 0.4
"""Share of the words."""
_HARDLY = 0.2
"""Share of a sentence's words that the page has, up to which it is none of the page's own."""
_SOMEWHAT, _NOT_OWN = 0.4, -2.0
"""The same for one that, in log-odds, may offer something: an article's own sentences seldom do."""


def _furthest(look: Look, sentences: Sequence[Span], numbers: Iterable[int], names: Sequence[str]) -> Span | None:
    """Return the last of these sentences that has one of the names; one between that is not on health is passed by."""
    found: Span | None = None
    passed = False
    for number in numbers:
        text = look.view.text[sentences[number].start : sentences[number].end]
        if _has_any(names, text):
            found, passed = sentences[number], False
        elif passed or mentions_health(text) or look.topic.shared(text) > _OF_THE_PAGE:
            break
        else:
            passed = True
    return found


_OF_THE_PAGE = 0.34
"""Share of a sentence's words that the page has, from which on it is the page's own."""
_NAME = re.compile(r"(?<![\w@./-])[^\W\d_][\w'’-]{3,39}(?![\w@])")
_SHORTEST_NAME = 5


def _names(look: Look, span: Span) -> Iterator[str]:
    """Yield the words of a span that may be names, then the names of its hosts."""
    text = look.view.text[span.start : span.end]
    for match in _NAME.finditer(text):
        yield match[0]
    for match in _HOST.finditer(text):
        yield registered_domain(host_of(match[0])).partition(".")[0]


_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,24}\b")


def _own_names(look: Look, span: Span, line: Span) -> list[str]:
    """Return the names in a span that nobody knows and that only its line of the page has, figures at their end off."""
    found = (name.lower().rstrip("0123456789") for name in islice(_names(look, span), _MOST_NAMES))
    names = dict.fromkeys(name for name in found if len(name) >= _SHORTEST_NAME and not is_known(name))
    return [name for name in names if look.stands_alone(name, line)]


_MOST_NAMES = 20
"""Words and hosts of a span that are looked at for names."""


def _has_any(names: Iterable[str], text: str) -> bool:
    return any(named(name, text) for name in names)


def _with_marks(of: _About, span: Span) -> Span:
    """Take in the marks behind a unit that nobody sees: what turned its letters round ends with it."""
    look = of.look
    text, end = look.view.text, span.end
    while end < len(text) and text[end] in _UNSEEN_MARKS:
        end += 1
    return Span(span.start, end)


_UNSEEN_MARKS = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"

_STEPS: tuple[Callable[[_About, Span], Span], ...] = (
    _less_own_sentences, _less_own_ends, _less_next_sentence, _less_label, _less_own_title, _only_linked,
    _less_own_word, _less_own_links, _with_foreign_rest, _with_strange_word, _with_loud_words, _with_shouts,
    _with_number, _with_items, _with_its_name, _with_its_line, _with_marks,
)  # fmt: skip
