"""Fit `audit/models/orders.json`: is a sentence an order to a machine that reads the page?

    python training/orders.py ../shared/data

Read are the project's own orders and honest texts that look like them (`training/texts/orders.yaml` and
`orders_more.yaml`), its advertising and honest texts, and sentences of half of the NIH and CDC documents and of the
training part of the English Web Treebank. The model is a logistic regression on which words and pairs of words a
sentence has. At the end it prints how many of the orders of `benchmarks/orders.yaml`, which somebody else wrote, are
told, and how many honest texts are taken for one. Ten seconds of one core; the same file on every run of a machine.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from audit.spam.orders import LEAST, LEAST_HIDDEN, Model, addresses_machines, features, model
from benchmarks.injections import Part
from training.brands import Maker
from training.spam_wording import honest_data, texts

REPO = Path(__file__).parents[1]
TARGET = REPO / "audit" / "models" / "orders.json"
OWN = tuple(REPO / "training" / "texts" / name for name in ("orders.yaml", "orders_more.yaml"))
OTHERS = REPO / "benchmarks" / "orders.yaml"
MACHINES = ("ai_instructions", "ai_reader_orders")
"""Families of the advertising texts that are orders to machines."""
FEWEST = 2
"""Texts that a feature stands in."""
LEAST_WEIGHT = 60
"""In thousandths; smaller weights are left out."""
COUNTS = {"order": 1.0, "alike": 2.0, "honest": 0.4, "advertising": 0.15}
"""What a text counts: those written for it more than the many others."""
STRENGTH = 20.0


def written(path: Path, name: str) -> Iterator[tuple[str, bool]]:
    """Yield orders, with made-up names in their fields, and honest texts like them."""
    said = YAML(typ="safe", pure=True).load(path)
    maker = Maker(random.Random(f"orders:{name}"), ["Leeds"])
    for kind, is_order in (("orders", True), ("honest", False)):
        for text in said[kind]:
            yield maker.fill(text, "plain"), is_order


def everyday(data: Path, part: Part) -> list[str]:
    """Return sentences that nobody wrote for this."""
    return [one.text for one in honest_data(data, part=part) if one.group in {"nih", "web"}]


def training(data: Path) -> Iterator[tuple[str, bool, float]]:
    """Yield each text, whether it is an order, and what it counts."""
    for text, is_order in chain.from_iterable(written(path, "training") for path in OWN):
        yield text, is_order, COUNTS["order" if is_order else "alike"]
    rng = random.Random("orders")
    for family, forms in texts("spam").items():
        maker = Maker(random.Random(f"orders:{family}"), ["Leeds"])
        for text in (*forms.get("sentences", ()), *forms.get("paragraphs", ())):
            is_order = family in MACHINES
            yield maker.fill(text, family), is_order, COUNTS["order" if is_order else "advertising"]
    for lines in texts("honest").values():
        for text in lines:
            yield text, False, COUNTS["honest"]
    others = everyday(data, "dev")
    for text in rng.sample(others, min(len(others), 14_000)):
        yield text, False, COUNTS["honest"]


def fit(rows: Sequence[tuple[str, bool, float]]) -> Model:
    """Return the weights, in thousandths."""
    seen = [features(text) for text, *_ in rows]
    count = Counter(chain.from_iterable(seen))
    column = {name: at for at, name in enumerate(sorted(name for name, times in count.items() if times >= FEWEST))}
    places = [sorted(column[name] for name in found if name in column) for found in seen]
    edges = np.cumsum([0, *map(len, places)])
    indices = np.array([place for found in places for place in found])
    scale = np.repeat([1 / np.sqrt(max(1, len(found))) for found in seen], [len(found) for found in places])
    table = csr_matrix((scale, indices, edges), shape=(len(rows), len(column)))
    learned = LogisticRegression(C=STRENGTH, max_iter=600, solver="liblinear", random_state=0)
    learned.fit(table, [is_order for _, is_order, _ in rows], sample_weight=[weight for *_, weight in rows])
    weights = {name: round(1000 * float(learned.coef_[0][at])) for name, at in column.items()}
    kept = {name: weight for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT}
    return Model(round(1000 * float(learned.intercept_[0])), kept)


def measured(made: Model, data: Path) -> str:
    """Return how orders by another hand are told, and what is taken for one."""
    others = list(written(OTHERS, "benchmark"))
    groups = {
        "orders by another hand": [text for text, is_order in others if is_order],
        "honest texts like them": [text for text, is_order in others if not is_order],
        "sentences of NIH and the web": everyday(data, "validation"),
    }
    lines = []
    for name, said in groups.items():
        odds = [made.odds(text) for text in said]
        for where, least in (("shown", LEAST), ("hidden", LEAST_HIDDEN)):
            told = sum(one >= least for one in odds)
            lines.append(f"{name}, {where}: {told} of {len(said)} ({told / len(said):.2%})")
    phrased = sum(map(addresses_machines, groups["orders by another hand"]))
    lines.append(f"orders by another hand, by turns of phrase: {phrased}")
    return "\n".join(lines)


def main() -> None:
    """Fit the weights, say how good they are, and write them."""
    parser = argparse.ArgumentParser(description="Fit the weights of orders to machines.")
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--measure", action="store_true", help="measure the weights that ship, and write nothing")
    options = parser.parse_args()
    made = model() if options.measure else fit(list(training(options.data)))
    print(f"{len(made.weights)} weights")
    print(measured(made, options.data))
    if not options.measure:
        lines = ",\n".join(f"{json.dumps(name)}: {made.weights[name]}" for name in sorted(made.weights))
        TARGET.write_text(f'{{"bias": {made.bias}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
