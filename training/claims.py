"""Train and measure the learned reader of claims.

    python training/claims.py --train        # writes audit/models/claims.json; a minute of one core, needs scikit-learn
    python training/claims.py --measure      # the shipped reader on all labels, and on the validation half
    python training/claims.py --compare      # rules, classifier and parser, alone and together; accuracy and cost
    python training/claims.py --cues         # hedged against direct on the causal sentences

Labels are those of `training/labels/` (places in pages, marks) and the development half of `claims/sentences.jsonl`;
they are joined to the pages of the data folder. A fifth of the pages is held out, by a hash of their ids: their labels
only measure, here and in `benchmarks/accuracy.py`. A labelled sentence is read twice: on its page, and in a window of
450 letters on either side, so that the tone of a page and of a clipping both count. Figures of `--compare` are of the
pages held out. The validation half of `claims/sentences.jsonl` is never trained on, and looked at by `--measure` only.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import functools
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import msgspec

from audit.claims import features, is_hedged, learned, read, whole
from audit.claims.learned import Linear, Weights
from audit.claims.reading import Scenery
from audit.claims.sentences import readable
from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules
from audit.text.span import Span
from benchmarks.claim_figures import HELD, LABELS, PAGES, STRETCHES, fold, labels, nearest
from benchmarks.injections import part_of
from benchmarks.measures import binary, kappa

WEIGHTS = REPO / "audit/models/claims.json"
WINDOW = 450
FEWEST_PAGES = 3
"""Pages that a feature must stand on, so that no weight belongs to one text."""
SHARE = {"labels": 0.5, "stretches": 0.5, "development": 3.0, "written": 2.0}
"""Weight of a sentence: own labels count half, for each is read twice; the other set is small and closest to the
measure; sentences written as plain cases stand alone, without a page."""
LEAST_WEIGHT = 60
"""In thousandths. Below, a weight of a class is left out: most of them, for speed."""
STRENGTH_OF_PRIOR = {"claim": 0.15, "class": 0.3, "severity": 40.0}
"""Inverse regularisation of the logistic regressions, and the ridge of the severity."""


class Example(msgspec.Struct, frozen=True):
    """A labelled sentence as the reader sees it."""

    part: str
    """`labels`, `stretches`, the same `held`, `development`, `validation`, or `written`."""
    view: str
    """`page` or `window`."""
    page: str
    text: str
    """Folded."""
    own: frozenset[str]
    on_topic: bool
    """Whether it has a word of which a claim that the rules do not see has one at least."""
    tone: frozenset[str]
    said: features.Said | None
    whole: whole.Whole
    """What the net says."""
    gold: dict[str, Any]


def examples(data: Path, rules: RuleSet) -> list[Example]:
    """Return the labelled sentences; of several readers of one sentence the first counts."""
    wanted: dict[str, list[tuple[Span, dict[str, Any]]]] = defaultdict(list)
    for page_id, places in labels().items():
        held = "held " if fold(page_id) == HELD else ""
        for place, row in places.items():
            part = "stretches" if row["reader"] == STRETCHES else "labels"
            wanted[page_id].append((place, row | {"part": f"{held}{part}"}))
    found: list[Example] = []
    for name, kind in PAGES:
        for row in _rows(data / name):
            marked = wanted.pop(row["id"], None)
            if marked is not None:
                page = Page(id=row["id"], kind=kind, text=row["html" if kind == "html" else "text"])
                found += _examples(page, marked, "page", rules)
    for row in _rows(data / "claims/sentences.jsonl"):
        document = row["id"].split("#")[0]
        part = "validation" if part_of(document) == "validation" else "development"
        page = Page(id=document, kind="text", text=row["context"])
        found += _examples(page, [(Span(row["start"], row["end"]), row | {"part": part})], "window", rules)
    for number, row in enumerate(_rows(LABELS / "claims-written.jsonl")):
        page = Page(id=f"written {number % 20}", kind="text", text=row["text"])
        found += _examples(page, [(Span(0, len(row["text"])), row | {"part": "written"})], "window", rules)
    return found


def _examples(
    page: Page, marked: Sequence[tuple[Span, dict[str, Any]]], view: str, rules: RuleSet
) -> Iterator[Example]:
    article = parse(page)
    text = readable(article)
    scenery = Scenery(article, text, rules)
    tone = features.of_page(scenery.scene)
    places = [text.to_page(Span(sentence.start, sentence.end)) for sentence in scenery.sentences]
    plain = [whole.plain(text, sentence) for sentence in scenery.sentences]
    for wanted, gold in marked:
        best = nearest(places, wanted)
        if best is None or not scenery.own(best):
            yield Example(
                gold["part"],
                view,
                page.id,
                "",
                frozenset({"@unread"}),
                on_topic=False,
                tone=frozenset(),
                said=None,
                whole=_NOTHING,
                gold=gold,
            )
            continue
        words = features.words(scenery.sentences[best])
        own = frozenset(features.of_sentence(best, scenery.scene, words))
        said = scenery.scene.said[best]
        on_topic = not ON_TOPIC.isdisjoint(own)
        (says,) = whole.read(plain, [best])
        yield Example(gold["part"], view, page.id, scenery.sentences[best].text, own, on_topic, tone, said, says, gold)
        if view == "page":
            start = max(0, scenery.sentences[best].start - WINDOW)
            clip = text.source[start : scenery.sentences[best].end + WINDOW]
            place = Span(scenery.sentences[best].start - start, scenery.sentences[best].end - start)
            yield from _examples(Page(id=page.id, kind="text", text=clip), [(place, gold)], "window", rules)


_NOTHING = whole.Whole(-10_000, (0,) * len(whole.TYPES))
"""What the net says of a sentence that is not read."""


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# --- training ---------------------------------------------------------------------------------------------------------


class Meanings(msgspec.Struct, frozen=True):
    """Word stems as vectors: near ones are used alike."""

    rows: dict[str, int]
    """By feature, `w reliev`."""
    vectors: Any
    """Shape (stems, `SIZE`), with a mean square length of 1."""

    def of(self, found: Collection[str]) -> Any:  # noqa: ANN401 (numpy's array)
        """Return the sum of the vectors of the stems among these features."""
        return self.vectors[[self.rows[name] for name in found if name in self.rows]].sum(0)


SIZE, REACH, FEWEST_TIMES = 64, 4, 5
"""Numbers of a vector, words on either side that count as near, and times that a stem has to be seen."""
LEAST_MEANT = 30
"""In thousandths. A stem that no label has seen gets a weight from its vector if it is at least this."""


def meanings(data: Path) -> Meanings:
    """Return vectors of the stems of the texts that may be trained on: how often which stems stand near, made small.

    The weight of a stem is then the sum of one of its own and one of its direction, so that a stem which no label, or
    few, have seen weighs what stems used like it weigh. With a fifth of the labels F1 went from 0.764 to 0.775.

    Source: Levy and Goldberg 2014, positive pointwise mutual information with smoothed contexts, then a truncated SVD.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import coo_matrix  # type: ignore  # noqa: PGH003, PLC0415
    from scipy.sparse.linalg import svds  # type: ignore  # noqa: PGH003, PLC0415

    texts = [list(map(features.stem, features.TOKEN.findall(text.lower()))) for text in _free_texts(data)]
    counts = Counter(name for text in texts for name in text)
    rows = {name: row for row, (name, count) in enumerate(counts.most_common()) if count >= FEWEST_TIMES}
    left, right, weight = [], [], []
    for text in texts:
        found = np.array([rows.get(name, -1) for name in text])
        for gap in range(1, REACH + 1):
            a, b = found[:-gap], found[gap:]
            both = (a >= 0) & (b >= 0)
            left += [a[both], b[both]]
            right += [b[both], a[both]]
            weight.append(np.full(2 * int(both.sum()), 1 / gap))
    size = (len(rows), len(rows))
    near = coo_matrix((np.concatenate(weight), (np.concatenate(left), np.concatenate(right))), shape=size)
    near = near.tocsr().tocoo()
    total = np.bincount(near.row, near.data, len(rows))
    share = total**0.75 / (total**0.75).sum()
    shared = np.log(near.data / (total[near.row] * share[near.col]))
    kept = shared > 0
    table = coo_matrix((shared[kept], (near.row[kept], near.col[kept])), shape=size).tocsr()
    left_vectors, sizes, _ = svds(table, SIZE, random_state=0)
    vectors = left_vectors * np.sqrt(sizes)
    return Meanings(rows, vectors / np.sqrt((vectors**2).sum(1).mean()))


