"""The proof that each rule carries: its own examples, run through the detector of its kind."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from audit.rules.load import RuleSet
from audit.rules.match import Hosts, Matcher
from audit.rules.schema import Host, RequiredSection, Rule
from audit.text.folding import fold
from audit.text.span import Span

OPEN, CLOSE = "⟦", "⟧"

Detector = Callable[[Any, str], tuple[Span, ...]]
"""`(rule, text) -> spans`: where one rule hits in one text, in code points of it, in order, disjoint.

Of the kinds `anchor` and `markup` the text is a piece of HTML, and the spans stand in that; of all others it is plain.
"""


class Failure(msgspec.Struct, frozen=True, gc=False):
    """An example that does not come out as it says."""

    rule: str
    origin: str
    """`file:line` of the rule."""
    example: str
    """As it stands in the rule, marks included."""
    expected: tuple[str, ...]
    """The marked stretches; none for a text that should not match."""
    found: tuple[str, ...]

    def __str__(self) -> str:
        """Return the failure in three lines: where, what was expected, what was found."""
        wanted = ", ".join(f"“{text}”" for text in self.expected) or "nothing"
        got = ", ".join(f"“{text}”" for text in self.found) or "nothing"
        return f'{self.origin}: rule "{self.rule}": {self.example}\n  expected {wanted}\n  found    {got}'


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What a self-test came to."""

    rules: int
    examples: int
    failures: tuple[Failure, ...]
    untested: tuple[str, ...]
    """Ids of the rules whose kind has no detector here, or which have no example because they have no words."""


def check(rules: RuleSet, detectors: Mapping[str, Detector] | None = None) -> Outcome:
    """Run every rule on its examples.

    Args:
        rules: Those that are not disabled are tested.
        detectors: By kind, for the kinds that are detected in the stages above; they win over `LEXICAL`.
    """
    registry = {**LEXICAL, **(detectors or {})}
    failures: list[Failure] = []
    untested: list[str] = []
    examples = 0
    for rule in rules.rules:
        detect = registry.get(kind_of(rule))
        texts = (*rule.should_match, *rule.should_not_match)
        if detect is None or not texts:
            untested.append(rule.id)
            continue
        examples += len(texts)
        for example in texts:
            failure = _run(rule, detect, example, rules.origin(rule.id), wanted=example in rule.should_match)
            if failure:
                failures.append(failure)
    return Outcome(len(rules.rules), examples, tuple(failures), tuple(untested))


def kind_of(rule: Rule) -> str:
    """Return the kind of a rule as rule files write it."""
    return str(rule.__struct_config__.tag)


def marked(example: str) -> tuple[str, tuple[Span, ...]]:
    """Return an example without its marks, and the spans that they mark."""
    spans: list[Span] = []
    parts: list[str] = []
    length = start = 0
    for part in example.replace(CLOSE, OPEN).split(OPEN):
        if len(parts) % 2:
            spans.append(Span(start, start + len(part)))
        parts.append(part)
        length += len(part)
        start = length
    return "".join(parts), tuple(spans)


def _run(rule: Rule, detect: Detector, example: str, origin: str, *, wanted: bool) -> Failure | None:
    text, expected = marked(example)
    found = tuple(sorted(detect(rule, text)))
    if wanted and not expected and isinstance(rule, RequiredSection) and found:
        return None  # that the section is there is all the example says
    if found == expected and bool(found) == wanted:
        return None
    quotes = tuple(tuple(text[span.start : span.end] for span in spans) for spans in (expected, found))
    return Failure(rule.id, origin, example, *quotes)


@functools.lru_cache(maxsize=1)
def _matcher(rule: Rule) -> Matcher:
    return Matcher([rule])


def _words(rule: Rule, text: str) -> tuple[Span, ...]:
    """Return where the `any` and `regex` of a rule hit."""
    folded = fold(text)
    return tuple(folded.to_source(hit.span) for hit in _matcher(rule).find(folded))


def _hosts(rule: Rule, text: str) -> tuple[Span, ...]:
    """Return where hosts of a rule stand in the text."""
    folded = fold(text)
    return tuple(folded.to_source(hit.span) for hit in Hosts([cast("Host", rule)]).find(folded.text))


LEXICAL: dict[str, Detector] = {
    "phrase": _words, "pattern": _words, "host": _hosts, "claim": _words, "cue": _words, "disclaimer": _words,
    "required-section": _words,
}  # fmt: skip
"""Detectors of the kinds that are words on text and nothing more."""
