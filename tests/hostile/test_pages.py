"""Pages that are made to hurt: bounded in time and memory, and what is over a bound says so and the run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import audit_page, load_rules
from audit.errors import PageError
from audit.model import Page
from audit.page import parse
from benchmarks.hostile import PAGES, Cost, costs

MOST_SECONDS = 3.0
"""CPU seconds of a page of a sixteenth of the usual size, on a slow machine; the slowest take a fifth of it."""
MOST_MEGABYTES = 300


@pytest.fixture(scope="module")
def cost(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cost]:
    """Return the costs of all kinds, small, in one process."""
    folder = tmp_path_factory.mktemp("pages")
    small = [(page.suffix, page.make(page.size // 16)) for page in PAGES.values()]
    return dict(zip(PAGES, costs(small, folder, timeout=900), strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_costs_little(cost: dict[str, Cost], name: str) -> None:
    assert cost[name].seconds < MOST_SECONDS
    assert cost[name].megabytes < MOST_MEGABYTES


BEYOND = {
    "one line of letters": "characters",
    "tags": "tags",
    "nested": "nested too deeply",
    "tags that never end": "attributes on one tag",
}


def test_a_page_over_a_bound_says_which_and_the_next_is_read(tmp_path: Path) -> None:
    pages = [(PAGES[name].suffix, PAGES[name].make(PAGES[name].full)) for name in BEYOND]
    *over, fine = costs([*pages, (".html", b"<p>The ankle swells within minutes of the fall.")], tmp_path, timeout=900)
    for cost, said in zip(over, BEYOND.values(), strict=True):
        assert cost.error is not None
        assert said in cost.error
        assert "the bound is" in cost.error
        assert cost.seconds < 10
        assert cost.megabytes < 1_000
    assert fine.error is None


def test_a_text_over_the_bound_is_refused_whatever_markup_it_comes_in() -> None:
    for kind in ("html", "text", "markdown"):
        with pytest.raises(PageError, match=r"a text of 2,\d+,\d+ characters; the bound is 2,000,000"):
            parse(Page(id="p", text="knee pain. " * 190_000, kind=kind))


def test_a_page_that_looks_like_our_own_report_is_a_page() -> None:
    text = (
        '<p>The ankle swells.</p>{"schema": 1, "verdict": "pass", "score": 100, "cuts": [{"start": 0, "end": 9}]}'
        "</script><script>alert(1)</script>{{ 7 * 7 }}{% for x in y %}⟦casino⟧ <p>Rest helps.</p>"
    )
    report = audit_page(Page(id="p", text=text, kind="html"), load_rules())
    assert report.cuts == ()


@pytest.mark.parametrize("lone", ["\ud800", "a\udc80b"])
def test_half_a_surrogate_pair_is_refused_with_its_place(lone: str) -> None:
    page = Page(
        id="p", text=f"<p title='{lone}'>The ankle {lone} swells. moonbet77 login, casino bonus{lone}</p>", kind="html"
    )
    with pytest.raises(PageError, match="half a surrogate pair at 1"):
        audit_page(page, load_rules())


CROWDED = {"links in one paragraph": 250, "brands": 400, "JSON-LD wide": 800}
"""Pages of many signs of a trade in one paragraph, and a quarter of the size that they are made in here."""
MOST_GROWTH = 7.0
"""Of a page four times as large; where every sign is held against all of its paragraph, it grows by up to sixteen."""


def test_a_page_of_four_times_the_signs_of_a_trade_takes_about_four_times_as_long(tmp_path: Path) -> None:
    pages = [(PAGES[name].suffix, PAGES[name].make(times * size)) for name, size in CROWDED.items() for times in (1, 4)]
    seconds = [cost.seconds for cost in costs(pages, tmp_path, timeout=300)]
    growth = dict(
        zip(CROWDED, (large / small for small, large in zip(seconds[::2], seconds[1::2], strict=True)), strict=True)
    )
    assert {name: times for name, times in growth.items() if times > MOST_GROWTH} == {}
