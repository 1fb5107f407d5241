"""One page in the terminal: its lines with the findings marked in place, each with its reason."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from audit.known import NOTHING, Known, Standing
from audit.model import Finding, PageReport
from audit.score import Deduction
from audit.terminal.drawing import NAMES, SEVERITIES, VERDICTS
from audit.terminal.safe import line as harmless
from audit.terminal.text import many
from audit.text.span import Span, union

_BREAK = re.compile(r"\r\n|\n|\r")
_AROUND, _WITHIN = 80, 240
"""Code points of a long line that are shown outside a mark, and inside it from either end."""
_LONG = 400
"""Code points of a line that is shown whole."""
_PARTS = ("spam", "claims", "safety", "sourcing", "transparency", "readability")

_GUTTER = 8
"""Cells that the line number and its bar take."""
_NARROWEST = 20
_STANDING = {"known": "in the baseline", "ignored": "suppressed"}

Mark = tuple[Span, int, Finding]


class Numbered(NamedTuple):
    """A finding with the number that it is shown by."""

    number: int
    finding: Finding
    standing: Standing


def page(
    report: PageReport,
    text: str | None,
    lost: Iterable[Deduction] = (),
    *,
    everything: bool = False,
    known: Known = NOTHING,
    width: int = 0,
) -> Text:
    """Return the page as styled text.

    Args:
        report: Of the page.
        text: The decoded page; without it the findings are listed with their quotes.
        lost: What the page lost points to.
        everything: Show all lines, not just those with findings and one on each side.
        known: What baseline and sidecar know of its findings.
        width: Cells of a row; longer ones are wrapped behind the line numbers. 0 wraps nothing.
    """
    numbered = [
        Numbered(number, found, known.standing(report, found)) for number, found in enumerate(report.findings, 1)
    ]
    rows = [*_head(report)]
    if text is not None:
        rows += _marked_lines(numbered, text, everything=everything)
    for each in numbered:
        if text is None or not each.finding.spans:
            rows += _reasons(each, quoted=text is None)
    rows += _losses(numbered, lost)
    return Text("\n").join(_wrapped(rows, width))


def _head(report: PageReport) -> Iterator[Text]:
    name = harmless(report.path or report.id)
    if report.path and report.id != report.path:
        name += f" ({harmless(report.id)})"
    if report.status == "failed":
        yield Text.assemble((name, "bold"), "  ", ("could not be read", VERDICTS["unread"]))
        yield Text(harmless(report.error or ""))
        return
    verdict = str(report.verdict)
    yield Text.assemble((name, "bold"), "  ", (verdict, VERDICTS.get(verdict, "")), f"  {report.score} of 100")
    if report.scores:
        values = [(part, getattr(report.scores, part)) for part in _PARTS]
        yield Text(" · ".join(f"{part} {'–' if value is None else value}" for part, value in values), style="dim")
    cut = sum(cut.end - cut.start for cut in report.cuts)
    counts = (many(len(report.findings), "finding"), many(len(report.claims), "claim"), many(cut, "character"))
    yield Text("{}, {}, {} to cut".format(*counts))
    yield Text()


def _marked_lines(numbered: Sequence[Numbered], text: str, *, everything: bool) -> Iterator[Text]:
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    reasons: defaultdict[int, list[Numbered]] = defaultdict(list)
    for each in numbered:
        number, finding, _ = each
        for place in finding.spans:
            first, last = (bisect_right(starts, offset) - 1 for offset in (place.start, place.end - 1))
            for index in range(first, last + 1):
                marks[index].append((Span(place.start, place.end), number, finding))
        if finding.spans:
            reasons[bisect_right(starts, finding.spans[0].start) - 1].append(each)
    near = {index + step for index in marks for step in (-1, 0, 1)}
    before = -1
    for index in range(len(starts)) if everything else sorted(index for index in near if 0 <= index < len(starts)):
        if index > before + 1:
            yield Text("      ⋮", style="dim")
        before = index
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        line = _marked(text, Span(starts[index], end), marks[index], whole=everything)
        yield Text.assemble((f"{index + 1:>5} │ ", "dim"), line)
        for each in reasons[index]:
            yield from _reasons(each)
    if before >= 0:
        yield Text()


def _marked(text: str, line: Span, marks: Sequence[Mark], *, whole: bool) -> Text:
    """Return one line with its marks in brackets, each closed with the number of its finding."""
    content = Span(line.start, line.start + len(text[line.start : line.end].rstrip("\r\n")))
    windows = (content,) if whole or len(content) <= _LONG else _windows(content, [span for span, _, _ in marks])
    edges = {content.start, content.end, *(edge for window in windows for edge in (window.start, window.end))}
    edges |= {edge for span, _, _ in marks for edge in (span.start, span.end) if content.start < edge < content.end}
    out = Text()
    order = sorted(edges)
    for start, end in zip(order, [*order[1:], content.end], strict=True):
        _close(out, [mark for mark in marks if mark[0].end == start])
        opening = sum(span.start == start for span, _, _ in marks)
        covering = [finding for span, _, finding in marks if span.start <= start < span.end]
        style = (
            _style(max(covering, key=lambda finding: (finding.action == "cut", finding.severity))) if covering else ""
        )
        out.append("⟦" * opening, style=style)
        if any(Span(start, end) in window for window in windows):
            out.append(harmless(text[start:end]), style=style)
        elif end > start:
            out.append("…", style="dim")
    _close(out, [mark for mark in marks if content.end < mark[0].end <= line.end])
    return out


def _close(out: Text, marks: Iterable[Mark]) -> None:
    for _, number, finding in marks:
        out.append(f"⟧{number}", style=_style(finding))


def _windows(line: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is shown of a long line: its head, and the surroundings of where each mark begins and ends."""
    shown = [Span(line.start, min(line.end, line.start + _AROUND))]
    for span in spans:
        if line.start <= span.start < line.end:
            shown.append(Span(span.start - _AROUND, min(span.end, span.start + _WITHIN)))
        if line.start < span.end <= line.end:
            shown.append(Span(max(span.start, span.end - _WITHIN), span.end + _AROUND))
    return union(Span(max(line.start, span.start), min(line.end, span.end)) for span in shown)


