"""What somebody put into the page: finders propose, features describe, the judge decides, another parser checks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from audit.findings import Reporter
from audit.model import Action, Article, Cut, Evidence, Finding
from audit.rules.match import Hosts, Lexical, Matcher
from audit.rules.schema import Anchor, Host, Markup, Pattern, Phrase, Rule
from audit.spam import payload, structural
from audit.spam.boundaries import grown
from audit.spam.cutting import cut
from audit.spam.features import Features, features
from audit.spam.finders import FINDERS, Candidate, Look, addresses_machines, has_comments, strongest
from audit.spam.judge import Judgement, judge
from audit.spam.units import View
from audit.spam.verdict import PageVerdict, page_verdict
from audit.spam.verify import is_clean_cut
from audit.text.folding import Folded, fold
from audit.text.span import Span, union

if TYPE_CHECKING:
    from audit.rules.load import RuleSet


class Injected(msgspec.Struct, frozen=True):
    """The injections of one page: what is reported and what goes."""

    findings: tuple[Finding, ...] = ()
    cuts: tuple[Cut, ...] = ()


class Case(NamedTuple):
    """One candidate with all that became of it."""

    candidate: Candidate
    found: Features
    judgement: Judgement


def detect(article: Article, rules: RuleSet, reporter: Reporter) -> Injected:
    """Return the injections of a page, in page order.

    Cuts are disjoint. If the independent parser does not read the cut page as the page less the cuts, none of them
    stands and all become flags that say so.
    """
    look = examine(article, rules)
    if look is None:
        return Injected(_redirects(article, rules, reporter))
    verdict = page_verdict(look)
    if verdict is not None and verdict.rule in _enabled(rules):
        return Injected((_page_finding(look, verdict, rules, reporter),))
    cases = choose(look, [_case(look, candidate, rules) for candidate in _proposals(look, rules)])
    places = [cut(look.view, case.candidate) if case.judgement.action == "cut" else () for case in cases]
    sound = article.page.kind != "html" or is_clean_cut(article.page.text, union(p for ps in places for p in ps))
    findings = [_finding(look, case, rules, reporter, sound=sound) for case in cases]
    if not sound:
        places = [() for _ in places]
    found = tuple(finding for finding in findings if finding is not None)
    return Injected((*found, *_redirects(article, rules, reporter)), _cuts(cases, places))


def examine(article: Article, rules: RuleSet) -> Look | None:
    """Return the page with its signs, ready for the finders; nothing for a page without any sign."""
    view = View(article)
    folded = fold(view.text)
    listed, helps = _listed(view, folded, rules)
    signs = payload.seeds(folded.text, folded.text if folded.edits else view.text, listed)
    phrases = payload.phrases(folded.text, signs)
    if folded.edits:
        phrases = tuple(payload.placed(phrase, folded) for phrase in phrases)
    if (
        not (phrases or folded.disguises or article.links or addresses_machines(folded.text) or has_comments(view.text))
        and view.text.isascii()
    ):
        return None
    return Look(view, folded, phrases, helps)


def choose(look: Look, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases that act and do not overlap, in order: the surest first, each grown to its boundaries."""
    kept: list[Case] = []
    acting = [case for case in cases if case.judgement.action is not None]
    proposals = [case.candidate for case in cases]
    for case in sorted(acting, key=_surest_first):
        if any(case.candidate.span.touches(other.candidate.span) for other in kept):
            continue
        whole = grown(look, case.candidate, proposals)
        if any(whole.span.touches(other.candidate.span) for other in kept):
            whole = case.candidate
        kept.append(case._replace(candidate=whole))
    return tuple(sorted(kept, key=lambda case: case.candidate))


def _surest_first(case: Case) -> tuple[bool, float, int, Candidate]:
    return (
        case.judgement.action != "cut", -case.judgement.log_odds, -len(case.candidate.span), case.candidate
    )  # fmt: skip


def _proposals(look: Look, rules: RuleSet) -> tuple[Candidate, ...]:
    """Return what the finders propose, less the techniques that the profile has disabled."""
    known = _enabled(rules)
    found = {candidate for find in FINDERS.values() for candidate in find(look)}
    return tuple(sorted(candidate for candidate in found if len(candidate.span) and candidate.rule in known))


@lru_cache(maxsize=8)
def _enabled(rules: RuleSet) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules.rules}


def _case(look: Look, candidate: Candidate, rules: RuleSet) -> Case:
    found = features(look, candidate)
    return Case(candidate, found, judge(found, rules.profile))


