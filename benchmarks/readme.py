"""The tables of the README, written from a measured run: `python benchmarks/accuracy.py --readme`.

Each table stands between `<!-- figures: NAME -->` and `<!-- /figures -->`; nothing outside is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.spam_figures import WRITTEN

Figures = Mapping[str, Any]
Row = tuple[object, ...]


Tables = Mapping[str, Callable[[Figures], Iterator[Row]]]


def write(readme: Path, figures: Figures, tables: Tables | None = None) -> None:
    """Rewrite the tables of a README from the figures of a full run: those of accuracy, if no others are given.

    Raises:
        ValueError: A table has no place in the file.
    """
    text = readme.read_text("utf-8")
    for name, table in (TABLES if tables is None else tables).items():
        pattern = re.compile(rf"(<!-- figures: {name} -->\n).*?(<!-- /figures -->)", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise ValueError(f"{readme.name}: table {name!r} wants one pair of markers: {marker(name)} … {END}")
        written = "".join(f"| {' | '.join(map(str, row))} |\n" for row in _ruled(table(figures)))
        text = pattern.sub(lambda match, rows=written: f"{match[1]}\n{rows}\n{match[2]}", text)  # type: ignore[misc]
    readme.write_text(text, "utf-8")


END = "<!-- /figures -->"


def marker(name: str) -> str:
    """Return the line that a table stands under."""
    return f"<!-- figures: {name} -->"


def _ruled(rows: Iterator[Row]) -> Iterator[Row]:
    head = next(rows)
    yield head
    yield ("---",) * len(head)
    yield from rows


_CLEAN = {
    "NIH and CDC answers": "NIH and CDC answers",
    "real pages, hard negatives (B)": "real look-alikes (gambling news, price pages, drug monographs …)",
    "real pages, clean health (C)": "ordinary health pages",
    "web pages of today (HTML)": "ordinary web pages, raw HTML",
    "health pages, reliable (HTML)": "health pages, reliable, raw HTML",
    "health pages, unreliable (HTML)": "health pages, unreliable, raw HTML",
    WRITTEN: "pages of every kind that seven other hands wrote, each as text and as HTML",
}


def _clean(figures: Figures) -> Iterator[Row]:
    yield "clean pages", "pages", "with a cut", "with a spam flag"
    for name, shown in _CLEAN.items():
        one = figures["false_alarms"][name]
        yield shown, one["pages"], _rate(one["cut"]), _rate(one["flag"])
    for part, whose in (("held", ""), ("other", " by other hands")):
        held = figures["hard_negatives"][part]
        what = f"{held['texts']} hard negatives{whose} of {held['kinds']} kinds held back from tuning"
        yield f"{what}, alone and in articles", held["pages"], _rate(held["cut"]), _rate(held["flag"])


def _injected(figures: Figures) -> Iterator[Row]:
    yield "injected text", "pages", "characters F1", "found", "exactly restored", "F1, found, exact without the lexicon"
    real = figures["hacked"]
    over = {**real["mean_over_hosts"], "without_lexicon": real["mean_over_hosts_without_lexicon"]}
    yield _found(f"really hacked pages, mean over {over['hosts']} hosts", over, real["pages"]["pages"])
    for kind, shown in (("text", "generated, plain text"), ("html", "generated, real HTML")):
        yield _found(shown, figures["generated"][kind]["all"])
    for name, one in figures["evasions"].items():
        yield _found(f"disguised: {name}", one)


def _baselines(figures: Figures) -> Iterator[Row]:
    yield (
        "the same by", "clean pages damaged", "hacked: F1, exact", "generated text: F1, exact",
        "generated HTML: F1, exact",
    )  # fmt: skip
    sets = (figures["hacked"], figures["generated"]["text"], figures["generated"]["html"])
    for name, damage in figures["damage"].items():
        own = name == "article audit"
        found = [one["pages" if at == 0 else "all"] if own else one["baselines"][name] for at, one in enumerate(sets)]
        cells = [f"{one['f1']:.3f}, {_share(one['exact'])}" for one in found]
        yield f"**{name}**" if own else name, _share(damage["cut"]["rate"]), *cells


def _techniques(figures: Figures) -> Iterator[Row]:
    text, html = (figures["generated"][kind]["by_technique"] for kind in ("text", "html"))
    yield "technique", "text: F1, found, exact", "HTML: F1, found, exact"
    for name in html:
        yield f"{name} {TECHNIQUES[name]}", *(_three(group[name]) if name in group else "" for group in (text, html))


TECHNIQUES = {
    "T1": "lead keyword list", "T2": "trailing list", "T3": "inserted sentence or paragraph",
    "T4": "bought anchor in a sentence", "T5": "hidden inline", "T6": "off-screen", "T7": "hidden by class",
    "T8": "same colour, 1 px", "T9": "one-character link", "T10": "link farm", "T11": "title and meta",
    "T12": "structured data", "T13": "alt and title attributes", "T14": "comment, noscript, template, frame",
    "T15": "foreign script", "T16": "pharma", "T17": "gambling", "T18": "essays, loans, crypto, escorts …",
    "T19": "look-alike letters", "T20": "invisible characters", "T23": "comment spam", "T25": "orders to machines",
}  # fmt: skip


def _claims(figures: Figures) -> Iterator[Row]:
    cues, alarms = figures["cues"], figures["false_alarms"]
    severe = (alarms[name]["severe"]["rate"] for name in ("NIH and CDC answers", "health pages, unreliable (HTML)"))
    yield "medical claims", ""
    for found, labels in (
        (figures["claims"], "of the data"),
        (figures["claims"]["held_pages"], "of this project, whole pages held out"),
    ):
        right = found["accuracy_on_found_claims"]
        yield f"{found['sentences']:,} sentences {labels}: claim or not, F1", f"{found['claim']['f1']:.3f}"
        kappas = (found["severity_kappa_quadratic"], found["severity_kappa_linear"])
        yield "their severity, weighted kappa (quadratic / linear)", " / ".join(f"{one:.3f}" for one in kappas)
        yield (
            f"right of the {found['claims_found']:,} true claims found: type, strength, source",
            ", ".join(f"{right[name]:.3f}" for name in ("type", "strength", "source")),
        )
    sentences = (cues[f"{kind}_sentences"]["f1"] for kind in ("hedge", "negation"))
    yield "hedge / negation sentences on BioScope abstracts, F1", " / ".join(f"{one:.3f}" for one in sentences)
    yield "NIH answers / unreliable pages with a finding of severity 3 or more", " / ".join(map(_share, severe))


def _calibration(figures: Figures) -> Iterator[Row]:
    yield "confidence said", "findings", "right"
    for one in figures["confidence"]["all"]["bins"]:
        yield f"{one['low']:.2f} to {one['high']:.2f}", one["count"], _rate(one["right"])
    sure = figures["confidence"]["all"]["sure"]
    yield "0.90 or more", sure["total"], _rate(sure)


TABLES: Tables = {
    "clean": _clean,
    "injected": _injected,
    "baselines": _baselines,
    "techniques": _techniques,
    "calibration": _calibration,
    "claims": _claims,
}


def _found(shown: str, one: Figures, pages: int | None = None) -> Row:
    bare = one["without_lexicon"]
    return (
        shown,
        pages if pages is not None else one["pages"],
        f"{one['f1']:.3f} ({one['f1_low']:.2f}–{one['f1_high']:.2f})",
        _interval(one, "found"),
        _interval(one, "exact"),
        _three(bare),
    )


def _three(one: Figures) -> str:
    return f"{one['f1']:.3f}, {_share(one['found'])}, {_share(one['exact'])}"


def _interval(one: Figures, name: str) -> str:
    return f"{_share(one[name])} ({100 * one[f'{name}_low']:.0f}–{100 * one[f'{name}_high']:.0f})"


def _rate(rate: Mapping[str, float]) -> str:
    return f"{100 * rate['rate']:.2f} % ({100 * rate['low']:.1f}–{100 * rate['high']:.1f})"


def _share(rate: float) -> str:
    return f"{100 * rate:.1f} %"
