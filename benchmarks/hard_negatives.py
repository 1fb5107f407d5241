"""Honest texts that look like spam, and the ordinary articles that carry them.

The texts stand in `hard_negatives.yaml`, `hard_negatives_held.yaml` and, by other hands, in
`hard_negatives_other.yaml`; the first says how kinds are split. Every text makes three pages: itself alone, and itself
inside a clean document, once as text and once as HTML, in places that suit its kind. Documents, places and wording
round it are chosen by seed, so that every run has the same pages.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal

import msgspec
from ruamel.yaml import YAML

from benchmarks.injections import Source

Part = Literal["dev", "held", "other"]
Place = Literal["lead", "middle", "end", "list", "heading", "footer", "comment", "alt", "title"]

FILES: Mapping[Part, str] = {
    "dev": "hard_negatives.yaml", "held": "hard_negatives_held.yaml", "other": "hard_negatives_other.yaml",
}  # fmt: skip
_HTML_ONLY = ("alt", "title")
_ITEMS = (
    "Drink a glass of water with every meal.",
    "Rest when you are tired, but not all day.",
    "Write down what you want to ask at the next visit.",
    "Keep a light on in the hall at night.",
    "Wash your hands before you change the dressing.",
)
_READERS = (
    ("Ines", "Thank you, this was easy to follow."),
    ("Paul R.", "My sister had the same and was well after a month."),
    ("Nurse Kay", "Please see someone if it lasts longer than that."),
)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Texts of one kind, where they may stand and which part they belong to."""

    kind: str
    part: Part
    texts: tuple[str, ...]
    at: tuple[Place, ...] = ("lead", "middle", "end")
    tuned: bool = False
    """Rules were tuned on these before the kinds were split."""


class Carried(msgspec.Struct, frozen=True):
    """A page with a hard negative on it."""

    id: str
    kind: str
    part: Part
    form: Literal["text", "html"]
    place: str
    hard: str
    """The hard negative as it was written."""
    page: str


@cache
def hard_negatives(part: Part) -> tuple[Kind, ...]:
    """Return the kinds of one part, in the order of the file."""
    rows = YAML(typ="safe", pure=True).load(Path(__file__).with_name(FILES[part]))
    return tuple(msgspec.convert(row, Kind) for row in rows)


def carried(kinds: Sequence[Kind], documents: Sequence[Source], *, every: int = 1) -> Iterator[Carried]:
    """Yield three pages for each text; two for a text that only an attribute can hold.

    Args:
        kinds: What to carry.
        documents: Clean plain texts, a title on the first line and a paragraph a line.
        every: Take one text in so many of each kind.

    """
    for kind in kinds:
        for at, hard in enumerate(kind.texts[::every]):
            hard = hard.strip()  # noqa: PLW2901 - YAML leaves a line break on some
            rng = random.Random(f"carriers-2:{kind.kind}:{hard}")
            name = f"hard/{kind.kind}/{at * every}"
            yield Carried(f"{name}/alone", kind.kind, kind.part, "text", "alone", hard, hard)
            for form in ("text", "html"):
                places = [place for place in kind.at if form == "html" or place not in _HTML_ONLY]
                if places:
                    place = rng.choice(places)
                    paragraphs = [line.strip() for line in rng.choice(documents).text.split("\n") if line.strip()]
                    page = (_as_html if form == "html" else _as_text)(paragraphs, hard, place, rng)
                    yield Carried(f"{name}/{form}/{place}", kind.kind, kind.part, form, place, hard, page)


