"""Measure what the audit finds and what it leaves alone: `python benchmarks/accuracy.py`.

Spam on real hacked pages, on clean ones, on hard negatives and on generated injections, beside baselines in the same
call; claims, hedges and negations on labelled sentences. Prints the validation half of each set (split by a hash of the
page id); `--part dev` is the half to tune on.

Characters are counted without white space. A page is *exactly restored* where the cut page equals the page before the
injection, one blank or line break or the indentation beside it aside. A page is *found* where a cut touches it.
A *flag* is a spam finding with the action `cut` or `flag`; notes do not count. The share over hosts is a mean of means.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

import audit
from audit.errors import PageError
from audit.model import Kind, Page, PageReport
from audit.rules.load import RuleSet
from audit.text.span import Span
from benchmarks import hard_negatives as hard
from benchmarks.baselines import BASELINES, extraction
from benchmarks.injections import (
    EVASIONS,
    HTML_ONLY,
    Injection,
    Part,
    Source,
    evaded,
    injections,
    part_of,
    real_strings,
)
from benchmarks.measures import Outcome, Rate, binary, kappa, outcome, summary
from benchmarks.table import table

Figures = dict[str, Any]

SIZES = {
    # name: (full, quick); chosen so that a full run takes a few minutes and a quick one less than a minute on two cores
    "nih": (0, 220),  # 0: all
    "modern": (0, 12),
    "health": (0, 30),
    "real": (0, 30),  # of the groups B and C each
    "text": (900, 150),
    "html": (660, 66),
    "evasion": (72, 9),
    "bioscope": (6000, 800),
    "hard": (1, 3),  # one text in so many of each kind
}


class Bench:
    """The rules, the data and the size of one measurement."""

    def __init__(self, data: Path, *, part: Part | None = "validation", quick: bool = False) -> None:
        self.data, self.part, self.quick = data, part, quick
        self.rules: RuleSet = audit.load_rules()
        self.failed: list[str] = []

    def size(self, name: str) -> int:
        """Return how many items to take; a very large number for all."""
        return SIZES[name][self.quick] or sys.maxsize

    def rows(
        self, name: str, identity: Callable[[dict[str, Any]], str] = lambda row: str(row["id"])
    ) -> list[dict[str, Any]]:
        """Return the rows of a file that belong to the part."""
        with (self.data / name).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return [row for row in rows if self.part is None or part_of(identity(row)) == self.part]

    def sample(self, rows: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """Return a seeded sample of the rows, in their order."""
        count = min(self.size(name), len(rows))
        return [rows[at] for at in sorted(random.Random(f"sample:{name}").sample(range(len(rows)), count))]

    def audit(self, page_id: str, kind: Kind, text: str) -> PageReport | None:
        """Return the report of a page, None (and a note) where the page is over a bound."""
        try:
            return audit.audit_page(Page(id=page_id, kind=kind, text=text), self.rules)
        except PageError:
            self.failed.append(page_id)
            return None


def measure(data: Path, *, part: Part | None = "validation", quick: bool = False, only: Iterable[str] = ()) -> Figures:
    """Return all figures, or those of the named sections, as plain values."""
    bench = Bench(data, part=part, quick=quick)
    figures: Figures = {"part": part or "all", "quick": quick}
    for name, section in SECTIONS.items():
        if not only or name in only:
            figures[name] = section(bench)
    figures["failed_pages"] = len(bench.failed)
    return figures


# --- spam -------------------------------------------------------------------------------------------------------------


def _cuts(report: PageReport | None) -> tuple[Span, ...]:
    return tuple(Span(cut.start, cut.end) for cut in report.cuts) if report else ()


def _flags(report: PageReport | None) -> tuple[Span, ...]:
    return tuple(
        Span(span.start, span.end)
        for finding in (report.findings if report else ())
        if finding.category == "spam" and finding.action != "note"
        for span in finding.spans
    )


def _alarmed(report: PageReport | None) -> bool:
    """Whether a page has a spam finding that is more than a note."""
    return bool(report and (report.cuts or any(f.category == "spam" and f.action != "note" for f in report.findings)))


def false_alarms(bench: Bench) -> Figures:
    """Clean pages with a cut, with a spam flag; characters lost; share with a claim or safety finding of 3 and more."""
    sets: dict[str, list[tuple[str, Kind, str]]] = {
        "NIH and CDC answers": [
            (row["id"], "text", row["text"]) for row in bench.sample(bench.rows("clean/nih.jsonl"), "nih")
        ],
    }
    real = bench.rows("spam/pages.jsonl")
    for group, title in (("B", "real pages, hard negatives (B)"), ("C", "real pages, clean health (C)")):
        rows = bench.sample([row for row in real if row["group"] == group], "real")
        sets[title] = [(row["id"], "text", row["text"]) for row in rows]
    modern = bench.sample(bench.rows("html/modern.jsonl"), "modern")
    sets["web pages of today (HTML)"] = [(row["id"], "html", row["html"]) for row in modern]
    health = bench.sample(bench.rows("html/health.jsonl"), "health")
    for label in ("reliable", "unreliable"):
        sets[f"health pages, {label} (HTML)"] = [(r["id"], "html", r["html"]) for r in health if r["label"] == label]
    return {title: _alarms(bench, pages) for title, pages in sets.items()}


def _alarms(bench: Bench, pages: Sequence[tuple[str, Kind, str]]) -> Figures:
    cut = flagged = lost = severe = 0
    for page_id, kind, text in pages:
        report = bench.audit(page_id, kind, text)
        if report is None:
            continue
        cut += bool(report.cuts)
        flagged += _alarmed(report)
        lost += sum(len("".join(text[span.start : span.end].split())) for span in _cuts(report))
        severe += any(f.severity >= 3 and f.category != "spam" for f in report.findings)
    total = len(pages)
    return {
        "pages": total,
        "cut": Rate(cut, total).as_dict(),
        "flag": Rate(flagged, total).as_dict(),
        "characters_lost": lost,
        "severe": Rate(severe, total).as_dict(),
    }


def hacked(bench: Bench) -> Figures:
    """Real hacked pages, mean over hosts, and real pages that are spam as a whole."""
    rows = bench.rows("spam/pages.jsonl")
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    whole = []
    for row in rows:
        if row["group"] == "A":
            spans = tuple(Span(span["start"], span["end"]) for span in row["spans"])
            injection = Injection(row["id"], "text", row["text"], spans, (), "", "real", row["family"] or "")
            report = bench.audit(row["id"], "text", row["text"])
            outcomes[row["host"]].append(outcome(injection, _cuts(report), _flags(report)))
        elif row["group"] == "D":
            whole.append(bench.audit(row["id"], "text", row["text"]))
    everything = [one for group in outcomes.values() for one in group]
    hosts = {host: summary(group) for host, group in sorted(outcomes.items())}
    names = ("precision", "recall", "f1", "found", "found_or_flagged", "exact")
    return {
        "pages": summary(everything),
        "mean_over_hosts": {name: round(_mean(host[name] for host in hosts.values()), 4) for name in names},
        "by_host": hosts,
        "baselines": _by_baseline(everything),
        "spam_pages_blocked": Rate(sum(r is not None and r.verdict == "block" for r in whole), len(whole)).as_dict(),
        "spam_pages_flagged": Rate(sum(_alarmed(report) for report in whole), len(whole)).as_dict(),
    }


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _by_baseline(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of each baseline on the same pages."""
    return {
        name: summary([outcome(one.injection, cut(one.injection.text, one.injection.kind)) for one in outcomes])
        for name, cut in BASELINES.items()
    }


