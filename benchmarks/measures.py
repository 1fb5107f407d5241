"""Counting: characters of cuts against gold, rates with their intervals, agreement of raters."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from audit.text.span import Span, subtract, union
from benchmarks.injections import Injection, restored


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a rate (Wilson 1927); (0, 1) of nothing."""
    if total == 0:
        return 0.0, 1.0
    rate = hits / total
    middle = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


class Rate(msgspec.Struct, frozen=True):
    """How many of how many, with the interval."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The rate; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return it with its 95 % interval, for the JSON file."""
        low, high = wilson(self.hits, self.total)
        return {
            "hits": self.hits,
            "total": self.total,
            "rate": round(self.value, 5),
            "low": round(low, 5),
            "high": round(high, 5),
        }


class Outcome(msgspec.Struct, frozen=True):
    """One injected page and what was done to it; characters are those that are not white space."""

    injection: Injection
    cuts: tuple[Span, ...]
    right: int
    missed: int
    lost: int
    found: bool
    """A cut touches the injection."""
    flagged: bool
    """A cut or a flag touches it."""
    exact: bool


def outcome(injection: Injection, cuts: Sequence[Span], flags: Sequence[Span] = ()) -> Outcome:
    """Compare the cuts of a page with what had to go."""
    cut = union(cuts)
    missed = subtract(injection.spans, cut)
    lost = subtract(cut, (*injection.spans, *injection.may))
    total = _ink(injection.text, injection.spans)
    gone = total - _ink(injection.text, missed)
    touched = any(span.touches(gold) for span in (*cut, *flags) for gold in injection.spans)
    return Outcome(
        injection=injection,
        cuts=cut,
        right=gone,
        missed=total - gone,
        lost=_ink(injection.text, lost),
        found=gone > 0,
        flagged=touched,
        exact=restored(injection, cut),
    )


def _ink(text: str, spans: Iterable[Span]) -> int:
    return sum(len("".join(text[span.start : span.end].split())) for span in spans)


def summary(
    outcomes: Sequence[Outcome], unit: Callable[[Outcome], str] = lambda one: one.injection.id.partition("+")[0]
) -> dict[str, float]:
    """Return precision, recall and F1 over characters, and the shares of pages, with 95 % intervals.

    Shares have Wilson's interval. F1 has that of a bootstrap over units, by default the clean pages injected into.
    """
    right, missed, lost = (sum(getattr(o, name) for o in outcomes) for name in ("right", "missed", "lost"))
    count = len(outcomes) or 1
    f1_low, f1_high = _f1_interval(outcomes, unit)
    return {
        "pages": len(outcomes),
        "precision": round(right / (right + lost), 4) if right + lost else 1.0,
        "recall": round(right / (right + missed), 4) if right + missed else 1.0,
        "f1": _f1(right, missed, lost),
        "f1_low": f1_low,
        "f1_high": f1_high,
        **_share("found", [o.found for o in outcomes]),
        **_share("found_or_flagged", [o.flagged for o in outcomes]),
        **_share("exact", [o.exact for o in outcomes]),
        "clean_lost_per_page": round(lost / count, 2),
        "pages_with_loss": round(sum(o.lost > 0 for o in outcomes) / count, 4),
    }


def _f1(right: int, missed: int, lost: int) -> float:
    return round(2 * right / (2 * right + missed + lost), 4) if right + missed + lost else 1.0


def _share(name: str, hits: Sequence[bool]) -> dict[str, float]:
    low, high = wilson(sum(hits), len(hits))
    share = sum(hits) / len(hits) if hits else 0.0
    return {name: round(share, 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}


_DRAWS = 1000


def _f1_interval(outcomes: Sequence[Outcome], unit: Callable[[Outcome], str]) -> tuple[float, float]:
    """Return the 95 % interval of the F1 of characters when units are drawn again with replacement."""
    import numpy as np  # noqa: PLC0415 - tests that only count rates need none

    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in outcomes:
        for at, name in enumerate(("right", "missed", "lost")):
            sums[unit(one)][at] += getattr(one, name)
    if not sums:
        return 0.0, 1.0
    drawn = np.random.default_rng(7).multinomial(len(sums), [1 / len(sums)] * len(sums), size=_DRAWS)
    right, missed, lost = (drawn @ np.array(list(sums.values()))).T
    f1 = 2 * right / np.maximum(2 * right + missed + lost, 1)
    low, high = np.quantile(f1, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


def mean(values: Iterable[float]) -> float:
    """Return the mean; 0 of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of a mean when its values, one a host, are drawn again with replacement."""
    import numpy as np  # noqa: PLC0415

    if not values:
        return 0.0, 1.0
    drawn = np.random.default_rng(7).choice(np.array(values), size=(_DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


class Bin(msgspec.Struct, frozen=True):
    """Judgements of like confidence: how many, how sure on average, how often right."""

    low: float
    high: float
    count: int
    said: float
    right: Mapping[str, float]


def reliability(said: Sequence[tuple[float, bool]], edges: Sequence[float]) -> tuple[Bin, ...]:
    """Return (confidence, right or not) by bins of confidence; a bin without judgements is left out."""
    bins = []
    for low, high in pairwise(edges):
        inside = [pair for pair in said if low <= pair[0] < high or (high == edges[-1] and pair[0] == high)]
        if inside:
            hits = Rate(sum(right for _, right in inside), len(inside))
            bins.append(Bin(low, high, len(inside), round(mean(sure for sure, _ in inside), 4), hits.as_dict()))
    return tuple(bins)


def expected_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance between confidence said and share right, by bins (expected calibration error)."""
    total = sum(one.count for one in bins) or 1
    return round(sum(one.count * abs(one.said - one.right["rate"]) for one in bins) / total, 4)


def binary(gold: Sequence[bool], said: Sequence[bool]) -> dict[str, float]:
    """Return precision, recall and F1 of a yes-or-no judgement."""
    both = sum(g and s for g, s in zip(gold, said, strict=True))
    return {
        "n": len(gold),
        "precision": round(both / sum(said), 4) if sum(said) else 0.0,
        "recall": round(both / sum(gold), 4) if sum(gold) else 0.0,
        "f1": round(2 * both / (sum(gold) + sum(said)), 4) if both else 0.0,
    }


def kappa(gold: Sequence[int], said: Sequence[int], levels: int = 5, power: int = 2) -> float:
    """Return Cohen's weighted kappa; weights |i - j| ** power, so 2 is quadratic and 1 linear."""
    count = len(gold)
    seen = sum(abs(g - s) ** power for g, s in zip(gold, said, strict=True)) / count
    by_gold = [gold.count(level) / count for level in range(levels)]
    by_said = [said.count(level) / count for level in range(levels)]
    chance = sum(by_gold[i] * by_said[j] * abs(i - j) ** power for i in range(levels) for j in range(levels))
    return round(1 - seen / chance, 4) if chance else 1.0
