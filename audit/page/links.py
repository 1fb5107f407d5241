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


_PLATFORMS = frozenset(
    "blogspot.com wordpress.com tumblr.com weebly.com wixsite.com github.io gitlab.io netlify.app vercel.app pages.dev "
    "web.app herokuapp.com livejournal.com typepad.com medium.com substack.com squarespace.com webnode.com "
    "jimdofree.com altervista.org free.fr narod.ru ucoz.ru hypotheses.org over-blog.com canalblog.com blogger.com "
    "angelfire.com tripod.com cloudfront.net amazonaws.com appspot.com azurewebsites.net myshopify.com".split()
)
"""Registered domains under which strangers live side by side."""
_SECOND_LEVELS = frozenset("ac co com edu gob gouv gov govt mil net ne nhs or org".split())


def registered(host: str) -> str:
    """Return the part of a host that somebody registered, as far as its form tells (`clinic.co.uk`)."""
    labels = host.split(".")
    least = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-least:])


def same_site(host: str, own: str) -> bool:
    """Whether a host is the page's own, one lies under the other, or both under one domain that is no platform."""
    host, own = host.removeprefix("www."), own.removeprefix("www.")
    if not own or host == own or host.endswith("." + own) or own.endswith("." + host):
        return bool(own)
    domain = registered(own)
    return domain == registered(host) and "." in domain and domain not in _PLATFORMS


_GOOD_HOST = re.compile(
    r"(?:^|\.)(?:gov|edu|mil|nhs\.uk|nice\.org\.uk|who\.int|europa\.eu|doi\.org|cochrane\.org|cochranelibrary\.com|"
    r"nejm\.org|thelancet\.com|bmj\.com|jamanetwork\.com|nature\.com|sciencedirect\.com|springer\.com|wiley\.com|"
    r"plos\.org|biomedcentral\.com|oup\.com|sagepub\.com|tandfonline\.com|frontiersin\.org|mdpi\.com|pubmed\.com|"
    r"clinicaltrials\.gov|heart\.org|cancer\.org|diabetes\.org|mayoclinic\.org|gov\.[a-z]{2}|ac\.[a-z]{2}|edu\.[a-z]{2})$"
)


def is_primary(host: str) -> bool:
    """Whether a link to this host counts as a source: a primary, official or journal host."""
    return _GOOD_HOST.search(host) is not None
