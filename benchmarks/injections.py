"""Injected pages made from clean ones: a seeded generator with exact gold spans.

Brands and domains are made up by the way brands of each kind are built, and strings seen on hacked pages may be mixed
in from the labelled data at run time. Every page is a function of (seed of its part, page id, technique, turn): the
same sample on every machine, and a larger one begins with the smaller one.

The two parts share neither seed nor page nor word: a page belongs to `dev` or `validation` by a hash of its id, and
each part has a file of its own with its phrases, sentences, shapes and syllables of brands, places, drugs, goods and
off-topic subjects (`payloads.yaml`, `payloads_held.yaml`). Validation speaks languages besides that `dev` never hears.
"""

from __future__ import annotations

import hashlib
import random
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import msgspec
from ruamel.yaml import YAML

from audit.text.span import Span, union, without

Part = Literal["dev", "validation"]
Role = Literal["keep", "must", "may"]
Piece = tuple[str, Role]
"""Inserted text and what is to become of it; `keep` is only ever a blank that belongs to no one."""

SEEDS: Mapping[Part, str] = {"dev": "tune-2", "validation": "hold-7"}

TEXT_TECHNIQUES = (
    "T1", "T2", "T3", "T4", "T5", "T10", "T11", "T15", "T16", "T17", "T18", "T19", "T20", "T23", "T25",
)  # fmt: skip
HTML_TECHNIQUES = (
    "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "T13", "T14", "T15", "T16", "T17",
    "T18", "T19", "T20", "T23", "T25",
)  # fmt: skip
EVASIONS = (
    "zero-width", "soft hyphen", "look-alike", "styled", "leetspeak", "spaced", "right to left", "split tags",
    "entities",
)  # fmt: skip
HTML_ONLY = ("split tags", "entities")


class Source(msgspec.Struct, frozen=True):
    """A clean page to inject into."""

    id: str
    kind: Literal["text", "html"]
    text: str


class Injection(msgspec.Struct, frozen=True):
    """An injected page and what has to go."""

    id: str
    kind: Literal["text", "html"]
    text: str
    spans: tuple[Span, ...]
    """What must go; blanks round it are outside."""
    may: tuple[Span, ...]
    """What came with it and may go or stay: a style rule, an emptied wrapper, tags that split a word."""
    clean: str
    """The page as it was."""
    technique: str
    family: str
    evasion: str = ""
    language: str = ""
    """Of what was put in."""


def part_of(page_id: str) -> Part:
    """Return the half of the data that a page belongs to: even digests tune, odd ones validate."""
    return "validation" if hashlib.sha256(page_id.encode()).digest()[0] % 2 else "dev"


def injections(
    pages: Sequence[Source],
    count: int,
    *,
    part: Part = "dev",
    techniques: Sequence[str] = (),
    strings: Mapping[str, Sequence[str]] | None = None,
    speaker: type[Voice] | None = None,
) -> Iterator[Injection]:
    """Yield `count` injected pages, going round the techniques; pages of the other part are left out.

    Args:
        pages: Clean pages of one kind.
        count: How many to make.
        part: Which pages, words and seed.
        techniques: Default: all that the kind of page has.
        strings: Real strings by use (`real_strings`), mixed into a sixth of the lists, anchors and paragraphs.
        speaker: Who says what is injected; training has words of its own.

    """
    mine = [page for page in pages if part_of(page.id) == part]
    if not mine:
        return
    names = techniques or (HTML_TECHNIQUES if mine[0].kind == "html" else TEXT_TECHNIQUES)
    order = list(range(len(mine)))
    random.Random(f"{SEEDS[part]}:order").shuffle(order)
    for turn in range(count):
        technique = names[turn % len(names)]
        for attempt in range(20):  # a page without a fitting place gives way to the next
            page = mine[order[(turn * 7 + attempt) % len(order)]]
            rng = random.Random(f"{SEEDS[part]}:{page.id}:{technique}:{turn}")
            made = _inject(page, technique, (speaker or Voice)(rng, part, strings or {}), turn)
            if made is not None:
                yield made
                break


def evaded(
    pages: Sequence[Source],
    count: int,
    *,
    part: Part = "dev",
    evasion: str,
    strings: Mapping[str, Sequence[str]] | None = None,
    speaker: type[Voice] | None = None,
) -> Iterator[Injection]:
    """Yield pages with a lead list, a trailing list or a sentence whose words are disguised in one way."""
    mine = [page for page in pages if part_of(page.id) == part]
    order = list(range(len(mine)))
    random.Random(f"{SEEDS[part]}:{evasion}:order").shuffle(order)
    for turn in range(count if mine else 0):
        for attempt in range(20):
            page = mine[order[(turn * 5 + attempt) % len(order)]]
            rng = random.Random(f"{SEEDS[part]}:{page.id}:{evasion}:{turn}")
            voice = (speaker or Voice)(rng, part, strings or {})
            carrier = ("T1", "T3", "T2")[turn % 3]
            family = voice.family(latin=True)
            made = _build(page, CARRIERS[page.kind][carrier](Job(page, voice, rng, family, evasion)))
            if made is not None:
                yield _injection(page, made, f"{evasion}+{turn}", carrier, voice, family, evasion)
                break


