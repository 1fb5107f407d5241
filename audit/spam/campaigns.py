"""Injections of one maker on many pages: what each page hands on, what that says of others, and who is behind it.

The first pass leaves a trace of every candidate that has something to say for itself, whatever became of it. Sums over
all traces of a batch tell which texts stand on many pages in different surroundings, and which brands, hosts and phone
numbers were cut on several. The second pass brings that to the pages it concerns (`audit.spam.elsewhere`). What acts in
the end and shares a text or a name makes a campaign. None of it depends on the order in which pages were audited.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import PurePath

import msgspec

from audit.model import Action, Campaign, Finding, Page, Specimen
from audit.page import parse
from audit.page.links import host_of, same_site
from audit.rules.match import addresses, site
from audit.spam.detect import Act, Case, Seen
from audit.spam.elsewhere import (
    LEAST_PAGES,
    Mark,
    Repetition,
    key,
    marks_of,
    names_of,
    plain,
    text_of,
    units_of,
    words_of,
)
from audit.spam.features import CLASSES
from audit.spam.look import Look
from audit.spam.morphology import domain
from audit.spam.planted import PLANTED
from audit.text.span import Span


class Trace(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One span of a page, as other pages need to know of it."""

    text: int
    """`key` of its plain text; 0 where that is too short to be known again."""
    before: int = 0
    """`key` of the words before it; 0 at the head of a page."""
    after: int = 0
    """The same of the words after it."""
    named: tuple[int, ...] = ()
    """Keys of the brands, hosts and phone numbers in it."""
    action: Action | None = None
    """What is done about it on its own page."""
    confidence: float = 0.0
    family: str = ""
    quote: str = ""
    """Shortened; empty unless it acts, as are the next two."""
    marks: tuple[Mark, ...] = ()
    plain: str = ""
    """Shortened plain text."""


class Traces(msgspec.Struct, frozen=True, array_like=True):
    """What one page hands on."""

    page: int
    """Its number in its shard, from 1."""
    site: str
    traces: tuple[Trace, ...] = ()
    address: str = ""
    """Of a page that is one of several captures, as the next two."""
    variant: str = ""
    words: bytes = b""
    """Of `words_of`."""


_MOST_TRACES = 64
"""Of one page; the surest first."""
_MOST_ACTS = 256
"""Of one page, the first; a page of more is a farm, known by these."""
_LEAST_LOG_ODDS = -3.0
"""Below it repetition could not make a candidate worth a look."""
_FEWEST_WORDS, _FEWEST_LETTERS = 4, 20
"""Of a text that is known again; `buy viagra online` stands on honest pages too."""
_FEWEST_NAMED = 8
"""Letters of a text that holds a brand or an address."""
_FEWEST_FOREIGN = 8
"""Letters of a text in a script without blanks."""
_NEIGHBOURS = 4
"""Words on each side that make the surroundings."""
_QUOTE = 160


def traces(page: Page, number: int, seen: Seen | None, findings: Sequence[Finding] = ()) -> Traces | None:
    """Return what a page hands on; nothing for a page that has nothing to tell.

    Args:
        page: The page.
        number: In its shard, from 1.
        seen: What it was judged by.
        findings: Of its report; planted elements, which no candidate stands for, are told by theirs.
    """
    variant = page.variant is not None and page.url is not None
    found = [*islice(_acting(seen, page), _MOST_ACTS), *_others(seen)] if seen is not None else []
    found += _planted(page, findings)
    if not found and not variant:
        return None
    return Traces(
        number,
        site_of(page),
        tuple(dict.fromkeys(found)),
        page.url or "" if variant else "",
        page.variant or "" if variant else "",
        words_of("\n".join(block.text.text for block in parse(page).blocks)) if variant else b"",
    )


def site_of(page: Page) -> str:
    """Return whose site a page is of, by its address or by the folder that a mirror is named by; empty if unknown."""
    host = host_of(page.url) if page.url else ""
    if host:
        return site(host) or host
    folders = PurePath(page.path).parts[:-1] if page.path else ()
    return next((domain for part in folders if (domain := site(part.lower()))), "")


def _acting(seen: Seen, page: Page) -> Iterator[Trace]:
    if seen.verdict is not None:
        quote = seen.verdict.quote
        every = marks_of(seen.look, Span(0, len(seen.look.view.text)))
        found = tuple(mark for mark in every if mark.kind != "host" or domain(mark.name).strength)[:_MOST_TRACES]
        shown = seen.look.view.text[quote.start : quote.end]
        yield _trace(seen.look, quote, found, "flag", seen.verdict.confidence, seen.verdict.family, shown)
    for act in seen.acts:
        if act.places:
            shown = " ".join(page.text[place.start : place.end] for place in act.places)
            case = act.case
            yield _trace(
                act.look,
                case.candidate.span,
                (*marks_of(act.look, case.candidate.span), *_tricks(act)),
                _action(act),
                case.judgement.confidence,
                case.found.family,
                shown,
            )


