"""Print how far two readers of `training/labels/` agree on the sentences that both have marked.

python training/agreement.py
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent / "labels"
SEVERITIES = 5


def read(name: str) -> dict[str, dict[str, Any]]:
    """Return the marks of a reader by the key of the sentence."""
    return {row["key"]: row for row in map(json.loads, (LABELS / name).read_text("utf-8").splitlines())}


def kappa(pairs: list[tuple[int, int]], power: int) -> float:
    """Return Cohen's kappa of two raters of 0 … 4, with linear (1) or quadratic (2) weights."""
    size = len(pairs)
    seen, left, right = Counter(pairs), Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    grid = [(a, b) for a in range(SEVERITIES) for b in range(SEVERITIES)]
    observed = sum(abs(a - b) ** power * seen[a, b] for a, b in grid) / size
    expected = sum(abs(a - b) ** power * left[a] * right[b] for a, b in grid) / size**2
    return 1 - observed / expected


def main() -> None:
    for one, other in PAIRS:
        compare(read(one), read(other))


PAIRS = (("claims-a.jsonl", "claims-b.jsonl"), ("claims-d.jsonl", "claims-d-again.jsonl"))


def compare(first: dict[str, dict[str, Any]], second: dict[str, dict[str, Any]]) -> None:
    """Print how far two readers agree."""
    both = [(first[key], second[key]) for key in first if key in second]
    hits = sum(a["claim"] and b["claim"] for a, b in both)
    said = sum(a["claim"] + b["claim"] for a, b in both)
    severities = [(a["severity"], b["severity"]) for a, b in both]
    print(f"sentences marked: {len(first | second)}, by both: {len(both)}")
    print(f"claim or not: F1 {2 * hits / said:.3f}")
    print(f"severity: kappa {kappa(severities, 1):.3f} linear, {kappa(severities, 2):.3f} quadratic")
    claims = [(a, b) for a, b in both if a["claim"] and b["claim"]]
    for field in ("type", "strength", "source", "negated"):
        agreed = sum(a[field] == b[field] for a, b in claims) / len(claims)
        print(f"{field}, where both see a claim ({len(claims)}): {agreed:.3f}")


if __name__ == "__main__":
    main()
