"""`report.xlsx`: the tables as sheets of one workbook, ready to filter, with links to the pages.

Text is written as text, whatever it begins with: no cell is a formula, and one that looks like a formula stays text
when somebody edits it. Rows are written as they are made; none but the current one is in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from audit.report.rows import TABLES, Cell, Row, Table
from audit.report.run import Run
from audit.report.tables import FORMULA, short

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows that a sheet takes under its header."""
_MOST_LINKS = 65_000
"""Links that a sheet takes (65,530)."""
_LONGEST_LINK = 2_000
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
_WIDTHS = {
    "path": 34, "url": 44, "id": 34, "rule": 36, "family": 18, "quote": 60, "message": 60, "why": 50, "error": 50,
    "fingerprint": 19, "sha256": 19, "clean_sha256": 19, "reason": 40, "what": 44, "first_url": 44, "first_quote": 60,
    "strongest_url": 44, "strongest_quote": 60,
}  # fmt: skip
_WRAPPED = {"quote", "message", "first_quote", "strongest_quote"}
_COLOURS: dict[str | int, str] = {
    "block": "#FBE6EC", "fix": "#FDEBE2", "review": "#FCF1D2", "pass": "#E1F2E8",
    4: "#FBE6EC", 3: "#FDEBE2", 2: "#FCF1D2", 1: "#E5EFFA",
}  # fmt: skip


def write(run: Run, file: BinaryIO) -> None:
    """Write the workbook; the same run gives the same bytes, for it holds no time of its making."""
    from xlsxwriter import Workbook  # noqa: PLC0415  optional

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"title": "Article Audit", "created": datetime(2000, 1, 1, tzinfo=UTC)})
        styles = _Styles(book)
        left_out = {}
        for table in TABLES:
            left_out[table.name] = _sheet(book.add_worksheet(table.name), table, table.rows(run), styles)
        _about(book.add_worksheet("about"), run, left_out, styles)


class _Styles:
    """The formats of the workbook."""

    def __init__(self, book: Workbook) -> None:
        top = {"valign": "top"}
        self.head: Format = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1EFEB"})
        self.plain: Format = book.add_format(top)
        self.wrapped: Format = book.add_format({**top, "text_wrap": True})
        self.quoted: Format = book.add_format({**top, "quote_prefix": True})
        self.link: Format = book.add_format({**top, "font_color": "#0B5E63", "underline": 1})
        self.graded: dict[Cell, Format] = {}
        for key, colour in _COLOURS.items():
            self.graded[key] = book.add_format({**top, "bg_color": colour})


def _sheet(sheet: Worksheet, table: Table, rows: Iterator[Row], styles: _Styles) -> int:
    """Write one table; return how many rows had no room."""
    names = table.names
    for at, name in enumerate(names):
        sheet.set_column(at, at, _WIDTHS.get(name, max(9, len(name) + 2)))
        sheet.write_string(0, at, name, styles.head)
    sheet.freeze_panes(1, names.index("what" if "what" in names else "id") + 1)
    links = written = left_out = 0
    for row in rows:
        if written == MOST_ROWS:
            left_out += 1
            continue
        written += 1
        for at, (name, cell) in enumerate(zip(names, row, strict=True)):
            if name.endswith("url") and links < _MOST_LINKS and _is_link(cell):
                links += 1
                sheet.write_url(written, at, str(cell), styles.link, string=short(str(cell)))
            else:
                _write(sheet, written, at, name, cell, styles)
    sheet.autofilter(0, 0, max(1, written), len(names) - 1)
    return left_out


def _write(sheet: Worksheet, row: int, at: int, name: str, cell: Cell, styles: _Styles) -> None:
    graded = styles.graded.get(cell) if name in {"verdict", "severity"} else None
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell, styles.plain)
    elif isinstance(cell, str):
        text = short(_UNFIT.sub("\ufffd", cell))
        style = styles.quoted if text.startswith(FORMULA) else styles.wrapped if name in _WRAPPED else styles.plain
        sheet.write_string(row, at, text, graded or style)
    else:
        sheet.write_number(row, at, cell, graded or styles.plain)


def _is_link(cell: Cell) -> bool:
    """Whether a cell is a web address; nothing else becomes a link: a click would open a program or a share."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_LINK or re.search(r"[\s\x00-\x1f\"<>\\^`{|}]", cell):
        return False
    try:
        address = urlsplit(cell)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.hostname)


def _about(sheet: Worksheet, run: Run, left_out: dict[str, int], styles: _Styles) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    said: list[tuple[str, str]] = [
        ("made by", f"article-audit {run.facts.version}, profile {run.facts.profile}"),
        ("rules", run.facts.rules_digest),
        ("severity", "0 info, 1 note, 2 warning, 3 error, 4 blocker"),
        ("start, end", "code points of the decoded page, from 0, the end not included; line and column count from 1"),
        ("state", "new, known (accepted by the baseline) or ignored (suppressed, with its reason)"),
        ("long cells", "text is cut off at 32,000 characters; report.jsonl has all of it"),
    ]
    said += [
        (name, f"{rows:,} rows did not fit; a sheet takes {MOST_ROWS:,}. The CSV and Parquet files have them all.")
        for name, rows in left_out.items()
        if rows
    ]
    for row, (name, text) in enumerate(said):
        sheet.write_string(row, 0, name, styles.head)
        sheet.write_string(row, 1, text, styles.wrapped)
