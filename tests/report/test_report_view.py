from __future__ import annotations

import pytest
from made_runs import claim, finding, report

from audit.model import Page, PageReport
from audit.report.html import pageview
from audit.report.html.pageview import Part, View, view

HTML = """<!doctype html><html><head><title>Back pain &amp; you</title>
<meta name="description" content="casino bonus"></head><body>
<h2>Massage</h2>
<p>Massage <b>can</b> help reduce pain &amp; stiffness.</p>
<div style="display:none">best <a href="https://bets.example">casino bonus</a> here</div>
<div style="display:none">a quiet note</div>
<nav><a href="/">Home</a></nav>
<!-- toto macau -->
</body></html>"""


def drawn(part: Part) -> str:
    """Return a part with its cuts in ~ and its marks in [n:]."""
    text = []
    for stretch in part.text:
        shown = f"~{stretch.text}~" if stretch.cut else stretch.text
        text.append(f"[{','.join(map(str, stretch.marks))}:{shown}]" if stretch.marks else shown)
    return "".join(text)


def html(text: str = HTML, **told: object) -> tuple[Page, PageReport]:
    page = Page(id="a.html", text=text, kind="html")
    return page, report(page, **told)


def parts(shown: View) -> list[str]:
    return [f"{part.role}: {drawn(part)}" for part in shown.parts]


def test_an_article_is_shown_block_by_block_without_what_nobody_sees():
    shown = view(*html())
    assert parts(shown) == [
        "title: Back pain & you",
        "heading: Massage",
        "paragraph: Massage can help reduce pain & stiffness.",
        "navigation: Home",
    ]
    assert shown.title == "Back pain & you"
    assert shown.unseen == 4


def test_hidden_text_is_shown_where_something_is_in_it_with_the_reason():
    quote = '<div style="display:none">best <a href="https://bets.example">casino bonus</a> here</div>'
    shown = view(*html(cuts=[quote], findings=[finding(HTML, quote)]))
    (part,) = [part for part in shown.parts if part.hidden]
    assert (drawn(part), part.hidden) == ("[0:~best casino bonus here~]", "display:none")
    assert shown.unseen == 3


def test_meta_and_comments_say_what_they_are():
    marks = [finding(HTML, 'casino bonus"'[:-1]), finding(HTML, "toto macau")]
    hidden = [(drawn(part), part.hidden) for part in view(*html(findings=marks)).parts if part.hidden]
    assert hidden == [("[0:casino bonus]", "meta description"), ("[1:toto macau]", "comment in the markup")]


def test_a_mark_over_tags_and_references_is_one_stretch():
    quote = "Massage <b>can</b> help reduce pain &amp; stiffness"
    marked = finding(HTML, quote, action="flag")
    assert "paragraph: [0:Massage can help reduce pain & stiffness]." in parts(view(*html(findings=[marked])))


def test_a_heading_has_its_level_and_a_block_its_line():
    heading = next(part for part in view(*html()).parts if part.role == "heading")
    assert (heading.level, heading.line) == (2, 3)


TEXT = "Sciatica\n\ncasino, slots: Massage can help.\nIt may cure."
PLAIN = Page(id="a.txt", text=TEXT, kind="text")


def test_text_is_shown_as_it_is_written_with_its_lines():
    shown = view(PLAIN, report(PLAIN, cuts=["casino, slots: "], findings=[finding(TEXT, "casino, slots: ")]))
    assert [(part.line, drawn(part)) for part in shown.parts] == [
        (1, "Sciatica"),
        (3, "[0:~casino, slots: ~]Massage can help."),
        (4, "It may cure."),
    ]
    assert shown.title == "Sciatica"


def test_marks_that_overlap_share_the_stretch_between_them():
    marks = [finding(TEXT, "casino, slots"), finding(TEXT, "slots: Massage")]
    assert drawn(view(PLAIN, report(PLAIN, findings=marks)).parts[1]) == (
        "[0:casino, ][0,1:slots][1:: Massage] can help."
    )


def test_a_claim_that_a_finding_speaks_of_is_not_marked_twice():
    told = finding(TEXT, "Massage can help", category="claims", severity=1, action="flag")
    claims = [claim(TEXT, "Massage can help"), claim(TEXT, "It may cure", severity=0)]
    shown = view(PLAIN, report(PLAIN, findings=[told], claims=claims))
    assert [drawn(part) for part in shown.parts][1:] == ["casino, slots: [0:Massage can help].", "[1:It may cure]."]
    assert shown.claim_places == ((3, 16), (4, 1))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_an_editor_ends_them(ending: str):
    page = Page(id="a.txt", text=f"one{ending}{ending}two{ending}", kind="text")
    assert [(part.line, drawn(part)) for part in view(page, report(page)).parts] == [(1, "one"), (3, "two")]


def test_a_page_without_text_has_no_parts():
    page = Page(id="a.txt", text="", kind="text")
    assert view(page, report(page)).parts == ()


def test_a_page_that_is_too_long_keeps_its_marks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pageview, "MOST_TEXT", 1_000)
    text = "x" * 800 + "\n" + "y" * 900 + "\n" + "z" * 5_000 + "casino" + "z" * 5_000 + "\n" + "w" * 700
    page = Page(id="a.txt", text=text, kind="text")
    shown = view(page, report(page, findings=[finding(text, "casino")])).parts
    assert [part.role for part in shown] == ["line", "line", "gap", "line", "gap"]
    assert [part.left_out for part in shown] == [0, 0, 700, 0, 700]
    assert "[0:casino]" in drawn(shown[3])
    assert len(drawn(shown[3])) < 1_400


def test_one_endless_line_is_shortened_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pageview, "MOST_TEXT", 1_000)
    page = Page(id="a.txt", text="x" * 50_000, kind="text")
    assert [(len(drawn(part)), part.left_out) for part in view(page, report(page)).parts] == [(1_000, 0), (0, 49_000)]
