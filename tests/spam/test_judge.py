from __future__ import annotations

import pytest

from audit.rules.schema import Profile
from audit.spam.features import CLASSES, Features
from audit.spam.judge import WEIGHTS, judge

PROFILE = Profile(profile="test")


def test_every_weight_has_a_class_and_every_feature_a_weight() -> None:
    assert set(WEIGHTS) == set(CLASSES)


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
