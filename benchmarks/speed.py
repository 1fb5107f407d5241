"""Speed and memory beside peers, and how both grow: `python -m benchmarks.speed [--quick] [--readme]`.

CPU time, not seconds on the clock, so that other work on the machine counts less; what compares is the ratio to the
first contender of the same rounds. Needs the `bench` extra; a peer that is not installed is named and skipped.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import readme
from benchmarks.readme import Row, Tables
from benchmarks.speed_growth import growth
from benchmarks.speed_peers import HTML, TEXT, race
from benchmarks.speed_start import start

REPO = Path(__file__).parents[1]
Figures = dict[str, Any]


def html_pages(data: Path, count: int) -> list[str]:
    """Return a seeded sample of real HTML pages."""
    rows = [json.loads(line) for name in ("modern", "health") for line in (data / f"html/{name}.jsonl").open()]
    return [row["html"] for row in random.Random("speed").sample(rows, min(count, len(rows)))]


def texts(data: Path, count: int) -> list[str]:
    """Return a seeded sample of real answers of about 700 words."""
    rows = [json.loads(line)["text"] for line in (data / "clean/nih.jsonl").open()]
    near = [text for text in rows if 600 <= len(text.split()) <= 800]
    return random.Random("speed").sample(near, min(count, len(near)))


def peers(data: Path, *, quick: bool) -> Figures:
    """Return how the audit and its peers did, on HTML and on text."""
    count, rounds = (12, 3) if quick else (60, 5)
    html, text = html_pages(data, count), texts(data, count // 2)
    figures: Figures = {"html_pages": len(html), "texts": len(text), "skipped": []}
    for name, contenders, pages in (("html", HTML, html), ("text", TEXT, text)):
        timed, missing = race(contenders, pages, rounds)
        figures[name] = msgspec.to_builtins(timed)
        figures["skipped"] += missing
    return figures


def _html(figures: Figures) -> Iterator[Row]:
    yield from _peers(figures["html"], f"real HTML, {figures['html_pages']} pages", "times trafilatura's speed")


def _text(figures: Figures) -> Iterator[Row]:
    yield from _peers(
        figures["text"], f"plain text, {figures['texts']} of about 700 words", "times blank spaCy's speed"
    )


def _peers(timed: Mapping[str, Any], title: str, ratio: str) -> Iterator[Row]:
    yield title, "ms a page: mean, median", "pages a second", ratio, "peak MB"
    for name, one in timed.items():
        shown = f"**{name}**" if name.startswith("article audit") else name
        each = f"{one['mean_ms']:.1f}, {one['median_ms']:.1f}"
        yield shown, each, f"{1000 / one['mean_ms']:,.0f}", f"{one['ratio']:.2f}", f"{one['peak_mb']:.0f}"


def _growth(figures: Figures) -> Iterator[Row]:
    yield "`audit run` on made pages", "pages", "CPU seconds", "ms a page", "seconds", "peak MB of a process"
    for one in figures["growth"]:
        each = f"{1000 * one['cpu_seconds'] / one['pages']:.2f}"
        spent = (f"{one['cpu_seconds']:.1f}", each, f"{one['seconds']:.1f}")
        yield one["name"], f"{one['pages']:,}", *spent, f"{one['peak_mb']:.0f}"


def _start(figures: Figures) -> Iterator[Row]:
    yield "until it is done", "CPU seconds", "seconds", "times `import spacy`"
    peer = next((one["cpu_seconds"] for one in figures["start"] if one["name"] == "import spacy"), None)
    for one in figures["start"]:
        held = f"{one['cpu_seconds'] / peer:.2f}" if peer else ""
        yield one["name"], f"{one['cpu_seconds']:.2f}", f"{one['seconds']:.2f}", held


OF_README: Tables = {"speed-html": _html, "speed-text": _text, "speed-growth": _growth}
"""Tables of the README."""
OTHERS: Tables = {"speed-start": _start}
"""Tables that are only printed."""
PARTS = ("peers", "start", "growth")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and memory beside peers, and how both grow.")
    parser.add_argument(
        "--data", type=Path, default=REPO.parent / "shared" / "data", help="folder of the labelled data"
    )
    parser.add_argument("--quick", action="store_true", help="a few pages; about a minute")
    parser.add_argument("--only", choices=PARTS, help="measure this part only")
    parser.add_argument("--most", type=int, default=100_000, help="pages of the largest run of growth; 10000 at least")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--readme", action="store_true", help="write the tables of README.md from this run")
    options = parser.parse_args()
    wanted = {options.only} if options.only else set(PARTS)
    if options.readme and (options.quick or wanted == {"start"}):
        parser.error("the README carries full runs beside peers and of growth: leave out --quick and --only start")
    if "peers" in wanted and not options.data.is_dir():
        parser.error(f"{options.data}: no such folder; name the labelled data with --data")
    figures: Figures = {"skipped": []}
    if "peers" in wanted:
        figures |= peers(options.data, quick=options.quick)
    if "start" in wanted:
        figures["start"] = msgspec.to_builtins(list(start(quick=options.quick)))
    if "growth" in wanted:
        figures["growth"] = msgspec.to_builtins(list(growth(quick=options.quick, most=options.most)))
    measured = {name: table for name, table in OF_README.items() if name.removeprefix("speed-") in figures}
    printed = measured | {name: table for name, table in OTHERS.items() if name.removeprefix("speed-") in figures}
    for table in printed.values():
        print("\n".join(" | ".join(map(str, row)) for row in table(figures)), end="\n\n")
    for one in figures["skipped"]:
        print(f"skipped, not installed: {one}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.readme:
        if figures["skipped"]:
            parser.error("the README carries every peer; " + "; ".join(figures["skipped"]))
        readme.write(REPO / "README.md", figures, measured)


if __name__ == "__main__":
    main()
