"""What `accuracy.py` measures of spam: false alarms, injections, look-alikes, confidence, speed."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

import msgspec

from audit import spam
from audit.findings import Reporter
from audit.model import Kind, Page, PageReport
from audit.page import parse
from audit.spam import Injected
from audit.text.span import Span, union
from benchmarks import hard_negatives as hard
from benchmarks.baselines import BASELINES, EXTRACTION, NGRAMS, Baseline, MissingPeer, extraction, ngrams
from benchmarks.bench import Bench, Figures, Said
from benchmarks.injections import (
    EVASIONS,
    HTML_ONLY,
    Injection,
    Source,
    evaded,
    injections,
    real_strings,
    whole_pages,
)
from benchmarks.measures import (
    Outcome,
    Rate,
    expected_error,
    mean,
    mean_interval,
    outcome,
    reliability,
    summary,
)
from benchmarks.pages import FOLDER as PAGES
from benchmarks.pages import written


def cuts_of(report: PageReport | Injected | None) -> tuple[Span, ...]:
    return tuple(Span(cut.start, cut.end) for cut in report.cuts) if report else ()


def flags_of(report: PageReport | Injected | None) -> tuple[Span, ...]:
    return tuple(
        Span(span.start, span.end)
        for finding in (report.findings if report else ())
        if finding.category == "spam" and finding.action != "note"
        for span in finding.spans
    )


def alarmed(report: PageReport | Injected | None) -> bool:
    """Whether a page has a spam finding that is more than a note."""
    return bool(report and (report.cuts or any(f.category == "spam" and f.action != "note" for f in report.findings)))


# --- clean pages ------------------------------------------------------------------------------------------------------

Pages = Sequence[tuple[str, Kind, str]]


def false_alarms(bench: Bench) -> Figures:
    """Clean pages with a cut, with a spam flag; characters lost; share with a claim or safety finding of 3 and more."""
    return {title: _alarms(bench, pages, title) for title, pages in clean_sets(bench).items()}


def clean_sets(bench: Bench) -> dict[str, list[tuple[str, Kind, str]]]:
    """Return id, kind and text of the clean pages, by set."""
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
    if bench.part == "validation":
        mine = [(page.name, kind, said) for page in written(PAGES) for kind, said in page.forms()]
        sets[WRITTEN] = bench.sample(mine, "pages")
    return sets


WRITTEN = "pages by other hands, text and HTML"
"""Pages that the project had written: their alarms are counted, and shown to nobody who tunes."""


def _alarms(bench: Bench, pages: Pages, title: str) -> Figures:
    cut = flagged = lost = severe = bare_cut = bare_flagged = 0
    for page_id, kind, text in pages:
        report = bench.audit(page_id, kind, text)
        if report is None:
            continue
        cut += bool(report.cuts)
        flagged += alarmed(report)
        lost += sum(len("".join(text[span.start : span.end].split())) for span in cuts_of(report))
        severe += any(f.severity >= 3 and f.category != "spam" for f in report.findings)
        _note_said(bench, report, (), "clean pages")
        if alarmed(report) and title != WRITTEN:
            spam_found = [f for f in report.findings if f.category == "spam" and f.action != "note"]
            bench.misses.append({
                "set": title, "id": page_id, "cut": bool(report.cuts),
                "found": [f"{f.action} {f.rule} {f.confidence}: {f.quote[:200]}" for f in spam_found],
            })  # fmt: skip
        bare = bench.spam(page_id, kind, text, without="lexicon")
        bare_cut += bool(cuts_of(bare))
        bare_flagged += alarmed(bare)
    total = len(pages)
    return {
        "pages": total,
        "cut": Rate(cut, total).as_dict(),
        "flag": Rate(flagged, total).as_dict(),
        "characters_lost": lost,
        "severe": Rate(severe, total).as_dict(),
        "without_lexicon": {"cut": Rate(bare_cut, total).as_dict(), "flag": Rate(bare_flagged, total).as_dict()},
    }


def damage(bench: Bench) -> Figures:
    """Clean pages that each baseline cuts into, and what it takes of their text, beside the audit itself."""
    texts = bench.sample(bench.rows("clean/nih.jsonl"), "damaged")
    return {name: _damage(cut, texts) for name, cut in {"article audit": _auditing(bench), **_peers(bench)}.items()}


def _auditing(bench: Bench) -> Baseline:
    return lambda text, kind: cuts_of(bench.spam("damage", kind, text))


def _damage(cut: Baseline, rows: Sequence[Mapping[str, str]]) -> Figures:
    lost = [sum(len("".join(r["text"][s.start : s.end].split())) for s in cut(r["text"], "text")) for r in rows]
    ink = sum(len("".join(row["text"].split())) for row in rows)
    return {"cut": Rate(sum(map(bool, lost)), len(rows)).as_dict(), "characters": round(sum(lost) / max(ink, 1), 4)}


def _peers(bench: Bench) -> dict[str, Baseline]:
    """Return the baselines; without one whose package is missing, said once."""
    peers = dict(BASELINES)
    made: Mapping[str, Callable[[], Baseline]] = {NGRAMS: lambda: _trained(bench), EXTRACTION: extraction}
    for name, make in made.items():
        try:
            peers[name] = make()
        except MissingPeer as missing:
            bench.notes.add(str(missing))
    return peers


def _trained(bench: Bench) -> Baseline:
    """Return the n-gram classifier, trained on injections and clean texts of the part to tune on."""
    if bench.classifier is None:
        pages = [Source(row["id"], "text", row["text"]) for row in bench.everything("clean/nih.jsonl")]
        made = injections(pages, bench.size("trained"), part="dev", strings=strings_of(bench))
        kept = list(made)
        bench.classifier = ngrams(
            ["\n".join(one.text[span.start : span.end] for span in one.spans) for one in kept],
            [one.clean for one in kept[: len(kept) // 3]],
        )
    return bench.classifier


def strings_of(bench: Bench) -> dict[str, tuple[str, ...]]:
    """Return the strings seen on hacked pages, by use."""
    return real_strings(bench.data / "spam/strings.txt")


# --- injected pages ---------------------------------------------------------------------------------------------------


class Pair(msgspec.Struct, frozen=True):
    """What became of an injected page with the lexicon and without it."""

    full: Outcome
    bare: Outcome


def _pairs(bench: Bench, made: Iterable[Injection], where: str) -> Iterator[Pair]:
    for one in made:
        report = bench.spam(one.id, one.kind, one.text)
        _note_said(bench, report, (*one.spans, *one.may), where)
        bare = bench.spam(one.id, one.kind, one.text, without="lexicon")
        pair = Pair(outcome(one, cuts_of(report), flags_of(report)), outcome(one, cuts_of(bare), flags_of(bare)))
        _note_miss(bench, where, pair.full)
        yield pair


def _both(pairs: Sequence[Pair], unit: Callable[[Outcome], str] | None = None) -> Figures:
    """Return the figures with the lexicon, and under `without_lexicon` those without it."""
    full, bare = [pair.full for pair in pairs], [pair.bare for pair in pairs]
    if unit is None:
        return {**summary(full), "without_lexicon": summary(bare)}
    return {**summary(full, unit), "without_lexicon": summary(bare, unit)}


def _grouped(pairs: Sequence[Pair], key: Callable[[Injection], str]) -> Figures:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[key(pair.full.injection)].append(pair)
    return {name: _both(groups[name]) for name in sorted(groups, key=_natural)}


def _natural(name: str) -> tuple[str, int]:
    return (name[:1], int(name[1:])) if re.fullmatch(r"T\d+", name) else (name, 0)


def hacked_pages(bench: Bench) -> Iterator[tuple[str, Injection]]:
    """Yield really hacked pages with their hosts."""
    for row in bench.rows("spam/pages.jsonl"):
        if row["group"] == "A":
            spans = tuple(Span(span["start"], span["end"]) for span in row["spans"])
            yield row["host"], Injection(row["id"], "text", row["text"], spans, (), "", "real", row["family"] or "")


def hacked(bench: Bench) -> Figures:
    """Real hacked pages, mean over hosts, and real pages that are spam as a whole."""
    hosts: dict[str, list[Pair]] = defaultdict(list)
    host_of: dict[str, str] = {}
    for host, page in hacked_pages(bench):
        host_of[page.id] = host
        hosts[host] += _pairs(bench, [page], "hacked pages")
    rows = bench.rows("spam/pages.jsonl")
    whole = [bench.audit(row["id"], "text", row["text"]) for row in rows if row["group"] == "D"]
    everything = [pair for group in hosts.values() for pair in group]
    by_host = {host: _both(group) for host, group in sorted(hosts.items())}
    return {
        "pages": _both(everything, lambda one: host_of[one.injection.id]),
        "mean_over_hosts": _over_hosts(list(by_host.values())),
        "mean_over_hosts_without_lexicon": _over_hosts([one["without_lexicon"] for one in by_host.values()]),
        "by_host": by_host,
        "by_family": _grouped(everything, lambda one: one.family or "other"),
        "baselines": _by_baseline(bench, [pair.full for pair in everything]),
        "spam_pages_blocked": Rate(sum(r is not None and r.verdict == "block" for r in whole), len(whole)).as_dict(),
        "spam_pages_flagged": Rate(sum(alarmed(report) for report in whole), len(whole)).as_dict(),
    }


def _over_hosts(hosts: Sequence[Figures]) -> Figures:
    """Return means over hosts, each with its interval from a bootstrap over hosts."""
    figures: Figures = {"hosts": len(hosts)}
    for name in ("precision", "recall", "f1", "found", "found_or_flagged", "exact"):
        values = [host[name] for host in hosts]
        low, high = mean_interval(values)
        figures |= {name: round(mean(values), 4), f"{name}_low": low, f"{name}_high": high}
    return figures


def _by_baseline(bench: Bench, outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of each baseline on the same pages; the slow ones see fewer of them."""
    figures = {}
    for name, cut in _peers(bench).items():
        seen = outcomes[: bench.size("extracted")] if name == EXTRACTION else outcomes
        figures[name] = summary([outcome(o.injection, cut(o.injection.text, o.injection.kind)) for o in seen])
    return figures


