"""Fit `audit/models/wording.json`: how much a word, known or never seen, speaks of advertising and of health.

    python training/spam_wording.py ../shared/data [--measure]

Read are the project's own texts (`training/texts`), half of the NIH and CDC documents and of the biomedical abstracts
(by a hash of their id; the other half is kept for measuring), and the training part of the English Web Treebank. The
model is a logistic regression on the words of a segment and on the character n-grams of its words; a word's weight is
the sum of its own and of the mean of its n-grams, so that a brand nobody listed has a weight too.

`--measure` fits without one family (and without one kind of honest text) after the other and prints how the texts left
out are told apart: that is what the model knows of a trade that nobody showed it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ruamel.yaml import YAML
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from audit.spam.wording import grams, tokens
from benchmarks.injections import Part, part_of
from training.brands import Maker
from training.documents import abstracts, answers, web

REPO = Path(__file__).parents[1]
TEXTS = REPO / "training" / "texts"
TARGET = REPO / "audit" / "models" / "wording.json"


class Segment(NamedTuple):
    """A stretch of text as one writer made it."""

    text: str
    group: str
    """Family of an advertisement, kind or source of honest text: what is kept out together."""
    label: int
    """1 for advertising."""
    weight: float = 1.0


@cache
def texts(name: str) -> dict[str, Any]:
    """Return the project's own texts: `spam`, family, form and texts; or `honest`, kind and texts."""
    found: dict[str, Any] = {}
    for path in sorted(TEXTS.glob(f"{name}*.yaml")):
        more = YAML(typ="safe", pure=True).load(path)
        if twice := sorted(found.keys() & more.keys()):
            raise ValueError(f"{path}: also in another file: {', '.join(twice)}; give each a name of its own")
        found |= more
    return found


# --- texts ------------------------------------------------------------------------------------------------------------


def advertising(names: Sequence[str], rounds: int = 3) -> Iterator[Segment]:
    """Yield the project's own advertising texts, each filled with other invented brands in every round.

    Args:
        names: Words of honest text that stand for places: where something is sold is no sign of anything.
        rounds: How often each text with a field is filled.

    """
    for family, forms in texts("spam").items():
        maker = Maker(random.Random(f"wording:{family}"), names)
        for turn in range(rounds):
            for form, lines in forms.items():
                for text in lines:
                    if turn and "{" not in text:
                        continue
                    yield Segment(maker.fill(text, family), family, 1, 1.0 if form != "paragraphs" else 2.0)
            phrases = [maker.fill(text, family) for text in forms.get("phrases", ())]
            for _ in range(6 if phrases else 0):
                many = maker.rng.sample(phrases, min(len(phrases), maker.rng.randint(2, 6)))
                yield Segment(maker.rng.choice((", ", " | ", " / ", ", ")).join(many), family, 1)


def honest_texts() -> Iterator[Segment]:
    """Yield the project's own honest look-alikes."""
    for kind, lines in texts("honest").items():
        for text in lines:
            for part in _sentences(text):
                yield Segment(part, f"honest:{kind}", 0, 10.0)


def honest_data(data: Path, *, part: Part = "dev", out: int | None = None) -> Iterator[Segment]:
    """Yield sentences of the honest data: of the half that may be learnt from, or of the other one.

    Args:
        data: Folder of the labelled data.
        part: Which half.
        out: The part of it that is left out in turn.

    """
    for name, text in answers(data):
        if part_of(name) == part and fold(name) != out:
            for sentence in _sentences(text):
                yield Segment(sentence, "nih", 0)
    for name, sentences in abstracts(data):
        if part_of(name) == part and fold(name) != out:
            for sentence in sentences:
                yield Segment(sentence, "abstracts", 0)
    for name, paragraphs in web(data, "train" if part == "dev" else "dev"):
        if fold(name) != out:
            for sentence in chain.from_iterable(paragraphs):
                yield Segment(sentence, "web", 0, 1.5)


_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b")
_END = re.compile(r"(?<=[.!?。！？])\s+(?=\S)|\n+")


def _sentences(text: str) -> list[str]:
    return [part.strip(" -*•") for part in _END.split(text) if part.strip(" -*•")]