def _sources(bench: Bench) -> dict[str, list[Source]]:
    """Return the clean pages to inject into, by kind."""
    texts = [Source(row["id"], "text", row["text"]) for row in bench.rows("clean/nih.jsonl")]
    html = [Source(row["id"], "html", row["html"]) for row in bench.rows("html/modern.jsonl")]
    html += [
        Source(row["id"], "html", row["html"]) for row in bench.rows("html/health.jsonl") if row["label"] == "reliable"
    ]
    return {"text": texts, "html": html}


def generated(bench: Bench) -> Figures:
    """Measure injections into clean texts and real HTML pages, by technique and family, beside the baselines."""
    strings = real_strings(bench.data / "spam/strings.txt")
    figures: Figures = {}
    for kind, pages in _sources(bench).items():
        made = injections(pages, bench.size(kind), part=bench.part or "validation", strings=strings)
        outcomes = list(_outcomes(bench, made))
        figures[kind] = {
            "all": summary(outcomes),
            "by_technique": _grouped(outcomes, lambda one: one.injection.technique),
            "by_family": _grouped(outcomes, lambda one: one.injection.family),
            "baselines": _by_baseline(outcomes),
        }
        if kind == "html":
            figures[kind]["extraction"] = _extracted(outcomes)
        _note_misses(kind, outcomes)
    return figures


def _outcomes(bench: Bench, made: Iterable[Injection]) -> Iterator[Outcome]:
    for injection in made:
        report = bench.audit(injection.id, injection.kind, injection.text)
        yield outcome(injection, _cuts(report), _flags(report))


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> Figures:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    return {name: summary(groups[name]) for name in sorted(groups, key=_natural)}


def _natural(name: str) -> tuple[str, int]:
    return (name[:1], int(name[1:])) if re.fullmatch(r"T\d+", name) else (name, 0)


