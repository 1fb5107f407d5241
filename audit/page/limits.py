"""The bounds of one page, in one place. A page over a bound becomes a row of the report with its reason."""

from __future__ import annotations

from audit.errors import PageError

LONGEST_PAGE = 20_000_000
"""Code points. The longest of 213 real pages has 1.3 million."""
LONGEST_TEXT = 2_000_000
"""Code points of all blocks together: markup is cheap, text is read again and again. More than 300,000 words."""
MOST_TAGS = 500_000
"""Start tags, end tags and comments."""
DEEPEST = 1_000
"""Elements open at once. The tree builder looks up its stack at every tag, so depth times tags bounds its time.
Chromium stops nesting at 512; real pages stay under 100."""
MOST_REOPENED = 2_000_000
"""Unclosed formatting elements (`<b>`, `<font>` …) times block elements: each block opens them all again."""
MOST_ATTRIBUTES = 10_000
"""Of one start tag."""
LONGEST_STYLE = 500_000
"""Code points of `<style>` text that are read; what is beyond hides nothing."""


def over(page_id: str, what: str, bound: int) -> PageError:
    """Return the error of a page over a bound."""
    return PageError(
        page_id, f"{what}; the bound is {bound:,}", "audit a smaller page, or leave this one out of the run"
    )
