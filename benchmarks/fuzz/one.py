"""The process that fuzzes one target: `python -m benchmarks.fuzz.one TARGET FLAG...`, the flags being libFuzzer's."""

from __future__ import annotations

import sys

import atheris


def main() -> None:
    """Hand over to libFuzzer, which ends the process."""
    target, *flags = sys.argv[1:]
    with atheris.instrument_imports(include=["audit"], enable_loader_override=False):
        from benchmarks.fuzz.targets import TARGETS  # noqa: PLC0415  has to be imported here to be watched
    atheris.Setup([sys.argv[0], *flags], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
