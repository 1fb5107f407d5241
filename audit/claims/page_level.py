"""What a health page should say of itself: author, reviewer, dates, references, emergency line, other options.

What only the whole site can show (who pays, how to reach the makers, privacy) is not called missing: such a finding
says “Not checkable from this page”, has severity 0 and takes no point.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable

import msgspec

from audit.claims.readability import HARD
from audit.findings import Reporter
from audit.model import Article, Category, Claim, Disclaimer, Finding, Link, Role
from audit.page.links import is_primary
from audit.rules.load import RuleSet
from audit.rules.match import Patterns, Phrases
from audit.rules.schema import RequiredSection


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the page when its sections are asked for."""

    article: Article
    claims: tuple[Claim, ...]
    disclaimers: tuple[Disclaimer, ...]
    red_flags: int
    words: int
    grade: float | None
    folded: str
    """The readable text."""


_FEWEST_WORDS = 120
"""A note or a leaflet's cut-out shorter than this is not asked for author, date and references."""

_PROPERTIES: dict[str, Callable[[Facts, frozenset[str]], bool]] = {
    "author": lambda page, _: _told(page, "author"),
    "no-author": lambda page, present: "transparency.author.missing" not in present and not _told(page, "author"),
    "reviewer": lambda page, _: _told(page, "reviewer"),
    "date": lambda page, _: _told(page, "published", "modified", "reviewed"),
    "no-metadata-date": lambda page, _: not _told(page, "published", "modified", "reviewed"),
    "references": lambda page, _: (
        not any(claim.severity for claim in page.claims)
        or _told(page, "citation")
        or any(is_primary(link.host) for link in page.article.links if link.host)
    ),
    "funding": lambda page, _: any(item.kind == "disclosure" for item in page.disclaimers),
    "contact": lambda page, _: any(link.href.startswith(("mailto:", "tel:")) for link in page.article.links),
    "disclaimer": lambda page, _: any(item.kind in {"complementarity", "consult"} for item in page.disclaimers),
    "no-red-flag": lambda page, _: not page.red_flags or any(item.kind == "emergency" for item in page.disclaimers),
    "no-treatment-claims": lambda page, _: (
        sum(claim.type in {"treat", "cure", "prevent", "compare"} and claim.severity > 0 for claim in page.claims) < 2
    ),
    "plain": lambda page, _: page.grade is None or page.grade < HARD,
    "english": lambda _page, _present: True,
    "dates-agree": lambda page, _: _dates_agree(page),
    "no-paid-links": lambda page, _: (
        not any(_is_paid(link) for link in page.article.links)
        or any(item.kind == "disclosure" for item in page.disclaimers)
    ),
    "no-reference-list": lambda page, _: not _references(page.article),
    "no-dead-references": lambda page, _: not any(_is_dead(link) for link in _references(page.article)),
}
"""When a section is not asked for, by the name that `unless` of a rule gives; told the sections that were found."""


def _told(page: Facts, *names: str) -> bool:
    return any(fact.name in names and fact.value.strip() for fact in page.article.facts)


