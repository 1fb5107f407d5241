"""Elements that somebody planted and that carry no text of the article.

Links on nothing or on a word that was there, links dropped into a sentence that does without them, frames without a
size, addresses in the head that speak for another site, structured data of another trade. What convicts them is their
form and their address; each is judged as the spans of text are, by contributions to the log-odds that are shown as the
reason. The weights are set by hand on development pages.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import msgspec

from audit.model import Article, Block, Evidence, Link
from audit.page import attributes, numbered
from audit.page.links import host_of, same_site, tidy
from audit.spam.morphology import CHEAP_TLDS, Made, domain
from audit.spam.payload import OFFER_WORDS, TRADE_WORDS, Phrase, phrases, seeds
from audit.spam.topic import Topic, stems
from audit.text.folding import fold
from audit.text.span import Span

BASE_RATE = -3.5
PLANTED = frozenset(f"spam.hiding.{name}" for name in ("tiny-anchor", "lent-anchor", "frame", "head-link", "data")) | {
    "spam.structure.bought-anchor"
}
"""The rules that planted elements are reported in the name of."""


class Planted(msgspec.Struct, frozen=True):
    """One planted element."""

    rule: str
    family: str
    element: int
    quote: Span
    """What convicts it, in the page: the element, or the address in it."""
    evidence: tuple[Evidence, ...]
    """Contributions to the log-odds, the base rate included."""
    exact: bool = True
    """Whether the page without the element is the page as it was; not where a value was written over."""
    host: str = ""
    """Where a link that is shown leads to."""
    lent: bool = False
    """Whether the text in it is the page's own: then only its tags go."""

    @property
    def confidence(self) -> float:
        """How sure that is, 0 to 1."""
        return 1 / (1 + math.exp(-sum(item.weight for item in self.evidence)))


class Site:
    """What is asked of the page by all four: its own hosts, how often it names others, its words."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.source = article.page.text
        self._named: dict[str, int] = {}

    @cached_property
    def text(self) -> str:
        """All text of the page's blocks, structured data aside."""
        return "\n".join(block.text.text for block in self.article.blocks if block.role != "data")

    @cached_property
    def topic(self) -> Topic:
        """The words of the page."""
        return Topic(self.text)

    @cached_property
    def _lower(self) -> str:
        return self.source.lower()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The page's words of four letters and more, the longest first."""
        found = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", self.text)}
        return tuple(sorted(found, key=lambda word: (-len(word), word)))

    @cached_property
    def heads(self) -> tuple[tuple[int, str, str, Span], ...]:
        """Elements of the head that give an address for this page: index, relation, address, place of the address."""
        found: list[tuple[int, str, str, Span]] = []
        for index, element in numbered(self.article, "link"):
            tag = self.source[element.open.start : element.open.end].lower()
            if not any(word in tag for word in _HEAD):
                continue
            got = {item.name: item for item in attributes(self.article, index)}
            href = got.get("href")
            if href is None or not href.value.text.strip():
                continue
            relations = set(got["rel"].value.text.lower().split()) if "rel" in got else set()
            relation = next((name for name in ("canonical", "amphtml") if name in relations), "")
            if not relation and "alternate" in relations and "hreflang" in got:
                relation = "hreflang"
            if relation:
                place = href.value.place()
                found.append((index, relation, tidy(href.value.text), Span(place[0].start, place[-1].end)))
        return tuple(found)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Hosts that the page's address, or most of what it says of itself, names as its own."""
        if self.article.page.url:
            return (host_of(self.article.page.url),)
        said = [host_of(address) for _, relation, address, _ in self.heads if relation == "canonical"]
        said += [host_of(block.text.text) for block in self.article.blocks if block.name == "og:url"]
        said = [host for host in said if host]
        return tuple(dict.fromkeys(host for host in said if self.named(host) > 1 or len(set(said)) == 1))

    def named(self, host: str) -> int:
        """Return how often the page names a host, wherever it stands."""
        if host not in self._named:
            self._named[host] = self._lower.count(host.removeprefix("www."))
        return self._named[host]

    def is_own(self, host: str) -> bool:
        """Whether a host is the page's own, or bears its name under another ending."""
        return any(same_site(host, own) or _name(host) == _name(own) for own in self.own)


