"""Plain text: a line is a block, told apart by its shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Article, Page
from audit.page import parse


def article(text: str) -> Article:
    return parse(Page(id="page", text=text, kind="text"))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("\n \r\n\t\n", []),
        ("One line", [("paragraph", "One line")]),
        ("Sore knees\nPain on stairs is common.", [("title", "Sore knees"), ("paragraph", "Pain on stairs is common.")]),
        ("Is it gout?\nOften it is not.", [("title", "Is it gout?"), ("paragraph", "Often it is not.")]),
        ("It hurts.\nIt passes.", [("paragraph", "It hurts."), ("paragraph", "It passes.")]),
        (
            "It hurts.\nWhat helps\nRest and warmth help most people.",
            [("paragraph", "It hurts."), ("heading", "What helps"), ("paragraph", "Rest and warmth help most people.")],
        ),
        ("It hurts.\nWhat helps?\nRest helps most people.", [
            ("paragraph", "It hurts."), ("paragraph", "What helps?"), ("paragraph", "Rest helps most people.")]),
        ("- rest\n* ice\n• warmth\n1. walk\n2) swim\n(a) stretch", [
            ("list_item", "- rest"), ("list_item", "* ice"), ("list_item", "• warmth"), ("list_item", "1. walk"),
            ("list_item", "2) swim"), ("list_item", "(a) stretch")]),
        ("1.5 mg is enough.\n-40 degrees.", [("paragraph", "1.5 mg is enough."), ("paragraph", "-40 degrees.")]),
        ("It hurts.\n" + "long " * 30 + "\n" + "longer " * 40, [
            ("paragraph", "It hurts."), ("paragraph", ("long " * 30).strip()), ("paragraph", ("longer " * 40).strip())]),
        ("a.\r\nb.\rc.", [("paragraph", "a."), ("paragraph", "b."), ("paragraph", "c.")]),
        ("<p>no tag</p>.", [("paragraph", "<p>no tag</p>.")]),
    ],
)  # fmt: skip
def test_a_line_is_a_block_of_its_shape(text: str, blocks: list[tuple[str, str]]) -> None:
    assert [(block.role, block.text.text) for block in article(text).blocks] == blocks


@pytest.mark.parametrize(
    ("text", "title"),
    [("Sore knees\nPain is common.", "Sore knees"), ("Pain is common.\nIt passes.", ""), ("Sore knees", ""), ("", "")],
)
def test_a_first_line_without_a_full_stop_is_the_title(text: str, title: str) -> None:
    assert article(text).title == title


@given(st.text("ab .\n\r\t-1&<", max_size=60))
def test_every_letter_is_in_one_block_at_its_place(text: str) -> None:
    blocks = article(text).blocks
    places = [span for block in blocks for span in block.text.place()]
    assert [text[span.start : span.end] for span in places] == [block.text.text for block in blocks]
    assert "".join("".join(block.text.text.split()) for block in blocks) == "".join(text.split())
    assert places == sorted(places)
