"""What goes with an injection: the blanks, marks, bullets, lines, tags and style rules that were there for its sake."""

from __future__ import annotations

import re

import pytest

from audit.model import Article, Kind, Page
from audit.page import parse
from audit.spam.cutting import cut, cut_elements, cut_tags, with_blank
from audit.spam.look import Candidate
from audit.spam.units import View
from audit.text.span import Span, without

SPAM = "buy pills"


def _read(marked: str, kind: Kind | None = None) -> Article:
    """Return a page that was written with `⟦…⟧` round what goes."""
    text = re.sub("[⟦⟧]", "", marked)
    return parse(Page(id="page", kind=kind or ("html" if text.startswith("<") else "text"), text=text))


def _marked(text: str, cuts: tuple[Span, ...]) -> str:
    for span in reversed(cuts):
        text = f"{text[: span.start]}⟦{text[span.start : span.end]}⟧{text[span.end :]}"
    return text


def _cut(article: Article, quote: str, rule: str, tags: frozenset[str] = frozenset()) -> str:
    """Return the page with marks round what goes when a quote is cut, and the elements of some tags as wholes."""
    view = View(article)
    at = view.text.index(quote)
    elements = tuple(index for index, element in enumerate(article.elements) if element.tag in tags)
    return _marked(article.page.text, cut(view, Candidate(at, at + len(quote), rule, elements)))


PHRASES = {
    "the blank before it, not the one behind": "Rest.⟦ buy pills⟧ Ice.",
    "the blank before a stop": "Rest⟦ buy pills⟧.",
    "the blank before a comma": "Rest⟦ buy pills⟧, then ice.",
    "the blank before a bracket that stays": "(Rest⟦ buy pills⟧) Ice.",
    "no blank inside of brackets": "Rest (⟦buy pills⟧) and ice.",
    "no blank where a mark touches it": "Rest ⟦buy pills⟧- ice.",
    "no mark that is written on to it": "Rest -⟦buy pills⟧- ice.",
    "one of two commas": "Rest,⟦ buy pills,⟧ ice.",
    "one of two commas, with all blanks": "Rest,⟦  buy pills  ,⟧ ice.",
    "a semicolon after a comma": "Rest,⟦ buy pills;⟧ ice.",
    "the comma before a stop": "Rest, ice⟦, buy pills⟧. More.",
    "the comma before an exclamation mark": "Rest, ice⟦, buy pills⟧! More.",
    "the comma before a question mark": "Rest, ice⟦, buy pills⟧? More.",
    "the comma before a colon": "Rest, ice⟦, buy pills⟧: more.",
    "the comma and its blanks before a stop": "Rest, ice⟦,  buy pills⟧. More.",
    "no comma before a word": "Rest,⟦ buy pills⟧ ice.",
    "no stop before a stop": "Rest.⟦ buy pills⟧. Ice.",
    "the blank behind it at the head of a line": "Rest\n⟦buy pills ⟧helps.",
    "all blanks behind it at the head of a line": "Rest\n⟦buy pills \t\u00a0⟧helps.",
    "the blank before it at the end of a line": "Rest\nIce.⟦ buy pills⟧\nMore.",
    "all blanks before it at the end of a line": "Rest\nIce.⟦ \t\u00a0buy pills⟧\nMore.",
}


@pytest.mark.parametrize("marked", PHRASES.values(), ids=PHRASES)
def test_a_phrase_goes_with_what_the_sentence_no_longer_needs(marked: str) -> None:
    assert _cut(_read(marked), SPAM, "spam.structure.dropped-phrase") == marked


@pytest.mark.parametrize("quote", [" buy pills", "buy pills ", " buy pills "])
def test_blanks_that_were_judged_with_a_phrase_do_not_glue_words_together(quote: str) -> None:
    assert _cut(_read("Rest. buy pills Ice."), quote, "spam.structure.dropped-phrase") == "Rest.⟦ buy pills⟧ Ice."


