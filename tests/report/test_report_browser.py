"""The report in a real browser: it runs nothing of a page, and keys, filters and the address bar do what they say."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_runs import campaign, claim, finding, known, report, run, unread

from audit.cli import main as command
from audit.compare import compare
from audit.gate import BAR, gate
from audit.model import Evidence, Page, PageReport
from audit.report import WRITERS
from audit.report.html.comparison import point, write_comparison
from audit.report.run import Run

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SPAM = "casino, slots: "
BODY = "Massage can help reduce pain. It may not cure sciatica."
HOSTILE = (
    "</script><script>window.ran=1</script><img src=x onerror='window.ran=2'>{{7*7}}\u202egnp.exe\0 javascript:void"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """A tab in which any error, any request but for the file, and any dialog fails the test."""
    page = chromium.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: None if request.url.startswith("file:") else trouble.append(request.url))
    yield page
    page.close()
    assert trouble == []


def spammed(name: str) -> tuple[Page, PageReport]:
    text = f"Sciatica\n{SPAM}{BODY}"
    page = Page(id=name, text=text, kind="text", path=name)
    marks = [
        finding(text, SPAM),
        finding(
            text, "Massage can help reduce pain", rule="claims.treat.weak", category="claims", family="treat",
            severity=2, action="flag", message="Give a source.", evidence=(),
        ),
        finding(
            text, None, rule="sourcing.references.missing", category="sourcing", severity=1,
            message="No references.",
        ),
    ]  # fmt: skip
    claims = [
        claim(text, "Massage can help reduce pain", severity=2),
        claim(text, "It may not cure sciatica", type="cure", negated=True, severity=0),
    ]
    return page, report(page, cuts=[SPAM], findings=marks, claims=claims)


def fine(name: str) -> tuple[Page, PageReport]:
    page = Page(id=name, text="Sleep well.", kind="text", path=name)
    return page, report(page)


def opened(tab: Any, folder: Path, pairs: list[tuple[Page, PageReport]], at: str) -> Any:
    (path,) = WRITERS["html"](run(folder, [told for _, told in pairs], [page for page, _ in pairs]))
    tab.goto(path.as_uri() + at)
    return tab


def test_nothing_of_a_hostile_page_runs(tab: Any, tmp_path: Path):
    text = f"{HOSTILE} {SPAM}{HOSTILE}\n" + "x" * 300_000
    page = Page(id=HOSTILE, text=text, kind="text", path=HOSTILE, url=f"javascript:window.ran=3//{HOSTILE}")
    bad = finding(text, HOSTILE, message=HOSTILE, why=HOSTILE, rule=f"r.{HOSTILE}", family=HOSTILE)
    told = report(page, cuts=[SPAM], findings=[bad], claims=[claim(text, HOSTILE)])
    opened(tab, tmp_path, [(page, told), (page, unread("gone", HOSTILE))], "#/")
    tab.click(".worst a")
    tab.wait_for_selector("#page .text")
    tab.hover(".mark")
    assert "window.ran=1" in tab.text_content(".text")
    tab.goto(tab.url.partition("#")[0] + "#/pages")
    sync_api.expect(tab.locator("#list tbody tr")).to_have_count(2)
    assert tab.evaluate("window.ran") is None
    assert tab.locator("main img, main script, main a[href^=javascript]").count() == 0


def test_nothing_of_a_hostile_file_name_runs(tab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    names = [
        "<img src=x onerror=window.ran=1>.txt",
        "a\nb,=1+1\r.txt",
        "\u202egpj.lmth.txt",
        "'\"`{{7*7}}.txt",
        "\x1b[2J.txt",
    ]
    for name in names:
        Path(name).write_text(f"{SPAM}moonbet77 login, slot gacor\n{BODY}", "utf-8")
    Path("records.jsonl").write_bytes(msgspec.json.encode({"id": "../../<script>window.ran=2</script>", "text": BODY}))
    with pytest.raises(SystemExit) as ended:
        command(["run", ".", "-o", "out", "-q", "--format", "html", "--format", "csv"])
    assert ended.value.code == 0
    tab.goto((tmp_path / "out/report.html").as_uri() + "#/pages")
    rows = tab.locator("#list tbody tr")
    sync_api.expect(rows).to_have_count(len(names) + 1)
    for at in range(len(names) + 1):
        tab.goto((tmp_path / "out/report.html").as_uri() + "#/pages")
        rows.nth(at).locator("a").first.click()
        tab.wait_for_selector("#page .text")
        assert "\u202e" not in tab.inner_text("#page h2, #page h1")
    assert tab.evaluate("window.ran") is None
    assert tab.locator("main img, main script").count() == 0
    rows = list(csv.reader((tmp_path / "out/pages.csv").open(encoding="utf-8", newline="")))
    assert len(rows) == len(names) + 2
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "@", "+"}]


def test_nothing_of_a_hostile_campaign_reason_or_comparison_runs(tab: Any, tmp_path: Path):
    page = Page(id=HOSTILE, text=f"{SPAM}x", kind="text", path=HOSTILE, url=f"https://a.example/{HOSTILE}")
    told = report(page, findings=[finding(page.text, SPAM, message=HOSTILE, rule=HOSTILE)])
    other = report(Page(id="b", text="x", kind="text", url="https://b.example/"))
    bad = campaign(HOSTILE, HOSTILE, family=HOSTILE, sites={HOSTILE: 1}, brands={HOSTILE: 1}, tricks={HOSTILE: 1})
    made = replace(
        run(tmp_path, [told, other], [page]), baselined=True, known=known(told, ignored={0: HOSTILE}),
        campaigns=lambda: iter([bad]),
    )  # fmt: skip
    shown(tab, made, "#/")
    assert "window.ran=1" in tab.inner_text(".campaigns")
    tab.click(".worst a")
    assert "window.ran=1" in tab.inner_text(".reason-body")
    path = tmp_path / "compare.html"
    with path.open("wb") as file:
        write_comparison(file, compare([other], [told]), (HOSTILE, HOSTILE), [point(HOSTILE, [told])] * 2)
    tab.goto(path.as_uri())
    assert "window.ran=1" in tab.inner_text("main")
    assert tab.evaluate("window.ran") is None
    assert tab.locator("main img, main script").count() == 0


def test_text_that_turns_round_or_shows_nothing_is_named(tab: Any, tmp_path: Path):
    page = Page(id="a", text="pay\u202e\0 now \u200bhere", kind="text")
    opened(tab, tmp_path, [(page, report(page, findings=[finding(page.text, "\u200bhere")]))], "#/page/a")
    assert tab.locator(".text .invisible").all_text_contents() == ["U+202E … 2 invisible", "U+200B"]


def test_keys_go_from_finding_to_finding(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    seen = [tab.text_content(".reason .message")]
    for key in "jnnkp":
        tab.keyboard.press(key)
        seen.append(tab.text_content(".reason .message"))
    assert seen == [
        f"Injected keyword list: “{SPAM.strip()}”.", "Give a source.", "No references.", "No references.",
        "Give a source.", f"Injected keyword list: “{SPAM.strip()}”.",
    ]  # fmt: skip
    assert tab.evaluate("document.activeElement.className").startswith("mark")
    assert "finding=0" in tab.url


def test_the_reason_shows_on_hover_and_on_focus(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    tab.hover(".mark.s2")
    assert tab.text_content("#tip b") == "Give a source."
    tab.mouse.move(0, 0)
    assert tab.is_hidden("#tip")
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('.mark.s2')"):
            break
    assert tab.text_content("#tip b") == "Give a source."
    assert tab.get_attribute(".mark.s2", "aria-describedby") == "tip"
    assert tab.text_content(".reason .message") == "Give a source."


def test_before_and_after_the_cuts(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    assert SPAM in tab.inner_text(".text")
    tab.keyboard.press("b")
    assert tab.inner_text(".text").strip().splitlines()[-1] == BODY
    assert "view=after" in tab.url
    tab.reload()
    assert SPAM not in tab.inner_text(".text")


@pytest.mark.parametrize("height", [700, 900, 1400])
def test_reason_and_list_of_findings_share_the_side_and_cover_nothing(tab: Any, tmp_path: Path, height: int):
    page, told = spammed("a.txt")
    weights = tuple(Evidence(f"a reason of some length, number {number}", 0.3) for number in range(14))
    findings = tuple(msgspec.structs.replace(each, evidence=weights, why="Why. " * 60) for each in told.findings)
    tab.set_viewport_size({"width": 1280, "height": height})
    opened(tab, tmp_path, [(page, msgspec.structs.replace(told, findings=findings))], "#/page/a.txt?finding=1")
    reason, everything, claims = (tab.locator(css).bounding_box() for css in (".reason", ".all", ".claims"))
    assert reason["y"] + reason["height"] <= everything["y"]
    assert everything["height"] > 60
    assert everything["y"] + everything["height"] <= claims["y"]


def test_paper_has_every_deduction(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    losses = tab.locator(".losses")
    assert losses.count() > 0
    assert not losses.first.is_visible()
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(losses.nth(at).is_visible() for at in range(losses.count()))
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not losses.first.is_visible()


def test_evidence_adds_up(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    shown = tab.locator(".evidence li").all_inner_texts()
    assert [line.split()[-1] for line in shown] == ["+2.10", "+1.80", "+3.90"]


def test_sound_claims_show_on_request(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/page/a.txt")
    assert tab.text_content(".reason h2") == "1 of 3"
    tab.check(".check input")
    assert tab.text_content(".reason h2") == "1 of 4"


def test_filters_stand_in_the_address_and_come_back_from_it(tab: Any, tmp_path: Path):
    pairs = [spammed("a.txt"), fine("b.txt"), fine("c.txt"), (fine("x")[0], unread("d.txt"))]
    opened(tab, tmp_path, pairs, "#/pages")
    names = tab.locator("#list .row-link")
    assert names.count() == 4
    tab.check("input[value=pass]", force=True)
    assert names.count() == 2
    assert tab.text_content("#count") == "2 of 4 pages"
    tab.fill("#q", "sleep")
    tab.wait_for_url("**q=sleep*")
    address = tab.url
    assert "verdict=pass" in address
    tab.goto("about:blank")
    tab.goto(address)
    assert (tab.input_value("#q"), names.count(), tab.is_checked("input[value=pass]")) == ("sleep", 2, True)
    tab.click("#clear")
    assert names.count() == 4


def test_search_looks_into_quotes_and_rules(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt"), fine("b.txt")], "#/pages?q=CASINO")
    assert tab.locator("#list .row-path").all_text_contents() == ["a.txt"]
    tab.fill("#q", "nowhere to be found")
    tab.wait_for_selector("#none:visible")
    assert tab.inner_text("#none") == "No page matches. Clear the filters"


def test_columns_sort_both_ways(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [fine("b.txt"), spammed("a.txt"), fine("c.txt")], "#/pages")
    paths = tab.locator("#list .row-path")
    assert paths.all_text_contents() == ["a.txt", "b.txt", "c.txt"]
    tab.click("[data-sort=score]")
    assert paths.all_text_contents()[0] == "a.txt"
    tab.click("[data-sort=score]")
    assert paths.all_text_contents()[-1] == "a.txt"
    assert tab.get_attribute("th:has([data-sort=score])", "aria-sort") == "descending"


def test_a_long_list_is_paged(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [fine(f"{number:03}.txt") for number in range(120)], "#/pages")
    assert tab.locator("#list .row-link").count() == 50
    tab.click("#pager button:has-text('Next')")
    tab.click("#pager button:has-text('Next')")
    assert tab.locator("#list .row-path").all_text_contents()[-1] == "119.txt"
    tab.go_back()
    sync_api.expect(tab.locator("#pager span")).to_have_text("2 of 3")


def test_a_bar_leads_to_the_pages_behind_it(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt"), fine("b.txt")], "#/")
    tab.click(".bars a:has-text('spam.gambling.lead')")
    sync_api.expect(tab.locator("#list .row-path")).to_have_text(["a.txt"])
    assert tab.input_value("#rule") == "spam.gambling.lead"


def test_a_failed_page_says_what_to_do(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [(fine("x")[0], unread("d.txt"))], "#/page/d.txt")
    assert "leave it out" in tab.inner_text(".error-card")


def test_a_page_that_is_not_there_leads_back_to_the_list(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [fine("a.txt")], "#/page/%E0%A4%A")
    assert tab.inner_text("#page h1") == "No such page"


def test_escape_and_brackets_move_between_pages(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt"), fine("dir/b c%20?.txt")], "#/pages")
    tab.click(".row-link >> nth=0")
    sync_api.expect(tab.locator(".page-facts code")).to_have_text("a.txt")
    tab.keyboard.press("]")
    sync_api.expect(tab.locator(".page-facts code")).to_have_text("dir/b c%20?.txt")
    tab.keyboard.press("[")
    sync_api.expect(tab.locator("#page h1")).to_have_text("Sciatica")
    tab.keyboard.press("Escape")
    sync_api.expect(tab.locator("#list")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_screen(tab: Any, tmp_path: Path, width: int):
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, tmp_path, [spammed("a.txt"), fine("b" * 200)], "#/")
    for at in ("#/", "#/pages", "#/page/a.txt"):
        tab.goto(tab.url.partition("#")[0] + at)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, at


def full(folder: Path) -> Run:
    """A run with everything that the overview shows: two sites, a baseline, a suppression, campaigns, a failed page."""
    first, second = spammed("a.txt"), spammed("b.txt")
    told = [
        replaced(first[1], "https://one.example/a"),
        replaced(second[1], "https://two.example/b"),
        replaced(fine("c.txt")[1], "https://two.example/c"),
        unread("d.txt"),
    ]
    made = run(folder, told, [first[0], second[0], fine("c.txt")[0]])
    return replace(
        made,
        baselined=True,
        known=known(told[0], accepted=[0], ignored={1: "The editors agreed."}),
        verdict=gate(told, BAR),
        campaigns=lambda: iter(
            [campaign("maribook9", "a.txt"), campaign("<b>\u202e", "nowhere.txt", hosts={"x.example": 1})]
        ),
    )


def replaced(told: PageReport, url: str) -> PageReport:
    return PageReport(**{name: getattr(told, name) for name in told.__struct_fields__} | {"url": url})


def shown(tab: Any, made: Run, at: str) -> Any:
    (path,) = WRITERS["html"](made)
    tab.goto(path.as_uri() + at)
    return tab


def compared(tab: Any, folder: Path) -> Any:
    before = [spammed("a.txt")[1], fine("b.txt")[1], spammed("c.txt")[1]]
    after = [fine("a.txt")[1], spammed("b.txt")[1], spammed("c.txt")[1], unread("d.txt")]
    path = folder / "compare.html"
    with path.open("wb") as file:
        trend = [point("monday", before), point("tuesday", after)]
        write_comparison(file, compare(before, after), ("monday", "tuesday"), trend)
    tab.goto(path.as_uri())
    return tab


def test_the_overview_tells_what_is_new_and_leads_to_it(tab: Any, tmp_path: Path):
    shown(tab, full(tmp_path), "#/")
    assert tab.locator(".states b").all_text_contents() == ["4", "1", "1"]
    tab.click(".states a:has-text('Suppressed')")
    sync_api.expect(tab.locator("#list .row-path")).to_have_text(["https://one.example/a"])
    assert tab.input_value("#state") == "ignored"
    tab.select_option("#state", "new")
    sync_api.expect(tab.locator("#list .row-path")).to_have_text(["https://one.example/a", "https://two.example/b"])
    assert tab.locator("#list .state-tag").all_text_contents() == ["1 new", "3 new"]


def test_a_finding_says_how_it_stands_and_why_it_may(tab: Any, tmp_path: Path):
    shown(tab, full(tmp_path), "#/page/a.txt")
    assert tab.inner_text(".reason .badge.k-known") == "Known"
    tab.keyboard.press("j")
    assert "The editors agreed." in tab.inner_text(".reason-body")
    assert tab.locator(".all .state-tag").all_text_contents() == ["known", "suppressed", "new"]


def test_a_site_leads_to_its_pages(tab: Any, tmp_path: Path):
    shown(tab, full(tmp_path), "#/")
    sites = tab.locator(".card:has(#sites-title) .bars a")
    assert [name.split("\n")[0] for name in sites.all_inner_texts()] == ["one.example", "two.example", "no address"]
    sites.nth(1).click()
    sync_api.expect(tab.locator("#list .row-path")).to_have_text(["https://two.example/b", "https://two.example/c"])
    assert "site=two.example" in tab.url


def test_campaigns_are_told_and_lead_to_a_page(tab: Any, tmp_path: Path):
    shown(tab, full(tmp_path), "#/")
    assert tab.locator(".campaigns .what").all_text_contents() == ["maribook9", "<b>\u202e"]
    assert tab.locator(".card:has(#advertised-title) .bar-name").all_text_contents() == ["maribook9", "x.example"]
    tab.click(".campaigns a >> nth=0")
    sync_api.expect(tab.locator("#page h1")).to_have_text("Sciatica")


def test_the_hosts_of_cuts_are_told_without_any_campaign(tab: Any, tmp_path: Path):
    spam = 'slots at <a href="https://WWW.Bad.example/win">bad</a>, luck-win88.com, https://own.example/a: '
    pairs = []
    for name in ("a.txt", "b.txt"):
        page = Page(
            id=name, text=f"Sleep\n{spam}Sleep well. See kind.example.", kind="text", url="https://own.example/x"
        )
        pairs.append((page, report(page, cuts=[spam], findings=[finding(page.text, spam)])))
    opened(tab, tmp_path, pairs, "#/")
    told = tab.locator(".card:has(#advertised-title) .bar-row")
    assert [row.split("\n") for row in told.all_inner_texts()] == [["bad.example", "2"], ["luck-win88.com", "2"]]


def test_the_brands_of_cuts_are_told_without_any_campaign(tab: Any, tmp_path: Path):
    spam = "goldbet7 login, Slot88 bonus, exchange online, GAD-7: "
    page = Page(id="a.txt", text=f"Sleep\n{spam}Sleep well.", kind="text")
    opened(tab, tmp_path, [(page, report(page, cuts=[spam], findings=[finding(page.text, spam)]))], "#/")
    told = tab.locator(".card:has(#advertised-title) .bar-row")
    assert sorted(row.split("\n")[0] for row in told.all_inner_texts()) == ["goldbet7", "slot88"]


def test_a_run_without_baseline_or_sites_shows_neither(tab: Any, tmp_path: Path):
    opened(tab, tmp_path, [spammed("a.txt")], "#/")
    assert tab.locator("#since-title, #sites-title, #campaigns-title, #state, #site").count() == 0


def test_changes_filter_by_kind_and_words_and_the_address_keeps_it(tab: Any, tmp_path: Path):
    compared(tab, tmp_path)
    pages = tab.locator(".page-change:visible summary b")
    assert pages.all_text_contents() == ["b.txt", "a.txt", "d.txt"]
    tab.check("input[value=fixed]", force=True)
    sync_api.expect(pages).to_have_text(["a.txt"])
    assert tab.inner_text("#count") == "1 of 3 pages"
    tab.fill("#q", "nowhere")
    sync_api.expect(tab.locator("#none")).to_be_visible()
    address = tab.url
    tab.goto("about:blank")
    tab.goto(address)
    assert (tab.input_value("#q"), tab.is_checked("input[value=fixed]"), pages.count()) == ("nowhere", True, 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("at", ["#/", "#/pages", "#/page/a.txt", "#/page/d.txt", "compare"])
def test_axe_finds_nothing(tab: Any, tmp_path: Path, at: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab.emulate_media(color_scheme=scheme)
    if at == "compare":
        compared(tab, tmp_path)
    else:
        shown(tab, full(tmp_path), at)
    for node in tab.query_selector_all("details:not([open]) > summary"):
        if node.is_visible():
            node.click()
    found = axe.run(tab).response["violations"]
    assert [(rule["id"], rule["impact"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("at", ["#/", "#/pages", "compare"])
def test_the_new_parts_fit_a_narrow_screen(tab: Any, tmp_path: Path, at: str):
    tab.set_viewport_size({"width": 360, "height": 800})
    if at == "compare":
        compared(tab, tmp_path)
    else:
        shown(tab, full(tmp_path), at)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
