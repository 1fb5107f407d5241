"""Article Audit: finds injected spam in health articles, reads their medical claims, scores both.

>>> import audit
>>> rules = audit.load_rules()
>>> page = audit.Page(id="note", kind="text", text="Massage may help relieve back pain.")
>>> audit.audit_page(page, rules).verdict
'pass'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.batch import audit_paths
    from audit.claims.cues import cues as cues
    from audit.model import Page, PageReport
    from audit.pipeline import audit_page
    from audit.rules.load import load_rules

__version__ = "0.1.0"
__all__ = ["Page", "PageReport", "__version__", "audit_page", "audit_paths", "cues", "load_rules"]

_HOMES = {
    "Page": "audit.model",
    "PageReport": "audit.model",
    "audit_page": "audit.pipeline",
    "audit_paths": "audit.batch",
    "cues": "audit.claims",
    "load_rules": "audit.rules.load",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever kind of thing the name is
    """Load a public name where it is first used, so that `audit --help` starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
