"""What runs of any size take: measured here, and worked out for a crawl of the web and for a network of sites.

    python -m benchmarks.scale records 1000000       so many small records, and a tenth of them: is memory flat?
    python -m benchmarks.scale pages SOURCE...       the same of JSON Lines of your own, and every second line of them
    python -m benchmarks.scale                       the tables of docs/scale.md anew, from what was measured last

What is measured is kept in `scale.json` beside this file; every figure of the tables comes from there, or is one of
those named below. Times are of the processor, so that a busy machine does not show much in them.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from math import ceil, log2
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks import readme
from benchmarks.made_sites import SENTENCES, SUBJECTS
from benchmarks.readme import Row

KEPT = Path(__file__).with_suffix(".json")
DOCS = Path(__file__).parents[1] / "docs/scale.md"
MB, GB, TB = 10**6, 10**9, 10**12


class Moment(msgspec.Struct, frozen=True):
    """How a run stood at some time."""

    cpu: float
    """Seconds of all its processes so far."""
    shards: int
    """Files of finished shards, those of the second pass too; 0 once they are merged and gone."""
    driver: int
    """Bytes of memory that it holds."""
    worker: int
    """Of the largest one."""


class Cost(msgspec.Struct, frozen=True):
    """What one run took."""

    pages: int
    read: int
    """Bytes of input."""
    cpu: float
    """Seconds of all its processes, start included."""
    driver: float
    """Seconds of the one process that plans and merges."""
    report: int
    """Bytes of `report.jsonl`."""
    between: int
    """Bytes of `.shards` at most: what workers hand to the merge."""
    traces: int
    """Bytes of them that pages hand to one another."""
    driver_peak: int
    """Bytes of memory."""
    worker_peak: int
    moments: tuple[Moment, ...] = ()
    """Of the whole run, a tenth of it from one to the next."""


class Measured(msgspec.Struct, frozen=True):
    """What was measured last."""

    half: Cost
    """Every second one of real pages."""
    pages: Cost
    """All of them. What they cost beyond the half is what pages cost, the start of processes left out."""
    tenth: Cost
    """A tenth of the small records."""
    records: Cost

    @property
    def page_ms(self) -> float:
        """Milliseconds of all processes for one real page more."""
        return 1000 * (self.pages.cpu - self.half.cpu) / (self.pages.pages - self.half.pages)

    @property
    def driver_ms(self) -> float:
        """Of it the process that plans, merges and sums up."""
        return 1000 * (self.pages.driver - self.half.driver) / (self.pages.pages - self.half.pages)


def measured() -> Measured:
    """Return what was measured last."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Measured)


def keep(**costs: Cost) -> None:
    """Take new figures in for those of the same names, and write them down."""
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(measured(), **costs)), indent=1))


class Paper(msgspec.Struct, frozen=True):
    """A run that nobody has done."""

    name: str
    pages: int
    packed: int
    """Bytes of input as stored, gzip."""
    runs: int
    """That it is parted into."""


PAPERS = (
    Paper("Common Crawl, a month", 3_000_000_000, 75 * TB, 100),
    Paper("the same month as one run", 3_000_000_000, 75 * TB, 1),
    Paper("a network of 10 M pages", 10_000_000, 250 * GB, 1),
)
"""A month of Common Crawl is some 75 TB packed in 100 segments (arXiv:2404.09770); the network has pages like it."""
CORE_HOUR = 0.0408
"""US dollars: half a m7g.large, which has two cores; on demand, Linux, us-east-1, list price of June 2026."""
GB_MONTH = 0.023
"""US dollars: S3 Standard, us-east-1, first 50 TB, list price of 2025."""
SHARD_BYTES, SHARD_MEMORY = 1_800_000, 227 + 413
"""Of packed input in a shard, and of the driver's memory for it: the shard and its item, by tracemalloc."""
DRIVER_START = 52 * MB
_LOOK = 0.1
"""Seconds from one look at the processes to the next: how exactly the end of one is known."""
FETCHED, AHEAD, ANSWER = 2, 16, 0.015
"""Files of a shard that the driver fetches from an object store, how many at a time, and the seconds of each."""


def papers(now: Measured) -> Iterator[Row]:
    """Yield what runs would take that nobody has done."""
    yield ("", *(paper.name for paper in PAPERS))
    for name, figure in ROWS.items():
        yield (name, *(figure(paper, now) for paper in PAPERS))


def _hours(paper: Paper, now: Measured) -> float:
    return paper.pages * now.page_ms / 3.6e6


