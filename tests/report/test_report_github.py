from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import finding, known, report, run, unread

from audit.model import Finding, Page, PageReport
from audit.report import WRITERS
from audit.report.run import Run

TEXT = "Sciatica\ncasino,\nslots: Massage helps."


def told(name: str, *findings: Finding, path: str | None = None) -> PageReport:
    page = Page(id=name, text=TEXT, kind="text", path=path or name)
    return report(page, findings=findings)


def commands(made: Run) -> list[str]:
    (path,) = WRITERS["github"](made)
    return path.read_text(encoding="utf-8").splitlines()


def test_a_finding_is_a_command_with_its_place(tmp_path: Path):
    (line,) = commands(run(tmp_path, [told("a.txt", finding(TEXT, "slots", message="Sells."))]))
    assert line == "::error file=a.txt,line=3,endLine=3,col=1,endColumn=6,title=spam.gambling.lead::Sells."


def test_over_several_lines_there_are_no_columns(tmp_path: Path):
    (line,) = commands(run(tmp_path, [told("a.txt", finding(TEXT, "casino,\nslots", message="Sells."))]))
    assert line == "::error file=a.txt,line=2,endLine=3,title=spam.gambling.lead::Sells."


@pytest.mark.parametrize(("severity", "name"), [(4, "error"), (3, "error"), (2, "warning"), (1, "notice")])
def test_the_command_follows_the_severity(tmp_path: Path, severity: int, name: str):
    (line,) = commands(run(tmp_path, [told("a.txt", finding(TEXT, "slots", severity=severity))]))
    assert line.startswith(f"::{name} ")


def test_facts_are_no_annotations(tmp_path: Path):
    assert commands(run(tmp_path, [told("a.txt", finding(TEXT, "slots", severity=0))])) == []


def test_words_of_a_page_cannot_end_a_command_or_begin_one(tmp_path: Path):
    bad = finding(TEXT, "slots", message="100%\n::set-output name=x::1\r", rule="r:1,2")
    (line,) = commands(run(tmp_path, [told("a,b:c\n%.txt", bad)]))
    assert line == (
        "::error file=a%2Cb%3Ac %25.txt,line=3,endLine=3,col=1,endColumn=6,title=r%3A1%2C2"
        "::100%25 ::set-output name=x::1"
    )


def test_a_record_is_named_and_has_no_line(tmp_path: Path):
    (line,) = commands(run(tmp_path, [told("ear-wax", finding(TEXT, "slots", message="Sells."), path="crawl.jsonl")]))
    assert line == "::error file=crawl.jsonl,title=spam.gambling.lead::ear-wax: Sells."


def test_a_page_that_could_not_be_read_is_an_error(tmp_path: Path):
    (line,) = commands(run(tmp_path, [unread("a.txt", "it is empty")]))
    assert line == "::error file=a.txt,title=unread::could not be read: it is empty"


def test_ten_of_a_kind_are_shown_one_of_every_page_first_and_the_rest_is_counted(tmp_path: Path):
    many = [finding(TEXT, word) for word in ("casino", "slots", "Sciatica")]
    pages = [told(f"{number}.txt", *many) for number in range(8)]
    lines = commands(run(tmp_path, [*pages, told("z.txt", finding(TEXT, "slots", severity=2))]))
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10
    assert {line.partition(",")[0] for line in errors[:8]} == {f"::error file={number}.txt" for number in range(8)}
    assert sum(line.startswith("::warning") for line in lines) == 1
    assert lines[-1] == "Not shown as annotations: 14 errors; report.jsonl has them all."


def test_new_findings_come_before_known_ones_and_suppressed_ones_not_at_all(tmp_path: Path):
    page = told("a.txt", *(finding(TEXT, word, message=word) for word in ("casino", "slots", "Massage")))
    made = replace(run(tmp_path, [page]), baselined=True, known=known(page, accepted=[0], ignored={1: "agreed"}))
    assert [line.rpartition("::")[2] for line in commands(made)] == ["Massage", "casino"]
