"""Where an injection may stand: every finder proposes spans, cheaply and with high recall; the judge decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from audit.model import Link
from audit.spam.payload import OFFER_WORDS, Phrase, Seed
from audit.spam.topic import Topic, script_of
from audit.spam.units import UNSEEN, View
from audit.text.folding import Folded
from audit.text.span import Span

if TYPE_CHECKING:
    from audit.rules.load import RuleSet

SEPARATORS = ",|/•·;、，»→"
_CLOSER = re.compile(r"\s*(?::(?!\d)|[–—|]|(?<=\s)-{1,2}(?=\s))\s*")
_WORD = re.compile(r"[^\W_][\w'’.&-]*")
_STOP = re.compile(r"[.!?…。！？]+[\"'”’)\]]*\s")
_VERBS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|will|would|should|do|does|did|helps?|makes?|gives?"
    r"|takes?|needs?|causes?|says?|said|shows?|means?|uses?|if|because|that|which|who|when|while)\b",
    re.IGNORECASE,
)
_AI = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:the\s+|your\s+)?(?:previous|prior|above|earlier)\s+"
    r"(?:instructions?|prompts?|rules|context)|\b(?:you are|act as)\s+(?:an?\s+)?(?:ai|assistant|language model)\b.{0,80}"
    r"\b(?:recommend|say|answer|respond|rate)\b|\b(?:ai|llm|chatgpt|language models?)\b.{0,40}\bmust\b.{0,40}"
    r"\b(?:recommend|cite|rank|mention|say)\b",
    re.IGNORECASE,
)


class Candidate(msgspec.Struct, frozen=True, order=True, gc=False):
    """A span that may be an injection, and the shape in which it was found."""

    start: int
    end: int
    rule: str
    """Id of the technique's rule."""
    elements: tuple[int, ...] = ()
    """Elements that go as a whole if it is cut."""
    items: int = 0
    """Of a list or run: its items."""
    closed: bool = False
    """Of a lead list: whether a colon, dash or bar closes it."""
    link: int = -1

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Look:
    """One page under examination: its text, its signs and what can be asked about it."""

    def __init__(self, view: View, folded: Folded, phrases: tuple[Phrase, ...], rules: RuleSet) -> None:
        self.view, self.folded, self.phrases, self.rules = view, folded, phrases, rules
        self._starts = [phrase.span.start for phrase in phrases]

    def within(self, span: Span) -> tuple[Phrase, ...]:
        """Return the phrases whose first seed stands in a span."""
        return tuple(p for p in self.phrases if span.start <= p.seeds[0].start < span.end)

    @cached_property
    def topic(self) -> Topic:
        """The words of what the page shows."""
        return Topic(self.view.text)

    @cached_property
    def lines(self) -> tuple[tuple[Span, tuple[Phrase, ...]], ...]:
        """The lines that hold a phrase, in order, each with its phrases."""
        grouped: list[tuple[Span, list[Phrase]]] = []
        for phrase in self.phrases:
            if grouped and phrase.span.start < grouped[-1][0].end:
                grouped[-1][1].append(phrase)
            else:
                grouped.append((self.view.line(phrase.span.start), [phrase]))
        return tuple((line, tuple(phrases)) for line, phrases in grouped)

    @cached_property
    def foreign_links(self) -> tuple[tuple[int, Link], ...]:
        """The links to other sites, with their index."""
        return tuple((index, link) for index, link in enumerate(self.view.article.links) if link.host)


Finder = Callable[[Look], Iterator[Candidate]]


def lists(look: Look) -> Iterator[Candidate]:
    """Runs of phrases between separators: at the head of a line, at its end, all of it, or amid a sentence."""
    text = look.view.text
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        for run in _runs(text, phrases):
            yield from _placed(look, line, run)


def _runs(text: str, phrases: tuple[Phrase, ...]) -> Iterator[list[Phrase]]:
    """Group the phrases of a line: up to five words and no full stop between neighbours."""
    run: list[Phrase] = []
    for phrase in phrases:
        if run:
            between = text[run[-1].span.end : phrase.span.start]
            joined = len(between) <= 60 and not _STOP.search(between + " ") and _list_like(between)
            if not joined:
                yield run
                run = []
        run.append(phrase)
    if run:
        yield run


