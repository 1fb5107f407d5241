"""`report.html`: the whole run in one file that needs no network, for people to read and act on.

Nothing of a page is run or fetched: what comes from pages stands in the file as JSON that no parser takes for
markup, and the script puts it on the screen as text only. The content security policy allows the file's own style and
script by their digests and nothing else.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import msgspec

from audit.model import Finding, Page, PageReport
from audit.report.html.pageview import own_marks, view
from audit.report.html.parts import Bar, asset, bar, bars, write_page
from audit.report.run import Run
from audit.rules.load import RuleSet
from audit.rules.match import addresses
from audit.score import Deduction, deductions, part_deductions
from audit.spam.morphology import brand
from audit.text.digest import digest

MOST_PAGES = 5_000
"""Pages that are listed, the worst ones; a browser stays quick with them."""
MOST_FINDINGS = 60_000
"""Of the pages that are listed; with more of them, fewer pages are. The file stays under some 100 MB."""
MOST_BYTES = 30_000_000
"""Of page text that is embedded, the worst pages first."""

MOST_CAMPAIGNS = 20
"""The widest; `campaigns.jsonl` has all."""
MOST_SITES = 10
"""Sites, brands and hosts of a chart."""

_PARTS = ("spam", "claims", "safety", "sourcing", "transparency", "readability")
_ORDER = {"block": 0, "fix": 2, "review": 3, "pass": 4}
_FAILED = 1
_SEARCHED = 160
"""Code points of a quote that the search box looks through."""
_QUOTED = 5_000
"""Code points of a quote that are embedded; the whole stands in the text of the page."""
_TITLE = 140
_LINKED = re.compile(r"//((?:[\w-]+\.)+[\w-]+)")
"""The host of an address in full, as markup has it."""


def write(run: Run, file: BinaryIO) -> None:
    """Write `report.html`; the same run gives the same bytes, for it holds no time, host or absolute path."""
    from markupsafe import Markup  # noqa: PLC0415  `audit --help` does without

    overview = _Overview(run)
    rows, details, texts, left_out, sold = _pages(run, overview)
    index = {
        "rules": [_rule(name, family, why, run.rules) for name, (family, why) in overview.told.items()],
        "rows": rows,
        "textLeftOut": left_out,
        "baselined": run.baselined,
    }
    write_page(
        file,
        "report.html.j2",
        asset("report.css"),
        asset("report.js"),
        data=((name, Markup(_inert(value))) for name, value in _blobs(index, details, texts)),  # noqa: S704  escaped by _inert
        counts=run.counts,
        facts=run.facts,
        overview=overview,
        campaigns=list(islice(run.campaigns(), MOST_CAMPAIGNS)),
        advertised=_advertised(run, sold),
        baselined=run.baselined,
        outdated=_outdated(run),
        verdict=run.verdict,
        rows={row["i"]: row for row in rows},
        listed=len(rows),
        text_left_out=left_out,
    )


class _Overview:
    """What the first screen shows, from one pass over the reports."""

    def __init__(self, run: Run) -> None:
        self.histogram = [0] * 10
        """Pages by score; the last tenth holds 100 too."""
        self.told: dict[str, tuple[str, str]] = {}
        """Each rule that found something, in order of name, with its family and its reason."""
        self.failures: list[tuple[int, str, str]] = []
        """The first fifty pages that could not be read."""
        self.states: Counter[str] = Counter()
        """Findings above severity 0 by how they stand to the baseline and the suppressions."""
        families: dict[str, Counter[int]] = {}
        rules: dict[str, Counter[int]] = {}
        fresh: dict[str, Counter[int]] = {}
        sites: dict[str, Counter[str]] = {}
        ranks = _Ranks()
        scores: Counter[int] = Counter()
        for number, report in enumerate(run.reports()):
            ranks.add(_rank(number, report), len(report.findings))
            sites.setdefault(site(report), Counter())[report.verdict or "failed"] += 1
            if report.status == "failed" and len(self.failures) < 50:
                self.failures.append((number, report.id, report.error or ""))
            if report.score is not None:
                scores[report.score] += 1
                self.histogram[min(9, report.score // 10)] += 1
            for finding in report.findings:
                family = f"{finding.category}.{finding.family}"
                families.setdefault(family, Counter())[finding.severity] += 1
                rules.setdefault(finding.rule, Counter())[finding.severity] += 1
                self.told.setdefault(finding.rule, (family, finding.why))
                state = run.state(report, finding)
                if state and finding.severity:
                    self.states[state] += 1
                if state == "new" and finding.severity:
                    fresh.setdefault(family, Counter())[finding.severity] += 1
        self.told = dict(sorted(self.told.items()))
        worst = ranks.worst()
        self.listed = [number for _, _, number in worst]
        """Numbers of the pages in the list, the worst first."""
        self.worst = [number for rank, _, number in worst[:7] if rank != _ORDER["pass"]]
        self.median = _median(scores)
        self.families = bars(families)
        self.rules = bars(rules)
        self.fresh = bars(fresh)
        self.sites = _worst_sites(sites)
        self.site_count = len(sites)


class _Ranks:
    """The worst pages of a run of any length."""

    def __init__(self) -> None:
        self._kept: list[tuple[tuple[int, int, int], int]] = []

    def add(self, rank: tuple[int, int, int], findings: int) -> None:
        """Take a page in; pages that cannot be listed any more are let go now and then."""
        self._kept.append((rank, findings))
        if len(self._kept) >= 2 * MOST_PAGES:
            self._kept = heapq.nsmallest(MOST_PAGES, self._kept)

    def worst(self) -> list[tuple[int, int, int]]:
        """Return the ranks of the pages that are listed, the worst first; one page is, however much was found."""
        listed: list[tuple[int, int, int]] = []
        room = MOST_FINDINGS
        for rank, findings in heapq.nsmallest(MOST_PAGES, self._kept):
            room -= findings
            if room < 0 and listed:
                break
            listed.append(rank)
        return listed


def _median(scores: Counter[int]) -> int | None:
    left = (scores.total() + 1) // 2
    for score in sorted(scores):
        left -= scores[score]
        if left <= 0:
            return score
    return None


def site(report: PageReport) -> str:
    """Return where a page is from: the host of its address; without one, the folder or file of records it stands in."""
    if report.url:
        try:
            host = urlsplit(report.url).hostname
        except ValueError:
            host = None
        if host:
            return host
    path = report.path or ""
    return path if path and path != report.id else path.rpartition("/")[0]


def _worst_sites(sites: dict[str, Counter[str]]) -> list[Bar]:
    """Return the sites with the most pages to look at, the gravest first; none where there is only one site."""
    kinds = ("block", "failed", "fix", "review")
    bad = {name: [(kind, table[kind]) for kind in kinds if table[kind]] for name, table in sites.items()}
    order = sorted((name for name in bad if bad[name]), key=lambda name: ([-sites[name][kind] for kind in kinds], name))
    shown = order[:MOST_SITES] if len(sites) > 1 else []
    longest = max((sites[name].total() for name in shown), default=1)
    return [bar(name, [*bad[name], ("pass", sites[name]["pass"])], longest) for name in shown]


def _outdated(run: Run) -> list[str]:
    """Say which entries of the baseline and the suppressions do nothing any more."""
    known = run.known
    said = (
        (len(known.stale), "of the baseline: nothing of this run answers to them"),
        (len(known.unused), "of the suppressions: no finding fits them"),
        (len(known.expired), "of the suppressions: their date has passed, they suppress nothing"),
    )
    return [f"{count:,} {'entry' if count == 1 else 'entries'} {what}." for count, what in said if count]


def _advertised(run: Run, sold: dict[str, Counter[str]]) -> dict[str, list[Bar]]:
    """Return what the spam of the run advertises by pages, that of the most pages first: campaigns' and all cuts'."""
    for campaign in run.campaigns():
        sold["brands"] |= Counter(campaign.brands)
        sold["hosts"] |= Counter(campaign.hosts)
    shown: dict[str, list[Bar]] = {}
    for kind, table in sold.items():
        most = sorted(table.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_SITES]
        if most:
            shown[kind] = [bar(name, [("block", pages)], most[0][1]) for name, pages in most]
    return shown


def _rank(number: int, report: PageReport) -> tuple[int, int, int]:
    """Sort pages, the worst first: those that block, those that could not be read, then by verdict and score."""
    verdict = _FAILED if report.verdict is None else _ORDER[report.verdict]
    return verdict, 100 if report.score is None else report.score, number


def _pages(
    run: Run, overview: _Overview
) -> tuple[list[dict[str, Any]], dict[int, bytes], dict[int, bytes], int, dict[str, Counter[str]]]:
    """Return rows of the list, details and texts of its pages, how many texts had to stay out, and what cuts sell."""
    listed = set(overview.listed)
    numbers = {rule: number for number, rule in enumerate(overview.told)}
    rows: list[dict[str, Any]] = []
    details: dict[int, bytes] = {}
    sold: dict[str, Counter[str]] = {"brands": Counter(), "hosts": Counter()}
    last = max(listed, default=-1)
    texts = _Worst(MOST_BYTES)
    for number, (report, page) in enumerate(islice(_paired(run), last + 1)):
        if number not in listed:
            continue
        if page is not None:
            sold["brands"].update(_cut_brands(page, report))
            sold["hosts"].update(_cut_hosts(page, report))
        rank = _rank(number, report)
        shown = view(page, report) if page is not None and texts.may_take(rank) else None
        if page is not None and shown is None:
            texts.left_out += 1
        title = shown.title if shown else _title(page) if page else ""
        places = shown.claim_places if shown else None
        rows.append(_row(number, report, run, title, numbers))
        details[number] = msgspec.json.encode(_detail(report, run, overview.told, numbers, places))
        if shown is not None:
            text = {"unseen": shown.unseen, "parts": shown.parts}
            texts.add(rank, msgspec.json.encode(text))
    return rows, details, texts.kept(), texts.left_out, sold


def _cut_brands(page: Page, report: PageReport) -> set[str]:
    """Return the words of the cuts that are built like brands: `goldbet7`, `slot88`. A name like any other is none."""
    words = {word for cut in report.cuts for word in _MADE.findall(page.text[cut.start : cut.end])}
    return {word.lower() for word in words if brand(word).strength >= _SURELY_A_BRAND}


_MADE = re.compile(r"(?<![\w./-])[A-Za-z0-9]{5,40}(?![\w/-]|\.\w)")
"""A word by itself: one of an address counts as its host."""
_SURELY_A_BRAND = 0.7


def _cut_hosts(page: Page, report: PageReport) -> set[str]:
    """Return the hosts that the cuts of a page name, in text or markup; not that of the page itself."""
    cuts = [page.text[cut.start : cut.end].lower() for cut in report.cuts]
    hosts = {host for text in cuts for host in _LINKED.findall(text)}
    hosts |= {address.host for text in cuts for address in addresses(text)}
    return {host.removeprefix("www.") for host in hosts} - {site(report).removeprefix("www.")}


def _paired(run: Run) -> Iterator[tuple[PageReport, Page | None]]:
    """Yield each report with its page, or with none where it failed, cannot be had again, or is another by now."""
    pages = run.pages()
    page = next(pages, None)
    for report in run.reports():
        if page is None or page.id != report.id:
            yield report, None
            continue
        same = report.sha256 == digest(page.text)
        yield report, page if same else None
        page = next(pages, None)


class _Worst:
    """Keeps the texts of the worst pages, as many as there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._heap: list[tuple[tuple[int, ...], bytes]] = []
        self._least: tuple[int, ...] | None = None
        self.left_out = 0

    def may_take(self, rank: tuple[int, int, int]) -> bool:
        """Whether a page of this rank has a chance; one that has none need not be parsed."""
        return self._least is None or tuple(-value for value in rank) >= self._least

    def add(self, rank: tuple[int, int, int], text: bytes) -> None:
        """Take a text in; the best pages make room for it."""
        key = tuple(-value for value in rank)
        self._room -= len(text)
        heapq.heappush(self._heap, (key, text))
        while self._heap and (self._room < 0 or (self._least is not None and self._heap[0][0] < self._least)):
            key, gone = heapq.heappop(self._heap)
            self._least = key if self._least is None else max(key, self._least)
            self._room += len(gone)
            self.left_out += 1

    def kept(self) -> dict[int, bytes]:
        return {-key[-1]: text for key, text in self._heap}


