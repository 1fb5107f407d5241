"""Fit `audit/models/comments.json` and `pitches.json`: weights of words and pairs of words in a row.

    python training/turns.py comments|pitches ../shared/data [--measure]

Read are the project's own texts, injected and honest (`training/texts/comments.yaml` or `pitches.yaml`), those of the
same form among its advertising texts, its honest texts, the sentences of its honest pages (`training/texts/pages/`), of
half of the NIH and CDC documents and of the training part of the English Web Treebank. The model is a logistic
regression on which words and pairs of words a text has. At the end it prints how many of the injected texts that
somebody else wrote (`benchmarks/comments.yaml` or `pitches.yaml`) are told, and how many honest ones are taken for one.
Twenty seconds of one core; the same file on every run of a machine.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from ruamel.yaml import YAML
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from audit.spam import comments, pitches
from audit.spam.turns import Weights, features, weights, written
from benchmarks.injections import Part
from benchmarks.pages import FOLDER
from benchmarks.pages import written as written_pages
from training.brands import Maker
from training.spam_wording import honest_data, texts

REPO = Path(__file__).parents[1]
MODELS = REPO / "audit" / "models"
FEWEST = 2
"""Texts that a word or pair stands in."""
LEAST_WEIGHT = 250
"""In thousandths; smaller weights are left out."""
STRENGTH = 20.0


class Row(NamedTuple):
    """A text to learn from."""

    found: frozenset[str]
    """Its words and pairs."""
    is_so: bool
    counts: float
    """How much it counts."""


def fit(rows: Sequence[Row]) -> Weights:
    """Return the weights, in thousandths."""
    count = Counter(chain.from_iterable(row.found for row in rows))
    column = {name: at for at, name in enumerate(sorted(name for name, times in count.items() if times >= FEWEST))}
    places = [sorted(column[name] for name in row.found if name in column) for row in rows]
    edges = np.cumsum([0, *map(len, places)])
    indices = np.array([place for found in places for place in found])
    scale = np.repeat([1 / np.sqrt(max(1, len(row.found))) for row in rows], [len(found) for found in places])
    table = csr_matrix((scale, indices, edges), shape=(len(rows), len(column)))
    learned = LogisticRegression(C=STRENGTH, max_iter=600, solver="liblinear", random_state=0)
    learned.fit(table, [row.is_so for row in rows], sample_weight=[row.counts for row in rows])
    weights = {name: round(1000 * float(learned.coef_[0][at])) for name, at in column.items()}
    kept = {name: weight for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT}
    return Weights(round(1000 * float(learned.intercept_[0])), kept)


# --- comments and pitches ---------------------------------------------------------------------------------------------


class Kind(NamedTuple):
    """What is learned of one form of text."""

    model: str
    least: float
    """Log-odds from which on a text is taken for advertising."""
    name: str
    """Of the texts of their own, those to learn from and those to measure with."""
    forms: tuple[str, ...]
    """Of the advertising texts that count."""
    ordinary: float
    """What a sentence of the project's honest pages counts: they are no comments."""


KINDS = {
    "comments": Kind(comments.MODEL, comments.LEAST, "comments.yaml", ("comments",), 0.1),
    "pitches": Kind(pitches.MODEL, pitches.LEAST, "pitches.yaml", ("sentences",), 0.4),
}
TURNS = 4
"""How often each injected text is filled with made-up names."""
COUNTS = {"own": 1.0, "alike": 1.0, "advertising": 0.5, "honest": 0.4, "everyday": 0.1}
"""What a text counts."""
FAMILIES = ("plain", "plain", "plain", "pharmacy", "casino", "lottery", "slot")
"""How names are made where the trade is anybody's."""


@cache
def phrases() -> tuple[str, ...]:
    """Return the search phrases of all trades."""
    return tuple(phrase for forms in texts("spam").values() for phrase in forms.get("phrases", ()))


def filled(text: str, rng: random.Random) -> str:
    """Return an injected text with a made-up value in the place of every field."""
    said = text.replace("{phrase}", rng.choice(phrases())) if "{phrase}" in text else text
    return Maker(rng).fill(said, rng.choice(FAMILIES))


def own(path: Path, turns: int = 1) -> Iterator[tuple[str, bool]]:
    """Yield injected texts, as often as told, with made-up names in their fields, and honest ones."""
    said = YAML(typ="safe", pure=True).load(path)
    rng = random.Random(f"turns:{path.name}")
    for _ in range(turns):
        for text in said["spam"]:
            yield filled(text, rng), True
    for text in said["honest"]:
        yield text, False


def everyday(data: Path, part: Part) -> list[str]:
    """Return sentences that nobody wrote for this."""
    return [one.text for one in honest_data(data, part=part) if one.group in {"nih", "web"}]


def ordinary() -> dict[str, str]:
    """Return the sentences of the project's honest pages, headings and items, each once, with the name of its page."""
    pages = written_pages(REPO / "training" / "texts" / "pages")
    return {text: page.name for page in pages for text in page.sentences()}


def training(kind: Kind, data: Path) -> Iterator[Row]:
    """Yield each text with its label and weight."""
    for text, is_so in own(REPO / "training" / "texts" / kind.name, TURNS):
        yield Row(features(text), is_so, COUNTS["own"] / TURNS if is_so else COUNTS["alike"])
    rng = random.Random(kind.name)
    for forms in texts("spam").values():
        for text in chain.from_iterable(forms.get(form, ()) for form in kind.forms):
            yield Row(features(filled(text, rng)), True, COUNTS["advertising"])
    for lines in texts("honest").values():
        for text in lines:
            yield Row(features(text), False, COUNTS["honest"])
    for text in ordinary():
        yield Row(features(text), False, kind.ordinary)
    others = everyday(data, "dev")
    for text in rng.sample(others, min(len(others), 14_000)):
        yield Row(features(text), False, COUNTS["everyday"])


def measured(kind: Kind, made: Weights, data: Path) -> str:
    """Return how texts by another hand are told, and what is taken for one."""
    others = list(own(REPO / "benchmarks" / kind.name))
    groups = {
        "injected texts by another hand": [text for text, is_so in others if is_so],
        "honest texts by the same": [text for text, is_so in others if not is_so],
        "sentences of NIH and the web": everyday(data, "validation"),
        "sentences of honest pages by other hands": [
            text for page in written_pages(FOLDER) for text in page.sentences()
        ],
    }
    return "\n".join(_told(kind, made, name, said) for name, said in groups.items())


def _told(kind: Kind, made: Weights, name: str, said: Sequence[str]) -> str:
    odds = [made.odds(features(text)) for text in said]
    lines = (kind.least - 1, kind.least, kind.least + 1, kind.least + 2)
    told = ", ".join(f"{sum(one >= least for one in odds)} at {least:g}" for least in lines)
    return f"{name}, {len(said)}: {told}"


def main() -> None:
    """Fit the weights, say how good they are, and write them."""
    parser = argparse.ArgumentParser(description="Fit the weights of readers' comments or of sentences that pitch.")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--measure", action="store_true", help="measure the weights that ship, and write nothing")
    options = parser.parse_args()
    kind = KINDS[options.kind]
    made = weights(kind.model) if options.measure else fit(list(training(kind, options.data)))
    print(f"{len(made.weights)} weights")
    print(measured(kind, made, options.data))
    if not options.measure:
        (MODELS / kind.model).write_text(written(made), encoding="utf-8")


if __name__ == "__main__":
    main()
