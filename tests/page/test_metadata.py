"""What a page says of itself: facts with their exact places."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Page
from audit.page import parse
from audit.page.metadata import strings_of_json


def facts(html: str) -> list[tuple[str, str, str]]:
    """Return name, value and the quoted places of each fact of a page."""
    parsed = parse(Page(id="page", text=html, kind="html"))
    return [(f.name, f.value, "|".join(html[s.start : s.end] for s in f.spans)) for f in parsed.facts]


def of_json(json: str) -> list[tuple[str, str, str]]:
    return facts(f'<script type="application/ld+json">{json}</script>')


@pytest.mark.parametrize(
    ("json", "found"),
    [
        ('{"@type":"MedicalWebPage"}', [("type", "MedicalWebPage")]),
        ('{"author":"Ann Lee"}', [("author", "Ann Lee")]),
        ('{"author":{"@type":"Person","name":"Ann Lee","url":"/ann"}}', [("author", "Ann Lee")]),
        ('{"author":[{"name":"Ann"},{"name":"Bo"}]}', [("author", "Ann"), ("author", "Bo")]),
        ('[{"creator":"Ann"},{"datePublished":"2024-01-02"}]', [("author", "Ann"), ("published", "2024-01-02")]),
        (
            '{"@graph":[{"@type":"Article","author":"Ann"},{"@type":"WebSite","publisher":{"name":"Clinic"}}]}',
            [("type", "Article"), ("author", "Ann"), ("type", "WebSite"), ("publisher", "Clinic")],
        ),
        (
            '{"mainEntity":{"@type":"Article","dateModified":"2024"},"mainEntityOfPage":{"lastReviewed":"2025"}}',
            [("type", "Article"), ("modified", "2024"), ("reviewed", "2025")],
        ),
        (
            '{"reviewedBy":{"@type":"Person","name":"Dr Bo"},"citation":[{"name":"A trial"}]}',
            [("reviewer", "Dr Bo"), ("citation", "A trial")],
        ),
        ('{"comment":{"author":"A reader"},"hasPart":[{"author":"Other"}]}', []),
        ('{"datePublished":{"name":"2024"},"author":null,"publisher":7,"citation":" "}', []),
        ('<!-- {"author":"Ann"} -->', [("author", "Ann")]),
        ("", []),
    ],
)
def test_json_ld_tells_of_the_page(json: str, found: list[tuple[str, str]]) -> None:
    assert [(name, value) for name, value, _ in of_json(json)] == found


@pytest.mark.parametrize(
    ("json", "value", "place"),
    [
        (r'{"author":"Ren\u00e9e"}', "Renée", r"Ren\u00e9e"),
        (r'{"author":"Ann \"Bee\" Lee"}', 'Ann "Bee" Lee', r"Ann \"Bee\" Lee"),
        (r'{"author":"A\/B"}', "A/B", r"A\/B"),
        (r'{"author":"\ud83d\ude00 Ann"}', "😀 Ann", r"\ud83d\ude00 Ann"),
        (r'{"author":"\ud83d Ann"}', "\ufffd Ann", r"\ud83d Ann"),
        (r'{"author":"\x Ann"}', "x Ann", r"\x Ann"),
        ('{"author":"Tom &amp; Ann"}', "Tom &amp; Ann", "Tom &amp; Ann"),
    ],
    ids=["letter", "quote", "slash", "surrogate pair", "half a pair", "no escape", "no reference in a script"],
)
def test_an_escape_stands_in_the_page_as_a_whole(json: str, value: str, place: str) -> None:
    assert of_json(json) == [("author", value, place)]


@pytest.mark.parametrize(
    "json",
    ['{"author":"Ann","x": {"broken" ]]', '{"author":"Ann","datePublished":"2024', '{"author":"Ann",}', '{"author":"Ann"}}}]',
     '{author:1, "author":"Ann"}', "{\"author\":\"Ann\" 'x': 1"],
)  # fmt: skip
def test_broken_json_counts_as_far_as_it_can_be_read(json: str) -> None:
    assert of_json(json) == [("author", "Ann", "Ann")]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<meta name=author content="Ann &amp; Bo">', ("author", "Ann & Bo", "Ann &amp; Bo")),
        ('<META NAME="Author" CONTENT=Ann>', ("author", "Ann", "Ann")),
        ('<meta property="article:published_time" content="2024-01-01">', ("published", "2024-01-01", "2024-01-01")),
        ('<meta content="2024" name="last-modified">', ("modified", "2024", "2024")),
        ("<meta name='DC.Creator' content='Cy'>", ("author", "Cy", "Cy")),
        ("<meta name=citation_author content=Di>", ("author", "Di", "Di")),
        ("<meta itemprop=datePublished content=2024>", ("published", "2024", "2024")),
        ("<meta property='article:publisher' content='Clinic'>", ("publisher", "Clinic", "Clinic")),
        ("<link rel=author href='/people/ann'>", ("author", "/people/ann", "/people/ann")),
        ("<p>by <a rel='nofollow author' href=/ann>Ann <b>Lee</b></a></p>", ("author", "Ann Lee", "Ann |Lee")),
        ("<p itemprop=author>Ann <b>Lee</b></p>", ("author", "Ann Lee", "Ann|Lee")),
        ("<p itemprop=reviewedBy><span itemprop=name>Dr Bo</span>", ("reviewer", "Dr Bo", "Dr Bo")),
        ("<time itemprop='dateModified' datetime=2024-05-06>6 May</time>", ("modified", "2024-05-06", "2024-05-06")),
        ("<link itemprop=publisher href=/clinic>", ("publisher", "/clinic", "/clinic")),
    ],
)
def test_tags_tell_of_the_page(html: str, found: tuple[str, str, str]) -> None:
    assert facts(html) == [found]


@pytest.mark.parametrize(
    "html",
    ["<meta name=author content=''>", "<meta name=viewport content=width=1>", "<meta name=author>", "<p itemprop=author></p>",
     "<p class=author>Ann</p>", "<script>{\"author\":\"Ann\"}</script>", "<a rel=author href=/ann></a>",
     "<!-- <meta name=author content=Ann> -->"],
)  # fmt: skip
def test_what_says_nothing_gives_no_fact(html: str) -> None:
    assert facts(html) == []


def test_a_string_of_json_knows_its_path() -> None:
    text = '{"a":"1","b":[{"c":"2"},"3"],"d":{"e":{"f":"4"}},"g":[["5"],"6"]}'
    assert [(path, value.text) for path, value in strings_of_json(text, 0, len(text))] == [
        ("a", "1"), ("b.0.c", "2"), ("b.1", "3"), ("d.e.f", "4"), ("g.0.0", "5"), ("g.1", "6"),
    ]  # fmt: skip


@given(st.text('{}[]:,"\\ua0d8 ', max_size=40))
def test_a_string_stands_where_its_pieces_say(text: str) -> None:
    for _, value in strings_of_json(text, 0, len(text)):
        for piece in value.pieces:
            source = text[piece.page_start : piece.page_start + piece.page_length]
            assert source[0] == "\\" or source == value.text[piece.start : piece.start + piece.length]


@pytest.mark.parametrize("unit", ["{", "[", '{"a":', '"', "\\", '"a",', '{"a":"b"},', '"\\u00e9'])
def test_hostile_json_takes_linear_time(unit: str) -> None:
    def took(text: str) -> float:
        start = time.process_time()
        strings_of_json(text, 0, len(text))
        return time.process_time() - start

    half, whole = took(unit * (100_000 // len(unit))), took(unit * (200_000 // len(unit)))
    assert whole < 8 * half + 0.5
