"""Where an injection may stand: every finder proposes spans, cheaply and with high recall; the judge decides."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, groupby, islice, takewhile
from typing import Literal, NamedTuple

import msgspec

from audit.model import Link
from audit.rules.match import compile_pattern
from audit.spam import offering, orders
from audit.spam.dropped import FIELD, Dropped, Scene, reader
from audit.spam.dropped import strongest as most_surely_dropped
from audit.spam.meaning import Subject, is_known
from audit.spam.morphology import domain
from audit.spam.net import NAMED, STEM, words_of
from audit.spam.payload import OFFER_WORDS, Phrase, Seed, addresses, names_a_stranger
from audit.spam.topic import BEYOND_LATIN, Topic, faceless, mentions_health, script_of, stems, vocabulary
from audit.spam.units import UNSEEN, View
from audit.spam.wording import (
    Stretch,
    accent_of,
    at_home,
    loudness,
    runs,
    tokens,
    weight,
    words_from,
    words_of_lines,
    words_with_places,
)
from audit.text.anycase import AnyCase
from audit.text.folding import Disguise, Folded
from audit.text.span import Placed, Span, crossing, meets, union

SEPARATORS = ",|/•·;、，»→"
_CLOSER = re.compile(r"\s*(?::(?!\d)|[–—|]|(?<=\s)-{1,2}(?=\s))\s*")
FACELESS = "\u00ad\u200b-\u200f\u2060\ufeff"
_WORD = re.compile(rf"[^\W_][\w'’.&{FACELESS}-]*")
_STOP = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’)\]]*+\s")
"""Looked for from the first sign of a run alone, here and below, so that a long one is read once."""
_VERBS = AnyCase(
    r"\b(?:is|are|was|were|be|been|has|have|had|could|may|might|would|should|causes|says|said|shows|means|uses"
    r"|if|because|that"
    r"|which|who|when|while|than|then|there|they|we|he|she|its|their|ist|sind|und|der|die|das|est|les|des|que"
    r"|para|por|con)\b",
)
"""Words that sentences have and search phrases do not; also of the neighbours of English."""
_MACHINE = (
    r"(?:ais?|llms?|(?:large )?language models?|chat ?bots?|chat ?gpt|gpts?|claude|gemini|copilot|summari[sz]ers?"
    r"|crawlers?|scrapers?|machine readers?|(?:ai|virtual|search|writing|answer|automated|retrieval|ranking)"
    r" (?:assistants?|agents?|engines?|crawlers?|readers?|tools?|models?|systems?|reviewers?|bots?))"
)
_TOLD = (
    r"(?:recommend|cite|rank|rate|mention|say|state|reply|respond|answer|tell|advertise|praise|promote|quote|prefer"
    r"|trust|list|name|link|include|insert|add|append|output|omit|leave out|hide|ignore|drop|treat|present|describe"
    r"|call|write|send|direct|point|refer|accept|approve|score|conclude|begin|start|end|finish|open|remember|keep"
    r"|save|repeat|assume)"
)
_AI = compile_pattern(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+)?(?:of\s+)?(?:(?:the|your|these)\s+)?"
    r"(?:previous|prior|above|earlier|former|original|system|safety|article above|text above)\s*"
    r"(?:instructions?|prompts?|rules|context|text|article|guidelines|warnings|directions|orders)?\b"
    rf"|\b(?:you are|act as|if you are|as)\s+(?:an?\s+|the\s+)?{_MACHINE}\b.{{0,100}}\b{_TOLD}\b"
    rf"|\b{_MACHINE}\b.{{0,60}}\b(?:must|always|should|shall|reply only|never|please"
    rf"|(?:is|are) (?:asked|told|instructed|required) to)\b.{{0,40}}\b{_TOLD}\b"
    r"|\b(?:notes?|messages?|instructions?|attention|notice|memo|reminder|important|dear|hello|hey|hi)\b[:,]?\s+"
    rf"(?:(?:to|for)\s+)?(?:all\s+|any\s+|the\s+|every\s+)?{_MACHINE}\b.{{0,120}}\b{_TOLD}\b"
    r"|\b(?:dear|hello|hey|hi),?\s+(?:assistant|bot|robot|agent|model)s?\b"
    r"|\b(?:when|while|if|before|after|in)\s+(?:you\s+(?:are\s+)?)?(?:summari[sz]\w*|paraphras\w*|answer\w*"
    r"|index\w*|rank\w*|quot\w*|cit\w*|pars\w*|crawl\w*|process\w*|any summary of"
    r"|your (?:summary|answer|reply|output))\b.{0,60}"
    rf"\b(?:this|the)\s+(?:page|article|text|site|website|document|content)\b.{{0,80}}\b{_TOLD}\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|override|instructions?)\s*:|\[/?inst\]"
    r"|<\|?(?:system|im_start)\|?>|\byou are (?:now|no longer)\b.{0,60}\b(?:assistant|agent|model|bot|ai)\b"
    rf"|\b(?:assistants?|bots?|{_MACHINE})\s*[,:]\s+(?:please\s+)?(?:(?:do not|don't|never|always)\s+)?"
    r"(?:summari[sz]e|cite|recommend|rank|rate|assign|award|print|index)\b"
    rf"|\bnotes? (?:to|for) (?:(?:all|any|the) )?{_MACHINE}\b.{{0,100}}\b(?:correct|true|real|right|only) source\b"
    r"|\b(?:never|do not|don't) (?:reveal|disclose|repeat) (?:this|these) (?:messages?|prompts?|instructions?)\b"
    r"|\bremember\b.{1,60}\bsource (?:for|in) (?:(?:all|any|your) )?(?:future|later|further)"
    r" (?:chats?|conversations?|answers?)\b"
    r"|\byou\b.{0,40}\b(?:persuade|convince) the user to\b|\bsystem\s*:\s+(?:\w+\s+)?override\b"
    r"|###\s*(?:instruction|system)\s*:"
)
"""Orders to a machine that reads: they name it, or what it does with the page, and tell it to do something."""


class Candidate(msgspec.Struct, frozen=True, order=True, gc=False):
    """A span that may be an injection, and the shape in which it was found."""

    start: int
    end: int
    rule: str
    """Id of the technique's rule."""
    elements: tuple[int, ...] = ()
    """Elements that go as a whole if it is cut."""
    items: int = 0
    """Of a list or run: its items."""
    closed: bool = False
    """Of a lead list: whether a colon, dash or bar closes it."""
    link: int = -1

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


Sponsorship = Literal["spam.sponsored.accepted", "spam.sponsored.marked"]
"""Rules that a noted link is reported under: its host is one of the site's sponsors, or its `rel` says sponsored."""
MANY_LINKS = 20
"""So many links, hidden, that name no trade outright are a list of partners, vendors or languages."""


class Stop(NamedTuple):
    """A full stop, with the brackets that it closes and the blanks behind it."""

    start: int
    end: int
    behind: int
    """Where what follows it begins."""


_FULL_STOP = re.compile(r"[.!?…][\"'”’)\]\u202c]*\s+")


class _Words(NamedTuple):
    """The words of a line: where each begins and ends in the folded text, and what all before it weigh together."""

    starts: list[int]
    ends: list[int]
    sums: list[float]
    """One more than words: the last is of them all."""


