"""What a site's own lists say of a page: hosts to suspect, hosts it trusts, sponsors it accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from audit.model import Article, Link
from audit.rules.hosts import HostLists
from audit.rules.match import addresses
from audit.spam.elsewhere import links_in
from audit.spam.look import Candidate, Look, Sponsorship
from audit.spam.morphology import domain
from audit.spam.payload import Seed
from audit.spam.units import UNSEEN, View
from audit.text.folding import Folded
from audit.text.span import Span

LISTED = "host on a list"


def trusting(article: Article, lists: HostLists) -> Article:
    """Return the article with links to trusted hosts as links within its own site."""
    if not lists.allowed or not any(link.host in lists.allowed for link in article.links):
        return article
    links = tuple(
        msgspec.structs.replace(link, host="") if link.host in lists.allowed else link for link in article.links
    )
    return msgspec.structs.replace(article, links=links)


def listed_seeds(view: View, folded: Folded, lists: HostLists) -> Iterator[Seed]:
    """Yield the links and bare addresses that stand on a list, as seeds of the folded text."""
    if not lists.listed:
        return
    for address in addresses(folded.text):
        if address.host in lists.listed:
            yield _seed(Span(address.start, address.end), address.host)
    for link in view.article.links:
        if link.host and link.block >= 0 and link.anchor.text and link.host in lists.listed:
            span = folded.from_source(view.anchor(link))
            if len(span):
                yield _seed(span, link.host)


def _seed(span: Span, host: str) -> Seed:
    return Seed(span.start, span.end, "listed", domain(host).family, 1.0)


def suspected(signs: Sequence[Seed], folded: Folded, lists: HostLists) -> tuple[Seed, ...]:
    """Return the signs of a trade less those that are part of a trusted address; in order."""
    if not lists.allowed or not signs:
        return tuple(signs)
    trusted = [Span(one.start, one.end) for one in addresses(folded.text) if one.host in lists.allowed]
    return tuple(sign for sign in signs if not any(Span(sign.start, sign.end) in span for span in trusted))


def sponsorship(look: Look, candidate: Candidate, lists: HostLists) -> Sponsorship | None:
    """Return why a shown span is a sponsor's: its sentence links, and links to sponsors only; None if it is not.

    Google counts no link as link spam whose `rel` says `sponsored`, so that alone is a matter to note. What is hidden
    from readers discloses nothing to them.
    """
    view, span = look.view, candidate.span
    block = view.block(span.start)
    if block.role in UNSEEN or (block.hiding is not None and not block.hiding.exempt):
        return None
    first, last = view.sentence(span.start), view.sentence(max(span.start, span.end - 1))
    whole = Span(min(first.start, span.start), max(last.end, span.end))
    if whole not in look.sponsorships:
        look.sponsorships[whole] = _of_sentence(look, whole, lists)
    return look.sponsorships[whole]


def _of_sentence(look: Look, whole: Span, lists: HostLists) -> Sponsorship | None:
    """Return why a sentence is a sponsor's; everything in it asks for that."""
    links = tuple(links_in(look, whole))
    hosts = [link.host for link in links]
    if lists.sponsors:
        hosts += [one.host for one in addresses(look.view.text[whole.start : whole.end].lower())]
    if hosts and all(host in lists.sponsors for host in hosts):
        return "spam.sponsored.accepted"
    if links and all(_is_marked(link) or link.host in lists.sponsors for link in links):
        return "spam.sponsored.marked"
    return None


def _is_marked(link: Link) -> bool:
    return "sponsored" in link.rel
