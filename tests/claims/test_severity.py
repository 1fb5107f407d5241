from itertools import product
from typing import get_args

import pytest

from audit.claims.severity import Setting, severity
from audit.model import ClaimType, Sourcing, Strength


@pytest.mark.parametrize("kind", get_args(ClaimType))
def test_a_denied_claim_costs_nothing(kind: ClaimType) -> None:
    assert severity(kind, "booster", "none", negated=True, setting=Setting(promotion=True)) == 0


@pytest.mark.parametrize(("strength", "source"), [*product(get_args(Strength), get_args(Sourcing))])
def test_danger_blocks_however_it_is_said(strength: Strength, source: Sourcing) -> None:
    setting = Setting(conditional=True, established=True)
    assert severity("danger", strength, source, negated=False, setting=setting) == 4


@pytest.mark.parametrize(("kind", "strength"), [*product(get_args(ClaimType), get_args(Strength))])
def test_a_better_source_never_costs_more(kind: ClaimType, strength: Strength) -> None:
    none, specific = (
        severity(kind, strength, s, negated=False, setting=Setting(promotion=True)) for s in ("none", "specific")
    )
    assert specific <= none


@pytest.mark.parametrize(
    ("kind", "strength", "source", "setting", "value"),
    [
        ("cure", "direct", "none", Setting(promotion=True), 4),
        ("treat", "direct", "none", Setting(), 1),
        ("treat", "direct", "vague", Setting(most=2), 2),
        ("treat", "direct", "none", Setting(promotion=True, most=2), 3),
        ("safe", "weak", "none", Setting(), 2),
        ("safe", "weak", "none", Setting(limits_said=True), 1),
        ("prevent", "weak", "none", Setting(), 2),
        ("prevent", "weak", "none", Setting(conditional=True), 1),
        ("cure", "direct", "none", Setting(established=True), 1),
        ("testimonial", "direct", "none", Setting(promotion=True), 2),
        ("diagnose", "direct", "none", Setting(), 0),
    ],
)
def test_surroundings_move_the_severity(
    kind: ClaimType, strength: Strength, source: Sourcing, setting: Setting, value: int
) -> None:
    assert severity(kind, strength, source, negated=False, setting=setting) == value
