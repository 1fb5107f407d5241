"""Train the small English pipeline that reads the syntax of claim candidates: tags, dependencies, lemmas.

    python training/syntax.py --train          # writes audit/models/en_syntax; about twenty minutes of one core
    python training/syntax.py --measure        # figures of the shipped weights on the development part

Trained on Universal Dependencies English EWT (CC BY-SA 4.0), `syntax/ewt_train.conllu` of the data folder, and measured
on its development part; 1,500 sentences made of health words in ten plain shapes are added. A tag is the treebank's
own, with `-Imp` where the treebank marks an imperative. Words are lower-cased, for `audit.claims` reads folded text; a
sentence is a document.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch
from spacy.vocab import Vocab

MODEL = REPO / "audit/models/en_syntax"
WIDTH, DEPTH, ROWS = 64, 3, 1500
"""Of the shared word vectors."""
EPOCHS, BATCH = 10, 24
"""Passes over the treebank, and sentences a step."""


def sentences(path: Path, vocabulary: Vocab) -> Iterator[Doc]:
    """Yield the sentences of a CoNLL-U file with tags, heads, relations and lemmas."""
    for block in path.read_text("utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line and not line.startswith("#")]
        rows = [row for row in rows if row[0].isdigit()]
        if not rows:
            continue
        words = [row[1].lower() for row in rows]
        yield Doc(
            vocabulary,
            words=words,
            spaces=["SpaceAfter=No" not in row[9] for row in rows],
            tags=[row[4] + ("-Imp" if "Mood=Imp" in row[5] else "") for row in rows],
            heads=[int(row[6]) - 1 if row[6] != "0" else index for index, row in enumerate(rows)],
            deps=[row[7].split(":")[0] if row[7] not in {"nsubj:pass", "aux:pass"} else row[7] for row in rows],
            lemmas=[row[2].lower() for row in rows],
            sent_starts=[index == 0 for index in range(len(rows))],
        )


_SUBJECTS = (
    "tea oil balm syrup herb root massage yoga ginger garlic honey formula cream diet exercise zinc turmeric walking"
)
_PLURALS = "capsules drops tablets herbs oils vitamins exercises stretches patches seeds pills remedies"
_VERBS = (
    "cure relieve ease prevent treat heal reduce boost improve lower stop strengthen soothe reverse eliminate restore "
    "support protect fight calm cleanse detoxify regenerate shrink melt"
)
_OBJECTS = (
    "diabetes nausea pain arthritis migraine asthma eczema cancer stress sleep gout insomnia inflammation depression "
    "digestion circulation cholesterol anxiety sciatica fatigue psoriasis immunity"
)
_MANY = "wrinkles headaches cramps attacks infections symptoms tumours allergies injuries toxins colds spasms"
_ADJECTIVES = "severe chronic sore stiff painful mild immune natural joint"
_ADVERBS = "completely quickly safely instantly permanently naturally always really"
SHAPES = (
    "this/DT/this/det>1 S/NN/=/nsubj>2 V+s/VBZ/V/root O/NN/=/obj>2",
    "S/NN/=/nsubj>1 V+s/VBZ/V/root A/JJ/=/amod>3 O/NN/=/obj>1",
    "these/DT/this/det>1 P/NNS/-s/nsubj>2 V/VBP/V/root your/PRP$/your/nmod>4 O/NN/=/obj>2",
    "P/NNS/-s/nsubj>1 V/VBP/V/root M/NNS/-s/obj>1",
    "S/NN/=/nsubj>2 D/RB/=/advmod>2 V+s/VBZ/V/root O/NN/=/obj>2 and/CC/and/cc>5 V+s/VBZ/V/conj>2 M/NNS/-s/obj>5",
    "our/PRP$/our/nmod>1 S/NN/=/nsubj>2 V+s/VBZ/V/root M/NNS/-s/obj>2 D/RB/=/advmod>2",
    "S/NN/=/nsubj>2 can/MD/can/aux>2 V/VB/V/root O/NN/=/obj>2",
    "it/PRP/it/nsubj>2 will/MD/will/aux>2 V/VB/V/root your/PRP$/your/nmod>4 O/NN/=/obj>2",
    "V/VB-Imp/V/root your/PRP$/your/nmod>2 O/NN/=/obj>0 D/RB/=/advmod>0",
    "O/NN/=/nsubj>1 V+s/VBZ/V/root M/NNS/-s/obj>1",
)
"""Plain sentences of health advertising, which a treebank of blogs and mails hardly has; `S>2`: its head is word 2."""
MADE = 1500


def made(vocabulary: Vocab) -> Iterator[Doc]:
    """Yield sentences in the shapes above, the words drawn with a fixed seed."""
    chance = random.Random(3)
    lists = {"S": _SUBJECTS, "P": _PLURALS, "V": _VERBS, "O": _OBJECTS, "M": _MANY, "A": _ADJECTIVES, "D": _ADVERBS}
    for number in range(MADE):
        words, tags, lemmas, heads, deps = [], [], [], [], []
        for index, item in enumerate(SHAPES[number % len(SHAPES)].split()):
            form, tag, lemma, place = item.split("/")
            word = chance.choice(lists[form[0]].split()) if form[0] in lists and form[:1].isupper() else form
            lemmas.append({"=": word, "V": word, "-s": word.removesuffix("s")}.get(lemma, lemma))
            words.append(_third_person(word) if form == "V+s" else word)
            dep, _, head = place.partition(">")
            tags.append(tag)
            deps.append(dep)
            heads.append(int(head) if head else index)
        words.append(".")
        yield Doc(
            vocabulary, words=words, spaces=[True] * (len(words) - 2) + [False] * 2, tags=[*tags, "."],
            lemmas=[*lemmas, "."], heads=[*heads, heads[deps.index("root")]], deps=[*deps, "punct"],
            sent_starts=[True] + [False] * (len(words) - 1),
        )  # fmt: skip


def _third_person(verb: str) -> str:
    return verb[:-1] + "ies" if verb.endswith("fy") else verb + "s"


def _config(*, lemmas: bool) -> dict[str, Any]:
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}
    vectors = {
        "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": WIDTH, "depth": DEPTH,
        "embed_size": ROWS, "window_size": 1, "maxout_pieces": 3, "subword_features": True,
    }  # fmt: skip
    parts: dict[str, Any] = {
        "tok2vec": {"factory": "tok2vec", "model": vectors},
        "tagger": {"factory": "tagger", "model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}},
        "parser": {
            "factory": "parser",
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "parser", "extra_state_tokens": False,
                "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "nO": None, "tok2vec": listener,
            },
        },
    }  # fmt: skip
    if lemmas:
        parts["trainable_lemmatizer"] = {
            "factory": "trainable_lemmatizer", "min_tree_freq": 3, "top_k": 1, "backoff": "orth",
            "model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener},
        }  # fmt: skip
    return {"nlp": {"lang": "en", "pipeline": list(parts)}, "components": parts}


def train(data: Path, out: Path, epochs: int, *, lemmas: bool) -> None:
    """Train and write the pipeline of the best epoch."""
    fix_random_seed(7)
    random.seed(7)
    model = spacy.blank("en").from_config(_config(lemmas=lemmas))
    gold = [*sentences(data / "syntax/ewt_train.conllu", model.vocab), *made(model.vocab)]
    examples = [Example(Doc(model.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]), doc)
                for doc in gold]  # fmt: skip
    optimizer = model.initialize(lambda: examples)
    best = 0.0
    for epoch in range(epochs):
        start = time.perf_counter()
        random.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, BATCH):
            model.update(batch, sgd=optimizer, losses=losses, drop=0.15)
        with model.use_params(optimizer.averages):
            figures = measure(model, data)
            print(epoch, f"{time.perf_counter() - start:.0f} s", json.dumps(figures), flush=True)
            if figures["las"] + figures["tags"] > best:
                best = figures["las"] + figures["tags"]
                _write(model, out)


def _write(model: Language, out: Path) -> None:
    """Write the pipeline; what it knows of words beyond their strings is not needed to run it."""
    model.meta.update(
        name="syntax",
        license="CC BY-SA 4.0",
        description="Tags, dependencies and lemmas of lower-cased English, from UD English EWT.",
        spacy_version=">=3.8.2,<3.9.0",
    )
    model.to_disk(out)


def measure(model: Language, data: Path) -> dict[str, float]:
    """Return the shares of tags, heads and labelled heads that are right, and words a second."""
    gold = list(sentences(data / "syntax/ewt_dev.conllu", model.vocab))
    start = time.perf_counter()
    said = list(
        model.pipe(Doc(model.vocab, words=[t.text for t in d], spaces=[bool(t.whitespace_) for t in d]) for d in gold)
    )
    seconds = time.perf_counter() - start
    pairs = [(a, b) for left, right in zip(gold, said, strict=True) for a, b in zip(left, right, strict=True)]
    parsed = [(a, b) for a, b in pairs if a.dep_ != "punct"]
    imperative = [(a.tag_.endswith("-Imp"), b.tag_.endswith("-Imp")) for a, b in pairs]
    hits = sum(a and b for a, b in imperative)
    figures = {
        "tags": sum(a.tag_ == b.tag_ for a, b in pairs) / len(pairs),
        "imperatives": 2 * hits / max(1, sum(a + b for a, b in imperative)),
        "uas": sum(a.head.i == b.head.i for a, b in parsed) / len(parsed),
        "las": sum(a.head.i == b.head.i and a.dep_.lower() == b.dep_.lower() for a, b in parsed) / len(parsed),
        "lemmas": sum(a.lemma_ == b.lemma_.lower() for a, b in pairs) / len(pairs),
        "words a second": len(pairs) / seconds,
    }
    return {name: round(value, 4) for name, value in figures.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=REPO.parent / "shared" / "data")
    options.add_argument("--train", action="store_true")
    options.add_argument("--measure", action="store_true")
    options.add_argument("--out", type=Path, default=MODEL)
    options.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = options.parse_args()
    if arguments.train:
        train(arguments.data, arguments.out, arguments.epochs, lemmas=True)
    if arguments.measure or not arguments.train:
        print(json.dumps(measure(spacy.load(arguments.out), arguments.data)))


if __name__ == "__main__":
    main()