def sources_of(bench: Bench) -> dict[str, list[Source]]:
    """Return the clean pages to inject into, by kind."""
    texts = [Source(row["id"], "text", row["text"]) for row in bench.rows("clean/nih.jsonl")]
    html = [Source(row["id"], "html", row["html"]) for row in bench.rows("html/modern.jsonl")]
    html += [
        Source(row["id"], "html", row["html"]) for row in bench.rows("html/health.jsonl") if row["label"] == "reliable"
    ]
    return {"text": texts, "html": html}


def generated(bench: Bench) -> Figures:
    """Measure injections into clean texts and real HTML pages, by technique, family and language, beside baselines."""
    figures: Figures = {}
    for kind, pages in sources_of(bench).items():
        made = injections(pages, bench.size(kind), part=bench.speaks, strings=strings_of(bench))
        pairs = list(_pairs(bench, made, f"generated, {kind}"))
        seen = pairs[: bench.size("peers")] if kind == "html" else pairs
        figures[kind] = {
            "all": _both(pairs),
            "lists_emptied": _with_words(bench, [pair.full for pair in pairs]),
            "by_technique": _grouped(pairs, lambda one: one.technique),
            "by_family": _grouped(pairs, lambda one: one.family),
            "by_language": _grouped(pairs, lambda one: one.language),
            "baselines": _by_baseline(bench, [pair.full for pair in seen]),
        }
    return figures


