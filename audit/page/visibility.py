"""Whether a reader sees an element, and why not: inline style, `<style>` rules, attributes, broken CSS.

What hides is told apart from who hides honestly (accordions, tabs, text for screen readers): both are data for the
judge, nothing is decided here. Scanners are linear; no style sheet can make them slow.

Source: Google's spam policies, "Hidden text and link abuse", for what counts as hiding and what is exempt.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeVar

from audit.page.limits import LONGEST_STYLE
from audit.text.span import Span

By = Literal["inline", "style", "attribute", "tag", "intent"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LENGTH = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(px|em|rem|%|vw|vh|pt|ex|ch)?")
_PIXELS = {"em": 16.0, "rem": 16.0, "pt": 4 / 3, "vw": 12.0, "vh": 8.0, "%": 10.0, "ex": 8.0, "ch": 8.0}
_FAR = -400.0
"""Pixels: nearer than this an element may still be partly in view or slide in."""
_UNSEEN = 6
"""Steps of 256 in each channel, as in `#fafafa` on white."""
_TINY = 1.0
"""Pixels: the largest size that no one can read."""

_HIDING_VALUES = {
    "display": {"none"},
    "visibility": {"hidden", "collapse"},
    "content-visibility": {"hidden"},
}
_HIDING_FORMS = {
    "transform": re.compile(r"scale\(\s*+0(?:\.0+)?\s*+\)|translate[xy]?\(\s*+-\d{4,}"),
    "font": re.compile(r"0(?:px)?(?:/|\s)"),
    "filter": re.compile(r"opacity\(\s*+0?\.?0*+%?\s*+\)"),
}
_SIDES = ("margin-left", "margin-top", "margin")
_OFFSETS = ("left", "top", "right", "bottom", "inset")
"""These move only what is positioned."""
_BROKEN = re.compile(
    r"(?:left|top|right|text-indent|margin-left|margin-top)\s*+:?\s*+-\s*+(?:[4-9]\d\d|\d{4})\d*+(?:px|em|%)?"
    r"|display\s*+[:=]?\s*+none"
    r"|visibility\s*+[:=]?\s*+hidden"
)
_HIDES = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+[hc]|opacity\s*+:\s*+0?\.?0|font(?:-size)?\s*+:\s*+0?\.?[01]|text-indent\s*+:\s*+-"
    r"|left\s*+:\s*+-|top\s*+:\s*+-|right\s*+:\s*+-|bottom\s*+:\s*+-|clip|transform\s*+:\s*+[st]|overflow(?:-[xy])?\s*+:\s*+[hc]"
    r"|transparent|rgba\(|margin\s*+:\s*+-|inset\s*+:\s*+-|content-visibility|filter\s*+:"
)
"""A cheap look before the declarations are read."""
_SHOWS = re.compile(
    r"(?<![-\w])(display|visibility|opacity|left|top|right|bottom|text-indent|height|max-height|font-size|clip|transform)\s*+:"
    r"(?!\s*+(?:none|hidden|collapse|0\s*+(?:[;}!]|\Z)|-\d))"
)
_NEVER = frozenset({"html", "body", "head", "style", "script", "title", "noscript", "template"})
_LAST_PART = re.compile(r"([\w.#-]++)(?:::?[\w-]++(?:\([^()]*\))?)*$")
_LAST = 1 << 60
"""Order of a rule that counts on some screens: it shows, whatever comes later."""
_MOST_ALIKE = 100
"""Rules that are kept of those whose selectors end alike, so that no style sheet makes a page slow."""
_MOST_CLASSES = 50
_T = TypeVar("_T")
_RULE = re.compile(r"\{([^{}]*+)\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9-]*)?(?:[.#][A-Za-z_-][\w-]*)+|[a-z][a-z0-9-]*", re.ASCII)
_ANY_PART = re.compile(r"[.#]?[\w-]+")
_PART = re.compile(r"([.#]?)([\w-]+)")
_NARROW_MEDIA = re.compile(r"max-|min-|width|height|orientation|hover|pointer|prefers|aspect|resolution|not")
_AT = re.compile(r"([^{};]*+)([{};])")
_MOST_LEVELS = 32
_CHANNEL = r"(\d{1,4}(?:\.\d*)?%?)"
_NEXT = r"(?:\s*+,\s*+|\s++)"
_OPAQUE = r"\s*+(?:[,/]\s*+(?:1(?:\.0*)?|100%)\s*+)?"

_EXEMPT = (
    (
        "screen reader",
        re.compile(r"sr-?only|visually-?hidden|screen-?reader|assistive|a11y|offscreen-text|show-for-sr"),
    ),
    ("skip link", re.compile(r"\bskip")),
    ("image replacement", re.compile(r"\blogo|image-?replace|text-?replace|\bir\b")),
    ("cookie banner", re.compile(r"cookie|consent|gdpr|onetrust|ccpa")),
    ("accordion", re.compile(r"accordion|collaps|toggle|faq|expand|read-?more|show-?more|spoiler|disclosure")),
    ("tab", re.compile(r"\btab(?:s|panel|-?pane|-?content|bed)?\b|tabpanel|tab-")),
    ("slider", re.compile(r"slide|slick|carousel|swiper|owl-|flex-?viewport")),
    ("tooltip", re.compile(r"tool-?tip|popover|hovercard")),
    ("modal", re.compile(r"modal|pop-?up|dialog|lightbox|overlay|off-?canvas|drawer|toast|alert")),
    ("menu", re.compile(r"menu|\bnav|dropdown|drop-down|search")),
)


_NAMED_COLOURS = {
    "white": "#ffffff", "black": "#000000", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "yellow": "#ffff00", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "navy": "#000080",
    "maroon": "#800000", "purple": "#800080", "teal": "#008080", "lime": "#00ff00", "aqua": "#00ffff",
    "fuchsia": "#ff00ff", "olive": "#808000", "orange": "#ffa500", "whitesmoke": "#f5f5f5", "snow": "#fffafa",
    "ivory": "#fffff0", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hidden:
    """A way of hiding, and the stretch of the `<style>` element that does it, if one does."""

    reason: str
    by: By
    rule: Span | None = None


def declarations(style: str) -> dict[str, str]:
    """Return the properties of a style attribute or rule body, lower case.

    Of a name given twice the last one counts, an important one before all others.
    """
    found: dict[str, str] = {}
    important: dict[str, str] = {}
    for part in _COMMENT.sub(" ", style).lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            value, mark, _ = value.partition("!")
            (important if mark else found)[name.strip()] = value.strip()
    return {**found, **important} if important else found


def hides(properties: Mapping[str, str]) -> str | None:  # noqa: PLR0911 -- the list of techniques, one line each
    """Return the declaration that keeps an element's text from a reader, as it stands, or `None`."""
    get = properties.get
    for name, hiding in _HIDING_VALUES.items():
        if get(name) in hiding:
            return f"{name}:{get(name)}"
    if (opacity := _number(get("opacity"))) is not None and opacity <= 0.05:
        return f"opacity:{get('opacity')}"
    if (size := _pixels(get("font-size"))) is not None and size <= _TINY:
        return f"font-size:{get('font-size')}"
    if (indent := _pixels(get("text-indent"))) is not None and indent <= _FAR:
        return f"text-indent:{get('text-indent')}"
    positioned = get("position") in {"absolute", "fixed", "relative"}
    for side in (*_SIDES, *_OFFSETS) if positioned else _SIDES:
        # of `margin: -9999px 0 0 0` and `inset`, the first length is the top one
        if (far := _pixels((get(side) or "").partition(" ")[0])) is not None and far <= _FAR:
            return f"{side}:{get(side)}"
    clip = (get("clip") or "") + (get("clip-path") or "")
    if re.match(r"rect\(\s*[01](?:px)?\b|inset\(\s*(?:50|100)%|circle\(\s*0", clip):
        return "clip"
    if (get("overflow") or get("overflow-y") or "") in {"hidden", "clip"}:
        for side in ("height", "width", "max-height", "max-width", "line-height"):
            if (small := _pixels(get(side))) is not None and small <= _TINY:
                return f"{side}:{get(side)};overflow:hidden"
    text = get("color") or ""
    if text == "transparent" or re.match(r"(?:rgba|hsla)\([^()]{0,40},\s*0?\.?0+%?\s*\)", text):
        return f"color:{text}"
    return next((f"{name}:{get(name)}" for name, way in _HIDING_FORMS.items() if way.match(get(name) or "")), None)