LINES = {
    "the break behind it": "Rest\n⟦buy pills.\n⟧Ice.",
    "the first line": "⟦buy pills.\n⟧Ice.",
    "the break before it at the end of the page": "Rest⟦\nbuy pills.⟧",
    "two breaks before it at the end of the page": "Rest\n⟦\n\nbuy pills.⟧",
    "the break behind it where the page ends with one": "Rest\n⟦buy pills.\n⟧",
    "all of a page": "⟦buy pills.⟧",
    "a page of one line and its break": "⟦buy pills.\n⟧",
    "the break of Windows": "Rest\r\n⟦buy pills.\r\n⟧Ice.",
    "one of two blank lines": "Rest\n\n⟦buy pills.\n\n⟧Ice.",
    "the blank line behind the first line": "⟦buy pills.\n\n⟧Ice.",
    "one blank line of two behind it": "Rest\n\n⟦buy pills.\n\n⟧\nIce.",
    "no blank line that parts it from what follows": "Rest\n⟦buy pills.\n⟧\nIce.",
    "no blank line that parts it from what precedes": "Rest\n\n⟦buy pills.\n⟧Ice.",
    "the first line after a break": "\n⟦buy pills.\n⟧Ice.",
    "the blank line behind it after two breaks": "\n\n⟦buy pills.\n\n⟧Ice.",
    "blanks round it": "Rest\n⟦  buy pills.  \n⟧Ice.",
    "a bullet": "Rest\n⟦- buy pills.\n⟧- Ice.",
    "a bullet and the blanks before it": "Rest\n⟦  • buy pills.\n⟧  • Ice.",
    "a number": "Rest\n⟦12. buy pills.\n⟧13. Ice.",
    "a number in brackets": "Rest\n⟦2) buy pills.\n⟧3) Ice.",
    "no year, which is no number of a list": "Rest\n1999.⟦ buy pills.⟧\nIce.",
    "no break where a word stays before it": "Rest\nIce.⟦ buy pills.⟧\nMore.",
    "no break where a word stays behind it": "Rest\n⟦buy pills. ⟧Ice.\nMore.",
}  # fmt: skip


@pytest.mark.parametrize("marked", LINES.values(), ids=LINES)
def test_a_line_goes_with_its_break_and_bullet(marked: str) -> None:
    assert _cut(_read(marked), f"{SPAM}.", "spam.structure.list-line") == marked


def test_the_title_of_a_text_leaves_its_line() -> None:
    assert _cut(_read("⟦buy pills⟧\n\nIce."), SPAM, "spam.hiding.title") == "⟦buy pills⟧\n\nIce."


