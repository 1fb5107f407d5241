"""Fit weights of words and pairs of words: a logistic regression on which of them a text has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from audit.spam.turns import Weights

FEWEST = 2
"""Texts that a word or pair stands in."""
LEAST_WEIGHT = 60
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