def _reasons(each: Numbered, *, quoted: bool = False) -> Iterator[Text]:
    number, finding, standing = each
    margin = ("      │ ", "dim")
    what = f"{finding.action}, {NAMES[finding.severity]}"
    rule = f"  {harmless(finding.rule)}, {finding.confidence:.0%} sure"
    yield Text.assemble(margin, (f"[{number}] {what}", SEVERITIES[finding.severity]), (rule, "dim"))
    if standing.state in _STANDING:
        why = f": {harmless(standing.reason)}" if standing.reason else ""
        yield Text.assemble(margin, (f"    {_STANDING[standing.state]}{why}", "green"))
    yield Text.assemble(margin, "    ", harmless(finding.message))
    if quoted and finding.quote:
        yield Text.assemble(margin, "    “", harmless(finding.quote[:_LONG]), "”")
    if finding.why:
        yield Text.assemble(margin, ("    " + harmless(finding.why), "dim"))
    if finding.evidence:
        named = ", ".join(f"{harmless(part.name)} {part.weight:+.1f}" for part in finding.evidence)
        yield Text.assemble(margin, ("    because: " + named, "dim"))


def _losses(numbered: Sequence[Numbered], lost: Iterable[Deduction]) -> Iterator[Text]:
    numbers: dict[str, int] = {}
    for number, finding, _ in numbered:
        numbers.setdefault(finding.fingerprint, number)
    for index, deduction in enumerate(lost):
        if not index:
            yield Text("Points lost", style="bold")
        to = f"no {deduction.missing} on the page" if deduction.missing else harmless(deduction.rule)
        where = f" [{numbers[deduction.fingerprint]}]" if deduction.fingerprint in numbers else ""
        yield Text(f"{-deduction.points:>5}  {deduction.part}: {to}{where}")


def _style(finding: Finding) -> str:
    return "bold red strike" if finding.action == "cut" else f"{SEVERITIES[finding.severity]} underline"


def _wrapped(rows: Iterable[Text], width: int) -> Iterator[Text]:
    """Yield the rows, those that are too long in parts, each behind the bar that the first one has."""
    if not width:
        yield from rows
        return
    console = Console(width=width, legacy_windows=False)
    for row in rows:
        behind_bar = row.plain[_GUTTER - 2 : _GUTTER] == "│ "
        room = max(_NARROWEST, width - _GUTTER if behind_bar else width)
        if row.cell_len <= (room + _GUTTER if behind_bar else room):
            yield row
            continue
        head = row[:_GUTTER] if behind_bar else Text()
        deep = re.match(r" *", row.plain[len(head) :])
        hang = Text(" " * (min(len(deep[0]), room // 2) if deep else 0))
        body = row[len(head) + len(hang) :]
        for number, part in enumerate(body.wrap(console, room - len(hang), tab_size=1)):
            part.rstrip()
            yield (head if not number else Text("      │ ", style="dim") if behind_bar else Text()) + hang + part
