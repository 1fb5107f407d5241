from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from made_runs import finding, known, report, run, unread

from audit.gate import gate
from audit.model import Page, PageReport
from audit.report import WRITERS
from audit.report.run import Run
from audit.rules.schema import Gate

TEXT = "Sciatica\ncasino: Massage helps."


def page(name: str) -> Page:
    return Page(id=name, text=TEXT, kind="text", path=name)


def bad(name: str = "site/a.txt", **said: object) -> PageReport:
    mild = finding(TEXT, "Massage helps", rule="claims.treat.x", category="claims", severity=2, action="flag")
    return report(page(name), cuts=["casino: "], findings=[finding(TEXT, "casino: ", **said), mild])


def fine(name: str = "b.txt") -> PageReport:
    return report(page(name))


def suite(made: Run) -> ET.Element:
    (path,) = WRITERS["junit"](made)
    assert path.name == "junit.xml"
    (inner,) = ET.parse(path).getroot()  # noqa: S314  our own file
    return inner


def test_every_page_is_a_test_and_the_sums_are_right(tmp_path: Path):
    told = suite(run(tmp_path, [bad(), fine(), unread("c.txt")]))
    assert [case.get("name") for case in told] == ["site/a.txt", "b.txt", "c.txt"]
    assert [told.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    assert (len(told.findall("*/failure")), len(told.findall("*/error"))) == (1, 1)
    assert (told[0].get("classname"), told[0].get("file")) == ("article-audit.site", "site/a.txt")


def test_a_failure_says_where_and_why(tmp_path: Path):
    (failure,) = suite(run(tmp_path, [bad()]))[0].findall("failure")
    assert failure.get("type") == "fail_on"
    assert failure.get("message").startswith("spam.gambling.lead (severity 4): Injected keyword list")
    assert failure.text.startswith("site/a.txt:2:1: spam.gambling.lead")


def test_findings_that_fail_nothing_are_told_too(tmp_path: Path):
    told = suite(run(tmp_path, [bad()]))[0].findtext("system-out")
    assert "site/a.txt:2:9: warning: claims.treat.x: " in told


def test_pages_are_held_to_what_the_gate_is_held_to(tmp_path: Path):
    reports, strict = [bad(), fine()], Gate(fail_on=2, max_new=0)
    made = replace(run(tmp_path, reports), conditions=strict, verdict=gate(reports, strict))
    told = suite(made)
    assert "(and 1 more)" in told[0].find("failure").get("message")
    assert told[-1].get("name") == "the run: max_new"
    assert told[-1].find("failure").get("message").startswith("2 new findings, at most 0 allowed")
    assert (told.get("tests"), told.get("failures")) == ("3", "2")


def test_what_is_accepted_or_suppressed_fails_nothing(tmp_path: Path):
    told = bad()
    made = replace(run(tmp_path, [told]), baselined=True, known=known(told, accepted=[0]))
    case = suite(made)[0]
    assert case.findall("failure") == []
    assert "spam.gambling.lead [known]: " in case.findtext("system-out")


def test_an_unread_page_is_an_error_that_says_what_to_do(tmp_path: Path):
    (error,) = suite(run(tmp_path, [unread()]))[0]
    assert (error.tag, error.get("type")) == ("error", "unread")
    assert error.text == "gone.html: it is empty\n  leave it out"


def test_no_page_is_a_failure(tmp_path: Path):
    told = suite(run(tmp_path, []))
    assert (told[0].get("name"), told.get("failures")) == ("the run: pages", "1")


@pytest.mark.parametrize("said", ["\0\x1b[31m\x0b", "]]></failure><x a='\"&", "\ufffe\uffff\x85", "\u202e"])
def test_what_xml_cannot_hold_is_named(tmp_path: Path, said: str):
    told = bad(f"a{said}.txt", message=said or "x", rule=f"r{said}")
    assert suite(run(tmp_path, [told, unread(f"b{said}", said)])).get("tests") == "2"
