"""The values that travel between the stages: frozen, compared by content, no behaviour of their own.

A span without another word said of it is in code points of the decoded page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from audit.text.mapped import MappedText
from audit.text.span import Span

Kind = Literal["html", "text", "markdown"]
Role = Literal[
    "title",
    "meta",
    "heading",
    "paragraph",
    "list_item",
    "table_cell",
    "caption",
    "quotation",
    "code",
    "navigation",
    "header",
    "footer",
    "aside",
    "comment",  # what a reader wrote under the article
    "attribute",  # alt, title, aria-label, placeholder
    "markup_comment",  # <!-- … -->
    "noscript",
    "template",
    "data",  # a string value of JSON-LD
]
Action = Literal["cut", "flag", "note"]
Verdict = Literal["pass", "review", "fix", "block"]
Category = Literal["spam", "claims", "safety", "sourcing", "transparency", "readability"]
ClaimType = Literal[
    "danger", "cure", "dose", "safe", "compare", "prevent", "treat", "testimonial", "diagnose", "prognose", "cause",
    "advise",
]  # fmt: skip
Strength = Literal["booster", "direct", "weak", "strong"]
Sourcing = Literal["none", "vague", "specific"]
DisclaimerKind = Literal["complementarity", "consult", "emergency", "product", "disclosure"]
CueKind = Literal["hedge", "booster", "negation"]

SCHEMA = 1
"""Version of the report's wire format; a field that changes its meaning raises it."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One document as it was read, decoded and otherwise untouched."""

    id: str
    """Unique in its run: a relative path, or the record's own id."""
    text: str
    kind: Kind
    url: str | None = None
    path: str | None = None
    """The file that holds it, relative; of a record, the file of the records."""
    encoding: str = "utf-8"
    variant: str | None = None
    """To whom this capture of the address was shown (`googlebot`, `browser`), where there are several."""


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """One attribute of a start tag."""

    name: str
    """In lower case."""
    value: MappedText
    """References resolved; empty for an attribute without a value."""
    span: Span
    """Name, equals sign, quotes and value."""


class Element(msgspec.Struct, frozen=True, gc=False):
    """An element and where it stands; its attributes are read on demand by `audit.page.attributes`."""

    tag: str
    """In lower case."""
    open: Span
    """The start tag, brackets included."""
    span: Span
    """From the start tag to the end of the end tag, or to where the parser closed it."""
    parent: int
    """Index in `Article.elements`; -1 for the root."""


class Hiding(msgspec.Struct, frozen=True, gc=False):
    """Why a reader does not see a block."""

    reason: str
    """What hides it, as it is written: `display:none`, `left:-9999px`, `hidden`, `same colour`."""
    element: int
    """Index of the element that hides it, the outermost one."""
    by: Literal["inline", "style", "attribute", "tag", "intent"]
    """Inline style, a `<style>` rule, the `hidden` attribute, the tag itself, or broken CSS that shows its intent."""
    exempt: str | None = None
    """Honest reason to hide: `accordion`, `tab`, `slider`, `tooltip`, `modal`, `screen reader`, `skip link`, `menu`."""
    rule: Span | None = None
    """The `<style>` rule that hides it, selector and braces included."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """A run of text that a reader takes as one: a paragraph, a list item, a cell, an attribute value."""

    role: Role
    text: MappedText
    element: int = -1
    """The innermost element that holds all of it; -1 in plain text."""
    hiding: Hiding | None = None
    name: str = ""
    """Of an attribute, a meta value or a data value: its name (`alt`, `description`, `og:title`, `name`)."""
    container: Role | None = None
    """The furniture round it, if any: `navigation`, `header`, `footer`, `aside`, `comment`, `quotation`."""


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link, of HTML or Markdown; bare addresses in text are the finders' business."""

    href: str
    host: str
    """In lower case, without port; empty for an address on the page's own site or without a host."""
    anchor: MappedText
    rel: tuple[str, ...]
    element: int
    block: int
    """Index of the block that holds the anchor text; -1 where there is none."""
    at: int
    """Where the anchor text begins in that block's text; 0 where there is none."""


