"""`audit rules`."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from audit import claims, overrides, spam
from audit.cli import SuggestingGroup
from audit.cli.common import RULES, settle
from audit.cli.output import harmless, say, warn
from audit.errors import UsageError
from audit.rules.load import KINDS, RuleSet, load_rules
from audit.rules.schema import SEVERITIES, Rule
from audit.rules.selftest import check, kind_of
from audit.terminal.drawing import drawn
from audit.terminal.rule import rule as explained

_NAMES = {number: name for name, number in SEVERITIES.items()}
_FIELDS = {
    "phrase": "any: [first phrase, second phrase]",
    "pattern": r"regex: '\bword \d+'",
    "host": "hosts: [example.com]",
    "anchor": "any: [anchor text]",
    "markup": "on: hidden-text",
    "span-cluster": "of: terms",
    "claim": "type: treat\n    any: [relieve~]                 # ~ stands for all inflections",
    "cue": "cue: hedge\n    strength: weak\n    any: [as a rule]",
    "disclaimer": "disclaimer: consult\n    any: [ask your doctor]",
    "required-section": "section: author\n    any: [written by]",
}
_TEMPLATE = """\
pack: {pack}
version: 1
rules:
  - id: {id}
    kind: {kind}
    severity: warning                # info, note, warning, error, blocker
    message: "Says what was found: “{{quote}}”."
    why: What it costs the reader, and who says so.
    source: {{title: Where this is known from, url: "https://…", read: 2026-01-31}}
    {fields}
    should_match:
      - A text of your own with the expected span ⟦first phrase⟧ marked.
    should_not_match:
      - The nearest honest text, which must stay untouched.
"""


def _rule_ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the ids of the shipped rules."""
    return [CompletionItem(name) for name in load_rules().known if name.startswith(incomplete)]


@click.group(cls=SuggestingGroup)
def command() -> None:
    """List, explain, test and write rules."""


@command.command("list")
@RULES
@click.option("--category", metavar="NAME", help="Only of this category: spam, claims, safety, …")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only of this kind.")
def list_rules(profile: str | None, rules: tuple[str, ...], category: str | None, kind: str | None) -> None:
    """List every rule: id, severity under the profile, kind and message."""
    loaded = _loaded(profile, rules)
    rows = []
    for rule, severity, _ in loaded.known.values():
        if category in (None, _category(rule)) and kind in (None, kind_of(rule)):
            state = "off" if rule.id in loaded.disabled else _NAMES[severity]
            rows.append((rule.id, state, kind_of(rule), rule.message))
    wide = max((len(row[0]) for row in rows), default=0)
    say("\n".join(harmless(f"{name:<{wide}}  {state:<7}  {of:<16}  {message}") for name, state, of, message in rows))


@command.command(
    epilog="""\b
Example:
  audit rules show spam.gambling.brand"""
)
@click.argument("rule_id", metavar="ID", shell_complete=_rule_ids)
@RULES
def show(rule_id: str, profile: str | None, rules: tuple[str, ...]) -> None:
    """Explain the rule ID: what it finds, why, who says so, its examples, and how to change it."""
    say(drawn(explained(rule_id, _loaded(profile, rules))))


@command.command(
    epilog="""\b
Examples:
  audit rules test                 the shipped rules
  audit rules test our-rules/      those and a folder of your own"""
)
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option("-v", "--verbose", is_flag=True, help="Name the rules that have no test of their own.")
def test(packs: tuple[str, ...], *, verbose: bool) -> None:
    """Run the rules on their own examples; exit 2 if one does not come out as it says.

    PACK is a rule file or a folder of them, tested together with the shipped rules.
    """
    outcome = check(_loaded(None, packs), {**spam.DETECTORS, **claims.DETECTORS})
    for failure in outcome.failures:
        warn(harmless(str(failure)))
    if verbose and outcome.untested:
        say(harmless("no example of its own: " + ", ".join(outcome.untested)))
    failed = f"{len(outcome.failures)} failed" if outcome.failures else "all as they say"
    say(f"{outcome.rules} rules, {outcome.examples} examples: {failed}")
    raise SystemExit(2 if outcome.failures else 0)


@command.command(
    epilog="""\b
Examples:
  audit rules new spam.ours.brand > our-rules.yaml
  audit rules new claims.ours.verb --kind claim -o our-rules.yaml"""
)
@click.argument("rule_id", metavar="ID", default="spam.ours.first-rule")
@click.option("--kind", type=click.Choice(list(KINDS)), default="phrase", show_default=True, help="How it finds.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here.")
def new(rule_id: str, kind: str, output: Path | None) -> None:
    """Write a template for the rule ID, to be filled in and then tested with `audit rules test FILE`."""
    if not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z0-9-]+", rule_id):
        raise UsageError(rule_id, "is no id for a rule", "write it like spam.ours.first-rule")
    content = _TEMPLATE.format(pack=rule_id.rpartition(".")[0], id=rule_id, kind=kind, fields=_FIELDS[kind])
    if output is None:
        say(content.rstrip("\n"))
        return
    if output.exists():
        raise UsageError(str(output), "is there already", "name another file")
    output.write_text(content, encoding="utf-8")
    warn(f"{harmless(str(output))}: fill it in, then: audit rules test {harmless(str(output))}")


def _loaded(profile: str | None, packs: tuple[str, ...]) -> RuleSet:
    settled = settle(profile=profile, rules=packs)
    return overrides.load(settled.settings, settled.origins)


def _category(rule: Rule) -> str:
    return rule.category or rule.id.partition(".")[0]
