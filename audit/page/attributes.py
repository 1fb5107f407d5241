"""Attributes of a start tag, read on demand."""

from __future__ import annotations

import re

from audit.model import Article, Attribute
from audit.page.limits import MOST_ATTRIBUTES, over
from audit.page.references import resolve
from audit.text.span import Span

_ATTRIBUTE = re.compile(
    r"([^\s/>][^\s/>=]*+)"  # 1 name
    r"(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|((?![\"'])[^\s>]*+))|(?!\s*+=))"  # 2, 3 quoted, 4 bare value
)
_NAME = re.compile(r"<[A-Za-z][^\s/>]*+")


def attributes(article: Article, element: int) -> tuple[Attribute, ...]:
    """Return the attributes of an element in source order; of a name given twice the first counts.

    Raises:
        PageError: More attributes than the bound.
    """
    place = article.elements[element].open
    return read_attributes(article.page.text, place.start, place.end, article.page.id)


def read_attributes(source: str, start: int, end: int, page_id: str) -> tuple[Attribute, ...]:
    """Return the attributes of the start tag `source[start:end]`; see `attributes`."""
    name = _NAME.match(source, start, end)
    if name is None:
        return ()
    found: dict[str, Attribute] = {}
    for count, match in enumerate(_ATTRIBUTE.finditer(source, name.end(), end - 1)):
        if count >= MOST_ATTRIBUTES:
            raise over(page_id, f"more than {count:,} attributes on one tag", MOST_ATTRIBUTES)
        key = match.group(1).lower()
        if key not in found:
            group = match.lastindex or 1
            low, high = match.span(group) if group > 1 else (match.end(), match.end())
            found[key] = Attribute(key, resolve(source, low, high, attribute=True), Span(*match.span()))
    return tuple(found.values())


def values(source: str, start: int, end: int) -> dict[str, str]:
    """Return names and values of the start tag `source[start:end]`, references resolved, without places."""
    name = _NAME.match(source, start, end)
    found: dict[str, str] = {}
    if name is None:
        return found
    for match in _ATTRIBUTE.finditer(source, name.end(), end - 1):
        key = match.group(1).lower()
        if key not in found:
            group = match.lastindex or 1
            value = match.group(group) if group > 1 else ""
            found[key] = resolve(value, 0, len(value), attribute=True).text if "&" in value else value
    return found
