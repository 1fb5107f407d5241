"""What a reader may be told, and what it gives when a page cannot be read."""

from __future__ import annotations

import msgspec

from audit.errors import PageError

MAX_PAGE_SIZE = 100_000_000
"""Bytes. The largest pages of crawls are below 20 MB; beyond 100 MB a file is a dump that was named a page."""
MAX_PAGE_SECONDS = 300
"""A page of 100 MB takes less on a slow machine; what takes more hangs."""
EXCLUDE = ("README*", "LICENSE*")
"""Files that stand beside pages to explain them."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How sources are read; the same options and sources give the same pages."""

    include: tuple[str, ...] = ()
    """Globs of the files of a folder or archive; none means every file of a known suffix."""
    exclude: tuple[str, ...] = EXCLUDE
    """Globs of files and folders inside a folder or archive that are passed over; hidden ones of folders always are."""
    max_page_size: int = MAX_PAGE_SIZE
    """Bytes of a file, or of a line of records, beyond which it becomes a failure."""
    max_page_seconds: int = MAX_PAGE_SECONDS
    """How long the audit of a page may take before it becomes a failure; 0 for as long as it likes."""
    text_field: str = ""
    """Field of a record that holds the page; empty means `html`, `text`, or a name that is used for one."""
    url_field: str = ""
    """Field of a record that holds its address; empty means `url`, or a name that is used for one."""
    id_field: str = ""
    """Field of a record that holds its id; empty means `id`, or a name that is used for one."""
    mirror: str = ""
    """Folder of the stored copies of the addresses in lists, sitemaps and crawl tables; empty means beside them."""


class PageFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A page that could not be read, in the place where it should have come."""

    id: str
    error: PageError
    path: str | None = None
    url: str | None = None
    defect: bool = False
    """Whether the fault is the program's."""
