from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest

from audit.rules.schema import Profile
from audit.spam.features import CLASSES, Features
from audit.spam.judge import judge, may_cut, model, signals

PROFILE = Profile(profile="test")


def test_the_model_knows_every_feature_and_no_other() -> None:
    assert set(model().weights) == set(CLASSES)


def test_every_feature_has_a_weight_by_hand_to_which_a_fit_draws() -> None:
    source = Path(__file__).parents[2].joinpath("training/spam_judge.py").read_text("utf-8")
    [hand] = (
        ast.literal_eval(one.value)
        for one in ast.parse(source).body  # read, not run: it needs what only training installs
        if isinstance(one, ast.AnnAssign) and one.value and getattr(one.target, "id", "") == "HAND"
    )
    assert set(hand) == set(CLASSES)


def test_no_weight_has_the_wrong_sign() -> None:
    wrong = [name for name, weight in model().weights.items() if (weight > 0) == (CLASSES[name] == "veto")]
    assert wrong == []


def test_contributions_add_up_to_the_log_odds_of_the_confidence() -> None:
    said = judge(Features({"trade words": 1.3, "list before a colon": 0.5, "fluent": 0.21}, (), ""), PROFILE)
    total = sum(item.weight for item in said.evidence)
    assert math.log(said.confidence / (1 - said.confidence)) == pytest.approx(total)
    assert [item.weight for item in said.evidence if item.name == "base rate"] == [model().bias]


def test_contributions_are_told_to_three_decimals() -> None:
    said = judge(Features(dict.fromkeys(CLASSES, 0.123456), (), ""), PROFILE)
    assert [item for item in said.evidence if item.weight != round(item.weight, 3)] == []


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


PAYLOAD, HIDING, STRUCTURE, GAP, LINK = (
    {"trade words": 0.85},
    {"hidden from readers": 0.35},
    {"list before a colon": 0.3},
    {"off the page's topic": 0.4},
    {"link to another site": 0.1},
)
"""The least of each class that is a signal, and a link that is none."""


@pytest.mark.parametrize(
    ("parts", "cuts"),
    [
        ((PAYLOAD,), False),
        ((PAYLOAD, LINK), False),
        ((PAYLOAD, HIDING), True),
        ((PAYLOAD, STRUCTURE), True),
        ((PAYLOAD, GAP), True),
        ((HIDING,), False),
        ((HIDING, LINK), False),
        ((HIDING, GAP), False),
        ((LINK, GAP), False),
        ((STRUCTURE, GAP, LINK), False),
        ((HIDING, STRUCTURE, LINK), False),
        ((HIDING, GAP, LINK), True),
        ((), False),
    ],
)
def test_what_may_cut(parts: tuple[dict[str, float], ...], cuts: bool) -> None:
    values = {name: value for part in parts for name, value in part.items()}
    assert may_cut(Features(values, (), "")) is cuts


@pytest.mark.parametrize(
    ("veto", "least"),
    [
        ("part of a health sentence", 0.5),
        ("the page warns of it", 0.5),
        ("help or warning", 0.35),
        ("quoted or code", 0.5),
        ("disclosed", 0.5),
    ],
)
def test_what_takes_a_cut_back(veto: str, least: float) -> None:
    assert not may_cut(Features({**PAYLOAD, **GAP, veto: least}, (), ""))
    assert may_cut(Features({**PAYLOAD, **GAP, veto: least - 0.01}, (), ""))


@pytest.mark.parametrize(
    ("values", "present"),
    [
        ({"trade words": 0.84}, set()),
        ({"trade words": 0.85}, {"payload"}),
        ({"trade words": 0.5, "brand morphology": 0.3}, {"payload"}),
        ({"trade words": 0.5, "list before a colon": 0.2}, set()),
        ({"trade words": 0.6, "words of offer": 4.0}, {"payload"}),
        ({"trade words": 0.5, "words of offer": 4.0}, set()),
        ({"trade words": 0.5, "off the page's field": 1.0}, {"payload", "inconsistency"}),
        ({"trade words": 0.4, "off the page's field": 1.0}, {"inconsistency"}),
        ({"mostly payload": 1.0, "fluent": 1.0}, set()),
    ],
)
def test_how_much_is_a_signal(values: dict[str, float], present: set[str]) -> None:
    assert signals(Features(values, (), "")) == present


SURE = Profile(profile="test", cut_at=0.8, flag_at=0.0001)


@pytest.mark.parametrize(
    ("values", "action"),
    [
        ({**HIDING, **STRUCTURE, "tiny link": 1.0}, "flag"),
        ({**HIDING, **STRUCTURE}, None),
        ({"tiny link": 1.3}, None),
        ({**STRUCTURE, **GAP, "word salad": 2.0}, None),
        (PAYLOAD, "flag"),
    ],
    ids=["surely hidden, of two classes", "not so sure", "hiding alone", "nothing hidden", "payload needs no more"],
)
def test_what_an_editor_should_look_at(values: dict[str, float], action: str | None) -> None:
    assert judge(Features(values, (), ""), SURE).action == action


@pytest.mark.parametrize(("cut_at", "flag_at", "action"), [(0.0, 0.0, "cut"), (1.0, 0.0, "flag"), (1.0, 1.0, None)])
def test_the_profile_says_how_sure_is_sure(cut_at: float, flag_at: float, action: str | None) -> None:
    found = Features({**PAYLOAD, **GAP}, (), "")
    assert judge(found, Profile(profile="test", cut_at=cut_at, flag_at=flag_at)).action == action
    sure = judge(found, PROFILE).confidence
    assert judge(found, Profile(profile="test", cut_at=sure, flag_at=sure)).action == "cut"


def test_evidence_is_told_strongest_first_then_by_name() -> None:
    evidence = judge(
        Features({"trade words": 1.0, "list before a colon": 1.0, "fluent": 0.5}, (), ""), PROFILE
    ).evidence
    assert [(-abs(item.weight), item.name) for item in evidence] == sorted(
        (-abs(item.weight), item.name) for item in evidence
    )


def test_no_evidence_is_too_strong_for_a_confidence() -> None:
    assert judge(Features({"trade words": 1e6}, (), ""), PROFILE).confidence == pytest.approx(1.0)
    assert judge(Features({"disclosed": 1e6}, (), ""), PROFILE).confidence == pytest.approx(0.0, abs=1e-20)
