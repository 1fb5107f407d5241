"""Measure the reading of claims on the labelled sentences, and whether a learned gate beside the rules would help.

    python training/claims.py --measure            # rules, on all labels and on the two held-out sets
    python training/claims.py --compare            # rules, gate, both, on the held-out sets; needs scikit-learn

Labels are joined to sentences by their places in the pages. A third of the pages of `training/labels/` (by a hash of
the page id) and the validation half of `claims/sentences.jsonl` are held out; the gate is fitted on all else.

No gate ships: it finds more claims of `training/labels/` (F1 0.79 for 0.76) and is worse on the other set (0.78 for
0.80), where claims that only the gate sees are rare, and severity gains on neither.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import msgspec

from audit.claims.lexicon import lexicon
from audit.model import Claim, Kind, Page
from audit.page import parse
from audit.pipeline import audit_page
from audit.rules.load import RuleSet, load_rules
from audit.text.folding import fold
from audit.text.span import Span
from benchmarks.injections import part_of
from benchmarks.measures import binary, kappa

LABELS = Path(__file__).parent / "labels"
PAGES: tuple[tuple[str, Kind], ...] = (
    ("html/health.jsonl", "html"),
    ("claims/pages_credibility.jsonl", "text"),
    ("spam/pages.jsonl", "text"),
    ("clean/nih.jsonl", "text"),
)


class Example(msgspec.Struct, frozen=True):
    """A labelled sentence with what the rules say of it."""

    part: str
    """`fit` or `held out`, and of which set."""
    page: str
    text: str
    """Folded."""
    gold: dict[str, Any]
    said: Claim | None


def examples(data: Path, rules: RuleSet) -> list[Example]:
    """Return all labelled sentences; of two readers of one sentence the first counts."""
    return list(_of_labels(data, rules)) + list(_of_sentences(data, rules))


def _of_labels(data: Path, rules: RuleSet) -> Iterable[Example]:
    rows: dict[str, dict[str, Any]] = {}
    for name in ("claims-a.jsonl", "claims-b.jsonl"):
        for row in _rows(LABELS / name):
            rows.setdefault(row["key"], row)
    wanted: dict[str, list[tuple[Span, dict[str, Any]]]] = defaultdict(list)
    for key, row in rows.items():
        page_id, start, end, _ = key.rsplit(":", 3)
        wanted[page_id].append((Span(int(start), int(end)), row))
    for name, kind in PAGES:
        for row in _rows(data / name):
            marked = wanted.pop(row["id"], None)
            if marked is None:
                continue
            page = Page(id=row["id"], kind=kind, text=row["html" if kind == "html" else "text"])
            part = "held out, labels" if _digest(page.id) % 3 == 0 else "fit, labels"
            yield from _examples(page, marked, part, page.id, rules)


def _of_sentences(data: Path, rules: RuleSet) -> Iterable[Example]:
    for row in _rows(data / "claims/sentences.jsonl"):
        document = row["id"].split("#")[0]
        part = "held out, sentences" if part_of(document) == "validation" else "fit, sentences"
        page = Page(id=row["id"], kind="text", text=row["context"])
        yield from _examples(page, [(Span(row["start"], row["end"]), row)], part, document, rules)


def _examples(
    page: Page, marked: Sequence[tuple[Span, dict[str, Any]]], part: str, document: str, rules: RuleSet
) -> Iterable[Example]:
    claims = audit_page(page, rules).claims
    blocks = parse(page).blocks if page.kind == "html" else ()
    for place, gold in marked:
        near = [claim for claim in claims if place.touches(Span(claim.start, claim.end))]
        said = max(near, key=lambda c: min(c.end, place.end) - max(c.start, place.start), default=None)
        text = page.text[place.start : place.end]
        if blocks:
            text = re.sub(r"<[^>]*>", " ", text)
        yield Example(part, document, fold(" ".join(text.split())).text, gold, said)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _digest(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0]


def figures(rows: Sequence[Example], said: Sequence[bool], severities: Sequence[int]) -> str:
    """Return F1, precision and recall of claim or not, and both kappas of severity, as columns."""
    found = binary([row.gold["claim"] for row in rows], said)
    gold = [row.gold["severity"] for row in rows]
    return (
        f"{found['f1']:.3f}  {found['precision']:.3f}  {found['recall']:.3f}  "
        f"{kappa(gold, severities, power=1):.3f}  {kappa(gold, severities):.3f}"
    )


def measure(rows: Sequence[Example]) -> None:
    """Print the figures of the rules by part."""
    print(f"{'':22} {'n':>5}  F1     P      R      linear quadr.  type  strength  source (of claims found)")
    parts = {name: [row for row in rows if row.part == name] for name in sorted({row.part for row in rows})}
    parts["all labels"] = [row for row in rows if row.part.endswith("labels")]
    for name, mine in parts.items():
        right = [row for row in mine if row.said and row.gold["claim"]]
        shares = [
            sum(getattr(row.said, field) == row.gold[field] for row in right) / len(right)
            for field in ("type", "strength", "source")
        ]
        columns = figures(mine, _found(mine), _severities(mine, _found(mine)))
        print(f"{name:22} {len(mine):5}  {columns}  " + "  ".join(f"{share:.3f}" for share in shares))


def _found(rows: Sequence[Example]) -> list[bool]:
    return [row.said is not None for row in rows]


def _severities(rows: Sequence[Example], said: Sequence[bool], *, unruled: int = 1) -> list[int]:
    return [(row.said.severity if row.said else unruled) if yes else 0 for row, yes in zip(rows, said, strict=True)]


_WORD = re.compile(r"[a-z][a-z'-]*|[0-9]+|[%?!:;,]")


def features(row: Example, rules: RuleSet, *, ruled: bool) -> list[str]:
    """Return words, pairs of words, the first word, length and close; with `ruled` the marks of the rules as well."""
    words = ["0" if word[0].isdigit() else word for word in _WORD.findall(row.text)]
    found = {*words, *(f"{a} {b}" for a, b in pairwise(words)), f"^ {' '.join(words[:1])}"}
    found |= {f"@length {min(6, len(words) // 6)}", f"@closed {row.text.rstrip()[-1:] in '.!;:'}"}
    if ruled:
        own = lexicon(rules)
        found |= {f"@{own.rules[mark.entry].id}" for mark in own.sentence(row.text)}
        found.add(f"={row.said.type} {row.said.strength}" if row.said else "=none")
    return sorted(found)


def probabilities(fit: Sequence[Example], held: Sequence[Example], rules: RuleSet, *, ruled: bool) -> list[float]:
    """Return how likely each held-out sentence is a claim, by a logistic regression; features of three pages count."""
    from sklearn.feature_extraction import DictVectorizer  # type: ignore  # noqa: PGH003, PLC0415
    from sklearn.linear_model import LogisticRegression  # type: ignore  # noqa: PGH003, PLC0415

    table = [features(row, rules, ruled=ruled) for row in fit]
    pages: dict[str, set[str]] = defaultdict(set)
    for row, found in zip(fit, table, strict=True):
        for name in found:
            pages[name].add(row.page)
    columns = DictVectorizer()
    known = columns.fit_transform([{name: 1 for name in found if len(pages[name]) > 2} for found in table])
    model = LogisticRegression(C=0.2, max_iter=2000).fit(known, [row.gold["claim"] for row in fit])
    asked = columns.transform([dict.fromkeys(features(row, rules, ruled=ruled), 1) for row in held])
    return [float(value) for value in model.predict_proba(asked)[:, 1]]


def compare(rows: Sequence[Example], rules: RuleSet) -> None:
    """Print rules, gate and both on the held-out sets. A claim that only the gate sees gets severity 1."""
    fit = [row for row in rows if row.part.startswith("fit")]
    for name in ("held out, labels", "held out, sentences"):
        held = [row for row in rows if row.part == name]
        print(f"{name} ({len(held)}){'':4} F1     P      R      linear quadr.")
        print(f"  {'rules alone':26} {figures(held, _found(held), _severities(held, _found(held)))}")
        alone = [value > 0.4 for value in probabilities(fit, held, rules, ruled=False)]
        print(f"  {'gate alone':26} {figures(held, alone, _severities(held, alone))}")
        both = probabilities(fit, held, rules, ruled=True)
        for veto, accept in ((0.3, 0.4), (0.2, 0.6), (0.1, 0.7), (0.1, 1.0)):
            said = [value > (veto if row.said else accept) for row, value in zip(held, both, strict=True)]
            print(f"  {f'both, {veto} and {accept}':26} {figures(held, said, _severities(held, said))}")
        start = time.perf_counter()
        for row in held:
            features(row, rules, ruled=False)
        print(f"  words of a sentence: {1e3 * (time.perf_counter() - start) / len(held):.3f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=REPO.parent / "shared" / "data")
    options.add_argument("--measure", action="store_true")
    options.add_argument("--compare", action="store_true")
    arguments = options.parse_args()
    rules = load_rules()
    rows = examples(arguments.data, rules)
    if arguments.measure or not arguments.compare:
        measure(rows)
    if arguments.compare:
        compare(rows, rules)


if __name__ == "__main__":
    main()
