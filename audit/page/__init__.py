"""A page to its parts: every word that a reader or a machine can get from it, with its place and how it is shown."""

from audit.page.article import less, parse
from audit.page.attributes import attributes

__all__ = ["attributes", "less", "parse"]
