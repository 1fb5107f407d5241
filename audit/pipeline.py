"""The whole of what is done to one page, in order."""

from __future__ import annotations

import sys
from collections.abc import Callable

import msgspec

from audit import claims, score, spam
from audit.errors import PageError
from audit.findings import Reporter
from audit.model import Finding, Page, PageReport
from audit.page import less, parse
from audit.rules.load import RuleSet
from audit.spam import NOTHING, Elsewhere, Seen
from audit.text.digest import digest
from audit.text.span import Span, without


def audit_page(page: Page, rules: RuleSet, *, elsewhere: Elsewhere = NOTHING) -> PageReport:
    """Return everything there is to say of one page: findings, cuts, claims, scores and the verdict.

    A pure function: no file, clock or network, and the same report for the same page and rules.

    Args:
        page: What was read.
        rules: What it is held to.
        elsewhere: What other pages of a batch say of this one; a page by itself is judged without.

    Raises:
        PageError: The page is over a bound (size, depth); `failed` makes a row of it.
    """
    return audit_seen(page, rules, elsewhere)[0]


def _untold(_stage: str) -> None:
    """Nobody watches."""


def audit_seen(
    page: Page, rules: RuleSet, elsewhere: Elsewhere = NOTHING, done: Callable[[str], None] = _untold
) -> tuple[PageReport, Seen | None]:
    """Return the report as `audit_page` does, and what the page was judged by, from which other pages learn.

    Args:
        page: What was read.
        rules: What it is held to.
        elsewhere: What other pages of a batch say of this one.
        done: Is told the name of each stage (`audit.stages`) when it is over, for those who measure.
    """
    rules = rules.for_page(page.id, page.path, page.url)
    article = parse(page)
    done("parse")
    reporter = Reporter(page.text)
    injected = spam.detect(article, rules, reporter, elsewhere)
    done("spam")
    cut_spans = tuple(Span(cut.start, cut.end) for cut in injected.cuts)
    clean = less(article, cut_spans)
    done("cut")
    reading = claims.read(clean, rules, reporter)
    done("claims")
    findings = tuple(sorted(injected.findings + reading.findings, key=_in_page_order))
    judged = score.judge(findings, reading.claims, reading.disclaimers, rules.profile)
    done("score")
    report = PageReport(
        id=page.id,
        url=page.url,
        path=page.path,
        kind=page.kind,
        sha256=digest(page.text),
        status="ok",
        verdict=judged.verdict,
        score=judged.score,
        scores=judged.scores,
        cuts=injected.cuts,
        clean_sha256=digest(without(page.text, cut_spans)),
        findings=findings,
        claims=reading.claims,
        disclaimers=reading.disclaimers,
        encoding=page.encoding,
        variant=msgspec.UNSET if page.variant is None else page.variant,
    )
    done("report")
    return report, injected.seen


def failed(page_id: str, error: PageError, *, url: str | None = None, path: str | None = None) -> PageReport:
    """Return the row of a page that could not be read or audited."""
    return PageReport(id=page_id, url=url, path=path, kind=None, sha256=None, status="failed", error=str(error))


def _in_page_order(finding: Finding) -> tuple[int, int, str, str]:
    """Sort by place; what is missing from the page as a whole comes last."""
    start, end = (finding.spans[0].start, finding.spans[-1].end) if finding.spans else (sys.maxsize, sys.maxsize)
    return start, end, finding.rule, finding.fingerprint