def _free_texts(data: Path) -> Iterator[str]:
    """Yield the texts from which weights may ship."""
    for row in _rows(data / "clean/nih.jsonl"):
        yield row["text"]
    for row in _rows(data / "claims/certainty.jsonl"):
        yield " ".join(value for value in row.values() if isinstance(value, str))
    tree = ET.parse(data / "claims/bioscope_abstracts.xml")  # noqa: S314 (a file of our own choosing)
    yield " . ".join("".join(sentence.itertext()) for sentence in tree.iter("sentence"))
    lines = (data / "syntax/ewt_train.conllu").read_text("utf-8").splitlines()
    yield " ".join(line.split("\t")[1] for line in lines if "\t" in line)


def train(rows: Sequence[Example], meant: Meanings) -> Weights:
    """Return the weights that fit the rows."""
    from sklearn.linear_model import Ridge  # type: ignore  # noqa: PGH003, PLC0415

    claims = [row for row in rows if row.gold["claim"]]
    seen = [row.own | row.tone for row in rows]
    seen_claims = [found for row, found in zip(rows, seen, strict=True) if row.gold["claim"]]
    ridge = Ridge(alpha=STRENGTH_OF_PRIOR["severity"])
    names: list[str] = []
    biases: list[int] = []
    classes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for field in ("type", "strength", "source"):
        heads = _logistic(claims, seen_claims, [row.gold[field] for row in claims], STRENGTH_OF_PRIOR["class"])
        for name, head in sorted(heads.items()):
            names.append(f"{field} {name}")
            biases.append(head.bias)
            for feature, weight in head.weights.items():
                if abs(weight) >= LEAST_WEIGHT:
                    classes[feature].append((len(names) - 1, weight))
    return Weights(
        claim=_claim(rows, seen, meant),
        severity=_fitted(ridge, claims, seen_claims, [row.gold["severity"] for row in claims])[0],
        names=tuple(names),
        biases=tuple(biases),
        classes={feature: learned.pack(weights) for feature, weights in sorted(classes.items())},
    )


