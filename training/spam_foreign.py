"""Fit `audit/models/foreign.json`: how much words of other languages than English speak of advertising.

    pip install -e '.[training]'
    python training/spam_foreign.py [--measure]

The weights of `wording.json` are learnt from English: of another language they know what advertisers say, and hardly
what anybody else does, so that honest German sounds loud to them and an offer in German no louder. Here the words of
twenty languages get weights of their own, on the same scale and with the same bias: from the project's own
advertising and honest texts in them (`training/texts/*_foreign.yaml`), and from how often each word is used at all
(`wordfreq`, from which lists of words are drawn that say nothing in particular). A word that is as much at home in
English keeps its weight. Of four more that are written without blanks, or with much tied to each word, the parts of
words get weights: two and three letters in a row.

`--measure` fits without a quarter of the trades (in all languages) and of the kinds of honest text, in turn, and prints
how what is left out is told apart, by the weights as they were and by the new ones. Seeded: the same file every time.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import wordfreq
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from audit.spam.payload import DRUGS
from audit.spam.wording import Foreign, english, grams, is_in_parts, tokens
from training.brands import Maker
from training.spam_wording import area, fold, texts

TARGET = Path(__file__).parents[1] / "audit" / "models" / "foreign.json"
IN_PARTS = ("ja", "ko", "th", "zh")
"""Languages of which parts of words get weights."""
LISTED_IN_PARTS = ("ja", "ko", "zh")
"""Those of them whose frequent words are listed."""
LANGUAGES = (
    "ar", "cs", "de", "el", "es", "fa", "fr", "hi", "hu", "id", "it", "nl", "pl", "pt", "ro", "ru", "sv", "tr",
    "uk", "vi",
)  # fmt: skip
FREQUENT = 6000
"""Most frequent words of a language that get a weight."""
DRAWN = 20_000
"""Most frequent words of a language that lists are drawn from."""
LISTS = 2000
"""Lists drawn of each language."""
FOREIGN, FAR_FROM_ENGLISH = 0.7, 3.0
"""By how much, in powers of ten, a word has to be more frequent in another language than in English: one that is rare
there, or any."""
STRENGTH = 20.0
"""Inverse regularisation."""
ADVERTISING = 1.0
"""What all advertising counts, as a share of all honest text."""


class Segment(NamedTuple):
    """A stretch of text, and whether it advertises."""

    words: list[str]
    language: str
    trade: str
    """Or the kind of honest text: what is kept out together in all languages."""
    label: int
    weight: float = 1.0


def advertising() -> Iterator[Segment]:
    """Yield the advertising in other languages, each text filled with two made-up names."""
    for family, forms in texts("spam_foreign").items():
        language, _, trade = family.partition("_")
        maker = Maker(random.Random(f"foreign:{family}"), ["Leeds"])
        for turn in range(2):
            for lines in forms.values():
                for text in lines:
                    if turn == 0 or "{" in text:
                        yield Segment(tokens(maker.fill(text, family)), language, trade, 1)
        phrases = [maker.fill(text, family) for text in forms["phrases"]]
        for _ in range(6):
            many = maker.rng.sample(phrases, maker.rng.randint(2, 6))
            yield Segment(tokens(", ".join(many)), language, trade, 1)


def honest() -> Iterator[Segment]:
    """Yield the honest texts in other languages, whole and in pieces, and lists of words that say nothing."""
    for kind, lines in texts("honest_foreign").items():
        language, _, name = kind.partition("_")
        rng = random.Random(f"pieces:{kind}")
        for text in lines:
            words = tokens(text)
            yield Segment(words, language, f"honest:{name}", 0, 4.0)
            size = min(len(words), rng.randint(2, 8))
            at = rng.randrange(len(words) - size + 1)
            yield Segment(words[at : at + size], language, f"honest:{name}", 0, 2.0)
    for language in (*LANGUAGES, *LISTED_IN_PARTS):
        rng = random.Random(f"lists:{language}")
        names = wordfreq.top_n_list(language, DRAWN)
        frequency = wordfreq.get_frequency_dict(language)
        shares = list(accumulate(frequency[name] for name in names))
        names = [as_written(name) for name in names]
        for _ in range(LISTS):
            drawn = rng.choices(names, cum_weights=shares, k=rng.randint(2, 20))
            yield Segment(tokens(" ".join(drawn)), language, "lists", 0)


def as_written(word: str) -> str:
    """Return a word of a frequency list as texts have it: the lists know one small sigma only."""
    return f"{word[:-1]}ς" if word.endswith("σ") else word


@cache
def is_foreign(word: str) -> bool:
    """Whether a word is more at home in one of the languages than in English."""
    here = wordfreq.zipf_frequency(word, "en")
    least = here + (FOREIGN if here < _USED else FAR_FROM_ENGLISH)
    return any(wordfreq.zipf_frequency(word, language) >= least for language in LANGUAGES)


def known(segments: Sequence[Segment]) -> list[str]:
    """Return the words that get a weight: frequent ones, and those of several texts; of English and of all, none."""
    counts: Counter[str] = Counter()
    spoken: dict[str, set[str]] = {}
    for segment in segments:
        if segment.language in IN_PARTS:
            continue
        counts.update(set(segment.words))
        if segment.trade != "lists":
            for word in segment.words:
                spoken.setdefault(word, set()).add(segment.language)
    found = {word for word, count in counts.items() if count >= _FEWEST}
    for language in LANGUAGES:
        found.update(*map(tokens, map(as_written, wordfreq.top_n_list(language, FREQUENT))))
    found -= {word for word, languages in spoken.items() if len(languages) >= _INTERNATIONAL}
    found = {word for word in found if not (word.isdigit() or DRUGS.search(word) or is_in_parts(word))}
    return sorted(word for word in found if is_foreign(word) or is_new(word))


def is_new(word: str) -> bool:
    """Whether a word is hardly used in English, and the English model does not know it."""
    return word not in english().words and wordfreq.zipf_frequency(word, "en") < _RARE


_FEWEST = 2
_INTERNATIONAL = 5
"""Languages of texts that use a word, from which on it is everybody's: medicines, brands, `online`."""
_RARE, _USED = 2.5, 3.3
"""Occurrences in a thousand million words of English, as a power of ten: hardly used, and used."""


