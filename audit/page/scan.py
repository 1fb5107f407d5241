"""One linear pass over the source: start tags, end tags, comments and text runs, with their places.

Follows the tokenizer of the HTML Living Standard (section 13.2.5) as far as places need it: what is a tag, where it
ends, which elements hold raw text. What the tags mean for each other is the tree builder's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.page.limits import MOST_TAGS, over

_ATTRIBUTES = r"(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+)|(?!\s*+=)))*+"
_TOKEN = re.compile(
    rf"<(?:"
    rf"([A-Za-z][^\s/>]*+)({_ATTRIBUTES})>"  # 1 start tag, 2 its attributes
    rf"|/([A-Za-z][^\s/>]*+){_ATTRIBUTES}>"  # 3 end tag
    r"|(!--)"  # 4 comment
    r"|(/?[A-Za-z])"  # 5 a tag that never ends: the rest of the page is lost to it
    r"|([!?]|/(?!\Z))"  # 6 doctype, processing instruction, `</3`: a bogus comment up to the next >
    r")"
)
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT_TURN = re.compile(r"<(/?)[sS][cC][rR][iI][pP][tT](?=[\s/>])|<!--(?!-?>)|-->")

RAW = {
    name: re.compile(r"</" + "".join(f"[{c}{c.upper()}]" for c in name) + r"(?=[\s/>])")
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}
_FOREIGN = frozenset({"svg", "math"})


@dataclass(frozen=True, slots=True)
class Tags:
    """What the scan found; numbers in the skeleton are indices of these lists."""

    skeleton: str
    """The page with every start tag, text run, comment and end tag replaced by its number; see `audit.page.html`."""
    names: list[str]
    opens: list[tuple[int, int]]
    """Place of each start tag."""
    runs: list[tuple[int, int]]
    """Place of each run of text that holds more than white."""
    whites: list[tuple[int, int] | None]
    """The last run of white between the run before and this one, if there is any."""
    comments: list[tuple[int, int]]
    ends: list[tuple[int, int]]
    end_names: list[str]
    raw: dict[int, tuple[int, int]]
    """Content of the elements that hold raw text, by the number of their start tag."""
    raw_ends: dict[int, int]
    """Where those elements end, end tag included."""


def scan(text: str, page_id: str) -> Tags:  # noqa: C901, PLR0912, PLR0915 -- one loop over the kinds of token, hot
    """Return the tokens of a page and its skeleton.

    Raises:
        PageError: More tags than the bound.
    """
    out: list[str] = []
    put = out.append
    names: list[str] = []
    opens: list[tuple[int, int]] = []
    runs: list[tuple[int, int]] = []
    comments: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    end_names: list[str] = []
    whites: list[tuple[int, int] | None] = []
    white: tuple[int, int] | None = None
    raw: dict[int, tuple[int, int]] = {}
    raw_ends: dict[int, int] = {}
    foreign = 0
    position = 0  # where the text run that is being read began
    at = 0
    size = len(text)

    def run(start: int, end: int) -> None:
        nonlocal white
        if text[start:end].isspace():
            put(" ")
            white = (start, end)
        else:
            put(f"{len(runs)};")
            runs.append((start, end))
            whites.append(white)
            white = None

    searching = True
    while searching:
        searching = False
        for token in _TOKEN.finditer(text, at):
            start = token.start()
            kind = token.lastindex
            if kind == 5:
                if position < start:
                    run(position, start)
                position = size
                break
            if position < start:
                run(position, start)
            position = token.end()
            if kind == 2:
                name = token.group(1).lower()
                number = len(opens)
                opens.append((start, position))
                names.append(name)
                closing = text[position - 2] == "/" and foreign > 0
                extra = " type=hidden" if name == "input" and "hidden" in token.group(2).lower() else ""
                put(f"<{name} n={number}{extra}{' /' if closing else ''}>" if _plain(name) else f"<x- n={number}>")
                if name in _FOREIGN and not closing:
                    foreign += 1
                elif name in RAW and not foreign:
                    stop = _raw_end(text, name, position)
                    raw[number] = (position, stop)
                    if name not in {"script", "style"} and position < stop:
                        run(position, stop)
                    put(f"</{name}>")
                    at = text.find(">", stop) + 1 or size
                    raw_ends[number] = at
                    position = at
                    searching = True
                    break
                elif name == "plaintext":
                    run(position, size)
                    position = size
                    break
            elif kind == 3:
                name = token.group(3).lower()
                if name in _FOREIGN and foreign:
                    foreign -= 1
                if _plain(name):
                    put(f"<!--e{len(ends)}--></{name}>")
                    ends.append((start, position))
                    end_names.append(name)
            elif kind == 4:
                if text.startswith((">", "->"), position):
                    stop, at = position, position + (1 if text[position] == ">" else 2)
                else:
                    close = _COMMENT_END.search(text, position)
                    stop, at = close.span() if close else (size, size)
                put(f"<!--c{len(comments)}-->")
                comments.append((position, stop))
                position = at
                searching = True
                break
            else:  # bogus comment
                if foreign and text.startswith("<![CDATA[", start):
                    stop = text.find("]]>", start)
                    stop = size if stop < 0 else stop
                    if start + 9 < stop:
                        run(start + 9, stop)
                    at = min(size, stop + 3)
                else:
                    at = text.find(">", position) + 1 or size
                    doctype = text[start:at]
                    if doctype[:9].lower() == "<!doctype":
                        put(doctype)
                    elif doctype != "</>":
                        put(f"<!--c{len(comments)}-->")
                        comments.append((position, max(position, at - 1)))
                position = at
                searching = True
                break
        if len(opens) + len(ends) > MOST_TAGS:
            raise over(page_id, f"{len(opens) + len(ends):,} tags", MOST_TAGS)
    if position < size:
        run(position, size)
    return Tags("".join(out), names, opens, runs, whites, comments, ends, end_names, raw, raw_ends)


def _plain(name: str) -> bool:
    """Whether a tag name can stand in the skeleton as it is."""
    return name.isascii() and name.replace("-", "").replace(":", "").isalnum()


def _raw_end(text: str, name: str, start: int) -> int:
    """Return where the raw text of an element ends: at its end tag, or with the page."""
    close = RAW[name].search(text, start)
    end = close.start() if close else len(text)
    if name != "script":
        return end
    if text.find("<!--", start, end) < 0:
        return end
    # Script data double escaped: inside <!-- -->, a <script> … </script> pair does not end the element.
    escaped = doubled = False
    for turn in _SCRIPT_TURN.finditer(text, start):
        match turn.group(1), turn.group():
            case None, "-->":
                escaped = doubled = False
            case None, _:
                escaped = True
            case "", _:
                doubled = escaped
            case _ if doubled:
                doubled = False
            case _:
                return turn.start()
    return len(text)
