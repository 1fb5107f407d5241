"""What changed between two runs, and the trend over many, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from audit.compare import STATES, Comparison, PageChange, by_rule
from audit.gate import place
from audit.report.html.comparison import Point
from audit.terminal.drawing import VERDICTS
from audit.terminal.safe import line as harmless
from audit.terminal.text import many

_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = ("block", "fix", "review", "pass", "failed")


def comparison(compared: Comparison, *, quiet: bool = False) -> Text:
    """Return what changed, page by page, by rule and in sum; the sum alone if `quiet`."""
    rows = [] if quiet else [*(row for page in compared.pages for row in _page(page)), *_rules(compared)]
    sums = f"{compared.added} new, {compared.fixed} fixed, {compared.remaining} remaining findings"
    only = {
        "NEW": sum(page.old is None for page in compared.pages),
        "OLD": sum(page.new is None for page in compared.pages),
    }
    there = [f"{number} only in {name}" for name, number in only.items() if number]
    pages = ", ".join([f"{many(compared.better, 'page')} better", f"{compared.worse} worse", *there])
    return Text("\n").join([*rows, Text(f"{sums}; {pages}", style="bold")])


def trend(points: Sequence[Point]) -> Text:
    """Return the runs as a table with a bar for each figure: pages by verdict, findings by severity, median score."""
    figures: list[tuple[str, list[int | None]]] = [("pages", [point.pages for point in points])]
    figures += [
        (name if name != "failed" else "unread", [point.verdicts[name] for point in points]) for name in _COLUMNS
    ]
    names = ("info", "note", "warning", "error", "blocker")
    for severity in (4, 3, 2, 1):
        figures.append((f"{names[severity]}s", [point.severities[severity] for point in points]))
    figures.append(("median", [point.median for point in points]))
    rows = [Text("Trend", style="bold")]
    rows += [Text(f"  {number}  {harmless(point.name)}") for number, point in enumerate(points, 1)]
    widths = [
        max(len(str(number)), *(len(_figure(values[number - 1])) for _, values in figures))
        for number in range(1, len(points) + 1)
    ]
    head = "  ".join(f"{number:>{wide}}" for number, wide in enumerate(widths, 1))
    rows.append(Text(f"  {'':<9} {head}", style="dim"))
    for name, values in figures:
        cells = "  ".join(f"{_figure(value):>{wide}}" for value, wide in zip(values, widths, strict=True))
        rows.append(Text.assemble("  ", (f"{name:<9}", VERDICTS.get(name, "")), f" {cells}  ", (_bars(values), "cyan")))
    return Text("\n").join(rows)


_MOST_RULES = 15


def _rules(compared: Comparison) -> Iterator[Text]:
    """Yield the rules of which findings are new or fixed, those that moved most first."""
    if not (compared.added or compared.fixed):
        return
    table = by_rule(compared)
    table = table[table["new"] + table["fixed"] > 0]
    shown = table.head(_MOST_RULES)
    yield Text("By rule", style="bold")
    wide = max(len("rule"), *map(len, shown.index))
    yield Text(f"  {'rule':<{wide}}" + "".join(f"  {state:>9}" for state in STATES), style="dim")
    for rule, *counts in shown.itertuples():
        yield Text(harmless(f"  {rule:<{wide}}" + "".join(f"  {count:>9,}" for count in counts)))
    if len(table) > len(shown):
        yield Text(f"  … and {many(len(table) - len(shown), 'rule')} more", style="dim")


def _page(change: PageChange) -> Iterator[Text]:
    name = Text(harmless(change.page), style="bold")
    if change.new is None:
        yield name + Text(": only in OLD")
        return
    before, after = change.verdicts
    unread = [run for run, report in (("OLD", change.old), ("NEW", change.new)) if report and report.status == "failed"]
    if unread:
        yield name + Text(f": could not be read in {' and '.join(unread)}")
        return
    if not (change.added or change.fixed or change.old is None or before != after):
        return
    moved = _verdict(after)
    if change.old is not None and before != after:
        moved = _verdict(before) + Text(" → ") + moved
    elif change.old is not None and change.old.score != change.new.score:
        moved += Text(f" {change.old.score} → {change.new.score} points")
    only = " (only in NEW)" if change.old is None else ""
    yield name + Text(": ") + moved + Text(f"{only}, {len(change.remaining)} remaining")
    for sign, style, findings, report in (
        ("+", "red", change.added, change.new),
        ("-", "green", change.fixed, change.old),
    ):
        for finding in findings:
            where = place(report, finding) if report else ""
            said = f"  {sign} {where}: {finding.rule} ({finding.severity}): {' '.join(finding.message.split())}"
            yield Text(harmless(said), style=style)


def _verdict(name: str | None) -> Text:
    return Text(str(name), style=VERDICTS.get(str(name), ""))


def _figure(value: int | None) -> str:
    return "–" if value is None else str(value)


def _bars(values: Sequence[int | None]) -> str:
    """Return a bar for each figure, the highest as high as there is; a figure that is missing is a blank."""
    most = max((value for value in values if value is not None), default=0)
    return "".join(" " if value is None else _BARS[value * (len(_BARS) - 1) // most if most else 0] for value in values)
