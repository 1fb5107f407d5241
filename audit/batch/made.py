"""What a run is made with: the same here and there, today and tomorrow, means the same reports."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

import audit

_LIBRARIES = (
    "ahocorasick_rs", "beautifulsoup4", "chardet", "fastwarc", "google-re2", "msgspec", "pyarrow", "pyphen",
    "selectolax", "spacy", "tinycss2", "tldextract", "webencodings",
)  # fmt: skip
"""Those that can change a report."""


class Made(msgspec.Struct, frozen=True):
    """A worker, or a result of another day, that was made with anything else would be another one."""

    version: str
    python: str
    """Without the patch: it brings its own tables of letters."""
    program: str
    """Digest of the package's files."""
    libraries: dict[str, str]
    rules: str
    """Digest of the rules."""


def made(rules_digest: str) -> Made:
    """Return what this process would make a run with."""
    return Made(audit.__version__, ".".join(map(str, sys.version_info[:2])), program(), libraries(), rules_digest)


@cache
def libraries() -> dict[str, str]:
    """Return the versions that are installed here of all that can change a report."""
    return {name: found for name in _LIBRARIES if (found := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def program() -> str:
    """Return a digest of the modules, models and rules that are installed here."""
    folder = Path(audit.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
