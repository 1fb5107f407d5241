"""HTML to an `Article`: what happens in the tree, in order, becomes blocks, links and facts with their places."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import partial

import msgspec

from audit.model import Article, Block, Element, Fact, Hiding, Link, Page, Role
from audit.page.attributes import read_attributes, values
from audit.page.elements import Elements
from audit.page.links import host_of, same_site, tidy
from audit.page.metadata import facts_of_data, facts_of_tag, strings_of_json
from audit.page.references import CHANGES, resolve, resolve_into
from audit.page.roles import APART, BLOCK, ENDS_ROLE, FLOW, HIDDEN_TAGS, OF_TAG, SKIPPED, STICKY, container
from audit.page.scan import RESOLVED, WHITE, scan
from audit.page.tree import BREAK, CLOSE, OPEN, TEXT, VOID, Tree, build
from audit.page.visibility import (
    Hidden,
    StyleRules,
    alike,
    colour,
    declarations,
    exemption,
    for_all_screens,
    ground_of,
    hidden_by_scripts,
    hides,
    intent,
    names_of,
)  # fmt: skip
from audit.text.mapped import MappedText, Piece, join
from audit.text.span import Span

_NOT_PLAIN = re.compile(r"[&\r\0\n\t\f]")
_REFERENCE_MARK = re.compile(r"&+|[^&]+")
_LINE = -1
"""In a flow, a line break that the page wants (`<br>`)."""
_FAR_APART = 24
"""Pieces of markup between two runs of one paragraph, beyond which the white between them is not looked for."""
_TEXT_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
_META = frozenset(
    "description keywords author title subject abstract summary news_keywords sailthru.title sailthru.description "
    "dc.title dc.description dc.subject dc.creator application-name".split()
)
_PROPERTIES = frozenset(
    "author creator reviewedby medicalreviewer datepublished datemodified lastreviewed publisher citation".split()
)
_CONTROLS = ("aria-controls=", "data-target=", "data-bs-target=", 'href="#', "href='#", "href=#")
_IDENTIFIER = re.compile(r"[\"']?#?([\w-]+)")
_VISIBLE = re.compile(r"(?i)visibility\s*+:\s*+visible")
_BACKGROUND = re.compile(r"(?i)background|bgcolor|@import")
_STYLED = frozenset({"style", "hidden", "bgcolor", "color", "text", "background"})
_SPOKEN = frozenset({"alt", "title", "aria-label", "placeholder", "itemprop"})
_SAYS = _STYLED | _SPOKEN
_ASKED_OF_ALL = (
    "style",
    "title",
    "alt",
    "aria-l",
    "hidden",
    "color",
    "itemprop",
    "placeholder",
    "background",
    "lang",
    "role",
)
"""Parts of attribute names that count; a start tag without any of them says nothing."""
_ALWAYS_READ = frozenset({"meta", "link", "script", "area", "html", "body", "dialog"})
"""Elements whose attributes are wanted at any rate."""
_TURNS = ENDS_ROLE | {"p", "title", "desc", "text", "article", "main", "dialog"}
"""Elements that change what holds inside of them in some places."""
_NEAR = 4
"""An element and three ancestors: as far up as sites put the names of their accordions and tabs."""
_MOSTLY = 0.5
"""Furniture known by its class alone that holds more of the page's text than this is the page itself."""

_SHORT = 600
"""Code points of text below which a page may be all furniture."""


_NOTHING = MappedText("", ())


class _State(msgspec.Struct, frozen=True, gc=False):
    """What holds for the text directly inside an element."""

    role: Role | None = None
    """Its own role; `None` where the furniture round it decides."""
    container: Role | None = None
    named: int = -1
    """The element that is the container by its class alone."""
    hiding: Hiding | None = None
    listed: int = -1
    """The list round it."""
    text: str = ""
    ground: str = ""
    inner: bool = False
    """Inside of an article or the main part."""
    name: str = ""
    """Of text that is read as an attribute (`<svg><title>`)."""


