"""What the learned reader looks at: named features of a sentence, and of the page that it stands on.

Every feature is a string, present or not, so that a weight can be read and a judgement explained: `w reliev` (a word
stem), `@n hedge` (a cue), `=sev 2` (what the rules say), `> claim` (the next sentence), `P booster 3` (the page).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from audit.claims.lexicon import Lexicon, Mark, Name
from audit.claims.sentences import Readable, Sentence
from audit.model import ClaimType, Sourcing, Strength


class Said(msgspec.Struct, frozen=True, gc=False):
    """What the rules say of a sentence that they take as a claim."""

    type: ClaimType
    strength: Strength
    source: Sourcing
    negated: bool
    severity: int
    fixed: bool = False
    """Whether nothing else is asked: a danger that is named, a “Yes, …” that takes over the question's predicate."""


TOKEN = re.compile(r"[a-z][a-z'-]*|[0-9]+|[%?!:;,$®™]")
"""Words, figures and signs of a folded text."""
_SUFFIX = re.compile(r"(?:ations?|ments?|ings?|ed|es|s|ly|e)$")
_SHORTEST_STEM = 4
_WORDS_A_STEP = 5
_MOST_STEPS = 8


class _Stems(dict[str, str]):
    """The feature of a word: without the commonest endings, figures as one; kept, for most words come again."""

    def __missing__(self, token: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        if token[0].isdigit():
            stem = "0"
        else:
            short = _SUFFIX.sub("", token) if len(token) > _SHORTEST_STEM + 1 else token
            stem = short if len(short) >= _SHORTEST_STEM else token
        self[token] = feature = f"w {stem}"
        return feature


_MOST_STEMS = 65_536
stem = _Stems().__getitem__
"""Return the feature of a token."""


_TONE = (
    "promotion", "booster", "specific-source", "vague-source", "hedge", "established", "risk-group", "negation",
    "!", "$", "®", "i", "you", "we", "study",
)  # fmt: skip
"""What is counted on a page, each in times per 1,000 words."""
_STEPS = (1.0, 4.0, 10.0, 20.0, 40.0)
_PERSONS = {
    "i": "i", "my": "i", "me": "i", "you": "you", "your": "you", "we": "we", "our": "we", "us": "we",
    "study": "study", "studies": "study", "trial": "study", "trials": "study", "research": "study",
    "researchers": "study", "patients": "study", "participants": "study",
}  # fmt: skip
_PERSON = re.compile(rf"(?<![a-z'-])(?:{'|'.join(sorted(_PERSONS, key=len, reverse=True))})(?![a-z-])")
_SHARES = (0.05, 0.2, 0.4)
_ROOM = 60
"""Words added to a page's length, so that one shop word in a short text is no shop."""
_CROSSED = (
    "risk-group", "established", "promotion", "condition", "health-word", "condition-name", "reported", "not-a-claim",
)  # fmt: skip
"""Cues whose weight depends on the type of the claim."""


ON_TOPIC: frozenset[Name] = frozenset({
    "claim", "health-word", "condition-name", "risk-group", "booster", "hedge",
})  # fmt: skip
"""Words of which a claim that the rules do not see has one at least: one in five labelled sentences has none, and of
those that the weights would take for claims one in a hundred."""


class Scene(msgspec.Struct, frozen=True):
    """A page as far as its sentences have been read by the rules."""

    text: Readable
    sentences: Sequence[Sentence]
    marks: Sequence[Sequence[Mark]]
    lexicon: Lexicon
    said: Sequence[Said | None]
    """By sentence."""
    words: int
    selling: bool


def of_page(scene: Scene) -> frozenset[str]:
    """Return the features of a page's tone, which all of its sentences share."""
    names = scene.lexicon.names
    counts: Counter[str] = Counter(names[mark.entry] for marks in scene.marks for mark in marks)
    counts.update(_PERSONS[word] for word in _PERSON.findall(scene.text.folded.text))
    for sign, kin in (("!", "!"), ("$", "$"), ("®", "®™")):
        counts[sign] = sum(scene.text.source.count(letter) for letter in kin)
    length = max(40, scene.words) + _ROOM
    found = {f"P {name} {_step(1000 * counts[name] / length, _STEPS)}" for name in _TONE}
    claims = [said for said in scene.said if said is not None]
    among = len(claims) + 2
    found.add(f"P selling {int(scene.selling)}")
    found.add(f"P testimonials {min(2, sum(said.type == 'testimonial' for said in claims))}")
    found.add(f"P boosted {_step(sum(said.strength == 'booster' for said in claims) / among, _SHARES)}")
    found.add(f"P severe {_step(sum(said.severity > 2 for said in claims) / among, _SHARES)}")
    return frozenset(found)


def _step(value: float, steps: Sequence[float]) -> int:
    return sum(value >= step for step in steps)


def words(sentence: Sentence) -> set[str]:
    """Return the features of a sentence's words alone."""
    tokens = TOKEN.findall(sentence.text)
    found = set(map(stem, tokens))
    found.add(f"^ {tokens[0] if tokens else ''}")
    found.add(f"@length {min(_MOST_STEPS, len(tokens) // _WORDS_A_STEP)}")
    return found


def of_sentence(number: int, scene: Scene, found: set[str]) -> set[str]:
    """Return its words with its form, its cues, what the rules say of it and of its neighbours."""
    sentence, marks, said = scene.sentences[number], scene.marks[number], scene.said[number]
    block = scene.text.blocks[sentence.block]
    found.add(f"@end {sentence.text.rstrip()[-1:]}")
    found.add(f"@role {block.role}")
    found.add(f"@in {block.container}")
    names, rules = scene.lexicon.names, scene.lexicon.rules
    own = {names[mark.entry] for mark in marks}
    found.update(f"@n {name}" for name in own)
    found.update(f"@ {rules[mark.entry].id}" for mark in marks)
    if said is None:
        found.add("=none")
    else:
        found.update((
            "=claim", f"=t {said.type}", f"=s {said.strength}", f"=c {said.source}", f"=ts {said.type} {said.strength}",
            f"=sev {said.severity}", f"=tsev {said.type} {said.severity}", f"=neg {said.negated}",
        ))  # fmt: skip
        found.update(f"=x {said.type} {name} {name in own}" for name in _CROSSED)
    for side, other in (("<", number - 1), (">", number + 1)):
        if not 0 <= other < len(scene.sentences):
            found.add(f"{side} none")
            continue
        found.update(f"{side} {names[mark.entry]}" for mark in scene.marks[other] if names[mark.entry] != "claim")
        beside = scene.said[other]
        if beside is not None:
            found.add(f"{side} claim")
            found.add(f"{side} t {beside.type}")
    if number and scene.sentences[number - 1].text.rstrip().endswith("?"):
        found.add("< ?")
    return found
