"""Results by content: what the same program and rules have said of a page before is not worked out again.

A file for each result, named by a digest of all that the result depends on, and written whole under another name first:
any number of runs, also of several machines, may use one folder. Nothing refers to a file, so any may be deleted at any
time. A use renews the date of the file.
"""

from __future__ import annotations

import hashlib
import os
import platform
import threading
import zlib
from pathlib import Path

import msgspec

from audit.batch.made import Made
from audit.errors import UsageError
from audit.model import Page, PageReport

_CHECK = 16
"""Bytes of a digest in front: a disk that filled up, or a machine that went down, leaves files of half a result."""


class Entry(msgspec.Struct, frozen=True):
    """What came of a page."""

    report: PageReport
    traces: bytes
    """What it hands on to others, as a line; empty for most."""


class Cache:
    """A folder of results."""

    def __init__(self, folder: str, made: Made) -> None:
        self._folder = Path(folder)
        self._made = msgspec.json.encode(made)
        self._decoder = msgspec.json.Decoder(Entry)
        self.broken = 0
        """Entries that could not be read; they are made again."""

    def place(self, page: Page, rules: str, site: str, context: bytes) -> Path:
        """Return where the result of a page stands, if it is known.

        Id and path of a page are not asked: the next crawl gives others, and the reports hold them on the outside only.

        Args:
            page: What was read.
            rules: Digest of the rules that hold for this very page.
            site: Whose site it is of, which may come from its path.
            context: What other pages say of it; empty in the first pass.
        """
        digest = hashlib.sha256(self._made)
        for part in (rules, site, page.kind, repr(page.url), repr(page.variant), page.encoding, page.text):
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(raw))
            digest.update(raw)
        digest.update(context)
        name = digest.hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.entry"

    def get(self, place: Path) -> Entry | None:
        """Return the result that stands there; None if there is none, or half of one.

        Raises:
            UsageError: The folder cannot be read.
        """
        try:
            raw = place.read_bytes()
            os.utime(place)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        packed = raw[_CHECK:]
        if hashlib.blake2b(packed, digest_size=_CHECK).digest() != raw[:_CHECK]:
            self.broken += 1
            return None
        return self._decoder.decode(zlib.decompress(packed))

    def put(self, place: Path, entry: Entry) -> None:
        """Keep a result.

        Raises:
            UsageError: The folder takes no more.
        """
        packed = zlib.compress(msgspec.json.encode(entry), 1)
        unfinished = place.with_name(f"{place.name}.{platform.node()}.{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(hashlib.blake2b(packed, digest_size=_CHECK).digest() + packed)
            unfinished.replace(place)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> UsageError:
        hint = "mend it, or leave --cache out; then go on with --resume"
        return UsageError(str(self._folder), f"cannot be used as a cache: {error.strerror or error}", hint)
