"""`audit_shard`: one range of the input to one file of reports, the same bytes whoever does it."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any, Protocol

import msgspec

from audit import stages
from audit.batch.plan import Shard
from audit.errors import PageError
from audit.ingest import Options, PageFailure, read
from audit.model import Page, PageReport
from audit.spam.elsewhere import NOTHING, Capture, Elsewhere, Repetition

if TYPE_CHECKING:
    from audit.rules.load import RuleSet
    from audit.spam import Seen

Audit = Callable[[Page, Any], PageReport]
Got = tuple[PageReport, "Seen | None"]


class Progress(Protocol):
    """A number that another process may read: of the page that is being worked on, from 0."""

    value: int


class Here:
    """Progress that nobody watches."""

    value = -1


class Task(msgspec.Struct, frozen=True):
    """What is the same for every shard of a run."""

    folder: str
    """Where the shard files go."""
    options: Options
    rules: Any
    """The `RuleSet`."""
    audit: Audit | None = None
    """What is done to a page; `audit.audit_page` if not told. Only that learns from other pages."""


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


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Last line of a shard file: what it holds, and seconds by stage."""

    pages: int
    failed: int
    internal_errors: int
    read_seconds: float
    audit_seconds: float
    write_seconds: float
    stages: dict[str, float] = {}
    """CPU seconds of auditing."""


class Outcome(msgspec.Struct, frozen=True):
    """A line of a shard file and whether it stands for a defect of the program."""

    line: bytes
    failed: bool
    internal: bool = False
    traces: bytes = b""
    """What the page hands on to others, as a line; empty for most."""


def audit_shard(
    shard: Shard, task: Task, progress: Progress | None = None, deadly: frozenset[int] = frozenset()
) -> Totals:
    """Write the shard's files, whole or not at all: what its pages hand on to others first, then their reports.

    Of a shard of the second pass only some pages are audited; the others are read and passed over.

    Args:
        shard: What to audit.
        task: How, and where to.
        progress: Is told the number of each page before it is read.
        deadly: Numbers of pages that have ended their worker; they are not audited again.

    Raises:
        OSError: The file cannot be written.
    """
    progress = progress or Here()
    again = _again(task.folder, shard) if shard.again else None
    wanted = frozenset(again.pages) if again else None
    elsewhere = again.elsewhere() if again else lambda _: NOTHING
    number = done_pages = failures = internal = 0
    reading = auditing = writing = 0.0
    spent = stages.spent()
    progress.value = 0
    with (
        write_whole(shard_file(task.folder, shard)) as file,
        write_whole(traces_file(task.folder, shard)) as traces,
    ):
        file.write(msgspec.json.encode(Stamp(shard.fingerprint)) + b"\n")
        begin = perf_counter()
        for number, got in enumerate(_pages(shard, task.options), 1):
            ready = perf_counter()
            reading += ready - begin
            if wanted is None or number in wanted:
                known = elsewhere(number)
                outcome = _ended_worker(got) if number - 1 in deadly else _report(got, number, task, known)
                done = perf_counter()
                file.write(outcome.line)
                traces.write(outcome.traces)
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
            read_seconds=reading,
            audit_seconds=auditing,
            write_seconds=writing,
            stages=stages.since(spent),
        )
        file.write(msgspec.json.encode(totals) + b"\n")
    return totals


def _again(folder: str, shard: Shard) -> Again:
    return msgspec.json.decode(again_file(folder, shard).read_bytes(), type=Again)


def shard_file(folder: str | Path, shard: Shard) -> Path:
    """Return where the reports of a shard stand once they are complete."""
    return Path(folder) / f"{shard.fingerprint}.jsonl"


def traces_file(folder: str | Path, shard: Shard) -> Path:
    """Return where stands what the pages of a shard hand on; it is complete where the shard's file is."""
    return Path(folder) / f"{shard.fingerprint}.traces"


def again_file(folder: str | Path, shard: Shard) -> Path:
    """Return where stands what a shard of the second pass is about."""
    return Path(folder) / f"{shard.fingerprint}.again"


def finished(folder: str | Path, shard: Shard) -> bool:
    """Return whether a complete file of this very shard is there."""
    try:
        with shard_file(folder, shard).open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Stamp).fingerprint == shard.fingerprint
    except (OSError, msgspec.DecodeError):
        return False


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the report lines of a shard file."""
    with path.open("rb") as file:
        file.readline()
        before = b""
        for line in file:
            if before:
                yield before
            before = line


def totals_of(path: Path) -> Totals:
    """Return the last line of a shard file."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return msgspec.json.decode(file.readlines()[-1], type=Totals)


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all of it is on disk."""
    unfinished = path.with_name(f"{path.name}.{platform.node()}.{os.getpid()}.tmp")  # nodes share folders
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def one_report(got: Page | PageFailure, rules: RuleSet) -> PageReport:
    """Return the report of a page by itself, or the row of its failure; only an interruption gets out of here."""
    return _row(got, rules, _seen)[0]


def _seen(page: Page, rules: RuleSet, elsewhere: Elsewhere = NOTHING) -> Got:
    from audit.pipeline import audit_seen  # noqa: PLC0415  # half a second, spent by who audits

    return audit_seen(page, rules, elsewhere)


def _report(got: Page | PageFailure, number: int, task: Task, elsewhere: Elsewhere) -> Outcome:
    def audited(page: Page, rules: RuleSet) -> Got:
        return (task.audit(page, rules), None) if task.audit else _seen(page, rules, elsewhere)

    row, internal, seen = _row(got, task.rules, audited)
    try:
        line = msgspec.json.encode(row)
    except UnicodeEncodeError as error:
        row, internal, seen = _failed(got, _defect(got.id, error)), True, None
        line = msgspec.json.encode(row)
    told = _told(got, number, seen, row) if isinstance(got, Page) and row.status == "ok" else b""
    return Outcome(line + b"\n", row.status == "failed", internal, told)


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
        return _failed(got, _defect(got.id, error)), True, None
    return report, False, seen


def _pages(shard: Shard, options: Options) -> Iterator[Page | PageFailure]:
    for item in shard.items:
        try:
            yield from read(item, options)
        except Exception as error:  # noqa: BLE001  # one file must not end a run; the row names the defect
            yield PageFailure(id=item.label, path=item.label, error=_defect(item.label, error), defect=True)


def _failed(got: Page | PageFailure, error: PageError) -> PageReport:
    return PageReport(id=got.id, url=got.url, path=got.path, kind=None, sha256=None, status="failed", error=str(error))


def _defect(where: str, error: Exception) -> PageError:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    detail = " ".join(str(error).encode("utf-8", "replace").decode().split())[:200]
    what = f"internal error: {type(error).__name__}: {detail} (in {frame.name}, {place})"
    return PageError(where, what, "this is a bug, please report it, if you can with the page")


def _ended_worker(got: Page | PageFailure) -> Outcome:
    error = PageError(got.id, "the page ended its worker process twice", "it may need more memory than there is")
    return Outcome(msgspec.json.encode(_failed(got, error)) + b"\n", failed=True)
