"""The learned reader beside the rules: linear weights over named features, and what the net says of the whole sentence.

`decide` is all of it. It says whether a sentence is a claim, of what type, how strong, on what source, and how severe,
given what the rules say. The weights come from `training/claims.py`; `audit/models/claims.md` is their card.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TypeVar, get_args

import msgspec

from audit.claims.features import Said
from audit.claims.whole import TYPES, Whole
from audit.model import ClaimType, Evidence, Sourcing, Strength


class Linear(msgspec.Struct, frozen=True):
    """A sum of weights of the features that are there, in thousandths: whole numbers add up alike in any order."""

    bias: int
    weights: dict[str, int]

    def score(self, features: Collection[str]) -> int:
        """Return the bias and the weights of these features together."""
        return self.bias + sum(filter(None, map(self.weights.get, features)))


class Weights(msgspec.Struct, frozen=True):
    """All that is learned; every number in thousandths."""

    claim: Linear
    """Log-odds that a sentence is a claim."""
    severity: Linear
    """The severity that readers give to such a claim, 0 to 4."""
    names: tuple[str, ...]
    """Of the classes: `type treat`, `strength weak`, `source none`."""
    biases: tuple[int, ...]
    """By class."""
    classes: dict[str, int]
    """By feature, what it adds to each class, packed; small weights are left out."""


_LANE = 32
"""Bits of a packed number."""
_MIDDLE = 1 << (_LANE - 1)


def pack(numbers: Iterable[tuple[int, int]]) -> int:
    """Return one whole number for a weight by class, so that one addition adds them all: each has 32 bits of its own.

    Measured on NIH answers: 6 µs a sentence for the sums of 19 classes, where adding them one by one took 40.
    """
    return sum(weight << (_LANE * at) for at, weight in numbers)


def unpack(packed: int, count: int) -> tuple[int, ...]:
    """Return the weights of so many classes again."""
    raised = packed + _middles(count)
    found = struct.unpack(f"<{count}I", raised.to_bytes(count * _LANE // 8, "little"))
    return tuple(number - _MIDDLE for number in found)


@functools.cache
def _middles(count: int) -> int:
    return pack((at, _MIDDLE) for at in range(count))


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What a sentence is taken for."""

    type: ClaimType
    strength: Strength
    source: Sourcing
    severity: int


RULED, LEAST_ODDS = 800, -100
"""In thousandths: what it adds to the mean of the log-odds of weights and net that the rules see a claim, for they are
precise; and the sum from which a sentence is one."""
MARGIN = 2_800
"""By how much, in thousandths, another class has to beat that of the rules: the rules have read a word for theirs. A
third of it would lift the types on pages held out by a hundredth, and lower those of the data's own few labels."""
TABLE_SHARE = 0.3
"""Share of the severity table in the severity; the rest is learned from what readers marked."""


STRETCHED, STRETCH = 1.5, 1.6
"""A regression leans to the middle: what lies above this is drawn out so much. With weights of a fifth of the labels
this lifted the share of unreliable pages with a claim of severity 3 from 63 to 76 %, of NIH answers to 0.6 %."""


HOPELESS = -2_500
"""Log-odds, in thousandths, of the words alone below which a sentence without a claim by the rules is read no further:
of 568 such claims that are found on pages held out nine are lost, and two fifths of such sentences are spared."""


class Tone(msgspec.Struct, frozen=True):
    """What the features of a page add to every sentence's scores."""

    claim: int
    severity: int
    classes: int
    """By class, packed; biases included."""


def tone(page: Collection[str], weights: Weights) -> Tone:
    """Return what the features of a page add."""
    return Tone(
        weights.claim.score(page) - weights.claim.bias,
        weights.severity.score(page) - weights.severity.bias,
        _sums(page, weights, pack(enumerate(weights.biases))),
    )


def is_hopeless(words: Collection[str], page: Tone, weights: Weights) -> bool:
    """Whether the words of a sentence, in which the rules see no claim, leave no chance that it is one."""
    return weights.claim.score(words) + page.claim < HOPELESS