def _title(page: Page) -> str:
    """Return a title without parsing the page, for one that is listed only."""
    if page.kind == "html":
        found = re.search(r"<title[^>]{0,200}>([^<]{0,500})", page.text[:100_000], re.IGNORECASE)
        return " ".join(unescape(found[1]).split()) if found else ""
    return page.text[:2_000].lstrip("\ufeff#\r\n\t ").partition("\n")[0].strip()


def _row(number: int, report: PageReport, run: Run, title: str, numbers: dict[str, int]) -> dict[str, Any]:
    severities = [0] * 5
    states: Counter[str] = Counter()
    for finding in report.findings:
        severities[finding.severity] += 1
        if finding.severity and (state := run.state(report, finding)):
            states[state] += 1
    worst = max(report.findings, key=lambda finding: (finding.severity, finding.confidence), default=None)
    return {
        "i": number,
        "id": report.id,
        "url": report.url,
        "path": report.path,
        "title": title[:_TITLE],
        "verdict": report.verdict or "failed",
        "score": report.score,
        "severities": severities,
        "cuts": len(report.cuts),
        "claims": len(report.claims),
        "states": states,
        "site": site(report),
        "rules": sorted({numbers[finding.rule] for finding in report.findings}),
        "worst": worst.message if worst else report.error or "",
        "quotes": "\n".join(finding.quote[:_SEARCHED] for finding in report.findings),
    }


