"""What a claim rests on: a source that can be looked up, an unnamed one, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.claims.lexicon import Lexicon, Mark
from audit.claims.sentences import Readable, Sentence
from audit.model import Article, Role, Sourcing
from audit.page.links import is_primary


def linked_places(article: Article, text: Readable) -> tuple[tuple[int, int], ...]:
    """Return block (of `text`) and offset in the block of every link to a primary, official or journal host."""
    blocks = {index: number for number, index in enumerate(text.indices)}
    return tuple(
        (blocks[link.block], link.at)
        for link in article.links
        if link.host and link.block in blocks and is_primary(link.host)
    )


def sourced(
    number: int,
    sentences: Sequence[Sentence],
    marks: Sequence[Sequence[Mark]],
    lexicon: Lexicon,
    links: Sequence[tuple[int, int]],
    text: Readable,
) -> Sourcing:
    """Return the best source of a sentence: in it, or in the one before or after it."""
    sentence = sentences[number]
    near = [number]
    near += (other for other in (number - 1, number + 1) if _together(other, sentence, sentences, text))
    best: Sourcing = "none"
    for other in near:
        for mark in marks[other]:
            name = lexicon.names[mark.entry]
            if name == "specific-source":
                return "specific"
            if name == "vague-source" and (other == number or best != "none" or _about_study(sentences[other].text)):
                best = "vague"
        if any(_holds(sentences[other], link, text) for link in links):
            return "specific"
    return best


_STUDY = re.compile(r"(?<![a-z])(?:stud(?:y|ies)|trials?|research|researchers|scientists|experts|evidence)(?![a-z])")


def _about_study(text: str) -> bool:
    """Whether a neighbour's vague source is a study or an expert; “was found to” there is about its own subject."""
    return _STUDY.search(text) is not None


_PROSE: frozenset[Role] = frozenset({"paragraph", "quotation", "list_item"})


def _together(other: int, sentence: Sentence, sentences: Sequence[Sentence], text: Readable) -> bool:
    """Whether a neighbour is read on with the sentence: in its block, or in the next one where both are prose."""
    if not 0 <= other < len(sentences):
        return False
    here, there = sentence.block, sentences[other].block
    if here == there:
        return True
    return text.blocks[here].role in _PROSE and text.blocks[there].role in _PROSE


def _holds(sentence: Sentence, link: tuple[int, int], text: Readable) -> bool:
    block, at = link
    start = text.starts[block] + at
    return sentence.block == block and sentence.start <= start < sentence.end + 2
