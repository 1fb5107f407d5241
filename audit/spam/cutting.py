"""From a judged span to what leaves the page: blanks, bullets, line breaks, elements and style rules included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from audit.model import Article
from audit.page import numbered
from audit.spam.look import Candidate
from audit.spam.units import UNSEEN, View
from audit.text.span import Span, crossing, meets, subtract, union

_BULLET = re.compile(r"[ \t]*(?:[-*•·◦▪–—>]|\d{1,3}[.)])?[ \t]*")
_STANDING = frozenset("html body head main article section header footer nav aside table tbody tr td th form".split())
"""Elements that stay when they run empty: parts of the page's own frame."""
_WHITE_LINE = re.compile(r"[ \t]*\r?\n?")


def cut(view: View, candidate: Candidate) -> tuple[Span, ...]:
    """Return what of the page goes with a candidate, as disjoint spans in order.

    A whole line goes with its break and bullet; a whole element with its tags and the white line it stood on; the rest
    of a sentence keeps one blank and its punctuation; a value in a tag is blanked, its attribute stays.
    """
    goes = _text(view, candidate)
    return union([*goes, *_style_rules(view, candidate, goes)]) if goes else ()


def _text(view: View, candidate: Candidate) -> tuple[Span, ...]:
    """Return what of the page goes with a candidate, style rules aside."""
    page = view.article.page.text
    if candidate.elements and candidate.rule in {"spam.hiding.hidden-text", "spam.hiding.data"}:
        return cut_elements(view.article, candidate.elements)
    span = _tidy(view, candidate.span)
    places = _with_gaps(page, view.place(span))
    if not places:
        return ()
    block = view.block(candidate.start)
    if block.role == "markup_comment" and len(places) == 1:
        return (_comment(page, places[0]),)
    if view.article.page.kind == "html":
        emptied = _emptied(view, places, candidate)
        rest = subtract(places, emptied)
        starts, ends = {element.start for element in emptied}, {element.end for element in emptied}
        kept = (
            place for place in rest
            if page[place.start : place.end].strip() or not emptied or place.end in starts or place.start in ends
        )  # fmt: skip
        return union([*emptied, *kept])  # a blank goes with the element that it stands right before or behind
    if block.role in UNSEEN:
        return places
    return tuple(_with_line(page, place) if len(places) == 1 else place for place in places)


_NOTHING = re.compile(r"(?:<([a-z]+)(?:\s[^<>]*)?></\1\s*>|<!--[^<>]*-->)+", re.IGNORECASE)


