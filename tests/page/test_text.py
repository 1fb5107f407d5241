"""Plain text to blocks: a line each, told apart by its shape."""

from __future__ import annotations

import pytest

from audit.model import Page
from audit.page import parse


@pytest.mark.parametrize(
    ("text", "blocks", "title"),
    [
        ("Knee pain\nMost knees get better.", [("title", "Knee pain"), ("paragraph", "Most knees get better.")], "Knee pain"),
        ("Most knees get better.\nRest.", [("paragraph", "Most knees get better."), ("paragraph", "Rest.")], ""),
        ("  one \r\n\r\n\ttwo.\r", [("title", "one"), ("paragraph", "two.")], "one"),
        ("bet9, goldbet online: Knees hurt.", [("paragraph", "bet9, goldbet online: Knees hurt.")], ""),
        ("A.\n- one\n2) two", [("paragraph", "A."), ("list_item", "- one"), ("list_item", "2) two")], ""),
        ("", [], ""),
        (" \n\t\n", [], ""),
    ],
)  # fmt: skip
def test_each_line_is_a_block(text: str, blocks: list[tuple[str, str]], title: str) -> None:
    parsed = parse(Page(id="page", text=text, kind="text"))
    assert ([(block.role, block.text.text) for block in parsed.blocks], parsed.title) == (blocks, title)
    for block in parsed.blocks:
        assert "".join(text[span.start : span.end] for span in block.text.place()) == block.text.text