Form = Literal["shop", "doorway", "reflected search"]
_FORMS: tuple[Form, ...] = ("shop", "doorway", "shop", "reflected search")


class WholePage(msgspec.Struct, frozen=True):
    """A page that is spam from end to end (T24): the verdict has to be `block`, and there is nothing to cut."""

    id: str
    kind: Literal["text", "html"]
    text: str
    form: Form
    family: str
    language: str


def whole_pages(count: int, *, part: Part = "dev") -> Iterator[WholePage]:
    """Yield shops, doorways and reflected searches of all families and languages, as text and as HTML."""
    for turn in range(count):
        rng = random.Random(f"{SEEDS[part]}:whole:{turn}")
        voice = Voice(rng, part, {})
        family = voice.family()
        form = _FORMS[turn // 2 % len(_FORMS)]
        title, blocks = {"shop": _shop, "doorway": _doorway, "reflected search": _search}[form](voice, family)
        kind: Literal["text", "html"] = "html" if turn % 2 else "text"
        text = _as_html(title, blocks) if kind == "html" else "\n".join((title, *blocks)) + "\n"
        yield WholePage(f"whole+{turn}", kind, text, form, base(family), voice.language(family))


def _shop(voice: Voice, family: str) -> tuple[str, list[str]]:
    name = voice.brand(family)[0]
    menu = " | ".join(voice.words(family, 4, 7))
    body = [voice.paragraph(family) for _ in range(voice.rng.randint(4, 9))]
    lines = [line for paragraph in body for line in (voice.anchor(family), paragraph)]
    return f"{name} – {', '.join(voice.words(family, 1, 3))}", [menu, *lines, ", ".join(voice.words(family, 4, 10))]


def _doorway(voice: Voice, family: str) -> tuple[str, list[str]]:
    first = voice.anchor(family)
    body = [f"{voice.anchor(family)}. {voice.sentence(family)} {voice.anchor(family)}." for _ in range(9)]
    return f"{first} | {voice.brand(family)[1]}", [first, *body, "Related: " + ", ".join(voice.words(family, 5, 10))]


def _search(voice: Voice, family: str) -> tuple[str, list[str]]:
    wanted = f"{voice.anchor(family)} {voice.brand(family)[1]}"
    said = voice.rng.choice((
        "Search results for: {}", "Showing results for “{}”", "You searched for: {}", "No results found for '{}'",
        "0 results for {}",
    )).format(wanted)  # fmt: skip
    return f"{wanted} - Search", [said, "Try another word, or browse our departments.", "Opening hours", "Find a ward"]


def _as_html(title: str, blocks: Sequence[str]) -> str:
    body = "\n".join(f"<p>{escape(block)}</p>" for block in blocks)
    head = f"<title>{escape(title)}</title>"
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"


def real_strings(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the strings of a labelled file by the use they can be put to: `list`, `anchor`, `salad`."""
    uses = {"3": "list", "5": "anchor", "7": "salad", "8": "list", "9": "anchor"}
    found: dict[str, list[str]] = {"list": [], "anchor": [], "salad": []}
    use = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# ==="):
            use = uses.get(line.removeprefix("# === ")[:1], "")
        elif use and line.strip() and not line.startswith("#"):
            found[use].append(line.strip())
    return {name: tuple(lines) for name, lines in found.items()}


# --- words ------------------------------------------------------------------------------------------------------------


FILES: dict[Part, Path] = {
    "dev": Path(__file__).with_name("payloads.yaml"),
    "validation": Path(__file__).with_name("payloads_held.yaml"),
}


@contextmanager
def speaking(part: Part, words: Path) -> Iterator[None]:
    """Let a part speak the words of another file."""
    own = FILES[part]
    FILES[part] = words
    _forget()
    try:
        yield
    finally:
        FILES[part] = own
        _forget()


def _forget() -> None:
    payloads.cache_clear()
    families.cache_clear()


@cache
def payloads(part: Part) -> dict[str, Any]:
    """Return the words of a part; the subjects of `off-topic` are families too, without a list of phrases."""
    said = dict(YAML(typ="safe", pure=True).load(FILES[part]))
    aside = {
        f"off-topic/{subject}": {"brand": "plain", "phrases": words["anchors"], **words}
        for subject, words in said["off-topic"].items()
    }
    return {**said, "families": {**said["families"], **aside}}


def base(family: str) -> str:
    """Return the family of a variant: `gambling-casino` of `gambling-casino/ru`."""
    return family.partition("/")[0]


@cache
def families(part: Part) -> tuple[str, ...]:
    """Return the families that a part speaks of, without their variants."""
    return tuple(dict.fromkeys(base(name) for name in payloads(part)["families"]))


SHADY = ("essay", "replica", "loans", "crypto", "adult", "streaming", "followers", "support", "smoke")
_NOT_LATIN = ("ja", "zh", "th", "ko", "ru")
_NAMES = ("Maria K", "topseller", "Dave", "Leila", "jonny_b", "Webmaster", "anita.r", "Guest 4412")


class Voice:
    """Says what a spammer would, in the words of one part."""

    def __init__(self, rng: random.Random, part: Part, strings: Mapping[str, Sequence[str]]) -> None:
        self.rng, self.part, self._strings = rng, part, strings
        self._named: dict[str, tuple[str, str]] = {}

    @property
    def _said(self) -> dict[str, Any]:
        return payloads(self.part)

    def choose(self, words: Sequence[str]) -> str:
        """Return one entry of a list."""
        return self.rng.choice(words)

    def language(self, family: str) -> str:
        """Return the language of a family's words."""
        return str(self._said["families"].get(family, {}).get("language", "en"))

    def family(self, *, latin: bool = False) -> str:
        """Return a family; gambling as a whole is as likely as four of the others."""
        while True:
            family = self.variant(self.rng.choice((*self.gambling, "pharmacy", "pharmacy", *SHADY, "cjk")))
            if not (latin and self.language(family) in _NOT_LATIN):
                return family

    def variant(self, family: str) -> str:
        """Return the family in one of its languages, its first one half of the time."""
        others = [name for name in self._said["families"] if name.startswith(f"{family}/")]
        if family in self._said["families"] and (not others or self.rng.random() < 0.5):
            return family
        return str(self.rng.choice(others))

    def foreign(self) -> str:
        """Return a family in another script."""
        names = [name for name in self._said["families"] if self.language(name) in _NOT_LATIN]
        return str(self.rng.choice(names))

    @property
    def gambling(self) -> tuple[str, ...]:
        """The families of gambling."""
        return tuple(name for name in families(self.part) if name.startswith("gambling"))

    def brand(self, family: str) -> tuple[str, str]:
        """Return an invented brand of the family and its domain; the same ones for the whole page."""
        if family not in self._named:
            kind = self._said["brands"][self._said["families"][family]["brand"]]
            shape = self.choose(kind["shapes"])
            name = re.sub(r"{(\w+)}", lambda match: self.choose(kind[match[1]]), shape)
            if self.rng.random() < 0.4:
                name = name.title() if self.rng.random() < 0.8 else name.upper()
            slug = re.sub(r"[^\w-]|\.\w+$", "", name.lower().replace(" ", ""))
            slug = slug.translate(str.maketrans("ıüöşçğáàảã", "iuoscgaaaa"))
            slug += self.rng.choice(("", "", "", str(self.rng.randint(2, 99))))
            self._named[family] = name, f"{slug}.{self.rng.choice(kind['tld'])}"
        return self._named[family]

    def say(self, template: str, family: str) -> str:
        """Fill a template's fields."""
        rng, fields = self.rng, self._said["fields"]

        def value(match: re.Match[str]) -> str:
            field = match[1]
            if field in ("brand", "domain"):
                return self.brand(family)[field == "domain"]
            if field == "n":
                return rng.choice(("5", "10", "20", "50", "100", "200"))
            if field == "price":
                return rng.choice(("$", "£", "€", "Rs ")) + rng.choice(
                    ("0.69", "1.99", "50", "100", "250", "500", "1,000")
                )
            if field == "phone":
                return rng.choice(("+1-8{}-{}-{}", "+91 9{} {} {}", "(8{}) {}-{}")).format(
                    rng.randint(10, 99), rng.randint(200, 999), rng.randint(1000, 9999)
                )
            return self.choose(fields[field])

        return re.sub(r"{(\w+)}", value, template)

    def words(self, family: str, least: int, most: int) -> list[str]:
        """Return a keyword list."""
        real = self._strings.get("list", ())
        if real and family.startswith("gambling") and self.rng.random() < 0.17:
            split = [word.strip() for word in re.split(r"[,|.]\s", self.rng.choice(real)) if word.strip()]
            return split[:most]
        phrases = self._said["families"][family]["phrases"]
        picked = self.rng.sample(phrases, min(len(phrases), self.rng.randint(least, most)))
        return [self.say(phrase, family) for phrase in picked]

    def sentence(self, family: str) -> str:
        """Return a fluent sentence that sells."""
        return self.say(self.choose(self._said["families"][family]["sentences"]), family)

    def paragraph(self, family: str) -> str:
        """Return two to four such sentences, or real word salad."""
        real = self._strings.get("salad", ())
        if real and base(family) in ("pharmacy", "essay") and self.rng.random() < 0.17:
            return self.rng.choice(real)
        sentences = self._said["families"][family]["sentences"]
        picked = self.rng.sample(sentences, min(len(sentences), self.rng.randint(2, 4)))
        return " ".join(self.say(line, family) for line in picked)

    def salad(self) -> str:
        """Return harmless review words with drug anchors between them."""
        rng, pharmacy = self.rng, self._said["families"]["pharmacy"]
        drugs = [phrase for phrase in pharmacy["phrases"] if "{drug}" in phrase] + ["{drug}", "{drug} {n}mg"]
        parts: list[str] = []
        for _ in range(rng.randint(3, 6)):
            words = rng.sample(pharmacy["salad"], rng.randint(2, 5))
            parts.append(" ".join((*words, self.say(self.choose(drugs), "pharmacy"))))
        text = rng.choice((" ", " ", ". ", ", ")).join(parts)
        return text[0].upper() + text[1:] + "."

    def anchor(self, family: str) -> str:
        """Return two to eight words that are worth a link."""
        real = self._strings.get("anchor", ())
        if real and self.rng.random() < 0.17:
            return self.rng.choice(real)
        return self.say(self.choose(self._said["families"][family]["anchors"]), family)

    def order(self, family: str) -> str:
        """Return an order to a machine that reads the page."""
        return self.say(self.choose(self._said["ai"]), family)

    def comment(self, family: str) -> tuple[str, str, str]:
        """Return a commenter's name, the comment and the address in it."""
        domain = self.brand(family)[1]
        payload = self.rng.choice((domain, self.anchor(family)))
        text = self.choose(self._said["comments"]).replace("{payload}", payload)
        return self.rng.choice(_NAMES), self.say(text, family), domain


# --- disguise ---------------------------------------------------------------------------------------------------------

_CYRILLIC = dict(zip("aceiopxysjACEHIKMOPTXBS", "асеіорхуѕјАСЕНІКМОРТХВЅ", strict=True))
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
_SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))


