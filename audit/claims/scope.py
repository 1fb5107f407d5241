"""What a cue governs: clauses, hedges, boosters and negations.

A clause ends at a semicolon, colon, bracket or dash, at a conjunction that opens another statement, and at a comma or
“and” with a subject after it. Inside one, a hedge governs the predicates to its right, or the one it is attached to.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from audit.claims.lexicon import Lexicon, Mark
from audit.model import Strength
from audit.rules.schema import CueRule
from audit.text.span import Span

_SUBJECT = (
    "it|they|he|she|we|you|i|this|these|those|there|one|most|many|some|the|a|an|both|each|massage|patients|people|"
    "doctors|researchers|scientists|studies|research"
)
_CLAUSE = re.compile(
    r"(?:;|:|[()\[\]]| --? )|,? (?=(?:but|however|although|though|whereas|while|because|since|so that|yet|nevertheless|"
    r"unless|even though|even if) )(?!because of|yet )|"
    rf",(?:\"|')? (?=(?:and |or |so |then )?(?:{_SUBJECT}|which|who|where|when|if) )|"
    r" (?=(?:and|or|so) (?:it|they|he|she|we|you|i|this|these|there|that|the [a-z]+ (?:is|are|was|were|has|can|may)) )"
)
_PSEUDO_NEGATION = re.compile(
    r"not (?:only|just|merely|simply|to mention|necessarily|surprising|surprisingly|unlike|uncommon|unusual|until|all)|"
    r"no (?:doubt|wonder|matter|longer than|later than|more than|one can deny|question|surprise|exception)|"
    r"cannot be overstated|"
    r"(?:can't|cannot|can not) help|(?:do|does|did)(?: not|n't) (?:hesitate|forget|worry)|never fails?|"
    r"without (?:a )?doubt|"
    r"why not|whether or not|or not|not-for-profit|nothing works better"
)
_MODAL = frozenset({"may", "might", "can", "could", "able to", "maybe", "help", "helps", "helping"})
_FINITE = re.compile(r"[a-z]+[^s'u]s\b")
_LOOSE = ("language.en.hedges.evidence", "language.en.hedges.frequency", "language.en.hedges.adverb")
"""Hedges that may follow what they govern: “works in some people”, “it helps, usually”."""
_ATTACHED = 40
"""Code points after a predicate within which a loose hedge still belongs to it."""
_NEGATION_REACH = 60


def boundaries(text: str) -> tuple[int, ...]:
    """Return where clauses begin in a folded sentence, in order; the first one begins at 0."""
    return (0, *(match.end() for match in _CLAUSE.finditer(text) if match.end() > 0))


def clause(starts: Sequence[int], at: int, end: int) -> Span:
    """Return the clause that holds a place in a sentence that ends at `end`."""
    index = bisect_right(starts, at) - 1
    return Span(starts[index], starts[index + 1] if index + 1 < len(starts) else end)


def apart(starts: Sequence[int], left: int, right: int) -> bool:
    """Whether a clause begins between two places."""
    return bisect_right(starts, left) != bisect_right(starts, right)


def hedges(mark: Mark, predicate: Mark, text: str, starts: Sequence[int], rule: CueRule) -> bool:
    """Whether a hedge governs a predicate of the same folded sentence."""
    if mark.start < predicate.end and predicate.start < mark.end:
        return True
    if mark.end <= predicate.start:
        between = text[mark.end : predicate.start]
        if rule.id in _ABOUT_EVIDENCE:
            return len(between) < _EVIDENCE_REACH and ";" not in between
        if apart(starts, mark.start, predicate.start):
            return False
        if text[mark.start : mark.end] in _MODAL and (" and " in between or "," in between):
            return _FINITE.match(text, predicate.start) is None
        return True
    gap = predicate.end <= mark.start <= predicate.end + _ATTACHED
    return gap and rule.id in _LOOSE and not apart(starts, predicate.start, mark.start)


_ABOUT_EVIDENCE = ("language.en.hedges.suggest", "language.en.hedges.evidence", "language.en.hedges.think")
"""Verbs and nouns that govern the clause they introduce: “early data suggest that, in men, tea lowers the risk”."""
_EVIDENCE_REACH = 120


def negates(mark: Mark, predicate: Mark, text: str, starts: Sequence[int], rule: CueRule) -> bool:
    """Whether a negation denies a predicate of the same folded sentence."""
    if mark.end > predicate.start:
        return mark.start >= predicate.start and mark.end <= predicate.end
    if is_pseudo(text, mark) or apart(starts, mark.start, predicate.start):
        return False
    between = text[mark.end : predicate.start]
    if len(between) > _NEGATION_REACH or ", but " in between:
        return False
    if rule.id == "language.en.negation.no":
        return text[mark.start : mark.end] in {"no", "neither", "nor", "none"}
    return _RESUMED.search(between) is None


_RESUMED = re.compile(r" (?:and|so|to|that) (?:it|they|you|we|he|she) | but | (?:which|who) ")


def is_pseudo(text: str, mark: Mark) -> bool:
    """Whether what looks like a negation is none: “not only”, “no doubt”."""
    found = _PSEUDO_NEGATION.search(text, max(0, mark.start - 8), min(len(text), mark.end + 24))
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
                and _reaches(mark, predicate, text)
                and not apart(starts, mark.start, predicate.start)
                and not _taken_back(text, mark)
            ):
                return "booster", mark
        elif rule.cue == "hedge" and hedges(mark, predicate, text, starts, rule):
            if rule.strength == "strong":
                best = ("strong", mark)
            elif best[0] == "direct":
                best = ("weak", mark)
    return best


def _reaches(booster: Mark, predicate: Mark, text: str) -> bool:
    """Whether a booster stands before its predicate, or close behind it: “cures gout for good”."""
    if booster.start <= predicate.end:
        return True
    return booster.start - predicate.end <= _ATTACHED and text[booster.start : booster.end] != "always"


def _taken_back(text: str, booster: Mark) -> bool:
    """Whether a booster is denied or asked for: “not always”, “no guarantee”, “should always”."""
    before = text[max(0, booster.start - 32) : booster.start]
    return _DENIES_BOOSTER.search(before) is not None


_DENIES_BOOSTER = re.compile(
    r"(?:(?:\bnot|n't|cannot|\bno|\bfew|never|nor|without|almost|nearly|rarely|should|must)"
    r"(?: [a-z]+){0,3}|nothing is|without being) $"
)


_RAISES = re.compile(
    r"(?:is|are|was|were|been|be) (?:thought|believed|suspected|known|considered|likely|unlikely)|"
    r"(?:appear|seem)(?:s|ed)?(?= to)|likely|unlikely"
)


def governed(mark: Mark, text: str, starts: Sequence[int]) -> Span:
    """Return the stretch of a folded sentence that a cue governs: from the cue, or its subject, to the clause's end."""
    whole = clause(starts, mark.start, len(text))
    end = whole.end
    while end > mark.end and text[end - 1] in " ,;:.!?-()\"'":
        end -= 1
    start = whole.start if _RAISES.match(text, mark.start) else mark.start
    return Span(start, max(end, mark.end))
