"""What a page says of itself: JSON-LD, microdata and meta tags as facts with their places."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Literal

from audit.model import Fact
from audit.text.mapped import MappedText, Piece

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|([{}\[\],:])|([^\s"{}\[\],:]++)', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_MOST_STRINGS = 5_000
_DEEPEST = 64
_WRAPPERS = frozenset({"@graph", "mainEntity", "mainEntityOfPage"})
"""Keys whose objects speak of the page itself."""

Name = Literal["author", "reviewer", "published", "modified", "reviewed", "type", "publisher", "citation"]
_NAMES: dict[str, Name] = {
    "author": "author",
    "creator": "author",
    "article:author": "author",
    "dc.creator": "author",
    "parsely-author": "author",
    "citation_author": "author",
    "reviewedby": "reviewer",
    "medicalreviewer": "reviewer",
    "datepublished": "published",
    "article:published_time": "published",
    "citation_publication_date": "published",
    "dc.date": "published",
    "date": "published",
    "datemodified": "modified",
    "article:modified_time": "modified",
    "og:updated_time": "modified",
    "last-modified": "modified",
    "lastreviewed": "reviewed",
    "publisher": "publisher",
    "article:publisher": "publisher",
    "dc.publisher": "publisher",
    "citation": "citation",
    "@type": "type",
}


def facts_of_tag(name: str, value: MappedText, origin: Literal["itemprop", "meta"]) -> tuple[Fact, ...]:
    """Return the fact that a meta tag or a microdata property states, if it is one of those that count."""
    known = _NAMES.get(name.lower())
    text = value.text.strip()
    if known is None or not text:
        return ()
    return (Fact(known, text, "microdata" if origin == "itemprop" else "meta", value.place()),)


def facts_of_data(strings: Sequence[tuple[str, MappedText]]) -> tuple[Fact, ...]:
    """Return the facts of JSON-LD, from its string values by path (`author.name`, `@graph.2.datePublished`)."""
    facts: list[Fact] = []
    for path, value in strings:
        keys = [key.lower() for key in path.split(".") if not key.isdigit() and key not in _WRAPPERS]
        if not keys or not value.text.strip():
            continue
        known = _NAMES.get(keys[0]) if len(keys) == 1 or (len(keys) == 2 and keys[1] == "name") else None
        if known and not (len(keys) == 2 and known in {"published", "modified", "reviewed", "type"}):
            facts.append(Fact(known, value.text.strip(), "json-ld", value.place()))
    return tuple(facts)


def strings_of_json(source: str, start: int, end: int) -> tuple[tuple[str, MappedText], ...]:
    """Return path and text of every string value in `source[start:end]`, as far as it can be read.

    Broken JSON is common in pages and hides nothing from a search engine: what stands before the damage counts.
    """
    found: list[tuple[str, MappedText]] = []
    path: list[str | int] = []
    expects_key: list[bool] = []
    key_next = False
    for token in _TOKEN.finditer(source, start, end):
        kind = token.lastindex
        if kind == 1:
            if key_next and path:
                path[-1] = source[token.start(1) : token.end(1)]
                key_next = False
            else:
                if len(found) >= _MOST_STRINGS:
                    break
                found.append((".".join(map(str, path)), _unescape(source, token.start(1), token.end(1))))
        elif kind == 2:
            mark = token.group(2)
            if mark in "{[":
                if len(path) >= _DEEPEST:
                    break
                expects_key.append(mark == "{")
                path.append("" if mark == "{" else 0)
                key_next = mark == "{"
            elif mark in "}]":
                if not path:
                    break
                path.pop()
                expects_key.pop()
                key_next = False
            elif mark == "," and path:
                if expects_key[-1]:
                    key_next = True
                elif isinstance(path[-1], int):
                    path[-1] += 1
    return tuple(found)


def _unescape(source: str, start: int, end: int) -> MappedText:
    raw = source[start:end]
    if "\\" not in raw:
        return MappedText(raw, (Piece(0, start, len(raw), len(raw)),) if raw else ())
    text: list[str] = []
    pieces: list[Piece] = []
    length = at = 0

    def put(plain: str, place: int, size: int) -> None:
        nonlocal length
        if plain:
            text.append(plain)
            pieces.append(Piece(length, start + place, len(plain), size))
            length += len(plain)

    for escape in _ESCAPE.finditer(raw):
        put(raw[at : escape.start()], at, escape.start() - at)
        found = escape.group()
        try:
            plain = json.loads(f'"{found}"')
        except ValueError:  # no JSON escape: `\'`; the letter itself is what was meant
            plain = found[1:]
        if len(plain) == 1 and "\ud800" <= plain <= "\udfff":
            plain = "\ufffd"
        put(plain, escape.start(), len(found))
        at = escape.end()
    put(raw[at:], at, len(raw) - at)
    return MappedText("".join(text), tuple(pieces))
