"""Make `audit/models/spam-judge.json`, the weights of the spam judge, and measure how far its confidence is right.

    python training/spam_judge.py fit ../shared/data
    python training/spam_judge.py reliability ../shared/data

The model is a logistic regression over the named features of `audit.spam.features`. What speaks for an injection
cannot get a negative weight and what speaks against one no positive weight; the penalty draws every weight to the one
set by hand, so that a feature the data say little of keeps it. A scale and a shift (Platt) make the confidence honest,
on pages kept out of the fit.

Only data whose licence lets weights be made of them are read for the fit, and only their development half: NIH and CDC
answers, as text and in a plain HTML frame, BioScope abstracts and the English Web Treebank as pages of other kinds,
with the project's own advertising texts injected and its own honest look-alikes put in. The features of words come from
models that never saw the families, kinds and documents they read (`training/spam_wording.py`). `reliability` reads the
other half, and the benchmark's words.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple, get_args

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from audit.model import Kind, Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules
from audit.spam import wording
from audit.spam.detect import _proposals, examine
from audit.spam.features import CLASSES, Features, features
from audit.spam.judge import judge
from audit.spam.verdict import page_verdict
from audit.text.span import subtract, union
from benchmarks.injections import EVASIONS, HTML_ONLY, Injection, Part, Source, Voice, evaded, injections, part_of
from training.documents import abstracts, answers, web
from training.spam_wording import FOLDS, fold, texts, without_fold
from training.voice import voices

TARGET = REPO / "audit" / "models" / "spam-judge.json"
NAMES = tuple(CLASSES)
HAND: dict[str, float] = {
    "trade words": 1.3, "brand morphology": 1.7, "address of a trade": 1.3, "words of offer": 0.4,
    "reads like advertising": 0.6, "instruction to machines": 7.5, "recommended in a comment": 5.0,
    "host on a list": 3.0, "named in what was cut on other pages": 1.5, "hidden from readers": 2.2,
    "disguised letters": 2.5, "tiny link": 6.5, "unseen part of the page": 0.8, "kept from other visitors": 2.0,
    "list before a colon": 2.2, "list of search phrases": 1.6, "run of links or lines": 2.0, "line of its own": 0.8,
    "word salad": 3.5, "dropped into a sentence": 2.0, "link to another site": 0.9, "pitch": 1.0,
    "reader's comment": 0.8, "mostly payload": 1.2, "same text on other pages": 1.5, "off the page's topic": 1.5,
    "off the page's field": 1.2, "another script": 1.5, "not of the page's field": 0.5,
    "louder than its surroundings": 0.15, "host named once": 0.7, "shares no words with the page": 1.8,
    "rest of the sentence belongs": 0.8, "rest of the passage belongs": -1.6, "the page is about it": -3.0,
    "the page warns of it": -2.0, "part of a health sentence": -2.0, "help or warning": -3.5, "quoted or code": -3.0,
    "disclosed": -4.0, "health words": -0.7, "reads like honest text": -0.6,
    "surroundings read like honest text": -0.15, "fluent": -1.0, "tied into its sentence": -1.2,
    "one plain word": -2.0, "names a stranger": 3.0, "speaks of something else": 0.5,
    "speaks of no matter of health": 0.4, "speaks of health": -2.0, "breaks its sentence": 2.0,
    "advertises where it breaks in": 0.1, "another language": 1.5, "listed as a record": -2.9,
    "put as sellers put it": 1.2, "offers something": 1.2, "disguised all through": 7.5,
    "offers nothing": -0.4, "only speaks of it": -1.0, "not put as sellers put it": -1.5, "a reader's own words": -3.0,
    "names what is sold": 0.8,
    "advertises in another language": 0.8,
}  # fmt: skip
"""The weights set by hand, to which the penalty draws; those of features that no single page shows stay as they are."""
HAND_BIAS = -4.0
WORDED = frozenset({
    "reads like advertising", "not of the page's field", "louder than its surroundings", "reads like honest text",
    "surroundings read like honest text",
})  # fmt: skip
SHIPPED_BIAS = -3.5
"""What ships is the mean of the fitted weights and those set by hand, without those of words: the card says why."""


class Row(NamedTuple):
    """One candidate of one page."""

    page: str
    group: str
    """Of which kind of page: `clean`, `hard`, `text`, `html` or `evasion`."""
    label: int
    """1 inside an injection, 0 apart from every one or mostly outside."""
    rule: str
    found: Features


# --- candidates -------------------------------------------------------------------------------------------------------


def candidates(
    page_id: str, kind: Kind, text: str, rules: RuleSet, group: str, injection: Injection | None = None
) -> Iterator[Row]:
    """Yield the labelled candidates of a page; none of a page that is judged as a whole."""
    look = examine(parse(Page(id=page_id, kind=kind, text=text)), rules)
    if look is None or page_verdict(look) is not None:
        return
    gold = union((*injection.spans, *injection.may)) if injection else ()
    for candidate in _proposals(look, rules):
        places = look.view.place(candidate.span)
        total = sum(len(span) for span in places)
        inside = total - sum(len(span) for span in subtract(places, gold))
        if total and (inside <= _OUTSIDE * total or inside >= _INSIDE * total):
            label = int(inside > _OUTSIDE * total)
            yield Row(f"{kind}:{page_id}", group, label, candidate.rule, features(look, candidate))


_INSIDE = 0.85
"""Least share of a candidate that lies in the injection for it to count as one."""
_OUTSIDE = 0.4
"""Most of a candidate that may lie in the injection for it to count as honest: a cut would take more from the page."""


def clean_pages(data: Path, part: Part) -> Iterator[Source]:
    """Yield the clean pages of one part: health texts and web texts, both also in HTML, and abstracts."""
    for name, text in answers(data):
        if part_of(name) == part:
            yield Source(name, "text", text)
            yield Source(name, "html", framed(text, random.Random(f"frame:{name}")))
    for name, sentences in abstracts(data):
        if part_of(name) == part:
            yield Source(name, "text", f"{sentences[0]}\n\n{' '.join(sentences[1:])}\n")
    for name, paragraphs in web(data):
        if part_of(name) == part:
            text = "\n\n".join(map(" ".join, paragraphs)) + "\n"
            yield Source(name, "text", text)
            yield Source(name, "html", framed(text, random.Random(f"frame:{name}")))


def framed(text: str, rng: random.Random) -> str:
    """Return a text as a plain web page with the furniture of honest ones: folded menus, skip links, partners."""
    title, _, rest = text.partition("\n")
    parts: list[str] = []
    for line in rest.split("\n"):
        if line.startswith("- "):
            parts.append(f"<ul><li>{escape(line[2:], quote=False)}</li></ul>")
        elif line.strip() and len(line) < 70 and not line.rstrip().endswith("."):
            parts.append(f"<h2>{escape(line, quote=False)}</h2>")
        elif line.strip():
            parts.append(f"<p>{escape(line, quote=False)}</p>")
    hosts = ["www.nih.gov", "medlineplus.gov", "www.cdc.gov", "www.who.int", "www.facebook.com", "x.com", "doi.org"]
    links = [f'<a href="https://{host}/{rng.randint(1, 99)}">{host}</a>' for host in rng.sample(hosts, 4)]
    hidden = rng.choice(('style="display:none"', 'class="folded"', 'style="position:absolute;left:-9999px"', "hidden"))
    menu = "".join(
        f'<li><a href="/{word}">{word.title()}</a></li>' for word in ("home", "conditions", "services", "news")
    )
    maker = "".join(
        rng.choices(("Bright", "Site", "Blue", "Med", "Press", "Nova", "Web", "Care", "Page", "Smith"), k=2)
    )
    site = f"www.{maker.lower()}.{rng.choice(('com', 'net', 'org', 'io'))}"
    about = escape(" ".join(rest.split())[:140])
    furniture = [
        f'<div {hidden}><ul>{menu}</ul><a href="#main">Skip to the text</a></div>',
        f"<ul class=nav>{menu}</ul>",
        f"<noscript>Please turn scripts on. {links[0]}</noscript>",
        f'<p><img src="/1.jpg" alt="{escape(title)}"></p>',
        f"<!-- {links[1]} -->",
        (
            f"<!-- Made with {maker} CMS 4.2, {maker} Inc., 12 Mill Lane, Leeds. "
            f"Tel. 555 0142, info@{site}, http://{site} -->"
        ),
        (
            f'<!-- <script async src="https://ads.{site}/tag.js"></script> '
            '<script>slots.define("Article_Top")</script> -->'
        ),
        (
            f'<noscript><iframe src="https://tags.{site}/ns?id={rng.randint(100, 999)}" height="0" width="0" '
            'style="display:none;visibility:hidden"></iframe></noscript>'
        ),
        (
            f"<div {hidden}><form><p>Sign up for our free newsletter. "
            "Play the video, download the slides, order copies.</p>"
            f'<a href="https://{site}/join">Join now</a></form></div>'
        ),
        (
            f'<p>Read more: <a href="https://{site}/">{maker} {rng.choice(("Foundation", "Journal", "Clinic"))}</a>, '
            f"visit {site} or call 1-800-555-01{rng.randint(10, 99)}.</p>"
        ),
        f'<p><a href="https://{site}/a"></a><a href="https://{site}/b"><img src="/b.gif" alt=""></a></p>',
    ]
    head = [piece for piece in furniture if rng.random() < 0.3]
    foot = f"<footer><p>Partners: {' | '.join(links)}</p></footer>" if rng.random() < 0.6 else f"<div>{links[2]}</div>"
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title, quote=False)}</title>\n'
        f'<meta name="description" content="{about}">\n<style>.folded{{display:none}}</style></head>\n<body>\n'
        + "\n".join((*head, f"<h1>{escape(title, quote=False)}</h1>", *parts, foot))
        + "\n</body></html>\n"
    )


def hard_pages(carriers: Sequence[Source], kinds: dict[str, list[str]]) -> Iterator[Source]:
    """Yield honest look-alikes, alone and in three places of other pages, as text and as HTML."""
    texts = [page for page in carriers if page.kind == "text" and 900 < len(page.text) < 4000]
    for kind, lines in kinds.items():
        for at, line in enumerate(lines):
            rng = random.Random(f"hard:{kind}:{at}")
            name = f"hard/{kind}/{at}"
            yield Source(name, "text", line)
            for turn in range(3):
                host = rng.choice(texts).text
                place = rng.choice([match.end() for match in re.finditer(r"\n", host)] or [0])
                page = host[:place] + line + "\n" + host[place:]
                yield Source(f"{name}/{turn}", "text", page)
                if turn == 0:
                    yield Source(f"{name}/{turn}", "html", framed(page, rng))


_HEALTH_IDS = "mq-"
"""How the ids of the health answers begin; two thirds of the injections go into them, the rest into other pages."""


def collect(data: Path, size: float = 0.7) -> list[Row]:
    """Return the labelled candidates to learn from: of each part, read by words learnt from the others alone."""
    with ProcessPoolExecutor() as pool:
        parts = pool.map(partial(_collected, data, size), range(FOLDS))
        return [row for part in parts for row in part]


def _collected(data: Path, size: float, out: int) -> list[Row]:
    """Return the candidates of one part."""
    speak_by(without_fold(data, out))
    clean = [page for page in clean_pages(data, "dev") if fold(page.id) == out]
    kinds = {kind: lines for kind, lines in texts("honest").items() if fold(f"honest:{kind}") == out}
    return examined(clean, hard_pages(clean, kinds), "dev", size / FOLDS, voices()[out])


def speak_by(learned: dict[str, Any]) -> None:
    """Let the detector read words by another model than the one that ships."""
    known = msgspec.convert(learned, wording.Model)
    wording.english = lambda: known  # type: ignore[assignment]
    wording.forget()


def examined(
    clean: Sequence[Source], hard: Iterable[Source], part: Part, size: float, speaker: type[Voice]
) -> list[Row]:
    """Return the labelled candidates of pages and of injections into them. The same data give the same rows."""
    rules = load_rules()
    rows: list[Row] = []
    for page in clean:
        rows += candidates(page.id, page.kind, page.text, rules, "clean")
    for page in hard:
        rows += candidates(page.id, page.kind, page.text, rules, "hard")
    for kind, is_health, count in (
        ("text", True, 2000), ("text", False, 1000), ("html", True, 1400), ("html", False, 600),
    ):  # fmt: skip
        pages = [page for page in clean if page.kind == kind and page.id.startswith(_HEALTH_IDS) == is_health]
        for made in injections(pages, int(count * size), part=part, speaker=speaker):
            rows += candidates(made.id, made.kind, made.text, rules, kind, made)
    for evasion in EVASIONS:
        pages = [page for page in clean if page.kind == ("html" if evasion in HTML_ONLY else "text")]
        for made in evaded(pages, int(60 * size), part=part, evasion=evasion, speaker=speaker):
            rows += candidates(made.id, made.kind, made.text, rules, "evasion", made)
    return rows


# --- fit --------------------------------------------------------------------------------------------------------------

Vector = NDArray[np.float64]

IMPORTANCE = {("clean", 0): 2.0, ("hard", 0): 5.0}
"""What a page of a group and label counts; 1 where nothing is said. A false alarm costs more than a miss."""
PENALTY = 30.0
"""Of (weight - hand-set weight)², in pages."""
_LEAST, _MOST = 0.4, 4.0
"""Bounds of a weight as a multiple of the one set by hand: evidence keeps its sign, and what made-up pages say too
little or too much of neither loses all its meaning nor decides alone."""


def matrix(rows: Sequence[Row]) -> Vector:
    """Return the features of the rows, shape (rows, names)."""
    found = np.zeros((len(rows), len(NAMES)))
    index = {name: at for at, name in enumerate(NAMES)}
    for at, row in enumerate(rows):
        for name, value in row.found.values.items():
            found[at, index[name]] = value
    return found


def importance(rows: Sequence[Row]) -> Vector:
    """Return the weight of each row: a page counts once for each label, however many candidates it has."""
    many = Counter((row.page, row.label) for row in rows)
    return np.array([IMPORTANCE.get((row.group, row.label), 1.0) / many[row.page, row.label] for row in rows])


def fit(rows: Sequence[Row], penalty: float = PENALTY) -> Vector:
    """Return the bias and the weights, in the order of `NAMES`."""
    x, y, w = matrix(rows), np.array([row.label for row in rows], dtype=float), importance(rows)
    prior = np.array([HAND_BIAS, *(HAND[name] for name in NAMES)])
    bounds = [(None, None), *(sorted((_LEAST * HAND[name], _MOST * HAND[name])) for name in NAMES)]
    strength = np.array([0.1 * penalty, *(penalty for _ in NAMES)])

    def loss(theta: Vector) -> tuple[float, Vector]:
        z = theta[0] + x @ theta[1:]
        chance = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
        error = w * (chance - y)
        away = theta - prior
        value = float((w * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (strength * away * away).sum())
        return value, np.concatenate([[error.sum()], x.T @ error]) + strength * away

    return np.asarray(minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 4000}).x)


def platt(z: Vector, rows: Sequence[Row]) -> tuple[float, float]:
    """Return scale and shift of the log-odds that make them honest on rows kept out of the fit."""
    y, w = np.array([row.label for row in rows], dtype=float), importance(rows)

    def loss(pair: Vector) -> float:
        scaled = pair[0] * z + pair[1]
        return float((w * (np.logaddexp(0, scaled) - y * scaled)).sum())

    scale, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(scale), float(shift)


def held_out(row: Row) -> bool:
    """Whether a page is kept out of the fit, for calibration: a fifth of them."""
    name = row.page.partition(":")[2].partition("+")[0]
    return random.Random(f"calibrate:{name}").random() < 0.2


def made(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the model and its figures, as they ship."""
    learning, honest = [row for row in rows if not held_out(row)], [row for row in rows if held_out(row)]
    theta = fit(learning)
    scale, shift = platt(theta[0] + matrix(honest) @ theta[1:], honest)
    counts = Counter((row.group, row.label) for row in rows)
    pages = Counter(group for group, _ in {(row.group, row.page) for row in rows})
    return {
        "bias": round((scale * float(theta[0]) + shift + SHIPPED_BIAS) / 2, 3),
        "weights": {
            name: round((scale * float(weight) + (0.0 if name in WORDED else HAND[name])) / 2, 3)
            for name, weight in zip(NAMES, theta[1:], strict=True)
        },
        "data": {
            group: {"pages": pages[group], "injected": counts[group, 1], "honest": counts[group, 0]}
            for group in sorted(pages)
        },
        "fit": {"penalty": PENALTY, "scale": round(scale, 3), "shift": round(shift, 3)},
    }  # fmt: skip


