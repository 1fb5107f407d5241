"""What is known of a page from beyond it: which of its texts stand on other pages, and what its other captures show.

A page by itself is judged without any of this. In a batch the second pass brings it, and it reaches a candidate as
named evidence; it only strengthens what its own page gives some reason to suspect.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from math import log2
from typing import Literal, NamedTuple

import msgspec

from audit.model import Link
from audit.rules.match import addresses
from audit.spam.features import CLASSES, Features
from audit.spam.look import Candidate, Look
from audit.spam.payload import phones
from audit.text.folding import fold
from audit.text.span import Span

REPEATED = "same text on other pages"
CONVICTED = "named in what was cut on other pages"
WITHHELD = "kept from other visitors"

LEAST_PAGES = 3
"""Pages on which a text stands between different neighbours before that says anything."""
_LEAST_OF_ONE_SITE = 5
"""The same, where all the pages are of one site: its own boxes and calls to action stand there too."""


class Repetition(msgspec.Struct, frozen=True, gc=False):
    """How far a text is spread over a batch, and how much it moves about there.

    What a template repeats has the same neighbour on one side at least: footers, menus and boxes, and all of an article
    that stands under several addresses.
    """

    pages: int
    sites: int
    before: int
    """Different words before it."""
    after: int
    """Different words after it; the end of a page is one."""
    leading: int
    """Pages that begin with it, and so have nothing before it."""


class Capture(msgspec.Struct, frozen=True):
    """Another capture of the page's address: what one visitor was shown, as words."""

    variant: str
    words: bytes
    """Of `words_of`."""


class Elsewhere(msgspec.Struct, frozen=True):
    """What other pages of a batch say of one page."""

    texts: Mapping[int, Repetition] = {}
    """By `key` of the text."""
    marks: frozenset[int] = frozenset()
    """Keys of the brands, hosts and phone numbers that were cut on several other pages."""
    others: tuple[Capture, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.texts or self.marks or self.others)


NOTHING = Elsewhere()


def key(text: str) -> int:
    """Return eight bytes of a digest."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def plain(text: str) -> str:
    """Return a folded text as words with single blanks between them, so that copies of it are equal."""
    return " ".join(_WORD.findall(text))


_WORD = re.compile(r"[^\W_]+")


def text_of(look: Look, span: Span) -> str:
    """Return a stretch of the page as `plain` text, without disguise."""
    there = look.folded.from_source(span)
    return plain(look.folded.text[there.start : there.end])


class Mark(msgspec.Struct, frozen=True, order=True, gc=False):
    """A name by which one seller is known again."""

    kind: Literal["brand", "host", "phone", "trick"]
    name: str

    @property
    def key(self) -> int:
        """Eight bytes of a digest."""
        return key(f"{self.kind} {self.name}")


def links_in(look: Look, span: Span) -> Iterator[Link]:
    """Yield the links to other sites whose words touch a span."""
    places = look.link_places
    at = bisect_left(places, span.start, key=lambda place: place[0].end)
    while at < len(places) and places[at][0].start < span.end:
        if places[at][0].end > span.start:
            yield places[at][1]
        at += 1


def marks_of(look: Look, span: Span) -> tuple[Mark, ...]:
    """Return the brands, hosts and phone numbers that a span names, in order."""
    there = look.folded.from_source(span)
    text = look.folded.text[there.start : there.end]
    found = {
        Mark("brand", look.view.text[seed.start : seed.end].lower())
        for phrase in look.within(span) for seed in phrase.seeds
        if seed.kind == "brand" and seed.weight >= _SURE_BRAND
    }  # fmt: skip
    for link in links_in(look, span):
        found |= set(names_of(link.host, link.href))
    for address in addresses(text):
        found |= set(names_of(address.host, text[address.start :]))
    found |= {Mark("phone", digits) for digits in phones(text)}
    return tuple(sorted(found))


_SURE_BRAND = 0.5
_PLATFORMS = frozenset(
    "bit.ly tinyurl.com t.co t.me telegram.me wa.me api.whatsapp.com chat.whatsapp.com facebook.com instagram.com"
    " youtube.com youtu.be twitter.com x.com linkedin.com pinterest.com tiktok.com medium.com reddit.com quora.com"
    " google.com sites.google.com docs.google.com drive.google.com play.google.com apps.apple.com amazon.com"
    " wikipedia.org en.wikipedia.org github.com archive.org linktr.ee goo.gl cutt.ly rebrand.ly"
    " is.gd discord.gg".split()
)
"""Hosts that everybody shares: there, the first part of the path says who it is."""
_INSTITUTION = re.compile(r"\.(?:gov|edu|mil|int|nhs)(?:\.[a-z]{2})?$|\.ac\.[a-z]{2}$")
"""Whom spam links to for company."""
_FIRST_PART = re.compile(r"^(?:[a-z]+:)?(?://)?[^/?#\s]+/([^/?#\s\"'<>)]{2,40})", re.IGNORECASE)
_CHAT = re.compile(r"(?:wa\.me/|[?&]phone=|^tel:)\+?(\d{9,15})", re.IGNORECASE)


def names_of(host: str, address: str) -> Iterator[Mark]:
    """Yield whom an address leads to: a phone of a chat, a page on a platform, or the host; nobody of institutions."""
    chat = _CHAT.search(address[:200])
    name = host.removeprefix("www.")
    if _INSTITUTION.search(name):
        return
    if chat is not None:
        yield Mark("phone", chat[1][-10:])
    elif name not in _PLATFORMS:
        yield Mark("host", name)
    elif part := _FIRST_PART.match(address[:200]):
        yield Mark("host", f"{name}/{part[1].lower()}")


def words_of(text: str) -> bytes:
    """Return the digests of a text's words and of every three in a row, sorted; eight bytes each."""
    return array("Q", sorted(set(_shingles(plain(fold(text).text))))).tobytes()


