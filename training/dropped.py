"""Fit `audit/models/dropped.bin` and `dropped.txt`: which words of a sentence were dropped into it.

    python training/dropped.py ../shared/data [--epochs N]

Sentences are those of honest texts that may be learnt from (half of the NIH and CDC documents and of the biomedical
abstracts, the training part of the English Web Treebank) and the project's own. Into half of them, somewhere between
two words, goes a phrase of the project's own advertising (`training/texts`), a name made up, or a few words of another
sentence, and the reader learns to tell which words came in; of others words are left out, and it learns where. It sees
a word's vector (`audit/models/meaning.bin`), its form, how it goes with its page, and, of frequent words, a few numbers
of their own; so it has to go by what fits together, and a trade that nobody named is none the less out of place.

Three layers, each of a word and its two neighbours on either side. Plain numpy, seeded: the same file every time on the
same machine.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.spam.dropped import ANSWERS, OWN, SCENE, WIDTHS, Reader, Scene, shapes, strongest
from audit.spam.wording import tokens
from audit.text.meaning import SIZE, Subject
from audit.text.net import FORMS, MOST, NAMED, STEM, UNIT, Net, read, words_of
from benchmarks.injections import part_of
from benchmarks.pages import written
from training.brands import Maker
from training.documents import SENTENCE_END, abstracts, answers, web
from training.spam_wording import TEXTS, fold, texts

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

MODELS = Path(__file__).parents[1] / "audit" / "models"
FREQUENT = 2000
"""Most frequent words, each with numbers of its own."""
HELD = 0
"""The part of the documents that is kept for looking at how it does."""
_SHORTEST, _LONGEST = 5, 80
"""Words of a sentence that something is dropped into."""


# --- sentences --------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """A sentence on its page."""

    text: str
    scene: Scene
    source: str


def honest(data: Path, *, held: bool) -> Iterator[Said]:
    """Yield honest sentences: of the documents that are learnt from, or of those that are held out.

    The project's own texts stand on pages of the documents, as they would if somebody said them there.
    """
    scenes: list[Scene] = []
    for source, name, sentences in _documents(data):
        if (fold(name) == HELD) == held:
            scene = scene_of(sentences)
            scenes.append(scene)
            yield from (Said(sentence, scene, source) for sentence in sentences)
    rng = random.Random("scenes")
    for kind, lines in texts("honest").items():
        if (fold(kind) == HELD) == held:
            for text in lines:
                scene = rng.choice(scenes)
                yield from _REPEATED * [Said(part, scene, "honest") for part in _sentences(text)]


_REPEATED = 4
"""The project's own honest texts count so often: they are few, and hold what else is found in advertising alone."""


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def _documents(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    for name, text in answers(data):
        if part_of(name) == "dev":
            yield "nih", name, _sentences(text)
    for name, sentences in abstracts(data):
        if part_of(name) == "dev":
            yield "abstracts", name, sentences
    for name, paragraphs in web(data):
        yield "web", name, [sentence for paragraph in paragraphs for sentence in paragraph]
    for page in written(TEXTS / "pages"):
        yield "pages", page.name, list(page.sentences())


def scene_of(sentences: Sequence[str]) -> Scene:
    """Return what a document says to each of its words."""
    text = "\n".join(sentences).lower()
    subject = Subject(text)
    direction = subject.direction if subject.has_one else np.zeros(SIZE, dtype=np.int64)
    return Scene(direction, Counter(word[:STEM] for word in tokens(text) if len(word) >= NAMED))


def _words(text: str) -> list[str]:
    return [match[0] for match in words_of(text)]


class Trades:
    """The project's own advertising: what is dropped into sentences, and sentences that are whole by themselves."""

    def __init__(self, rng: random.Random, *, held: bool) -> None:
        self.rng = rng
        self.families = {name: forms for name, forms in texts("spam").items() if (fold(name) == HELD) == held}
        self.makers = {name: Maker(rng) for name in self.families}
        self.names = sorted(self.families)

    def _text(self, form: str) -> str:
        while True:
            name = self.rng.choice(self.names)
            lines = self.families[name].get(form)
            if lines:
                return self.makers[name].fill(self.rng.choice(lines), name)

    def sentence(self) -> str:
        """Return a sentence that advertises."""
        parts = SENTENCE_END.split(self._text("sentences"))
        return self.rng.choice(parts).strip()

    def phrase(self, others: Sequence[Said]) -> str:
        """Return what is dropped in."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.66:
            said = self._text(rng.choice(("phrases", "phrases", "anchors")))
        elif kind < 0.72:
            name = rng.choice(self.names)
            said = self.makers[name].brand(name)
        else:
            words = (self.sentence() if kind < 0.84 else rng.choice(others).text).split()
            size = rng.randint(2, min(6, max(2, len(words))))
            at = rng.randrange(max(1, len(words) - size + 1))
            said = " ".join(words[at : at + size]).strip(" .,;:!?()\"'")
        form = rng.random()
        if form < 0.25:
            said = said.lower()
        elif form < 0.33:
            said = said.title()
        return " ".join(said.split()[:9])


class Example(NamedTuple):
    """Words on their page, with 1 for those that were dropped in."""

    words: list[str]
    marks: list[int]
    scene: Scene
    source: str
    gap: int
    """Before which word some are missing: 0 for none, `_NOTHING` where that is not asked."""


_NOTHING = -1
_LACKING = 0.4
"""Share of sentences that are also read with words left out."""


def examples(sentences: Sequence[Said], trades: Trades, rng: random.Random, share: float = 0.5) -> Iterator[Example]:
    """Yield the words of each sentence with 1 for those that were dropped in, each sentence once, in random order."""
    order = list(range(len(sentences)))
    rng.shuffle(order)
    for at in order:
        sentence, scene, source = sentences[at]
        if rng.random() < _ADVERTISING:
            sentence = trades.sentence()
        gaps = [match.end() for match in re.finditer(r"(?<=[\w,)]) (?=[\w(])", sentence)]
        before, phrase, behind = sentence, "", ""
        if len(gaps) >= _SHORTEST - 1 and rng.random() < share:
            gap = rng.choice(gaps)
            if rng.random() < _AT_THE_END and (end := re.search(r"[.!?]$", sentence)):
                gap = end.start()
            phrase = trades.phrase(sentences)
            before, behind = sentence[:gap], sentence[gap:]
        words = [_words(part) for part in (before, phrase, behind)]
        if 1 < sum(map(len, words)) <= _LONGEST:
            marks = [0] * len(words[0]) + [1] * len(words[1]) + [0] * len(words[2])
            yield Example([*words[0], *words[1], *words[2]], marks, scene, source, _NOTHING if phrase else 0)
        whole = _words(sentences[at].text)
        if _SHORTEST <= len(whole) <= _LONGEST and rng.random() < _LACKING:
            size = rng.randint(1, min(8, len(whole) - 3))
            gap = rng.randint(1, len(whole) - size - 1)
            rest = [*whole[:gap], *whole[gap + size :]]
            yield Example(rest, [0] * len(rest), scene, source, gap)


_AT_THE_END = 0.08
"""Share of phrases that go between the last word and the full stop."""
_ADVERTISING = 0.1
"""Share of sentences that give way to one that advertises by itself: nothing was dropped into it."""


# --- numbers ----------------------------------------------------------------------------------------------------------


def batches(reader: Reader, made: Iterator[Example], size: int = 4000) -> Iterator[tuple[Ints, Floats, Floats, Floats]]:
    """Yield own numbers' rows, inputs, labels and which rows are words, of many sentences with a gap between them."""
    parts: list[tuple[Ints, Floats, Floats, Floats]] = []
    many = 0
    for one in made:
        rows, given = reader.numbers(one.words, one.scene)
        rows = np.concatenate([rows, np.zeros(2, dtype=rows.dtype)])
        given = np.concatenate([given, np.zeros((2, given.shape[1]), dtype=np.float32)]) / UNIT
        labels = np.zeros((len(rows), ANSWERS), dtype=np.float32)
        labels[:-2, 0] = one.marks
        labels[max(one.gap, 0), 1] = one.gap > 0
        asked = np.ones((len(rows), ANSWERS), dtype=np.float32)
        asked[:, 0] *= one.gap <= 0
        asked[:, 1] *= one.gap != _NOTHING
        asked[-2:] = 0
        parts.append((rows, given, labels, asked))
        many += len(rows)
        if many >= size:
            yield _joined(parts)
            parts, many = [], 0
    if parts:
        yield _joined(parts)


def _joined(parts: Sequence[tuple[Ints, Floats, Floats, Floats]]) -> tuple[Ints, Floats, Floats, Floats]:
    rows, given, labels, is_word = (np.concatenate(column) for column in zip(*parts, strict=True))
    return rows, given, labels, is_word


def shifted(rows: Floats, by: int) -> Floats:
    """Return rows moved down, zeros coming in."""
    moved = np.zeros_like(rows)
    if by > 0:
        moved[by:] = rows[:-by]
    elif by < 0:
        moved[:by] = rows[-by:]
    else:
        moved[:] = rows
    return moved


def window(rows: Floats) -> Floats:
    """Return each row with its two neighbours on either side."""
    return np.concatenate([shifted(rows, by) for by in (2, 1, 0, -1, -2)], axis=1)


def unwindow(grads: Floats, size: int) -> Floats:
    """Return what each row got from the windows it stood in."""
    return sum(shifted(grads[:, at * size : (at + 1) * size], -by) for at, by in enumerate((2, 1, 0, -1, -2)))


class Adam:
    """The steps of Kingma and Ba 2015."""

    def __init__(self, weights: list[Floats], rate: float) -> None:
        self.weights, self.rate, self.step = weights, rate, 0
        self.first = [np.zeros_like(one) for one in weights]
        self.second = [np.zeros_like(one) for one in weights]

    def step_down(self, grads: Sequence[Floats]) -> None:
        """Change the weights by the gradients of one batch."""
        self.step += 1
        for at, grad in enumerate(grads):
            self.first[at] += 0.1 * (grad - self.first[at])
            self.second[at] += 0.001 * (grad * grad - self.second[at])
            mean = self.first[at] / (1 - 0.9**self.step)
            self.weights[at] -= self.rate * mean / (np.sqrt(self.second[at] / (1 - 0.999**self.step)) + 1e-8)


def learnt(
    weights: list[Floats], batch: tuple[Ints, Floats, Floats, Floats], rng: np.random.Generator, drop: float = 0.15
) -> tuple[float, list[Floats]]:
    """Return the loss of a batch a word, and the gradients."""
    own, w1, b1, w2, b2, w3, b3 = weights
    rows, given, labels, asked = batch
    mask = asked.max(1, keepdims=True)
    seen = np.concatenate([own[rows], given], axis=1) * mask
    x1 = window(seen)
    a1 = x1 @ w1 + b1
    keep1 = (rng.random(a1.shape, dtype=np.float32) >= drop) / (1 - drop)
    h1 = np.maximum(a1, 0) * mask * keep1
    x2 = window(h1)
    a2 = x2 @ w2 + b2
    keep2 = (rng.random(a2.shape, dtype=np.float32) >= drop) / (1 - drop)
    h2 = np.maximum(a2, 0) * mask * keep2
    x3 = window(h2)
    out = x3 @ w3 + b3
    said = 1 / (1 + np.exp(-out))
    total = mask.sum()
    loss = -(asked * (labels * np.log(said + 1e-7) + (1 - labels) * np.log(1 - said + 1e-7))).sum() / total
    d_out = ((said - labels) * asked / total).astype(np.float32)
    g3 = x3.T @ d_out
    d2 = unwindow(d_out @ w3.T, h2.shape[1]) * (a2 > 0) * mask * keep2
    g2 = x2.T @ d2
    d1 = unwindow(d2 @ w2.T, h1.shape[1]) * (a1 > 0) * mask * keep1
    g1 = x1.T @ d1
    d0 = unwindow(d1 @ w1.T, seen.shape[1])[:, : own.shape[1]] * mask
    g_own = np.zeros_like(own)
    np.add.at(g_own, rows, d0)
    return float(loss), [g_own, g1, d1.sum(0), g2, d2.sum(0), g3, d_out.sum(0)]


def main() -> None:
    """Fit and write the reader, and say how it does on documents and trades that are held out."""
    parser = argparse.ArgumentParser(description="Fit the reader of dropped words.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--epochs", type=int, default=14)
    options = parser.parse_args()
    sentences = list(honest(options.data, held=False))
    held = list(honest(options.data, held=True))
    counts = Counter(word.lower() for sentence in sentences for word in _words(sentence.text))
    frequent = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FREQUENT]]
    rng = np.random.default_rng(7)
    wide = OWN + SIZE + FORMS + SCENE
    weights: list[Floats] = [
        rng.normal(0, 0.1, (len(frequent) + 1, OWN)).astype(np.float32),
        rng.normal(0, (2 / (5 * wide)) ** 0.5, (5 * wide, WIDTHS[0])).astype(np.float32),
        np.zeros(WIDTHS[0], dtype=np.float32),
        rng.normal(0, (2 / (5 * WIDTHS[0])) ** 0.5, (5 * WIDTHS[0], WIDTHS[1])).astype(np.float32),
        np.zeros(WIDTHS[1], dtype=np.float32),
        rng.normal(0, (2 / (5 * WIDTHS[1])) ** 0.5, (5 * WIDTHS[1], ANSWERS)).astype(np.float32),
        np.zeros(ANSWERS, dtype=np.float32),
    ]
    reader = Reader(Net({word: row for row, word in enumerate(frequent)}, weights[0], ()))
    print(f"{len(sentences)} sentences, {len(held)} held out, {sum(one.size for one in weights)} numbers", flush=True)
    adam = Adam(weights, 0.003)
    for epoch in range(options.epochs):
        adam.rate = 0.003 * (0.1 + 0.9 * (1 - epoch / options.epochs))
        draw = random.Random(f"dropped:{epoch}")
        trades = Trades(draw, held=False)
        losses = []
        for batch in batches(reader, examples(sentences, trades, draw)):
            loss, grads = learnt(weights, batch, rng)
            adam.step_down(grads)
            losses.append(loss)
        print(f"round {epoch}: loss {np.mean(losses):.4f}", flush=True)
    names = "\n".join(frequent) + "\n"
    numbers = shipped(weights, list(batches(reader, examples(sentences, trades, draw)))[:20])
    print(told(Reader(read(names, numbers, OWN, shapes())), held))
    MODELS.joinpath("dropped.txt").write_text(names, encoding="utf-8")
    MODELS.joinpath("dropped.bin").write_bytes(numbers)


