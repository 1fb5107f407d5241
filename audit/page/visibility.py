"""Whether a reader sees an element, and why not: inline style, `<style>` rules, attributes, broken CSS.

What hides is told apart from who hides honestly (accordions, tabs, text for screen readers): both are data for the
judge, nothing is decided here. Scanners are linear; no style sheet can make them slow.

Source: Google's spam policies, "Hidden text and link abuse", for what counts as hiding and what is exempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audit.page.limits import LONGEST_STYLE
from audit.text.span import Span

By = Literal["inline", "style", "attribute", "tag", "intent"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LENGTH = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(px|em|rem|%|vw|vh|pt|ex|ch)?")
_PIXELS = {"em": 16.0, "rem": 16.0, "pt": 4 / 3, "vw": 12.0, "vh": 8.0, "%": 10.0, "ex": 8.0, "ch": 8.0}
_FAR = -400.0
"""Pixels: nearer than this an element may still be partly in view or slide in."""
_TINY = 1.0
"""Pixels: the largest size that no one can read."""

_BROKEN = re.compile(
    r"(?:left|top|right|text-indent|margin-left|margin-top)\s*:?\s*-\s*\d{3,}|display\s*[:=]?\s*none|visibility\s*[:=]?\s*hidden"
)
_CAN_HIDE = re.compile(
    r"display|visibility|opacity|font-size|text-indent|left|top|right|bottom|clip|overflow|color|transform|margin"
)
_RULE = re.compile(r"\{([^{}]*+)\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9-]*)?(?:[.#][A-Za-z_-][\w-]*)+|[a-z][a-z0-9-]*", re.ASCII)
_PART = re.compile(r"([.#]?)([\w-]+)")
_NARROW_MEDIA = re.compile(r"print|max-|min-|width|height|orientation|speech|hover|pointer|prefers")

_EXEMPT = (
    (
        "screen reader",
        re.compile(r"sr-?only|visually-?hidden|screen-?reader|assistive|a11y|offscreen-text|show-for-sr"),
    ),
    ("skip link", re.compile(r"\bskip")),
    ("cookie banner", re.compile(r"cookie|consent|gdpr|onetrust|ccpa")),
    ("accordion", re.compile(r"accordion|collaps|toggle|faq|expand|read-?more|show-?more|spoiler|disclosure")),
    ("tab", re.compile(r"\btab(?:s|panel|-?pane|-?content|bed)?\b|tabpanel|tab-")),
    ("slider", re.compile(r"slide|slick|carousel|swiper|owl-|flex-?viewport")),
    ("tooltip", re.compile(r"tool-?tip|popover|hovercard")),
    ("modal", re.compile(r"modal|pop-?up|dialog|lightbox|overlay|off-?canvas|drawer|toast|alert")),
    ("menu", re.compile(r"menu|\bnav|dropdown|drop-down|search")),
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A way of hiding, and the stretch of the `<style>` element that does it, if one does."""

    reason: str
    by: By
    rule: Span | None = None


def declarations(style: str) -> dict[str, str]:
    """Return the properties of a style attribute or rule body, lower case; the last one of a name counts."""
    found: dict[str, str] = {}
    for part in _COMMENT.sub(" ", style).lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def hides(properties: Mapping[str, str]) -> str | None:  # noqa: C901, PLR0911 -- the list of techniques, one line each
    """Return the declaration that keeps an element's text from a reader, as it stands, or `None`."""
    get = properties.get
    if get("display") == "none":
        return "display:none"
    if get("visibility") in {"hidden", "collapse"}:
        return f"visibility:{get('visibility')}"
    if (opacity := _number(get("opacity"))) is not None and opacity <= 0.05:
        return f"opacity:{get('opacity')}"
    if (size := _pixels(get("font-size"))) is not None and size <= _TINY:
        return f"font-size:{get('font-size')}"
    if (indent := _pixels(get("text-indent"))) is not None and indent <= _FAR:
        return f"text-indent:{get('text-indent')}"
    for side in ("left", "top", "right", "bottom", "margin-left", "margin-top"):
        if (far := _pixels(get(side))) is not None and far <= _FAR:
            positioned = get("position") in {"absolute", "fixed", "relative"}
            if positioned or side.startswith("margin"):
                return f"{side}:{get(side)}"
    clip = (get("clip") or "") + (get("clip-path") or "")
    if re.match(r"rect\(\s*[01](?:px)?\b|inset\(\s*(?:50|100)%|circle\(\s*0", clip):
        return "clip"
    transform = get("transform") or ""
    if re.match(r"scale\(\s*0(?:\.0+)?\s*\)|translate[xy]?\(\s*-\d{4,}", transform):
        return f"transform:{transform}"
    if (get("overflow") or get("overflow-y") or "") in {"hidden", "clip"}:
        for side in ("height", "width", "max-height", "max-width", "line-height"):
            if (small := _pixels(get(side))) is not None and small <= _TINY:
                return f"{side}:{get(side)};overflow:hidden"
    if get("color") == "transparent":
        return "color:transparent"
    return None


