"""What a language's grammar file holds is data: each expression with its own proof."""

import re

import pytest

from audit.claims import grammar as module
from audit.claims.grammar import ENGLISH, Expression, Grammar, grammar, written
from audit.errors import RuleError
from audit.rules.load import load_rules

ENTRIES = written(ENGLISH).expressions.items()


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_each_expression_hits_its_examples(name: str, entry: Expression) -> None:
    pattern = getattr(grammar(ENGLISH), name)
    assert entry.some
    assert entry.none
    for marked in entry.some:
        text = marked.replace("⟦", "").replace("⟧", "")
        hit = pattern.search(text)
        assert hit is not None, marked
        assert f"{text[: hit.start()]}⟦{hit[0]}⟧{text[hit.end() :]}" == marked
    assert [text for text in entry.none if pattern.search(text)] == []


def test_the_rules_that_are_read_in_their_own_way_are_there() -> None:
    named = {rule_id for ids in written(ENGLISH).rules.values() for rule_id in ids}
    assert named - load_rules().known.keys() == set()


def test_nothing_in_the_file_goes_unused() -> None:
    said = written(ENGLISH)
    inside = {name for entry in said.expressions.values() for name in re.findall(r"\{([a-z_]+)\}", str(entry.regex))}
    names = said.rules.keys() | said.words.keys() | said.expressions.keys()
    assert names - inside == set(Grammar.__struct_fields__)


def test_a_language_that_lacks_an_expression_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    few = module.Written("xx", {}, {"modal": ("darf",)}, {})
    monkeypatch.setattr(module, "written", lambda _: few)
    with pytest.raises(RuleError, match=r"language/xx/grammar\.yaml.* there is no loose, no about_evidence"):
        grammar("xx")
