"""How much is found when somebody else writes the spam?

    python -m benchmarks.other_words [--data ../shared/data] [--texts 900] [--html 440] [--technique T3]...

Those who write the detector also wrote the words of `payloads.yaml` and `payloads_held.yaml`. Those of
`payloads_third.yaml` to `payloads_fifth.yaml` were written by others, who knew the techniques and the schema, and
neither the detector nor the other words: other trades, other templates of comments and orders, other makes of brands.
They go into pages of the half to tune on, without the real strings. Whoever looks at what is missed here tunes on it:
that is what the third and the fifth file are for (`--words`), and nobody has looked at what is missed of the fourth.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from benchmarks import injections
from benchmarks.bench import Bench
from benchmarks.measures import Outcome, outcome, summary
from benchmarks.spam_figures import cuts_of, flags_of, sources_of

WORDS = Path(__file__).with_name("payloads_fourth.yaml")


def measured(bench: Bench, kind: str, count: int, techniques: tuple[str, ...]) -> dict[str, list[Outcome]]:
    """Return what became of so many injected pages, by technique and `all` together."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for one in injections.injections(sources_of(bench)[kind], count, part="dev", techniques=techniques):
        report = bench.spam(one.id, one.kind, one.text)
        became = outcome(one, cuts_of(report), flags_of(report))
        found[one.technique].append(became)
        found["all"].append(became)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--words", type=Path, default=WORDS)
    options.add_argument("--texts", type=int, default=900)
    options.add_argument("--html", type=int, default=440)
    options.add_argument("--technique", action="append", default=[])
    arguments = options.parse_args()
    bench = Bench(arguments.data, part="dev")
    with injections.speaking("dev", arguments.words):
        for kind, count in (("text", arguments.texts), ("html", arguments.html)):
            print(f"{kind:9} pages  found  exact     F1  precision")
            for name, outcomes in measured(bench, kind, count, tuple(arguments.technique)).items():
                told = summary(outcomes)
                print(
                    f"{name:9} {len(outcomes):5}  {told['found']:5.3f}  {told['exact']:5.3f}  {told['f1']:5.3f}  "
                    f"{told['precision']:5.3f}"
                )


if __name__ == "__main__":
    main()
