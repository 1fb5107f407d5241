"""What `accuracy.py` measures of claims: sentences, severity, hedges and negations against labels."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import audit
from audit.text.span import Span
from benchmarks.bench import Bench, Figures
from benchmarks.injections import part_of
from benchmarks.measures import binary, kappa, mean


def claims(bench: Bench) -> Figures:
    """Claim sentences, their severity, type, strength and source; hedges; good pages and bad ones."""
    rows = bench.rows("claims/sentences.jsonl", lambda row: str(row["id"]).split("#")[0])
    gold, said, levels, given = [], [], [], []
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        report = bench.audit(row["id"], "text", row["context"])
        sentence = Span(row["start"], row["end"])
        near = [c for c in (report.claims if report else ()) if sentence.touches(Span(c.start, c.end))]
        claim = max(near, key=lambda c: min(c.end, sentence.end) - max(c.start, sentence.start), default=None)
        gold.append(row["claim"])
        said.append(claim is not None)
        levels.append(row["severity"])
        given.append(claim.severity if claim else 0)
        if row["claim"] and claim:
            for name in ("type", "strength", "source", "negated"):
                right[name].append(getattr(claim, name) == row[name])
        if gold[-1] != said[-1] or levels[-1] != given[-1]:
            bench.misses.append({"set": "claims", "sentence": row["sentence"], "gold": _label(row), "said": str(claim)})
    return {
        "sentences": len(rows),
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
