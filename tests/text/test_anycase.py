"""Words in any case."""

from __future__ import annotations

import re

import pytest

from audit.text.anycase import AnyCase

PATTERN = r"\b(?:skin|giriş|kayıt|is|said|fda|stud(?:y|ies))\b"
TEXTS = [
    "The FDA said: Studies of SKIN, skins and askin.",
    "GİRİŞ, girış, KAYIT, kayit; İS ıs",
    "ſkin and \u212ain, \u017faid",
    "",
    "éis isé ÉIS",
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_finds_what_ignoring_case_finds(text: str) -> None:
    plain = re.compile(PATTERN, re.IGNORECASE)
    fast = AnyCase(PATTERN)
    assert len(fast.findall(text)) == len(plain.findall(text))
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            assert fast.search(text, start, end) == (plain.search(text, start, end) is not None), text[start:end]
