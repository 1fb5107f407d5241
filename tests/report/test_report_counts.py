from __future__ import annotations

from made_runs import claim, finding, report, unread

from audit.model import Page
from audit.report.counts import count

TEXT = "casino online: massage can help reduce pain."
PAGE = Page(id="a.txt", text=TEXT, kind="text")


def test_pages_findings_cuts_and_claims_are_summed():
    flagged = finding(
        TEXT, "massage", rule="claims.treat.weak", category="claims", family="treat", severity=1, action="flag"
    )
    counts = count(
        [
            report(PAGE, cuts=["casino online: "], findings=[finding(TEXT, "casino online: "), flagged]),
            report(PAGE, findings=[flagged], claims=[claim(TEXT, "massage can help reduce pain", severity=0)]),
            unread(),
        ]
    )
    assert (counts.pages, counts.findings, counts.cuts, counts.cut_characters, counts.claims) == (3, 3, 1, 15, 1)
    assert counts.statuses == {"failed": 1, "ok": 2}
    assert counts.verdicts == {"block": 1, "pass": 1}
    assert counts.severities == {1: 2, 4: 1}
    assert counts.rules == {"claims.treat.weak": 2, "spam.gambling.lead": 1}
    assert counts.families == {"claims.treat": 2, "spam.gambling": 1}
    assert counts.actions == {"cut": 1, "flag": 2}
    assert counts.claim_severities == {0: 1}
    assert counts.encodings == {"utf-8": 2}


def test_nothing_counts_as_nothing():
    counts = count([])
    assert (counts.pages, counts.verdicts, counts.rules) == (0, {}, {})


def test_tables_are_in_order_whatever_came_first():
    one = finding(TEXT, "casino", rule="spam.z.z", family="z")
    other = finding(TEXT, "online", rule="spam.a.a", family="a")
    assert list(count([report(PAGE, findings=[one, other])]).rules) == ["spam.a.a", "spam.z.z"]
