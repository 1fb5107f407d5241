"""The self-test finds the examples that do not come out as they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_packs import GOOD, write

from audit.rules.load import load_rules
from audit.rules.selftest import check, marked
from audit.text.span import Span


@pytest.mark.parametrize(
    ("example", "text", "quotes"),
    [
        ("a ⟦b⟧ c ⟦d e⟧", "a b c d e", ["b", "d e"]),
        ("⟦all⟧", "all", ["all"]),
        ("none", "none", []),
    ],
)
def test_marks_become_spans(example: str, text: str, quotes: list[str]) -> None:
    plain, spans = marked(example)
    assert (plain, [plain[span.start : span.end] for span in spans]) == (text, quotes)


@pytest.mark.parametrize(
    ("old", "new", "expected", "found"),
    [
        ("⟦buy now⟧", "⟦buy⟧ now", ("buy",), ("buy now",)),
        ("⟦buy now⟧", "⟦look⟧", ("look",), ()),
        ("[nothing]", "[do buy now]", (), ("buy now",)),
    ],
)
def test_a_wrong_example_fails(
    tmp_path: Path, old: str, new: str, expected: tuple[str, ...], found: tuple[str, ...]
) -> None:
    rules = load_rules([write(tmp_path, GOOD.replace(old, new))], shipped=False)
    (failure,) = check(rules).failures
    assert (failure.expected, failure.found) == (expected, found)
    assert "x.yaml:4" in str(failure)


def test_a_right_rule_passes(tmp_path: Path) -> None:
    outcome = check(load_rules([write(tmp_path, GOOD)], shipped=False))
    assert (outcome.rules, outcome.examples, outcome.failures, outcome.untested) == (1, 2, (), ())


def test_a_detector_from_above_wins(tmp_path: Path) -> None:
    rules = load_rules([write(tmp_path, GOOD)], shipped=False)
    outcome = check(rules, {"phrase": lambda _rule, _text: (Span(0, 6),)})
    assert [failure.found for failure in outcome.failures] == [("please",), ("nothin",)]
