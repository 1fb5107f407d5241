"""Where an injection may stand: every finder proposes spans, cheaply and with high recall; the judge decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile

from audit.model import Link
from audit.spam.instructions import instructions
from audit.spam.look import UNSEEN_RULES, Candidate, Look, advertises, is_outright, links_of_blocks, neighbours
from audit.spam.payload import Phrase, addresses
from audit.spam.shapes import BREAK, CLOSER, ITEMS, PART, STOP, VERBS, WORD, is_opener, item_count
from audit.spam.topic import BEYOND_LATIN, script_of
from audit.spam.units import UNSEEN, View
from audit.text.anycase import AnyCase
from audit.text.span import Span, crossing

Finder = Callable[[Look], Iterator[Candidate]]


def wares(look: Look) -> Iterator[Candidate]:
    """What is named by itself and is for sale, though no word is one of a trade."""
    yield from look.on_sale


def lists(look: Look) -> Iterator[Candidate]:
    """Items between separators with phrases among them: at the head of a line, at its end, all of it, or inside."""
    text = look.view.text
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        yield from _leads(text, line, phrases)
        edge = look.view.run_before(phrases[0].span.start, line)
        if edge > line.start:
            yield from _leads(text, Span(edge, line.end), phrases)
        yield from _trails(text, line, phrases)
        last = look.view.trim(line).end
        for run in _runs(text, phrases):
            if len(run) >= 2:
                start, end = run[0].span.start, run[-1].span.end
                yield Candidate(start, end, "spam.structure.inline-list", items=len(run))
                closer = CLOSER.match(text, end, line.end)
                if closer is not None and closer.end() < last:
                    yield Candidate(start, closer.end(), "spam.structure.inline-list", items=len(run), closed=True)


_LONGEST_HEAD = 400
_MOST_BEFORE_SEED = 5
"""Words of an item before its sign of a trade: `generic tablets cash on` before `delivery`."""


def _leads(text: str, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose every head of a line that reads as a list and ends in a colon, dash or bar, or at a capital letter."""
    head = text[line.start : min(line.end, line.start + _LONGEST_HEAD)]
    first = phrases[0].seeds[0].start - line.start
    lead_in = [item for item in ITEMS.split(head[:first]) if item.strip()]
    if len(lead_in) > 3 or (lead_in and len(WORD.findall(lead_in[-1])) > _MOST_BEFORE_SEED):
        return
    before = 0
    for match in CLOSER.finditer(head):
        news = any(before <= phrase.seeds[0].start - line.start < match.start() for phrase in phrases)
        before = match.end()
        if not news or not text[line.start + match.end() : line.end].strip():
            continue
        items = item_count(head[: match.start()])
        if not items:
            return
        yield Candidate(line.start, line.start + match.end(), "spam.structure.lead-list", items=items, closed=True)
    last = phrases[0].span.end
    for phrase in phrases[1:]:
        if not item_count(text[last : phrase.span.start].strip(" ,|;") or "x"):
            break
        last = phrase.span.end
    after = text[last : line.end]
    items = item_count(text[line.start : last])
    if items and re.match(r"[.!?]?\s+[^\W\da-z_]", after):
        gap = re.match(r"\s*", after)
        yield Candidate(line.start, last + (gap.end() if gap else 0), "spam.structure.lead-list", items=items)


