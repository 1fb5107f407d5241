"""The generator of injected pages: its gold spans are right, its parts are apart, its pages are the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from audit.text.span import Span, without
from benchmarks.injections import (
    EVASIONS,
    FILES,
    HTML_ONLY,
    HTML_TECHNIQUES,
    TEXT_TECHNIQUES,
    Injection,
    Part,
    Source,
    evaded,
    injections,
    part_of,
    payloads,
    restored,
    speaking,
)
from benchmarks.other_words import WORDS

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


def said(part: Part) -> set[str]:
    """Return all that a part says, less what is a name and nothing else."""
    words = payloads(part)
    listed = [texts for family in words["families"].values() for name, texts in family.items() if name in FORMS]
    return set(chain(*listed, words["ai"], words["comments"])) - {"{brand}", "{domain}"}


FORMS = ("phrases", "sentences", "anchors", "salad")


def test_the_parts_have_no_phrase_or_sentence_in_common() -> None:
    assert len(said("dev")) > 350
    assert len(said("validation")) > 450
    assert said("dev") & said("validation") == set()


def test_a_part_speaks_other_words_for_a_while() -> None:
    own = said("dev")
    with speaking("dev", FILES["validation"]):
        assert said("dev") == said("validation")
    assert said("dev") == own


@pytest.mark.parametrize("words", [WORDS, WORDS.with_name("payloads_third.yaml")])
def test_words_of_others_say_hardly_anything_of_the_two_parts(words: Path) -> None:
    with speaking("dev", words):
        theirs = said("dev")
        assert {page.technique for page in made("dev")} == {page.technique for page in made("validation")}
    assert len(theirs) > 700
    shared = theirs & (said("dev") | said("validation"))
    assert len(shared) < len(theirs) / 12, "more than what any spammer says, as “24 hour locksmith”"


def test_the_parts_have_no_off_topic_subject_in_common() -> None:
    dev, validation = (set(payloads(part)["off-topic"]) for part in ("dev", "validation"))
    assert len(dev) >= 10
    assert len(validation) >= 10
    assert dev & validation == set()


def test_the_parts_make_brands_of_other_syllables_and_name_other_things() -> None:
    dev, validation = payloads("dev"), payloads("validation")
    for kind, parts in dev["brands"].items():
        assert set(parts["s"]) & set(validation["brands"][kind]["s"]) == set(), kind
        assert set(parts["word"]) & set(validation["brands"][kind]["word"]) == set(), kind
    for field, values in dev["fields"].items():
        assert set(values) & set(validation["fields"][field]) == set(), field


def test_validation_speaks_languages_that_dev_does_not() -> None:
    heard = {page.language for page in made("dev")}
    assert {"en", "id", "tr", "vi"} <= heard
    assert {page.language for page in made("validation")} - heard >= {"ru", "es", "ko"}


def test_sentences_and_anchors_on_harmless_subjects_are_among_the_injections() -> None:
    aside = [page for page in injections(TEXTS, 60, part="validation") if page.family == "off-topic"]
    assert {page.technique for page in aside} >= {"T3", "T4"}
