"""Parquet: one page a row, in batches of a few megabytes, whatever the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from audit.errors import PageError
from audit.ingest.items import Item
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import columns, of_record, text_field
from audit.ingest.thrift import page_headers
from audit.model import Page

_BATCH = 4_000_000
"""Bytes of a batch, by what the file says of its rows; its rows are at most `_ROWS`."""
_ROWS = 2_000
_LARGEST_PAGE = 500_000_000
"""Bytes that a page may unpack to. Writers make pages of 1 MB, or of 1,024 values if these are larger."""
_UNSUSPECTED, _RATIO = 200_000_000, 2_000
"""A column that unpacks to more than both, in bytes and in times its size, is a bomb; so is one of as many rows."""
_FLAT: dict[str, Any] = {"pre_buffer": False, "memory_map": False, "buffer_size": 1 << 20}
"""Streams a column instead of holding it; a map of a file that shrinks would end the process."""


def of_parquet(file: IO[bytes], item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the rows of the row groups in the item's range, from `start` to `end`."""
    opened = _open(file, item, options)
    known = columns(tuple(opened.schema_arrow.names), options)
    text_field(dict.fromkeys(known, "") or dict.fromkeys(opened.schema_arrow.names), item.label, options)
    number = item.line - 1
    last = opened.metadata.num_row_groups if item.end < 0 else item.end
    for group in range(item.start, last):
        expected = opened.metadata.row_group(group).num_rows
        done = 0
        try:
            _no_bomb(file, opened.metadata.row_group(group), known, item)
            for row in _rows(opened, group, known, item, options):
                done += 1
                where = f"{item.label}:{number + done}"
                yield of_record(row, where, item, options)
        except PageError as error:
            yield PageFailure(id=error.where, path=item.label, error=error)
        if done != expected:
            where = f"{item.label}:{number + done + 1}"
            missing = PageError(where, f"broken Parquet: {done:,} rows of {expected:,} in row group {group}", _AGAIN)
            yield PageFailure(id=where, path=item.label, error=missing)
        number += max(done, expected)


def groups(file: IO[bytes], item: Item, options: Options) -> Iterator[tuple[int, int, int]]:
    """Yield each row group: its number, the number of its first row from 1, and its bytes."""
    metadata = _open(file, item, options).metadata
    row = 1
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        yield number, row, max(group.total_byte_size, 1)
        row += group.num_rows


_AGAIN = "write or fetch the file again; the rows before it were read"


def _open(file: IO[bytes], item: Item, options: Options) -> Any:  # noqa: ANN401
    """Return the opened file, once what it says of itself can be true.

    Raises:
        PageError: It cannot, or the file is none, or pyarrow is not installed.
    """
    arrow = _arrow(item)
    try:
        opened = arrow.parquet.ParquetFile(file, **_FLAT)
        names = opened.schema_arrow.names
        chosen = [name for name in columns(tuple(names), options) if _is_text(arrow, opened.schema_arrow, name)]
        if chosen:  # one copy of a value that many rows share, not one for each row
            opened = arrow.parquet.ParquetFile(file, read_dictionary=chosen, **_FLAT)
        problem = _impossible(opened.metadata, file.seek(0, 2))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise PageError(item.label, f"broken Parquet: {_brief(error)}", "write or fetch the file again") from None
    if problem:
        raise PageError(item.label, f"broken Parquet: {problem}", "write or fetch the file again")
    return opened


def _impossible(metadata: Any, size: int) -> str:  # noqa: ANN401
    """Return what the metadata of a file claims that cannot be; empty if nothing."""
    if metadata.num_rows < 0:
        return f"it says that it has {metadata.num_rows:,} rows"
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if group.num_rows < 0:
            return f"row group {number} says that it has {group.num_rows:,} rows"
        for at in range(group.num_columns):
            column = group.column(at)
            start, packed = _start(column), column.total_compressed_size
            if not 0 <= packed <= size or not 0 <= start <= size - packed:
                return f"column {column.path_in_schema!r} of row group {number} lies outside the file"
            if group.num_rows > max(_UNSUSPECTED // _RATIO, _RATIO * packed):
                return f"row group {number} says that it has {group.num_rows:,} rows in {packed:,} bytes"
    return ""


def _start(column: Any) -> int:  # noqa: ANN401
    start: int = column.data_page_offset
    dictionary = column.dictionary_page_offset
    return min(start, dictionary) if dictionary else start


def _no_bomb(file: IO[bytes], group: Any, known: tuple[str, ...], item: Item) -> None:  # noqa: ANN401
    """Look at the header of every page that will be unpacked; what the file says of them elsewhere may be false.

    Raises:
        PageError: A page, or all of a column, unpacks to too much, or there is no page where one should be.
    """
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema.partition(".")[0] not in known:
            continue
        start, packed = _start(column), column.total_compressed_size
        name, whole = f"column {column.path_in_schema!r}", 0
        try:
            for page in page_headers(file, start, start + packed):
                whole += page.unpacked
                if page.unpacked > _LARGEST_PAGE or whole > max(_UNSUSPECTED, _RATIO * packed):
                    what = f"a bomb: {name} unpacks {packed:,} bytes to more than {whole:,}"
                    raise PageError(item.label, what, "leave it out")
        except ValueError as error:
            raise PageError(item.label, f"broken Parquet: {name} has {error}", _AGAIN) from None


def _rows(opened: Any, group: int, known: tuple[str, ...], item: Item, options: Options) -> Iterator[dict[str, object]]:  # noqa: ANN401
    """Yield the rows of a group as records of the known columns, one value at a time in Python."""
    arrow = _arrow(item)
    about = opened.metadata.row_group(group)
    rows = max(1, min(_ROWS, _BATCH * max(about.num_rows, 1) // max(about.total_byte_size, 1)))
    number = item.line - 1
    try:
        for batch in opened.iter_batches(batch_size=rows, row_groups=[group], columns=list(known)):
            for at in range(batch.num_rows):
                number += 1
                yield {
                    name: _value(batch.column(place)[at], options)
                    for place, name in enumerate(batch.schema.names)
                    if name in known
                }
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise PageError(f"{item.label}:{number}", f"broken Parquet: {_brief(error)}", _AGAIN) from None


def _value(cell: Any, options: Options) -> object:  # noqa: ANN401
    """Return a cell as what it is in JSON; of an over-long text, enough to see that it is."""
    if hasattr(cell, "value") and hasattr(cell, "dictionary"):
        cell = cell.value
    if cell is None or not cell.is_valid:
        return None
    if hasattr(cell, "as_buffer"):
        buffer = cell.as_buffer()
        if buffer is not None and buffer.size > options.max_page_size:
            return "x" * (options.max_page_size + 1)
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return cell.as_buffer().to_pybytes()


def _is_text(arrow: Any, schema: Any, name: str) -> bool:  # noqa: ANN401
    kind = schema.field(name).type
    tests = (arrow.types.is_string, arrow.types.is_binary, arrow.types.is_large_string, arrow.types.is_large_binary)
    return any(test(kind) for test in tests)


def _arrow(item: Item) -> Any:  # noqa: ANN401
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise PageError.needs_extra(item.label, "reading Parquet", "parquet") from None
    return pa


def _brief(error: Exception) -> str:
    return " ".join(str(error).encode("utf-8", "replace").decode().split())[:200]
