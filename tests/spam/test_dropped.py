"""Words that were dropped into a sentence are told from those that belong to it."""

from __future__ import annotations

import numpy as np
import pytest

from audit.model import Page
from audit.page import parse
from audit.rules.load import load_rules
from audit.spam.detect import examine
from audit.spam.dropped import FIELD, Dropped, Scene, reader, strongest
from audit.text.meaning import Subject
from audit.text.net import words_of
from audit.text.span import Span

KNEE = (
    "Osteoarthritis of the knee wears down the cartilage that covers the ends of the bones. Most patients feel stiff in the "
    "morning and sore after a long walk. Gentle exercise keeps the muscles of the thigh strong, and a brace or a cane takes "
    "load off the joint. Tablets against pain help many patients for a while, and an injection into the joint may calm the "
    "swelling. Surgeons replace the joint when walking hurts in spite of all that. Recovery after surgery takes three months."
)


def dropped(sentence: str, page: str = KNEE) -> str:
    """Return the words that were most surely dropped into a sentence of a page."""
    subject = Subject(page.lower())
    words = words_of(sentence)
    odds = reader().odds([[word[0] for word in words]], Scene(subject.direction, {}))[0]
    found = strongest([of_word for of_word, _ in odds])
    return sentence[words[found.first].start() : words[found.last - 1].end()] if found and found.strength > 2 else ""


@pytest.mark.parametrize(
    ("before", "phrase", "behind"),
    [
        ("Gentle exercise keeps the muscles", "cheap leather handbags online", "of the thigh strong."),
        ("Recovery after surgery takes", "best mortgage broker", "three months for most patients."),
        pytest.param(
            "Most patients feel stiff in the",
            "best mortgage broker",
            "morning and sore after a long walk.",
            marks=pytest.mark.xfail(
                strict=True, reason="the net takes the next word along: best mortgage broker morning"
            ),
        ),
        ("Surgeons replace the joint when", "online casino no deposit", "walking hurts in spite of all that."),
    ],
)
def test_a_phrase_that_breaks_its_sentence_is_found_to_the_word(before: str, phrase: str, behind: str) -> None:
    assert dropped(f"{before} {phrase} {behind}") == phrase
    assert not dropped(f"{before} {behind}")


def test_words_and_marks_are_read_where_they_stand() -> None:
    words = words_of("It's 3.5 mg, twice-daily (max.)")
    assert [word[0] for word in words] == ["It's", "3.5", "mg", ",", "twice-daily", "(", "max", ".", ")"]
    assert words[4].span() == (13, 24)


@pytest.mark.parametrize(
    ("odds", "found"),
    [
        ([], None),
        ([-1.0, -0.5], None),
        ([-1.0, 2.0, -0.5, 1.0, -3.0, 1.0], Dropped(1, 4, 2.5)),
        ([3.0], Dropped(0, 1, 3.0)),
    ],
)
def test_the_words_in_a_row_that_add_up_to_most_are_taken(odds: list[float], found: Dropped | None) -> None:
    assert strongest(odds) == found


def test_a_sentence_is_read_alike_alone_and_among_others() -> None:
    scene = Scene(Subject(KNEE.lower()).direction, {"muscle": 3})
    sentences = [[word[0] for word in words_of(one)] for one in KNEE.split(". ")]
    assert reader().odds([*sentences, []], scene) == [*(reader().odds([one], scene)[0] for one in sentences), []]


def test_words_out_of_the_field_of_the_net_have_no_say() -> None:
    scene = Scene(Subject(KNEE.lower()).direction, {})
    words = [word[0] for word in words_of(KNEE)]
    at = 30
    near = reader().odds([words[at - FIELD : at + FIELD + 1]], scene)[0][FIELD]
    assert near == reader().odds([words], scene)[0][at]
    assert near != reader().odds([words[at - FIELD + 1 : at + FIELD + 1]], scene)[0][FIELD - 1]


def test_numbers_are_whole_and_their_sums_exact() -> None:
    whole = [reader().net.own, *(layer.weights for layer in reader().net.layers)]
    assert all(np.array_equal(one, np.rint(one)) and np.abs(one).max() <= 127 for one in whole)
    assert all(255 * np.abs(layer.weights).sum(0).max() < 2**24 for layer in reader().net.layers)


def test_a_page_tells_what_breaks_its_sentences() -> None:
    text = KNEE.replace("a cane takes", "a cane online casino no deposit takes")
    look = examine(parse(Page(id="knee", kind="text", text=text)), load_rules())
    assert look is not None
    [span] = look.wedges
    assert text[span.start : span.end] == "online casino no deposit"
    assert look.breaks(span) == look.wedges[span]
    assert look.breaks(Span(0, 14)) == 0


def test_nothing_breaks_a_sentence_of_a_short_page_or_of_another_language() -> None:
    german = (
        "Der Knorpel im Knie wird mit dem Alter dünn online casino bonus und das Gelenk schmerzt bei jedem Schritt. "
        * 9
    )
    for text in ("Knees online casino no deposit hurt.", german):
        look = examine(parse(Page(id="page", kind="text", text=text)), load_rules())
        assert look is None or not look.wedges