def shipped(weights: Sequence[Floats], sample: Sequence[tuple[Ints, Floats, Floats, Floats]]) -> bytes:
    """Return the net in whole numbers: a byte a weight, a scale for each column, and activations up to `MOST`."""
    own, *layers = weights
    parts = [np.clip(np.rint(own * UNIT), -127, 127).astype("i1")]
    rounded = parts[0].astype(np.float32) / UNIT
    masks = [asked.max(1, keepdims=True) for *_, asked in sample]
    seen = [
        np.concatenate([rounded[rows], given], axis=1) * mask
        for (rows, given, *_), mask in zip(sample, masks, strict=True)
    ]
    step = 1 / UNIT
    """What one whole number of the layer's input stands for."""
    for at in range(0, len(layers), 2):
        matrix, bias = layers[at], layers[at + 1]
        column = np.maximum(np.abs(matrix).max(0), 1e-6) / 127
        whole = np.rint(matrix / column)
        made = [window(rows) @ (whole * column) + bias for rows in seen]
        is_last = at == len(layers) - 2
        after = 1.0 if is_last else float(np.quantile(np.concatenate([rows.ravel() for rows in made]), 0.9998)) / MOST
        parts += [
            whole.astype("i1"),
            (step * column / after).astype("<f4"),
            (bias / after + (0 if is_last else 0.5)).astype("<f4"),
        ]
        seen = [np.maximum(rows, 0) * mask for rows, mask in zip(made, masks, strict=True)]
        step = after
    return b"".join(part.tobytes() for part in parts)