def planted(article: Article) -> tuple[Planted, ...]:
    """Return the planted elements of a page, in page order; those that stay below even odds included."""
    if article.page.kind != "html":
        return ()
    site = Site(article)
    found = [
        *_empty_links(site),
        *_lent_links(site),
        *_dropped_links(site),
        *_frames(site),
        *_head_links(site),
        *_data(site),
    ]
    return tuple(sorted(found, key=lambda one: (one.quote, one.rule)))


def is_own(article: Article, address: str) -> bool:
    """Whether an address is one of the page's own site, as far as the page says which that is."""
    return Site(article).is_own(host_of(address))


_HEAD = ("canonical", "amphtml", "hreflang")
_PREFIXES = frozenset("www m amp mobile en de fr es".split())


def _name(host: str) -> str:
    """Return the name of a site: its host without `www.` and the like, and without its ending."""
    labels = [label for label in host.lower().split(".") if label not in _PREFIXES] or host.split(".")
    if len(labels) >= 3 and len(labels[-2]) <= 3:
        return labels[-3]
    return labels[-2] if len(labels) >= 2 else labels[0]


def _is_known(site: Site, host: str) -> bool:
    """Whether most of a site's name is made of words of the page: `backpain-relief.org` on a page on back pain."""
    name = _name(host).replace("-", "")
    left = name
    for word in site.words:
        if word in left:
            left = left.replace(word, " ")
    return len(left.replace(" ", "")) <= 0.4 * len(name)


def _is_root(address: str) -> bool:
    """Whether an address names a site and no page of it."""
    rest = address.split("://", 1)[-1].lstrip("/").partition("/")[2]
    return not rest.strip("/") and "?" not in address


def _of_host(site: Site, host: str, address: str, element: int) -> list[Evidence]:
    """Return what the address itself says, named by an element."""
    made: Made = domain(host)
    place = site.article.elements[element].span
    own = site.source[place.start : place.end].lower().count(host.removeprefix("www."))
    found = [
        Evidence("address of a trade", round(1.6 * made.strength, 3)),
        Evidence("host named once", 0.7 if site.named(host) <= own else -2.0),
        Evidence("site without a page", 1.6 if _is_root(address) else 0.0),
        Evidence("named in the page's words", -3.0 if _is_known(site, host) else 0.0),
        Evidence("ending of no cost", 0.6 if host.rsplit(".", 1)[-1] in CHEAP_TLDS else 0.0),
    ]
    return [item for item in found if item.weight]


def _family(host: str, of_text: str = "") -> str:
    return of_text or domain(host).family or "injection"


# --- links on nothing -----------------------------------------------------------------------------------------------

_NOTHING = re.compile(r"(?:\s|&nbsp;|&#160;|&#xa0;|\u00a0|[\u200b-\u200f\u2060\ufeff]|<br\s*/?>)*", re.IGNORECASE)
_BARE = frozenset({"href", "rel", "target", "style"})


def _empty_links(site: Site) -> Iterator[Planted]:
    """Yield links to other sites that hold nothing and show nothing: no class for an icon, no name, no title."""
    for link in site.article.links:
        if not link.host or link.anchor.text.strip() or link.element < 0 or not _holds_nothing(site, link):
            continue
        if any(item.name not in _BARE for item in attributes(site.article, link.element)):
            continue
        evidence = (Evidence("base rate", BASE_RATE), Evidence("link on nothing", 3.6),
                    *_of_host(site, link.host, link.href, link.element))  # fmt: skip
        element = site.article.elements[link.element]
        yield Planted("spam.hiding.tiny-anchor", _family(link.host), link.element, element.span, evidence)


def _holds_nothing(site: Site, link: Link) -> bool:
    element = site.article.elements[link.element]
    inner = site.source[element.open.end : element.span.end]
    return _NOTHING.fullmatch(re.sub(r"</a\s*>\Z", "", inner, flags=re.IGNORECASE)) is not None


# --- links on a word that was there ---------------------------------------------------------------------------------

_POINTS = frozenset(
    "here this there link site website online web homepage page source sources more hier ici aqui aquí qui tutaj dort "
    "link url www blog shop store facebook twitter instagram youtube".split()
)
"""Words that links are honestly put on for want of better ones."""
_INSTITUTIONS = {"gov": -3.0, "edu": -3.0, "int": -3.0, "mil": -3.0, "museum": -2.0, "org": -1.0}


