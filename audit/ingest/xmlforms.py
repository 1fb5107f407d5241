"""The XML files that sources come as, told apart by their root: WordPress exports, Scrapy feeds, sitemaps."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from audit.errors import HandlesError, PageError
from audit.ingest.charset import find_name
from audit.ingest.items import PACKINGS, Item, split_packing
from audit.ingest.markup import local, records, tokens
from audit.ingest.mirrors import Mirror
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import of_record
from audit.ingest.remote import is_remote
from audit.ingest.streams import Binary, Unpacked, opened, read_some
from audit.ingest.wordpress import of_wordpress
from audit.model import Page

_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
HEAD = 1 << 14
"""Bytes of the beginning that tell the form."""
RECORD = {"rss": "item", "items": "item", "urlset": "url", "sitemapindex": "sitemap", "html": ""}
"""Element that begins a record, by the root."""
_HINT = "known forms: a WordPress export (<rss>), a Scrapy feed (<items>), a sitemap (<urlset>, <sitemapindex>)"


def root_of(head: bytes, label: str) -> str:
    """Return the root element of an XML file from its first bytes.

    Raises:
        PageError: It is of no known form, or in an encoding without ASCII.
    """
    if head[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"}:
        raise PageError(label, "XML in UTF-16 cannot be read", "save it as UTF-8")
    if (declared := _ENCODING.search(head)) and find_name(declared[1].decode("ascii")) not in {"utf-8", None}:
        raise PageError(label, f"XML in {declared[1].decode('ascii')} cannot be read", "save it as UTF-8")
    names = (local(token.value) for token in tokens(io.BytesIO(head)) if token.kind == "open")
    root = next(names, "")
    if root not in RECORD:
        shown = root[:40] or "nothing"
        raise PageError(label, f"XML of a form that is not known: it begins with {shown!r}", _HINT)
    return root


def of_xml(file: Binary, item: Item, options: Options, head: bytes) -> Iterator[Page | PageFailure]:
    """Yield the pages of an XML file, or of a range of its records.

    Args:
        file: Stands at the start of the item's range.
        item: The file.
        options: How to read.
        head: The first bytes of the file.
    """
    root = root_of(head, item.label)
    if root == "rss":
        yield from of_wordpress(file, item, options)
    elif root == "items":
        yield from _of_feed(file, item, options)
    elif root == "urlset":
        yield from _of_sitemap(file, item, item, options)
    elif root == "sitemapindex":
        yield from _of_index(file, item, options)


def _of_feed(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read a Scrapy feed: fields by name, a list as its values joined by line feeds."""
    number = item.line - 1
    for element in records(file, "item", options.max_page_size, item.start, item.end, root="items"):
        number += 1
        where = f"{item.label}:{number}"
        problem = ""
        if element.cut_off:
            yield _cut_off(where, item, "items")
            return
        if element.too_large:
            problem = f"the item has more than the {options.max_page_size:,} bytes that a page may have"
        elif not element.whole:
            problem = "the item has no end: the file is cut off or broken"
        if problem:
            error = PageError(where, problem, "raise max_page_size, or export it again")
            yield PageFailure(id=where, path=item.label, error=error)
            continue
        record: dict[str, object] = {}
        for path, field in element.fields:
            name, _, inside = path.partition("/")
            if not inside:
                record[name] = field.text if field.text.strip() else None
            elif inside == "value":
                before = record.get(name)
                record[name] = field.text if before is None else f"{before}\n{field.text}"
        yield of_record(record, where, item, options)


def _of_sitemap(file: Binary, item: Item, index: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read the stored copies of a sitemap's addresses, which lie where the sitemap or its index lies."""
    mirror = Mirror.beside(index, options)
    for element in records(file, "url", options.max_page_size, item.start, item.end, root="urlset", keep=_is_loc):
        if element.cut_off:
            yield _cut_off(item.label, item, "urlset")
            return
        url = element.text("loc") or next((field.text.strip() for _, field in element.fields), "")
        if url:
            yield mirror.page(url, f"{item.label}:{url}", item.label, options)


def _of_index(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Read the sitemaps that an index names, from beside it; an index among them is refused, as the protocol does."""
    most = options.max_page_size
    for element in records(file, "sitemap", most, item.start, item.end, root="sitemapindex", keep=_is_loc):
        if element.cut_off:
            yield _cut_off(item.label, item, "sitemapindex")
            return
        url = element.text("loc") or next((field.text.strip() for _, field in element.fields), "")
        where = f"{item.label}:{url}"
        try:
            yield from _named(_name(url), where, item, options)
        except OSError as error:
            HandlesError.check(where, error)
            wrong = PageError(where, f"the sitemap cannot be read: {error.strerror}", "store it beside its index")
            yield PageFailure(id=where, path=item.label, error=wrong)
        except PageError as error:
            yield PageFailure(id=where, path=item.label, error=error)


def _cut_off(where: str, item: Item, root: str) -> PageFailure:
    error = PageError(where, f"the file is cut off: it has no </{root}>", "export it again; what came before was read")
    return PageFailure(id=where, path=item.label, error=error)


def _name(url: str) -> str:
    """Return the name of the file at an address, which may be nothing but a name; empty for what is none."""
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2]
    except ValueError:
        return ""


def _named(name: str, where: str, index: Item, options: Options) -> Iterator[Page | PageFailure]:
    if not name or is_remote(index.path) or name in {".", ".."} or "\0" in name:
        raise PageError(where, "the sitemap is not stored beside its index", "store it there under its name")
    path = Path(index.path).with_name(name)
    packing = split_packing(path.name)[1]
    part = Item(path=str(path), label=f"{index.label.rpartition('/')[0]}/{path.name}".lstrip("/"), reader="xml")

    def content(file: Binary) -> Binary:
        return Unpacked(file, where, PACKINGS[packing]) if packing else file

    with opened(part) as file:
        head = read_some(content(file), HEAD)
    if root_of(head, where) != "urlset":
        raise PageError(where, "an index names a file that is no sitemap", "name the sitemaps one by one")
    with opened(part) as file:
        yield from _of_sitemap(content(file), part, index, options)


def _is_loc(path: str) -> bool:
    return path.rpartition(":")[2] == "loc" and "/" not in path
