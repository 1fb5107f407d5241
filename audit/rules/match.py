"""What rules are matched with: phrases, patterns and hosts, compiled once, linear in the text.

Everything here reads folded text (`audit.text.folding.fold(…).text`) and returns spans of it; the caller maps them
back.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, islice, product
from typing import Any, Protocol

import ahocorasick_rs
import msgspec
import re2

from audit.rules.schema import Pattern, Phrase
from audit.rules.suffixes import parts_of
from audit.text.folding import Folded, fold, readings_of_leetspeak
from audit.text.span import Span

MOST_HITS = 500
"""Hits of one pattern on one text. Finding all of them costs hits × length at worst, so that a bound is needed."""
LARGEST_PROGRAM = 20_000
"""Instructions of a compiled pattern. 300 drug names with their context take about 4,000."""


class Hit(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of folded text that one of several entries found."""

    start: int
    end: int
    entry: int
    """Index of the rule, or of the list of phrases, that was compiled."""

    @property
    def span(self) -> Span:
        """The stretch, in code points of the folded text."""
        return Span(self.start, self.end)


# --- phrases --------------------------------------------------------------------------------------------------------

_WHITE = re.compile(r"\s{2,}|[^\S ]")
_ODD_WHITE = re.compile(r"[^\S ]")
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ªº")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that put no blank between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""


class Phrases:
    """Lists of phrases as whole words of folded text; white in a phrase stands for any run of white.

    A word begins and ends where a letter or digit meets something else, or where a script without blanks begins.
    5,000 phrases are searched at about 50 MB/s.
    """

    __slots__ = ("_edges", "_entries", "_finder", "_lengths")

    def __init__(self, lists: Iterable[Iterable[str]]) -> None:
        """Compile; the index of a list is the `entry` of its hits."""
        owners: dict[str, list[int]] = {}
        for entry, phrases in enumerate(lists):
            for phrase in phrases:
                for form in expand(phrase):
                    plain = " ".join(fold(form).text.split())
                    if plain and entry not in owners.setdefault(plain, []):
                        owners[plain].append(entry)
        words = sorted(owners)
        self._finder = ahocorasick_rs.AhoCorasick(words) if words else None
        self._entries = tuple(tuple(owners[word]) for word in words)
        self._edges = tuple((_needs_edge(word[0]), _needs_edge(word[-1])) for word in words)
        self._lengths = tuple(map(len, words))

    def find(self, folded: str) -> tuple[Hit, ...]:
        """Return the hits in order; of overlapping hits of one entry, the longest."""
        hits = self.overlapping(folded)
        return tuple(_longest(hits)) if len(hits) > 1 else hits

    def overlapping(self, folded: str) -> tuple[Hit, ...]:
        """Return all hits, in no order."""
        if self._finder is None:
            return ()
        text, gaps = _one_blank(folded)
        hits = [
            Hit(start, end, entry)
            for index, start, end in self._finder.find_matches_as_indexes(text, overlapping=True)
            if _whole(text, start, end, self._edges[index])
            for entry in self._entries[index]
        ]
        return tuple(Hit(*_wide(gaps, hit.start, hit.end), hit.entry) for hit in hits) if gaps else tuple(hits)

    def hits(self, text: Folded) -> tuple[Hit, ...]:
        """Return all hits of a folded text and of its readings as leetspeak (`sl0t` for `slot`), in no order."""
        found = self.overlapping(text.text)
        readings = readings_of_leetspeak(text.text)
        if not readings:
            return found
        new = (hit for reading in readings for hit in self.overlapping(reading) if _differs(text.text, reading, hit))
        return tuple(dict.fromkeys([*found, *new]))


@functools.lru_cache(maxsize=4096)
def _needs_edge(char: str) -> bool:
    return char.isalnum() and _UNSPACED.match(char) is None


def _is_word(char: str) -> bool:
    return char.isalnum() and char not in _SUPERSCRIPTS and _UNSPACED.match(char) is None


