"""What a page says of itself, with the place of every value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Page
from audit.page import parse
from audit.page.metadata import strings_of_json


def facts(html: str) -> list[tuple[str, str, str, list[str]]]:
    found = parse(Page(id="page", text=html, kind="html")).facts
    return [(f.name, f.value, f.origin, [html[s.start : s.end] for s in f.spans]) for f in found]


def data(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<meta name=author content='Ann &amp; Bo'>", [("author", "Ann & Bo", "meta", ["Ann &amp; Bo"])]),
        ("<meta property=article:published_time content=2020>", [("published", "2020", "meta", ["2020"])]),
        ("<meta name=viewport content=x>", []),
        ("<link rel='author me' href=/ann>", [("author", "/ann", "link", ["/ann"])]),
        ("<p>by <a rel=author href=/a>Ann <b>Lee</b></a>", [("author", "Ann Lee", "link", ["Ann ", "Lee"])]),
        ("<b itemprop=author>Ann</b>", [("author", "Ann", "microdata", ["Ann"])]),
        ("<time itemprop=datePublished datetime=2019>May</time>", [("published", "2019", "microdata", ["2019"])]),
        ("<meta itemprop=dateModified content=2021>", [("modified", "2021", "microdata", ["2021"])]),
        (data({"author": {"name": "Ann"}}), [("author", "Ann", "json-ld", ["Ann"])]),
        (data({"@graph": [{"reviewedBy": [{"name": "Bo"}]}]}), [("reviewer", "Bo", "json-ld", ["Bo"])]),
        (data({"lastReviewed": "2022", "x": {"lastReviewed": "2023"}}), [("reviewed", "2022", "json-ld", ["2022"])]),
        (data({"author": "Jörg"}), [("author", "Jörg", "json-ld", ["J\\u00f6rg"])]),
        ('<script type="application/ld+json">{"author":"Ann",,"x":}}]]{"</script>', [("author", "Ann", "json-ld", ["Ann"])]),
        ("<script>{\"author\":\"Ann\"}</script>", []),
    ],
)  # fmt: skip
def test_a_fact_has_its_value_and_its_place(html: str, found: list[tuple[str, str, str, list[str]]]) -> None:
    assert facts(html) == found


VALUES = st.recursive(
    st.text(max_size=8) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def strings(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    match value:
        case str():
            return [(".".join(path), value)]
        case dict():
            return [found for key, inner in value.items() for found in strings(inner, (*path, key))]
        case list():
            return [found for at, inner in enumerate(value) for found in strings(inner, (*path, str(at)))]
        case _:
            return []


@given(VALUES, st.booleans())
def test_every_string_of_the_data_is_found_with_its_path(value: object, ascii_only: bool) -> None:
    source = "-" * 3 + json.dumps(value, ensure_ascii=ascii_only)
    found = strings_of_json(source, 3, len(source))
    assert [(path, text.text) for path, text in found] == strings(value)
    for _, text in found:
        for piece in text.pieces:
            part = source[piece.page_start : piece.page_start + piece.page_length]
            plain = text.text[piece.start : piece.start + piece.length]
            assert part == plain if piece.length == piece.page_length else json.loads(f'"{part}"') == plain


def test_language_is_the_declared_one() -> None:
    page = Page(id="page", text="<html lang=' de-AT '><p>x", kind="html")
    assert parse(page).language == "de"
    page = Page(id="page", text="<meta http-equiv=Content-Language content='fr-CA, en'>x", kind="html")
    assert parse(page).language == "fr"