def _report(paper: Paper, now: Measured) -> float:
    return paper.pages * now.pages.report / now.pages.pages


def _traces(paper: Paper, now: Measured) -> float:
    return paper.pages * now.pages.traces / now.pages.pages


def _shards(paper: Paper) -> float:
    return paper.packed / SHARD_BYTES


def _driver_memory(paper: Paper) -> float:
    """Return the bytes that the driver of one of the runs holds: its start, the plan, and the table of ids."""
    pages = paper.pages / paper.runs
    ids = 8 * 2 ** ceil(log2(1.5 * pages))
    return DRIVER_START + _shards(paper) / paper.runs * SHARD_MEMORY + ids


ROWS: dict[str, Callable[[Paper, Measured], str]] = {
    "pages": lambda paper, _: f"{paper.pages:,}",
    "input, packed": lambda paper, _: f"{paper.packed / TB:,.2f} TB",
    "core-hours": lambda paper, now: f"{_hours(paper, now):,.0f}",
    "hours on 1,000 cores": lambda paper, now: f"{_hours(paper, now) / 1000:,.1f}",
    "dollars for the cores": lambda paper, now: f"{_hours(paper, now) * CORE_HOUR:,.0f}",
    "`report.jsonl`": lambda paper, now: f"{_report(paper, now) / TB:,.2f} TB",
    "dollars a month to keep it": lambda paper, now: f"{_report(paper, now) / GB * GB_MONTH:,.0f}",
    "between workers and merge (the shuffle), besides": lambda paper, now: (
        f"{(_report(paper, now) + _traces(paper, now)) / TB:,.2f} TB"
    ),
    "of it what pages hand to one another": lambda paper, now: f"{_traces(paper, now) / GB:,.0f} GB",
    "shards": lambda paper, _: f"{_shards(paper):,.0f}",
    "runs": lambda paper, _: f"{paper.runs:,}",
    "pages of a run": lambda paper, _: f"{paper.pages / paper.runs:,.0f}",
    "memory of a run's driver": lambda paper, _: f"{_driver_memory(paper) / GB:,.1f} GB",
    "hours that it plans and merges": lambda paper, now: f"{paper.pages / paper.runs * now.driver_ms / 3.6e6:,.1f}",
    "minutes that it waits for an object store besides": lambda paper, _: (
        f"{_shards(paper) / paper.runs * FETCHED * ANSWER / AHEAD / 60:,.0f}"
    ),
}


def records(path: Path, number: int, seed: int = 6) -> None:
    """Write small records, the same ones for the same seed."""
    chance = random.Random(seed)
    subjects = sorted(SUBJECTS)
    with path.open("w", encoding="utf-8") as file:
        for at in range(number):
            subject = chance.choice(subjects)
            told = [one.format(subject=subject, parts=SUBJECTS[subject]) for one in chance.sample(SENTENCES, 4)]
            url = f"https://www.site{chance.randrange(1000)}.example/{at}"
            file.write(json.dumps({"id": f"{at:08}", "url": url, "text": f"Leaflet {at}. {' '.join(told)}"}) + "\n")


def measure(sources: Sequence[str], *options: str, jobs: int = 2) -> Cost:
    """Audit sources as a user does, with all that is written without being asked for, and watch the processes."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "audit", "run", *sources, "-o", folder, "--jobs", str(jobs)]
        before = _spent()
        run = subprocess.Popen([*command, "-q", "--no-progress", *options])
        driver = 0.0
        peaks: dict[int, int] = {}
        used: dict[int, float] = {}
        moments: list[Moment] = []
        between = traces = 0
        while run.poll() is None:
            workers = _children(run.pid)
            for pid in (run.pid, *workers):
                peaks[pid] = max(peaks.get(pid, 0), _memory(pid, "VmHWM"))
                used[pid] = _cpu(pid) or used.get(pid, 0.0)
            driver = used[run.pid]
            sizes = _sizes(Path(folder) / ".shards")
            between = max(between, sum(sizes.values()))
            traces = max(traces, sum(size for name, size in sizes.items() if name.endswith(".traces")))
            moments.append(
                Moment(
                    cpu=sum(used.values()),
                    shards=sum(name.endswith(".jsonl") for name in sizes),
                    driver=_memory(run.pid, "VmRSS"),
                    worker=max((_memory(pid, "VmRSS") for pid in workers), default=0),
                )
            )
            time.sleep(_LOOK)
        facts = json.loads((Path(folder) / "run.json").read_bytes())
        return Cost(
            pages=facts["counts"]["pages"],
            read=sum(path.stat().st_size for path in map(Path, sources)),
            cpu=_spent() - before,
            driver=driver,
            report=(Path(folder) / "report.jsonl").stat().st_size,
            between=between,
            traces=traces,
            driver_peak=peaks.pop(run.pid),
            worker_peak=max(peaks.values(), default=0),
            moments=_tenths(moments),
        )


def _tenths(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return eleven of them, about as much time of the processors between one and the next."""
    whole = moments[-1].cpu
    return tuple(min(moments, key=lambda one: abs(one.cpu - tenth * whole / 10)) for tenth in range(11))


