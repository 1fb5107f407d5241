"""The tree of a page, by a real HTML5 tree builder, joined exactly to the source.

A *skeleton* of the page goes to the builder: each start tag keeps its name and one attribute, its number; each text
run is only its number, white runs a blank. The builder's output is well nested, so one pass with a stack tells of
every number what it stands in. Nothing is searched for, and nothing can drift: the numbers are the join.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from audit.page.limits import DEEPEST, MOST_REOPENED, over
from audit.page.scan import RAW, WHITE, Tokens

OPEN, CLOSE, TEXT, COMMENT, BREAK = range(5)
"""Kinds of event; an event is `8 * number + kind`. A break is an element that the source does not hold (`</p>`)."""

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
_FORMATTING = frozenset("b big code em font i s small strike strong tt u".split())
"""Elements that the builder opens again, and of which it keeps three alike at most (13.2.4.3)."""
_REOPENED = _FORMATTING | {"a", "nobr"}
_FEW = 16
_SPECIAL_BLOCKS = frozenset(
    "article aside blockquote body button center details dialog dd dir dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup li listing main marquee menu nav object ol pre section select summary table tbody td "
    "template tfoot th thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_PARTS_OF_TABLES = frozenset({"tbody", "thead", "tfoot"})
_TABLE = frozenset({"table", "template"})
_IMPLIED: dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]] = {
    "li": ((frozenset({"li"}), _SPECIAL_BLOCKS - {"li"}),),
    **dict.fromkeys(("dd", "dt"), ((frozenset({"dd", "dt"}), _SPECIAL_BLOCKS - {"dd", "dt"}),)),
    **dict.fromkeys(("td", "th"), ((_CELLS, _TABLE | {"tr"}),)),
    "tr": ((frozenset({"tr"}), _TABLE | _PARTS_OF_TABLES), (_CELLS, _TABLE)),
    **dict.fromkeys(("tbody", "thead", "tfoot"), ((_PARTS_OF_TABLES, _TABLE), (frozenset({"tr"}), _TABLE))),
    **dict.fromkeys(("option", "optgroup"), ((frozenset({"option"}), _SPECIAL_BLOCKS),)),
}
"""Of elements whose end tags may be missing: what their start tag closes, and what it does not look beyond."""
_PARAGRAPH = ((frozenset({"p"}), _TABLE | _CELLS | {"button", "caption", "marquee", "object"}),)
_ENDS_PARAGRAPH = (
    (_SPECIAL_BLOCKS | {"p", "div", "address", "search", "xmp"}) - _TABLE - {"button", "object", "marquee"}
)
_NEAR = 64
"""Open elements that an end tag is compared with to tell whether it closes one of them."""

_NODE = re.compile(
    r'<(?:(/?)([a-zA-Z][^ />]*+)(?: d="(\d+)")?[^>]*+>(?:<!--(\d+)-->)?'  # 1 slash, 2 name, 3 number, 4 comment
    r"|!--(\d+)-->)|(\d+);"
)
_HTML = re.compile(r"<!doctype[\t\n\f\r ]*html(?=[\t\n\f\r >])", re.IGNORECASE)
_NAME = re.compile(r"/?[a-z][a-z0-9]*(?:[:-][a-z0-9]+)*", re.ASCII)
_WHITE = re.compile(
    r"(?:[\t\n\f\r \0]"
    r"|&(?:#(?:0*(?:9|10|12|13|32)|[xX]0*(?:9|[aA]|[cC]|[dD]|20))(?![0-9a-fA-F]);?|Tab;|NewLine;))*"
)
"""What is white to the builder: blanks, references to them, and null characters, which it drops."""
_STEERS = {
    "input": re.compile(r"(?i)[\s/\"']type\s*=\s*[\"']?\s*hidden"),
    "annotation-xml": re.compile(r"(?i)text/html|application/xhtml\+xml"),
    "font": re.compile(r"(?i)[\s/\"'](?:color|face|size)"),
}
"""Attributes that the builder decides by."""
_SPECIAL = _FORMATTING | RAW | {"plaintext"} | frozenset(_STEERS)
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
    of a text run, or twice the number of a token, plus one, for the raw text at its end. An element that the builder
    opens again, as misnested formatting is, opens and closes more than once.
    """
    names: list[str]
    """Of each token that is a start tag, its name in lower case; otherwise empty."""


def build(tokens: Tokens, page_id: str) -> Tree:
    """Return the tree of a page.

    Raises:
        PageError: Elements stand deeper, or are opened again more often, than the bound.
    """
    skeleton, names, clean = _skeleton(tokens)
    _bound(clean, tokens.marks, page_id)
    parts: list[str | None] = _NODE.split(LexborHTMLParser(skeleton).html or "")
    nodes = zip(*(parts[group::7] for group in range(1, 7)), strict=True)
    return _walk(nodes, tokens, names, clean)


