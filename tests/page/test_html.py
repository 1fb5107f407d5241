"""HTML to blocks: what a reader gets, where it stands, and that nothing is lost on damaged pages."""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from audit.errors import PageError
from audit.model import Article, Page
from audit.page import attributes, less, parse
from audit.text.span import Span, subtract, without


def article(html: str, url: str | None = None) -> Article:
    return parse(Page(id="page", text=html, kind="html", url=url))


def seen(html: str) -> list[tuple[str, str]]:
    return [(block.role, block.text.text) for block in article(html).blocks]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>one<p>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("<p>a <b>b</b> <i>c</i></p>", [("paragraph", "a b c")]),
        ("<ul><li>x<li>y</ul>", [("list_item", "x"), ("list_item", "y")]),
        ("<h2>Gout</h2>text", [("heading", "Gout"), ("paragraph", "text")]),
        ("<table><tr><td>x<td>y</table>", [("table_cell", "x"), ("table_cell", "y")]),
        ("<blockquote><p>said</p></blockquote>", [("quotation", "said")]),
        ("<title>T &amp; U</title><p>x", [("title", "T & U"), ("paragraph", "x")]),
        ("<p>line<br>break", [("paragraph", "line\nbreak")]),
        ("<pre>a\n  b</pre>", [("code", "a\n  b")]),
        ("<p>a\nb\tc</p>", [("paragraph", "a b c")]),
        ("<p>see <!-- note --> this", [("paragraph", "see  this"), ("markup_comment", "note")]),
        ("<p>x</p><noscript><p>no script</p></noscript>", [("paragraph", "x"), ("noscript", "no script")]),
        ("<script>var a='<p>x</p>'</script><p>y", [("paragraph", "y")]),
        ("<p>1 < 2 and <3</p>", [("paragraph", "1 < 2 and <3")]),
        ('<img alt="A knee"><p>x', [("attribute", "A knee"), ("paragraph", "x")]),
        ('<meta name=description content="About gout">', [("meta", "About gout")]),
        ("<table>stray<tr><td>cell</table>", [("paragraph", "stray"), ("table_cell", "cell")]),
        ("<figure><figcaption>Fig. 1</figcaption></figure>", [("caption", "Fig. 1")]),
    ],
)
def test_a_block_is_what_a_reader_takes_as_one(html: str, blocks: list[tuple[str, str]]) -> None:
    assert seen(html) == blocks


@pytest.mark.parametrize(
    ("html", "role", "text", "reason"),
    [
        ("<p>x<template><p>said <a href=/y>so</a></p></template>", "template", "said so", "<template>"),
        ("<p>x<noscript><p>said so</p></noscript>", "noscript", "said so", "<noscript>"),
        ("<head><noscript>said so</noscript><link rel=icon href=i></head>x", "noscript", "said so", "<noscript>"),
        ("<p>x<iframe src=y>said <b>so</b></iframe>", "noscript", "said <b>so</b>", "<iframe>"),
        ("<frameset><noframes>said so</noframes></frameset>", "noscript", "said so", "<noframes>"),
        ("<video src=y>said so</video>", "paragraph", "said so", "<video>"),
        ("<!--said so-->", "markup_comment", "said so", "<!-- -->"),
        ("<p>x<svg><title>said so</title><path/></svg>", "attribute", "said so", None),
        ("<textarea>said &lt;b>so</b></textarea>", "code", "said <b>so</b>", None),
        ("<select><option>said so<option>or not</select>", "navigation", "said so", None),
        ("<details><summary>More</summary>said so</details>", "paragraph", "said so", None),
        ("<p>x<object data=y>said so</object>", "paragraph", "said so", None),
        ("<input type=search placeholder='said so'>", "attribute", "said so", None),
        ("<p aria-label='said so'>x", "attribute", "said so", None),
        ("<table><caption>said so</caption><tr><td>x</table>", "caption", "said so", None),
        ("<nav>said so</nav>", "navigation", "said so", None),
        ("<aside>said so</aside>", "aside", "said so", None),
        ("<ul id=comments><li>said so</ul>", "list_item", "said so", None),
    ],
)
def test_every_part_has_its_role_and_how_it_is_shown(html: str, role: str, text: str, reason: str | None) -> None:
    block = next(block for block in article(html).blocks if block.text.text == text)
    assert (block.role, block.hiding and block.hiding.reason) == (role, reason)