def _whole(text: str, start: int, end: int, edges: tuple[bool, bool]) -> bool:
    """Whether no word goes on past the hit."""
    if edges[0] and start and text[start - 1].isalnum() and _is_word(text[start - 1]):
        return False
    return not (edges[1] and end < len(text) and text[end].isalnum() and _is_word(text[end]))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits in order; where hits of one entry overlap, the longest, and of equals the first."""
    last: dict[int, Hit] = {}
    kept: set[Hit] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        before = last.get(hit.entry)
        if before is not None and hit.start < before.end:
            if hit.end - hit.start <= before.end - before.start:
                continue
            kept.discard(before)
        last[hit.entry] = hit
        kept.add(hit)
    return sorted(kept)


@functools.lru_cache(maxsize=2)
def _one_blank(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text with a single blank for every run of white, and where it lost how much so far.

    Of the last texts it is kept: one page is searched for several lists of phrases.
    """
    text = text.replace("\n", " ").replace("\t", " ")
    if "  " not in text and _ODD_WHITE.search(text) is None:
        return text, ()
    parts: list[str] = []
    gaps: list[tuple[int, int]] = []
    at = lost = 0
    for match in _WHITE.finditer(text):
        parts += (text[at : match.start()], " ")
        at = match.end()
        if at - match.start() > 1:
            lost += at - match.start() - 1
            gaps.append((at - lost, lost))
    parts.append(text[at:])
    return "".join(parts), tuple(gaps)


