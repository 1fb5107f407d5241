"""Fit a small net that reads whole sentences (`audit.text.net`) to marks: what `offering.py` and `claims_net.py` share.

The net in floats, sentences as its numbers, and the bytes that ship.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from audit.text.meaning import SIZE, vectors
from audit.text.net import AT_LEAST, FINER, FORMS, MOST, REACH, UNIT, word_of

Floats = NDArray[np.float32]


class Batch(NamedTuple):
    """Sentences as the net takes them."""

    rows: Tensor
    """Of the words' own numbers: shape (sentences, words)."""
    given: Tensor
    """Vectors and forms: shape (sentences, words, `SIZE` + `FORMS`)."""
    mask: Tensor
    """1 for each word: shape (sentences, words)."""
    beside: Tensor
    """What else is known of each sentence, in units: shape (sentences, numbers)."""


def most_frequent(said: Sequence[Sequence[str]], count: int, *, without: Sequence[str] = ()) -> list[str]:
    """Return the words that are most often used, in lower case, but for those that hold one of some others."""
    counts = Counter(word.lower() for words in said for word in words)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ranked if not any(name in word for name in without)][:count]


class Sentences:
    """Sentences as numbers."""

    def __init__(
        self, said: Sequence[Sequence[str]], frequent: Sequence[str], beside: Floats | None = None, *, unsaid: int = 0
    ) -> None:
        """Take the words of each sentence.

        Args:
            said: The words.
            frequent: Those that have numbers of their own.
            beside: What else is known of each sentence, whole numbers.
            unsaid: Bits of the words' forms that the net is not told.
        """
        row = {word: at for at, word in enumerate(frequent)}
        self.other, self.unsaid = len(frequent), unsaid
        self.known = [[word_of(word) for word in words] for words in said]
        self.rows = [[row.get(word.lower, self.other) for word in known] for known in self.known]
        self.beside = np.zeros((len(said), 0), dtype=np.float32) if beside is None else beside

    def batch(self, places: Sequence[int]) -> Batch:
        """Return some of the sentences."""
        longest = max(REACH + 1, *(len(self.rows[at]) for at in places))
        rows = np.full((len(places), longest), self.other + 1)
        meaning = np.full((len(places), longest), -1)
        forms = np.zeros((len(places), longest), dtype=np.int64)
        mask = np.zeros((len(places), longest), dtype=np.float32)
        for number, at in enumerate(places):
            known = self.known[at]
            rows[number, : len(known)] = self.rows[at]
            meaning[number, : len(known)] = [word.meaning for word in known]
            forms[number, : len(known)] = [word.forms & ~self.unsaid for word in known]
            mask[number, : len(known)] = 1
        means = vectors().vectors[meaning].astype(np.float32) / UNIT
        means[meaning < 0] = 0
        bits = (forms[..., None] >> np.arange(FORMS) & 1).astype(np.float32)
        given = torch.from_numpy(np.concatenate([means, bits], -1))
        beside = torch.from_numpy(self.beside[list(places)].astype(np.float32) / UNIT)
        return Batch(torch.from_numpy(rows), given, torch.from_numpy(mask), beside)


