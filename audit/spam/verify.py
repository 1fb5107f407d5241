"""The independent check of a page's cuts: another parser must see the page less the cuts, nothing else changed."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

from audit.text.span import Span, without


def is_clean_cut(page: str, cuts: Sequence[Span]) -> bool:
    """Say whether Beautiful Soup reads the page less the cuts as the page's own tree less the cut nodes and characters.

    Both trees are written down in page order as tags, attributes and the characters that are not white. The shorter
    must be what is left of the longer one, in order, and must lack exactly as much as the cut stretches hold when read
    by themselves: a cut that moved a boundary, swallowed a neighbour or freed half a tag fails one of the two.
    """
    if not cuts:
        return True
    if not _are_whole(page, cuts):
        return False
    before, after = _events(page), _events(without(page, cuts))
    if not _is_left_of(after, before):
        return False
    gone = [event for cut in cuts for event in _events(page[cut.start : cut.end])]
    return _size(before) - _size(after) == _size(gone)


_TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_OPEN_ENDED = frozenset("p li dt dd tr td th thead tbody tfoot option optgroup colgroup".split())
"""Elements whose end tag a page may leave out."""


def _are_whole(page: str, cuts: Sequence[Span]) -> bool:
    """Whether every tag in the cuts has its partner in them too, so that no element loses one end of it."""
    opened: list[tuple[str, int]] = []
    for cut in cuts:
        for match in _TAG.finditer(page, cut.start, cut.end):
            name = (match[2] or "").lower()
            if not name or name in _VOID:
                continue
            if not match[1]:
                opened.append((name, cut.end))
            elif any(name == other for other, _ in opened):
                while opened.pop()[0] != name:
                    pass
            else:
                return False
    return all(name in _OPEN_ENDED and not _is_closed_behind(page, end, name) for name, end in opened)


def _is_closed_behind(page: str, at: int, name: str) -> bool:
    """Whether the next tag of that name behind a place is an end tag."""
    match = re.compile(rf"<(/?){name}\b", re.IGNORECASE).search(page, at)
    return match is not None and match[1] == "/"


def _events(html: str) -> list[str]:
    """Return a page's tree: `<p>` and `</p>` of every tag, each attribute's name, all characters that are not white."""
    # only pages with cuts pay for it
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning  # noqa: PLC0415
    from bs4.element import NavigableString, Tag  # noqa: PLC0415

    with warnings.catch_warnings():  # a page of one address is a page, and one of XML is read as browsers do
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        contents = BeautifulSoup(html, "html.parser").contents
    found: list[str] = []
    stack: list[object] = list(reversed(contents))
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            found.append(f"<{node.name}>")
            for name, value in node.attrs.items():
                found.append(f"{name}=")
                found += _characters(value if isinstance(value, str) else " ".join(value))
            stack.append((node.name,))
            stack += reversed(node.contents)
        elif isinstance(node, NavigableString):
            found += _characters(str(node))
        elif isinstance(node, tuple):
            found.append(f"</{node[0]}>")
    return found


def _characters(text: str) -> str:
    return "".join(text.split())


def _is_left_of(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one sequence is another less some of it, in order."""
    rest = iter(long)
    return all(event in rest for event in short)


def _size(events: Sequence[str]) -> int:
    """Return how many characters, attributes and start tags there are."""
    return sum(1 for event in events if not event.startswith("</"))
