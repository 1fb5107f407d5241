"""A page as the report shows it: its text in stretches, each with the cut and the marks that lie on it.

All arithmetic on offsets is done here, in code points; the browser, which counts otherwise, only joins strings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from audit.model import Article, Block, Claim, Page, PageReport
from audit.page import parse
from audit.text.lines import Lines
from audit.text.mapped import MappedText, identity

MOST_TEXT = 200_000
"""Code points of one page that are shown in full; beyond it, what carries marks and its surroundings."""
_AROUND = 300
"""Code points kept on each side of a mark where a page is too long."""
_UNSEEN = {"meta", "attribute", "markup_comment", "noscript", "template", "data"}
_HEADING = re.compile(r"h([1-6])")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")


class Stretch(msgspec.Struct, frozen=True, array_like=True):
    """Text of one block under the same cut and marks."""

    text: str
    cut: bool = False
    marks: tuple[int, ...] = ()
    """Numbers of the findings, then (counted on) of the claims, that lie on it."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block as it is shown, or what was left out of a page that is too long (`role` is `gap`)."""

    role: str
    text: tuple[Stretch, ...] = ()
    line: int = 0
    level: int = 0
    """Of a heading, 1 to 6."""
    hidden: str = ""
    """Why a reader of the page does not see it."""
    fold: str = ""
    """What it folds into by default: an accordion, a tab; the page shows it on demand."""
    around: str = ""
    """The furniture that it belongs to."""
    name: str = ""
    left_out: int = 0
    """Code points left out."""


class View(msgspec.Struct, frozen=True):
    """The parts of a page in their order, and what of it is not among them."""

    parts: tuple[Part, ...]
    unseen: int
    """Hidden blocks without a mark, not shown."""
    claim_places: tuple[tuple[int, int], ...]
    """Line and column of each claim."""
    title: str
    """Of the article; of plain text its first line."""


def view(page: Page, report: PageReport) -> View:
    """Return the page's text with the cuts and marks of its report laid over it.

    HTML is shown block by block; text and Markdown are shown as they are written, line by line.
    Blocks that a reader does not see are shown where something was found in them, and counted where not.
    """
    lines = Lines(page.text)
    layers = _layers(report)
    unseen = 0
    parts: list[Part] = []
    if page.kind == "html":
        article = parse(page)
        title, shown = article.title, _html(article, layers, lines)
    else:
        title, shown = page.text.lstrip("\ufeff#\r\n\t ").partition("\n")[0], _plain(page.text, layers)
    for part, visible in shown:
        if visible or _marked(part):
            parts.append(part)
        else:
            unseen += 1
    places = tuple(lines.locate(claim.start) for claim in report.claims)
    return View(tuple(_shortened(parts)), unseen, places, title.strip())


def own_marks(report: PageReport) -> tuple[Claim, ...]:
    """Return the claims that get a mark of their own: those that no finding speaks of already."""
    told = {
        (span.start, span.end) for finding in report.findings if finding.category != "spam" for span in finding.spans
    }
    return tuple(claim for claim in report.claims if (claim.start, claim.end) not in told)


class _Layer(msgspec.Struct, frozen=True):
    start: int
    end: int
    cut: bool
    marks: tuple[int, ...]


def _layers(report: PageReport) -> list[_Layer]:
    """Return disjoint stretches of the page, in order, each with all that lies on it."""
    cover: list[tuple[int, int, int]] = [(cut.start, cut.end, -1) for cut in report.cuts]
    cover += ((span.start, span.end, n) for n, finding in enumerate(report.findings) for span in finding.spans)
    cover += ((claim.start, claim.end, n) for n, claim in enumerate(own_marks(report), len(report.findings)))
    events = sorted(
        event for start, end, n in cover if start < end for event in ((start, 1, n), (end, 0, n))
    )  # ends before starts
    active: dict[int, int] = {}
    layers: list[_Layer] = []
    at = 0
    for place, begins, n in events:
        if active and at < place:
            layers.append(_Layer(at, place, -1 in active, tuple(sorted(m for m in active if m >= 0))))
        at = place
        count = active.get(n, 0) + (1 if begins else -1)
        if count:
            active[n] = count
        else:
            active.pop(n, None)
    return layers