def _skeleton(tokens: Tokens) -> tuple[str, list[str], list[str]]:
    """Return the skeleton; the name of each start tag; the name of each tag, `/` before an end tag's."""
    out: list[str] = []
    put = out.append
    clean: list[str] = []
    seen: dict[str, str] = {}  # names as written to names as the skeleton has them
    held = _noscripts(tokens.names)
    first: dict[str, int] = {}  # formatting tags to the first of their like
    marks, raws = tokens.marks, tokens.raws
    for number, (text, written) in enumerate(zip(tokens.texts, tokens.names, strict=False)):
        if text:
            put(" " if text.isspace() and not text.strip(WHITE) else _text(number, text))
        if written is None:
            clean.append("")
            put(_other(number, marks[number]))
            continue
        name = seen.get(written) or seen.setdefault(written, _safe(written, seen))
        clean.append(name)
        if number in held:
            name = held[number]
        if name[0] == "/":
            put(f"<{name}>")
        elif name in _SPECIAL:
            mark = marks[number]
            steer = _STEER[name] if name in _STEERS and _STEERS[name].search(mark) else ""
            if name in _FORMATTING:
                put(f"<{name} d={first.setdefault(mark, number)}{steer}><!--{number}-->")
            else:
                closed = " /" if raws[number] is None and mark.endswith("/>") else ""
                put(f"<{name} d={number}{steer}{closed}>{f'{2 * number + 1};' if raws[number] else ''}")
        elif marks[number][-2] == "/":
            put(f"<{name} d={number} />")
        else:
            put(f"<{name} d={number}>")
    text = tokens.texts[-1]
    if text:
        put(" " if text.isspace() and not text.strip(WHITE) else _text(len(marks), text))
    return "".join(out), ["" if name[:1] == "/" else name for name in clean], clean


def _noscripts(names: Sequence[str | None]) -> dict[int, str]:
    """Return the tags of each `<noscript>`, by number, with the names that they have in the skeleton.

    To a browser that runs scripts, what a `<noscript>` holds is one text up to the next end tag. To the builder, which
    runs none, it would end the head or the paragraph that it stands in; a `<template>` holds it in its place.
    """
    found: dict[int, str] = {}
    spellings = {written for written in set(names) if written and written.lower() in {"noscript", "/noscript"}}
    if not spellings:
        return found
    opened = -1
    for number, written in enumerate(names):
        if written in spellings:
            if written[0] != "/":
                opened = number if opened < 0 else opened
            elif opened >= 0:
                found |= {opened: "template", number: "/template"}
                opened = -1
    return found


def _text(number: int, text: str) -> str:
    """Return what stands in the skeleton for a text run that is not plainly white."""
    if ("&" in text or "\0" in text) and _WHITE.fullmatch(text):
        return " "
    return f"{2 * number};"


def _other(number: int, mark: str) -> str:
    """Return what stands in the skeleton for markup that is no tag."""
    if mark[1:2] == "!":
        if mark[:9].lower() == "<!doctype":
            if not _HTML.match(mark):
                return "<!doctype x>"  # any other name does the same, and comes back to `_walk`
            return mark if mark.isascii() else "<!doctype html>"
        return f"<!--{number}-->"
    is_comment = mark[1:2] == "?" or (mark[1:2] == "/" and mark != "</>" and not mark[2:3].isalpha())
    return f"<!--{number}-->" if is_comment else ""


def _safe(written: str, seen: dict[str, str]) -> str:
    """Return a tag name that can stand in the skeleton; one that HTML does not know for one that cannot."""
    name = written.lower() if written.isascii() else written
    if _NAME.fullmatch(name):
        return name
    other = seen.get(name.lstrip("/"))
    if other is None:
        other = seen[name.lstrip("/")] = f"x-{len(seen)}"
    return f"/{other}" if name[0] == "/" else other


def _bound(names: list[str], marks: list[str], page_id: str) -> None:
    """Refuse what would make the tree builder slow.

    Raises:
        PageError: Too deep, or formatting elements that would be opened again too often.
    """
    steps = {name: 0 if not name or name in VOID else -1 if name[0] == "/" else 1 for name in set(names)}
    if len(names) > DEEPEST and max(accumulate(map(steps.__getitem__, names)), default=0) > DEEPEST:
        depth = _depth(names)
        if depth > DEEPEST:
            raise over(page_id, "elements are nested too deeply", DEEPEST)
    formatting = {name: step if name.lstrip("/") in _REOPENED else 0 for name, step in steps.items()}
    sums = list(accumulate(map(formatting.__getitem__, names)))
    most = max(sums, default=0) - min(sums, default=0)  # from above; end tags of nothing count in it
    if most * len(names) > MOST_REOPENED and most > _FEW:
        most = _unclosed(names, marks)
    if most * len(names) > MOST_REOPENED and most > _FEW:
        raise over(page_id, f"{most:,} formatting elements left open among {len(names):,} tags", MOST_REOPENED)


