"""One linear pass over the source: tags, comments, raw text and text runs, with their places.

Follows the tokenizer of the HTML Living Standard (section 13.2.5). What the tags mean for each other is the tree
builder's business (`audit.page.tree`), with one exception: inside `<svg>` and `<math>` the tokenizer reads `<title>`,
`<style>` and `<![CDATA[` otherwise, so pages that hold such things take a slower pass that follows the nesting.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import add
from typing import NamedTuple

from audit.page.limits import LONGEST_PAGE, MOST_TAGS, over

WHITE = "\t\n\f\r "
RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content holds no tags."""
RESOLVED = frozenset({"title", "textarea"})
"""Those of them whose content holds character references."""

_ATTRIBUTES = (
    r"(?:[\t\n\f\r /]++"
    r"|[^\t\n\f\r />][^\t\n\f\r />=]*+"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?![\"'])[^\t\n\f\r >]*+))?+)*+>"
)
_COMMENT = r"!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
_OTHER = (
    rf"{_COMMENT}"
    r"|[!?][^>]*+>?"  # doctype, processing instruction, bogus comment
    r"|/(?![a-zA-Z])(?=.)[^>]*+>?"  # `</3>`: bogus comment; `</>` is nothing
    r"|/?[a-zA-Z].*+"  # a tag that never ends takes the rest of the page with it
)
_RAW_NAMES = "|".join(sorted(RAW))
_TOKEN = re.compile(
    rf"(<(?:(?:(?=((?i:{_RAW_NAMES}))[\t\n\f\r />]))?+"  # 1 the whole, 2 name of an element with raw text
    rf"(/?[a-zA-Z][^\t\n\f\r />]*+){_ATTRIBUTES}"  # 3 name, with the slash of an end tag
    rf"(?(2)((?:[^<]++|<(?!/(?i:\2)[\t\n\f\r />]))*+))"  # 4 raw text
    rf"|{_OTHER}))",
    re.DOTALL,
)
_MARKUP = re.compile(rf"<(?:(/?[a-zA-Z][^\t\n\f\r />]*+){_ATTRIBUTES}|{_OTHER})", re.DOTALL)
_SCRIPT_TURN = re.compile(r"<(/?)script(?=[\t\n\f\r />])|<!--(?:-?>)?|-->", re.IGNORECASE)
_RAW_CLOSE = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in sorted(RAW)}