def disguise(text: str, evasion: str, rng: random.Random) -> list[Piece]:
    """Return the text as it is written to get past a filter; every word of five letters or more is touched."""
    pieces: list[Piece] = []
    style = rng.choice(("bold", "wide", "small"))
    joint = rng.choice((" ", ".", "-"))
    tag = rng.choice(("<b></b>", "<!-- -->", "<i></i>", "<span></span>"))
    zero = rng.choice("\u200b\u200c\u2060\ufeff\u200d")
    for token in re.split(r"(\s+)", text):
        if len(token) < 4 or not re.search(r"[A-Za-z]{3}", token) or (evasion == "spaced" and rng.random() < 0.4):
            pieces.append((escape(token, quote=False) if evasion in HTML_ONLY else token, "must"))
            continue
        if evasion in ("zero-width", "soft hyphen"):
            mark = zero if evasion == "zero-width" else "\xad"
            cut = rng.randint(1, len(token) - 1)
            pieces.append((token[:cut] + mark + token[cut:], "must"))
        elif evasion == "look-alike":
            pieces.append(("".join(_CYRILLIC.get(c, c) if rng.random() < 0.7 else c for c in token), "must"))
        elif evasion == "styled":
            pieces.append(("".join(_styled(c, style) for c in token), "must"))
        elif evasion == "leetspeak":
            pieces.append(("".join(_LEET.get(c, c) if rng.random() < 0.7 else c for c in token), "must"))
        elif evasion == "spaced":
            pieces.append((joint.join(token), "must"))
        elif evasion == "right to left":
            pieces.append((f"\u202e{token[::-1]}\u202c", "must"))
        elif evasion == "split tags":
            cut = rng.randint(1, len(token) - 1)
            pieces += [
                (escape(token[:cut], quote=False), "must"),
                (tag, "may"),
                (escape(token[cut:], quote=False), "must"),
            ]
        elif evasion == "entities":
            pieces.append(("".join(f"&#{ord(c)};" if rng.random() < 0.5 else f"&#x{ord(c):x};" for c in token), "must"))
        else:
            raise ValueError(evasion)
    return pieces


