"""Floors on labelled data; they only go up. Skipped where the data is missing."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from audit.claims import cues, read
from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import load_rules

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")]


def f1(pairs: list[tuple[bool, bool]]) -> float:
    hit = sum(found and gold for found, gold in pairs)
    return 2 * hit / sum(found + gold for found, gold in pairs)


def test_marks_the_massage_article_as_an_expert_does() -> None:
    text = (SHARED / "seed" / "sciatica.txt").read_text(encoding="utf-8")
    claims = read(parse(Page(id="page", text=text, kind="text")), load_rules(), Reporter(text)).claims
    expected = {
        "been shown to be an effective way": ("treat", "direct", "vague", False, 2),
        "can help reduce the intensity": ("treat", "weak", "none", False, 1),
        "is generally safe": ("safe", "weak", "none", False, 2),
        "may not cure sciatica": ("cure", "strong", "none", True, 0),
        "can help prevent future episodes": ("prevent", "weak", "none", False, 2),
    }
    marks = {
        words: [(c.type, c.strength, c.source, c.negated, c.severity) for c in claims if words in c.quote]
        for words in expected
    }
    assert marks == {words: [mark] for words, mark in expected.items()}


def test_finds_hedged_and_negated_sentences_of_abstracts() -> None:
    root = ET.parse(SHARED / "data" / "claims" / "bioscope_abstracts.xml").getroot()  # noqa: S314 (our own file)
    hedged: list[tuple[bool, bool]] = []
    denied: list[tuple[bool, bool]] = []
    for number, document in enumerate(root.iter("Document")):
        if number % 8 != 1:  # an eighth of the documents, none of them tuned on
            continue
        for sentence in document.iter("sentence"):
            gold = {cue.get("type") for cue in sentence.iter("cue")}
            found = cues("".join(sentence.itertext()))
            hedged.append((any(cue.kind == "hedge" for cue in found), "speculation" in gold))
            denied.append((any(cue.kind == "negation" for cue in found), "negation" in gold))
    assert f1(hedged) >= 0.85
    assert f1(denied) >= 0.93


def test_raises_few_errors_on_answers_of_the_nih() -> None:
    rules = load_rules()
    lines = (SHARED / "data" / "clean" / "nih.jsonl").read_text(encoding="utf-8").splitlines()[::11]
    texts = [json.loads(line)["text"] for line in lines]
    wrong = sum(
        any(c.severity >= 3 for c in read(parse(Page(id="p", text=text, kind="text")), rules, Reporter(text)).claims)
        for text in texts
    )
    assert wrong <= 0.015 * len(texts)