class _Traits(msgspec.Struct, frozen=True, gc=False):
    """What a start tag says, wherever it stands."""

    flow: int
    role: Role | None
    container: Role | None
    by_name: bool
    """The container is known by class or id alone."""
    hides: bool
    """It may hide its content, or set colours."""
    speaks: bool
    """It has attributes with text, a language, microdata or data of its own."""
    inert: bool
    """Nothing changes inside of it."""
    shared: bool
    """What holds inside depends only on what holds outside."""
    named: bool
    """It has a class or an id that a style sheet from elsewhere may know."""
    values: dict[str, str]
    """Its attributes."""


def parse_html(page: Page) -> Article:
    """Return the parts of an HTML page.

    Raises:
        PageError: The page is over a bound.
    """
    return _Assembly(page).article()


class _Assembly:
    """The state of one pass over the events of a tree."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = page.text
        self.tokens = scan(page.text, page.id)
        self.tree: Tree = build(self.tokens, page.id)
        self.blocks: list[Block] = []
        self.lists: list[int] = []
        """Of each block, the list that it is an item of; -1 for none."""
        self.named: list[int] = []
        """Of each block, the element that is its container by class alone; -1 for none."""
        self.link_runs: dict[int, tuple[int, int, int]] = {}
        """Text runs in links: the block, where the run begins and ends in its text; block -1 until it is known."""
        self.links: list[tuple[int, dict[str, str], list[int]]] = []
        self.of_element: dict[int, int] = {}
        """Links by their element."""
        self.facts: list[Fact] = []
        self.properties: list[tuple[int, str]] = []
        self.language = ""
        self.traits: dict[str, _Traits] = {}
        """By start tag as written."""
        self.plain: dict[str, _Traits] = {}
        """Of tags that say nothing, by name."""
        self.alike: dict[tuple[str | None, ...], _Traits] = {}
        """Of tags that say no more than their name, class, id and role."""
        self.read: dict[str, dict[str, str]] = {}
        """Attributes by start tag as written."""
        self.inside: dict[tuple[int, int], _State] = {}
        """What holds inside an element, by what holds outside and the traits of its start tag."""
        self.states: list[_State] = []
        """Kept, so that their identities are theirs."""
        self.controlled: frozenset[str] | None = None
        self.sites: list[str] = []
        """What the page says its own address is."""
        self.asked_of_inline: tuple[str, ...] = _ASKED_OF_ALL
        self.asked_of_blocks = ("class", *_ASKED_OF_ALL, "id=", "id =")
        self.outside_styles = "stylesheet" in page.text
        self.styles = StyleRules(
            page.text,
            [self._raw(at) for at, name in enumerate(self.tree.names) if name == "style" and self._counts(at)],
            hidden_by_scripts(page.text),
        )
        if self.styles:
            self.asked_of_inline = self.asked_of_blocks
        self.ground = "" if self.outside_styles or _BACKGROUND.search(page.text) else "#ffffff"
        """What the page lies on; white where nothing says otherwise, empty for not known."""

    def article(self) -> Article:
        """Return all of it, in page order."""
        self._read()
        elements = Elements(self.tokens, self.tree)
        self._settle_furniture()
        order = sorted(range(len(self.blocks)), key=[_first(block) for block in self.blocks].__getitem__)
        addresses = [tidy(got["href"] if "href" in got else got.get("xlink:href", "")) for _, got, _ in self.links]
        hosts = list(map(host_of, addresses))
        own = self._own_site(hosts)
        rank = [0] * len(order)
        for new, old in enumerate(order):
            rank[old] = new
        links = tuple(
            self._link(link, address, "" if own and host and same_site(host, own) else host, rank)
            for link, address, host in zip(self.links, addresses, hosts, strict=True)
        )
        self._settle_lists(links, rank)
        for element, item in self.properties:
            self._property(elements[element], item)
        blocks = tuple(self.blocks[at] for at in order)
        return Article(
            page=self.page,
            title=next((block.text.text for block in blocks if block.role == "title"), ""),
            language=self.language,
            blocks=blocks,
            links=links,
            elements=elements,
            facts=tuple(self.facts),
        )

    def _read(self) -> None:  # noqa: C901, PLR0912, PLR0915 -- one loop over the kinds of event, hot
        tree = self.tree
        of_element, names, marks = tree.tokens, tree.names, self.tokens.marks
        state, here, link = _State(ground=self.ground), -1, -1
        unsure = self.outside_styles
        flow: list[int] = []  # text runs of the paragraph that is being read
        owners: list[int] = []  # the element that each stands in
        # what to go back to when an element closes: state, element, link, flow and its owners if it stands apart
        stack: list[tuple[_State, int, int, tuple[list[int], list[int]] | None]] = []
        opened: set[int] = set()
        known = self.traits
        for event in tree.events:
            kind = event & 7
            number = event >> 3
            if kind == TEXT:
                if number & 1 and FLOW.get(names[number >> 1]) == SKIPPED:
                    continue
                flow.append(number)
                owners.append(here)
                if link >= 0:
                    self.links[link][2].append(number)
                    self.link_runs[number] = (-1, 0, 0)
            elif kind == OPEN:
                token = of_element[number]
                name = names[token]
                mark = marks[token]
                traits = known.get(mark) or self._traits(mark, name, token)
                how = traits.flow
                if how == BLOCK and flow:
                    self._flush(flow, owners, state)
                    flow, owners = [], []
                if name in VOID:
                    if name == "br":
                        flow.append(_LINE)
                        owners.append(here)
                    if traits.values:
                        self._void(number, name, token, traits, state)
                    continue
                inner = (
                    state
                    if traits.inert and not (unsure and state.ground)
                    else self._enter(state, number, name, traits)
                )
                if how == APART or (how == 0 and inner.hiding is not state.hiding):
                    stack.append((state, here, link, (flow, owners)))
                    flow, owners = [], []
                else:
                    stack.append((state, here, link, None))
                state = inner
                here = number
                if name == "a":
                    if number in self.of_element:  # opened again: its text goes on
                        link = self.of_element[number]
                    elif "href" in (got := self._values(token)) or "xlink:href" in got:
                        link = self.of_element[number] = len(self.links)
                        self.links.append((number, got, []))
                if traits.speaks and number not in opened:
                    opened.add(number)
                    self._say(number, name, token, traits.values, state)
            elif kind == CLOSE:
                name = names[of_element[number]]
                before, here, link, apart = stack.pop()
                if flow and (apart or FLOW.get(name) == BLOCK):
                    self._flush(flow, owners, state)
                    flow, owners = [], []
                if apart:
                    flow, owners = apart
                state = before
            elif kind == BREAK:
                self._flush(flow, owners, state)
                flow, owners = [], []
            else:
                self._comment(number, here, state)
        self._flush(flow, owners, state)

    def _traits(self, mark: str, name: str, token: int) -> _Traits:
        """Read a start tag; of most, that they say nothing that counts is seen without reading their attributes."""
        raw = self.tokens.raws[token]
        tag = (mark[: -len(raw)] if raw else mark).lower()
        flow = FLOW.get(name, 0)
        asked = self.asked_of_blocks if flow else self.asked_of_inline
        if name not in _ALWAYS_READ:
            for word in asked:
                if word in tag:
                    break
            else:
                traits = self.traits[mark] = self.plain.get(name) or self._say_nothing(name, flow)
                return traits
        got = self._values(token)
        if not (_SAYS.isdisjoint(got) and name not in _ALWAYS_READ):
            traits = self.traits[mark] = self._traits_of(name, flow, got)
            return traits
        key = name, got.get("class"), got.get("id"), got.get("role")
        found = self.alike.get(key)
        if found is None:
            found = self.alike[key] = self._traits_of(name, flow, got)
        self.traits[mark] = found
        return found

    def _say_nothing(self, name: str, flow: int) -> _Traits:
        """Return the traits of a tag without attributes."""
        traits = self.plain[name] = self._traits_of(name, flow, {})
        return traits

    def _traits_of(self, name: str, flow: int, got: dict[str, str]) -> _Traits:
        role = OF_TAG.get(name)
        if role is None and got.get("role") == "heading":
            role = "heading"
        held, by_name = container(name, got) if flow == BLOCK else (None, False)
        hides = name in HIDDEN_TAGS or not _STYLED.isdisjoint(got)
        if not hides and self.styles and name not in VOID:
            hides = self.styles.may_hide(name, got.get("class", ""), got.get("id", ""))
        listed = name in {"ul", "ol", "dl"}
        return _Traits(
            flow=flow,
            role=role,
            container=held,
            by_name=by_name,
            hides=hides,
            speaks=(name in {"html", "script"} and bool(got)) or not _SPOKEN.isdisjoint(got),
            inert=not (role or held or hides or listed or name in _TURNS),
            shared=not (hides or listed or by_name),
            named="class" in got or "id" in got,
            values=got,
        )

    def _enter(self, state: _State, element: int, name: str, traits: _Traits) -> _State:
        """Return what holds inside an element."""
        if not traits.shared:
            return self._inside(state, element, name, traits)
        key = id(state), id(traits)
        inside = self.inside.get(key)
        if inside is None:
            inside = self.inside[key] = self._inside(state, element, name, traits)
            self.states.append(state)
        return inside

    def _inside(self, state: _State, element: int, name: str, traits: _Traits) -> _State:
        role, held, named, hiding, listed = state.role, state.container, state.named, state.hiding, state.listed
        text, ground, inner, title = state.text, state.ground, state.inner, state.name
        own, got = traits.role, traits.values
        if role in STICKY:
            if role == "attribute" and name in {"title", "desc", "text"}:
                title = name
        elif own and not (role == "quotation" and own == "list_item"):
            role = own
            title = name if own == "attribute" else ""
        elif name in ENDS_ROLE or (name == "p" and role in {"table_cell", "caption"}):
            role = None
        found = traits.container
        if found == "caption":
            role = role or "caption"
        elif (
            found
            and not (found == "header" and name == "header" and inner)
            and (held is None or (found in {"navigation", "comment"} and held in {"header", "footer", "aside"}))
        ):
            held, named = found, element if traits.by_name else -1
        if name in {"ul", "ol", "dl"}:
            listed = element
        inner = inner or name in {"article", "main"}
        if hiding and traits.hides and hiding.reason.startswith("visibility") and _VISIBLE.search(got.get("style", "")):
            hiding = None
        if hiding is None:
            if ground and self.outside_styles and traits.named:
                ground = ""  # a style sheet that is not at hand may set it
            if name in HIDDEN_TAGS or (name == "dialog" and "open" not in got):
                hiding = Hiding(f"<{name}>", element, "tag", "modal" if name == "dialog" else None)
            elif traits.hides:
                hidden, text, ground = self._see(element, name, got, text, ground)
                if hidden:
                    hiding = Hiding(hidden.reason, element, hidden.by, self._excuse(element, name, got), hidden.rule)
        return _State(role, held, named, hiding, listed, text, ground, inner, title)

    def _see(
        self, element: int, name: str, got: dict[str, str], text: str, ground: str
    ) -> tuple[Hidden | None, str, str]:
        """Return what hides an element, if anything, and the colours of text and ground inside."""
        hidden: Hidden | None = None
        own_text = own_ground = ""
        properties: dict[str, str] = {}
        if style := got.get("style"):
            properties = declarations(style)
            own_text, own_ground = colour(properties.get("color")), ground_of(properties)
            reason = hides(properties)
            if reason:
                hidden = Hidden(reason, "inline")
            elif reason := intent(style):
                hidden = Hidden(reason, "intent")
        if got:
            if "bgcolor" in got:
                own_ground = own_ground or colour(got["bgcolor"].strip().lower())
            if name == "body" and "text" in got:
                own_text = own_text or colour(got["text"].strip().lower())
            if name == "font" and "color" in got:
                own_text = own_text or colour(got["color"].strip().lower())
            if "background" in got:
                own_ground = own_ground or "picture"
        if own_text or own_ground:
            text, ground = own_text or text, own_ground or ground
            if hidden is None and alike(text, ground):
                hidden = Hidden("same colour", "inline" if style else "attribute")
        if hidden is None and "hidden" in got and "display" not in properties:
            hidden = Hidden("hidden", "attribute")
        if hidden is None and self.styles:
            above = partial(self._names_above, element)
            hidden = self.styles.find(name, got.get("class", ""), got.get("id", ""), above)
            if hidden and hidden.reason.partition(":")[0] in properties:  # and by itself it hides nothing
                hidden = None
        return hidden, text, ground

    def _names_above(self, element: int) -> list[frozenset[str]]:
        """Return what selectors know the ancestors of an element by, from the inside out."""
        found: list[frozenset[str]] = []
        at = self.tree.parents[element]
        while at >= 0:
            token = self.tree.tokens[at]
            got = self._values(token)
            found.append(names_of(self.tree.names[token], got.get("class", ""), got.get("id", "")))
            at = self.tree.parents[at]
        return found

    def _excuse(self, element: int, name: str, got: dict[str, str]) -> str | None:
        """Return the honest reason to hide that the names of the element and its nearest ancestors tell."""
        words: list[str] = []
        at = element
        for _ in range(_NEAR):
            if at < 0:
                break
            token = self.tree.tokens[at]
            tag = self.tree.names[token]
            if tag in {"details", "summary"}:
                return "accordion"
            if tag == "dialog":
                return "modal"
            if tag not in {"body", "html"} and len(self.tokens.marks[token]) > len(tag) + 2:
                around = self._values(token)
                words.append(
                    f"{around.get('class', '')} {around.get('id', '')} {around.get('role', '')}"
                    f" {'expanded' if 'aria-expanded' in around else ''}"[:300]
                )
            at = self.tree.parents[at]
        if why := exemption(" ".join(words).lower()):
            return why
        if got.get("hidden", "").strip().lower() == "until-found":
            return "accordion"
        identifier = got.get("id", "")
        if identifier:
            if self.controlled is None:
                self.controlled = _controlled(self.source)
            if identifier in self.controlled:
                return "accordion"
        return self.styles.opened(name, got.get("class", ""), identifier)

    def _flush(self, flow: list[int], owners: list[int], state: _State) -> None:
        """Make a block of the runs that were collected."""
        number = flow[0] if flow else _LINE
        if len(flow) > 1 or (number & 1):
            self._flush_many(flow, owners, state)
            return
        if number < 0:
            return
        raw = self.tokens.texts[number >> 1]
        plain = raw.strip()
        if not plain:
            return
        if _NOT_PLAIN.search(plain):
            self._flush_many(flow, owners, state)
            return
        start = self.tokens.starts[number >> 1]
        size = len(plain)
        if size != len(raw):
            start += raw.index(plain[0])
        if number in self.link_runs:
            self.link_runs[number] = (len(self.blocks), 0, size)
        self._add(MappedText(plain, (Piece(0, start, size, size),)), owners[0], state)

    def _flush_many(self, flow: list[int], owners: list[int], state: _State) -> None:
        code = state.role == "code"
        begins: list[tuple[int, int, int]] = []
        text: list[str] = []
        pieces: list[Piece] = []
        texts, starts = self.tokens.texts, self.tokens.starts
        length = 0
        before = _LINE
        for number in flow:
            if number == _LINE:
                text.append("\n")
                length += 1
                before = _LINE
                continue
            if before >= 0 and number > before and not (number | before) & 1:
                length = self._white(before >> 1, number >> 1, text, pieces, length, code=code)
            begin = length
            if number & 1:
                length = self._put_raw(number >> 1, text, pieces, length, code=code)
            else:
                raw, start = texts[number >> 1], starts[number >> 1]
                if not length:  # white at the very beginning is not of the block
                    size = len(raw)
                    raw = raw.lstrip(WHITE)
                    start += size - len(raw)
                length = self._put(raw, start, text, pieces, length, code=code)
            if number in self.link_runs:
                begins.append((number, begin, length))
            before = number
        whole = "".join(text)
        stripped = whole.strip()
        if not stripped:
            return
        mapped = MappedText(whole, tuple(pieces))
        lead = 0
        if len(stripped) != len(whole):
            lead = len(whole) - len(whole.lstrip())
            mapped = mapped.slice(Span(lead, lead + len(stripped)))
        for number, begin, end in begins:
            low, high = max(0, begin - lead), min(len(stripped), end - lead)
            if low < high:
                self.link_runs[number] = (len(self.blocks), low, high)
        self._add(mapped, self._innermost(owners), state)

    def _innermost(self, elements: list[int]) -> int:
        """Return the innermost element that holds all of these."""
        parents = self.tree.parents
        owner = elements[0]
        for element in elements:
            other = element
            while owner != other:  # an element is numbered after the one round it
                if owner > other:
                    owner = parents[owner]
                else:
                    other = parents[other]
        return owner

    def _white(self, before: int, after: int, text: list[str], pieces: list[Piece], length: int, *, code: bool) -> int:
        """Append the white between two runs of a paragraph; return the new length."""
        if after - before > _FAR_APART:
            text.append(" ")
            return length + 1
        for run in range(before + 1, after):
            white = self.tokens.texts[run]
            if white and not white.strip(WHITE):
                length = self._put(white, self.tokens.starts[run], text, pieces, length, code=code)
        return length

    def _put_raw(self, token: int, text: list[str], pieces: list[Piece], length: int, *, code: bool) -> int:
        """Append the raw text of an element; return the new length."""
        start, end = self._raw(token)
        raw = self.source[start:end]
        if self.tree.names[token] in RESOLVED or "&" not in raw:
            return self._put(raw, start, text, pieces, length, code=code)
        for part in _REFERENCE_MARK.finditer(raw):  # elsewhere `&` is a letter as any other
            found = part.group()
            if found[0] == "&":
                text.append(found)
                pieces.append(Piece(length, start + part.start(), len(found), len(found)))
                length += len(found)
            else:
                length = self._put(found, start + part.start(), text, pieces, length, code=code)
        return length

    @staticmethod
    def _put(raw: str, start: int, text: list[str], pieces: list[Piece], length: int, *, code: bool) -> int:
        """Append a stretch of source to a text of `length` and its pieces; return the new length."""
        if not CHANGES.search(raw):
            size = len(raw)
            pieces.append(Piece(length, start, size, size))
            text.append(raw if code else raw.replace("\n", " ").replace("\t", " ").replace("\f", " "))
            return length + size
        parts: list[str] = []
        length = resolve_into(raw, start, parts, pieces, length)
        plain = "".join(parts)
        text.append(plain if code else plain.replace("\n", " ").replace("\t", " ").replace("\f", " "))
        return length

    def _add(self, text: MappedText, owner: int, state: _State) -> None:
        role = state.role
        if state.container == "navigation" and role not in STICKY and role != "heading":
            role = "navigation"
        self.blocks.append(
            Block(role or state.container or "paragraph", text, owner, state.hiding, state.name, state.container)
        )
        self.lists.append(state.listed if role == "list_item" else -1)
        self.named.append(state.named)

    def _raw(self, token: int) -> tuple[int, int]:
        """Return the place of the raw text of a token."""
        end = self.tokens.starts[token + 1]
        return end - len(self.tokens.raws[token] or ""), end

    def _place(self, token: int) -> tuple[int, int]:
        """Return the place of a tag, without the raw text behind it."""
        start = self.tokens.starts[token] + len(self.tokens.texts[token])
        return start, self.tokens.starts[token + 1] - len(self.tokens.raws[token] or "")

    def _counts(self, token: int) -> bool:
        """Whether a `<style>` element is meant for screens."""
        return for_all_screens(self._values(token).get("media", ""))

    def _values(self, token: int) -> dict[str, str]:
        """Return the attributes of a start tag, references resolved."""
        mark = self.tokens.marks[token]
        got = self.read.get(mark)
        if got is None:
            raw = self.tokens.raws[token]
            after_name = len(self.tokens.names[token] or "") + 1
            got = self.read[mark] = values(mark[: -len(raw)] if raw else mark, self.page.id, after_name)
        return got

    def _comment(self, token: int, element: int, state: _State) -> None:
        mark = self.tokens.marks[token]
        text = mark
        skip = 4 if mark.startswith("<!--") else 2
        text = mark[skip:].removesuffix("--!>" if mark.endswith("--!>") else "-->" if skip == 4 else ">")
        plain = text.strip()
        if not plain:
            return
        start = self.tokens.starts[token] + len(self.tokens.texts[token]) + skip + len(text) - len(text.lstrip())
        mapped = MappedText(plain, (Piece(0, start, len(plain), len(plain)),))
        hiding = state.hiding or Hiding("<!-- -->", element, "tag")
        self.blocks.append(Block("markup_comment", mapped, element, hiding, "", state.container))
        self.lists.append(-1)
        self.named.append(state.named)

    def _void(self, element: int, name: str, token: int, traits: _Traits, state: _State) -> None:
        """Read an element that holds nothing but attributes."""
        got = traits.values
        if name == "meta":
            self._meta(element, token, got)
        elif name == "link":
            self._properties(element, got)
            relations = got.get("rel", "").lower().split()
            if "canonical" in relations:
                self.sites.append(host_of(got.get("href", "")))
            elif "author" in relations and "href" in got:
                value = next(
                    a.value for a in read_attributes(self.source, *self._place(token), self.page.id) if a.name == "href"
                )
                if value.text.strip():
                    self.facts.append(Fact("author", value.text.strip(), "link", value.place()))
        else:
            if name == "area" and "href" in got:
                self.links.append((element, got, []))
            if traits.speaks:
                self._say(element, name, token, got, state)

    def _properties(self, element: int, got: dict[str, str]) -> None:
        """Note the microdata properties that an element is."""
        if "itemprop" in got:
            for item in got["itemprop"].lower().split():
                if item in _PROPERTIES:
                    self.properties.append((element, item))

    def _say(self, element: int, name: str, token: int, got: dict[str, str], state: _State) -> None:
        """Read what a start tag says for itself: attributes with text, language, microdata, JSON-LD."""
        for key in _TEXT_ATTRIBUTES:
            if key in got and got[key].strip():
                self._text_attributes(element, name, token, got, state)
                break
        self._properties(element, got)
        if name == "html" and not self.language:
            declared = got.get("lang") or got.get("xml:lang") or ""
            self.language = re.split(r"[-_]", declared.strip(), maxsplit=1)[0].lower()
        elif name == "script" and "ld+json" in got.get("type", "").lower():
            strings = strings_of_json(self.source, *self._raw(token))
            for path, value in strings:
                if value.text.strip() and not path.endswith(("@context", "@id")):
                    self._extra(Block("data", value, element, None, path))
            self.facts += facts_of_data(strings)

    def _text_attributes(self, element: int, name: str, token: int, got: dict[str, str], state: _State) -> None:
        hiding = state.hiding
        if hiding is None and name in VOID:
            hidden, _, _ = self._see(element, name, got, "", "")
            if hidden:
                hiding = Hiding(hidden.reason, element, hidden.by, self._excuse(element, name, got), hidden.rule)
        for attribute in read_attributes(self.source, *self._place(token), self.page.id, _SPOKEN):
            if attribute.name != "itemprop" and attribute.value.text.strip():
                self._extra(Block("attribute", attribute.value, element, hiding, attribute.name, state.container))

    def _extra(self, block: Block) -> None:
        self.blocks.append(block)
        self.lists.append(-1)
        self.named.append(-1)

    def _meta(self, element: int, token: int, got: dict[str, str]) -> None:
        content = got.get("content", "")
        if not content.strip():
            return
        key = (got.get("property") or got.get("name") or got.get("itemprop") or "").strip().lower()
        if key == "og:url":
            self.sites.append(host_of(content))
        elif not self.language and got.get("http-equiv", "").lower() == "content-language":
            self.language = re.split(r"[-_,]", content.strip(), maxsplit=1)[0].lower()
        shown = key in _META or key.startswith(("og:", "twitter:", "article:"))
        facts = facts_of_tag(key, MappedText(content, ()), "meta")
        if shown or facts:
            attributes = read_attributes(self.source, *self._place(token), self.page.id)
            value = next(attribute.value for attribute in attributes if attribute.name == "content")
            if shown:
                self._extra(Block("meta", value, element, None, key))
            self.facts += facts_of_tag(key, value, "itemprop" if "itemprop" in got else "meta")

    def _property(self, element: Element, name: str) -> None:
        """Read a microdata property: its `content`, `datetime` or `href`, else the text of the element."""
        for attribute in read_attributes(self.source, element.open.start, element.open.end, self.page.id):
            if attribute.name in {"content", "datetime"} or (attribute.name == "href" and element.tag == "link"):
                self.facts += facts_of_tag(name, attribute.value, "itemprop")
                return
        starts, texts = self.tokens.starts, self.tokens.texts
        first = bisect_left(starts, element.open.end)
        parts: list[MappedText] = []
        for run in range(first, min(first + _FAR_APART, len(texts))):
            if starts[run] >= element.span.end:
                break
            if texts[run].strip():
                start = starts[run] + len(texts[run]) - len(texts[run].lstrip())
                parts.append(resolve(self.source, start, start + len(texts[run].strip())))
        if parts and len(parts) <= 4:
            self.facts += facts_of_tag(name, join(parts, " "), "itemprop")

    def _own_site(self, hosts: Sequence[str]) -> str:
        """Return the page's host: of its address, else of what it says of itself where its links agree."""
        if self.page.url:
            return host_of(self.page.url)
        said = [host for host in self.sites if host]
        if not said:
            return ""
        counts = Counter(filter(None, hosts))
        most = max(counts.values(), default=0)
        return next((host for host in said if counts.get(host, 0) == most), "")

    def _link(self, link: tuple[int, dict[str, str], list[int]], href: str, host: str, rank: Sequence[int]) -> Link:
        element, got, runs = link
        rel = tuple(got["rel"].lower().split()) if "rel" in got else ()
        parts: list[tuple[int, int, int]] = []  # block, begin, end
        for run in runs:
            part = self.link_runs[run]
            if part[0] < 0:
                continue
            if parts and parts[-1][0] == part[0]:
                parts[-1] = (part[0], parts[-1][1], part[2])
            else:
                parts.append(part)
        if not parts:
            return Link(href, host, _NOTHING, rel, element, -1, 0)
        anchors: list[MappedText] = []
        at = 0
        for block, begin, end in parts:
            text = self.blocks[block].text
            if begin or end < len(text.text):
                inside = text.text[begin:end]
                begin += len(inside) - len(inside.lstrip())  # noqa: PLW2901 -- without the white at its ends
                end = max(begin, end - len(inside) + len(inside.rstrip()))  # noqa: PLW2901
                text = text.slice(Span(begin, end))
            if not anchors:
                at = begin
            anchors.append(text)
        if "author" in rel and anchors[0].text:
            self.facts.append(Fact("author", anchors[0].text, "link", anchors[0].place()))
        anchor = anchors[0] if len(anchors) == 1 else join(anchors, " ")
        return Link(href, host, anchor, rel, element, rank[parts[0][0]], at)

    def _settle_furniture(self) -> None:
        """Undo furniture that only a class name tells of where it holds most of the page."""
        held: dict[int, int] = {}
        total = 0
        for block, named in zip(self.blocks, self.named, strict=True):
            if block.hiding is None and block.role not in {"attribute", "meta", "data"}:
                total += len(block.text.text)
                if named >= 0 and block.container != "comment":
                    held[named] = held.get(named, 0) + len(block.text.text)
        wrong = {element for element, size in held.items() if size > _MOSTLY * total}
        if wrong and total >= _SHORT:
            for at, named in enumerate(self.named):
                if named in wrong:
                    block = self.blocks[at]
                    role: Role = block.role
                    if role == block.container:
                        role = "list_item" if self.lists[at] >= 0 else "paragraph"
                    self.blocks[at] = msgspec.structs.replace(block, container=None, role=role)

    def _settle_lists(self, links: Sequence[Link], rank: Sequence[int]) -> None:
        """Call a list of short items that are links navigation."""
        inside_of: dict[int, int] = {}
        for link in links:
            if link.block >= 0:
                inside_of[link.block] = inside_of.get(link.block, 0) + len(link.anchor.text)
        sums: dict[int, tuple[int, int, int]] = {}
        for at, listed in enumerate(self.lists):
            if listed >= 0:
                items, size, inside = sums.get(listed, (0, 0, 0))
                sums[listed] = items + 1, size + len(self.blocks[at].text.text), inside + inside_of.get(rank[at], 0)
        dense = {
            at
            for at, (items, size, inside) in sums.items()
            if items >= 3 and inside >= 0.8 * size and size <= 40 * items
        }
        if dense:
            for at, listed in enumerate(self.lists):
                if listed in dense and self.blocks[at].role == "list_item":
                    self.blocks[at] = msgspec.structs.replace(self.blocks[at], role="navigation")


def _controlled(source: str) -> frozenset[str]:
    """Return the ids of what buttons and links of the page open."""
    found: set[str] = set()
    for words in _CONTROLS:
        at = source.find(words)
        while at >= 0:
            at += len(words)
            if identifier := _IDENTIFIER.match(source, at):
                found.add(identifier.group(1))
            at = source.find(words, at)
    return frozenset(found)


def _first(block: Block) -> int:
    return block.text.pieces[0].page_start if block.text.pieces else 0
