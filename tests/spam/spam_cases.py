from __future__ import annotations

from collections.abc import Callable

from audit.spam import Injected
from audit.text.span import Span, without

Detect = Callable[[str], Injected]
"""The injections of a text, or of a page of HTML where it begins with a tag."""


def cleaned(text: str, injected: Injected) -> str:
    """Return the page less its cuts."""
    return without(text, [Span(cut.start, cut.end) for cut in injected.cuts])
