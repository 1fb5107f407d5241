"""Measure what the audit finds and what it leaves alone: `python benchmarks/accuracy.py`.

Spam on real hacked pages, on clean ones, on hard negatives and on generated injections, with the lexicon and with it
emptied, beside baselines in the same call; confidence and speed; claims, hedges and negations on labelled sentences.
Prints the validation half of each set (split by a hash of the page id); `--part dev` is the half to tune on. `--readme`
writes the tables of the README from the run.

Characters are counted without white space. A page is *exactly restored* where the cut page equals the page before the
injection, one blank or line break or the indentation beside it aside. A page is *found* where a cut touches it.
A *flag* is a spam finding with the action `cut` or `flag`; notes do not count. Rates have Wilson's 95 % interval, F1
and means over hosts that of a bootstrap over pages or hosts.
"""
# ruff: noqa: E402 - a script finds its repository before it imports from it

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import get_args

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:
    sys.path.insert(0, str(REPO))

from benchmarks import batch_figures, claim_figures, readme, spam_figures
from benchmarks.bench import Bench, Figures, emptied_note
from benchmarks.injections import Part
from benchmarks.table import table

SECTIONS: Mapping[str, Callable[[Bench], Figures]] = {
    "false_alarms": spam_figures.false_alarms,
    "damage": spam_figures.damage,
    "hacked": spam_figures.hacked,
    "generated": spam_figures.generated,
    "evasions": spam_figures.evasions,
    "whole_pages": spam_figures.pages_as_a_whole,
    "together": batch_figures.together,
    "hard_negatives": spam_figures.hard_negatives,
    "confidence": spam_figures.confidence,  # of all that the sections before it saw
    "speed": spam_figures.speed,
    "claims": claim_figures.claims,
    "cues": claim_figures.cues,
}


def measure(data: Path, *, part: Part | None = "validation", quick: bool = False, only: Iterable[str] = ()) -> Figures:
    """Return all figures, or those of the named sections, as plain values."""
    return measured(Bench(data, part=part, quick=quick), only)


def measured(bench: Bench, only: Iterable[str] = ()) -> Figures:
    """Return the figures of a bench, which keeps what went wrong."""
    figures: Figures = {"part": bench.part or "all", "quick": bench.quick, "note": emptied_note(bench.rules)}
    for name, section in SECTIONS.items():
        if not only or name in only:
            figures[name] = section(bench)
    figures["failed_pages"] = len(set(bench.failed))
    figures["notes"] = sorted(bench.notes)
    return figures


def main() -> None:
    """Read the options, measure, print the table, write the figures."""
    parser = argparse.ArgumentParser(description="Measure accuracy on labelled data and generated injections.")
    parser.add_argument(
        "--data", type=Path, default=REPO.parent / "shared" / "data", help="folder of the labelled data"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--misses", type=Path, help="write what went wrong here, a JSON value a line; with --part dev")
    parser.add_argument("--quick", action="store_true", help="small samples; under a minute")
    parser.add_argument("--part", choices=(*get_args(Part), "all"), default="validation", help="half of the data")
    parser.add_argument(
        "--only", action="append", choices=tuple(SECTIONS), default=[], help="measure this section only"
    )
    parser.add_argument("--readme", action="store_true", help="write the tables of README.md from this run")
    parser.add_argument("--from-json", type=Path, help="take the figures from here instead of measuring")
    options = parser.parse_args()
    if options.readme and (options.quick or options.only or options.part != "validation"):
        parser.error("the README carries a full run on the validation half: leave out --quick, --only and --part")
    if options.misses and options.part != "dev":
        parser.error(
            "--misses shows single pages, and those of the validation half are not to be looked at: --part dev"
        )
    if options.from_json:
        figures = json.loads(options.from_json.read_text("utf-8"))
        bench = None
    else:
        if not options.data.is_dir():
            parser.error(f"{options.data}: no such folder; name the labelled data with --data")
        bench = Bench(options.data, part=None if options.part == "all" else options.part, quick=options.quick)
        figures = measured(bench, options.only)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.misses and bench is not None:
        lines = (json.dumps(miss, ensure_ascii=False) + "\n" for miss in bench.misses)
        options.misses.write_text("".join(lines), "utf-8")
    if options.readme:
        if figures["notes"]:
            parser.error("the README carries every baseline; " + "; ".join(figures["notes"]))
        readme.write(REPO / "README.md", figures)


if __name__ == "__main__":
    main()
