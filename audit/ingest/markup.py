"""A gentle, streaming reader of XML that knows where everything stands in the file.

It declares nothing, expands nothing but the five named references and the numeric ones, fetches nothing, and goes on
behind what is not well-formed: exports hold control characters and half references that stop real parsers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from audit.ingest.charset import BYTE_FOR_BYTE
from audit.ingest.streams import Binary
from audit.text.span import Span

_TAG = re.compile(rb"<(/?)([A-Za-z_:][^\s/<>]*)[^<>]*>")
"""Stops at the next angle bracket, come what may, so that half tags cost no more than whole ones."""
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CHUNK = 1 << 16
_LONGEST_TAG = 1 << 16
"""Bytes; what looks like a longer one is text."""
_SECTIONS = ((b"<![CDATA[", b"]]>", "cdata"), (b"<!--", b"-->", ""), (b"<?", b"?>", ""))

Kind = Literal["open", "close", "text", "cdata"]


class Token(msgspec.Struct, frozen=True, gc=False):
    """A tag, a run of text or the content of a CDATA section; a long one comes in pieces."""

    kind: Kind
    value: bytes
    """Name of a tag; else the content."""
    start: int
    """Where the content, or the tag's `<`, stands in the file, in bytes."""
    end: int
    empty: bool = False
    """Whether the tag closes itself."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """Some bytes of a field, where they stand, and whether references in them are resolved."""

    start: int
    raw: bytes
    plain: bool

    def text(self) -> str:
        """Return what a reader gets."""
        text = self.raw.decode("utf-8", BYTE_FOR_BYTE)
        return text if self.plain else _REFERENCE.sub(_resolved, text)


class Field(msgspec.Struct, frozen=True):
    """The content of an element of a record."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The content, decoded; white space between CDATA sections is none of it."""
        return "".join(piece.text() for piece in self._real())

    def places(self, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Return where spans of the text stand in the file, in bytes: half-open, in order, none across a boundary.

        A character reference is whole or absent. Cutting these bytes from the file cuts the spans from the field,
        as long as what comes together does not read `]]>`.
        """
        found: list[tuple[int, int]] = []
        base = 0
        for piece in self._real():
            atoms = list(_atoms(piece))
            begins, ends = [base + atom[0] for atom in atoms], [base + atom[1] for atom in atoms]
            for span in spans:
                first, last = bisect_left(begins, span.start), bisect_right(ends, span.end)
                if first < last:
                    found.append((atoms[first][2], atoms[last - 1][3]))
            base = ends[-1] if ends else base
        return sorted(found)

    def _real(self) -> Iterator[Piece]:
        sections = any(piece.plain for piece in self.pieces)
        return (piece for piece in self.pieces if piece.plain or not sections or piece.raw.strip())


class Element(msgspec.Struct, frozen=True):
    """A record: an element with its fields, by path below it (`wp:comment/wp:comment_id`), in order."""

    start: int
    end: int
    fields: tuple[tuple[str, Field], ...]
    too_large: bool = False
    whole: bool = True
    """Whether its end tag came."""
    cut_off: bool = False
    """Whether it is no record, but says that the file ended before what holds the records did."""

    def get(self, name: str) -> Field | None:
        """Return the first field of this path."""
        return next((field for path, field in self.fields if path == name), None)

    def text(self, name: str) -> str:
        """Return the text of the first field of this path, stripped; empty if there is none."""
        field = self.get(name)
        return field.text.strip() if field else ""


def tokens(file: Binary, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a file that stands at `start`, in flat memory; comments and instructions are left out."""
    window = _Window(file, start)
    while window.some():
        at = window.buffer.find(b"<", window.at)
        if at == window.at:
            yield from _markup(window)
            continue
        stop = at if at >= 0 else _safe(window.buffer, window.at)
        if stop > window.at:
            yield window.take("text", stop)
        elif not window.more():
            yield window.take("text", len(window.buffer))


def records(
    file: Binary,
    name: str,
    most: int,
    start: int = 0,
    end: int = -1,
    *,
    root: str = "",
    keep: Callable[[str], bool] | None = None,
) -> Iterator[Element]:
    """Yield the elements of a name that begin before `end`; one that begins inside another ends that.

    If the file ends behind one of them and not behind the end tag of the root, a last element says so.

    Args:
        file: Stands at `start`.
        name: Of the elements, without prefix.
        most: Bytes of fields that are kept of an element; of a larger one, none.
        start: Where the file stands, in bytes.
        end: In bytes; -1 for the end of the file.
        root: Element that holds them, without prefix; if not told, its end is not missed.
        keep: Whether the fields of a path are wanted; all if not told.
    """
    builder: _Builder | None = None
    closed, last = False, start
    for token in tokens(file, start):
        if token.kind == "open" and not token.empty and local(token.value) == name:
            if builder is not None:  # no end tag came
                yield builder.element(token.start, whole=False)
            if 0 <= end <= token.start:
                return
            builder = _Builder(token, most, keep)
        elif builder is not None and builder.take(token):
            yield builder.element(token.end, whole=True)
            builder, last = None, token.end
        elif token.kind == "close" and local(token.value) == root:
            closed = True
    if builder is not None:
        yield builder.element(builder.last, whole=False)
    elif root and last > start and not closed:
        yield Element(last, last, (), whole=False, cut_off=True)


def starts(file: Binary, name: str, start: int = 0) -> Iterator[int]:
    """Yield where the elements of a name begin, in bytes."""
    for token in tokens(file, start):
        if token.kind == "open" and not token.empty and local(token.value) == name:
            yield token.start


def local(name: bytes) -> str:
    """Return the name of an element without its prefix, in lower case."""
    return name.rpartition(b":")[2].decode("ascii", "replace").lower()


class _Builder:
    """An element while it is read."""

    def __init__(self, opening: Token, most: int, keep: Callable[[str], bool] | None) -> None:
        self._start, self._name, self._left, self._keep = opening.start, opening.value, most, keep
        self._path: list[bytes] = []
        self._fields: list[tuple[str, list[Piece]]] = []
        self._open: list[list[Piece] | None] = []
        self.last = opening.end

    def take(self, token: Token) -> bool:
        """Add a token; return whether it ends the element."""
        self.last = token.end
        if token.kind == "open":
            if not token.empty:
                self._begin(token.value)
        elif token.kind == "close":
            if token.value == self._name and token.value not in self._path:
                return True
            if token.value in self._path:  # end tags that nothing began are passed over
                while self._path.pop() != token.value:
                    self._open.pop()
                self._open.pop()
        elif self._open and (pieces := self._open[-1]) is not None:
            self._left -= len(token.value)
            if self._left >= 0:
                pieces.append(Piece(token.start, token.value, token.kind == "cdata"))
        return False

    def element(self, end: int, *, whole: bool) -> Element:
        """Return what was read."""
        too_large = self._left < 0
        fields = () if too_large else tuple((path, Field(tuple(pieces))) for path, pieces in self._fields)
        return Element(self._start, end, fields, too_large, whole)

    def _begin(self, name: bytes) -> None:
        if len(self._path) > 50:  # of no format that is read here
            return
        self._path.append(name)
        path = b"/".join(self._path).decode("utf-8", "replace")
        wanted = self._keep is None or self._keep(path)
        pieces: list[Piece] = []
        if wanted:
            self._fields.append((path, pieces))
        self._open.append(pieces if wanted else None)


class _Window:
    """The part of a file that is looked at."""

    def __init__(self, file: Binary, base: int) -> None:
        self._file, self._base = file, base
        self.buffer, self.at = b"", 0

    def some(self) -> bool:
        """Return whether anything is left."""
        return self.at < len(self.buffer) or self.more()

    def more(self) -> bool:
        """Drop what was taken and read on; return whether there was more."""
        data = self._file.read(_CHUNK)
        self._base += self.at
        self.buffer, self.at = self.buffer[self.at :] + data, 0
        return bool(data)

    def take(self, kind: Kind, stop: int, skip: int = 0) -> Token:
        """Return the content up to a place in the buffer as a token, and go on `skip` bytes behind it."""
        start = self._base + self.at
        token = Token(kind, self.buffer[self.at : stop], start, self._base + stop)
        self.at = stop + skip
        return token

    def tag(self, match: re.Match[bytes]) -> Token:
        """Return a tag as a token."""
        kind: Kind = "close" if match[1] else "open"
        empty = kind == "open" and match[0].endswith(b"/>")
        token = Token(kind, match[2], self._base + match.start(), self._base + match.end(), empty)
        self.at = match.end()
        return token


def _markup(window: _Window) -> Iterator[Token]:
    """Yield what begins with the `<` at which the window stands."""
    while len(window.buffer) - window.at < 16 and window.more():
        pass
    for opening, closing, kind in _SECTIONS:
        if window.buffer.startswith(opening, window.at):
            window.at += len(opening)
            yield from _section(window, closing, wanted=bool(kind))
            return
    while (match := _TAG.match(window.buffer, window.at)) is None:
        if len(window.buffer) - window.at > _LONGEST_TAG or not window.more():
            yield window.take("text", window.at + 1)
            return
    yield window.tag(match)


def _section(window: _Window, closing: bytes, *, wanted: bool) -> Iterator[Token]:
    """Yield the content up to the closing sign in pieces of bounded length."""
    while True:
        stop = window.buffer.find(closing, window.at)
        if stop >= 0:
            token = window.take("cdata", stop, len(closing))
            if wanted:
                yield token
            return
        safe = _whole_characters(window.buffer, max(window.at, len(window.buffer) - len(closing)))
        if safe - window.at >= _CHUNK * 16:
            token = window.take("cdata", safe)
            if wanted:
                yield token
        if not window.more():
            token = window.take("cdata", len(window.buffer))
            if wanted and token.value:
                yield token
            return


def _safe(buffer: bytes, least: int) -> int:
    """Return the last place of a buffer, from `least` on, that cuts no reference and no character."""
    reference = buffer.rfind(b"&", max(least, len(buffer) - 12))
    return reference if reference >= 0 else _whole_characters(buffer, len(buffer))


def _whole_characters(buffer: bytes, at: int) -> int:
    """Return the place, or one up to three bytes before it, where no character of UTF-8 is cut."""
    for back in range(1, min(3, at) + 1):
        byte = buffer[at - back]
        if byte >= 0xC0:
            return at - back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else at
        if byte < 0x80:
            break
    return at


def _resolved(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2] or match[3], 10 if match[2] else 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _atoms(piece: Piece) -> Iterator[tuple[int, int, int, int]]:
    """Yield what is cut as a whole: start and end in the text of the piece, start and end in the file."""
    text = piece.raw.decode("utf-8", BYTE_FOR_BYTE)
    widths = [1] * len(text) if len(text) == len(piece.raw) else list(_widths(piece.raw))
    at = place = 0
    byte = piece.start
    for match in _REFERENCE.finditer(text) if not piece.plain else ():
        for width in widths[place : match.start()]:
            yield at, at + 1, byte, byte + width
            at, byte = at + 1, byte + width
        length = len(_resolved(match))
        width = sum(widths[match.start() : match.end()])
        yield at, at + length, byte, byte + width
        at, byte, place = at + length, byte + width, match.end()
    for width in widths[place:]:
        yield at, at + 1, byte, byte + width
        at, byte = at + 1, byte + width


def _widths(raw: bytes) -> Iterator[int]:
    """Yield how many bytes each code point of the decoded bytes has."""
    at = 0
    while at < len(raw):
        first = raw[at]
        width = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        try:
            raw[at : at + width].decode("utf-8")
        except UnicodeDecodeError:
            width = 1
        yield width
        at += width