def _extracted(outcomes: Sequence[Outcome]) -> Figures | None:
    """Return what extraction of the main text does: share of injections gone, of clean prose lost with them."""
    extract = extraction()
    if extract is None:
        return None
    gone = kept = prose = seen = 0
    for one in outcomes[:110]:  # 20 ms a page; enough for two digits
        injection = one.injection
        text = _squeezed(extract(injection.text))
        words = _squeezed(re.sub(r"<[^>]*>", " ", "".join(injection.text[s.start : s.end] for s in injection.spans)))
        gone += bool(words) and words[:40] not in text
        seen += bool(words)
        for paragraph in re.findall(r"<p[^>]*>([^<>]{120,})<", injection.clean):
            prose += 1
            kept += _squeezed(paragraph)[:60] in text
    return {
        "injections_gone": Rate(gone, seen).as_dict(),
        "paragraphs_lost": Rate(prose - kept, prose).as_dict(),
    }


def _squeezed(text: str) -> str:
    return "".join(text.split())


def evasions(bench: Bench) -> Figures:
    """Measure lists and sentences in eight disguises."""
    strings = real_strings(bench.data / "spam/strings.txt")
    sources = _sources(bench)
    figures: Figures = {}
    for evasion in EVASIONS:
        pages = sources["html" if evasion in HTML_ONLY else "text"]
        made = evaded(pages, bench.size("evasion"), part=bench.part or "validation", evasion=evasion, strings=strings)
        outcomes = list(_outcomes(bench, made))
        figures[evasion] = summary(outcomes)
        _note_misses(evasion, outcomes)
    return figures


def hard_negatives(bench: Bench) -> Figures:
    """Honest texts that look like spam, alone and in ordinary articles; the kinds held back from development apart."""
    documents = [
        Source(row["id"], "text", row["text"])
        for row in bench.rows("clean/nih.jsonl")
        if 900 < len(row["text"]) < 4000 and "\n" in row["text"].strip()
    ]
    parts: tuple[hard.Part, ...] = ("dev",) if bench.part == "dev" else ("held", "dev")
    return {part: _hard(bench, documents, part) for part in parts}


def _hard(bench: Bench, documents: Sequence[Source], part: hard.Part) -> Figures:
    pages: list[tuple[hard.Carried, bool, bool]] = []
    for carried in hard.carried(hard.hard_negatives(part), documents, every=bench.size("hard")):
        report = bench.audit(carried.id, carried.form, carried.page)
        cut, flagged = bool(report and report.cuts), _alarmed(report)
        pages.append((carried, cut, flagged))
        if flagged and part == "dev":  # what went wrong on held kinds is counted, never shown
            place = f"{carried.form}, {carried.place}"
            _MISSES.append({
                "set": "hard negatives", "kind": carried.kind, "text": carried.hard, "place": place, "cut": cut,
                "rules": sorted({f.rule for f in report.findings if f.category == "spam"}) if report else [],
            })  # fmt: skip
    by_text = {(page.kind, page.hard): False for page, _, _ in pages}
    for page, _, flagged in pages:
        by_text[page.kind, page.hard] |= flagged
    return {
        "kinds": len({page.kind for page, _, _ in pages}),
        "texts": len(by_text),
        **_hard_rates(pages),
        "texts_flagged_anywhere": Rate(sum(by_text.values()), len(by_text)).as_dict(),
        "by_kind": _hard_groups(pages, lambda page: page.kind),
        "by_place": _hard_groups(pages, lambda page: f"{page.form}, {page.place}"),
    }


def _hard_rates(pages: Sequence[tuple[hard.Carried, bool, bool]]) -> Figures:
    cut, flagged = sum(cut for _, cut, _ in pages), sum(flagged for _, _, flagged in pages)
    return {
        "pages": len(pages),
        "cut": Rate(cut, len(pages)).as_dict(),
        "flag": Rate(flagged, len(pages)).as_dict(),
    }


def _hard_groups(pages: Sequence[tuple[hard.Carried, bool, bool]], key: Callable[[hard.Carried], str]) -> Figures:
    groups: dict[str, list[tuple[hard.Carried, bool, bool]]] = defaultdict(list)
    for page in pages:
        groups[key(page[0])].append(page)
    return {name: _hard_rates(group) for name, group in sorted(groups.items())}


# --- claims -----------------------------------------------------------------------------------------------------------


