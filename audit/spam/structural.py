"""Rules on the form of a page: anchors, markup, and runs of items. Where each hits, in text local to a block.

The techniques that the finders know (`spam.structure.…`, `spam.hiding.…`) are such rules too, found with more care
there; here every rule is read by its fields alone, so that a user's own rule works, and its examples can be tested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from audit.model import Article, Block, Page
from audit.page import attributes, numbered, tagged
from audit.page.links import host_of
from audit.rules.match import Matcher, compile_pattern
from audit.rules.schema import Anchor, Markup, SpanCluster
from audit.text.folding import fold
from audit.text.mapped import MappedText
from audit.text.span import Span, union

Place = tuple[int, Span]
"""A block's index, and a stretch of its text."""

_ROLES = {
    "markup-comment": "markup_comment",
    "noscript": "noscript",
    "template": "template",
    "attribute": "attribute",
    "title": "title",
    "meta": "meta",
    "data": "data",
}
_WORD = re.compile(r"[^\W_][\w'’.&-]*")
_SENTENCE = re.compile(r"[.!?]\s")


def anchors(rule: Anchor, article: Article) -> Iterator[Place]:
    """Yield the anchor texts that a rule means."""
    for link in article.links:
        text = link.anchor.text
        if link.block < 0 or not text or (rule.external and not link.host):
            continue
        if rule.longest is not None and len(text.strip()) > rule.longest:
            continue
        if rule.rel and not set(rule.rel) & set(link.rel):
            continue
        if rule.any and not _matcher(rule).find(fold(text)):
            continue
        yield link.block, Span(link.at, link.at + len(text))


def markup(rule: Markup, article: Article) -> Iterator[Place]:
    """Yield the parts of a page that a rule means, as far as they hold text of a block."""
    linked = {link.block for link in article.links if link.host}
    for index, block in enumerate(article.blocks):
        text = block.text.text
        if not text.strip() or not _is_on(rule, block) or (rule.external_link and index not in linked):
            continue
        if rule.on == "hidden-link":
            yield from (
                (index, Span(link.at, link.at + len(link.anchor.text)))
                for link in article.links
                if link.block == index and link.host and link.anchor.text
            )
        elif not rule.regex or _pattern(rule.regex).search(fold(text).text) is not None:
            start = len(text) - len(text.lstrip())
            yield index, Span(start, len(text.rstrip()))


def _is_on(rule: Markup, block: Block) -> bool:
    if rule.on in {"hidden-text", "hidden-link"}:
        return block.hiding is not None and not block.hiding.exempt and block.role not in _ROLES.values()
    if rule.on == "reader-comment":
        return "comment" in (block.role, block.container)
    return block.role == _ROLES.get(rule.on)


def raw(rule: Markup, article: Article) -> Iterator[Span]:
    """Yield what a rule means of the parts of a page that hold no text: scripts, redirects, frames, links of the head.

    Spans of the page: the address or the code, not its tag.
    """
    if article.page.kind == "html" and rule.on in _RAW:
        yield from _RAW[rule.on](rule, article)


def _refreshes(_: Markup, article: Article) -> Iterator[Span]:
    for element in tagged(article, "meta"):
        match = _REFRESH.match(article.page.text, element.open.start, element.open.end)
        if match is not None and "://" in match["target"]:
            yield Span(*match.span("target"))


def _scripts(rule: Markup, article: Article) -> Iterator[Span]:
    for element in tagged(article, "script") if rule.regex else ():
        code = _END_OF_SCRIPT.sub("", article.page.text[element.open.end : element.span.end])
        found = _pattern(rule.regex).search(code)
        if found is not None:
            yield Span(element.open.end + found.start(), element.open.end + found.end())


_END_OF_SCRIPT = re.compile(r"</script[^>]*>\Z", re.IGNORECASE)


def _heads(rule: Markup, article: Article) -> Iterator[Span]:
    for index, _ in numbered(article, "link"):
        got = {item.name: item.value for item in attributes(article, index)}
        relations = got["rel"].text.lower().split() if "rel" in got else []
        if {"canonical", "amphtml"} & set(relations) or ("alternate" in relations and "hreflang" in got):
            yield from _address(rule, got.get("href"))


def _frames(rule: Markup, article: Article) -> Iterator[Span]:
    for index, _ in numbered(article, "iframe"):
        got = {item.name: item.value for item in attributes(article, index)}
        if any(name in got and _NO_SIZE.fullmatch(got[name].text.strip()) for name in ("width", "height")):
            yield from _address(rule, got.get("src"))


def _address(rule: Markup, value: MappedText | None) -> Iterator[Span]:
    if value is None or not value.text or (rule.regex and _pattern(rule.regex).search(fold(value.text).text) is None):
        return
    if host_of(value.text):
        yield from value.place()


