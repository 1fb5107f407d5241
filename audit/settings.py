"""What a user may settle once for a project, and where each value came from."""

from __future__ import annotations

import difflib
import importlib.util
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import SettingsError
from audit.ingest.options import EXCLUDE, MAX_PAGE_SECONDS, MAX_PAGE_SIZE, Options
from audit.rules.schema import FailOn, Number, Points, SeverityName
from audit.suppressions import FILE as SIDECAR
from audit.text.globs import compiled

FILES = ("audit.toml", "pyproject.toml")
"""In a folder the first wins; `pyproject.toml` counts only with a table `[tool.audit]`."""
_PATHS = ("output", "rules", "baseline", "suppressions", "host_lists", "mirror", "cache")
"""Settings that are paths; in a file they are relative to the file."""
_PATHS_OR_HOSTS = ("allow_hosts", "sponsors")
"""Settings whose values are files where there is such a file, and else hosts."""
_JOINED = ("rules", "disable", "severities", "overrides", "host_lists", "allow_hosts", "sponsors")
"""Settings that add to those of what a file extends; all others replace them."""
_HEADER = re.compile(r"\s*\[\[?\s*(?P<name>[^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*["']?(?P<key>[\w-]+)["']?\s*(?:\.[^=]*)?=""")


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for some pages instead; what is not said is as for all others. Of several that fit, the last wins."""

    paths: tuple[str, ...]
    """Globs of id, path or address."""
    profile: str = ""
    disable: tuple[str, ...] = ()
    """Ids of rules, or prefixes that end in `.*`; switched off besides those of the profile."""
    severities: dict[str, SeverityName] = {}
    fail_on: FailOn | None = None
    min_score: Points | None = None
    max_new: Number | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of a run, each with its default."""

    output: str = "reports"
    """Folder of the reports."""
    formats: tuple[str, ...] = ("json", "csv", "html")
    """What is written beside `report.jsonl`."""
    profile: str = "default"
    """Name of a shipped profile, or the path of one's own."""
    rules: tuple[str, ...] = ()
    """Rule packs besides the shipped ones."""
    disable: tuple[str, ...] = ()
    """Ids of rules that are switched off, or prefixes that end in `.*`."""
    severities: dict[str, SeverityName] = {}
    """Severities of rules, by id or prefix, over those of the profile."""
    host_lists: tuple[str, ...] = ()
    """Files of hosts to suspect; to stand on one is a piece of evidence, never enough for a cut."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts, or files of hosts, that count as the site's own."""
    sponsors: tuple[str, ...] = ()
    """Hosts, or files of hosts, whose links the site accepts: they are noted."""
    jobs: int = 0
    """Worker processes; 0 means one for each core."""
    cache: str = ""
    """Folder of the results of earlier runs, by content; what is there is not worked out again."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = EXCLUDE
    max_page_size: int = MAX_PAGE_SIZE
    """Bytes."""
    max_page_seconds: int = MAX_PAGE_SECONDS
    """How long the audit of a page may take; 0 for as long as it likes."""
    text_field: str = ""
    """Field of a record that holds the page; empty means `html`, `text`, or a name that is used for one."""
    url_field: str = ""
    """Field of a record that holds its address; empty means `url`, or a name that is used for one."""
    id_field: str = ""
    """Field of a record that holds its id; empty means `id`, or a name that is used for one."""
    mirror: str = ""
    """Folder of the stored copies of listed addresses; empty means where the list is."""
    fail_on: FailOn | None = None
    """Lowest severity, by name or number, at which a run fails; none leaves it to the profile."""
    min_score: Points | None = None
    max_new: Number | None = None
    baseline: str = ""
    """File of accepted findings."""
    suppressions: str = ""
    """File of findings that may stand, each with a reason; `audit-ignore.yaml` beside the settings if it is there."""
    overrides: tuple[Override, ...] = ()

    def reading(self) -> Options:
        """Return what the readers are to know."""
        return Options(
            include=self.include,
            exclude=self.exclude,
            max_page_size=self.max_page_size,
            max_page_seconds=self.max_page_seconds,
            text_field=self.text_field,
            url_field=self.url_field,
            id_field=self.id_field,
            mirror=self.mirror,
        )


class Effective(msgspec.Struct, frozen=True):
    """The settings as they take effect."""

    settings: Settings
    origins: dict[str, str]
    """By setting, in order: `default`, `found`, the file and line, or the flag (`--jobs`)."""


def effective(flags: Mapping[str, Any] | None = None, *, folder: Path | None = None) -> Effective:
    """Return the settings of the nearest file, upward from a folder, with all that it extends and the flags over them.

    Args:
        flags: Values by setting; one that is None was not given.
        folder: Where to begin; the working folder if not told.

    Raises:
        SettingsError: A file cannot be read, has an unknown key or a value of the wrong type, or extends itself.
    """
    here = folder or Path.cwd()
    table: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.__struct_fields__, "default")
    source = find(here)
    if source is not None:
        for file in _chain(source):
            _lay_over(table, origins, file)
    found = (source.parent if source is not None else here) / SIDECAR
    if "suppressions" not in table and found.is_file():
        table["suppressions"], origins["suppressions"] = _beside(found, SIDECAR), "found"
    settings = _checked(table, str(source) if source else "")
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    if given:
        settings = _checked({**msgspec.to_builtins(settings), **given}, "command line")
        origins |= {name: "--" + name.replace("_", "-") for name in given}
    return Effective(settings, origins)


def find(folder: Path) -> Path | None:
    """Return the settings file that holds for a folder; the nearest one upward."""
    for parent in (folder.absolute(), *folder.absolute().parents):
        for name in FILES:
            path = parent / name
            if path.is_file() and (name == "audit.toml" or _table(path) is not None):
                return path
    return None


@dataclass(frozen=True)
class _File:
    """A settings file as it was read and checked by itself."""

    path: Path
    name: str
    """What origins call it."""
    table: dict[str, Any]
    lines: dict[str, int]
    """Line of each key, and of each entry of overrides as `overrides[0]`."""

    def place(self, key: str) -> str:
        """Return `file:line` of a key."""
        return f"{self.path}:{self.lines[key]}" if key in self.lines else str(self.path)

    def origin(self, key: str) -> str:
        return f"{self.name}:{self.lines[key]}" if key in self.lines else self.name


def _chain(source: Path, asked: str = "", name: str = "", above: tuple[Path, ...] = ()) -> Iterator[_File]:
    """Yield a settings file after those that it extends, each checked.

    Args:
        source: The file.
        asked: Place of the `extends` that named it.
        name: What to call it; its path as seen from the working folder if empty.
        above: Files that led here.

    Raises:
        SettingsError: One of them cannot be used, or extends itself.
    """
    path = source.resolve()
    if path in above:
        circle = " → ".join(file.name for file in (*above[above.index(path) :], path))
        raise SettingsError(asked, f"the settings extend themselves: {circle}", "take one `extends` away")
    try:
        there = source.is_file()
    except OSError:  # a name that the system does not take
        there = False
    if asked and not there:
        raise SettingsError(asked, f"there is no settings file {source}", "check the path in `extends`")
    content = _table(source) or {}
    text = source.read_text(encoding="utf-8")
    file = _File(source, name or _seen(source), content, _lines(text))
    extends = content.pop("extends", ())
    where = file.place("extends")
    for named in extends if isinstance(extends, list | tuple) else [extends]:
        base, called = _extended(named, source, where)
        yield from _chain(base, where, called, (*above, path))
    _checked(content, str(source), file)
    yield file


_LONGEST_NAME = 4_000
"""Of a path; what systems take at most."""


def _extended(named: object, source: Path, where: str) -> tuple[Path, str]:
    """Return the file that `extends` names, and what to call it.

    A name that ends in `.toml` is a path, seen from the file; any other is an installed package with an `audit.toml`,
    or, as `package:name.toml`, with another file. The package is found without running any of its code.
    """
    if not isinstance(named, str) or not named:
        raise SettingsError(where, "extends names no file", 'in TOML: extends = "../audit.toml", or a package\'s name')
    if "\0" in named or len(named) > _LONGEST_NAME:
        raise SettingsError(where, f"extends names no file: {named[:40]!r}", 'in TOML: extends = "../audit.toml"')
    package, colon, inside = named.partition(":")
    if named.endswith(".toml") and not (colon and package.isidentifier()):
        return source.parent / named, ""
    inside = inside or "audit.toml"
    if not package.isidentifier():
        raise SettingsError(where, f'"{named}" is neither a .toml file nor a package', "write ./NAME.toml or PACKAGE")
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder) / inside
        if path.is_file():
            return path, f"{package}:{inside}"
    if not folders:
        raise SettingsError(
            where, f'the package "{package}" is not installed', f"pip install it, or write {named}.toml"
        )
    raise SettingsError(where, f'the package "{package}" has no {inside}', "name its file: PACKAGE:NAME.toml")


def _lay_over(table: dict[str, Any], origins: dict[str, str], file: _File) -> None:
    """Lay a file's settings over those of what it extends: what is in `_JOINED` is joined, all else replaced."""
    for key, value in file.table.items():
        own = _own(file.path, key, value)
        joined = key in _JOINED and key in table
        if joined:
            own = {**table[key], **own} if isinstance(own, dict) else [*table[key], *own]
        table[key] = own
        origins[key] = f"{origins[key]}, {file.origin(key)}" if joined else file.origin(key)


