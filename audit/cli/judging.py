"""What a run is held to, and what is known of its findings: one way for `run`, `gate` and all that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from audit import baseline, overrides, suppressions
from audit.cli.common import Manifest, settle
from audit.cli.output import harmless, warn
from audit.errors import UsageError
from audit.gate import stale
from audit.known import NOTHING, Known, survey
from audit.model import PageReport
from audit.rules.load import load_rules
from audit.rules.schema import Gate, PathGate, RuleGate
from audit.settings import Settings
from audit.terminal.text import many

Part = TypeVar("Part", PathGate, RuleGate)
_SHOWN = 10
"""Entries of a baseline or a sidecar that are named in a warning; the rest is counted."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the flags say beyond the settings."""

    paths: tuple[PathGate, ...] = ()
    rules: dict[str, RuleGate] = {}
    fail_on_stale: bool = False
    today: str = ""
    """`YYYY-MM-DD`."""


def limits(flags: dict[str, Any]) -> Limits:
    """Take what only the gate knows out of the flags of a command, and return it.

    Raises:
        UsageError: A condition of a path or rule cannot be read.
    """
    paths = tuple(
        _condition("--gate-path", text, PathGate, lambda glob: {"paths": (glob,)}) for text in flags.pop("gate_path")
    )
    rules: dict[str, RuleGate] = {}
    for text in flags.pop("gate_rule"):
        rule = text.rpartition(":")[0]
        rules[rule] = _over(rules.get(rule, RuleGate()), _condition("--gate-rule", text, RuleGate, lambda _: {}))
    return Limits(
        paths=paths,
        rules=rules,
        fail_on_stale=flags.pop("fail_on_stale"),
        today=day(flags),
    )


def day(flags: dict[str, Any]) -> str:
    """Take the day that expiries are held to out of the flags of a command, and return it: `YYYY-MM-DD`."""
    given: datetime | None = flags.pop("today")
    return (given.date() if given else date.today()).isoformat()  # noqa: DTZ011 (the user's own day)


def conditions(profile: Gate, settings: Settings, given: Limits) -> Gate:
    """Return what a run is held to: the gate of its profile, the settings over it, the flags over both."""
    gate = overrides.conditions(profile, settings, lambda name: load_rules(profile=name).profile.gate)
    return with_limits(gate, given)


def with_limits(gate: Gate, given: Limits) -> Gate:
    """Return a gate with the flags over it."""
    rules = dict(gate.rules)
    for name, rule in given.rules.items():
        rules[name] = _over(rules.get(name, RuleGate()), rule)
    stale_entries = "fail" if given.fail_on_stale else gate.stale
    return msgspec.structs.replace(gate, rules=rules, paths=(*gate.paths, *given.paths), stale=stale_entries)


def files_of(made: Manifest, flags: Mapping[str, Any]) -> Settings:
    """Return settings that name baseline and sidecar: by flag, else those of the run, else those of this folder."""
    files = {
        name: made.settings.get(name) or None if flags.get(name) is None else flags[name]
        for name in ("baseline", "suppressions")
    }
    return settle(**files).settings


def check(settings: Settings) -> None:
    """Read the files of what is known, so that a wrong one stops a run before it begins.

    Raises:
        ReportError: The baseline cannot be used.
        SettingsError: The sidecar cannot be used.
    """
    known_in(tuple, settings, "")


def known_in(reports: Callable[[], Iterable[PageReport]], settings: Settings, today: str) -> Known:
    """Return what baseline and sidecar know of the findings of a run, and warn of what in them is out of date.

    Args:
        reports: Yields those of the run; called at most once.
        settings: Which name the two files.
        today: `YYYY-MM-DD`.

    Raises:
        ReportError: The baseline cannot be used.
        SettingsError: The sidecar cannot be used.
    """
    accepted = baseline.load(Path(settings.baseline)) if settings.baseline else None
    entries = suppressions.load(Path(settings.suppressions)) if settings.suppressions else ()
    if accepted is None and not entries:
        return NOTHING
    return survey(reports(), accepted, entries, today)


def tell_outdated(known: Known, *, stale_too: bool = True) -> None:
    """Warn of entries that suppress nothing, and of those of the baseline that nothing answers to."""
    _tell(f"{entry.where}: unused: no finding of this run fits {entry}" for entry in known.unused)
    _tell(f"{entry.where}: expired on {entry.expires}: {entry}" for entry in known.expired)
    if stale_too:
        mended = [entry for entry in known.stale if entry not in known.gone]
        _tell(f"{failure.where}: {failure.what}" for failure in map(stale, mended))
        if known.gone:
            pages = many(len({entry.page for entry in known.gone}), "page")
            warn(f"warning: the baseline has {many(len(known.gone), 'entry', 'entries')} of {pages} not in this run")


def _tell(lines: Iterable[str]) -> None:
    told = list(lines)
    for line in told[:_SHOWN]:
        warn(harmless(f"warning: {line}").replace("\n", " "))
    if len(told) > _SHOWN:
        warn(f"warning: … and {many(len(told) - _SHOWN, 'entry', 'entries')} more like that")


def _condition(option: str, text: str, struct: type[Part], fields: Callable[[str], Mapping[str, Any]]) -> Part:
    """Return what `WHAT:CONDITION=VALUE` says; there may be several conditions, with commas between them."""
    what, _, said = text.rpartition(":")
    values: dict[str, Any] = {}
    for part in said.split(","):
        name, equals, value = part.partition("=")
        name = name.strip().replace("-", "_")
        if not what or not equals or name == "paths":
            raise UsageError(option, f"“{text}” is no condition", _HINTS[option])
        values[name] = int(value) if value.strip().isdigit() else value.strip()
    try:
        return msgspec.convert({**values, **fields(what)}, struct)
    except msgspec.ValidationError as error:
        raise UsageError(option, f"“{text}”: {error}", _HINTS[option]) from None


_HINTS = {
    "--gate-path": "write GLOB:CONDITION=VALUE, as in 'drafts/*:min_score=50,fail_on=never'; "
    "conditions: fail_on, min_score, max_new, unread",
    "--gate-rule": "write RULE:CONDITION=VALUE, as in 'claims.cure.*:fail_on=2'; conditions: fail_on, max_new",
}


def _over(below: RuleGate, above: RuleGate) -> RuleGate:
    said = {name: value for name, value in msgspec.structs.asdict(above).items() if value is not None}
    return msgspec.structs.replace(below, **said)