def _list_like(between: str) -> bool:
    """Whether a stretch keeps a list together: separators with short items, or a joining word."""
    items = re.split(f"[{re.escape(SEPARATORS)}]", between)
    return all(len(_WORD.findall(item)) <= 4 and not _VERBS.search(item) for item in items)


def _placed(look: Look, line: Span, run: list[Phrase]) -> Iterator[Candidate]:
    text = look.view.text
    first, last = run[0].span, run[-1].span
    items = 1 + sum(
        1 for left, right in zip(run, run[1:], strict=False)
        if re.search(f"[{re.escape(SEPARATORS)}]|\\band\\b", text[left.span.end : right.span.start])
    )
    before, after = text[line.start : first.start], text[last.end : line.end]
    heads = _heads(before)
    tail = _tail(after)
    closed = _closer(after)
    if heads and closed >= 0:
        end = last.end + closed
        if end < line.end:
            yield Candidate(line.start, end, "spam.structure.lead-list", items=items, closed=True)
    if heads and closed < 0 and after[:2].isspace() is False and re.match(r"\s+[^\W\da-z_]", after):
        gap = len(after) - len(after.lstrip())
        yield Candidate(line.start, last.end + gap, "spam.structure.lead-list", items=items)
    if heads and tail:
        yield Candidate(line.start, line.end, "spam.structure.list-line", items=items + tail - 1)
    if not heads and tail:
        start = _trail_start(text, line, first.start)
        yield Candidate(start, line.end, "spam.structure.trailing-list", items=items + tail - 1)
    if items >= 2:
        yield Candidate(first.start, last.end, "spam.structure.inline-list", items=items)


def _heads(before: str) -> bool:
    """Whether what stands before the first phrase still belongs to a list at the head of its line."""
    if not before.strip(" \t•*-–#>|\"'“‘"):
        return True
    if _STOP.search(before) or ":" in before or _VERBS.search(before):
        return False
    items = re.split(f"[{re.escape(SEPARATORS)}]", before)
    return len(items) <= 4 and all(len(_WORD.findall(item)) <= 3 for item in items) and len(items) > 1


def _tail(after: str) -> int:
    """Return 1 and the number of further items if what follows the last phrase is the rest of a list; else 0."""
    rest = after.strip(" \t.…!\"'”’|,;·•/-–—*)")
    if not rest:
        return 1
    if _STOP.search(rest + " ") and not re.fullmatch(r"[^.!?]*[.!?]*", rest):
        return 0
    items = re.split(f"[{re.escape(SEPARATORS)}]", rest)
    short = all(len(_WORD.findall(item)) <= 4 and not _VERBS.search(item) for item in items)
    begins = after.lstrip()[:1] in SEPARATORS
    return 1 + len(items) if short and begins and len(items) <= 12 else 0


def _closer(after: str) -> int:
    """Return how far a lead list goes on after its last phrase, its closing mark and blanks included; -1 if open."""
    for match in _CLOSER.finditer(after[:160]):
        between = after[: match.start()]
        items = re.split(f"[{re.escape(SEPARATORS)}]", between)
        if _STOP.search(between + " ") or (between.strip() and not all(
            len(_WORD.findall(item)) <= 4 and not _VERBS.search(item) for item in items
        )):
            return -1
        if "|" in match[0] and _more_items(after[match.end() :]):
            continue
        return match.end()
    return -1


def _more_items(rest: str) -> bool:
    """Whether a bar is a separator rather than the closing mark: another bar follows soon."""
    return 0 <= rest.find("|", 0, 40)


def _trail_start(text: str, line: Span, first: int) -> int:
    """Return where a list at the end of a line begins: after the last stop, dash or colon before its first phrase."""
    start = line.start
    for match in re.finditer(r"[.!?…][\"'”’)\]]*\s+|\s[–—|]\s+|:\s+", text[line.start : first]):
        start = line.start + match.end()
    before = text[start:first]
    items = re.split(f"[{re.escape(SEPARATORS)}]", before)
    if all(len(_WORD.findall(item)) <= 4 and not _VERBS.search(item) for item in items):
        return start
    return first


