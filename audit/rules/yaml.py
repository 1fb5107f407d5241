"""YAML as plain values that remember their line and column; nothing in it can build an object or blow up."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.resolver import VersionedResolver

from audit.errors import RuleError

LARGEST_FILE = 2 << 20
"""Bytes. The largest shipped pack has some 100 kB."""
_DEEPEST = 24
"""Levels of nesting; a rule needs five."""
_MOST_OPEN_BRACKETS = 500
_CHAIN = re.compile(r"(?:[-?][ \t]+){24}")
"""`- - - -`: with brackets the one cheap way to nest so deep that a parser written in C runs out of stack."""
_TAG = "tag:yaml.org,2002:"


class Node:
    """A value of a YAML file and where it stands."""

    __slots__ = ("_keys", "_parts", "column", "file", "line", "value")

    def __init__(self, node: Any, file: str, depth: int, seen: set[int]) -> None:  # noqa: ANN401 (nodes are not typed)
        """Read the value of a node.

        Raises:
            RuleError: An alias, a merge, a tag, a key twice, a key that is no text, or nesting without end.
        """
        self.file, self.line, self.column = file, node.start_mark.line + 1, node.start_mark.column + 1
        self._parts: dict[str, Node] | list[Node] = {}
        self._keys: dict[str, tuple[int, int]] = {}
        self.value: Any = None
        if id(node) in seen:
            raise self.error("an alias (*name) is not allowed in a rule file", "write the value out")
        seen.add(id(node))
        if depth > _DEEPEST:
            raise self.error("this is nested too deep", f"{_DEEPEST} levels are allowed")
        if isinstance(node, MappingNode):
            self._read_mapping(node, depth, seen)
        elif isinstance(node, SequenceNode):
            self._parts = [Node(item, file, depth + 1, seen) for item in node.value]
            self.value = [part.value for part in self._parts]
        else:
            self.value = self._scalar(node)

    def _read_mapping(self, node: MappingNode, depth: int, seen: set[int]) -> None:
        parts: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = Node(key_node, self.file, depth + 1, seen)
            if not isinstance(key_node, ScalarNode) or not isinstance(key.value, str):
                raise key.error("a key must be a word", "put it in quotes")
            if key.value in parts:
                raise key.error(f'"{key.value}" is there twice', "keep one of them")
            parts[key.value] = Node(value_node, self.file, depth + 1, seen)
            self._keys[key.value] = (key.line, key.column)
        self._parts = parts
        self.value = {key: part.value for key, part in parts.items()}

    def _scalar(self, node: ScalarNode) -> Any:  # noqa: ANN401
        tag = str(node.tag).removeprefix(_TAG)
        if tag in {"str", "timestamp"}:
            return node.value
        if tag == "null":
            return None
        if tag == "bool":
            return node.value.lower() == "true"
        if tag in {"int", "float"}:
            return _number(node.value, tag)
        raise self.error(f"the tag or merge “{node.value if tag == 'merge' else node.tag}” is not allowed", "delete it")

    def mapping(self, what: str) -> dict[str, Node]:
        """Return the parts of a mapping.

        Raises:
            RuleError: It is none; `what` says what should be one.
        """
        if not isinstance(self._parts, dict) or self.value is None or not isinstance(self.value, dict):
            raise self.error(f"{what} must be a mapping of keys and values", "write `key: value` lines")
        return self._parts

    def items(self, what: str) -> list[Node]:
        """Return the parts of a list.

        Raises:
            RuleError: It is none; `what` says what should be one.
        """
        if not isinstance(self._parts, list):
            raise self.error(f"{what} must be a list", "write it as [one, two] or as lines that begin with a dash")
        return self._parts

    def at(self, path: str) -> Node:
        """Return the deepest part on a path as msgspec writes it (`.any[3]`)."""
        node = self
        for key, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
            parts = node._parts
            if isinstance(parts, dict):
                if key not in parts:
                    return node
                node = parts[key]
            elif index and int(index) < len(parts):
                node = parts[int(index)]
        return node

    def error(self, what: str, hint: str = "") -> RuleError:
        """Return the error of this place."""
        return RuleError(f"{self.file}:{self.line}:{self.column}", what, hint)

    def key_error(self, key: str, what: str, hint: str = "") -> RuleError:
        """Return the error of the place of a key."""
        line, column = self._keys[key]
        return RuleError(f"{self.file}:{line}:{column}", what, hint)


def read_yaml(path: Path, name: str) -> Node:
    """Return the content of a YAML file.

    Args:
        path: Where it is.
        name: What messages call it.

    Raises:
        RuleError: It cannot be read, is too large, is no UTF-8, is no YAML, or has something in it that is not allowed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise RuleError(name, "there is no such file", "check the path") from None
    except OSError as error:
        raise RuleError(name, f"it cannot be read: {error.strerror}", "check the path and its rights") from None
    if len(content) > LARGEST_FILE:
        raise RuleError(name, f"the file is larger than {LARGEST_FILE >> 20} MB", "split it into several packs")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(name, f"it is not UTF-8: byte {error.start}", "save it as UTF-8") from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Node:
    """Return the content of a YAML text; see `read_yaml`."""
    if _CHAIN.search(text) or _open_brackets(text) > _MOST_OPEN_BRACKETS:
        raise RuleError(name, "this is nested too deep", f"{_DEEPEST} levels are allowed")
    try:
        yaml = YAML(typ="safe")
        yaml.Resolver = _Resolver
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise RuleError(where, f"this is not YAML: {said}", "check brackets, quotes and indentation") from None
    except YAMLError as error:
        said = str(error).splitlines()[0] if str(error) else "it cannot be parsed"
        raise RuleError(name, f"this is not YAML: {said}", "look for control characters") from None
    if root is None:
        raise RuleError(name, "the file is empty", "see the rule guide, rules/README.md")
    return Node(root, name, 0, set())


class _Resolver(VersionedResolver):
    """Tells numbers from text by the version of a file, which it looks up once and not twice for each value."""

    @cached_property
    def versioned_resolver(self) -> Any:  # noqa: ANN401 (as in its base)
        """Return the patterns by first character; no value comes before the line that names the version."""
        return super().versioned_resolver


def _open_brackets(text: str) -> int:
    """Return how many brackets are open at most, those of patterns and texts included."""
    deepest = depth = 0
    for match in re.finditer(r"[\[{]|[\]}]", text):
        depth = depth + 1 if match[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _number(text: str, tag: str) -> int | float | str:
    """Return a number; what only looks like one to YAML stays text."""
    try:
        return int(text) if tag == "int" else float(text)
    except ValueError:
        return text
