"""Whether memory and open files stay flat over many pages: `python -m benchmarks.load`.

Two measurements, on pages made of the paragraphs of `samples/`, seeded:

- one run of `audit run --jobs 2` over so many pages, and one over a tenth of them: peak memory and open files of its
  processes in both, and whether the report of the large one opens in the system's Chromium (through Playwright);
- so many calls of `audit.audit_page` in one process: its memory after each twentieth of them.

Linux only: memory is `RssAnon` of `/proc`, what a process holds for itself; pages of files that it has mapped are the
kernel's to take back.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time, sleep
from typing import NamedTuple

from ruamel import yaml

import audit
from audit import Page

SAMPLES = Path(__file__).parent.parent / "samples"
_TICK = 0.5
"""Seconds between two looks at the processes of a run."""
_FLAT = 0.05
"""By so much the memory of one process may grow after the first tenth of its calls."""


def paragraphs(kind: str) -> list[str]:
    """Return the paragraphs of the samples of this kind; of HTML what stands between `<p>` and `</p>`."""
    labels = yaml.YAML(typ="safe").load((SAMPLES / "labels.yaml").read_text("utf-8"))["pages"]
    found: list[str] = []
    for name in sorted(name for name, label in labels.items() if label["kind"] == kind):
        if name.endswith(".html"):
            found += re.findall(r"<p[ >].*?</p>", (SAMPLES / name).read_text("utf-8"), re.DOTALL)
        elif name.endswith((".txt", ".md")):
            found += [f"<p>{part}</p>" for part in (SAMPLES / name).read_text("utf-8").split("\n\n") if part.strip()]
    return [part for part in found if len(part) > 60]


def pages(number: int) -> Iterator[Page]:
    """Yield pages that differ, on a thousand sites: one to three honest paragraphs, one page in twenty injected."""
    honest, injected = paragraphs("honest"), paragraphs("injected")
    for at in range(number):
        chance = random.Random(at)
        body = "\n".join(chance.choices(honest, k=chance.randint(1, 3)))
        if at % 20 == 0:
            body += "\n" + chance.choice(injected)
        body += f"\n<p>Leaflet {at}, read by {chance.randrange(10**9)} people in ward {chance.randrange(10**6)}.</p>"
        url = f"https://site{at % 1000}.example/{at}"
        if at % 3:
            yield Page(id=str(at), url=url, kind="text", text=re.sub(r"<[^<>]+>", "", body))
        else:
            yield Page(id=str(at), url=url, kind="html", text=f"<!doctype html><title>Leaflet {at}</title>\n{body}")


class Process(NamedTuple):
    """What one process holds."""

    memory: int
    """Bytes."""
    files: int


def held(pid: int) -> Process | None:
    """Return what a process holds now; None if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        files = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208  (the number alone is asked for)
    except OSError:
        return None
    found = re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
    return Process(int(found.group(1)) * 1024, files) if found else None


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Load(NamedTuple):
    """What a run over so many pages held at most."""

    pages: int
    parent: Process
    worker: Process
    """The largest of the workers."""
    seconds: float
    report: Path


def run(number: int, folder: Path, jobs: int) -> Load:
    """Audit so many pages in one run, and look at its processes all the while."""
    source = folder / f"pages-{number}.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for page in pages(number):
            name = "html" if page.kind == "html" else "text"
            file.write(json.dumps({"id": page.id, "url": page.url, name: page.text}) + "\n")
    out = folder / f"run-{number}"
    begin = monotonic()
    command = [sys.executable, "-m", "audit", "run", str(source), "-o", str(out), "--jobs", str(jobs), "-q"]
    peaks = {"parent": Process(0, 0), "worker": Process(0, 0)}
    with subprocess.Popen(command) as child:
        while child.poll() is None:
            for name, pids in (("parent", [child.pid]), ("worker", children(child.pid))):
                for each in filter(None, map(held, pids)):
                    peak = peaks[name]
                    peaks[name] = Process(max(peak.memory, each.memory), max(peak.files, each.files))
            sleep(_TICK)
    if child.returncode:
        raise SystemExit(f"audit run ended with {child.returncode}")
    lines = sum(1 for _ in (out / "report.jsonl").open("rb"))
    if lines != number:
        raise SystemExit(f"the report has {lines} lines, not {number}")
    return Load(number, peaks["parent"], peaks["worker"], monotonic() - begin, out / "report.html")


def opened(report: Path) -> str:
    """Open the report in the browser; say how long it took, or why it was not tried."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return "not opened: no Chromium here"
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only the dev extra has it)
    except ImportError:
        return "not opened: pip install playwright"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        begin = monotonic()
        tab.goto(report.as_uri(), wait_until="load", timeout=300_000)
        heading = tab.locator("h1").first.inner_text()
        took = monotonic() - begin
        browser.close()
    size = report.stat().st_size / 1e6
    said = f"errors {errors}" if errors else "no error"
    return f"opened in Chromium in {took:.1f} s: {size:.1f} MB, “{heading}”, {said}"


def soak(calls: int) -> tuple[list[int], list[int], float]:
    """Call `audit_page` so often; return the memory and the open files after each twentieth, and the CPU seconds."""
    rules = audit.load_rules()
    memory, files = [], []
    begin = process_time()
    step = max(1, calls // 20)
    for number, page in enumerate(pages(calls), 1):
        audit.audit_page(page, rules)
        if number % step == 0:
            gc.collect()
            now = held(os.getpid())
            if now is None:
                raise SystemExit("/proc tells nothing of this process: this needs Linux")
            memory.append(now.memory)
            files.append(now.files)
    return memory, files, process_time() - begin


def _tell_run(number: int, jobs: int) -> bool:
    with TemporaryDirectory(prefix="audit-load-") as folder:
        loads = [run(max(1, number // 10), Path(folder), jobs), run(number, Path(folder), jobs)]
        print(f"\none run, --jobs {jobs}")
        print(f"{'pages':>10}{'parent, MB':>12}{'worker, MB':>12}{'its files':>12}{'worker’s':>12}{'seconds':>12}")
        for load in loads:
            sizes = f"{_mb(load.parent.memory):>12}{_mb(load.worker.memory):>12}"
            files = f"{load.parent.files:>12}{load.worker.files:>12}"
            print(f"{load.pages:>10,}{sizes}{files}{load.seconds:>12.0f}")
        small, large = loads
        print(opened(large.report))
    return large.worker.memory <= 1.25 * small.worker.memory and large.parent.files <= small.parent.files + 2


def _tell_soak(calls: int) -> bool:
    memory, files, seconds = soak(calls)
    before = memory[min(1, len(memory) - 1)]
    growth = max(memory[1:] or memory) / before - 1
    print(f"\n{calls:,} calls of audit_page in one process, {seconds:.0f} s of CPU")
    print("MB after each twentieth: " + " ".join(_mb(each) for each in memory))
    print(f"most after the first tenth: {growth:+.1%}; open files {files[0]} at first, {files[-1]} at last")
    return growth <= _FLAT and files[-1] <= files[0]


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000, help="of the large run; 0 leaves it out")
    parser.add_argument("--calls", type=int, default=50_000, help="of audit_page; 0 leaves them out")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    fine = [
        *([_tell_soak(args.calls)] if args.calls else []),
        *([_tell_run(args.pages, args.jobs)] if args.pages else []),
    ]
    raise SystemExit(0 if all(fine) else "memory or open files grew")


if __name__ == "__main__":
    main()
