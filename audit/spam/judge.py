"""From features to a decision: one additive model whose contributions are the reasons given.

The model is learned: a bias and a weight for each feature, in `audit/models/spam-judge.json`, calibrated so that of
the spans given a confidence of 0.9 nine in ten are injections (`training/spam_judge.py`). The decision rule is not
learned: payload with hiding, structure or inconsistency, or hiding with a link and inconsistency, may cut; one class
alone flags at most; a help context, a quotation or a disclosure takes a cut back.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files

import msgspec

from audit.model import Action, Evidence
from audit.rules.schema import Profile
from audit.spam.features import CLASSES, Class, Features


class Model(msgspec.Struct, frozen=True):
    """The learned part of the judge: log-odds, and log-odds per unit of each feature."""

    bias: float
    weights: dict[str, float]


@cache
def model() -> Model:
    """Return the model that ships with the package, read once."""
    return msgspec.json.decode(files("audit.models").joinpath("spam-judge.json").read_bytes(), type=Model)


ENOUGH: dict[str, float] = {
    "trade words": 0.85,
    "brand morphology": 0.65,
    "address of a trade": 0.85,
    "words of offer": 2.75,
    "reads like advertising": 3.0,
    "instruction to machines": 0.2,
    "recommended in a comment": 0.3,
    "host on a list": 0.85,
    "named in what was cut on other pages": 0.85,
    "names a stranger": 0.8,
    "advertises where it breaks in": 2.0,
    "offers something": 2.0,
    "put as sellers put it": 1.0,
    "names what is sold": 2.0,
    "advertises in another language": 1.5,
    "hidden from readers": 0.35,
    "disguised letters": 0.3,
    "disguised all through": 0.5,
    "tiny link": 0.2,
    "unseen part of the page": 1.0,
    "kept from other visitors": 0.5,
    "list before a colon": 0.3,
    "list of search phrases": 0.45,
    "run of links or lines": 0.35,
    "line of its own": 0.85,
    "word salad": 0.2,
    "dropped into a sentence": 0.35,
    "breaks its sentence": 0.2,
    "link to another site": 0.78,
    "pitch": 0.7,
    "reader's comment": 0.85,
    "same text on other pages": 0.6,
    "off the page's topic": 0.4,
    "off the page's field": 0.5,
    "speaks of something else": 0.4,
    "another script": 0.4,
    "another language": 0.4,
    "not of the page's field": 1.5,
    "louder than its surroundings": 6.0,
    "host named once": 0.85,
    "shares no words with the page": 0.35,
    "rest of the sentence belongs": 0.75,
}
"""From which value on a feature alone is a signal of its class; several of one class add up. `mostly payload` only
strengthens others."""
_MOST_OF_OFFERS = 0.36
"""Words of offer say little by themselves, however many: this much of a signal."""
_FIELD_OF_PAYLOAD = 0.45
"""A drug named on a page that is not about health says so much more than on one that is."""
_VETOES = {
    "part of a health sentence": 0.5,
    "the page warns of it": 0.5,
    "help or warning": 0.35,
    "quoted or code": 0.5,
    "disclosed": 0.5,
    "listed as a record": 0.5,
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
    learned = model()
    evidence = [
        Evidence("base rate", learned.bias),
        *(Evidence(name, round(learned.weights[name] * value, 3)) for name, value in found.values.items()),
    ]
    evidence.sort(key=lambda item: (-abs(item.weight), item.name))
    log_odds = sum(item.weight for item in evidence)
    confidence = 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))
    action: Action | None = None
    if confidence >= profile.flag_at and _is_suspect(found, log_odds):
        action = "cut" if confidence >= profile.cut_at and may_cut(found) else "flag"
    return Judgement(action, confidence, tuple(evidence), log_odds)


def signals(found: Features) -> frozenset[Class]:
    """Return the classes of evidence that speak at all."""
    sums: dict[Class, float] = {}
    for name, value in found.values.items():
        if name in ENOUGH:
            share = value / ENOUGH[name]
            if name == "words of offer":
                share = min(share, _MOST_OF_OFFERS)
            sums[CLASSES[name]] = sums.get(CLASSES[name], 0.0) + share
    if found.values.get("off the page's field"):
        sums["payload"] = sums.get("payload", 0.0) + _FIELD_OF_PAYLOAD
    return frozenset(kind for kind, share in sums.items() if share >= 1)


def may_cut(found: Features) -> bool:
    """Say whether the decision rule allows a cut."""
    if any(found.values.get(name, 0.0) >= least for name, least in _VETOES.items()):
        return False
    present = signals(found)
    if "payload" in present:
        return bool(present & {"hiding", "structure", "inconsistency"})
    disguised = found.values.get("disguised all through", 0.0) >= ENOUGH["disguised all through"]
    linked = found.values.get("link to another site", 0.0) > 0
    return (linked or disguised) and {"hiding", "inconsistency"} <= present


def _is_suspect(found: Features, log_odds: float) -> bool:
    """Say whether an editor should look: it advertises, or it surely hides a link to something else."""
    present = signals(found)
    return "payload" in present or ("hiding" in present and len(present) >= 2 and log_odds >= _SURE)


_SURE = 1.5
