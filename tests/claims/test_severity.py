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


SETTINGS = {
    "plain": Setting(),
    "risk group": Setting(risk_group=True),
    "sold": Setting(promotion=True, conditional=True, limits_said=True),
    "sold to a risk group": Setting(promotion=True, conditional=True, risk_group=True),
    "established": Setting(established=True, limits_said=True),
}
# For each type the severities in the settings above: booster, direct, weak, strong; of each with no, a vague and a
# specific source.
TABLE = """
danger       444 444 444 444 | 444 444 444 444 | 444 444 444 444 | 444 444 444 444 | 444 444 444 444
cure         333 432 222 211 | 333 432 222 211 | 443 432 322 211 | 444 443 433 322 | 333 111 111 100
dose         332 120 211 110 | 332 120 211 110 | 332 221 211 110 | 443 332 322 220 | 332 010 100 000
safe         333 231 221 111 | 333 231 221 111 | 433 221 110 000 | 444 443 332 222 | 333 010 000 000
compare      332 120 110 000 | 332 120 110 000 | 222 221 110 000 | 222 222 220 000 | 332 010 000 000
prevent      333 120 210 100 | 333 221 210 100 | 433 221 210 100 | 444 332 320 200 | 333 010 100 000
treat        333 120 110 000 | 333 120 110 000 | 433 220 110 000 | 444 330 220 000 | 333 110 110 000
testimonial  333 121 222 111 | 333 121 222 111 | 222 111 111 000 | 222 111 111 000 | 333 010 111 000
diagnose     222 000 000 000 | 222 000 000 000 | 332 210 110 000 | 332 210 110 000 | 222 000 000 000
prognose     222 100 000 000 | 222 100 000 000 | 332 210 110 000 | 332 210 110 000 | 222 000 000 000
cause        222 100 000 000 | 222 100 000 000 | 332 210 110 000 | 332 210 110 000 | 222 000 000 000
advise       222 000 000 000 | 222 000 000 000 | 211 000 000 000 | 211 000 000 000 | 222 000 000 000
"""


@pytest.mark.parametrize("kind", get_args(ClaimType))
def test_each_type_has_the_severities_of_the_table(kind: ClaimType) -> None:
    rows = dict(line.split(maxsplit=1) for line in TABLE.strip().splitlines())
    found = {
        name: " ".join(
            "".join(
                str(severity(kind, strength, source, negated=False, setting=setting))
                for source in ("none", "vague", "specific")
            )
            for strength in ("booster", "direct", "weak", "strong")
        )
        for name, setting in SETTINGS.items()
    }
    assert found == dict(zip(SETTINGS, rows[kind].split(" | "), strict=True))