_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = r"(?P<{}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SHOWN = re.compile(
    r"(?<![a-z0-9])(?:(?P<d1>[0-9]{1,2})(?:st|nd|rd|th)? " + _MONTH.format("m1") + r",? (?P<y1>(?:19|20)[0-9]{2})|"
    + _MONTH.format("m2") + r" (?:(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?,? )?(?P<y2>(?:19|20)[0-9]{2})|"
    r"(?P<y3>(?:19|20)[0-9]{2})-(?P<m3>[0-9]{2})-(?P<d3>[0-9]{2}))(?![0-9])"
)  # fmt: skip
_TOLD = re.compile(r"\s*([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_Date = tuple[int, int, int | None]
"""Year, month and, where it is given, day."""


def _shown(folded: str) -> list[_Date]:
    """Return the dates that a reader sees, in order."""
    found: list[_Date] = []
    for match in _SHOWN.finditer(folded):
        if match["y3"]:
            found.append((int(match["y3"]), int(match["m3"]), int(match["d3"])))
        else:
            month = _MONTHS[match["m1"] or match["m2"]]
            day = match["d1"] or match["d2"]
            found.append((int(match["y1"] or match["y2"]), month, int(day) if day else None))
    return found


def _told_dates(article: Article) -> list[_Date]:
    """Return the dates that machines are told."""
    named = (fact.value for fact in article.facts if fact.name in {"published", "modified", "reviewed"})
    matches = [match for value in named for match in [_TOLD.match(value)] if match]
    return [(int(match[1]), int(match[2]), int(match[3]) if match[3] else None) for match in matches]


def _dates_agree(page: Facts) -> bool:
    """Whether one date that is shown is one that machines are told; also where only one of the two has dates."""
    told = _told_dates(page.article)
    shown = _shown(page.folded) if told else []
    return not shown or any(
        a[:2] == b[:2] and (a[2] is None or b[2] is None or a[2] == b[2]) for a in told for b in shown
    )


def _written(dates: Iterable[_Date]) -> str:
    return ", ".join("-".join(f"{part:02}" for part in date if part is not None) for date in dict.fromkeys(dates))


_PARTNER = re.compile(
    r"[?&](?:tag|aff|affid|aff_id|affiliate|affiliate_id|awc|ref_id|partner_id)=|//(?:amzn\.to|shareasale\.com|"
    r"(?:www\.)?awin1\.com|go\.skimresources\.com|click\.linksynergy\.com|prf\.hn|anrdoezrs\.net)/"
)
"""Addresses by which a seller pays for a click."""


def _is_paid(link: Link) -> bool:
    return "sponsored" in link.rel or _PARTNER.search(link.href) is not None


_LIST = re.compile(r"(?:references?|sources?|bibliography|works cited|literature(?: cited)?|citations?):?\s*")


_ENTRIES: frozenset[Role] = frozenset({"list_item", "paragraph", "table_cell", "navigation"})
"""Roles of an entry; a list of nothing but links looks like navigation."""


def _references(article: Article) -> list[Link]:
    """Return the links of the blocks under a heading “References” or the like, up to the next heading."""
    under = False
    blocks: set[int] = set()
    for index, block in enumerate(article.blocks):
        if block.role == "heading":
            under = _LIST.fullmatch(block.text.text.strip().lower()) is not None
        elif under and block.role in _ENTRIES and block.container is None:
            blocks.add(index)
    return [link for link in article.links if link.block in blocks] if blocks else []


_DEAD_HREF = re.compile(
    r"\s*(?:#?|#top|javascript:.*|about:blank|https?://|https?://(?:localhost|127\.0\.0\.1|example\.(?:com|org|net)|"
    r"(?:www\.)?(?:doi\.org|dx\.doi\.org))/?)\s*"
)
"""Addresses that cannot be a source: none, a place holder, a resolver without a number."""


def _is_dead(link: Link) -> bool:
    return _DEAD_HREF.fullmatch(link.href.lower()) is not None


def _counted(article: Article) -> str:
    links = _references(article)
    dead = sum(map(_is_dead, links))
    primary = sum(is_primary(link.host) for link in links if link.host and not _is_dead(link))
    many = "reference" if len(links) == 1 else "references"
    other = len(links) - primary - dead
    return (
        f"{len(links)} {many}: {primary} to primary, official or journal sites, {other} elsewhere, "
        f"{dead} without an address"
    )


_BLANKS: dict[str, Callable[[Facts], str]] = {
    "{grade}": lambda page: "" if page.grade is None else f"{page.grade:g}",
    "{told}": lambda page: _written(_told_dates(page.article)),
    "{shown}": lambda page: _written(_shown(page.folded)[:3]),
    "{references}": lambda page: _counted(page.article),
    "{dead}": lambda page: ", ".join(
        f"“{link.anchor.text.strip() or link.href}”" for link in _references(page.article) if _is_dead(link)
    ),
}
"""What a message may name."""


class _Sections:
    """The words of the section rules, compiled."""

    __slots__ = ("_patterns", "_phrases", "rules")

    def __init__(self, rules: Iterable[RequiredSection]) -> None:
        self.rules = tuple(rules)
        self._phrases = Phrases(rule.any for rule in self.rules)
        self._patterns = Patterns(rule.regex for rule in self.rules)

    def present(self, folded: str) -> frozenset[str]:
        """Return the ids of the sections that the page has."""
        entries = {hit.entry for hit in self._phrases.find(folded)} | {hit.entry for hit in self._patterns.find(folded)}
        return frozenset(self.rules[entry].id for entry in sorted(entries))


@functools.lru_cache(maxsize=4)
def _sections(rules: RuleSet) -> _Sections:
    return _Sections(rules.of(RequiredSection))


def missing(page: Facts, rules: RuleSet, reporter: Reporter) -> tuple[Finding, ...]:
    """Return a finding for each section that the page should have and has not.

    Args:
        page: What is known of it.
        rules: Where the required sections stand.
        reporter: Makes the findings; they have no span, for nothing is there.
    """
    if page.words < _FEWEST_WORDS:
        return ()
    sections = _sections(rules)
    present = sections.present(page.folded)
    found: list[Finding] = []
    for rule in sections.rules:
        if rule.id in present or (rule.unless in _PROPERTIES and _PROPERTIES[rule.unless](page, present)):
            continue
        severity = rules.severity(rule)
        message = rule.message
        for blank, fill in _BLANKS.items():
            if blank in message:
                message = message.replace(blank, fill(page))
        found.append(
            reporter.finding(
                rule=rule.id,
                category=category(rule),
                family=rule.section,
                severity=severity,
                confidence=_CONFIDENCE.get(rule.section, 0.7),
                action="flag" if severity > 1 else "note",
                message=f"{message} {rule.help}" if rule.help else message,
                why=rule.why,
            )
        )
    return tuple(found)


_CONFIDENCE = {"author": 0.7, "reviewer": 0.75, "date": 0.85, "references": 0.8, "readability": 0.9, "contact": 0.5,
               "funding": 0.5, "privacy": 0.5, "sponsor": 0.8, "language": 0.9, "emergency": 0.7,
               "disclaimer": 0.8, "alternatives": 0.55}  # fmt: skip
"""How sure it is that the section is missing, by hand: where it often stands elsewhere on the site, less."""


def unread(language: str, rules: RuleSet, reporter: Reporter) -> tuple[Finding, ...]:
    """Return the finding that claims in this language (its English name) are not read; none if its rule is off."""
    return tuple(
        reporter.finding(
            rule=rule.id,
            category=category(rule),
            family=rule.section,
            severity=rules.severity(rule),
            confidence=_CONFIDENCE[rule.section],
            action="note",
            message=rule.message.replace("{language}", language),
            why=rule.why,
        )
        for rule in _sections(rules).rules
        if rule.section == "language"
    )


def category(rule: RequiredSection) -> Category:
    """Return the category of a section rule: its own, or the first part of its id."""
    return rule.category or msgspec.convert(rule.id.split(".", 1)[0], type=Category)