def _institution(host: str) -> float:
    """Return what the ending of a host says for it."""
    return min(_INSTITUTIONS.get(label, 0.0) for label in host.split(".")[-2:])


def _lent_links(site: Site) -> Iterator[Planted]:
    """Yield links that lend a plain word amid a sentence to another site whose name has nothing to do with it."""
    for link in site.article.links:
        word = link.anchor.text.strip()
        if not link.host or link.element < 0 or link.block < 0 or not word.isalpha() or not word.islower():
            continue
        if (
            word in _POINTS
            or word in TRADE_WORDS
            or _SAID & set(link.rel)
            or not _is_root(link.href)
            or word in link.host
            or not _stands_amid(site, link)
        ):
            continue
        made = domain(link.host)
        label = _name(link.host)
        evidence = [
            Evidence("base rate", BASE_RATE),
            Evidence("link on a word of the sentence", 1.0),
            *_of_host(site, link.host, link.href, link.element),
            Evidence("number in the name", 1.4 if any(char.isdigit() for char in label) else 0.0),
            Evidence("made for a trade", 1.5 if made.strength >= _SURELY_MADE else 0.0),
            Evidence("institution", _institution(link.host)),
        ]
        element = site.article.elements[link.element]
        yield Planted("spam.hiding.lent-anchor", _family(link.host), link.element, element.span,
                      tuple(item for item in evidence if item.weight), host=link.host, lent=True)  # fmt: skip


_SURELY_MADE = 0.6


def _stands_amid(site: Site, link: Link) -> bool:
    """Whether words of one sentence stand right before and behind a link."""
    text = site.article.blocks[link.block].text.text
    before, after = text[: link.at].rstrip(), text[link.at + len(link.anchor.text) :].lstrip()
    return bool(before) and bool(after) and (before[-1].isalnum() or before[-1] in ",;)") and after[0].isalnum()


# --- links dropped into a sentence ----------------------------------------------------------------------------------

_MOST_WORDS = 9
_ROW = 4
"""Links to other sites in one block, from which on it is a row of links and no sentence."""
_ASKS_FOR_MORE = frozenset(
    "the a an this that these those his her their our my your its any some every each no such of in on at for to "
    "with from by about via through called named like as than see visit use try using is are was were be".split()
)
"""Words that want something behind them: a link there completes the sentence."""
_SHOP_WORDS = OFFER_WORDS | frozenset(
    "services company companies agency rental rentals hire quote quotes repair repairs near removal installation"
    " tickets insurance mortgage lawyer attorney plumber cleaning movers wholesale outlet cheapest affordable".split()
)


def _dropped_links(site: Site) -> Iterator[Planted]:
    """Yield links whose words a sentence does without: amid its words, to a site without a page, of a trade."""
    counts = Counter(link.block for link in site.article.links if link.host and link.block >= 0)
    rows = {block for block, count in counts.items() if count >= _ROW}
    for link in site.article.links:
        if not link.host or link.element < 0 or link.block < 0 or not _is_root(link.href) or _SAID & set(link.rel):
            continue
        words = _WORDS.findall(link.anchor.text)
        if not 1 < len(words) <= _MOST_WORDS or not _stands_amid(site, link) or not _is_shown(site, link):
            continue
        if link.block in rows:
            continue
        before, after = _neighbours(site, link)
        if before in _ASKS_FOR_MORE or after[:1].isupper():
            continue
        yield _of_dropped(site, link, [word.lower() for word in words])


