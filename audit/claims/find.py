"""Which sentences are claims, and of what type: predicates of the rules, less what only looks like one.

Candidates come from the lexicon; `judge` decides on one sentence at a time with nothing but its marks and its
neighbours, so that a trained classifier can stand in its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import msgspec

from audit.claims import scope
from audit.claims.grammar import Grammar
from audit.claims.lexicon import Lexicon, Mark, met
from audit.model import ClaimType, Role, Strength
from audit.rules.schema import ClaimRule, CueRule
from audit.text.span import Span

ORDER: tuple[ClaimType, ...] = (
    "danger", "cure", "dose", "safe", "compare", "prevent", "treat", "testimonial", "diagnose", "prognose", "cause",
    "advise",
)  # fmt: skip
"""The first type that fits is the claim's."""


class Predicate(msgspec.Struct, frozen=True, gc=False):
    """What makes a sentence a claim, with how it is said."""

    rule: ClaimRule
    mark: Mark
    strength: Strength
    cue: Mark | None
    negated: bool
    clause: Span


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A sentence with what the rules found in it."""

    text: str
    """Folded."""
    marks: Sequence[Mark]
    role: Role
    before: str
    """The folded sentence before it in the article; empty at the start."""
    before_marks: Sequence[Mark]


_QUESTION = re.compile(r"\?[\"')\]]*\s*$")
_FULL_STOP = re.compile(r"[.!;:]['\")\]]*\s*$")
_WORD = re.compile(r"[a-z][a-z'-]*")
_FEWEST_WORDS = 3


def judge(candidate: Candidate, lexicon: Lexicon) -> Predicate | None:
    """Return the predicate that makes the sentence a claim, or nothing."""
    grammar = lexicon.grammar
    answer = grammar.answer.match(candidate.text)
    if answer is None and all(lexicon.names[mark.entry] != "claim" for mark in candidate.marks):
        return None
    text = candidate.text
    if _is_table(text, grammar) or _QUESTION.search(text) or grammar.reference.search(text):
        return None
    found = _first(candidate, _predicates(candidate, lexicon), grammar)
    if found is None and answer is not None:
        return _answered(candidate, lexicon, denied=answer["no"] is not None)
    return found


def telling(marks: list[Mark], text: str, grammar: Grammar) -> list[Mark]:
    """Return the marks without those of an adjective that looks like a verb: “lower back pain”."""
    if grammar.adjective.search(text) is None:
        return marks
    return [mark for mark in marks if grammar.adjective.match(text, mark.start) is None]


def _is_table(text: str, grammar: Grammar) -> bool:
    """Whether the text is a table of frequencies run into one line."""
    shares = text.count("%")
    return (
        shares > _MOST_SHARES
        or grammar.table.search(text) is not None
        or 0 < shares <= _MOST_SHARES < shares + text.count(" - ")
    )


def _is_label(candidate: Candidate) -> bool:
    """Whether the text is a heading, a label or a link rather than a sentence."""
    if candidate.role in {"heading", "title"}:
        return True
    return len(candidate.text) <= _LABEL_LENGTH and _FULL_STOP.search(candidate.text) is None


def _states(text: str, mark: Mark, grammar: Grammar) -> bool:
    """Whether the predicate of a label states a relation: it has its object or a verb (“fast relief from pain”)."""
    return (
        (" " in text[mark.start : mark.end] and grammar.topic.fullmatch(text, mark.start, mark.end) is None)
        or grammar.infinitive.search(text[: mark.start]) is not None
        or grammar.auxiliary.search(text) is not None
        or grammar.imperative.match(text) is not None
    )


def _inside_another(mark: Mark, claims: Sequence[Mark]) -> bool:
    """Whether a longer predicate holds this one: “improve” in “improve over time”."""
    return any(
        other.start <= mark.start and mark.end <= other.end and other.end - other.start > mark.end - mark.start
        for other in claims
    )


def _limits(marks: Sequence[Mark], lexicon: Lexicon) -> bool:
    """Whether the sentence is the notice that something is no medical advice, or not meant to treat."""
    return any(lexicon.rules[mark.entry].id in _NOTICES for mark in marks)


_NOTICES = ("safety.disclaimer.complementarity", "safety.disclaimer.product")


_LABEL_LENGTH = 60
_MOST_SHARES = 4
"""Percentages in one sentence; more is a table of frequencies."""


def _predicates(candidate: Candidate, lexicon: Lexicon) -> list[Predicate]:
    text, marks = candidate.text, candidate.marks
    claims = [mark for mark in marks if lexicon.names[mark.entry] == "claim"]
    if not claims or sum(1 for _ in _WORD.finditer(text)) < _FEWEST_WORDS or _limits(marks, lexicon):
        return []
    label = _is_label(candidate)
    starts = scope.boundaries(text, lexicon.grammar)
    found: list[Predicate] = []
    for mark in claims:
        rule = lexicon.rules[mark.entry]
        if not isinstance(rule, ClaimRule) or not met(rule.needs, mark, text, marks, lexicon.names):
            continue
        if _inside_another(mark, claims) or _excluded(mark, rule, candidate, lexicon, starts):
            continue
        if label and not _states(text, mark, lexicon.grammar):
            continue
        strength, cue = scope.strength(mark, text, starts, marks, lexicon, advice=rule.type == "advise")
        denied = rule.type not in _NEVER_NEGATED and not (rule.type == "safe" and _holds_negation(mark, marks, lexicon))
        negated = denied and _negated(mark, candidate, lexicon, starts)
        found.append(Predicate(rule, mark, strength, cue, negated, scope.clause(starts, mark.start, len(text))))
    return found


_NEVER_NEGATED = frozenset({"danger", "dose", "testimonial", "advise", "diagnose"})


def _first(candidate: Candidate, predicates: Sequence[Predicate], grammar: Grammar) -> Predicate | None:
    """Return the predicate an editor would mark first: what is stated before what goes along, by type, by place."""
    if not predicates:
        return None
    return min(predicates, key=lambda found: (_rank(found, candidate.text, grammar), found.mark.start, -found.mark.end))


_URGENT = frozenset({"danger", "cure", "testimonial"})
"""Types that an editor marks wherever in the sentence they stand."""


def _goes_along(text: str, mark: Mark, grammar: Grammar) -> bool:
    """Whether the predicate is, or hangs on, a participle after a comma: “…, helping to keep colds at bay”."""
    return any(
        match.start() <= mark.start <= match.end()
        for match in grammar.along.finditer(text, max(0, mark.start - 24), mark.start + 24)
    )


def _rank(found: Predicate, text: str, grammar: Grammar) -> tuple[bool, bool, int]:
    kind = found.rule.type
    aside = kind not in _URGENT and (
        grammar.subordinate.match(text, found.clause.start) is not None or _goes_along(text, found.mark, grammar)
    )
    return kind == "advise", aside, ORDER.index(kind)


def _negated(mark: Mark, candidate: Candidate, lexicon: Lexicon, starts: Sequence[int]) -> bool:
    for cue in candidate.marks:
        rule = lexicon.rules[cue.entry]
        if (
            isinstance(rule, CueRule)
            and rule.cue == "negation"
            and scope.negates(cue, mark, candidate.text, starts, rule, lexicon.grammar)
        ):
            return True
    return False


_OPENING = 3
"""A belief or an aim that opens the sentence governs all of it: “Myth: …”."""


def _holds_negation(mark: Mark, marks: Sequence[Mark], lexicon: Lexicon) -> bool:
    """Whether the predicate itself is a denial of harm: “no side effects”."""
    return any(
        lexicon.names[cue.entry] == "negation" and mark.start <= cue.start and cue.end <= mark.end for cue in marks
    )


def _excluded(mark: Mark, rule: ClaimRule, candidate: Candidate, lexicon: Lexicon, starts: Sequence[int]) -> bool:
    """Whether an aim, a method, a definition or a belief not shared governs the predicate."""
    grammar = lexicon.grammar
    not_without = rule.type == "safe" and grammar.not_without.search(candidate.text[: mark.start])
    clause = scope.clause(starts, mark.start, len(candidate.text))
    supposed = rule.type == "cure" and grammar.supposed.match(candidate.text, clause.start) is not None
    if not_without or supposed or (rule.type == "advise" and _is_referral(candidate.marks, lexicon)):
        return True
    if rule.type == "danger":
        return any(
            lexicon.names[cue.entry] == "disclaimer" and not (mark.start <= cue.start and cue.end <= mark.end)
            for cue in candidate.marks
        )
    for cue in candidate.marks:
        name = lexicon.names[cue.entry]
        if name not in {"not-a-claim", "reported"}:
            continue
        if lexicon.rules[cue.entry].id in grammar.unknown and not scope.apart(starts, cue.start, mark.start):
            return True
        if cue.start > mark.start:
            continue
        if lexicon.rules[cue.entry].id in grammar.definition:
            if rule.type in _DEFINED_TYPES and grammar.defined.fullmatch(candidate.text, 0, cue.start):
                return True
            continue
        if clause.start <= cue.start or cue.start < _OPENING:
            return True
    return False


_DEFINED_TYPES = frozenset({"cause", "diagnose", "prognose", "treat", "prevent", "advise"})


def _is_referral(marks: Sequence[Mark], lexicon: Lexicon) -> bool:
    """Whether the sentence only sends the reader to a doctor, at no named sign: a disclaimer and no advice."""
    names = {lexicon.names[mark.entry] for mark in marks}
    return "condition" not in names and any(lexicon.rules[mark.entry].id == _CONSULT for mark in marks)


_CONSULT = "safety.disclaimer.consult"


def is_notice(marks: Sequence[Mark], lexicon: Lexicon) -> bool:
    """Whether a sentence is the notice that something is no medical advice, or only sends the reader to a doctor."""
    return _limits(marks, lexicon) or _is_referral(marks, lexicon)


def _answered(candidate: Candidate, lexicon: Lexicon, *, denied: bool) -> Predicate | None:
    """Return the predicate that a “Yes, …” or “No, …” takes over from the question before it."""
    if not _QUESTION.search(candidate.before):
        return None
    asked = Candidate(candidate.before, candidate.before_marks, candidate.role, "", ())
    found = _first(asked, _predicates(asked, lexicon), lexicon.grammar)
    if found is None:
        return None
    whole = Mark(0, len(candidate.text), found.mark.entry)
    strength, cue = scope.strength(whole, candidate.text, (0,), candidate.marks, lexicon)
    return Predicate(found.rule, whole, strength, cue, denied, Span(0, len(candidate.text)))


def of_type(
    kind: ClaimType, text: str, marks: Sequence[Mark], lexicon: Lexicon, said: Predicate | None
) -> Predicate | None:
    """Return the predicate that explains a sentence which is taken for a claim of this type.

    That of the rules if it is of the type; else the first words of the type in the sentence; else the whole sentence
    under the first rule of the type. Nothing if no rule of the type is on.
    """
    if said is not None and said.rule.type == kind:
        return said
    whole = Mark(0, len(text), -1)
    told = chain(((mark, lexicon.rules[mark.entry]) for mark in marks), ((whole, rule) for rule in lexicon.rules))
    found = next(((mark, rule) for mark, rule in told if isinstance(rule, ClaimRule) and rule.type == kind), None)
    if found is None:
        return None
    mark, rule = found
    starts = scope.boundaries(text, lexicon.grammar)
    strength, cue = scope.strength(mark, text, starts, marks, lexicon, advice=kind == "advise")
    if kind in _NEVER_NEGATED:
        negated = False
    elif said is not None:
        negated = said.negated
    else:
        negated = mark.entry >= 0 and _negated(mark, Candidate(text, marks, "paragraph", "", ()), lexicon, starts)
    return Predicate(rule, mark, strength, cue, negated, scope.clause(starts, mark.start, len(text)))