def _detail(
    report: PageReport,
    run: Run,
    told: dict[str, tuple[str, str]],
    numbers: dict[str, int],
    claim_places: Sequence[tuple[int, int]] | None,
) -> dict[str, Any]:
    own = {id(claim): number for number, claim in enumerate(own_marks(report), len(report.findings))}
    by_span = {
        (span.start, span.end): number
        for number, finding in reversed(list(enumerate(report.findings)))
        if finding.category != "spam"
        for span in finding.spans
    }
    profile = run.rules.for_page(report.id, report.path, report.url).profile
    by_fingerprint = {finding.fingerprint: number for number, finding in enumerate(report.findings)}
    return {
        "kind": report.kind,
        "encoding": report.encoding,
        "error": report.error,
        "scores": [(part, getattr(report.scores, part)) for part in _PARTS] if report.scores else [],
        "cutCharacters": sum(cut.end - cut.start for cut in report.cuts),
        "findings": [_finding(report, finding, run, told, numbers) for finding in report.findings],
        "claims": [
            {
                "type": claim.type,
                "strength": claim.strength,
                "source": claim.source,
                "negated": claim.negated,
                "severity": claim.severity,
                "quote": claim.quote,
                "place": claim_places[at] if claim_places else None,
                "mark": own.get(id(claim), by_span.get((claim.start, claim.end))),
            }
            for at, claim in enumerate(report.claims)
        ],
        "disclaimers": Counter(disclaimer.kind for disclaimer in report.disclaimers),
        "deductions": [_deduction(lost, by_fingerprint) for lost in deductions(report, profile)],
        "lost": {
            part: [_deduction(lost, by_fingerprint) for lost in taken]
            for part, taken in part_deductions(report, profile).items()
            if taken
        },
    }


