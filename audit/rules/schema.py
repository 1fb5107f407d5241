"""What a rule pack and a profile may say. The tag `kind` picks the fields; nothing else is allowed.

A rule finds; it does not decide. What becomes of a spam rule's hit is the judge's business (`audit.spam.judge`), what
becomes of a claim is the severity table's (`audit.claims.severity`).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from audit.model import Category, ClaimType, DisclaimerKind

SEVERITIES = {"info": 0, "note": 1, "warning": 2, "error": 3, "blocker": 4}
SeverityName = Literal["info", "note", "warning", "error", "blocker"]
EvidenceClass = Literal["payload", "hiding", "structure", "inconsistency", "help"]
"""The four classes of `audit.spam.judge`, and `help`: a context that vetoes a cut."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the knowledge behind a rule comes from."""

    title: str
    url: str = ""
    read: str = ""
    """Date of reading, `YYYY-MM-DD`."""


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every rule says."""

    id: str
    """`<category>.<family>.<name>`; begins with the id of its pack."""
    severity: SeverityName
    message: str
    """What was found; `{quote}` stands for the text."""
    why: str
    """What it costs the reader, and who says so."""
    source: Source
    should_match: tuple[str, ...]
    """Texts with every expected span marked `⟦…⟧`."""
    should_not_match: tuple[str, ...]
    category: Category | None = None
    """Defaults to the first part of the id."""
    help: str = ""
    """How to mend it, or the missing piece."""


class Phrase(Base, frozen=True, tag="phrase"):
    """Listed phrases as whole words, whatever their case, spacing and disguise."""

    any: tuple[str, ...]
    near: tuple[str, ...] = ()
    """Phrases one of which must stand beside the hit, in the same sentence; the hit is widened to hold them."""
    within: int = 3
    """Most words between the hit and its company, if `near` is given."""
    unless_before: tuple[str, ...] = ()
    """Phrases that, within the same sentence before the hit, take it back."""
    unless_after: tuple[str, ...] = ()
    evidence: EvidenceClass = "payload"
    weight: float = 1.0
    """How much one hit says, in the judge's payload features; 1 is ordinary."""


class Pattern(Base, frozen=True, tag="pattern"):
    """A regular expression in RE2's syntax, read on folded text; group `span`, if named, is the hit."""

    regex: str
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    evidence: EvidenceClass = "payload"
    weight: float = 1.0


class Host(Base, frozen=True, tag="host"):
    """Addresses and domain names, of links and bare in text."""

    hosts: tuple[str, ...] = ()
    """Registered domains; subdomains are included."""
    labels: tuple[str, ...] = ()
    """RE2 expressions that must match a whole label of the host."""
    evidence: EvidenceClass = "payload"
    weight: float = 1.0


class Anchor(Base, frozen=True, tag="anchor"):
    """Links by their anchor text and form."""

    any: tuple[str, ...] = ()
    """Phrases of the anchor text; none means any anchor."""
    longest: int | None = None
    """Most code points of visible anchor text: 0 empty, 1 a dot."""
    external: bool = True
    rel: tuple[str, ...] = ()
    """Words one of which its `rel` must hold (`sponsored`, `ugc`); none means any link."""
    evidence: EvidenceClass = "structure"
    weight: float = 1.0


class Markup(Base, frozen=True, tag="markup"):
    """Parts of a page that carry text past its reader."""

    on: Literal[
        "hidden-text", "hidden-link", "markup-comment", "noscript", "template", "attribute", "title", "meta",
        "data", "refresh", "script", "reader-comment", "canonical", "capture", "frame",
    ]  # fmt: skip
    external_link: bool = False
    """Only with a link to another site inside."""
    regex: str = ""
    """RE2; must be found in the text or value, if given."""
    evidence: EvidenceClass = "hiding"
    weight: float = 1.0


class SpanCluster(Base, frozen=True, tag="span-cluster"):
    """Runs and lists: items between separators, lines, or links in a row."""

    of: Literal["terms", "lines", "links"]
    where: Literal["lead", "trail", "any"] = "any"
    """At the head of a block up to `ends_with`; at the end of the page or block; anywhere."""
    separators: str = ",|/•·;"
    ends_with: str = ""
    """Characters one of which must close a lead list (`:–—|`)."""
    fewest: int = 3
    """Items in the run."""
    longest_item: int = 6
    """Words in an item."""
    evidence: EvidenceClass = "structure"
    weight: float = 1.0


