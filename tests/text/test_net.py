"""The file that a small net ships in holds what it should, or is refused."""

from __future__ import annotations

import numpy as np
import pytest

from audit.spam import dropped, offering
from audit.text.net import REACH, UNKNOWN, convolved, read, word_of, words_of


@pytest.mark.parametrize(("own", "shapes"), [(dropped.OWN, dropped.shapes()), (offering.OWN, offering.shapes())])
def test_a_file_of_another_size_is_refused(own: int, shapes: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="10 bytes of a net"):
        read("the\nof\n", bytes(10), own, shapes)


def test_a_file_is_read_in_its_order() -> None:
    layer = bytes([1, 2, 3, 4, 5, 6]) + bytes.fromhex("0000803f" * 2 + "00000040" * 2)
    net = read("the", bytes([7, 8]) + layer, 1, [(3, 2)])
    assert net.own.tolist() == [[7], [8]]
    assert net.layers[0].weights.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert (net.layers[0].scale.tolist(), net.layers[0].bias.tolist()) == ([1, 1], [2, 2])


def test_a_word_that_nobody_knows_is_told_from_one_of_any_dictionary() -> None:
    assert word_of("Quorvelle").forms & UNKNOWN
    assert not word_of("river").forms & UNKNOWN
    assert [match[0] for match in words_of("β-blockers, 5 mg!")] == ["β-blockers", ",", "5", "mg", "!"]


def test_a_layer_adds_what_its_neighbours_say() -> None:
    rows = np.arange(7, dtype=np.float32).reshape(-1, 1)
    made = convolved(rows, np.ones((2 * REACH + 1, 1), dtype=np.float32))
    assert made.ravel().tolist() == [10, 15, 20]