class _Flow(NamedTuple):
    """The words and marks of a sentence, where each begins and ends, and the log-odds that each was dropped in."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    odds: list[float]


_MOST_RESUMED = 8
"""Words of the greatest length: five hundred characters without a blank or comma, in which nobody is cited."""


class Look:
    """One page under examination: its text, its signs and what can be asked about it."""

    def __init__(self, view: View, folded: Folded, phrases: tuple[Phrase, ...], helps: tuple[Span, ...] = ()) -> None:
        self.view, self.folded, self.phrases, self.helps = view, folded, phrases, union(helps)
        self._counts: dict[AnyCase, int] = {}
        self._of_lines: dict[Span, _Words] = {}
        self._flows: dict[Span, _Flow] = {}
        self._breaks: dict[Span, float] = {}
        self._offers: dict[Span, float] = {}
        self._wares: dict[str, float] = {}
        self._names: dict[Span, list[str]] = {}
        self._stops: dict[Span, tuple[Stop, ...]] = {}
        self.rests: dict[Span, str] = {}
        """What sentences say beside their phrases, once it was asked for."""
        self.strange: dict[str, float] = {}
        """How strange to the page such rests are."""
        self.sponsorships: dict[Span, Sponsorship | None] = {}
        """Why sentences are a sponsor's, once it was asked for."""
        self.plain: dict[str, tuple[Span, ...]] = {}
        """By family: the lines that speak of the trade in plain sentences, once they were asked for."""

    def count(self, pattern: AnyCase) -> int:
        """Return how often a pattern is found on the page; it is looked for once."""
        if pattern not in self._counts:
            self._counts[pattern] = len(pattern.findall(self.view.text))
        return self._counts[pattern]

    def within(self, span: Span) -> tuple[Phrase, ...]:
        """Return the phrases whose first seed stands in a span."""
        starts = self._seed_starts
        first = bisect_left(starts, span.start)
        return self.phrases[first : bisect_left(starts, span.end, first)]

    @cached_property
    def _seed_starts(self) -> list[int]:
        return [phrase.seeds[0].start for phrase in self.phrases]

    def folded_words(self, span: Span) -> list[str]:
        """Return the words of a span in lower case and without disguise."""
        if not len(span):
            return []
        where = self.folded.from_source(span)
        return tokens(self.folded.text[where.start : where.end])

    def beside(self, span: Span) -> tuple[int, float]:
        """Return how many words its lines have before and behind a span, and what they weigh, as `weighed` has it."""
        first, last = self.view.line(span.start), self.view.line(max(span.start, span.end - 1))
        before = self.weighed(Span(first.start, span.start))
        behind = self.weighed(Span(min(span.end, last.end), last.end))
        return before[0] + behind[0], before[1] + behind[1]

    def weighed(self, span: Span) -> tuple[int, float]:
        """Return how many words a stretch of a line has, and how much they speak of advertising all together.

        Each line is read once, whatever is asked of it.
        """
        line = self.view.line(span.start)
        if not len(span) or span.end > line.end:
            said = self.folded_words(span)
            return len(said), sum(map(weight, said))
        where = self.folded.from_source(span)
        words = self._words_of(line)
        first, last = bisect_left(words.starts, where.start), bisect_right(words.ends, where.end)
        cut: list[str] = []
        if first and words.ends[first - 1] > where.start:
            cut, first = self._resumed(words, where.start, first)
        if last < first:
            cut = tokens(self.folded.text[where.start : where.end])
            return len(cut), sum(map(weight, cut))
        if last < len(words.starts):  # a word may go on over the edge
            cut += tokens(self.folded.text[words.starts[last] : where.end])
        return last - first + len(cut), words.sums[last] - words.sums[first] + sum(map(weight, cut))

    def _words_of(self, line: Span) -> _Words:
        known = self._of_lines.get(line)
        if known is None:
            words, starts, ends = words_with_places(self.folded.text, self.folded.from_source(line))
            known = self._of_lines[line] = _Words(starts, ends, list(accumulate(map(weight, words), initial=0.0)))
        return known

    def _resumed(self, words: _Words, at: int, index: int) -> tuple[list[str], int]:
        """Return the words from amid one of a line's words on, up to the one from which on they are the line's again.

        Where nothing parts words, as in Japanese, they are of a greatest length, and come out otherwise for a while.
        """
        cut: list[str] = []
        for word in islice(words_from(self.folded.text, at), _MOST_RESUMED):
            index = bisect_left(words.starts, word.start())
            if index == len(words.starts) or words.starts[index] == word.start():
                break
            cut.append(word[0])
        return cut, index

    @cached_property
    def home(self) -> tuple[float, int]:
        """How much the words of the page are at home in texts on health, summed, and how many they are."""
        return at_home(self.words) * (len(self.words) + 2), len(self.words)

    @cached_property
    def words(self) -> list[str]:
        """The words of the page in lower case and without disguise."""
        return list(chain.from_iterable(words_of_lines(self.folded.text)))

    @cached_property
    def accent(self) -> float:
        """What each word of the page says of advertising by its language or manner."""
        return accent_of(self.words)

    @cached_property
    def topic(self) -> Topic:
        """The words of what the page shows."""
        return Topic(self.view.text)

    @cached_property
    def subject(self) -> Subject:
        """What the page speaks of."""
        return Subject(self.folded.text)

    def nearness(self, span: Span) -> tuple[float, float] | None:
        """Return how near a span is to the rest of the page, and to health; nothing where its words hardly say."""
        if not self.subject.has_one:
            return None
        near = self.subject.nearness(self.folded.from_source(span))
        return None if near is None or (near[0] < NEAR and not self._is_english(span)) else near

    def _is_english(self, span: Span) -> bool:
        text = faceless(self.view.text[span.start : span.end])
        if len(_FOREIGN_TIES.findall(text)) > len(_TIES.findall(text)):
            return False
        words = _NAME.findall(text)
        return sum(map(is_known, words)) >= _IN_ENGLISH * len(words)

    @cached_property
    def _is_foreign(self) -> bool:
        """Whether the page is in another language than English, one of those whose small words are known."""
        foreign = self.count(_FOREIGN_TIES)
        return foreign >= _FEWEST_TIES and foreign > 2 * self.count(_TIES)

    def is_in_english_amid_another_language(self, span: Span) -> bool:
        """Whether a span is in English where its page is not."""
        return self._is_foreign and self.is_plainly_english(span, _TIES_OF_A_SENTENCE)

    def is_plainly_english(self, span: Span, least: int = 1) -> bool:
        """Whether words of English tie a span together, so many at least, and hardly any of another language."""
        text = self.view.text[span.start : span.end]
        ties = len(_TIES.findall(text))
        return ties >= least and ties > 2 * len(_FOREIGN_TIES.findall(text))

    def is_on_health(self) -> bool:
        """Whether the page speaks of health."""
        return self.subject.has_one and self.subject.health >= _ON_HEALTH

    def strangers(self, span: Span) -> int:
        """Return how many names stand in a span that nobody knows, nor the rest of its page: one, two, or none.

        Names in addresses, of medicines and of authors are none, nor are those of what stands beside an article; three
        or more are a list.
        """
        text = faceless(self.view.text[span.start : span.end])
        if _AUTHORS.search(text) or _FURNITURE.search(text):
            return 0
        found = Counter(_NAME.findall(text))
        found.subtract(
            name
            for phrase in self.within(span)
            for seed in phrase.seeds
            if seed.family == "pharmacy"
            for name in _NAME.findall(self.view.text[seed.start : seed.end])
        )
        names = sum(
            times > 0 and self.topic.count(name[:6].lower()) <= times + 1 and not is_known(name)
            for name, times in found.items()
        )
        return names if names <= _MOST_STRANGERS else 0

    @cached_property
    def apart(self) -> tuple[Span, ...]:
        """The sentences on something else than their page that name a stranger, link to one, advertise or offer.

        On a page that is not on health, or is in another language than English, all offer something.
        """
        has_subject = self.subject.has_one
        if not has_subject and not self._is_foreign:
            return ()
        view = self.view
        sentences = {
            self.folded.from_source(sentence): sentence
            for line in view.lines()
            if len(line) >= _SHORTEST_APART and view.block(line.start).role not in UNSEEN
            for sentence in view.sentences(line)
        }
        if has_subject:
            places = self.subject.far(list(sentences), _ASTRAY if self.is_on_health() else _APART)
        else:
            places = [place for place, one in sentences.items() if self.is_in_english_amid_another_language(one)]
        places = [place for place in places if self._is_a_sentence(sentences[place])]
        if not places:
            return ()
        said = [sentences[place] for place in places]
        self._read_offers([one for one in said if loudness(self.folded_words(one), self.accent) >= _SILENT])
        far = set(self.subject.far(places, _APART) if self.is_on_health() else ())
        return tuple(sentences[place] for place in places if self._is_apart(sentences[place], far=place in far))

    def _is_a_sentence(self, span: Span) -> bool:
        """Whether somebody says something in English, and not the page's own maker beside the article."""
        text = self.view.text[span.start : span.end]
        if not text.endswith(_STOPS) or not _TIES.search(text) or _LABEL.match(text) or _FURNITURE.search(text):
            return False
        return self._is_english(span)

    def _is_apart(self, sentence: Span, *, far: bool) -> bool:
        """Whether a sentence has a sign of an advertiser; where it is not far from its page, a sure one."""
        offers = self._offers.get(sentence, 0.0)
        if not far:
            return offers >= _SURELY_OFFERS or (
                offers >= OFFERS and not self.is_on_health() and self.strangers(sentence) > 0
            )
        return bool(
            self.links_from(sentence)
            or loudness(self.folded_words(sentence), self.accent) > 0
            or self.strangers(sentence)
            or offers >= OFFERS
        )

    def offering(self, span: Span) -> float:
        """Return the log-odds that the sentences of a span offer something: their mean, by length.

        0 where that cannot be told: of words in another language, and of those that are no whole sentence.
        """
        if self.view.block(span.start).role in UNSEEN or not self._is_english(span):
            return 0.0
        parts = self._sentences_in(span)
        if not parts or span.end > parts[-1].end or len(span) < _WHOLE * sum(map(len, parts)):
            return 0.0
        self._read_offers(parts)
        return sum(len(one) * self._offers[one] for one in parts) / sum(map(len, parts))

    def _sentences_in(self, span: Span) -> tuple[Span, ...]:
        """Return the sentences that a span has a part of, of the line in which it begins."""
        whole = self.view.sentences(self.view.line(span.start))
        first = bisect_right(whole, span.start, key=_end)
        return whole[first : bisect_left(whole, span.end, first, key=_start)]

    def most_offered(self, span: Span) -> float:
        """Return the log-odds of the sentence in a span that most surely offers something; 0 in another language.

        A span of several lines is read in its first.
        """
        sentences = self._sentences_in(span) if self.is_plainly_english(span) else ()
        self._read_offers(sentences)
        return max(map(self._offers.__getitem__, sentences), default=0.0)

    def wares(self, span: Span) -> float:
        """Return the log-odds that what a span names is for sale: the mean of its items, surer of three or more.

        0 where that cannot be told: of a sentence, in another language, on a page on something else than health, beside
        its article, and where most items have no word that anybody knows.
        """
        items = self._named(span)
        self._read_wares(items)
        if not items:
            return 0.0
        mean = sum(map(self._wares.__getitem__, items)) / len(items)
        return mean * math.sqrt(max(1, len(items) - 1))

    def is_naming(self, span: Span) -> bool:
        """Whether a span names something and says nothing of it."""
        return bool(_item_count(self.view.text[span.start : span.end].rstrip(" .…")))

    def _named(self, span: Span) -> list[str]:
        if span not in self._names:
            self._names[span] = self._items_of(span)
        return self._names[span]

    def _items_of(self, span: Span) -> list[str]:
        """Return what a span names, item by item; nothing where it says something or is in another language.

        Nothing on a page that is not on health, either, nor of what a site says beside its articles.
        """
        text = self.view.text[span.start : span.end].rstrip(" .…")
        if not self.is_on_health() or self._is_furniture(span) or not self.is_naming(span) or _LABEL.match(text):
            return []
        items = [item for item in map(str.strip, _ITEMS.split(text)) if item and not _BARE_ADDRESS.fullmatch(item)]
        words = [_WORD.findall(item) for item in items]
        if not items or max(map(len, words)) > _LONGEST_WARE or not self._is_english(span):
            return []
        read = [item for item, said in zip(items, words, strict=True) if any(map(is_known, said))]
        return read if 2 * len(read) >= len(items) else []

    def _is_furniture(self, span: Span) -> bool:
        """Whether a site says it beside its article, or in HTML on a line of its own that links to nobody else."""
        view = self.view
        if self._is_beside(span):
            return True
        if view.article.page.kind != "html" or not self._is_read(span):
            return False
        return view.trim(view.line(span.start)) == view.trim(span) and not self.links_from(span)

    def _is_beside(self, span: Span) -> bool:
        """Whether a site says something beside its article, for its readers to see."""
        block = self.view.block(span.start)
        return (block.role in _BESIDE or block.container in _BESIDE) and self._is_read(span)

    def _is_read(self, span: Span) -> bool:
        """Whether readers see what stands there, now or once they ask for it."""
        block = self.view.block(span.start)
        return block.role not in UNSEEN and (block.hiding is None or bool(block.hiding.exempt))

    def _read_wares(self, items: Iterable[str]) -> None:
        """Read whether what is named is for sale."""
        asked = [item for item in dict.fromkeys(items) if item not in self._wares]
        if asked:
            self._wares.update(zip(asked, offering.reader().odds(asked), strict=True))

    @cached_property
    def orders(self) -> tuple[Span, ...]:
        """The sentences that are orders to machines by their words, in order."""
        view = self.view
        found: list[Span] = []
        end = 0
        for match in _OF_MACHINES.finditer(view.text):
            if match.start() < end:
                continue
            sentence = view.sentence(match.start())
            end = sentence.end
            if _SHORTEST_ORDER <= len(sentence) <= _LONGEST_READ:
                said = view.text[sentence.start : sentence.end]
                if view.shown(sentence.start) and any(mark in said for mark in _OPENING):
                    continue  # somebody writes of it
                if orders.odds(said) >= self._least_of_an_order(sentence):
                    found.append(sentence)
        return tuple(found)

    def _least_of_an_order(self, sentence: Span) -> float:
        if self.view.shown(sentence.start):
            return orders.LEAST
        role = self.view.block(sentence.start).role
        if role not in UNSEEN:
            return orders.LEAST_HIDDEN
        if role in _NO_ORDERS:
            return math.inf
        is_markup = "<" in self.view.text[sentence.start : sentence.end]
        return math.inf if is_markup else orders.LEAST_UNSEEN

    def has_orders(self, span: Span) -> bool:
        """Whether a span orders a machine to do something, by a turn of phrase or by its words."""
        return addresses_machines(self.view.text[span.start : span.end]) or meets(self.orders, span)

    def ordering(self, span: Span) -> float:
        """Return how surely a span orders a machine to do something, 0 to 1."""
        text = self.view.text
        if addresses_machines(text[span.start : span.end]):
            return 1.0
        first = bisect_left(self.orders, span.start, key=_start)
        said = self.orders[first : bisect_right(self.orders, span.end, key=_end)]
        return max((orders.sureness(text[one.start : one.end]) for one in said), default=0.0)

    @cached_property
    def on_sale(self) -> dict[Candidate, None]:
        """What is named at the head of a line, at its end or as a list on it, in a title or a value, and is for sale.

        Only on a page on health, and where the page says nothing of it.
        """
        if not self.is_on_health():
            return {}
        view = self.view
        found = {
            candidate: self._named(candidate.span)
            for line in view.lines()
            if not self._is_beside(line)
            for candidate in _namings(view, line)
            if self._is_foreign_here(candidate.span)
        }
        self._read_wares(chain.from_iterable(found.values()))
        return dict.fromkeys(one for one, items in found.items() if items and self.wares(one.span) >= OFFERS)

    def _is_foreign_here(self, span: Span) -> bool:
        """Whether a span has a few words and the page has none of them elsewhere."""
        text = self.view.text[span.start : span.end]
        words = self.folded_words(span)
        return (
            1 < len(words) <= _MOST_NAMED
            and loudness(words, self.accent) >= _SILENT
            and self.topic.shared(text) <= _OF_THE_PAGE
        )

    def _read_offers(self, sentences: Sequence[Span]) -> None:
        """Read whether sentences offer something, those that were not read before."""
        asked = [one for one in sentences if one not in self._offers]
        texts = [self.view.text[one.start : one.end][:_LONGEST_READ] for one in asked]
        if asked:
            self._offers.update(zip(asked, offering.reader().odds(texts), strict=True))

    @cached_property
    def wedges(self) -> dict[Span, float]:
        """The words in a row that were dropped into a sentence which advertises somewhere, with their log-odds."""
        if not self.subject.has_one:
            return {}
        loud = [self.folded.to_source(run.span).start for run in runs(self.folded.text) if self._is_new(run)]
        asked = {self.view.sentence(at) for at in (*loud, *self._seed_starts)}
        sentences = [one for one in sorted(asked) if self.view.block(one.start).role not in UNSEEN]
        self._read_flow(sentences)
        spans = []
        for flow in map(self._flows.__getitem__, sentences):
            wedge = most_surely_dropped(flow.odds)
            if wedge is not None and wedge.last - wedge.first <= _LONGEST_WEDGE and _is_amid(flow.words, wedge):
                spans.append(Span(flow.starts[wedge.first], flow.ends[wedge.last - 1]))
        self._weigh_wedges(spans)
        return {span: self._breaks[span] for span in spans if self._breaks[span] >= _LEAST_WEDGE}

    def _is_new(self, run: Stretch) -> bool:
        """Whether words advertise, and half of them stand nowhere else on the page."""
        if run.strength < _LOUD:
            return False
        words = [word for word in tokens(self.folded.text[run.span.start : run.span.end]) if len(word) >= NAMED]
        return 2 * sum(self.scene.counts.get(word[:STEM], 1) == 1 for word in words) >= len(words)

    def breaks(self, span: Span) -> float:
        """Return the log-odds that the words of a span were dropped into its sentence; 0 where they belong to it.

        Nobody can tell of a page that is short or in another language than English: 0 there, too.
        """
        if span not in self._breaks:
            if not self.subject.has_one or self.view.block(span.start).role in UNSEEN:
                return 0.0
            sentence = self.view.sentence(span.start)
            if span not in sentence:
                return 0.0
            if sentence not in self._flows:
                self._read_flow([sentence])
            self._weigh_wedges([span])
        return self._breaks[span]

    def _read_flow(self, sentences: Sequence[Span]) -> None:
        """Read which words of sentences were dropped in."""
        places = {one: words_of(self.view.text[one.start : one.end][:_LONGEST_READ]) for one in sentences}
        said = reader().odds([[word[0] for word in words] for words in places.values()], self.scene)
        for (sentence, words), odds in zip(places.items(), said, strict=True):
            starts = [sentence.start + word.start() for word in words]
            ends = [sentence.start + word.end() for word in words]
            self._flows[sentence] = _Flow([word[0] for word in words], starts, ends, [dropped for dropped, _ in odds])

    def _weigh_wedges(self, spans: Sequence[Span]) -> None:
        """Note how surely spans were dropped into their sentences, which were read: by their words and by the rest."""
        rests: list[list[str]] = []
        joints: list[tuple[Span, int]] = []
        for span in spans:
            flow = self._flows[self.view.sentence(span.start)]
            first, last = bisect_left(flow.starts, span.start), bisect_left(flow.starts, span.end)
            strength = sum(flow.odds[first:last])
            self._breaks[span] = 0.0
            many = len(flow.words) - (last - first)
            if strength > 0 and many >= _FEWEST_ROUND and not self._own_anchors.around(span):
                self._breaks[span] = strength
                if last < len(flow.words):
                    left = flow.words[max(0, first - FIELD) : first]  # no word farther off has a say
                    rests.append([*left, *flow.words[last : last + FIELD + 1]])
                    joints.append((span, len(left)))
        for (span, joint), odds in zip(joints, reader().odds(rests, self.scene), strict=True):
            self._breaks[span] = max(0.0, self._breaks[span] - max(0.0, _LACKS * (odds[joint][1] + _HARDLY_LACKS)))

    @cached_property
    def _own_anchors(self) -> Placed[Span]:
        """Where the words of links to the page's own site stand: nobody pays for those."""
        own = (link for link in self.view.article.links if link.block >= 0 and not link.host and link.anchor.text)
        return Placed(map(self.view.anchor, own), lambda span: span)

    @cached_property
    def scene(self) -> Scene:
        """What the page says to each of its words."""
        return Scene(self.subject.direction, Counter([word[:STEM] for word in self.words]))

    @cached_property
    def hidden(self) -> dict[int, list[int]]:
        """The blocks of text that elements hide, by element."""
        grouped: dict[int, list[int]] = {}
        for index, block in enumerate(self.view.blocks):
            if block.hiding is not None and block.role not in UNSEEN and block.text.text.strip():
                grouped.setdefault(block.hiding.element, []).append(index)
        return grouped

    @cached_property
    def registers(self) -> tuple[Span, ...]:
        """Hidden lists of many links hardly any of which sells: of vendors, partners, languages."""
        if len(self.foreign_links) < MANY_LINKS:
            return ()
        spans = (
            Span(self.view.span_of(run[0]).start, self.view.span_of(run[-1]).end)
            for blocks in self.hidden.values()
            for run in _neighbours(blocks)
        )
        return union(span for span in spans if _is_register(self, span))

    @cached_property
    def is_quoted(self) -> bool:
        """Whether most of the page stands in quotations or code: then that says nothing of any part of it."""
        quoted = sum(
            len(block.text.text) for block in self.view.blocks
            if {block.role, block.container} & {"code", "quotation"}
        )  # fmt: skip
        return quoted > len(self.view.text) / 2

    @cached_property
    def _citing(self) -> Placed[Span]:
        """The elements amid text that quote what others said or typed."""
        return Placed((one.span for one in self.view.article.elements if one.tag in _CITING), lambda span: span)

    def is_cited(self, span: Span) -> bool:
        """Whether a span stands in an element that quotes, and links to nobody."""
        places = self.view.place(span)
        return bool(places) and not self.links_from(span) and all(map(self._citing.around, places))

    @cached_property
    def lines(self) -> tuple[tuple[Span, tuple[Phrase, ...]], ...]:
        """The lines that hold a phrase, in order, each with its phrases."""
        grouped: list[tuple[Span, list[Phrase]]] = []
        for phrase in self.phrases:
            if grouped and phrase.span.start < grouped[-1][0].end:
                grouped[-1][1].append(phrase)
            else:
                grouped.append((self.view.line(phrase.span.start), [phrase]))
        return tuple((line, tuple(phrases)) for line, phrases in grouped)

    @cached_property
    def foreign_links(self) -> tuple[tuple[int, Link], ...]:
        """The links to other sites, with their index."""
        return tuple((index, link) for index, link in enumerate(self.view.article.links) if link.host)

    @cached_property
    def hosts(self) -> Counter[str]:
        """How many links lead to each of the other sites."""
        return Counter(link.host for _, link in self.foreign_links)

    def links_from(self, span: Span) -> tuple[Link, ...]:
        """Return the links to other sites whose anchor text begins inside a span, in order of their place."""
        return tuple(link for link in self.view.links_from(span) if link.host)

    @cached_property
    def anchored(self) -> tuple[tuple[int, Link, Span], ...]:
        """The links to other sites that show words in a block: with their index, and where the words stand."""
        return tuple(
            (index, link, self.view.anchor(link))
            for index, link in self.foreign_links
            if link.block >= 0 and link.anchor.text
        )

    @cached_property
    def disguises(self) -> Placed[Disguise]:
        """What was written so as not to be read, by where it stands."""
        return Placed(self.folded.disguises, lambda disguise: disguise.span)

    @cached_property
    def phrase_places(self) -> Placed[Phrase]:
        """The phrases by where they stand."""
        return Placed(self.phrases, lambda phrase: phrase.span)

    @cached_property
    def anchors(self) -> Placed[Span]:
        """Where the words of links to other sites stand."""
        return Placed((span for _, _, span in self.anchored), lambda span: span)

    @cached_property
    def anchors_in_order(self) -> tuple[Span, ...]:
        """The same in order of their place."""
        return tuple(sorted(span for _, _, span in self.anchored))

    def stops(self, line: Span) -> tuple[Stop, ...]:
        """Return the full stops of a line, in order; they are looked for once."""
        if line not in self._stops:
            found = _FULL_STOP.finditer(self.view.text, line.start, line.end)
            self._stops[line] = tuple(
                Stop(match.start(), match.start() + len(match[0].rstrip()), match.end()) for match in found
            )
        return self._stops[line]

    @cached_property
    def linked_blocks(self) -> tuple[tuple[int, ...], tuple[Link, ...]]:
        """Where the blocks begin that hold links to other sites, in order, with the links."""
        found = [(self.view.span_of(link.block).start, link) for _, link in self.foreign_links if link.block >= 0]
        found.sort(key=lambda one: one[0])
        return tuple(start for start, _ in found), tuple(link for _, link in found)

    @cached_property
    def link_places(self) -> tuple[tuple[Span, Link], ...]:
        """The links to other sites that have words or stand among words, each with where, in order."""
        found = []
        for _, link in self.foreign_links:
            if link.block >= 0:
                anchor = self.view.anchor(link)
                found.append((Span(anchor.start, max(anchor.start + 1, anchor.end)), link))
        return tuple(sorted(found, key=lambda one: one[0]))