def _set(paragraphs: Sequence[str], hard: str, place: Place, rng: random.Random) -> list[str]:
    """Return the paragraphs with a text at the lead, in the middle or at the end; the first one is the title.

    A text that ends as a sentence goes into a paragraph as often as it stands as one of its own.
    """
    title, *body = paragraphs if len(paragraphs) > 1 else ("Questions and answers", *paragraphs)
    whole = hard.endswith((".", "!", "?")) and rng.random() < 0.5
    at = {"lead": 0, "end": len(body) - 1}.get(place, rng.randrange(len(body)))
    if not whole:
        body.insert(at + (place != "lead"), hard)
    elif place == "lead":
        body[at] = f"{hard} {body[at]}"
    elif place == "end":
        body[at] = f"{body[at]} {hard}"
    else:
        gaps = [gap.start() for gap in re.finditer(r"(?<=[a-z]\.) (?=[A-Z])", body[at])] or [len(body[at])]
        gap = rng.choice(gaps)
        body[at] = f"{body[at][:gap]} {hard}{body[at][gap:]}"
    return [title, *body]


def _as_text(paragraphs: Sequence[str], hard: str, place: Place, rng: random.Random) -> str:
    if place in ("lead", "middle", "end"):
        return "\n".join(_set(paragraphs, hard, place, rng))
    middle = rng.randrange(1, len(paragraphs) + 1)
    if place == "list":
        items = rng.sample(_ITEMS, 3)
        items.insert(rng.randrange(4), hard)
        return "\n".join((*paragraphs[:middle], *(f"- {item}" for item in items), *paragraphs[middle:]))
    if place == "heading":
        return "\n".join((*paragraphs[:middle], "", hard, *paragraphs[middle:]))
    if place == "footer":
        return "\n".join((*paragraphs, "", "Last reviewed on 3 May 2025", hard))
    said = [f"{name} says:\n{text}" for name, text in _READERS]
    said.insert(rng.randrange(4), f"Jo says:\n{hard}")
    return "\n".join((*paragraphs, "", "4 comments", *said))


def _as_html(paragraphs: Sequence[str], hard: str, place: Place, rng: random.Random) -> str:
    inside = place in ("lead", "middle", "end")
    title, *body = map(escape, _set(paragraphs, hard, place, rng) if inside else paragraphs)
    shown, middle = escape(hard), rng.randrange(len(body) + 1)
    blocks = [f"<p>{paragraph}</p>" for paragraph in body]
    if place == "list":
        items = [f"<li>{item}</li>" for item in rng.sample(_ITEMS, 3)]
        items.insert(rng.randrange(4), f"<li>{shown}</li>")
        blocks.insert(middle, "<ul>\n" + "\n".join(items) + "\n</ul>")
    elif place == "heading":
        blocks.insert(middle, f"<h2>{shown}</h2>")
    elif place == "alt":
        blocks.insert(middle, f'<figure><img src="/img/{rng.randint(10, 99)}.jpg" alt="{shown}"></figure>')
    elif place == "title":
        blocks.insert(middle, f'<p>See <a href="/topics/" title="{shown}">more on this topic</a>.</p>')
        title = shown
    elif place == "comment":
        said = [f"<li class='comment'><cite>{name}</cite><p>{text}</p></li>" for name, text in _READERS]
        said.insert(rng.randrange(4), f"<li class='comment'><cite>Jo</cite><p>{shown}</p></li>")
        blocks.append("<ol class='comments'>\n" + "\n".join(said) + "\n</ol>")
    foot = f"<p>{shown}</p>" if place == "footer" else "<p>Last reviewed on 3 May 2025</p>"
    return _PAGE.format(title=title, heading=escape(paragraphs[0][:90]), body="\n".join(blocks), foot=foot)


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<style>.sr-only{{position:absolute;left:-9999px}}.menu{{display:flex}}</style></head>
<body>
<a class="sr-only" href="#main">Skip to main content</a>
<header><nav class="menu">
<a href="/">Home</a> <a href="/conditions/">Conditions</a> <a href="/clinics/">Clinics</a></nav></header>
<main id="main"><article><h1>{heading}</h1>
{body}
</article></main>
<footer>{foot}<p><a href="/contact/">Contact</a> <a href="/privacy/">Privacy</a></p></footer>
</body></html>
"""