def _styled(letter: str, style: str) -> str:
    if not letter.isascii() or not letter.isalnum():
        return letter
    if style == "wide":
        return chr(ord(letter) + 0xFEE0)
    if style == "small":
        return _SMALL_CAPITALS.get(letter.lower(), letter)
    if letter.isdigit():
        return chr(0x1D7EC + int(letter))
    return chr((0x1D5D4 if letter.isupper() else 0x1D5EE) + ord(letter.lower()) - ord("a"))


# --- places -----------------------------------------------------------------------------------------------------------

_MASK = re.compile(
    r"<!--.*?-->|<(script|style|noscript|head|textarea|select|svg|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_RUN = re.compile(r">([^<>]{90,})(?=<)")
_SENTENCE_GAP = re.compile(r"(?<=[a-z0-9)][.!?]) +(?=[A-Z])")
_WORD_GAP = re.compile(r"(?<=[a-z]{3}) (?=[a-z]{2})")


@cache
def _paragraphs(page: Source) -> tuple[Span, ...]:
    """Return runs of prose of at least 90 code points with a sentence in them, by a look of the generator's own."""
    if page.kind == "text":
        runs = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]{90,}", page.text)]
        return tuple(run for run in runs if page.text[run.start].isalpha() or page.text[run.start].isdigit())
    masked = _MASK.sub(lambda match: " " * len(match[0]), page.text)
    runs = []
    for match in _RUN.finditer(masked):
        inner = match[1]
        lead = len(inner) - len(inner.lstrip())
        if inner.count(" ") > 10 and re.search(r"[a-z]{3}[.!?]", inner) and "{" not in inner:
            runs.append(Span(match.start(1) + lead, match.start(1) + len(inner.rstrip())))
    return tuple(runs)


def _find(page: Source, pattern: str) -> int:
    """Return where a tag begins, -1 if the page has none; the last one of a closing tag."""
    found = list(re.finditer(pattern, page.text, re.IGNORECASE))
    return (found[-1] if pattern.startswith("</") else found[0]).start() if found else -1


