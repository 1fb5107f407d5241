"""How a run grows: with pages, workers, rules and listed hosts. Each is one `audit run` on made pages."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import msgspec

from benchmarks.hosts import write_list
from benchmarks.made_sites import network, write
from benchmarks.speed_peers import peak_mb

_INJECTED = "Play slot gacor at maribook9.example tonight, deposit bonus for new members!"
_PACK = "pack: spam.made\nversion: 1\nrules:\n"
_RULE = """\
  - id: spam.made.rule-{number}
    kind: phrase
    severity: note
    message: "A made word: “{{quote}}”."
    why: It measures what a rule costs.
    source: {{title: made}}
    evidence: payload
    any: [{phrases}]
    should_match: ["Here is ⟦{first}⟧ once."]
    should_not_match: [Here is none of them.]
"""
_SHIPPED = 200
"""About as many rules as the packs hold."""


class Grown(msgspec.Struct, frozen=True):
    """What one run took."""

    name: str
    pages: int
    cpu_seconds: float
    """Of all its processes, start included."""
    seconds: float
    peak_mb: float
    """Of its largest process."""


def growth(*, quick: bool, most: int) -> Iterator[Grown]:
    """Yield the runs: more pages, more workers, ten times the rules, half a million listed hosts.

    Args:
        quick: Whether a minute is all there is.
        most: Pages of the largest run.
    """
    sizes, few, listed = ((200, 1000), 200, 20_000) if quick else ((1000, 10_000, 100_000), 1000, 500_000)
    sizes = tuple(size for size in sizes if size <= max(most, sizes[1]))
    with TemporaryDirectory() as name:
        folder = Path(name)
        sources = {size: write(folder / f"{size}.jsonl", _pages(size)) for size in {*sizes, few}}
        for size in sizes:
            yield run(f"{size:,} pages", size, folder, sources[size])
        for jobs in (1, 2):
            yield run(f"{jobs} worker{'s' * (jobs > 1)}", sizes[1], folder, sources[sizes[1]], "--jobs", str(jobs))
        yield run("rules as shipped", few, folder, sources[few])
        write_rules(folder / "made.yaml", 9 * _SHIPPED)
        yield run("rules × 10", few, folder, sources[few], "--rules", str(folder / "made.yaml"))
        write_list(folder / "hosts.txt", listed)
        (folder / "audit.toml").write_text('host_lists = ["hosts.txt"]\n')
        for turn in ("first time", "again"):
            yield run(f"{listed:,} listed hosts, {turn}", few, folder, sources[few])


def _pages(count: int) -> list[dict[str, str]]:
    return network(1, _INJECTED, pages=count, share=0.05)


def write_rules(path: Path, count: int) -> None:
    """Write rules of ten made phrases each."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_PACK)
        for number in range(count):
            phrases = [f"{_word(chance)} {_word(chance)}" for _ in range(10)]
            file.write(_RULE.format(number=number, phrases=", ".join(phrases), first=phrases[0]))


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfghjklmnprstvwz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def run(name: str, pages: int, folder: Path, source: Path, *options: str) -> Grown:
    """Return what an audit of a source takes, with one worker if not told otherwise; the reports go to `out`."""
    command = [sys.executable, "-m", "audit", "run", str(source), "-o", str(folder / "out"), "--format", "json", "-q"]
    begin = perf_counter()
    process = subprocess.Popen([*command, "--jobs", "1", *options], cwd=folder, stderr=subprocess.PIPE, text=True)
    peak = 0.0
    while True:
        peak = max([peak, *map(peak_mb, _family(process.pid))])
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.communicate()[1]
    if process.returncode:
        raise RuntimeError(f"{name}: audit run ended with {process.returncode}: {said}")
    return Grown(name, pages, usage.ru_utime + usage.ru_stime, perf_counter() - begin, peak)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in children:
        yield from _family(int(child))
