"""`audit_shard`: one range of the input to one file of reports, the same bytes whoever does it."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any, Protocol

import msgspec

from audit import stages
from audit.batch.bound import Late, at_most
from audit.batch.cache import Cache, Entry
from audit.batch.made import made
from audit.batch.plan import Shard, mark_of
from audit.batch.store import Store
from audit.errors import HandlesError, PageError
from audit.ingest import Item, Options, PageFailure, read
from audit.model import Page, PageReport
from audit.spam.elsewhere import NOTHING, Capture, Elsewhere, Repetition

if TYPE_CHECKING:
    from audit.rules.load import RuleSet
    from audit.spam import Seen

Audit = Callable[[Page, Any], PageReport]
Got = tuple[PageReport, "Seen | None"]


class Progress(Protocol):
    """Numbers that another process may read."""

    value: int
    """Of the page that is being worked on, from 0."""
    item: int
    """Of the part of the shard that it comes from, from 0."""
    auditing: int
    """1 while the page is audited, 0 while it is read."""


class Here:
    """Progress that nobody watches."""

    value: int
    item: int
    auditing: int


class Passed(msgspec.Struct, frozen=True):
    """What ended the worker of a shard twice, so that it is passed over."""

    pages: Mapping[int, str] = {}
    """By number, from 0: pages that are not audited again, and what they did."""
    items: Mapping[int, int] = {}
    """By number, from 0: parts of the shard that are not read on, and the number of the page that would be next."""


NONE_PASSED = Passed()
_LAST = 4096
"""Bytes that the last line of a shard file may have."""


class Task(msgspec.Struct, frozen=True):
    """What is the same for every shard of a run."""

    store: Store
    """Where the shard files go."""
    options: Options
    rules: Any
    """The `RuleSet`."""
    audit: Audit | None = None
    """What is done to a page; `audit.audit_page` if not told. Only that learns from other pages."""
    cache: str = ""
    """Folder of results of other runs; empty for none."""


class Stamp(msgspec.Struct, frozen=True):
    """First line of a shard file."""

    fingerprint: str


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """What a shard of the second pass is about; stands in a file beside its own."""

    pages: tuple[int, ...]
    """Numbers of the pages that are audited again, from 1, in order."""
    texts: tuple[tuple[int, Repetition], ...]
    marks: tuple[int, ...]
    captures: dict[int, tuple[Capture, ...]]
    """By number of the page: other captures of its address."""

    def elsewhere(self) -> Callable[[int], Elsewhere]:
        """Return what gives each of the pages what it is to know."""
        texts, marks = dict(self.texts), frozenset(self.marks)
        return lambda page: Elsewhere(texts, marks, self.captures.get(page, ()))

    def digest(self, page: int) -> bytes:
        """Return what tells apart what this page knows from what it would know in another run."""
        return hashlib.sha256(msgspec.json.encode((self.texts, self.marks, self.captures.get(page, ())))).digest()


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Last line of a shard file: what it holds, and seconds by stage."""

    pages: int
    failed: int
    internal_errors: int
    cached: int
    """Pages whose result was known."""
    cache_broken: int
    """Results that were known and could not be read."""
    read_seconds: float
    audit_seconds: float
    write_seconds: float
    stages: dict[str, float]
    """CPU seconds of auditing."""


class Outcome(msgspec.Struct, frozen=True):
    """A line of a shard file and whether it stands for a defect of the program."""

    line: bytes
    failed: bool
    internal: bool = False
    traces: bytes = b""
    """What the page hands on to others, as a line; empty for most."""
    report: PageReport | None = None
    """Of a page that could be audited."""
    cached: bool = False


