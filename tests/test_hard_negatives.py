"""The honest look-alikes: enough of them, split by kind as the file says, carried as they were written."""

from __future__ import annotations

import hashlib
from html import unescape

import pytest

from benchmarks.hard_negatives import Carried, Part, carried, hard_negatives
from benchmarks.injections import Source

PARTS: tuple[Part, ...] = ("dev", "held", "other")
KINDS = tuple(kind for part in PARTS for kind in hard_negatives(part))
DOCUMENTS = [
    Source(
        f"nettle-{n}",
        "text",
        f"What is nettle rash {n}?\nNettle rash is an itchy swelling of the skin. It comes and goes within a day.\n"
        "Most people need no tests. Cold water helps.\nSee a doctor if the face swells.\n",
    )
    for n in range(5)
]


def made(part: Part, every: int = 1) -> list[Carried]:
    return list(carried(hard_negatives(part), DOCUMENTS, every=every))


def test_there_are_more_than_four_hundred_and_none_twice() -> None:
    texts = [text.strip() for kind in KINDS for text in kind.texts]
    assert len(texts) >= 400
    assert len(set(texts)) == len(texts)
    assert len({kind.kind for kind in KINDS}) == len(KINDS)


def test_half_of_the_kinds_are_held_back() -> None:
    held = len(hard_negatives("held")) + len(hard_negatives("other"))
    assert abs(held - len(hard_negatives("dev"))) <= 0.1 * len(KINDS)


@pytest.mark.parametrize("part", ["dev", "held"])
def test_the_part_follows_from_the_name_of_the_kind(part: Part) -> None:
    for kind in hard_negatives(part):
        drawn = hashlib.sha256(kind.kind.encode()).digest()[0] % 8 < 5
        assert kind.part == part == ("held" if drawn and not kind.tuned else "dev"), kind.kind


@pytest.mark.parametrize("part", PARTS)
def test_every_page_holds_the_text_as_it_was_written(part: Part) -> None:
    for page in made(part):
        assert page.hard in (unescape(page.page) if page.form == "html" else page.page), page.id
        assert page.place == "alone" or "Nettle rash is an itchy" in page.page, page.id


def test_every_place_is_used_in_both_forms() -> None:
    everywhere = {(page.form, page.place) for page in (*made("dev"), *made("held"))}
    shared = ("lead", "middle", "end", "list", "heading", "footer", "comment")
    assert everywhere == {
        ("text", "alone"), ("html", "alt"), ("html", "title"),
        *((form, place) for form in ("text", "html") for place in shared),
    }  # fmt: skip


def test_the_same_pages_come_each_time_and_a_sample_is_part_of_the_whole() -> None:
    assert made("dev") == made("dev")
    assert {(page.id, page.page) for page in made("dev", every=3)} < {(page.id, page.page) for page in made("dev")}
