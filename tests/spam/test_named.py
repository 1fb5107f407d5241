"""What is listed where no reader looks, in titles and in values is asked whether it is sold; nothing is cut beside it."""

from __future__ import annotations

import pytest
from spam_cases import Detect, cleaned

GARDEN = (
    "<p>Sow the beans in May, when the soil is warm, two to a hole and a hand apart. They climb by themselves once they "
    "have found the pole. Water them in the evening and pick them while they are young, for then they go on flowering. "
    "Slugs like the seedlings, so go out with a torch on wet nights. What you do not eat you can dry for the winter.</p>"
)
"""A page that is on no matter of health."""
KNEE = (
    "<p>Osteoarthritis of the knee wears down the cartilage that covers the ends of the bones. Most patients feel stiff "
    "in the morning and sore after a long walk. Exercise keeps the muscles of the thigh strong, and a brace or a cane "
    "takes load off the joint. Tablets against pain help many patients for a while, and an injection of a steroid may "
    "calm the inflammation. Surgeons replace the joint when walking hurts in spite of all that, and physiotherapy begins "
    "the day after surgery. Doctors diagnose the disease by its symptoms, an examination and an X-ray.</p>"
)


def of(body: str, head: str = "<title>Beans on poles</title>") -> str:
    return f"<html><head>{head}</head><body>{GARDEN}\n{body}\n{GARDEN}</body></html>"


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="position:absolute;left:-9999px">second hand caravans, cheap office chairs, leather sofas sale</div>',
        (
            '<div style="display:none"><a href="https://vantoro.example/">cheap office chairs</a> '
            '<a href="https://solvane.example/">second hand caravans</a></div>'
        ),
        (
            '<!-- <a href="https://vantoro.example/">cheap office chairs</a> <a href="https://solvane.example/">second hand '
            "caravans</a> -->"
        ),
        (
            '<template><a href="https://vantoro.example/">cheap office chairs</a> '
            '<a href="https://solvane.example/">second hand caravans</a></template>'
        ),
        (
            '<ul style="height:0;overflow:hidden"><li><a href="https://qorvantel.shop/">qorvantel.shop</a> '
            '<a href="https://zuldmira.shop/">zuldmira.shop</a></li></ul>'
        ),
    ],
)
def test_what_is_sold_where_no_reader_looks_goes(find: Detect, hidden: str) -> None:
    page = of(hidden)
    assert hidden not in (clean := cleaned(page, find(page)))
    assert clean.count(GARDEN) == 2


@pytest.mark.parametrize(
    "honest",
    [
        '<div style="display:none">Thank you, your message was sent, we will answer soon</div>',
        (
            '<div style="display:none"><a href="https://codeberg.org/beans">Codeberg</a> '
            '<a href="https://mastodon.social/@beans">Mastodon</a></div>'
        ),
        '<!-- <a href="https://old.example/">old menu</a> -->',
        "<ul><li>cheap garden twine</li><li>second hand poles</li></ul>",
    ],
)
def test_what_honest_pages_hide_or_list_stays(find: Detect, honest: str) -> None:
    assert not find(of(honest)).cuts


def test_a_list_at_the_head_of_a_title_goes_with_its_colon(find: Detect) -> None:
    page = "<html><head><title>{}Osteoarthritis of the knee</title></head><body>{}</body></html>"
    stuffed = page.format("cheap office chairs, second hand caravans: ", KNEE)
    assert cleaned(stuffed, find(stuffed)) == page.format("", KNEE)
    assert not find(page.format("Causes, symptoms, treatment: ", KNEE)).cuts


def test_a_disclosure_that_nobody_can_read_excuses_nothing(find: Detect) -> None:
    hidden = '<div style="display:none">online casino bonus, affiliate slots, free spins, casino affiliate login</div>'
    assert hidden not in cleaned(of(hidden), find(of(hidden)))


@pytest.mark.parametrize(
    "honest",
    [
        "Carpet fitters, electricians, movers: tell them about your oxygen",
        "Loot boxes, skins, battle passes, coins: a glossary for grandparents",
        "Popular now: hay fever, back pain, sleep in summer.",
    ],
)
def test_a_list_that_its_line_speaks_of_stays(find: Detect, honest: str) -> None:
    text = KNEE.removeprefix("<p>").removesuffix("</p>")
    page = f"{text}\n\n{honest}\n\n{text}"
    assert not find(page).cuts
    stuffed = f"{text}\n\ncheap office chairs, second hand caravans: {text}"
    assert cleaned(stuffed, find(stuffed)) == f"{text}\n\n{text}"


def test_a_hidden_sentence_goes_with_the_link_behind_it(find: Detect) -> None:
    hidden = (
        '<div style="position:absolute;left:-9999px">Those who missed the first sale may simply fill in a short form. '
        '<a href="https://vantoro.example/">cheap replica watches</a></div>'
    )
    assert hidden not in cleaned(of(hidden), find(of(hidden)))


def test_what_stands_between_two_offers_goes_with_them(find: Detect) -> None:
    text = KNEE.removeprefix("<p>").removesuffix("</p>")
    between = "It was a rainy Tuesday and nobody had slept."
    offers = (
        "Play online slots and claim your casino bonus at Vantoro777 today.",
        "Sign up at Vantoro777 casino now, deposit by phone and get free spins.",
    )
    page = f"{text} {offers[0]} {between} {offers[1]}"
    assert cleaned(page, find(page)) == text
    assert not find(f"{text} {between}").cuts


def test_the_first_word_of_a_sentence_in_another_language_stays(find: Detect) -> None:
    german = (
        "Bohnen werden im Mai gelegt, wenn der Boden warm ist, und sie ranken von selbst, sobald sie die Stange gefunden "
        "haben. Man soll sie am Abend gießen und jung ernten, denn dann blühen sie weiter. Was man nicht isst, kann man "
        "für den Winter trocknen, und die Schnecken mögen die jungen Pflanzen. Der Boden soll locker und nicht zu nass sein."
    )
    page = f"quick payday loans, same day funding – Insgesamt: {german}"
    assert cleaned(page, find(page)) == f"Insgesamt: {german}"
