"""A rule in the terminal: what it finds, why, who says so, its proof, and how to change it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from audit.rules.load import RuleSet
from audit.rules.schema import RequiredSection
from audit.rules.selftest import kind_of
from audit.terminal.drawing import NAMES, SEVERITIES
from audit.terminal.safe import line as harmless

_INDENT = "  "


def rule(rule_id: str, rules: RuleSet) -> Text:
    """Return a rule as styled text.

    Raises:
        RuleError: There is none of that id.
    """
    return Text("\n").join(_rows(rule_id, rules))


def _rows(rule_id: str, rules: RuleSet) -> Iterator[Text]:
    found = rules.get(rule_id)
    severity = rules.severity(found)
    said = NAMES[severity]
    if said != found.severity:
        said += f" ({found.severity} in the rule, changed by the profile {rules.profile.profile} or the settings)"
    if rule_id in rules.disabled:
        said += ", switched off by the profile or the settings"
    yield Text(rule_id, style="bold")
    yield _plain(found.message)
    yield _plain(found.why)
    if found.help:
        yield _plain(f"How to mend it: {found.help}")
    yield Text()
    source = (found.source.title, found.source.url, f"read {found.source.read}" if found.source.read else "")
    yield _field("kind", kind_of(found))
    yield Text.assemble(_INDENT, ("severity  ", "dim"), (said, SEVERITIES[severity]))
    yield _field("source", ", ".join(part for part in source if part))
    yield _field("file", rules.origin(rule_id))
    yield Text()
    absent = isinstance(found, RequiredSection)
    for title, examples in (
        ("is there in, so that nothing is reported" if absent else "finds", found.should_match),
        ("is missing from" if absent else "leaves alone", found.should_not_match),
    ):
        if examples:
            yield Text(f"{_INDENT}{title}", style="dim")
        for example in examples:
            yield _example(example)
    yield Text()
    yield from _how_to_change(rule_id, rules.profile.profile)


def _how_to_change(rule_id: str, profile: str) -> Iterator[Text]:
    yield _plain("To change it, in audit.toml, or under [tool.audit] in pyproject.toml:")
    yield _plain(f'  severities = {{"{rule_id}" = "note"}}    # info, note, warning, error, blocker')
    yield _plain(f'  disable = ["{rule_id}"]')
    yield _plain("For some pages only:")
    yield _plain("  [[overrides]]")
    yield _plain('  paths = ["drafts/*"]')
    yield _plain(f'  disable = ["{rule_id}"]')
    yield _plain("For all who share a profile (audit run --profile FILE):")
    yield _plain("  profile: ours")
    yield _plain(f"  extends: {profile}")
    yield _plain(f"  severities: {{{rule_id}: note}}")
    yield _plain("One finding alone is let stand in audit-ignore.yaml: audit show REPORT PAGE --explain WHICH")


def _example(text: str) -> Text:
    """Return an example with what it marks standing out."""
    row = Text(f"{_INDENT}  ")
    rest = text
    while "⟦" in rest:
        before, _, rest = rest.partition("⟦")
        marked, _, rest = rest.partition("⟧")
        row.append(harmless(before)).append(f"⟦{harmless(marked)}⟧", style="bold")
    return row.append(harmless(rest))


def _field(name: str, value: str) -> Text:
    return Text.assemble(_INDENT, (f"{name:<10}", "dim"), harmless(value))


def _plain(text: str) -> Text:
    return Text(_INDENT + harmless(text))
