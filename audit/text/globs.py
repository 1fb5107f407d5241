"""Globs of paths, as settings, profiles and sidecars write them."""

from __future__ import annotations

import re
from functools import cache

from audit.errors import SettingsError


@cache
def compiled(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern of the whole path: `*` and `?` stay within a name, `**` does not.

    Without `/`, the glob is of a single name at any depth; a glob that matches a folder matches what is in it.

    Raises:
        SettingsError: It cannot be read as a glob.
    """
    prefix = "" if "/" in glob.strip("/") else "(?:.*/)?"
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])", glob.strip("/"))
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(wild.get(part) or _literal(part) for part in parts)
    try:
        return re.compile(f"{prefix}{body}(?:/.*)?", re.DOTALL)
    except re.error as error:
        raise SettingsError(glob, f"is no glob: {error.msg}", "use *, **, ? and [abc]") from None


def matches(glob: str, *names: str | None) -> bool:
    """Return whether one of the names is the glob as it stands, or fits it; what is None is no name."""
    return any(name is not None and (name == glob or compiled(glob).fullmatch(name)) for name in names)


def _literal(part: str) -> str:
    """Return a literal stretch of a glob, or a set of characters, as a pattern."""
    if part.startswith("[") and part.endswith("]") and len(part) > 2:
        inner = part[1:-1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    return re.escape(part)