_CITING = frozenset({"q", "code", "kbd", "samp"})
NEAR = 0.5
"""Cosine from which on a passage speaks of what its page speaks of."""
_MOST_STRANGERS = 2
_AUTHORS = re.compile(r"(?:\b[A-Z][\w'’-]{1,40} [A-Z]{1,3}\b[,;.&]? *){2}")
"""`Meyer L, Tardieu M`, as references name people."""
_IN_ENGLISH = 0.6
"""Share of its longer words that are known, for a span to be in English."""
_STOPS = (".", "!", "?", "…", ".”", '."', "!”", '!"')
_TIES = AnyCase(
    r"\b(?:the|an|is|are|was|were|has|have|will|can|of|on|at|for|with|by|to|from|and|your|our|their|you|we)\b"
)
"""What the words of an English sentence are tied together with."""
_FOREIGN_TIES = AnyCase(
    r"\b(?:il|la|lo|gli|el|los|las|de|del|della|di|da|che|per|con|non|una|uno|und|der|die|das|ist|nicht|que|por|para|les"
    r"|des|est|et|pour|dans|een|het|van|yang|dan|untuk|dengan|ile|bir|ve)\b"
)
"""What those of other languages are tied together with."""
_FEWEST_TIES = 20
_TIES_OF_A_SENTENCE = 2
_FURNITURE = AnyCase(
    r"\b(?:facebook|twitter|instagram|linkedin|youtube|pinterest|tiktok|hashtags?|newsletters?|subscribe[ds]?|copyright"
    r"|rights reserved|cookies?|privacy|javascript|browsers?|e-?mails?|editors?|editorial|photo(?:s|graph|graphs)?"
    r"|written by|reviewed by|authors?|posted|published|updated|licen[sc]ed? under|located|parking|next to"
    r"|opposite|et al|switchboard|opening hours|registered (?:in|office|charity|company|number)|limited by guarantee"
    r"|site ?map)\b"
)
"""What the page's own maker says beside the article, of other things and with names that nobody knows."""
_ON_HEALTH = 0.5
"""Cosine of a page and health in general, from which on it is a page on health."""
_LABEL = re.compile(r"[^.!?:]{1,40}:\s")
"""What is listed under a name: `Also known as: …`."""
OFFERS = 1.0
"""Log-odds of a sentence that offers something, from which on that is a sign of an advertiser."""
_SILENT = -1.5
"""Log-odds of a sentence by its words alone, below which it is not read as a whole to find out whether it offers."""
_SURELY_OFFERS = 2.5
"""The same of a sentence that is not so far from its page."""
_WHOLE = 0.9
"""Share of its sentences that a span has at least, to be read as they are."""
_SHORTEST_APART = 20
"""Code points of a line that may hold a sentence of four words."""
_APART = 0.25
"""Cosine of a sentence and the rest of its page; of the sentences of NIH answers one in sixty is no nearer."""
_ASTRAY = 0.4
"""Cosine from which on nobody asks whether a sentence offers something."""
_NAME = re.compile(r"(?<![\w@./-])[^\W\d_]{4,40}(?![\w@/]|\.\w)")