class ClaimRule(Base, frozen=True, tag="claim"):
    """Predicates that make a sentence a claim of one type."""

    type: ClaimType
    any: tuple[str, ...] = ()
    """Phrases; a word ending in `~` stands for all its inflections (`reduce~`: reduces, reduced, reducing)."""
    regex: str = ""
    """RE2 on the lower-case sentence; group `span`, if named, is the predicate."""
    needs: Literal["", "condition", "health-object", "person"] = ""
    """What else the sentence must hold: a named condition, any health word, a first person."""


class CueRule(Base, frozen=True, tag="cue"):
    """Words that set strength, source, negation, or move severity."""

    cue: Literal[
        "hedge", "booster", "negation", "vague-source", "specific-source", "condition", "promotion", "risk-group",
        "established", "reported", "not-a-claim", "contraindication", "red-flag", "condition-name", "health-word",
    ]  # fmt: skip
    strength: Literal["", "weak", "strong"] = ""
    """Of a hedge."""
    any: tuple[str, ...] = ()
    regex: str = ""


class DisclaimerRule(Base, frozen=True, tag="disclaimer"):
    """Sentences that limit, warn or disclose."""

    disclaimer: DisclaimerKind
    any: tuple[str, ...] = ()
    regex: str = ""


class RequiredSection(Base, frozen=True, tag="required-section"):
    """Something a health page should have; the finding is its absence."""

    section: Literal[
        "author", "reviewer", "date", "references", "disclaimer", "emergency", "funding", "contact", "privacy",
        "alternatives", "readability", "sponsor", "language",
    ]  # fmt: skip
    any: tuple[str, ...] = ()
    regex: str = ""
    unless: str = ""
    """Name of a page property that makes it not apply."""


Rule = Phrase | Pattern | Host | Anchor | Markup | SpanCluster | ClaimRule | CueRule | DisclaimerRule | RequiredSection


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of rules."""

    pack: str
    version: int
    rules: tuple[Rule, ...]
    language: str = ""
    """Language that the rules read; empty for any."""


FailOn = Annotated[int, msgspec.Meta(ge=0, le=4)] | Literal["info", "note", "warning", "error", "blocker", "never"]
"""Lowest severity of a finding that fails; `never` takes back what would hold otherwise."""
Points = Annotated[int, msgspec.Meta(ge=0, le=100)]
Number = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class RuleGate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for the findings of some rules instead; what is not said is as for all others."""

    fail_on: FailOn | None = None
    max_new: Number | None = None


class PathGate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for some pages instead; what is not said is as for all others."""

    paths: tuple[str, ...]
    """Globs of id, path or address."""
    fail_on: FailOn | None = None
    min_score: Points | None = None
    max_new: Number | None = None
    """Most new findings on these pages together; they count here and not elsewhere."""
    unread: Literal["fail", "ignore"] | None = None
    rules: dict[str, RuleGate] = {}


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a run fails; every condition must hold for every page."""

    fail_on: FailOn | None = None
    min_score: Points | None = None
    max_new: Number | None = None
    """Most findings that neither the baseline nor a suppression knows."""
    unread: Literal["fail", "ignore"] = "fail"
    stale: Literal["warn", "fail"] = "warn"
    """What entries of the baseline do that nothing answers to any more."""
    rules: dict[str, RuleGate] = {}
    """By rule id, or by a prefix of it that ends in `.*`; the longest that fits holds."""
    paths: tuple[PathGate, ...] = ()
    """Of those that fit a page, the last one that says something holds."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How strict a run is: severities, weights, thresholds and the gate."""

    profile: str
    extends: str = ""
    cut_at: Share = 0.8
    """Lowest confidence of a cut."""
    flag_at: Share = 0.8
    """Lowest confidence of a flag."""
    review_at: Annotated[int, msgspec.Meta(ge=1)] = 3
    """Warnings that ask for a review."""
    severities: dict[str, SeverityName] = {}
    """By rule id, or by a prefix of it that ends in `.*`."""
    disable: tuple[str, ...] = ()
    weights: dict[Category, Number] = {}
    """Parts of the score; spam has its own axis."""
    gate: Gate = Gate()
