"""A sentence that offers something to its reader is told from one that tells of the same things."""

from __future__ import annotations

import numpy as np
import pytest
from spam_cases import Detect, cleaned

from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import load_rules
from audit.spam.detect import detect, examine
from audit.spam.look import OFFERS
from audit.spam.offering import reader
from audit.text.net import LONGEST, MOST

KNEE = (
    "Osteoarthritis of the knee wears down the cartilage that covers the ends of the bones. Most patients feel stiff in the "
    "morning and sore after a long walk. Gentle exercise keeps the muscles of the thigh strong, and a brace or a cane takes "
    "load off the joint. Tablets against pain help many patients for a while, and an injection into the joint may calm the "
    "swelling. Surgeons replace the joint when walking hurts in spite of all that. Recovery after surgery takes three months."
)


@pytest.mark.parametrize(
    ("offers", "tells"),
    [
        (
            "Our carpenters build fitted wardrobes to your measure and hang the doors the same day.",
            "My father built wardrobes until his back gave out.",
        ),
        (
            "Our fitters hang made-to-measure blinds in a single morning, and the first visit costs nothing.",
            "My father built wardrobes until his back gave out.",
        ),
        (
            "Every mattress comes with free delivery and a hundred nights to try it at home.",
            "She slept on the same mattress for twenty years and woke up stiff.",
        ),
        (
            "Travellers find the quietest cabins on the river boats of Quorvelle.",
            "He fell ill on a river boat and was flown home.",
        ),
    ],
)
def test_an_offer_is_told_from_a_tale_of_the_same_things(offers: str, tells: str) -> None:
    offered, told = reader().odds([offers, tells])
    assert offered >= OFFERS > told


@pytest.mark.parametrize(
    ("sold", "named"),
    [
        ("cedar garden sheds", "stiffness in the morning"),
        ("cheap office chairs", "stiff joints after a long walk"),
        ("second hand caravans", "a brace or a cane"),
        ("best tennis rackets 2024", "when to see a doctor"),
    ],
)
def test_goods_are_told_from_matters_of_health_by_their_names(sold: str, named: str) -> None:
    offered, told = reader().odds([sold, named])
    assert offered >= OFFERS > told


PAGE = f"Osteoarthritis\n\n{KNEE} {KNEE.replace('knee', 'hip')}\n\n"


def _cut(text: str) -> list[str]:
    report = detect(parse(Page(id="x", kind="text", text=text)), load_rules(), Reporter(text))
    return [text[cut.start : cut.end] for cut in report.cuts]


@pytest.mark.parametrize(
    "lead", ["second hand caravans, cheap office chairs: ", "cedar garden sheds, greenhouse kits | "]
)
def test_goods_of_no_listed_trade_are_cut_at_the_head_of_a_line(lead: str) -> None:
    assert _cut(PAGE.replace("Osteoarthritis of", f"{lead}Osteoarthritis of", 1)) == [lead]


@pytest.mark.parametrize(
    "line",
    [
        "Stiffness in the morning, pain on stairs: ",
        "Exercise, rest, weight: ",
        "Braces, canes, walking frames: ",
        "Gardening: ",
    ],
)
def test_what_a_page_on_health_names_is_not_cut_at_the_head_of_a_line(line: str) -> None:
    assert _cut(PAGE.replace("Osteoarthritis of", f"{line}Osteoarthritis of", 1)) == []


def test_a_site_may_name_goods_in_its_footer() -> None:
    page = "".join(f"<p>{line}</p>" for line in PAGE.split("\n\n") if line)
    goods = "<ul><li>Used forklift trucks</li><li>Cedar garden sheds</li></ul>"
    assert _cut(f"<html><body><main>{page}</main><footer>{goods}</footer></body></html>") == []


def test_a_sentence_is_read_alike_alone_and_among_others() -> None:
    said = ["Solid oak shelves at half price.", "", "x", KNEE, "The clinic opens at nine.", *(["One more."] * 120)]
    assert reader().odds(said) == [reader().odds([one])[0] for one in said]
    assert reader().odds(["", " "]) == [0.0, 0.0]


def test_numbers_are_whole_and_their_sums_exact() -> None:
    whole = [reader().net.own, *(layer.weights for layer in reader().net.layers)]
    assert all(np.array_equal(one, np.rint(one)) and np.abs(one).max() <= 127 for one in whole)
    assert all(MOST * np.abs(layer.weights).sum(0).max() < 2**24 for layer in reader().net.layers)


def test_no_more_is_read_of_a_sentence_than_it_may_have() -> None:
    long = "Fine shelves of oak " * LONGEST
    assert reader().odds([long]) == reader().odds([long + "and a word that nobody reads"])


@pytest.mark.parametrize(
    ("sentence", "is_proposed"),
    [
        ("Our fitters hang made-to-measure blinds in a single morning, and the first visit costs nothing.", True),
        ("My father built wardrobes until his back gave out.", False),
    ],
)
def test_what_offers_something_else_is_proposed_though_it_names_nobody(sentence: str, is_proposed: bool) -> None:
    text = f"Osteoarthritis\n\n{KNEE} {KNEE.replace('knee', 'hip')}\n\n{sentence}\n"
    look = examine(parse(Page(id="x", kind="text", text=text)), load_rules())
    found = [] if look is None else [look.view.text[span.start : span.end] for span in look.apart]
    assert (sentence in found) is is_proposed


@pytest.mark.parametrize(
    "said",
    [
        "If a payday loan is all that stands between you and the rent, ring the ward's welfare officer first.",
        "Payday loans were how she got to dialysis, and the hospital's money adviser had the interest struck off.",
        "British chemists have sold Viagra over the counter since 2018, after a few questions from the pharmacist.",
    ],
)
def test_who_speaks_of_what_is_sold_and_offers_nothing_is_left_alone(find: Detect, said: str) -> None:
    assert not find(f"{KNEE}\n{said}").cuts


@pytest.mark.parametrize(
    "sold",
    [
        "Apply for a payday loan tonight and have the money in your account before breakfast.",
        "Viagra without prescription ships in plain envelopes, with a free pill in each order.",
    ],
)
def test_who_offers_what_is_sold_is_cut(find: Detect, sold: str) -> None:
    assert cleaned(f"{KNEE}\n{sold}", find(f"{KNEE}\n{sold}")).strip() == KNEE
