"""Cloaking: what one capture of an address shows, and other captures of it do not.

Captures differ honestly: dates, advertisements, tests, a paywall. So only what the judge suspects on its own page is
compared; a difference strengthens that, and what acts in the end and is withheld from others is reported once a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from audit.findings import Reporter
from audit.model import Article, Evidence, Finding
from audit.rules.match import compile_pattern
from audit.rules.schema import Markup, Rule
from audit.spam.elsewhere import Capture, Elsewhere, plain, withheld, words_of
from audit.text.folding import fold
from audit.text.span import Span, union

RULE = "spam.cloaking.capture"
_BLOCKER, _WARNING = 4, 2
BREAK = "\n===\n"
"""In an example, between the other capture and the page."""


class Shown(NamedTuple):
    """Something suspect that a page shows."""

    text: str
    """Plain."""
    places: tuple[Span, ...]
    sure: bool
    """Whether it is cut, or makes the page a spam page."""
    confidence: float
    evidence: tuple[Evidence, ...]


def cloaked(
    shown: Sequence[Shown], article: Article, rule: Rule, reporter: Reporter, elsewhere: Elsewhere
) -> Finding | None:
    """Return the finding on a page that shows what other captures of its address do not; None if it shows the same."""
    apart = [(one, _kept_from(one, elsewhere)) for one in shown]
    apart = [(one, visitors) for one, visitors in apart if visitors]
    if not apart:
        return None
    strongest = max((one for one, _ in apart), key=lambda one: one.confidence)
    others = ", ".join(sorted({visitor for _, visitors in apart for visitor in visitors}))
    return reporter.finding(
        rule=rule.id,
        category="spam",
        family="cloaking",
        severity=_BLOCKER if any(one.sure for one, _ in apart) else _WARNING,
        confidence=strongest.confidence,
        action="flag",
        message=rule.message,
        why=f"{rule.why} Shown to “{article.page.variant}”, not to “{others}”.",
        spans=union(place for one, _ in apart for place in one.places),
        evidence=strongest.evidence,
    )


def _kept_from(one: Shown, elsewhere: Elsewhere) -> tuple[str, ...]:
    return tuple(other.variant for other in elsewhere.others if withheld(one.text, other))


def only_here(rule: Markup, text: str) -> Iterator[Span]:
    """Yield the lines of an example that its other capture, which stands before them, does not show."""
    other, _, page = text.rpartition(BREAK)
    capture = Capture("other", words_of(other))
    at = len(text) - len(page)
    for line in page.split("\n"):
        fits = not rule.regex or compile_pattern(rule.regex).search(fold(line).text) is not None
        if line.strip() and fits and withheld(plain(fold(line).text), capture):
            yield Span(at, at + len(line))
        at += len(line) + 1
