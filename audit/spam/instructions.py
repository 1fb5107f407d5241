"""Finds orders to machines that read a page, and how far each goes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from audit.rules.match import compile_pattern
from audit.spam.look import OPENING, Candidate, Look
from audit.spam.orders import TOLD, TURNS, odds
from audit.spam.shapes import WORD
from audit.spam.topic import mentions_health, stems, vocabulary
from audit.text.span import Span

_GOES_ON = compile_pattern(
    r"^\W{0,3}(?:please\s+|then\s+|also\s+|and\s+|now\s+|instead,?\s+)?"
    rf"(?:do not|don't|never|always|only|keep|use|make sure|be sure|link|persuade|convince|stop|act|print|{TOLD}"
    r"|your (?:new |only )?(?:task|job|role|goal)|you (?:are|work|must|should|will|may|have to))\b"
)
"""How a further sentence of an order to machines begins."""
_SPEAKS_OF_ITSELF = compile_pattern(
    r"\byour (?:next |every |own )?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|output|instructions|users?)\b"
    r"|\b(?:every|each|any|all) (?:answer|reply|response|summary|question)\b|\bthe user\b"
    r"|\bthis (?:note|message|instruction|prompt|order|line)\b|\[/?inst\]|<\|"
)
"""What nobody but a machine that answers is told of."""


def instructions(look: Look) -> Iterator[Candidate]:
    """Words meant for machines that read the page."""
    view = look.view
    told = Span(0, 0)  # the last order, which may go on over several turns of phrase
    for match in TURNS.finditer(view.text):
        if match.start() in told:
            continue
        if view.shown(match.start()) and view.text.endswith(OPENING, 0, match.start()):
            continue  # somebody writes of it
        sentence = _less_its_head(look, view.sentence(match.start()), match.start())
        yield Candidate(sentence.start, sentence.end, "spam.hiding.instruction")
        told = _whole_order(look, sentence)
        for order in {told, _with_its_comment(look, told)} - {sentence}:
            yield Candidate(order.start, order.end, "spam.hiding.instruction")
    for run in look.in_a_row(look.orders):
        whole = _whole_order(look, Span(run[0].start, run[-1].end))
        for order in {whole, _with_its_comment(look, whole), run[0]}:
            yield Candidate(order.start, order.end, "spam.hiding.instruction")


def _with_its_comment(look: Look, order: Span) -> Span:
    """Return all of the comment of the markup that an order is most of, unless the rest is of the page's own words."""
    index = look.view.index(order.start)
    whole = look.view.trim(look.view.span_of(index))
    if look.view.blocks[index].role != "markup_comment" or order not in whole:
        return order
    text = look.view.text
    rest = f"{text[whole.start : order.start]} {text[order.end : whole.end]}"
    is_its_own = mentions_health(rest) or look.topic.shared(rest, text[whole.start : whole.end]) > _STRANGE_TO_PAGE
    return order if is_its_own or len(order) < _MOST_OF_A_COMMENT * len(whole) else whole


_MOST_OF_A_COMMENT = 0.6
"""Share of a comment's code points."""


def _less_its_head(look: Look, sentence: Span, order: int) -> Span:
    """Return a sentence without the words of the page that an order was put behind, no full stop between them."""
    text = look.view.text
    head = text[sentence.start : order]
    own = look.topic.shared(head, text[sentence.start : sentence.end])
    if own <= _STRANGE_TO_PAGE or len(stems(head)) < _FEWEST_OF_PAGE or text[order].islower():
        return sentence
    return Span(order, sentence.end)


_FEWEST_OF_PAGE = 2


