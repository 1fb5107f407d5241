"""The tree of a page, by a real HTML5 tree builder, joined exactly to the source.

A *skeleton* of the page goes to the builder: each start tag keeps its name and one attribute, its number; each text
run is only its number, white runs a blank. The builder's output is well nested, so one pass with a stack tells of
every number what it stands in. Nothing is searched for, and nothing can drift: the numbers are the join.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from audit.page.limits import DEEPEST, MOST_REOPENED, over
from audit.page.scan import WHITE, Tokens

OPEN, CLOSE, TEXT, COMMENT, BREAK = range(5)
"""Kinds of event; an event is `8 * number + kind`. A break is an element that the source does not hold (`</p>`)."""

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
_FORMATTING = frozenset("b big code em font i s small strike strong tt u".split())
"""Elements that the builder opens again, and of which it keeps three alike at most (13.2.4.3)."""
_CLOSES_ALIKE = frozenset("dd dt li option optgroup p tbody td tfoot th thead tr".split())
"""Elements whose end tag may be missing: one closes its brother before it."""

_NODE = re.compile(
    r'<(?:(/?)([a-zA-Z][^ />]*+)(?: d="(\d+)")?[^>]*+>(?:<!--(\d+)-->)?'  # 1 slash, 2 name, 3 number, 4 comment behind it
    r"|!--(\d+)-->)|(\d+);"
)
_NAME = re.compile(r"/?[a-z][a-z0-9]*(?:[:-][a-z0-9]+)*", re.ASCII)
_WHITE = re.compile(
    r"(?:[\t\n\f\r \0]|&(?:#(?:0*(?:9|10|12|13|32)|[xX]0*(?:9|[aA]|[cC]|[dD]|20))(?![0-9a-fA-F]);?|Tab;|NewLine;))*"
)
_STEERS = {
    "input": re.compile(r"(?i)[\s/\"']type\s*=\s*[\"']?\s*hidden"),
    "annotation-xml": re.compile(r"(?i)text/html|application/xhtml\+xml"),
    "font": re.compile(r"(?i)[\s/\"'](?:color|face|size)"),
}
"""Attributes that the builder decides by."""
_STEER = {"input": " type=hidden", "annotation-xml": " encoding=text/html", "font": " size=1"}


class Tree(NamedTuple):
    """Elements in page order, and what happens in order of the tree."""

    tokens: list[int]
    """Of each element, the number of its start tag."""
    parents: list[int]
    """Of each element, the element round it; -1 for none."""
    ends: list[int]
    """Of each element, where it ends in the page."""
    events: list[int]
    """Opening and closing of elements (numbers of elements), comments (numbers of tokens) and text: twice the number
    of a text run, or twice the number of a token, plus one, for the raw text at its end. An element that the builder opens again, as misnested formatting is, opens and closes more than once."""
    names: list[str]
    """Of each token that is a start tag, its name in lower case; otherwise empty."""


def build(tokens: Tokens, page_id: str) -> Tree:
    """Return the tree of a page.

    Raises:
        PageError: Elements stand deeper, or are opened again more often, than the bound.
    """
    skeleton, names, clean = _skeleton(tokens)
    _bound(clean, page_id)
    nodes = _NODE.findall(LexborHTMLParser(skeleton).html or "")
    return _walk(nodes, tokens, names, clean)


def _skeleton(tokens: Tokens) -> tuple[str, list[str], list[str]]:
    """Return the skeleton; the name of each start tag; the name of each tag, `/` before an end tag's."""
    out: list[str] = []
    put = out.append
    names: list[str] = []
    clean: list[str] = []
    seen: dict[str, str] = {}  # names as written to names as the skeleton has them
    first: dict[str, int] = {}  # formatting tags to the first of their like
    texts, marks, raws = tokens.texts, tokens.marks, tokens.raws
    for number, written in enumerate(tokens.names):
        text = texts[number]
        if text:
            put(f"{2 * number};" if text.strip(WHITE) and not _is_white(text) else " ")
        if written is None:
            names.append("")
            clean.append("")
            mark = marks[number]
            if mark.startswith("<!--"):
                put(f"<!--{number}-->")
            elif mark[:9].lower() == "<!doctype":
                put(mark if mark.isascii() else "<!doctype html>")
            elif mark[1:2] in "!?/" and mark != "</>" and not (mark[1] == "/" and mark[2:3].isalpha()):
                put(f"<!--{number}-->")
            continue
        name = seen.get(written) or seen.setdefault(written, _safe(written, seen))
        clean.append(name)
        if name[0] == "/":
            names.append("")
            put(f"<{name}>")
            continue
        names.append(name)
        if name in _FORMATTING:
            like = first.setdefault(marks[number], number)
            steer = _STEER["font"] if name == "font" and _STEERS["font"].search(marks[number]) else ""
            put(f"<{name} d={like}{steer}><!--{number}-->")
        elif name in _STEERS and _STEERS[name].search(marks[number]):
            put(f"<{name} d={number}{_STEER[name]}>")
        elif raws[number] is not None:
            put(f"<{name} d={number}>{2 * number + 1};" if raws[number] else f"<{name} d={number}>")
        elif marks[number].endswith("/>"):
            put(f"<{name} d={number} />")
        else:
            put(f"<{name} d={number}>")
    text = texts[-1]
    if text:
        put(f"{2 * len(texts) - 2};" if text.strip(WHITE) and not _is_white(text) else " ")
    return "".join(out), names, clean


