"""`run_batch` and `audit_paths`: the sources through the shards to one report in input order."""

from __future__ import annotations

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec

from audit.batch.bound import raising
from audit.batch.output import REPORT, opened
from audit.batch.passes import CAMPAIGNS, Repeated, handed_on, read_campaigns, repeated, second_shards, table_of
from audit.batch.passes import write_campaigns as write_found
from audit.batch.plan import Names, Plan, Shard, make_plan
from audit.batch.shard import (
    Audit,
    Task,
    Totals,
    again_file,
    again_of,
    audit_shard,
    lines_in,
    once_more,
    one_report,
    shard_file,
    totals_in,
    traces_file,
)
from audit.batch.store import Store, write_whole
from audit.batch.workers import cannot_write, in_workers
from audit.errors import UsageError
from audit.ingest import STDIN, PageFailure, Sources, find, spool
from audit.ingest.remote import is_remote, label_of
from audit.model import Campaign, Page, PageReport
from audit.settings import Settings
from audit.spam.campaigns import Found, Place, Table, Traces, campaigns
from audit.stages import STAGES
from audit.text.digest import digest as text_digest

if TYPE_CHECKING:
    from audit.rules.load import RuleSet

Source = str | os.PathLike[str]


class State(msgspec.Struct, frozen=True):
    """How far a run is."""

    pages: int
    failed: int
    size: int
    """Bytes of input that are done."""
    whole: int
    """Bytes of input."""
    deaths: int = 0
    """Workers that died and were replaced."""
    died: str = ""
    """What the last of them died over."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a run; `run.json` tells it."""

    pages: int
    failed: int
    internal_errors: int
    """Failed pages that are a defect of the program."""
    verdicts: dict[str, int]
    encodings: dict[str, int]
    size: int
    """Bytes of input."""
    passed_over: int
    """Files in folders that were not read because of their name."""
    report_sha256: str
    """Of `report.jsonl`: the same for whoever repeats the run."""
    rejudged: int
    """Pages that were audited a second time, for what other pages say of them."""
    campaigns: int
    shards: int
    resumed: int
    """Shards that an earlier run had finished."""
    cached: int
    """Pages, of both passes, whose result came from the cache."""
    cache_broken: int
    """Results in the cache that could not be read, and were made again."""
    jobs: int
    deaths: int
    """Workers that died, or were ended because a page took too long, and were replaced."""
    seconds: dict[str, float]
    """By stage. `read`, `audit` and `write` are sums over the workers; `plan`, `work`, `again`, `merge` passed on the
    clock. Those of `audit.stages` are CPU time, summed over the workers."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A finished run; its sources can be read again while it is open."""

    folder: Path
    """Where its reports stand, and what is written beside them; if that goes to an object store, only while open."""
    plan: Plan
    summary: Summary

    def pages(self) -> Iterator[Page]:
        """Yield the pages that could be read, with the ids and in the order of the report, one in memory at a time."""
        return (got for got in self.plan.pages() if isinstance(got, Page))

    def campaigns(self) -> Iterator[Campaign]:
        """Yield the campaigns of the run, the widest first."""
        return read_campaigns(self.folder / CAMPAIGNS)