@pytest.mark.parametrize(
    ("html", "role"),
    [
        ("<ul><li><a href=/a>Home</a><li><a href=/b>About</a><li><a href=/c>Contact</a></ul>", "navigation"),
        ("<ul><li><a href=/a>Home</a><li><a href=/b>About</a></ul>", "list_item"),
        ("<ul><li>Rest and <a href=/a>ice</a> it<li>Walk, <a href=/b>slowly</a><li>See a doctor</ul>", "list_item"),
    ],
    ids=["three links", "two links", "text with links"],
)
def test_a_list_of_links_is_navigation(html: str, role: str) -> None:
    assert {block.role for block in article(html).blocks} == {role}


def test_an_anchor_runs_across_blocks() -> None:
    parsed = article("<a href=//shop.example/><p>one</p><div>two <b>more</b></div></a>")
    (link,) = parsed.links
    assert (link.anchor.text, link.block, link.at) == ("one two more", 0, 0)


@pytest.mark.parametrize(
    ("html", "quote", "places"),
    [
        ("<p>Tom &amp; Ann</p>", "& A", ["&amp; A"]),
        ("<p>no <b>pres</b>cription</p>", "no prescription", ["no ", "pres", "cription"]),
        ("<p>a&lt;b&#x41;c&notin;d</p>", "<bAc∉", ["&lt;b&#x41;c&notin;"]),
        ("<p>x&nbsp;y</p>", "\xa0", ["&nbsp;"]),
        ("<p>one\r\ntwo</p>", "one two", ["one\r\ntwo"]),
        ("<p>&hellip;&ampx</p>", "&x", ["&ampx"]),
        ("<p>split <i>a</i><i>b</i>", "ab", ["a", "b"]),
    ],
    ids=["reference kept whole", "one span per run", "kinds of reference", "blank", "line end", "no semicolon", "tags"],
)
def test_to_page_leaves_markup_alone(html: str, quote: str, places: list[str]) -> None:
    text = next(block.text for block in article(html).blocks if quote in block.text.text)
    at = text.text.index(quote)
    assert [html[s.start : s.end] for s in text.to_page(Span(at, at + len(quote)))] == places


@pytest.mark.parametrize(
    ("html", "tag", "source"),
    [
        ("<p>a</p><div><p>b</p></div>c", "div", "<div><p>b</p></div>"),
        ("<ul><li>one\n<li>two</ul>", "li", "<li>one"),
        ("<div><p>x<div>y</div></div>", "p", "<p>x"),
        ("<p>a <b>b</p>", "b", "<b>b"),
        ("<p>t <img src=x> u", "img", "<img src=x>"),
        ("<div>never closed <b>x</b>", "div", "<div>never closed <b>x</b>"),
        ("<style>p{}</style>x", "style", "<style>p{}</style>"),
        ("<a title='a > b'>x</a>", "a", "<a title='a > b'>x</a>"),
    ],
)
def test_an_element_ends_where_its_end_tag_or_the_parser_closed_it(html: str, tag: str, source: str) -> None:
    element = next(element for element in article(html).elements if element.tag == tag)
    assert html[element.span.start : element.span.end].rstrip() == source


def test_attributes_have_their_places() -> None:
    html = "<p><a HREF='/x?a=1&amp;b=2' title=\"T\" rel=nofollow hidden>t</a>"
    parsed = article(html)
    index = next(i for i, element in enumerate(parsed.elements) if element.tag == "a")
    got = {a.name: (a.value.text, html[a.span.start : a.span.end]) for a in attributes(parsed, index)}
    assert got == {
        "href": ("/x?a=1&b=2", "HREF='/x?a=1&amp;b=2'"),
        "title": ("T", 'title="T"'),
        "rel": ("nofollow", "rel=nofollow"),
        "hidden": ("", "hidden"),
    }


