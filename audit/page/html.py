"""HTML to an `Article`: the tree of an HTML5 parser, with the exact place of every word.

No fast HTML5 parser tells where its nodes stand in the source. So the page is scanned once (`audit.page.scan`) into a
*skeleton*: each start tag keeps its name and its number, each run of text and each comment is replaced by its number,
each end tag is announced by a comment with its number. The parser (lexbor) turns the skeleton into a tree as it would
turn the page, and writes it out again, now well nested. One pass over that gives every numbered thing its true
ancestors: an exact join, nothing is searched for.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from audit.model import Article, Block, Element, Fact, Hiding, Link, Page, Role
from audit.page.attributes import read_attributes, values
from audit.page.limits import DEEPEST, over
from audit.page.links import host_of
from audit.page.metadata import facts_of_data, facts_of_tag, strings_of_json
from audit.page.references import resolve
from audit.page.roles import CONTAINER_OF_TAG, INLINE, OF_TAG, STICKY, VOID, WITHIN, container
from audit.page.scan import Tags, scan
from audit.page.visibility import Hidden, StyleRules, colour, declarations, exemption, hides, intent
from audit.text.mapped import MappedText, Piece
from audit.text.span import Span

_PART = re.compile(r'(\d+);|<!--([ce])(\d+)-->|<(/?)([^\s>]+)(?: n="(\d+)")?[^>]*+>')
_SEEN_TAGS = re.compile(r"\b(?:alt|title|aria-label|placeholder|itemprop)\s*=", re.IGNORECASE)
_TEXT_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder"})
_STYLED = re.compile(r"style|hidden|color", re.IGNORECASE)
_META = frozenset(
    [
        "description",
        "keywords",
        "author",
        "title",
        "subject",
        "abstract",
        "summary",
        "news_keywords",
        "sailthru.title",
        "sailthru.description",
        "dc.title",
        "dc.description",
        "dc.subject",
        "dc.creator",
        "application-name",
    ]
)
_BREAK = -1
_NEAR = 4
"""An element and three ancestors: as far up as sites put the names of their accordions and tabs."""


class _Frame:
    """What holds for the text directly inside one open element."""

    __slots__ = (
        "above",
        "background",
        "container",
        "element",
        "hiding",
        "link",
        "name",
        "number",
        "owner",
        "role",
        "saved",
    )

    def __init__(self, name: str, element: int, number: int, above: _Frame | None) -> None:
        self.name = name
        self.element = element
        self.number = number
        self.above = above
        self.owner: _Frame = above.owner if above else self
        self.role: Role = above.role if above else "paragraph"
        self.container: Role | None = above.container if above else None
        self.hiding: Hiding | None = above.hiding if above else None
        self.background: str = above.background if above else ""
        self.link: int | None = above.link if above else None
        self.saved: tuple[list[int], _Frame] | None = None


def parse_html(page: Page) -> Article:
    """Return the parts of an HTML page.

    Raises:
        PageError: The page is over a bound.
    """
    return _Builder(page).build()


class _Builder:
    """The state of one pass over the parsed skeleton."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.text
        self.tags: Tags = scan(page.text, page.id)
        self.styles = StyleRules(
            page.text, [place for number, place in self.tags.raw.items() if self.tags.names[number] == "style"]
        )
        self.blocks: list[Block] = []
        self.run_block: dict[int, tuple[int, int]] = {}
        """Number of a run → its block and where the run begins in that block's text."""
        self.links: list[tuple[str, tuple[str, ...], int, list[int]]] = []
        self.facts: list[Fact] = []
        self.language = ""
        self.own_host = host_of(page.url or "")
        self.names: list[str] = []
        self.opens: list[tuple[int, int]] = []
        self.closes: list[int] = []
        self.parents: list[int] = []
        self.properties: list[tuple[int, str]] = []
        """Elements with an `itemprop` whose value is their text."""

    def build(self) -> Article:
        self._walk(LexborHTMLParser(self.tags.skeleton).html or "")
        elements = tuple(
            Element(name, Span(*place), Span(place[0], max(place[1], close)), parent)
            for name, place, close, parent in zip(self.names, self.opens, self.closes, self.parents, strict=True)
        )
        for index, name in self.properties:
            self._property(elements[index], name)
        order = sorted(range(len(self.blocks)), key=lambda index: _first(self.blocks[index]))
        rank = {old: new for new, old in enumerate(order)}
        blocks = tuple(self.blocks[index] for index in order)
        return Article(
            page=self.page,
            title=next((block.text.text for block in blocks if block.role == "title"), ""),
            language=self.language,
            blocks=blocks,
            links=tuple(self._link(link, rank, blocks) for link in self.links),
            elements=elements,
            facts=tuple(self.facts),
        )

    def _walk(self, tree: str) -> None:  # noqa: C901, PLR0912, PLR0915 -- one loop over the kinds of part, hot
        tags, runs = self.tags, self.tags.runs
        frame = _Frame("", -1, -1, None)
        stack = [frame]
        buffer: list[int] = []
        owner = frame
        seen: dict[int, int] = {}
        marker = -1
        last = 0
        for part in _PART.finditer(tree):
            kind = part.lastindex
            if kind == 1:
                run = int(part.group(1))
                buffer.append(run)
                if frame.link is not None:
                    self.links[frame.link][3].append(run)
                last = runs[run][1]
                marker = -1
                continue
            if kind == 3:
                number = int(part.group(3))
                if part.group(2) == "e":
                    marker = number
                else:
                    marker = -1
                    self._comment(number, frame)
                    last = tags.comments[number][1] + 3
                continue
            name = part.group(5)
            if part.group(4):
                if name != frame.name:
                    continue
                if frame.saved or name not in INLINE:
                    self._flush(buffer, owner)
                    buffer, owner = frame.saved or ([], stack[-2].owner)
                if frame.element >= 0 and (len(stack) < 2 or stack[-2].element != frame.element):
                    if marker >= 0 and tags.end_names[marker] == name:
                        last = tags.ends[marker][1]
                        marker = -1
                    self.closes[frame.element] = max(last, self.closes[frame.element])
                stack.pop()
                frame = stack[-1]
                continue
            if name[0] == "!":
                continue
            marker = -1
            digits = part.group(6)
            if digits is None:
                number, element, fresh = -1, frame.element, False
            else:
                number = int(digits)
                fresh = number not in seen
                if fresh:
                    element = seen[number] = len(self.names)
                    self.names.append(tags.names[number])
                    self.opens.append(tags.opens[number])
                    self.closes.append(tags.raw_ends.get(number, tags.opens[number][1]))
                    self.parents.append(frame.element)
                    last = self.closes[element]
                else:
                    element = seen[number]
            if name in VOID:
                if name == "br":
                    buffer.append(_BREAK)
                elif name not in INLINE:
                    self._flush(buffer, owner)
                    buffer = []
                if fresh:
                    self._void(number, element, name, frame)
                continue
            new = _Frame(name, element, number, frame)
            if name not in INLINE:
                self._flush(buffer, owner)
                buffer = []
                self._give_role(new, name, frame.role)
                new.owner = owner = new
            if number >= 0:
                self._read_start_tag(new, number, element, fresh=fresh)
                if new.hiding is not frame.hiding and name in INLINE:
                    new.saved = (buffer, owner)
                    buffer = []
                    new.owner = owner = new
            stack.append(new)
            if len(stack) > DEEPEST:
                raise over(self.page.id, f"elements nested {len(stack):,} deep", DEEPEST)
            frame = new

    @staticmethod
    def _give_role(new: _Frame, name: str, above: Role) -> None:
        role = OF_TAG.get(name)
        if above in STICKY:
            return
        if role is None or (role == "paragraph" and above in WITHIN):
            if above in {"title", "heading"} and role is None:
                new.role = "paragraph" if above == "title" else above
            return
        new.role = role
        if name in {"noscript", "template"} and new.hiding is None:
            new.hiding = Hiding(f"<{name}>", new.element, "tag")

    def _read_start_tag(self, frame: _Frame, number: int, element: int, *, fresh: bool) -> None:
        start, end = self.tags.opens[number]
        name = frame.name
        if end - start <= len(name) + 2:
            if frame.container is None:
                frame.container = CONTAINER_OF_TAG.get(name)
            return
        tag = self.source[start:end].lower()
        if frame.container is None:
            frame.container = container(name, tag)
        if frame.hiding is None and (
            "style" in tag or "hidden" in tag or "color" in tag or (self.styles and self.styles.may_hide(name, tag))
        ):
            self._see(frame, name, values(self.source, start, end), element)
        if not fresh:
            return
        if name == "a":
            got = values(self.source, start, end)
            if "href" in got:
                frame.link = len(self.links)
                self.links.append((got["href"].strip(), tuple(got.get("rel", "").lower().split()), element, []))
        elif name == "html":
            got = values(self.source, start, end)
            self.language = re.split(r"[-_]", got.get("lang") or got.get("xml:lang") or "")[0].strip().lower()
        elif name == "script" and "ld+json" in tag:
            self._data(number, element)
        if "title" in tag or "alt" in tag or "aria-l" in tag or "placeholder" in tag or "itemprop" in tag:
            self._attributes(number, element, frame)

    def _see(self, frame: _Frame, name: str, got: dict[str, str], element: int) -> None:
        """Note whether the element hides its content."""
        hidden: Hidden | None = None
        style = got.get("style", "")
        if "hidden" in got:
            hidden = Hidden("hidden", "attribute")
        elif style:
            properties = declarations(style)
            background = colour(properties.get("background-color") or properties.get("background"))
            background = background or colour(got.get("bgcolor", "").lower()) or frame.background
            reason = hides(properties)
            if reason is None and background and colour(properties.get("color")) == background:
                reason = "same colour"
            if reason:
                hidden = Hidden(reason, "inline")
            elif reason := intent(style):
                hidden = Hidden(reason, "intent")
            frame.background = background
        elif "bgcolor" in got:
            frame.background = colour(got["bgcolor"].lower())
        elif name == "font" and frame.background and colour(got.get("color", "").lower()) == frame.background:
            hidden = Hidden("same colour", "attribute")
        if hidden is None and self.styles:
            hidden = self.styles.find(name, got.get("class", "").split(), got.get("id", ""))
        if hidden:
            frame.hiding = Hiding(hidden.reason, element, hidden.by, self._exemption(name, got, frame), hidden.rule)

    def _exemption(self, name: str, got: dict[str, str], frame: _Frame) -> str | None:
        if name == "dialog":
            return "modal"
        if why := exemption(self._names_of(frame)):
            return why
        identifier = got.get("id")
        if identifier and (
            f'"#{identifier}"' in self.source
            or f'aria-controls="{identifier}"' in self.source
            or f"getElementById('{identifier}')" in self.source
        ):
            return "accordion"
        return None

    def _names_of(self, frame: _Frame) -> str:
        """Return class, id and role of an element and its nearest ancestors, lower case."""
        words: list[str] = []
        above: _Frame | None = frame
        while above is not None and len(words) < _NEAR:
            if above.number >= 0:
                got = values(self.source, *self.tags.opens[above.number])
                words.append(" ".join(got.get(key, "") for key in ("class", "id", "role")))
            above = above.above
        return " ".join(words).lower()

    def _flush(self, buffer: list[int], owner: _Frame) -> None:
        """Make a block of the runs that were collected; empties the buffer."""
        if not buffer:
            return
        tags, role = self.tags, owner.role
        text: list[str] = []
        pieces: list[Piece] = []
        begins: list[tuple[int, int]] = []
        length = 0
        before = _BREAK
        for run in buffer:
            if run == _BREAK:
                text.append("\n")
                length += 1
                before = _BREAK
                continue
            white = tags.whites[run]
            if white and before != _BREAK and white[0] >= tags.runs[before][1]:
                part = resolve(self.source, *white)
                text.append(part.text if role == "code" else part.text.replace("\n", " ").replace("\t", " "))
                pieces += (Piece(p.start + length, p.page_start, p.length, p.page_length) for p in part.pieces)
                length += len(part.text)
            part = resolve(self.source, *tags.runs[run])
            begins.append((run, length))
            plain = part.text
            if role != "code" and ("\n" in plain or "\t" in plain):
                plain = plain.replace("\n", " ").replace("\t", " ")
            text.append(plain)
            if length:
                pieces += [Piece(p.start + length, p.page_start, p.length, p.page_length) for p in part.pieces]
            else:
                pieces += part.pieces
            length += len(plain)
            before = run
        buffer.clear()
        whole = "".join(text)
        stripped = whole.strip()
        if not stripped:
            return
        lead = len(whole) - len(whole.lstrip())
        mapped = MappedText(whole, tuple(pieces))
        if len(stripped) != len(whole):
            mapped = mapped.slice(Span(lead, lead + len(stripped)))
        index = len(self.blocks)
        for run, begin in begins:
            self.run_block[run] = (index, max(0, begin - lead))
        if role == "paragraph" and owner.container and owner.name in {"nav", "footer", "header", "aside"}:
            role = owner.container
        name = owner.name if role == "attribute" else ""
        self.blocks.append(Block(role, mapped, owner.element, owner.hiding, name, owner.container))

    def _comment(self, number: int, frame: _Frame) -> None:
        start, end = self.tags.comments[number]
        text = self.source[start:end]
        if text and not text.isspace():
            whole = MappedText(text, (Piece(0, start, end - start, end - start),))
            lead = len(text) - len(text.lstrip())
            mapped = whole.slice(Span(lead, len(text.rstrip())))
            hiding = frame.hiding or Hiding("<!-- -->", frame.element, "tag")
            self.blocks.append(Block("markup_comment", mapped, frame.element, hiding, "", frame.container))

    def _void(self, number: int, element: int, name: str, frame: _Frame) -> None:
        start, end = self.tags.opens[number]
        if name == "meta":
            self._meta(start, end, element)
        elif name == "link":
            got = values(self.source, start, end)
            if "canonical" in got.get("rel", "").lower().split() and not self.own_host:
                self.own_host = host_of(got.get("href", ""))
        elif _SEEN_TAGS.search(self.source, start, end):
            new = _Frame(name, element, number, frame)
            if frame.hiding is None and _STYLED.search(self.source, start, end):
                self._see(new, name, values(self.source, start, end), element)
            self._attributes(number, element, new)

    def _meta(self, start: int, end: int, element: int) -> None:
        attributes = {a.name: a for a in read_attributes(self.source, start, end, self.page.id)}
        content = attributes.get("content")
        if content is None or not content.value.text.strip():
            return
        key = next((attributes[k].value.text for k in ("property", "name", "itemprop") if k in attributes), "").lower()
        if key == "og:url" and not self.own_host:
            self.own_host = host_of(content.value.text)
        if key in _META or key.startswith(("og:", "twitter:", "article:")):
            self.blocks.append(Block("meta", content.value, element, None, key))
        self.facts += facts_of_tag(key, content.value, "itemprop" if "itemprop" in attributes else "meta")

    def _attributes(self, number: int, element: int, frame: _Frame) -> None:
        for attribute in read_attributes(self.source, *self.tags.opens[number], self.page.id):
            if attribute.name in _TEXT_ATTRIBUTES and attribute.value.text.strip():
                self.blocks.append(
                    Block("attribute", attribute.value, element, frame.hiding, attribute.name, frame.container)
                )
            elif attribute.name == "itemprop":
                self.properties.append((element, attribute.value.text.strip()))

    def _property(self, element: Element, name: str) -> None:
        """Read a microdata property: its `content`, `datetime` or `href`, else the text of the element."""
        got = {a.name: a for a in read_attributes(self.source, element.open.start, element.open.end, self.page.id)}
        for key in ("content", "datetime", "href"):
            if key in got:
                self.facts += facts_of_tag(name, got[key].value, "itemprop")
                return
        inside = [
            block.text
            for run, (index, _) in self.run_block.items()
            if self.tags.runs[run][0] >= element.open.end and self.tags.runs[run][1] <= element.span.end
            for block in [Block("meta", resolve(self.source, *self.tags.runs[run]), index)]
        ]
        if inside and len(inside) <= 4:
            self.facts += facts_of_tag(name, inside[0], "itemprop")

    def _data(self, number: int, element: int) -> None:
        strings = strings_of_json(self.source, *self.tags.raw[number])
        for path, value in strings:
            if value.text.strip() and not path.endswith(("@context", "@id")):
                self.blocks.append(Block("data", value, element, None, path))
        self.facts += facts_of_data(strings)

    def _link(
        self, link: tuple[str, tuple[str, ...], int, list[int]], rank: dict[int, int], blocks: tuple[Block, ...]
    ) -> Link:
        href, rel, element, runs = link
        host = host_of(href)
        if host and self.own_host and host.removeprefix("www.") == self.own_host.removeprefix("www."):
            host = ""
        placed = [self.run_block[run] for run in runs if run in self.run_block]
        if not placed:
            return Link(href, host, MappedText("", ()), rel, element, -1, 0)
        index = rank[placed[0][0]]
        mapped = blocks[index].text
        begin = placed[0][1]
        last = [(run, at) for run in runs if run in self.run_block for at in [self.run_block[run]]][-1]
        end = len(mapped.text)
        if rank[last[1][0]] == index:
            end = min(end, last[1][1] + len(resolve(self.source, *self.tags.runs[last[0]]).text))
        begin = min(begin, end)
        text = mapped.text[begin:end]
        begin += len(text) - len(text.lstrip())
        end = max(begin, end - (len(text) - len(text.rstrip())))
        return Link(href, host, mapped.slice(Span(begin, end)), rel, element, index, begin)


def _first(block: Block) -> int:
    return block.text.pieces[0].page_start if block.text.pieces else 0
