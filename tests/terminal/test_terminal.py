from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from rich.text import Text

from audit.findings import Reporter
from audit.known import Known, Standing
from audit.model import Cut, Evidence, Finding, PageReport
from audit.report.counts import count
from audit.rules.load import load_rules
from audit.score import Deduction
from audit.suppressions import Suppression
from audit.suppressions import load as load_suppressions
from audit.terminal import safe
from audit.terminal.drawing import drawn
from audit.terminal.finding import finding as explanation
from audit.terminal.page import page
from audit.terminal.rule import rule as explained_rule
from audit.terminal.summary import Worst, summary
from audit.text.span import Span

GOOD = "Walking is pleasant on a dry day."
BAD = f"luckwin88.com login, spinrajah exchange, 22bahis online: {GOOD}"


def finding(text: str, *quotes: str, severity: int = 3, action: str = "flag") -> Finding:
    spans = [Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    return Reporter(text).finding(
        rule="spam.family.rule",
        category="spam",
        family="family",
        severity=severity,
        confidence=0.9,
        action=action,
        message="Says “{quote}”.",
        why="It harms.",
        spans=spans,
        evidence=[Evidence("brand", 1.5)],
    )


def report(*findings: Finding, verdict: str = "fix", score: int = 50, name: str = "a.txt") -> PageReport:
    return PageReport(
        id=name,
        url=None,
        path=name,
        kind="text",
        sha256="",
        status="ok",
        verdict=verdict,
        score=score,
        findings=findings,
    )


def shown(text: str, *findings: Finding, **options: Any) -> list[str]:
    return page(report(*findings), text, **options).plain.splitlines()


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("plain, é, 日本, 😀", "plain, é, 日本, 😀"),
        ("👩\u200d⚕️ می\u200cخواهم", "👩\u200d⚕️ می\u200cخواهم"),
        ("\x1b[2J\x9b31m", "␛[2J<U+009B>31m"),
        ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
        ("a\u200bb\ufeffc", "a<U+200B>b<U+FEFF>c"),
        ("bell\x07 back\x08 del\x7f nul\x00", "bell␇ back␈ del␡ nul␀"),
        ("a\u2028b", "a<U+2028>b"),
        ("half \ud83d", "half <U+D83D>"),
    ],
)
def test_what_speaks_to_the_terminal_is_shown(text: str, harmless: str) -> None:
    assert safe.line(text) == safe.lines(text) == harmless
    harmless.encode("utf-8")


def test_line_ends_stay_or_are_shown() -> None:
    assert safe.lines("a\r\nb\tc\rd") == "a\nb\tc␍d"
    assert safe.line("a\nb\tc") == "a␊b␉c"


def test_only_lines_with_findings_and_their_neighbours_are_shown() -> None:
    text = "\n".join("abcdefghij")
    lines = [line[:9] for line in shown(text, finding(text, "e")) if line[:5].strip().isdigit()]
    assert lines == ["    4 │ d", "    5 │ ⟦", "    6 │ f"]
    everything = [line for line in shown(text, finding(text, "e"), everything=True) if line[:5].strip().isdigit()]
    assert len(everything) == 10


@pytest.mark.parametrize(
    ("text", "quotes", "line"),
    [
        ("one two three", [("two",)], "one ⟦two⟧1 three"),
        ("one two three", [("two",), ("two three",)], "one ⟦⟦two⟧1 three⟧2"),
        ("one two three", [("one", "three")], "⟦one⟧1 two ⟦three⟧1"),
        ("one two three", [("one two",), ("two three",)], "⟦one ⟦two⟧1 three⟧2"),
    ],
    ids=["one", "nested", "two spans", "crossing"],
)
def test_marks_stand_round_the_spans_with_the_number_of_the_finding(text, quotes, line) -> None:
    lines = shown(text, *(finding(text, *quote) for quote in quotes))
    assert f"    1 │ {line}" in lines


