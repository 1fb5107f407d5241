from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import campaign, claim, finding, known, report, run, unread

from audit.model import Page
from audit.report import WRITERS, tables
from audit.report.rows import TABLES

TEXT = '=HYPERLINK("http://x.example")\ncasino, "slots":\nmassage can help reduce pain.'
PAGE = Page(id="a.txt", text=TEXT, kind="text", path="a.txt", url="https://clinic.example/a")
REPORTS = [
    report(
        PAGE,
        cuts=['casino, "slots":\n'],
        findings=[
            finding(TEXT, '=HYPERLINK("http://x.example")', action="flag", message="@here", confidence=0.5),
            finding(TEXT, 'casino, "slots":\n'),
            finding(TEXT, None, rule="sourcing.references.missing", category="sourcing", severity=1, why="-1"),
        ],
        claims=[claim(TEXT, "massage can help reduce pain", negated=True)],
    ),
    unread(),
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = WRITERS["csv"](run(tmp_path, REPORTS))
    assert [file.name for file in files] == ["pages.csv", "findings.csv", "claims.csv", "campaigns.csv"]
    return tmp_path


def test_every_page_has_a_row_the_unread_too(folder: Path):
    page, failed = rows(folder / "pages.csv")
    assert (page["path"], page["url"], page["verdict"]) == ("a.txt", "https://clinic.example/a", "block")
    assert (page["score"], page["spam_score"]) == (str(REPORTS[0].score), str(REPORTS[0].scores.spam))
    assert (page["findings"], page["blockers"], page["notes"], page["cut_characters"]) == ("3", "2", "1", "17")
    assert (failed["status"], failed["verdict"], failed["score"]) == ("failed", "", "")
    assert failed["error"] == "gone.html: it is empty\n  leave it out"


def test_findings_say_where_they_stand(folder: Path):
    _, cut, missing = rows(folder / "findings.csv")
    assert (cut["line"], cut["column"], cut["start"], cut["end"]) == ("2", "1", "31", "48")
    assert cut["quote"] == 'casino, "slots":\n'
    assert (missing["line"], missing["start"], missing["quote"]) == ("", "", "")


def test_claims_have_a_table_of_their_own(folder: Path):
    (row,) = rows(folder / "claims.csv")
    assert (row["type"], row["negated"], row["quote"]) == ("treat", "True", "massage can help reduce pain")


def test_the_writers_know_the_names_of_their_files(tmp_path: Path):
    for name in ("csv", "parquet"):
        assert WRITERS[name].files == tuple(path.name for path in WRITERS[name](run(tmp_path, REPORTS)))


def test_no_cell_is_a_formula(folder: Path):
    first, *_, last = rows(folder / "findings.csv")
    assert first["quote"] == '\'=HYPERLINK("http://x.example")'
    assert first["message"] == "'@here"
    assert last["why"] == "'-1"


def test_a_carriage_return_in_a_cell_breaks_no_row(tmp_path: Path):
    text = "This tea\r=2+3 cures diabetes."
    page = Page(id="old.txt", text=text, kind="text", path="old.txt")
    WRITERS["csv"](run(tmp_path, [report(page, claims=[claim(text, text)])]))
    (row,) = rows(tmp_path / "claims.csv")
    assert (row["path"], row["quote"]) == ("old.txt", text)
    assert (tmp_path / "claims.csv").read_bytes().count(b"\r") == 1


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""), (-1, -1), (-0.5, -0.5), (None, None), ("a\0b", "a\ufffdb"),
    ],
)  # fmt: skip
def test_harmless(cell: tables.Cell, safe: tables.Cell):
    assert tables.harmless(cell) == safe
    assert type(tables.harmless(cell)) is type(safe)


@pytest.mark.parametrize(("letter", "fits"), [("x", 32_000), ("🦴", 16_000)], ids=["one unit", "two units"])
def test_a_cell_is_no_longer_than_a_spreadsheet_takes(letter: str, fits: int):
    short = tables.short(letter * 100_000)
    assert len(short.encode("utf-16-le")) <= 64_000
    assert len(short) == fits
    assert tables.short(letter * 10) == letter * 10


def test_campaigns_have_a_table_of_their_own(tmp_path: Path):
    sites = {f"s{number}.example": 1 for number in range(25)}
    made = replace(run(tmp_path, REPORTS), campaigns=lambda: iter([campaign("=maribook9", "a.txt", sites=sites)]))
    WRITERS["csv"](made)
    (row,) = rows(tmp_path / "campaigns.csv")
    assert (row["what"], row["pages"], row["cut"], row["strongest_page"]) == ("'=maribook9", "3", "2", "a.txt")
    assert row["brands"] == "maribook9 (3)"
    assert (row["sites"].count(";"), row["sites"][-3:]) == (20, "; …")


def test_findings_say_how_they_stand_to_the_baseline(tmp_path: Path):
    made = replace(run(tmp_path, REPORTS), baselined=True, known=known(REPORTS[0], accepted=[0], ignored={1: "agreed"}))
    WRITERS["csv"](made)
    states = [(row["state"], row["reason"]) for row in rows(tmp_path / "findings.csv")]
    assert states == [("known", ""), ("ignored", "agreed"), ("new", "")]
    assert [row["new"] for row in rows(tmp_path / "pages.csv")] == ["1", "0"]


def test_a_spreadsheet_knows_the_encoding(folder: Path):
    assert (folder / "pages.csv").read_bytes().startswith(b"\xef\xbb\xbfpath,url,id,status,")


def test_without_findings_the_header_stands_alone(tmp_path: Path):
    WRITERS["csv"](run(tmp_path, []))
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8-sig").strip() == ",".join(TABLES[1].names)
