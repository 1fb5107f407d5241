"""Attributes of start tags: all of one with their places, or only the values, fast."""

from __future__ import annotations

import re
from collections.abc import Collection

from audit.model import Article, Attribute
from audit.page.limits import MOST_ATTRIBUTES, over
from audit.page.references import resolve
from audit.text.mapped import MappedText
from audit.text.span import Span

_ATTRIBUTE = re.compile(
    r"([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\t\n\f\r >]*+))?+"
)
_NAME = re.compile(r"<[A-Za-z][^\t\n\f\r />]*+")


def attributes(article: Article, element: int) -> tuple[Attribute, ...]:
    """Return the attributes of an element in source order; of a name given twice the first counts.

    Raises:
        PageError: More attributes than the bound.
    """
    place = article.elements[element].open
    return read_attributes(article.page.text, place.start, place.end, article.page.id)


def read_attributes(
    source: str, start: int, end: int, page_id: str, wanted: Collection[str] | None = None
) -> tuple[Attribute, ...]:
    """Return the attributes of the start tag `source[start:end]`, or only the wanted ones; see `attributes`."""
    found: dict[str, Attribute] = {}
    for count, match in enumerate(_ATTRIBUTE.finditer(source, _after_name(source, start, end), end - 1)):
        if count >= MOST_ATTRIBUTES:
            raise over(page_id, f"more than {MOST_ATTRIBUTES:,} attributes on one tag", MOST_ATTRIBUTES)
        name = match.group(1).lower()
        if name in found or (wanted is not None and name not in wanted):
            continue
        low, high = match.span(2) if match.group(2) is not None else (match.end(), match.end())
        if high - low >= 2 and source[low] in "\"'":
            low, high = low + 1, high - 1
        value = resolve(source, low, high, attribute=True) if low < high else MappedText("", ())
        found[name] = Attribute(name, value, Span(*match.span()))
    return tuple(found.values())


def values(markup: str, page_id: str) -> dict[str, str]:
    """Return names and values of a start tag, references resolved, without places.

    Raises:
        PageError: More attributes than the bound.
    """
    pairs = _ATTRIBUTE.findall(markup, _after_name(markup, 0, len(markup)), len(markup) - 1)
    if len(pairs) > MOST_ATTRIBUTES:
        raise over(page_id, f"{len(pairs):,} attributes on one tag", MOST_ATTRIBUTES)
    found: dict[str, str] = {}
    for name, value in pairs:
        if value[:1] in ('"', "'"):
            value = value[1:-1]  # noqa: PLW2901 -- the quotes
        if "&" in value:
            value = resolve(value, 0, len(value), attribute=True).text  # noqa: PLW2901
        found.setdefault(name if name.islower() else name.lower(), value)
    return found


def _after_name(source: str, start: int, end: int) -> int:
    name = _NAME.match(source, start, end)
    return name.end() if name else end