def _listed(view: View, folded: Folded, rules: RuleSet) -> tuple[list[payload.Seed], tuple[Span, ...]]:
    """Return what the rule packs find, as seeds of the folded text, and where they find a help context."""
    matcher, hosts, named = _matchers(rules)
    found: list[payload.Seed] = []
    helps: list[Span] = []
    for hit in matcher.find(folded):
        rule = matcher.rules[hit.entry]
        if isinstance(rule, Phrase | Pattern) and rule.evidence == "help":
            helps.append(folded.to_source(hit.span))
        else:
            found.append(_seed(hit.span, rule, "term"))
    if named:
        found += (_seed(hit.span, named[hit.entry], "address") for hit in hosts.find(folded.text))
        for link in view.article.links:
            if link.block >= 0 and link.host and link.anchor.text:
                start = view.span_of(link.block).start + link.at
                span = folded.from_source(Span(start, start + len(link.anchor.text)))
                found += (_seed(span, named[entry], "address") for entry in hosts.of(link.host) if len(span))
    for own in _users_own(rules):
        places = (
            structural.anchors(own, view.article) if isinstance(own, Anchor) else structural.markup(own, view.article)
        )
        for index, part in places:
            start = view.span_of(index).start
            span = folded.from_source(Span(start + part.start, start + part.end))
            if len(span):
                found.append(_seed(span, own, "term"))
    return found, tuple(helps)


def _seed(span: Span, rule: Rule | Lexical, kind: payload.SeedKind) -> payload.Seed:
    return payload.Seed(span.start, span.end, kind, rule.id.split(".")[1], getattr(rule, "weight", 1.0), rule.id)


@lru_cache(maxsize=8)
def _matchers(rules: RuleSet) -> tuple[Matcher, Hosts, tuple[Host, ...]]:
    """Return the packs' words and hosts, compiled once for a set of rules."""
    words: tuple[Phrase | Pattern, ...] = (*rules.of(Phrase), *rules.of(Pattern))
    named = tuple(rule for rule in rules.of(Host) if rule.id.startswith("spam."))
    read = (rule for rule in words if rule.id.startswith("spam.") and rule.evidence in {"payload", "help"})
    return Matcher(read), Hosts(named), named


@lru_cache(maxsize=8)
def _users_own(rules: RuleSet) -> tuple[Anchor | Markup, ...]:
    """Return the rules on form that say themselves that they find payload; the finders see to the others."""
    forms: tuple[Anchor | Markup, ...] = (*rules.of(Anchor), *rules.of(Markup))
    return tuple(rule for rule in forms if rule.evidence == "payload")


def _finding(look: Look, case: Case, rules: RuleSet, reporter: Reporter, *, sound: bool) -> Finding | None:
    candidate, found, judgement = case
    places = look.view.place(candidate.span)
    if not places or judgement.action is None:
        return None
    rule = _rule_of(candidate, found, rules)
    action: Action = judgement.action if sound else "flag"
    evidence = judgement.evidence
    why = rule.why
    if not sound and judgement.action == "cut":
        why = f"{why} Not cut: the page less this span does not parse to the page less this span.".strip()
    return reporter.finding(
        rule=rule.id,
        category="spam",
        family=found.family or "injection",
        severity=_severity(rule, action, rules),
        confidence=judgement.confidence,
        action=action,
        message=rule.message,
        why=why,
        spans=places,
        evidence=evidence,
    )


def _redirects(article: Article, rules: RuleSet, reporter: Reporter) -> tuple[Finding, ...]:
    """Return a flag for every redirect to another site and every packed script: there is nothing to cut by itself."""
    return tuple(
        reporter.finding(
            rule=rule.id, category="spam", family="injection", severity=rules.severity(rule), confidence=_PACKED,
            action="flag", message=rule.message, why=rule.why, spans=[span],
            evidence=[Evidence("redirect or packed script", round(math.log(_PACKED / (1 - _PACKED)), 3))],
        )
        for rule in rules.of(Markup)
        for span in structural.raw(rule, article)
    )  # fmt: skip


_PACKED = 0.6
"""Set by hand: more redirects and packed scripts of health sites are clumsy than hostile."""


def _rule_of(candidate: Candidate, found: Features, rules: RuleSet) -> Rule:
    """Return the rule a finding speaks in the name of: the strongest listed payload, else the technique."""
    seed = strongest(found.phrases)
    listed = seed is not None and seed.weight >= 1.0
    return _enabled(rules)[seed.rule if seed is not None and listed else candidate.rule]


def _severity(rule: Rule, action: Action, rules: RuleSet) -> int:
    if action == "cut":
        return max(3, rules.severity(rule))
    return 2 if action == "flag" else 1


def _cuts(cases: Sequence[Case], places: Sequence[tuple[Span, ...]]) -> tuple[Cut, ...]:
    """Return the places joined, each with the rules that took it."""
    joined = union(place for each in places for place in each)
    owners: dict[Span, set[str]] = {span: set() for span in joined}
    for case, each in zip(cases, places, strict=True):
        for span in joined:
            if any(place.touches(span) for place in each):
                owners[span] |= {case.candidate.rule, *(s.rule for p in case.found.phrases for s in p.seeds if s.rule)}
    return tuple(Cut(span.start, span.end, tuple(sorted(owners[span]))) for span in joined)


def _page_finding(look: Look, verdict: PageVerdict, rules: RuleSet, reporter: Reporter) -> Finding:
    rule = _enabled(rules)[verdict.rule]
    return reporter.finding(
        rule=verdict.rule,
        category="spam",
        family=verdict.family,
        severity=4,
        confidence=verdict.confidence,
        action="flag",
        message=rule.message,
        why=rule.why,
        spans=look.view.place(verdict.quote),
        evidence=verdict.evidence,
    )