# --- carriers: page, words -> [(place, pieces)] or None where the page has no such place ------------------------------

Inserts = list[tuple[int, list[Piece]]]


@dataclass(frozen=True, slots=True)
class Job:
    """What a carrier works with: the page, the words and the dice."""

    page: Source
    voice: Voice
    rng: random.Random
    family: str
    evasion: str

    def words(self, text: str) -> list[Piece]:
        """Return text as it is written into the page, disguised if so asked."""
        if self.evasion:
            return disguise(text, self.evasion, self.rng)
        return [(escape(text, quote=False) if self.page.kind == "html" else text, "must")]


Carrier = Callable[[Job], "Inserts | None"]


def _lead(job: Job) -> Inserts | None:
    runs = _paragraphs(job.page)
    if not runs:
        return None
    separator = job.rng.choice((":", ":", ":", " :", " –", " -", " |"))
    words = job.voice.words(job.family, 2, 5)
    return [(runs[0].start, [*job.words(", ".join(words)), (separator, "must"), (" ", "keep")])]


def _trail(job: Job) -> Inserts | None:
    words = job.rng.choice((", ", " | ", ", ", " ")).join(job.voice.words(job.family, 4, 10))
    if job.page.kind == "text":
        at = len(job.page.text.rstrip())
        return [(at, [("\n\n" if job.rng.random() < 0.5 else "\n", "keep"), *job.words(words)])]
    runs = _paragraphs(job.page)
    if not runs:
        return None
    if job.rng.random() < 0.5:
        return [(runs[-1].end, [(" ", "keep"), *job.words(words)])]
    at = _find(job.page, "</body")
    if at < 0:
        return None
    return [(at, [("<p>", "must"), *job.words(words), ("</p>", "must"), ("\n", "keep")])]


def _passage(job: Job) -> Inserts | None:
    """Put a fluent sentence between two sentences, or a paragraph between two paragraphs."""
    runs = _paragraphs(job.page)
    if not runs:
        return None
    run = job.rng.choice(runs)
    gaps = [match.end() for match in _SENTENCE_GAP.finditer(job.page.text, run.start, run.end)]
    if gaps and job.rng.random() < 0.6:
        return [(job.rng.choice(gaps), [*job.words(job.voice.sentence(job.family)), (" ", "keep")])]
    text = job.voice.paragraph(job.family)
    if job.page.kind == "text":
        return [(run.end, [("\n", "keep"), *job.words(text)])]
    inside = job.page.text.rfind("<", 0, run.start)
    if not job.page.text[inside:].lower().startswith("<p"):
        return [(run.end, [(" ", "keep"), *job.words(text)])]
    return [(inside, [("<p>", "must"), *job.words(text), ("</p>", "must"), ("\n", "keep")])]


def _anchor(job: Job) -> Inserts | None:
    runs = _paragraphs(job.page)
    if not runs:
        return None
    run = job.rng.choice(runs)
    gaps = [match.end() for match in _WORD_GAP.finditer(job.page.text, run.start, run.end)]
    if not gaps:
        return None
    if job.page.kind == "html" and job.family.startswith(("gambling", "pharmacy")) and job.rng.random() < 0.25:
        return _lent(job, gaps)
    words = job.words(job.voice.anchor(job.family))
    if job.page.kind == "html":
        words = [(f'<a href="https://{job.voice.brand(job.family)[1]}/">', "must"), *words, ("</a>", "must")]
    return [(job.rng.choice(gaps), [*words, (" ", "keep")])]


def _lent(job: Job, gaps: Sequence[int]) -> Inserts | None:
    """Hang the link on a word that was there: the tags go, the word stays."""
    start = job.rng.choice(gaps)
    word = re.match(r"[a-z]{3,}", job.page.text[start : start + 40])
    if word is None:
        return None
    opened = f'<a href="https://{job.voice.brand(job.family)[1]}/">'
    return [(start, [(opened, "must")]), (start + word.end(), [("</a>", "must")])]


def _line(job: Job) -> Inserts | None:
    """Put what a hidden block leaves in a text after extraction: a line of its own between two paragraphs."""
    runs = _paragraphs(job.page)
    if not runs:
        return None
    text = job.rng.choice((", ".join(job.voice.words(job.family, 3, 8)), job.voice.sentence(job.family)))
    return [(job.rng.choice(runs).end, [("\n", "keep"), *job.words(text)])]


def _farm(job: Job) -> Inserts | None:
    if job.page.kind == "text":
        text = job.rng.choice((" / ", " | ", " · ")).join(job.voice.words(job.family, 5, 12))
        return [(len(job.page.text.rstrip()), [("\n", "keep"), *job.words(text)])]
    at = _find(job.page, job.rng.choice(("</body", "</footer", "</body")))
    if at < 0:
        return None
    names = [job.voice.variant(name) for name in job.rng.sample(families(job.voice.part), 3)]
    links = job.rng.choice((" ", " | ", "\n", "<br>")).join(_links(job.voice, job.rng, names, job.rng.randint(6, 16)))
    open_, close = job.rng.choice((("<div>", "</div>"), ('<div class="links">', "</div>"), ("<p>", "</p>")))
    return [(at, [(open_ + links + close, "must"), ("\n", "keep")])]


