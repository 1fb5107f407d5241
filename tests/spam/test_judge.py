from __future__ import annotations

import math

import pytest

from audit.rules.schema import Profile
from audit.spam.features import CLASSES, Features
from audit.spam.judge import judge, model, signals

PROFILE = Profile(profile="test")


def test_the_model_knows_every_feature_and_no_other() -> None:
    assert set(model().weights) == set(CLASSES)


def test_no_weight_has_the_wrong_sign() -> None:
    wrong = [name for name, weight in model().weights.items() if (weight > 0) == (CLASSES[name] == "veto")]
    assert wrong == []


def test_contributions_add_up_to_the_log_odds_of_the_confidence() -> None:
    said = judge(Features({"trade words": 1.3, "list before a colon": 0.5, "fluent": 0.21}, (), ""), PROFILE)
    total = sum(item.weight for item in said.evidence)
    assert math.log(said.confidence / (1 - said.confidence)) == pytest.approx(total)
    assert [item.weight for item in said.evidence if item.name == "base rate"] == [model().bias]


def test_words_of_offer_alone_are_no_payload() -> None:
    assert signals(Features({"words of offer": 4.0}, (), "")) == set()


@pytest.mark.parametrize(
    ("values", "action"),
    [
        ({"trade words": 3.0, "brand morphology": 2.0}, "flag"),
        ({"trade words": 3.0, "brand morphology": 2.0, "list before a colon": 1.0}, "cut"),
        ({"trade words": 3.0, "brand morphology": 2.0, "list before a colon": 1.0, "help or warning": 0.6}, "flag"),
        ({"list before a colon": 1.0, "off the page's topic": 1.0, "mostly payload": 1.0}, None),
        ({"hidden from readers": 1.0}, None),
        ({}, None),
    ],
    ids=["one class", "payload and structure", "help takes it back", "no payload", "hidden alone", "nothing"],
)
def test_the_decision_rule(values: dict[str, float], action: str | None) -> None:
    assert judge(Features(values, (), ""), PROFILE).action == action
