"""A run as a list of shards, each a range of the input that can be audited by itself."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence

import msgspec

import audit
from audit.ingest import Item, Options, PageFailure, Sources, parts, read
from audit.model import SCHEMA, Page

SHARD_SIZE = 2_000_000
"""Bytes. A second or so of work: small enough to lose, large enough to make its file worth syncing."""


class Shard(msgspec.Struct, frozen=True):
    """A part of the input; its fingerprint changes with all that its reports depend on."""

    index: int
    items: tuple[Item, ...]
    fingerprint: str
    again: bool = False
    """Whether it is of the second pass; a file beside its own says which of its pages are audited, and knowing what."""

    @property
    def size(self) -> int:
        """Bytes of input."""
        return sum(item.work for item in self.items)


class Plan(msgspec.Struct, frozen=True):
    """The shards of a run in input order."""

    shards: tuple[Shard, ...]
    options: Options
    sources: Sources

    @property
    def size(self) -> int:
        """Bytes of input."""
        return sum(shard.size for shard in self.shards)

    def pages(self) -> Iterator[Page | PageFailure]:
        """Read the input again, in order, with the ids that the report has."""
        names = Names()
        for shard in self.shards:
            for item in shard.items:
                for got in read(item, self.options):
                    name = names.unique(got.id)
                    yield got if name == got.id else msgspec.structs.replace(got, id=name)


class Marks:
    """Numbers of eight bytes in a table of their own: 12 to 24 bytes a number, where a set takes 78."""

    __slots__ = ("_free", "_table")

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 << 12))
        self._free = len(self._table) * 2 // 3
        """How many more before the table grows."""

    def add(self, mark: int) -> bool:
        """Note a number, not 0; return whether it is new."""
        table = self._table
        last = len(table) - 1
        at = mark & last
        while (there := table[at]) != mark:
            if not there:
                table[at] = mark
                self._free -= 1
                if not self._free:
                    self._grow()
                return True
            at = (at + 1) & last
        return False

    def _grow(self) -> None:
        old, self._table = self._table, array("Q", bytes(16 * len(self._table)))
        self._free = len(self._table) * 2 // 3
        for mark in old:
            if mark:
                self.add(mark)


class Names:
    """Ids that were used."""

    __slots__ = ("_next", "_used")

    def __init__(self) -> None:
        self._used = Marks()
        self._next: dict[int, int] = {}
        """By mark of an id that came often: the first number that may be free."""

    def unique(self, name: str) -> str:
        """Return the id, or for one used before the first free one of `id~2`, `id~3` and so on."""
        mark = mark_of(name)
        if self._used.add(mark):
            return name
        number = self._next.get(mark, 2)
        while not self._used.add(mark_of(free := f"{name}~{number}")):
            number += 1
        if number >= _OFTEN:
            self._next[mark] = number + 1
        return free


_OFTEN = 16
"""A field that is no id gives a million pages the same one, and counting up from 2 for each would never end. Of ids
that come less often nothing is kept, for there may be as many of them as pages."""


def mark_of(name: str) -> int:
    """Return eight bytes of a digest, never 0."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()) or 1


def make_plan(sources: Sources, options: Options, rules_digest: str, *, shard_size: int = SHARD_SIZE) -> Plan:
    """Cut the sources into shards; large files of records are cut between them, other files stay whole."""
    shards: list[Shard] = []
    pending: list[Item] = []
    weight = 0
    for item in sources.items:
        for part in parts(item, shard_size, options):
            pending.append(part)
            weight += part.work + 500  # opening a file costs, too
            if weight >= shard_size:
                shards.append(_shard(len(shards), pending, options, rules_digest))
                pending, weight = [], 0
    if pending:
        shards.append(_shard(len(shards), pending, options, rules_digest))
    return Plan(tuple(shards), options, sources)


def _shard(index: int, items: Sequence[Item], options: Options, rules_digest: str) -> Shard:
    content = msgspec.json.encode((audit.__version__, SCHEMA, rules_digest, options, items))
    return Shard(index, tuple(items), hashlib.sha256(content).hexdigest()[:32])
