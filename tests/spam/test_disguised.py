"""Whole stretches in disguise are injected, whatever they say; what honest text writes in other letters stays."""

from __future__ import annotations

import pytest
from spam_cases import Detect

from audit.text.span import Span, without

EYES = (
    "Dry eyes burn and feel gritty, most of all in the evening. Artificial tears help as often as you like. A warm compress "
    "on the closed lids melts the fat in the glands. Look into the distance for twenty seconds every twenty minutes. See "
    "an eye doctor if the light hurts or if you see less than before."
)
GONE = {
    "zero-width characters": "M\u200borning swi\u200bmmers lo\u200bve the g\u200boggles th\u200bat my br\u200bother se\u200blls.",
    "soft hyphens amid syllables": "C\u00adopy the t\u00adrades of p\u00adrofessionals with e\u00adase and w\u00adithdraw at any m\u00adoment.",
    "letters of two scripts": "Why p\u0430y bouti\u0051u\u0435 \u0440rices? The cr\u0430ftsm\u0435n b\u0435hind us c\u043epy \u0435very h\u0430llm\u0430rk.",
    "words turned round": "\u202eenoynA\u202c can buy \u202estekcit\u202c for the \u202enaciremA\u202c \u202estopkcaj\u202c here.",
    "words for show amid plain ones": (
        "\U0001d5e7\U0001d5f5\U0001d5f2\U0001d5ff\U0001d5f2 are \U0001d5f9\U0001d5fc\U0001d601\U0001d600 of "
        "\U0001d604\U0001d5ee\U0001d606\U0001d600 to \U0001d5ff\U0001d5f2\U0001d5f9\U0001d5ee\U0001d605 with a "
        "\U0001d5f4\U0001d5fc\U0001d5fc\U0001d5f1 \U0001d5ef\U0001d5fc\U0001d5fc\U0001d5f8."
    ),
}


@pytest.mark.parametrize("injected", GONE.values(), ids=GONE)
def test_a_disguised_sentence_goes_whatever_it_says(find: Detect, injected: str) -> None:
    head, tail = EYES.split(" Look", 1)
    text = f"{head} {injected} Look{tail}"
    left = without(text, [Span(cut.start, cut.end) for cut in find(text).cuts])
    assert " ".join(left.split()) == EYES


STAYS = {
    "a heading for show": "\U0001d5d5\U0001d5fc\U0001d5fc\U0001d5f8 \U0001d606\U0001d5fc\U0001d602\U0001d5ff \U0001d603\U0001d5f6\U0001d600\U0001d5f6\U0001d601 online or by telephone, we are here on weekdays.",
    "a slip in one word": "The dro\u200bps are kept in the fridge, and the bottle is thrown away after a month.",
    "soft hyphens between syllables": "The pre\u00adserv\u00ada\u00adtives in the drops can ir\u00adri\u00adtate the sur\u00adface of the eye.",
    "Greek letters": "A \u03b2-blocker in eye drops lowers the pressure, and IL-1\u03b2 and TNF-\u03b1 rise in dry eyes.",
}


@pytest.mark.parametrize("honest", STAYS.values(), ids=STAYS)
def test_honest_letters_stay(find: Detect, honest: str) -> None:
    head, tail = EYES.split(" Look", 1)
    assert not find(f"{head} {honest} Look{tail}").cuts