def _of_dropped(site: Site, link: Link, words: list[str]) -> Planted:
    label = _name(link.host).replace("-", "")
    own = set(stems(link.anchor.text))
    here = Counter(own)
    off = sum(1 for stem in own if site.topic.count(stem) <= here[stem]) / max(1, len(own))
    signs = {seed.family: seed.weight for phrase in _signs(link.anchor.text) for seed in phrase.seeds}
    names_it = any(len(word) >= 4 and word in label for word in words) or "".join(word[0] for word in words) == label
    evidence = [
        Evidence("base rate", BASE_RATE),
        Evidence("dropped into a sentence", 1.9),
        *_of_host(site, link.host, link.href, link.element),
        Evidence("words that the page does not use", round(1.5 * off, 3) if own else 0.0),
        Evidence("words of a shop", 0.7 * min(2, sum(1 for word in words if word in _SHOP_WORDS))),
        Evidence("trade words", round(min(3.0, 1.3 * sum(signs.values())), 3)),
        Evidence("names the site", -3.0 if names_it else 0.0),
        Evidence("reads as a name", -2.5 if _is_name(link.anchor.text) else 0.0),
        Evidence("institution", _institution(link.host)),
    ]
    family = max(sorted(signs), key=lambda name: signs[name]) if signs else ""
    element = site.article.elements[link.element]
    return Planted("spam.structure.bought-anchor", _family(link.host, family), link.element, element.span,
                   tuple(item for item in evidence if item.weight), host=link.host)  # fmt: skip


_WORDS = re.compile(r"[^\W_]+")


def _is_name(anchor: str) -> bool:
    """Whether all longer words of an anchor begin with a capital, as those of organisations do."""
    return all(word[0].isupper() for word in _WORDS.findall(anchor) if len(word) >= 4)


_SAID = frozenset({"sponsored", "author", "license", "me"})


def _is_shown(site: Site, link: Link) -> bool:
    block = site.article.blocks[link.block]
    return block.hiding is None and not {block.role, block.container} & {"code", "quotation", "navigation", "footer"}


def _neighbours(site: Site, link: Link) -> tuple[str, str]:
    """Return the word before a link, in lower case, and the one behind it."""
    text = site.article.blocks[link.block].text.text
    before = _WORDS.findall(text[max(0, link.at - 40) : link.at])
    after = _WORDS.findall(text[link.at + len(link.anchor.text) :][:40])
    return (before[-1].lower() if before else "", after[0] if after else "")


# --- frames without a size ------------------------------------------------------------------------------------------

_NO_SIZE = re.compile(r"0*[01](?:px|%)?")
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top)\s*:\s*-\d{3,}|opacity\s*:\s*0(?![.\d])"
)


def _frames(site: Site) -> Iterator[Planted]:
    """Yield frames of other sites that a reader does not see, those of tag managers for pages without scripts aside."""
    for index, element in numbered(site.article, "iframe"):
        got = {item.name: item.value.text.strip() for item in attributes(site.article, index)}
        host = host_of(got.get("src", ""))
        parent = site.article.elements[element.parent].tag if element.parent >= 0 else ""
        if not host or parent == "noscript" or site.is_own(host):
            continue
        style = got.get("style", "").lower()
        sizes = [got.get("width", ""), got.get("height", ""), *re.findall(r"\b(?:width|height)\s*:\s*([^;]+)", style)]
        if not any(_NO_SIZE.fullmatch(size.strip()) for size in sizes) and not _UNSEEN_STYLE.search(style):
            continue
        evidence = (Evidence("base rate", BASE_RATE), Evidence("frame without a size", 3.5),
                    *_of_host(site, host, got["src"], index))  # fmt: skip
        if not _is_root(got["src"]):
            evidence = (*evidence, Evidence("page of a service", -2.5))
        yield Planted("spam.hiding.frame", _family(host), index, element.span, evidence)


# --- addresses in the head ------------------------------------------------------------------------------------------


def _head_links(site: Site) -> Iterator[Planted]:
    """Yield canonical, amphtml and hreflang links that send machines to another site."""
    heads = site.heads
    if not heads:
        return
    languages = [host_of(address) for _, relation, address, _ in heads if relation == "hreflang"]
    canonicals = [host_of(address) for _, relation, address, _ in heads if relation == "canonical"]
    for index, relation, address, place in heads:
        host = host_of(address)
        if not host or site.is_own(host) or "ampproject" in host:
            continue
        known = bool(site.own)
        if relation == "canonical" and not known:
            continue  # nothing else says whose page this is
        evidence = [Evidence("base rate", BASE_RATE), *_of_host(site, host, address, index)]
        evidence.append(Evidence("speaks for another site", 2.2 if known else 1.4))
        if relation == "hreflang" and sum(_name(other) == _name(host) for other in languages) == 1:
            evidence.append(Evidence("one language of its own site", 2.2))
        if relation == "amphtml":
            evidence.append(Evidence("short form on another site", 2.2))
        exact = relation != "canonical" or len(canonicals) > 1
        yield Planted("spam.hiding.head-link", _family(host), index, place, tuple(evidence), exact=exact)


