"""Fit `audit/models/orders.json`: is a sentence an order to a machine that reads the page?

    python training/orders.py ../shared/data

Read are the project's own orders and honest texts that look like them (`training/texts/orders*.yaml`), its
advertising and honest texts, and sentences of half of the NIH and CDC documents and of the training part of the English
Web Treebank. The model is a logistic regression on which words and pairs of words a sentence has. At the end it prints
how many of the orders of `benchmarks/orders.yaml`, which somebody else wrote, are told, and how many honest texts are
taken for one. Ten seconds of one core; the same file on every run of a machine.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from ruamel.yaml import YAML

from audit.spam import turns
from audit.spam.orders import LEAST, LEAST_HIDDEN, MODEL, addresses_machines, features
from training.brands import Maker
from training.spam_wording import texts
from training.turns import Row, everyday, fit, ordinary

REPO = Path(__file__).parents[1]
TARGET = REPO / "audit" / "models" / MODEL
OWN = tuple(REPO / "training" / "texts" / name for name in ("orders.yaml", "orders_more.yaml", "orders_in_parts.yaml"))
OTHERS = REPO / "benchmarks" / "orders.yaml"
MACHINES = ("ai_instructions", "ai_reader_orders")
"""Families of the advertising texts that are orders to machines."""
COUNTS = {"order": 1.0, "alike": 2.0, "honest": 0.4, "ordinary": 1.0, "advertising": 0.15}
"""What a text counts: those written for it more than the many others."""
LABELS = ("Answer", "Question", "A", "Q", "Note", "Summary", "User", "Doctor", "Important", "Update", "Example")
"""What pages set before what is said, as transcripts for machines do."""
LABELLED = 0.1
"""Share of other sentences that are read with one, too."""


def written(path: Path, name: str) -> Iterator[tuple[str, bool]]:
    """Yield orders, with made-up names in their fields, and honest texts like them."""
    said = YAML(typ="safe", pure=True).load(path)
    maker = Maker(random.Random(f"orders:{name}"), ["Leeds"])
    for kind, is_order in (("orders", True), ("honest", False)):
        for text in said[kind]:
            yield maker.fill(text, "plain") if is_order else text, is_order


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
    for text in ordinary():
        yield text, False, COUNTS["ordinary"]
    others = everyday(data, "dev")
    for text in rng.sample(others, min(len(others), 14_000)):
        yield text, False, COUNTS["honest"]
        if rng.random() < LABELLED:
            yield f"{rng.choice(LABELS)}: {text}", False, COUNTS["honest"]


def measured(made: turns.Weights, data: Path) -> str:
    """Return how orders by another hand are told, and what is taken for one."""
    others = list(written(OTHERS, "benchmark"))
    groups = {
        "orders by another hand": [text for text, is_order in others if is_order],
        "honest texts like them": [text for text, is_order in others if not is_order],
        "sentences of NIH and the web": everyday(data, "validation"),
    }
    lines = []
    for name, said in groups.items():
        odds = [made.odds(features(text)) for text in said]
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
    rows = (
        []
        if options.measure
        else [Row(features(text), is_so, counts) for text, is_so, counts in training(options.data)]
    )
    made = fit(rows) if rows else turns.weights(MODEL)
    print(f"{len(made.weights)} weights")
    print(measured(made, options.data))
    if rows:
        TARGET.write_text(turns.written(made), encoding="utf-8")


if __name__ == "__main__":
    main()
