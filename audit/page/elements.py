"""The elements of a page, made when they are asked for: an audit looks at a few of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from audit.model import Article, Element
from audit.page.scan import Tokens
from audit.page.tree import Tree
from audit.text.span import Span


class Elements(Sequence[Element]):
    """The elements of a tree in page order, each made at its first use."""

    __slots__ = ("_made", "_tokens", "_tree")

    def __init__(self, tokens: Tokens, tree: Tree) -> None:
        self._tokens = tokens
        self._tree = tree
        self._made: dict[int, Element] = {}

    def __len__(self) -> int:
        return len(self._tree.tokens)

    @overload
    def __getitem__(self, index: int) -> Element: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Element, ...]: ...
    def __getitem__(self, index: int | slice) -> Element | tuple[Element, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = index + len(self) if index < 0 else index
        made = self._made.get(at)
        if made is None:
            made = self._made[at] = self._make(at)
        return made

    def __iter__(self) -> Iterator[Element]:
        return (self[at] for at in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} elements>"

    def numbered(self, tag: str) -> Iterator[tuple[int, Element]]:
        """Yield the elements of one tag with their index, in page order."""
        names = self._tree.names
        return ((at, self[at]) for at, token in enumerate(self._tree.tokens) if names[token] == tag)

    def _make(self, at: int) -> Element:
        tokens, tree = self._tokens, self._tree
        token = tree.tokens[at]
        start = tokens.starts[token] + len(tokens.texts[token])
        inner = start + len(tokens.marks[token]) - len(tokens.raws[token] or "")
        tag = tree.names[token]
        if tag[:2] == "x-":  # a name that cannot stand in the skeleton
            tag = (tokens.names[token] or tag).lower()
        return Element(tag, Span(start, inner), Span(start, max(inner, tree.ends[at])), tree.parents[at])


def numbered(article: Article, tag: str) -> Iterator[tuple[int, Element]]:
    """Yield the elements of one tag with their index, in page order, without making the others."""
    elements = article.elements
    if isinstance(elements, Elements):
        return elements.numbered(tag)
    return ((at, element) for at, element in enumerate(elements) if element.tag == tag)


def tagged(article: Article, tag: str) -> Iterator[Element]:
    """Yield the elements of one tag, in page order, without making the others."""
    return (element for _, element in numbered(article, tag))
