"""A softer wording for what is said too surely: a suggestion in the report, never applied.

To put “may help relieve” where “relieves” stands, one must know which word is the verb, its plain form, what else hangs
on it, and whether it is a verb at all. The small pipeline in `audit/models/en_syntax` reads that. It is loaded at the
first claim that needs it, and reads the sentences of a page in one batch. Where its reading does not fit, nothing is
suggested.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from audit.model import ClaimType
from audit.text.span import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

TYPES: frozenset[ClaimType] = frozenset({"cure", "treat", "prevent", "cause"})
"""What a softer verb mends. A dose, a danger, a comparison or a story asks for something else."""
LONGEST = 300
"""Code points of a sentence that is still rewritten."""


class Wish(msgspec.Struct, frozen=True, gc=False):
    """A sentence to be softened."""

    text: str
    folded: str
    """The same, letter by letter, as the matcher reads it."""
    predicate: Span
    """In both."""
    type: ClaimType
    boosters: tuple[Span, ...]


class _Edit(msgspec.Struct, frozen=True, order=True, gc=False):
    start: int
    end: int
    words: str


def softened(wishes: Sequence[Wish]) -> list[str]:
    """Return a softer wording of each sentence; empty where none is sure to be right."""
    if not wishes:
        return []
    pipeline = _pipeline()
    with pipeline.memory_zone():  # else the vocabulary keeps every word that it ever saw
        docs = pipeline.pipe([wish.folded for wish in wishes])
        return [_reworded(wish, doc) for wish, doc in zip(wishes, docs, strict=True)]


def _reworded(wish: Wish, doc: Doc) -> str:
    verb = next((word for word in doc if _is_predicate(word, wish.predicate)), None)
    if verb is None or verb.tag_.endswith("-Imp") or len(wish.text) != len(wish.folded):
        return ""
    edits = sorted({*_softer(verb, wish.type), *_dropped(doc, wish.boosters)})
    if not edits or all(not edit.words for edit in edits):
        return ""
    text = wish.text
    for edit in reversed(edits):
        text = text[: edit.start] + edit.words + text[edit.end :]
    return text[:1].upper() + text[1:]


def _is_predicate(word: Token, place: Span) -> bool:
    """Whether a word lies in the predicate that the rules found and is read as a verb, or as an adjective with “is”."""
    if word.idx >= place.end or place.start >= word.idx + len(word) or word.dep_.startswith("aux"):
        return False
    return word.tag_.startswith("VB") or any(child.dep_ == "cop" for child in word.children)


_SURE_MODALS = frozenset({"will", "would", "'ll", "must", "shall"})
_CURE = frozenset({"cure", "heal", "eliminate", "eradicate", "reverse", "banish"})


def _softer(verb: Token, kind: ClaimType) -> Iterator[_Edit]:
    """Yield the edits that put a hedge before a verb; none where the sentence is built in a way that this cannot do."""
    helps = {child.dep_: child for child in verb.children if child.dep_ in {"aux", "aux:pass", "cop"}}
    modal = next((child for child in verb.children if child.dep_ == "aux" and child.tag_ == "MD"), None)
    be = helps.get("aux:pass") or helps.get("cop")
    if not any(child.dep_.startswith(("nsubj", "csubj")) for child in verb.children) or _is_denied(verb):
        return
    if modal is not None:
        if modal.lower_ in _SURE_MODALS:
            yield _Edit(modal.idx, modal.idx + len(modal), "may")
            if be is None:
                yield _Edit(verb.idx, verb.idx + len(verb), _plain(verb, kind))
        return
    if be is not None:
        if be.tag_ in {"VBZ", "VBP"} and "aux" not in helps:
            yield _Edit(be.idx, be.idx + len(be), "may be")
        return
    if verb.tag_ in {"VBZ", "VBP"} and not helps:
        yield _Edit(verb.idx, verb.idx + len(verb), f"may {_plain(verb, kind)}")
        for other in verb.conjuncts:
            if other.tag_ in {"VBZ", "VBP"} and other.i > verb.i:
                yield _Edit(other.idx, other.idx + len(other), other.lemma_)


def _is_denied(verb: Token) -> bool:
    return any(child.lower_ in {"not", "n't", "never", "no"} for child in verb.children)


def _plain(verb: Token, kind: ClaimType) -> str:
    if kind == "cure" or verb.lemma_ in _CURE:
        return "help relieve the symptoms of" if any(child.dep_ == "obj" for child in verb.children) else verb.lemma_
    return verb.lemma_ if kind == "cause" else f"help {verb.lemma_}"


def _dropped(doc: Doc, boosters: Sequence[Span]) -> Iterator[_Edit]:
    """Yield the edits that take out adverbs of certainty, with the blank after them, or before them at the end."""
    for word in doc:
        if word.tag_ != "RB" or not any(span.start <= word.idx < span.end for span in boosters):
            continue
        end = word.idx + len(word)
        if word.whitespace_:
            yield _Edit(word.idx, end + 1, "")
        elif word.idx and doc[word.i - 1].whitespace_:
            yield _Edit(word.idx - 1, end, "")


@functools.cache
def _pipeline() -> Language:
    import spacy  # noqa: PLC0415 (a second, and most pages need no rewording)

    return spacy.load(str(files("audit") / "models/en_syntax"))
