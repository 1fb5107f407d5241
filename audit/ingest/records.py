"""A record of any format to a page: which field holds what, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import msgspec

from audit.errors import PageError
from audit.ingest.charset import BYTE_FOR_BYTE, decode
from audit.ingest.items import Item
from audit.ingest.options import Options, PageFailure
from audit.model import Kind, Page

_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|div|p|h[1-6]|article|section|main|table|ul|ol"
    r"|a|span|br|img|header|nav)\b)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_LATER = re.compile(r"<!doctype html|<html\b|<body\b|</(?:p|a|div|li|td|h[1-6]|span)>", re.IGNORECASE)
_SNIFFED = 4096
_KINDS = ("html", "text", "markdown")
_SURROGATE = re.compile("[\ud800-\udfff]")
_OTHER = re.compile(r"[\W_]+")
TEXT_NAMES = (
    "html", "text", "rawhtml", "htmlcontent", "contenthtml", "pagehtml", "htmlbody", "bodyhtml", "responsebody",
    "body", "content", "contentrendered", "pagecontent", "rawcontent", "postcontent", "contentencoded", "articlebody",
    "articlecontent", "articletext", "article", "maincontent", "maintext", "fulltext", "plaintext", "pagetext",
    "rawtext", "cleantext", "markdown", "document",
)  # fmt: skip
"""Names that crawlers, exports and data sets give to the page, less case and signs; the first that is there counts."""
URL_NAMES = (
    "url", "pageurl", "sourceurl", "documenturl", "finalurl", "responseurl", "requesturl", "canonicalurl", "uri",
    "targeturi", "warctargeturi", "address", "link", "permalink", "loc",
)  # fmt: skip
ID_NAMES = (
    "id", "docid", "documentid", "pageid", "articleid", "recordid", "postid", "warcrecordid", "guid", "uuid",
)  # fmt: skip

Record = Mapping[str, object]


def sniff(text: str) -> Kind:
    """Return `html` if the text begins like a page or holds its tags early on, else `text`."""
    start = text[:_SNIFFED]
    return "html" if _MARKUP.match(start) or len(_MARKUP_LATER.findall(start)) > 1 else "text"


def of_record(record: Record, where: str, item: Item, options: Options, encoding: str = "utf-8") -> Page | PageFailure:
    """Return the page that a record holds, or which field is wrong."""
    name, url = where, None
    try:
        name = identity(record, where, options) or where
        url = address(record, where, options)
        field = text_field(record, where, options)
        text, encoding = _content(record, field, where, encoding)
        kind = _kind(record, field, text, where)
        within_bounds(text, field, where, options)
    except PageError as error:
        return PageFailure(id=name, path=item.label, url=url, error=error)
    return Page(
        id=name, url=url, path=item.label, text=text, kind=kind, encoding=encoding, variant=variant(record)
    )  # fmt: skip


def parsed(line: bytes) -> dict[str, object]:
    """Return the JSON object that some bytes hold.

    Raises:
        ValueError: It is none; the message says why.
    """
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        import json  # noqa: PLC0415  # takes NaN and halves of surrogate pairs, which scrapers do write

        try:
            value = json.loads(line.decode("utf-8", BYTE_FOR_BYTE))
        except RecursionError:
            raise ValueError("nested too deep") from None
        except json.JSONDecodeError as error:
            raise ValueError(f"{error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError(f"it is {json_type(value)}")  # noqa: TRY004
    return value


def within_bounds(text: str, field: str, where: str, options: Options) -> None:
    """Raise a `PageError` if a field holds no text, or more than a page may have."""
    if not text.strip():
        raise PageError(where, f'empty: field "{field}" has no text', "there is nothing to audit")
    if len(text) * 4 > options.max_page_size and len(text.encode()) > options.max_page_size:
        what = f'field "{field}" has more than the {options.max_page_size:,} bytes that a page may have'
        raise PageError(where, what, "raise max_page_size, or split the record")


def has_text(record: Record, options: Options) -> bool:
    """Return whether a record has a field that would hold the page."""
    return _first(record, options.text_field, TEXT_NAMES) is not None


def identity(record: Record, where: str, options: Options) -> str | None:
    """Return the id of a record; None if it has none."""
    name = _first(record, options.id_field, ID_NAMES)
    value = record[name] if name else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if name is None or (name != "id" and not options.id_field and not isinstance(value, str | bytes)):
        return None
    return _text(record, name, where)


def variant(record: Record) -> str | None:
    """Return to whom a capture was shown, if a record says so by a string or a number."""
    value = record.get("variant")
    return whole(str(value)) or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def address(record: Record, where: str, options: Options) -> str | None:
    """Return the address of a record; None if it has none."""
    name = _first(record, options.url_field, URL_NAMES)
    if name is None or (name != "url" and not options.url_field and not isinstance(record[name], str | bytes)):
        return None
    return _text(record, name, where)


def text_field(record: Record, where: str, options: Options) -> str:
    """Return the name of the field that holds the page.

    Raises:
        PageError: There is none.
    """
    name = _first(record, options.text_field, TEXT_NAMES)
    if name is not None:
        return name
    wanted = f'"{options.text_field}"' if options.text_field else '"html" or "text"'
    there = ", ".join(sorted(whole(str(name)) for name in record)[:12]) or "none"
    what = f"no field {wanted}; fields here: {there}"
    raise PageError(where, what, "name the field that holds the page with --text-field")


def columns(names: tuple[str, ...], options: Options) -> tuple[str, ...]:
    """Return those of some column names that a page is made of: all that might hold its text, address, id or kind."""
    chosen = [name for name in (options.text_field, options.url_field, options.id_field) if name in names]
    for known in (TEXT_NAMES, URL_NAMES, ID_NAMES):
        chosen += _known(names, known)
    return tuple(dict.fromkeys([*chosen, *(name for name in names if name in {"kind", "variant"})]))


def whole(text: str) -> str:
    """Return the text with U+FFFD for each half of a surrogate pair, which no encoding can write."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def json_type(value: object) -> str:
    """Return what a value is called in JSON."""
    names = {
        list: "an array", dict: "an object", str: "a string", bool: "true or false", type(None): "null",
        bytes: "bytes",
    }  # fmt: skip
    return names.get(type(value), "a number")


