"""What hides text from a reader, by which means, and which honest reasons are told apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Hiding, Page
from audit.page import parse
from audit.page.visibility import StyleRules, alike, colour, declarations, hides, intent


def hiding(html: str) -> Hiding | None:
    """Return what hides the text `x` of a page."""
    return next(b.hiding for b in parse(Page(id="page", text=html, kind="html")).blocks if b.text.text == "x")


def told(html: str) -> tuple[str, str, str | None] | None:
    found = hiding(html)
    return found and (found.reason, found.by, found.exempt)


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "visibility:hidden", "visibility:collapse", "content-visibility:hidden", "opacity:0", "opacity:.01",
        "opacity:0%", "filter:opacity(0)", "font-size:0", "font-size:1px", "font-size:0.01em", "font:0/0 a",
        "text-indent:-9999px", "text-indent:-999em", "margin-left:-9999px", "margin-top:-5000px", "margin:-9999px 0 0 0",
        "margin-left:-1000%", "color:transparent", "color:rgba(0,0,0,0)", "transform:scale(0)",
        "transform:translate(-9999px,0)",
    ],
)  # fmt: skip
def test_one_declaration_hides(style: str) -> None:
    assert told(f'<p style="{style}">x') == (style, "inline", None)


@pytest.mark.parametrize(
    ("style", "reason"),
    [
        ("height:0;overflow:hidden", "height:0;overflow:hidden"),
        ("overflow:hidden;max-height:1px", "max-height:1px;overflow:hidden"),
        ("width:1px;height:1px;overflow:clip", "height:1px;overflow:hidden"),
        ("position:absolute;left:-9999px", "left:-9999px"),
        ("position:fixed;top:-5000px", "top:-5000px"),
        ("position:absolute;right:-3000px", "right:-3000px"),
        ("position:absolute;inset:-9999px auto auto 0", "inset:-9999px auto auto 0"),
        ("position:absolute;clip:rect(0 0 0 0)", "clip"),
        ("position:absolute;clip:rect(1px,1px,1px,1px)", "clip"),
        ("clip-path:inset(50%)", "clip"),
        ("color:#fff;background:#fff", "same colour"),
        ("background-color:white;color:rgb(255 255 255)", "same colour"),
        ("DISPLAY : None", "display:none"),
        ("color:red;/* display:block */display:none", "display:none"),
        ("display:none!important;display:block", "display:none"),
    ],
)
def test_several_declarations_hide(style: str, reason: str) -> None:
    assert told(f'<p style="{style}">x') == (reason, "inline", None)


@pytest.mark.parametrize(
    "html",
    [
        '<p style="display:block">x',
        '<p style="display:none;display:block">x',
        '<p style="height:0">x',
        '<p style="overflow:hidden;height:200px">x',
        '<p style="left:-9999px">x',
        '<p style="position:absolute;left:-20px">x',
        '<p style="margin:-20px 0">x',
        '<p style="opacity:.5">x',
        '<p style="font-size:11px">x',
        '<p style="transform:scale(0.9)">x',
        '<p style="color:#333;background:#fff">x',
        '<p aria-hidden="true">x',
        '<div style="background:#123"><p style="color:#fff">x</div>',
        '<div style="background:url(night.jpg) #fff"><p style="color:#fff">x</div>',
        '<table bgcolor="#000000"><tr><td><font color="#ffffff">x',
        '<body bgcolor=white><div style="background-color:#000"><font color=white>x',
        '<link rel=stylesheet href=/site.css><p style="color:#fff">x',
        '<link rel=stylesheet href=/site.css><body bgcolor=white><div class=hero><p style="color:#fff">x',
        "<style>.hero{background:#000;color:#fff}</style><div class=hero>x",
        '<style>body{background:#012}</style><p style="color:#fff">x',
        '<div style="visibility:hidden"><p style="visibility:visible">x',
        '<p data-hidden hidden-text="1">x',
        "<details><summary>More</summary><p>x</details>",
    ],
)
def test_what_can_be_seen_is_not_hidden(html: str) -> None:
    assert hiding(html) is None


@pytest.mark.parametrize(
    ("html", "reason", "by"),
    [
        ("<p hidden>x", "hidden", "attribute"),
        ('<div style="display:none"><p style="display:block">x', "display:none", "inline"),
        ('<div hidden><p style="opacity:0">x', "hidden", "attribute"),
        ('<body bgcolor=white><p style="color:#fff">x', "same colour", "inline"),
        ('<body bgcolor="#FFFFFF"><p><font color="#FEFEFE">x</font>', "same colour", "attribute"),
        ('<body text="#ffffff" bgcolor="#fff">x', "same colour", "attribute"),
        ('<table bgcolor=black><tr><td><font color="#000">x', "same colour", "attribute"),
        ('<div style="background:#fff"><p><span style="color:white">x</span>', "same colour", "inline"),
        ("<p><font color=#ffffff>x</font>", "same colour", "attribute"),
        ("<p>y<noscript>x</noscript>", "<noscript>", "tag"),
        ("<head><noscript>x</noscript></head>", "<noscript>", "tag"),
        ("<title>y</title><noscript><p>x</p></noscript><link rel=icon href=i>", "<noscript>", "tag"),
        ("<template>x</template>", "<template>", "tag"),
    ],
)
def test_what_hides_is_the_outermost_element_that_does(html: str, reason: str, by: str) -> None:
    assert told(html) == (reason, by, None)


@pytest.mark.parametrize(
    ("style", "reason"),
    [
        ("position: absolute top: 0px left: -8000px;", "left: -8000px"),
        ("left -8000px", "left -8000px"),
        ("display=none", "display=none"),
        ("visibility hidden", "visibility hidden"),
    ],
)
def test_broken_css_shows_what_it_meant(style: str, reason: str) -> None:
    assert told(f'<div style="{style}">x') == (reason, "intent", None)


@pytest.mark.parametrize(
    "style", ["left: auto top: 3px", "background:url(http://a.example/left-8000.png)", "color red", ""]
)
def test_broken_css_that_hides_nothing_means_nothing(style: str) -> None:
    assert intent(style) is None


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (".a{display:none}", True),
        ("#i{display:none}", True),
        ("p{display:none}", True),
        ("p.a{display:none}", True),
        ("div.a{display:none}", False),
        (".a.b{display:none}", False),
        (".b, .a {display:none}", True),
        ("/* .a{} */ .a { position:absolute;\n left:-9999px }", True),
        (".a{display:none}.a{display:block}", False),
        (".a{display:block}.a{display:none}", True),
        (".a{display:none}p.a{display:block}", False),
        ("p.a{display:none}.a{display:block}", True),
        (".a{display:none}.b{display:block}", True),
        (".a{display:none}.a{color:red}", True),
        ("@media print{.a{display:none}}", False),
        ("@media (max-width:600px){.a{display:none}}", False),
        (".a{display:none}@media (max-width:600px){.a{display:block}}", False),
        ("@media screen{.a{display:none}}", True),
        ("@supports (display:grid){.a{display:none}}", True),
        ("@font-face{src:url(x)}@media print{p{color:red}}.a{display:none}", True),
        ("@import 'x.css';.a{display:none}", True),
        (".a .c{display:none}", False),
        (".a:hover{display:none}", False),
        (".a{color:#fff;background-color:#fff}", True),
        (".a{color:#fff;background-color:#000}", False),
        (".a{display:none", True),
        ("body{display:none}", False),
    ],
)
def test_a_style_rule_hides_what_it_selects_last(sheet: str, hidden: bool) -> None:
    assert (hiding(f"<style>{sheet}</style><p class='a' id=i>x") is not None) is hidden


@pytest.mark.parametrize(
    ("start", "hidden"),
    [("<style media=print>", False), ("<style media=screen>", True), ("<style media='(max-width:40em)'>", False)],
)
def test_a_style_element_counts_where_it_is_meant_for_every_screen(start: str, hidden: bool) -> None:
    assert (hiding(f"{start}.a{{display:none}}</style><p class=a>x") is not None) is hidden


def test_a_style_rule_is_told_with_its_place() -> None:
    html = "<style>p{color:red}\n .a , .b { display:none } </style><p class=b>x"
    found = hiding(html)
    assert found is not None
    assert found.rule is not None
    assert found.by == "style"
    assert html[found.rule.start : found.rule.end] == ".a , .b { display:none }"


@pytest.mark.parametrize(
    ("style", "hidden"),
    [("display:block", False), ("color:red", True), ("opacity:1", True)],
)
def test_an_inline_style_takes_back_what_a_rule_hides(style: str, hidden: bool) -> None:
    assert (hiding(f"<style>.a{{display:none}}</style><p class=a style='{style}'>x") is not None) is hidden


def test_an_inline_style_takes_back_only_the_property_it_sets() -> None:
    html = "<style>.a{position:absolute;left:-9999px}</style><p class=a style='display:block'>x"
    assert told(html) == ("left:-9999px", "style", None)


@pytest.mark.parametrize(
    ("html", "exempt"),
    [
        ('<div class="accordion-body" style="display:none">x', "accordion"),
        ('<div class="faq"><div><div style="display:none">x', "accordion"),
        ("<details><p style='display:none'>x</details>", "accordion"),
        ("<p hidden=until-found>x", "accordion"),
        ("<button aria-controls=more>b</button><div id=more hidden>x", "accordion"),
        ('<a href="#more">b</a><div id=more style="display:none">x', "accordion"),
        ("<style>.p{display:none}.open .p{display:block}</style><div class=p>x", "accordion"),
        ('<div class="tab-pane" style="display:none">x', "tab"),
        ('<div role=tabpanel style="display:none">x', "tab"),
        ('<div class=carousel><div style="display:none">x', "slider"),
        ('<span class=tooltip style="visibility:hidden">x', "tooltip"),
        ('<div class="modal" style="display:none">x', "modal"),
        ('<div id="cookie-banner" style="display:none">x', "cookie banner"),
        ('<span class="sr-only" style="position:absolute;left:-9999px">x', "screen reader"),
        ("<style>.visually-hidden{clip:rect(0 0 0 0)}</style><span class=visually-hidden>x", "screen reader"),
        ('<a class="skip-link" href="#main" style="position:absolute;left:-9999px">x</a>', "skip link"),
        ('<h1 class=logo style="text-indent:-9999px">x', "image replacement"),
        ('<ul class="sub-menu" style="display:none"><li>x', "menu"),
        ("<style>li ul{left:0}.s{display:none}li:hover .s{display:block}</style><div class=s>x", "menu"),
    ],
)
def test_an_honest_reason_to_hide_is_named(html: str, exempt: str) -> None:
    found = hiding(html)
    assert found is not None
    assert found.exempt == exempt


@pytest.mark.parametrize("name", ["content", "zx81", "entry-footer", "stable", "established", "a", "promo"])
def test_other_names_are_no_excuse(name: str) -> None:
    assert told(f'<div class="{name}" style="display:none">x') == ("display:none", "inline", None)


def test_the_element_that_hides_is_named() -> None:
    parsed = parse(Page(id="page", text="<div><section hidden><p>x<p>y</section></div>", kind="html"))
    assert [parsed.elements[b.hiding.element].tag for b in parsed.blocks if b.hiding] == ["section", "section"]


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ("white", "#ffffff"), ("#fff", "#ffffff"), ("#ffff", "#ffffff"), ("#ffffffff", "#ffffff"), ("#abcdef", "#abcdef"),
        ("rgb(255, 255, 255)", "#ffffff"), ("rgb(255 255 255 / 100%)", "#ffffff"), ("rgba(0,0,0,1)", "#000000"),
        ("rgb(100%,0%,0%)", "#ff0000"), ("hsl(0,0%,100%)", "#ffffff"), ("hsl(120deg 100% 50%)", "#00ff00"),
        ("#fff no-repeat", "#ffffff"), ("inherit", ""), ("transparent", ""), ("", ""), (None, ""),
        ("rgba(255,255,255,.5)", "rgba(255,255,255,.5)"),
    ],
)  # fmt: skip
def test_a_colour_has_one_spelling(value: str | None, spelt: str) -> None:
    assert colour(value) == spelt


@pytest.mark.parametrize(
    ("text", "ground", "same"),
    [("#ffffff", "#ffffff", True), ("#ffffff", "#fafafa", True), ("#ffffff", "#f0f0f0", False), ("", "", False),
     ("picture", "picture", False), ("#gggggg", "#fffff0", False), ("#ffffff", "", False)],
)  # fmt: skip
def test_colours_are_alike_within_a_few_steps(text: str, ground: str, same: bool) -> None:
    assert alike(text, ground) is same


@given(st.text("abdehinopsty:;!-0159.%#{}()/*, ", max_size=60))
def test_any_style_text_is_read(style: str) -> None:
    properties = declarations(style)
    assert all(isinstance(value, str) for value in properties.values())
    hides(properties)
    intent(style)
    StyleRules(style, [(0, len(style))]).find("p", "a b", "i")


@pytest.mark.parametrize(
    "unit",
    [
        "a{",
        "}",
        "/*",
        "@media x{",
        ".a{left:-9999px}",
        ".a,",
        ".a .b{display:none}",
        "a{display:none;",
        "rgb(1 ",
        "color:rgb(1,",
    ],
)
def test_hostile_style_sheets_take_linear_time(unit: str) -> None:
    def took(text: str) -> float:
        start = time.process_time()
        StyleRules(text, [(0, len(text))]).find("p", "a b", "i")
        hides(declarations(text))
        colour(text.partition(":")[2] or text)
        intent(text)
        return time.process_time() - start

    half, whole = took(unit * (100_000 // len(unit))), took(unit * (200_000 // len(unit)))
    assert whole < 8 * half + 0.5


@pytest.mark.parametrize(
    ("sheet", "html", "hidden"),
    [
        (".a .b{display:none}", '<div class="a"><i><p class="b">x</p></i></div>', True),
        (".a .b{display:none}", '<p class="b">x</p>', False),
        (".a .b{display:none}", '<div class="b"><p class="a">x</p></div>', False),
        ("#c > p{display:none}", '<div id="c"><p>x</p></div>', True),
        ("#c > p{display:none}", '<div id="c"><div><p>x</p></div></div>', False),
        ("div.k p.m span{font-size:0}", '<div class="j k"><p class="m n"><span>x</span></p></div>', True),
        (".z, .a > .b{left:-9999px;position:absolute}", '<div class="a"><p class="b">x</p></div>', True),
        (".a .b{display:none}.a .b{display:block}", '<div class="a"><p class="b">x</p></div>', True),
        (".a .b{display:none}#d.b.e{display:block}", '<div class="a"><p id="d" class="b e">x</p></div>', False),
        (".a + .b{display:none}", '<div class="a"></div><p class="b">x</p>', False),
        (".a .b:hover{display:none}", '<div class="a"><p class="b">x</p></div>', False),
    ],
)
def test_a_selector_of_several_steps_hides(sheet: str, html: str, hidden: bool) -> None:
    assert (hiding(f"<style>{sheet}</style>{html}") is not None) is hidden


@pytest.mark.parametrize(
    ("script", "hidden"),
    [
        ("document.getElementById('k').style.display='none'", True),
        ('document.getElementById("k").style.display = "none";', True),
        ("document.querySelector('.m').style.visibility='hidden'", True),
        ("$('#k').hide();", True),
        ("jQuery('.m').hide()", True),
        ("document.getElementById('k').style.left='-9999px'", True),
        ("document.getElementById('k').style.color='red'", False),
        ("document.getElementById('other').style.display='none'", False),
        ("f=function(){$('#k').hide()};g=function(){$('#k').show()}", False),
        ("document.getElementById('k').style.display='none';f=function(){$('#k').toggle()}", False),
    ],
)  # fmt: skip
def test_a_script_hides_what_it_never_shows(script: str, hidden: bool) -> None:
    assert (hiding(f'<p id="k" class="m">x</p><script>{script}</script>') is not None) is hidden


def test_a_closed_dialog_is_hidden_honestly() -> None:
    assert told("<dialog><p>x</p></dialog>") == ("<dialog>", "tag", "modal")
    assert told("<dialog open><p>x</p></dialog>") is None


def test_a_selector_of_many_steps_that_are_not_met_takes_no_time() -> None:
    sheet = "<style>.z .b .b .b .b .a{display:none}.b > .b .b .b .a{display:none}</style>"
    page = Page(id="p", kind="html", text=f"{sheet}{'<div class=b>' * 60}{'<p class=a>x' * 50}")
    began = time.process_time()
    assert parse(page).blocks[0].hiding is not None
    assert time.process_time() - began < 1
