"""Addresses of links."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(address: str) -> str:
    """Return the host of an address, lower case, without port; empty where there is none."""
    address = address.strip()
    if not address.lower().startswith(("http:", "https:", "//")):
        return ""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:  # a malformed address has no host: `http://[`
        return ""
