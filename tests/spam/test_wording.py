"""How words speak: known ones, unknown ones, and stretches of them."""

from __future__ import annotations

import pytest

from audit.spam.wording import accent_of, at_home, english, grams, loudness, other_languages, stretches, tokens, weight

SELLING = "book your dream holiday with cheap flights and hotel deals"
HONEST = "the symptoms of the disease are caused by inflammation of the nerve"


FOREIGN = {
    "de": (
        "Potenzmittel ohne Rezept diskret bestellen",
        "Nehmen Sie die Tabletten nach dem Essen mit etwas Wasser ein.",
    ),
    "fr": ("acheter du viagra sans ordonnance pas cher", "Parlez-en à votre médecin avant de prendre ce médicament."),
    "es": (
        "comprar seguidores baratos, envío urgente",
        "Consulte a su médico si los síntomas no mejoran en tres días.",
    ),
    "ru": ("купить диплом недорого с доставкой", "Перед приёмом препарата посоветуйтесь с лечащим врачом."),
}


@pytest.mark.parametrize(("selling", "honest"), FOREIGN.values(), ids=FOREIGN)
def test_in_another_language_selling_is_loud_and_honest_text_is_not(selling: str, honest: str) -> None:
    assert loudness(tokens(selling)) > 3
    assert loudness(tokens(honest)) < 1


def test_a_number_is_no_word_and_a_brand_with_one_is() -> None:
    assert tokens("In 50% of cases, Slot88 and 11xplay") == ["in", "of", "cases", "slot88", "and", "11xplay"]


def test_a_vowel_sign_belongs_to_its_word_in_the_scripts_of_india() -> None:
    assert tokens("हिंदी में सबसे अच्छा है।") == ["हिंदी", "में", "सबसे", "अच्छा", "है"]


def test_digits_stand_for_themselves_and_for_any_digit() -> None:
    assert {"t88", "t00", "<sl"} <= set(grams("slot88"))


def test_a_brand_nobody_has_listed_speaks_by_its_parts() -> None:
    assert "zorvabet77" not in english().words.keys() | other_languages().words
    assert weight("zorvabet77") > 1
    assert weight("glomerulosclerosis") < 0


def test_selling_is_louder_than_an_honest_sentence() -> None:
    assert loudness(tokens(SELLING)) > 1 > -1 > loudness(tokens(HONEST))


def test_words_of_health_are_at_home_in_health() -> None:
    assert at_home(tokens(HONEST)) > 0.5 > at_home(tokens(SELLING))


def test_a_stretch_is_the_words_that_sell_in_their_line() -> None:
    text = f"{HONEST} {SELLING} {HONEST}\n{HONEST}"
    (found,) = stretches(text)
    said = text[found.span.start : found.span.end]
    assert "cheap flights" in said
    assert not set(tokens(said)) & {"symptoms", "inflammation"}


def test_a_stretch_does_not_go_on_over_a_stop_unless_both_sides_sell() -> None:
    text = f"{SELLING}. hotels and schools: {HONEST}"
    (found,) = stretches(text)
    assert text[found.span.start : found.span.end].endswith("hotel deals")
    sold = [text[one.span.start : one.span.end] for one in stretches(f"{SELLING}. {SELLING}!")]
    assert len(sold) == 2
    assert not any(". " in said for said in sold)


@pytest.mark.parametrize("text", ["", "\n\n", HONEST, "50 50 50 % , , ,"])
def test_where_nothing_sells_there_is_no_stretch(text: str) -> None:
    assert list(stretches(text)) == []


def test_what_a_whole_page_says_alike_is_taken_off_its_words() -> None:
    page = tokens(f"{SELLING} " * 20)
    assert accent_of(page) > 0 == accent_of(tokens(f"{HONEST} " * 20))
    assert loudness(tokens(SELLING), accent_of(page)) < loudness(tokens(SELLING))
    assert accent_of(page[:30]) == 0, "a short page has no accent"
