"""Reports made by hand, for tests of what reads them."""

from __future__ import annotations

from audit.model import Finding, Location, PageReport


def finding(severity: int = 3, identity: str = "f1", at: Location | None = None) -> Finding:
    return Finding(
        rule="claims.cure.verb",
        category="claims",
        family="cure",
        severity=severity,
        confidence=0.9,
        action="flag",
        message="Promises a cure.",
        why="",
        quote="cures",
        spans=(at,) if at else (),
        fingerprint=identity,
    )


def page(*findings: Finding, name: str = "a.html", score: int = 80) -> PageReport:
    return PageReport(
        id=name,
        url=None,
        path=name,
        kind="html",
        sha256="0",
        status="ok",
        verdict="pass",
        score=score,
        findings=findings,
    )


UNREAD = PageReport(id="b.html", url=None, path="b.html", kind=None, sha256=None, status="failed", error="is empty")