def _first(record: Record, told: str, known: tuple[str, ...]) -> str | None:
    """Return the field that was told, or the first known one that has a value."""
    if told:
        return told if record.get(told) is not None else None
    for name in known[:2]:  # as good as always
        if record.get(name) is not None:
            return name
    return next((name for name in _known(tuple(record), known) if record[name] is not None), None)


@lru_cache(maxsize=512)
def _known(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a record's names that are known ones, whatever their case and signs, best first."""
    ranks = {name: rank for rank, name in enumerate(known)}
    found = [(ranks[plain], at, name) for at, name in enumerate(names) if (plain := _plain(name)) in ranks]
    return tuple(name for _, _, name in sorted(found))


def _plain(name: str) -> str:
    return _OTHER.sub("", name).lower()


def _content(record: Record, field: str, where: str, encoding: str) -> tuple[str, str]:
    """Return the text of a page and its encoding; bytes, which some tables hold, are decoded like a file."""
    value = record.get(field)
    if isinstance(value, bytes):
        decoded = decode(value)
        return decoded.text, decoded.encoding
    return _text(record, field, where) or "", encoding


def _kind(record: Record, field: str, text: str, where: str) -> Kind:
    kind = record.get("kind")
    if kind is None or kind == "":
        if field in {"html", "text", "markdown"}:
            return cast("Kind", field)
        return sniff(text)
    if kind not in _KINDS:
        raise PageError(where, f'field "kind" is {kind!r}', f"use one of {', '.join(_KINDS)}, or leave it out")
    return cast("Kind", kind)


def _text(record: Record, field: str, where: str) -> str | None:
    value = record.get(field)
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", BYTE_FOR_BYTE)
    if not isinstance(value, str):
        raise PageError(where, f'field "{field}" is {json_type(value)}, not a string', "put it in quotes")
    return whole(value) or None
