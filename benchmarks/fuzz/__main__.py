"""Coverage-guided fuzzing of every target, or of those named: `python -m benchmarks.fuzz [TARGET...] --seconds N`.

Needs `pip install atheris`. Each target runs in a process of its own, from its corpus in `tests/hostile/corpus`; inputs
that reach something new, and those that break it (`crash-…`), stay in the folder `--found`. The executions are added to
`benchmarks/fuzz/executions.json`, from which the table of `docs/reliability.md` is made; exit 1 if anything broke. Once
that is mended, its input belongs into the corpus under a name that says what it was: `tests/hostile` runs all of them.

`--minimise` fuzzes nothing: of each corpus and of `--found` it leaves what reaches a line of the program that nothing
smaller reaches. What has a name of its own stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

import audit
from benchmarks import readme
from benchmarks.fuzz.targets import TARGETS

CORPUS = Path(__file__).parents[2] / "tests" / "hostile" / "corpus"
EXECUTIONS = Path(__file__).with_name("executions.json")
TABLE = Path(__file__).parents[2] / "docs" / "reliability.md"
PROGRAM = str(Path(audit.__file__).parent)
Line = tuple[str, int]
_FOUND = re.compile(r"[0-9a-f]{40}")
"""A name that libFuzzer gives: the input's digest."""


def fuzz(target: str, found: Path, flags: Sequence[str]) -> tuple[int, bool]:
    """Fuzz a target; return how often it was executed, and whether something broke it."""
    known = CORPUS / target
    log = found / "log.txt"
    with log.open("wb") as file:
        code = _run(target, [f"-artifact_prefix={found}/", *flags, str(found / "inputs"), str(known)], file.fileno())
    executed = re.findall(rb"^stat::number_of_executed_units: (\d+)", log.read_bytes(), re.MULTILINE)
    if not executed:
        raise SystemExit(f"{target}: could not be fuzzed: see {log}; is atheris installed?")
    return int(executed[-1]), code != 0


def minimise(target: str, found: Path, longest: int) -> tuple[int, int]:
    """Make the corpus of a target small; return how many inputs it had and has."""
    known = CORPUS / target
    before = sorted(known.iterdir())
    offered = [path for path in before if _FOUND.fullmatch(path.name)]
    reached: set[Line] = set()
    for path in before:
        if path not in offered:
            reached |= lines(target, path.read_bytes())
    for content in sorted({path.read_bytes() for path in (*offered, *(found / "inputs").iterdir())}, key=_size):
        path = known / hashlib.sha1(content).hexdigest()  # noqa: S324  the name that libFuzzer gives
        new = lines(target, content) - reached if len(content) <= longest else set()
        reached |= new
        if new:
            path.write_bytes(content)
        else:
            path.unlink(missing_ok=True)
    return len(before), len(list(known.iterdir()))


def lines(target: str, content: bytes) -> set[Line]:
    """Return the lines of the program that an input of a target reaches."""
    reached: set[Line] = set()

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        if not frame.f_code.co_filename.startswith(PROGRAM):
            return None
        if event == "line":
            reached.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        TARGETS[target](content)
    finally:
        sys.settrace(None)
    return reached


def _size(content: bytes) -> tuple[int, bytes]:
    return len(content), content


def _run(target: str, flags: Sequence[str], errors: int) -> int:
    command = [sys.executable, "-m", "benchmarks.fuzz.one", target, *flags]
    return subprocess.run(command, stdout=errors, stderr=errors, check=False).returncode


def table(counts: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table of executions."""
    yield "target", "what it is", "executions"
    for name, target in TARGETS.items():
        yield name, (target.__doc__ or "").partition("\n")[0].rstrip("."), f"{counts.get(name, 0):,}"
    yield "**all**", "", f"**{sum(counts.values()):,}**"


def main() -> None:
    """Fuzz or minimise the targets that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--longest", type=int, default=2_000, help="bytes of an input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path("reports/fuzz"), help="a folder for what is found")
    parser.add_argument("--minimise", action="store_true", help="make the corpora small instead")
    said = parser.parse_args()
    unknown = set(said.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    all_broken = []
    for target in said.targets or TARGETS:
        found = said.found.absolute() / target
        (found / "inputs").mkdir(parents=True, exist_ok=True)
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        if said.minimise:
            before, after = minimise(target, found, said.longest)
            print(f"{target}: {after} inputs, {before} before", flush=True)
            continue
        flags = [f"-max_len={said.longest}", f"-seed={said.seed}", f"-max_total_time={said.seconds}", "-timeout=30"]
        executed, broken = fuzz(target, found, [*flags, "-print_final_stats=1"])
        counts: dict[str, int] = json.loads(EXECUTIONS.read_text()) if EXECUTIONS.exists() else {}
        counts[target] = counts.get(target, 0) + executed
        EXECUTIONS.write_text(json.dumps({name: counts.get(name, 0) for name in TARGETS}, indent=1) + "\n", "utf-8")
        readme.write(TABLE, counts, {"fuzz": table})
        print(f"{target}: {executed:,} executions{', BROKEN' if broken else ''}", flush=True)
        all_broken += [target] if broken else []
    if all_broken:
        raise SystemExit(f"broken: {', '.join(all_broken)}; see crash-* and log.txt in {said.found}")


if __name__ == "__main__":
    main()
