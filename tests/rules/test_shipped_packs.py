"""Every shipped rule proves itself on its own examples; the offers it finds are not found in honest text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit import claims, spam
from audit.rules.load import RuleSet, load_rules
from audit.rules.match import Matcher
from audit.rules.schema import Pattern, Phrase
from audit.rules.selftest import check
from audit.text.folding import fold

DATA = Path(__file__).parents[3] / "shared" / "data"
DETECTORS = {**getattr(spam, "DETECTORS", {}), **claims.DETECTORS}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def test_every_rule_comes_out_as_its_examples_say(rules: RuleSet) -> None:
    assert [str(failure) for failure in check(rules, DETECTORS).failures] == []


def test_every_kind_of_words_is_tested(rules: RuleSet) -> None:
    untested = check(rules, DETECTORS).untested
    assert [rule.id for rule in rules.of(Phrase) + rules.of(Pattern) if rule.id in untested] == []


def payload(rules: RuleSet, *, without: str = "", least: float = 0.0) -> Matcher:
    return Matcher(
        rule
        for kind in (Phrase, Pattern)
        for rule in rules.of(kind)
        if rule.evidence == "payload" and rule.id.startswith("spam.") and rule.id != without and rule.weight >= least
    )


@pytest.mark.parametrize(
    "text",
    [
        "Genes such as MYH7, MyD88, PARK7, CHD7, BOLA3, CD99 and BET1; GAD-7 and PHQ-9; CA19-9 and Ki-67; Bet v 1.",
        "The Iowa Gambling Task uses decks of cards, and antibiotic choice is no lottery.",
        "Clinic slots open at eight; book your slot online. The town of Casino has a hospital.",
        "Exchange transfusion, a heat and moisture exchanger, gas exchange and an exchange programme.",
        "Oxycodone and tramadol are opioids; sildenafil, tadalafil and vardenafil relax muscle.",
        "Order refills of metformin from your pharmacy; naloxone is sold over the counter.",
        "A nurse escorts the patient; escort proteins carry receptors. Cheap replica braces damage teeth.",
        "Specialists saw cryptococcal disease; diabetes, alphabet, tibet. Zoom login and telehealth app download.",
        "Đau thần kinh tọa, me duele la pierna, slot waktu konsultasi, лечение зависимости.",
    ],
)
def test_honest_text_holds_no_payload(rules: RuleSet, text: str) -> None:
    folded = fold(text)
    found = payload(rules, least=0.6).find(folded)
    assert [folded.text[hit.start : hit.end] for hit in found] == []


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled data is not here")
def test_strong_rules_are_silent_on_clean_documents(rules: RuleSet) -> None:
    matcher = payload(rules, least=1.5)
    with (DATA / "clean" / "nih.jsonl").open(encoding="utf-8") as lines:
        hit = [json.loads(line)["id"] for line in lines if matcher.find(fold(json.loads(line)["text"]))]
    assert hit == []  # measured: 0 of 2,172


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled data is not here")
def test_brands_are_found_by_their_form(rules: RuleSet) -> None:
    matcher = payload(rules, without="spam.gambling.known-brand")
    lines = (DATA / "spam" / "strings.txt").read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("# === 1."))
    last = next(at for at, line in enumerate(lines) if line.startswith("# === 2."))
    brands = [line for line in lines[first + 1 : last] if line and not line.startswith("#")]
    found = [brand for brand in brands if matcher.find(fold(brand))]
    assert len(found) / len(brands) >= FLOOR


FLOOR = 0.7
"""Share of the brand names found with the list of known brands emptied."""
