"""Addresses of links."""

from __future__ import annotations

import re

_HOST = re.compile(
    r"(?:(?:https?|ftp):[/\\]*|[/\\]{2,})(?:[^/\\?#]*@)?(\[[^\]/\\?#]*\]|[^/\\?#:@\[\]]*)", re.IGNORECASE
)
_DROPPED = str.maketrans("", "", "\t\n\r")
_EDGES = "".join(map(chr, range(0x21)))


def tidy(address: str) -> str:
    """Return an address as a browser reads it: no line breaks or tabs inside, no white or control characters round it.

    Source: URL Living Standard, 4.4 (basic URL parser).
    """
    address = address.strip(_EDGES)
    return address if address.isprintable() else address.translate(_DROPPED)


def host_of(address: str) -> str:
    """Return the host of an address, lower case, without port and user; empty where there is none."""
    found = _HOST.match(tidy(address))
    return found.group(1).lower().rstrip(".") if found else ""


def same_site(host: str, own: str) -> bool:
    """Whether a host is the page's own, or one lies under the other (`www.`, `blog.`)."""
    host, own = host.removeprefix("www."), own.removeprefix("www.")
    return bool(own) and (host == own or host.endswith("." + own) or own.endswith("." + host))