def _wide(gaps: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return the place, in the text before `_one_blank`, of a stretch that begins and ends without white."""
    return start + _lost(gaps, start), end + _lost(gaps, end - 1)


def _lost(gaps: Sequence[tuple[int, int]], at: int) -> int:
    index = bisect_right(gaps, at, key=lambda gap: gap[0]) - 1
    return gaps[index][1] if index >= 0 else 0


def _differs(text: str, reading: str, hit: Hit) -> bool:
    return text[hit.start : hit.end] != reading[hit.start : hit.end]


# --- patterns -------------------------------------------------------------------------------------------------------

_SET_MEMORY = 128 << 20
"""Bytes at most for the states of a set of patterns; it grows with hostile text only, and starts afresh when full."""


class PatternError(ValueError):
    """A pattern that cannot be matched in linear time, or not at all: why, and a hint on a line of its own."""


def _options(memory: int = 8 << 20) -> Any:  # noqa: ANN401 (the bindings of re2 are not typed)
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = memory
    return options


def compile_pattern(regex: str) -> Any:  # noqa: ANN401
    """Return the compiled pattern; case does not count.

    Raises:
        PatternError: RE2 cannot compile it, it matches the empty text, or it compiles to too large a program.
    """
    try:
        pattern = re2.compile(regex, _options())
    except re2.error as error:
        raise PatternError(_why_refused(regex, error)) from None
    except UnicodeEncodeError:
        raise PatternError("it holds half a surrogate pair") from None
    if pattern.programsize > LARGEST_PROGRAM:
        what = f"it compiles to {pattern.programsize:,} instructions, {LARGEST_PROGRAM:,} are allowed"
        raise PatternError(f"{what}\nmake the repetitions smaller, or split it into two rules")
    if pattern.search("") is not None:
        raise PatternError("it matches the empty text\nmake at least one part of it obligatory")
    return pattern


def _why_refused(regex: str, error: Exception) -> str:
    said = error.args[0] if error.args else error
    reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    for construct, name in _NOT_LINEAR:
        if construct.search(regex):
            hint = "such a pattern can run for hours on bad text; RE2's syntax is described at github.com/google/re2"
            return f"{name} cannot be matched in linear time\n{hint}"
    return f"RE2 says: {reason}"


_NOT_LINEAR = (
    (re.compile(r"\(\?<?[=!]"), "a look-ahead or look-behind"),
    (re.compile(r"\\[1-9]|\(\?P=|\\g<"), "a back-reference"),
    (re.compile(r"\(\?>|[*+?}]\+"), "an atomic group or a possessive repetition"),
    (re.compile(r"\(\?\("), "a condition"),
)


class Patterns:
    r"""RE2 expressions on folded text, with a set that first says which of them are there at all.

    In RE2 `\b`, `\w` and `\d` know ASCII only: beside letters of other alphabets write `\pL`. A group named `span`,
    if it takes part, is the hit.
    """

    __slots__ = ("_gate", "_patterns")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile; the index of a pattern is the `entry` of its hits, an empty one never hits.

        Raises:
            PatternError: See `compile_pattern`.
        """
        numbered = [(entry, regex) for entry, regex in enumerate(patterns) if regex]
        compiled = ((entry, compile_pattern(regex)) for entry, regex in numbered)
        self._patterns = tuple((entry, pattern, pattern.groupindex.get("span", 0)) for entry, pattern in compiled)
        self._gate = None
        if len(numbered) > 1:
            self._gate = re2.Set.SearchSet(_options(_SET_MEMORY))
            for _, regex in numbered:
                self._gate.Add(regex)
            self._gate.Compile()

    def find(self, folded: str) -> tuple[Hit, ...]:
        """Return the hits in order, at most `MOST_HITS` of a pattern."""
        if not self._patterns:
            return ()
        present: Sequence[int] = range(len(self._patterns))
        if self._gate is not None:
            present = self._gate.Match(folded) or ()
        hits: list[Hit] = []
        for index in present:
            entry, pattern, group = self._patterns[index]
            for match in islice(pattern.finditer(folded), MOST_HITS):
                start, end = match.span(group)
                if start < 0:
                    start, end = match.span()
                if start < end:
                    hits.append(Hit(start, end, entry))
        return tuple(sorted(hits))


# --- rules ----------------------------------------------------------------------------------------------------------


class Lexical(Protocol):
    """What of a rule is matched on text: every kind with `any` or `regex`, and the conditions if it has them."""

    @property
    def id(self) -> str:
        """Return the id."""
        ...


class Matcher:
    """Finds the hits of many rules in one text: their `any` and `regex`, held to `near` and `unless_…`.

    Works for every kind that has `any` or `regex`; `entry` of a hit is the index of its rule.
    """

    __slots__ = ("_after", "_before", "_near", "_patterns", "_phrases", "_within", "rules")

    def __init__(self, rules: Iterable[Lexical]) -> None:
        """Compile.

        Raises:
            PatternError: A `regex` cannot be used. `load_rules` has said so already, with its place.
        """
        self.rules = tuple(rules)
        self._phrases = Phrases(getattr(rule, "any", ()) for rule in self.rules)
        self._patterns = Patterns(getattr(rule, "regex", "") for rule in self.rules)
        self._within = tuple(_words_apart(rule) for rule in self.rules)
        self._near = Phrases(getattr(rule, "near", ()) for rule in self.rules)
        self._before = Phrases(getattr(rule, "unless_before", ()) for rule in self.rules)
        self._after = Phrases(getattr(rule, "unless_after", ()) for rule in self.rules)

    def find(self, text: Folded) -> tuple[Hit, ...]:
        """Return the hits in order; one rule's hits are disjoint."""
        hits = [*self._phrases.hits(text), *self._patterns.find(text.text)]
        if not hits:
            return ()
        if any(self._within[hit.entry] is not None for hit in hits):
            hits = self._with_company(text, hits)
        hits = [hit for hit in hits if not self._taken_back(text.text, hit)]
        return tuple(sorted(chain.from_iterable(self._disjoint(entry, same) for entry, same in _by_entry(hits))))

    def _disjoint(self, entry: int, hits: list[Hit]) -> Iterable[Hit]:
        """Return one rule's hits without overlap.

        Those of a phrase or pattern are joined, as keywords run together (`satta matka result`); of others the
        longest stays.
        """
        if len(hits) == 1 or not isinstance(self.rules[entry], Phrase | Pattern):
            return _longest(hits)
        return (Hit(span.start, span.end, entry) for span in _joined(hits))

    def _with_company(self, text: Folded, hits: list[Hit]) -> list[Hit]:
        """Return the hits that need no company, and those that have it, widened to hold it."""
        company: dict[int, list[Hit]] = {}
        for hit in sorted(self._near.hits(text)):
            company.setdefault(hit.entry, []).append(hit)
        kept: list[Hit] = []
        wide: dict[int, list[Hit]] = {}
        for hit in hits:
            within = self._within[hit.entry]
            if within is None:
                kept.append(hit)
            elif found := _widened(text.text, hit, company.get(hit.entry, ()), within):
                wide.setdefault(hit.entry, []).append(found)
        for entry, same in wide.items():
            kept += (Hit(span.start, span.end, entry) for span in _joined(same))
        return kept

    def _taken_back(self, text: str, hit: Hit) -> bool:
        """Whether a phrase before or after it, in the same sentence, takes the hit back."""
        rule = self.rules[hit.entry]
        if getattr(rule, "unless_before", ()):
            before = text[_sentence_start(text, hit.start) : hit.start]
            if any(found.entry == hit.entry for found in self._before.find(before)):
                return True
        if getattr(rule, "unless_after", ()):
            after = text[hit.end : _sentence_end(text, hit.end)]
            return any(found.entry == hit.entry for found in self._after.find(after))
        return False


def _by_entry(hits: Iterable[Hit]) -> Iterable[tuple[int, list[Hit]]]:
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.entry, []).append(hit)
    return grouped.items()


