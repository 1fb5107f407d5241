"""What comes out of a run, one module a format. Each reads page reports only; the HTML reads the pages too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from audit.errors import UsageError
from audit.report.run import Run

Stream = Callable[[Run, BinaryIO], None]
"""How the module of a format of one file writes: `write(run, file)`."""
Several = Callable[[Run, Path], tuple[Path, ...]]
"""How the module of a format of several files writes: `write(run, folder)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One format. Its module is loaded when it first writes, for pandas and jinja2 take time."""

    module: str
    file: str = ""
    """What it writes into the folder of the run; empty if it writes several files."""
    files: tuple[str, ...] = ()
    """Those of a format of several files."""
    about: str
    """For `audit run --help` and the docs."""
    needs: str = ""
    """A package that only this format imports; it is in the extra of the format's name."""

    def __call__(self, run: Run, to: Path | BinaryIO | None = None) -> tuple[Path, ...]:
        """Write the format; return the files that were written.

        Args:
            run: What to write.
            to: A file (a folder, of a format of several files) or an open stream; the folder of the run if not given.

        Raises:
            UsageError: It cannot be written there.
        """
        write = import_module(f"audit.report.{self.module}").write
        try:
            if self.file == "":
                return _several(write, run, to)
            return _one(write, run, run.folder / self.file if to is None else to)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _cannot_write(error, str(to or run.folder)) from None


def _cannot_write(error: OSError, to: str) -> UsageError:
    what = f"cannot be written: {error.strerror or error}"
    return UsageError(str(error.filename or to), what, "choose another place")


def _one(write: Stream, run: Run, to: Path | BinaryIO) -> tuple[Path, ...]:
    if not isinstance(to, Path):
        write(run, to)
        return ()
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as file:
        write(run, file)
    return (to,)


def _several(write: Several, run: Run, to: Path | BinaryIO | None) -> tuple[Path, ...]:
    folder = run.folder if to is None else to
    if not isinstance(folder, Path):
        raise UsageError("--format", "a format of several files does not fit standard output", "name a folder for it")
    folder.mkdir(parents=True, exist_ok=True)
    return write(run, folder)


_TABLES = ("pages", "findings", "claims", "campaigns")

WRITERS: dict[str, Writer] = {
    "json": Writer(module="runfile", file="run.json", about="how the run was made, and its sums; always written"),
    "csv": Writer(module="tables", files=tuple(f"{name}.csv" for name in _TABLES), about="tables for spreadsheets"),
    "xlsx": Writer(module="xlsx", file="report.xlsx", about="the tables as one workbook", needs="xlsxwriter"),
    "parquet": Writer(
        module="parquet",
        files=tuple(f"{name}.parquet" for name in _TABLES),
        about="the tables, typed, for notebooks",
        needs="pyarrow",
    ),
    "html": Writer(module="html", file="report.html", about="for people to read: one file, works offline"),
    "sarif": Writer(module="sarif", file="report.sarif", about="SARIF 2.1.0, for code scanning and editors"),
    "junit": Writer(module="junit", file="junit.xml", about="JUnit XML, a test a page, for CI"),
    "github": Writer(
        module="github", file="annotations.txt", about="annotations, for a step of GitHub Actions to print"
    ),
    "markdown": Writer(module="markdown", file="summary.md", about="a summary, for a job page or a pull request"),
}
"""By the name that `--format` takes. `report.jsonl` is not among them: the run itself writes it, line by line."""

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A format that was asked for, and where it goes."""

    format: str
    to: str = ""
    """Path, or `-` for standard output; empty for the usual name in the folder of the run."""

    def places(self, folder: Path) -> tuple[Path, ...]:
        """Return the files that it will write for a run into this folder, resolved; `-` is standard output."""
        writer = WRITERS.get(self.format)
        if writer is None:
            return ()
        if self.to == STDOUT:
            return (Path(STDOUT),)
        if writer.file:
            return (Path(self.to or folder / writer.file).resolve(),)
        return tuple((Path(self.to or folder) / name).resolve() for name in writer.files)

    def check(self) -> None:
        """Make sure that it can go where it was asked to, before the work and not after it.

        Raises:
            UsageError: It cannot be written there.
        """
        if self.to in {"", STDOUT}:
            return
        try:
            for place in self.places(Path()):
                place.parent.mkdir(parents=True, exist_ok=True)
                there = place.exists()
                if there and not (place.is_file() or place.is_dir()):
                    continue  # a pipe or a device: to open it would be to use it
                place.open("ab").close()
                if not there:
                    place.unlink()
        except OSError as error:
            raise _cannot_write(error, self.to) from None


def wanted(asked: str, where: str = "--format") -> Wanted:
    """Return what `FORMAT` or `FORMAT=PATH` asks for.

    Raises:
        UsageError: There is no such format, it cannot go there, or what it needs is not installed.
    """
    name, equals, to = asked.partition("=")
    writer = WRITERS.get(name)
    if writer is None and name != "jsonl":
        near = get_close_matches(name, ["jsonl", *WRITERS], n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"formats: jsonl, {', '.join(WRITERS)}"
        raise UsageError(where, f'there is no format "{name}"', hint)
    if equals and not to:
        raise UsageError(where, f'"{asked}" names no file', f"{name}=PATH, or {name} alone")
    if to and writer is None:
        raise UsageError(where, "report.jsonl always stands in the folder of the run", "choose the folder with -o")
    if writer is not None:
        if to == STDOUT and not writer.file:
            raise UsageError(where, f"{name} writes several files", f"name a folder for them: {name}=DIR")
        if writer.needs and find_spec(writer.needs) is None:
            what = f'the format "{name}" needs {writer.needs}, which is not installed'
            raise UsageError(where, what, f"pip install 'article-audit[{name}]'")
    return Wanted(name, to)