# --- how far confidence can be trusted --------------------------------------------------------------------------------

EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


def reliability(rows: Sequence[Row], rules: RuleSet, *, acting: bool) -> list[dict[str, float]]:
    """Return, for bins of confidence, how many candidates fall there and which share of them is injected.

    Args:
        rows: Candidates with their labels.
        rules: For the profile's thresholds.
        acting: Only those that are cut or flagged.

    """
    judged = [(judge(row.found, rules.profile), row.label) for row in rows]
    keep = np.array([said.action is not None or not acting for said, _ in judged], dtype=bool)
    sure = np.array([said.confidence for said, _ in judged])[keep]
    right = np.array([label for _, label in judged], dtype=float)[keep]
    weight = importance(rows)[keep]
    bins = []
    for low, high in itertools.pairwise(EDGES):
        inside = (sure >= low) & ((sure < high) | (high == 1.0))
        if inside.any():
            total = float(weight[inside].sum())
            bins.append({
                "low": low, "high": high, "candidates": int(inside.sum()), "wrong": int((1 - right[inside]).sum()),
                "said": float((weight * sure)[inside].sum()) / total,
                "right": float((weight * right)[inside].sum()) / total,
            })  # fmt: skip
    return bins


def printed(title: str, bins: Iterable[dict[str, float]]) -> str:
    """Return a reliability table as text."""
    lines = [f"{title:36}{'candidates':>12}{'wrong':>8}{'said':>8}{'right':>8}"]
    for one in bins:
        span = f"{one['low']:.2f} to {one['high']:.2f}"
        lines.append(f"{span:36}{one['candidates']:12.0f}{one['wrong']:8.0f}{one['said']:8.3f}{one['right']:8.3f}")
    return "\n".join(lines)


def main() -> None:
    """Fit and write the model, or print how far its confidence can be trusted."""
    parser = argparse.ArgumentParser(description="Fit the spam judge, or measure its calibration.")
    parser.add_argument("action", choices=("fit", "reliability"))
    parser.add_argument("data", type=Path, help="folder of the labelled data")
    parser.add_argument("--part", choices=get_args(Part), default="validation", help="for `reliability`")
    options = parser.parse_args()
    if options.action == "fit":
        model = made(collect(options.data))
        TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(model["data"]))
        return
    rules = load_rules()
    rows = examined(list(clean_pages(options.data, options.part)), (), options.part, 0.35, Voice)
    print(printed("confidence, all candidates", reliability(rows, rules, acting=False)))
    print(printed("confidence, cut or flagged", reliability(rows, rules, acting=True)))


if __name__ == "__main__":
    main()