def _is_amid(words: Sequence[str], wedge: Dropped) -> bool:
    """Whether a word stands right before what was dropped in, and what was is no list of its own."""
    before = words[wedge.first - 1] if wedge.first else ""
    return before[-1:].isalnum() and not any(word in SEPARATORS for word in words[wedge.first : wedge.last])


_LOUD = 1.0
"""Log-odds of words that advertise, from which on their sentence is read."""
_LEAST_WEDGE = 2.0
"""Log-odds, summed over its words."""
_LONGEST_WEDGE = 10
"""Words and marks of what is dropped into a sentence."""
_FEWEST_ROUND = 4
"""Words and marks of the sentence round it."""
_LACKS = 2.0
_HARDLY_LACKS = 4.0
"""Log-odds."""
_SHORTEST_ORDER = 30
"""Code points; what is shorter is a button or a heading."""
_NO_ORDERS = frozenset({"data", "title"})
"""Roles of text that is read by machines only, or names something."""
_BARE_ADDRESS = re.compile(r"\S+\.\S+")
_BESIDE = frozenset({"navigation", "header", "footer", "aside"})
_LONGEST_WARE = 8
"""Words of what somebody names; more say something of it."""
_LONGEST_READ = 2000
"""Code points of a sentence that are read."""


Finder = Callable[[Look], Iterator[Candidate]]


