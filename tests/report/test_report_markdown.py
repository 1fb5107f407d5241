from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import finding, known, report, run, unread

from audit.gate import gate
from audit.model import Page, PageReport
from audit.report import WRITERS, markdown
from audit.report.run import Run
from audit.rules.schema import Gate

TEXT = "Sciatica\ncasino: Massage helps."


def bad(name: str = "a.txt", **said: object) -> PageReport:
    page = Page(id=name, text=TEXT, kind="text", path=name)
    return report(page, cuts=["casino: "], findings=[finding(TEXT, "casino: ", **said)])


def fine(name: str) -> PageReport:
    return report(Page(id=name, text=TEXT, kind="text", path=name))


def written(made: Run) -> str:
    (path,) = WRITERS["markdown"](made)
    assert path.name == "summary.md"
    return path.read_text(encoding="utf-8")


def test_it_counts_the_pages_by_verdict(tmp_path: Path):
    told = written(run(tmp_path, [bad(), fine("b"), unread("c")]))
    assert told.startswith("# Article Audit: 3 pages\n")
    assert re.findall(r"\| \*\*(\w+)\*\* \| (\d+) ", told) == [
        ("block", "1"), ("fix", "0"), ("review", "0"), ("pass", "1"), ("unread", "1"),
    ]  # fmt: skip
    assert "1 stretch of injected text to cut, 8 characters" in told


def test_the_worst_pages_come_first_with_their_gravest_finding(tmp_path: Path):
    told = written(run(tmp_path, [unread("c"), bad(message="Sells.")]))
    rows = [line for line in told.splitlines() if line.startswith(("| block", "| unread"))]
    assert rows[0].endswith("| `a.txt:2:1` | `blocker: Sells.` |")
    assert rows[1].startswith("| unread |  | `c` |")


def test_the_decision_of_the_gate_stands_above_all(tmp_path: Path):
    reports = [bad()]
    made = run(tmp_path, reports)
    refused = replace(made, verdict=gate(reports, Gate(fail_on=3)))
    assert "**The gate failed**: 1 condition missed.\n\n- `a.txt:2:1` `spam.gambling.lead" in written(refused)
    assert "**The gate passed.**" in written(replace(made, verdict=gate([fine("b")], Gate(fail_on=3))))
    assert "gate" not in written(made)


def test_what_is_new_known_and_suppressed_is_counted(tmp_path: Path):
    told = bad()
    made = replace(run(tmp_path, [told]), baselined=True, known=known(told, accepted=[0]))
    assert "0 new since the baseline · 1 accepted by the baseline" in written(made)


def test_a_long_list_is_cut_short_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(markdown, "MOST_PAGES", 2)
    assert "… and 3 more pages." in written(run(tmp_path, [*(bad(str(number)) for number in range(5)), fine("z")]))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a | b", "`blocker: a \\| b`"),
        ("`x` ``y``", "``` blocker: `x` ``y`` ```"),
        ("@team https://x.example <b> [a](b)", "`blocker: @team https://x.example <b> [a](b)`"),
        ("one\n\n# two", "`blocker: one # two`"),
    ],
)
def test_words_of_a_page_are_no_markdown(tmp_path: Path, said: str, shown: str):
    assert f"| {shown} |" in written(run(tmp_path, [bad(message=said)]))