def _planted(page: Page, findings: Sequence[Finding]) -> Iterator[Trace]:
    own = host_of(page.url) if page.url else ""
    for finding in findings:
        if finding.rule in PLANTED:
            text = finding.quote.lower()
            marks = sorted(
                {
                    mark for address in addresses(text) if not same_site(address.host, own)
                    for mark in names_of(address.host, text[address.start :])
                }
            )  # fmt: skip
            if marks:
                yield Trace(
                    0,
                    named=tuple(mark.key for mark in marks),
                    action=finding.action,
                    confidence=finding.confidence,
                    family=finding.family,
                    quote=" ".join(finding.quote.split())[:_QUOTE],
                    marks=tuple(marks),
                )


def _action(act: Act) -> Action:
    return "cut" if act.goes else "note" if act.case.judgement.action == "note" else "flag"


def _trace(
    look: Look, span: Span, marks: tuple[Mark, ...], action: Action | None, confidence: float, family: str, quote: str
) -> Trace:
    text = text_of(look, span)
    return Trace(
        key(text) if _is_known_again(text, named=bool(marks)) else 0,
        *_neighbours(look, span),
        tuple(mark.key for mark in marks),
        action,
        round(confidence, 4),
        family or "injection",
        " ".join(quote.split())[:_QUOTE],
        marks,
        text[:_QUOTE],
    )


def _others(seen: Seen) -> list[Trace]:
    """Return the traces of the candidates, acting or not: on another page the same text may be cut otherwise."""
    told = [case for case in seen.cases if _has_a_say(case)]
    told.sort(key=lambda case: (-case.judgement.log_odds, case.candidate))
    found: dict[int, Trace] = {}
    units = (unit.span for case in told[: 4 * _MOST_TRACES] for unit in units_of(seen.look, case.candidate))
    for span in dict.fromkeys(units):
        text = text_of(seen.look, span)
        marks = marks_of(seen.look, span)
        if _is_known_again(text, named=bool(marks)):
            found.setdefault(
                key(text), Trace(key(text), *_neighbours(seen.look, span), tuple(mark.key for mark in marks))
            )
        elif marks:
            found.setdefault(marks[0].key, Trace(0, named=tuple(mark.key for mark in marks)))
        if len(found) == _MOST_TRACES:
            break
    return list(found.values())


def _has_a_say(case: Case) -> bool:
    if case.judgement.log_odds < _LEAST_LOG_ODDS:
        return False
    return any(CLASSES[name] in {"payload", "inconsistency"} and value > 0 for name, value in case.found.values.items())


def _is_known_again(text: str, *, named: bool) -> bool:
    """Whether a plain text is long enough not to stand on two pages by chance."""
    if named or not text.isascii():
        return len(text) >= (_FEWEST_NAMED if named else _FEWEST_FOREIGN)
    return len(text) >= _FEWEST_LETTERS and text.count(" ") >= _FEWEST_WORDS - 1


def _neighbours(look: Look, span: Span) -> tuple[int, int]:
    """Return the keys of the words before and after a span; 0 where it begins the page."""
    there = look.folded.from_source(span)
    text = look.folded.text
    before = plain(text[max(0, there.start - 80) : there.start]).split()[-_NEIGHBOURS:]
    after = plain(text[there.end : there.end + 80]).split()[:_NEIGHBOURS]
    return key(" ".join(before)) if before else 0, key(" ".join(after))


_SPECIFIC = re.compile(r"\d{3,}")
_COMMON = re.compile(r"9+|[1-9]0+")


def _tricks(act: Act) -> tuple[Mark, ...]:
    """Return what hides a span, where it is one maker's own: `left:-8123px`, not `left:-9999px`."""
    hiding = act.look.view.block(act.case.candidate.start).hiding
    if hiding is None or hiding.exempt:
        return ()
    return (Mark("trick", hiding.reason[:_QUOTE]),)


# --- sums over a batch ------------------------------------------------------------------------------------------------

Place = tuple[int, int]
"""A shard's index, and a page's number in it."""


_ROW = struct.Struct(">QQQQQB")
"""Key, page (shard and number), site, words before and after, kind. Packed rows sort like their fields."""
ROW_SIZE = _ROW.size
_TEXT, _ACTING, _CUT = range(3)
"""Kinds of rows: a text, whatever became of it; what an acting span is known by; the same, where it was cut."""
_COUNTED = 4096
"""Different neighbours and sites beyond which nobody counts."""


