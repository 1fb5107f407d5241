"""The rules of a run: what the settings change in them, everywhere and for some pages."""

from __future__ import annotations

import pickle

import pytest

from audit.model import Page
from audit.overrides import conditions, load
from audit.pipeline import audit_page
from audit.rules.schema import Gate, PathGate
from audit.settings import Override, Settings

RULE = "claims.cure.verb"
CURE = Page(id="drafts/tea.txt", path="drafts/tea.txt", kind="text", text="This tea cures diabetes.\n")


def rules_at(*overrides: Override, **settings: object):
    return load(Settings(overrides=overrides, **settings)).for_page("drafts/tea.txt", None, "https://a.example/tea")


@pytest.mark.parametrize(
    ("paths", "fits"),
    [
        (("drafts/*",), True),
        (("*.txt",), True),
        (("https://a.example/**",), True),
        (("tea",), True),
        (("*.html", "drafts/**"), True),
        (("final/*",), False),
    ],
)
def test_an_override_holds_for_pages_by_id_path_or_address(paths: tuple[str, ...], fits: bool) -> None:
    assert (RULE in rules_at(Override(paths=paths, disable=(RULE,))).disabled) is fits


def test_of_several_overrides_the_last_profile_counts_and_every_change() -> None:
    rules = rules_at(
        Override(paths=("drafts/*",), profile="strict", disable=("spam.gambling.*",)),
        Override(paths=("*.txt",), profile="default", severities={"claims.*": "note"}),
        Override(paths=("elsewhere",), disable=(RULE,)),
        severities={RULE: "info"},
    )
    assert rules.profile.profile == "default"
    assert RULE not in rules.disabled
    assert any(name.startswith("spam.gambling.") for name in rules.disabled)
    assert rules.severity(rules.get(RULE)) == 1


def test_settings_win_over_the_profile_even_by_a_shorter_name() -> None:
    rules = load(Settings(severities={"claims.*": "info"}))
    assert {rules.severity(rule) for rule in rules.rules if rule.id.startswith("claims.")} == {0}


def test_the_digest_changes_with_every_override() -> None:
    said = [
        (),
        (Override(paths=("a",), disable=(RULE,)),),
        (Override(paths=("b",), disable=(RULE,)),),
        (Override(paths=("a",), severities={RULE: "note"}),),
        (Override(paths=("a",), profile="strict"),),
    ]
    assert len({load(Settings(overrides=overrides)).digest for overrides in said}) == len(said)
    gate_only = Settings(overrides=(Override(paths=("a",), min_score=3),))
    assert load(gate_only).digest == load(Settings()).digest


def test_a_page_is_audited_by_the_rules_that_hold_for_it_in_workers_too() -> None:
    rules = load(Settings(overrides=(Override(paths=("drafts/*",), disable=("claims.*",)),)))
    sent = pickle.loads(pickle.dumps(rules))  # noqa: S301
    for held in (rules, sent):
        assert audit_page(CURE, load(Settings())).verdict == "block"
        report = audit_page(CURE, held)
        assert [found.rule for found in report.findings if found.rule.startswith("claims.")] == []


def test_conditions_are_those_of_the_profile_with_the_settings_over_them() -> None:
    settings = Settings(
        fail_on="error",
        overrides=(
            Override(paths=("a",), min_score=3),
            Override(paths=("b",), profile="strict"),
            Override(paths=("c",), disable=(RULE,)),
        ),
    )
    gate = conditions(Gate(min_score=50, unread="ignore"), settings, lambda _: Gate(fail_on=4))
    assert gate == Gate(
        fail_on="error",
        min_score=50,
        unread="ignore",
        paths=(PathGate(paths=("a",), min_score=3), PathGate(paths=("b",), fail_on=4, min_score=0)),
    )
