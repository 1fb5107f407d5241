"""Sentences are told to advertise by how they are put, whoever they name and whatever they sell."""

from __future__ import annotations

import pytest
from spam_cases import Detect, cleaned

from audit.spam.pitches import LEAST, odds

KNEE = (
    "Osteoarthritis of the knee wears down the cartilage that covers the ends of the bones. Most patients feel stiff in the "
    "morning and sore after a long walk. Gentle exercise keeps the muscles of the thigh strong, and a brace takes load off "
    "the joint. Tablets against pain help many patients for a while. Surgeons replace the joint when walking hurts."
)

PITCHES = [
    "Get your accordion tuned at quorvelle.shop and save up to $40 on the second one.",
    "Choose Brimzotak for saddles that last, delivered free to your door from just $40.",
    "The harps of Brimzotak ship worldwide, and new players get 20% off their first lesson at brimzotak.net.",
]


@pytest.mark.parametrize("sentence", PITCHES)
def test_a_sentence_put_as_sellers_put_it_is_told_and_cut(find: Detect, sentence: str) -> None:
    assert odds(sentence) >= LEAST
    page = "\n".join(KNEE.replace("knee", joint) for joint in ("knee", "hip", "ankle", "shoulder"))
    text = page.replace("Gentle exercise", f"{sentence} Gentle exercise", 1)
    assert cleaned(text, find(text)) == page


@pytest.mark.parametrize(
    "sentence",
    [
        "Ring the clinic before noon if you want to move your appointment, and have your number ready.",
        "The trust saved $40 on each brace after it bought them together with two other hospitals.",
        "Our choir meets on Tuesdays in the hospital chapel, and nobody has to sing alone.",
        "She had the brace for a year before anybody showed her how to put it on.",
        "Order your repeat prescription two weeks before you travel, and carry the tablets in your hand luggage.",
    ],
)
def test_an_honest_sentence_stays(find: Detect, sentence: str) -> None:
    assert odds(sentence) < LEAST
    assert find(KNEE.replace("Gentle exercise", f"{sentence} Gentle exercise")).cuts == ()


def test_what_a_site_says_of_itself_stays(find: Detect) -> None:
    head = '<link rel="canonical" href="https://www.example.org/knee"/>'
    said = "Get the free app of example.org and save all you read, powered by our site."
    page = f"<html><head>{head}</head><body><p>{KNEE}</p><p>{said}</p></body></html>"
    assert find(page).cuts == ()


def test_a_page_in_another_language_has_turns_of_its_own(find: Detect) -> None:
    german = (
        "Die Arthrose des Knies nutzt den Knorpel ab, der die Enden der Knochen bedeckt. Viele Patienten sind am Morgen steif. "
        "Jetzt Termin online buchen und bis zu 40 Euro sparen bei Brimzotak. Eine Schiene nimmt Last vom Gelenk. "
        "Die Tabletten helfen vielen für eine Weile, und das Gelenk wird ersetzt, wenn das Gehen schmerzt."
    )
    assert "put as sellers put it" not in {e.name for f in find(german).findings for e in f.evidence}