def _unclosed(names: list[str], marks: list[str]) -> int:
    """Return how many formatting elements wait to be opened again, from above; of those alike, three."""
    waiting: dict[str, list[str]] = {}
    alike: dict[str, int] = {}
    most = unclosed = 0
    for name, mark in zip(names, marks, strict=True):
        if name.lstrip("/") not in _REOPENED:
            continue
        if name[0] != "/":
            if alike.get(mark, 0) < 3:
                alike[mark] = alike.get(mark, 0) + 1
                waiting.setdefault(name, []).append(mark)
                unclosed += 1
                most = max(most, unclosed)
        elif waiting.get(name[1:]):
            alike[waiting[name[1:]].pop()] -= 1
            unclosed -= 1
    return most


def _depth(names: list[str]) -> int:
    """Return how many elements are open at once, or some number over the bound; reopened ones are not counted."""
    stack: list[str] = []
    counts: dict[str, int] = {}
    deepest = 0
    for name in names:
        if not name or name in VOID:
            continue
        if name[0] == "/":
            if counts.get(name[1:], 0):
                _close(stack, counts, len(stack) - 1 - stack[::-1].index(name[1:]))
            continue
        for closes, stops in (*_IMPLIED.get(name, ()), *(_PARAGRAPH if name in _ENDS_PARAGRAPH else ())):
            if any(counts.get(other, 0) for other in closes):
                for at in range(len(stack) - 1, -1, -1):
                    if stack[at] in closes:
                        _close(stack, counts, at)
                        break
                    if stack[at] in stops:
                        break
        stack.append(name)
        counts[name] = counts.get(name, 0) + 1
        deepest = max(deepest, len(stack))
        if deepest > DEEPEST:
            break
    return deepest


def _close(stack: list[str], counts: dict[str, int], at: int) -> None:
    for name in stack[at:]:
        counts[name] -= 1
    del stack[at:]


def _walk(  # noqa: C901, PLR0912, PLR0915 -- one loop over the builder's output, hot
    nodes: Iterable[tuple[str | None, ...]], tokens: Tokens, names: list[str], clean: list[str]
) -> Tree:
    texts, starts = tokens.texts, tokens.starts
    events: list[int] = []
    put = events.append
    of_token: dict[int, int] = {}
    numbers: list[int] = []
    parents: list[int] = []
    ends: list[int] = []
    stack: list[tuple[int, int]] = []  # open elements, -1 for one that the source does not hold; what was open before
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
            if ends[element] < 0:
                wanted = "/" + names[numbers[element]]
                after = cursor + 1
                if after < count and clean[after] == wanted and (after <= run or not texts[after].strip(WHITE)):
                    cursor = after
                    edge = starts[after + 1]
                else:
                    near = [names[numbers[up]] for up, _ in stack[-_NEAR:] if up >= 0]
                    cursor = _past_strays(wanted, cursor, run, texts, clean, near)
                    if cursor > after and clean[cursor] == wanted:
                        edge = starts[cursor + 1]
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
                if token > cursor and not (name in ("html", "body") and _is_late(token, cursor, texts, names)):
                    cursor = token
                    edge = starts[token + 1]
                put(element * 8 + OPEN)
                if name in VOID:
                    ends[element] = starts[token + 1]
                else:
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


def _is_late(token: int, cursor: int, texts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a tag of `<html>` or `<body>` stands behind things that the builder has put into that element already."""
    return any(names[at] or texts[at].strip(WHITE) for at in range(cursor + 1, token)) or bool(
        texts[token].strip(WHITE)
    )


def _past_strays(
    wanted: str, cursor: int, run: int, texts: Sequence[str], clean: Sequence[str], open_names: Sequence[str]
) -> int:
    """Return the end tag that closes an element, or the last of the end tags of nothing before what comes next.

    The end tag is the next of that name, unless something else comes first, or the end tag of an element that is open
    still.
    """
    while cursor + 1 < len(clean):
        after = clean[cursor + 1]
        if (
            not after
            or after[0] != "/"
            or (after != wanted and after[1:] in open_names)
            or (cursor + 1 > run and texts[cursor + 1].strip(WHITE))
        ):
            break
        cursor += 1
        if after == wanted:
            break
    return cursor