def told(reader: Reader, held: Sequence[Said]) -> str:
    """Return how the reader does on what is held out: trades found, and honest sentences taken for broken."""
    draw = random.Random("held")
    said = []
    made = list(examples(held, Trades(draw, held=True), draw))
    for source in ("nih", "pages", "all"):
        hit: list[tuple[float, bool, bool]] = []
        for one in made:
            if source in {one.source, "all"} and one.gap <= 0:
                found = strongest([odds for odds, _ in reader.odds([one.words], one.scene)[0]])
                gold = (one.marks.index(1), one.marks.index(1) + sum(one.marks)) if 1 in one.marks else None
                exact = found is not None and gold == (found.first, found.last)
                hit.append((found.strength if found else 0.0, gold is not None, exact))
        clean = sorted((strength for strength, is_gold, _ in hit if not is_gold), reverse=True)
        for share in (0.01, 0.001):
            least = clean[int(share * len(clean))]
            gold = [(s > least, exact and s > least) for s, is_gold, exact in hit if is_gold]
            found_share, exact_share = np.mean(np.array(gold), axis=0)
            said.append(f"{source} at {share:.1%} ({least:.1f}): {found_share:.3f} found, {exact_share:.3f} exact")
    return "; ".join(said)


if __name__ == "__main__":
    main()
