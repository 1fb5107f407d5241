"""Made-up runs for the tests of the writers: reports by hand, so that no rule or judge can move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from audit.findings import Reporter
from audit.known import Known
from audit.model import Campaign, Claim, Cut, Disclaimer, Evidence, Finding, Page, PageReport, Specimen
from audit.report.counts import count
from audit.report.run import PackFact, Run, RunFacts
from audit.rules.schema import Profile
from audit.score import judge
from audit.suppressions import Suppression
from audit.text.digest import digest
from audit.text.span import Span, without

FACTS = RunFacts(
    version="0.1.0",
    python="3.11.9",
    libraries={"selectolax": "0.3.28"},
    packs=(PackFact(pack="spam.gambling", version=1, rules=3, digest="ab" * 32),),
    rules_digest="cd" * 32,
    profile="default",
    settings={"jobs": 1},
    sources=("samples/",),
    jobs=1,
    started="2026-01-02T03:04:05+00:00",
    finished="2026-01-02T03:04:06+00:00",
    seconds=1.0,
    host="desk",
)


def rules() -> Any:
    """Return what the writers ask of a rule set: a profile, and no rule of any name."""
    rules = SimpleNamespace(profile=Profile(profile="default"), known={}, disabled=(), digest="cd" * 32)
    rules.for_page = lambda *_: rules
    return rules


def place(text: str, quote: str) -> Span:
    at = text.index(quote)
    return Span(at, at + len(quote))


def finding(text: str, quote: str | None, **said: Any) -> Finding:
    told: dict[str, Any] = {
        "rule": "spam.gambling.lead",
        "category": "spam",
        "family": "gambling",
        "severity": 4,
        "confidence": 0.98,
        "action": "cut",
        "message": "Injected keyword list: “{quote}”.",
        "why": "Readers came for health advice; the line sells bets.",
        "evidence": (Evidence("brand morphology", 2.1), Evidence("list before a colon", 1.8)),
    }
    spans = () if quote is None else (place(text, quote),)
    return Reporter(text).finding(spans=spans, **{**told, **said})


def claim(text: str, quote: str, **said: Any) -> Claim:
    told: dict[str, Any] = {"type": "treat", "strength": "weak", "source": "none", "negated": False, "severity": 1}
    span = place(text, quote)
    return Claim(start=span.start, end=span.end, quote=quote, **{**told, **said})


def report(
    page: Page,
    *,
    cuts: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    claims: Sequence[Claim] = (),
    disclaimers: Sequence[Disclaimer] = (),
) -> PageReport:
    """Return the page's report, scored as the pipeline would."""
    spans = [place(page.text, quote) for quote in cuts]
    judged = judge(findings, claims, disclaimers, Profile(profile="default"))
    return PageReport(
        id=page.id,
        url=page.url,
        path=page.path,
        kind=page.kind,
        sha256=digest(page.text),
        status="ok",
        verdict=judged.verdict,
        score=judged.score,
        scores=judged.scores,
        cuts=tuple(Cut(span.start, span.end, ("spam.gambling.lead",)) for span in spans),
        clean_sha256=digest(without(page.text, spans)),
        findings=tuple(findings),
        claims=tuple(claims),
        disclaimers=tuple(disclaimers),
        encoding="utf-8",
    )


def unread(name: str = "gone.html", error: str = "gone.html: it is empty\n  leave it out") -> PageReport:
    return PageReport(id=name, url=None, path=name, kind=None, sha256=None, status="failed", error=error)


def run(folder: Path, reports: Sequence[PageReport], pages: Sequence[Page] = ()) -> Run:
    def all_reports() -> Iterator[PageReport]:
        return iter(reports)

    return Run(
        folder=folder,
        reports=all_reports,
        pages=lambda: iter(pages),
        rules=rules(),
        facts=FACTS,
        counts=count(reports),
    )


def known(told: PageReport, *, accepted: Sequence[int] = (), ignored: dict[int, str] | None = None) -> Known:
    """Return what is known of some findings of a page, by their number."""
    prints = frozenset((told.id, told.findings[at].fingerprint) for at in accepted)
    suppressed = [
        Suppression(fingerprint=told.findings[at].fingerprint, page=told.id, reason=reason)
        for at, reason in (ignored or {}).items()
    ]
    return Known(prints, suppressed)


def campaign(what: str, page: str, **said: Any) -> Campaign:
    shown = Specimen(
        page=page, url="https://clinic.example/a?b=1&c=2", quote="casino, slots: ", action="cut", confidence=0.9
    )
    told: dict[str, Any] = {
        "id": what, "what": what, "family": "gambling", "pages": 3, "cut": 2, "sites": {"a.example": 2, "": 1},
        "site_count": 2, "texts": {}, "brands": {"maribook9": 3}, "hosts": {}, "phones": {}, "tricks": {"display:none": 3},
        "first": shown, "strongest": shown,
    }  # fmt: skip
    return Campaign(**{**told, **said})
