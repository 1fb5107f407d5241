"""The sample pages against their labels: what is cut, what stays, the verdict, the claims."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import audit
from audit.ingest import Options, find, read
from audit.model import Page, PageReport
from audit.text.span import Span, union, without

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
LABELS: dict[str, dict[str, Any]] = YAML(typ="safe").load(SAMPLES / "labels.yaml")["pages"]
INJECTED = [name for name, label in LABELS.items() if label.get("cut")]
UNCUT = [name for name, label in LABELS.items() if not label.get("cut")]
HONEST = [name for name, label in LABELS.items() if label["kind"] == "honest"]


@cache
def pages() -> dict[str, Page]:
    """The pages of the folder by the names that the labels use, as a run over it reads them."""
    found = {}
    for item in find([str(SAMPLES)], Options()).items:
        for page in read(item, Options()):
            assert isinstance(page, Page), page
            name = Path(page.path or page.id).name
            found[f"{name}#{page.id}" if name.endswith(".jsonl") else name] = page
    return found


@cache
def report(name: str) -> PageReport:
    return audit.audit_page(pages()[name], audit.load_rules())


def labelled(name: str, key: str) -> tuple[Span, ...]:
    """Where the labelled quotes stand, by their occurrence."""
    text, spans = pages()[name].text, []
    for label in LABELS[name].get(key, ()):
        places = [match.start() for match in re.finditer(re.escape(label["quote"]), text)]
        start = places[label.get("at", 1) - 1]
        spans.append(Span(start, start + len(label["quote"])))
    return union(spans)


def cuts(name: str) -> tuple[Span, ...]:
    return tuple(Span(cut.start, cut.end) for cut in report(name).cuts)


def bare(text: str, spans: tuple[Span, ...]) -> list[str]:
    """The quotes of the spans, less what may go or stay: a blank or line break at either end, a line's indentation."""
    return [re.sub(r"^(?:\n?[ \t]+|\s)|\s$", "", text[span.start : span.end]) for span in spans]


def bridged(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans, those that only white parts joined."""
    whites = [Span(a.end, b.start) for a, b in pairwise(spans) if text[a.end : b.start].isspace()]
    return union([*spans, *whites])


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_page_is_not_even_flagged_as_spam(name: str) -> None:
    found = [one for one in report(name).findings if one.category == "spam" and one.action != "note"]
    assert [(one.rule, one.quote) for one in found] == []


def test_every_page_is_labelled_and_every_label_has_its_page() -> None:
    assert sorted(pages()) == sorted(LABELS)


def test_at_least_half_of_the_pages_are_honest() -> None:
    assert len(LABELS) >= 36
    assert sum(label["kind"] in ("honest", "poor claims") for label in LABELS.values()) * 2 >= len(LABELS)


def test_every_technique_of_one_capture_has_its_page() -> None:
    known = {word for label in LABELS.values() for word in re.findall(r"T\d+", label.get("technique", ""))}
    # T17 is gambling, which most pages carry; T21 needs two captures, T22 is flagged only, T26 is no spam.
    assert known == {f"T{number}" for number in range(1, 26)} - {"T17", "T21", "T22"}


@pytest.mark.parametrize("name", INJECTED)
def test_the_cut_is_the_injection_and_nothing_else(name: str) -> None:
    text, may = pages()[name].text, labelled(name, "may")
    wanted, got = labelled(name, "cut"), cuts(name)
    inside = tuple(span for span in got if not any(span in allowed for allowed in may))
    assert bare(text, bridged(text, inside)) == bare(text, bridged(text, wanted))


@pytest.mark.parametrize("name", [name for name, label in LABELS.items() if "missed" in label])
def test_a_known_miss_is_still_one(name: str) -> None:
    caught = [text for span in labelled(name, "missed") for cut in cuts(name) if cut.touches(span)
              for text in [pages()[name].text[span.start : span.end]]]  # fmt: skip
    assert caught == [], "better than labelled: move the quote from `missed` to `cut`"


@pytest.mark.parametrize("name", UNCUT)
def test_nothing_is_cut_from_a_page_without_an_injection(name: str) -> None:
    assert bare(pages()[name].text, cuts(name)) == []


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_page_has_no_grave_spam_finding(name: str) -> None:
    assert [(f.rule, f.quote) for f in report(name).findings if f.category == "spam" and f.severity >= 3] == []


@pytest.mark.parametrize("name", LABELS)
def test_what_must_stay_is_on_the_clean_page(name: str) -> None:
    clean = without(pages()[name].text, cuts(name))
    assert [quote for quote in LABELS[name].get("keep", ()) if quote not in clean] == []


@pytest.mark.parametrize("name", LABELS)
def test_the_verdict_is_one_that_an_editor_could_give(name: str) -> None:
    grave = [(f.rule, f.severity, f.quote) for f in report(name).findings if f.severity >= 3]
    assert report(name).verdict in LABELS[name]["verdict"], grave


@pytest.mark.parametrize(
    ("name", "claim"), [(name, claim) for name, label in LABELS.items() for claim in label.get("claims", ())]
)
def test_the_claim_is_found_with_its_type_and_severity(name: str, claim: dict[str, Any]) -> None:
    start = pages()[name].text.index(claim["quote"])
    place = Span(start, start + len(claim["quote"]))
    found = [c for c in report(name).claims if place.touches(Span(c.start, c.end))]
    assert [c.quote for c in found if c.type == claim["type"] and c.severity >= claim["severity"]], found


def test_a_cut_page_is_not_cut_again() -> None:
    again = {}
    for name in INJECTED:
        page = pages()[name]
        clean = Page(id=page.id, text=without(page.text, cuts(name)), kind=page.kind)
        again[name] = audit.audit_page(clean, audit.load_rules()).cuts
    assert not any(again.values()), again