def rows(shard: int, page: Traces) -> Iterator[bytes]:
    """Yield what a page adds to the sums of its batch, packed."""
    at = (shard << 32) | page.page
    whose = key(page.site) if page.site else 0
    for trace in page.traces:
        if trace.text:
            yield _ROW.pack(trace.text, at, whose, trace.before, trace.after, _TEXT)
        for name in _keys(trace, common=True):
            placed = (trace.before, trace.after) if name == trace.text else (0, 0)
            yield _ROW.pack(name, at, whose, *placed, _ACTING)
            if trace.action == "cut":
                yield _ROW.pack(name, at, whose, *placed, _CUT)


class Table(msgspec.Struct, frozen=True):
    """What the pages of a batch have to say to each other."""

    texts: dict[int, Repetition]
    """What stands on several pages."""
    marks: frozenset[int]
    """Names that were cut on several pages."""
    shared: frozenset[int]
    """What acting spans of several pages or sites have in common."""

    def concerns(self, page: Traces) -> tuple[set[int], set[int]]:
        """Return the texts and the cut names of the table that a page holds."""
        texts = {trace.text for trace in page.traces if trace.text in self.texts}
        return texts, {name for trace in page.traces for name in trace.named if name in self.marks}


def summed(buckets: Iterable[Iterable[bytes]]) -> Table:
    """Return the sums of packed rows.

    Args:
        buckets: Each sorted, with all rows of each key that is in it.
    """
    texts: dict[int, Repetition] = {}
    marks: set[int] = set()
    shared: set[int] = set()
    for bucket in buckets:
        for name, group in groupby(map(_ROW.unpack, bucket), key=itemgetter(0)):
            sums = (_Distinct(), _Distinct(), _Distinct())
            for _, page, whose, before, after, kind in group:
                sums[kind].add(page, whose, before, after)
            text, acting, cut = sums
            if text.pages >= LEAST_PAGES and len(text.after) >= LEAST_PAGES:
                texts[name] = text.repetition()
            wide = acting.pages >= _FEWEST_PAGES or len(acting.sites) >= _FEWEST_SITES
            if wide and (cut.pages or acting.moves()):
                shared.add(name)
            if cut.pages >= LEAST_PAGES and not cut.after:
                marks.add(name)
    return Table(texts, frozenset(marks), frozenset(shared))


class _Distinct:
    """How many different pages, known sites and neighbours there are; pages come in order."""

    __slots__ = ("_before", "_last", "_leading", "after", "pages", "sites")

    def __init__(self) -> None:
        self.pages = self._leading = 0
        self._last = -1
        self.sites: set[int] = set()
        self._before: set[int] = set()
        self.after: set[int] = set()

    def add(self, page: int, whose: int, before: int, after: int) -> None:
        if page != self._last:
            self.pages += 1
            self._leading += not before
        self._last = page
        for number, numbers in ((whose, self.sites), (before, self._before), (after, self.after)):
            if number and len(numbers) < _COUNTED:
                numbers.add(number)

    def moves(self) -> bool:
        """Whether it is a name, or a text that stands between different neighbours: no template repeats it."""
        return not self.after or (len(self.after) > 1 and (len(self._before) > 1 or self._leading > 1))

    def repetition(self) -> Repetition:
        """Return the sums."""
        return Repetition(self.pages, max(1, len(self.sites)), len(self._before), len(self.after), self._leading)


# --- campaigns --------------------------------------------------------------------------------------------------------

_FEWEST_PAGES = 3
_FEWEST_SITES = 2
_MOST_SITES = 100
_MOST_NAMES = 20
_MOST_TEXTS = 5


class Found(msgspec.Struct, frozen=True):
    """A campaign whose specimens are places that have no id yet."""

    campaign: Campaign
    first: Place
    strongest: Place


class _Sum:
    """What is known of one campaign so far."""

    __slots__ = ("_shared", "cut", "families", "first", "names", "pages", "sites", "strongest")

    def __init__(self, shared: frozenset[int]) -> None:
        self._shared = shared
        self.pages = self.cut = 0
        self.sites: Counter[str] = Counter()
        self.families: Counter[str] = Counter()
        self.names: Counter[tuple[str, str]] = Counter()
        self.first: tuple[Place, Trace] | None = None
        self.strongest: tuple[Place, Trace] | None = None

    def add(self, place: Place, whose: str, found: list[Trace]) -> None:
        """Count one page with all that acts there."""
        self.pages += 1
        self.sites[whose] += 1
        self.cut += any(trace.action == "cut" for trace in found)
        self.families.update(sorted({trace.family for trace in found}))
        self.names.update(sorted({name for trace in found for name in _names(trace, self._shared)}))
        for trace in found:
            if self.first is None or place < self.first[0]:
                self.first = place, trace
            if self.strongest is None or _stronger(trace, place) < _stronger(self.strongest[1], self.strongest[0]):
                self.strongest = place, trace