def _with_gaps(page: str, places: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the places with the empty elements and comments between them that split a word: `slo<b></b>ts`."""
    gaps = [
        Span(left.end, right.start)
        for left, right in pairwise(places)
        if _NOTHING.fullmatch(page, left.end, right.start)
    ]
    return union([*places, *gaps]) if gaps else places


def _style_rules(view: View, candidate: Candidate, goes: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the rules of `<style>` that hid what goes, where nothing else on the page has their names."""
    for index, _ in view.parts(candidate.span):
        hiding = view.blocks[index].hiding
        if hiding is None or hiding.rule is None or hiding.element < 0:
            continue
        hidden = view.article.elements[hiding.element].span
        if any(hidden in span for span in goes) and not _is_named_beside(view, hiding.rule, goes):
            yield _rule_or_sheet(view.article, hiding.rule)


_NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
"""A class or id in a selector."""


def _is_named_beside(view: View, rule: Span, goes: tuple[Span, ...]) -> bool:
    """Whether a class or id that a rule selects stands anywhere else; a rule of bare tags is taken to be used."""
    page = view.article.page.text
    selectors = page[rule.start : page.find("{", rule.start, rule.end)]
    if any(_NAME.search(selector) is None for selector in selectors.split(",")):
        return True
    gone = union([*goes, rule])
    return any(
        not meets(gone, Span(start, start + len(name)))
        for name in set(_NAME.findall(selectors))
        for start in view.names.get(name, ())
    )


def _rule_or_sheet(article: Article, rule: Span) -> Span:
    """Return a style rule, or the whole `<style>` element where it holds nothing else."""
    page = article.page.text
    for index, element in numbered(article, "style"):
        if rule in element.span:
            inside = page[element.open.end : rule.start] + page[rule.end : element.span.end]
            return rule if _END_TAG.sub("", inside).strip() else _element(article, index)
    return rule


def cut_elements(article: Article, indexes: Iterable[int]) -> tuple[Span, ...]:
    """Return what of the page goes with whole elements: their tags, and the white line that each alone stood on."""
    return union(_element(article, index) for index in indexes)


def with_blank(page: str, span: Span) -> Span:
    """Return a stretch amid a sentence with the blank behind it, where another stands before it."""
    both = page[span.start - 1 : span.start] in {" ", "\n"} and page[span.end : span.end + 1] == " "
    return Span(span.start, span.end + 1) if both else span


def cut_tags(article: Article, index: int) -> tuple[Span, ...]:
    """Return the tags of an element, so that what it holds stays."""
    element = article.elements[index]
    end = _END_TAG.search(article.page.text, element.open.end, element.span.end)
    return (element.open, Span(end.start(), end.end())) if end is not None else ()


_END_TAG = re.compile(r"</[A-Za-z][^<>]*>\Z")


def _comment(page: str, place: Span) -> Span:
    """Return a comment with its delimiters and white line where the place is all that it says."""
    start, end = place.start, place.end
    while start and page[start - 1].isspace():
        start -= 1
    while end < len(page) and page[end].isspace():
        end += 1
    if page[start - 4 : start] != "<!--" or page[end : end + 3] != "-->":
        return place
    start, end = start - 4, end + 3
    line = page.rfind("\n", 0, start) + 1
    rest = _WHITE_LINE.match(page, end)
    if not page[line:start].strip() and rest is not None and page[rest.end() - 1 : rest.end()] == "\n":
        return Span(line, rest.end())
    return Span(start, end)


def _tidy(view: View, span: Span) -> Span:
    """Return the span with the blank that the sentence round it no longer needs, and a stray separator."""
    text = view.text
    span = view.trim(span) if text[span.start : span.end].strip() else span
    line = view.line(span.start)
    start, end = span.start, span.end
    line_end = max(end, view.line(max(start, end - 1)).end)
    left, right = _back(text, start, line.start, str.isspace), _forth(text, end, line_end, str.isspace)
    if left == line.start or right == line_end:
        if right == line_end and left > line.start:
            start = _back(text, start, line.start, _BLANKS.__contains__)
        elif right < line_end:
            end = _forth(text, end, line_end, _BLANKS.__contains__)
        return Span(start, end)
    if text[left - 1] == "," and text[right] in {",", ";"}:
        return Span(left, right + 1)
    if text[left - 1] == "," and text[right] in {".", "!", "?", ":"}:
        return Span(left - 1, end)
    if text[start - 1].isspace() and (text[end].isspace() or text[end] in ".,;:!?)"):
        start -= 1
    return Span(start, end)


_BLANKS = frozenset(" \t\u00a0")


def _back(text: str, at: int, least: int, skipped: Callable[[str], bool]) -> int:
    """Return the place before which the characters that are skipped begin; no further back than the least."""
    while at > least and skipped(text[at - 1]):
        at -= 1
    return at


def _forth(text: str, at: int, most: int, skipped: Callable[[str], bool]) -> int:
    """Return the place behind the characters that are skipped; no further than the most."""
    while at < most and skipped(text[at]):
        at += 1
    return at


def _is_blank_of_a_line(char: str) -> bool:
    return char != "\n" and char.isspace()


def _begins_line(page: str, at: int) -> int:
    """Return where the line of a place begins if nothing but blanks stands before it, else -1."""
    while at and page[at - 1] != "\n":
        if not page[at - 1].isspace():
            return -1
        at -= 1
    return at


def _with_line(page: str, place: Span) -> Span:
    """Return the place with its line break where it is all of its line, bullet included.

    The break before goes where the page ends with the line, else the one behind; of two blank lines one stays.
    """
    end = _forth(page, place.end, len(page), _is_blank_of_a_line)
    if end < len(page) and page[end] != "\n":
        return place
    start = page.rfind("\n", 0, place.start) + 1
    if _BULLET.fullmatch(page, start, place.start) is None:
        return place
    if end < len(page):
        end += 1
        if (start == 0 or page.endswith("\n\n", 0, start)) and page.startswith("\n", end):
            end += 1
        return Span(start, end)
    return Span(max(len(page[:start].rstrip("\n")), start - 2), end)


def _emptied(view: View, places: tuple[Span, ...], candidate: Candidate) -> tuple[Span, ...]:
    """Return the outermost elements that hold nothing more once the places are gone, whole."""
    article = view.article
    page = article.page.text
    outermost: set[int] = set()
    indexes = {index for index, _ in view.parts(candidate.span)}
    elements = {view.blocks[index].element for index in indexes if view.blocks[index].role not in {"attribute", "meta"}}
    elements |= set(candidate.elements) | {link.element for link in view.links_from(candidate.span)}
    if view.block(candidate.start).role in {"meta", "attribute", "title"}:
        return ()
    empty: dict[int, bool] = {}
    for element in (e for e in elements if e >= 0):
        outer = -1
        at = element
        while at >= 0 and article.elements[at].tag not in _STANDING:
            if at not in empty:
                inside = Span(article.elements[at].open.end, article.elements[at].span.end)
                left = subtract([inside], crossing(places, inside))
                empty[at] = not _has_content("".join(page[span.start : span.end] for span in left))
            if not empty[at]:
                break
            outer = at
            at = article.elements[at].parent
        outermost.add(outer)
    return union(_element(article, outer) for outer in outermost if outer >= 0)


_TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)[^>]*>", re.DOTALL)


def _has_content(html: str) -> bool:
    """Whether anything but blanks, tags and comments is left: text, or an element that shows without text."""
    at = 0
    for match in _TAG.finditer(html):
        if html[at : match.start()].strip() or (match[2] and match[2].lower() in _SHOWING):
            return True
        at = match.end()
    return bool(html[at:].strip())


_SHOWING = frozenset("img video audio iframe svg input button table form".split())


def _element(article: Article, index: int) -> Span:
    """Return an element with its tags, and the white line that it alone stood on."""
    page = article.page.text
    element = article.elements[index]
    start, end = element.span.start, element.span.end
    line_start = _begins_line(page, start)
    if line_start >= 0:
        rest = _WHITE_LINE.match(page, end)
        if rest is not None and page[rest.end() - 1 : rest.end()] == "\n" and rest.end() > end:
            return Span(line_start, rest.end())
    return Span(start, end)