def ground_of(properties: Mapping[str, str]) -> str:
    """Return the declared background colour in one spelling; empty for none, `picture` where a picture lies under."""
    value = properties.get("background") or ""
    if "url(" in value or "gradient" in value or "url(" in (properties.get("background-image") or ""):
        return "picture"
    return colour(properties.get("background-color")) or colour(value)


def intent(style: str) -> str | None:
    """Return what a style attribute meant to hide with, where a browser cannot read it.

    `position: absolute top: 0px left: -8000px;` lacks its semicolons; `left -8000px` its colon.
    """
    for part in style.lower().split(";"):
        if part.count(":") != 1 and "(" not in part and (broken := _BROKEN.search(part)):
            return broken.group()
    return None


def colour(value: str | None) -> str:
    """Return a colour in one spelling (`#ffffff`), or the value as it is; empty for none and for inherited ones."""
    if not value:
        return ""
    value = value.split()[0] if "(" not in value else value.partition(")")[0] + ")"
    if value in {"inherit", "initial", "unset", "transparent", "currentcolor", "none"}:
        return ""
    if value in _NAMED_COLOURS:
        return _NAMED_COLOURS[value]
    if digits := re.fullmatch(r"#(?:([0-9a-f]{3})f?|([0-9a-f]{6})(?:ff)?)", value):
        return f"#{digits.group(2) or ''.join(c + c for c in digits.group(1))}"
    return _of_channels(value) if "(" in value else value


