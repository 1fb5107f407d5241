"""What comes out of a run, one module a format. Each reads page reports only; the HTML reads the pages too."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from audit.report.run import Run, Writer


def _writer(module: str) -> Writer:
    """Return the module's `write`; the module is loaded when it is first called, for pandas and jinja2 take time."""

    def write(run: Run) -> tuple[Path, ...]:
        written: tuple[Path, ...] = import_module(f"audit.report.{module}").write(run)
        return written

    return write


WRITERS: dict[str, Writer] = {
    "json": _writer("runfile"),
    "csv": _writer("tables"),
    "html": _writer("html"),
}
"""By the name that `--format` takes. `report.jsonl` is not among them: the run itself writes it, line by line."""
