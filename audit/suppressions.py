"""Findings that somebody looked at and let stand, with the reason: the sidecar `audit-ignore.yaml`.

Scraped pages carry no comments, so what is suppressed stands beside them. It stays in every report; it fails no gate.
"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import msgspec

from audit.errors import RuleError, SettingsError
from audit.findings import normal
from audit.model import Finding, PageReport
from audit.rules.yaml import Node, read_yaml
from audit.text.globs import compiled, matches

FILE = "audit-ignore.yaml"
_FIELDS = ("rule", "page", "fingerprint", "quote", "reason", "expires")
_EXAMPLE = "write an entry as {rule: claims.cure.verb, page: 'blog/*', reason: why this may stand}"


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the sidecar: every field that is given has to fit."""

    reason: str
    rule: str = ""
    """Id of a rule, or a prefix of it that ends in `.*`."""
    page: str = ""
    """Id, path or address of a page, or a glob of it; empty is any."""
    fingerprint: str = ""
    quote: str = ""
    """What the finding quotes, blanks and case aside; one that ends in `…` is its beginning."""
    expires: str = ""
    """`YYYY-MM-DD`, the last day on which it holds."""
    where: str = ""
    """`file:line:column` of the entry."""

    def names(self, report: PageReport) -> bool:
        """Whether the entry is for this page."""
        return not self.page or matches(self.page, report.id, report.path, report.url)

    def fits(self, report: PageReport, finding: Finding) -> bool:
        """Whether the entry is for this finding of this page."""
        return (
            (not self.fingerprint or self.fingerprint == finding.fingerprint)
            and (not self.rule or _covers(self.rule, finding.rule))
            and self.names(report)
            and (not self.quote or _quoted(self.quote, finding.quote))
        )

    def __str__(self) -> str:
        """Say what it is for, shortly."""
        said = (self.rule, self.fingerprint, f"“{self.quote[:60]}”" if self.quote else "")
        return " ".join(part for part in said if part) + (f" on {self.page}" if self.page else "")


def load(path: Path) -> tuple[Suppression, ...]:
    """Return the entries of a sidecar, in order.

    Raises:
        SettingsError: The file cannot be read, or an entry is wrong; the message names line and column.
    """
    try:
        return _entries(read_yaml(path, path.as_posix()))
    except RuleError as error:
        hint = _EXAMPLE if "rule guide" in error.hint else error.hint
        raise SettingsError(error.where, error.what.replace(" in a rule file", ""), hint) from None


def _entries(root: Node) -> tuple[Suppression, ...]:
    fields = root.mapping("the file")
    for key in fields:
        if key != "ignore":
            raise root.key_error(key, f'there is no "{key}"', "the file holds one list, `ignore:`")
    if "ignore" not in fields:
        raise root.error("the list `ignore` is missing", _EXAMPLE)
    return tuple(_entry(node) for node in fields["ignore"].items("ignore"))


def _entry(node: Node) -> Suppression:
    fields = node.mapping("an entry")
    for key in fields:
        if key not in _FIELDS:
            near = get_close_matches(key, _FIELDS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"fields: {', '.join(_FIELDS)}"
            raise node.key_error(key, f'an entry has no field "{key}"', hint)
    values = {key: _text(key, value) for key, value in fields.items()}
    if not values.get("reason"):
        raise fields.get("reason", node).error("an entry needs a reason", "say why this may stand, and who said so")
    if not any(values.get(key) for key in ("rule", "fingerprint", "quote")):
        raise node.error("an entry says what it is for", "name a rule, a fingerprint or a quote")
    if "quote" in values and not values["quote"].strip(" …"):
        raise fields["quote"].error("the quote is empty", "write what the finding quotes, or its beginning and …")
    if "page" in values:
        try:
            compiled(values["page"])
        except SettingsError as error:
            raise fields["page"].error(f"{values['page']} {error.what}", error.hint) from None
    if values.get("expires"):
        try:
            values["expires"] = date.fromisoformat(values["expires"]).isoformat()
        except ValueError:
            raise fields["expires"].error(f'"{values["expires"]}" is no date', "write it like 2027-01-31") from None
    return Suppression(**values, where=f"{node.file}:{node.line}:{node.column}")


def _text(key: str, node: Node) -> str:
    if not isinstance(node.value, str):
        raise node.error(f"{key} is no text", "put it in quotes")
    return node.value.strip()


def _covers(rule: str, name: str) -> bool:
    return rule == name or (rule.endswith(".*") and name.startswith(rule[:-1]))


def _quoted(quote: str, text: str) -> bool:
    wanted, found = _wanted(quote), normal(text)
    return found.startswith(wanted[:-1].rstrip()) if wanted.endswith("…") else found == wanted


@lru_cache(maxsize=4096)
def _wanted(quote: str) -> str:
    return normal(quote)
