"""From rule files to a `RuleSet`: read with line and column, checked to the last pattern, frozen.

Anything wrong stops here, with `file:line:column`, what it is and what to do next.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from audit import __version__
from audit.errors import RuleError, SettingsError
from audit.model import Category
from audit.rules.hosts import NO_LISTS, HostLists
from audit.rules.match import PatternError, compile_pattern
from audit.rules.schema import (
    SEVERITIES,
    Gate,
    Pack,
    PathGate,
    Profile,
    RequiredSection,
    Rule,
    RuleGate,
    SeverityName,
    Source,
)
from audit.rules.yaml import Node, read_yaml
from audit.text.globs import compiled, matches

KINDS: dict[str, type[Rule]] = {str(kind.__struct_config__.tag): kind for kind in get_args(Rule)}
"""The closed set of kinds, by the name that a rule file gives them."""

GRAMMAR = "grammar.yaml"
"""Name of the shipped file that says how sentences of a language are built; it holds no rules."""

R = TypeVar("R", bound=Rule)


class PackInfo(msgspec.Struct, frozen=True, gc=False):
    """One pack of a run."""

    name: str
    version: int
    digest: str
    """SHA-256 of what its rules say, comments and order of keys left out."""
    file: str


class PathRules(msgspec.Struct, frozen=True, kw_only=True):
    """What changes in the rules for some pages."""

    paths: tuple[str, ...]
    """Globs of id, path or address."""
    under: RuleSet | None = None
    """The rules under another profile."""
    disable: tuple[str, ...] = ()
    severities: dict[str, SeverityName] = {}


class RuleSet(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The rules of a run, with the profile applied; equal and hashed by `digest`."""

    rules: tuple[Rule, ...]
    """Those that are not disabled, in order of file and place."""
    profile: Profile
    digest: str
    """SHA-256 of all packs, the profile and the version of this package."""
    packs: tuple[PackInfo, ...]
    disabled: tuple[str, ...]
    known: dict[str, tuple[Rule, int, str]]
    """By id, disabled ones too: the rule, its severity under the profile, and `file:line`."""
    overrides: tuple[PathRules, ...] = ()
    """What is otherwise for some pages; see `for_page`."""
    lists: HostLists = NO_LISTS
    """The site's own hosts."""

    def for_page(self, *names: str | None) -> RuleSet:
        """Return the rules that hold for a page, by its id, path and address.

        Of the overrides that fit, the last profile counts, and all that they switch off or make more or less severe.
        """
        if not self.overrides:
            return self
        fits = tuple(at for at, part in enumerate(self.overrides) if any(matches(glob, *names) for glob in part.paths))
        return _overridden(self, fits) if fits else self

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the rules of one kind that are not disabled."""
        return tuple(rule for rule in self.rules if isinstance(rule, kind))

    def get(self, rule_id: str) -> Rule:
        """Return a rule, disabled or not.

        Raises:
            RuleError: There is none of that id; the hint names the nearest.
        """
        if rule_id not in self.known:
            raise RuleError("", f'there is no rule "{rule_id}"', _nearest(rule_id, self.known, "`audit rules list`"))
        return self.known[rule_id][0]

    def severity(self, rule: Rule) -> int:
        """Return the severity of a rule, 0 to 4, as the profile has it."""
        return self.known[rule.id][1]

    def origin(self, rule_id: str) -> str:
        """Return `file:line` of a rule.

        Raises:
            RuleError: There is none of that id.
        """
        self.get(rule_id)
        return self.known[rule_id][2]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleSet) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def load_rules(packs: Sequence[Path | str] = (), *, profile: str = "default", shipped: bool = True) -> RuleSet:
    """Return the shipped rules, those of further packs, and a profile, checked and ready.

    Args:
        packs: Rule files, or folders of them; they come in addition to the shipped ones.
        profile: Name of a shipped profile, or path of a profile file.
        shipped: False leaves the shipped packs out.

    Raises:
        RuleError: Something is wrong with a file; the message says where, what, and what to do next.
    """
    files = [*(_shipped_packs() if shipped else ()), *_given_packs(packs)]
    read: list[tuple[Pack, str]] = []
    places: dict[str, Node] = {}
    for path, name in files:
        node = read_yaml(path, name)
        read.append((_pack(node, places), name))
    chosen = _profile(profile, places if shipped else None)
    return _rule_set(read, chosen, {rule_id: f"{node.file}:{node.line}" for rule_id, node in places.items()})


def changed(
    rules: RuleSet,
    *,
    disable: Sequence[str] = (),
    severities: Mapping[str, SeverityName] | None = None,
    where: str = "",
) -> RuleSet:
    """Return the rules with some switched off and other severities, over what their profile says.

    Args:
        rules: As loaded.
        disable: Ids of rules, or prefixes that end in `.*`.
        severities: By the same.
        where: Who says so, for the message.

    Raises:
        RuleError: One of them names no rule.
    """
    new = severities or {}
    check_names(rules, (*disable, *new), where)
    kept = {key: name for key, name in rules.profile.severities.items() if not _covered(key, new)}
    profile = msgspec.structs.replace(
        rules.profile, disable=(*rules.profile.disable, *disable), severities={**kept, **new}
    )
    return _applied([(rule, origin) for rule, _, origin in rules.known.values()], rules.packs, profile)


def check_names(rules: RuleSet, names: Iterable[str], where: str) -> None:
    """Stop if one of the names, ids or prefixes that end in `.*`, is that of no rule: it would do nothing, unsaid.

    Args:
        rules: As loaded.
        names: What somebody wants to change, or hold findings to.
        where: Who says so, for the message.

    Raises:
        RuleError: There is such a name.
    """
    for name in names:
        if not any(_covered(rule_id, (name,)) for rule_id in rules.known):
            hint = _nearest(name, rules.known, "`audit rules list`")
            raise RuleError(where, f'"{name}" is the id of no rule', f"{hint}; all of a family is `spam.gambling.*`")


def with_lists(rules: RuleSet, lists: HostLists) -> RuleSet:
    """Return the rules with the hosts that a site has something to say of; its digest knows them."""
    if not lists.digest:
        return rules
    return msgspec.structs.replace(rules, lists=lists, digest=_digest([rules.digest, lists.digest]))


def overridden(rules: RuleSet, overrides: Sequence[PathRules]) -> RuleSet:
    """Return the rules with what is otherwise for some pages.

    Raises:
        RuleError: An override names no rule.
    """
    if not overrides:
        return rules
    said = [[part.paths, part.under.digest if part.under else "", part.disable, part.severities] for part in overrides]
    held = msgspec.structs.replace(rules, overrides=tuple(overrides), digest=_digest([rules.digest, said]))
    for at in range(len(overrides)):
        _overridden(held, (at,))  # so that a name that no rule has stops here
    return held


@functools.lru_cache(maxsize=64)
def _overridden(rules: RuleSet, fits: tuple[int, ...]) -> RuleSet:
    parts = [rules.overrides[at] for at in fits]
    found = msgspec.structs.replace(rules, overrides=())
    for part in parts:
        found = part.under or found
    for part in parts:
        if part.disable or part.severities:
            where = f"overrides for {', '.join(part.paths)}"
            found = changed(found, disable=part.disable, severities=part.severities, where=where)
    return with_lists(found, rules.lists)


def _rule_set(packs: Iterable[tuple[Pack, str]], profile: Profile, origins: Mapping[str, str]) -> RuleSet:
    infos: list[PackInfo] = []
    known: list[tuple[Rule, str]] = []
    for pack, file in packs:
        infos.append(PackInfo(pack.pack, pack.version, _digest(pack), file))
        known += [(rule, origins[rule.id]) for rule in pack.rules]
    return _applied(known, tuple(infos), profile)


def _applied(rules: Iterable[tuple[Rule, str]], packs: tuple[PackInfo, ...], profile: Profile) -> RuleSet:
    """Return the rules, each with its origin, as the profile has them."""
    known = {rule.id: (rule, _severity(rule, profile), origin) for rule, origin in rules}
    disabled = tuple(rule_id for rule_id in known if _covered(rule_id, profile.disable))
    off = frozenset(disabled)
    return RuleSet(
        rules=tuple(rule for rule, _, _ in known.values() if rule.id not in off),
        profile=profile,
        digest=_digest([__version__, [info.digest for info in packs], profile]),
        packs=packs,
        disabled=disabled,
        known=known,
    )


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def _severity(rule: Rule, profile: Profile) -> int:
    """Return what the profile says of the id, or of the longest prefix of it, or else the rule itself."""
    named = [key for key in profile.severities if _covered(rule.id, (key,))]
    return SEVERITIES[
        profile.severities[max(named, key=lambda key: (key == rule.id, len(key)))] if named else rule.severity
    ]


def _covered(rule_id: str, keys: Iterable[str]) -> bool:
    return any(rule_id == key or (key.endswith(".*") and rule_id.startswith(key[:-1])) for key in keys)


# --- where the files are --------------------------------------------------------------------------------------------


def shipped_folder() -> Path:
    """Return the folder of the shipped packs: beside this file in an installed package, `rules/` in a checkout.

    Raises:
        RuleError: The installation is broken.
    """
    for folder in (Path(__file__).parent / "packs", Path(__file__).parents[2] / "rules"):
        if folder.is_dir():
            return folder
    raise RuleError("", "the shipped rule packs are missing", "install the package again")


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(path.stem for path in (shipped_folder() / "profiles").glob("*.yaml")))


def _shipped_packs() -> Iterator[tuple[Path, str]]:
    folder = shipped_folder()
    for path in _rule_files(folder):
        if path.name != GRAMMAR:
            yield path, f"rules/{path.relative_to(folder).as_posix()}"


def _given_packs(packs: Sequence[Path | str]) -> Iterator[tuple[Path, str]]:
    for given in packs:
        path = Path(given)
        if path.is_dir():
            files = _rule_files(path)
            if not files:
                raise RuleError(str(given), "this folder holds no rule file", "rule files end in .yaml")
            yield from ((file, file.as_posix()) for file in files)
        else:
            yield path, path.as_posix()


def _rule_files(folder: Path) -> list[Path]:
    """Return the rule files of a folder, in order of path; profiles are something else."""
    files = (path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"})
    return sorted(path for path in files if "profiles" not in path.relative_to(folder).parts[:-1])


# --- packs ----------------------------------------------------------------------------------------------------------


def _pack(node: Node, places: dict[str, Node]) -> Pack:
    """Return the pack, and enter its rules into `places`."""
    fields = node.mapping("a rule file")
    _known_keys(node, fields, Pack.__struct_fields__, "a rule file")
    _has_keys(node, fields, ("pack", "version", "rules"), "the rule file")
    name = fields["pack"].value
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", name):
        raise fields["pack"].error(f'"{name}" is no name of a pack', "write it like `spam.pharmacy`")
    rules: list[Rule] = []
    for item in fields["rules"].items("rules"):
        rule = _rule(item, name)
        if rule.id in places:
            first = places[rule.id]
            what = f'rule "{rule.id}" is there already, at {first.file}:{first.line}:{first.column}'
            raise item.error(what, "give one of the two another id, or delete it")
        places[rule.id] = item
        rules.append(rule)
    plain = {key: field.value for key, field in fields.items() if key != "rules"}
    return msgspec.structs.replace(_convert(node, plain | {"rules": []}, Pack, ""), rules=tuple(rules))


def _rule(node: Node, pack: str) -> Rule:
    """Return one rule, checked."""
    fields = node.mapping("a rule")
    rule_id = fields["id"].value if "id" in fields else None
    where = f'rule "{rule_id}": ' if rule_id is not None else "a rule: "
    if "kind" not in fields:
        raise node.error(f"{where}it has no kind", f"kinds: {', '.join(KINDS)}")
    kind = fields["kind"].value
    if not isinstance(kind, str) or kind not in KINDS:
        hint = _nearest(str(kind), KINDS, "") or f"kinds: {', '.join(KINDS)}"
        raise fields["kind"].error(f'{where}there is no kind "{kind}"', hint)
    struct = KINDS[kind]
    _known_keys(node, fields, (*struct.__struct_fields__, "kind"), f'{where}kind "{kind}"')
    _has_keys(node, fields, _obligatory(struct), f"{where[:-2]}")
    source = fields["source"].mapping(f"{where}source")
    _known_keys(fields["source"], source, Source.__struct_fields__, f"{where}source")
    severity = fields["severity"]
    if not _is_severity(severity):
        raise severity.error(f'{where}there is no severity "{severity.value}"', f"severities: {', '.join(SEVERITIES)}")
    rule: Rule = _convert(node, node.value, struct, where)
    _check_id(fields["id"], rule, pack, where)
    _check_words(fields, rule, where)
    _check_patterns(fields, where)
    _check_examples(fields, rule, where)
    return rule


def _is_severity(node: Node) -> bool:
    return isinstance(node.value, str) and node.value in SEVERITIES


@functools.cache
def _obligatory(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(struct) if field.required)


def _check_id(node: Node, rule: Rule, pack: str, where: str) -> None:
    if not rule.id.startswith(f"{pack}.") or not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", rule.id):
        raise node.error(f"{where}the id does not begin with its pack", f"write it like `{pack}.some-name`")


_LISTS = ("any", "near", "unless_before", "unless_after", "hosts", "labels")


def _check_words(fields: Mapping[str, Node], rule: Rule, where: str) -> None:
    """Refuse empty phrases, texts and lists that would never match, or match everything."""
    for key in ("message", "why"):
        if not getattr(rule, key).strip():
            raise fields[key].error(f"{where}{key} is empty", "every finding says what it is and what it costs")
    for key in _LISTS:
        for item in fields[key].items(key) if key in fields else ():
            if not str(item.value).strip(" ~"):
                raise item.error(f"{where}a phrase of {key} is empty", "delete it")
    needed = {"phrase": ("any",), "pattern": ("regex",), "host": ("hosts", "labels"), "claim": ("any", "regex"),
              "cue": ("any", "regex"), "disclaimer": ("any", "regex")}.get(fields["kind"].value, ())  # fmt: skip
    if needed and not any(getattr(rule, key) for key in needed):
        raise fields["kind"].error(f"{where}it has nothing to look for", f"fill {' or '.join(needed)}")


def _check_patterns(fields: Mapping[str, Node], where: str) -> None:
    nodes = [fields["regex"]] if "regex" in fields and fields["regex"].value else []
    nodes += fields["labels"].items("labels") if "labels" in fields else []
    for node in nodes:
        try:
            compile_pattern(node.value)
        except PatternError as error:
            what, _, hint = str(error).partition("\n")
            raise node.error(f"{where}this pattern cannot be used: {what}", hint) from None


def _check_examples(fields: Mapping[str, Node], rule: Rule, where: str) -> None:
    bare = isinstance(rule, RequiredSection) and not (rule.any or rule.regex)
    for key in ("should_match", "should_not_match"):
        if not getattr(rule, key) and not bare:
            raise fields[key].error(
                f"{where}{key} is empty", "every rule carries its own proof: give at least one text"
            )
    for item in fields["should_match"].items("should_match"):
        marks = "".join(char for char in item.value if char in "⟦⟧")
        if marks != "⟦⟧" * (len(marks) // 2) or "⟦⟧" in item.value:
            raise item.error(f"{where}the marks ⟦ and ⟧ do not pair", "write each expected span as ⟦text⟧")
        if not marks and not isinstance(rule, RequiredSection):
            raise item.error(f"{where}no span is marked in this text", "write each expected span as ⟦text⟧")
    for item in fields["should_not_match"].items("should_not_match"):
        if "⟦" in item.value or "⟧" in item.value:
            raise item.error(f"{where}a span is marked in a text that should not match", "take the marks away")


# --- profiles -------------------------------------------------------------------------------------------------------


def _profile(name: str, places: Mapping[str, Node] | None) -> Profile:
    """Return a profile with all that it extends.

    Args:
        name: As `load_rules` has it.
        places: The rules that severities may name; `None` leaves them unchecked.
    """
    chain: list[Node] = []
    names: list[str] = []
    asked: Node | None = None
    while name:
        node = _profile_file(name, asked)
        fields = node.mapping("a profile")
        own = str(fields["profile"].value) if "profile" in fields else ""
        if own in names:
            circle = " → ".join([*names[names.index(own) :], own])
            raise (asked or node).error(f"profile extends itself: {circle}", "take one `extends` away")
        names.append(own)
        chain.append(node)
        _check_profile(node, fields, places)
        asked = fields.get("extends")
        name = str(asked.value) if asked else ""
    merged: dict[str, Any] = {}
    for node in reversed(chain):
        merged = _merged(merged, node.value)
    return _convert(chain[0], merged, Profile, "")


def _profile_file(name: str, asked: Node | None) -> Node:
    """Return the content of a profile, by name, or by path if it looks like one."""
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        if asked is not None and not path.is_absolute():
            path = Path(asked.file).parent / path
        return read_yaml(path, path.as_posix())
    if name not in profile_names():
        what, hint = (
            f'there is no profile "{name}"',
            f"profiles: {', '.join(profile_names())}, or a path to a .yaml file",
        )
        raise asked.error(what, hint) if asked else RuleError("", what, hint)
    return read_yaml(shipped_folder() / "profiles" / f"{name}.yaml", f"rules/profiles/{name}.yaml")


def _check_profile(node: Node, fields: Mapping[str, Node], places: Mapping[str, Node] | None) -> None:
    _known_keys(node, fields, Profile.__struct_fields__, "a profile")
    _has_keys(node, fields, ("profile",), "the profile")
    if "gate" in fields:
        _check_gate(fields["gate"], places)
    if "weights" in fields:
        _known_keys(fields["weights"], fields["weights"].mapping("weights"), get_args(Category), "weights")
    severities = fields["severities"].mapping("severities") if "severities" in fields else {}
    for key, value in severities.items():
        if not _is_severity(value):
            raise value.error(f'there is no severity "{value.value}"', f"severities: {', '.join(SEVERITIES)}")
        _check_names_a_rule(value, key, places)
    for item in fields["disable"].items("disable") if "disable" in fields else ():
        _check_names_a_rule(item, str(item.value), places)
    _convert(node, node.value, Profile, "")


def _check_gate(node: Node, places: Mapping[str, Node] | None) -> None:
    gate = node.mapping("gate")
    _known_keys(node, gate, Gate.__struct_fields__, "gate")
    for part in gate["paths"].items("paths") if "paths" in gate else ():
        of_paths = part.mapping("an entry of paths")
        _known_keys(part, of_paths, PathGate.__struct_fields__, "an entry of paths")
        _has_keys(part, of_paths, ("paths",), "an entry of paths")
        for glob in of_paths["paths"].items("paths"):
            try:
                compiled(str(glob.value))
            except SettingsError as error:
                raise glob.error(f"{glob.value} {error.what}", error.hint) from None
        _check_gate_rules(of_paths, places)
    _check_gate_rules(gate, places)


def _check_gate_rules(fields: Mapping[str, Node], places: Mapping[str, Node] | None) -> None:
    for key, value in fields["rules"].mapping("rules").items() if "rules" in fields else ():
        _known_keys(value, value.mapping(f'the gate of "{key}"'), RuleGate.__struct_fields__, f'the gate of "{key}"')
        _check_names_a_rule(value, key, places)


def _check_names_a_rule(node: Node, key: str, places: Mapping[str, Node] | None) -> None:
    if places is not None and not any(_covered(rule_id, (key,)) for rule_id in places):
        hint = _nearest(key, places, "`audit rules list`") + "; all of a family is `spam.gambling.*`"
        raise node.error(f'"{key}" is the id of no rule', hint)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return a profile's fields over those of the one that it extends; tables key by key, lists one after the other."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, dict):
            merged[key] = _merged(base.get(key, {}), value)
        elif isinstance(value, list):
            merged[key] = [*base.get(key, []), *value]
        else:
            merged[key] = value
    return merged


# --- common checks --------------------------------------------------------------------------------------------------


def _known_keys(node: Node, fields: Mapping[str, Node], known: Iterable[str], what: str) -> None:
    allowed = sorted(known)
    for key in fields:
        if key in allowed:
            continue
        homes = [name for name, kind in KINDS.items() if key in kind.__struct_fields__] if "kind" in fields else []
        hint = _nearest(key, allowed, "")
        if not hint and homes:
            hint = f"kinds that have it: {', '.join(homes)}"
        raise node.key_error(key, f'{what} has no field "{key}"', hint or f"fields: {', '.join(allowed)}")


def _has_keys(node: Node, fields: Mapping[str, Node], needed: Iterable[str], what: str) -> None:
    missing = [key for key in needed if key not in fields]
    if missing:
        raise node.error(f"{what} has no {' and no '.join(missing)}", f"add {', '.join(missing)}")


T = TypeVar("T")
_PLACE = re.compile(r" - at `\$(?P<path>.*)`$")


def _convert(node: Node, value: object, struct: type[T], where: str) -> T:
    """Return the value as a struct, or say which part of it is of the wrong type."""
    try:
        return msgspec.convert(value, struct)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _PLACE.search(text)
        path = place["path"] if place else ""
        what = text[: place.start()] if place else text
        what = what.replace("`array`", "a list").replace("`object`", "a mapping")
        name = f"{path.lstrip('.')}: " if path else ""
        hint = "put it in quotes" if "Expected `str`, got" in what and "object" not in what else ""
        raise node.at(path).error(f"{where}{name}{what[0].lower()}{what[1:]}", hint) from None


def _nearest(word: str, known: Iterable[str], instead: str) -> str:
    """Return a hint that names the nearest known word, or where to see them all."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"see {instead}" if instead else ""
