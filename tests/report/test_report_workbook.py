"""The tables as a workbook and as Parquet, read back by other libraries than wrote them."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_runs import campaign, claim, finding, known, report, run, unread

from audit.model import Page, PageReport
from audit.report import WRITERS, xlsx
from audit.report.rows import TABLES
from audit.report.run import Run

openpyxl = pytest.importorskip("openpyxl")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("xlsxwriter")

TEXT = '=HYPERLINK("http://x.example")\ncasino\x07: massage can help _x0041_.'
URL = "https://clinic.example/a?b=1&c=2"


def made(folder: Path, url: str | None = URL, **said: Any) -> Run:
    page = Page(id="a.txt", text=TEXT, kind="text", path="a.txt", url=url)
    marks = [
        finding(TEXT, '=HYPERLINK("http://x.example")', action="flag", message="@here"),
        finding(TEXT, "casino\x07: "),
        finding(TEXT, None, rule="sourcing.references.missing", category="sourcing", severity=1),
    ]
    told = report(page, cuts=["casino\x07: "], findings=marks, claims=[claim(TEXT, "massage can help _x0041_.")])
    return replace(run(folder, [told, unread()]), **said)


def opened(made: Run) -> Any:
    (path,) = WRITERS["xlsx"](made)
    assert path.name == "report.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def column(sheet: Any, name: str) -> list[Any]:
    head, *rows = list(sheet.iter_rows(values_only=True))
    return [row[head.index(name)] for row in rows]


def test_there_is_a_sheet_for_every_table(tmp_path: Path):
    book = opened(made(tmp_path))
    assert book.sheetnames == ["pages", "findings", "claims", "campaigns", "about"]
    for table in TABLES:
        head = next(book[table.name].iter_rows(values_only=True))
        assert head == table.names
    assert column(book["pages"], "verdict") == ["block", None]
    assert column(book["findings"], "severity") == [4, 4, 1]


def test_the_header_stays_and_every_column_filters(tmp_path: Path):
    sheet = opened(made(tmp_path))["findings"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:S4"


def test_the_address_of_a_page_is_a_link(tmp_path: Path):
    cells = [row[1] for row in opened(made(tmp_path))["findings"].iter_rows(min_row=2)]
    assert {cell.hyperlink.target for cell in cells} == {URL}
    assert {cell.value for cell in cells} == {URL}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "\\\\host\\share", "https://", "http://[", "https://a b", "x"]
)
def test_nothing_else_is_a_link(tmp_path: Path, url: str):
    cell = opened(made(tmp_path, url))["pages"].cell(2, 2)
    assert (cell.hyperlink, cell.value) == (None, url)


def test_no_cell_is_a_formula_not_even_when_it_is_edited(tmp_path: Path):
    sheet = opened(made(tmp_path))["findings"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("=", "@"))]
    assert [cell.value for cell in cells] == ['=HYPERLINK("http://x.example")', "@here"]
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


def test_controls_do_not_break_the_file(tmp_path: Path):
    book = opened(made(tmp_path))
    assert column(book["findings"], "quote")[1] == "casino\ufffd: "
    assert column(book["claims"], "quote") == ["massage can help _x005F_x0041_."]  # as the format writes it


def test_a_campaign_links_to_its_specimens(tmp_path: Path):
    found = campaign("maribook9", "a.txt")
    sheet = opened(made(tmp_path, campaigns=lambda: iter([found])))["campaigns"]
    assert column(sheet, "what") == ["maribook9"]
    assert [cell.hyperlink.target for cell in sheet[2] if cell.hyperlink] == [URL, URL]


def test_rows_beyond_a_sheet_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    book = opened(made(tmp_path))
    assert len(column(book["findings"], "rule")) == 2
    about = dict(book["about"].iter_rows(values_only=True))
    assert about["findings"].startswith("1 rows did not fit")


def test_links_beyond_a_sheet_are_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "_MOST_LINKS", 2)
    cells = [row[1] for row in opened(made(tmp_path))["findings"].iter_rows(min_row=2)]
    assert [bool(cell.hyperlink) for cell in cells] == [True, True, False]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path):
    (path,) = WRITERS["xlsx"](made(tmp_path))
    first = path.read_bytes()
    WRITERS["xlsx"](made(tmp_path))
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as book:
        assert b"2000-01-01" in book.read("docProps/core.xml")


def test_a_run_without_pages_is_a_workbook_too(tmp_path: Path):
    assert column(opened(run(tmp_path, []))["pages"], "path") == []


def test_parquet_has_the_same_rows_typed(tmp_path: Path):
    written = WRITERS["parquet"](made(tmp_path))
    assert [path.name for path in written] == [f"{table.name}.parquet" for table in TABLES]
    pages, findings, claims, _ = (parquet.read_table(path).to_pylist() for path in written)
    assert (pages[0]["url"], pages[0]["verdict"], pages[1]["score"]) == (URL, "block", None)
    assert findings[1]["quote"] == "casino\x07: "
    assert claims[0]["negated"] is False


def test_parquet_has_the_same_types_where_nothing_is_found(tmp_path: Path):
    full, empty = tmp_path / "full", tmp_path / "empty"
    told = made(full, baselined=True)
    typed, untyped = (
        [parquet.read_schema(path) for path in WRITERS["parquet"](each)] for each in (told, run(empty, []))
    )
    assert typed == untyped


def test_states_stand_in_the_findings(tmp_path: Path):
    told: PageReport = next(made(tmp_path).reports())
    book = opened(made(tmp_path, baselined=True, known=known(told, accepted=[0], ignored={1: "agreed"})))
    assert column(book["findings"], "state") == ["known", "ignored", "new"]
    assert column(book["findings"], "reason") == [None, "agreed", None]
