"""What a page hands on to others, and what the sums of it say."""

from __future__ import annotations

import random

import pytest

from audit.model import Page
from audit.page import parse
from audit.pipeline import audit_seen
from audit.rules.load import RuleSet
from audit.spam.campaigns import Trace, Traces, campaigns, rows, site_of, summed, traces
from audit.spam.detect import examine
from audit.spam.elsewhere import Capture, Mark, marks_of, plain, withheld, words_of
from audit.text.span import Span

BODY = (
    "<p>Sciatica is pain along the sciatic nerve, which runs from the lower back down the leg. Symptoms include "
    "numbness and weakness in the affected leg.</p>"
)


@pytest.mark.parametrize(
    ("url", "path", "site"),
    [
        ("https://www.leaflet.co.uk/a", "x.html", "leaflet.co.uk"),
        ("https://news.leaflet.co.uk:8080/a", None, "leaflet.co.uk"),
        ("https://somebody.github.io/page", None, "somebody.github.io"),
        (None, "mirror/www.leaflet.co.uk/a/index.html", "leaflet.co.uk"),
        (None, "pages/drafts/index.html", ""),
        (None, "leaflet.com.html", ""),
        (None, None, ""),
        ("http://localhost/a", None, "localhost"),
    ],
)
def test_whose_site_a_page_is(url, path, site):
    assert site_of(Page(id="a", text="", kind="text", url=url, path=path)) == site


@pytest.mark.parametrize(
    ("inside", "marks"),
    [
        ("Play casino slots at moonbet77 tonight", [Mark("brand", "moonbet77")]),
        (
            'Play <a href="https://www.Moonreel.example.com/x?y">casino slots</a>',
            [Mark("host", "moonreel.example.com")],
        ),
        ("Casino help line: call +1 (888) 555-0143 now", [Mark("phone", "8885550143")]),
        ("Casino help line: call 888-555-0143 now", [Mark("phone", "8885550143")]),
        ('Casino <a href="https://wa.me/15551234567">WhatsApp</a>', [Mark("phone", "5551234567")]),
        ('Casino <a href="https://t.me/moonreel_casino">here</a>', [Mark("host", "t.me/moonreel_casino")]),
        ('Casino <a href="https://facebook.com/">here</a>', []),
        ("Casino night on 2026-11-23 10:30", []),
        ('Casino <a href="https://www.health.gov.uk/">facts</a>, <a href="https://www.uni.edu/">more</a>', []),
    ],
)
def test_names_by_which_a_seller_is_known_again(rules: RuleSet, inside, marks):
    look = examine(parse(Page(id="a", kind="html", text=f"<p>{inside}</p>")), rules)
    assert look is not None
    assert list(marks_of(look, Span(0, len(look.view.text)))) == marks


def test_a_clean_page_hands_on_nothing(rules: RuleSet):
    page = Page(id="a", kind="html", text=BODY)
    assert traces(page, 1, audit_seen(page, rules)[1]) is None


def test_disguise_and_case_do_not_make_another_text(rules: RuleSet):
    texts = []
    for spam in ("Play casino slots at moonbet77 tonight!", "PLAY c\u0430sino sl\u200bots  at moonbet77 tonight"):
        page = Page(id="a", kind="html", text=f"{BODY}<p>{spam}</p>")
        found = traces(page, 1, audit_seen(page, rules)[1])
        assert found is not None
        texts.append({trace.text for trace in found.traces if trace.text})
    assert texts[0] & texts[1]


def page_of(number: int, text: int, *, site: str = "a.example", before: int = 1, after: int = 1, **how) -> Traces:
    return Traces(number, site, (Trace(text, before, after, **how),))


def sums(pages: list[Traces]):
    found = [row for page in pages for row in rows(0, page)]
    return summed([sorted(random.Random(1).sample(found, len(found)))])


def test_repetition_counts_pages_sites_and_neighbours():
    pages = [page_of(at, 7, site=f"{at % 2}.example", before=at % 3, after=at) for at in range(1, 7)]
    [spread] = sums(pages).texts.values()
    assert (spread.pages, spread.sites, spread.before, spread.after, spread.leading) == (6, 2, 2, 6, 2)


def test_the_same_text_twice_on_a_page_is_one_page():
    pages = [Traces(at, "a.example", (Trace(7, at, at), Trace(7, at + 10, at + 10))) for at in (1, 2, 3)]
    assert next(iter(sums(pages).texts.values())).pages == 3


def test_a_name_that_was_cut_on_three_pages_is_known():
    mark = Mark("host", "moonreel.example")
    cut = [page_of(at, 0, named=(mark.key,), action="cut", marks=(mark,)) for at in range(3)]
    flagged = [page_of(at, 0, named=(mark.key,), action="flag", marks=(mark,)) for at in range(3)]
    assert sums(cut).marks == {mark.key}
    assert sums(flagged).marks == frozenset()
    assert sums(cut[:2]).marks == frozenset()


def test_names_tie_texts_to_one_campaign_and_common_tricks_do_not():
    host, own, common = (
        Mark("host", "moonreel.example"), Mark("trick", "left:-8123px"), Mark("trick", "left:-9999px")
    )  # fmt: skip
    told = [(1, host), (2, host), (3, host), (4, own), (5, own), (6, own), (7, common), (8, common), (9, common)]
    pages = [
        page_of(at, at, action="cut", marks=(mark,), plain=f"text {at}", quote=f"Text {at}", family="gambling")
        for at, mark in told
    ]
    found = campaigns(lambda: [(0, page) for page in pages], sums(pages).shared)
    assert [(one.campaign.what, one.campaign.pages) for one in found] == [("moonreel.example", 3), ("left:-8123px", 3)]


@pytest.mark.parametrize(
    ("text", "is_withheld"),
    [
        ("Play casino slots tonight", True),
        ("Sciatica is pain along the nerve", False),
        ("sciatica IS pain, along the nerve!", False),
        ("casino", True),
        ("nerve", False),
        ("Sciatica is pain along the nerve and casino slots", False),
        ("", False),
    ],
)
def test_what_a_capture_does_not_show(text, is_withheld):
    capture = Capture("browser", words_of("Sciatica is pain along the nerve. Rest helps."))
    assert withheld(plain(text.lower()), capture) is is_withheld


def test_a_planted_element_hands_on_whom_it_leads_to(rules: RuleSet):
    html = f'<html><body><h1>Sciatica</h1>{BODY}<a href="https://moonreel.example.com/slots"></a></body></html>'
    page = Page(id="a", kind="html", url="https://leaflet.example.org/", text=html)
    report, seen = audit_seen(page, rules)
    assert report.findings
    found = traces(page, 1, seen, report.findings)
    assert found is not None
    assert [mark for trace in found.traces for mark in trace.marks] == [Mark("host", "moonreel.example.com")]
