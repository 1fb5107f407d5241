"""What every section of `accuracy.py` works with: the rules, the data, the sizes, the misses."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal, TypeVar
from unittest import mock

import msgspec

import audit
from audit.errors import PageError
from audit.findings import Reporter
from audit.model import Kind, Page, PageReport
from audit.page import parse
from audit.rules.load import RuleSet
from audit.rules.match import compile_pattern
from audit.rules.schema import Host, Pattern, Phrase, Rule
from audit.spam import Injected, detect, payload
from benchmarks.baselines import Baseline
from benchmarks.injections import Part, part_of

Figures = dict[str, Any]
Found = TypeVar("Found")
Item = TypeVar("Item")
Without = Literal["nothing", "lists", "lexicon"]
"""What is emptied: nothing, the lists of the rule packs, or those and the trade words that stand in code."""

SIZES = {
    # name: (full, quick); a full run takes some three minutes of one core, a quick one half a minute
    "nih": (0, 160),  # 0: all
    "modern": (0, 10),
    "health": (0, 30),
    "real": (0, 30),  # of the groups B and C each
    "pages": (0, 60),
    "text": (900, 150),
    "html": (440, 44),
    "evasion": (60, 6),
    "redirects": (40, 8),
    "whole": (160, 32),
    "campaigns": (20, 3),  # of six pages each
    "captures": (60, 12),  # pages seen by two visitors, and as many that differ honestly
    "damaged": (200, 24),  # clean pages that the baselines are let loose on
    "trained": (1200, 240),  # dev injections that the n-gram baseline learns from
    "peers": (176, 22),  # HTML pages that the baselines cut
    "lists": (180, 15),  # pages of each kind, audited once more with the rules' lists alone emptied
    "extracted": (180, 15),  # plain texts that the baseline by extraction cuts, at 20 ms each
    "hard": (1, 4),  # one text in so many of each kind
    "bioscope": (6000, 800),
    "speed": (60, 20),
}
_NEVER = "qzxvkjqwzx"
"""A word that nobody writes, in the place of a list that has to hold something."""


class Said(msgspec.Struct, frozen=True):
    """One spam finding with the confidence it was given, and whether it was right."""

    confidence: float
    right: bool
    action: str
    where: str


class Bench:
    """The rules, the data and the size of one measurement."""

    def __init__(self, data: Path, *, part: Part | None = "validation", quick: bool = False) -> None:
        self.data, self.part, self.quick = data, part, quick
        self.rules: RuleSet = audit.load_rules()
        self.emptied: RuleSet = lexicon_emptied(self.rules)
        self.failed: list[str] = []
        self.misses: list[dict[str, Any]] = []
        self.said: list[Said] = []
        self.notes: set[str] = set()
        """What the reader of the table has to know: a peer that is missing."""
        self.classifier: Baseline | None = None

    @property
    def speaks(self) -> Part:
        """The part whose words and seeds the generator uses."""
        return self.part or "validation"

    def size(self, name: str) -> int:
        """Return how many items to take; a very large number for all."""
        return SIZES[name][self.quick] or sys.maxsize

    def rows(
        self, name: str, identity: Callable[[dict[str, Any]], str] = lambda row: str(row["id"])
    ) -> list[dict[str, Any]]:
        """Return the rows of a file that belong to the part."""
        rows = self.everything(name)
        return [row for row in rows if self.part is None or part_of(identity(row)) == self.part]

    def everything(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a file, both parts."""
        with (self.data / name).open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def sample(self, rows: Sequence[Item], name: str) -> list[Item]:
        """Return a seeded sample of the rows, in their order."""
        count = min(self.size(name), len(rows))
        return [rows[at] for at in sorted(random.Random(f"sample:{name}").sample(range(len(rows)), count))]

    def audit(self, page_id: str, kind: Kind, text: str, without: Without = "nothing") -> PageReport | None:
        """Return the report of a page; None (and a note) where it is over a bound."""
        page = Page(id=page_id, kind=kind, text=text)
        return self._run(lambda rules: audit.audit_page(page, rules), page_id, without)

    def spam(self, page_id: str, kind: Kind, text: str, without: Without = "nothing") -> Injected | None:
        """Return the spam of a page as a whole audit would, without its claims: a tenth of the time."""
        page = Page(id=page_id, kind=kind, text=text)
        return self._run(lambda rules: detect(parse(page), rules, Reporter(text)), page_id, without)

    def _run(self, look: Callable[[RuleSet], Found], page_id: str, without: Without) -> Found | None:
        try:
            with no_trade_words() if without == "lexicon" else nullcontext():
                return look(self.rules if without == "nothing" else self.emptied)
        except PageError:
            self.failed.append(page_id)
            return None


def lexicon_emptied(rules: RuleSet) -> RuleSet:
    """Return the rules with the lists of the spam packs emptied: words, patterns and hosts that say what is sold.

    Help contexts, rules on structure and hiding, and the judge stay as they are.
    """
    kept = tuple(_emptied(rule) if _is_listed(rule) else rule for rule in rules.rules)
    digest = hashlib.sha256(f"{rules.digest} less the lexicon".encode()).hexdigest()
    return msgspec.structs.replace(rules, rules=kept, digest=digest)


def _is_listed(rule: Rule) -> bool:
    return isinstance(rule, Phrase | Pattern | Host) and rule.id.startswith("spam.") and rule.evidence == "payload"


def _emptied(rule: Rule) -> Rule:
    if isinstance(rule, Phrase):
        return msgspec.structs.replace(rule, any=(_NEVER,), near=())
    if isinstance(rule, Pattern):
        return msgspec.structs.replace(rule, regex=_NEVER)
    return msgspec.structs.replace(rule, hosts=(), labels=()) if isinstance(rule, Host) else rule


WORDS_IN_CODE = ("_TRADES", "_UNSPACED")
"""Patterns of `audit.spam.payload` that are lists of trade words as well; those that it has are emptied too."""


@contextmanager
def no_trade_words() -> Iterator[None]:
    """Let the audit run without the trade words that stand in code; the parts that brands are made of stay."""
    with ExitStack() as patched:
        for name in WORDS_IN_CODE:
            if hasattr(payload, name):
                patched.enter_context(mock.patch.object(payload, name, compile_pattern(_NEVER)))
        yield


def emptied_note(rules: RuleSet) -> str:
    """Say what is emptied where a figure is given without the lexicon."""
    count = sum(map(_is_listed, rules.rules))
    code = ", ".join(f"payload.{name}" for name in WORDS_IN_CODE if hasattr(payload, name)) or "none"
    return (
        f"without the lexicon: the lists of {count} spam rules (words, patterns, hosts) and the trade words in code "
        f"({code}) are emptied; morphology, structure, hiding, topic, help contexts and the judge stay"
    )