def audit_shard(shard: Shard, task: Task, progress: Progress | None = None, passed: Passed = NONE_PASSED) -> Totals:
    """Write the shard's files, whole or not at all: what its pages hand on to others first, then their reports.

    Of a shard of the second pass only some pages are audited; the others are read and passed over.

    Args:
        shard: What to audit.
        task: How, and where to.
        progress: Is told where the work stands.
        passed: What is left out, and told as failed.

    Raises:
        OSError: The file cannot be written.
    """
    progress = progress or Here()
    again = again_of(task.store, shard) if shard.again else None
    wanted = frozenset(again.pages) if again else None
    elsewhere = again.elsewhere() if again else lambda _: NOTHING
    cache = Cache(task.cache, made(task.rules.digest)) if task.cache else None
    number = done_pages = failures = internal = cached = 0
    marks = bytearray()
    reading = auditing = writing = 0.0
    spent = stages.spent()
    progress.value = 0
    with (
        task.store.write(shard_file(shard)) as file,
        task.store.write(traces_file(shard)) as traces,
    ):
        file.write(msgspec.json.encode(Stamp(shard.fingerprint)) + b"\n")
        begin = perf_counter()
        for number, got in enumerate(_pages(shard, task.options, progress, passed), 1):
            ready = perf_counter()
            reading += ready - begin
            if wanted is None or number in wanted:
                known = elsewhere(number)
                progress.auditing = 1
                what = passed.pages.get(number - 1)
                if what:
                    outcome = _ended_worker(got, what)
                elif cache and isinstance(got, Page):
                    context = again.digest(number) if again else b""
                    outcome = _cached(got, number, task, known, cache, context)
                else:
                    outcome = _report(got, number, task, known)
                cached += outcome.cached
                progress.auditing = 0
                done = perf_counter()
                file.write(outcome.line)
                traces.write(outcome.traces)
                marks += _content_mark(got, outcome.report).to_bytes(8)
                done_pages += 1
                failures += outcome.failed
                internal += outcome.internal
                auditing += done - ready
                writing += perf_counter() - done
            progress.value = number
            begin = perf_counter()
        totals = Totals(
            pages=done_pages,
            failed=failures,
            internal_errors=internal,
            cached=cached,
            cache_broken=cache.broken if cache else 0,
            read_seconds=reading,
            audit_seconds=auditing,
            write_seconds=writing,
            stages=stages.since(spent),
        )
        file.write(msgspec.json.encode(totals) + b"\n")
        traces.write(msgspec.json.encode(bytes(marks)) + b"\n")
    return totals


def _content_mark(got: Page | PageFailure, report: PageReport | None) -> int:
    """Return what tells a page from every other: one with the same mark is the same once more. 0 without a report.

    That is its id, and all of it that a report depends on. Two captures of an address are two pages; so are two records
    of one id without an address that come from different sources.
    """
    if report is None or not isinstance(got, Page):
        return 0
    source = got.path if got.url is None else None
    return mark_of(repr((got.id, got.url, source, got.variant, got.kind, report.sha256)))


def again_of(store: Store, shard: Shard) -> Again:
    """Return what a shard of the second pass is about."""
    with store.open(again_file(shard)) as file:
        return msgspec.json.decode(file.read(), type=Again)


def shard_file(shard: Shard) -> str:
    """Return the name of the file of a shard's reports; it is there once they are complete."""
    return f"{shard.fingerprint}.jsonl"


def traces_file(shard: Shard) -> str:
    """Return the name of the file of what the pages of a shard hand on; it is complete where the shard's file is.

    A line for each page that has something to tell; then one with the mark of the content of every page, 0 of one that
    could not be audited, all of them after one another.
    """
    return f"{shard.fingerprint}.traces"


def again_file(shard: Shard) -> str:
    """Return the name of the file that says what a shard of the second pass is about."""
    return f"{shard.fingerprint}.again"


def finished(store: Store, shard: Shard) -> Totals | None:
    """Return what a shard holds if a complete file of this very shard is there."""
    try:
        with store.open(shard_file(shard)) as file:
            return totals_in(file, shard)
    except OSError:
        return None


def totals_in(file: IO[bytes], shard: Shard) -> Totals | None:
    """Return what a file says that a shard holds, if it is complete and of this very shard."""
    try:
        if msgspec.json.decode(file.readline(), type=Stamp).fingerprint != shard.fingerprint:
            return None
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST))
        return msgspec.json.decode(file.readlines()[-1], type=Totals)
    except (OSError, msgspec.DecodeError):
        return None


