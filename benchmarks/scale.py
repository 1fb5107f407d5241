"""What runs of any size take: measured here, and worked out for a crawl of the web and for a network of sites.

    python benchmarks/scale.py records 1000000       so many small records, and a tenth of them: is memory flat?
    python benchmarks/scale.py pages SOURCE...       the same figures of sources of your own
    python benchmarks/scale.py                       the tables of docs/scale.md, from the figures below

Times are of the processor, so that a busy machine does not show in them.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from math import ceil, log2
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.made_sites import SENTENCES, SUBJECTS

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
    Paper("a network of 10 M pages", 10_000_000, 250 * GB, 1),
)
"""A month of Common Crawl is some 75 TB packed in 100 segments (arXiv:2404.09770); the network has pages like it."""
PAGE_MS = 77.1
"""Of all processes, for one page more: `pages` over 213 real ones of 77 kB, on two cores that twenty others wanted."""
DRIVER_MS = 0.94
"""Of it the process that plans, merges and sums up, in the same run."""
REPORT, TRACES = 14_123, 1_342
"""Bytes a page, of the same run."""
CORE_HOUR = 0.0408
"""US dollars: half a m7g.large, which has two cores; on demand, Linux, us-east-1, list price of June 2026."""
GB_MONTH = 0.023
"""US dollars: S3 Standard, us-east-1, first 50 TB, list price of 2025."""
SHARD_BYTES, SHARD_MEMORY = 1_800_000, 227 + 413
"""Of packed input in a shard, and of the driver's memory for it: the shard and its item, by tracemalloc."""
DRIVER_START = 52 * MB


def tables() -> None:
    """Print what the papers would take."""
    print("| |", " | ".join(paper.name for paper in PAPERS), "|")
    print("|---|" + "---|" * len(PAPERS))
    for name, figure in ROWS.items():
        print(f"| {name} |", " | ".join(figure(paper) for paper in PAPERS), "|")


def _hours(paper: Paper) -> float:
    return paper.pages * PAGE_MS / 3.6e6


def _shards(paper: Paper) -> float:
    return paper.packed / SHARD_BYTES


def _driver_memory(paper: Paper) -> float:
    """Return the bytes that the driver of one of the runs holds: its start, the plan, and the table of ids."""
    pages = paper.pages / paper.runs
    ids = 8 * 2 ** ceil(log2(1.5 * pages))
    return DRIVER_START + _shards(paper) / paper.runs * SHARD_MEMORY + ids


ROWS: dict[str, Callable[[Paper], str]] = {
    "pages": lambda paper: f"{paper.pages:,}",
    "input, packed": lambda paper: f"{paper.packed / TB:,.2f} TB",
    "core-hours": lambda paper: f"{_hours(paper):,.0f}",
    "hours on 1,000 cores": lambda paper: f"{_hours(paper) / 1000:,.1f}",
    "dollars for the cores": lambda paper: f"{_hours(paper) * CORE_HOUR:,.0f}",
    "`report.jsonl`": lambda paper: f"{paper.pages * REPORT / TB:,.2f} TB",
    "dollars a month to keep it": lambda paper: f"{paper.pages * REPORT / GB * GB_MONTH:,.0f}",
    "between workers and merge (the shuffle), besides": lambda paper: f"{paper.pages * (REPORT + TRACES) / TB:,.2f} TB",
    "of it what pages hand to one another": lambda paper: f"{paper.pages * TRACES / GB:,.0f} GB",
    "shards": lambda paper: f"{_shards(paper):,.0f}",
    "runs": lambda paper: f"{paper.runs:,}",
    "pages of a run": lambda paper: f"{paper.pages / paper.runs:,.0f}",
    "memory of a run's driver": lambda paper: f"{_driver_memory(paper) / GB:,.1f} GB",
    "hours that it plans and merges": lambda paper: f"{paper.pages / paper.runs * DRIVER_MS / 3.6e6:,.1f}",
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


def measure(sources: Sequence[str], jobs: int = 2) -> Cost:
    """Audit sources as a user does, with all that is written without being asked for, and watch the processes."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "audit", "run", *sources, "-o", folder, "--jobs", str(jobs)]
        before = _spent()
        run = subprocess.Popen([*command, "-q", "--no-progress"])
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
            time.sleep(0.5)
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


def table(costs: dict[str, Cost]) -> None:
    """Print what runs took."""
    print("| source | pages | MB | CPU ms a page | of it the driver | report, bytes a page | between, bytes a page "
          "| handed on, bytes a page | driver, MB | worker, MB |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, cost in costs.items():
        n = cost.pages
        print(
            f"| {name} | {n:,} | {cost.read / MB:,.0f} | {1000 * cost.cpu / n:.2f} | {1000 * cost.driver / n:.3f} "
            f"| {cost.report / n:,.0f} | {cost.between / n:,.0f} | {cost.traces / n:,.0f} "
            f"| {cost.driver_peak / MB:,.0f} | {cost.worker_peak / MB:,.0f} |"
        )


def over_time(cost: Cost) -> None:
    """Print the memory of a run as it went on."""
    print("| CPU seconds so far | shards finished | driver, MB | largest worker, MB |\n|---|---|---|---|")
    for one in cost.moments:
        print(f"| {one.cpu:,.0f} | {one.shards:,} | {one.driver / MB:,.0f} | {one.worker / MB:,.0f} |")


def main() -> None:
    """Measure, or print the tables."""
    what, *rest = sys.argv[1:] or ["tables"]
    if what == "tables":
        tables()
    if what == "records":
        with TemporaryDirectory() as folder:
            for number in (int(rest[0]) // 10, int(rest[0])):
                path = Path(folder) / f"{number}.jsonl"
                records(path, number)
                cost = measure([str(path)])
                table({f"{number:,} small records": cost})
                print()
                over_time(cost)
                print(flush=True)
    if what == "pages":
        with TemporaryDirectory() as folder:
            half, whole = _halves(rest, Path(folder))
            table({"half of them": (less := measure([half])), "all": (more := measure([whole]))})
            print(f"\nOne page more: {1000 * (more.cpu - less.cpu) / (more.pages - less.pages):.1f} ms")


if __name__ == "__main__":
    main()
