"""One thing to read, and which reader the end of its name asks for."""

from __future__ import annotations

import msgspec

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
    ".jl": "records",
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".zip": "zip",
    ".tar": "tar",
    ".wxr": "xml",
    ".json": "json",
    ".xml": "xml",
}
"""Readers by the end of the file name, in lower case. A file of another name is `unknown`: its content decides."""
NAMED_ONLY = frozenset({".json", ".xml"})
"""Ends that much else has, too: in a folder or an archive such files are read only where `include` names them."""
PACKINGS = {".gz": "gzip", ".zst": "zstd"}
PACKED = "packed "
"""Before the name of a reader: of what the file unpacks to."""
_SHORT = {".tgz": ".tar.gz", ".tzst": ".tar.zst"}
_SEEKING = frozenset({"zip", "parquet"})
"""Readers that go back and forth in a file, so that it cannot be packed."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read, or a range of one that holds records."""

    path: str
    """Where it stands: absolute, or the address of a remote file."""
    label: str
    """What the report calls it: relative, with `/`, the same on every machine."""
    reader: str
    """Key of `audit.ingest.readers.READERS`."""
    size: int = 0
    """Bytes of the whole file."""
    stamp: str = ""
    """Changes when the file does."""
    start: int = 0
    end: int = -1
    """Where the range begins and ends, in what its reader counts; -1 for the end of the file."""
    line: int = 1
    """Number of the first line, or record."""
    weight: int = 0
    """Bytes of work in the range; 0 means as many as the file has."""
    problem: tuple[str, str] = ("", "")
    """What is wrong with it, and what to do; then it is not read."""

    @property
    def work(self) -> int:
        """Bytes of work, about."""
        return self.weight or self.size


def suffix_of(name: str) -> str:
    """Return the end of a file name that tells its reader, packing left out (`.jsonl` of `x.jsonl.gz`); may be ''."""
    stem, packing = split_packing(name)
    dot = stem.rfind(".")
    suffix = stem[dot:].lower() if dot > 0 else ""
    return suffix if suffix in SUFFIXES or not packing else ""


def split_packing(name: str) -> tuple[str, str]:
    """Return a file name without the end that says how it is packed, and that end; '' if it is not."""
    lower = name.lower()
    for short, long in _SHORT.items():
        if lower.endswith(short):
            name = name[: -len(short)] + long
    for end in PACKINGS:
        if name.lower().endswith(end) and len(name) > len(end):
            return name[: -len(end)], end
    return name, ""


def reader_of(name: str) -> str:
    """Return the reader for a file of this name; `unknown` if the content has to decide."""
    packing = split_packing(name)[1]
    reader = SUFFIXES.get(suffix_of(name), "unknown")
    if not packing or (reader == "warc" and packing == ".gz"):  # a reader of its own, from member to member
        return reader
    return "unknown" if reader in _SEEKING else PACKED + reader


def wanted(inside: str, label: str, options: Options) -> bool:
    """Return whether a file of a folder or archive is to be read, by its path inside and its whole label."""
    names = (inside, label)
    if any(compiled(glob).fullmatch(name) for glob in options.exclude for name in names):
        return False
    if options.include:
        return any(compiled(glob).fullmatch(name) for glob in options.include for name in names)
    suffix = suffix_of(inside)
    return bool(suffix) and suffix in SUFFIXES and suffix not in NAMED_ONLY


def harmless(name: str) -> str:
    """Return the name of an archive's member as a relative path: no `..`, no root, no drive, no empty part."""
    parts = [part for part in name.replace("\\", "/").replace("\0", "").split("/") if part not in {"", ".", ".."}]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":
        parts = parts[1:]
    return "/".join(parts) or "unnamed"


def as_text(name: str) -> str:
    """Return a file name as text; bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
