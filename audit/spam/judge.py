"""From features to a decision: one additive model whose contributions are the reasons given.

The weights are set by hand on development pages; a learned table of the same names takes their place without a change
anywhere else. The decision rule is not learned: payload with hiding, structure or inconsistency, or hiding with a link
and inconsistency, may cut; one class alone flags at most; a help context, a quotation or a disclosure takes a cut back.
"""

from __future__ import annotations

import math

import msgspec

from audit.model import Action, Evidence
from audit.rules.schema import Profile
from audit.spam.features import CLASSES, Class, Features

BIAS = -3.5
WEIGHTS: dict[str, float] = {
    "trade words": 1.3,
    "brand morphology": 1.7,
    "address of a trade": 1.3,
    "words of offer": 0.4,
    "instruction to machines": 5.5,
    "address recommended": 4.0,
    "host on a list": 1.3,
    "named in what was cut on other pages": 1.5,
    "hidden from readers": 2.2,
    "disguised letters": 2.5,
    "tiny link": 4.0,
    "unseen part of the page": 0.8,
    "kept from other visitors": 3.0,
    "list before a colon": 2.2,
    "list of search phrases": 1.6,
    "run of links or lines": 2.0,
    "line of its own": 0.8,
    "word salad": 3.5,
    "dropped into a sentence": 2.0,
    "link to another site": 0.9,
    "pitch": 1.0,
    "reader's comment": 0.8,
    "mostly payload": 1.2,
    "same text on other pages": 1.5,
    "off the page's topic": 1.5,
    "off the page's field": 1.2,
    "another script": 1.5,
    "host named once": 0.7,
    "shares no words with the page": 1.8,
    "rest of the sentence belongs": 0.8,
    "rest of the passage belongs": -1.6,
    "the page is about it": -3.0,
    "the page warns of it": -2.0,
    "part of a health sentence": -2.0,
    "help or warning": -3.5,
    "quoted or code": -3.0,
    "disclosed": -4.0,
    "health words": -0.7,
    "fluent": -1.0,
    "tied into its sentence": -1.2,
    "one plain word": -2.0,
}
"""Log-odds per unit of each feature. Set by hand; the features' own ranges are in `audit.spam.features`."""

_LEAST: dict[Class, float] = {"payload": 1.1, "hiding": 0.8, "structure": 0.7, "inconsistency": 0.6}
"""Least contribution of a class, in log-odds, that counts as a signal of it. `mostly payload` alone is no"
" structure."""
_COMPANY = frozenset({"mostly payload"})
"""Features that strengthen others and are no signal of their own."""
_MOST_OF_OFFERS = 0.4
"""Words of offer say little by themselves, however many."""
_FIELD_OF_PAYLOAD = 0.5
"""A drug named on a page that is not about health says so much more than on one that is."""
_VETOES = {
    "part of a health sentence": 0.5,
    "the page warns of it": 0.5,
    "help or warning": 0.35,
    "quoted or code": 0.5,
    "disclosed": 0.5,
}
"""Features that take a cut back from this value on."""


class Judgement(msgspec.Struct, frozen=True):
    """What becomes of a candidate, and why."""

    action: Action | None
    confidence: float
    evidence: tuple[Evidence, ...]
    """Contributions to the log-odds, bias included; they add up to it."""
    log_odds: float
    rule: str = ""
    """Id of the rule to report it under, where that is not the technique's or the listed payload's."""


def judge(found: Features, profile: Profile) -> Judgement:
    """Return the decision of one candidate; no action where it stays below the profile's `flag_at`."""
    contributions = {name: WEIGHTS[name] * value for name, value in found.values.items()}
    evidence = [
        Evidence("base rate", BIAS),
        *(Evidence(name, round(weight, 3)) for name, weight in contributions.items()),
    ]
    evidence.sort(key=lambda item: (-abs(item.weight), item.name))
    log_odds = sum(item.weight for item in evidence)
    confidence = 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))
    action: Action | None = None
    if confidence >= profile.flag_at and _is_suspect(contributions, log_odds):
        action = "cut" if confidence >= profile.cut_at and may_cut(found, contributions) else "flag"
    return Judgement(action, confidence, tuple(evidence), log_odds)


def signals(contributions: dict[str, float]) -> frozenset[Class]:
    """Return the classes of evidence that speak at all."""
    sums: dict[Class, float] = {}
    for name, weight in contributions.items():
        if name == "words of offer":
            sums["payload"] = sums.get("payload", 0.0) + min(weight, _MOST_OF_OFFERS)
        elif name == "off the page's field":
            sums["payload"] = sums.get("payload", 0.0) + _FIELD_OF_PAYLOAD
            sums["inconsistency"] = sums.get("inconsistency", 0.0) + weight
        elif name not in _COMPANY:
            sums[CLASSES[name]] = sums.get(CLASSES[name], 0.0) + weight
    return frozenset(kind for kind, least in _LEAST.items() if sums.get(kind, 0.0) >= least)


def may_cut(found: Features, contributions: dict[str, float]) -> bool:
    """Say whether the decision rule allows a cut."""
    if any(found.values.get(name, 0.0) >= least for name, least in _VETOES.items()):
        return False
    present = signals(contributions)
    linked = found.values.get("link to another site", 0.0) > 0
    if "payload" in present:
        return bool(present & {"hiding", "structure", "inconsistency"})
    return "hiding" in present and linked and "inconsistency" in present


def _is_suspect(contributions: dict[str, float], log_odds: float) -> bool:
    """Say whether an editor should look: it advertises, or it surely hides a link to something else."""
    present = signals(contributions)
    return "payload" in present or ("hiding" in present and len(present) >= 2 and log_odds >= _SURE)


_SURE = 1.5