def _joined(hits: Iterable[Hit]) -> Iterable[Span]:
    """Return the stretches that overlapping hits cover; hits that only meet stay apart."""
    start = end = -1
    for hit in sorted(hits):
        if hit.start < end:
            end = max(end, hit.end)
            continue
        if end > start:
            yield Span(start, end)
        start, end = hit.start, hit.end
    if end > start:
        yield Span(start, end)


def _words_apart(rule: Lexical) -> int | None:
    return getattr(rule, "within", 0) if getattr(rule, "near", ()) else None


_LONGEST_SENTENCE = 600
"""Code points looked at on either side of a hit; a list without a full stop is not one long sentence."""
_STOP = re.compile(r"[.!?…。！？][\"')\]]*\s|\n")
_WORD = re.compile(r"\S+")


def _sentence_start(text: str, at: int) -> int:
    low = max(0, at - _LONGEST_SENTENCE)
    start = low
    for match in _STOP.finditer(text, low, at):
        start = match.end()
    return start


def _sentence_end(text: str, at: int) -> int:
    match = _STOP.search(text, at, at + _LONGEST_SENTENCE)
    return match.start() + 1 if match else min(len(text), at + _LONGEST_SENTENCE)


def _widened(text: str, hit: Hit, company: Sequence[Hit], within: int) -> Hit | None:
    """Return the hit with the company it has on either side, or nothing where it has none."""
    start, end = hit.start, hit.end
    reach = _reach(text, hit, within)
    first = bisect_right(company, hit.start - _LONGEST_SENTENCE, key=lambda near: near.start)
    for at in range(first, len(company)):
        near = company[at]
        if near.start > reach.end:
            break
        if near.start < hit.end and hit.start < near.end:
            if near.start != hit.start or near.end != hit.end:
                start, end = min(start, near.start), max(end, near.end)
        elif near.end >= reach.start:
            start, end = min(start, near.start), max(end, near.end)
    return None if (start, end) == (hit.start, hit.end) else Hit(start, end, hit.entry)


def _reach(text: str, hit: Hit, within: int) -> Span:
    """Return where the company of a hit ends at the earliest and begins at the latest: so near, in its sentence.

    Looked up once for a hit, not for each of its company, of which a hostile page has hundreds in a sentence.
    """
    low, high = max(0, hit.start - _LONGEST_SENTENCE), min(len(text), hit.end + _LONGEST_SENTENCE)
    for stop in _STOP.finditer(text, low, hit.start):
        low = stop.end() if text[stop.end() - 1] == "\n" else stop.start() + 1
    words = [word.end() for word in _WORD.finditer(text, low, hit.start)]
    if len(words) > within:
        low = words[-within - 1]
    if last := _STOP.search(text, hit.end, high):
        high = last.end() - 1
    over = next(islice(_WORD.finditer(text, hit.end, high), within, None), None)
    return Span(low, over.start() if over else high)


# --- inflection -----------------------------------------------------------------------------------------------------