def claims(bench: Bench) -> Figures:
    """Claim sentences, their severity, type, strength and source; hedges; good pages and bad ones."""
    rows = bench.rows("claims/sentences.jsonl", lambda row: str(row["id"]).split("#")[0])
    gold, said, levels, given = [], [], [], []
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        report = bench.audit(row["id"], "text", row["context"])
        sentence = Span(row["start"], row["end"])
        near = [c for c in (report.claims if report else ()) if sentence.touches(Span(c.start, c.end))]
        claim = max(near, key=lambda c: min(c.end, sentence.end) - max(c.start, sentence.start), default=None)
        gold.append(row["claim"])
        said.append(claim is not None)
        levels.append(row["severity"])
        given.append(claim.severity if claim else 0)
        if row["claim"] and claim:
            for name in ("type", "strength", "source", "negated"):
                right[name].append(getattr(claim, name) == row[name])
        if gold[-1] != said[-1] or levels[-1] != given[-1]:
            _MISSES.append({"set": "claims", "sentence": row["sentence"], "gold": _label(row), "said": str(claim)})
    return {
        "sentences": len(rows),
        "claim": binary(gold, said),
        "severity_kappa_quadratic": kappa(levels, given),
        "severity_kappa_linear": kappa(levels, given, power=1),
        "accuracy_on_found_claims": {name: round(_mean(values), 4) for name, values in right.items()},
        "claims_found": len(right["type"]),
    }


def _label(row: Mapping[str, Any]) -> str:
    return " ".join(str(row[name]) for name in ("claim", "type", "strength", "source", "negated", "severity"))


def cues(bench: Bench) -> Figures:
    """Sentences of BioScope that hold a hedge, a negation."""
    sentences = _bioscope(bench)
    wanted = {"speculation": "hedge", "negation": "negation"}
    gold: dict[str, list[bool]] = {name: [] for name in ("hedge", "negation")}
    said: dict[str, list[bool]] = {name: [] for name in ("hedge", "negation")}
    for text, kinds in sentences:
        found = audit.cues(text)
        for kind, name in wanted.items():
            gold[name].append(kind in kinds)
            said[name].append(any(cue.kind == name for cue in found))
    return {
        "hedge_sentences": binary(gold["hedge"], said["hedge"]),
        "negation_sentences": binary(gold["negation"], said["negation"]),
    }


def _bioscope(bench: Bench) -> list[tuple[str, set[str]]]:
    """Return sentences with the kinds of their cues; split by document."""
    found = []
    tree = ET.parse(bench.data / "claims/bioscope_abstracts.xml")  # noqa: S314 - a file of our own choosing
    for document in tree.iter("Document"):
        name = document.findtext("DocID") or ""
        if bench.part is None or part_of(name) == bench.part:
            found += [
                ("".join(sentence.itertext()), {cue.get("type", "") for cue in sentence.iter("cue")})
                for sentence in document.iter("sentence")
            ]
    count = min(bench.size("bioscope"), len(found))
    return [found[at] for at in sorted(random.Random("bioscope").sample(range(len(found)), count))]


SECTIONS: Mapping[str, Callable[[Bench], Figures]] = {
    "false_alarms": false_alarms,
    "hacked": hacked,
    "generated": generated,
    "evasions": evasions,
    "hard_negatives": hard_negatives,
    "claims": claims,
    "cues": cues,
}

_MISSES: list[dict[str, Any]] = []
"""What went wrong, for `--misses`."""


def _note_misses(name: str, outcomes: Iterable[Outcome]) -> None:
    for one in outcomes:
        if not one.exact:
            text = one.injection.text
            _MISSES.append({
                "set": name,
                "id": one.injection.id,
                "technique": one.injection.technique,
                "family": one.injection.family,
                "evasion": one.injection.evasion,
                "flagged": one.flagged,
                "gold": [_around(text, span) for span in one.injection.spans],
                "cut": [_around(text, span) for span in one.cuts],
            })  # fmt: skip


def _around(text: str, span: Span, context: int = 40) -> str:
    before, after = text[max(0, span.start - context) : span.start], text[span.end : span.end + context]
    return f"{before}⟦{text[span.start : span.end][:600]}⟧{after}"


def main() -> None:
    """Read the options, measure, print the table, write the figures."""
    parser = argparse.ArgumentParser(description="Measure accuracy on labelled data and generated injections.")
    parser.add_argument(
        "--data", type=Path, default=REPO.parent / "shared" / "data", help="folder of the labelled data"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--misses", type=Path, help="write what went wrong here, a JSON value a line")
    parser.add_argument("--quick", action="store_true", help="small samples; under a minute")
    parser.add_argument("--part", choices=(*get_args(Part), "all"), default="validation", help="half of the data")
    parser.add_argument(
        "--only", action="append", choices=tuple(SECTIONS), default=[], help="measure this section only"
    )
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.error(f"{options.data}: no such folder; name the labelled data with --data")
    part = None if options.part == "all" else options.part
    figures = measure(options.data, part=part, quick=options.quick, only=options.only)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.misses:
        lines = (json.dumps(miss, ensure_ascii=False) + "\n" for miss in _MISSES)
        options.misses.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
