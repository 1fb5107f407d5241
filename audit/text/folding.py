"""Text as a matcher should read it: case, typography and disguise folded away, every offset kept.

What is folded: case; letters of another form (`𝐒𝐋𝐎𝐓`, `ＳＬＯＴ`, `ⓢⓛⓞⓣ`, `ꜱʟᴏᴛ`, ligatures); letters of another script
inside a word of mixed script; characters without a face (zero width, soft hyphen, bidi controls, tags); overlaid
strokes; blanks, quotes and dashes of every kind. Accents stay, composed: `é` is not `e`.

What was undone is reported as `Disguise`, for hiding words by Unicode is evidence. Honest uses are not reported: emoji
joined by ZWJ, joiners of Persian and Indic words, soft hyphens between syllables, line-break hints of Thai or long
addresses, bidi marks beside right-to-left text, Greek letters of genes and units, mathematical letters, IPA.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from audit.errors import OffsetError
from audit.text.span import Span, union

DisguiseKind = Literal[
    "zero-width", "soft-hyphen", "bidi", "tag", "styled", "small-capitals", "mixed-script", "overlay", "spaced",
    "leetspeak", "split",
]  # fmt: skip


class Disguise(msgspec.Struct, frozen=True, order=True, gc=False):
    """A word (or a run of invisible characters) that was written so as not to be read by a machine."""

    span: Span
    """In the source text."""
    kind: DisguiseKind
    reads: str
    """What it says once folded; of tag characters, the text they spell."""


class _Edit(msgspec.Struct, frozen=True, gc=False):
    """A place where the folded text is shorter or longer than its source."""

    start: int
    """In the folded text."""
    length: int
    source_start: int
    source_length: int


class Folded(msgspec.Struct, frozen=True, gc=False):
    """Folded text and its way back to the source."""

    text: str
    source_length: int
    edits: tuple[_Edit, ...] = ()
    """In order; between them both texts run in step."""
    disguises: tuple[Disguise, ...] = ()

    def to_source(self, span: Span) -> Span:
        """Return where a stretch of the folded text stands in the source.

        Characters that were folded away belong to the stretch when they stand inside it, not at its edges; a
        character that became several (`ﬁ`) is returned whole.

        Raises:
            OffsetError: The span is empty or leaves the folded text. Always a bug in the caller.
        """
        if not 0 <= span.start < span.end <= len(self.text):
            raise OffsetError(f"span {span.start}:{span.end} is empty or leaves a folded text of {len(self.text)}")
        if not self.edits:
            return span
        return Span(self._source(span.start)[0], self._source(span.end - 1)[1])

    def as_written(self, source: str) -> str:
        """Return the folded text with the source's own case; what was disguised or edited stays as it reads."""
        if not self.edits and not self.disguises:
            return source
        parts: list[str] = []
        at = end = 0
        for edit in self.edits:
            parts.append(_in_case(source[at : edit.source_start], self.text[end : edit.start]))
            parts.append(self.text[edit.start : edit.start + edit.length])
            at, end = edit.source_start + edit.source_length, edit.start + edit.length
        parts.append(_in_case(source[at:], self.text[end:]))
        return "".join(parts)

    def from_source(self, span: Span) -> Span:
        """Return the stretch of folded text that a stretch of the source became; may be empty.

        Raises:
            OffsetError: The span leaves the source text. Always a bug in the caller.
        """
        if not 0 <= span.start <= span.end <= self.source_length:
            raise OffsetError(f"span {span.start}:{span.end} leaves a text of {self.source_length}")
        if not self.edits:
            return span
        return Span(self._folded(span.start, up=False), self._folded(span.end, up=True))

    def _source(self, at: int) -> tuple[int, int]:
        """Return start and end, in the source, of the character that stands at `at`."""
        index = bisect_right(self.edits, at, key=_start) - 1
        if index < 0:
            return at, at + 1
        edit = self.edits[index]
        if at < edit.start + edit.length:
            return edit.source_start, edit.source_start + edit.source_length
        source = edit.source_start + edit.source_length + at - edit.start - edit.length
        return source, source + 1

    def _folded(self, at: int, *, up: bool) -> int:
        index = bisect_right(self.edits, at, key=_source_start) - 1
        if index < 0:
            return at
        edit = self.edits[index]
        if at < edit.source_start + edit.source_length:
            return edit.start + (edit.length if up and at > edit.source_start else 0)
        return edit.start + edit.length + at - edit.source_start - edit.source_length


