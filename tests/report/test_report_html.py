from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import claim, finding, report, run, unread

from audit.baseline import Accepted
from audit.gate import gate
from audit.known import Known
from audit.model import Page, PageReport
from audit.report import WRITERS, html
from audit.rules.schema import Gate
from audit.suppressions import Suppression

TEXT = "Sciatica\ncasino, slots: Massage can help reduce pain."
HOSTILE = (
    "</script><script>alert(1)</script> {{ 7*7 }} {% raw %} <!-- ]]> & \u2028 \u2029 &lt; <img src=x onerror=alert(2)>"
)


def spammed(name: str, text: str = TEXT) -> tuple[Page, PageReport]:
    page = Page(id=name, text=text, kind="text", path=name)
    return page, report(page, cuts=["casino, slots: "], findings=[finding(text, "casino, slots: ")])


def written(folder: Path, *pairs: tuple[Page, PageReport]) -> str:
    pages = [page for page, _ in pairs]
    (path,) = WRITERS["html"](run(folder, [told for _, told in pairs], pages))
    assert path == folder / "report.html"
    return path.read_text(encoding="utf-8")


def embedded(content: str, name: str) -> dict:
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', content, re.DOTALL)[1])


def test_the_same_run_gives_the_same_bytes_without_time_or_host(tmp_path: Path):
    first = written(tmp_path, spammed("a.txt"))
    assert written(tmp_path, spammed("a.txt")) == first
    assert "2026-01-02" not in first
    assert "desk" not in first
    assert str(tmp_path) not in first