_IRREGULAR: dict[str, tuple[str, ...]] = {
    "be": ("be", "am", "is", "are", "was", "were", "been", "being"),
    "have": ("have", "has", "had", "having"),
    "do": ("do", "does", "did", "done", "doing"),
    "go": ("go", "goes", "went", "gone", "going"),
}
_IRREGULAR_PAST = {
    "arise": "arose arisen", "awake": "awoke awoken", "bear": "bore borne", "beat": "beat beaten",
    "become": "became become", "begin": "began begun", "bind": "bound", "bleed": "bled", "break": "broke broken",
    "breed": "bred", "bring": "brought", "build": "built", "buy": "bought", "catch": "caught",
    "choose": "chose chosen", "come": "came come", "cut": "cut", "deal": "dealt", "draw": "drew drawn",
    "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten", "fall": "fell fallen", "feed": "fed",
    "feel": "felt", "fight": "fought", "find": "found", "forget": "forgot forgotten", "get": "got gotten",
    "give": "gave given", "grow": "grew grown", "hear": "heard", "hide": "hid hidden", "hit": "hit", "hold": "held",
    "hurt": "hurt", "keep": "kept", "know": "knew known", "lead": "led", "leave": "left", "let": "let",
    "lie": "lay lain", "lose": "lost", "make": "made", "mean": "meant", "meet": "met",
    "overcome": "overcame overcome", "put": "put", "read": "read", "rid": "rid ridded", "rise": "rose risen",
    "run": "ran run", "say": "said", "see": "saw seen", "sell": "sold", "send": "sent", "set": "set",
    "shed": "shed", "show": "showed shown", "shrink": "shrank shrunk", "sleep": "slept", "slow": "slowed",
    "speak": "spoke spoken", "speed": "sped speeded", "spread": "spread", "stand": "stood", "stick": "stuck",
    "strike": "struck stricken", "take": "took taken", "teach": "taught", "tear": "tore torn", "tell": "told",
    "think": "thought", "understand": "understood", "undergo": "underwent undergone", "undo": "undid undone",
    "wake": "woke woken", "wear": "wore worn", "weep": "wept", "win": "won", "withstand": "withstood",
    "write": "wrote written",
}  # fmt: skip
_MOST_FORMS = 200
_SHORT_VOWEL = re.compile(r"(?:^|[^aeiou])[aeiouy][bcdfgklmnprtvz]$")
_SYLLABLES = re.compile(r"[aeiouy]+")


def expand(phrase: str) -> tuple[str, ...]:
    """Return the phrase with each word that ends in `~` in all its inflections, its base form first.

    `help~ to reduce~` gives help, helps, helped, helping × reduce, reduces, reduced, reducing. Where a
    last letter may be doubled both ways are given (`traveled`, `travelled`), for what is not a word costs nothing.
    """
    if "~" not in phrase:
        return (phrase,)
    choices = [inflections(word[:-1].lower()) if word.endswith("~") else (word,) for word in phrase.split()]
    return tuple(" ".join(words) for words in islice(product(*choices), _MOST_FORMS))