def passages(look: Look) -> Iterator[Candidate]:
    """Sentences with phrases, their neighbours with phrases, and the whole line where most of it is so."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN or sum(p.weight for p in phrases) < 0.7:
            continue
        sentences = list(view.sentences(line))
        hot = [any(s.start <= p.seeds[0].start < s.end for p in phrases) for s in sentences]
        at = 0
        while at < len(sentences):
            if not hot[at]:
                at += 1
                continue
            last = at
            while last + 1 < len(sentences) and hot[last + 1]:
                last += 1
            yield Candidate(sentences[at].start, sentences[last].end, "spam.structure.inserted-passage")
            grown_first, grown_last = at, last
            while grown_last + 1 < len(sentences) and _pitches(view, sentences[grown_last + 1]):
                grown_last += 1
            while grown_first and _pitches(view, sentences[grown_first - 1]):
                grown_first -= 1
            if (grown_first, grown_last) != (at, last):
                yield Candidate(
                    sentences[grown_first].start, sentences[grown_last].end, "spam.structure.inserted-passage"
                )
            at = last + 1
        if len(sentences) > 1:
            whole = view.trim(line)
            yield Candidate(whole.start, whole.end, "spam.structure.inserted-passage")


_PITCH = re.compile(
    r"\b(?:sign up|join (?:now|us|today)|visit|click|register|log ?in|download|bonus(?:es)?|deposit|players?|bets?"
    r"|betting|win(?:ners?|nings?)?|odds|order now|buy|shop|discounts?|best prices?|guaranteed|free shipping|don't miss"
    r"|try (?:it|your luck)|contact us|whatsapp|telegram|promo code|cash ?out|jackpots?|games?|entertainment"
    r"|looking for)\b",
    re.IGNORECASE,
)


def _pitches(view: View, sentence: Span) -> bool:
    return _PITCH.search(view.text, sentence.start, sentence.end) is not None


def salads(look: Look) -> Iterator[Candidate]:
    """Lines in which addresses and phrases stand between unrelated words."""
    for line, phrases in look.lines:
        addresses = sum(1 for p in phrases for s in p.seeds if s.kind == "address")
        others = sum(1 for p in phrases if any(s.kind != "address" for s in p.seeds))
        if addresses >= 1 and addresses + others >= 4 and others >= 2:
            whole = look.view.trim(line)
            yield Candidate(whole.start, whole.end, "spam.structure.word-salad", items=addresses + others)


def line_runs(look: Look) -> Iterator[Candidate]:
    """Short lines one under the other, most of which are a phrase and nothing else."""
    run: list[Span] = []
    strong = 0
    view = look.view
    for line in [span for span, phrases in look.lines if _is_short(view, span, phrases)]:
        if run and view.text[run[-1].end : line.start].count("\n") <= 2 and _bridges(view, run[-1], line):
            run.append(line)
            strong += 1
        else:
            if len(run) >= 2:
                yield Candidate(run[0].start, run[-1].end, "spam.structure.line-run", items=strong)
            run, strong = [line], 1
    if len(run) >= 2:
        yield Candidate(run[0].start, run[-1].end, "spam.structure.line-run", items=strong)


def _is_short(view: View, line: Span, phrases: tuple[Phrase, ...]) -> bool:
    if view.block(line.start).role in UNSEEN:
        return False
    words = len(_WORD.findall(view.text[line.start : line.end]))
    return words <= 12 and sum(p.weight for p in phrases) >= 0.6


def _bridges(view: View, left: Span, right: Span) -> bool:
    """Whether the stretch between two short lines is blank, or one more short line."""
    between = view.text[left.end : right.start]
    return len(_WORD.findall(between)) <= 8


def short_lines(look: Look) -> Iterator[Candidate]:
    """A line, heading or item that is a phrase and nothing else."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN:
            continue
        whole = view.trim(line)
        covered = sum(len(p.span) for p in phrases)
        if phrases and covered >= 0.6 * len(whole) and len(whole) <= 120:
            yield Candidate(whole.start, whole.end, "spam.structure.short-line", items=len(phrases))
            neighbour = _attached(view, whole)
            if neighbour is not None:
                yield Candidate(neighbour.start, neighbour.end, "spam.structure.short-line", items=len(phrases))


def _attached(view: View, line: Span) -> Span | None:
    """Return the line and the odd short line right above or below it that belongs to no sentence."""
    above = view.trim(view.line(max(0, line.start - 1)))
    below = view.trim(view.line(min(len(view.text), line.end + 1)))
    page_script = script_of(view.text)
    start, end = line.start, line.end
    if above.end <= line.start and _is_debris(view, above, page_script):
        start = above.start
    if below.start >= line.end and _is_debris(view, below, page_script):
        end = below.end
    return Span(start, end) if (start, end) != (line.start, line.end) else None