@contextmanager
def run_batch(
    sources: Sequence[Source],
    rules: RuleSet,
    folder: Path | str,
    settings: Settings | None = None,
    *,
    resume: bool = False,
    progress: Callable[[State], None] | None = None,
    audit: Audit | None = None,
    engine: str = "local",
    cluster: str = "",
) -> Iterator[Batch]:
    """Audit the sources into `report.jsonl` in a folder, then hold the folder while more is written there.

    What is finished outlives an interruption in `.shards`; it goes when the `with` block ends well.

    Args:
        sources: Files, folders, or `-`.
        rules: As loaded; workers get a copy.
        folder: Made if it is not there. Locked: two runs at once would spoil each other. It may be an address of an
            object store.
        settings: How to read, and how many workers.
        resume: Whether to take over what an earlier run into this folder has finished.
        progress: Is told now and then how far the run is.
        audit: What is done to a page; a function of a module, so that workers find it.
        engine: What runs the shards: `local`, or a key of `audit.batch.engines.ENGINES`.
        cluster: Address of the engine's cluster; empty for one of this machine's own.

    Raises:
        InputError: There is nothing to read.
        UsageError: The folder cannot be written, or is in use; the engine cannot be had.
    """
    settings = settings or Settings()
    options = settings.reading()
    began = perf_counter()
    if engine != "local":
        from audit.batch.engines import check_installed  # noqa: PLC0415

        check_installed(engine)
    sources_found = find(sources, options)
    with opened(folder, resume=resume) as output:
        shards = output.shards
        try:
            plan = make_plan(_with_stdin(sources_found, shards), options, rules.digest)
            task = Task(shards, options, rules, audit, _absolute(settings.cache))
            planned = perf_counter()
            runner = _Runner(engine, cluster, settings.jobs, resume)
            jobs, resumed, deaths, totals = _work(plan, task, runner, progress)
            worked = perf_counter()
            near = shards.near(map(traces_file, plan.shards), output.scratch)
            once = repeated(plan.shards, near)
            table = table_of(handed_on(plan.shards, near, once), output.scratch)
            seconds = tuple(second_shards(plan.shards, shards, near, once, table, output.scratch))
            _, _, later_deaths, again = _work(msgspec.structs.replace(plan, shards=seconds), task, runner, None)
            shards.near((name(second) for second in seconds for name in (again_file, traces_file)), output.scratch)
            found = _campaigns(plan, output.scratch, near, once, seconds, table)
            compared = perf_counter()
            merged = _merge(plan, shards, near, once, seconds, output.folder / REPORT, found)
            write_found(output.folder / CAMPAIGNS, found, merged.places)
        except OSError as error:
            raise cannot_write(str(folder), error) from error
        summary = Summary(
            pages=sum(each.pages for each in totals),
            failed=merged.verdicts.get("failed", 0),
            internal_errors=sum(each.internal_errors for each in (*totals, *again)),
            verdicts=merged.verdicts,
            encodings=merged.encodings,
            size=plan.size,
            passed_over=sources_found.passed_over,
            report_sha256=merged.sha256,
            rejudged=sum(each.pages for each in again),
            campaigns=len(found),
            shards=len(plan.shards),
            resumed=resumed,
            cached=sum(each.cached for each in (*totals, *again)),
            cache_broken=sum(each.cache_broken for each in (*totals, *again)),
            jobs=jobs,
            deaths=deaths + later_deaths,
            seconds={
                "plan": round(planned - began, 4),
                "work": round(worked - planned, 4),
                "again": round(compared - worked, 4),
                "merge": round(perf_counter() - compared, 4),
                "read": round(sum(each.read_seconds for each in (*totals, *again)), 4),
                "audit": round(sum(each.audit_seconds for each in (*totals, *again)), 4),
                "write": round(sum(each.write_seconds for each in (*totals, *again)), 4),
                **{one: round(sum(each.stages.get(one, 0.0) for each in (*totals, *again)), 4) for one in STAGES},
            },
        )
        yield Batch(output.folder, plan, summary)


def audit_paths(
    *paths: Source, rules: RuleSet | None = None, settings: Settings | None = None, jobs: int = 1
) -> Iterator[PageReport]:
    """Audit files and folders; yield the reports in input order, as they would stand in `report.jsonl`.

    Nothing is written but a temporary folder, for a page may be judged by what others say of it. Sources are looked up
    at once; the reports come when all pages were audited.

    Args:
        paths: Files, folders, or `-` for standard input.
        rules: As loaded; the shipped ones if not given.
        settings: How to read; the defaults if not given, no settings file is looked for.
        jobs: Worker processes.

    Raises:
        InputError: One of the paths cannot be read, or there is no page.
    """
    from audit.rules.load import load_rules  # noqa: PLC0415

    settings = msgspec.structs.replace(settings or Settings(), jobs=jobs)
    find(paths, settings.reading(), strict=True)
    return _from_folder(paths, rules if rules is not None else load_rules(), settings)


def _from_folder(paths: Sequence[Source], rules: RuleSet, settings: Settings) -> Iterator[PageReport]:
    with (
        TemporaryDirectory(prefix="audit-") as folder,
        run_batch(paths, rules, Path(folder), settings) as batch,
        (batch.folder / REPORT).open("rb") as file,
    ):
        for line in file:
            yield msgspec.json.decode(line, type=PageReport)