def _links(voice: Voice, rng: random.Random, families: Sequence[str], count: int) -> list[str]:
    """Return external links, a new brand and host each."""
    links = []
    for at in range(count):
        family = families[at % len(families)]
        other = type(voice)(rng, voice.part, {})
        links.append(f'<a href="https://{other.brand(family)[1]}/">{escape(other.anchor(family))}</a>')
    return links


_META = re.compile(
    r'<meta[^>]+(?:name|property)="(?:description|keywords|(?:og|twitter):(?:title|description))"[^>]+'
    r'content="([^"]{20,})"',
    re.IGNORECASE,
)


def _title(job: Job) -> Inserts | None:
    words = job.words(", ".join(job.voice.words(job.family, 1, 3)))
    if job.page.kind == "text":
        end = job.page.text.find("\n")
        return [(end, [(" ", "keep"), ("| ", "must"), *words])] if end > 0 else None
    if job.rng.random() < 0.4:
        metas = list(_META.finditer(job.page.text))
        return [(job.rng.choice(metas).end(1), [(", ", "must"), *words])] if metas else None
    match = re.search(r"<title[^>]*>([^<]{5,})</title", job.page.text, re.IGNORECASE)
    if match is None:
        return None
    if job.rng.random() < 0.5:
        return [(match.end(1), [(job.rng.choice((" | ", " - ", " – ")), "must"), *words])]
    return [(match.start(1), [*words, (job.rng.choice((" | ", " - ", ": ")), "must")])]


def _hidden(style: Callable[[random.Random], tuple[str, str]]) -> Carrier:
    """Make a carrier of a hidden block from a choice of (attributes, style element)."""

    def carrier(job: Job) -> Inserts | None:
        attributes, sheet = style(job.rng)
        runs = _paragraphs(job.page)
        at = (
            job.page.text.rfind("<p", 0, job.rng.choice(runs).start)
            if runs and job.rng.random() < 0.5
            else _find(job.page, "</body")
        )
        head = _find(job.page, r"</head\s*>")
        if at < 0 or (sheet and not 0 <= head < at):
            return None
        tag = job.rng.choice(("div", "div", "span", "p", "ul"))
        made = _hidden_words(job.voice, job.rng, job.family)
        if tag == "ul":
            made = f"<li>{made}</li>"
        block: tuple[int, list[Piece]] = (at, [(f"<{tag} {attributes}>{made}</{tag}>", "must"), ("\n", "keep")])
        return [(head, [(sheet, "may"), ("\n", "keep")]), block] if sheet else [block]

    return carrier


def _hidden_words(voice: Voice, rng: random.Random, family: str) -> str:
    shape = rng.random()
    if shape < 0.5:
        return rng.choice((" ", ", ", "\n")).join(_links(voice, rng, (family,), rng.randint(2, 7)))
    if shape < 0.75:
        link = f'<a href="https://{voice.brand(family)[1]}/">{escape(voice.anchor(family))}</a>'
        return f"{escape(voice.sentence(family))} {link}"
    return escape(", ".join(voice.words(family, 4, 10)))


def _inline(rng: random.Random) -> tuple[str, str]:
    style = rng.choice((
        "display:none", "display: none;", "visibility:hidden", "opacity:0", "font-size:0", "height:0;overflow:hidden",
        "width:0px; height:0px; overflow:hidden", "text-indent:-9999px", "position:absolute;clip:rect(0,0,0,0)",
        "display:none!important",
    ))  # fmt: skip
    return f'style="{style}"', ""


def _off_screen(rng: random.Random) -> tuple[str, str]:
    style = rng.choice((
        "position:absolute;left:-9999px", "position: absolute; top: -5000px; left: -4000px;",
        "position:fixed;left:-10000px;top:0", "position: absolute top: 0px left: -8000px;", "margin-left:-9999px",
        "transform:translateX(-9999px)",
    ))  # fmt: skip
    return f'style="{style}"', ""


def _class(rng: random.Random) -> tuple[str, str]:
    name = "".join(rng.choices("abcdefghkmnpqrstvwxz", k=4)) + str(rng.randint(1, 99))
    rule = rng.choice(
        ("display:none", "position:absolute;left:-9999px", "height:1px;overflow:hidden;opacity:0", "font-size:0")
    )
    if rng.random() < 0.25:  # a script hides it when the page has loaded
        call = f'document.getElementById("{name}").style.display="none"'
        return f'id="{name}"', f"<script>window.addEventListener('load',function(){{{call}}})</script>"
    return f'class="{name}"', f"<style>.{name}{{{rule}}}</style>"


def _colour(rng: random.Random) -> tuple[str, str]:
    style = rng.choice((
        "color:#fff;background:#fff", "color:#ffffff;background-color:white", "color:white;background-color:#FFFFFF",
        "color:rgb(255,255,255);background:#fff;font-size:1px", "font-size:1px;color:#fefefe;background:#fff",
        "color:transparent;font-size:1px",
    ))  # fmt: skip
    return f'style="{style}"', ""