HTML = {
    "an element": "<p>Rest.</p>⟦<p>buy pills</p>⟧<p>Ice.</p>",
    "the line of an element": "<p>Rest.</p>\n⟦  <p>buy pills</p>  \n⟧<p>Ice.</p>",
    "the line of an element on a page of Windows": "<p>Rest.</p>\r\n⟦<p>buy pills</p>\r\n⟧<p>Ice.</p>",
    "the first line of a page": "⟦<p>buy pills</p>\n⟧<p>Ice.</p>",
    "the last line of a page": "<p>Rest.</p>\n⟦<p>buy pills</p>⟧",
    "a page and its break": "⟦<p>buy pills</p>\n⟧",
    "no break where another element stands before it": "<p>Rest.</p> ⟦<p>buy pills</p>⟧\n<p>Ice.</p>",
    "no break where another element stands behind it": "<p>Rest.</p>\n⟦<p>buy pills</p>⟧ <p>Ice.</p>",
    "one blank line less, not two": "<p>Rest.</p>\n\n⟦<p>buy pills</p>\n⟧\n<p>Ice.</p>",
    "an element that nothing closes, and nothing before it": "<div>\n  ⟦<p>buy pills\n⟧<p>Ice.</div>",
    "all that holds nothing else": "<p>Rest.</p>\n⟦<div>\n<p><b>buy pills</b></p>\n</div>\n⟧<p>Ice.</p>",
    "a comment in it": "<p>Rest.</p>⟦<p><!-- ad --><span>buy pills</span></p>⟧",
    "a list item, and the list stays": "<ul>\n<li>Rest.</li>\n⟦<li>buy pills</li>\n⟧</ul>",
    "a list of one item": "⟦<ul>\n<li>buy pills</li>\n</ul>\n⟧<p>Ice.</p>",
    "not the frame of a page": "<html><body><section>⟦<p>buy pills</p>⟧</section></body></html>",
    "not the frame that holds it outright": "<main>⟦buy pills⟧</main>",
    "not the cell of a table": "<table><tr><td>⟦buy pills⟧</td><td>Ice.</td></tr></table>",
    "not what an image stands in": '<p>Rest.</p><div><img src="knee.png">⟦<p>buy pills</p>⟧</div>',
    "not what a player stands in": '<div><iframe src="knee"></iframe>⟦<p>buy pills</p>⟧</div>',
    "not what a table stands in": "<div><table></table>⟦<p>buy pills</p>⟧</div>",
    "not what a field stands in": "<div><INPUT>⟦<p>buy pills</p>⟧</div>",
    "not what text stands in": "<div>Rest.⟦<p>buy pills</p>⟧</div>",
    "a link with the blank before it": '<p>Rest.⟦ <a href="https://a.test/">buy pills</a>⟧ Ice.</p>',
    "a link with the blank behind it": '<p>⟦<a href="https://a.test/">buy pills</a> ⟧Ice.</p>',
    "a link and no blank": '<p>Rest.⟦<a href="https://a.test/">buy pills</a>⟧Ice.</p>',
    "a link in another paragraph's place": '<p>Rest.</p>\n<p>Ice.⟦ <a href="https://a.test/"><b>buy</b> pills</a>⟧</p>',
    "no link beside it": '<p>Rest.⟦ buy pills⟧ <a href="https://a.test/">Ice.</a></p>',
    "no empty link elsewhere": '<p>Rest. <a href="https://a.test/"></a></p>\n⟦<p>buy pills</p>⟧',
    "no link that says more": '<p><a href="https://a.test/">Rest.⟦ buy pills⟧</a> Ice.</p>',
    "a word with an empty element in it": "<p>Rest.⟦ buy <b></b>pills⟧ Ice.</p>",
    "a word with a comment in it": "<p>Rest.⟦ buy <!-- x -->pills⟧ Ice.</p>",
    "a word with several of them": "<p>Rest.⟦ buy <i class=x></i><!-- x --><B></b >pills⟧ Ice.</p>",
    "text up to the tags in it": "<p>Rest.⟦ buy ⟧<b>⟦pills⟧</b> Ice.</p>",
    "the blank before tags that stay": "<p>Rest.⟦ ⟧<b>⟦buy pills⟧</b> Ice.</p>",
    "the words between two breaks": "<p>Rest.<br>⟦buy pills⟧<br>Ice.</p>",
    "the value of an attribute": '<p>Rest. <img alt="⟦buy pills⟧"></p>',
    "a part of a value": '<p>Rest. <img alt="Knee,⟦ buy pills⟧"></p>',
    "the value of a title": "<title>⟦buy pills⟧</title><p>Ice.</p>",
    "the value of a description": '<meta name="description" content="⟦buy pills⟧"><p>Ice.</p>',
    "no blanks at the ends of a value": '<p>Rest. <img alt="  ⟦buy pills⟧  "></p>',
    "the title of a paragraph": '<p title="⟦buy pills⟧">Rest.</p>',
    "a comment": "<p>Rest.</p>⟦<!--buy pills-->⟧<p>Ice.</p>",
    "a comment and its line": "<p>Rest.</p>\n⟦  <!--  buy pills\n -->  \n⟧<p>Ice.</p>",
    "a comment on the first line": "⟦<!-- buy pills -->\n⟧<p>Ice.</p>",
    "a comment at the end": "<p>Rest.</p>\n⟦<!-- buy pills -->⟧",
    "a comment that nothing closes": "<p>Rest.</p>\n<!-- ⟦buy pills⟧ ",
    "a comment behind an element": "<p>Rest.</p> ⟦<!-- buy pills -->⟧\n<p>Ice.</p>",
    "a comment before an element": "<p>Rest.</p>\n⟦<!-- buy pills -->⟧ <p>Ice.</p>",
    "a part of a comment, from its end": "<p>Rest.</p>\n<!-- todo:⟦ buy pills⟧ -->\n<p>Ice.</p>",
    "a part of a comment, from its beginning": "<p>Rest.</p>\n<!-- ⟦buy pills⟧: todo -->\n<p>Ice.</p>",
}