def _is_debris(view: View, line: Span, script: str) -> bool:
    text = view.text[line.start : line.end]
    if not text or len(text) > 40:
        return False
    return re.fullmatch(r"[%#\[{<]+\w+[%#\]}>]+", text) is not None or (
        script != "latin" and script_of(text) == "latin" and re.fullmatch(r"[a-z ]{6,40}", text) is not None
    )


def dropped(look: Look) -> Iterator[Candidate]:
    """A phrase by itself, amid a sentence that does not need it."""
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        for phrase in phrases:
            if phrase.weight >= 0.6:
                yield Candidate(phrase.span.start, phrase.span.end, "spam.structure.dropped-phrase")


def anchors(look: Look) -> Iterator[Candidate]:
    """Links to other sites whose words or address advertise; links on one character or none."""
    view = look.view
    for index, link in look.foreign_links:
        if link.block < 0:
            continue
        start = view.span_of(link.block).start + link.at
        end = start + len(link.anchor.text)
        visible = link.anchor.text.strip()
        if len(visible) <= 1 and start < end:
            yield Candidate(start, end, "spam.hiding.tiny-anchor", elements=(link.element,), link=index)
        elif start < end and (look.within(Span(start, end)) or _advertises(link)):
            yield Candidate(start, end, "spam.structure.bought-anchor", elements=(link.element,), link=index)


def _advertises(link: Link) -> bool:
    from audit.spam.morphology import domain  # noqa: PLC0415

    return domain(link.host).strength >= 0.6


def link_runs(look: Look) -> Iterator[Candidate]:
    """Links to many other sites in a row with next to nothing between them, where any advertises."""
    view = look.view
    run: list[tuple[int, Link, Span]] = []
    for index, link in look.foreign_links:
        if link.block < 0 or not link.anchor.text:
            continue
        start = view.span_of(link.block).start + link.at
        span = Span(start, start + len(link.anchor.text))
        if run and (span.start - run[-1][2].end > 60 or len(_WORD.findall(view.text[run[-1][2].end : span.start])) > 3):
            yield from _farm(look, run)
            run = []
        run.append((index, link, span))
    yield from _farm(look, run)


def _farm(look: Look, run: list[tuple[int, Link, Span]]) -> Iterator[Candidate]:
    if len(run) < 3 or len({link.host for _, link, _ in run}) < 2:
        return
    hot = sum(1 for _, link, span in run if look.within(span) or _advertises(link))
    if hot >= 2 and hot >= 0.4 * len(run):
        yield Candidate(
            run[0][2].start, run[-1][2].end, "spam.structure.link-run",
            elements=tuple(link.element for _, link, _ in run), items=hot,
        )  # fmt: skip


def hidden(look: Look) -> Iterator[Candidate]:
    """Everything that one element hides from its reader, unless it has an honest reason."""
    view = look.view
    grouped: dict[int, list[int]] = {}
    for index, block in enumerate(view.blocks):
        if block.hiding is not None and block.text.text.strip():
            grouped.setdefault(block.hiding.element, []).append(index)
    for element, blocks in grouped.items():
        spans = [view.span_of(index) for index in blocks]
        span = Span(spans[0].start, spans[-1].end)
        if span.start < span.end and (look.within(span) or _linked(look, span) or _AI.search(view.text, span.start, span.end)):
            yield Candidate(span.start, span.end, "spam.hiding.hidden-text", elements=(element,))


def _linked(look: Look, span: Span) -> bool:
    view = look.view
    return any(
        link.block >= 0 and span.start <= view.span_of(link.block).start < span.end for _, link in look.foreign_links
    )


_UNSEEN_RULES = {
    "title": "spam.hiding.title",
    "meta": "spam.hiding.meta",
    "attribute": "spam.hiding.attribute",
    "markup_comment": "spam.hiding.markup-comment",
    "noscript": "spam.hiding.noscript",
    "template": "spam.hiding.template",
    "data": "spam.hiding.data",
}