def _in_case(source: str, folded: str) -> str:
    """Return what a stretch reads, letter by letter in the case of its source; both are of one length."""
    if source.isascii():
        return source

    def plain(match: re.Match[str]) -> str:
        read = zip(match[0], folded[match.start() : match.end()], strict=True)
        return "".join(b.upper() if a.isupper() and len(b.upper()) == 1 else b for a, b in read)

    return _BEYOND_ASCII.sub(plain, source)


_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")


class Change(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of folded text that reads as something else."""

    span: Span
    """In the folded text, not empty."""
    reads: str
    kind: DisguiseKind


def rewritten(folded: Folded, changes: Sequence[Change]) -> Folded:
    """Return the folded text with stretches of it read in another way, each reported as a disguise.

    Args:
        folded: The text.
        changes: Disjoint, in order; none reads as nothing, none begins inside of what one letter became.
    """
    parts: list[str] = []
    edits: list[_Edit] = []
    disguises = list(folded.disguises)
    old = deque(folded.edits)
    at = length = 0  # in the folded text, in the new one
    for change in (*changes, None):
        end = change.span.start if change is not None else len(folded.text)
        while old and (old[0].start < end or (old[0].start == end and not old[0].length)):
            edit = old.popleft()
            edits.append(_Edit(edit.start - at + length, edit.length, edit.source_start, edit.source_length))
        parts.append(folded.text[at:end])
        length += end - at
        if change is None:
            break
        source = folded.to_source(change.span)
        at = change.span.end
        while old and old[0].start < at:
            edit = old.popleft()
            at = max(at, edit.start + edit.length)  # a letter that became two goes whole
        edits.append(_Edit(length, len(change.reads), source.start, len(source)))
        disguises.append(Disguise(source, change.kind, change.reads))
        parts.append(change.reads)
        length += len(change.reads)
    return Folded("".join(parts), folded.source_length, tuple(edits), tuple(sorted(disguises)))


def fold(text: str) -> Folded:
    """Return the text as a matcher should read it, with its way back.

    Linear in the text. ASCII text is only put in lower case.
    """
    if text.isascii():
        return Folded(text.lower(), len(text))
    plain = _common(text)
    if _RARE.search(plain) is None:
        return Folded(plain.lower(), len(text))
    return _fold_rare(plain)


def readings_of_leetspeak(folded: str) -> tuple[str, ...]:
    """Return the text with digits and signs between letters read as letters (`sl0t`, `v1agra`), step for step.

    Args:
        folded: Folded text.

    Returns:
        Nothing where no word is written so; else one reading, or two where a 1 may be `i` or `l`. They are candidates:
        `cyp3a4` reads `cypea4`. Only a hit on a listed word that covers a changed character means anything.
    """
    if _LEET.search(folded) is None:
        return ()
    reading = _LEET.sub(_read_leet, folded)
    if "1" not in "".join(_LEET.findall(folded)):
        return (reading,)
    return reading, _LEET.sub(_read_leet_l, folded)


# --- the common case: typography ------------------------------------------------------------------------------------

_QUOTES_AND_DASHES = {
    "’": "'", "‘": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-", "\u00a0": " ", "\u202f": " ",
    "İ": "i", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n",
}  # fmt: skip
"""One for one. `İ` is here because it alone grows in lower case."""


def _common(text: str) -> str:
    """Return the text with plain quotes, dashes and blanks, of the same length."""
    for odd, plain in _QUOTES_AND_DASHES.items():
        if odd in text:
            text = text.replace(odd, plain)
    return text


# --- the rest ---------------------------------------------------------------------------------------------------------

_FACELESS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef"
)
_MARKS = "\u0300-\u036f\u20d0-\u20f0"
_FORMS = (
    "\u1680\u2000-\u200a\u205f\u3000\u00aa\u00ba\u1d00-\u1dbf\u0250-\u02af\u2100-\u214f\u249c-\u24e9\ua730-\ua731\ua7fa"
    "\ufb00-\ufb06\ufe50-\ufe6f\uff01-\uff9f\uffa1-\uffef\U0001d400-\U0001d7ff\U0001f100-\U0001f189"
)
_OTHER_SCRIPTS = "\u0370-\u03ff\u0400-\u052f"
_RARE = re.compile(f"[{_FACELESS}{_MARKS}{_FORMS}{_OTHER_SCRIPTS}\ud800-\udfff]")
_FORM = re.compile(f"[{_FORMS}\ud800-\udfff]")
_CHANGE = re.compile(
    f"(?P<gone>[{_FACELESS}]+)|(?P<base>[^\\W_])(?P<marks>[{_MARKS}]+)|(?P<mark>[{_MARKS}]+)|(?P<form>[{_FORMS}])"
)

_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_SHAPES = {"ɑ": "a", "ɡ": "g", "ɩ": "i", "\ufffd": "\ufffd", **_SMALL_CAPITALS}


class _Forms(dict[int, str]):
    """What each character of another form reads; worked out at first sight of it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF:
            plain = "\ufffd"  # half a surrogate pair: no engine below takes it
        elif char in _SHAPES:
            plain = _SHAPES[char]
        elif 0x1F150 <= code <= 0x1F189:  # white on black, in a circle or a square: Unicode gives them no plain form
            plain = chr(0x61 + (code - 0x1F150) % 32) if (code - 0x1F150) % 32 < 26 else char
        elif _FORM.match(char):
            plain = _common(unicodedata.normalize("NFKC", char))
            plain = plain if plain.isprintable() and not unicodedata.combining(plain[0]) else char
            if code in range(0x249C, 0x24B6) or code in range(0x1F110, 0x1F12A):
                plain = plain.strip("()")
        else:
            plain = char
        self[code] = plain
        return plain


_forms = _Forms()


def _fold_rare(source: str) -> Folded:
    """Return the fold of a text with any of the rarer things in it; `source` has plain typography."""
    parts: list[str] = []
    edits: list[_Edit] = []
    at = length = 0
    for match in _CHANGE.finditer(source):
        plain = _plain(match)
        start, end = match.span()
        parts.append(source[at:start])
        length += start - at
        if len(plain) != end - start:
            edits.append(_Edit(length, len(plain), start, end - start))
        parts.append(plain)
        length += len(plain)
        at = end
    parts.append(source[at:])
    text = "".join(parts)
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    shallow = Folded(text, len(source), tuple(edits))
    text, mixed = _one_script(text)
    disguises = (
        *_faceless(source), *_styled(source), *_overlaid(source),
        *(Disguise(shallow.to_source(span), "mixed-script", reads) for span, reads in mixed),
    )  # fmt: skip
    return Folded(text.lower(), len(source), tuple(edits), tuple(sorted(disguises)))


_SURROGATE = re.compile("[\ud800-\udfff]")


def _plain(match: re.Match[str]) -> str:
    """Return what a changed stretch reads."""
    if match["gone"]:
        return ""
    if match["form"]:
        return _forms[ord(match["form"])].replace("İ", "i")
    if match["mark"]:
        return "" if _OVERLAY.match(match["mark"]) else match["mark"]
    base, marks = match["base"], _OVERLAY.sub("", match["marks"])
    if _FORM.match(base):
        base = _forms[ord(base)]
    composed = unicodedata.normalize("NFC", base + marks).replace("İ", "i")
    return composed if len(marks) <= _MOST_MARKS else base


_MOST_MARKS = 2
"""Vietnamese puts two on a letter; more is a text made to look broken."""
_OVERLAY = re.compile("[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e2-\u20e6\u20ea\u20eb]+")


# --- one script a word ----------------------------------------------------------------------------------------------

_CYRILLIC_AS_LATIN = dict(
    zip("аеорсухіјѕһԁԛԝѵӏАВЕКМНОРСТУХІЈЅҺԚԜѴ", "aeopcyxijshdqwvlABEKMHOPCTYXIJSHQWV", strict=True)
)
_GREEK_AS_LATIN = dict(zip("ονϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ovcjABEZHIKMNOPTYXC", strict=True))
"""The same to the eye."""
_GREEK_NEARLY_LATIN = dict(zip("αγικρτυωχη", "ayikptuwxn", strict=True))
"""Much the same; also the Greek letters that names of genes and units end with."""
_LATIN_AS_CYRILLIC = dict(zip("aeopcyxABEKMHOPCTYX", "аеорсухАВЕКМНОРСТУХ", strict=True))
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_CYRILLIC = re.compile("[Ѐ-ԯ]")
_GREEK = re.compile("[Ͱ-Ͽ]")
_WORD_OF_LETTERS = re.compile(r"[^\W_]+")
_TO_LATIN = str.maketrans(_CYRILLIC_AS_LATIN | _GREEK_AS_LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN_AS_CYRILLIC)


def _one_script(text: str) -> tuple[str, list[tuple[Span, str]]]:
    """Return the text with look-alikes put right, of the same length, and the words that were of two scripts."""
    if _CYRILLIC.search(text) is None and _GREEK.search(text) is None:
        return text, []
    words: list[tuple[Span, str]] = []
    parts: list[str] = []
    at = 0
    for match in _WORD_OF_LETTERS.finditer(text):
        word = match[0]
        if word.isascii() or _LATIN.search(word) is None:
            continue
        plain, disguised = _one_script_word(word)
        if plain == word:
            continue
        parts += (text[at : match.start()], plain)
        at = match.end()
        if disguised:
            words.append((Span(*match.span()), plain.lower()))
    parts.append(text[at:])
    return "".join(parts), words


def _one_script_word(word: str) -> tuple[str, bool]:
    """Return a word of mixed script in one script where it can be read so, and whether that is a disguise."""
    if _CYRILLIC.search(word):
        latin = word.translate(_TO_LATIN)
        if _CYRILLIC.search(latin) is None:
            return latin, len(word) > 2
        cyrillic = word.translate(_TO_CYRILLIC)
        return (cyrillic, len(word) > 2) if _LATIN.search(cyrillic) is None else (word, False)
    if _GREEK.search(word) is None:
        return word, False
    return _greek_in_latin(word)


def _greek_in_latin(word: str) -> tuple[str, bool]:
    """Read Greek letters as Latin ones where their neighbours say so: never in `TNFα`, `αvβ3`, `kΩ`, `μm`."""
    letters = list(word)
    changed = certain = 0
    for index, char in enumerate(word):
        if not _GREEK.match(char):
            continue
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        if char in _GREEK_AS_LATIN:
            letters[index] = _GREEK_AS_LATIN[char]
            certain += 1
        elif char in _GREEK_NEARLY_LATIN and before.islower() and after.islower() and len(word) > 3:
            letters[index] = _GREEK_NEARLY_LATIN[char]
        else:
            return word, False
        changed += 1
    plain = "".join(letters)
    return plain, bool(changed) and len(word) > 3


# --- what was hidden ----------------------------------------------------------------------------------------------

_GONE = re.compile(f"[{_FACELESS}]+")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_OVERRIDE = re.compile("[\u202d\u202e]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN_TEXT = re.compile("[0-9A-Za-zÀ-ɏ]")
_WORD_AND_GONE = re.compile(f"(?:[^\\W_]|[{_FACELESS}])+")
"""Every word, with what is hidden in it: a run taken whole, so that a long word costs no more than its length."""
_BLACK_FLAG = "\U0001f3f4"
_LEAST_STYLED = 3
_EAST_ASIAN = re.compile("[\u2e80-\u2fff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_STYLED_RUN = re.compile(
    "(?P<wide>[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{3,})"
    "|(?P<shaped>[\u24b6-\u24e9\u249c-\u24b5\u2102-\u2134\U0001d400-\U0001d7ff\U0001f110-\U0001f189]{3,})"
    f"|(?P<small>[{''.join(_SMALL_CAPITALS)}xsq0-9]{{3,}})"
)


def _faceless(source: str) -> list[Disguise]:
    """Return the words that invisible characters break up, and the runs that hide text of their own."""
    if _GONE.search(source) is None:
        return []
    found: list[Disguise] = []
    for match in _TAGS.finditer(source):
        if source[match.start() - 1 : match.start()] != _BLACK_FLAG:
            reads = "".join(chr(ord(char) - 0xE0000) for char in match[0])
            found.append(Disguise(Span(*match.span()), "tag", reads))
    if _RIGHT_TO_LEFT.search(source) is None:
        found += (Disguise(Span(*match.span()), "bidi", "") for match in _OVERRIDE.finditer(source))
    for match in _WORD_AND_GONE.finditer(source):
        kind = _kind_of_broken_word(match[0]) if _GONE.search(match[0]) else None
        if kind:
            found.append(Disguise(Span(*match.span()), kind, _GONE.sub("", match[0]).lower()))
    return found


def _kind_of_broken_word(word: str) -> DisguiseKind | None:
    """Say how a word is broken up by invisible characters between Latin letters; nothing for an honest word."""
    pieces = _GONE.split(word)
    kinds: set[DisguiseKind] = set()
    at = 0
    for left, right in pairwise(pieces):
        at += len(left)
        gone = _GONE.match(word, at)
        if gone is None:
            break
        at = gone.end()
        if not (left and right and _LATIN_TEXT.match(left[-1]) and _LATIN_TEXT.match(right[0])):
            continue
        if _TAGS.search(gone[0]):
            continue
        if set(gone[0]) == {"\u00ad"}:
            kinds.add("soft-hyphen")
        else:
            kinds.add("bidi" if _BIDI.search(gone[0]) else "zero-width")
    if kinds == {"soft-hyphen"} and all(len(piece) > 1 and piece.isalpha() for piece in pieces):
        return None  # between syllables, as typesetters put them
    return next((kind for kind in ("zero-width", "bidi", "soft-hyphen") if kind in kinds), None)


_SHAPED = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\u249c-\u24b5\u2102-\u2134\U0001d400-\U0001d7ff"
    f"\U0001f110-\U0001f189{''.join(_SMALL_CAPITALS)}]"
)
"""One letter of another form; no run is without."""


def _styled(source: str) -> list[Disguise]:
    """Return the runs of letters in another form; full width is honest beside East Asian text."""
    if _SHAPED.search(source) is None:
        return []
    found: list[Disguise] = []
    asian: bool | None = None
    for match in _STYLED_RUN.finditer(source):
        if match["small"]:
            capitals = [char for char in match["small"] if char in _SMALL_CAPITALS]
            if len(set(capitals)) < 2 or not _stands_alone(source, match):
                continue
            kind: DisguiseKind = "small-capitals"
        else:
            if match["wide"]:
                asian = bool(_EAST_ASIAN.search(source)) if asian is None else asian
                if asian:
                    continue
            kind = "styled"
        reads = "".join(_forms[ord(char)] for char in match[0]).lower()
        found.append(Disguise(Span(*match.span()), kind, reads))
    return found


def _stands_alone(source: str, match: re.Match[str]) -> bool:
    """Whether no letter stands on either side: IPA mixes these letters with others (`sɪlˈdɛnəfɪl`)."""
    before, after = source[match.start() - 1 : match.start()], source[match.end() : match.end() + 1]
    return not (before.isalpha() or after.isalpha())


_MARK = re.compile(f"[{_MARKS}]")
_STRUCK = re.compile(
    "[^\\W_](?:[\u0334-\u0338\u20d2\u20d3\u20e5]+[^\\W_]?)+|(?:[A-Za-z][\u0300-\u036f]{3,}){2,}[A-Za-z]?"
)


def _overlaid(source: str) -> list[Disguise]:
    """Return the words with strokes through their letters, or heaps of marks on them."""
    if _MARK.search(source) is None:
        return []
    found: list[Disguise] = []
    for match in _STRUCK.finditer(source):
        reads = _MARK.sub("", match[0]).lower()
        if len(reads) >= _LEAST_STYLED:
            found.append(Disguise(Span(*match.span()), "overlay", reads))
    return found


# --- leetspeak ----------------------------------------------------------------------------------------------------

_LEET = re.compile(
    r"[0-9@$](?:(?<=[a-z].)[0-9@$]?(?=[a-z])|(?<![0-9a-z].)(?<=[@$01345])(?=[a-z]{2})|(?<=[a-z]{3}[0@$])(?![0-9a-z.]))"
)
_LEET_I = str.maketrans("013456789@$", "oieasbtbgas")
_LEET_L = str.maketrans("013456789@$", "oleasbtbgas")


def _read_leet(match: re.Match[str]) -> str:
    return match[0].translate(_LEET_I)


def _read_leet_l(match: re.Match[str]) -> str:
    return match[0].translate(_LEET_L)


def _start(edit: _Edit) -> int:
    return edit.start


def _source_start(edit: _Edit) -> int:
    return edit.source_start


def covering(folded: Folded, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return where several stretches of folded text stand in the source, joined where they meet."""
    return union(folded.to_source(span) for span in spans)
