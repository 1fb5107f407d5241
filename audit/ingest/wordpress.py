"""WordPress exports (WXR): posts, pages, other items with text, and comments, each a page; spans index the field."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from audit.errors import PageError
from audit.ingest.items import Item
from audit.ingest.markup import Element, Field, records
from audit.ingest.options import Options, PageFailure
from audit.ingest.records import whole, within_bounds
from audit.ingest.streams import Binary
from audit.model import Page

_NO_TEXT = frozenset(
    "nav_menu_item custom_css customize_changeset oembed_cache user_request wp_global_styles wp_font_family "
    "wp_font_face acf-field acf-field-group".split()
)
"""Kinds of items whose content is settings or code."""
_CONTENT = "content:encoded"
_COMMENT = "wp:comment"
_KEPT = frozenset(
    {
        "link", _CONTENT, "wp:post_id", "wp:post_type", _COMMENT, f"{_COMMENT}/wp:comment_id",
        f"{_COMMENT}/wp:comment_content",
    }
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True):
    """A page of an export, or its failure, and the field of the file that holds its text."""

    page: Page | PageFailure
    field: Field | None = None


def of_wordpress(file: Binary, item: Item, options: Options) -> Iterator[Page | PageFailure]:
    """Yield the pages of the items that begin within the range of the item; the file stands at its start."""
    return (entry.page for entry in entries(file, item, options))


def entries(file: Binary, item: Item, options: Options) -> Iterator[Entry]:
    """Yield the pages with the fields that hold them; `Field.places` tells where spans stand in the file, in bytes."""
    for element in records(
        file, "item", options.max_page_size, item.start, item.end, root="rss", keep=_KEPT.__contains__
    ):
        yield from _of_item(element, item, options)


def _of_item(element: Element, item: Item, options: Options) -> Iterator[Entry]:
    where = f"{item.label}@{element.start}"
    kind, number = element.text("wp:post_type") or "item", element.text("wp:post_id")
    name = f"{kind}-{number}" if number else where
    url = element.text("link") or None
    if element.too_large:
        what = f"the item has more than the {options.max_page_size:,} bytes that a page may have"
        yield _failed(where, url, item, PageError(where, what, "raise max_page_size"))
        return
    if element.cut_off:
        what = "the file is cut off: it has no </rss>"
        yield _failed(where, None, item, PageError(where, what, "export it again; what came before was read"))
        return
    if not element.whole:
        hint = "export it again; what is there of it was not audited"
        yield _failed(name, url, item, PageError(where, "the item has no end: the file is cut off or broken", hint))
        return
    content = element.get(_CONTENT)
    if content is not None and kind not in _NO_TEXT:
        yield from _entry(content, name, url, where, item, options)
    comment = ""
    for path, field in element.fields:
        if path == _COMMENT:
            comment = ""
        elif path.endswith("/wp:comment_id"):
            comment = field.text.strip()
        elif path.endswith("/wp:comment_content"):
            place = f"{where}/comment-{comment}"
            at = f"{url}#comment-{comment}" if url and comment else url
            yield from _entry(field, f"comment-{comment}" if comment else place, at, place, item, options)


def _entry(field: Field, name: str, url: str | None, where: str, item: Item, options: Options) -> Iterator[Entry]:
    text = whole(field.text)
    if not text.strip():  # a page of widgets, a comment that was emptied
        return
    try:
        within_bounds(text, "content", where, options)
    except PageError as error:
        yield _failed(name, url, item, error)
        return
    yield Entry(Page(id=name, url=url, path=item.label, text=text, kind="html"), field)


def _failed(name: str, url: str | None, item: Item, error: PageError) -> Entry:
    return Entry(PageFailure(id=name, path=item.label, url=url, error=error))