def as_it_is(word: str) -> float:
    """Return what the weights learnt from English say of a word."""
    parts = grams(word)
    return english().words.get(word, sum(english().grams.get(part, 0.0) for part in parts) / math.sqrt(len(parts)))


def parts_of(segments: Sequence[Segment]) -> list[str]:
    """Return the parts of words that get a weight: those of several texts in languages without blanks."""
    counts: Counter[str] = Counter()
    for segment in segments:
        if segment.language in IN_PARTS:
            counts.update({part for word in segment.words for part in grams(word) if is_in_parts(part)})
    return sorted(part for part, count in counts.items() if count >= _FEWEST)


def fit(segments: Sequence[Segment], names: Sequence[str], parts: Sequence[str]) -> Foreign:
    """Return the weights of words and parts, those of all others left as they are."""
    column = {name: at for at, name in enumerate([*names, *parts])}
    known_words = frozenset(names)
    rows, columns, values, offsets = [], [], [], []
    for at, segment in enumerate(segments):
        scale = 1 / math.sqrt(len(segment.words) + 1)
        cells: Counter[str] = Counter()
        offset = english().bias
        for word in segment.words:
            if word in known_words:
                cells[word] += scale
            elif is_in_parts(word):
                found = grams(word)
                for part in found:
                    if part in column:
                        cells[part] += scale / math.sqrt(len(found))
            else:
                offset += scale * as_it_is(word)
        rows += [at] * len(cells)
        columns += [column[name] for name in cells]
        values += cells.values()
        offsets.append(offset)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(segments), len(column)))
    labels = np.array([segment.label for segment in segments], dtype=float)
    weights = np.array([segment.weight for segment in segments])
    weights[labels == 1] *= ADVERTISING * weights[labels == 0].sum() / weights[labels == 1].sum()
    weights *= len(segments) / weights.sum()
    offset = np.array(offsets)

    def loss(said: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = offset + matrix @ said
        chance = 1 / (1 + np.exp(-odds))
        value = float((weights * (np.logaddexp(0, odds) - labels * odds)).sum() + (said @ said) / (2 * STRENGTH))
        return value, matrix.T @ (weights * (chance - labels)) + said / STRENGTH

    found = minimize(loss, np.zeros(len(column)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x.tolist()
    weights = dict(zip(column, found, strict=True))
    return Foreign({name: weights[name] for name in names}, {part: weights[part] for part in parts})


def score(words: Collection[str], weights: Foreign) -> float:
    """Return the log-odds that words were written to advertise."""

    def said(word: str) -> float:
        if word in weights.words or not weights.grams or not is_in_parts(word):
            return weights.words.get(word, as_it_is(word))
        found = grams(word)
        return sum(weights.grams.get(part, 0.0) for part in found) / math.sqrt(len(found))

    return english().bias + sum(map(said, words)) / math.sqrt(len(words) + 1)


def measured() -> None:
    """Print how trades and kinds that were left out are told apart."""
    everything = [*advertising(), *honest()]
    for out in range(4):
        rest = [segment for segment in everything if segment.trade == "lists" or fold(segment.trade) != out]
        mine = [segment for segment in everything if segment.trade != "lists" and fold(segment.trade) == out]
        weights = fit(rest, known(rest), parts_of(rest))
        groups = {"all": LANGUAGES, **{language: (language,) for language in IN_PARTS}}
        for (group, languages), (name, said) in product(groups.items(), (("were", Foreign({}, {})), ("new", weights))):
            here = [segment for segment in mine if segment.language in languages]
            scores = [score(segment.words, said) for segment in here]
            labels = [segment.label for segment in here]
            if len(set(labels)) < 2:
                continue  # none of the trades left out is in this language
            loud = [value >= _LOUD for value in scores]
            caught = np.mean([one for one, label in zip(loud, labels, strict=True) if label])
            wrong = np.mean([one for one, label in zip(loud, labels, strict=True) if not label])
            print(f"part {out}, {group:3}, {name:4} area {area(scores, labels):.3f}, loud: {caught:.3f} of "
                  f"advertising, {wrong:.4f} of honest text", flush=True)  # fmt: skip


_LOUD = 3.0
"""Log-odds from which on words alone are a sign of advertising."""


def main() -> None:
    """Fit and write the model, or measure it."""
    parser = argparse.ArgumentParser(description="Fit the weights of words of other languages than English.")
    parser.add_argument("--measure", action="store_true", help="print how what is left out is told apart")
    if parser.parse_args().measure:
        measured()
        return
    everything = [*advertising(), *honest()]
    weights = fit(everything, known(everything), parts_of(everything))
    words = {word: round(weight, 1) for word, weight in weights.words.items()}
    words = {word: weight for word, weight in sorted(words.items()) if abs(weight - as_it_is(word)) >= _LEAST}
    parts = {part: round(weight, 1) for part, weight in weights.grams.items() if abs(weight) >= _LEAST_OF_A_PART}
    made = json.dumps({"words": words, "grams": parts}, ensure_ascii=False, indent=0)
    TARGET.write_text(made + "\n", encoding="utf-8")
    print(f"{len(words)} words, {len(parts)} parts of words, {TARGET.stat().st_size} bytes")


_LEAST = 0.5
"""By how much a weight has to differ from what the English model says, to be shipped."""
_LEAST_OF_A_PART = 0.25
"""What a part of a word has to weigh: half of the parts weigh less, and change nothing but the memory taken."""


if __name__ == "__main__":
    main()