def _of_channels(value: str) -> str:
    """Return an opaque `rgb()` or `hsl()` colour as `#ffffff`, another one as it is."""
    if channels := re.fullmatch(rf"rgba?\(\s*{_CHANNEL}{_NEXT}{_CHANNEL}{_NEXT}{_CHANNEL}{_OPAQUE}\)", value):
        return "#" + "".join(f"{_of_256(channel):02x}" for channel in channels.groups())
    if parts := re.fullmatch(rf"hsla?\(\s*{_CHANNEL}(?:deg)?{_NEXT}{_CHANNEL}{_NEXT}{_CHANNEL}{_OPAQUE}\)", value):
        hue, saturation, lightness = (float(part.rstrip("%")) for part in parts.groups())
        rgb = colorsys.hls_to_rgb(hue / 360 % 1, min(lightness, 100) / 100, min(saturation, 100) / 100)
        return "#" + "".join(f"{round(255 * channel):02x}" for channel in rgb)
    return value


def _of_256(channel: str) -> int:
    number = float(channel.rstrip("%"))
    return min(255, round(number * 2.55) if channel.endswith("%") else round(number))


def alike(text: str, ground: str) -> bool:
    """Whether text of one colour cannot be told from its ground; both in the spelling of `colour`."""
    if text == ground:
        return text != "picture" and bool(text)
    if len(text) != 7 or len(ground) != 7 or text[0] != "#" or ground[0] != "#":
        return False
    try:
        return all(abs(int(text[at : at + 2], 16) - int(ground[at : at + 2], 16)) <= _UNSEEN for at in (1, 3, 5))
    except ValueError:  # `#gggggg` is no colour
        return False


class _Chain(NamedTuple):
    """A selector of several steps (`.a .b`, `#c > p`): what the element itself must have, and what is round it."""

    own: frozenset[str]
    above: tuple[tuple[str, frozenset[str]], ...]
    """From the inside out: `>` for the parent or a blank for any ancestor, and what that must have."""
    parts: int
    """Classes, ids and tags in all; what weighs in the cascade, roughly."""


_STEP = re.compile(r"(\s*>\s*|\s+|\A)((?:[a-z][a-z0-9-]*)?(?:[.#][A-Za-z_-][\w-]*)*)", re.ASCII)
_MOST_STEPS = 6
_HIGHEST = 64
"""Ancestors that are asked."""