def _halves(sources: Sequence[str], folder: Path) -> tuple[str, str]:
    """Write every second line of JSON Lines into one file, all of them into another; return the paths.

    What the second costs beyond the first is what pages cost, the start of processes left out.
    """
    half, whole = folder / "half.jsonl", folder / "whole.jsonl"
    with half.open("wb") as some, whole.open("wb") as every:
        for source in sources:
            for number, line in enumerate(Path(source).read_bytes().splitlines(keepends=True)):
                every.write(line)
                if number % 2:
                    some.write(line)
    return str(half), str(whole)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _memory(pid: int, which: str) -> int:
    """Return the bytes that a process holds (VmRSS), or ever held (VmHWM); 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(which)), 0)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def _sizes(folder: Path) -> dict[str, int]:
    try:
        return {path.name: path.stat().st_size for path in folder.iterdir()}
    except OSError:  # a file got its last name meanwhile; the next look sees it
        return {}


def costs(now: Measured) -> Iterator[Row]:
    """Yield what runs took."""
    yield (
        "source", "pages", "MB", "CPU ms a page", "of it the driver", "report, bytes a page", "between, bytes a page",
        "handed on, bytes a page", "driver, MB", "worker, MB",
    )  # fmt: skip
    real = f"{now.pages.pages:,} real pages"
    yield _cost(f"every second of {real}", now.half)
    yield _cost("all of them", now.pages)
    yield f"one of {real} more", "", "", f"{now.page_ms:.1f}", f"{now.driver_ms:.2f}", "", "", "", "", ""
    yield _cost(f"{now.tenth.pages:,} small records", now.tenth)
    yield _cost(f"{now.records.pages:,} small records", now.records)


def _cost(name: str, cost: Cost) -> Row:
    n = cost.pages
    each = (f"{1000 * cost.cpu / n:.2f}", f"{1000 * cost.driver / n:.3f}")
    sizes = (f"{size / n:,.0f}" for size in (cost.report, cost.between, cost.traces))
    peaks = (f"{cost.driver_peak / MB:,.0f}", f"{cost.worker_peak / MB:,.0f}")
    return name, f"{n:,}", f"{cost.read / MB:,.0f}", *each, *sizes, *peaks


def over_time(now: Measured) -> Iterator[Row]:
    """Yield the memory of the run over the small records as it went on."""
    yield "CPU seconds so far", "files of shards", "driver, MB", "largest worker, MB"
    for one in now.records.moments:
        yield f"{one.cpu:,.0f}", f"{one.shards:,}", f"{one.driver / MB:,.0f}", f"{one.worker / MB:,.0f}"


TABLES = {"scale-costs": costs, "scale-memory": over_time, "scale-papers": papers}


def main() -> None:
    """Measure if that is asked for, and write the tables."""
    what, *rest = sys.argv[1:] or ["tables"]
    with TemporaryDirectory() as folder:
        if what == "records":
            sizes = (int(rest[0]) // 10, int(rest[0]))
            tenth, whole = (Path(folder) / f"{number}.jsonl" for number in sizes)
            for path, number in zip((tenth, whole), sizes, strict=True):
                records(path, number)
            keep(tenth=measure([str(tenth)]), records=measure([str(whole)]))
        if what == "pages":
            half, every = _halves(rest, Path(folder))
            alone = ("--format", "jsonl")
            keep(half=measure([half], *alone), pages=measure([every], *alone))
    now = measured()
    for table in TABLES.values():
        print("\n".join(" | ".join(map(str, row)) for row in table(now)), end="\n\n")
    readme.write(DOCS, {"measured": now}, {name: _from_measured(table) for name, table in TABLES.items()})


def _from_measured(table: Callable[[Measured], Iterator[Row]]) -> Callable[[readme.Figures], Iterator[Row]]:
    return lambda figures: table(figures["measured"])


if __name__ == "__main__":
    main()