@pytest.mark.parametrize(
    ("html", "anchor", "host", "rel", "at"),
    [
        ("<p>see <a href='https://Casino.Example:8080/x'>this page</a> now", "this page", "casino.example", (), 4),
        ("<p><a rel='nofollow sponsored' href=//shop.example/>a shop</a>", "a shop", "shop.example", ("nofollow", "sponsored"), 0),
        ("<p>read <a href='/more'>more</a>", "more", "", (), 5),
        ("<p>mine <a href='https://www.mine.example/y'>own</a>", "own", "", (), 5),
        ("<p>dot<a href='http://x.example'>.</a>", ".", "x.example", (), 3),
        ("<p>x <a href='http://x.example'></a>", "", "x.example", (), 0),
        ("<p>x <a href='http://['>bad</a>", "bad", "", (), 2),
    ],
)  # fmt: skip
def test_a_link_knows_its_anchor_and_host(html: str, anchor: str, host: str, rel: tuple[str, ...], at: int) -> None:
    parsed = article(html, url="https://mine.example/")
    (link,) = parsed.links
    assert (link.anchor.text, link.host, link.rel, link.at) == (anchor, host, rel, at)
    if anchor:
        assert parsed.blocks[link.block].text.text[at : at + len(anchor)] == anchor


@pytest.mark.parametrize(
    ("html", "container"),
    [
        ("<nav><a href=/>Home</a></nav>", "navigation"),
        ("<div class='site-footer'>c</div>", "footer"),
        ("<div id=comments><p>Nice</p></div>", "comment"),
        ("<ul class=menu><li>x</ul>", "navigation"),
        ("<div role=complementary>x</div>", "aside"),
        ("<div class='article-body'><p>x</p></div>", None),
        ("<p class='comments-off'>x</p>", None),
    ],
)
def test_furniture_is_told_by_tag_role_and_names(html: str, container: str | None) -> None:
    assert [block.container for block in article(html).blocks] == [container]


def _text_of_tree(html: str) -> Counter[str]:
    tree = LexborHTMLParser(html)
    assert tree.root is not None
    texts = [
        node.text_content or ""
        for node in tree.root.traverse(include_text=True)
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in {"script", "style"}
    ]
    return Counter(re.sub(r"[\s\0\ufffd]+", "", "".join(texts)))


def _text_of_blocks(parsed: Article) -> Counter[str]:
    texts = [b.text.text for b in parsed.blocks if b.role not in {"attribute", "meta", "data", "markup_comment"}]
    return Counter(re.sub(r"[\s\0\ufffd]+", "", "".join(texts)))


WHOLE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset=utf-8><title>Sore knees &amp; stairs</title>
<style>.x{display:none} a > b{color:red}</style><script>if (a<b) { document.write("<p>no</p>") }</script></head>
<body class="single"><nav><ul><li><a href="/">Home</a><li><a href="/knee">Knees</a></ul></nav>
<article><h1>Sore knees</h1><p>Pain on <b>stairs</b> is common&nbsp;&mdash; and <i>often</i> passes.<br>Rest helps.</p>
<table><tr><th>Week<th>Do<tr><td>1<td>Walk 10&thinsp;min</table><blockquote><p>“It got <a href="https://x.example/y?a=1&b=2">better</a>.”</p>
</blockquote><p style="display:none">hidden <span>words</span></p><pre>  code &lt;x&gt;
  more</pre><!-- a comment --><ol><li>One<ul><li>Nested</ul><li>Two</ol><p>Unclosed <em>emphasis<p>Next</article>