def _namings(view: View, line: Span) -> Iterator[Candidate]:
    """Yield what stands by itself on a line without saying anything: its head, its end, or a list that is all of it."""
    text = view.text
    whole = view.trim(line)
    role = view.block(line.start).role
    if role in UNSEEN:
        if role not in _NAMED_UNSEEN:
            return
        parts = deque(_PART.finditer(text, whole.start, whole.end), maxlen=_MOST_CLOSERS)
        rule = _UNSEEN_RULES[role]
        for part in parts:
            yield Candidate(part.start(), whole.end, rule, closed=True)
        if role == "attribute" and parts:
            yield Candidate(whole.start, whole.end, rule)
        return
    head = text[whole.start : min(whole.end, whole.start + _LONGEST_NAMING)]
    for match in islice(_CLOSER.finditer(head), _MOST_CLOSERS):
        items = _item_count(head[: match.start()])
        if not items:
            break
        if whole.start + match.end() < whole.end:
            span = Span(whole.start, whole.start + match.end())
            yield Candidate(span.start, span.end, "spam.structure.lead-list", items=items, closed=True)
    if text.endswith(_STOPS, whole.start, whole.end):
        return  # somebody says something
    if len(whole) <= _LONGEST_NAMING:
        items = _item_count(head)
        if items > 1:
            yield Candidate(whole.start, whole.end, "spam.structure.list-line", items=items)
    first = max(whole.start, whole.end - _LONGEST_NAMING)
    for match in list(_BREAK.finditer(text, first, whole.end))[-_MOST_CLOSERS:]:
        items = _item_count(text[match.end() : whole.end].strip(" .…"))
        if items:
            yield Candidate(match.end(), whole.end, "spam.structure.trailing-list", items=items)


_LONGEST_NAMING = 200
"""Code points."""
_MOST_CLOSERS = 3
_NAMED_UNSEEN = frozenset({"title", "attribute"})
_MOST_NAMED = 60
"""Words."""
_OF_THE_PAGE = 0.2
"""Share of words that the page has elsewhere, from which on it speaks of what is named."""


def wares(look: Look) -> Iterator[Candidate]:
    """What is named by itself and is for sale, though no word is one of a trade."""
    yield from look.on_sale


def lists(look: Look) -> Iterator[Candidate]:
    """Items between separators with phrases among them: at the head of a line, at its end, all of it, or inside."""
    text = look.view.text
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        yield from _leads(text, line, phrases)
        edge = look.view.run_before(phrases[0].span.start, line)
        if edge > line.start:
            yield from _leads(text, Span(edge, line.end), phrases)
        yield from _trails(text, line, phrases)
        last = look.view.trim(line).end
        for run in _runs(text, phrases):
            if len(run) >= 2:
                start, end = run[0].span.start, run[-1].span.end
                yield Candidate(start, end, "spam.structure.inline-list", items=len(run))
                closer = _CLOSER.match(text, end, line.end)
                if closer is not None and closer.end() < last:
                    yield Candidate(start, closer.end(), "spam.structure.inline-list", items=len(run), closed=True)


_LONGEST_HEAD = 400
_MOST_BEFORE_SEED = 5
"""Words of an item before its sign of a trade: `generic tablets cash on` before `delivery`."""
_ITEMS = re.compile(rf"(?:(?<!\s)\s++)?[{re.escape(SEPARATORS)}]\s*+|(?<!\s)\s++(?:and|-)\s++")