def _lines(weights: Weights) -> bytes:
    """Return the weights as JSON with a feature a line, so that a change can be read."""
    count = len(weights.names)
    parts = msgspec.structs.asdict(weights) | {
        "claim": msgspec.structs.asdict(weights.claim),
        "severity": msgspec.structs.asdict(weights.severity),
        "classes": {
            feature: [pair for pair in enumerate(learned.unpack(packed, count)) if pair[1]]
            for feature, packed in weights.classes.items()
        },
    }
    sections = []
    for name, part in parts.items():
        table = part.get("weights", part) if isinstance(part, dict) else None
        if table is None:
            sections.append(f"{json.dumps(name)}: {json.dumps(part)}")
            continue
        rows = ",\n".join(f"{json.dumps(key, ensure_ascii=False)}:{json.dumps(value)}" for key, value in table.items())
        inner = f"{{\n{rows}\n}}"
        sections.append(
            f"{json.dumps(name)}: " + (f'{{"bias": {part["bias"]}, "weights": {inner}}}' if "bias" in part else inner)
        )
    return ("{\n" + ",\n".join(sections) + "\n}\n").encode()


def _claim(rows: Sequence[Example], seen: Sequence[frozenset[str]], meant: Meanings) -> Linear:
    """Return the weights of claim or not, of which those of stems hold what their vectors add."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    names, table = _table(rows, seen)
    vectors = csr_matrix(np.array([meant.of(found) for found in seen]))
    model = LogisticRegression(C=STRENGTH_OF_PRIOR["claim"], solver="liblinear", random_state=0)
    model.fit(
        hstack([table, vectors]).tocsr(),
        [row.gold["claim"] for row in rows],
        sample_weight=[SHARE[row.part] for row in rows],
    )
    own = dict(zip(names, model.coef_[0][: len(names)], strict=True))
    added = meant.vectors @ model.coef_[0][len(names) :]
    for name, row in meant.rows.items():
        if name in own or 1000 * abs(added[row]) >= LEAST_MEANT:
            own[name] = own.get(name, 0.0) + added[row]
    return Linear(round(1000 * float(model.intercept_[0])), _thousandths(own))


def _thousandths(weights: Mapping[str, float]) -> dict[str, int]:
    return {name: round(1000 * float(weights[name])) for name in sorted(weights) if abs(weights[name]) >= LEAST}


LEAST = 0.005
"""A weight below is left out."""


def _logistic(
    rows: Sequence[Example], seen: Sequence[frozenset[str]], answers: Sequence[Any], strength: float
) -> dict[Any, Linear]:
    from sklearn.linear_model import LogisticRegression  # type: ignore  # noqa: PGH003, PLC0415

    model = LogisticRegression(C=strength, max_iter=400)
    heads = _fitted(model, rows, seen, answers)
    names = list(model.classes_)
    return dict(zip(names[-len(heads) :], heads, strict=True))


def _fitted(
    model: Any,  # noqa: ANN401 (scikit-learn is not typed)
    rows: Sequence[Example],
    seen: Sequence[frozenset[str]],
    answers: Sequence[Any],
) -> list[Linear]:
    names, table = _table(rows, seen)
    model.fit(table, answers, sample_weight=[SHARE[row.part] for row in rows])
    biases = [float(value) for value in _flat(model.intercept_)]
    vectors = model.coef_ if getattr(model.coef_, "ndim", 1) > 1 else [model.coef_]
    return [
        Linear(round(1000 * bias), _thousandths(dict(zip(names, vector, strict=True))))
        for bias, vector in zip(biases, vectors, strict=True)
    ]


def _table(rows: Sequence[Example], seen: Sequence[frozenset[str]]) -> tuple[list[str], Any]:
    """Return the names of the features that stand on pages enough, and which row has which."""
    from sklearn.feature_extraction import DictVectorizer  # type: ignore  # noqa: PGH003, PLC0415

    pages: dict[str, set[str]] = defaultdict(set)
    for row, found in zip(rows, seen, strict=True):
        for name in found:
            pages[name].add(row.page)
    kept = {name for name, on in pages.items() if len(on) >= FEWEST_PAGES}
    columns = DictVectorizer()
    table = columns.fit_transform([dict.fromkeys(sorted(found & kept), 1) for found in seen])
    return [str(name) for name in columns.get_feature_names_out()], table


def _flat(value: Any) -> list[Any]:  # noqa: ANN401 (an array or a number)
    return list(value) if hasattr(value, "__len__") else [value]


# --- figures ----------------------------------------------------------------------------------------------------------

Answer = learned.Decision | features.Said | None


ON_TOPIC = frozenset(f"@n {name}" for name in features.ON_TOPIC)


def decided(row: Example, weights: Weights) -> Answer:
    if row.said is None and not row.on_topic:
        return None
    return learned.decide(row.own, learned.tone(row.tone, weights), row.said, row.whole, weights)


def figures(rows: Sequence[Example], answers: Sequence[Answer]) -> str:
    """Return F1, precision and recall of claim or not, both kappas of severity, and what is right of claims found."""
    found = binary([row.gold["claim"] for row in rows], [answer is not None for answer in answers])
    gold = [row.gold["severity"] for row in rows]
    said = [
        0 if answer is None or (row.said is not None and row.said.negated) else answer.severity
        for row, answer in zip(rows, answers, strict=True)
    ]
    right = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row.gold["claim"] and answer]
    shares = " ".join(
        f"{sum(getattr(answer, field) == row.gold[field] for row, answer in right) / max(1, len(right)):.3f}"
        for field in ("type", "strength", "source")
    )
    return (
        f"{found['f1']:.3f} {found['precision']:.3f} {found['recall']:.3f}  "
        f"{kappa(gold, said):.3f} {kappa(gold, said, power=1):.3f}  {shares}"
    )


HEADER = f"{'':64} {'n':>5}  F1    P     R      quadr linear type  stren source"


def sets(rows: Sequence[Example]) -> dict[str, list[Example]]:
    """Return what no weights were trained on."""
    found = {
        f"{part}, {where}": [row for row in rows if row.part == part and row.view == view]
        for part in ("held labels", "held stretches")
        for view, where in (("page", "on the page"), ("window", "in a window"))
    }
    last = [row for row in rows if row.part == "validation"]
    return found | ({"sentences.jsonl, validation": last} if last else {})


def learnt(rows: Sequence[Example], meant: Meanings, *, net: bool = False) -> list[Answer]:
    """Return the answer to each row by weights that were trained on those not held out, with or without the net."""
    weights = train([row for row in rows if row.part in SHARE], meant)
    return [decided(row if net else _netless(row, weights), weights) for row in rows]


def _netless(row: Example, weights: Weights) -> Example:
    """Return a row whose net says what the weights say."""
    claim = weights.claim.score(row.own) + learned.tone(row.tone, weights).claim
    return msgspec.structs.replace(row, whole=whole.Whole(claim, _NOTHING.types))


def measure(rows: Sequence[Example]) -> None:
    """Print the figures of the rules and of the shipped reader on what is held out of its training."""
    print(HEADER)
    weights = learned.weights()
    for name, mine in sets(rows).items():
        print(f"{name + ', rules':64} {len(mine):5}  {figures(mine, [row.said for row in mine])}")
        print(f"{name + ', shipped':64} {len(mine):5}  {figures(mine, [decided(row, weights) for row in mine])}")


PARSED: dict[str, frozenset[str]] = {}


def parsed(row: Example) -> frozenset[str]:
    """Return what the parser sees: tags in pairs, and each verb with what hangs on it."""
    if row.text not in PARSED:
        document = pipeline()(row.text)
        tags = [word.tag_ for word in document]
        found = {f"p {a} {b}" for a, b in pairwise(tags)} | {f"p ^ {' '.join(tags[:2])}"}
        for word in document:
            if word.dep_ in {"ROOT", "root"} or word.tag_.startswith("VB"):
                place = "root" if word.head is word else "verb"
                found.add(f"p {place} {word.lemma_}")
                found.update(f"p {place} {child.dep_} {child.lemma_}" for child in word.children)
        PARSED[row.text] = frozenset(found)
    return PARSED[row.text]


@functools.cache
def pipeline() -> Any:  # noqa: ANN401 (spaCy's callable)
    import spacy  # noqa: PLC0415

    return spacy.load(REPO / "audit/models/en_syntax")


def compare(rows: Sequence[Example], data: Path) -> None:
    """Print rules, classifier and parser, alone and together, on the pages held out, and what each costs a page."""
    mine = [row for row in rows if row.part != "validation"]
    bare = [msgspec.structs.replace(row, said=None) for row in mine]
    rules_only = [msgspec.structs.replace(row, own=frozenset(n for n in row.own if n[0] not in "w^")) for row in mine]
    with_parse = [msgspec.structs.replace(row, own=row.own | parsed(row)) for row in mine]
    rules_parse = [
        msgspec.structs.replace(row, own=few.own | parsed(row)) for row, few in zip(mine, rules_only, strict=True)
    ]
    words_only = [msgspec.structs.replace(row, own=frozenset(n for n in row.own if n[0] in "w^")) for row in bare]
    meant = meanings(data)
    readers: dict[str, list[Answer]] = {
        "rules alone": [row.said for row in mine],
        "rules, weighed": learnt(rules_only, meant),
        "rules and parser, weighed": learnt(rules_parse, meant),
        "classifier alone (words, page)": learnt(words_only, meant),
        "rules and classifier": learnt(mine, meant),
        "rules, classifier and net (shipped)": learnt(mine, meant, net=True),
        "rules, classifier and parser": learnt(with_parse, meant),
    }
    print(HEADER)
    for reader, answers in readers.items():
        by_row = dict(zip(map(id, mine), answers, strict=True))
        for name, part in sets(mine).items():
            print(f"{reader + ': ' + name:64} {len(part):5}  {figures(part, [by_row[id(row)] for row in part])}")
    _costs(data)


def _costs(data: Path) -> None:
    """Print ms of one core a page of `clean/nih.jsonl`: claims as shipped, and what parsing them would add."""
    rules = load_rules()
    pages = [Page(id=row["id"], kind="text", text=row["text"]) for row in _rows(data / "clean/nih.jsonl")[::12]]
    articles = [(parse(page), page.text) for page in pages]
    candidates = []
    for article, text in articles:
        found = {claim.quote for claim in read(article, rules, Reporter(text)).claims}
        candidates.append([quote.lower() for quote in sorted(found)])
    words = sum(len(text.split()) for _, text in articles)
    model = pipeline()
    list(model.pipe(candidates[0]))
    for name, work in (
        ("claims, all of it", lambda: [read(article, rules, Reporter(text)) for article, text in articles]),
        ("parsing the claims found, a batch a page", lambda: [list(model.pipe(texts)) for texts in candidates]),
    ):
        start = time.process_time()
        work()
        spent = 1000 * (time.process_time() - start)
        print(f"{name}: {spent / len(articles):.2f} ms a page of {words / len(articles):.0f} words, "
              f"{700 * spent / words:.2f} ms for 700")  # fmt: skip


def cues_measured(data: Path) -> None:
    """Print hedged against direct on the causal sentences, by `audit.claims.is_hedged`."""
    for name, direct, conditional in (("causal_press", 3, 2), ("causal_pubmed", 1, 2)):
        rows = [row for row in _rows(data / f"claims/{name}.jsonl") if int(row["label"]) in {direct, conditional}]
        gold = [int(row["label"]) == conditional for row in rows]
        said = [is_hedged(row["sentence"]) for row in rows]
        hedged = binary(gold, said)
        plain = binary([not value for value in gold], [not value for value in said])
        right = sum(a == b for a, b in zip(gold, said, strict=True)) / len(rows)
        print(
            f"{name}: {len(rows)} sentences, F1 of hedged {hedged['f1']:.3f}, "
            f"of direct {plain['f1']:.3f}, right {right:.3f}"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=REPO.parent / "shared" / "data")
    options.add_argument("--train", action="store_true")
    options.add_argument("--measure", action="store_true")
    options.add_argument("--compare", action="store_true")
    options.add_argument("--cues", action="store_true")
    arguments = options.parse_args()
    if arguments.cues:
        cues_measured(arguments.data)
        return
    start = time.perf_counter()
    measures = arguments.measure or not (arguments.compare or arguments.train)
    rows = examples(arguments.data, load_rules())
    print(f"{len(rows)} readings of {len({(row.page, row.text) for row in rows})} sentences in "
          f"{time.perf_counter() - start:.0f} s", file=sys.stderr)  # fmt: skip
    if arguments.train:
        weights = train([row for row in rows if row.part in SHARE], meanings(arguments.data))
        WEIGHTS.write_bytes(_lines(weights))
    if arguments.compare:
        compare(rows, arguments.data)
    if measures:
        measure(rows)


if __name__ == "__main__":
    main()
