"""The arithmetic of spans, held to sets of positions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.span import Placed, Span, crossing, meets, subtract, union, without

SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: Span(pair[0], sum(pair))), max_size=8
)


def positions(spans: object) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def is_disjoint_and_in_order(spans: tuple[Span, ...]) -> bool:
    return all(before.end < after.start for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], ()),
        ([(3, 5)], ((3, 5),)),
        ([(3, 5), (5, 7)], ((3, 7),)),
        ([(3, 5), (6, 7)], ((3, 5), (6, 7))),
        ([(6, 7), (0, 2), (1, 4)], ((0, 4), (6, 7))),
        ([(0, 9), (2, 3)], ((0, 9),)),
        ([(0, 9), (0, 3), (9, 9)], ((0, 9),)),
    ],
    ids=["none", "one", "neighbours", "a gap", "out of order", "one inside", "same start, empty"],
)  # fmt: skip
def test_union_joins_what_overlaps_or_touches(
    spans: list[tuple[int, int]], joined: tuple[tuple[int, int], ...]
) -> None:
    assert union(Span(*span) for span in spans) == tuple(Span(*span) for span in joined)


@pytest.mark.parametrize(
    ("less", "left"),
    [
        ([], ((2, 10),)),
        ([(0, 2), (10, 12)], ((2, 10),)),
        ([(0, 4)], ((4, 10),)),
        ([(8, 12)], ((2, 8),)),
        ([(4, 6)], ((2, 4), (6, 10))),
        ([(3, 4), (5, 6), (4, 5)], ((2, 3), (6, 10))),
        ([(0, 20)], ()),
    ],
    ids=["nothing", "beside", "the head", "the tail", "the middle", "several", "all"],
)
def test_subtract_leaves_what_no_hole_covers(less: list[tuple[int, int]], left: tuple[tuple[int, int], ...]) -> None:
    assert subtract([Span(2, 10)], [Span(*hole) for hole in less]) == tuple(Span(*span) for span in left)


@given(SPANS)
def test_union_covers_the_same_positions(spans: list[Span]) -> None:
    joined = union(spans)
    assert positions(joined) == positions(spans)
    assert is_disjoint_and_in_order(joined)


@given(SPANS, SPANS)
def test_subtract_is_the_difference_of_positions(spans: list[Span], less: list[Span]) -> None:
    kept = subtract(spans, less)
    assert positions(kept) == positions(spans) - positions(less)
    assert is_disjoint_and_in_order(kept)
    assert all(kept)


@given(st.text("abcdefgh", min_size=0, max_size=40), SPANS)
def test_without_keeps_every_other_character(text: str, cuts: list[Span]) -> None:
    gone = positions(cuts)
    assert without(text, cuts) == "".join(char for at, char in enumerate(text) if at not in gone)


@pytest.mark.parametrize(
    ("other", "inside"),
    [
        (Span(2, 5), True),
        (Span(3, 4), True),
        (Span(1, 4), False),
        (Span(4, 6), False),
        (2, True),
        (4, True),
        (5, False),
    ],
)
def test_a_span_holds_spans_and_positions(other: object, inside: bool) -> None:
    assert (other in Span(2, 5)) is inside


def test_a_span_holds_nothing_else() -> None:
    assert "2" not in Span(2, 5)


@given(SPANS.filter(lambda spans: len(spans) >= 2))
def test_spans_touch_where_they_share_a_position(spans: list[Span]) -> None:
    one, other = spans[:2]
    assert one.touches(other) is other.touches(one) is bool(positions([one]) & positions([other]))


def test_spans_sort_by_start_then_end() -> None:
    assert sorted([Span(2, 9), Span(2, 3), Span(0, 1)]) == [Span(0, 1), Span(2, 3), Span(2, 9)]
    assert len(Span(2, 9)) == 7


@given(SPANS, SPANS)
def test_what_crosses_a_span_is_found_among_disjoint_spans(spans: list[Span], asked: list[Span]) -> None:
    disjoint = union(spans)
    for span in asked:
        across = [other for other in disjoint if other.touches(span)]
        assert list(crossing(disjoint, span)) == across
        assert meets(disjoint, span) == bool(across)


@given(SPANS, SPANS)
def test_what_lies_round_in_or_across_a_span_is_found_in_the_order_given(spans: list[Span], asked: list[Span]) -> None:
    placed = Placed(enumerate(spans), lambda numbered: numbered[1])
    for span in asked:
        assert placed.across(span) == [(at, other) for at, other in enumerate(spans) if other.touches(span)]
        assert placed.around(span) == [(at, other) for at, other in enumerate(spans) if span in other]
        assert placed.inside(span) == [(at, other) for at, other in enumerate(spans) if other in span]