def _dot(job: Job) -> Inserts | None:
    runs = _paragraphs(job.page)
    if not runs:
        return None
    mark = job.rng.choice((".", "", "&nbsp;", "-", ",", "·"))
    return [(job.rng.choice(runs).end, [(f'<a href="https://{job.voice.brand(job.family)[1]}/">{mark}</a>', "must")])]


def _data(job: Job) -> Inserts | None:
    at = _find(job.page, r"</head\s*>")
    if at < 0:
        return None
    brand, domain = job.voice.brand(job.family)
    if job.rng.random() < 0.3:
        rel = job.rng.choice(('rel="amphtml"', 'rel="alternate" hreflang="id"'))
        return [(at, [(f'<link {rel} href="https://{domain}/">', "must"), ("\n", "keep")])]
    if job.rng.random() < 0.25:
        item = f'{{"@type":"ListItem","position":1,"name":"{job.voice.anchor(job.family)}","item":"https://{domain}/"}}'
        body = f'{{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{item}]}}'
        return [(at, [(f'<script type="application/ld+json">{body}</script>', "must"), ("\n", "keep")])]
    words = escape(job.voice.sentence(job.family).replace('"', ""), quote=False)
    stars = f'{{"@type":"AggregateRating","ratingValue":"4.9","reviewCount":"{job.rng.randint(900, 99999)}"}}'
    body = f'"@type":"Product","name":"{brand}","url":"https://{domain}/","description":"{words}","aggregateRating":{stars}'
    script = f'<script type="application/ld+json">{{"@context":"https://schema.org",{body}}}</script>'
    return [(at, [(script, "must"), ("\n", "keep")])]


def _attribute(job: Job) -> Inserts | None:
    words = escape(", ".join(job.voice.words(job.family, 3, 6)))
    masked = _MASK.sub(lambda match: " " * len(match[0]), job.page.text)
    alts = list(re.finditer(r'<img\b[^>]*?\salt="([^"<>]{3,})"', masked, re.IGNORECASE))
    if alts and job.rng.random() < 0.5:
        return [(job.rng.choice(alts).end(1), [(", " + words, "must")])]
    runs = _paragraphs(job.page)
    if not runs:
        return None
    name = job.rng.choice(("alt", "title", "alt", "aria-label"))
    tag: list[Piece] = [
        (f'<img src="/media/{job.rng.randint(10, 99)}.jpg" {name}="', "may"),
        (words, "must"),
        ('">', "may"),
    ]
    return [(runs[0].start, tag)]


def _unrendered(job: Job) -> Inserts | None:
    at = _find(job.page, "</body")
    if at < 0:
        return None
    links = " ".join(_links(job.voice, job.rng, (job.family,), job.rng.randint(2, 5)))
    block = job.rng.choice((
        f"<!-- {links} -->", f"<noscript>{links}</noscript>", f"<template>{links}</template>",
        f'<iframe src="https://{job.voice.brand(job.family)[1]}/" width="0" height="0" style="border:0"></iframe>',
    ))  # fmt: skip
    return [(at, [(block, "must"), ("\n", "keep")])]


def _comment(job: Job) -> Inserts | None:
    name, text, domain = job.voice.comment(job.family)
    if job.page.kind == "text":
        at = len(job.page.text.rstrip())
        return [(at, [("\n\n", "keep"), (f"{name} says:", "may"), ("\n", "keep"), (text, "must")])]
    at = _find(job.page, "</body")
    if at < 0:
        return None
    linked = escape(text, quote=False)
    if job.rng.random() < 0.7:
        rel = job.rng.choice(("ugc", "nofollow ugc", "external nofollow"))
        linked += f' <a href="https://{domain}/" rel="{rel}">{domain}</a>'
    wrap = f'<ol class="comment-list"><li class="comment"><cite>{name}</cite><p>'
    return [(at, [(wrap, "may"), (linked, "must"), ("</p></li></ol>", "may"), ("\n", "keep")])]


def _order(job: Job) -> Inserts | None:
    runs = _paragraphs(job.page)
    if not runs:
        return None
    text = job.voice.order(job.family)
    if job.page.kind == "text":
        return [(job.rng.choice(runs).end, [("\n", "keep"), *job.words(text)])]
    at = _find(job.page, "</body")
    if at < 0:
        return None
    style = job.rng.choice((_inline, _off_screen, _colour))(job.rng)[0]
    block = job.rng.choice((f"<div {style}>{escape(text, quote=False)}</div>", f"<!-- {text} -->"))
    return [(at, [(block, "must"), ("\n", "keep")])]


def _salad(job: Job) -> Inserts | None:
    runs = _paragraphs(job.page)
    if not runs:
        return None
    if job.page.kind == "text":
        return [(job.rng.choice(runs).end, [("\n", "keep"), *job.words(job.voice.salad())])]
    return [(job.rng.choice(runs).end, [(" ", "keep"), *job.words(job.voice.salad())])]