def _is_white(text: str) -> bool:
    """Whether a text that is not plainly white is so to the builder: references to blanks, null characters."""
    return text[0] in "&\0\t\n\f\r " and ("&" in text or "\0" in text) and _WHITE.fullmatch(text) is not None


def _safe(written: str, seen: dict[str, str]) -> str:
    """Return a tag name that can stand in the skeleton; one that HTML does not know for one that cannot."""
    name = written.lower() if written.isascii() else written
    if _NAME.fullmatch(name):
        return name
    other = seen.get(name.lstrip("/"))
    if other is None:
        other = seen[name.lstrip("/")] = f"x-{len(seen)}"
    return f"/{other}" if name[0] == "/" else other


def _bound(names: list[str], page_id: str) -> None:
    """Refuse what would make the tree builder slow.

    Raises:
        PageError: Too deep, or formatting elements that would be opened again too often.
    """
    steps = {name: 0 if not name or name in VOID else -1 if name[0] == "/" else 1 for name in set(names)}
    if len(names) > DEEPEST and max(accumulate(map(steps.__getitem__, names)), default=0) > DEEPEST:
        depth = _depth(names)
        if depth > DEEPEST:
            raise over(page_id, "elements are nested too deeply", DEEPEST)
    marks = {
        name: steps[name] if name.lstrip("/") in _FORMATTING or name in {"a", "/a", "nobr", "/nobr"} else 0
        for name in steps
    }
    unclosed = most = 0
    for step in map(marks.__getitem__, names):
        if step:
            unclosed = max(0, unclosed + step)
            most = max(most, unclosed)
    if most * len(names) > MOST_REOPENED and most > 16:
        raise over(page_id, f"{most:,} formatting elements left open among {len(names):,} tags", MOST_REOPENED)


def _depth(names: list[str]) -> int:
    """Return how many elements are open at once, from above."""
    stack: list[str] = []
    counts: dict[str, int] = {}
    deepest = 0
    for name in names:
        if not name or name in VOID:
            continue
        if name[0] == "/":
            if counts.get(name[1:], 0):
                while stack:
                    top = stack.pop()
                    counts[top] -= 1
                    if top == name[1:]:
                        break
        else:
            if name in _CLOSES_ALIKE and stack and stack[-1] == name:
                continue
            stack.append(name)
            counts[name] = counts.get(name, 0) + 1
            deepest = max(deepest, len(stack))
    return deepest


def _walk(  # noqa: C901, PLR0912, PLR0915 -- one loop over the builder's output, hot
    nodes: list[tuple[str, str, str, str, str, str]], tokens: Tokens, names: list[str], clean: list[str]
) -> Tree:
    texts, starts = tokens.texts, tokens.starts
    events: list[int] = []
    put = events.append
    of_token: dict[int, int] = {}
    numbers: list[int] = []
    parents: list[int] = []
    ends: list[int] = []
    stack: list[tuple[int, int]] = []  # open elements, -1 for one that the source does not hold; what was open before
    still_open: dict[str, int] = {}
    here = -1
    cursor = -1  # the last piece of markup that the walk has come by
    run = -1  # the last text run
    edge = 0  # where the last thing that it has come by ends in the page
    count = len(clean)
    for closing, name, own, behind, alone, text in nodes:
        comment = behind or alone
        if text:
            number = int(text)
            put(number * 8 + TEXT)
            if number > 2 * cursor + 1:
                run = number >> 1
                cursor = run - 1
                edge = starts[run] + len(texts[run])
            continue
        if closing:
            if not stack or name in VOID:  # in <svg>, these are written with an end tag
                continue
            element, here = stack.pop()
            if element < 0:
                continue
            put(element * 8 + CLOSE)
            tag = names[numbers[element]]
            still_open[tag] -= 1
            if ends[element] < 0:
                # The end tag is the next of that name, unless something else comes first, or the end tag of an
                # element that is open still. End tags of nothing are passed by.
                wanted = "/" + tag
                cursor += 1
                while cursor < count:
                    other = clean[cursor]
                    if (
                        (cursor > run and texts[cursor] and texts[cursor].strip(WHITE))
                        or other == wanted
                        or not other
                        or other[0] != "/"
                        or still_open.get(other[1:])
                    ):
                        break
                    cursor += 1
                if cursor < count and clean[cursor] == wanted and (cursor <= run or not texts[cursor].strip(WHITE)):
                    edge = starts[cursor + 1]
                else:
                    cursor -= 1
                ends[element] = edge
        elif name:
            if not own:
                if name in ("p", "br"):
                    put(BREAK)
                if name not in VOID:
                    stack.append((-1, here))
            else:
                token = int(own)
                if comment and name in _FORMATTING and names[int(comment)]:
                    token = int(comment)
                element = of_token.get(token, -1)
                if element < 0:
                    element = of_token[token] = len(numbers)
                    numbers.append(token)
                    parents.append(here)
                    ends.append(-1)
                if token > cursor:
                    cursor = token
                    edge = starts[token + 1]
                put(element * 8 + OPEN)
                if name in VOID:
                    ends[element] = starts[token + 1]
                else:
                    tag = names[token]
                    still_open[tag] = still_open.get(tag, 0) + 1
                    stack.append((element, here))
                    here = element
        if comment:
            number = int(comment)
            if not names[number]:
                put(number * 8 + COMMENT)
                if number > cursor:
                    cursor = number
                    edge = starts[number + 1]
    for element, end in enumerate(ends):
        if end < 0:
            ends[element] = edge
    return Tree(numbers, parents, ends, events, names)
