"""What the user named, as the list of files to read: in order, each once, none lost without a word."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from audit.errors import HandlesError, InputError
from audit.ingest.items import STDIN, Item, as_text, reader_of, wanted
from audit.ingest.options import Options
from audit.ingest.remote import is_remote, label_of, listed
from audit.text.globs import compiled

_NEVER = {
    ".xlsx": "a workbook", ".xls": "a workbook", ".pdf": "PDF", ".docx": "a Word document", ".odt": "a text document",
    ".epub": "an e-book", ".7z": "a 7-Zip archive", ".rar": "a RAR archive", ".bz2": "a bzip2 file",
    ".xz": "an xz file", ".wat": "WAT", ".sql": "a database dump", ".seospider": "a crawl of Screaming Frog",
    ".dbseospider": "a crawl of Screaming Frog",
}  # fmt: skip
READABLE = (
    "HTML, text, Markdown, JSON Lines, JSON, CSV, Parquet, WARC, WET, WordPress exports, sitemaps, ZIP and TAR, "
    "most also as .gz or .zst, single or in folders"
)
_LONGEST_LINE = 1 << 16
LIST = "@"
"""Before the name of a file that lists sources, one a line."""


class Sources(msgspec.Struct, frozen=True):
    """All there is to read, in order."""

    items: tuple[Item, ...]
    passed_over: int = 0
    """Files in folders that were not read because of their name."""
    given: tuple[str, ...] = ()


_OF_A_RUN = {"report.jsonl", "run.json"}
"""Files that a folder with the report of a run always holds."""


def find(sources: Sequence[str | os.PathLike[str]], options: Options, *, strict: bool = False) -> Sources:
    """Return the files that the sources name; a file named twice is read once, in the first place.

    In a folder, sub-folders included, files come in the order of their names. Hidden files and folders are passed
    over, so is what `exclude` names, and without `include` every file that has none of the suffixes that can be read.
    A sub-folder that holds the report of a run is none of the pages: it is passed over, too.
    A folder that is reached twice, by a symbolic link, is read once.

    Args:
        sources: Files, folders, addresses, `@LIST`, or `-` for standard input, which `spool` replaces before reading.
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
                Item(path="", label=as_text(error.where), reader="unknown", problem=(error.what, error.hint))
            )
    if len(problems) == len(finder.items):
        raise _together(problems)
    return Sources(tuple(finder.items), finder.passed_over, tuple(as_text(os.fspath(source)) for source in sources))


def spool(path: str, size: int, digest: str) -> Item:
    """Return the item of standard input whose bytes were put into a file, or under an address."""
    return Item(path=path, label=STDIN, reader="stream", size=size, stamp=digest)


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
        elif source.startswith(LIST) and len(source) > 1:
            self._list(source)
        elif is_remote(source):
            self._remote(source)
        else:
            self._local(source)

    def _local(self, source: str) -> None:
        path = Path(os.path.abspath(source))  # noqa: PTH100  # resolve() would follow links and change the names
        label = self._label(path)
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            raise _missing(source, path, error) from None
        if stat.S_ISDIR(status.st_mode):
            self._folder(source, path, label)
            return
        if form := _NEVER.get(path.suffix.lower()):
            raise InputError(source, f"{form} cannot be read", f"what can be read: {READABLE}")
        self._file(path, label)

    def _list(self, source: str) -> None:
        """Add the sources of a list: paths as on the command line, and addresses whose copies lie in a mirror.

        Lines of addresses that follow one another are one item, however many they are.
        """
        path = Path(os.path.abspath(source[1:]))  # noqa: PTH100
        before = len(self.items)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise InputError(source, "is not a list of sources", "name a file that has one source a line")
            base = Item(
                path=str(path), label=as_text(self._label(path)), reader="addresses", size=status.st_size,
                stamp=_stamp(status),
            )  # fmt: skip
            with path.open("rb") as file:
                self._lines(file, base)
        except (OSError, ValueError) as error:
            raise _missing(source[1:], path, error) from None
        if len(self.items) == before:
            raise InputError(source, "no source in this list", "write one path or address a line")

    def _lines(self, file: IO[bytes], base: Item) -> None:
        start = end = 0
        first = number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            end += len(line)
            name = os.fsdecode(line.strip().removeprefix(b"\xef\xbb\xbf"))
            if not name or name.startswith("#"):
                continue
            if name.lower().startswith(("http://", "https://")):
                if not first:
                    start, first = end - len(line), number
                continue
            if first:
                self.items.append(_addresses(base, start, end - len(line), first))
                first = 0
            self._named(name, f"{base.label}:{number}")
        if first:
            self.items.append(_addresses(base, start, -1 if start == 0 else end, first))

    def _named(self, name: str, where: str) -> None:
        """Add a source that a list names; what is wrong with it is an item with its problem."""
        try:
            if is_remote(name):
                self._remote(name)
            else:
                self._local(name)
        except InputError as error:
            what = f"{as_text(error.where)}: {error.what}"
            self.items.append(Item(path="", label=where, reader="unknown", problem=(what, error.hint)))

    def _remote(self, source: str) -> None:
        """Add a remote file, or those of a remote folder."""
        label = label_of(source)
        folder, files = listed(source)
        before = len(self.items)
        for address, size, stamp in files:
            name = label_of(address)
            inside = name.removeprefix(label).lstrip("/")
            if folder and (f"/{inside}".count("/.") or not wanted(inside, name, self._options)):
                self.passed_over += not f"/{inside}".count("/.")
            elif address not in self._seen:
                self._seen.add(address)
                reader = reader_of(name)
                self.items.append(Item(path=address, label=as_text(name), reader=reader, size=size, stamp=stamp))
        if len(self.items) == before and folder:
            raise InputError(label, "no page in this folder", f"what can be read: {READABLE}; choose with --include")

    def _folder(self, source: str, path: Path, label: str) -> None:
        before, passed_over = len(self.items), self.passed_over
        known = self._known(path)
        for file, inside in self._walk(path, ""):
            name = f"{label}/{inside}" if label != "." else inside
            if wanted(inside, name, self._options):
                self._file(file, name)
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
                HandlesError.check(self._label(folder), error)
                self.items.append(_unreadable(folder, f"{self._label(folder)}", error))
                continue
            if inside and {entry.name for entry in entries} >= _OF_A_RUN:
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

    def _file(self, path: Path, label: str) -> None:
        if str(path) in self._seen:
            return
        self._seen.add(str(path))
        if as_text(str(path)) != str(path):
            what = "its name is no text in the encoding of the system's file names"
            problem = (what, "rename it, or set PYTHONUTF8=1 where names are UTF-8")
            self.items.append(Item(path="", label=as_text(label), reader="unknown", problem=problem))
            return
        try:
            status = path.stat()
        except OSError as error:
            HandlesError.check(label, error)
            self.items.append(_unreadable(path, label, error))
            return
        if not stat.S_ISREG(status.st_mode):
            problem = ("is not a regular file", "pipe its content in with -, or name a file")
            self.items.append(Item(path=str(path), label=as_text(label), reader="unknown", problem=problem))
            return
        self.items.append(
            Item(
                path=str(path), label=as_text(label), reader=reader_of(path.name), size=status.st_size,
                stamp=_stamp(status),
            )
        )  # fmt: skip

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
    return Item(path=str(path), label=as_text(label), reader="unknown", problem=problem)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"


def _addresses(base: Item, start: int, end: int, line: int) -> Item:
    weight = base.size if end < 0 else end - start
    return msgspec.structs.replace(base, start=start, end=end, line=line, weight=weight)


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
