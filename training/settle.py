"""Settle the judge's weights of what sentences mean on whole pages: `audit/models/spam-judge.json`.

    python training/settle.py ../shared/data [--show]

A page counts as it does to its reader: an injected one is found where any candidate on the injection is cut, an honest
one is damaged where any candidate is. Read are pages of the development half, whole: injections by the generator with
its words and those of two further hands, drawn with seeds of their own; really hacked pages; honest look-alikes; clean
pages; the honest pages of `training/texts`. The weights of `SETTLED` move between 0.4 and 2 times what they were, all
others stay: made-up injections are not real ones, and when the weights of phrases in sentences moved too, a third of
the really hacked pages was lost. `--show` prints what would change and writes nothing. Ten minutes of one core. It
starts from the weights that ship: a second run goes on where the first one stopped.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from audit.errors import PageError
from audit.model import Kind, Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules
from audit.spam.detect import NOTHING, _cases, examine, vetoed
from audit.spam.features import grounds
from audit.spam.judge import may_cut, model
from audit.text.span import Span, subtract
from benchmarks import injections, spam_figures
from benchmarks.bench import Bench
from benchmarks.injections import Injection, speaking
from benchmarks.pages import written
from training.spam_wording import TEXTS

REPO = Path(__file__).parents[1]
TARGET = REPO / "audit" / "models" / "spam-judge.json"
HANDS = (None, "payloads_third.yaml", "payloads_fifth.yaml")
"""Whose words the injections speak: the generator's own for tuning, and those of two more hands."""
SEEDS = ("settle-1", "settle-2")
NAMES = tuple(sorted(model().weights))
SETTLED = frozenset({
    "rest of the passage belongs", "shares no words with the page", "speaks of something else",
    "offers something", "offers nothing", "names what is sold", "only speaks of it", "names a stranger",
    "put as sellers put it", "not put as sellers put it", "breaks its sentence", "unseen part of the page",
    "hidden from readers", "list before a colon", "address of a trade",
})  # fmt: skip
LEAST, MOST = 0.4, 2.0
"""What a settled weight may be, as multiples of what it was."""
PRIOR = 5.0
"""What it costs, in pages, to change a weight by the root of itself."""
MISS = {"injected": 1.0, "real": 150.0}
"""What a page counts where its injection is missed: the really hacked ones are few, and what this is for."""
ALARM = {"real": 0.6, "look-alike": 2.5, "clean": 16.0, "written": 4.0, "injected": 0.6}
"""What a page counts where an honest part of it is cut; beside an injection, too, stand the page's own words."""
_COVERED = 0.6
"""Share of an injection, and of a candidate, that the other has at least."""
_FEW = 4
"""Candidates of a page that count, the surest first."""
_HOPELESS = -2.5
"""Log-odds under which an honest candidate is left out."""

Vector = NDArray[np.float64]


class Seen(NamedTuple):
    """A page: the features of the candidates that may be cut, on the injection and apart from it."""

    group: str
    injected: list[dict[str, float]]
    honest: list[dict[str, float]]


def seen(rules: RuleSet, group: str, kind: Kind, text: str, spans: Sequence[Span] = ()) -> Seen:
    """Return the candidates of a page; the spans are what was injected."""
    said = Seen(group, [], [])
    try:
        look = examine(parse(Page(id="page", kind=kind, text=text)), rules)
    except PageError:
        return said
    if look is None:
        return said
    wanted = sum(map(len, spans))
    for case in sorted(_cases(look, rules, NOTHING), key=lambda case: -case.judgement.log_odds):
        places = look.view.place(case.candidate.span)
        size = sum(map(len, places))
        shared = size - sum(map(len, subtract(places, spans)))
        is_injected = bool(spans) and shared >= _COVERED * max(wanted, size)
        side = said.injected if is_injected else said.honest
        if (shared and not is_injected) or len(side) == _FEW:
            continue
        found = vetoed(look, case.candidate, grounds(look, case.candidate))
        if may_cut(found) and (is_injected or case.judgement.log_odds >= _HOPELESS):
            side.append(dict(found.values))
    return said


def pages(data: Path) -> Iterator[Seen]:
    """Yield every page that is learned from."""
    bench = Bench(data, part="dev")
    read = partial(seen, bench.rules)
    for made in made_up(bench):
        yield read("injected", made.kind, made.text, made.spans)
    for _, page in spam_figures.hacked_pages(bench):
        yield read("real", page.kind, page.text, page.spans)
    for alike in spam_figures.look_alikes(bench, "dev"):
        yield read("look-alike", alike.form, alike.page)
    for clean in spam_figures.clean_sets(bench).values():
        for _, kind, text in clean:
            yield read("clean", kind, text)
    for mine in written(TEXTS / "pages"):
        for kind, text in mine.forms():
            yield read("written", kind, text)