def intent(style: str) -> str | None:
    """Return what a style attribute meant to hide with, where a browser cannot read it (`left -8000px`)."""
    broken = _BROKEN.search(style.lower())
    return broken.group() if broken else None


def colour(value: str | None) -> str:
    """Return a colour in one spelling (`#ffffff`), or the value as it is; empty for none and for inherited ones."""
    if not value:
        return ""
    value = value.split()[0] if not value.startswith("rgb") else value.replace(" ", "")
    if value in {"inherit", "initial", "unset", "transparent", "currentcolor", "none"}:
        return ""
    named = {"white": "#ffffff", "black": "#000000", "red": "#ff0000"}
    if value in named:
        return named[value]
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(c + c for c in value[1:])
    if channels := re.fullmatch(r"rgba?\((\d+),(\d+),(\d+)(?:,1(?:\.0)?)?\)", value):
        return "#" + "".join(f"{min(255, int(c)):02x}" for c in channels.groups())
    return value


class StyleRules:
    """The rules of a page's `<style>` elements that hide, by simple selector; the last one of a selector counts."""

    __slots__ = ("_key", "_rules", "_tags")

    def __init__(self, source: str, sheets: Sequence[tuple[int, int]]) -> None:
        self._rules: dict[str, Hidden | None] = {}
        for start, end in sheets:
            sheet = source[start : min(end, start + LONGEST_STYLE)]
            if _CAN_HIDE.search(sheet):
                for selector, body, span in _rules_of(sheet):
                    self._read(selector, body, Span(start + span[0], start + span[1]))
        self._key: dict[str, list[tuple[set[str], Hidden]]] = {}
        for selector, hidden in self._rules.items():
            if hidden:
                parts = _PART.findall(selector)
                self._key.setdefault("".join(parts[-1]), []).append(({mark + name for mark, name in parts}, hidden))
        self._tags = frozenset(key for key in self._key if key[0] not in ".#")

    def __bool__(self) -> bool:
        return bool(self._key)

    def may_hide(self, tag: str, start_tag: str) -> bool:
        """Whether an element with this start tag is worth a look; cheap."""
        return "class" in start_tag or "id" in start_tag or tag in self._tags

    def find(self, tag: str, classes: Sequence[str], identifier: str) -> Hidden | None:
        """Return what hides an element of this tag, classes and id."""
        own = [tag, *(f".{name}" for name in classes), f"#{identifier}"]
        for name in own:
            for parts, hidden in self._key.get(name, ()):
                if parts.issubset(own):
                    return hidden
        return None

    def _read(self, selectors: str, body: str, span: Span) -> None:
        if not _CAN_HIDE.search(body):
            return
        properties = declarations(body)
        reason = hides(properties)
        if (
            reason is None
            and properties.get("color")
            and colour(properties["color"])
            == colour(properties.get("background-color") or properties.get("background"))
        ):
            reason = "same colour"
        for selector in selectors.split(","):
            selector = selector.strip()  # noqa: PLW2901
            if not _SIMPLE.fullmatch(selector) or selector in {"html", "body", "head", "style", "script"}:
                continue
            if reason:
                self._rules[selector] = Hidden(reason, "style", span)
            elif self._rules.get(selector) and _shows(self._rules[selector], properties):
                self._rules[selector] = None


def exemption(words: str) -> str | None:
    """Return the honest reason to hide that the names of an element and its ancestors tell, or `None`."""
    for name, pattern in _EXEMPT:
        if pattern.search(words):
            return name
    return None


def _shows(hidden: Hidden | None, properties: Mapping[str, str]) -> bool:
    return hidden is not None and hidden.reason.partition(":")[0] in properties


def _rules_of(sheet: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield selector, body and place of each rule that applies on an ordinary screen."""
    sheet = _COMMENT.sub(lambda comment: " " * len(comment.group()), sheet)
    narrow = 0  # depth inside an at-rule that does not count
    depth = 0
    at = 0
    for rule in _RULE.finditer(sheet):
        gap = sheet[at : rule.start()]
        start = at
        if "{" in gap or "}" in gap or ";" in gap:
            for piece in re.finditer(r"([^{};]*+)([{};])", gap):
                if piece.group(2) == "{":
                    depth += 1
                    prelude = piece.group(1).strip().lower()
                    if not narrow and (
                        not prelude.startswith(("@media", "@supports", "@layer")) or _NARROW_MEDIA.search(prelude)
                    ):
                        narrow = depth
                elif piece.group(2) == "}":
                    depth = max(0, depth - 1)
                    if depth < narrow:
                        narrow = 0
                start = at + piece.end()
        at = rule.end()
        selector = sheet[start : rule.start()]
        if not narrow and "@" not in selector:
            lead = len(selector) - len(selector.lstrip())
            yield selector.strip(), rule.group(1), (start + lead, rule.end())


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