def _own(source: Path, key: str, value: Any) -> Any:  # noqa: ANN401 (whatever a setting is)
    """Return the value of a setting with its paths as they are seen from here."""
    if key == "overrides":
        return [{name: _own(source, name, field) for name, field in entry.items()} for entry in value]
    if key in _PATHS or (key == "profile" and value.endswith((".yaml", ".yml"))):
        return [_beside(source, each) for each in value] if isinstance(value, list) else _beside(source, value)
    if key in _PATHS_OR_HOSTS:
        return [_beside(source, each) if (source.parent / each).is_file() else each for each in value]
    return value


def _lines(text: str) -> dict[str, int]:
    """Return the line of each setting, as near as can be told without a parser that keeps lines."""
    found: dict[str, int] = {}
    entries = 0
    prefix = ""
    tool = re.search(r"^\s*\[\[?\s*tool\.audit\s*[\].]", text, re.MULTILINE)
    inside = not tool
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header["name"].replace(" ", "")
            inside = not tool or name == "tool.audit" or name.startswith("tool.audit.")
            prefix = name.removeprefix("tool.audit").removeprefix(".") if inside else ""
            if not prefix:
                continue
            key = prefix.partition(".")[0]
            if key == "overrides" and line.lstrip().startswith("[["):
                found[f"overrides[{entries}]"] = number
                entries += 1
            found.setdefault(key, number)
        elif inside and not prefix and (key_match := _KEY.match(line)):
            found.setdefault(key_match["key"], number)
    return found


