"""The public suffix of a host, from the list that comes with tldextract.

Most hosts need nothing but a look at that list; tldextract itself imports an HTTP client and makes a tree of the list,
a quarter of a second that a run of one page would wait for. Hosts with more to them than plain labels are left to it.
"""

from __future__ import annotations

import functools
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

_PLAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_RULE = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)
_PRIVATE = "// ===BEGIN PRIVATE DOMAINS==="


class Parts(NamedTuple):
    """A host in three: `www`, `goldbet7`, `co.uk`."""

    subdomain: str
    domain: str
    suffix: str


_NONE = Parts("", "", "")


def parts_of(host: str, *, private: bool = False) -> Parts:
    """Return the parts of a host, all empty where there is no public suffix.

    Args:
        host: As it stands in an address.
        private: Whether a shared host (`github.io`) is a suffix, too.
    """
    table = _table(private=private) if _PLAIN.fullmatch(host) and "xn--" not in host else None
    if table is None:
        told = _library()(host, include_psl_private_domains=private)
        return Parts(told.subdomain, told.domain, told.suffix) if told.suffix else _NONE
    labels = host.split(".")
    at = _suffix_at(labels, table)
    if at == len(labels):
        return _NONE
    return Parts(".".join(labels[: max(at - 1, 0)]), labels[at - 1] if at else "", ".".join(labels[at:]))


def _suffix_at(labels: list[str], table: dict[str, bool]) -> int:
    """Return the number of the label that a host's public suffix begins with; their count if it has none.

    Source: https://github.com/publicsuffix/list/wiki/Format, as tldextract reads it.
    """
    found = at = len(labels)
    known = ""
    for label in reversed(labels):
        longer = f"{label}.{known}" if known else label
        if longer not in table:
            if f"*.{known}" in table:
                return at if f"!{longer}" in table else at - 1
            break
        at, known = at - 1, longer
        if table[longer]:
            found = at
    return found


@functools.cache
def _table(*, private: bool) -> dict[str, bool] | None:
    """Return every end of a rule of the list, and whether it is a whole one; None where the list is not to be found."""
    spec = find_spec("tldextract")
    path = Path(spec.origin).with_name(".tld_set_snapshot") if spec and spec.origin else None
    if path is None or not path.is_file():
        return None
    listed = path.read_text("utf-8")
    table: dict[str, bool] = {}
    for rule in _RULE.findall(listed if private else listed.partition(_PRIVATE)[0]):
        table[rule] = True
        _, _, rest = rule.partition(".")
        while rest:
            table.setdefault(rest, False)
            _, _, rest = rest.partition(".")
    return table


@functools.cache
def _library() -> Any:  # noqa: ANN401
    import tldextract  # noqa: PLC0415

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
