from __future__ import annotations

import pytest

from audit.spam.morphology import brand, domain


@pytest.mark.parametrize(
    "token", ["goldbet7", "11xplay", "lotus365", "sky247", "slotraja88", "1xbet", "tigerexch", "LIGATOTO88", "99exch"]
)
def test_a_brand_of_the_trade_is_known_by_its_parts(token: str) -> None:
    assert brand(token).strength >= 0.7


@pytest.mark.parametrize(
    "token",
    [
        "MYH7", "MyD88", "PARK7", "CHD7", "GAD-7", "PHQ-9", "CA125", "CA19-9", "CD34", "CYP3A4", "HER2", "B12", "Ki-67",
        "connexin43", "diabetes", "alphabet", "specialist", "exchanger", "beta-2", "COVID19", "10mg", "24h", "window",
    ],
)  # fmt: skip
def test_genes_scales_doses_and_words_are_no_brands(token: str) -> None:
    assert brand(token).strength == 0


@pytest.mark.parametrize(
    "host", ["goldbet7.com", "best-online-casinos.net", "v99.fun", "cheapviagra.shop", "rajabet.casino"]
)
def test_a_host_of_the_trade_is_known_by_its_labels(host: str) -> None:
    assert domain(host).strength >= 0.6


@pytest.mark.parametrize(
    "host",
    [
        "www.nhs.uk", "medlineplus.gov", "diabetes.org", "specialists.com", "alphabet.com", "localhost",
        "judiciary.example.gov", "gambleaware.org", "gamblersanonymous.org.uk", "gamcare.org.uk",
    ],
)  # fmt: skip
def test_an_honest_host_is_not(host: str) -> None:
    assert domain(host).strength == 0