def made_up(bench: Bench) -> Iterator[Injection]:
    """Yield the injections: 1,340 pages for each hand and seed."""
    sources = spam_figures.sources_of(bench)
    for seed, hand in product(SEEDS, HANDS):
        strings = {} if hand else spam_figures.strings_of(bench)
        words = speaking("dev", REPO / "benchmarks" / hand) if hand else nullcontext()
        with mock.patch.object(injections, "SEEDS", {**injections.SEEDS, "dev": seed}), words:
            for kind, count in (("text", 900), ("html", 440)):
                yield from injections.injections(sources[kind], count, part="dev", strings=strings)


class Table(NamedTuple):
    """The pages that have candidates on one side."""

    rows: Vector
    """Shape (candidates, features)."""
    page: NDArray[np.intp]
    """Of each candidate."""
    counts: Vector
    """What each page counts."""
    groups: list[str]
    """Of the pages."""

    def best(self, odds: Vector) -> Vector:
        """Return the surest candidate of each page."""
        best = np.full(len(self.counts), -np.inf)
        np.maximum.at(best, self.page, odds)
        return best

    def struck(self, odds: Vector) -> str:
        """Return how many pages of each group have a candidate that is cut."""
        cut = Counter(group for group, most in zip(self.groups, self.best(odds), strict=True) if most >= 0)
        return ", ".join(f"{group} {cut[group]}" for group in sorted(set(self.groups)))


def table(sides: Iterable[tuple[str, list[dict[str, float]]]], counts: Mapping[str, float]) -> Table:
    """Return the candidates of pages, by group."""
    kept = [(group, side) for group, side in sides if side]
    rows = [[found.get(name, 0.0) for name in NAMES] for _, side in kept for found in side]
    page = [at for at, (_, side) in enumerate(kept) for _ in side]
    groups = [group for group, _ in kept]
    return Table(np.array(rows), np.array(page, dtype=np.intp), np.array([counts[one] for one in groups]), groups)


def settle(seen: Sequence[Seen], cut_at: float) -> tuple[dict[str, float], str]:
    """Return the weights, and what settling them changes."""
    known = model()
    before = np.array([known.weights[name] for name in NAMES])
    free = np.array([name in SETTLED for name in NAMES])
    least = math.log(cut_at / (1 - cut_at))
    wanted = table([(page.group, page.injected) for page in seen], MISS)
    alarms = table([(page.group, page.honest) for page in seen], ALARM)

    def over(side: Table, weights: Vector) -> Vector:
        return side.rows @ weights + known.bias - least

    def cost(moved: Vector) -> tuple[float, Vector]:
        weights = before.copy()
        weights[free] = moved
        hit, struck = over(wanted, weights), over(alarms, weights)
        share = np.exp(3 * (hit - wanted.best(hit)[wanted.page]))  # a smooth choice of the surest candidate
        total = np.zeros(len(wanted.counts))
        np.add.at(total, wanted.page, share)
        share /= total[wanted.page]
        surest = np.zeros(len(wanted.counts))
        np.add.at(surest, wanted.page, share * hit)
        missed = wanted.counts @ np.logaddexp(0, -2 * surest) / 2
        each = alarms.counts[alarms.page]
        damaged = each @ np.logaddexp(0, 2 * struck) / 2
        change = moved - before[free]
        dear = PRIOR / np.maximum(0.3, np.abs(before[free]))
        to_find = -(wanted.counts / (1 + np.exp(2 * surest)))[wanted.page] * share
        to_spare = each / (1 + np.exp(-2 * struck))
        gradient = (wanted.rows.T @ to_find + alarms.rows.T @ to_spare)[free] + 2 * dear * change
        return float(missed + damaged + dear @ (change * change)), gradient

    bounds = [tuple(sorted((LEAST * weight, MOST * weight))) for weight in before[free]]
    after = before.copy()
    after[free] = minimize(cost, before[free], jac=True, bounds=bounds, method="L-BFGS-B").x
    settled = {name: round(float(weight), 2) for name, weight in zip(NAMES, after, strict=True) if name in SETTLED}
    said = [
        f"{when}: of {len(seen)} pages, found: {wanted.struck(over(wanted, weights))}; "
        f"damaged: {alarms.struck(over(alarms, weights))}"
        for when, weights in (("before", before), ("after", after))
    ]
    return settled, "\n".join([*said, *(f"  {name}: {known.weights[name]} -> {settled[name]}" for name in settled)])


def main() -> None:
    """Settle the weights and write them into the model's file."""
    parser = argparse.ArgumentParser(description="Settle the judge's weights on whole pages.")
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--show", action="store_true", help="print what would change, and write nothing")
    options = parser.parse_args()
    settled, said = settle(list(pages(options.data)), load_rules().profile.cut_at)
    print(said)
    if not options.show:
        text = TARGET.read_text(encoding="utf-8")
        for name in SETTLED:
            text = re.sub(rf"({re.escape(json.dumps(name))}: )-?[\d.]+", rf"\g<1>{settled[name]}", text)
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