def decide(own: Collection[str], page: Tone, said: Said | None, whole: Whole, weights: Weights) -> Decision | None:
    """Return what a sentence is taken for, or nothing if it is no claim.

    Args:
        own: Features of the sentence.
        page: What the page adds.
        said: What the rules say; where that is fixed, it stands whatever the others say.
        whole: What the net says.
        weights: What was learned of the features.
    """
    if said is not None and said.fixed:
        return Decision(said.type, said.strength, said.source, said.severity)
    if (weights.claim.score(own) + page.claim + whole.claim) // 2 + (RULED if said else 0) < LEAST_ODDS:
        return None
    learned = (weights.severity.score(own) + page.severity) / 1000
    value = learned if said is None else TABLE_SHARE * said.severity + (1 - TABLE_SHARE) * learned
    sums = unpack(_sums(own, weights, page.classes), len(weights.names))
    scores = dict(zip(weights.names, sums, strict=True))
    for name, score in zip(TYPES, whole.types, strict=True):
        scores[f"type {name}"] += score
    return Decision(
        said.type if said and said.type in _NAMED else _best(TYPES, "type", scores, said.type if said else None),
        _best(_STRENGTHS, "strength", scores, said.strength if said else None),
        said.source if said is not None and said.source != "none" else _best(_SOURCES, "source", scores, None),
        max(_least(said), min(_most(said), int(value + 0.5 + max(0.0, value - STRETCHED) * (STRETCH - 1)))),
    )


_NAMED: frozenset[ClaimType] = frozenset({"cure", "compare"})
"""Types that the rules read off the very words: “works better than”. The others know them less surely."""
_STRENGTHS: tuple[Strength, ...] = get_args(Strength)
_SOURCES: tuple[Sourcing, ...] = get_args(Sourcing)


def _sums(features: Collection[str], weights: Weights, start: int) -> int:
    return sum(filter(None, map(weights.classes.get, features)), start)


_KEPT: dict[ClaimType, int] = {"cure": 4, "safe": 2, "prevent": 2, "treat": 1}
"""Promises on which a reader may leave care: without a source, the table's severity is the least, up to this much. On
the labels that moves kappa by 0.004 at most."""


def _least(said: Said | None) -> int:
    return min(said.severity, _KEPT.get(said.type, 0)) if said is not None and said.source == "none" else 0


def _most(said: Said | None) -> int:
    """Return the highest severity: the table's for a hedged word on safety, of which the readers know too few."""
    hedged = said is not None and said.type == "safe" and said.strength in {"weak", "strong"}
    return said.severity if said is not None and hedged else 4


Name = TypeVar("Name", bound=str)


def _best(names: Sequence[Name], of: str, scores: Mapping[str, int], said: Name | None) -> Name:
    best = max(names, key=lambda name: scores[f"{of} {name}"])
    if said is not None and scores[f"{of} {best}"] - scores[f"{of} {said}"] < MARGIN:
        return said
    return best


_GROUPS = {"w": "words", "^": "words", "@": "cues and form", "=": "the rules", "<": "neighbours", ">": "neighbours"}


def evidence(
    own: Collection[str], page: Tone, said: Said | None, whole: Whole, weights: Weights
) -> tuple[Evidence, ...]:
    """Return why a sentence is taken for a claim; the weights add up to the log-odds."""
    sums = dict.fromkeys(("words", "cues and form", "the rules", "neighbours"), 0)
    for name in own:
        sums[_GROUPS[name[0]]] += weights.claim.weights.get(name, 0)
    named = {"base rate": weights.claim.bias, **sums, "tone of the page": page.claim}
    named["the sentence as a whole"] = whole.claim
    named["the rules"] += 2 * RULED * (said is not None)
    return tuple(Evidence(name, weight / 2000) for name, weight in named.items() if weight)


@functools.cache
def weights() -> Weights:
    """Return the shipped weights; in the file, a feature has pairs of the number of a class and a weight."""
    stored = msgspec.json.decode((files("audit") / "models/claims.json").read_bytes())
    return Weights(
        claim=Linear(**stored["claim"]),
        severity=Linear(**stored["severity"]),
        names=tuple(stored["names"]),
        biases=tuple(stored["biases"]),
        classes={feature: pack(pairs) for feature, pairs in stored["classes"].items()},
    )
