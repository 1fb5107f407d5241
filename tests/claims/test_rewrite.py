"""The softer wording that a finding suggests."""

import pytest

from audit.claims import read
from audit.claims.rewrite import Wish, _pipeline, softened
from audit.findings import Reporter
from audit.model import Article, ClaimType, Page
from audit.page import parse
from audit.rules.load import load_rules
from audit.text.span import Span


def wish(text: str, predicate: str, kind: ClaimType, booster: str = "") -> Wish:
    start = text.index(predicate)
    at = text.lower().index(booster) if booster else 0
    boosters = (Span(at, at + len(booster)),) if booster else ()
    return Wish(text, text.lower(), Span(start, start + len(predicate)), kind, boosters)


@pytest.mark.parametrize(
    ("text", "predicate", "kind", "booster", "softer"),
    [
        ("The oil relieves pain.", "relieves", "treat", "", "The oil may help relieve pain."),
        ("This tea cures diabetes.", "cures", "cure", "", "This tea may help relieve the symptoms of diabetes."),
        (
            "Massage completely relieves pain and improves sleep.", "relieves", "treat", "completely",
            "Massage may help relieve pain and improve sleep.",
        ),
        ("It will prevent headaches.", "prevent", "prevent", "", "It may help prevent headaches."),
        ("The balm is effective against arthritis.", "effective", "treat", "", "The balm may be effective against arthritis."),
        ("Sugar causes headaches.", "causes", "cause", "", "Sugar may cause headaches."),
    ],
    ids=["verb", "cure", "booster and second verb", "will", "adjective", "cause"],
)  # fmt: skip
def test_puts_a_hedge_before_the_verb(text: str, predicate: str, kind: ClaimType, booster: str, softer: str) -> None:
    assert softened([wish(text, predicate, kind, booster)]) == [softer]


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Cure your heartburn now!", "Cure"),
        ("The oil can relieve pain.", "relieve"),
        ("The oil relieved pain.", "relieved"),
        ("Relief from pain.", "Relief"),
    ],
    ids=["imperative", "hedged already", "what happened", "no verb"],
)
def test_suggests_nothing_where_a_hedge_would_not_do(text: str, predicate: str) -> None:
    assert softened([wish(text, predicate, "treat")]) == [""]


def article(text: str) -> Article:
    return parse(Page(id="page", text=text, kind="text"))


def test_shows_the_wording_in_the_finding_and_leaves_the_page_alone() -> None:
    text = "Order now for $49. This tea cures diabetes. Buy now."
    found = [f for f in read(article(text), load_rules(), Reporter(text)).findings if f.family == "cure"]
    assert "For instance: “This tea may help relieve the symptoms of diabetes.”" in found[0].message
    assert found[0].quote == "This tea cures diabetes."


def test_suggests_nothing_for_what_is_said_with_care() -> None:
    text = "This tea may help with colds and coughs in some people."
    assert all("For instance" not in f.message for f in read(article(text), load_rules(), Reporter(text)).findings)


def test_the_vocabulary_does_not_grow_with_what_is_read() -> None:
    text = "Tea{0} cures zorb{0}x."
    softened([wish(text.format(0), "cures", "cure")])
    before = len(_pipeline().vocab.strings)
    for at in range(1, 20):
        softened([wish(text.format(at), "cures", "cure")])
    assert len(_pipeline().vocab.strings) == before
