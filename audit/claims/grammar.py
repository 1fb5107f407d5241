"""How sentences of a language are built, as far as claims are read by it: `rules/language/<code>/grammar.yaml`.

The file is part of the package, not a rule pack: its expressions are Python’s, which look around; no user gives one.
"""

from __future__ import annotations

import functools
import re

import msgspec

from audit.errors import RuleError
from audit.rules.load import GRAMMAR, shipped_folder
from audit.rules.yaml import read_yaml

ENGLISH = "en"


class Grammar(msgspec.Struct, frozen=True, kw_only=True):
    """The words and expressions of one language; the file says what each is for, with examples."""

    loose: frozenset[str]
    """Ids of hedges that may follow what they govern: “works in some people”, “it helps, usually”."""
    about_evidence: frozenset[str]
    """Ids of hedges that govern the clause they introduce: “early data suggest that, in men, tea lowers the risk”."""
    of_nouns: frozenset[str]
    """Ids of negations that deny what a noun is said to do."""
    unknown: frozenset[str]
    """Ids of words that leave a statement open, before it or behind it."""
    definition: frozenset[str]
    """Ids of words that say what something is called."""
    modal: frozenset[str]
    noun_negation: frozenset[str]
    before_only: frozenset[str]
    clause: re.Pattern[str]
    enumeration: re.Pattern[str]
    finite: re.Pattern[str]
    opposed: re.Pattern[str]
    resumed: re.Pattern[str]
    no_negation: re.Pattern[str]
    booster_denied: re.Pattern[str]
    raises: re.Pattern[str]
    answer: re.Pattern[str]
    reference: re.Pattern[str]
    auxiliary: re.Pattern[str]
    imperative: re.Pattern[str]
    topic: re.Pattern[str]
    infinitive: re.Pattern[str]
    adjective: re.Pattern[str]
    table: re.Pattern[str]
    subordinate: re.Pattern[str]
    along: re.Pattern[str]
    supposed: re.Pattern[str]
    defined: re.Pattern[str]
    not_without: re.Pattern[str]


class Expression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One expression of the file, with its proof."""

    what: str
    regex: tuple[str, ...]
    """Alternatives; `{name}` stands for the words of that name."""
    some: tuple[str, ...]
    """Texts with the first hit marked `⟦…⟧`."""
    none: tuple[str, ...]
    """Texts without one."""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands."""

    language: str
    rules: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    expressions: dict[str, Expression]


def written(code: str) -> Written:
    """Return what the file of a language says.

    Raises:
        RuleError: It is missing, or not of this form.
    """
    name = f"language/{code}/{GRAMMAR}"
    node = read_yaml(shipped_folder() / name, f"rules/{name}")
    try:
        return msgspec.convert(node.value, Written)
    except msgspec.ValidationError as error:
        raise node.error(str(error), f"compare it with rules/language/{ENGLISH}/{GRAMMAR}") from None


@functools.cache
def grammar(code: str) -> Grammar:
    """Return the grammar of a language, compiled at the first call.

    Raises:
        RuleError: Its file is missing, not of this form, or not complete.
    """
    said = written(code)
    parts: dict[str, object] = {name: frozenset(given) for name, given in (said.rules | said.words).items()}
    for name, expression in said.expressions.items():
        regex = "|".join(expression.regex)
        for word, given in said.words.items():
            regex = regex.replace(f"{{{word}}}", "|".join(map(re.escape, given)))
        parts[name] = re.compile(regex)
    missing = [name for name in Grammar.__struct_fields__ if name not in parts]
    if missing:
        where = f"rules/language/{code}/{GRAMMAR}"
        raise RuleError(where, f"there is no {', no '.join(missing)}", f"see rules/language/{ENGLISH}/{GRAMMAR}")
    return Grammar(**{name: parts[name] for name in Grammar.__struct_fields__})  # type: ignore[arg-type]
