"""Sources to pages: what to read, how to decode it, and what to say of what cannot be read."""

from __future__ import annotations

from audit.ingest.charset import Decoded, byte_cuts, decode
from audit.ingest.items import STDIN, SUFFIXES, Item
from audit.ingest.options import MAX_PAGE_SIZE, Options, PageFailure
from audit.ingest.ranges import parts
from audit.ingest.readers import READERS, read, recognised
from audit.ingest.records import sniff
from audit.ingest.sources import Sources, find, spool

__all__ = [
    "MAX_PAGE_SIZE", "READERS", "STDIN", "SUFFIXES", "Decoded", "Item", "Options", "PageFailure", "Sources",
    "byte_cuts", "decode", "find", "parts", "read", "recognised", "sniff", "spool",
]  # fmt: skip