@contextmanager
def compared(
    sources: Sequence[Source], rules: RuleSet, settings: Settings | None = None
) -> Iterator[Callable[[Page | PageFailure], PageReport]]:
    """Audit the sources, and give what reports each of their pages as that run does; no page is audited again.

    What is no page of theirs, or has changed since, is audited by itself.

    Raises:
        InputError: There is nothing to read.
    """
    with (
        TemporaryDirectory(prefix="audit-") as folder,
        run_batch(sources, rules, Path(folder), settings),
        (Path(folder) / REPORT).open("rb") as file,
    ):
        places: dict[bytes, int] = {}
        at = 0
        for line in file:
            report = msgspec.json.decode(line, type=PageReport)
            if report.status == "ok":
                variant = None if report.variant is msgspec.UNSET else report.variant
                places[_page_key(report.path, report.url, variant, str(report.sha256))] = at
            at += len(line)

        def report_of(got: Page | PageFailure) -> PageReport:
            place = None
            if isinstance(got, Page):
                place = places.get(_page_key(got.path, got.url, got.variant, text_digest(got.text)))
            if place is None:
                return one_report(got, rules)
            file.seek(place)
            return msgspec.json.decode(file.readline(), type=PageReport)

        yield report_of


def _page_key(*parts: str | None) -> bytes:
    return hashlib.blake2b("\0".join(part or "" for part in parts).encode("utf-8", "replace"), digest_size=16).digest()


def _absolute(folder: str) -> str:
    if is_remote(folder):
        raise UsageError(
            "--cache", f"{label_of(folder)} is no folder", "name a folder, which several machines may share"
        )
    return str(Path(folder).absolute()) if folder else ""


def _with_stdin(found: Sources, store: Store) -> Sources:
    """Put standard input into a file, so that workers and writers can read it, more than once."""
    if not any(item.label == STDIN and not item.path for item in found.items):
        return found
    digest, size = hashlib.sha256(), 0
    with store.write("stdin") as file:
        while chunk := sys.stdin.buffer.read(1_000_000):
            digest.update(chunk)
            size += file.write(chunk)
    spooled = spool(store.place("stdin"), size, digest.hexdigest())
    items = tuple(spooled if item.label == STDIN and not item.path else item for item in found.items)
    return msgspec.structs.replace(found, items=items)


class _Runner(msgspec.Struct, frozen=True):
    """What runs the shards."""

    engine: str
    cluster: str
    jobs: int
    resume: bool

    def run(
        self, shards: Sequence[Shard], task: Task, jobs: int, *, apart: bool, meter: _Meter
    ) -> Iterator[tuple[Shard, Totals]]:
        """Audit the shards; yield each one when it is done."""
        if self.engine != "local":
            from audit.batch.engines import in_cluster  # noqa: PLC0415

            return in_cluster(self.engine, self.cluster, shards, task, self.jobs, meter.tick, meter.died)
        return in_workers(shards, task, jobs, meter.tick, meter.died) if apart else _in_here(shards, task, meter.tick)


def _work(
    plan: Plan, task: Task, runner: _Runner, progress: Callable[[State], None] | None
) -> tuple[int, int, int, list[Totals]]:
    """Audit what is not finished; return the workers used, the shards taken over, the deaths, and the totals of all."""
    there = task.store.names()
    known = [shard for shard in plan.shards if {shard_file(shard), traces_file(shard)} <= there]
    done_before = {
        shard.index: done
        for shard, file in zip(known, task.store.each(map(shard_file, known)), strict=True)
        if (done := totals_in(file, shard))
    }
    missing = [shard for shard in plan.shards if shard.index not in done_before]
    resumed, totals = len(done_before), list(done_before.values())
    jobs = min(runner.jobs or os.cpu_count() or 1, max(1, len(missing)))
    meter = _Meter(plan, missing, totals, progress)
    meter.tick(0)  # where a run that goes on stands is known before its first page
    apart = jobs > 1 or runner.resume  # what ended the run before may be a page that kills
    for shard, done in runner.run(missing, task, jobs, apart=apart, meter=meter):
        totals.append(done)
        meter.add(shard, done)
    return jobs, resumed, meter.deaths, totals


def _in_here(shards: Sequence[Shard], task: Task, tick: Callable[[int], None]) -> Iterator[tuple[Shard, Totals]]:
    with raising() as heard:
        if not heard:
            options = msgspec.structs.replace(task.options, max_page_seconds=0)
            task = msgspec.structs.replace(task, options=options)
        for shard in shards:
            yield shard, audit_shard(shard, task, _Told(tick))


class _Told:
    """Progress that is passed on."""

    item: int
    auditing: int

    def __init__(self, tick: Callable[[int], None]) -> None:
        self._tick = tick
        self._value = 0

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, value: int) -> None:
        self._value = value
        self._tick(value)