class Net(nn.Module):
    """The net in floats."""

    def __init__(
        self, frequent: int, own: int, widths: tuple[int, int], *, answers: int = 1, beside: int = 0, drop: float = 0.15
    ) -> None:
        super().__init__()
        self.own = nn.Embedding(frequent + 2, own, padding_idx=frequent + 1)
        nn.init.normal_(self.own.weight, 0, 0.1)
        self.own.weight.data[frequent + 1] = 0
        self.of_words = nn.Conv1d(own + SIZE + FORMS, widths[0], 2 * REACH + 1, padding=REACH)
        self.drop = nn.Dropout(drop)
        self.of_sentence = nn.Linear(2 * widths[0] + beside, widths[1])
        self.answer = nn.Linear(widths[1], answers)

    def seen(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the numbers of the words, and of the sentences."""
        own, given = self.own(batch.rows), batch.given
        if self.training:  # what is known of a word is missing now and then
            kept = (torch.rand(batch.rows.shape) > 0.1).float().unsqueeze(-1)
            own, given = own * kept, given * kept
        inside = batch.mask.unsqueeze(1)
        of_words = self.drop(torch.cat([own, given], -1) * batch.mask.unsqueeze(-1)).transpose(1, 2)
        of_words = torch.relu(self.of_words(of_words)) * inside
        mean = of_words.sum(2) / (inside.sum(2) + AT_LEAST)
        return of_words, torch.cat([of_words.max(2)[0], mean, batch.beside], 1)

    def forward(self, batch: Batch) -> Tensor:
        """Return the answers: shape (sentences, answers)."""
        _, whole = self.seen(batch)
        return self.answer(self.drop(torch.relu(self.of_sentence(self.drop(whole)))))


def fit(
    net: Net, sentences: Sentences, loss_of: Callable[[Tensor, list[int]], Tensor], *, epochs: int, rate: float = 3e-3
) -> None:
    """Fit the net by the loss of what it says of the sentences of some numbers. Seeded by the caller."""
    rng = random.Random(0)
    adam = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-4)
    places = list(range(len(sentences.rows)))
    steps, step = epochs * (len(places) // SIZE_OF_BATCH + 1), 0
    for epoch in range(epochs):
        net.train()
        losses = []
        for part in batches(places, rng, SIZE_OF_BATCH, lambda at: len(sentences.rows[at])):
            for group in adam.param_groups:
                group["lr"] = rate * max(0.02, 1 - step / steps)
            step += 1
            loss = loss_of(net(sentences.batch(part)), part)
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(loss.item())
        print(f"round {epoch}: loss {np.mean(losses):.4f}", flush=True)
    net.eval()


SIZE_OF_BATCH = 64


def batches(rows: list[Any], rng: random.Random, size: int, length: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Yield the rows in parts of one size, in random order, those of a length together."""
    rng.shuffle(rows)
    order: list[Any] = []
    for first in range(0, len(rows), 20 * size):
        order += sorted(rows[first : first + 20 * size], key=length)
    parts = [order[at : at + size] for at in range(0, len(order), size)]
    rng.shuffle(parts)
    yield from parts


def shipped(net: Net, sample: Batch) -> bytes:
    """Return the net in whole numbers: a byte a weight, a scale for each column, and activations up to `MOST`.

    Args:
        net: The net, whose own numbers are rounded on the way.
        sample: Sentences by which the size of a whole number between two layers is chosen.
    """
    count = net.own.num_embeddings - 1
    own = np.clip(np.rint(net.own.weight.detach().numpy()[:count] * UNIT), -127, 127).astype("i1")
    with torch.no_grad():
        net.own.weight[:count] = torch.from_numpy(own.astype(np.float32) / UNIT)
        of_words, whole = net.seen(sample)
        of_sentence = torch.relu(net.of_sentence(whole))
    words_seen = of_words.transpose(1, 2)[sample.mask > 0].numpy()
    first = float(np.quantile(words_seen, 0.9998)) / MOST
    second = float(np.quantile(of_sentence.numpy(), 0.9998)) / MOST
    """What one whole number stands for after each layer."""
    kernel = net.of_words.weight.detach().numpy()
    wide = kernel.shape[0]
    of_window = np.concatenate([kernel[:, :, at].T for at in range(kernel.shape[2])])
    pooled = net.of_sentence.weight.detach().numpy().T.copy()
    pooled[wide : 2 * wide] /= FINER
    pooled[2 * wide :] /= UNIT * first
    layers = (
        (of_window, net.of_words.bias, 1 / UNIT, first, 0.5),
        (pooled, net.of_sentence.bias, first, second, 0.5),
        (net.answer.weight.detach().numpy().T, net.answer.bias, second, 1.0, 0.0),
    )
    parts = [own]
    for matrix, bias, step, after, half in layers:
        column = np.maximum(np.abs(matrix).max(0), 1e-6) / 127
        parts += [
            np.rint(matrix / column).astype("i1"),
            (step * column / after).astype("<f4"),
            (bias.detach().numpy() / after + half).astype("<f4"),
        ]
    return b"".join(part.tobytes() for part in parts)