# --- structured data ------------------------------------------------------------------------------------------------

_PLAIN_PATHS = re.compile(
    r"(?:^|\.)(?:@\w+|url|image|logo|sameas|item|identifier|date\w*|\w+date|price\w*|duration|ratingvalue|reviewcount"
    r"|ratingcount|telephone|email|contenturl|embedurl|target|inlanguage)(?:\.|$)"
)
_SHOP = frozenset(
    "product offer aggregateoffer softwareapplication mobileapplication game videogame casino onlinestore".split()
)
_FEWEST_WORDS = 3
_FEWEST_OF_TRAIL = 2


def _data(site: Site) -> Iterator[Planted]:
    """Yield scripts of structured data that describe something of another site, in words that the page does not use."""
    scripts: dict[int, list[Block]] = {}
    for block in site.article.blocks:
        if block.role == "data" and block.element >= 0:
            scripts.setdefault(block.element, []).append(block)
    for element, blocks in scripts.items():
        found = _of_script(site, element, blocks)
        if found is not None:
            yield found


class _Said(NamedTuple):
    """What one script of structured data says."""

    text: str
    """Its own words: names, descriptions, headlines."""
    types: frozenset[str]
    address: str
    name: str
    rated: bool


def _read_script(blocks: list[Block]) -> _Said:
    texts: list[str] = []
    types: set[str] = set()
    address = name = trail = ""
    rated = False
    for block in blocks:
        path, value = block.name.lower(), block.text.text.strip()
        if path.endswith("@type"):
            types.add(value.lower())
        elif path in {"url", "offers.url", "mainentityofpage", "0.url"} and not address:
            address = value
        elif path.endswith((".item", ".item.@id")):
            trail = trail or value
        elif not _PLAIN_PATHS.search(path):
            texts.append(value)
            name = name or (value if path in {"name", "0.name"} else "")
        rated = rated or path.endswith(("ratingvalue", "reviewcount"))
    return _Said("\n".join(texts), frozenset(types), address or trail, name, rated or "aggregaterating" in types)


def _of_script(site: Site, element: int, blocks: list[Block]) -> Planted | None:
    said = _read_script(blocks)
    sells = bool(said.types & _SHOP)
    is_trail = "breadcrumblist" in said.types and not sells
    if not sells and not said.address:
        return None
    address = said.address
    host = host_of(address)
    if host and site.is_own(host):
        return None
    words = set(stems(said.text))
    whole = "\n".join(block.text.text for block in blocks)
    shared = sum(1 for word in words if site.topic.count(word)) / max(1, len(words))
    if is_trail and (shared or len(words) < _FEWEST_OF_TRAIL):
        return None  # a trail to this page is of its words
    signs = _signs(whole)
    weights: dict[str, float] = {}
    for phrase in signs:
        for seed in phrase.seeds:
            weights[seed.family] = weights.get(seed.family, 0.0) + seed.weight
    evidence = [Evidence("base rate", BASE_RATE)]
    if host:
        evidence += _of_host(site, host, address, element)
        evidence.append(Evidence("describes something of another site", 1.5))
    if said.name and said.name.lower() not in site.text.lower():
        evidence.append(Evidence("names what the page does not", 0.7))
    if sells:
        evidence += (Evidence("sells something", 0.8), Evidence("rated by thousands", 0.4 if said.rated else 0.0))
    if is_trail or len(words) >= _FEWEST_WORDS:
        evidence.append(Evidence("shares no words with the page", round(2.2 - 5.0 * min(1.0, shared), 3)))
    evidence.append(Evidence("trade words", round(min(3.0, 1.3 * sum(weights.values())), 3)))
    family = max(sorted(weights), key=lambda name: weights[name]) if weights else ""
    span = site.article.elements[element].span
    return Planted("spam.hiding.data", _family(host, family), element, span,
                   tuple(item for item in evidence if item.weight))  # fmt: skip


def _signs(text: str) -> tuple[Phrase, ...]:
    folded = fold(text)
    return phrases(folded.text, seeds(folded.text, folded.text if folded.edits else text, ()))