def _chain(selector: str) -> _Chain | None:
    """Return the steps of a selector of elements, classes and ids with blanks or `>` between; `None` for any other."""
    steps: list[tuple[str, frozenset[str]]] = []
    at = 0
    while at < len(selector) and len(steps) < _MOST_STEPS:
        step = _STEP.match(selector, at)
        if step is None or not step.group(2):
            return None
        parts = frozenset(mark + name for mark, name in _PART.findall(step.group(2)))
        steps.append((step.group(1).strip() or " ", parts))
        at = step.end()
    if at < len(selector) or len(steps) < 2 or not steps[-1][1].isdisjoint(_NEVER):
        return None
    steps.reverse()
    above = tuple((joint, parts) for (joint, _), (_, parts) in pairwise(steps))
    return _Chain(steps[0][1], above, sum(len(parts) for _, parts in steps))


def _is_under(above: tuple[tuple[str, frozenset[str]], ...], ancestors: Sequence[frozenset[str]]) -> bool:
    """Whether these ancestors, from the inside out, are what a selector asks for."""
    starts: Collection[int] = (0,)
    """Where the next step may be met; all at once, for trying one after the other takes time without end."""
    for joint, wanted in above:
        if not starts:
            return False
        near = starts if joint == ">" else range(min(starts), len(ancestors))
        starts = [at + 1 for at in near if at < len(ancestors) and wanted <= ancestors[at]]
    return bool(starts)


