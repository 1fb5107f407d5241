"""How long it takes until anything happens: our commands and imports of peers, in processes that take turns."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

PAGE = (
    "<html><body><h1>Sleep</h1><p>A dark room helps some people to fall asleep.</p>"
    '<p>moonbet77 login, <a href="https://moonbet77.example/">slot gacor</a>, judi online</p></body></html>'
)
"""One that is cut, so that nearly all is loaded that a page may ask for."""


class Started(msgspec.Struct, frozen=True):
    """What one process took; medians of the rounds."""

    name: str
    cpu_seconds: float
    seconds: float


def start(*, quick: bool) -> Iterator[Started]:
    """Yield what our commands take, and what imports of peers do; a peer that is not installed is left out."""
    with TemporaryDirectory() as name:
        page = Path(name) / "page.html"
        page.write_text(PAGE, "utf-8")
        run = ("run", str(page), "-o", str(Path(name) / "out"), "-q")
        commands: dict[str, tuple[str, ...]] = {
            "audit --help": ("-m", "audit", "--help"),
            "audit run, one page": ("-m", "audit", *run),
            **{f"import {peer}": ("-c", f"import {peer}") for peer in ("spacy", "pandas", "trafilatura")},
        }
        known = {what: command for what, command in commands.items() if _ran(command)}
        taken = _rounds(known, 3 if quick else 9)
    for what, each in taken.items():
        yield Started(what, median(cpu for cpu, _ in each), median(seconds for _, seconds in each))


def _rounds(commands: Mapping[str, tuple[str, ...]], rounds: int) -> dict[str, list[tuple[float, float]]]:
    taken: dict[str, list[tuple[float, float]]] = {what: [] for what in commands}
    for _ in range(rounds):
        for what, command in commands.items():
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
            _ran(command)
            seconds, after = perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
            taken[what].append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds))
    return taken


def _ran(command: tuple[str, ...]) -> bool:
    """Run Python with these arguments; return whether it ended well. What it compiles is there the next time."""
    return subprocess.run([sys.executable, *command], capture_output=True, check=False).returncode == 0
