"""Pages to articles, and an article less its cuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from audit.model import Article, Block, Fact, Link, Page
from audit.page.html import parse_html
from audit.page.limits import LONGEST_PAGE, over
from audit.page.markdown import parse_markdown
from audit.page.text import parse_text
from audit.text.span import Span, union

PARSERS: dict[str, Callable[[Page], Article]] = {"html": parse_html, "text": parse_text, "markdown": parse_markdown}


def parse(page: Page) -> Article:
    """Return the parts of a page.

    Raises:
        PageError: The page is over a bound (`audit.page.limits`).

    """
    if len(page.text) > LONGEST_PAGE:
        raise over(page.id, f"a page of {len(page.text):,} characters", LONGEST_PAGE)
    return PARSERS[page.kind](page)


def less(article: Article, cuts: Sequence[Span]) -> Article:
    """Return the article without what stands in the cuts; blocks, links and facts with nothing left are gone.

    Places stay those of the page as it was read.
    """
    holes = union(cuts)
    if not holes:
        return article
    kept: list[Block] = []
    index: dict[int, int] = {}
    for old, block in enumerate(article.blocks):
        text = block.text.less(holes)
        if text is not block.text:
            lead = len(text.text) - len(text.text.lstrip())
            text = text.slice(Span(lead, max(lead, len(text.text.rstrip()))))
            if not text.text:
                continue
            block = msgspec.structs.replace(block, text=text)  # noqa: PLW2901
        index[old] = len(kept)
        kept.append(block)
    return msgspec.structs.replace(
        article,
        title=next((block.text.text for block in kept if block.role == "title"), article.title if not kept else ""),
        blocks=tuple(kept),
        links=tuple(link for old in article.links if (link := _link(old, index, kept, article, holes))),
        facts=tuple(fact for fact in article.facts if not _gone(fact, holes)),
    )


def _link(
    link: Link, index: dict[int, int], kept: Sequence[Block], article: Article, holes: Sequence[Span]
) -> Link | None:
    anchor = link.anchor.less(holes)
    if link.element >= 0 and any(article.elements[link.element].open in hole for hole in holes):
        return None
    if link.anchor.text and not anchor.text.strip():
        return None
    if link.block < 0:
        return link
    if link.block not in index:
        return None
    new = index[link.block]
    if kept[new] is article.blocks[link.block]:
        return msgspec.structs.replace(link, block=new)
    place = anchor.place()
    at = next(
        (
            p.start + max(0, place[0].start - p.page_start)
            for p in kept[new].text.pieces
            if place and p.page_start + p.page_length > place[0].start
        ),
        0,
    )
    return msgspec.structs.replace(link, anchor=anchor, block=new, at=at)


def _gone(fact: Fact, holes: Sequence[Span]) -> bool:
    return any(hole.touches(span) for span in fact.spans for hole in holes)
