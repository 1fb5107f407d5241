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
_YES = re.compile(r"(?:\")?(yes|no|absolutely|definitely|certainly)[,.!;: -]")
_REFERENCE = re.compile(
    r"(?:19|20)[0-9]{2}[a-z]?; ?[0-9]|et al\.?,? \(?(?:19|20)[0-9]{2}\)?\.? |"
    r"(?:^|, )[a-z'-]+ [a-z]{1,2}, [a-z'-]+ [a-z]{1,2}[,.]|doi:|pmid|^[a-z'-]+ [a-z]{1,2}; |"
    r"^[a-z'-]+,? [a-z]\.?(?: ?[a-z]\.)?, |pp?\. ?[0-9]+-[0-9]+|vol\. ?[0-9]"
)
"""An entry of a bibliography: authors with initials, year and volume."""
_AUXILIARY = re.compile(
    r"(?<![a-z])(?:is|are|was|were|can|may|might|could|will|would|should|must|has|have|helps?|"
    r"prevents|cures|treats|reduces|relieves|improves)(?![a-z])"
)
_IMPERATIVE = re.compile(
    r"(?:take|eat|drink|use|avoid|stop|throw|get|try|lose|cure|fight|prevent|reduce|relieve|improve|boost|heal|beat|treat|end|keep|say)(?![a-z])"
)
_TOPIC = re.compile(r"(?:remed(?:y|ies)|treatments?|signs?|symptoms?|causes?) (?:for|of)(?: [a-z'-]+)*")
"""What a label names without stating anything of it: “remedies for gout”."""
_LOWER_PART = re.compile(
    r"lower (?:back|legs?|limbs?|body|abdom[a-z]+|extremit[a-z]+|jaw|chest|neck|spine|lumbar|airways?|respiratory|"
    r"urinary|esophag[a-z]+|intestin[a-z]+|bowel|intensity)(?![a-z])"
)
"""“Lower” as an adjective: “lower back pain” says nothing of an effect."""
_FULL_STOP = re.compile(r"[.!;:]['\")\]]*\s*$")
_WORD = re.compile(r"[a-z][a-z'-]*")
_FEWEST_WORDS = 3


def judge(candidate: Candidate, lexicon: Lexicon) -> Predicate | None:
    """Return the predicate that makes the sentence a claim, or nothing."""
    answer = _YES.match(candidate.text)
    if answer is None and all(lexicon.names[mark.entry] != "claim" for mark in candidate.marks):
        return None
    if _is_table(candidate.text) or _QUESTION.search(candidate.text) or _REFERENCE.search(candidate.text):
        return None
    found = _first(candidate, _predicates(candidate, lexicon))
    if found is None and answer is not None:
        return _answered(candidate, lexicon, denied=answer[1] == "no")
    return found


def telling(marks: list[Mark], text: str) -> list[Mark]:
    """Return the marks without those of “lower” where it is an adjective."""
    if "lower" not in text:
        return marks
    return [mark for mark in marks if _LOWER_PART.match(text, mark.start) is None]


def _is_table(text: str) -> bool:
    """Whether the text is a table of frequencies run into one line."""
    shares = text.count("%")
    return (
        shares > _MOST_SHARES
        or "approximate number of" in text
        or 0 < shares <= _MOST_SHARES < shares + text.count(" - ")
    )


def _is_label(candidate: Candidate) -> bool:
    """Whether the text is a heading, a label or a link rather than a sentence."""
    if candidate.role in {"heading", "title"}:
        return True
    return len(candidate.text) <= _LABEL_LENGTH and _FULL_STOP.search(candidate.text) is None


