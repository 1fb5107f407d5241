"""A file less the injected spam of its pages: every byte outside a cut as it was."""

from __future__ import annotations

import io
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from audit.batch.shard import one_report
from audit.errors import HandlesError, InputError, PageError
from audit.ingest import Item, Options, PageFailure, byte_cuts, decode, read, recognised
from audit.ingest.records import parsed, text_field
from audit.ingest.streams import beginning
from audit.ingest.wordpress import entries
from audit.ingest.xmlforms import HEAD, root_of
from audit.model import Page, PageReport
from audit.rules.load import RuleSet
from audit.text.span import Span, subtract, without

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]', re.DOTALL)
_CODE_POINT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
"""What stands for one code point in a string of JSON."""
_WRITTEN_BACK = frozenset({"html", "text", "markdown", "unknown", "one page", "records"})
_CONTEXT = 3
"""Lines round a change, in a diff."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """Lines that differ: a half-open range of the old ones, from 0, and how many lines stand there instead."""

    start: int
    end: int
    lines: int


class Cleaned(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file."""

    before: bytes
    after: bytes | None
    """None if the file could not be read or written back as a whole."""
    characters: int = 0
    """Code points cut."""
    changes: tuple[Change, ...] = ()
    """In lines of `before` and `after`, or of their text in an encoding that has lines of its own."""
    encoding: str = "utf-8"
    problems: tuple[str, ...] = ()
    """Of pages that were left alone because they could not be read."""


Reading = Callable[[Page | PageFailure], PageReport]
"""Gives the report of a page."""


def clean(item: Item, options: Options, rules: RuleSet, report_of: Reading | None = None) -> Cleaned:
    """Return the file as it is and as it should be; what cannot be read at all is a problem of its own.

    Args:
        item: The file.
        options: How it is read.
        rules: What its pages are held to.
        report_of: Gives their reports where they were audited with others; else each is audited by itself.

    Raises:
        HandlesError: There are no more file handles.
    """
    try:
        return _cleaned(item, options, report_of or (lambda got: one_report(got, rules)))
    except (InputError, PageError) as error:
        return Cleaned(before=b"", after=None, problems=(str(error),))
    except OSError as error:
        HandlesError.check(item.label, error)
        what = f"{item.label}: cannot be read: {error.strerror}\n  check that it is there, and its permissions"
        return Cleaned(before=b"", after=None, problems=(what,))


def _cleaned(item: Item, options: Options, report_of: Reading) -> Cleaned:
    item = recognised(item, options)
    if item.reader == "xml" and not item.problem[0] and root_of(beginning(item, HEAD), item.label) == "rss":
        return _export(item, options, report_of)
    if item.reader not in _WRITTEN_BACK:
        what = (
            f"{item.label}: {item.reader} cannot be written back\n  unpack or convert it to JSON Lines (.jsonl) first"
        )
        return Cleaned(before=b"", after=None, problems=(what,))
    if item.reader == "records":
        return _records(item, options, report_of)
    pages = list(read(item, options))
    report = report_of(pages[0])
    raw = Path(item.path).read_bytes() if not item.problem[0] else b""
    if not isinstance(pages[0], Page) or report.status == "failed":
        return Cleaned(before=raw, after=None, problems=(str(report.error),))
    page = pages[0]
    cuts = _spans(report)
    return Cleaned(
        before=raw,
        after=byte_cuts(raw, page.encoding, cuts) if cuts else raw,
        characters=sum(map(len, cuts)),
        changes=_changes(page.text, cuts),
        encoding=page.encoding,
    )


def diff(cleaned: Cleaned, name: str) -> Iterator[bytes]:
    """Yield the lines of a unified diff, each with its line feed; nothing if nothing changed.

    It can be applied as a patch; UTF-16, whose line ends are no line feeds of bytes, is shown as UTF-8.
    """
    if not cleaned.changes or cleaned.after is None:
        return
    old, new = cleaned.before, cleaned.after
    if cleaned.encoding.startswith("utf-16"):
        old, new = (decode(raw).text.encode() for raw in (old, new))
    before, after = _lines(old), _lines(new)
    yield f"--- a/{name}\n+++ b/{name}\n".encode()
    shift = 0
    for group in _groups(cleaned.changes):
        first = max(0, group[0].start - _CONTEXT)
        last = min(len(before), group[-1].end + _CONTEXT)
        grown = sum(change.lines - (change.end - change.start) for change in group)
        yield f"@@ -{_range(first, last - first)} +{_range(first + shift, last - first + grown)} @@\n".encode()
        at = first
        for change in group:
            yield from _shown(b" ", before[at : change.start])
            yield from _shown(b"-", before[change.start : change.end])
            yield from _shown(b"+", after[change.start + shift : change.start + shift + change.lines])
            shift += change.lines - (change.end - change.start)
            at = change.end
        yield from _shown(b" ", before[at:last])


