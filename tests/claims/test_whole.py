"""The net that reads a sentence with those beside it."""

from unittest import mock

import pytest

from audit.claims import whole
from audit.claims.whole import TYPES
from audit.text.net import AT_ONCE, Net

REST = "The clinic opened in May."


def claim(text: str, before: str = "", after: str = "") -> int:
    (said,) = whole.read([before, text, after], [1])
    return said.claim


@pytest.mark.parametrize(
    ("claims", "does_not"),
    [
        ("This tea cures diabetes within a week.", "This tea was first sold in Ghent in a blue tin."),
        ("Walking every day lowers your blood pressure.", "Walking every day was how he came to know the town."),
        ("Ginger can ease nausea during pregnancy.", "Ginger is the root of a tall plant."),
        ("Smoking raises the risk of stroke.", "Smoking was allowed on the upper deck."),
    ],
)
def test_tells_claims_from_sentences_that_share_their_words(claims: str, does_not: str) -> None:
    assert claim(claims) > 0 > claim(does_not)


def test_says_of_each_sentence_the_same_alone_and_amid_others() -> None:
    page = ["Massage may ease back pain.", REST, "Call us today.", "It cures sciatica for good.", REST]
    together = whole.read(page, range(len(page)))
    assert together == [one for at in range(len(page)) for one in whole.read(page, [at])]


def test_reads_so_many_sentences_at_once_that_a_long_page_takes_no_more_memory() -> None:
    page = [f"Tea number {number} may ease a cough." for number in range(2 * AT_ONCE + 1)]
    with mock.patch.object(Net, "whole", autospec=True, side_effect=Net.whole) as asked:
        found = whole.read(page, range(len(page)))
    assert [len(call.args[1]) for call in asked.call_args_list] == [AT_ONCE, AT_ONCE, 1]
    at = [0, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE]
    assert [found[number] for number in at] == whole.read(page, at)


def test_reads_what_stands_beside() -> None:
    asked, told = "What are the symptoms of gout?", "Gout is a form of arthritis."
    assert claim("A red and swollen toe.", asked, told) != claim("A red and swollen toe.", REST, REST)


def test_names_a_type() -> None:
    (said,) = whole.read(["Do not take aspirin with warfarin.", "Wash your hands to prevent colds.", ""], [1])
    best = sorted(zip(said.types, TYPES, strict=True), reverse=True)
    assert "prevent" in {name for _, name in best[:2]}


def test_has_nothing_to_say_of_nothing() -> None:
    assert whole.read([REST], []) == []


@pytest.mark.parametrize("text", ["", "…", "?" * 500, "word " * 5_000, "汉字 and text", "\u200b"])
def test_reads_odd_sentences(text: str) -> None:
    (said,) = whole.read([text], [0])
    assert len(said.types) == len(TYPES)
