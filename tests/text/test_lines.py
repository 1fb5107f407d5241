"""Offsets to lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.lines import Lines


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("abc", 2, (1, 3)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\n\nb", 2, (2, 1)),
        ("a\n", 2, (2, 1)),
        ("💊💊\nx💊y", 5, (2, 3)),
        ("a\u2028b\x0bc", 4, (1, 5)),
    ],
    ids=["empty", "in a line", "end of text", "line end", "next line", "between CR and LF", "after CR LF", "lone CR",
         "empty line", "after the last line end", "code points, not bytes", "only CR and LF end a line"],
)  # fmt: skip
def test_locate_counts_from_one(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Lines(text).locate(offset) == place


@given(st.text("ab\r\n", max_size=30))
def test_locate_agrees_with_counting(text: str) -> None:
    lines = Lines(text)
    line = column = 1
    for at in range(len(text) + 1):
        assert lines.locate(at) == (line, column)
        ends = text[at : at + 1] == "\n" or (text[at : at + 1] == "\r" and text[at + 1 : at + 2] != "\n")
        line, column = (line + 1, 1) if ends else (line, column + 1)