def _trails(text: str, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose every tail of a line, and the whole of it, that reads as a list."""
    last = phrases[-1].span.end
    rest = text[last : line.end]
    if rest.strip() and not item_count(rest.strip(" .,|;")):
        return
    bracket = _BRACKET.match(text, line.start, line.end)
    tail = Span(bracket.end() if bracket else line.start, line.end)
    items = item_count(text[tail.start : line.end].strip(" \t.…•*-"))
    if items:
        yield Candidate(tail.start, tail.end, "spam.structure.list-line", items=items)
    starts = [match.end() for match in BREAK.finditer(text, line.start, phrases[-1].span.start)]
    for start in starts[-8:]:
        bracket = _BRACKET.match(text, start, line.end)
        start = bracket.end() if bracket else start  # noqa: PLW2901
        items = item_count(text[start : line.end].strip(" .…"))
        if items and any(start <= phrase.seeds[0].start for phrase in phrases):
            yield Candidate(start, line.end, "spam.structure.trailing-list", items=items)


_BRACKET = re.compile(r"\([^()\n]{1,30}\)\s+")
"""What begins so is the end of something else: `(mz)`, `(2019)`."""


def _runs(text: str, phrases: tuple[Phrase, ...]) -> Iterator[list[Phrase]]:
    """Group the phrases of a line that only list-like stretches part."""
    run: list[Phrase] = []
    for phrase in phrases:
        if run:
            between = text[run[-1].span.end : phrase.span.start]
            if len(between) > 60 or (between.strip(" ,|;/") and not item_count(between)):
                yield run
                run = []
        run.append(phrase)
    if run:
        yield run


def passages(look: Look) -> Iterator[Candidate]:
    """Sentences with phrases, their neighbours with phrases, and the whole line where most of it is so."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN or sum(p.weight for p in phrases) < 0.7:
            continue
        sentences = view.sentences(line)
        hot = [bool(look.within(sentence)) for sentence in sentences]
        at = grown_last = 0
        before = grown_first = -1  # where the run before began, and what it grew to
        while at < len(sentences):
            if not hot[at]:
                at += 1
                continue
            last = at
            while last + 1 < len(sentences) and hot[last + 1]:
                last += 1
            yield Candidate(sentences[at].start, sentences[last].end, "spam.structure.inserted-passage")
            if at < last < at + _FEW_SENTENCES:
                yield from (
                    Candidate(s.start, s.end, "spam.structure.inserted-passage") for s in sentences[at : last + 1]
                )
            grown_last = max(last, grown_last)
            while grown_last + 1 < len(sentences) and _pitches(view, sentences[grown_last + 1]):
                grown_last += 1
            first = at
            while first and first != before and _pitches(view, sentences[first - 1]):
                first -= 1
            if first == at and first and first != before and is_opener(view.said(sentences[first - 1])):
                first -= 1
            grown_first, before = grown_first if first == before else first, at
            if (grown_first, grown_last) != (at, last):
                yield Candidate(
                    sentences[grown_first].start, sentences[grown_last].end, "spam.structure.inserted-passage"
                )
            at = last + 1
        if len(sentences) > 1:
            whole = view.trim(line)
            yield Candidate(whole.start, whole.end, "spam.structure.inserted-passage")


def asides(look: Look) -> Iterator[Candidate]:
    """Sentences that speak of something else than their page, and runs of them with neighbours that offer something."""
    for line, sentences in groupby(look.apart, key=lambda sentence: look.view.line(sentence.start)):
        whole = look.view.sentences(line)
        number = {sentence: at for at, sentence in enumerate(whole)}
        first = last = -2  # of the run that goes on
        for sentence in sentences:
            yield Candidate(sentence.start, sentence.end, "spam.structure.inserted-passage")
            at = number[sentence]
            if at > last + 1:
                first = at - _going_along(look, whole[max(0, at - _FEW_NEIGHBOURS) : at][::-1])
                first -= first > 0 and is_opener(look.view.said(whole[first - 1]))
            if at >= last:
                last = at + _going_along(look, whole[at + 1 : at + 1 + _FEW_NEIGHBOURS])
            if first < last < first + _FEW_SENTENCES:
                yield Candidate(whole[first].start, whole[last].end, "spam.structure.inserted-passage")
            if first < at < last:
                yield Candidate(whole[first].start, sentence.end, "spam.structure.inserted-passage")


def disguised(look: Look) -> Iterator[Candidate]:
    """Stretches of disguised words: the sentences that they are most of, or the list that they are before a colon."""
    text = look.view.text
    for run in look.disguised_runs:
        line = look.view.line(run.start)
        if look.view.block(line.start).role in UNSEEN:
            continue
        yield Candidate(run.start, run.end, "spam.structure.inserted-passage")
        closer = CLOSER.match(text, run.end, line.end)
        if closer is not None and not text[line.start : run.start].strip():
            yield Candidate(line.start, closer.end(), "spam.structure.lead-list", items=2, closed=True)


def pitches(look: Look) -> Iterator[Candidate]:
    """Sentences that are put as sellers put it, and runs of them."""
    yield from _passages_of(look, look.pitched)


def _passages_of(look: Look, sentences: Iterable[Span]) -> Iterator[Candidate]:
    """Propose sentences, and those in a row from the first of them on."""
    for run in look.in_a_row(sentences):
        for sentence in run:
            for start in {run[0].start, sentence.start}:
                yield Candidate(start, sentence.end, "spam.structure.inserted-passage")


def _going_along(look: Look, sentences: Sequence[Span]) -> int:
    """Return how many of the neighbours of a sentence, the nearest first, may have come with it."""
    along = takewhile(lambda sentence: look.offering(sentence) >= _GOES_ALONG, sentences)
    return sum(1 for _ in along)


_FEW_NEIGHBOURS = 2
_GOES_ALONG = 0.5
"""Log-odds of a sentence that offers something, from which on it may have come with the one beside it."""
_FEW_SENTENCES = 6
"""A passage of so many is proposed sentence by sentence too: one of them may be the whole injection."""
_PITCH = AnyCase(
    r"\b(?:sign up|join (?:now|us|today)|visit|click|register|log ?in|download|bonus(?:es)?|deposit|players?|bets?"
    r"|betting|win(?:ners?|nings?)?|odds|order now|buy|shop|discounts?|best prices?|guaranteed|free shipping"
    r"|don't miss"
    r"|try (?:it|your luck)|contact us|whatsapp|telegram|promo code|cash ?out|jackpots?|games?|entertainment"
    r"|looking for)\b",
)


def _pitches(view: View, sentence: Span) -> bool:
    return _PITCH.search(view.text, sentence.start, sentence.end)


def salads(look: Look) -> Iterator[Candidate]:
    """Lines in which addresses and phrases stand between unrelated words."""
    for line, found in look.lines:
        phrases = tuple(phrase for phrase in found if phrase.is_marked)
        if look.view.block(line.start).role in UNSEEN or not phrases:
            continue
        yield from _salad(look, line, phrases)
        sentences = look.view.sentences(line) if len(phrases) >= _FEWEST_IN_SALAD else ()
        for sentence in sentences if len(sentences) > 1 else ():
            inside = tuple(phrase for phrase in look.within(sentence) if phrase.is_marked)
            if len(inside) >= _FEWEST_IN_SALAD:
                yield from _salad(look, sentence, inside)


_FEWEST_IN_SALAD = 3


def _salad(look: Look, line: Span, phrases: tuple[Phrase, ...]) -> Iterator[Candidate]:
    """Propose a line or sentence, less the whole sentences at its ends that have no part in it."""
    found = addresses(look.view.text[line.start : line.end].lower())
    others = sum(1 for p in phrases if any(s.kind != "address" for s in p.seeds))
    linked = found >= 1 and found + others >= 4 and others >= 2
    if linked or (
        others >= _FEWEST_IN_SALAD and _sells(phrases) and not VERBS.search(look.view.text, line.start, line.end)
    ):
        whole = _salted(look, line, phrases)
        if phrases[-1].span.end - whole.start >= 0.6 * len(whole):
            closed = CLOSER.fullmatch(look.view.text, phrases[-1].span.end, whole.end) is not None
            yield Candidate(whole.start, whole.end, "spam.structure.word-salad", items=found + others, closed=closed)


def _sells(phrases: tuple[Phrase, ...]) -> bool:
    """Whether most of the phrases hold a word of offer: names alone are a list of drugs, not a salad."""
    return 2 * sum(1 for phrase in phrases if phrase.offers) >= len(phrases)


_LONG_SENTENCE = 8
"""Words; the bits between a salad's phrases are shorter."""


def _salted(look: Look, line: Span, phrases: tuple[Phrase, ...]) -> Span:
    """Return a line without the whole sentences at its ends that hold no phrase."""
    sentences = list(look.view.sentences(line))
    while len(sentences) > 1 and _is_plain(look, sentences[0], phrases):
        sentences.pop(0)
    while len(sentences) > 1 and _is_plain(look, sentences[-1], phrases):
        sentences.pop()
    start, first = sentences[0].start, phrases[0].span.start
    for match in BREAK.finditer(look.view.text, start, first):
        if len(WORD.findall(look.view.text[match.end() : first])) <= _SHORT_LEAD_IN:
            start = match.end()
            break
    closer = CLOSER.match(look.view.text, phrases[-1].span.end, sentences[-1].end)
    return Span(start, closer.end() if closer is not None else sentences[-1].end)


_SHORT_LEAD_IN = 3
"""Words between a full stop and a salad's first phrase that begins in small letters, as a sentence hardly does."""


def _is_plain(look: Look, sentence: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a sentence has no part in a salad: no phrase, and it is long, of the page's words, or of numbers."""
    if any(sentence.start <= phrase.seeds[0].start < sentence.end for phrase in phrases):
        return False
    text = look.view.text[sentence.start : sentence.end]
    if len(WORD.findall(text)) >= _LONG_SENTENCE:
        return True
    return look.topic.shared(text) >= 0.5 or not re.search(r"[^\W\d_]{5}", text)


def line_runs(look: Look) -> Iterator[Candidate]:
    """Short lines one under the other, most of which are a phrase and nothing else."""
    run: list[Span] = []
    strong = 0
    view = look.view
    for line in [span for span, phrases in look.lines if _is_short(view, span, phrases) and not _is_menu(look, span)]:
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
    words = len(WORD.findall(view.text[line.start : line.end]))
    return words <= 12 and sum(p.weight for p in phrases) >= 0.6


def _is_menu(look: Look, line: Span) -> bool:
    """Whether a line links to the page's own site and nowhere else."""
    return bool(look.own_anchors.inside(line)) and not look.links_from(line)


def _bridges(view: View, left: Span, right: Span) -> bool:
    """Whether the stretch between two short lines is blank, or one more short line."""
    between = view.text[left.end : right.start]
    return len(WORD.findall(between)) <= 8


def short_lines(look: Look) -> Iterator[Candidate]:
    """A line, heading or item that is a phrase and nothing else."""
    view = look.view
    for line, phrases in look.lines:
        if view.block(line.start).role in UNSEEN:
            continue
        whole = view.trim(line)
        covered = sum(len(p.span) for p in phrases)
        text = view.text[whole.start : whole.end]
        dense = covered >= 0.6 * len(whole) or (covered >= 0.3 * len(whole) and not VERBS.search(text))
        if dense and len(whole) <= 240 and not STOP.search(text) and sum(p.weight for p in phrases) >= 0.6:
            yield Candidate(whole.start, whole.end, "spam.structure.short-line", items=len(phrases))
            neighbour = _attached(view, whole)
            if neighbour is not None:
                yield Candidate(neighbour.start, neighbour.end, "spam.structure.short-line", items=len(phrases))


def _attached(view: View, line: Span) -> Span | None:
    """Return the line and the odd short line right above or below it that belongs to no sentence."""
    above = view.trim(view.line(max(0, line.start - 1)))
    below = view.trim(view.line(min(len(view.text), line.end + 1)))
    start, end = line.start, line.end
    if above.end <= line.start and _is_debris(view, above):
        start = above.start
    if below.start >= line.end and _is_debris(view, below):
        end = below.end
    return Span(start, end) if (start, end) != (line.start, line.end) else None


def _is_debris(view: View, line: Span) -> bool:
    """Whether a line is a mark left by the tool that injected its neighbour: `%%anchor%%`, `{{link}}`."""
    text = view.text[line.start : line.end]
    return len(text) <= 40 and re.fullmatch(r"[%#\[{<]{2,}\w+[%#\]}>]{2,}", text) is not None


def dropped(look: Look) -> Iterator[Candidate]:
    """A phrase by itself, amid a sentence that does not need it."""
    for line, phrases in look.lines:
        if look.view.block(line.start).role in UNSEEN:
            continue
        for phrase in phrases:
            if phrase.weight >= 0.6:
                yield Candidate(phrase.span.start, phrase.span.end, "spam.structure.dropped-phrase")


def wedges(look: Look) -> Iterator[Candidate]:
    """Words that break the flow of their sentence."""
    for span in look.wedges:
        yield Candidate(span.start, span.end, "spam.structure.dropped-phrase")


def anchors(look: Look) -> Iterator[Candidate]:
    """Links to other sites whose words or address advertise; links on one character or none."""
    for index, link, span in look.anchored:
        if link.anchor.text.strip() in _SPECKS:
            yield Candidate(span.start, span.end, "spam.hiding.tiny-anchor", elements=(link.element,), link=index)
        elif look.within(span) or advertises(link):
            yield Candidate(span.start, span.end, "spam.structure.bought-anchor", elements=(link.element,), link=index)


_SPECKS = frozenset([*".,-_'`·•:;~", ""])
"""Anchor texts that nobody sees; digits, asterisks and daggers are foot-note marks, arrows are icons."""


def link_runs(look: Look) -> Iterator[Candidate]:
    """Links to many other sites in a row with next to nothing between them, where any advertises."""
    view = look.view
    run: list[tuple[int, Link, Span]] = []
    for index, link, span in look.anchored:
        before = run[-1][2] if run else span
        apart = span.start < before.start or _seen(view, before) != _seen(view, span)  # what breaks a table goes first
        if run and (apart or span.start - before.end > 60 or len(WORD.findall(view.text[before.end : span.start])) > 3):
            yield from _farm(look, run)
            run = []
        run.append((index, link, span))
    yield from _farm(look, run)


def _seen(view: View, span: Span) -> tuple[bool, bool]:
    """Whether readers see a span, and whether it is text of the page at all."""
    block = view.block(span.start)
    return block.hiding is None, block.role not in UNSEEN


def _farm(look: Look, run: list[tuple[int, Link, Span]]) -> Iterator[Candidate]:
    if len(run) < 3 or len({link.host for _, link, _ in run}) < 2:
        return
    hot = sum(1 for _, link, span in run if any(map(is_outright, look.within(span))) or advertises(link))
    if hot >= 2 and hot >= 0.4 * len(run):
        yield Candidate(
            run[0][2].start, run[-1][2].end, "spam.structure.link-run",
            elements=tuple(link.element for _, link, _ in run), items=hot,
        )  # fmt: skip


def hidden(look: Look) -> Iterator[Candidate]:
    """Everything that one element hides from its reader, if it advertises, links elsewhere or speaks to machines."""
    view = look.view
    for element, blocks in look.hidden.items():
        if element < 0 or view.article.elements[element].tag in _STRUCTURAL:
            continue
        for run in neighbours(blocks):
            span = Span(view.span_of(run[0]).start, view.span_of(run[-1]).end)
            if any(span in register for register in crossing(look.registers, span)):
                continue
            linked = bool(links_of_blocks(look, span))
            if linked or look.within(span) or look.has_orders(span):
                whole = len(run) == len(blocks)
                yield Candidate(span.start, span.end, "spam.hiding.hidden-text", elements=(element,) if whole else ())
                for index in run if len(run) > 1 else ():
                    part = view.span_of(index)
                    if look.within(part) or links_of_blocks(look, part):
                        yield Candidate(part.start, part.end, "spam.hiding.hidden-text")


_STRUCTURAL = frozenset({"html", "head", "body", "main"})


def unseen(look: Look) -> Iterator[Candidate]:
    """Titles, meta and attribute values, comments and the like that advertise: the part up to a separator, or all."""
    view = look.view
    script = -1  # the element whose data was proposed last
    for line, phrases in look.lines:
        index = view.index(line.start)
        rule = UNSEEN_RULES.get(view.blocks[index].role)
        if rule is None or sum(p.weight for p in phrases) < 0.5:
            continue
        whole = view.trim(view.span_of(index))
        if _is_name(view, index, whole, phrases) or _is_imprint(view, index, whole, phrases):
            continue
        yield Candidate(whole.start, whole.end, rule)
        if view.blocks[index].role in {"title", "meta", "attribute", "data"}:
            for part in _segments(look, whole, phrases):
                yield Candidate(part.start, part.end, rule, closed=True)
        if view.blocks[index].role == "data" and view.blocks[index].element != script:
            script = view.blocks[index].element
            yield from _data(view, index)


def _is_name(view: View, index: int, whole: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a value is one word, as names of files and of people who comment are: nobody stuffs with one."""
    block = view.blocks[index]
    if block.role not in {"attribute", "data"} or any(seed.rule for phrase in phrases for seed in phrase.seeds):
        return False
    return len(WORD.findall(view.text[whole.start : whole.end])) < 2


def _is_imprint(view: View, index: int, whole: Span, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a comment of the markup has no link and names addresses only, or speaks to old browsers.

    Who made the site's software puts an address there; `[if lt IE 9]>` loads scripts.
    """
    text = view.text[whole.start : whole.end].lower()
    if view.blocks[index].role != "markup_comment" or "<a" in text:
        return False
    seeds = [seed for phrase in phrases for seed in phrase.seeds]
    return text.startswith("[if ") or all(seed.kind == "address" and not seed.rule for seed in seeds)


def _data(view: View, index: int) -> Iterator[Candidate]:
    """Propose the whole script that a value of structured data stands in."""
    element = view.blocks[index].element
    first = last = index
    while first and view.blocks[first - 1].role == "data" and view.blocks[first - 1].element == element:
        first -= 1
    while (
        last + 1 < len(view.blocks)
        and view.blocks[last + 1].role == "data"
        and view.blocks[last + 1].element == element
    ):
        last += 1
    if element >= 0:
        start, end = view.span_of(first).start, view.span_of(last).end
        yield Candidate(start, end, "spam.hiding.data", elements=(element,), items=last - first + 1)


def _segments(look: Look, whole: Span, phrases: tuple[Phrase, ...]) -> Iterator[Span]:
    """Yield the stretches that hold all phrases: from a separator to the end, or from the start to behind one.

    Items between commas right before the first phrase, never the first of all, belong to it where the page uses none
    of their words.
    """
    text = look.view.text
    first, last = phrases[0].span.start, phrases[-1].span.end
    breaks = [match.span() for match in PART.finditer(text, whole.start, whole.end)]
    before = [(start, end) for start, end in breaks if end <= first]
    after = [end for start, end in breaks if start >= last]
    tail = text[last : whole.end]
    tail_is_short = not after or len(WORD.findall(tail)) <= (8 if not look.topic.shared(tail) else 4)
    if before and tail_is_short:
        at = len(before) - 1
        yield Span(before[at][0], whole.end)
        while at and text[before[at][0] : before[at][1]].strip() == ",":
            item = text[before[at - 1][1] : before[at][0]]
            if len(WORD.findall(item)) > 5 or look.topic.shared(item):
                break
            at -= 1
        if at < len(before) - 1:
            yield Span(before[at][0], whole.end)
    if not before and after and len(WORD.findall(text[whole.start : first])) <= _MOST_BEFORE_A_HEAD:
        yield Span(whole.start, after[0])
    heads = (Span(whole.start, end) for start, end in breaks if start >= last and text[start:end].strip(_CLOSERS) == "")
    head = next(heads, None) if before else None
    if head is not None and item_count(text[head.start : head.end].rstrip(_CLOSERS)) > 1:
        yield head


_MOST_BEFORE_A_HEAD = 3
"""Words before the first sign of a trade in what stands at the head of a title or value."""
_CLOSERS = " :|–—»·-"
"""What closes a list at the head of a title."""


def scripts(look: Look) -> Iterator[Candidate]:
    """Stretches in another script than the page's: of a line, of whole lines, of several lines."""
    view = look.view
    if BEYOND_LATIN.search(view.text) is None:
        return
    own = look.topic.script
    block: list[Span] = []
    for line in view.lines():
        if not view.shown(line.start):
            continue
        text = view.text[line.start : line.end]
        if script_of(text) != own and not text.isascii():
            whole = view.trim(line)
            if not block or view.text[block[-1].end : whole.start].strip() == "":
                block.append(whole)
                continue
            yield from _foreign(block)
            block = [whole]
            continue
        yield from _foreign(block)
        block = []
        if own != "latin" or BEYOND_LATIN.search(text) is not None:
            yield from _foreign_inside(view, line, own)
    yield from _foreign(block)


def _foreign(lines: list[Span]) -> Iterator[Candidate]:
    if lines:
        yield Candidate(lines[0].start, lines[-1].end, "spam.structure.foreign-script")


_FOREIGN_RUN = re.compile(
    r"[\u0400-\u04ff\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]"
    r"(?:[\u0400-\u04ff\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef\d\s,.|/%·、。-]"
    r"|[A-Za-z0-9]{1,20}(?=[ .,|]{0,2}[\u0400-\u9fff]))*"
)


def _foreign_inside(view: View, line: Span, own: str) -> Iterator[Candidate]:
    for match in _FOREIGN_RUN.finditer(view.text, line.start, line.end):
        span = view.trim(Span(*match.span()))
        if len(span) >= 4 and own == "latin":
            yield Candidate(span.start, span.end, "spam.structure.foreign-script")
            if _is_amid(view.text, span):
                yield Candidate(span.start, span.end, "spam.structure.dropped-phrase")
            closer = CLOSER.match(view.text, span.end, line.end)
            if closer is not None and view.text[line.start : span.start].strip() == "":
                yield Candidate(line.start, closer.end(), "spam.structure.lead-list", items=2, closed=True)
    run: list[Span] = []
    for sentence in view.sentences(line) if own == "latin" else ():
        if script_of(view.text[sentence.start : sentence.end]) != "latin":
            run.append(sentence)
            yield Candidate(sentence.start, sentence.end, "spam.structure.foreign-script")
        else:
            run = []
        if len(run) > 1:
            yield Candidate(run[0].start, run[-1].end, "spam.structure.foreign-script")


def _is_amid(text: str, span: Span) -> bool:
    """Whether words stand right before and right behind a span, no bracket or mark between: nobody names or quotes."""
    before, behind = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    return before[:1].isalnum() and before[1:] == " " and behind[:1] == " " and behind[1:].isalpha()


def tongues(look: Look) -> Iterator[Candidate]:
    """Sentences in another language than their English page, and runs of them."""
    view = look.view
    lines = (line for line, _ in look.lines if view.block(line.start).role not in UNSEEN)
    yield from _passages_of(look, filter(look.is_in_another_language, chain.from_iterable(map(view.sentences, lines))))


def reader_comments(look: Look) -> Iterator[Candidate]:
    """What a reader wrote, where it advertises."""
    for span in look.comments:
        if links_of_blocks(look, span) or look.within(span) or look.left_to_advertise(span) > 0:
            yield Candidate(span.start, span.end, "spam.structure.reader-comment")


FINDERS: dict[str, Finder] = {
    "T1 T2": lists,
    "T1 T2 T11 T13": wares,
    "T3": passages,
    "T3 asides": asides,
    "T3 pitches": pitches,
    "T19 T20": disguised,
    "T3 T18": short_lines,
    "T2 T16": line_runs,
    "T16": salads,
    "T4": dropped,
    "T4 T16 T17 T18": wedges,
    "T4 T9": anchors,
    "T10": link_runs,
    "T5 T6 T7 T8": hidden,
    "T11 T12 T13 T14": unseen,
    "T15": scripts,
    "T15 T3": tongues,
    "T23": reader_comments,
    "T25": instructions,
}
"""By the techniques that each is for; T17, and T19 and T20 in few words, come with seeds, read on folded text."""
