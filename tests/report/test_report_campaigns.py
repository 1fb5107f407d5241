"""Campaigns where people see them: in the report's overview and in the terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from made_runs import report, run

from audit.model import Campaign, Page, Specimen
from audit.report import WRITERS
from audit.report.counts import count
from audit.terminal.summary import Worst, summary

PAGE = Page(id="a.txt", text="Rest helps.", kind="text", path="a.txt")


def campaign(**said: Any) -> Campaign:
    shown = Specimen(page="a.txt", url=None, quote="moonbet77 login", action="cut", confidence=0.98)
    told: dict[str, Any] = {
        "id": "0123456789ab", "what": "moonbet77", "family": "gambling", "pages": 30, "cut": 28,
        "sites": {"leaflet.example": 20, "": 10}, "site_count": 1, "texts": {}, "brands": {"moonbet77": 30}, "hosts": {},
        "phones": {}, "tricks": {}, "first": shown, "strongest": msgspec.structs.replace(shown, page="b/ä.txt"),
    }  # fmt: skip
    return Campaign(**{**told, **said})


def written(folder: Path, *campaigns: Campaign) -> str:
    made = run(folder, [report(PAGE)], [PAGE])
    counts = msgspec.structs.replace(made.counts, campaigns=len(campaigns))
    WRITERS["html"](replace(made, campaigns=lambda: iter(campaigns), counts=counts))
    return (folder / "report.html").read_text("utf-8")


def test_the_overview_says_what_where_and_shows_specimens(tmp_path):
    content = written(tmp_path, campaign())
    for part in ("moonbet77", "gambling", "cut on 28", "leaflet.example", 'href="#/page/a.txt"', "b%2F%C3%A4.txt"):
        assert part in content


def test_a_run_without_campaigns_has_no_section_for_them(tmp_path):
    assert "campaigns-title" not in written(tmp_path)


def test_what_pages_say_is_no_markup(tmp_path):
    content = written(tmp_path, campaign(what="<img src=x>", sites={"<b>": 3}))
    assert "<img src=x>" not in content
    assert "<b>3" not in content


def test_the_widest_are_shown_and_the_rest_counted(tmp_path):
    content = written(tmp_path, *(campaign(what=f"brand{number}") for number in range(25)))
    assert "brand19" in content
    assert "brand20" not in content
    assert "The widest 20 of 25" in content


def test_the_summary_names_the_widest_and_no_control_characters():
    counts = msgspec.structs.replace(count([report(PAGE)]), campaigns=2)
    found = [campaign(), campaign(what="evil\x1b[2J brand", site_count=0)]
    told = summary(counts, Worst(), found, seconds=1.0, sources=["x"], folder="out", files=["report.jsonl"]).plain
    assert "2 campaigns" in told
    assert "moonbet77  30 pages of 1 site, first a.txt" in told
    assert "\x1b" not in told