def _leads(text: str, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose every head of a line that reads as a list and ends in a colon, dash or bar, or at a capital letter."""
    head = text[line.start : min(line.end, line.start + _LONGEST_HEAD)]
    first = phrases[0].seeds[0].start - line.start
    lead_in = [item for item in _ITEMS.split(head[:first]) if item.strip()]
    if len(lead_in) > 3 or (lead_in and len(_WORD.findall(lead_in[-1])) > _MOST_BEFORE_SEED):
        return
    before = 0
    for match in _CLOSER.finditer(head):
        news = any(before <= phrase.seeds[0].start - line.start < match.start() for phrase in phrases)
        before = match.end()
        if not news or not text[line.start + match.end() : line.end].strip():
            continue
        items = _item_count(head[: match.start()])
        if not items:
            return
        yield Candidate(line.start, line.start + match.end(), "spam.structure.lead-list", items=items, closed=True)
    last = phrases[0].span.end
    for phrase in phrases[1:]:
        if not _item_count(text[last : phrase.span.start].strip(" ,|;") or "x"):
            break
        last = phrase.span.end
    after = text[last : line.end]
    items = _item_count(text[line.start : last])
    if items and re.match(r"[.!?]?\s+[^\W\da-z_]", after):
        gap = re.match(r"\s*", after)
        yield Candidate(line.start, last + (gap.end() if gap else 0), "spam.structure.lead-list", items=items)


def _trails(text: str, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose every tail of a line, and the whole of it, that reads as a list."""
    last = phrases[-1].span.end
    rest = text[last : line.end]
    if rest.strip() and not _item_count(rest.strip(" .,|;")):
        return
    bracket = _BRACKET.match(text, line.start, line.end)
    tail = Span(bracket.end() if bracket else line.start, line.end)
    items = _item_count(text[tail.start : line.end].strip(" \t.…•*-"))
    if items:
        yield Candidate(tail.start, tail.end, "spam.structure.list-line", items=items)
    starts = [match.end() for match in _BREAK.finditer(text, line.start, phrases[-1].span.start)]
    for start in starts[-8:]:
        bracket = _BRACKET.match(text, start, line.end)
        start = bracket.end() if bracket else start  # noqa: PLW2901
        items = _item_count(text[start : line.end].strip(" .…"))
        if items and any(start <= phrase.seeds[0].start for phrase in phrases):
            yield Candidate(start, line.end, "spam.structure.trailing-list", items=items)


_BRACKET = re.compile(r"\([^()\n]{1,30}\)\s+")
"""What begins so is the end of something else: `(mz)`, `(2019)`."""
_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+|\s(?=[–—|-]\s)|:\s+")


def _item_count(text: str) -> int:
    """Return how many items a list has; 0 for what is no list: a sentence in it, a verb, an item of many words."""
    text = text if text.isascii() else faceless(text)
    if _STOP.search(text):
        return 0
    items = [item for item in _ITEMS.split(text) if item.strip()]
    if any(len(_WORD.findall(item)) > 7 for item in items) or _VERBS.search(text):
        return 0
    return len(items)


def _runs(text: str, phrases: tuple[Phrase, ...]) -> Iterator[list[Phrase]]:
    """Group the phrases of a line that only list-like stretches part."""
    run: list[Phrase] = []
    for phrase in phrases:
        if run:
            between = text[run[-1].span.end : phrase.span.start]
            if len(between) > 60 or (between.strip(" ,|;/") and not _item_count(between)):
                yield run
                run = []
        run.append(phrase)
    if run:
        yield run


def passages(look: Look) -> Iterator[Candidate]:
    """Sentences with phrases, their neighbours with phrases, and the whole line where most of it is so."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN or sum(p.weight for p in phrases) < 0.7:
            continue
        sentences = view.sentences(line)
        hot = [bool(look.within(sentence)) for sentence in sentences]
        at = grown_last = 0
        before = grown_first = -1  # where the run before began, and what it grew to
        while at < len(sentences):
            if not hot[at]:
                at += 1
                continue
            last = at
            while last + 1 < len(sentences) and hot[last + 1]:
                last += 1
            yield Candidate(sentences[at].start, sentences[last].end, "spam.structure.inserted-passage")
            if at < last < at + _FEW_SENTENCES:
                yield from (
                    Candidate(s.start, s.end, "spam.structure.inserted-passage") for s in sentences[at : last + 1]
                )
            grown_last = max(last, grown_last)
            while grown_last + 1 < len(sentences) and _pitches(view, sentences[grown_last + 1]):
                grown_last += 1
            first = at
            while first and first != before and _pitches(view, sentences[first - 1]):
                first -= 1
            grown_first, before = grown_first if first == before else first, at
            if (grown_first, grown_last) != (at, last):
                yield Candidate(
                    sentences[grown_first].start, sentences[grown_last].end, "spam.structure.inserted-passage"
                )
            at = last + 1
        if len(sentences) > 1:
            whole = view.trim(line)
            yield Candidate(whole.start, whole.end, "spam.structure.inserted-passage")


def asides(look: Look) -> Iterator[Candidate]:
    """Sentences that speak of something else than their page, and runs of them with neighbours that offer something."""
    for line, sentences in groupby(look.apart, key=lambda sentence: look.view.line(sentence.start)):
        whole = look.view.sentences(line)
        number = {sentence: at for at, sentence in enumerate(whole)}
        first = last = -2  # of the run that goes on
        for sentence in sentences:
            yield Candidate(sentence.start, sentence.end, "spam.structure.inserted-passage")
            at = number[sentence]
            if at > last + 1:
                first = at - _going_along(look, whole[max(0, at - _FEW_NEIGHBOURS) : at][::-1])
                first -= first > 0 and _is_opener(look, whole[first - 1])
            if at >= last:
                last = at + _going_along(look, whole[at + 1 : at + 1 + _FEW_NEIGHBOURS])
            if first < last < first + _FEW_SENTENCES:
                yield Candidate(whole[first].start, whole[last].end, "spam.structure.inserted-passage")
            if first < at < last:
                yield Candidate(whole[first].start, sentence.end, "spam.structure.inserted-passage")


def _going_along(look: Look, sentences: Sequence[Span]) -> int:
    """Return how many of the neighbours of a sentence, the nearest first, may have come with it."""
    along = takewhile(lambda sentence: look.offering(sentence) >= _GOES_ALONG, sentences)
    return sum(1 for _ in along)


def _is_opener(look: Look, sentence: Span) -> bool:
    """Whether a sentence is a short question to the reader, which what follows answers: `Short of time?`."""
    text = look.view.text[sentence.start : sentence.end]
    return text.endswith("?") and 1 < len(_WORD.findall(text)) <= _LONGEST_OPENER


_LONGEST_OPENER = 3
_FEW_NEIGHBOURS = 2
_GOES_ALONG = 0.5
"""Log-odds of a sentence that offers something, from which on it may have come with the one beside it."""
_FEW_SENTENCES = 6
"""A passage of so many is proposed sentence by sentence too: one of them may be the whole injection."""
_PITCH = AnyCase(
    r"\b(?:sign up|join (?:now|us|today)|visit|click|register|log ?in|download|bonus(?:es)?|deposit|players?|bets?"
    r"|betting|win(?:ners?|nings?)?|odds|order now|buy|shop|discounts?|best prices?|guaranteed|free shipping"
    r"|don't miss"
    r"|try (?:it|your luck)|contact us|whatsapp|telegram|promo code|cash ?out|jackpots?|games?|entertainment"
    r"|looking for)\b",
)


def _pitches(view: View, sentence: Span) -> bool:
    return _PITCH.search(view.text, sentence.start, sentence.end)


def salads(look: Look) -> Iterator[Candidate]:
    """Lines in which addresses and phrases stand between unrelated words."""
    for line, found in look.lines:
        phrases = tuple(phrase for phrase in found if phrase.is_marked)
        if look.view.block(line.start).role in UNSEEN or not phrases:
            continue
        yield from _salad(look, line, phrases)
        sentences = look.view.sentences(line) if len(phrases) >= _FEWEST_IN_SALAD else ()
        for sentence in sentences if len(sentences) > 1 else ():
            inside = tuple(phrase for phrase in look.within(sentence) if phrase.is_marked)
            if len(inside) >= _FEWEST_IN_SALAD:
                yield from _salad(look, sentence, inside)


_FEWEST_IN_SALAD = 3


def _salad(look: Look, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose a line or sentence, less the whole sentences at its ends that have no part in it."""
    found = addresses(look.view.text[line.start : line.end].lower())
    others = sum(1 for p in phrases if any(s.kind != "address" for s in p.seeds))
    linked = found >= 1 and found + others >= 4 and others >= 2
    if linked or (
        others >= _FEWEST_IN_SALAD and _sells(phrases) and not _VERBS.search(look.view.text, line.start, line.end)
    ):
        whole = _salted(look, line, phrases)
        if phrases[-1].span.end - whole.start >= 0.6 * len(whole):
            closed = _CLOSER.fullmatch(look.view.text, phrases[-1].span.end, whole.end) is not None
            yield Candidate(whole.start, whole.end, "spam.structure.word-salad", items=found + others, closed=closed)


def _sells(phrases: tuple[Phrase, ...]) -> bool:
    """Whether most of the phrases hold a word of offer: names alone are a list of drugs, not a salad."""
    return 2 * sum(1 for phrase in phrases if phrase.offers) >= len(phrases)


_LONG_SENTENCE = 8
"""Words; the bits between a salad's phrases are shorter."""


def _salted(look: Look, line: Span, phrases: tuple[Phrase, ...]) -> Span:
    """Return a line without the whole sentences at its ends that hold no phrase."""
    sentences = list(look.view.sentences(line))
    while len(sentences) > 1 and _is_plain(look, sentences[0], phrases):
        sentences.pop(0)
    while len(sentences) > 1 and _is_plain(look, sentences[-1], phrases):
        sentences.pop()
    start, first = sentences[0].start, phrases[0].span.start
    for match in _BREAK.finditer(look.view.text, start, first):
        if len(_WORD.findall(look.view.text[match.end() : first])) <= _SHORT_LEAD_IN:
            start = match.end()
            break
    closer = _CLOSER.match(look.view.text, phrases[-1].span.end, sentences[-1].end)
    return Span(start, closer.end() if closer is not None else sentences[-1].end)


_SHORT_LEAD_IN = 3
"""Words between a full stop and a salad's first phrase that begins in small letters, as a sentence hardly does."""


def _is_plain(look: Look, sentence: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a sentence has no part in a salad: no phrase, and it is long, of the page's words, or of numbers."""
    if any(sentence.start <= phrase.seeds[0].start < sentence.end for phrase in phrases):
        return False
    text = look.view.text[sentence.start : sentence.end]
    if len(_WORD.findall(text)) >= _LONG_SENTENCE:
        return True
    return look.topic.shared(text) >= 0.5 or not re.search(r"[^\W\d_]{5}", text)


def line_runs(look: Look) -> Iterator[Candidate]:
    """Short lines one under the other, most of which are a phrase and nothing else."""
    run: list[Span] = []
    strong = 0
    view = look.view
    for line in [span for span, phrases in look.lines if _is_short(view, span, phrases)]:
        if run and view.text[run[-1].end : line.start].count("\n") <= 2 and _bridges(view, run[-1], line):
            run.append(line)
            strong += 1
        else:
            if len(run) >= 2:
                yield Candidate(run[0].start, run[-1].end, "spam.structure.line-run", items=strong)
            run, strong = [line], 1
    if len(run) >= 2:
        yield Candidate(run[0].start, run[-1].end, "spam.structure.line-run", items=strong)


def _is_short(view: View, line: Span, phrases: tuple[Phrase, ...]) -> bool:
    if view.block(line.start).role in UNSEEN:
        return False
    words = len(_WORD.findall(view.text[line.start : line.end]))
    return words <= 12 and sum(p.weight for p in phrases) >= 0.6


def _bridges(view: View, left: Span, right: Span) -> bool:
    """Whether the stretch between two short lines is blank, or one more short line."""
    between = view.text[left.end : right.start]
    return len(_WORD.findall(between)) <= 8


def short_lines(look: Look) -> Iterator[Candidate]:
    """A line, heading or item that is a phrase and nothing else."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN:
            continue
        whole = view.trim(line)
        covered = sum(len(p.span) for p in phrases)
        text = view.text[whole.start : whole.end]
        dense = covered >= 0.6 * len(whole) or (covered >= 0.3 * len(whole) and not _VERBS.search(text))
        if dense and len(whole) <= 240 and not _STOP.search(text) and sum(p.weight for p in phrases) >= 0.6:
            yield Candidate(whole.start, whole.end, "spam.structure.short-line", items=len(phrases))
            neighbour = _attached(view, whole)
            if neighbour is not None:
                yield Candidate(neighbour.start, neighbour.end, "spam.structure.short-line", items=len(phrases))


def _attached(view: View, line: Span) -> Span | None:
    """Return the line and the odd short line right above or below it that belongs to no sentence."""
    above = view.trim(view.line(max(0, line.start - 1)))
    below = view.trim(view.line(min(len(view.text), line.end + 1)))
    start, end = line.start, line.end
    if above.end <= line.start and _is_debris(view, above):
        start = above.start
    if below.start >= line.end and _is_debris(view, below):
        end = below.end
    return Span(start, end) if (start, end) != (line.start, line.end) else None


def _is_debris(view: View, line: Span) -> bool:
    """Whether a line is a mark left by the tool that injected its neighbour: `%%anchor%%`, `{{link}}`."""
    text = view.text[line.start : line.end]
    return len(text) <= 40 and re.fullmatch(r"[%#\[{<]{2,}\w+[%#\]}>]{2,}", text) is not None


def dropped(look: Look) -> Iterator[Candidate]:
    """A phrase by itself, amid a sentence that does not need it."""
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        for phrase in phrases:
            if phrase.weight >= 0.6:
                yield Candidate(phrase.span.start, phrase.span.end, "spam.structure.dropped-phrase")


def wedges(look: Look) -> Iterator[Candidate]:
    """Words that break the flow of their sentence."""
    for span in look.wedges:
        yield Candidate(span.start, span.end, "spam.structure.dropped-phrase")


def anchors(look: Look) -> Iterator[Candidate]:
    """Links to other sites whose words or address advertise; links on one character or none."""
    for index, link, span in look.anchored:
        if link.anchor.text.strip() in _SPECKS:
            yield Candidate(span.start, span.end, "spam.hiding.tiny-anchor", elements=(link.element,), link=index)
        elif look.within(span) or _advertises(link):
            yield Candidate(span.start, span.end, "spam.structure.bought-anchor", elements=(link.element,), link=index)


_SPECKS = frozenset([*".,-_'`·•:;~", ""])
"""Anchor texts that nobody sees; digits, asterisks and daggers are foot-note marks, arrows are icons."""


def _advertises(link: Link) -> bool:
    return domain(link.host).strength >= 0.6


def link_runs(look: Look) -> Iterator[Candidate]:
    """Links to many other sites in a row with next to nothing between them, where any advertises."""
    view = look.view
    run: list[tuple[int, Link, Span]] = []
    for index, link, span in look.anchored:
        before = run[-1][2] if run else span
        apart = span.start < before.start or _seen(view, before) != _seen(view, span)  # what breaks a table goes first
        if run and (
            apart or span.start - before.end > 60 or len(_WORD.findall(view.text[before.end : span.start])) > 3
        ):
            yield from _farm(look, run)
            run = []
        run.append((index, link, span))
    yield from _farm(look, run)


def _seen(view: View, span: Span) -> tuple[bool, bool]:
    """Whether readers see a span, and whether it is text of the page at all."""
    block = view.block(span.start)
    return block.hiding is None, block.role not in UNSEEN


def _farm(look: Look, run: list[tuple[int, Link, Span]]) -> Iterator[Candidate]:
    if len(run) < 3 or len({link.host for _, link, _ in run}) < 2:
        return
    hot = sum(1 for _, link, span in run if any(map(_is_outright, look.within(span))) or _advertises(link))
    if hot >= 2 and hot >= 0.4 * len(run):
        yield Candidate(
            run[0][2].start, run[-1][2].end, "spam.structure.link-run",
            elements=tuple(link.element for _, link, _ in run), items=hot,
        )  # fmt: skip


def hidden(look: Look) -> Iterator[Candidate]:
    """Everything that one element hides from its reader, if it advertises, links elsewhere or speaks to machines."""
    view = look.view
    for element, blocks in look.hidden.items():
        if element < 0 or view.article.elements[element].tag in _STRUCTURAL:
            continue
        for run in _neighbours(blocks):
            span = Span(view.span_of(run[0]).start, view.span_of(run[-1]).end)
            if any(span in register for register in crossing(look.registers, span)):
                continue
            linked = bool(_links_of_blocks(look, span))
            if linked or look.within(span) or look.has_orders(span):
                whole = len(run) == len(blocks)
                yield Candidate(span.start, span.end, "spam.hiding.hidden-text", elements=(element,) if whole else ())
                for index in run if len(run) > 1 else ():
                    part = view.span_of(index)
                    if look.within(part) or _links_of_blocks(look, part):
                        yield Candidate(part.start, part.end, "spam.hiding.hidden-text")


def _is_register(look: Look, span: Span) -> bool:
    """Whether a hidden text is a long list of links hardly any of which sells."""
    inside = _links_of_blocks(look, span)
    if len(inside) < MANY_LINKS:
        return False
    outright = sum(1 for phrase in look.within(span) if _is_outright(phrase))
    return outright + sum(1 for link in inside if _advertises(link)) < len(inside) / 4


def _is_outright(phrase: Phrase) -> bool:
    """Whether a phrase names a trade by more than a word that honest text has too."""
    return any(seed.weight >= _OUTRIGHT for seed in phrase.seeds)


_OUTRIGHT = 0.5
_STRUCTURAL = frozenset({"html", "head", "body", "main"})


def _neighbours(blocks: list[int]) -> Iterator[list[int]]:
    """Group indices that follow one another."""
    run = [blocks[0]]
    for index in blocks[1:]:
        if index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    yield run


def _links_of_blocks(look: Look, span: Span) -> tuple[Link, ...]:
    """Return the links to other sites in the blocks that begin inside a span."""
    starts, links = look.linked_blocks
    return links[bisect_left(starts, span.start) : bisect_left(starts, span.end)]


_UNSEEN_RULES = {
    "title": "spam.hiding.title",
    "meta": "spam.hiding.meta",
    "attribute": "spam.hiding.attribute",
    "markup_comment": "spam.hiding.markup-comment",
    "noscript": "spam.hiding.noscript",
    "template": "spam.hiding.template",
    "data": "spam.hiding.data",
}


def unseen(look: Look) -> Iterator[Candidate]:
    """Titles, meta and attribute values, comments and the like that advertise: the part up to a separator, or all."""
    view = look.view
    script = -1  # the element whose data was proposed last
    for line, phrases in look.lines:
        index = view.index(line.start)
        rule = _UNSEEN_RULES.get(view.blocks[index].role)
        if rule is None or sum(p.weight for p in phrases) < 0.5:
            continue
        whole = view.trim(view.span_of(index))
        if _is_name(view, index, whole, phrases) or _is_imprint(view, index, whole, phrases):
            continue
        yield Candidate(whole.start, whole.end, rule)
        if view.blocks[index].role in {"title", "meta", "attribute", "data"}:
            for part in _segments(look, whole, phrases):
                yield Candidate(part.start, part.end, rule, closed=True)
        if view.blocks[index].role == "data" and view.blocks[index].element != script:
            script = view.blocks[index].element
            yield from _data(view, index)


def _is_name(view: View, index: int, whole: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a value is one word, as names of files and of people who comment are: nobody stuffs with one."""
    block = view.blocks[index]
    if block.role not in {"attribute", "data"} or any(seed.rule for phrase in phrases for seed in phrase.seeds):
        return False
    return len(_WORD.findall(view.text[whole.start : whole.end])) < 2


def _is_imprint(view: View, index: int, whole: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a comment of the markup has no link and names addresses only, or speaks to old browsers.

    Who made the site's software puts an address there; `[if lt IE 9]>` loads scripts.
    """
    text = view.text[whole.start : whole.end].lower()
    if view.blocks[index].role != "markup_comment" or "<a" in text:
        return False
    seeds = [seed for phrase in phrases for seed in phrase.seeds]
    return text.startswith("[if ") or all(seed.kind == "address" and not seed.rule for seed in seeds)


def _data(view: View, index: int) -> Iterator[Candidate]:
    """Propose the whole script that a value of structured data stands in."""
    element = view.blocks[index].element
    first = last = index
    while first and view.blocks[first - 1].role == "data" and view.blocks[first - 1].element == element:
        first -= 1
    while (
        last + 1 < len(view.blocks)
        and view.blocks[last + 1].role == "data"
        and view.blocks[last + 1].element == element
    ):
        last += 1
    if element >= 0:
        start, end = view.span_of(first).start, view.span_of(last).end
        yield Candidate(start, end, "spam.hiding.data", elements=(element,), items=last - first + 1)


_PART = re.compile(r"(?<!\s)\s++[|–—»·-]\s++|(?:(?<!\s)\s++)?\|\s*+|:\s++|(?:(?<!\s)\s++)?,\s*+|(?<=[.!?])\s++")


def _segments(look: Look, whole: Span, phrases: tuple[Phrase, ...]) -> Iterator[Span]:
    """Yield the stretches that hold all phrases: from a separator to the end, or from the start to behind one.

    Items between commas right before the first phrase, never the first of all, belong to it where the page uses none
    of their words.
    """
    text = look.view.text
    first, last = phrases[0].span.start, phrases[-1].span.end
    breaks = [match.span() for match in _PART.finditer(text, whole.start, whole.end)]
    before = [(start, end) for start, end in breaks if end <= first]
    after = [end for start, end in breaks if start >= last]
    tail = text[last : whole.end]
    tail_is_short = not after or len(_WORD.findall(tail)) <= (8 if not look.topic.shared(tail) else 4)
    if before and tail_is_short:
        at = len(before) - 1
        yield Span(before[at][0], whole.end)
        while at and text[before[at][0] : before[at][1]].strip() == ",":
            item = text[before[at - 1][1] : before[at][0]]
            if len(_WORD.findall(item)) > 5 or look.topic.shared(item):
                break
            at -= 1
        if at < len(before) - 1:
            yield Span(before[at][0], whole.end)
    elif after and len(_WORD.findall(text[whole.start : first])) <= 3:
        yield Span(whole.start, after[0])


@lru_cache(maxsize=64)
def has_verb(text: str) -> bool:
    """Whether a text has a word that sentences have and search phrases do not."""
    return _VERBS.search(faceless(text))


_OF_MACHINES = compile_pattern(
    r"\b(?:ais?|llms?|gpts?|bots?|robots?|chat\w{0,4}|assistants?|models?|crawlers?|agents?|engines?|machines?"
    r"|automat(?:ed|ic)\w{0,4}|summari[sz]\w{0,5}|summary|translat\w{0,5}|index\w{0,4}|prompts?|instructions?|context|output"
    r"|persona|users?|visitors?|readers?|reviewers?|session|memory|remember|conversation|answers?|repl(?:y|ies)"
    r"|responses?|cit(?:e|ed|es|ing)|rank\w{0,4}|rat(?:e|ed|ing)|recommend\w{0,5}|ignore|disregard|forget|override"
    r"|pretend|tools?|tokens?|json|html|page|article|text|sources?|system (?:prompt|message|note|override))\b"
    r"|[\[<{]/?system|\{\{"
)
"""Words without which hardly anybody orders a machine to do something."""


def addresses_machines(text: str) -> bool:
    """Whether a text has words meant for machines that read it."""
    return _AI.search(text) is not None


_GOES_ON = compile_pattern(
    r"^\W{0,3}(?:please\s+|then\s+|also\s+|and\s+|now\s+|instead,?\s+)?"
    rf"(?:do not|don't|never|always|only|keep|use|make sure|be sure|link|persuade|convince|stop|act|print|{_TOLD}"
    r"|your (?:new |only )?(?:task|job|role|goal)|you (?:are|work|must|should|will|may|have to))\b"
)
"""How a further sentence of an order to machines begins."""
_SPEAKS_OF_ITSELF = compile_pattern(
    r"\byour (?:next |every |own )?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|output|instructions|users?)\b"
    r"|\b(?:every|each|any|all) (?:answer|reply|response|summary|question)\b|\bthe user\b"
    r"|\bthis (?:note|message|instruction|prompt|order|line)\b|\[/?inst\]|<\|"
)
"""What nobody but a machine that answers is told of."""
_OPENING = ("“", "„", "«", "‘", '"')


def instructions(look: Look) -> Iterator[Candidate]:
    """Words meant for machines that read the page."""
    view = look.view
    for match in _AI.finditer(view.text):
        if view.shown(match.start()) and view.text.endswith(_OPENING, 0, match.start()):
            continue  # somebody writes of it
        sentence = _less_its_head(look, view.sentence(match.start()), match.start())
        yield Candidate(sentence.start, sentence.end, "spam.hiding.instruction")
        order = _whole_order(look, sentence)
        if order != sentence:
            yield Candidate(order.start, order.end, "spam.hiding.instruction")
    for run in _in_a_row(look):
        order = _with_its_block(look, Span(run[0].start, run[-1].end))
        yield Candidate(order.start, order.end, "spam.hiding.instruction")
        if len(run) > 1:
            yield Candidate(run[0].start, run[0].end, "spam.hiding.instruction")


def _with_its_block(look: Look, order: Span) -> Span:
    """Return all of the block that an order stands in, where no reader sees it and the order is most of it."""
    if look.view.shown(order.start):
        return order
    whole = look.view.trim(look.view.span_of(look.view.index(order.start)))
    return whole if order in whole and len(order) >= _MOST_OF_A_BLOCK * len(whole) else order


_MOST_OF_A_BLOCK = 0.6
"""Share of a block's code points."""


def _in_a_row(look: Look) -> list[list[Span]]:
    """Return the sentences that are orders by their words, those together between which only blanks stand."""
    runs: list[list[Span]] = []
    for sentence in look.orders:
        if runs and not look.view.text[runs[-1][-1].end : sentence.start].strip(" \t"):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return runs


def _less_its_head(look: Look, sentence: Span, order: int) -> Span:
    """Return a sentence without the words of the page that an order was put behind, no full stop between them."""
    text = look.view.text
    head = text[sentence.start : order]
    own = look.topic.shared(head, text[sentence.start : sentence.end])
    if own <= _STRANGE_TO_PAGE or len(stems(head)) < _FEWEST_OF_PAGE or text[order].islower():
        return sentence
    return Span(order, sentence.end)


_FEWEST_OF_PAGE = 2


def _whole_order(look: Look, sentence: Span) -> Span:
    """Return the sentences of a line that are one order to machines, or the line where all of it is one."""
    line = look.view.trim(look.view.line(sentence.start))
    sentences = look.view.sentences(look.view.line(sentence.start))
    order = sentence
    for each in sentences[bisect_left(sentences, sentence.end, key=_start) :]:
        if len(look.view.text[order.end : each.start]) > _ASIDE:
            break
        if _is_told(look, order, each):
            order = Span(order.start, each.end)
    for each in reversed(sentences[: bisect_left(sentences, sentence.start, key=_start)]):
        if not _is_told(look, order, each):
            break
        order = Span(each.start, order.end)
    rest = sentences[bisect_left(sentences, order.end, key=_start) :]
    if order.start == line.start and all(_is_command(look, each, line) for each in rest):
        order = line
    return _with_its_block(look, order)


_ASIDE = 120
"""Code points that may part two sentences of one order: a short sentence of reasons or praise."""


def _is_told(look: Look, order: Span, sentence: Span) -> bool:
    """Whether a sentence beside an order speaks of the answer that is to be given, or names whom the order names."""
    text, said = look.view.text[sentence.start : sentence.end], look.view.text[order.start : order.end]
    if _SPEAKS_OF_ITSELF.search(text):
        return True
    known, ordered, within = vocabulary(), set(stems(said)), stems(f"{said} {text}")
    return any(
        word[:6] in ordered and word not in known and look.topic.count(word[:6]) <= within.count(word[:6])
        for word in look.folded_words(sentence)
    )


def _is_command(look: Look, sentence: Span, line: Span) -> bool:
    """Whether a sentence commands, and has next to no word of the page, its line left out."""
    text = look.view.text[sentence.start : sentence.end]
    if mentions_health(text) or not _GOES_ON.search(text):
        return False
    return look.topic.shared(text, look.view.text[line.start : line.end]) <= _STRANGE_TO_PAGE


_STRANGE_TO_PAGE = 0.34
"""Most of a sentence's words that the page may use elsewhere."""


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end


def scripts(look: Look) -> Iterator[Candidate]:
    """Stretches in another script than the page's: of a line, of whole lines, of several lines."""
    view = look.view
    if BEYOND_LATIN.search(view.text) is None:
        return
    own = look.topic.script
    block: list[Span] = []
    for line in view.lines():
        if not view.shown(line.start):
            continue
        text = view.text[line.start : line.end]
        if script_of(text) != own and not text.isascii():
            whole = view.trim(line)
            if not block or view.text[block[-1].end : whole.start].strip() == "":
                block.append(whole)
                continue
            yield from _foreign(block)
            block = [whole]
            continue
        yield from _foreign(block)
        block = []
        if own != "latin" or BEYOND_LATIN.search(text) is not None:
            yield from _foreign_inside(view, line, own)
    yield from _foreign(block)


def _foreign(lines: list[Span]) -> Iterator[Candidate]:
    if lines:
        yield Candidate(lines[0].start, lines[-1].end, "spam.structure.foreign-script")


_FOREIGN_RUN = re.compile(
    r"[\u0400-\u04ff\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]"
    r"(?:[\u0400-\u04ff\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef\d\s,.|/%·、。-]"
    r"|[A-Za-z0-9]{1,20}(?=[ .,|]{0,2}[\u0400-\u9fff]))*"
)


def _foreign_inside(view: View, line: Span, own: str) -> Iterator[Candidate]:
    for match in _FOREIGN_RUN.finditer(view.text, line.start, line.end):
        span = view.trim(Span(*match.span()))
        if len(span) >= 4 and own == "latin":
            yield Candidate(span.start, span.end, "spam.structure.foreign-script")
            closer = _CLOSER.match(view.text, span.end, line.end)
            if closer is not None and view.text[line.start : span.start].strip() == "":
                yield Candidate(line.start, closer.end(), "spam.structure.lead-list", items=2, closed=True)
    run: list[Span] = []
    for sentence in view.sentences(line) if own == "latin" else ():
        if script_of(view.text[sentence.start : sentence.end]) != "latin":
            run.append(sentence)
            yield Candidate(sentence.start, sentence.end, "spam.structure.foreign-script")
        else:
            run = []
        if len(run) > 1:
            yield Candidate(run[0].start, run[-1].end, "spam.structure.foreign-script")


_SAYS = compile_pattern(r"(?m)^[^\n]{1,40}\b(?:says|wrote|commented|said)\b[^\n]{0,40}:[ \t]*$")
"""The line over a comment, as blogs print it."""


def instruction_at(text: str) -> int:
    """Return where words meant for machines begin in a text; 0 where there are none."""
    match = _AI.search(text)
    return match.start() if match is not None else 0


def has_comments(text: str) -> bool:
    """Whether readers' comments stand in a plain text."""
    return _SAYS.search(text) is not None


def reader_comments(look: Look) -> Iterator[Candidate]:
    """What a reader wrote, where it advertises."""
    view = look.view
    for index, block in enumerate(view.blocks):
        if "comment" in (block.role, block.container):
            span = view.trim(view.span_of(index))
            if len(span) and (_links_of_blocks(look, span) or _is_worth_a_look(look, span)):
                yield Candidate(span.start, span.end, "spam.structure.reader-comment")
    if view.article.page.kind != "html":
        for match in _SAYS.finditer(view.text):
            line = view.trim(view.line(match.end() + 1))
            if len(line) and _is_worth_a_look(look, line):
                yield Candidate(line.start, line.end, "spam.structure.reader-comment")


def _is_worth_a_look(look: Look, comment: Span) -> bool:
    """Whether a comment has a sign of a trade, an address or a number, or a sentence that is not plainly honest."""
    if look.within(comment) or names_a_stranger(look.view.text[comment.start : comment.end].lower()):
        return True
    sentences = look.view.sentences(look.view.line(comment.start))
    return any(loudness(look.folded_words(sentence), look.accent) > 0 for sentence in sentences)


FINDERS: dict[str, Finder] = {
    "T1 T2": lists,
    "T1 T2 T11 T13": wares,
    "T3": passages,
    "T3 asides": asides,
    "T3 T18": short_lines,
    "T2 T16": line_runs,
    "T16": salads,
    "T4": dropped,
    "T4 T16 T17 T18": wedges,
    "T4 T9": anchors,
    "T10": link_runs,
    "T5 T6 T7 T8": hidden,
    "T11 T12 T13 T14": unseen,
    "T15": scripts,
    "T23": reader_comments,
    "T25": instructions,
}
"""By the techniques that each is for; T17, T19 and T20 come with the seeds, which are read on folded text."""


def offers(text: str) -> int:
    """Return how many words of offer a text has."""
    return sum(1 for word in _WORD.findall(text.lower()) if word in OFFER_WORDS)


def families(phrases: tuple[Phrase, ...]) -> dict[str, float]:
    """Return what the phrases advertise, with the weight of each."""
    weights: dict[str, float] = {}
    for phrase in phrases:
        for seed in phrase.seeds:
            weights[seed.family] = weights.get(seed.family, 0.0) + seed.weight
    weights.pop("", None)
    return weights


def strongest(phrases: tuple[Phrase, ...]) -> Seed | None:
    """Return the seed of a pack rule that says most, the first of equals."""
    listed = [seed for phrase in phrases for seed in phrase.seeds if seed.rule]
    return max(listed, key=lambda seed: (seed.weight, -seed.start)) if listed else None