def _shingles(text: str) -> Iterator[int]:
    words = text.split()
    for at, word in enumerate(words):
        yield key(word)
        if at + 2 < len(words):
            yield key(" ".join(words[at : at + 3]))


def withheld(text: str, capture: Capture) -> bool:
    """Whether a `plain` text is not what a capture shows: most of its words in a row are not there."""
    shown = memoryview(capture.words).cast("Q")
    words = text.split()
    rows = [key(" ".join(words[at : at + 3])) for at in range(len(words) - 2)] or [key(word) for word in words]
    missing = sum(1 for row in rows if (at := bisect_left(shown, row)) == len(shown) or shown[at] != row)
    return bool(rows) and missing >= _MOSTLY * len(rows)


_MOSTLY = 0.6


class Echo(NamedTuple):
    """A stretch of the page that stands on other pages too."""

    candidate: Candidate
    spread: Repetition

    def holds(self, span: Span) -> bool:
        """Whether a span was repeated with this text."""
        own = self.candidate.span
        return span == own or (span in own and len(own) <= _LONGEST)


_LONGEST = 300
"""Code points; in a longer text that two pages share, a phrase need not have come with the rest."""


def units_of(look: Look, candidate: Candidate) -> tuple[Candidate, ...]:
    """Return what of a page may be known again on another: a candidate, and the sentence that it stands in."""
    sentence = look.view.sentence(candidate.start)
    if candidate.span not in sentence or candidate.span == sentence:
        return (candidate,)
    return (candidate, Candidate(sentence.start, sentence.end, candidate.rule))


def echoes(look: Look, candidates: Sequence[Candidate], elsewhere: Elsewhere) -> tuple[Echo, ...]:
    """Return the candidates that stand on other pages too, in order."""
    if not elsewhere.texts:
        return ()
    units = [unit for one in candidates for unit in units_of(look, one)]
    found = ((one, elsewhere.texts.get(key(text_of(look, one.span)))) for one in dict.fromkeys(units))
    return tuple(Echo(candidate, spread) for candidate, spread in found if spread is not None)


def together(candidate: Candidate, found: Features, repeated: Sequence[Echo]) -> Candidate:
    """Return the largest repeated text round a candidate that repetition speaks against: what came together goes so."""
    if REPEATED not in found.values:
        return candidate
    round_it = [echo.candidate for echo in repeated if echo.holds(candidate.span) and _spread(echo.spread, found)]
    return max(round_it, key=lambda one: len(one.span), default=candidate)


def strengthened(
    look: Look, candidate: Candidate, found: Features, elsewhere: Elsewhere, repeated: Sequence[Echo]
) -> Features:
    """Return the features of a candidate with what other pages say of it; the same where they say nothing.

    What stands inside a repeated text was repeated with it.
    """
    kinds = {CLASSES[name] for name, value in found.values.items() if value > 0}
    if not kinds & {"payload", "inconsistency"}:
        return found
    span = candidate.span
    values = {REPEATED: max((_spread(echo.spread, found) for echo in repeated if echo.holds(span)), default=0.0)}
    if "payload" in kinds:
        if elsewhere.marks and any(mark.key in elsewhere.marks for mark in marks_of(look, span)):
            values[CONVICTED] = 1.0
        if any(withheld(text_of(look, span), other) for other in elsewhere.others):
            values[WITHHELD] = 1.0
    values = {name: value for name, value in values.items() if value}
    return msgspec.structs.replace(found, values={**found.values, **values}) if values else found


_FOREIGN = (
    "brand morphology", "address of a trade", "link to another site", "hidden from readers", "tiny link",
    "another script",
)  # fmt: skip
"""What a site's own boxes do not have."""


_OFFERED = ("trade words", "instruction to machines", "recommended in a comment")
_MORE_THAN_A_WORD = 1.5
"""Weight of trade words that one plain word, `viagra` or `payday loans`, does not have; an offer of them has it."""


def _spread(seen: Repetition, found: Features) -> float:
    """Return 0.8 for three neighbourhoods on two sites, 1 for four, at most 2; half of it on one site.

    Honest sentences are copied, too. So a text that points nowhere, by brand, address or link, has at most 1, and
    none if a plain word of a trade is all its payload, or at the head of its pages, where nothing stands before it.
    """
    foreign = any(found.values.get(name, 0.0) > 0 for name in _FOREIGN)
    if not foreign and sum(found.values.get(name, 0.0) for name in _OFFERED) < _MORE_THAN_A_WORD:
        return 0.0
    leads = 2 * seen.leading > seen.pages
    if leads and not foreign:
        return 0.0
    places = seen.after if leads else min(seen.before, seen.after)
    if seen.sites >= 2 and places >= LEAST_PAGES:
        return round(min(2.0 if foreign else 1.0, log2(places) / 2), 2)
    if places >= _LEAST_OF_ONE_SITE and foreign:
        return round(min(1.0, log2(places) / 4), 2)
    return 0.0
