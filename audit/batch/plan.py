"""A run as a list of shards, each a range of the input that can be audited by itself."""

from __future__ import annotations

import hashlib
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


class Names:
    """Ids that were used, as eight bytes each, so that a million cost little."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def unique(self, name: str) -> str:
        """Return the id, or for one used before the first free one of `id~2`, `id~3` and so on."""
        free, number = name, 1
        while (mark := _mark(free)) in self._seen:
            number += 1
            free = f"{name}~{number}"
        self._seen.add(mark)
        return free


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())


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
