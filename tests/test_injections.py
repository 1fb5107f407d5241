"""The generator of injected pages: its gold spans are right, its parts are apart, its pages are the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from audit.text.span import Span, without
from benchmarks.injections import (
    EVASIONS,
    HTML_ONLY,
    HTML_TECHNIQUES,
    TEXT_TECHNIQUES,
    Injection,
    Part,
    Source,
    evaded,
    injections,
    part_of,
    restored,
)

PROSE = (
    "The ankle swells within minutes of the fall and is sore to the touch on the outer side. "
    "Cooling may ease the pain for some hours. Most sprains heal within six weeks if the joint is moved early."
)
TEXTS = [Source(f"text-{n}", "text", f"Sprained ankle {n}\n{PROSE}\n{PROSE}\n{PROSE}") for n in range(8)]
PAGES = [
    Source(
        f"page-{n}",
        "html",
        f'<html><head><title>Sprained ankle {n}</title><meta name="description" content="Sprains, their care"></head>'
        f'<body><p>{PROSE}</p>\n<img src="a.jpg" alt="A swollen ankle">\n<p>{PROSE}</p></body></html>',
    )
    for n in range(8)
]


def made(part: Part = "dev") -> Iterator[Injection]:
    yield from chain(injections(TEXTS, 60, part=part), injections(PAGES, 88, part=part))
    for evasion in EVASIONS:
        yield from evaded(PAGES if evasion in HTML_ONLY else TEXTS, 6, part=part, evasion=evasion)


@pytest.mark.parametrize("part", ["dev", "validation"])
def test_cutting_the_gold_restores_the_page(part: Part) -> None:
    for page in made(part):
        left = without(page.text, (*page.spans, *page.may))
        assert "".join(left.split()) == "".join(page.clean.split()), page.id
        assert restored(page, page.spans), page.id


def test_one_character_too_many_or_too_few_is_no_restoration() -> None:
    for page in made():
        first = page.spans[0]
        after = next(at for at in range(first.end, len(page.text) + 1) if not page.text[at : at + 1].isspace())
        if after < len(page.text) and not any(after in span for span in page.may):
            assert not restored(page, (*page.spans, Span(after, after + 1))), page.id
        assert not restored(page, (Span(first.start + 1, first.end), *page.spans[1:])), page.id


def test_every_technique_and_disguise_is_made() -> None:
    pages = list(made())
    assert {page.technique for page in pages if page.kind == "text" and not page.evasion} >= set(TEXT_TECHNIQUES) - {
        "T19", "T20",
    }  # fmt: skip
    assert {page.technique for page in pages if page.kind == "html"} == set(HTML_TECHNIQUES)
    assert {page.evasion for page in pages} - {""} == set(EVASIONS)


def test_a_page_is_in_one_part_only() -> None:
    assert {part_of(page.id.split("+")[0]) for page in made("dev")} == {"dev"}
    assert {part_of(page.id.split("+")[0]) for page in made("validation")} == {"validation"}


def test_the_same_pages_come_each_time() -> None:
    assert list(made()) == list(made())