def _states(text: str, mark: Mark) -> bool:
    """Whether the predicate of a label states a relation: it has its object or a verb (“fast relief from pain”)."""
    return (
        (" " in text[mark.start : mark.end] and _TOPIC.fullmatch(text, mark.start, mark.end) is None)
        or text[max(0, mark.start - 3) : mark.start] == "to "
        or _AUXILIARY.search(text) is not None
        or _IMPERATIVE.match(text) is not None
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
    starts = scope.boundaries(text)
    found: list[Predicate] = []
    for mark in claims:
        rule = lexicon.rules[mark.entry]
        if not isinstance(rule, ClaimRule) or not met(rule.needs, mark, text, marks, lexicon.names):
            continue
        if _inside_another(mark, claims) or _excluded(mark, rule, candidate, lexicon, starts):
            continue
        if label and not _states(text, mark):
            continue
        strength, cue = scope.strength(mark, text, starts, marks, lexicon, advice=rule.type == "advise")
        denied = rule.type not in _NEVER_NEGATED and not (rule.type == "safe" and _holds_negation(mark, marks, lexicon))
        negated = denied and _negated(mark, candidate, lexicon, starts)
        found.append(Predicate(rule, mark, strength, cue, negated, scope.clause(starts, mark.start, len(text))))
    return found


_NEVER_NEGATED = frozenset({"danger", "dose", "testimonial", "advise", "diagnose"})


def _first(candidate: Candidate, predicates: Sequence[Predicate]) -> Predicate | None:
    """Return the predicate an editor would mark first: what is stated before what goes along, by type, by place."""
    if not predicates:
        return None
    return min(predicates, key=lambda found: (_rank(found, candidate.text), found.mark.start, -found.mark.end))


_SUBORDINATE = re.compile(
    r"(?:because|since|while|although|though|whereas|even though|who|which|that|where|when|if|unless|as|"
    r"by [a-z]+ing|through [a-z]+ing)(?![a-z])"
)
_ALONG = re.compile(r", (?:thus |thereby |often |also )?[a-z-]+ing(?: to)?(?: the| your)? ")
_URGENT = frozenset({"danger", "cure", "testimonial"})
"""Types that an editor marks wherever in the sentence they stand."""


def _goes_along(text: str, mark: Mark) -> bool:
    """Whether the predicate is, or hangs on, a participle after a comma: “…, helping to keep colds at bay”."""
    return any(
        match.start() <= mark.start <= match.end()
        for match in _ALONG.finditer(text, max(0, mark.start - 24), mark.start + 24)
    )


def _rank(found: Predicate, text: str) -> tuple[bool, bool, int]:
    kind = found.rule.type
    aside = kind not in _URGENT and (
        _SUBORDINATE.match(text, found.clause.start) is not None or _goes_along(text, found.mark)
    )
    return kind == "advise", aside, ORDER.index(kind)


def _negated(mark: Mark, candidate: Candidate, lexicon: Lexicon, starts: Sequence[int]) -> bool:
    for cue in candidate.marks:
        rule = lexicon.rules[cue.entry]
        if (
            isinstance(rule, CueRule)
            and rule.cue == "negation"
            and scope.negates(cue, mark, candidate.text, starts, rule)
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
    not_without = rule.type == "safe" and candidate.text[: mark.start].endswith("not ")  # “not without risk”
    clause = scope.clause(starts, mark.start, len(candidate.text))
    supposed = rule.type == "cure" and _SUPPOSED.match(candidate.text, clause.start) is not None
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
        if lexicon.rules[cue.entry].id == "language.en.context.unknown" and not scope.apart(
            starts, cue.start, mark.start
        ):
            return True
        if cue.start > mark.start:
            continue
        if lexicon.rules[cue.entry].id == "language.en.context.definition":
            if rule.type in _DEFINED_TYPES and _DEFINED.fullmatch(candidate.text, 0, cue.start):
                return True
            continue
        if clause.start <= cue.start or cue.start < _OPENING:
            return True
    return False


_SUPPOSED = re.compile(r"(?:and |but )?(?:even )?if ")
"""What stands in such a clause is supposed, not stated: “even if the surgeon removes all of the cancer, …”."""
_DEFINED_TYPES = frozenset({"cause", "diagnose", "prognose", "treat", "prevent", "advise"})
_DEFINED = re.compile(r"[^,;:]{2,80},? ?")
"""What a definition says that something is: “Gout”, “Gout, or podagra,” at the head of the sentence."""


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
    found = _first(asked, _predicates(asked, lexicon))
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
    starts = scope.boundaries(text)
    strength, cue = scope.strength(mark, text, starts, marks, lexicon, advice=kind == "advise")
    if kind in _NEVER_NEGATED:
        negated = False
    elif said is not None:
        negated = said.negated
    else:
        negated = mark.entry >= 0 and _negated(mark, Candidate(text, marks, "paragraph", "", ()), lexicon, starts)
    return Predicate(rule, mark, strength, cue, negated, scope.clause(starts, mark.start, len(text)))
