"""Fuzz one target for some time, from its corpus: `python -m benchmarks.fuzz TARGET --seconds N`.

Needs `pip install atheris`. Ends with the number of executions; an input that breaks the target is kept, with its
error, in the folder `--found`, and belongs into `tests/hostile/corpus/TARGET` once it is mended. `--minimise` makes the
corpus small again: what of it and of `--found` reaches something that nothing smaller reaches.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "tests" / "hostile" / "corpus"


def main() -> None:
    """Read the flags and hand over to libFuzzer, which ends the process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--longest", type=int, default=2_000, help="bytes of an input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, help="where new inputs and those that break the target go")
    parser.add_argument(
        "--minimise", type=Path, metavar="FOLDER", help="write the smallest corpus into a folder instead"
    )
    said = parser.parse_args()
    import atheris  # noqa: PLC0415  optional, and takes time

    with atheris.instrument_imports(include=["audit"], enable_loader_override=False):
        from benchmarks.fuzz.targets import TARGETS  # noqa: PLC0415  has to be imported here to be watched
    if said.target not in TARGETS:
        parser.error(f"no target {said.target!r}; targets: {', '.join(TARGETS)}")
    found = said.found or Path(tempfile.mkdtemp(prefix=f"fuzz-{said.target}-"))
    found.mkdir(parents=True, exist_ok=True)
    known = CORPUS / said.target
    known.mkdir(parents=True, exist_ok=True)
    flags = [
        sys.argv[0],
        f"-max_len={said.longest}",
        f"-seed={said.seed}",
        f"-artifact_prefix={found}/crash-",
        "-timeout=30",
    ]
    if said.minimise:
        said.minimise.mkdir(parents=True, exist_ok=True)
        flags += ["-merge=1", str(said.minimise), str(known), str(found)]
    else:
        flags += [f"-max_total_time={said.seconds}", "-print_final_stats=1", str(found), str(known)]
    atheris.Setup(flags, TARGETS[said.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
