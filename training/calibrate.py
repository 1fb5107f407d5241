"""Measure what the claims part of a page's score should be mapped through, and how well it tells good pages from bad.

    python training/calibrate.py             # the table of docs/scoring.md; two minutes of one core

The part is a log-normal curve through two points (`CLAIMS_AT_90`, `CLAIMS_AT_50` in `audit/score.py`): the median NIH
page should have 90 points, the median unreliable page 50. Areas under the curve are of reliable against
unreliable pages by the part "claims", with all rules and without the packs of booster words, since the unreliable pages
of `html/health.jsonl` were collected by such words. The learned reader was trained on sentences of some of these pages,
so its areas are a little too good.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import msgspec

from audit.errors import AuditError
from audit.model import Kind, Page, PageReport
from audit.pipeline import audit_page
from audit.rules.load import RuleSet, load_rules
from audit.score import CLAIM_WEIGHTS, PRIOR_CLAIMS

BOOSTERS = "language.en.boosters."
NIH_STEP = 8
"""One NIH page in so many."""


def weight(report: PageReport) -> float | None:
    """Return the weight of the findings per claim sentence, as the score counts it; nothing without a claim."""
    if not report.claims:
        return None
    shares = sorted(
        (CLAIM_WEIGHTS[found.severity] * found.confidence for found in report.findings if found.category == "claims"),
        reverse=True,
    )
    sentences = PRIOR_CLAIMS + sum(claim.severity == 0 for claim in report.claims)
    total = 0.0
    for share in shares:
        if share * sentences <= total:
            break
        total, sentences = total + share, sentences + 1
    return total / sentences


def area(good: Sequence[float], bad: Sequence[float]) -> float:
    """Return how often a bad page weighs more than a good one, ties half."""
    wins = sum((worse > better) + 0.5 * (worse == better) for worse in bad for better in good)
    return wins / (len(good) * len(bad))


def without_boosters(rules: RuleSet) -> RuleSet:
    kept = tuple(rule for rule in rules.rules if not rule.id.startswith(BOOSTERS))
    return msgspec.structs.replace(rules, rules=kept, digest=f"{rules.digest} without boosters")


def reports(pages: Sequence[Page], rules: RuleSet) -> list[PageReport]:
    found = []
    for page in pages:
        try:
            found.append(audit_page(page, rules))
        except AuditError as error:
            print(page.id, error, file=sys.stderr)
    return found


def _rows(data: Path, name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (data / name).read_text("utf-8").splitlines()]


def _pages(rows: Sequence[dict[str, str]], kind: Kind) -> list[Page]:
    return [Page(id=row["id"], kind=kind, text=row["html" if kind == "html" else "text"]) for row in rows]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=REPO.parent / "shared" / "data")
    arguments = options.parse_args()
    health = _rows(arguments.data, "html/health.jsonl")
    trec = _rows(arguments.data, "claims/pages_credibility.jsonl")
    sets = {
        "NIH": _pages(_rows(arguments.data, "clean/nih.jsonl")[::NIH_STEP], "text"),
        "reliable": _pages([row for row in health if row["label"] == "reliable"], "html"),
        "unreliable": _pages([row for row in health if row["label"] == "unreliable"], "html"),
        "credible": _pages([row for row in trec if str(row["credible"]) == "1"], "text"),
        "not credible": _pages([row for row in trec if str(row["credible"]) == "0"], "text"),
    }
    rules = load_rules()
    for title, used in (("all rules", rules), ("without booster words", without_boosters(rules))):
        print(f"{title:24} pages  with claims  weight: median  75 %   90 %   points of claims  of the page (medians)")
        weights: dict[str, list[float]] = {}
        for name, pages in sets.items():
            found = reports(pages, used)
            own = [weight(report) for report in found]
            weights[name] = [value or 0.0 for value in own]
            known = sorted(value for value in own if value is not None)
            points = [report.scores.claims for report in found if report.scores and report.scores.claims is not None]
            totals = [report.score for report in found if report.score is not None]
            claimed, whole = statistics.median(points), statistics.median(totals)
            quantiles = f"{statistics.median(known):14.2f} {_at(known, 0.75):5.2f}  {_at(known, 0.9):5.2f}"
            print(f"  {name:22} {len(found):5}  {len(known):11}  {quantiles}  {claimed:16}  {whole:11}")
        told = area(weights["reliable"], weights["unreliable"])
        believed = area(weights["credible"], weights["not credible"])
        print(f"  area under the curve: reliable against unreliable {told:.3f}, credible against not {believed:.3f}")


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


if __name__ == "__main__":
    main()