def _stronger(trace: Trace, place: Place) -> tuple[bool, float, Place, str]:
    return trace.action != "cut", -trace.confidence, place, trace.quote


def _names(trace: Trace, shared: frozenset[int]) -> Iterator[tuple[str, str]]:
    """Yield what a span shares with others, by its words."""
    if trace.text in shared:
        yield "text", trace.plain
    for mark in trace.marks:
        if mark.key in shared:
            yield mark.kind, mark.name


def campaigns(pages: Callable[[], Iterable[tuple[int, Traces]]], shared: frozenset[int]) -> tuple[Found, ...]:
    """Return the campaigns of a batch: those with cuts first, then the widest.

    Args:
        pages: Gives, each time it is called, all pages that handed something on, in order, with their shard.
        shared: `Table.shared` of the same pages.
    """
    parents = {name: name for name in shared}
    for _, page in pages():
        for trace in page.traces:
            _unite(parents, [name for name in _keys(trace) if name in parents])
    sums: dict[int, _Sum] = {}
    for shard, page in pages():
        groups: dict[int, list[Trace]] = {}
        for trace in page.traces:
            owner = next((_root(parents, name) for name in _keys(trace) if name in parents), None)
            if owner is not None:
                groups.setdefault(owner, []).append(trace)
        for owner, found in groups.items():
            sums.setdefault(owner, _Sum(shared)).add((shard, page.page), page.site, found)
    found_all = [_campaign(each) for each in sums.values()]
    found_all.sort(key=_order)
    return tuple(found_all)


def _order(one: Found) -> tuple[bool, int, int, Place, str]:
    campaign = one.campaign
    return not campaign.cut, -campaign.pages, -campaign.site_count, one.first, campaign.id


def _keys(trace: Trace, *, common: bool = False) -> Iterator[int]:
    """Yield what a span that acts is known by; on request with the tricks that everybody uses."""
    if trace.action in {"cut", "flag"}:
        if trace.text:
            yield trace.text
        for mark in trace.marks:
            if common or mark.kind != "trick" or _is_own(mark.name):
                yield mark.key


def _is_own(trick: str) -> bool:
    return any(not _COMMON.fullmatch(number) for number in _SPECIFIC.findall(trick))


def _root(parents: dict[int, int], name: int) -> int:
    while parents[name] != name:
        parents[name] = parents[parents[name]]
        name = parents[name]
    return name


def _unite(parents: dict[int, int], names: list[int]) -> None:
    for name in names[1:]:
        one, other = _root(parents, names[0]), _root(parents, name)
        parents[max(one, other)] = min(one, other)


def _campaign(found: _Sum) -> Found:
    assert found.first is not None  # noqa: S101 (a sum exists because something was added to it)
    assert found.strongest is not None  # noqa: S101
    leading = min(
        (each for each in found.names if each[0] != "trick" or _is_own(each[1])),
        key=lambda each: (-found.names[each], _KINDS.index(each[0]), each[1]),
    )
    sites = _most(found.sites, _MOST_SITES)
    campaign = Campaign(
        id=f"{key(' '.join(leading)):016x}"[:12],
        what=leading[1],
        family=next(iter(_most(found.families, 1))),
        pages=found.pages,
        cut=found.cut,
        sites=sites,
        site_count=sum(1 for site in found.sites if site),
        texts=_named(found, "text", _MOST_TEXTS),
        brands=_named(found, "brand", _MOST_NAMES),
        hosts=_named(found, "host", _MOST_NAMES),
        phones=_named(found, "phone", _MOST_NAMES),
        tricks=_named(found, "trick", _MOST_NAMES),
        first=_specimen(found.first[1]),
        strongest=_specimen(found.strongest[1]),
    )
    return Found(campaign, found.first[0], found.strongest[0])


_KINDS = ("brand", "host", "phone", "text", "trick")


def _specimen(trace: Trace) -> Specimen:
    return Specimen(page="", url=None, quote=trace.quote, action=trace.action or "flag", confidence=trace.confidence)


def _most(table: Counter[str], number: int) -> dict[str, int]:
    return dict(sorted(table.items(), key=lambda item: (-item[1], item[0]))[:number])


def _named(found: _Sum, kind: str, number: int) -> dict[str, int]:
    return _most(Counter({name: pages for (each, name), pages in found.names.items() if each == kind}), number)
