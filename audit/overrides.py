"""The rules of a run as the settings have them: for all pages, and for those that an override names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from audit.rules.hosts import load_hosts
from audit.rules.load import PathRules, RuleSet, changed, load_rules, overridden, with_lists
from audit.rules.schema import Gate, PathGate
from audit.settings import Settings


def load(settings: Settings, origins: Mapping[str, str] | None = None) -> RuleSet:
    """Return the rules of a run: packs, profile, hosts, and what the settings change in them, here or everywhere.

    Args:
        settings: As they take effect.
        origins: Where each comes from, for messages.

    Raises:
        RuleError: A pack, a profile, or the name of a rule is wrong.
        SettingsError: A list of hosts cannot be read.
    """
    packs = [Path(pack) for pack in settings.rules]

    def under(profile: str) -> RuleSet:
        rules = load_rules(packs, profile=profile)
        for name in ("disable", "severities"):
            if value := getattr(settings, name):
                rules = changed(rules, **{name: value}, where=(origins or {}).get(name, name))
        return rules

    parts = [
        PathRules(
            paths=each.paths,
            under=under(each.profile) if each.profile else None,
            disable=each.disable,
            severities=each.severities,
        )
        for each in settings.overrides
        if each.profile or each.disable or each.severities
    ]
    hosts = load_hosts(settings.host_lists, settings.allow_hosts, settings.sponsors)
    return with_lists(overridden(under(settings.profile), parts), hosts)


def conditions(profile: Gate, settings: Settings, of_profile: Callable[[str], Gate]) -> Gate:
    """Return the gate of a profile with the settings over it, for all pages and for those of overrides.

    Args:
        profile: The gate of the run's profile.
        settings: As they take effect.
        of_profile: Returns the gate of another profile; pages that an override puts under one are held to it.
    """
    own = {name: getattr(settings, name) for name in ("fail_on", "min_score", "max_new")}
    parts = list(profile.paths)
    for override in settings.overrides:
        if override.profile:
            gate = of_profile(override.profile)
            fail_on = "never" if gate.fail_on is None else gate.fail_on
            parts.append(
                PathGate(paths=override.paths, fail_on=fail_on, min_score=gate.min_score or 0, rules=gate.rules)
            )
        said = {name: getattr(override, name) for name in own}
        if any(value is not None for value in said.values()):
            parts.append(PathGate(paths=override.paths, **said))
    given = {name: value for name, value in own.items() if value is not None}
    return msgspec.structs.replace(profile, **given, paths=tuple(parts))