@pytest.mark.parametrize("marked", HTML.values(), ids=HTML)
def test_markup_that_runs_empty_goes_too(marked: str) -> None:
    assert _cut(_read(marked), SPAM, "spam.structure.dropped-phrase") == marked


@pytest.mark.parametrize("marked", ["\n⟦<!-- buy pills -->\n⟧<p>Ice.</p>", "\n⟦<p>buy pills</p>\n⟧<p>Ice.</p>"])
def test_a_break_at_the_head_of_a_page_is_no_part_of_the_next_line(marked: str) -> None:
    assert _cut(_read(marked, "html"), SPAM, "spam.structure.dropped-phrase") == marked


SEVERAL = {
    "the blank behind the last line": ("Rest\n⟦buy pills⟧\n⟦shop now ⟧helps.\nIce.", "buy pills\nshop now"),
    "lines of elements": ("<p>Rest.</p>\n⟦<p>buy pills</p>\n<p>shop now</p>\n⟧<p>Ice.</p>", "buy pills\nshop now"),
    "elements on one line, the blank between them left": (
        "<p>Rest.</p>⟦<p>buy pills</p>⟧ ⟦<p>shop now</p>⟧", "buy pills\nshop now",
    ),
    "links and the words between them": (
        "<p>Rest.⟦ <a href=x>buy pills</a> and <a href=y>shop now</a>⟧ Ice.</p>", "buy pills and shop now",
    ),
    "links and the blank between them": (
        "<p>Rest.⟦ <a href=x>buy pills</a> <a href=y>shop now</a>⟧ Ice.</p>", "buy pills shop now",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "quote"), SEVERAL.values(), ids=SEVERAL)
def test_several_go_together(marked: str, quote: str) -> None:
    assert _cut(_read(marked), quote, "spam.structure.link-run") == marked


def test_an_item_of_markdown_goes_with_its_bullet() -> None:
    marked = "# Knees\n\n* Rest.\n⟦* buy pills\n⟧* Ice.\n"
    assert _cut(_read(marked, "markdown"), SPAM, "spam.structure.list-line") == marked


HIDDEN = {
    "all of a hidden element": "<p>Rest.</p>\n⟦<div hidden><p>buy pills</p> <img src=x> Read on.</div>\n⟧<p>Ice.</p>",
    "no line that it shares": "<p>Rest.</p> ⟦<div hidden>buy pills</div>⟧\n<p>Ice.</p>",
    "no letter that stands before it on its line": "<p>Rest.</p>\nA ⟦<div hidden>buy pills</div>⟧\n<p>Ice.</p>",
    "a page of nothing else": "⟦<div hidden>buy pills</div>⟧",
}