class StyleRules:
    """The rules of a page's `<style>` elements that hide, by selector (`p`, `.a`, `#b`, `p.a.b`, `.a .b`, `#c > p`).

    What a script hides once and for all by id or class (`hidden_by_scripts`) counts as such a rule.

    A rule that shows what another hides takes it back, where it is as narrow and later, or narrower; so does one that
    is meant for some screens only. One with a longer selector (`li:hover ul`, `.open .panel`) shows that the page
    opens what it hides.
    """

    __slots__ = ("_deep", "_hiding", "_opened", "_seen", "_showing")

    def __init__(
        self, source: str, sheets: Sequence[tuple[int, int]], scripted: Mapping[str, str] | None = None
    ) -> None:
        self._deep: dict[str, list[tuple[_Chain, int, Hidden]]] = {}
        self._hiding: dict[str, list[tuple[frozenset[str], int, Hidden]]] = {}
        self._showing: dict[str, list[tuple[frozenset[str], int, str]]] = {}
        self._opened: dict[str, str] = {}
        self._seen: dict[tuple[str, str, str], Hidden | None] = {}
        budget = LONGEST_STYLE
        rules: list[tuple[str, str, bool]] = []
        for start, end in sheets:
            sheet = source[start : min(end, start + budget)]
            budget -= len(sheet)
            for selectors, body, span, everywhere in _rules_of(sheet):
                if everywhere and (_HIDES.search(body) or ("color:" in body and "background" in body)):
                    hidden = _hidden_by(declarations(body), Span(start + span[0], start + span[1]))
                    if hidden:
                        self._hide(selectors, len(rules), hidden)
                rules.append((selectors, body, everywhere))
        for selector, reason in (scripted or {}).items():
            _add(self._hiding, selector, _LAST + 1, Hidden(reason, "style"))
        if self:
            known = self._hiding.keys() | self._deep.keys()
            for order, (selectors, body, everywhere) in enumerate(rules):
                if not known.isdisjoint(_ANY_PART.findall(selectors)) and _SHOWS.search(body):
                    self._show(selectors, order, body, everywhere=everywhere)

    def __bool__(self) -> bool:
        return bool(self._hiding) or bool(self._deep)

    def find(
        self, tag: str, classes: str, identifier: str, above: Callable[[], Sequence[frozenset[str]]] | None = None
    ) -> Hidden | None:
        """Return what hides an element of this tag, class attribute and id.

        Args:
            tag: In lower case.
            classes: As the attribute says.
            identifier: Its id, or nothing.
            above: Gives the names (`names_of`) of its ancestors, from the inside out; asked where a rule wants it.
        """
        key = tag, classes, identifier
        if key not in self._seen:
            self._seen[key] = self._find(tag, classes.split(), identifier)
        found = self._seen[key]
        return found if found or above is None or not self._deep else self._find_deep(*key, above)

    def may_hide(self, tag: str, classes: str, identifier: str) -> bool:
        """Whether a rule hides such an element, here or somewhere."""
        if self.find(tag, classes, identifier):
            return True
        own = names_of(tag, classes, identifier) if self._deep else frozenset[str]()
        return any(chain.own <= own for name in own for chain, _, _ in self._deep.get(name, ()))

    def opened(self, tag: str, classes: str, identifier: str) -> str | None:
        """Return the honest reason to hide that the style sheet tells of, if it opens such an element."""
        names = (f"#{identifier}", *(f".{name}" for name in classes.split()), tag)
        return next((self._opened[name] for name in names if name in self._opened), None)

    def _find(self, tag: str, classes: Sequence[str], identifier: str) -> Hidden | None:
        keys = [f".{name}" for name in dict.fromkeys(classes[:_MOST_CLASSES])]
        if identifier:
            keys.append(f"#{identifier}")
        keys.append(tag)
        own = frozenset(keys)
        for key in keys:
            for parts, order, hidden in self._hiding.get(key, ()):
                if parts <= own and not self._shown(keys, own, len(parts), order, hidden.reason):
                    return hidden
        return None

    def _find_deep(
        self, tag: str, classes: str, identifier: str, above: Callable[[], Sequence[frozenset[str]]]
    ) -> Hidden | None:
        own = names_of(tag, classes, identifier)
        ancestors: Sequence[frozenset[str]] | None = None
        for name in sorted(own):
            for chain, order, hidden in self._deep.get(name, ()):
                if not chain.own <= own:
                    continue
                ancestors = above()[:_HIGHEST] if ancestors is None else ancestors
                if _is_under(chain.above, ancestors) and not self._shown(
                    sorted(own), own, chain.parts, order, hidden.reason
                ):
                    return hidden
        return None

    def _shown(self, keys: Sequence[str], own: frozenset[str], parts: int, order: int, reason: str) -> bool:
        what = reason.partition(":")[0]
        return any(
            other <= own and name == what and (len(other), at) > (parts, order)
            for key in keys
            for other, at, name in self._showing.get(key, ())
        )

    def _hide(self, selectors: str, order: int, hidden: Hidden) -> None:
        for selector in selectors.split(","):
            simple = selector.strip()
            if _SIMPLE.fullmatch(simple):
                if simple not in _NEVER:
                    _add(self._hiding, simple, order, hidden)
            elif chain := _chain(simple):
                same = self._deep.setdefault(min(chain.own), [])
                if len(same) < _MOST_ALIKE:
                    same.append((chain, order, hidden))

    def _show(self, selectors: str, order: int, body: str, *, everywhere: bool) -> None:
        shown = [match.group(1) for match in _SHOWS.finditer(body)]
        for selector in selectors.split(","):
            simple = selector.strip()
            if _SIMPLE.fullmatch(simple):
                for name in shown:
                    _add(self._showing, simple, order if everywhere else _LAST, name)
            elif last := _LAST_PART.search(simple):
                why = "menu" if ":hover" in simple or ":focus" in simple else "accordion"
                for name in last.group(1).replace(".", " .").replace("#", " #").split()[-4:]:
                    if name[0] in ".#" or why == "menu":
                        self._opened.setdefault(name, why)


def names_of(tag: str, classes: str, identifier: str) -> frozenset[str]:
    """Return what selectors can know an element by: its tag, `.class` and `#id`."""
    names = {tag, *(f".{name}" for name in classes.split()[:_MOST_CLASSES])}
    return frozenset(names | {f"#{identifier}"}) if identifier else frozenset(names)


_SCRIPTED = re.compile(
    r"(?P<by>getElementById|querySelector(?:All)?|\$|jQuery)\(\s*+[\"'](?P<name>[#.]?[\w-]++)[\"']\s*+\)(?:\[0\])?"
    r"(?:\.style\.(?P<property>[a-zA-Z]++)\s*+=\s*+[\"'](?P<value>[^\"']*+)[\"']|\.(?P<call>hide|show|toggle|fade\w++|slide\w++)\()"
)
_SCRIPT_SIGNS = (".style.", ".hide(")


