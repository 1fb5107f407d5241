"""Character references, held to the HTML5 parser and to their places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from audit.page.references import resolve

PARTS = st.sampled_from(
    ["&amp;", "&amp", "&ampx", "&notit;", "&notin;", "&lt", "&", "&;", "&#", "&#x", "&#65", "&#65;", "&#x41;", "&#X41g", "&#0;",
     "&#128;", "&#xD800;", "&#x110000;", "&#99999999999;", "&nbsp;", "&hellip;", "&unknown;", "&copy=1", "&copy2", "a", "z;", "=", " ",
     "\r\n", "\r", "\n", "é", "&bne;", "&NotEqualTilde;"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=12))
def test_text_is_that_of_an_html5_parser(parts: list[str]) -> None:
    source = "x" + "".join(parts) + "x"
    node = LexborHTMLParser("<p>" + source).css_first("p")
    assert node is not None
    assert resolve(source, 0, len(source)).text == node.text()


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=12))
def test_attribute_values_are_those_of_an_html5_parser(parts: list[str]) -> None:
    source = "x" + "".join(parts) + "x"
    node = LexborHTMLParser(f'<p title="{source}">').css_first("p")
    assert node is not None
    assert resolve(source, 0, len(source), attribute=True).text == node.attributes["title"]


@given(st.lists(PARTS, max_size=12), st.integers(0, 5))
def test_the_pieces_cover_the_source_and_the_text(parts: list[str], lead: int) -> None:
    source = "-" * lead + "".join(parts)
    got = resolve(source, lead, len(source))
    text = at = 0
    page = lead
    for piece in got.pieces:
        assert (piece.start, piece.page_start) == (text, page)
        text, page = piece.start + piece.length, piece.page_start + piece.page_length
        part = source[piece.page_start : page]
        if piece.length == piece.page_length:
            assert part.replace("\r", "\n") == got.text[piece.start : text]
        else:
            assert part[0] == "&" or part == "\r\n"
        at = page
    assert (text, at or lead) == (len(got.text), len(source))


@pytest.mark.parametrize("source", ["&#8364;" * 3, "a&b", "\0"])
def test_a_null_is_dropped_from_text_and_marked_in_attributes(source: str) -> None:
    assert "\0" not in resolve(source, 0, len(source)).text
    assert "\0" not in resolve(source, 0, len(source), attribute=True).text