def _redirect(job: Job) -> Inserts | None:
    """Put a redirect or a packed script into the head: to be flagged, since there is nothing to read."""
    at = _find(job.page, r"</head\s*>")
    if at < 0:
        return None
    address = f"https://{job.voice.brand(job.family)[1]}/"
    packed = b64encode(f"window.location.href='{address}'".encode()).decode()
    codes = ",".join(str(ord(letter)) for letter in f"location='{address}'")
    markup = job.rng.choice((
        f'<meta http-equiv="refresh" content="0; url={address}">',
        f'<script>window.location.replace("{address}")</script>',
        f'<script>if(document.referrer.indexOf("google")>-1){{location.href="{address}"}}</script>',
        f'<script>eval(atob("{packed}"))</script>',
        f"<script>eval(String.fromCharCode({codes}))</script>",
    ))  # fmt: skip
    return [(at, [(markup, "must"), ("\n", "keep")])]


_VISIBLE: tuple[Carrier, ...] = (_lead, _trail, _passage, _anchor)
CARRIERS: Mapping[str, Mapping[str, Carrier]] = {
    "text": {
        "T1": _lead, "T2": _trail, "T3": _passage, "T4": _anchor, "T5": _line, "T10": _farm, "T11": _title,
        "T23": _comment, "T25": _order,
    },
    "html": {
        "T1": _lead, "T2": _trail, "T3": _passage, "T4": _anchor, "T5": _hidden(_inline), "T6": _hidden(_off_screen),
        "T7": _hidden(_class), "T8": _hidden(_colour), "T9": _dot, "T10": _farm, "T11": _title, "T12": _data,
        "T13": _attribute, "T14": _unrendered, "T22": _redirect, "T23": _comment, "T25": _order,
    },
}  # fmt: skip


def _inject(page: Source, technique: str, voice: Voice, turn: int) -> Injection | None:
    """Return the page with one injection, or None where it has no place for it."""
    rng = voice.rng
    evasion = ""
    family = voice.family()
    carrier = CARRIERS[page.kind].get(technique)
    if technique in ("T15", "T16", "T17", "T18"):
        names = {"T16": ("pharmacy",), "T17": voice.gambling, "T18": SHADY}.get(technique)
        family = voice.variant(rng.choice(names)) if names else voice.foreign()
        carrier = rng.choice((*_VISIBLE, *((_salad,) if technique == "T16" else ())))
    elif technique in ("T3", "T4") and rng.random() < _ASIDE:
        family = voice.variant("off-topic")
    elif technique in ("T19", "T20"):
        family = voice.family(latin=True)
        names = (
            ("look-alike", "styled", "leetspeak")
            if technique == "T19"
            else ("zero-width", "soft hyphen", "right to left")
        )
        carrier, evasion = rng.choice((_lead, _trail, _passage)), rng.choice(names)
    if carrier is None:
        raise ValueError(f"no carrier for {technique} in {page.kind}")
    made = _build(page, carrier(Job(page, voice, rng, family, evasion)))
    return made and _injection(page, made, f"{technique}+{turn}", technique, voice, family, evasion)


_ASIDE = 0.4
"""Share of inserted sentences and bought anchors that are on a harmless subject."""

_ENGLISH = ("T23", "T25")
"""Said in English round a phrase of the family."""

Built = tuple[str, tuple[Span, ...], tuple[Span, ...]]


def _injection(
    page: Source, built: Built, suffix: str, technique: str, voice: Voice, family: str, evasion: str
) -> Injection:
    text, must, may = built
    return Injection(
        id=f"{page.id}+{suffix}", kind=page.kind, text=text, spans=must, may=may, clean=page.text, technique=technique,
        family=base(family), evasion=evasion, language="en" if technique in _ENGLISH else voice.language(family),
    )  # fmt: skip


def _build(page: Source, inserts: Inserts | None) -> Built | None:
    """Return the page with the pieces in their places, and where they stand in it."""
    if not inserts:
        return None
    parts: list[str] = []
    must: list[Span] = []
    may: list[Span] = []
    last = length = 0
    for at, pieces in sorted(inserts, key=lambda insert: insert[0]):
        parts.append(page.text[last:at])
        length += at - last
        last = at
        for piece, role in pieces:
            if role != "keep":
                (must if role == "must" else may).append(Span(length, length + len(piece)))
            parts.append(piece)
            length += len(piece)
    text = "".join(parts) + page.text[last:]
    return text, union(must), union(may)


def restored(injection: Injection, cuts: Sequence[Span]) -> bool:
    """Whether these cuts give the page back as it was.

    One blank or line break on either side of an injected stretch may go or stay, and so may the indentation of a line
    that it begins and what `may` names; every other character counts.
    """
    text = injection.text
    if without(text, cuts) == injection.clean:
        return True
    free = bytearray(len(text))
    for span in injection.may:
        free[span.start : span.end] = b"\1" * len(span)
    for span in union((*injection.spans, *injection.may)):
        for at in (span.start - 1, span.end):
            if 0 <= at < len(free) and text[at].isspace():
                free[at] = 1
        line = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
        if not text[line : span.start].strip(" \t"):
            free[line : span.start] = b"\1" * (span.start - line)
    wanted, got = bytearray(len(free)), bytearray(len(free))
    for mask, spans in ((wanted, injection.spans), (got, cuts)):
        for span in spans:
            mask[span.start : span.end] = b"\1" * len(span)
    return all(a == b or f for a, b, f in zip(wanted, got, free, strict=True))
