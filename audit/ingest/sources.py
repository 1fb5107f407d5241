"""What the user named, as the list of files to read: in order, each once, none lost without a word."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from audit.errors import InputError
from audit.ingest.options import Options
from audit.text.globs import compiled

STDIN = "-"
SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "records",
    ".ndjson": "records",
    ".jsonl.gz": "packed records",
    ".ndjson.gz": "packed records",
    ".csv": "table",
    ".tsv": "table",
}
"""Readers by the end of the file name, in lower case. A file of another name is `unknown`: its content decides."""
_NOT_YET = {
    ".parquet": "Parquet", ".warc": "WARC", ".warc.gz": "WARC", ".wet": "WET", ".wet.gz": "WET",
    ".zip": "a ZIP archive", ".tar": "a TAR archive", ".tgz": "a TAR archive", ".tar.gz": "a TAR archive",
    ".gz": "a gzip file", ".zst": "a Zstandard file", ".xlsx": "a workbook", ".xls": "a workbook", ".pdf": "PDF",
    ".docx": "a Word document", ".odt": "a text document", ".epub": "an e-book", ".wxr": "a WordPress export",
}  # fmt: skip
READABLE = "HTML, text, Markdown, JSON Lines (.jsonl, .ndjson, also .gz) and CSV, single or in folders"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read, or a range of one that holds records."""

    path: str
    """Where it stands; absolute."""
    label: str
    """What the report calls it: relative, with `/`, the same on every machine."""
    reader: str
    """Key of `audit.ingest.readers.READERS`."""
    size: int = 0
    stamp: str = ""
    """Changes when the file does."""
    start: int = 0
    end: int = -1
    """Bytes of the records; -1 for all."""
    line: int = 1
    """Number of the first line."""
    problem: tuple[str, str] = ("", "")
    """What is wrong with it, and what to do; then it is not read."""


class Sources(msgspec.Struct, frozen=True):
    """All there is to read, in order."""

    items: tuple[Item, ...]
    passed_over: int = 0
    """Files in folders that were not read because of their name."""
    given: tuple[str, ...] = ()


def find(sources: Sequence[str | os.PathLike[str]], options: Options, *, strict: bool = False) -> Sources:
    """Return the files that the sources name; a file named twice is read once, in the first place.

    In a folder, sub-folders included, files come in the order of their names. Hidden files and folders are passed
    over, so is what `exclude` names, and without `include` every file that has none of the suffixes that can be read.
    A folder that is reached twice, by a symbolic link, is read once.

    Args:
        sources: Files, folders, or `-` for standard input, which is to be replaced by `spool` before reading.
        options: Which files of a folder to read.
        strict: Whether one source that cannot be read is enough to stop.

    Raises:
        InputError: No source can be read; with `strict`, one cannot. Otherwise it is an item with its problem.
    """
    finder = _Finder(options)
    problems: list[InputError] = []
    if not sources:
        raise InputError("", "no source given", "name files or folders, or - for standard input")
    for source in sources:
        try:
            finder.add(os.fspath(source))
        except InputError as error:
            if strict:
                raise
            problems.append(error)
            finder.items.append(
                Item(path="", label=_clean(error.where), reader="unknown", problem=(error.what, error.hint))
            )
    if len(problems) == len(finder.items):
        raise _together(problems)
    return Sources(tuple(finder.items), finder.passed_over, tuple(_clean(os.fspath(source)) for source in sources))


def spool(path: Path, digest: str) -> Item:
    """Return the item of standard input whose bytes were put into a file."""
    return Item(path=str(path), label=STDIN, reader="stream", size=path.stat().st_size, stamp=digest)