@pytest.mark.parametrize("marked", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_element_goes_whole(marked: str) -> None:
    assert _cut(_read(marked), SPAM, "spam.hiding.hidden-text", frozenset({"div"})) == marked


def test_a_link_that_was_judged_goes_with_an_element_that_shows_nothing() -> None:
    """A link in elements of its own, judged by its words: the elements hold nothing once they are gone."""
    marked = "<p>Rest.</p>⟦<div><span>buy pills</span></div>⟧<p>Ice.</p>"
    assert _cut(_read(marked), SPAM, "spam.structure.dropped-phrase", frozenset({"span"})) == marked


BLOCK = "<div class=k id=j>buy pills</div>"
SHEETS = {
    "the sheet that holds nothing else": f"<p>Rest.</p>\n⟦<style>.k{{display:none}}</style>\n{BLOCK}\n⟧<p>Ice.</p>",
    "a sheet behind it": f"⟦{BLOCK}\n<style>.k{{display:none}}</style>\n⟧<p>Ice.</p>",
    "a rule among others": f"<style>p{{top:0}}⟦.k{{display:none}}⟧ .r{{top:0}}</style>\n⟦{BLOCK}\n⟧<p>Ice.</p>",
    "a rule by id": f"⟦<style>#j{{display:none}}</style>\n{BLOCK}\n⟧<p>Ice.</p>",
    "a rule of several names, none of them used": f"⟦<style>.k,.m{{display:none}}</style>\n{BLOCK}\n⟧<p>Ice.</p>",
    "a name that only looks alike": f"⟦<style>.k{{display:none}}</style>\n{BLOCK}\n⟧<p class='k-2 x-k'>Ice.</p>",
    "not a rule that hides something else": f"<style>.k{{display:none}}</style>\n⟦{BLOCK}\n⟧<p class=k>Ice.</p>",
    "not a rule with another name that is used": f"<style>.k,.m{{display:none}}</style>\n⟦{BLOCK}\n⟧<p class=m>Ice.</p>",
    "not a rule of all elements of a kind": f"<style>.k,div{{display:none}}</style>\n⟦{BLOCK}\n⟧<p>Ice.</p>",
    "not the rule of an element that stays": (
        "<style>.k{display:none}</style>\n<div class=k>⟦buy pills ⟧Walk much.</div><p>Ice.</p>"
    ),
    "not a rule that does not hide it": f"<style>.k{{top:0}}</style>\n⟦{BLOCK}\n⟧<p>Ice.</p>",
}


@pytest.mark.parametrize("marked", SHEETS.values(), ids=SHEETS)
def test_the_style_rule_that_hid_it_goes_where_nothing_else_needs_it(marked: str) -> None:
    assert _cut(_read(marked), SPAM, "spam.structure.dropped-phrase") == marked


TWO = {
    "the rule of two blocks": "⟦<style>.k{display:none}</style>\n<p class=k>buy pills</p>⟧ ⟦<p class=k>shop now</p>⟧ <p>Ice.</p>",
    "the rule of the second": "⟦<style>.k{display:none}</style>\n<p>buy pills</p>⟧ ⟦<p class=k>shop now</p>⟧ <p>Ice.</p>",
}  # fmt: skip


@pytest.mark.parametrize("marked", TWO.values(), ids=TWO)
def test_the_style_rule_that_hid_some_of_it_goes(marked: str) -> None:
    assert _cut(_read(marked), "buy pills\nshop now", "spam.structure.link-run") == marked


def test_words_without_a_place_in_the_page_cut_nothing() -> None:
    view = View(_read("Rest.\n\nIce."))
    at = view.text.index("\n")
    assert cut(view, Candidate(at, at + 1, "spam.structure.dropped-phrase")) == ()


@pytest.mark.parametrize(
    "marked",
    [
        "Rest. ⟦buy ⟧Ice.",
        "Rest.\n⟦buy ⟧Ice.",
        "Rest (⟦buy⟧ ice).",
        "Rest. ⟦buy⟧, ice.",
        "Rest. ⟦buy⟧\nIce.",
        "⟦buy⟧ Ice.",
    ],
)
def test_a_stretch_takes_the_blank_behind_it_where_another_stands_before(marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    at = text.index("buy")
    assert _marked(text, (with_blank(text, Span(at, at + 3)),)) == marked


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>Rest <a href=x>your <b>knee</b></a> often.</p>", "<p>Rest your <b>knee</b> often.</p>"),
        ("<p>Rest <a href=x>your</A > knee.</p>", "<p>Rest your knee.</p>"),
        ("<p>Rest <a href=x>your knee.", "<p>Rest <a href=x>your knee."),
    ],
    ids=["what it holds stays", "an end tag in capitals", "nothing goes of a link that is never closed"],
)
def test_the_tags_of_an_element_go_without_what_it_holds(html: str, left: str) -> None:
    article = _read(html)
    (index,) = (index for index, element in enumerate(article.elements) if element.tag == "a")
    assert without(html, cut_tags(article, index)) == left


def test_elements_go_with_the_lines_that_each_stood_on() -> None:
    html = "<div>\n  <p>Rest.</p>\n  <i></i>\n  <p>Ice.</p> <i></i>\n</div>\n"
    article = _read(html)
    goes = cut_elements(article, [at for at, element in enumerate(article.elements) if element.tag == "i"])
    assert without(html, goes) == "<div>\n  <p>Rest.</p>\n  <p>Ice.</p> \n</div>\n"
