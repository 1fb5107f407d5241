"""Pages to articles, and an article less its cuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain

import msgspec

from audit.errors import PageError
from audit.model import Article, Block, Link, Page
from audit.page.html import parse_html
from audit.page.limits import LONGEST_PAGE, LONGEST_TEXT, over
from audit.page.markdown import parse_markdown
from audit.page.text import parse_text
from audit.text.mapped import MappedText
from audit.text.span import Span, crossing, meets, union

PARSERS: dict[str, Callable[[Page], Article]] = {"html": parse_html, "text": parse_text, "markdown": parse_markdown}


def parse(page: Page) -> Article:
    """Return the parts of a page.

    Raises:
        PageError: The page is over a bound (`audit.page.limits`), or holds half a surrogate pair.

    """
    if len(page.text) > LONGEST_PAGE:
        raise over(page.id, f"a page of {len(page.text):,} characters", LONGEST_PAGE)
    if not page.text.isascii() and (half := _HALF.search(page.text)) is not None:
        what = f"holds half a surrogate pair at {half.start()}: no text that was decoded does"
        raise PageError(page.id, what, "decode its bytes with errors='replace'")
    article = PARSERS[page.kind](page)
    length = sum(len(block.text.text) for block in article.blocks)
    if length > LONGEST_TEXT:
        raise over(page.id, f"a text of {length:,} characters", LONGEST_TEXT)
    return article


_HALF = re.compile("[\ud800-\udfff]")


def less(article: Article, cuts: Sequence[Span]) -> Article:
    """Return the article without what stands in the cuts; blocks, links and facts with nothing left are gone.

    Places stay those of the page as it was read, and so do the elements: an index into them keeps its meaning.
    """
    holes = union(cuts)
    if not holes:
        return article
    kept: list[Block] = []
    index: dict[int, int] = {}
    title = article.title
    entitled = next((at for at, block in enumerate(article.blocks) if title and block.text.text == title), -1)
    for old, block in enumerate(article.blocks):
        text = _less(block.text, holes)
        if text is not block.text:
            text = _trimmed(text)
            if old == entitled:
                title = text.text
            if not text.text:
                continue
            block = msgspec.structs.replace(block, text=text)  # noqa: PLW2901
        index[old] = len(kept)
        kept.append(block)
    return msgspec.structs.replace(
        article,
        title=title,
        blocks=tuple(kept),
        links=tuple(link for old in article.links if (link := _link(old, index, kept, article, holes))),
        facts=tuple(fact for fact in article.facts if not any(meets(holes, span) for span in fact.spans)),
    )


def _link(
    link: Link, index: dict[int, int], kept: Sequence[Block], article: Article, holes: Sequence[Span]
) -> Link | None:
    """Return what is left of a link; `None` if its tag, its anchor text or its block is gone."""
    if link.element >= 0 and meets(holes, article.elements[link.element].open):
        return None
    anchor = _less(link.anchor, holes)
    if link.anchor.text and not anchor.text.strip():
        return None
    if link.block < 0:
        return link
    if link.block not in index:
        return None
    new = index[link.block]
    if kept[new] is article.blocks[link.block]:
        return msgspec.structs.replace(link, block=new)
    anchor = _trimmed(anchor)
    block, at = _begin(anchor, new, kept) if anchor.pieces else (new, 0)
    return msgspec.structs.replace(link, anchor=anchor, block=block, at=at)


def _begin(anchor: MappedText, new: int, kept: Sequence[Block]) -> tuple[int, int]:
    """Return the block in which an anchor begins, and where; of several it may have lost what it had in the first."""
    first = anchor.pieces[0].page_start
    places = ((block, _place_in(kept[block].text, first)) for block in chain(range(new, len(kept)), range(new)))
    return next(place for place in places if place[1] >= 0)


def _place_in(text: MappedText, place: int) -> int:
    """Return where a place of the page stands in a text; -1 where it does not."""
    for piece in text.pieces:
        if piece.page_start <= place < piece.page_start + piece.page_length:
            return piece.start + (place - piece.page_start if piece.length == piece.page_length else 0)
    return -1


def _less(text: MappedText, holes: Sequence[Span]) -> MappedText:
    """Return a text without what stands in the holes, which are disjoint and in order."""
    places = [(piece.page_start, piece.page_start + piece.page_length) for piece in text.pieces]
    if not places:
        return text
    return text.less(crossing(holes, Span(min(places)[0], max(end for _, end in places))))


def _trimmed(text: MappedText) -> MappedText:
    """Return the text without the white at its ends."""
    lead = len(text.text) - len(text.text.lstrip())
    return text.slice(Span(lead, max(lead, len(text.text.rstrip()))))