def _whole_order(look: Look, sentence: Span) -> Span:
    """Return the sentences of a line that are one order to machines, or the line where all of it is one."""
    passage = look.passage_of_orders(sentence)
    if len(passage) > len(sentence) and odds(look.view.text[passage.start : passage.end]) >= _SURELY:
        return _less_own_ends(look, passage, sentence)
    line = look.view.trim(look.view.line(sentence.start))
    sentences = look.view.sentences(look.view.line(sentence.start))
    order = sentence
    following = bisect_left(sentences, sentence.end, key=_begin)
    for each in sentences[following : following + _MOST_SENTENCES]:
        if len(look.view.text[order.end : each.start]) > _ASIDE:
            break
        if _is_told(look, order, each):
            order = Span(order.start, each.end)
    before = bisect_left(sentences, sentence.start, key=_begin)
    for each in reversed(sentences[max(0, before - _MOST_SENTENCES) : before]):
        if not _is_told(look, order, each):
            break
        order = Span(each.start, order.end)
    rest = sentences[bisect_left(sentences, order.end, key=_begin) :]
    return line if order.start == line.start and all(_is_command(look, each, line) for each in rest) else order


def _less_own_ends(look: Look, passage: Span, order: Span) -> Span:
    """Return a passage without the sentences at its ends that nobody says to a machine, as `Lunch is at noon`."""
    sentences = list(look.view.sentences(passage))
    while len(sentences) > 1 and sentences[-1].start >= order.end and _is_said_to_people(look, sentences[-1]):
        sentences.pop()
    while len(sentences) > 1 and sentences[0].end <= order.start and _is_said_to_people(look, sentences[0]):
        sentences.pop(0)
    return Span(sentences[0].start, sentences[-1].end)


def _is_said_to_people(look: Look, sentence: Span) -> bool:
    text = look.view.text[sentence.start : sentence.end]
    return len(WORD.findall(text)) > _THANKS and odds(text) < _TO_PEOPLE


_THANKS = 2
"""Words of what anybody says behind a request."""
_TO_PEOPLE = -2.5
"""Log-odds of a sentence."""
_SURELY = 1.0
"""Log-odds of a whole passage, from which on all of it is an order."""
_MOST_SENTENCES = 20
"""Sentences before and behind that an order is looked for in; a longer one has further turns of phrase."""
_ASIDE = 120
"""Code points that may part two sentences of one order: a short sentence of reasons or praise."""


def _is_told(look: Look, order: Span, sentence: Span) -> bool:
    """Whether a sentence beside an order goes on with it.

    It speaks of the answer that is to be given, names whom the order names, or is nearly an order by its words.
    """
    text, said = look.view.text[sentence.start : sentence.end], look.view.text[order.start : order.end]
    if _SPEAKS_OF_ITSELF.search(text):
        return True
    if odds(text) >= _NEARLY and not mentions_health(text) and look.topic.shared(text) <= _STRANGE_TO_PAGE:
        return True
    known, ordered, within = vocabulary(), set(stems(said)), stems(f"{said} {text}")
    return any(
        word[:6] in ordered and word not in known and look.topic.count(word[:6]) <= within.count(word[:6])
        for word in look.folded_words(sentence)
    )


def _is_command(look: Look, sentence: Span, line: Span) -> bool:
    """Whether a sentence commands, and has next to no word of the page, its line left out."""
    text = look.view.text[sentence.start : sentence.end]
    if mentions_health(text) or not (_GOES_ON.search(text) or _IN_SECRET.match(text)):
        return False
    return look.topic.shared(text, look.view.text[line.start : line.end]) <= _STRANGE_TO_PAGE


_IN_SECRET = re.compile(
    r"(?:please )?(?:do|don't|never|always|be|say|keep|make|stay|hide|tell)\b(?: [\w'’]+){0,3}? "
    r"(?:it|this|that|so|quiet|secret|subtl[ey]\w*|silent(?:ly)?|discreet(?:ly)?|nothing|nobody|no one)\b"
    r"[^.!?]{0,20}[.!?]*$",
    re.IGNORECASE,
)
"""How an order is to be carried out: `Do it subtly.`"""
_NEARLY = -0.5
"""Log-odds of an order, for a sentence beside one."""
_STRANGE_TO_PAGE = 0.34
"""Most of a sentence's words that the page may use elsewhere."""


def _begin(span: Span) -> int:
    return span.start