class _Finder:
    def __init__(self, options: Options) -> None:
        self.items: list[Item] = []
        self.passed_over = 0
        self._options = options
        self._seen: set[str] = set()
        self._folders: set[tuple[int, int]] = set()
        self._here = Path.cwd()

    def add(self, source: str) -> None:
        if source == STDIN:
            if STDIN not in self._seen:
                self._seen.add(STDIN)
                self.items.append(Item(path="", label=STDIN, reader="stream"))
            return
        if _ADDRESS.match(source):
            hint = "nothing is fetched; save the page and name the file, or pipe it in: curl ADDRESS | audit run -"
            raise InputError(source, "is an address, not a file", hint)
        path = Path(os.path.abspath(source))  # noqa: PTH100  # resolve() would follow links and change the names
        label = self._label(path)
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            raise _missing(source, path, error) from None
        if stat.S_ISDIR(status.st_mode):
            self._folder(source, path, label)
            return
        suffix = _suffix(path.name, _NOT_YET)
        if suffix and not _suffix(path.name, SUFFIXES):
            raise InputError(source, f"{_NOT_YET[suffix]} cannot be read", f"what can be read: {READABLE}")
        self._file(path, label)

    def _folder(self, source: str, path: Path, label: str) -> None:
        before, passed_over = len(self.items), self.passed_over
        known = self._known(path)
        for file, inside in self._walk(path, ""):
            if self._wanted(inside, f"{label}/{inside}" if label != "." else inside):
                self._file(file, inside if label == "." else f"{label}/{inside}")
            else:
                self.passed_over += 1
        if len(self.items) == before and not known:
            others = self.passed_over - passed_over
            what = (
                f"no page in this folder; its {others} files have other names" if others else "no page in this folder"
            )
            raise InputError(source, what, f"what can be read: {READABLE}; choose by name with --include")

    def _known(self, folder: Path) -> bool:
        """Return whether files of the folder were named before."""
        return any(seen.startswith(f"{folder}{os.sep}") for seen in self._seen)

    def _walk(self, folder: Path, inside: str) -> Iterator[tuple[Path, str]]:
        """Yield the files below, with their path inside the source; a folder without access is a problem item."""
        pending = [(folder, inside)]
        while pending:
            folder, inside = pending.pop()
            try:
                if not self._first_visit(folder):
                    continue
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self.items.append(_unreadable(folder, f"{self._label(folder)}", error))
                continue
            folders: list[tuple[Path, str]] = []
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                name = f"{inside}{entry.name}"
                if _is_folder(entry):
                    if not any(compiled(glob).fullmatch(name) for glob in self._options.exclude):
                        folders.append((Path(entry.path), f"{name}/"))
                else:
                    yield Path(entry.path), name
            pending += reversed(folders)

    def _first_visit(self, folder: Path) -> bool:
        status = folder.stat()
        place = (status.st_dev, status.st_ino)
        if place in self._folders:
            return False
        self._folders.add(place)
        return True

    def _wanted(self, inside: str, label: str) -> bool:
        names = (inside, label)
        if any(compiled(glob).fullmatch(name) for glob in self._options.exclude for name in names):
            return False
        if self._options.include:
            return any(compiled(glob).fullmatch(name) for glob in self._options.include for name in names)
        return bool(_suffix(inside, SUFFIXES))

    def _file(self, path: Path, label: str) -> None:
        if str(path) in self._seen:
            return
        self._seen.add(str(path))
        try:
            status = path.stat()
        except OSError as error:
            self.items.append(_unreadable(path, label, error))
            return
        if not stat.S_ISREG(status.st_mode):
            problem = ("is not a regular file", "pipe its content in with -, or name a file")
            self.items.append(Item(path=str(path), label=_clean(label), reader="unknown", problem=problem))
            return
        suffix = _suffix(path.name, SUFFIXES)
        stamp = f"{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"
        reader = SUFFIXES.get(suffix, "unknown")
        self.items.append(Item(path=str(path), label=_clean(label), reader=reader, size=status.st_size, stamp=stamp))

    def _label(self, path: Path) -> str:
        """Return the path relative to the working folder; of one outside it, relative to its own parent."""
        if path.is_relative_to(self._here):
            return path.relative_to(self._here).as_posix()
        return path.name or path.as_posix()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _unreadable(path: Path, label: str, error: OSError) -> Item:
    problem = (f"cannot be read: {error.strerror}", "check its permissions, and what it links to")
    return Item(path=str(path), label=_clean(label), reader="unknown", problem=problem)


def _suffix(name: str, table: dict[str, str]) -> str:
    """Return the longest end of a file name that the table knows; empty if none."""
    ends = name.lower().split(".")[-2:]
    for end in (".".join(["", *ends]), f".{ends[-1]}"):
        if end in table and len(name) > len(end):
            return end
    return ""


def _missing(source: str, path: Path, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError):
        try:
            beside = [entry.name for entry in os.scandir(path.parent)]
        except OSError:
            return InputError(source, "no such file or folder", f"its folder {path.parent.name!r} is missing, too")
        close = difflib.get_close_matches(path.name, sorted(beside), 1, 0.6)
        hint = f"did you mean {str(Path(source).parent / close[0])!r}?" if close else "check the path"
        return InputError(source, "no such file or folder", hint)
    return InputError(source, f"cannot be read: {getattr(error, 'strerror', None) or error}", "check the path")


def _together(problems: Sequence[InputError]) -> InputError:
    """Return one error that says what is wrong with every source."""
    if len(problems) == 1:
        return problems[0]
    rest = "\n".join(str(problem) for problem in problems[1:])
    return InputError(problems[0].where, problems[0].what, f"{problems[0].hint}\n{rest}".strip())


def _clean(name: str) -> str:
    """Return a file name as text; bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