def test_the_policy_lets_nothing_run_but_the_files_own_script(tmp_path: Path):
    content = written(tmp_path, spammed("a.txt"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', content)[1]
    for tag in ("style", "script"):
        (block,) = re.findall(rf"<{tag}>(.*?)</{tag}>", content, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_the_file_fetches_nothing(tmp_path: Path):
    content = written(tmp_path, spammed("a.txt"))
    style = re.search(r"<style>(.*?)</style>", content, re.DOTALL)[1]
    script = re.search(r"<script>(.*?)</script>", content, re.DOTALL)[1]
    assert not re.findall(r"url\(|@import|@font-face", style)
    assert not re.findall(r"fetch\(|XMLHttp|import\(|sendBeacon|WebSocket|innerHTML|eval\(|insertAdjacent", script)
    markup = content.replace(style, "").replace(script, "")
    assert not re.findall(r"\b(?:src|srcset|action|poster|background)=|<(?:link|iframe|img|object|base)\b", markup)
    assert not re.findall(r'href="(?!#)', markup)


def test_what_a_page_says_never_stands_in_the_file_as_markup(tmp_path: Path):
    text = f"{HOSTILE}\ncasino, slots: {HOSTILE}"
    page = Page(id=f"{HOSTILE}.txt", text=text, kind="text", path=HOSTILE, url=f"javascript:{HOSTILE}")
    told = report(page, cuts=["casino, slots: "], findings=[finding(text, HOSTILE, why=HOSTILE, rule=HOSTILE)])
    content = written(tmp_path, (page, told), (page, unread(HOSTILE + "2", HOSTILE)))
    assert "<script>alert" not in content
    assert "<img" not in content
    assert "{{ 7*7 }}" in content
    assert embedded(content, "index")["rows"][0]["id"] == f"{HOSTILE}.txt"
    assert embedded(content, "text-0")["parts"][0]["text"][0][0] == HOSTILE


def test_the_overview_counts_what_the_pages_come_to(tmp_path: Path):
    content = written(tmp_path, spammed("a.txt"), (Page(id="b", text="", kind="text"), unread("b")))
    tiles = re.findall(r'tile-name">.*?</svg>(\w+)</span>\s*<span class="tile-count">(\d+)', content, re.DOTALL)
    assert tiles == [("Block", "1"), ("Fix", "0"), ("Review", "0"), ("Pass", "0"), ("Failed", "1")]


def test_deductions_add_up_to_the_score(tmp_path: Path):
    told = spammed("a.txt")
    detail = embedded(written(tmp_path, told), "page-0")
    assert sum(lost["points"] for lost in detail["deductions"]) == 100 - told[1].score
    assert detail["deductions"][0]["mark"] == 0


def test_each_part_tells_what_it_lost(tmp_path: Path):
    page = Page(id="a.txt", text=TEXT, kind="text", path="a.txt")
    marks = [
        finding(TEXT, "casino, slots: "),
        finding(TEXT, None, rule="sourcing.references.missing", category="sourcing", severity=2, action="note"),
    ]
    told = report(page, findings=marks, claims=[claim(TEXT, "Massage can help reduce pain")])
    detail = embedded(written(tmp_path, (page, told)), "page-0")
    scores = dict(detail["scores"])
    for part, lost in detail["lost"].items():
        assert sum(entry["points"] for entry in lost) == 100 - scores[part], part
    assert {part for part, score in scores.items() if score < 100} == set(detail["lost"]) >= {"spam", "sourcing"}
    assert detail["lost"]["sourcing"][0]["mark"] == 1


@pytest.mark.parametrize("category", ["claims", "safety"])
def test_a_claim_names_the_finding_that_speaks_of_it(tmp_path: Path, category: str):
    page = Page(id="a.txt", text=TEXT, kind="text")
    quote = "Massage can help reduce pain"
    told = finding(TEXT, quote, category=category, rule="claims.treat.weak", severity=1, action="flag")
    claims = [claim(TEXT, "Sciatica", severity=0), claim(TEXT, quote)]
    detail = embedded(written(tmp_path, (page, report(page, findings=[told], claims=claims))), "page-0")
    assert [(found["mark"], found["place"]) for found in detail["claims"]] == [(1, [1, 1]), (0, [2, 16])]


@pytest.mark.parametrize("changed", ["other.txt", "a.txt"], ids=["page not there", "page is another by now"])
def test_a_text_that_cannot_be_had_again_is_left_out(tmp_path: Path, changed: str):
    _, told = spammed("a.txt")
    content = written(tmp_path, (Page(id=changed, text="something else", kind="text"), told))
    assert 'id="page-0"' in content
    assert 'id="text-0"' not in content


def test_pages_that_are_missing_in_between_do_not_shift_the_others(tmp_path: Path):
    pairs = [spammed("a.txt"), spammed("b.txt"), spammed("c.txt")]
    (path,) = WRITERS["html"](run(tmp_path, [told for _, told in pairs], [pairs[0][0], pairs[2][0]]))
    content = path.read_text(encoding="utf-8")
    assert re.findall(r'id="text-(\d)"', content) == ["0", "2"]


def test_only_the_worst_texts_are_kept_where_room_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fine = Page(id="fine.txt", text="Water is wet. " * 20, kind="text")
    pairs = [spammed("a.txt"), (fine, report(fine)), spammed("b.txt"), spammed("c.txt")]
    monkeypatch.setattr(html, "MOST_BYTES", 420)
    content = written(tmp_path, *pairs)
    assert re.findall(r'id="text-(\d)"', content) == ["0", "2"]
    assert embedded(content, "index")["textLeftOut"] == 2
    assert "leaves out the text of 2 pages" in content


def test_only_the_worst_pages_are_listed_and_the_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fine = Page(id="fine.txt", text="Water is wet.", kind="text")
    monkeypatch.setattr(html, "MOST_PAGES", 2)
    content = written(tmp_path, (fine, report(fine)), spammed("a.txt"), (fine, unread("b")))
    assert [row["id"] for row in embedded(content, "index")["rows"]] == ["a.txt", "b"]
    assert "lists the 2 worst of 3 pages" in content


def test_with_very_many_findings_fewer_pages_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(html, "MOST_FINDINGS", 2)
    content = written(tmp_path, *(spammed(f"{number}.txt") for number in range(4)))
    assert [row["id"] for row in embedded(content, "index")["rows"]] == ["0.txt", "1.txt"]
    assert "lists the 2 worst of 4 pages" in content


def test_the_worst_of_a_long_run_are_listed_wherever_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(html, "MOST_PAGES", 3)
    fine = Page(id="fine", text="Water is wet.", kind="text")
    pairs = [(fine, report(fine)) for _ in range(20)]
    for at in (2, 9, 19):
        pairs[at] = spammed(f"{at}.txt")
    rows = embedded(written(tmp_path, *pairs), "index")["rows"]
    assert [row["id"] for row in rows] == ["2.txt", "9.txt", "19.txt"]


@pytest.mark.parametrize(
    ("scores", "median"), [([], None), ([5], 5), ([1, 9], 1), ([9, 1, 5], 5), ([0, 0, 100, 100], 0), ([3, 3, 3], 3)]
)
def test_half_of_the_pages_have_the_median_or_less(scores: list[int], median: int | None):
    assert html._median(Counter(scores)) == median


@pytest.mark.parametrize(
    ("url", "path", "name", "site"),
    [
        ("https://Clinic.example:8080/a", "crawl.jsonl", "a", "clinic.example"),
        (None, "site/deep/a.html", "site/deep/a.html", "site/deep"),
        (None, "a.html", "a.html", ""),
        (None, "crawl.jsonl", "crawl.jsonl:3", "crawl.jsonl"),
        ("http://[", "crawl.jsonl", "a", "crawl.jsonl"),
        ("mailto:x", None, "a", ""),
    ],
)
def test_a_page_belongs_to_its_host_or_its_folder(url: str | None, path: str | None, name: str, site: str):
    assert html.site(report(Page(id=name, text="x", kind="text", url=url, path=path))) == site


def test_a_text_without_a_chance_is_not_parsed_but_titled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    parsed: list[str] = []
    told = html.view
    monkeypatch.setattr(html, "view", lambda page, report: parsed.append(page.id) or told(page, report))
    monkeypatch.setattr(html, "MOST_BYTES", 250)
    markup = "<html><head><title>Water &amp; wine</title></head><body><p>Water is wet.</p></body></html>"
    fine = [Page(id=f"fine{number}", text=markup, kind="html") for number in range(3)]
    content = written(tmp_path, spammed("a.txt"), spammed("b.txt"), *((page, report(page)) for page in fine))
    assert parsed == ["a.txt", "b.txt"]
    index = embedded(content, "index")
    assert [row["title"] for row in index["rows"]][2:] == ["Water & wine"] * 3
    assert (index["textLeftOut"], content.count('id="text-')) == (4, 1)


def test_the_decision_of_the_gate_stands_in_the_overview(tmp_path: Path):
    page, told = spammed("a.txt")
    made = run(tmp_path, [told], [page])
    said = {}
    for name, conditions in (("failed", Gate(fail_on=3)), ("passed", Gate(min_score=0))):
        (path,) = WRITERS["html"](replace(made, verdict=gate([told], conditions)))
        said[name] = path.read_text(encoding="utf-8")
    assert "The gate failed</h2>" in said["failed"]
    assert '<a href="#/page/a.txt">a.txt:2:1</a>: ' in said["failed"]
    assert "The gate passed</h2>" in said["passed"]
    (path,) = WRITERS["html"](made)
    assert "gate-title" not in path.read_text(encoding="utf-8")


def test_entries_that_do_nothing_any_more_are_counted(tmp_path: Path):
    page, told = spammed("a.txt")
    gone = Accepted(page="a.txt", rule="r", fingerprint="f", quote="q")
    unused = Suppression(rule="r", reason="why")
    known = Known(stale=(gone,), unused=(unused, unused))
    (path,) = WRITERS["html"](replace(run(tmp_path, [told], [page]), baselined=True, known=known))
    content = path.read_text(encoding="utf-8")
    assert "1 entry of the baseline: nothing of this run answers to them." in content
    assert "2 entries of the suppressions: no finding fits them." in content


def test_a_very_long_quote_is_embedded_once(tmp_path: Path):
    text = "x" * 20_000
    page = Page(id="a", text=text, kind="text")
    content = written(tmp_path, (page, report(page, findings=[finding(text, text)])))
    assert len(embedded(content, "page-0")["findings"][0]["quote"]) == 5_000
    assert embedded(content, "text-0")["parts"][0]["text"][0][0] == text


def test_a_run_without_pages_says_so(tmp_path: Path):
    assert "There was no page to audit." in written(tmp_path)