def _deduction(lost: Deduction, by_fingerprint: dict[str, int]) -> dict[str, Any]:
    return {
        "points": lost.points,
        "part": lost.part,
        "rule": lost.rule,
        "missing": lost.missing,
        "mark": by_fingerprint.get(lost.fingerprint),
    }


def _finding(
    report: PageReport, finding: Finding, run: Run, told: dict[str, tuple[str, str]], numbers: dict[str, int]
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "rule": numbers[finding.rule],
        "category": finding.category,
        "family": finding.family,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "action": finding.action,
        "message": finding.message,
        "quote": finding.quote[:_QUOTED],
        "places": [(span.line, span.column) for span in finding.spans],
        "evidence": [(evidence.name, evidence.weight) for evidence in finding.evidence],
    }
    if state := run.state(report, finding):
        content["state"] = state
    if reason := run.known.standing(report, finding).reason:
        content["reason"] = reason
    if finding.why != told[finding.rule][1]:
        content["why"] = finding.why
    return content


def _rule(name: str, family: str, why: str, rules: RuleSet) -> dict[str, str]:
    content = {"id": name, "family": family, "why": why}
    if name not in rules.known:  # found by code, not by a rule of a pack
        return content
    rule = rules.get(name)
    return {**content, "help": rule.help, "source": rule.source.title, "sourceUrl": rule.source.url}


def _blobs(index: dict[str, Any], details: dict[int, bytes], texts: dict[int, bytes]) -> Iterator[tuple[str, bytes]]:
    yield "index", msgspec.json.encode(index)
    for number in sorted(details):
        yield f"page-{number}", details[number]
        if number in texts:
            yield f"text-{number}", texts[number]


def _inert(json: bytes) -> str:
    """Return JSON that means the same and that neither an HTML parser nor an old script parser can trip over.

    The five characters occur inside strings only, where an escape may stand for them.
    """
    text = json.decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
