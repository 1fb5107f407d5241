"""Findings from rules and spans: quote, line and column, and an identity that survives edits elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from audit.model import Action, Category, Evidence, Finding, Location
from audit.text.lines import Lines
from audit.text.span import Span

_CONTEXT = 24
"""Code points of surroundings, on each side, that take part in the identity."""


class Reporter:
    """Makes the findings of one page."""

    __slots__ = ("_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None

    def finding(
        self,
        *,
        rule: str,
        category: Category,
        family: str,
        severity: int,
        confidence: float,
        action: Action,
        message: str,
        why: str,
        spans: Sequence[Span] = (),
        evidence: Sequence[Evidence] = (),
    ) -> Finding:
        """Return the finding; `{quote}` in the message becomes the quoted text, shortened."""
        quote = "".join(self._text[span.start : span.end] for span in spans)
        return Finding(
            rule=rule,
            category=category,
            family=family,
            severity=severity,
            confidence=round(confidence, 4),
            action=action,
            message=message.replace("{quote}", _shorten(" ".join(self._text[s.start : s.end] for s in spans))),
            why=why,
            quote=quote,
            spans=tuple(self.locate(span) for span in spans),
            evidence=tuple(evidence),
            fingerprint=self._identity(rule, quote, spans),
        )

    def locate(self, span: Span) -> Location:
        """Return the span with its line and column."""
        if self._lines is None:
            self._lines = Lines(self._text)
        return Location(span.start, span.end, *self._lines.locate(span.start))

    def _identity(self, rule: str, quote: str, spans: Sequence[Span]) -> str:
        before = after = ""
        if spans:
            before = self._text[max(0, spans[0].start - _CONTEXT) : spans[0].start]
            after = self._text[spans[-1].end : spans[-1].end + _CONTEXT]
        content = "\0".join(normal(part) for part in (rule, before, quote, after))
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]


def normal(text: str) -> str:
    """Return a text as identities see it: blanks drawn together, case folded."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def _shorten(quote: str, most: int = 80) -> str:
    line = re.sub(r"\s+", " ", quote).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
