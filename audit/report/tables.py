"""The tables as CSV, each a file: for spreadsheets, and to be joined with a crawl by address or path."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from audit.report.rows import TABLES, Cell, Row, Table
from audit.report.run import Run

_LONGEST = 32_000
"""Code points of a cell; spreadsheets stop at 32,767."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the start of a formula. Source: OWASP, CSV Injection."""


def write(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write the tables: UTF-8 with a byte order mark, so that a spreadsheet opens them as they are."""
    return tuple(_write(folder / f"{table.name}.csv", table, table.rows(run)) for table in TABLES)


def harmless(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet reads it as a formula or breaks on its length; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "\ufffd")
    if text.startswith(FORMULA):
        text = "'" + text
    return short(text)


def short(text: str) -> str:
    """Return the text no longer than a cell takes, counted in UTF-16 as spreadsheets do."""
    if len(text) * 2 <= _LONGEST or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * _LONGEST:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * _LONGEST - 2].decode("utf-16-le", "ignore") + "…"


def _write(path: Path, table: Table, rows: Iterator[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\ufeff")
        lines = csv.writer(_Unix(file), lineterminator="\r\n")  # so that a cell with either is put in quotes
        lines.writerow(table.names)
        lines.writerows(map(harmless, row) for row in rows)
    return path


class _Unix:
    """A file that gets each row with a line feed at its end, whatever the writer of CSV ends it with."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        """Write one row."""
        return self._file.write(row.removesuffix("\r\n") + "\n")