def _records(item: Item, options: Options, report_of: Reading) -> Cleaned:
    raw = Path(item.path).read_bytes()
    after: list[bytes] = []
    problems: list[str] = []
    changes: list[Change] = []
    characters = offset = 0
    for number, line in enumerate(_lines(raw)):
        part = msgspec.structs.replace(item, start=offset, end=offset + len(line), line=number + 1)
        offset += len(line)
        for got in read(part, options):
            report = report_of(got)
            if report.status == "failed":
                problems.append(str(report.error))
            elif report.cuts:
                cuts = _spans(report)
                characters += sum(map(len, cuts))
                changes.append(Change(number, number + 1, 1))
                line = _cut_field(line, options, cuts)  # noqa: PLW2901
        after.append(line)
    return Cleaned(
        before=raw,
        after=b"".join(after),
        characters=characters,
        changes=tuple(changes),
        problems=tuple(problems),
    )


def _export(item: Item, options: Options, report_of: Reading) -> Cleaned:
    """Return a WordPress export whose posts, pages and comments have lost the cuts; it stays well-formed."""
    raw = Path(item.path).read_bytes()
    places: list[Span] = []
    problems: list[str] = []
    characters = 0
    for entry in entries(io.BytesIO(raw), item, options):
        report = report_of(entry.page)
        if report.status == "failed" or entry.field is None:
            problems.append(str(report.error))
        elif report.cuts:
            cuts = _spans(report)
            characters += sum(map(len, cuts))
            places += [Span(start, end) for start, end in entry.field.places(cuts)]
    places.sort()
    return Cleaned(
        before=raw,
        after=_less_bytes(raw, places),
        characters=characters,
        changes=_changes(raw.decode("latin-1"), places),  # a code point for each byte
        problems=tuple(problems),
    )


def _less_bytes(raw: bytes, places: Sequence[Span]) -> bytes:
    """Return the bytes of an XML file less those places; what then would read `]]>` is kept apart."""
    left = bytearray()
    at = 0
    for place in [*places, Span(len(raw), len(raw))]:
        kept = raw[at : place.start]
        at = place.end
        if (left.endswith(b"]]") and kept.startswith(b">")) or (left.endswith(b"]") and kept.startswith(b"]>")):
            inside = left.rfind(b"<![CDATA[") > left.rfind(b"]]>")
            left += b"]]><![CDATA[" if inside else b"<![CDATA[]]>"
        left += kept
    return bytes(left)


def _cut_field(line: bytes, options: Options, cuts: Sequence[Span]) -> bytes:
    """Return a line of JSON Lines whose field has lost the cuts; escapes and blanks stay as they were written."""
    text = line.decode("utf-8", "surrogateescape")
    values = _strings(text)
    field = values[text_field(parsed(line.removeprefix(b"\xef\xbb\xbf")), "", options)]
    starts = [field.start + match.start() for match in _CODE_POINT.finditer(text[field.start : field.end])]
    starts.append(field.end)
    written = [Span(starts[cut.start], starts[cut.end]) for cut in cuts]
    return without(text, written).encode("utf-8", "surrogateescape")


def _strings(text: str) -> dict[str, Span]:
    """Return where the strings of a JSON object stand, quotes left out, by the name of their field."""
    found: dict[str, Span] = {}
    depth, key, after_colon, before = 0, "", False, ""
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif depth == 1 and sign == ":":
            key, after_colon = json.loads(before, strict=False), True
            found.pop(key, None)
        elif depth == 1 and sign == ",":
            after_colon = False
        elif depth == 1 and after_colon:
            found[key] = Span(match.start() + 1, match.end() - 1)
        before = sign
    return found


def _spans(report: PageReport) -> list[Span]:
    return [Span(cut.start, cut.end) for cut in report.cuts]


def _changes(text: str, cuts: Sequence[Span]) -> tuple[Change, ...]:
    """Return the lines that the cuts touch; a cut of whole lines leaves none, one that takes a line end joins two."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    count = len(starts) - (starts[-1] == len(text))
    ranges: list[Span] = []
    for cut in cuts:
        first = bisect_right(starts, cut.start) - 1
        last = bisect_right(starts, cut.end) - 1
        if starts[first] == cut.start and starts[last] == cut.end:  # whole lines
            last -= 1
        last = min(last, count - 1)
        if ranges and first < ranges[-1].end:
            ranges[-1] = Span(ranges[-1].start, max(ranges[-1].end, last + 1))
        else:
            ranges.append(Span(first, last + 1))
    changes: list[Change] = []
    for lines in ranges:
        stretch = Span(starts[lines.start], starts[lines.end] if lines.end < len(starts) else len(text))
        left = "".join(text[kept.start : kept.end] for kept in subtract([stretch], cuts))
        changes.append(Change(lines.start, lines.end, left.count("\n") + bool(left and not left.endswith("\n"))))
    return tuple(changes)


def _groups(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield the changes whose context touches, together."""
    group: list[Change] = []
    for change in changes:
        if group and change.start - group[-1].end > 2 * _CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _range(start: int, length: int) -> str:
    """Return a range as unified diffs count it: from 1, and from the line before if it is empty."""
    return f"{start + bool(length)},{length}"


def _lines(raw: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in raw.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _shown(sign: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