def pieces(segments: Iterable[Segment], rng: random.Random, share: float = 0.35) -> Iterator[Segment]:
    """Yield each honest segment, and of some also a stretch of two to eight words: short is no sign of advertising."""
    for segment in segments:
        yield segment
        words = segment.text.split()
        if len(words) > 4 and rng.random() < share:
            size = rng.randint(2, min(8, len(words)))
            at = rng.randrange(len(words) - size + 1)
            yield segment._replace(text=" ".join(words[at : at + size]).strip(",;:."))


# --- model ------------------------------------------------------------------------------------------------------------


class Fit(NamedTuple):
    """A fitted model: weights by word and by n-gram, and the bias."""

    words: dict[str, float]
    grams: dict[str, float]
    bias: float

    def word(self, word: str) -> float:
        """Return the weight of a word, its n-grams included."""
        parts = grams(word)
        return self.words.get(word, 0.0) + sum(self.grams.get(gram, 0.0) for gram in parts) / math.sqrt(len(parts))

    def score(self, text: str) -> float:
        """Return the log-odds that a text was written to advertise."""
        found = tokens(text)
        return self.bias + sum(map(self.word, found)) / math.sqrt(len(found) + 1)


LEAST_SEGMENTS = 6
"""Segments that must hold a word for it to have a weight of its own."""
LEAST_GROUPS = 2
"""Families that must use a word of advertising: what one trade alone says is its n-grams' business."""
LEAST_WORDS = 4
"""Different words that must hold an n-gram."""


def fit(segments: Sequence[Segment], strength: float = 6.0) -> Fit:
    """Return the model of labelled segments."""
    texts = [tokens(segment.text) for segment in segments]
    seen: Counter[str] = Counter()
    honest: Counter[str] = Counter()
    where: dict[str, set[str]] = {}
    for found, segment in zip(texts, segments, strict=True):
        for word in set(found):
            seen[word] += 1
            honest[word] += segment.label == 0
            if segment.label:
                where.setdefault(word, set()).add(segment.group)
    known = sorted(
        word for word, count in seen.items()
        if count >= LEAST_SEGMENTS and (honest[word] >= LEAST_SEGMENTS or len(where.get(word, ())) >= LEAST_GROUPS)
    )  # fmt: skip
    types = Counter(gram for word in seen for gram in set(grams(word)))
    parts = sorted(gram for gram, count in types.items() if count >= LEAST_WORDS)
    column = {name: at for at, name in enumerate([*(f"w:{word}" for word in known), *(f"g:{gram}" for gram in parts)])}
    rows, columns, values = [], [], []
    for at, found in enumerate(texts):
        scale = 1 / math.sqrt(len(found) + 1)
        cells: dict[int, float] = {}
        for word in found:
            own = column.get(f"w:{word}")
            if own is not None:
                cells[own] = cells.get(own, 0.0) + scale
            inside = grams(word)
            for gram in inside:
                index = column.get(f"g:{gram}")
                if index is not None:
                    cells[index] = cells.get(index, 0.0) + scale / math.sqrt(len(inside))
        rows += [at] * len(cells)
        columns += cells.keys()
        values += cells.values()
    matrix = csr_matrix((values, (rows, columns)), shape=(len(texts), len(column)))
    labels = np.array([segment.label for segment in segments])
    weights = np.array([segment.weight for segment in segments])
    ads = weights[labels == 1].sum()
    weights = np.where(labels == 1, weights * 0.5 * weights[labels == 0].sum() / ads * BALANCE, weights)
    weights *= len(segments) / weights.sum()
    learned = LogisticRegression(C=strength, max_iter=400, solver="lbfgs").fit(matrix, labels, sample_weight=weights)
    learned_weights = learned.coef_[0]
    return Fit(
        {word: float(learned_weights[column[f"w:{word}"]]) for word in known},
        {gram: float(learned_weights[column[f"g:{gram}"]]) for gram in parts},
        float(learned.intercept_[0]),
    )


BALANCE = 0.5
"""What all advertising counts, as a share of half of all honest text."""


def field(segments: Iterable[Segment]) -> dict[str, float]:
    """Return how much more often health texts use a word than others do, in log-odds from -3 to 3."""
    health: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for segment in segments:
        (health if segment.group in {"nih", "abstracts"} else other).update(set(tokens(segment.text)))
    most, rest = sum(health.values()), sum(other.values())
    found = {}
    for word in health.keys() | other.keys():
        if health[word] + other[word] >= LEAST_SEGMENTS and word.isalpha():
            ratio = math.log((health[word] + 0.5) / most) - math.log((other[word] + 0.5) / rest)
            found[word] = max(-3.0, min(3.0, ratio))
    return found