def test_a_mark_over_several_lines_opens_and_closes_once() -> None:
    text = "a one\r\ntwo b\nc"
    lines = [line for line in shown(text, finding(text, "one\r\ntwo")) if line[:5].strip().isdigit()]
    assert lines == ["    1 │ a ⟦one", "    2 │ two⟧1 b", "    3 │ c"]


def test_a_long_line_is_shown_round_its_marks() -> None:
    text = "x" * 5000 + "MARK" + "y" * 5000
    line = next(line for line in shown(text, finding(text, "MARK")) if line.startswith("    1 │"))
    assert "x⟦MARK⟧1y" in line
    assert len(line) < 400
    assert line.count("…") == 2


def test_what_is_missing_from_the_page_stands_below() -> None:
    lines = shown(GOOD, finding(GOOD, severity=1))
    assert any("[1] flag, note" in line for line in lines)


def test_lost_points_name_their_finding() -> None:
    found = finding(BAD, "22bahis online")
    lost = [
        Deduction(points=40, part="spam", rule=found.rule, fingerprint=found.fingerprint),
        Deduction(points=5, part="safety", missing="disclaimer"),
    ]
    lines = page(report(found), BAD, lost).plain.splitlines()
    assert lines[-2:] == ["  -40  spam: spam.family.rule [1]", "   -5  safety: no disclaimer on the page"]


def test_every_character_of_a_short_page_is_shown() -> None:
    text = f"{BAD}\n{GOOD}"
    lines = shown(text, finding(text, "luckwin88.com"), everything=True)
    body = "\n".join(line[8:] for line in lines if line[:5].strip().isdigit())
    assert body.replace("⟦", "").replace("⟧1", "") == text


def test_summary_counts_pages_and_names_the_worst_first() -> None:
    fine = report(verdict="pass", score=100, name="fine.txt")
    fix, block = (
        report(finding(BAD, "22bahis online"), verdict=verdict, score=score, name=f"{verdict}.txt")
        for verdict, score in (("fix", 20), ("block", 30))
    )
    unread = PageReport(id="x", url=None, path="x", kind=None, sha256=None, status="failed", error="empty")
    reports = [fine, fix, unread, block]
    worst = Worst()
    for each in reports:
        worst.add(each)
    text = summary(
        count(reports), worst, seconds=1.25, sources=["a b", "c"], folder="out dir", files=["report.jsonl"]
    ).plain
    assert text.startswith("4 pages audited in 1.2 s\n")
    assert "  unread       1  could not be read" in text
    assert text.index("block.txt:1:") < text.index("fix.txt:1:")
    assert "fine.txt" not in text
    assert "Next: audit show 'out dir' block.txt" in text
    assert "audit clean" not in text


def test_summary_offers_the_clean_copy_where_there_is_something_to_cut() -> None:
    cut = msgspec.structs.replace(report(finding(BAD, GOOD)), cuts=(Cut(0, 10, ("spam.family.rule",)),))
    worst = Worst()
    worst.add(cut)
    text = summary(count([cut]), worst, seconds=1, sources=["a b", "c"], folder="out", files=[]).plain
    assert "Injected spam to cut: 1 stretch on 1 page, 10 characters" in text
    assert "audit clean 'a b' c --diff" in text


def test_the_worst_few_are_kept_of_many_and_the_first_of_equals() -> None:
    worst = Worst()
    for number in range(50):
        worst.add(report(finding(BAD, GOOD), score=number % 10, name=f"{number}"))
    assert [kept.id for kept in worst.pages()] == ["0", "10", "20", "30", "40"]


def test_output_is_plain_when_piped() -> None:
    assert drawn(Text("red", style="bold red")) == "red"


def on_terminal(args: list[str], cwd: Path, **environment: str) -> bytes:
    """Return what the command writes to a terminal on standard error."""
    main, terminal = pty.openpty()
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-m", "audit", *args],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(terminal)
    written = b""
    while True:
        try:
            chunk = os.read(main, 65536)
        except OSError:
            break
        if not chunk:
            break
        written += chunk
    os.close(main)
    process.wait(timeout=30)
    return written


