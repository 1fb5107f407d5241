"""Where injections are lost: `python -m benchmarks.lost text 900` (or `html 440`), on the half to tune on.

Each page that is not exactly restored goes to the first of these that is true of it: judged as a whole; no candidate
touches the injection; none has its boundaries; one has, and is cut by itself, but another displaced it; it is only
flagged; it is judged too low. So it shows whether finders, boundaries, the choice or the judge is to be mended.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import RuleSet
from audit.spam import detect
from audit.spam.cutting import cut
from audit.spam.detect import Case, _judged, _proposals
from audit.spam.features import features
from audit.text.span import union
from benchmarks.bench import Bench
from benchmarks.injections import Injection, injections, restored
from benchmarks.spam_figures import cuts_of, sources_of, strings_of

REPO = Path(__file__).resolve().parent.parent
FATES = ("exact", "whole page", "no candidate", "boundaries", "displaced", "flagged", "too low")


def fate(one: Injection, rules: RuleSet) -> str:
    """Return what became of one injection."""
    report = detect(parse(Page(id=one.id, kind=one.kind, text=one.text)), rules, Reporter(one.text))
    if restored(one, cuts_of(report)):
        return "exact"
    if report.seen is None:
        return "no candidate"
    if report.seen.verdict is not None:
        return "whole page"
    look = report.seen.look
    cases = []
    for candidate in _proposals(look, rules):
        if any(place.touches(gold) for place in look.view.place(candidate.span) for gold in one.spans):
            found = features(look, candidate)
            cases.append(Case(candidate, found, _judged(look, candidate, found, rules)))
    if not cases:
        return "no candidate"
    right = [case.judgement.action for case in cases if restored(one, union(cut(look.view, case.candidate)))]
    if not right:
        return "boundaries"
    return "displaced" if "cut" in right else "flagged" if "flag" in right else "too low"


def main() -> None:
    """Print how many injections of each technique met which fate."""
    parser = argparse.ArgumentParser(description="Print where injections are lost, by technique.")
    parser.add_argument("kind", choices=("text", "html"))
    parser.add_argument("count", type=int)
    parser.add_argument("--data", type=Path, default=REPO.parent / "shared" / "data")
    options = parser.parse_args()
    bench = Bench(options.data, part="dev")
    pages = sources_of(bench)[options.kind]
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for one in injections(pages, options.count, part="dev", strings=strings_of(bench)):
        fates[one.technique][fate(one, bench.rules)] += 1
    fates["all"] = sum(list(fates.values()), Counter())
    print(f"{'':6}" + "".join(f"{name:>14}" for name in FATES))
    for technique in sorted(fates, key=lambda name: (name == "all", len(name), name)):
        print(f"{technique:6}" + "".join(f"{fates[technique][name]:14}" for name in FATES))


if __name__ == "__main__":
    main()
