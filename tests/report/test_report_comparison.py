from __future__ import annotations

import io
import re
from pathlib import Path

import msgspec
import pytest
from made_runs import finding, report, unread

from audit.compare import compare
from audit.model import Page, PageReport
from audit.report.html import comparison
from audit.report.html.comparison import point, write_comparison

TEXT = "Sciatica\ncasino, slots: Massage can help reduce pain."
SPAM, CLAIM = "casino, slots: ", "Massage can help reduce pain"


def page(name: str, *found: str, **said: object) -> PageReport:
    marks = [
        finding(
            TEXT, quote, **({"severity": 2, "rule": "claims.treat.x", "category": "claims"} if quote == CLAIM else said)
        )
        for quote in found
    ]
    return report(Page(id=name, text=TEXT, kind="text", path=name), findings=marks)


def written(old: list[PageReport], new: list[PageReport], *trend: list[PageReport]) -> str:
    file = io.BytesIO()
    points = [point(f"run {number}", reports) for number, reports in enumerate(trend)]
    write_comparison(file, compare(old, new), ("monday", "tuesday"), points)
    return file.getvalue().decode()


def tiles(content: str) -> dict[str, str]:
    return dict(re.findall(r'tile-name">(\w+)</span><span class="tile-count">([\d,]+)', content))


def test_it_counts_what_came_what_went_and_what_stayed():
    content = written([page("a", SPAM, CLAIM), page("b", CLAIM)], [page("a", CLAIM), page("b", SPAM, CLAIM)])
    assert tiles(content) == {"New": "1", "Fixed": "1", "Remaining": "2", "Worse": "1", "Better": "1"}
    assert "From <b>monday</b> to <b>tuesday</b>" in content


def test_pages_stand_with_their_changes_the_gravest_first():
    content = written([page("a"), page("b")], [page("a", CLAIM), page("b", SPAM)])
    assert re.findall(r'<b dir="auto">(\w)</b>', content) == ["b", "a"]
    assert "b:2:1</span>" in content


def test_a_page_without_changes_is_not_listed():
    content = written([page("a", SPAM)], [page("a", SPAM)])
    assert "No page changed." in content
    assert "no finding came or went" in content


def test_a_table_says_which_verdicts_became_which():
    content = written([page("a", SPAM), page("b"), unread("c")], [page("a"), page("b"), page("d")])
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*(.*?)</tr>', content, re.DOTALL)
    table = {re.sub(r"<[^>]*>", "", row): [int(n) for n in re.findall(r">(\d+)</td>", cells)] for row, cells in rows}
    assert table == {"block": [1, 0], "pass": [1, 0], "failed": [0, 1], "not there before": [1, 0]}


def test_rules_show_what_came_and_went():
    content = written([page("a", SPAM), page("b", SPAM)], [page("a", CLAIM), page("b")])
    assert re.findall(r'bar-name">([\w.]+)</span><span class="num k-fixed">(.*?)</span>', content) == [
        ("spam.gambling.lead", "−2"), ("claims.treat.x", ""),
    ]  # fmt: skip


def test_a_trend_has_a_column_for_each_run():
    runs = [[page("a", SPAM)], [page("a", SPAM), page("b", CLAIM)], [page("a"), unread("b")]]
    content = written(runs[1], runs[2], *runs)
    assert "Trend over 3 runs" in content
    assert re.findall(r'class="run"[^>]*>([^<]*)<', content) == ["run 0", "run 1", "run 2"] * 2
    verdicts = re.search(r'<title id="trend-verdicts">(.*?)</title>', content)[1]
    assert verdicts == "Pages by verdict: run 0 1, run 1 2, run 2 2"
    heights = [float(height) for height in re.findall(r'<rect class="v-block"[^>]*height="([\d.]+)"', content)]
    assert heights == [80.0, 80.0]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["reports/a", "reports/b"], ["a", "b"]),
        (["w1/report.jsonl", "w2/report.jsonl"], ["w1", "w2"]),
        (["old/site/", "new/site/"], ["old", "new"]),
        (["a", "a"], ["a", "a"]),
        (["x/a", "x/a"], ["a", "a"]),
        (["a", "b/c"], ["a", "b/c"]),
        (["/runs/x/y", "/runs/z"], ["x/y", "z"]),
    ],
)
def test_the_runs_of_a_chart_are_called_by_what_tells_them_apart(names: list[str], told: list[str]):
    assert comparison.labels(names) == told


def test_two_runs_are_no_trend_unless_told():
    assert "Trend" not in written([page("a")], [page("a", SPAM)])


def test_long_lists_are_cut_short_and_say_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparison, "MOST_PAGES", 1)
    monkeypatch.setattr(comparison, "MOST_FINDINGS", 1)
    content = written([page("a"), page("b")], [page("a", SPAM, CLAIM), page("b", CLAIM)])
    assert "The 1 pages with the gravest changes, of 2" in content
    assert "… and 1 more" in content
    assert "+2 new" in content


def test_nothing_of_a_page_is_markup():
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}\u202e"
    content = written([page("a")], [page(f"b{bad}", SPAM, message=bad, rule=bad)], [page("a")], [page(bad)])
    assert "<script>alert" not in content
    assert "<img" not in content
    assert "{{ 7*7 }}" in content
    assert "\u202e" not in re.sub(r'<b dir="auto">.*?</b>', "", content)


def test_the_file_fetches_nothing_and_runs_its_own_script_only():
    content = written([page("a")], [page("a", SPAM)])
    assert len(re.findall(r"'sha256-[^']+'", content)) == 2
    assert not re.findall(r"url\(|@import|\bsrc=|<link|<iframe|innerHTML|fetch\(", content)


def test_the_same_comparison_gives_the_same_bytes():
    runs = [page("a")], [page("a", SPAM)]
    assert written(*runs) == written(*runs)


def test_a_median_is_that_of_the_pages_that_have_a_score():
    told = point("x", [page("a"), unread("b"), msgspec.structs.replace(page("c"), score=10)])
    assert (told.median, told.pages, told.verdicts["failed"]) == (10, 3, 1)
    assert point("x", []).median is None


@pytest.mark.parametrize("name", ["comparison.html.j2", "comparison.css", "comparison.js", "symbols.svg"])
def test_its_parts_are_packaged(name: str):
    assert (Path(comparison.__file__).parent / name).is_file()