@pytest.mark.parametrize(
    ("args", "environment", "bar", "colour"),
    [
        ([], {}, True, True),
        (["--no-progress"], {}, False, True),
        (["-q"], {}, False, False),
        (["--no-progress"], {"NO_COLOR": "1"}, False, False),
    ],
    ids=["terminal", "no progress", "quiet", "no colour"],
)
def test_progress_and_colour_are_for_terminals(tmp_path, args, environment, bar, colour) -> None:
    (tmp_path / "page.txt").write_text(BAD)
    without = {name: "" for name in ("NO_COLOR",) if name not in environment}
    written = on_terminal(["run", "page.txt", "--format", "jsonl", *args], tmp_path, **without, **environment)
    assert (b"auditing" in written) is bar
    assert (b"\x1b[1m" in written) is colour


def test_long_lines_are_wrapped_behind_their_number() -> None:
    text = "First.\n" + " ".join(f"word{number}" for number in range(40)) + "\nLast."
    rows = page(report(finding(text, "word7 word8")), text, width=50).plain.splitlines()
    assert max(map(len, rows)) <= 50
    body = [row for row in rows if row[5:8] in {" │ ", " ⋮"} or row.startswith("      │ ")]
    assert body[1].startswith("    2 │ word0 word1")
    assert body[2].startswith("      │ ⟦word7 word8⟧1 word9")
    joined = " ".join(row[8:].strip() for row in rows if "│" in row)
    assert " ".join(f"word{number}" for number in range(30, 40)) in joined


def test_wide_letters_take_two_cells_when_wrapped() -> None:
    text = "日本語" * 20
    rows = page(report(finding(text, "日本語" * 20)), text, width=40).plain.splitlines()
    assert all(cell_len(row) <= 40 for row in rows if "│" in row)
    assert text in "".join(row[8:] for row in rows if "│" in row and "日" in row).replace("⟦", "").replace("⟧1", "")


def test_what_is_known_of_a_finding_stands_beside_it() -> None:
    found = finding(BAD, "login")
    known = Known(suppressions=[Suppression(rule=found.rule, reason="a quotation")])
    assert "      │     suppressed: a quotation" in shown(BAD, found, known=known)
    baselined = Known(frozenset({("a.txt", found.fingerprint)}))
    assert "      │     in the baseline" in shown(BAD, found, known=baselined)


def test_a_finding_is_explained_with_its_rule_and_what_to_do() -> None:
    rules = load_rules()
    rule = next(rule for rule in rules.rules if rule.id.startswith("spam."))
    found = msgspec.structs.replace(finding(BAD, "login"), rule=rule.id)
    rows = explanation(3, found, report(found), rules, standing=Standing()).plain
    for part in (
        f"a.txt:1:{BAD.index('login') + 1}  [3] flag, error",
        f"characters {BAD.index('login')} to {BAD.index('login') + 5}",
        "brand   +1.50",
        "new: neither the baseline nor audit-ignore.yaml knows it",
        rule.why,
        f'rule: "{rule.id}", page: "a.txt", fingerprint: "{found.fingerprint}"',
    ):
        assert part in rows


def test_the_entry_that_an_explanation_offers_suppresses_the_finding(tmp_path: Path) -> None:
    found = finding(BAD, "login")
    rows = explanation(1, found, report(found), load_rules(), standing=Standing()).plain.splitlines()
    start = next(number for number, row in enumerate(rows) if row.strip() == "ignore:")
    (tmp_path / "audit-ignore.yaml").write_text("\n".join(row[4:] for row in rows[start : start + 2]), "utf-8")
    (entry,) = load_suppressions(tmp_path / "audit-ignore.yaml")
    assert entry.fits(report(found), found)


@pytest.mark.parametrize("rule_id", [rule.id for rule in load_rules().rules][::25])
def test_a_rule_is_explained_with_its_proof_and_how_to_change_it(rule_id: str) -> None:
    rules = load_rules()
    shown_rule = explained_rule(rule_id, rules).plain
    for part in (rules.get(rule_id).source.title, rules.origin(rule_id), f'disable = ["{rule_id}"]', "severity"):
        assert part in shown_rule
