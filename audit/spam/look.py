"""One page under examination: its text, its signs, and what the finders, the features and the boundaries ask of it."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, islice, pairwise
from typing import Literal, NamedTuple

import msgspec

from audit.model import Link
from audit.rules.match import compile_pattern
from audit.rules.suffixes import parts_of
from audit.spam import comments, offering, orders, pitches
from audit.spam.dropped import FIELD, Dropped, Scene, reader
from audit.spam.dropped import strongest as most_surely_dropped
from audit.spam.morphology import domain
from audit.spam.orders import OF_MACHINES, addresses_machines, instruction_at
from audit.spam.payload import Phrase, hosts, lowered, spaced
from audit.spam.planted import Site
from audit.spam.shapes import BREAK, CLOSER, ENDS, ITEMS, PART, SEPARATORS, WORD, item_count
from audit.spam.topic import IDEOGRAPHS, Topic, faceless, mentions_health, script_of, stems, vocabulary
from audit.spam.units import UNSEEN, View
from audit.spam.wording import (
    Stretch,
    accent_of,
    at_home,
    loudness,
    loudness_of,
    other_languages,
    runs,
    tokens,
    weight,
    words_from,
    words_of_lines,
    words_with_places,
)
from audit.text.anycase import AnyCase
from audit.text.folding import Disguise, Folded
from audit.text.meaning import Subject, is_known
from audit.text.net import NAMED, STEM, words_of
from audit.text.span import Placed, Span, crossing, meets, subtract, union


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
        self.is_html = view.article.page.kind == "html"
        self._counts: dict[AnyCase, int] = {}
        self._of_lines: dict[Span, _Words] = {}
        self._flows: dict[Span, _Flow] = {}
        self._breaks: dict[Span, float] = {}
        self._pitches: dict[Span, float] = {}
        self._left: dict[Span, float] = {}
        self._foreign: dict[Span, bool] = {}
        self._offers: dict[Span, float] = {}
        self._wares: dict[str, float] = {}
        self._names: dict[Span, list[str]] = {}
        self._stops: dict[Span, tuple[Stop, ...]] = {}
        self._lone: dict[tuple[str, Span], bool] = {}
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

    def stands_alone(self, name: str, line: Span) -> bool:
        """Whether a name stands in one line of the page and nowhere else on it, as `named` finds it.

        Of a page with very many names the later ones are not looked for.
        """
        known = self._lone.get((name, line))
        if known is None:
            if len(self._lone) >= _MOST_LONE:
                return False
            text = self.view.text
            elsewhere = named(name, text[: line.start]) or named(name, text[line.end :])
            known = self._lone[name, line] = not elsewhere
        return known

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
    def shown_words(self) -> frozenset[str]:
        """The content words of what readers see, cut to six letters."""
        blocks = (self.view.span_of(index) for index, block in enumerate(self.view.blocks) if block.role not in UNSEEN)
        return frozenset(chain.from_iterable(stems(self.view.text[span.start : span.end]) for span in blocks))

    @cached_property
    def subject(self) -> Subject:
        """What the page speaks of."""
        return Subject(self.folded.text)

    def nearness(self, span: Span) -> tuple[float, float] | None:
        """Return how near a span is to the rest of the page, and to health; nothing where its words hardly say."""
        if not self.subject.has_one:
            return None
        near = self.subject.nearness(self.folded.from_source(span))
        return None if near is None or (near[0] < NEAR and not self.is_english(span)) else near

    def is_english(self, span: Span) -> bool:
        """Whether a span is in English, by its longer words and what ties them together."""
        text = faceless(self.view.text[span.start : span.end])
        if len(_FOREIGN_TIES.findall(text)) > len(_TIES.findall(text)):
            return False
        words = _NAME.findall(text)
        return sum(map(is_known, words)) >= _IN_ENGLISH * len(words)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the page is in another language than English, one of those whose small words are known."""
        foreign = self.count(_FOREIGN_TIES)
        return foreign >= _FEWEST_TIES and foreign > 2 * self.count(_TIES)

    def is_in_english_amid_another_language(self, span: Span) -> bool:
        """Whether a span is in English where its page is not."""
        return self.is_foreign and self.is_plainly_english(span, _TIES_OF_A_SENTENCE)

    def at_home(self, span: Span, besides: Mapping[str, int]) -> float:
        """Return the share of a span's words that the page has elsewhere.

        Args:
            span: Part of the page.
            besides: How often each word stands where it does not count.
        """
        words = self.folded_words(span)
        return sum(self.times[word] > besides.get(word, 0) for word in words) / max(1, len(words))

    @cached_property
    def times(self) -> Counter[str]:
        """How often the page has each word, in lower case and without disguise."""
        return Counter(self.words)

    def is_in_another_script(self, span: Span) -> bool:
        """Whether a span is long enough to have a script of its own, and has another than its page."""
        text = self.view.text[span.start : span.end]
        return (
            script_of(text) != self.topic.script
            and len(text) + 2 * len(IDEOGRAPHS.findall(text)) >= _SHORTEST_IN_SCRIPT
        )

    @cached_property
    def _is_english_all_over(self) -> bool:
        """Whether the page is in English."""
        ties = self.count(_TIES)
        return ties >= max(_FEWEST_OF_ENGLISH, _TIES_IN_ENGLISH * len(self.words)) and not self.is_foreign

    def is_in_another_language(self, span: Span) -> bool:
        """Whether most words of a span are none of English and some are of another language, on an English page."""
        if not self._is_english_all_over:
            return False
        known = self._foreign.get(span)
        if known is None:
            known = self._foreign[span] = self._is_foreign_to_english(span)
        return known

    def _is_foreign_to_english(self, span: Span) -> bool:
        if any(mark in self.view.text[span.start : span.end] for mark in OPENING):
            return False  # somebody quotes it
        words = {word for word in self.folded_words(span) if len(word) >= NAMED or not word.isascii()}
        if len(words) < _FEWEST_KNOWN or self.is_plainly_english(span):
            return False
        foreign = sum(word in other_languages().words for word in words)
        english = sum(word in vocabulary() or word.rstrip("s") in vocabulary() for word in words)
        least = len(words) if len(words) < _FEWEST_FOREIGN else _FEWEST_KNOWN
        return foreign >= least and english <= _MOST_ENGLISH * len(words)

    def is_at_home_abroad(self, span: Span) -> bool:
        """Whether the page says more in another script or language than a span does, and does not advertise there."""
        words, weights = self._said_abroad
        for sentence in crossing(self._abroad, span):
            own = self.weighed(sentence)
            words, weights = words - own[0], weights - own[1]
        return words >= _FEWEST_ABROAD and loudness_of(words, weights, self.accent) < 0

    @cached_property
    def _said_abroad(self) -> tuple[int, float]:
        """How many words these sentences have together, and how much they speak of advertising."""
        weighed = [self.weighed(sentence) for sentence in self._abroad]
        return sum(words for words, _ in weighed), sum(weights for _, weights in weighed)

    def said_abroad(self, span: Span) -> Span:
        """Return the sentences of a span, if they are in another script or language than the page; else the span."""
        first, last = self.view.sentence(span.start), self.view.sentence(span.end - 1)
        if not (self._is_abroad(first) and self._is_abroad(last)):
            return span
        return self.view.trim(Span(min(first.start, span.start), max(last.end, span.end)))

    def _is_abroad(self, span: Span) -> bool:
        return self.is_in_another_script(span) or self.is_in_another_language(span)

    @cached_property
    def _abroad(self) -> tuple[Span, ...]:
        """The sentences of the page that are in another script or language than the page, in order."""
        sentences = chain.from_iterable(map(self.view.sentences, self.view.lines()))
        return tuple(filter(self._is_abroad, sentences))

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
        or more are a list, and two that begin small, or one with an accent, are words of another language.
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
        names = [
            name
            for name, times in found.items()
            if times > 0 and self.topic.count(name[:6].lower()) <= times + 1 and not is_known(name)
        ]
        if len(names) > _MOST_STRANGERS or not all(map(str.isascii, names)) or sum(map(str.islower, names)) > 1:
            return 0
        return len(names)

    @cached_property
    def apart(self) -> tuple[Span, ...]:
        """The sentences on something else than their page that name a stranger, link to one, advertise or offer.

        On a page that is not on health, or is in another language than English, all offer something.
        """
        has_subject = self.subject.has_one
        if not has_subject and not self.is_foreign:
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
        if not text.endswith(ENDS) or not _TIES.search(text) or _LABEL.match(text) or _FURNITURE.search(text):
            return False
        return self.is_english(span)

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
        if self.view.block(span.start).role in UNSEEN or not self.is_english(span):
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

    def pitching(self, span: Span) -> float:
        """Return the log-odds that a span is put as sellers put it: the mean of its sentences, if they are few."""
        if span not in self._pitches:
            parts = [part for line in self.lines_of(span) for part in self.view.sentences(line)]
            said = [self.view.text[one.start : one.end] for one in parts]
            is_read = (
                len(said) <= _MOST_PITCHED
                and not _LABEL.match(self.view.text[span.start : span.end])
                and self._is_of_its_own(span)
                and not self._is_of_the_site(span)
            )
            odds = [pitches.odds(text) for text in said] if is_read else []
            self._pitches[span] = sum(odds) / len(odds) if odds else 0.0
        return self._pitches[span]

    def _pitched_part(self, sentence: Span) -> Span | None:
        """Return a sentence that pitches, or its head before another that begins in it without a full stop."""
        if self._is_pitched(sentence):
            return sentence
        match = BEGINS.search(self.view.text, sentence.start, sentence.end)
        head = Span(sentence.start, match.start()) if match is not None else None
        return head if head is not None and self._is_pitched(head) else None

    def _is_pitched(self, span: Span) -> bool:
        return (
            loudness_of(*self.weighed(span), self.accent) >= _SILENT
            and self.pitching(span) >= _PITCHES
            and self.topic.shared(self.view.text[span.start : span.end]) <= _OF_AN_ARTICLE
        )

    def _is_of_its_own(self, span: Span) -> bool:
        """Whether a span is in English, or in another language than its page; other pages have turns of their own."""
        return (
            self.is_plainly_english(span)
            or (self._is_english_all_over and self.is_english(span))
            or self.is_in_another_language(span)
        )

    def _is_of_the_site(self, span: Span) -> bool:
        """Whether a site speaks of itself, in words or by its address."""
        text = self.view.text[span.start : span.end]
        return _FURNITURE.search(text) is True or self.names_itself(text.lower())

    @cached_property
    def _site(self) -> Site:
        return Site(self.view.article)

    def names_itself(self, text: str) -> bool:
        """Whether a text in lower case has addresses, and all are of the page's own site."""
        named = set(hosts(text))
        return bool(named) and all(map(self._site.is_own, named))

    def lines_of(self, span: Span) -> Iterator[Span]:
        """Yield the lines of a span, the first and the last as far as they stand in it."""
        at = span.start
        for part in self.view.text[span.start : span.end].split("\n"):
            if part.strip():
                yield Span(at, at + len(part))
            at += len(part) + 1

    @cached_property
    def pitched(self) -> tuple[Span, ...]:
        """The sentences of the page that are put as sellers put it and have next to none of its words, in order."""
        view = self.view
        lines = (
            line for line in view.lines() if view.block(line.start).role not in UNSEEN and not self._is_beside(line)
        )
        said = chain.from_iterable(map(view.sentences, lines))
        return tuple(sentence for sentence in map(self._pitched_part, said) if sentence is not None)

    def most_offered(self, span: Span) -> float:
        """Return the log-odds of the sentence in a span that most surely offers something; 0 in another language.

        A span of several lines is read in its first.
        """
        sentences = self._sentences_in(span) if self.is_plainly_english(span) else ()
        self._read_offers(sentences)
        return max(map(self._offers.__getitem__, sentences), default=0.0)

    def wares(self, span: Span) -> float:
        """Return the log-odds that what a span names is for sale: the mean of its items, surer of three or more.

        0 where that cannot be told: of a sentence, in another language, in English on a page on something else than
        health for readers to see, beside its article, and where most items have no word that anybody knows.
        """
        items = self._named(span)
        self._read_wares(items)
        if not items:
            return 0.0
        mean = sum(map(self._wares.__getitem__, items)) / len(items)
        return mean * math.sqrt(max(1, len(items) - 1))

    def is_for_sale(self, name: str) -> bool:
        """Whether what a few words name is for sale, whatever the page speaks of."""
        self._read_wares([name])
        return self._wares[name] > 0

    def is_naming(self, span: Span) -> bool:
        """Whether a span names something and says nothing of it."""
        return bool(item_count(self.view.text[span.start : span.end].rstrip(" .…")))

    def _named(self, span: Span) -> list[str]:
        if span not in self._names:
            self._names[span] = self._items_of(span)
        return self._names[span]

    def _items_of(self, span: Span) -> list[str]:
        """Return what a span names, item by item; nothing where it says something or is in another language.

        Nothing on an English page that is not on health, either, but for what no reader sees; nor of what a site says
        beside its articles.
        """
        if not (self.is_on_health() or self.is_foreign or self.is_kept_from_readers(span)):
            return []
        text = self._listed(span)
        if not item_count(text) or self._is_furniture(span) or _LABEL.match(text):
            return []
        around = _AROUND_ITEMS if item_count(text) > 1 else None
        items = [item.strip(around) for item in ITEMS.split(text)]
        items = [item for item in items if item and not _BARE_ADDRESS.fullmatch(item)]
        words = [WORD.findall(item) for item in items]
        if not items or max(map(len, words)) > _LONGEST_WARE or not self.is_english(span):
            return []
        read = [item for item, said in zip(items, words, strict=True) if any(map(is_known, said))]
        return read if 2 * len(read) >= len(items) else []

    def is_a_label(self, span: Span) -> bool:
        """Whether a list before a colon is what its line speaks of, and not put before a sentence of the page.

        What follows then is none of the page's matter, and is short or begins small: `Carpet fitters, electricians:
        tell them about the oxygen`.
        """
        line = self.view.line(span.start)
        rest = self.view.text[span.end : line.end].lstrip()
        is_remark = rest[:1].islower() or 0 < len(WORD.findall(rest)) <= _MOST_OF_A_REMARK
        return is_remark and self.topic.shared(rest) <= _OF_THE_PAGE

    def _listed(self, span: Span) -> str:
        """Return the text of a span, its links with a bar between them where nothing else stands there."""
        text = self.view.text[span.start : span.end]
        if self.view.block(span.start).role == "markup_comment":
            return TAGS.sub(" | ", text).strip(" |")
        links = [link for _, _, link in self.anchored if span.start <= link.start and link.end <= span.end]
        between = subtract([span], links)
        if links and not any(WORD.search(text, part.start - span.start, part.end - span.start) for part in between):
            return " | ".join(self.view.text[link.start : link.end] for link in links)
        return text.rstrip(" .…")

    def bare_names(self, span: Span) -> set[str]:
        """Return the other sites that links in a span call by a name alone which nobody knows."""
        inside = (link for _, link, place in self.anchored if span.start <= place.start and place.end <= span.end)
        return {link.host for link in inside if _is_bare(link) and not is_known(parts_of(link.host).domain)}

    def is_kept_from_readers(self, span: Span) -> bool:
        """Whether a span stands where no reader comes upon it, and no machine needs it: hidden, or in a comment."""
        return not self._is_read(span) and self.view.block(span.start).role not in _READ_BY_MACHINES

    def _is_furniture(self, span: Span) -> bool:
        """Whether a site says it beside its article, or in HTML on a line of its own that links to nobody else."""
        view = self.view
        if self._is_beside(span):
            return True
        if not self.is_html or not self._is_read(span):
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
        for match in OF_MACHINES.finditer(view.text):
            if match.start() < end:
                continue
            sentence = view.sentence(match.start())
            end = sentence.end
            if self._is_order(sentence):
                found.append(sentence)
                continue
            passage = self.passage_of_orders(sentence)
            if len(passage) > len(sentence) and self._is_order(passage, _ONLY_TOGETHER):
                found = [one for one in found if one.end <= passage.start]
                found.append(passage)
                end = passage.end
        return tuple(found)

    def _is_order(self, span: Span, besides: float = 0.0) -> bool:
        """Whether a sentence or a short passage is an order to a machine, and nobody writes of one.

        Args:
            span: The sentence or passage.
            besides: Log-odds that it has to have more than a sentence.

        """
        if not _SHORTEST_ORDER <= len(span) <= _LONGEST_READ:
            return False
        said = self.view.text[span.start : span.end]
        if self.view.shown(span.start) and (
            (said[0] not in _CODE and any(mark in said for mark in OPENING)) or orders.is_about_orders(said)
        ):
            return False
        return orders.odds(said) >= self._least_of_an_order(span) + besides

    def passage_of_orders(self, sentence: Span) -> Span:
        """Return the line of a sentence, if it is of few sentences none of which is on health or the page's own matter.

        What each of them says is harmless; together they may be an order.
        """
        view = self.view
        line = view.line(sentence.start)
        sentences = view.sentences(line)
        if not 1 < len(sentences) <= _MOST_OF_AN_ORDER or len(line) > _LONGEST_ORDER:
            return sentence
        texts = [view.text[one.start : one.end] for one in sentences]
        said = view.text[line.start : line.end]
        if any(mentions_health(text) or self.topic.shared(text, said) > _OF_AN_ARTICLE for text in texts):
            return sentence
        return view.trim(line)

    def in_a_row(self, sentences: Iterable[Span]) -> list[list[Span]]:
        """Return sentences, those together between which only blanks stand."""
        runs: list[list[Span]] = []
        for sentence in sentences:
            if runs and not self.view.text[runs[-1][-1].end : sentence.start].strip(" \t"):
                runs[-1].append(sentence)
            else:
                runs.append([sentence])
        return runs

    @cached_property
    def words_of_orders(self) -> Counter[str]:
        """How often the orders to machines have the content words of the page: one order is no company for another."""
        text = self.view.text
        return Counter(chain.from_iterable(stems(text[one.start : one.end]) for one in self.orders))

    def _least_of_an_order(self, sentence: Span) -> float:
        if self.view.shown(sentence.start):
            return orders.LEAST
        role = self.view.block(sentence.start).role
        if role not in UNSEEN:
            return orders.LEAST_HIDDEN
        if role in _NO_ORDERS:
            return math.inf
        said = self.view.text[sentence.start : sentence.end]
        is_markup = "<" in said or ">" in said
        return math.inf if is_markup else orders.LEAST_UNSEEN

    def has_orders(self, span: Span) -> bool:
        """Whether a span orders a machine to do something, by a turn of phrase or by its words."""
        return addresses_machines(self.view.text[span.start : span.end]) or meets(self.orders, span)

    def ordering(self, span: Span) -> float:
        """Return how surely a span orders a machine to do something, 0 to 1."""
        text = self.view.text
        turn = self._turn(span)
        if turn is not None and not self._is_said_to_people(turn):
            return 1.0
        first = bisect_left(self.orders, span.start, key=_start)
        said = self.orders[first : bisect_right(self.orders, span.end, key=_end)]
        return max((orders.sureness(text[one.start : one.end]) for one in said), default=0.0)

    def _turn(self, span: Span) -> int | None:
        """Return where in a span the first turn of phrase stands that is meant for machines, if there is one."""
        text = self.view.text[span.start : span.end]
        return span.start + instruction_at(text) if addresses_machines(text) else None

    def _is_said_to_people(self, turn: int) -> bool:
        """Whether a turn of phrase that orders machines about stands in a sentence that people are to read."""
        sentence = self.view.sentence(turn)
        said = self.view.text[sentence.start : sentence.end]
        if not self.view.shown(turn) or self.strangers(sentence):
            return False
        return orders.is_about_orders(said) or orders.is_said_to_people(said)

    @cached_property
    def on_sale(self) -> dict[Candidate, None]:
        """What is named at the head of a line, at its end or as a list on it, in a title or a value, and is for sale.

        Where the page says nothing of it; on an English page that is not on health, only where no reader looks.
        """
        view = self.view
        is_asked = self.is_on_health() or self.is_foreign
        found = {
            candidate: self._named(candidate.span)
            for line in view.lines()
            if (is_asked or self.is_kept_from_readers(line)) and not self._is_beside(line)
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
        loud = [run.span.start for run in runs(self.folded.text) if self._is_new(run)]
        if not self.is_html:  # there a link is bought, and links are looked at by themselves
            loud += self.subject.astray(_FAR_ASTRAY, self._is_told_once)
        told = [self.folded.to_source(Span(at, at + 1)).start for at in loud]
        asked = {self.view.sentence(at) for at in (*told, *self._seed_starts)}
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
        return 2 * sum(map(self._is_told_once, words)) >= len(words)

    def _is_told_once(self, word: str) -> bool:
        """Whether a word says what it speaks of, and stands nowhere else on the page."""
        return len(word) >= NAMED and self.scene.counts.get(word[:STEM], 1) == 1

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
            if strength > 0 and many >= _FEWEST_ROUND and not self.own_anchors.around(span):
                self._breaks[span] = strength
                if last < len(flow.words):
                    left = flow.words[max(0, first - FIELD) : first]  # no word farther off has a say
                    rests.append([*left, *flow.words[last : last + FIELD + 1]])
                    joints.append((span, len(left)))
        for (span, joint), odds in zip(joints, reader().odds(rests, self.scene), strict=True):
            self._breaks[span] = max(0.0, self._breaks[span] - max(0.0, _LACKS * (odds[joint][1] + _HARDLY_LACKS)))

    @cached_property
    def comments(self) -> tuple[Span, ...]:
        """What readers wrote under the page, in order: paragraph by paragraph in HTML, the first line in a text."""
        view = self.view
        if self.is_html:
            blocks = ((index, block) for index, block in enumerate(view.blocks) if block.role not in UNSEEN)
            found = [view.span_of(index) for index, block in blocks if "comment" in (block.role, block.container)]
        else:
            heads = (said.end() + 1 for said in _SAYS.finditer(view.text))
            found = [view.line(at) for at in heads if at < len(view.text)]
        return tuple(span for span in map(view.trim, found) if len(span))

    @cached_property
    def comment_places(self) -> Placed[Span]:
        """The same by where they stand."""
        return Placed(self.comments, lambda span: span)

    def left_to_advertise(self, comment: Span) -> float:
        """Return the log-odds that a comment was left to advertise."""
        known = self._left.get(comment)
        if known is None:
            known = self._left[comment] = comments.odds(spaced(self.view.text[comment.start : comment.end]))
        return known

    @cached_property
    def own_anchors(self) -> Placed[Span]:
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
            for run in neighbours(blocks)
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

    @cached_property
    def named_hosts(self) -> Counter[str]:
        """How often the text of the page names each site by its address."""
        return Counter(hosts(lowered(self.view.text)))

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

    def disguised(self, span: Span) -> int:
        """Return how many words of a span are disguised, if they are a good part of each of its sentences.

        Words in letters of another form count where they are mixed with plain ones, as nobody sets them for show.
        """
        found = self.disguises.across(span)
        for sentence in self.view.sentences(span) if found else ():
            words = len(WORD.findall(self.view.text[sentence.start : sentence.end]))
            if 4 * len(self.disguises.across(sentence)) < words:
                return 0
        shaped = [one for one in found if one.kind in _SHAPED]
        apart = sum(any(map(str.isalnum, self.view.text[a.span.end : b.span.start])) for a, b in pairwise(shaped))
        return len(found) - (len(shaped) if apart < _MIXED else 0)

    @cached_property
    def disguised_runs(self) -> tuple[Span, ...]:
        """Stretches of a line in which disguised words follow each other, hardly a plain one between, in order."""
        found: list[list[Span]] = []
        for one in (disguise.span for disguise in self.folded.disguises):
            near = found and one.start < self.view.line(found[-1][-1].start).end
            if near and len(WORD.findall(self.view.text[found[-1][-1].end : one.start])) <= _PLAIN_BETWEEN:
                found[-1].append(one)
            else:
                found.append([one])
        return tuple(Span(run[0].start, run[-1].end) for run in found if len(run) >= _FEWEST_DISGUISED)

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


def named(name: str, text: str) -> bool:
    """Whether a text has a name as whole words, in any case: `Cure Script`, `cure-script` and `CureScript7` are one."""
    return _pattern_of(name).search(text) is not None


@lru_cache(maxsize=256)
def _pattern_of(name: str) -> re.Pattern[str]:
    letters = "[ .’'&-]?".join(map(re.escape, name))
    return re.compile(rf"(?<![^\W_]){letters}\d{{0,4}}(?![^\W_])", re.IGNORECASE)


_MOST_LONE = 300
"""Names; each costs a search of the page."""
_CITING = frozenset({"q", "code", "kbd", "samp"})
NEAR = 0.5
"""Cosine from which on a passage speaks of what its page speaks of."""
_MOST_STRANGERS = 2
_AUTHORS = re.compile(r"(?:\b[A-Z][\w'’-]{1,40} [A-Z]{1,3}\b[,;.&]? *){2}")
"""`Meyer L, Tardieu M`, as references name people."""
_IN_ENGLISH = 0.6
"""Share of its longer words that are known, for a span to be in English."""
_TIES = AnyCase(
    r"\b(?:the|an|is|are|was|were|has|have|will|can|of|on|at|for|with|by|to|from|and|your|our|their|you|we)\b"
)
"""What the words of an English sentence are tied together with."""
_FOREIGN_TIES = AnyCase(
    r"\b(?:il|la|lo|gli|el|los|las|de|del|della|di|da|che|per|con|non|una|uno|und|der|die|das|ist|nicht|que|por|para|les"
    r"|des|est|et|pour|dans|een|het|van|yang|dan|untuk|dengan|ile|bir|ve|mit|für|auf|von|dem|den|sich|auch|wird|eine"
    r"|le|du|qui|sur|avec|más|como|não|uma|się|nie|jest|przez|och|att|det|som|är|på|og|til|ikke|że|który|és|hogy|nem"
    r"|että|ovat|și|este|pentru)\b"
)
"""What those of other languages are tied together with."""
_SHORTEST_IN_SCRIPT = 12
"""Letters; an ideograph counts as three."""
_FEWEST_FOREIGN, _FEWEST_KNOWN = 3, 2
"""Words of a stretch in another language, and those of them that have a weight there."""
_FEWEST_ABROAD = 4
"""Words, beside a span, of what a page says in another language."""
_MOST_ENGLISH = 0.25
"""Share of words."""
_FEWEST_OF_ENGLISH, _TIES_IN_ENGLISH = 10, 0.1
"""Of them in an English page, and their share of its words; a fifth is usual."""
_FEWEST_TIES = 20
_TIES_OF_A_SENTENCE = 2
_FURNITURE = AnyCase(
    r"\b(?:facebook|twitter|instagram|linkedin|youtube|pinterest|tiktok|hashtags?|newsletters?|subscribe[ds]?|copyright"
    r"|rights reserved|cookies?|privacy|javascript|browsers?|e-?mails?|editors?|editorial|photo(?:s|graph|graphs)?"
    r"|written by|reviewed by|authors?|posted|published|updated|licen[sc]ed? under|located|parking|next to"
    r"|opposite|et al|switchboard|opening hours|registered (?:in|office|charity|company|number)|limited by guarantee"
    r"|site ?map|powered by|language settings?|(?:our|this) (?:web)?site)\b"
)
"""What the page's own maker says beside the article, of other things and with names that nobody knows."""
_ON_HEALTH = 0.42
"""Cosine of a page and health in general, from which on it is a page on health."""
_LABEL = re.compile(r"[^.!?:]{1,40}:\s")
"""What is listed under a name: `Also known as: …`."""
OFFERS = 1.0
"""Log-odds of a sentence that offers something, from which on that is a sign of an advertiser."""
_SILENT = -3.0
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


_SAYS = compile_pattern(r"(?m)^[^\n]{1,40}\b(?:says|wrote|commented|said)\b[^\n]{0,40}:[ \t]*$")
"""The line over a comment, as blogs print it."""


def has_comments(text: str) -> bool:
    """Whether readers' comments stand in a plain text."""
    return _SAYS.search(text) is not None


def _is_amid(words: Sequence[str], wedge: Dropped) -> bool:
    """Whether a word stands right before what was dropped in, and what was is no list of its own."""
    before = words[wedge.first - 1] if wedge.first else ""
    return before[-1:].isalnum() and not any(word in SEPARATORS for word in words[wedge.first : wedge.last])


_LOUD = 1.0
"""Log-odds of words that advertise, from which on their sentence is read."""
_FAR_ASTRAY = 0.1
"""Cosine of a word and its page, up to which two such words side by side are reason to read their sentence."""
_LEAST_WEDGE = 2.0
"""Log-odds, summed over its words."""
_LONGEST_WEDGE = 10
"""Words and marks of what is dropped into a sentence."""
_FEWEST_ROUND = 4
"""Words and marks of the sentence round it."""
_LACKS = 2.0
_HARDLY_LACKS = 4.0
"""Log-odds."""
_CODE = "{[<"
"""What a text begins with that is code: quotation marks in it quote nobody."""
_ONLY_TOGETHER = 0.55
"""Log-odds more, of sentences none of which is an order by itself."""
_PITCHES = 1.0
"""Log-odds of a sentence that is put as sellers put it, from which on it is proposed."""
BEGINS = re.compile(
    r"(?<=[a-z0-9)!%]) (?=(?:The|This|These|Those|There|If|In|It|Its|For|When|While|However|Most|Many|Some|Other|Much"
    r"|An?|Because|Although|To|You|Your|They|Their|He|She|We|But|And|As|At|On|Since|After|Before|People|Patients|Doctors"
    r"|Treatment|Symptoms|Signs) [a-z])"
)
"""Where a sentence begins by its first words, though nothing ends the one before."""
_MOST_PITCHED = 8
"""Sentences of a span that are read for how they are put."""
_SHAPED = frozenset({"styled", "small-capitals"})
"""Disguises that honest text wears for show, then as a whole."""
_MIXED = 2
"""Plain words in places between words for show, from which on they are mixed."""
_PLAIN_BETWEEN, _FEWEST_DISGUISED = 5, 3
"""Plain words between two disguised ones of a run, and disguised words of one."""
_MOST_OF_AN_ORDER = 5
"""Sentences of a passage that is read as one order."""
_LONGEST_ORDER = 600
"""Code points of such a passage."""
_OF_AN_ARTICLE = 0.34
"""Share of a sentence's words that the page has elsewhere, from which on it is the page's own."""
_SHORTEST_ORDER = 30
"""Code points; what is shorter is a button or a heading."""
_NO_ORDERS = frozenset({"data", "title"})
"""Roles of text that is read by machines only, or names something."""
_MOST_OF_A_REMARK = 8
"""Words behind a list before a colon that only remark on it."""
_AROUND_ITEMS = " :–—-"
"""What stands round an item of a list: the net of offers takes `office chairs:` for a heading; one alone may be one."""
_BARE_ADDRESS = re.compile(r"\S+\.\S+")
_BESIDE = frozenset({"navigation", "header", "footer", "aside"})
_LONGEST_WARE = 8
"""Words of what somebody names; more say something of it."""
_LONGEST_READ = 2000
"""Code points of a sentence that are read."""


def _namings(view: View, line: Span) -> Iterator[Candidate]:
    """Yield what stands by itself on a line without saying anything: its head, its end, or a list that is all of it."""
    text = view.text
    whole = view.trim(line)
    role = view.block(line.start).role
    if role in UNSEEN:
        yield from _namings_of_a_value(view, whole) if role in _NAMED_UNSEEN else ()
        return
    head = text[whole.start : min(whole.end, whole.start + _LONGEST_NAMING)]
    for match in islice(CLOSER.finditer(head), _MOST_CLOSERS):
        items = item_count(head[: match.start()])
        if not items:
            break
        if whole.start + match.end() < whole.end:
            span = Span(whole.start, whole.start + match.end())
            yield Candidate(span.start, span.end, "spam.structure.lead-list", items=items, closed=True)
    if text.endswith(ENDS, whole.start, whole.end):
        return  # somebody says something
    if len(whole) <= _LONGEST_NAMING:
        items = item_count(head)
        if items > 1:
            yield Candidate(whole.start, whole.end, "spam.structure.list-line", items=items)
    first = max(whole.start, whole.end - _LONGEST_NAMING)
    for match in list(BREAK.finditer(text, first, whole.end))[-_MOST_CLOSERS:]:
        items = item_count(text[match.end() : whole.end].strip(" .…"))
        if items:
            yield Candidate(match.end(), whole.end, "spam.structure.trailing-list", items=items)


def _namings_of_a_value(view: View, whole: Span) -> Iterator[Candidate]:
    """Yield the ends of a title or value, a list at its head, and of an attribute all of it."""
    text, role = view.text, view.block(whole.start).role
    every, rule = list(PART.finditer(text, whole.start, whole.end)), UNSEEN_RULES[role]
    for part in every[-_MOST_CLOSERS:]:
        yield Candidate(part.start(), whole.end, rule, closed=True)
    for part in every[:_MOST_CLOSERS]:
        is_list = item_count(text[whole.start : part.start()]) > 1  # one is the name of a site
        if is_list and (part[0].strip() in _HEADS or (role == "title" and part[0].startswith(":"))):
            yield Candidate(whole.start, part.end(), rule, closed=True)
    if role == "attribute" and every:
        yield Candidate(whole.start, whole.end, rule)


_LONGEST_NAMING = 200
"""Code points."""
_MOST_CLOSERS = 3
_HEADS = frozenset("|–—»·-")
"""What closes a list at the head of a title or value; in a title, a colon does, too."""
_NAMED_UNSEEN = frozenset({"title", "attribute", "meta"})
_READ_BY_MACHINES = frozenset({"title", "meta", "attribute", "data"})
TAGS = re.compile(r"(?:\s*<[^<>]*>\s*)+")
_MOST_NAMED = 60
"""Words."""
_OF_THE_PAGE = 0.2
"""Share of words that the page has elsewhere, from which on it speaks of what is named."""


def advertises(link: Link) -> bool:
    """Whether a link leads to a host whose name is made like those of a trade."""
    return domain(link.host).strength >= 0.6


def _is_bare(link: Link) -> bool:
    """Whether a link shows nothing but the name or address of where it leads."""
    shown = _NO_LETTERS.sub("", link.anchor.text.lower())
    return len(shown) >= NAMED and shown in _NO_LETTERS.sub("", link.host)


_NO_LETTERS = re.compile(r"[\W_]+")


def _is_register(look: Look, span: Span) -> bool:
    """Whether a hidden text is a long list of links hardly any of which sells."""
    inside = links_of_blocks(look, span)
    if len(inside) < MANY_LINKS:
        return False
    outright = sum(1 for phrase in look.within(span) if is_outright(phrase))
    return outright + sum(1 for link in inside if advertises(link)) < len(inside) / 4


def is_outright(phrase: Phrase) -> bool:
    """Whether a phrase names a trade by more than a word that honest text has too."""
    return any(seed.weight >= _OUTRIGHT for seed in phrase.seeds)


_OUTRIGHT = 0.5


def neighbours(blocks: list[int]) -> Iterator[list[int]]:
    """Group indices that follow one another."""
    run = [blocks[0]]
    for index in blocks[1:]:
        if index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    yield run


def links_of_blocks(look: Look, span: Span) -> tuple[Link, ...]:
    """Return the links to other sites in the blocks that begin inside a span."""
    starts, links = look.linked_blocks
    return links[bisect_left(starts, span.start) : bisect_left(starts, span.end)]


UNSEEN_RULES = {
    "title": "spam.hiding.title",
    "meta": "spam.hiding.meta",
    "attribute": "spam.hiding.attribute",
    "markup_comment": "spam.hiding.markup-comment",
    "noscript": "spam.hiding.noscript",
    "template": "spam.hiding.template",
    "data": "spam.hiding.data",
}
OPENING = ("“", "„", "«", "‘", '"')


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end
