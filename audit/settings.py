"""What a user may settle once for a project, and where each value came from."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import SettingsError
from audit.ingest.options import EXCLUDE, MAX_PAGE_SIZE, Options

FILES = ("audit.toml", "pyproject.toml")
"""In a folder the first wins; `pyproject.toml` counts only with a table `[tool.audit]`."""
_PATHS = ("output", "rules", "baseline")
"""Settings that are paths; in a file they are relative to the file."""


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
    jobs: int = 0
    """Worker processes; 0 means one for each core."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = EXCLUDE
    max_page_size: int = MAX_PAGE_SIZE
    """Bytes."""
    text_field: str = ""
    """Field of a record that holds the page; empty means `html`, else `text`."""
    fail_on: str | int | None = None
    """Lowest severity, by name or number, at which a run fails; none leaves it to the profile."""
    baseline: str = ""

    def reading(self) -> Options:
        """Return what the readers are to know."""
        return Options(
            include=self.include,
            exclude=self.exclude,
            max_page_size=self.max_page_size,
            text_field=self.text_field,
        )


class Effective(msgspec.Struct, frozen=True):
    """The settings as they take effect."""

    settings: Settings
    origins: dict[str, str]
    """By setting, in order: `default`, the name of the settings file, or the flag (`--jobs`)."""


def effective(flags: Mapping[str, Any] | None = None, *, folder: Path | None = None) -> Effective:
    """Return the settings of the nearest file, upward from a folder, with the flags over them.

    Args:
        flags: Values by setting; one that is None was not given.
        folder: Where to begin; the working folder if not told.

    Raises:
        SettingsError: The file cannot be read, has an unknown key, or a value of the wrong type.
    """
    settings, origins = Settings(), dict.fromkeys(Settings.__struct_fields__, "default")
    source = find(folder or Path.cwd())
    if source is not None:
        table = _table(source) or {}
        settings = _checked(table, str(source))
        for name in _PATHS:
            if name in table:
                settings = msgspec.structs.replace(settings, **{name: _beside(source, getattr(settings, name))})
        origins |= dict.fromkeys(table, source.name)
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
    if path.name == "audit.toml" and set(content) != {"tool"}:
        return content
    tool = content.get("tool")
    table = tool.get("audit") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(str(path), "tool.audit is not a table", "write [tool.audit] on a line of its own")
    return table if table is not None or path.name != "audit.toml" else {}


def _checked(table: Mapping[str, Any], where: str) -> Settings:
    for key in table:
        if key not in Settings.__struct_fields__:
            close = difflib.get_close_matches(key.replace("-", "_"), Settings.__struct_fields__, 1, 0.5)
            known = ", ".join(Settings.__struct_fields__)
            hint = f'did you mean "{close[0]}"?' if close else f"known settings: {known}"
            raise SettingsError(where, f'unknown setting "{key}"', hint)
    try:
        settings = msgspec.convert(dict(table), Settings)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        key = path.strip("`").removeprefix("$.")
        wanted = what[:1].lower() + what[1:]
        raise SettingsError(
            where, f'setting "{key}": {wanted}', f"in TOML: {_EXAMPLES.get(key.split('[')[0], key)}"
        ) from None
    for name, least in (("jobs", 0), ("max_page_size", 1)):
        if getattr(settings, name) < least:
            raise SettingsError(where, f'setting "{name}" is {getattr(settings, name)}', f"use {least} or more")
    return settings


_EXAMPLES = {
    "output": 'output = "reports"', "formats": 'formats = ["csv", "html"]', "profile": 'profile = "strict"',
    "rules": 'rules = ["our-rules"]', "jobs": "jobs = 2", "include": 'include = ["*.html"]',
    "exclude": 'exclude = ["drafts"]', "max_page_size": "max_page_size = 20_000_000",
    "text_field": 'text_field = "body"',
    "fail_on": 'fail_on = "error"', "baseline": 'baseline = "baseline.json"',
}  # fmt: skip


def _beside(source: Path, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return a path, or several, relative to the settings file; as short as it was if that is the working folder."""
    if isinstance(value, tuple):
        return tuple(str(_beside(source, each)) for each in value)
    return str(source.parent / value) if value and source.parent != Path.cwd() else value
