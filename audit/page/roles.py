"""What a block is, from tags, ARIA roles and the words that sites use in class and id."""

from __future__ import annotations

import re
from functools import lru_cache

from audit.model import Role

BLOCK, APART, SKIPPED = 1, 2, 3
"""How an element stands in the flow of text: it ends the paragraph before it; it is read for itself and the text round
it runs on; its content is no text. What is not listed is inline, as in a browser."""

FLOW: dict[str, int] = {
    **dict.fromkeys(
        (
            "address article aside audio blockquote body button canvas caption center col colgroup dd details dialog "
            "dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup "
            "hr html legend li listing main map menu nav object ol optgroup option p plaintext pre search section "
            "select summary table tbody td tfoot th thead title tr ul video xmp"
        ).split(),
        BLOCK,
    ),
    **dict.fromkeys("noscript template svg math textarea iframe noembed noframes".split(), APART),
    **dict.fromkeys(("script", "style"), SKIPPED),
}

OF_TAG: dict[str, Role] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd", "option"), "list_item"),
    **dict.fromkeys(("td", "th"), "table_cell"),
    **dict.fromkeys(("caption", "figcaption", "legend"), "caption"),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext", "textarea"), "code"),
    **dict.fromkeys(("noscript", "iframe", "noembed", "noframes"), "noscript"),
    "blockquote": "quotation",
    "title": "title",
    "template": "template",
    "svg": "attribute",
}
"""The role that an element gives to the text in it, in whatever elements that stands."""
ENDS_ROLE = frozenset({"table", "section", "article", "main", "body"})
"""Elements in which the role of the element round them no longer counts."""
STICKY: frozenset[Role] = frozenset({"noscript", "template", "attribute", "code"})
"""Roles that everything inside takes over."""
HIDDEN_TAGS = frozenset({"noscript", "template", "iframe", "noembed", "noframes", "audio", "canvas", "video"})
"""Elements whose content a browser does not show; that of the last three stands in for what it plays or draws."""

_OF_ARIA: dict[str, Role] = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "search": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
}
_OF_CONTAINER_TAG: dict[str, Role] = {
    "nav": "navigation",
    "header": "header",
    "menu": "navigation",
    "select": "navigation",
    "footer": "footer",
    "aside": "aside",
    "blockquote": "quotation",
}
_CAN_HOLD = frozenset({"div", "section", "ul", "ol", "dl", "table", "td", "form", "header", "li", "article", "p"})
"""Tags whose class and id are asked for the furniture they are."""
_MOST_NAMES = 20
_WORDS: dict[Role, str] = {
    "comment": (
        r"comments?(?:[-_]?(?:list|body|content|text|area|section|wrap(?:per)?|thread|items?|tree|\d+))?"
        r"|(?:user|reader|post|article|blog)[-_]?comments?(?:[-_]\w+)?|disqus_thread|repl(?:y|ies)[-_]?list"
    ),
    "navigation": (
        r"(?:(?:main|top|site|sub|side|global|primary|secondary|footer|header|left|right|post)[-_]?)?"
        r"(?:nav|navi|navbar|navigation|menu)(?:[-_](?:bar|list|items?|links?|main|menu|wrap(?:per)?|container|\d+))*"
        r"|bread[-_]?crumbs?(?:[-_]\w+)?|pagination|pager|page[-_]?numbers"
    ),
    "footer": r"(?:(?:site|page|main|global)[-_]?)?footer(?:[-_]\w+)*|colophon|site[-_]?info|copyright",
    "aside": (
        r"(?:(?:left|right|primary|secondary|main)[-_]?)?side[-_]?bar(?:[-_](?:left|right|primary|secondary|\d+))?"
        r"|widget(?:[-_](?:area|container))?|related(?:[-_](?:posts|articles|links|content))?|(?:social|share)[-_]?"
        r"(?:links?|buttons?|bar|icons?)"
    ),
    "header": r"(?:(?:site|main|global)[-_]?)header|masthead|top[-_]?bar",
    "caption": r"(?:wp-|image-|photo-|img-)?caption(?:-text)?",
}
_FURNITURE = tuple((role, re.compile(words)) for role, words in _WORDS.items())
"""What a whole class name or id says; the first that fits counts."""


@lru_cache(maxsize=16384)
def _furniture(name: str) -> Role | None:
    name = name[:60].lower()
    return next((role for role, pattern in _FURNITURE if pattern.fullmatch(name)), None)


def container(tag: str, attributes: dict[str, str]) -> tuple[Role | None, bool]:
    """Return the furniture that an element is, if any, and whether only its class or id says so.

    The header of an article is no furniture of the page; whether a `<header>` is one is for the caller to know.
    """
    if found := _OF_CONTAINER_TAG.get(tag):
        return found, False
    if attributes and tag in _CAN_HOLD:
        if found := _OF_ARIA.get(attributes.get("role", "").strip().lower()):
            return found, False
        names = got.split() if (got := attributes.get("class")) else []
        if got := attributes.get("id"):
            names.append(got)
        for name in names[:_MOST_NAMES]:
            if furniture := _furniture(name):
                return furniture, True
    return None, False
