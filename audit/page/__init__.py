"""A page to its parts: every word that a reader or a machine can get from it, with its place and how it is shown."""

from audit.page.article import less, parse
from audit.page.attributes import attributes
from audit.page.elements import numbered, tagged

__all__ = ["attributes", "less", "numbered", "parse", "tagged"]
