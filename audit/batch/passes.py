"""Two passes: what the pages of a run say to each other, and the shards of which some pages are audited again.

Every shard hands on what its pages know (`audit.spam.campaigns`). The sums over all of them are a table; a shard with
pages that the table concerns is audited again, these pages only, with that part of the table in a file beside it. Both
passes are shards: the same workers, fingerprints and files, so that an interruption costs neither.
"""

from __future__ import annotations

import hashlib
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple, Self

import msgspec

from audit.batch.plan import Marks, Shard
from audit.batch.shard import Again, again_file, again_of, but_last, traces_file
from audit.batch.store import Store, write_whole
from audit.model import Campaign
from audit.spam.campaigns import ROW_SIZE, Found, Place, Table, Traces, rows, summed
from audit.spam.elsewhere import Capture

CAMPAIGNS = "campaigns.jsonl"
_MOST_ROWS = 300_000
"""Sorted at a time; 30 MB."""


Repeated = Mapping[int, Sequence[int]]
"""By index of the shard: the numbers of the pages, from 1 and in order, that the run has read before."""


def repeated(shards: Iterable[Shard], store: Store) -> Repeated:
    """Return which pages come once more, with the same id and the same content; the first of them is none.

    They are left out of all that pages say of each other: a page does not repeat itself by being read twice.
    """
    seen = Marks()
    found: dict[int, array[int]] = {}
    for shard in shards:
        for number, mark in enumerate(_marks(store, shard), 1):
            if mark and not seen.add(mark):
                found.setdefault(shard.index, array("L")).append(number)
    return found


def _marks(store: Store, shard: Shard) -> Iterator[int]:
    """Yield the mark of the content of each page of a shard, in order."""
    last = b""
    with store.open(traces_file(shard)) as file:
        for last in file:  # noqa: B007  (the last one is wanted)
            pass
    return (mark for (mark,) in struct.iter_unpack(">Q", msgspec.json.decode(last, type=bytes)))


def handed_on(
    shards: Iterable[Shard], store: Store, left_out: Repeated, seconds: Mapping[int, Shard] | None = None
) -> Iterator[tuple[int, Traces]]:
    """Yield what the pages of all shards handed on, in order; the second pass over a page wins."""
    for shard in shards:
        pages = dict(_traces(store, shard))
        for number in left_out.get(shard.index, ()):
            pages.pop(number, None)
        second = seconds.get(shard.index) if seconds else None
        if second is not None:
            for number in again_of(store, second).pages:
                pages.pop(number, None)
            pages |= dict(_traces(store, second))
        for number in sorted(pages):
            yield shard.index, pages[number]


def _traces(store: Store, shard: Shard) -> Iterator[tuple[int, Traces]]:
    decoder = msgspec.json.Decoder(Traces)
    with store.open(traces_file(shard)) as file:
        for line in but_last(file):
            page = decoder.decode(line)
            yield page.page, page


def table_of(pages: Iterable[tuple[int, Traces]], scratch: Path) -> Table:
    """Return the sums over what pages handed on; rows beyond what fits are sorted on disk, in a folder for the like.

    A row goes by its key alone, so neither the order of pages nor their shards show in the sums.
    """
    with _Sorted(scratch) as ordered:
        for shard, page in pages:
            for row in rows(shard, page):
                ordered.add(row)
        return summed([ordered.rows()])