def hidden_by_scripts(source: str) -> dict[str, str]:
    """Return the ids and classes (`#a`, `.b`) that scripts of a page hide and never show, each with what does it."""
    if not any(sign in source for sign in _SCRIPT_SIGNS):
        return {}
    hidden: dict[str, str] = {}
    shown: set[str] = set()
    for match in _SCRIPTED.finditer(source):
        name = f"#{match['name']}" if match["by"] == "getElementById" else match["name"]
        if name[0] not in "#.":
            continue
        what = (match["property"] or "").lower(), (match["value"] or "").strip().lower()
        reason = "hide()" if match["call"] == "hide" else hides({what[0]: what[1], "position": "absolute"})
        if reason:
            hidden.setdefault(name, f"{reason} by script")
        elif match["call"] or what[0] in {"display", "visibility", "opacity", "left", "top"}:
            shown.add(name)
    return {name: reason for name, reason in hidden.items() if name not in shown}


def _add(rules: dict[str, list[tuple[frozenset[str], int, _T]]], selector: str, order: int, what: _T) -> None:
    parts = [mark + name for mark, name in _PART.findall(selector)]
    same = rules.setdefault(parts[-1], [])
    if len(same) < _MOST_ALIKE:
        same.append((frozenset(parts), order, what))


def _hidden_by(properties: Mapping[str, str], rule: Span) -> Hidden | None:
    reason = hides(properties)
    if reason is None:
        text, ground = colour(properties.get("color")), ground_of(properties)
        reason = "same colour" if alike(text, ground) else None
    return Hidden(reason, "style", rule) if reason else None


def exemption(words: str) -> str | None:
    """Return the honest reason to hide that the names of an element and its ancestors tell, or `None`."""
    for name, pattern in _EXEMPT:
        if pattern.search(words):
            return name
    return None


def _rules_of(sheet: str) -> Iterator[tuple[str, str, tuple[int, int], bool]]:
    """Yield selectors, body and place of each rule, and whether it counts on every screen; print rules are left out."""
    if "/*" in sheet:
        sheet = _COMMENT.sub(lambda comment: " " * len(comment.group()), sheet)
    length = len(sheet)
    if sheet.rfind("{") > sheet.rfind("}"):  # a rule that the end of the sheet closes
        sheet += "}"
    levels: list[str] = []  # of the at-rules that are open: "" counts everywhere, "some" on some screens, "no" nowhere
    at = 0
    for rule in _RULE.finditer(sheet):
        start = at
        gap = sheet[at : rule.start()]
        if "{" in gap or "}" in gap or ";" in gap:
            for piece in _AT.finditer(gap):
                if piece.group(2) == "{":
                    if len(levels) < _MOST_LEVELS:
                        levels.append(_level(piece.group(1).strip().lower()))
                elif piece.group(2) == "}" and levels:
                    levels.pop()
                start = at + piece.end()
        at = rule.end()
        selectors = sheet[start : rule.start()]
        if "no" in levels or "@" in selectors:
            continue
        lead = len(selectors) - len(selectors.lstrip())
        yield selectors.strip(), rule.group(1).lower(), (start + lead, min(at, length)), not levels or not any(levels)


def for_all_screens(media: str) -> bool:
    """Whether a style sheet with this `media` attribute counts on every screen."""
    return not media or not _level("@media " + media.strip().lower())


def _level(prelude: str) -> str:
    if prelude.startswith(("@supports", "@layer", "@container")):
        return ""
    if not prelude.startswith("@media") or "print" in prelude or "speech" in prelude:
        return "no"
    return "some" if _NARROW_MEDIA.search(prelude) else ""


def _pixels(value: str | None) -> float | None:
    if not value:
        return None
    length = _LENGTH.fullmatch(value)
    return float(length.group(1)) * _PIXELS.get(length.group(2) or "px", 1.0) if length else None


def _number(value: str | None) -> float | None:
    length = _LENGTH.fullmatch(value) if value else None
    if length is None:
        return None
    return float(length.group(1)) / (100 if length.group(2) == "%" else 1)