def _table(path: Path) -> dict[str, Any] | None:
    """Return the settings that a file holds; None for a `pyproject.toml` without any."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            str(path), f"cannot be read: {error}", "save it as UTF-8 and check its permissions"
        ) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        where = f"{path}:{place[1]}:{place[2]}" if place else str(path)
        what = str(error)[: place.start()] if place else str(error)
        raise SettingsError(where, f"not TOML: {what}", "strings need quotes, lists need brackets") from None
    except RecursionError:
        raise SettingsError(str(path), "this is nested too deep", "no setting needs more than three levels") from None
    except ValueError as error:  # of Python's own: a number of more digits than it reads
        raise SettingsError(str(path), f"not TOML: {error}", "write a shorter number") from None
    if path.name != "pyproject.toml" and set(content) != {"tool"}:
        return content
    tool = content.get("tool")
    table = tool.get("audit") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(str(path), "tool.audit is not a table", "write [tool.audit] on a line of its own")
    return table if table is not None or path.name == "pyproject.toml" else {}


def _checked(table: Mapping[str, Any], where: str, file: _File | None = None) -> Settings:
    """Return the settings of a table.

    Args:
        table: By name.
        where: Who says so.
        file: Whose lines to name, if it is a file.
    """

    def place(key: str) -> str:
        return file.place(key) if file else where

    for key in table:
        if key not in Settings.__struct_fields__:
            raise _unknown(place(key), f'unknown setting "{key}"', key, (*Settings.__struct_fields__, "extends"))
    try:
        settings = msgspec.convert(dict(table), Settings)
    except msgspec.ValidationError as error:
        raise _wrong(error, place) from None
    for name, least in (("jobs", 0), ("max_page_size", 1), ("max_page_seconds", 0)):
        if getattr(settings, name) < least:
            what = f'setting "{name}" is {getattr(settings, name)}'
            raise SettingsError(place(name), what, f"use {least} or more")
    for at, override in enumerate(settings.overrides):
        for glob in override.paths:
            try:
                compiled(glob)
            except SettingsError as error:
                raise SettingsError(place(f"overrides[{at}]"), f"{glob} {error.what}", error.hint) from None
    return settings


def _unknown(where: str, what: str, key: str, known: Sequence[str]) -> SettingsError:
    close = difflib.get_close_matches(key.replace("-", "_"), known, 1, 0.5)
    hint = f'did you mean "{close[0]}"?' if close else f"known settings: {', '.join(known)}"
    return SettingsError(where, what, hint)


def _wrong(error: msgspec.ValidationError, place: Callable[[str], str]) -> SettingsError:
    """Return what is wrong with a value, with its name, its place and an example."""
    what, _, path = str(error).partition(" - at ")
    key = path.strip("`").removeprefix("$.")
    name = key.split("[")[0].split(".")[0]
    entry = re.match(r"overrides\[\d+\]", key)
    where = place(entry[0] if entry else name)
    if field := re.search(r"unknown field `([^`]*)`", what):
        return _unknown(where, f'unknown setting "{field[1]}" in {key}', field[1], Override.__struct_fields__)
    return SettingsError(
        where, f'setting "{key}": {what[:1].lower()}{what[1:]}', f"in TOML: {_EXAMPLES.get(name, name)}"
    )


_EXAMPLES = {
    "host_lists": 'host_lists = ["hosts.txt"]', "allow_hosts": 'allow_hosts = ["partner.example.org"]',
    "sponsors": 'sponsors = ["sponsor.example.com"]',
    "output": 'output = "reports"', "formats": 'formats = ["csv", "html"]', "profile": 'profile = "strict"',
    "rules": 'rules = ["our-rules"]', "jobs": "jobs = 2", "include": 'include = ["*.html"]',
    "cache": 'cache = ".audit-cache"',
    "exclude": 'exclude = ["drafts"]', "max_page_size": "max_page_size = 20_000_000",
    "max_page_seconds": "max_page_seconds = 60",
    "text_field": 'text_field = "body"', "url_field": 'url_field = "link"', "id_field": 'id_field = "key"',
    "mirror": 'mirror = "crawl"',
    "fail_on": 'fail_on = "error"', "baseline": 'baseline = "baseline.json"',
    "min_score": "min_score = 70", "max_new": "max_new = 0", "suppressions": 'suppressions = "audit-ignore.yaml"',
    "disable": 'disable = ["spam.gambling.*"]', "severities": 'severities = {"claims.cure.verb" = "warning"}',
    "overrides": '[[tool.audit.overrides]], then paths = ["drafts/*"] and what holds for them',
}  # fmt: skip


def _beside(source: Path, value: str) -> str:
    """Return a path relative to the settings file; as short as it was in the working folder, or as an address."""
    elsewhere = value and "://" not in value and source.parent != Path.cwd()
    return str(source.parent / value) if elsewhere else value


def _seen(path: Path) -> str:
    """Return a path as it is seen from the working folder, if it is there or below."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