class Fact(msgspec.Struct, frozen=True, gc=False):
    """Something the page says of itself in its metadata."""

    name: Literal["author", "reviewer", "published", "modified", "reviewed", "type", "publisher", "citation"]
    value: str
    origin: Literal["json-ld", "microdata", "meta", "link"]
    spans: tuple[Span, ...]


class Article(msgspec.Struct, frozen=True):
    """A page as its parts: every word that anyone, reader or machine, can get from it, with its place."""

    page: Page
    title: str
    language: str
    """As declared, lower case, primary subtag (`en`); empty if not declared."""
    blocks: tuple[Block, ...]
    """In page order; hidden ones, attributes and comments included."""
    links: tuple[Link, ...]
    elements: Sequence[Element]
    """In page order; of an HTML page, each is made when it is asked for."""
    facts: tuple[Fact, ...]


class Location(msgspec.Struct, frozen=True, order=True, gc=False):
    """A span with its line and column, from 1."""

    start: int
    end: int
    line: int
    column: int


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One named contribution to a judgement; the weights of a finding's evidence add up to its log-odds."""

    name: str
    weight: float


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something on a page that its editor should know of."""

    rule: str
    category: Category
    family: str
    severity: int
    confidence: float
    action: Action
    message: str
    why: str
    quote: str
    spans: tuple[Location, ...]
    """Empty for what is missing from the page as a whole."""
    evidence: tuple[Evidence, ...] = ()
    fingerprint: str = ""


class Cut(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of the page that goes."""

    start: int
    end: int
    rules: tuple[str, ...]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of a health effect in the page's own voice, as `knowledge` of the field marks it."""

    start: int
    end: int
    type: ClaimType
    strength: Strength
    source: Sourcing
    negated: bool
    severity: int
    quote: str


class Disclaimer(msgspec.Struct, frozen=True, order=True, gc=False):
    """A sentence that limits, warns or discloses."""

    start: int
    end: int
    kind: DisclaimerKind


class Cue(msgspec.Struct, frozen=True, gc=False):
    """A hedge, booster or negation of a text and the stretch it governs; offsets of that text."""

    kind: CueKind
    start: int
    end: int
    scope: Span


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The two axes and their parts, 0 to 100; `None` where nothing on the page can be judged."""

    spam: int | None
    claims: int | None
    safety: int | None
    sourcing: int | None
    transparency: int | None
    readability: int | None


class PageReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that is reported of one page; one line of `report.jsonl`."""

    schema: int = SCHEMA
    id: str
    url: str | None
    path: str | None
    kind: Kind | None
    sha256: str | None
    """Of the decoded page in UTF-8."""
    status: Literal["ok", "failed"]
    error: str | None = None
    verdict: Verdict | None = None
    score: int | None = None
    scores: Scores | None = None
    cuts: tuple[Cut, ...] = ()
    clean_sha256: str | None = None
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    disclaimers: tuple[Disclaimer, ...] = ()
    encoding: str | None = None
    variant: str | msgspec.UnsetType = msgspec.UNSET
    """As the page came with it; the line has no such field for a page that came with none."""


class Specimen(msgspec.Struct, frozen=True, kw_only=True):
    """One of the places where a campaign shows."""

    page: str
    """Id of the page in the report."""
    url: str | None
    quote: str
    """Shortened."""
    action: Action
    confidence: float


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """Injections of one maker on several pages of a run; one line of `campaigns.jsonl`."""

    id: str
    """A digest of what it is known by; the same in the next run, as long as that leads."""
    what: str
    """The text, brand, host or phone number that stands on the most of its pages."""
    family: str
    pages: int
    cut: int
    """Pages on which something of it is cut."""
    sites: dict[str, int]
    """Its pages by site, most first, at most a hundred; pages of no known site are under an empty name."""
    site_count: int
    texts: dict[str, int]
    """What stands on several pages word for word, with the number of pages; most first, as in the next four."""
    brands: dict[str, int]
    hosts: dict[str, int]
    phones: dict[str, int]
    tricks: dict[str, int]
    """How it is kept from readers."""
    first: Specimen
    """In the order of the run."""
    strongest: Specimen
