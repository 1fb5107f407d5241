"""Markdown to blocks: paragraphs over their lines, marks out of the text, links with their places."""

from __future__ import annotations

import time

import pytest

from audit.model import Article, Page
from audit.page import parse
from audit.text.span import Span


def article(text: str) -> Article:
    return parse(Page(id="page", text=text, kind="markdown"))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("# Gout & *feet*\n\nRest.", [("heading", "Gout & feet"), ("paragraph", "Rest.")]),
        ("Gout is a kind\nof arthritis.", [("paragraph", "Gout is a kind of arthritis.")]),
        ("Gout is a kind\r\nof arthritis.", [("paragraph", "Gout is a kind of arthritis.")]),
        ("Setext\n------\ntext", [("heading", "Setext"), ("paragraph", "text")]),
        ("> one\n> two", [("quotation", "one two")]),
        (
            "- [ ] one\n  more\n- two\n3. three",
            [("list_item", "one more"), ("list_item", "two"), ("list_item", "three")],
        ),
        ("| a | b |\n|---|:-:|\n| c | d |", [("table_cell", c) for c in "abcd"]),
        ("```py\nx = *1*\n```\ny", [("code", "x = *1*"), ("paragraph", "y")]),
        ("    indented", [("code", "indented")]),
        ("a **b** `c` ~~d~~ e_f 5 * 3 \\*g\\*", [("paragraph", "a b c d e_f 5 * 3 *g*")]),
        ("salt &amp; water", [("paragraph", "salt & water")]),
        ("a <b>c</b> <!-- note -->", [("paragraph", "a c"), ("markup_comment", "note")]),
        ("---\ntitle: x\n---\ntext", [("paragraph", "text")]),
        ("one\n\n***\n\ntwo", [("paragraph", "one"), ("paragraph", "two")]),
    ],
    ids=lambda value: value[:14] if isinstance(value, str) else "",
)
def test_lines_become_blocks_without_their_marks(text: str, blocks: list[tuple[str, str]]) -> None:
    assert [(block.role, block.text.text) for block in article(text).blocks] == blocks


@pytest.mark.parametrize(
    ("text", "quote", "places"),
    [
        ("Gout is a kind\nof arthritis.", "kind of", ["kind\nof"]),
        ("> Gout is a kind\r\n> of arthritis.", "kind of", ["kind\r\n", "of"]),
        ("no **pres**cription", "no prescription", ["no ", "pres", "cription"]),
        ("salt &amp; water", "& w", ["&amp; w"]),
    ],
)
def test_cutting_leaves_the_marks_alone(text: str, quote: str, places: list[str]) -> None:
    block = next(block for block in article(text).blocks if quote in block.text.text)
    at = block.text.text.index(quote)
    assert [text[s.start : s.end] for s in block.text.to_page(Span(at, at + len(quote)))] == places


@pytest.mark.parametrize(
    ("text", "href", "host", "anchor"),
    [
        ('see [the *guide*](https://a.example/x_(y) "T")', "https://a.example/x_(y)", "a.example", "the guide"),
        ("see [that][one]\n\n[one]: http://c.example", "http://c.example", "c.example", "that"),
        ("see [one][]\n\n[One]: <http://c.example>", "http://c.example", "c.example", "one"),
        ("see <https://b.example/>", "https://b.example/", "b.example", "https://b.example/"),
        ("see [](https://b.example/)", "https://b.example/", "b.example", ""),
        ("see [more](/more)", "/more", "", "more"),
    ],
)
def test_a_link_knows_its_anchor_and_host(text: str, href: str, host: str, anchor: str) -> None:
    parsed = article(text)
    (link,) = parsed.links
    assert (link.href, link.host, link.anchor.text) == (href, host, anchor)
    if anchor:
        assert parsed.blocks[link.block].text.text[link.at :].startswith(anchor)
    else:
        assert link.block == -1


def test_a_picture_is_no_link_and_an_unknown_reference_is_text() -> None:
    parsed = article("![knee](k.png) and [this][that]")
    assert parsed.links == ()
    assert parsed.blocks[0].text.text == "knee and [this][that]"


def test_the_title_is_the_first_heading() -> None:
    assert article("Lead\n\n# Title\n\n## More").title == "Title"


@pytest.mark.parametrize(
    "unit", ["-", "[", "[x](", "*", "<!--", "> ", "a\n", "`", "\\", "- ", "|", "_a", "#", "<a", "&amp;", "[a][b]", "[a](b)"]
)  # fmt: skip
def test_hostile_lines_take_linear_time(unit: str) -> None:
    def took(count: int) -> float:
        start = time.process_time()
        article(unit * count + "x")
        return time.process_time() - start

    took(1_000)
    assert took(20_000) < 6 * took(5_000) + 0.3
