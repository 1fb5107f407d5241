"""Hedges, boosters and negations of any English text, each with what it governs."""

from __future__ import annotations

import functools
import re

from audit.claims import scope
from audit.claims.grammar import Grammar
from audit.claims.lexicon import Lexicon, Mark
from audit.claims.sentences import split
from audit.model import Cue, CueKind
from audit.rules.load import load_rules
from audit.rules.schema import CueRule
from audit.text.folding import fold
from audit.text.span import Span

_KINDS: dict[str, CueKind] = {"hedge": "hedge", "booster": "booster", "negation": "negation"}


def cues(text: str) -> tuple[Cue, ...]:
    """Return the hedge, booster and negation cues of a text, in order, by the shipped English rules.

    A hedge is a word of doubt (“may”, “suggests”). “Can”, “helps”, “usually” and their like soften a claim, which has a
    level of its own in `Claim.strength`, but they state it: of sentences that readers marked as speculative, nearly
    none is so for one of them.

    Args:
        text: Plain text of any length; read sentence by sentence.

    Returns:
        Offsets are code points of `text`. The scope runs from the cue to the end of its clause, and takes in the
        clause's subject where the cue is said of it (“is thought to”, “appears to”).
    """
    folded = fold(text)
    words = _lexicon()
    found: list[Cue] = []
    for span in split(text):
        inside = folded.from_source(span)
        sentence = folded.text[inside.start : inside.end]
        marks = words.sentence(sentence)
        if not marks:
            continue
        starts = scope.boundaries(sentence, words.grammar)
        for mark in _widest(marks, words):
            rule = words.rules[mark.entry]
            if not isinstance(rule, CueRule) or _false(
                text, folded.to_source(_at(mark, inside.start)), sentence, mark, rule, words.grammar
            ):
                continue
            governed = scope.governed(mark, sentence, starts, words.grammar)
            place = folded.to_source(_at(mark, inside.start))
            reach = folded.to_source(Span(governed.start + inside.start, governed.end + inside.start))
            found.append(Cue(_KINDS[rule.cue], place.start, place.end, reach))
    return tuple(sorted(found, key=lambda cue: (cue.start, cue.end, cue.kind)))


_STATED = frozenset({"language.en.hedges.modal", "language.en.hedges.seem"})
_LIKELY = frozenset({"likely", "unlikely"})


def is_hedged(text: str) -> bool:
    """Whether an effect is stated conditionally (“may reduce”, “seems to”, “is likely to”) rather than directly.

    The scheme that readers of causal sentences use: a modal, a verb of seeming, or “likely” makes the statement
    conditional. “The data suggest that it reduces …” reports a direct statement, and so does “possible” beside a noun;
    both are hedges to `cues`, for they keep a distance, but they do not govern the verb of the effect. “Can” is direct.
    """
    folded = fold(text)
    words = _lexicon()
    for span in split(text):
        inside = folded.from_source(span)
        sentence = folded.text[inside.start : inside.end]
        for mark in words.sentence(sentence):
            rule = words.rules[mark.entry]
            if (
                isinstance(rule, CueRule)
                and (rule.id in _STATED or sentence[mark.start : mark.end] in _LIKELY)
                and not _false(text, folded.to_source(_at(mark, inside.start)), sentence, mark, rule, words.grammar)
            ):
                return True
    return False


@functools.cache
def _lexicon() -> Lexicon:
    return Lexicon(rule for rule in load_rules().of(CueRule) if rule.cue in _KINDS and rule.strength != "weak")


def _at(mark: Mark, offset: int) -> Span:
    return Span(mark.start + offset, mark.end + offset)


def _widest(marks: list[Mark], words: Lexicon) -> list[Mark]:
    """Return the marks without those that lie inside a longer one of the same kind."""
    kept: list[Mark] = []
    for mark in marks:
        if any(
            other is not mark
            and words.names[other.entry] == words.names[mark.entry]
            and other.start <= mark.start
            and mark.end <= other.end
            and (other.end - other.start > mark.end - mark.start or other.entry < mark.entry)
            for other in marks
        ):
            continue
        kept.append(mark)
    return kept


_MONTH = re.compile(
    r"May(?:\.?,? (?:\d{1,2}(?:st|nd|rd|th)?\b|\d{4}\b)| (?:and|or|to|through|until) (?:June|July|Aug)|\s*$)"
)
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|of|by|since|until|from|early|late|mid|last|next|this|on|\d{1,2}|Dr\.?|Mr\.?|Ms\.?|Mrs\.?)[ -])$"
)
_CAN_NOUN = re.compile(r"(?:\b(?:a|the|tin|soda|garbage|trash|each|per|one|spray|aluminum) )$", re.IGNORECASE)


def _false(text: str, place: Span, sentence: str, mark: Mark, rule: CueRule, grammar: Grammar) -> bool:
    word = text[place.start : place.end]
    before = text[max(0, place.start - 12) : place.start]
    if word == "May" and (_MONTH.match(text, place.start) or (before and _BEFORE_MONTH.search(before))):
        return True
    if word.lower() == "can" and _CAN_NOUN.search(before):
        return True
    if rule.cue == "negation":
        return scope.is_pseudo(sentence, mark, grammar)
    return False
