"""Sentences that limit, warn or disclose, wherever on the page they stand."""

from __future__ import annotations

from collections.abc import Sequence

from audit.claims.lexicon import Lexicon, Mark
from audit.claims.sentences import Readable, Sentence
from audit.model import Disclaimer
from audit.rules.schema import ClaimRule, DisclaimerRule


def disclaimers(
    text: Readable, sentences: Sequence[Sentence], marks: Sequence[Sequence[Mark]], lexicon: Lexicon
) -> tuple[Disclaimer, ...]:
    """Return the disclaimers in order; a sentence may be one of each kind."""
    found: dict[Disclaimer, None] = {}
    for sentence, hits in zip(sentences, marks, strict=True):
        for mark in hits:
            if lexicon.names[mark.entry] != "disclaimer":
                continue
            rule = lexicon.rules[mark.entry]
            if not isinstance(rule, DisclaimerRule) or _is_refused(mark, hits, lexicon):
                continue
            place = text.page_of_folded(sentence.at, sentence.at + len(sentence.text))
            if place is not None:
                found[Disclaimer(place.start, place.end, rule.disclaimer)] = None
    return tuple(sorted(found))


def _is_refused(mark: Mark, hits: Sequence[Mark], lexicon: Lexicon) -> bool:
    """Whether the words stand inside their opposite: “do not call an ambulance”."""
    return any(
        isinstance(rule, ClaimRule) and rule.type == "danger" and hit.start <= mark.start and mark.end <= hit.end
        for hit in hits
        for rule in [lexicon.rules[hit.entry]]
    )