_RAW: dict[str, Callable[[Markup, Article], Iterator[Span]]] = {
    "refresh": _refreshes,
    "script": _scripts,
    "canonical": _heads,
    "frame": _frames,
}
_NO_SIZE = re.compile(r"0*[01](?:px)?")
_REFRESH = re.compile(
    r"<meta\b(?=[^>]*\bhttp-equiv\s*=\s*[\"']?refresh)[^>]*?\bcontent\s*=\s*(?P<quote>[\"'])(?P<target>\s*\d*\s*;\s*url\s*=[^\"'>]+)",
    re.IGNORECASE,
)


def clusters(rule: SpanCluster, article: Article) -> Iterator[Place]:
    """Yield the runs that a rule means: of items between separators, of lines, or of links."""
    if rule.of == "links":
        yield from _link_runs(rule, article)
        return
    for index, block in enumerate(article.blocks):
        text = block.text.text
        if rule.of == "lines":
            if article.page.kind == "text":
                continue
            yield from ((index, span) for span in _line_runs(rule, text))
        else:
            span = _term_run(rule, text)
            if span is not None:
                yield index, span


def _term_run(rule: SpanCluster, text: str) -> Span | None:
    """Return the list that a block begins with, ends with, or is."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if rule.where == "lead" and rule.ends_with:
        close = min((at for mark in rule.ends_with if (at := text.find(mark)) >= 0), default=-1)
        if close < 0:
            return None
        end = close + 1
    elif rule.where == "trail":
        stops = [match.end() for match in _SENTENCE.finditer(text)]
        start = stops[-1] if stops else start
    body = text[start:end].rstrip(rule.ends_with)
    items = re.split(f"[{re.escape(rule.separators)}]", body)
    short = all(item.strip() and len(_WORD.findall(item)) <= rule.longest_item for item in items)
    return Span(start, end) if short and len(items) >= rule.fewest and not _SENTENCE.search(body) else None


def _line_runs(rule: SpanCluster, text: str) -> Iterator[Span]:
    run: list[Span] = []
    at = 0
    for line in [*text.split("\n"), "\0" * 2]:
        if line.strip("\0 ") and len(_WORD.findall(line)) <= rule.longest_item and not line.rstrip().endswith("."):
            run.append(Span(at, at + len(line)))
        else:
            if len(run) >= rule.fewest:
                yield Span(run[0].start, run[-1].end)
            run = []
        at += len(line) + 1


def _link_runs(rule: SpanCluster, article: Article) -> Iterator[Place]:
    run: list[Place] = []
    for link in (link for link in article.links if link.host and link.block >= 0 and link.anchor.text):
        place = link.block, Span(link.at, link.at + len(link.anchor.text))
        text = article.blocks[link.block].text.text
        if run and (run[-1][0] != place[0] or len(_WORD.findall(text[run[-1][1].end : place[1].start])) > 3):
            yield from _joined(rule, run)
            run = []
        run.append(place)
    yield from _joined(rule, run)


def _joined(rule: SpanCluster, run: list[Place]) -> Iterator[Place]:
    if len(run) >= rule.fewest:
        yield run[0][0], Span(run[0][1].start, run[-1][1].end)


@lru_cache(maxsize=256)
def _pattern(regex: str) -> Any:  # noqa: ANN401 (the bindings of re2 are not typed)
    return compile_pattern(regex)


@lru_cache(maxsize=256)
def _matcher(rule: Anchor) -> Matcher:
    return Matcher([rule])


def _in_page(places: Iterator[Place], article: Article) -> tuple[Span, ...]:
    return union(span for index, part in places if len(part) for span in article.blocks[index].text.to_page(part))


def _anchor_example(rule: Anchor, text: str) -> tuple[Span, ...]:
    article = _article(text)
    return _in_page(anchors(rule, article), article)


def _markup_example(rule: Markup, text: str) -> tuple[Span, ...]:
    if rule.on == "capture":
        from audit.spam.cloaking import only_here  # noqa: PLC0415 (only for examples)

        return tuple(only_here(rule, text))
    article = _article(text)
    return _whole(union([*_in_page(markup(rule, article), article), *raw(rule, article)]))


def _cluster_example(rule: SpanCluster, text: str) -> tuple[Span, ...]:
    if "<" in text:
        article = _article(text)
        return _whole(_in_page(clusters(rule, article), article))
    found = _line_runs(rule, text) if rule.of == "lines" else filter(None, [_term_run(rule, text)])
    return tuple(found)


def _whole(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the one span round all of them: an example marks what it means from end to end, tags included."""
    return (Span(spans[0].start, spans[-1].end),) if spans else ()


def _article(html: str) -> Article:
    from audit.page import parse  # noqa: PLC0415 (only for examples)

    return parse(Page(id="example", kind="html", text=html))


DETECTORS: dict[str, Callable[[Any, str], tuple[Span, ...]]] = {
    "anchor": _anchor_example,
    "markup": _markup_example,
    "span-cluster": _cluster_example,
}
"""By kind: where a rule hits in an example; for `audit.rules.selftest.check`."""
