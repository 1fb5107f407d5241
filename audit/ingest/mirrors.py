"""Addresses to their stored copies: the folder of a crawl, and nothing outside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from audit.errors import HandlesError, PageError
from audit.ingest.charset import decode
from audit.ingest.items import Item
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import sniff
from audit.ingest.remote import is_remote
from audit.ingest.streams import opened, read_some
from audit.model import Page

_FLAT = ("page_source", "page source", "html", "stored_html", "pages")
"""Folders beside a crawl table that hold one file for each address, named after it."""
_INDEXES = ("index.html", "index.htm", "index.php", "index.xhtml")
_SIGNS = re.compile(r"[^a-z0-9]+")
_PREFIX = re.compile(r"^(?:original|rendered|raw|static)_")
_HINT = "name the folder of the stored copies with --mirror"


class Mirror(msgspec.Struct, frozen=True):
    """Folders that hold stored copies."""

    roots: tuple[str, ...]
    told: bool
    """Whether the user named the folder."""

    @classmethod
    def beside(cls, item: Item, options: Options) -> Mirror:
        """Return the mirror that the user named, else the one that stands where the list of addresses stands."""
        if options.mirror:
            return cls((str(Path(options.mirror).absolute()),), told=True)
        if is_remote(item.path):
            return cls((), told=False)
        folder = Path(item.path).parent
        return cls((str(folder), str(folder.parent)), told=False)

    def page(self, url: str, where: str, label: str, options: Options) -> Page | PageFailure:
        """Return the stored copy of an address as a page, or why there is none.

        Args:
            url: The address; the page's id, too.
            where: Where it stands, for messages.
            label: The file that it stands in.
            options: How to read.
        """
        try:
            return self._page(url, where, options)
        except OSError as error:
            HandlesError.check(where, error)
            wrong = PageError(where, f"the copy cannot be read: {error.strerror}", "check its permissions")
            return PageFailure(id=url, path=label, url=url, error=wrong)
        except PageError as error:
            return PageFailure(id=url, path=label, url=url, error=error)

    def _page(self, url: str, where: str, options: Options) -> Page:
        found = self._find(url, where)
        with opened(Item(path=str(found), label=where, reader="html")) as file:
            raw = read_some(file, options.max_page_size + 1)
        if len(raw) > options.max_page_size:
            what = f"the copy has more than the {options.max_page_size:,} bytes that a page may have"
            raise PageError(where, what, "raise max_page_size")
        decoded = decode(raw)
        if not decoded.text.strip():
            raise PageError(where, "empty: the stored copy has no text", "there is nothing to audit")
        root = next(root for root in self.roots if found.is_relative_to(root))
        path = f"{Path(root).name}/{found.relative_to(root).as_posix()}"
        kind = "html" if found.suffix.lower() in {".html", ".htm", ".xhtml", ".php"} else sniff(decoded.text)
        return Page(id=url, url=url, path=path, text=decoded.text, kind=kind, encoding=decoded.encoding)

    def _find(self, url: str, where: str) -> Path:
        address = address_of(url, where)
        for root in self.roots:
            for name in _names(address, hosts_only=not self.told and root != self.roots[0]):
                path = Path(root, name)
                if path.is_file() and _inside(path, root):
                    return path
        key = _key(url)
        for root in self.roots[:1]:
            for folder in (root, *(os.path.join(root, name) for name in _FLAT)):  # noqa: PTH118
                file = _flat(folder).get(key)
                if file is not None and _inside(Path(folder, file), root):
                    return Path(folder, file)
        raise PageError(where, "no stored copy of this address", _HINT)


def address_of(url: str, where: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        PageError: It has no host, or nothing that could be one, or a port that is none.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # looked at when it is asked for
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if not parts.hostname:
        raise PageError(where, f"{url[:200]!r} is no address of a page", "write it with https:// and a host")
    return parts


def _names(parts: SplitResult, *, hosts_only: bool) -> Iterator[str]:
    """Yield the paths under which crawlers store an address, below the mirror or the site's own folder."""
    host = (parts.hostname or "").lower()
    hosts = [host, *([f"{host}:{parts.port}", f"{host}+{parts.port}"] if parts.port else [])]
    hosts.append(host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    for path in dict.fromkeys((parts.path, unquote(parts.path))):
        steps = [step for step in path.split("/") if step not in {"", ".", ".."} and "\0" not in step]
        stem = "/".join(steps)
        for name in _files(stem, parts.query, folder=path.endswith("/") or not stem):
            yield from (f"{each}/{name}" for each in hosts)
            if not hosts_only:
                yield name


def _files(stem: str, query: str, *, folder: bool) -> Iterator[str]:
    below = f"{stem}/" if stem else ""
    query = query.replace("/", "%2F").replace("\0", "")
    if query:
        for name in [f"{below}{each}" for each in _INDEXES] if folder else [stem]:
            for sign in "?@":
                yield from (f"{name}{sign}{query}{end}" for end in ("", ".html"))
        return
    if not folder:
        yield from (stem, f"{stem}.html", f"{stem}.htm")
    yield from (f"{below}{each}" for each in _INDEXES)
    if folder and stem:
        yield from (f"{stem}.html", f"{stem}.htm")


def _inside(path: Path, root: str) -> bool:
    """Return whether a file is below a folder, once all links are followed."""
    return path.resolve().is_relative_to(Path(root).resolve())


def _key(name: str) -> str:
    """Return what is left of an address or a file name when all its signs are one."""
    return _SIGNS.sub("_", unquote(name).lower()).strip("_")


@lru_cache(maxsize=8)
def _flat(folder: str) -> dict[str, str]:
    """Return the files of a folder whose names are written after addresses, by the key of the address."""
    found: dict[str, str] = {}
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError as error:
        HandlesError.check(folder, error)
        return found
    for name in names:
        stem, _, end = name.rpartition(".")
        if end.lower() in {"html", "htm", "txt"}:
            found.setdefault(_PREFIX.sub("", _key(stem)), name)
    return found
