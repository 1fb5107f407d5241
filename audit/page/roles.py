"""What a block is, from tags, ARIA roles and the words that sites use in class and id."""

from __future__ import annotations

import re

from audit.model import Role

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "input",
    ]
)
VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)

OF_TAG: dict[str, Role] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("p", "summary", "address", "legend"), "paragraph"),
    **dict.fromkeys(("li", "dt", "dd", "option"), "list_item"),
    **dict.fromkeys(("td", "th"), "table_cell"),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    "blockquote": "quotation",
    "pre": "code",
    "title": "title",
    "noscript": "noscript",
    "iframe": "noscript",
    "noembed": "noscript",
    "noframes": "noscript",
    "template": "template",
    "svg": "attribute",
    "textarea": "attribute",
}
STICKY: frozenset[Role] = frozenset({"noscript", "template", "attribute", "code"})
"""Roles that everything inside takes over."""
WITHIN: frozenset[Role] = frozenset({"list_item", "quotation"})
"""Roles that a paragraph inside takes over."""

CONTAINER_OF_TAG: dict[str, Role] = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "aside",
    "blockquote": "quotation",
    "menu": "navigation",
}
_CONTAINER_OF_ARIA: dict[str, Role] = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "navigation",
}
CAN_HOLD = frozenset(["div", "section", "ul", "ol", "table", "article", "td", "form", "header"])
"""Tags whose class, id and role are asked for the furniture they are."""
_NAMES = re.compile(r"""\b(?:class|id|role)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "comment",
        re.compile(
            r"(?:^|[\s_-])(?:comments?|comment-?list|commentlist|respond|disqus[\w-]*|replies)(?=$|[\s_-](?!off|closed|count|link))"
        ),
    ),
    (
        "navigation",
        re.compile(
            r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|topnav|breadcrumbs?|pagination|pager|toc)(?=$|[\s_-])"
        ),
    ),
    ("footer", re.compile(r"(?:^|[\s_-])(?:footer|site-?info|copyright|colophon)(?=$|[\s_-])")),
    ("aside", re.compile(r"(?:^|[\s_-])(?:sidebar|aside|widget|related|share|social|promo)(?=$|[\s_-])")),
    ("header", re.compile(r"^(?:.*\s)?(?:site-?header|page-?header|masthead|topbar)(?=$|\s)")),
)


_ANY_WORD = re.compile(
    "nav|menu|breadcrumb|pag|toc|foot|info|copyright|colophon|side|widget|relat|shar|social|promo|comment|respon|disqus"
    "|repl|masthead|header|topbar|banner|complement|search"
)


def container(tag: str, start_tag: str) -> Role | None:
    """Return the furniture that an element is, by its tag and the names in its start tag (lower case); `None` for none."""
    if tag in CONTAINER_OF_TAG:
        return CONTAINER_OF_TAG[tag]
    if tag not in CAN_HOLD or not _ANY_WORD.search(start_tag):
        return None
    for match in _NAMES.finditer(start_tag):
        value = match.group(1) or match.group(2) or match.group(3) or ""
        if value in _CONTAINER_OF_ARIA:
            return _CONTAINER_OF_ARIA[value]
        for role, words in _WORDS:
            if words.search(value):
                return role
    return None