def shipped(made: Fit, at_home: dict[str, float], vocabulary: Iterable[str]) -> dict[str, Any]:
    """Return the model as it ships: what n-grams add to a known word is added once and for all."""
    words = {word: round(made.word(word), 2) for word in sorted({*made.words, *vocabulary})}
    return {
        "bias": round(made.bias, 3),
        "words": words,
        "grams": {gram: round(weight, 2) for gram, weight in made.grams.items() if abs(weight) >= LEAST_GRAM},
        "field": {word: round(weight, 1) for word, weight in sorted(at_home.items()) if abs(weight) >= 0.3},
    }  # fmt: skip


LEAST_GRAM = 0.05
"""Weights of n-grams below it are left out of the shipped model."""


# --- measuring --------------------------------------------------------------------------------------------------------


def area(scores: Sequence[float], labels: Sequence[int]) -> float:
    """Return the area under the curve."""
    order = np.argsort(np.array(scores), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    positive = np.array(labels) == 1
    many = int(positive.sum())
    return float((ranks[positive].sum() - many * (many + 1) / 2) / (many * (len(labels) - many)))


def measured(data: Path, folds: int = 4) -> None:
    """Print how families and kinds that were left out are told from honest texts that were left out."""
    everything = training(data)
    groups = sorted({segment.group for segment in everything if segment.label or segment.group.startswith("honest:")})
    held = list(honest_data(data, part="validation"))
    random.Random("held").shuffle(held)
    held = held[:12000]
    print(f"{'left out':34}{'segments':>9}{'at 1 in 100':>13}{'at 1 in 1000':>13}")
    scores_all: list[float] = []
    hard_all: list[float] = []
    for fold in range(folds):
        out = set(groups[fold::folds])
        made = fit([segment for segment in everything if segment.group not in out])
        honest = np.sort([made.score(segment.text) for segment in held])
        cut_1, cut_01 = honest[int(0.99 * len(honest))], honest[int(0.999 * len(honest))]
        for group in sorted(out):
            mine = [made.score(segment.text) for segment in everything if segment.group == group]
            (scores_all if not group.startswith("honest:") else hard_all).extend(mine)
            one, tenth = np.mean(np.array(mine) > cut_1), np.mean(np.array(mine) > cut_01)
            print(f"{group:34}{len(mine):9}{one:13.3f}{tenth:13.3f}")
        print(f"   fold {fold}: cut-offs {cut_1:.2f} {cut_01:.2f}", flush=True)
    labels = [1] * len(scores_all) + [0] * len(hard_all)
    print(f"advertising against honest look-alikes, both never seen: area {area([*scores_all, *hard_all], labels):.4f}")


FOLDS = 4


def fold(name: str) -> int:
    """Return which part of what may be learnt from a family, a kind or a document is of, from 0 to `FOLDS` - 1."""
    return hashlib.sha256(f"fold:{name}".encode()).digest()[0] % FOLDS


def without_fold(data: Path, out: int) -> dict[str, Any]:
    """Return the model learnt from the other parts alone: the judge learns from texts that its words never saw."""
    rest = [s for s in training(data, out) if fold(s.group) != out or s.group in {"nih", "abstracts", "web"}]
    return shipped(fit(rest), field(rest), ())


def training(data: Path, out: int | None = None) -> list[Segment]:
    """Return all that is learnt from, in a fixed order; less the documents of one part, if so asked."""
    rng = random.Random("wording")
    names = sorted(
        {name for segment in honest_data(data) if segment.group == "web" for name in _NAME.findall(segment.text)}
    )
    return [*advertising(names), *pieces(honest_texts(), rng), *pieces(honest_data(data, out=out), rng, 0.15)]


def main() -> None:
    """Fit and write the model, or measure it."""
    parser = argparse.ArgumentParser(description="Fit the weights of words, or measure them on families left out.")
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--measure", action="store_true", help="print how what is left out is told apart")
    options = parser.parse_args()
    if options.measure:
        measured(options.data)
        return
    everything = training(options.data)
    made = fit(everything)
    whole = shipped(made, field(everything), ())
    TARGET.write_text(json.dumps(whole, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(whole['words'])} words, {len(whole['grams'])} n-grams, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
