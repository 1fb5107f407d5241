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
_PAIR = re.compile(
    r"([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)\"|'([^']*+)'|(?![\"'])([^\t\n\f\r >]*+)))?+"
)
"""The same, quotes left out: name, and value in double quotes, in single ones, or bare."""


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


def values(markup: str, page_id: str, after_name: int = 0) -> dict[str, str]:
    """Return names and values of a start tag, references resolved, without places and in no order.

    Args:
        markup: The start tag, brackets included.
        page_id: For the error.
        after_name: Where the name of the tag ends, if that is known.

    Raises:
        PageError: More attributes than the bound.
    """
    pairs = _PAIR.findall(markup, after_name or _after_name(markup, 0, len(markup)), len(markup) - 1)
    if len(pairs) > MOST_ATTRIBUTES:
        raise over(page_id, f"{len(pairs):,} attributes on one tag", MOST_ATTRIBUTES)
    pairs.reverse()  # of a name given twice, the first counts
    found = {name: double or single or bare for name, double, single, bare in pairs}
    names = "".join(found)
    if not names.islower() and names != names.lower():
        found = {name.lower(): double or single or bare for name, double, single, bare in pairs}
    if "&" in markup:
        for name, value in found.items():
            if "&" in value:
                found[name] = resolve(value, 0, len(value), attribute=True).text
    return found


def _after_name(source: str, start: int, end: int) -> int:
    name = _NAME.match(source, start, end)
    return name.end() if name else end