class _Meter:
    """Adds up how far a run is, and says so."""

    def __init__(
        self,
        plan: Plan,
        missing: Sequence[Shard],
        totals: Sequence[Totals],
        progress: Callable[[State], None] | None,
    ) -> None:
        self._whole = plan.size
        self._size = plan.size - sum(shard.size for shard in missing)
        self._pages = sum(each.pages for each in totals)
        self._failed = sum(each.failed for each in totals)
        self._progress = progress
        self.deaths = 0
        self._died = ""

    def died(self, shard: Shard, what: str) -> None:
        self.deaths += 1
        first = shard.items[0]
        self._died = f"{what} (it begins with {first.label}{f':{first.line}' if first.line > 1 else ''})"
        self.tick(0)

    def add(self, shard: Shard, totals: Totals) -> None:
        self._size += shard.size
        self._pages += totals.pages
        self._failed += totals.failed
        self.tick(0)

    def tick(self, more: int) -> None:
        if self._progress:
            self._progress(State(self._pages + more, self._failed, self._size, self._whole, self.deaths, self._died))


def _campaigns(
    plan: Plan, scratch: Path, near: Store, left_out: Repeated, seconds: Sequence[Shard], first: Table
) -> tuple[Found, ...]:
    """Return the campaigns of the run, as they show after both passes; `first` is what the first one came to."""
    by_index = {second.index: second for second in seconds}

    def pages() -> Iterator[tuple[int, Traces]]:
        return handed_on(plan.shards, near, left_out, by_index)

    return campaigns(pages, (table_of(pages(), scratch) if seconds else first).shared)


class _Head(msgspec.Struct):
    """What the merge needs to know of a report."""

    id: str
    url: str | None = None
    path: str | None = None
    verdict: str | None = None
    encoding: str | None = None


class _Merged(msgspec.Struct):
    """What the merge came to know."""

    verdicts: dict[str, int]
    encodings: dict[str, int]
    places: dict[Place, tuple[str, str | None]]
    """Id and address of the specimens of campaigns."""
    sha256: str


def _merge(
    plan: Plan,
    store: Store,
    near: Store,
    left_out: Repeated,
    seconds: Sequence[Shard],
    report: Path,
    found: Sequence[Found],
) -> _Merged:
    """Write the report in input order, each id once; the second pass over a page wins, a duplicate is a failed row.

    Args:
        plan: The first pass.
        store: Where the shards stand.
        near: Where it stands which pages the second pass is about.
        left_out: The pages that come once more.
        seconds: The second pass.
        report: Where to.
        found: The campaigns, whose specimens are named.
    """
    names = Names()
    verdicts: Counter[str] = Counter()
    encodings: Counter[str] = Counter()
    head = msgspec.json.Decoder(_Head)
    by_index = {second.index: second for second in seconds}
    wanted = {place for one in found for place in (one.first, one.strongest)}
    places: dict[Place, tuple[str, str | None]] = {}
    digest = hashlib.sha256()
    shards = [each for shard in plan.shards for each in (by_index.get(shard.index), shard) if each]
    files = store.each(map(shard_file, shards))
    with write_whole(report) as file:
        for shard in plan.shards:
            second = by_index.get(shard.index)
            later = dict(zip(again_of(near, second).pages, lines_in(next(files)), strict=True)) if second else {}
            twice = frozenset(left_out.get(shard.index, ()))
            for number, line in enumerate(lines_in(next(files)), 1):
                last = later.get(number, line)
                known = head.decode(last)
                name = names.unique(known.id)
                if number in twice and name != known.id:
                    written = once_more(name, known.id, known.url, known.path)
                    known = _Head(name)
                else:
                    written = last if name == known.id else _renamed(last, name)
                file.write(written)
                digest.update(written)
                verdicts[known.verdict or "failed"] += 1
                encodings[known.encoding or ""] += 1
                if (shard.index, number) in wanted:
                    places[shard.index, number] = name, known.url
    del encodings[""]
    return _Merged(dict(sorted(verdicts.items())), dict(sorted(encodings.items())), places, digest.hexdigest())


def _renamed(line: bytes, name: str) -> bytes:
    report = msgspec.json.decode(line, type=PageReport)
    changed: Any = msgspec.structs.replace(report, id=name)
    return msgspec.json.encode(changed) + b"\n"
