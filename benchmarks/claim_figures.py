"""What `accuracy.py` measures of claims: sentences, severity, hedges and negations against labels."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import audit
from audit.model import Claim, Kind, PageReport
from audit.text.span import Span
from benchmarks.bench import Bench, Figures
from benchmarks.injections import part_of
from benchmarks.measures import binary, kappa, mean

LABELS = Path(__file__).resolve().parent.parent / "training" / "labels"
READERS = ("claims-a.jsonl", "claims-b.jsonl", "claims-c.jsonl", "claims-d.jsonl")
"""The labels of this project; of several readers of a sentence the first counts."""
PAGES: tuple[tuple[str, Kind], ...] = (
    ("html/health.jsonl", "html"),
    ("claims/pages_credibility.jsonl", "text"),
    ("spam/pages.jsonl", "text"),
    ("clean/nih.jsonl", "text"),
)
"""The pages that they stand on."""
STRETCHES = "claims-d.jsonl"
"""Labels of whole stretches of pages, headings, comments and tables included: claims are rarer there."""
FOLDS = 5
HELD = 0
"""The fold whose pages are held out of the weights that ship: their labels measure."""


def fold(page: str) -> int:
    """Return which part of the labelled pages one belongs to."""
    return int(hashlib.sha256(page.encode()).hexdigest(), 16) % FOLDS


def labels() -> dict[str, dict[Span, dict[str, Any]]]:
    """Return the labels of this project by page and place, each with the file that it comes from under `reader`."""
    found: dict[str, dict[Span, dict[str, Any]]] = defaultdict(dict)
    for name in READERS:
        for line in (LABELS / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            page, start, end, _ = row["key"].rsplit(":", 3)
            found[page].setdefault(
                Span(int(start), int(end)), {"source": None, "negated": False, **row, "reader": name}
            )
    return found


def claims(bench: Bench) -> Figures:
    """Claim sentences, their severity, type, strength and source: of the data's labels, and of this project's own."""
    read = []
    for row in bench.rows("claims/sentences.jsonl", lambda row: str(row["id"]).split("#")[0]):
        claim = _claim_at(bench.audit(row["id"], "text", row["context"]), Span(row["start"], row["end"]))
        read.append((row, claim))
        if row["claim"] != (claim is not None) or row["severity"] != (claim.severity if claim else 0):
            bench.misses.append({"set": "claims", "sentence": row["sentence"], "gold": _label(row), "said": str(claim)})
    return {**_figures(read), "held_pages": _held(bench)}


def _held(bench: Bench) -> Figures:
    """Return the same of this project's labels on pages that the weights never saw; each page is read as a whole."""
    wanted = {page: places for page, places in labels().items() if fold(page) == HELD}
    read = []
    for name, kind in PAGES:
        for row in bench.everything(name):
            places = wanted.pop(row["id"], {})
            report = bench.audit(row["id"], kind, row["html" if kind == "html" else "text"]) if places else None
            read += [(label, _claim_at(report, place)) for place, label in places.items()]
    if wanted:
        raise ValueError(f"labelled pages that the data has not: {', '.join(sorted(wanted))}")
    return _figures(read)


def _claim_at(report: PageReport | None, sentence: Span) -> Claim | None:
    """Return the claim of a report that shares most with a sentence."""
    claims = report.claims if report else ()
    best = nearest([Span(claim.start, claim.end) for claim in claims], sentence)
    return None if best is None else claims[best]


def nearest(places: Sequence[Span | None], wanted: Span) -> int | None:
    """Return the number of the place that shares most with one, the first of several; nothing if none shares any."""
    shared = [min(place.end, wanted.end) - max(place.start, wanted.start) if place else 0 for place in places]
    best = max(range(len(shared)), key=shared.__getitem__, default=-1)
    return best if best >= 0 and shared[best] > 0 else None


def _figures(read: Sequence[tuple[Mapping[str, Any], Claim | None]]) -> Figures:
    gold = [row["claim"] for row, _ in read]
    said = [claim is not None for _, claim in read]
    levels = [row["severity"] for row, _ in read]
    given = [claim.severity if claim else 0 for _, claim in read]
    right: dict[str, list[bool]] = defaultdict(list)
    for row, claim in read:
        if row["claim"] and claim:
            for name in ("type", "strength", "source", "negated"):
                right[name].append(getattr(claim, name) == row[name])
    return {
        "sentences": len(read),
        "claim": binary(gold, said),
        "severity_kappa_quadratic": kappa(levels, given),
        "severity_kappa_linear": kappa(levels, given, power=1),
        "accuracy_on_found_claims": {name: round(mean(values), 4) for name, values in right.items()},
        "claims_found": len(right["type"]),
    }


def _label(row: Mapping[str, Any]) -> str:
    return " ".join(str(row[name]) for name in ("claim", "type", "strength", "source", "negated", "severity"))


def cues(bench: Bench) -> Figures:
    """Sentences of BioScope that hold a hedge, a negation."""
    sentences = _bioscope(bench)
    wanted = {"speculation": "hedge", "negation": "negation"}
    gold: dict[str, list[bool]] = {name: [] for name in ("hedge", "negation")}
    said: dict[str, list[bool]] = {name: [] for name in ("hedge", "negation")}
    for text, kinds in sentences:
        found = audit.cues(text)
        for kind, name in wanted.items():
            gold[name].append(kind in kinds)
            said[name].append(any(cue.kind == name for cue in found))
    return {
        "hedge_sentences": binary(gold["hedge"], said["hedge"]),
        "negation_sentences": binary(gold["negation"], said["negation"]),
    }


def _bioscope(bench: Bench) -> list[tuple[str, set[str]]]:
    """Return sentences with the kinds of their cues; split by document."""
    found = []
    tree = ET.parse(bench.data / "claims/bioscope_abstracts.xml")  # noqa: S314 - a file of our own choosing
    for document in tree.iter("Document"):
        name = document.findtext("DocID") or ""
        if bench.part is None or part_of(name) == bench.part:
            found += [
                ("".join(sentence.itertext()), {cue.get("type", "") for cue in sentence.iter("cue")})
                for sentence in document.iter("sentence")
            ]
    count = min(bench.size("bioscope"), len(found))
    return [found[at] for at in sorted(random.Random("bioscope").sample(range(len(found)), count))]
