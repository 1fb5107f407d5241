"""What a cue governs: clauses, hedges, boosters and negations.

A clause ends at a semicolon, colon, bracket or dash, at a conjunction that opens another statement, and at a comma or
“and” with a subject after it. Inside one, a hedge governs the predicates to its right, or the one it is attached to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from audit.claims.grammar import Grammar
from audit.claims.lexicon import Lexicon, Mark
from audit.model import Strength
from audit.rules.schema import CueRule
from audit.text.span import Span

_ATTACHED = 40
"""Code points after a predicate within which a loose hedge still belongs to it."""
_NEGATION_REACH = 60


def boundaries(text: str, grammar: Grammar) -> tuple[int, ...]:
    """Return where clauses begin in a folded sentence, in order; the first one begins at 0."""
    return (0, *(match.end() for match in grammar.clause.finditer(text) if match.end() > 0))


def clause(starts: Sequence[int], at: int, end: int) -> Span:
    """Return the clause that holds a place in a sentence that ends at `end`."""
    index = bisect_right(starts, at) - 1
    return Span(starts[index], starts[index + 1] if index + 1 < len(starts) else end)


def apart(starts: Sequence[int], left: int, right: int) -> bool:
    """Whether a clause begins between two places."""
    return bisect_right(starts, left) != bisect_right(starts, right)


def hedges(mark: Mark, predicate: Mark, text: str, starts: Sequence[int], rule: CueRule, grammar: Grammar) -> bool:
    """Whether a hedge governs a predicate of the same folded sentence."""
    if mark.start < predicate.end and predicate.start < mark.end:
        return True
    if mark.end <= predicate.start:
        between = text[mark.end : predicate.start]
        if rule.id in grammar.about_evidence:
            return len(between) < _EVIDENCE_REACH and ";" not in between
        if apart(starts, mark.start, predicate.start):
            return False
        if text[mark.start : mark.end] in grammar.modal and grammar.enumeration.search(between):
            return grammar.finite.match(text, predicate.start) is None
        return True
    gap = predicate.end <= mark.start <= predicate.end + _ATTACHED
    return gap and rule.id in grammar.loose and not apart(starts, predicate.start, mark.start)


_EVIDENCE_REACH = 120


def negates(mark: Mark, predicate: Mark, text: str, starts: Sequence[int], rule: CueRule, grammar: Grammar) -> bool:
    """Whether a negation denies a predicate of the same folded sentence."""
    if mark.end > predicate.start:
        return mark.start >= predicate.start and mark.end <= predicate.end
    if is_pseudo(text, mark, grammar) or apart(starts, mark.start, predicate.start):
        return False
    between = text[mark.end : predicate.start]
    if len(between) > _NEGATION_REACH or grammar.opposed.search(between):
        return False
    if rule.id in grammar.of_nouns:
        return text[mark.start : mark.end] in grammar.noun_negation
    return grammar.resumed.search(between) is None


def is_pseudo(text: str, mark: Mark, grammar: Grammar) -> bool:
    """Whether what looks like a negation is none: “not only”, “no doubt”."""
    found = grammar.no_negation.search(text, max(0, mark.start - 8), min(len(text), mark.end + 24))
    return found is not None and found.start() < mark.end and mark.start < found.end()


def strength(
    predicate: Mark, text: str, starts: Sequence[int], cues: Sequence[Mark], lexicon: Lexicon, *, advice: bool = False
) -> tuple[Strength, Mark | None]:
    """Return the strength of a predicate and the cue that gives it; “always” and its like boost no advice."""
    best: tuple[Strength, Mark | None] = ("direct", None)
    for mark in cues:
        rule = lexicon.rules[mark.entry]
        if not isinstance(rule, CueRule):
            continue
        if rule.cue == "booster":
            if (
                not advice
                and _reaches(mark, predicate, text, lexicon.grammar)
                and not apart(starts, mark.start, predicate.start)
                and not _taken_back(text, mark, lexicon.grammar)
            ):
                return "booster", mark
        elif rule.cue == "hedge" and hedges(mark, predicate, text, starts, rule, lexicon.grammar):
            if rule.strength == "strong":
                best = ("strong", mark)
            elif best[0] == "direct":
                best = ("weak", mark)
    return best


def _reaches(booster: Mark, predicate: Mark, text: str, grammar: Grammar) -> bool:
    """Whether a booster stands before its predicate, or close behind it: “cures gout for good”."""
    if booster.start <= predicate.end:
        return True
    near = booster.start - predicate.end <= _ATTACHED
    return near and text[booster.start : booster.end] not in grammar.before_only


def _taken_back(text: str, booster: Mark, grammar: Grammar) -> bool:
    """Whether a booster is denied or asked for: “not always”, “no guarantee”, “should always”."""
    before = text[max(0, booster.start - 32) : booster.start]
    return grammar.booster_denied.search(before) is not None


def governed(mark: Mark, text: str, starts: Sequence[int], grammar: Grammar) -> Span:
    """Return the stretch of a folded sentence that a cue governs: from the cue, or its subject, to the clause's end."""
    whole = clause(starts, mark.start, len(text))
    end = whole.end
    while end > mark.end and text[end - 1] in " ,;:.!?-()\"'":
        end -= 1
    start = whole.start if grammar.raises.match(text, mark.start) else mark.start
    return Span(start, max(end, mark.end))
