"""The tables as Parquet, each a file: typed, for notebooks and warehouses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from audit.report.rows import TABLES, Row, Table
from audit.report.run import Run

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 20_000
"""Rows of a row group, and in memory at a time."""


def write(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write the tables; a column has the same type in every run, also where it is empty."""
    return tuple(_write(folder / f"{table.name}.parquet", table, table.rows(run)) for table in TABLES)


def _write(path: Path, table: Table, rows: Iterator[Row]) -> Path:
    import pyarrow as pa  # noqa: PLC0415  optional, and slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds: dict[type, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in table.columns])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(islice(rows, _CHUNK)):
            columns = [
                pa.array(values, kind) for values, kind in zip(zip(*chunk, strict=True), schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return path