_FOREIGN = frozenset({"svg", "math", "/svg", "/math"})
_HTML_IN_SVG = frozenset({"foreignobject", "desc", "title"})
_HTML_IN_MATH = frozenset({"mi", "mo", "mn", "ms", "mtext"})
_BREAKS_OUT = frozenset(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta "
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Start tags that end foreign content (13.2.6.5)."""
_OF_TABLES = frozenset("caption col colgroup tbody td tfoot th thead tr".split())
"""Start tags that a parser passes over outside of a table."""


class Tokens(NamedTuple):
    """The page in pieces, column by column: text run 0, markup 0, text run 1, markup 1, … the last text run.

    A piece of markup is a tag with the raw text behind it, a comment, a doctype, or what the tokenizer drops.
    """

    texts: list[str]
    marks: list[str]
    names: list[str | None]
    """As written, `/` before an end tag's; `None` for markup that is no tag."""
    raws: list[str | None]
    """The raw text at the end of the markup; `None` where there is none."""
    starts: list[int]
    """Where each text run begins; one more than there are pieces of markup."""


def scan(text: str, page_id: str) -> Tokens:
    """Return the tokens of a page.

    Raises:
        PageError: The page is longer, or has more tags, than the bound.
    """
    if len(text) > LONGEST_PAGE:
        raise over(page_id, f"{len(text):,} characters", LONGEST_PAGE)
    parts: list[str | None] = _TOKEN.split(text)
    if len(parts) > 5 * MOST_TAGS:
        raise over(page_id, f"{len(parts) // 5:,} tags", MOST_TAGS)
    tokens = _columns(parts)
    return _columns(_follow(text, page_id)) if _needs_nesting(tokens) else tokens


def _columns(parts: list[str | None]) -> Tokens:
    texts: list[str] = parts[0::5]  # type: ignore[assignment]
    marks: list[str] = parts[1::5]  # type: ignore[assignment]
    sizes = map(add, map(len, texts), map(len, marks))
    return Tokens(texts, marks, parts[3::5], parts[4::5], list(accumulate(sizes, initial=0)))


def _needs_nesting(tokens: Tokens) -> bool:
    """Whether what is text and what is a tag depends on the nesting, so that the plain pass may be wrong."""
    if any("<!--" in raw and "<script" in raw.lower() for raw in filter(None, tokens.raws)):
        return True
    written = {name: name.lower() for name in set(tokens.names) if name}
    present = set(written.values())
    if "plaintext" in present:
        return True
    if not present & {"svg", "math"}:
        return False
    steps = {name: lower for name, lower in written.items() if lower in _FOREIGN}
    inside = {"svg": 0, "math": 0}
    for at, name in enumerate(tokens.names):
        if name in steps:
            kind = steps[name].lstrip("/")
            if name[0] == "/":
                inside[kind] = max(0, inside[kind] - 1)
            elif not tokens.marks[at].endswith("/>"):
                inside[kind] += 1
        elif inside["svg"] or inside["math"]:
            raw = tokens.raws[at]
            if raw is not None and ("<" in raw or tokens.marks[at].endswith("/>")):
                return True
            if name is None and tokens.marks[at].startswith("<![CDATA["):
                return True
    return False


def _follow(text: str, page_id: str) -> list[str | None]:
    """Return the same parts as `_TOKEN.split`, following foreign content, `<plaintext>` and escaped scripts."""
    parts: list[str | None] = []
    nesting = _Nesting()
    closes: dict[str, int] = {}  # where the next end tag of a raw element is, so that no stretch is searched twice
    run = at = 0
    while (low := text.find("<", at)) >= 0:
        if nesting.foreign and text.startswith("<![CDATA[", low):
            end = text.find("]]>", low + 9)
            end = len(text) if end < 0 else end
            parts += (text[run:low], "<![CDATA[", None, None, None)
            parts += (text[low + 9 : end], text[end : end + 3], None, None, None)
            run = at = min(len(text), end + 3)
            continue
        markup = _MARKUP.match(text, low)
        if markup is None:
            at = low + 1
            continue
        at = markup.end()
        raw = None
        name = markup.group(1)
        if name is not None:
            tag = name.lower()
            if tag[0] == "/":
                nesting.close(tag[1:])
            elif nesting.open(tag, markup.group()):
                pass
            elif tag == "plaintext":
                raw = text[at:]
            elif tag in RAW:
                raw = text[at : _raw_end(text, tag, at, closes)]
        parts += (text[run:low], markup.group() + (raw or ""), None, name, raw)
        run = at = at + len(raw or "")
        if len(parts) > 5 * MOST_TAGS:
            raise over(page_id, f"{len(parts) // 5:,} tags", MOST_TAGS)
    parts.append(text[run:])
    return parts


class _Nesting:
    """How deep the scan is in `<svg>` and `<math>`, by the rules of 13.2.6.5 as far as the tokenizer needs them."""

    __slots__ = ("around", "foreign", "stack")

    def __init__(self) -> None:
        self.stack: list[tuple[str, bool]] = []
        """Open foreign elements; true where HTML begins again inside."""
        self.foreign = False
        self.around: dict[str, int] = {}
        """HTML elements that are open outside of foreign content: the end of one ends what stands in it."""

    def open(self, tag: str, markup: str) -> bool:
        """Take a start tag; whether it is a foreign element, so that no raw text follows."""
        if not self.foreign and tag not in {"svg", "math"}:
            if not self.stack and (tag not in _OF_TABLES or self.around.get("table")):
                self.around[tag] = self.around.get(tag, 0) + 1
            return False
        if self.foreign and (tag in _BREAKS_OUT or (tag == "font" and re.search(r"(?i)\s(?:color|face|size)", markup))):
            while self.stack and not self.stack[-1][1]:
                self.stack.pop()
            self.foreign = False
            return False
        if not markup.endswith("/>"):
            mathematical = tag == "math" or any(name == "math" for name, _ in self.stack[-4:])
            html = (tag in _HTML_IN_MATH) if mathematical else (tag in _HTML_IN_SVG)
            html = html or (tag == "annotation-xml" and "html" in markup.lower())
            self.stack.append((tag, html))
            self.foreign = not html
        return True

    def close(self, tag: str) -> None:
        """Take an end tag."""
        if not self.stack:
            self.around[tag] = max(0, self.around.get(tag, 0) - 1)
            return
        if self.foreign and tag in {"p", "br"}:
            while self.stack and not self.stack[-1][1]:
                self.stack.pop()
        elif any(name == tag for name, _ in self.stack[-64:]):
            while self.stack.pop()[0] != tag:
                pass
        elif self.around.get(tag) and not any(html for _, html in self.stack):
            self.stack.clear()
            self.around[tag] -= 1
        self.foreign = bool(self.stack) and not self.stack[-1][1]


def _raw_end(text: str, tag: str, start: int, closes: dict[str, int]) -> int:
    """Return where the raw text from `start` on ends: at its end tag, or with the page."""
    if closes.get(tag, -1) < start:
        close = _RAW_CLOSE[tag].search(text, start)
        closes[tag] = close.start() if close else len(text)
    if tag != "script" or text.find("<!--", start, closes[tag]) < 0:
        return closes[tag]
    # Script data double escaped (13.2.5.15 on): inside <!-- -->, a pair of script tags does not end the element.
    escaped = doubled = False
    for turn in _SCRIPT_TURN.finditer(text, start):
        found = turn.group()
        if found == "-->":
            escaped = doubled = False
        elif found[:2] == "<!":
            escaped = escaped or not found.endswith(">")
        elif not turn.group(1):
            doubled = doubled or escaped
        elif doubled:
            doubled = False
        else:
            return turn.start()
    return len(text)
