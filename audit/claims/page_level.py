"""What a health page should say of itself: author, reviewer, dates, references, emergency line, other options."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import msgspec

from audit.claims.readability import HARD
from audit.claims.sourcing import is_primary
from audit.findings import Reporter
from audit.model import Article, Category, Claim, Disclaimer, Finding
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
}
"""When a section is not asked for, by the name that `unless` of a rule gives; told the sections that were found."""


def _told(page: Facts, *names: str) -> bool:
    return any(fact.name in names and fact.value.strip() for fact in page.article.facts)


class _Sections:
    """The words of the section rules, compiled."""

    __slots__ = ("_patterns", "_phrases", "rules")

    def __init__(self, rules: Iterable[RequiredSection]) -> None:
        self.rules = tuple(rules)
        self._phrases = Phrases(rule.any for rule in self.rules)
        self._patterns = Patterns(rule.regex for rule in self.rules)

    def present(self, folded: str, edges: str) -> frozenset[str]:
        """Return the ids of the sections that the page has; patterns read its edges only."""
        entries = {hit.entry for hit in self._phrases.find(folded)} | {hit.entry for hit in self._patterns.find(edges)}
        return frozenset(self.rules[entry].id for entry in sorted(entries))


@functools.lru_cache(maxsize=4)
def _sections(rules: RuleSet) -> _Sections:
    return _Sections(rules.of(RequiredSection))


def missing(page: Facts, folded: str, rules: RuleSet, reporter: Reporter) -> tuple[Finding, ...]:
    """Return a finding for each section that the page should have and has not.

    Args:
        page: What is known of it.
        folded: Its readable text.
        rules: Where the required sections stand.
        reporter: Makes the findings; they have no span, for nothing is there.
    """
    if page.words < _FEWEST_WORDS:
        return ()
    sections = _sections(rules)
    present = sections.present(folded, folded)
    found: list[Finding] = []
    for rule in sections.rules:
        if rule.id in present or (rule.unless in _PROPERTIES and _PROPERTIES[rule.unless](page, present)):
            continue
        severity = rules.severity(rule)
        message = rule.message.replace("{grade}", "" if page.grade is None else f"{page.grade:g}")
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
               "funding": 0.5, "emergency": 0.7, "disclaimer": 0.8, "alternatives": 0.55}  # fmt: skip
"""How sure it is that the section is missing, by hand: where it often stands elsewhere on the site, less."""


def category(rule: RequiredSection) -> Category:
    """Return the category of a section rule: its own, or the first part of its id."""
    return rule.category or msgspec.convert(rule.id.split(".", 1)[0], type=Category)
