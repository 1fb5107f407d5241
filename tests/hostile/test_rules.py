"""Rules and settings that are made to hurt: no pattern runs away, no file blows up, each refusal says where."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from audit import load_rules
from audit.errors import RuleError
from audit.rules.match import compile_pattern

PATTERNS = {
    f"{rule.id} {at}": regex
    for rule in load_rules().rules
    for at, regex in enumerate((getattr(rule, "regex", None) or "", *getattr(rule, "labels", ())))
    if regex
}
BAD = (
    "a" * 20_000, "a " * 10_000, " " * 20_000, "1" * 20_000, "no " * 7_000, "cure the " * 2_200, "a-" * 10_000, "." * 20_000,
    "casino bonus " * 1_500, "\u200b" * 20_000, "é" * 20_000, "漢" * 20_000, "(" * 20_000, "http://" * 3_000,
)  # fmt: skip


def test_no_shipped_pattern_runs_away() -> None:
    assert len(PATTERNS) > 20
    slow = {}
    for name, regex in PATTERNS.items():
        pattern = compile_pattern(regex)
        began = time.process_time()
        for text in BAD:
            for _ in pattern.finditer(text):
                pass
        slow[name] = time.process_time() - began
    assert max(slow.values()) < 2, max(slow, key=slow.__getitem__)


def test_a_pattern_that_kills_other_engines_is_linear() -> None:
    pattern = compile_pattern(r"(a|aa|a?)+b")
    began = time.process_time()
    assert list(pattern.finditer("a" * 20_000)) == []
    assert time.process_time() - began < 2


BOMBS = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + at)}: &{chr(98 + at)} [{','.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
    ),
    "an alias of itself": "a: &a [*a]\n",
    "a merge": "a: &a {b: c}\nd: {<<: *a}\n",
    "an object": "a: !!python/object/apply:os.system [x]\n",
    "a key twice": "pack: x\npack: y\n",
    "a lone surrogate": 'pack: "\\ud800"\n',
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_yaml_bomb_is_refused_with_its_place(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BOMBS[bomb], "utf-8")
    began = time.process_time()
    with pytest.raises(RuleError) as caught:
        load_rules([path], shipped=False)
    assert str(caught.value).startswith(f"{path.as_posix()}:")
    assert "\n  " in str(caught.value)
    assert time.process_time() - began < 1
