"""Fit `audit/models/comments.json`: was a reader's comment left to advertise?

    python training/comments.py ../shared/data

Read are the project's own comments, injected and honest (`training/texts/comments.yaml`), those among its advertising
and honest texts, and sentences of half of the NIH and CDC documents and of the training part of the English Web
Treebank. The model is a logistic regression on which words and pairs of words a comment has. At the end it prints how
many of the injected comments of `benchmarks/comments.yaml`, which somebody else wrote, are told, and how many honest
ones are taken for one. Twenty seconds of one core; the same file on every run of a machine.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from audit.spam import turns
from audit.spam.comments import LEAST, MODEL, features
from benchmarks.injections import Part
from training.brands import Maker
from training.spam_wording import honest_data, texts
from training.turns import Row, fit

REPO = Path(__file__).parents[1]
TARGET = REPO / "audit" / "models" / MODEL
OWN = REPO / "training" / "texts" / "comments.yaml"
OTHERS = REPO / "benchmarks" / "comments.yaml"
TURNS = 4
"""How often each injected comment is filled with made-up names."""
COUNTS = {"comment": 1.0, "alike": 4.0, "advertising": 0.5, "honest": 0.4, "everyday": 0.1}
"""What a text counts."""


@cache
def phrases() -> tuple[str, ...]:
    """Return the search phrases of all trades."""
    return tuple(phrase for forms in texts("spam").values() for phrase in forms.get("phrases", ()))


def filled(text: str, rng: random.Random) -> str:
    """Return an injected comment with a made-up value in the place of every field."""
    said = text.replace("{phrase}", rng.choice(phrases()))
    return Maker(rng).fill(said, rng.choice(("plain", "plain", "pharmacy", "casino", "lottery", "slot")))


def written(path: Path, turns: int = 1) -> Iterator[tuple[str, bool]]:
    """Yield injected comments, as often as told, with made-up names in their fields, and honest ones."""
    said = YAML(typ="safe", pure=True).load(path)
    rng = random.Random(f"comments:{path.name}")
    for _ in range(turns):
        for text in said["spam"]:
            yield filled(text, rng), True
    for text in said["honest"]:
        yield text, False


def everyday(data: Path, part: Part) -> list[str]:
    """Return sentences that nobody wrote for this."""
    return [one.text for one in honest_data(data, part=part) if one.group in {"nih", "web"}]


def training(data: Path) -> Iterator[tuple[str, bool, float]]:
    """Yield each text, whether it is an injected comment, and what it counts."""
    for text, is_spam in written(OWN, TURNS):
        yield text, is_spam, COUNTS["comment"] / TURNS if is_spam else COUNTS["alike"] / TURNS
    rng = random.Random("comments")
    for forms in texts("spam").values():
        for text in forms.get("comments", ()):
            yield filled(text, rng), True, COUNTS["advertising"]
    for lines in texts("honest").values():
        for text in lines:
            yield text, False, COUNTS["honest"]
    others = everyday(data, "dev")
    for text in rng.sample(others, min(len(others), 14_000)):
        yield text, False, COUNTS["everyday"]


def measured(made: turns.Weights, data: Path) -> str:
    """Return how comments by another hand are told, and what is taken for one."""
    others = list(written(OTHERS))
    groups = {
        "injected comments by another hand": [text for text, is_spam in others if is_spam],
        "honest comments by the same": [text for text, is_spam in others if not is_spam],
        "sentences of NIH and the web": everyday(data, "validation"),
    }
    return "\n".join(_told(made, name, said) for name, said in groups.items())


def _told(made: turns.Weights, name: str, said: Sequence[str]) -> str:
    odds = [made.odds(features(text)) for text in said]
    told = [sum(one >= least for one in odds) for least in (LEAST, LEAST + 1, LEAST + 2)]
    return f"{name}: {told} of {len(said)} ({told[0] / len(said):.2%})"


def main() -> None:
    """Fit the weights, say how good they are, and write them."""
    parser = argparse.ArgumentParser(description="Fit the weights of readers' comments.")
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