@functools.lru_cache(maxsize=4096)
def inflections(word: str) -> tuple[str, ...]:
    """Return the forms of an English verb or noun, the base first; nouns have the first two."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        third = [word + "es"]
    elif re.search(r"[^aeiou]y$", word):
        third = [word[:-1] + "ies"]
    else:
        third = [word + "s"]
    stems = _stems(word)
    if word in _IRREGULAR_PAST:
        past = _IRREGULAR_PAST[word].split()
    elif word.endswith("e"):
        past = [word + "d"]
    elif re.search(r"[^aeiou]y$", word):
        past = [word[:-1] + "ied"]
    else:
        past = [stem + "ed" for stem in stems]
    return tuple(dict.fromkeys([word, *third, *past, *(stem + "ing" for stem in stems)]))


def _stems(word: str) -> tuple[str, ...]:
    """Return what an ending with a vowel is put on."""
    if word.endswith("ie"):
        return (word[:-2] + "y",)
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return (word[:-1],)
    if _SHORT_VOWEL.search(word):
        doubled = word + word[-1]
        return (doubled,) if len(_SYLLABLES.findall(word)) == 1 else (word, doubled)
    return (word,)


# --- hosts ----------------------------------------------------------------------------------------------------------

_ADDRESS = r"(?:^|[^a-z0-9@._-])(?P<span>(?:https?://)?(?:[a-z0-9](?:[a-z0-9_-]{0,62})\.){1,8}[a-z]{2,24})"


class Address(msgspec.Struct, frozen=True, order=True, gc=False):
    """A host as it stands in text, with `https://` if that is written."""

    start: int
    end: int
    host: str


def addresses(folded: str) -> tuple[Address, ...]:
    """Return the hosts that stand in folded text, bare (`goldbet7.com`) or in a longer address.

    Only what ends in a public suffix counts, so that `e.g.`, `2.5mg` and a missing blank after a full stop do not; mail
    addresses do not either.
    """
    if "." not in folded:
        return ()
    found: list[Address] = []
    for match in islice(_address_pattern().finditer(folded), MOST_HITS):
        start, end = match.span(1)
        after = folded[end : end + 1]
        if after and (after.isalnum() or after in "_@-"):
            continue
        host = folded[start:end].removeprefix("https://").removeprefix("http://")
        if registered_domain(host):
            found.append(Address(start, end, host))
    return tuple(found)


@functools.cache
def _address_pattern() -> Any:  # noqa: ANN401
    return compile_pattern(_ADDRESS)


@functools.lru_cache(maxsize=8192)
def host_labels(host: str) -> tuple[str, ...]:
    """Return the labels of a host before its public suffix (`www.goldbet7.co.uk`: `www`, `goldbet7`); may be empty."""
    parts = parts_of(host)
    if not parts.domain:
        return ()
    return (*(parts.subdomain.split(".") if parts.subdomain else ()), parts.domain)


@functools.lru_cache(maxsize=8192)
def registered_domain(host: str) -> str:
    """Return the domain that somebody registered (`goldbet7.co.uk`); empty where there is no public suffix."""
    parts = parts_of(host)
    return f"{parts.domain}.{parts.suffix}" if parts.domain else ""


@functools.lru_cache(maxsize=8192)
def site(host: str) -> str:
    """Return whose site a host is: as `registered_domain`, but of a shared host (`github.io`) each user's own."""
    parts = parts_of(host, private=True)
    return f"{parts.domain}.{parts.suffix}" if parts.domain else ""


class HostRule(Protocol):
    """What a `host` rule says."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return registered domains."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Return RE2 expressions for whole labels."""
        ...


class Hosts:
    """Says which of many host rules a host falls under."""

    __slots__ = ("_domains", "_labels")

    def __init__(self, rules: Iterable[HostRule]) -> None:
        """Compile; the index of a rule is what `of` returns.

        Raises:
            PatternError: A label expression cannot be used.
        """
        domains: dict[str, list[int]] = {}
        self._labels: tuple[tuple[int, Any], ...] = ()
        for entry, rule in enumerate(rules):
            for domain in rule.hosts:
                domains.setdefault(domain.lower().removeprefix("www."), []).append(entry)
            if rule.labels:
                whole = "|".join(f"(?:{label})" for label in rule.labels)
                self._labels += ((entry, compile_pattern(f"^(?:{whole})$")),)
        self._domains = {domain: tuple(entries) for domain, entries in domains.items()}

    def of(self, host: str) -> tuple[int, ...]:
        """Return the indices of the rules that name the host, a parent domain of it, or one of its labels."""
        host = host.lower().rstrip(".")
        found: set[int] = set()
        parent = host
        while parent and self._domains:
            found.update(self._domains.get(parent, ()))
            _, _, parent = parent.partition(".")
        if self._labels:
            labels = host_labels(host)
            found.update(entry for entry, pattern in self._labels if any(pattern.search(label) for label in labels))
        return tuple(sorted(found))

    def find(self, folded: str) -> tuple[Hit, ...]:
        """Return the hits among the hosts that stand in folded text."""
        return tuple(
            Hit(address.start, address.end, entry) for address in addresses(folded) for entry in self.of(address.host)
        )
