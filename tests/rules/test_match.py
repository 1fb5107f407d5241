"""Phrases, patterns and hosts on folded text."""

from __future__ import annotations

import pytest

from audit.rules.match import (
    Hosts,
    Matcher,
    PatternError,
    Patterns,
    Phrases,
    addresses,
    compile_pattern,
    expand,
    host_labels,
    inflections,
    registered_domain,
)
from audit.rules.schema import Host, Pattern, Phrase, Rule, Source
from audit.text.folding import fold

BASE = {
    "id": "spam.x.a", "severity": "error", "message": "m", "why": "w", "source": Source("t"),
    "should_match": (), "should_not_match": (),
}  # fmt: skip


def phrase(**fields: object) -> Phrase:
    return Phrase(**BASE, **fields)  # type: ignore[arg-type]


def quotes(rule: Rule, text: str) -> list[str]:
    folded = fold(text)
    spans = [folded.to_source(hit.span) for hit in Matcher([rule]).find(folded)]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["bet"], "diabetes, a bet, bets and bet-365", ["bet", "bet"]),
        (["cialis"], "A specialist. CIALIS!", ["CIALIS"]),
        (["no prescription"], "no\n  prescription, no-prescription", ["no\n  prescription"]),
        (["slot", "slot gacor"], "slot gacor", ["slot gacor"]),
        (["slot"], "slot² and slot₁", ["slot", "slot"]),
        (["สล็อต"], "เล่นสล็อตวันนี้", ["สล็อต"]),
        (["激安"], "本物激安通販", ["激安"]),
        (["viagra"], "v\u200bi\u200bagra and vіagra", ["v\u200bi\u200bagra", "vіagra"]),
        (["slot gacor"], "sl0t g4cor", ["sl0t g4cor"]),
        (["100% safe"], "It is 100% safe.", ["100% safe"]),
        (["help~ to reduce~"], "It helped to reduce; helping to reduced.", ["helped to reduce", "helping to reduced"]),
    ],
)  # fmt: skip
def test_phrases_are_whole_words(words: list[str], text: str, found: list[str]) -> None:
    assert quotes(phrase(any=tuple(words)), text) == found


def test_overlapping_phrases_of_one_rule_are_one_hit() -> None:
    assert quotes(phrase(any=("satta matka", "matka result")), "Satta Matka result") == ["Satta Matka result"]


def test_phrases_of_several_rules_keep_their_own_hits() -> None:
    hits = Phrases([["slot"], ["slot gacor"]]).find("slot gacor")
    assert [(hit.start, hit.end, hit.entry) for hit in hits] == [(0, 4, 0), (0, 10, 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Buy cheap viagra online today", ["Buy cheap viagra online"]),
        ("viagra is a drug", []),
        ("We went out to buy food. Viagra is a drug.", []),
        ("buy one two three four viagra", []),
        ("buy viagra, cialis online", ["buy viagra, cialis online"]),
    ],
)
def test_near_asks_for_company_in_the_sentence(text: str, found: list[str]) -> None:
    rule = phrase(any=("viagra", "cialis"), near=("buy", "cheap", "online"), within=2)
    assert quotes(rule, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Never take it with no prescription.", []),
        ("Never mind. It needs no prescription.", ["no prescription"]),
        ("No prescription is a danger sign.", []),
        ("No prescription. A danger sign hung there.", ["No prescription"]),
    ],
)
def test_unless_takes_back_within_the_sentence(text: str, found: list[str]) -> None:
    rule = phrase(any=("no prescription",), unless_before=("never",), unless_after=("danger sign",))
    assert quotes(rule, text) == found


def test_a_pattern_gives_its_span_group_in_code_points() -> None:
    rule = Pattern(**BASE, regex=r"(?:^|[^a-z])(?P<span>bet\d+)(?:$|[^a-z])")  # type: ignore[arg-type]
    assert quotes(rule, "éé สล BET55, xbet66 😀 bet77") == ["BET55", "bet77"]


def test_the_gate_changes_no_hit() -> None:
    patterns = [r"a+b", r"\d{2}", r"z", ""]
    text = "aab 12 é ab 345"
    alone = [hit for entry, regex in enumerate(patterns) for hit in Patterns([""] * entry + [regex]).find(text)]
    assert sorted(alone) == list(Patterns(patterns).find(text))


@pytest.mark.parametrize(
    ("regex", "why"),
    [
        (r"(?=a)b", "look-ahead"),
        (r"(a)\1", "back-reference"),
        (r"a++", "possessive"),
        (r"a*", "empty text"),
        (r"a)", "RE2 says"),
        (r"\pL{60}", "instructions"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(regex: str, why: str) -> None:
    with pytest.raises(PatternError, match=why):
        compile_pattern(regex)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("reduce", "reduce reduces reduced reducing"),
        ("stop", "stop stops stopped stopping"),
        ("carry", "carry carries carried carrying"),
        ("prevent", "prevent prevents prevented preventing"),
        ("take", "take takes took taken taking"),
        ("be", "be am is are was were been being"),
        ("fix", "fix fixes fixed fixing"),
        ("die", "die dies died dying"),
    ],
)
def test_inflections(word: str, forms: str) -> None:
    assert inflections(word) == tuple(forms.split())


def test_expansion_multiplies_the_words_marked() -> None:
    assert expand("can help~ cut~ it") == tuple(
        f"can {a} {b} it" for a in ("help", "helps", "helped", "helping") for b in ("cut", "cuts", "cutting")
    )


def test_addresses_need_a_public_suffix() -> None:
    text = "see goldbet7.com,slot88.co.uk. e.g. 2.5mg me@mail.com https://x.org/a www.y.de."
    assert [address.host for address in addresses(text)] == ["goldbet7.com", "slot88.co.uk", "x.org", "www.y.de"]


def test_labels_leave_the_public_suffix_out() -> None:
    assert host_labels("www.goldbet7.co.uk") == ("www", "goldbet7")
    assert registered_domain("www.goldbet7.co.uk") == "goldbet7.co.uk"
    assert registered_domain("e.g") == ""


@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("goldbet7.com", (0,)),
        ("www.goldbet7.com", (0,)),
        ("notgoldbet7.com", ()),
        ("slot88.co.uk", (1,)),
        ("my-slot88.example", ()),
    ],
)
def test_hosts_match_domains_and_whole_labels(host: str, entries: tuple[int, ...]) -> None:
    rules = [Host(**BASE, hosts=("goldbet7.com",)), Host(**BASE, labels=(r"slot\d+",))]  # type: ignore[arg-type]
    assert Hosts(rules).of(host) == entries