def lines_in(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the report lines of a shard's file."""
    file.readline()
    return but_last(file)


def but_last(file: Iterable[bytes]) -> Iterator[bytes]:
    """Yield all lines of a file but the last."""
    before = b""
    for line in file:
        if before:
            yield before
        before = line


def one_report(got: Page | PageFailure, rules: RuleSet) -> PageReport:
    """Return the report of a page by itself, or the row of its failure; only an interruption gets out of here."""
    return _row(got, rules, _seen)[0]


def _seen(page: Page, rules: RuleSet, elsewhere: Elsewhere = NOTHING) -> Got:
    from audit.pipeline import audit_seen  # noqa: PLC0415  # half a second, spent by who audits

    return audit_seen(page, rules, elsewhere, stages.Watch().done)


def _report(got: Page | PageFailure, number: int, task: Task, elsewhere: Elsewhere) -> Outcome:
    seconds = task.options.max_page_seconds

    def audited(page: Page, rules: RuleSet) -> Got:
        with at_most(seconds):
            return (task.audit(page, rules), None) if task.audit else _seen(page, rules, elsewhere)

    try:
        row, internal, seen = _row(got, task.rules, audited)
    except Late:
        row, internal, seen = _failed(got, PageError(got.id, f"the page {took_more(seconds)}", _WORTH)), False, None
    try:
        line = msgspec.json.encode(row)
    except UnicodeEncodeError as error:
        row, internal, seen = _failed(got, _defect(got.id, error)), True, None
        line = msgspec.json.encode(row)
    if not isinstance(got, Page) or row.status != "ok":
        return Outcome(line + b"\n", row.status == "failed", internal)
    return Outcome(line + b"\n", failed=False, traces=_told(got, number, seen, row), report=row)


def _cached(page: Page, number: int, task: Task, elsewhere: Elsewhere, cache: Cache, context: bytes) -> Outcome:
    """Return what is known of a page, with its own id and place; else audit it, and keep what comes of it.

    Args:
        page: What was read.
        number: In its shard.
        task: How.
        elsewhere: What other pages say of it.
        cache: What is known.
        context: Digest of `elsewhere`.
    """
    from audit.spam.campaigns import Traces, site_of  # noqa: PLC0415  # as `_seen`

    rules = task.rules.for_page(page.id, page.path, page.url)
    place = cache.place(page, rules.digest, site_of(page), context)
    entry = cache.get(place)
    if entry is None:
        outcome = _report(page, number, task, elsewhere)
        if outcome.report is not None:
            cache.put(place, Entry(outcome.report, outcome.traces))
        return outcome
    report = msgspec.structs.replace(entry.report, id=page.id, path=page.path)
    told = entry.traces
    if told:
        told = msgspec.json.encode(msgspec.structs.replace(msgspec.json.decode(told, type=Traces), page=number)) + b"\n"
    return Outcome(msgspec.json.encode(report) + b"\n", failed=False, traces=told, report=report, cached=True)


def _told(page: Page, number: int, seen: Seen | None, report: PageReport) -> bytes:
    """Return the line of what a page hands on to others; empty if that is nothing."""
    from audit.spam.campaigns import traces  # noqa: PLC0415

    found = traces(page, number, seen, report.findings)
    return msgspec.json.encode(found) + b"\n" if found else b""


def _row(
    got: Page | PageFailure, rules: RuleSet, audited: Callable[[Page, RuleSet], Got]
) -> tuple[PageReport, bool, Seen | None]:
    if isinstance(got, PageFailure):
        return _failed(got, got.error), got.defect, None
    try:
        report, seen = audited(got, rules)
    except PageError as error:
        return _failed(got, error), False, None
    except Exception as error:  # noqa: BLE001  # one page must not end a run; the row names the defect
        HandlesError.check(got.id, error)
        return _failed(got, _defect(got.id, error)), True, None
    return report, False, seen


def _pages(shard: Shard, options: Options, progress: Progress, passed: Passed) -> Iterator[Page | PageFailure]:
    count = 0
    for number, item in enumerate(shard.items):
        progress.item = number
        pages = _read(item, options)
        while passed.items.get(number) != count:
            got = next(pages, None)
            if got is None:
                break
            count += 1
            yield got
        else:
            count += 1
            error = PageError(item.label, "reading on ended its worker process twice", "leave it out, or report a bug")
            yield PageFailure(id=item.label, path=item.label, error=error)


def _read(item: Item, options: Options) -> Iterator[Page | PageFailure]:
    try:
        yield from read(item, options)
    except HandlesError:
        raise
    except Exception as error:  # noqa: BLE001  # one file must not end a run; the row names the defect
        HandlesError.check(item.label, error)
        yield PageFailure(id=item.label, path=item.label, error=_defect(item.label, error), defect=True)


def _failed(got: Page | PageFailure, error: PageError) -> PageReport:
    return PageReport(id=got.id, url=got.url, path=got.path, kind=None, sha256=None, status="failed", error=str(error))


def _defect(where: str, error: Exception) -> PageError:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    detail = " ".join(str(error).encode("utf-8", "replace").decode().split())[:200]
    what = f"internal error: {type(error).__name__}: {detail} (in {frame.name}, {place})"
    return PageError(where, what, "this is a bug, please report it, if you can with the page")


def once_more(name: str, known: str, url: str | None, path: str | None) -> bytes:
    """Return the line of a page that was read before.

    Args:
        name: Its id in the report.
        known: The id that it came with, which the first one has.
        url: Its address.
        path: Where it comes from.
    """
    what = f'duplicate: the page "{known}" was read before, with the same content; it is skipped'
    error = PageError(name, what, "leave it out of the source, or give it an id of its own")
    row = PageReport(id=name, url=url, path=path, kind=None, sha256=None, status="failed", error=str(error))
    return msgspec.json.encode(row) + b"\n"


def _ended_worker(got: Page | PageFailure, what: str) -> Outcome:
    error = PageError(got.id, f"the page {what}, twice", _WORTH if what.startswith("took") else _MEMORY)
    return Outcome(msgspec.json.encode(_failed(got, error)) + b"\n", failed=True)


def took_more(seconds: int) -> str:
    """Return what a page did that was not done in time."""
    return f"took more than {seconds} s"


DIED = "ended its worker process"
"""What a page did over which its worker died."""
_WORTH = "raise --max-page-seconds if it is worth the wait"
_MEMORY = "it may need more memory than there is"
