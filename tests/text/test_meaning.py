"""A passage is near its page or far from it, by what its words mean."""

from __future__ import annotations

import pytest

from audit.text.meaning import LONGEST, Subject, is_known
from audit.text.span import Span

KNEE = (
    "the knee joint carries the weight of the body at every step. cartilage covers the ends of the bones and wears thin "
    "with age, and the joint grows stiff and sore. gentle exercise keeps the muscles of the thigh strong, and a brace or "
    "a cane takes load off the joint. tablets against pain help many patients for a while, and an injection into the "
    "joint may calm the swelling. surgeons replace the joint when walking hurts in spite of all that. "
)


@pytest.mark.parametrize(
    ("passage", "near"),
    [
        ("physiotherapists teach patients to climb stairs after surgery.", True),
        ("a swollen ankle hurts when patients climb stairs.", True),
        ("homeowners compare mortgage lenders and brokers before they buy an apartment.", False),
        ("the airline sells cheap flights and hotel packages to tourists.", False),
    ],
)
def test_a_passage_is_near_what_its_page_speaks_of(passage: str, near: bool) -> None:
    subject = Subject(KNEE + passage)
    cosine, health = subject.nearness(Span(len(KNEE), len(KNEE) + len(passage)))
    assert subject.has_one
    assert (cosine > 0.3) == near
    assert (health > 0.3) == near


def test_a_passage_does_not_count_as_its_own_page() -> None:
    twice = "homeowners compare mortgage lenders and brokers. "
    once, again = (
        Subject(KNEE + twice * many).nearness(Span(len(KNEE), len(KNEE) + many * len(twice)))[0] for many in (1, 5)
    )
    assert once == pytest.approx(again, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "knee pain",
        "das knie trägt bei jedem schritt das gewicht des ganzen körpers und wird mit dem alter steif " * 9,
    ],
)
def test_a_short_text_or_one_in_another_language_has_no_subject(text: str) -> None:
    assert not Subject(text).has_one


def test_a_text_longer_than_any_article_has_no_subject_and_takes_no_memory() -> None:
    assert not Subject(KNEE * (LONGEST // len(KNEE) + 1)).has_one


def test_names_that_were_made_up_are_not_known() -> None:
    assert is_known("mortgage")
    assert not is_known("goldbetix")
