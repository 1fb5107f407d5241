"""An article less its cuts: what is left is untouched, and its parts still know each other."""

from __future__ import annotations

import random

import pytest

from audit.model import Article, Page
from audit.page import less, parse
from audit.text.span import Span, without


def article(text: str, kind: str = "html") -> Article:
    return parse(Page(id="page", text=text, kind=kind))  # type: ignore[arg-type]


def cut(text: str, *quotes: str) -> list[Span]:
    return [Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]


@pytest.mark.parametrize(
    ("html", "quotes", "title"),
    [
        ("<title>bet9 login | Knee pain</title>", ["bet9 login | "], "Knee pain"),
        ("<title>Knee pain</title><p>bet9", ["bet9"], "Knee pain"),
        ("<title>bet9</title><p>Knee", ["bet9"], ""),
    ],
)
def test_the_title_goes_with_its_text(html: str, quotes: list[str], title: str) -> None:
    assert less(article(html), cut(html, *quotes)).title == title


@pytest.mark.parametrize(("kind", "mark"), [("markdown", "# "), ("text", "")])
def test_the_title_of_other_kinds_goes_with_its_line(kind: str, mark: str) -> None:
    text = f"{mark}Knee pain bet9\n\nMost knees get better with rest and time."
    assert less(article(text, kind), cut(text, "better")).title == "Knee pain bet9"
    assert less(article(text, kind), cut(text, " bet9")).title == "Knee pain"


def test_a_link_moves_with_what_is_cut_before_it() -> None:
    html = "<p>bet9 now. See &amp; <a href=/a>our <b>guide</b> here</a>.</p>"
    rest = less(article(html), cut(html, "bet9 now. ", "guide"))
    (link,) = rest.links
    assert link.anchor.text == "our  here"
    assert rest.blocks[link.block].text.text == "See & our  here."
    assert rest.blocks[link.block].text.text[link.at :].startswith(link.anchor.text)


@pytest.mark.parametrize("quote", ["<a href=http://b.example>x</a>", "x", "<p>y <a href=http://b.example>x</a></p>"])
def test_a_link_whose_anchor_or_tag_is_gone_is_gone(quote: str) -> None:
    html = "<div><p>y <a href=http://b.example>x</a></p></div><p><a href=/k>kept</a></p>"
    rest = less(article(html), cut(html, quote))
    assert [link.href for link in rest.links] == ["/k"]
    assert rest.blocks[rest.links[0].block].text.text == "kept"


@pytest.mark.parametrize("inside", ["<template>t <b>u</b></template>", "<div>t u</div>"])
def test_a_link_over_blocks_that_loses_what_it_had_in_the_first_begins_in_the_next(inside: str) -> None:
    html = f"<p>a <a href=/k>y{inside}</a> end"
    rest = less(article(html), cut(html, "y"))
    (link,) = rest.links
    assert link.anchor.text == "t u"
    assert rest.blocks[link.block].text.text[link.at :] == "t u"


def test_a_fact_that_is_cut_is_gone() -> None:
    html = "<meta name=author content='Ann Lee'><meta property=article:published_time content=2020-01-02><p>x"
    assert [fact.name for fact in less(article(html), cut(html, "Lee")).facts] == ["published"]


def test_nothing_cut_is_the_same_article() -> None:
    parsed = article("<p>x")
    assert less(parsed, []) is parsed


PAGE = """<!DOCTYPE html><html lang=en><head><title>Sore feet &amp; gout</title></head><body><nav><ul><li><a href=/>Home</a>
<li><a href=/feet>Feet</a></ul></nav><main><h1>Gout</h1><p>Gout <b>hurts</b> at <i>night &mdash; <a href=/n>often</a></i>.</p>
<div class=box><p>Drink <em>water</em></p><p style="display:none">bet9 <a href=http://b.example>slots</a></p></div>
<table><tr><td>Week 1<td>Rest</table><ul><li>one<li>two <span>three</span></ul></main><footer>&copy; 2026</footer></body></html>"""


def test_cutting_an_element_leaves_every_other_word_of_the_page() -> None:
    parsed = article(PAGE)
    for element in parsed.elements:
        if element.tag in {"html", "head", "body", "title"}:
            continue
        cleaned = article(without(PAGE, [element.span]))
        rest = less(parsed, [element.span])
        assert [b.text.text.split() for b in cleaned.blocks] == [b.text.text.split() for b in rest.blocks], element
        assert [link.href for link in cleaned.links] == [link.href for link in rest.links]


def test_what_less_keeps_stands_in_the_page_outside_of_the_cuts() -> None:
    parsed = article(PAGE)
    chance = random.Random(11)
    for _ in range(300):
        low = chance.randrange(len(PAGE))
        hole = Span(low, min(len(PAGE), low + chance.randint(1, 200)))
        rest = less(parsed, [hole])
        for block in rest.blocks:
            for piece in block.text.pieces:
                place = Span(piece.page_start, piece.page_start + piece.page_length)
                assert not place.touches(hole) or piece.length != piece.page_length
        for link in rest.links:
            text = rest.blocks[link.block].text.text if link.block >= 0 else ""
            assert text[link.at :].startswith(link.anchor.text)
