"""Faults in the middle of a batch; `python -m benchmarks.faults` is the long form, with every step and 200 kills."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import pytest

from benchmarks.faults import Undisturbed, clock_case, count_steps, handle_case, step_cases, try_case, try_kills

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are put in through /proc and fork")
KINDS = ("kill -9", "disk full", "read-only", "Ctrl-C", "Ctrl-C twice")


@pytest.fixture(scope="module")
def calm() -> Iterator[Undisturbed]:
    with Undisturbed(24) as undisturbed:
        yield undisturbed


@pytest.fixture(scope="module")
def steps(calm: Undisturbed) -> list[int]:
    """Return three steps of the journal, drawn by a seed, one of each third."""
    third = count_steps(calm) // 3
    assert third > 8, "two passes take more steps"
    return [part * third + 1 + random.Random(f"7 {part}").randrange(third) for part in range(3)]


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_a_fault_at_a_step_of_the_journal_changes_nothing(calm: Undisturbed, steps: list[int], kind: int) -> None:
    case = list(step_cases(steps[kind % 3]))[kind]  # each step with each kind: `python -m benchmarks.faults`
    assert case.name.startswith(KINDS[kind])
    try_case(calm, case, str(kind))


@pytest.mark.parametrize("more", [1, 3])
def test_too_few_file_handles_end_in_a_message(calm: Undisturbed, more: int) -> None:
    code = try_case(calm, handle_case(more), f"handles-{more}")
    assert code == 2 or more > 1, "one handle is too few; three may do where all that a run reads is in memory already"


def test_the_clock_changes_nothing(calm: Undisturbed) -> None:
    try_case(calm, clock_case(), "clock")


def test_kills_at_random_moments_change_nothing(calm: Undisturbed) -> None:
    assert try_kills(calm, 3, 7, lambda _: None)[0] == 3