def unseen(look: Look) -> Iterator[Candidate]:
    """Titles, meta and attribute values, comments and the like that advertise: the part up to a separator, or all."""
    view = look.view
    for line, phrases in look.lines:
        index = view.index(line.start)
        rule = _UNSEEN_RULES.get(view.blocks[index].role)
        if rule is None or sum(p.weight for p in phrases) < 0.5:
            continue
        whole = view.trim(view.span_of(index))
        yield Candidate(whole.start, whole.end, rule)
        if view.blocks[index].role in {"title", "meta", "attribute", "data"}:
            part = _segment(view.text, whole, phrases)
            if part is not None:
                yield Candidate(part.start, part.end, rule, closed=True)


def _segment(text: str, whole: Span, phrases: tuple[Phrase, ...]) -> Span | None:
    """Return the stretch from a separator to the end, or from the start to one, that holds all phrases."""
    first, last = phrases[0].span.start, phrases[-1].span.end
    cuts = [m.span() for m in re.finditer(r"\s+[|–—»·-]\s+|\s*\|\s*|:\s+|,\s+|(?<=[.!?])\s+", text[whole.start : whole.end])]
    before = [whole.start + a for a, b in cuts if whole.start + b <= first]
    after = [whole.start + b for a, b in cuts if whole.start + a >= last]
    if before and (not after or len(text[after[-1] : whole.end].strip()) < 2):
        start = before[-1]
        for a in reversed(before):  # a list of keywords goes as a whole
            if text[a : a + 1] == "," and len(_WORD.findall(text[a:start])) <= 4 and a != start:
                start = a
        return Span(start, whole.end)
    if after and not before:
        return Span(whole.start, after[0])
    return None


def instructions(look: Look) -> Iterator[Candidate]:
    """Words meant for machines that read the page."""
    view = look.view
    for match in _AI.finditer(view.text):
        sentence = view.sentence(match.start())
        yield Candidate(sentence.start, sentence.end, "spam.hiding.instruction")


def scripts(look: Look) -> Iterator[Candidate]:
    """Lines in another script than the page's, sixty letters' worth or more, or with a phrase in them."""
    view = look.view
    if view.text.isascii():
        return
    own = look.topic.script
    start = end = -1
    for line in view.lines():
        text = view.text[line.start : line.end]
        other = script_of(text)
        weight = len(text) * (3 if other in {"cjk", "hangul"} else 1)
        if other != own and weight >= 30 and look.view.shown(line.start):
            if start < 0:
                start = line.start
            end = line.end
        elif start >= 0:
            trimmed = view.trim(Span(start, end))
            yield Candidate(trimmed.start, trimmed.end, "spam.structure.foreign-script")
            start = -1
    if start >= 0:
        trimmed = view.trim(Span(start, end))
        yield Candidate(trimmed.start, trimmed.end, "spam.structure.foreign-script")


def reader_comments(look: Look) -> Iterator[Candidate]:
    """What a reader wrote, where it advertises."""
    view = look.view
    for index, block in enumerate(view.blocks):
        if "comment" in (block.role, block.container):
            span = view.trim(view.span_of(index))
            if len(span) and (look.within(span) or _linked(look, span)):
                yield Candidate(span.start, span.end, "spam.structure.reader-comment")


FINDERS: dict[str, Finder] = {
    "T1 T2": lists,
    "T3": passages,
    "T3 T18": short_lines,
    "T2 T16": line_runs,
    "T16": salads,
    "T4": dropped,
    "T4 T9": anchors,
    "T10": link_runs,
    "T5 T6 T7 T8": hidden,
    "T11 T12 T13 T14": unseen,
    "T15": scripts,
    "T23": reader_comments,
    "T25": instructions,
}
"""By the techniques that each is for; T17, T19 and T20 come with the seeds, which are read on folded text."""


def offers(text: str) -> int:
    """Return how many words of offer a text has."""
    return sum(1 for word in _WORD.findall(text.lower()) if word in OFFER_WORDS)


def families(phrases: tuple[Phrase, ...]) -> dict[str, float]:
    """Return what the phrases advertise, with the weight of each."""
    weights: dict[str, float] = {}
    for phrase in phrases:
        for seed in phrase.seeds:
            weights[seed.family] = weights.get(seed.family, 0.0) + seed.weight
    weights.pop("", None)
    return weights


def strongest(phrases: tuple[Phrase, ...]) -> Seed | None:
    """Return the seed of a pack rule that says most, the first of equals."""
    listed = [seed for phrase in phrases for seed in phrase.seeds if seed.rule]
    return max(listed, key=lambda seed: (seed.weight, -seed.start)) if listed else None