class _Sorted:
    """Rows in order: in memory as long as they are few, else in sorted runs on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[bytes] = []
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for run in self._runs:
            run.close()

    def add(self, row: bytes) -> None:
        self._rows.append(row)
        if len(self._rows) >= _MOST_ROWS:
            self._rows.sort()
            run = TemporaryFile(dir=self._folder)  # noqa: SIM115 (closed with the rest)
            run.writelines(self._rows)
            self._runs.append(run)
            self._rows = []

    def rows(self) -> Iterator[bytes]:
        """Yield all rows in order."""
        return merge(sorted(self._rows), *map(_run, self._runs))


def _run(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(1000 * ROW_SIZE):
        for at in range(0, len(chunk), ROW_SIZE):
            yield chunk[at : at + ROW_SIZE]


def second_shards(
    shards: Sequence[Shard], store: Store, near: Store, left_out: Repeated, table: Table, scratch: Path
) -> Iterator[Shard]:
    """Yield the shards that have pages to be audited again, and write what these pages are to know.

    Args:
        shards: Of the first pass.
        store: Where it is written, for the workers.
        near: Where it stands what pages handed on.
        left_out: Pages that are not audited again.
        table: The sums.
        scratch: Folder for what does not fit into memory.
    """
    there = store.names()
    with _Captures(scratch) as captures:
        for index, page in handed_on(shards, near, left_out):
            if page.address:
                captures.add(index, page)
        for shard in shards:
            again = _again(shard, handed_on([shard], near, left_out), table, captures)
            if again.pages:
                content = msgspec.json.encode(again)
                fingerprint = hashlib.sha256(shard.fingerprint.encode() + content).hexdigest()[:32]
                second = msgspec.structs.replace(shard, fingerprint=fingerprint, again=True)
                if again_file(second) not in there:
                    with store.write(again_file(second)) as file:
                        file.write(content)
                yield second


def _again(shard: Shard, pages: Iterable[tuple[int, Traces]], table: Table, captures: _Captures) -> Again:
    """Return which pages of a shard are audited again, and what they are to know."""
    numbers: list[int] = []
    texts: set[int] = set()
    marks: set[int] = set()
    others: dict[int, tuple[Capture, ...]] = {}
    for _, page in pages:
        number = page.page
        held, named = table.concerns(page)
        shown = captures.others(shard.index, page) if page.traces else ()
        if held or named or shown:
            numbers.append(number)
            texts |= held
            marks |= named
            if shown:
                others[number] = shown
    return Again(
        pages=tuple(numbers),
        texts=tuple((name, table.texts[name]) for name in sorted(texts)),
        marks=tuple(sorted(marks)),
        captures=others,
    )


class _Capture(NamedTuple):
    place: Place
    variant: str
    start: int
    length: int


class _Captures:
    """The captures of each address that has any, their words on disk."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 (closed on leaving)
        self._by_address: dict[bytes, list[_Capture]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, shard: int, page: Traces) -> None:
        start = self._file.tell()
        self._file.write(page.words)
        capture = _Capture((shard, page.page), page.variant, start, len(page.words))
        self._by_address.setdefault(_mark(page.address), []).append(capture)

    def others(self, shard: int, page: Traces) -> tuple[Capture, ...]:
        """Return the captures of a page's address for other visitors, in order."""
        if not page.address:
            return ()
        there = self._by_address[_mark(page.address)]
        return tuple(
            Capture(each.variant, self._words(each))
            for each in there if each.place != (shard, page.page) and each.variant != page.variant
        )  # fmt: skip

    def _words(self, capture: _Capture) -> bytes:
        self._file.seek(capture.start)
        return self._file.read(capture.length)


def _mark(address: str) -> bytes:
    return hashlib.blake2b(address.encode("utf-8", "replace"), digest_size=12).digest()


def write_campaigns(path: Path, found: Sequence[Found], names: Mapping[Place, tuple[str, str | None]]) -> int:
    """Write the campaigns, widest first, a line each, and return how many; without any there is no file.

    Args:
        path: Where to.
        found: In order.
        names: Id and address of every page that is a specimen.
    """
    if not found:
        path.unlink(missing_ok=True)
        return 0
    with write_whole(path) as file:
        for one in found:
            file.write(msgspec.json.encode(_with_ids(one, names)) + b"\n")
    return len(found)


def _with_ids(one: Found, names: Mapping[Place, tuple[str, str | None]]) -> Campaign:
    specimens = {}
    for field, place in (("first", one.first), ("strongest", one.strongest)):
        name, url = names[place]
        specimens[field] = msgspec.structs.replace(getattr(one.campaign, field), page=name, url=url)
    return msgspec.structs.replace(one.campaign, **specimens)


def read_campaigns(path: Path) -> Iterator[Campaign]:
    """Yield the campaigns of a finished run; none if there is no file."""
    decoder = msgspec.json.Decoder(Campaign)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            yield decoder.decode(line)
