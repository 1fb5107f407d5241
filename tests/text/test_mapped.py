"""Mapped text, held to a model in which each code point carries the set of page positions it stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import OffsetError
from audit.text.mapped import MappedText, Piece, identity, join
from audit.text.span import Span, union

Model = list[tuple[str, tuple[int, int] | None]]
"""Each character with its half-open place in the page; a reference gives all its characters the same place."""


@st.composite
def texts(draw: st.DrawFn, max_pieces: int = 6) -> MappedText:
    """Draw runs of text, references and breaks in page order, with gaps (tags) between them."""
    parts: list[str] = []
    pieces: list[Piece] = []
    at = page = 0
    for kind in draw(st.lists(st.sampled_from(["run", "reference", "break"]), max_size=max_pieces)):
        page += draw(st.integers(0, 3))
        length = draw(st.integers(1, 5 if kind == "run" else 2))
        if kind != "break":
            size = length if kind == "run" else length + draw(st.integers(1, 4))
            pieces.append(Piece(at, page, length, size))
            page += size
        parts.append(draw(st.text("abc ", min_size=length, max_size=length)))
        at += length
    return MappedText("".join(parts), tuple(pieces))


def model(text: MappedText) -> Model:
    chars: Model = [(char, None) for char in text.text]
    for piece in text.pieces:
        for at in range(piece.length):
            whole = (piece.page_start, piece.page_start + piece.page_length)
            one = (piece.page_start + at, piece.page_start + at + 1)
            chars[piece.start + at] = chars[piece.start + at][0], one if piece.length == piece.page_length else whole
    return chars


SPANS = st.lists(
    st.tuples(st.integers(0, 25), st.integers(1, 6)).map(lambda pair: Span(pair[0], sum(pair))), max_size=4
)


@given(texts(), st.integers(0, 20), st.integers(1, 20))
def test_to_page_is_the_union_of_the_places_of_its_characters(text: MappedText, start: int, length: int) -> None:
    end = min(start + length, len(text.text))
    if start >= end:
        return
    places = [place for _, place in model(text)[start:end] if place]
    assert text.to_page(Span(start, end)) == union(Span(*place) for place in places)


@given(texts(), st.integers(0, 20), st.integers(0, 20))
def test_slice_keeps_every_character_with_its_place(text: MappedText, start: int, length: int) -> None:
    start = min(start, len(text.text))
    end = min(start + length, len(text.text))
    part = text.slice(Span(start, end))
    assert part.text == text.text[start:end]
    for at in range(len(part.text)):
        # A reference that was cut through still stands for the whole of it.
        assert set(part.to_page(Span(at, at + 1))) == set(text.to_page(Span(start + at, start + at + 1)))


@given(texts(), SPANS)
def test_less_drops_the_characters_whose_whole_place_is_cut(text: MappedText, cuts: list[Span]) -> None:
    holes = union(cuts)
    kept = [(char, place) for char, place in model(text) if not (place and any(Span(*place) in hole for hole in holes))]
    rest = text.less(cuts)
    assert rest.text == "".join(char for char, _ in kept)
    assert model(rest) == kept


@given(st.lists(texts(3), max_size=4), st.sampled_from(["", " ", "\n\n"]))
def test_join_puts_parts_in_a_row_and_what_is_between_nowhere(parts: list[MappedText], between: str) -> None:
    expected: Model = []
    for number, part in enumerate(parts):
        if number:
            expected += [(char, None) for char in between]
        expected += model(part)
    assert model(join(parts, between)) == expected


@given(texts())
def test_place_is_the_place_of_the_whole(text: MappedText) -> None:
    assert text.place() == union(Span(*place) for _, place in model(text) if place)


def test_identity_stands_as_it_is() -> None:
    assert identity("abc", 7).to_page(Span(1, 3)) == (Span(8, 10),)
    assert identity("", 7) == MappedText("", ())


def test_less_without_a_hit_is_the_same_text() -> None:
    text = identity("abc", 7)
    assert text.less([]) is text
    assert text.less([Span(0, 7), Span(10, 12)]) is text


@pytest.mark.parametrize(
    ("cut", "left"),
    [(Span(1, 6), "ac"), (Span(1, 5), "a&c"), (Span(2, 6), "a&c"), (Span(0, 3), "&c"), (Span(0, 9), "")],
    ids=["the reference", "its head", "its tail", "a letter and its head", "all"],
)
def test_less_takes_a_reference_whole_or_not_at_all(cut: Span, left: str) -> None:
    text = MappedText("a&c", (Piece(0, 0, 1, 1), Piece(1, 1, 1, 5), Piece(2, 6, 1, 1)))  # a&amp;c
    assert text.less([cut]).text == left


@pytest.mark.parametrize("span", [Span(0, 0), Span(2, 1), Span(0, 4), Span(-1, 2)])
def test_to_page_refuses_what_is_no_stretch_of_the_text(span: Span) -> None:
    with pytest.raises(OffsetError, match="empty or leaves a text of 3"):
        identity("abc").to_page(span)


@pytest.mark.parametrize("span", [Span(2, 1), Span(0, 4), Span(-1, 2)])
def test_slice_refuses_what_leaves_the_text(span: Span) -> None:
    with pytest.raises(OffsetError, match="leaves a text of 3"):
        identity("abc").slice(span)


def test_a_slice_that_begins_between_pieces_has_none_that_is_empty() -> None:
    text = join([identity("ab"), identity("cd", 7)], " ").slice(Span(2, 5))
    assert (text.text, [(piece.start, piece.page_start, piece.length) for piece in text.pieces]) == (" cd", [(1, 7, 2)])


def test_a_break_behind_a_reference_does_not_stand_where_that_does() -> None:
    text = MappedText("&\nb", (Piece(0, 0, 1, 5), Piece(2, 9, 1, 1)))
    assert text.to_page(Span(1, 2)) == ()
    assert text.to_page(Span(1, 3)) == (Span(9, 10),)