<footer>&copy; 2026 <a href="/about">About</a></footer></body></html>"""


def test_the_text_of_damaged_pages_is_that_of_an_html5_parser() -> None:
    chance = random.Random(7)
    letters = [
        "<",
        ">",
        "&",
        '"',
        "'",
        "/",
        "=",
        "!--",
        "-->",
        "</p>",
        "<b>",
        "<table>",
        "</",
        "&amp",
        "\0",
        "é",
        "<a ",
    ]
    for _ in range(1500):
        damaged = WHOLE
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            match chance.randrange(4):
                case 0:
                    damaged = damaged[:at] + damaged[at + chance.randint(1, 40) :]
                case 1:
                    damaged = damaged[:at] + chance.choice(letters) + damaged[at:]
                case 2:
                    damaged = damaged[:at]
                case _:
                    other = chance.randrange(len(damaged))
                    damaged = damaged[:at] + damaged[other : other + 60] + damaged[at:]
            damaged = damaged or "x"
        assert _text_of_blocks(article(damaged)) == _text_of_tree(damaged), damaged


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <b> </b> <div> </div> <ul> <li> <td> <table> <tr> </table> <a&href=/x> </a> <br> <title> </title> <svg> </svg> "
            "<script> </script> <style> </style> <textarea> </textarea> <!--c--> &amp; &#10; &lt <select> <option> </select> "
            "<noscript> </noscript> <h1> </h1> text more <p&hidden> <form> </form> <i> </i> <math> </math> <math><mi> <frameset>".split()
        ),
        max_size=40,
    )
)  # fmt: skip
def test_every_place_holds_what_the_text_says(parts: list[str]) -> None:
    html = " ".join(parts).replace("&href", " href").replace("&hidden", " hidden")
    parsed = article(html)
    for block in parsed.blocks:
        for piece in block.text.pieces:
            source = html[piece.page_start : piece.page_start + piece.page_length]
            text = block.text.text[piece.start : piece.start + piece.length]
            assert source.replace("\n", " ") == text.replace("\n", " ") or source[0] == "&"
    for element in parsed.elements:
        assert html[element.open.start] == "<"
        assert element.open in element.span
        assert element.parent < len(parsed.elements)


def test_cutting_takes_the_cut_and_nothing_else() -> None:
    parsed = article(WHOLE)
    chance = random.Random(3)
    for _ in range(200):
        block = chance.choice([block for block in parsed.blocks if block.role != "meta"])
        start = chance.randrange(len(block.text.text))
        span = Span(start, chance.randint(start + 1, len(block.text.text)))
        cuts = block.text.to_page(span)
        kept = "".join(WHOLE[s.start : s.end] for s in subtract([Span(0, len(WHOLE))], cuts))
        assert without(WHOLE, cuts) == kept
        rest = less(parsed, cuts)
        assert sum(len(b.text.text) for b in rest.blocks) <= sum(len(b.text.text) for b in parsed.blocks)
        others = [b.text.text for b in parsed.blocks if b is not block]
        left = [b.text.text for b in rest.blocks]
        assert all(text in left for text in others if text not in block.text.text)


def test_less_keeps_links_and_facts_in_step() -> None:
    html = "<title>A</title><p>bad</p><p>see <a href='https://x.example'>here</a> now</p><meta name=author content='Ann Lee'>"
    parsed = article(html)
    cut = next(block for block in parsed.blocks if block.text.text == "bad").text.place()
    rest = less(parsed, cut)
    assert [block.text.text for block in rest.blocks] == ["A", "see here now", "Ann Lee"]
    assert rest.blocks[rest.links[0].block].text.text == "see here now"
    assert less(parsed, [Span(0, len(html))]).links == ()
    assert less(parsed, [Span(0, len(html))]).facts == ()


@pytest.mark.parametrize(
    "html",
    ["<" * 300_000, "<a " * 100_000, "&amp;" * 100_000, "<a b='" * 50_000, "<!--" * 100_000, "<p>" * 60_000, "<b>x" * 20_000,
     "</p>" * 60_000, "<script><!--<script>" * 30_000, "<a " + "b=1 " * 9_000 + "href=/>x", "<style>" + "a{" * 200_000,
     "<style>" + "/*" * 200_000, "<title>" * 60_000, "<p style='" + "left:-9999px;" * 30_000 + "'>x"],
    ids=lambda html: html[:20],
)  # fmt: skip
def test_hostile_pages_take_linear_time(html: str) -> None:
    def took(page: str) -> float:
        start = time.process_time()
        with contextlib.suppress(PageError):
            article(page)
        return time.process_time() - start

    took(html[: len(html) // 8])
    half, whole = took(html[: len(html) // 2]), took(html)
    assert whole < 8 * half + 0.5


@pytest.mark.parametrize(
    "html", ["<div>" * 100_000, "<p " + "a1=2 " * 20_000 + "x" + " title=z>y", "<b></b>" * 300_000]
)
def test_a_page_over_a_bound_says_so(html: str) -> None:
    html = html.replace("a1=2 ", "{} ") if "a1" in html else html
    if "{}" in html:
        html = "<p " + " ".join(f"a{i}=1" for i in range(20_000)) + " title=z>y"
    with pytest.raises(PageError, match="the bound is"):
        article(html)