def _html(article: Article, layers: Sequence[_Layer], lines: Lines) -> Iterator[tuple[Part, bool]]:
    for block in article.blocks:
        text = tuple(_stretches(block.text, layers))
        if not text:
            continue
        hidden = block.hiding.reason if block.hiding and not block.hiding.exempt else ""
        furniture = block.role if block.role in {"navigation", "header", "footer", "aside"} else ""
        part = Part(
            role=block.role,
            text=text,
            line=lines.locate(block.text.pieces[0].page_start)[0] if block.text.pieces else 0,
            level=_level(article, block) if block.role == "heading" else 0,
            hidden=_unseen(block) or hidden,
            fold=(block.hiding.exempt or "") if block.hiding else "",
            around=block.container or furniture,
            name=block.name,
        )
        yield part, not (hidden or block.role in _UNSEEN)


def _unseen(block: Block) -> str:
    """Say where a block stands that is no text of the page, for its reader."""
    if block.role not in _UNSEEN:
        return ""
    name = f" {block.name}" if block.name else ""
    return {"markup_comment": "comment in the markup", "data": f"structured data{name}"}.get(
        block.role, f"{block.role}{name}"
    )


def _level(article: Article, block: Block) -> int:
    at = block.element
    while at >= 0:
        element = article.elements[at]
        if match := _HEADING.fullmatch(element.tag):
            return int(match[1])
        at = element.parent
    return 2


def _plain(text: str, layers: Sequence[_Layer]) -> Iterator[tuple[Part, bool]]:
    for number, match in enumerate(_LINE.finditer(text), 1):
        line = match[0].rstrip("\r\n")
        if line:
            yield Part(role="line", text=tuple(_stretches(identity(line, match.start()), layers)), line=number), True


def _stretches(mapped: MappedText, layers: Sequence[_Layer]) -> Iterator[Stretch]:
    """Yield the text in stretches; what has no place in the page goes with the stretch before it."""
    pending: Stretch | None = None
    for start, end, layer in _pieces(mapped, layers):
        cut, marks = (layer.cut, layer.marks) if layer else (False, ())
        text = mapped.text[start:end]
        if pending and (pending.cut, pending.marks) == (cut, marks):
            pending = Stretch(pending.text + text, cut, marks)
            continue
        if pending:
            yield pending
        pending = Stretch(text, cut, marks)
    if pending:
        yield pending


def _pieces(mapped: MappedText, layers: Sequence[_Layer]) -> Iterator[tuple[int, int, _Layer | None]]:
    """Yield all of the text as ranges with the layer that covers each."""
    at = 0
    last: _Layer | None = None
    for piece in mapped.pieces:
        if at < piece.start:
            yield at, piece.start, last
            at = piece.start
        if piece.length != piece.page_length:
            last = next(_over(layers, piece.page_start, piece.page_start + piece.page_length), None)
            yield at, piece.start + piece.length, last
            at = piece.start + piece.length
            continue
        shift = piece.start - piece.page_start
        for layer in _over(layers, piece.page_start, piece.page_start + piece.length):
            low, high = max(layer.start + shift, at), min(layer.end + shift, piece.start + piece.length)
            if at < low:
                yield at, low, None
            yield low, high, layer
            at, last = high, layer
        if at < piece.start + piece.length:
            yield at, piece.start + piece.length, None
            at, last = piece.start + piece.length, None
    if at < len(mapped.text):
        yield at, len(mapped.text), None


def _over(layers: Sequence[_Layer], start: int, end: int) -> Iterator[_Layer]:
    at = bisect_right(layers, start, key=_end)
    while at < len(layers) and layers[at].start < end:
        yield layers[at]
        at += 1


def _end(layer: _Layer) -> int:
    return layer.end


def _marked(part: Part) -> bool:
    return any(stretch.cut or stretch.marks for stretch in part.text)


def _shortened(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts; from `MOST_TEXT` on only those with marks, each with a little of its surroundings."""
    spent = left_out = 0
    for part in parts:
        size = sum(len(stretch.text) for stretch in part.text)
        if spent + size <= MOST_TEXT:
            spent += size
            yield part
        elif _marked(part):
            if left_out:
                yield Part(role="gap", left_out=left_out)
                left_out = 0
            yield msgspec.structs.replace(part, text=tuple(map(_short, part.text)))
        elif spent < MOST_TEXT:
            room = MOST_TEXT - spent
            text = "".join(stretch.text for stretch in part.text)
            yield msgspec.structs.replace(part, text=(Stretch(text[:room]),))
            spent, left_out = MOST_TEXT, len(text) - room
        else:
            left_out += size
    if left_out:
        yield Part(role="gap", left_out=left_out)


def _short(stretch: Stretch) -> Stretch:
    text = stretch.text
    if len(text) <= 2 * _AROUND + 40:
        return stretch
    middle = f" … {len(text) - 2 * _AROUND:,} characters left out … "
    return Stretch(text[:_AROUND] + middle + text[-_AROUND:], stretch.cut, stretch.marks)
