"""The bounds of one page, in one place. A page over a bound is a row of the report with its reason."""

from __future__ import annotations

from audit.errors import PageError

LONGEST_PAGE = 20_000_000
"""Code points."""
MOST_TAGS = 500_000
"""Start and end tags."""
DEEPEST = 5_000
"""Elements open at once. Chromium stops at 512 and renders on."""
MOST_ATTRIBUTES = 10_000
"""Of one start tag."""
LONGEST_STYLE = 1_000_000
"""Code points of `<style>` text that are read; what is beyond hides nothing."""


def over(page_id: str, what: str, bound: int) -> PageError:
    """Return the error of a page over a bound."""
    return PageError(
        page_id, f"{what}; the bound is {bound:,}", "audit a smaller page, or take this one out of the run"
    )