def _with_words(bench: Bench, outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of a part of the pages when the rules' lists are emptied and the words in code are not."""
    seen = [one.injection for one in outcomes[: bench.size("lists")]]
    reports = [(page, bench.spam(page.id, page.kind, page.text, without="lists")) for page in seen]
    return summary([outcome(page, cuts_of(report), flags_of(report)) for page, report in reports])


def evasions(bench: Bench) -> Figures:
    """Measure lists and sentences in nine disguises."""
    sources = sources_of(bench)
    figures: Figures = {}
    for evasion in EVASIONS:
        pages = sources["html" if evasion in HTML_ONLY else "text"]
        made = evaded(pages, bench.size("evasion"), part=bench.speaks, evasion=evasion, strings=strings_of(bench))
        figures[evasion] = _both(list(_pairs(bench, made, evasion)))
    return figures


def pages_as_a_whole(bench: Bench) -> Figures:
    """Generated shops, doorways and reflected searches: blocked without a cut; redirects: flagged."""
    groups: dict[str, list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    for page in whole_pages(bench.size("whole"), part=bench.speaks):
        report = bench.audit(page.id, page.kind, page.text)
        bare = bench.audit(page.id, page.kind, page.text, without="lexicon")
        blocked, bare_blocked = (r is not None and r.verdict == "block" for r in (report, bare))
        row = (blocked, blocked and not cuts_of(report), alarmed(report), bare_blocked)
        for group in ("all", page.form, page.kind):
            groups[group].append(row)
        if not row[1]:
            bench.misses.append({
                "set": "whole pages", "id": page.id, "family": page.family, "blocked": blocked,
                "cuts": len(cuts_of(report)), "text": page.text[:600],
            })  # fmt: skip
    names = ("blocked", "blocked_without_cut", "flagged", "blocked_without_lexicon")
    return {
        "redirects": _redirects(bench),
        **{
            group: {name: Rate(sum(row[at] for row in rows), len(rows)).as_dict() for at, name in enumerate(names)}
            for group, rows in sorted(groups.items())
        },
    }


def _redirects(bench: Bench) -> Figures:
    """Return how many planted redirects and packed scripts (T22) are flagged; there is nothing to cut to the letter."""
    pages = sources_of(bench)["html"]
    made = injections(pages, bench.size("redirects"), part=bench.speaks, techniques=("T22",))
    outcomes = [pair.full for pair in _pairs(bench, made, "redirects")]
    return Rate(sum(one.flagged for one in outcomes), len(outcomes)).as_dict()


def _note_miss(bench: Bench, name: str, one: Outcome) -> None:
    if one.exact:
        return
    text = one.injection.text
    bench.misses.append({
        "set": name,
        "id": one.injection.id,
        "technique": one.injection.technique,
        "family": one.injection.family,
        "language": one.injection.language,
        "evasion": one.injection.evasion,
        "flagged": one.flagged,
        "gold": [_around(text, span) for span in one.injection.spans],
        "cut": [_around(text, span) for span in one.cuts],
    })  # fmt: skip


def _around(text: str, span: Span, context: int = 40) -> str:
    before, after = text[max(0, span.start - context) : span.start], text[span.end : span.end + context]
    return f"{before}⟦{text[span.start : span.end][:600]}⟧{after}"


# --- hard negatives ---------------------------------------------------------------------------------------------------


class Tried(msgspec.Struct, frozen=True):
    """One carried look-alike and what was made of it."""

    page: hard.Carried
    cut: bool
    flagged: bool


def hard_negatives(bench: Bench) -> Figures:
    """Honest texts that look like spam, alone and in ordinary articles; the kinds held back from development apart."""
    parts: tuple[hard.Part, ...] = ("dev",) if bench.part == "dev" else ("held", "other", "dev")
    return {part: _hard(bench, part) for part in parts}


def look_alikes(bench: Bench, part: hard.Part) -> Iterable[hard.Carried]:
    """Return the honest look-alikes of a part of their kinds in ordinary articles."""
    documents = [
        Source(row["id"], "text", row["text"])
        for row in bench.rows("clean/nih.jsonl")
        if 900 < len(row["text"]) < 4000 and "\n" in row["text"].strip()
    ]
    return hard.carried(hard.hard_negatives(part), documents, every=bench.size("hard"))


def _hard(bench: Bench, part: hard.Part) -> Figures:
    tried = []
    for page in look_alikes(bench, part):
        report = bench.spam(page.id, page.form, page.page)
        one = Tried(page, bool(cuts_of(report)), alarmed(report))
        tried.append(one)
        _note_said(bench, report, (), "hard negatives")
        if one.flagged and part == "dev":  # what went wrong on held kinds is counted, never shown
            bench.misses.append({
                "set": "hard negatives", "kind": page.kind, "text": page.hard, "place": f"{page.form}, {page.place}",
                "cut": one.cut,
                "rules": sorted({f.rule for f in report.findings if f.category == "spam"}) if report else [],
            })  # fmt: skip
    by_text: dict[tuple[str, str], bool] = defaultdict(bool)
    for one in tried:
        by_text[one.page.kind, one.page.hard] |= one.flagged
    return {
        "kinds": len({one.page.kind for one in tried}),
        "texts": len(by_text),
        **_hard_rates(tried),
        "texts_flagged_anywhere": Rate(sum(by_text.values()), len(by_text)).as_dict(),
        "by_kind": _hard_groups(tried, lambda page: page.kind),
        "by_place": _hard_groups(tried, lambda page: f"{page.form}, {page.place}"),
    }


def _hard_rates(tried: Sequence[Tried]) -> Figures:
    return {
        "pages": len(tried),
        "cut": Rate(sum(one.cut for one in tried), len(tried)).as_dict(),
        "flag": Rate(sum(one.flagged for one in tried), len(tried)).as_dict(),
    }


def _hard_groups(tried: Sequence[Tried], key: Callable[[hard.Carried], str]) -> Figures:
    groups: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        groups[key(one.page)].append(one)
    return {name: _hard_rates(group) for name, group in sorted(groups.items())}


# --- confidence and speed ---------------------------------------------------------------------------------------------

_SURE = 0.9
_EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


def _note_said(bench: Bench, report: PageReport | Injected | None, gold: Sequence[Span], where: str) -> None:
    """Keep the confidence of each spam finding; it is right where most of it is what was put in."""
    gone = union(gold)
    for finding in report.findings if report else ():
        if finding.category == "spam" and finding.spans:
            spans = [Span(span.start, span.end) for span in finding.spans]
            inside = sum(
                max(0, min(span.end, other.end) - max(span.start, other.start)) for span in spans for other in gone
            )
            right = 2 * inside >= sum(map(len, spans))
            bench.said.append(Said(finding.confidence, right, finding.action, where))


def confidence(bench: Bench) -> Figures:
    """Return how often findings of each confidence were right, over every page that the sections before looked at."""

    def told(said: Sequence[Said]) -> Figures:
        bins = reliability([(one.confidence, one.right) for one in said], _EDGES)
        sure = [one.right for one in said if one.confidence >= _SURE]
        return {
            "findings": len(said), "error": expected_error(bins), "bins": msgspec.to_builtins(bins),
            "sure": Rate(sum(sure), len(sure)).as_dict(),
        }  # fmt: skip

    acted = [one for one in bench.said if one.action != "note" and one.where != "redirects"]
    return {
        "all": told(acted),
        "cut": told([one for one in acted if one.action == "cut"]),
        "less hard negatives": told([one for one in acted if one.where != "hard negatives"]),
    }


def speed(bench: Bench) -> Figures:
    """Return the time of the spam stage on clean texts of about 700 words, beside two peers in the same run.

    The peers: one regular expression that finds the words of the text, and a plain normalising pass (NFKC, lower case,
    words). The machine's mood goes into all of them, so the ratios are steadier than the times.
    """
    rows = [row for row in bench.rows("clean/nih.jsonl") if 600 <= len(row["text"].split()) <= 800]
    pages = [Page(id=row["id"], kind="text", text=row["text"]) for row in rows[: bench.size("speed")]]
    articles = [parse(page) for page in pages]
    words = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

    def normalised(text: str) -> list[str]:
        return words.findall(unicodedata.normalize("NFKC", text).casefold())

    stages: dict[str, Callable[[int], object]] = {
        "spam": lambda at: spam.detect(articles[at], bench.rules, Reporter(pages[at].text)),
        "parse": lambda at: parse(pages[at]),
        "audit": lambda at: bench.audit("speed", "text", pages[at].text),
        "words": lambda at: words.findall(pages[at].text),
        "normalise": lambda at: normalised(pages[at].text),
    }
    best = {
        name: [min(_timed(stage, at) for _ in range(4)) for at in range(len(pages))] for name, stage in stages.items()
    }
    times = {name: round(1000 * median(found), 3) for name, found in best.items()}
    return {
        "texts": len(pages),
        "words": round(median(len(page.text.split()) for page in pages)),
        "ms": times,
        "mean_spam_ms": round(1000 * mean(best["spam"]), 3),
        "spam_to_normalise": round(times["spam"] / times["normalise"], 2),
        "spam_to_words": round(times["spam"] / times["words"], 2),
    }


def _timed(stage: Callable[[int], object], at: int) -> float:
    began = time.perf_counter()
    stage(at)
    return time.perf_counter() - began
