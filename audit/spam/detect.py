"""What somebody put into the page: finders propose, features describe, the judge decides, another parser checks."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from audit.findings import Reporter
from audit.model import Action, Article, Cut, Evidence, Finding
from audit.page import parse
from audit.rules.match import Hosts, Lexical, Matcher
from audit.rules.schema import SEVERITIES, Anchor, Host, Markup, Pattern, Phrase, Rule
from audit.spam import payload, structural
from audit.spam.boundaries import grown
from audit.spam.cloaking import RULE as CLOAKING
from audit.spam.cloaking import Shown, cloaked
from audit.spam.cutting import cut, cut_elements, cut_tags, with_blank
from audit.spam.elsewhere import NOTHING, REPEATED, Elsewhere, echoes, plain, strengthened, text_of, together
from audit.spam.features import COMMENT, Features, grounds, vetoed
from audit.spam.finders import FINDERS
from audit.spam.hosts import LISTED, listed_seeds, sponsorship, suspected, trusting
from audit.spam.judge import ENOUGH, Judgement, judge
from audit.spam.look import Candidate, Look, has_comments
from audit.spam.orders import addresses_machines
from audit.spam.payload import strongest
from audit.spam.planted import PLANTED, Planted, is_own, planted
from audit.spam.shapes import ENDS
from audit.spam.topic import mentions_health
from audit.spam.units import View
from audit.spam.unmask import read
from audit.spam.verdict import PageVerdict, page_verdict
from audit.spam.verify import is_clean_cut
from audit.spam.wording import loudness, loudness_of
from audit.text.folding import Folded
from audit.text.span import Placed, Span, crossing, meets, subtract, union, without

if TYPE_CHECKING:
    from audit.rules.load import RuleSet


class Case(NamedTuple):
    """One candidate with all that became of it."""

    candidate: Candidate
    found: Features
    judgement: Judgement


class Act(NamedTuple):
    """What is done about one case; spans of the page as it came."""

    case: Case
    places: tuple[Span, ...]
    goes: tuple[Span, ...]
    """Empty for a flag."""
    look: Look
    """The page as it was judged: as it came, or less what earlier passes cut."""


class Seen(NamedTuple):
    """What a page was judged by, for those who compare pages."""

    look: Look
    cases: tuple[Case, ...] = ()
    """The candidates of the page as it came, whatever became of them; without those that could not act, if none did."""
    acts: tuple[Act, ...] = ()
    verdict: PageVerdict | None = None


class Injected(msgspec.Struct, frozen=True):
    """The injections of one page: what is reported and what goes."""

    findings: tuple[Finding, ...] = ()
    cuts: tuple[Cut, ...] = ()
    seen: Seen | None = None
    """Nothing for a page without any sign."""


def detect(article: Article, rules: RuleSet, reporter: Reporter, elsewhere: Elsewhere = NOTHING) -> Injected:
    """Return the injections of a page, in page order.

    Cuts are disjoint, and the page less them has nothing left to cut. If the independent parser does not read that page
    as the page less the cuts, none of them stands and all become flags that say so.
    """
    article = trusting(article, rules.lists)
    look = examine(article, rules)
    verdict = page_verdict(look) if look is not None else None
    if look is not None and verdict is not None and verdict.rule in _enabled(rules):
        found_page = _page_finding(look, verdict, rules, reporter)
        shown = Shown(
            plain(look.folded.text), look.view.place(verdict.quote), True, verdict.confidence, verdict.evidence
        )
        apart = _cloaking([shown], article, rules, reporter, elsewhere)
        return Injected((found_page, *apart), seen=Seen(look, verdict=verdict))
    plants, found, cases = _until_clean(article, look, rules, elsewhere)
    taken = union(span for act in found for span in act.goes)
    plants = [plant for plant in plants if plant.goes or not meets(taken, plant.found.quote)]
    rooted = union(span for plant in plants for span in (*plant.goes, plant.found.quote))
    acts = [act for act in found if not _is_part(act, rooted)]
    acting: list[Act | Plant] = [*acts, *plants]
    gone = union(span for act in acting for span in act.goes)
    sound = article.page.kind != "html" or is_clean_cut(article.page.text, gone)
    findings = (
        *(_finding(act, rules, reporter, sound=sound) for act in acts if act.places),
        *(_planted_finding(plant, rules, reporter, sound=sound) for plant in plants),
        *_redirects(article, rules, reporter),
        *_cloaking([_shown(act) for act in found if act.places], article, rules, reporter, elsewhere),
    )
    seen = Seen(look, cases, tuple(found)) if look is not None else None
    return Injected(findings, _cuts(acting, gone) if sound else (), seen)


def _shown(act: Act) -> Shown:
    judgement = act.case.judgement
    text = text_of(act.look, act.case.candidate.span)
    return Shown(text, act.places, bool(act.goes), judgement.confidence, judgement.evidence)


def _cloaking(
    shown: Sequence[Shown], article: Article, rules: RuleSet, reporter: Reporter, elsewhere: Elsewhere
) -> tuple[Finding, ...]:
    """Return the finding on what other captures of the page do not show, if there are any and it is wanted."""
    rule = _enabled(rules).get(CLOAKING)
    found = cloaked(shown, article, rule, reporter, elsewhere) if elsewhere.others and rule is not None else None
    return (found,) if found is not None else ()


class Plant(NamedTuple):
    """What is done about one planted element; spans of the page."""

    found: Planted
    goes: tuple[Span, ...]
    """Empty for a flag."""


def _plants(article: Article, rules: RuleSet) -> list[Plant]:
    """Return the planted elements that act."""
    least, enabled = rules.profile, _enabled(rules)
    return [
        Plant(one, uprooted(article, one) if one.exact and one.confidence >= max(least.cut_at, _SURELY_PLANTED) else ())
        for one in planted(article)
        if one.rule in enabled
        and one.confidence >= min(least.flag_at, _LIKELY_PLANTED)
        and one.host not in rules.lists.sponsors
    ]


_SURELY_PLANTED = 0.9
"""Least confidence for a cut of a planted element, whatever the profile: its weights are set by hand, not learned."""
_LIKELY_PLANTED = 0.5


def uprooted(article: Article, plant: Planted) -> tuple[Span, ...]:
    """Return what of the page goes with a planted element: all of it, or the tags round the page's own words."""
    if plant.lent:
        return cut_tags(article, plant.element)
    goes = cut_elements(article, (plant.element,))
    return tuple(with_blank(article.page.text, span) for span in goes) if plant.rule.endswith("anchor") else goes


def _is_part(act: Act, rooted: tuple[Span, ...]) -> bool:
    """Whether an act takes nothing but what goes with a planted element."""
    return bool(act.places) and not any(subtract([place], crossing(rooted, place)) for place in act.places)


_MOST_PASSES = 4


def _until_clean(
    article: Article, look: Look | None, rules: RuleSet, elsewhere: Elsewhere
) -> tuple[list[Plant], list[Act], tuple[Case, ...]]:
    """Return the plants and acts on a page, and on what each pass of cutting leaves of it, until nothing more is cut.

    With them come all cases of the page as it came.

    A second pass finds what the first one's spam had hidden: a page full of casinos makes one casino more look at home.
    """
    page = article.page
    acts: list[Act] = []
    plants: list[Plant] = []
    first: tuple[Case, ...] = ()
    gone: tuple[Span, ...] = ()
    for _ in range(_MOST_PASSES):
        if gone and look is not None and page_verdict(look) is not None:
            look = None  # what is left reads as spam from end to end: none of it is an injection
        kept = Kept(subtract([Span(0, len(page.text))], gone))
        planted_now = [_moved(plant, kept) for plant in _plants(article, rules)]
        cases = _cases(look, rules, elsewhere) if look is not None else ()
        first = first or cases
        found = [_act(look, case, kept) for case in choose(look, cases)] if look is not None else []
        rooted = union(span for plant in planted_now if plant.goes for span in (*plant.goes, plant.found.quote))
        cutting: list[Act | Plant] = [act for act in found if act.goes and not _is_part(act, rooted)]
        cutting += [plant for plant in planted_now if plant.goes]
        new = union(span for one in cutting for span in one.goes)
        acts = [act for act in acts if act.goes or not any(meets(new, span) for span in act.places)]
        acts += [act for act in found if act.goes or not gone]
        plants = [one for one in plants if one.goes or not meets(new, one.found.quote)]
        plants += [plant for plant in planted_now if plant.goes or not gone]
        if not cutting:
            break
        gone = union([*gone, *new])
        article = trusting(parse(msgspec.structs.replace(page, text=without(page.text, gone))), rules.lists)
        look = examine(article, rules)
    return plants, sorted(acts, key=lambda act: (act.places, act.case.candidate.rule)), first


class Kept:
    """What earlier cuts left of a page."""

    def __init__(self, pieces: tuple[Span, ...]) -> None:
        self._pieces = pieces
        self._starts = list(accumulate(map(len, pieces), initial=0))
        """Where each piece begins in the page less the cuts."""

    def before(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return where stretches of the page less the cuts stood before them, as disjoint spans in page order."""
        return union(piece for span in spans for piece in self._of(span))

    def _of(self, span: Span) -> Iterator[Span]:
        first = max(0, bisect_right(self._starts, span.start) - 1)
        for number in range(first, bisect_left(self._starts, span.end, hi=len(self._pieces))):
            piece, at = self._pieces[number], self._starts[number]
            low, high = max(span.start, at), min(span.end, at + len(piece))
            if low < high:
                yield Span(piece.start + low - at, piece.start + high - at)


def _moved(plant: Plant, kept: Kept) -> Plant:
    """Return a plant of what earlier cuts left of the page, where it stood before them."""
    pieces = kept.before([plant.found.quote])
    quote = Span(pieces[0].start, pieces[-1].end)
    return Plant(msgspec.structs.replace(plant.found, quote=quote), kept.before(plant.goes))


def _act(look: Look, case: Case, kept: Kept) -> Act:
    """Return what is done about a case of what earlier cuts left of the page, where it stood before them."""
    goes = cut(look.view, case.candidate) if case.judgement.action == "cut" else ()
    return Act(case, kept.before(look.view.place(case.candidate.span)), kept.before(goes), look)


def examine(article: Article, rules: RuleSet) -> Look | None:
    """Return the page with its signs, ready for the finders; nothing for a page without any sign."""
    article = trusting(article, rules.lists)
    view = View(article)
    folded = read(view)
    listed, helps = _listed(view, folded, rules)
    signs = payload.seeds(folded.text, folded.as_written(view.text), listed)
    phrases = payload.phrases(folded.text, suspected(signs, folded, rules.lists))
    if folded.edits:
        phrases = tuple(payload.placed(phrase, folded) for phrase in phrases)
    look = Look(view, folded, phrases, helps)
    if (
        not (phrases or folded.disguises or article.links or addresses_machines(folded.text) or has_comments(view.text))
        and view.text.isascii()
        and not look.apart
        and not look.pitched
        and not look.on_sale
        and not look.orders
        and not look.wedges
    ):
        return None
    return look


def choose(look: Look, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases that act and do not overlap, in order: the surest first, each grown to its boundaries."""
    kept: list[Case] = []
    taken: list[Span] = []
    acting = [case for case in cases if case.judgement.action is not None]
    acting, _ = _sifted(look, acting, _gives_way)
    acting, folding = _sifted(look, acting, _folds_away)
    acting, _ = _sifted(look, acting, _is_part_of_more)
    cutting = _cutting(acting)
    units = (case.candidate for case in cases if case.candidate not in folding)  # to which others may grow
    proposals = Placed(units, lambda unit: unit.span)
    odds = {case.candidate: case.judgement.log_odds for case in acting if case.judgement.action == "cut"}
    for case in sorted(acting, key=lambda case: (not _is_whole(case, cutting), *_surest_first(case))):
        if meets(taken, case.candidate.span):
            continue
        whole = grown(look, case.candidate, proposals, AsSure(odds, case.judgement.log_odds - _ABOUT_AS_SURE))
        if meets(taken, whole.span):
            whole = case.candidate
        kept.append(case._replace(candidate=whole))
        insort(taken, whole.span)
    return _bridged(look, sorted(kept, key=lambda case: case.candidate))


def _bridged(look: Look, kept: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases with sentences between two that are cut taken in, where the page has none of their words."""
    found = list(kept)
    for at, (case, behind) in enumerate(pairwise(kept)):
        span, end = case.candidate.span, behind.candidate.start
        if case.judgement.action == behind.judgement.action == "cut" and _is_bridge(look, Span(span.end, end)):
            found[at] = case._replace(candidate=msgspec.structs.replace(case.candidate, end=end))
    return tuple(found)


def _is_bridge(look: Look, between: Span) -> bool:
    """Whether what stands between two cuts is a few whole sentences of one paragraph which are not the page's."""
    text = look.view.text[between.start : between.end]
    return (
        0 < len(text.strip()) <= _LONGEST_BRIDGE
        and "\n" not in text
        and text.rstrip().endswith(ENDS)
        and look.view.text[max(0, between.start - 3) : between.start].rstrip().endswith(ENDS)
        and look.topic.shared(text) <= _OF_THE_PAGE
        and not mentions_health(text)
    )


_LONGEST_BRIDGE = 300
"""Code points."""
_OF_THE_PAGE = 0.2
"""Share of words that the page has elsewhere, up to which sentences amid advertising are no part of it."""


def _sifted(
    look: Look, acting: list[Case], leaves: Callable[[Look, Case, Placed[Case]], bool]
) -> tuple[list[Case], set[Candidate]]:
    """Return the cases that stay beside those that are cut, and the candidates that leave."""
    cutting = _cutting(acting)
    leaving = {case.candidate for case in acting if leaves(look, case, cutting)}
    return [case for case in acting if case.candidate not in leaving], leaving


def _cutting(acting: Iterable[Case]) -> Placed[Case]:
    """Return the cases to be cut by where they stand."""
    return Placed((case for case in acting if case.judgement.action == "cut"), lambda case: case.candidate.span)


_ABOUT_AS_SURE = 1.0
"""Log-odds; a sentence that is so nearly as sure as a phrase in it was put there with it."""


@dataclass(frozen=True, slots=True)
class AsSure:
    """The candidates to be cut that are as sure as something else."""

    odds: Mapping[Candidate, float]
    least: float

    def __contains__(self, candidate: object) -> bool:
        """Whether a candidate is one of them."""
        return isinstance(candidate, Candidate) and self.odds.get(candidate, -math.inf) >= self.least


def _gives_way(look: Look, case: Case, cutting: Placed[Case]) -> bool:
    """Whether a passage sells by nothing but a phrase, a link or lists in it that are cut by themselves.

    Then the rest stays. Of a reader's comment it stays beside lists alone: praise round one link is part of the bait.
    """
    span, rule = case.candidate.span, case.candidate.rule
    if rule not in _HOLDERS:
        return False
    inner = [one.candidate for one in cutting.inside(span) if one.candidate.span != span]
    lists = union(one.span for one in inner if one.rule in _LISTS)
    phrases = [one.span for one in inner if one.rule in _INNER] if rule != COMMENT else []
    beside = subtract((span,), lists) if lists else ()
    if any(_ends_a_sentence(look, part) for part in beside) and _is_quiet(look, beside):
        return True
    return any(_is_quiet(look, subtract((span,), (one,))) for one in phrases)


def _ends_a_sentence(look: Look, part: Span) -> bool:
    """Whether a stretch is as long as a sentence and ends like one, as filler between a salad's phrases does not."""
    return look.weighed(part)[0] >= _FEWEST_LEFT and look.view.text[part.start : part.end].rstrip().endswith(ENDS)


def _is_quiet(look: Look, rest: Iterable[Span]) -> bool:
    """Whether what is left of a passage says something and does not advertise."""
    words, weight = _weighed(look, rest)
    return words >= _FEWEST_LEFT and loudness_of(words, weight, look.accent) < _QUIET


def _folds_away(look: Look, case: Case, cutting: Placed[Case]) -> bool:
    """Whether an element hides the page's own words, a menu or a glossary, round spam that is cut by itself."""
    span = case.candidate.span
    if case.candidate.rule != _HIDDEN:
        return False
    inner = union(other.candidate.span for other in cutting.inside(span) if other.candidate.rule != _HIDDEN)
    rest = subtract((span,), inner)
    if not inner or sum(len(look.links_from(part)) for part in rest) >= _SOME_LINKS:
        return False
    if _is_operated(look, case.candidate):
        return True
    own, sold = _weighed(look, rest), _weighed(look, inner)
    enough = max(_FEWEST_OF_ITS_OWN, _TIMES_AS_MANY * sold[0])
    return own[0] >= enough and loudness_of(*own, look.accent) < _QUIET


def _is_operated(look: Look, candidate: Candidate) -> bool:
    """Whether a hidden element has fields, buttons or drawings: a menu, a search or a notice that the page unfolds."""
    elements = look.view.article.elements
    page = look.view.article.page.text
    return any(
        _OPERATED.search(page, span.start, span.end) is not None
        for span in (elements[number].span for number in candidate.elements)
    )


_OPERATED = re.compile(r"<(?:button|fieldset|form|input|select|svg|textarea)\b", re.IGNORECASE)


def _weighed(look: Look, spans: Iterable[Span]) -> tuple[int, float]:
    """Return how many words stretches have together, and how much they speak of advertising."""
    counts = [look.weighed(span) for span in spans]
    return sum(count for count, _ in counts), sum(weight for _, weight in counts)


_HIDDEN = "spam.hiding.hidden-text"
_FEWEST_OF_ITS_OWN = 20
_TIMES_AS_MANY = 2
"""Words of its own that a hidden element has for each that was put into it: hidden filler round spam is spam."""
_SOME_LINKS = 2
"""Links to other sites in the rest of an element; so many are a link farm."""


def _is_part_of_more(look: Look, case: Case, cutting: Placed[Case]) -> bool:
    """Whether words that break their sentence stand in a list or a reader's comment that goes as a whole."""
    span = case.candidate.span
    return span in look.wedges and any(other.candidate.rule in _WHOLES for other in cutting.around(span))


_WHOLES = frozenset({"spam.structure.lead-list", COMMENT})
_HOLDERS = frozenset({COMMENT, "spam.structure.inserted-passage"})
_LISTS = frozenset(f"spam.structure.{name}" for name in ("inline-list", "trailing-list", "lead-list", "foreign-script"))
_INNER = frozenset({"spam.structure.dropped-phrase", "spam.structure.bought-anchor"})
_FEWEST_LEFT = 4
_QUIET = 1.0
"""Log-odds, by its words alone, below which the rest of a passage is the page's own."""


def _surest_first(case: Case) -> tuple[bool, float, int, Candidate]:
    """Sort cuts before flags, and the surest first."""
    return case.judgement.action != "cut", -case.judgement.log_odds, -len(case.candidate.span), case.candidate


def _is_whole(case: Case, cutting: Placed[Case]) -> bool:
    """Whether a case to be cut is of one making as a whole: what an element hides, or a salad that no list leads in."""
    candidate = case.candidate
    if case.judgement.action != "cut":
        return False
    if candidate.rule == "spam.structure.word-salad":
        return not any(other.candidate.closed for other in cutting.inside(candidate.span))
    return candidate.rule == "spam.hiding.hidden-text" and bool(candidate.elements)


def _proposals(look: Look, rules: RuleSet) -> tuple[Candidate, ...]:
    """Return what the finders propose, less the techniques that the profile has disabled."""
    known = _enabled(rules)
    found = {candidate for find in FINDERS.values() for candidate in find(look)}
    registers = look.registers
    return tuple(
        sorted(
            candidate
            for candidate in found
            if len(candidate.span)
            and candidate.rule in known
            and not any(candidate.span in span for span in crossing(registers, candidate.span))
        )
    )


@lru_cache(maxsize=8)
def _enabled(rules: RuleSet) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules.rules}


def _cases(look: Look, rules: RuleSet, elsewhere: Elsewhere) -> tuple[Case, ...]:
    """Return the candidates of a page, each with its judgement.

    Most proposals rest on words that hardly advertise. They cannot act, only lend another case their boundaries, so
    they are looked at where there is one: on most pages there is none.
    """
    candidates = _proposals(look, rules)
    repeated = echoes(look, candidates, elsewhere)

    def case(candidate: Candidate) -> Case:
        found = grounds(look, candidate)
        if elsewhere:
            found = strengthened(look, candidate, found, elsewhere, repeated)
        judgement = _judged(look, candidate, found, rules)
        if judgement.action is not None:  # vetoes only take back, so whoever does nothing is not asked for them
            found = vetoed(look, candidate, found)
            judgement = _judged(look, candidate, found, rules)
        return Case(together(candidate, found, repeated), found, judgement)

    cases = {candidate: case(candidate) for candidate in candidates if elsewhere or _may_act(look, candidate)}
    if all(one.judgement.action is None for one in cases.values()):
        return tuple(cases.values())
    return tuple(cases[candidate] if candidate in cases else case(candidate) for candidate in candidates)


def _may_act(look: Look, candidate: Candidate) -> bool:
    """Whether a candidate may have payload, or be hidden: what has neither is never flagged."""
    span = candidate.span
    if candidate.rule not in _BY_WORDS or look.folded.disguises or not look.view.shown(span.start):
        return True
    if (
        look.links_from(span)
        or span in look.wedges
        or meets(look.apart, span)
        or meets(look.pitched, span)
        or candidate in look.on_sale
        or any(phrase.is_marked for phrase in look.within(span))
        or look.is_in_another_script(span)
        or look.is_in_another_language(span)
    ):
        return True
    return loudness(look.folded_words(span), look.accent) >= ENOUGH["reads like advertising"]


_BY_WORDS = frozenset(
    f"spam.structure.{name}"
    for name in (
        "dropped-phrase", "inserted-passage", "short-line", "list-line", "trailing-list", "lead-list", "inline-list",
    )
)  # fmt: skip
"""Forms in which nothing but words and addresses advertises."""


def _judged(look: Look, candidate: Candidate, found: Features, rules: RuleSet) -> Judgement:
    """Return the judgement, with sponsors' links noted.

    Neither a list nor repetition cuts what would not even be flagged without it.
    """
    judgement = judge(found, rules.profile)
    for name in (LISTED, REPEATED):
        if judgement.action == "cut" and name in found.values:
            others = {other: value for other, value in found.values.items() if other != name}
            if judge(msgspec.structs.replace(found, values=others), rules.profile).action is None:
                judgement = msgspec.structs.replace(judgement, action="flag")
    if judgement.action is not None:
        sponsored = sponsorship(look, candidate, rules.lists)
        if sponsored is not None:
            action: Action | None = "note" if sponsored in _enabled(rules) else None
            judgement = msgspec.structs.replace(judgement, action=action, rule=sponsored)
    return judgement


def _listed(view: View, folded: Folded, rules: RuleSet) -> tuple[list[payload.Seed], tuple[Span, ...]]:
    """Return what the rule packs find, as seeds of the folded text, and where they find a help context."""
    matcher, hosts, named = _matchers(rules)
    found: list[payload.Seed] = []
    helps: list[Span] = []
    for hit in matcher.find(folded):
        rule = matcher.rules[hit.entry]
        if isinstance(rule, Phrase | Pattern) and rule.evidence == "help":
            helps.append(folded.to_source(hit.span))
        else:
            found.append(_seed(hit.span, rule, "term"))
    if named:
        found += (_seed(hit.span, named[hit.entry], "address") for hit in hosts.find(folded.text))
        for link in view.article.links:
            if link.block >= 0 and link.host and link.anchor.text:
                span = folded.from_source(view.anchor(link))
                found += (_seed(span, named[entry], "address") for entry in hosts.of(link.host) if len(span))
    found += listed_seeds(view, folded, rules.lists)
    for own in _users_own(rules):
        places = (
            structural.anchors(own, view.article) if isinstance(own, Anchor) else structural.markup(own, view.article)
        )
        for index, part in places:
            start = view.span_of(index).start
            span = folded.from_source(Span(start + part.start, start + part.end))
            if len(span):
                found.append(_seed(span, own, "term"))
    return found, tuple(helps)


def _seed(span: Span, rule: Rule | Lexical, kind: payload.SeedKind) -> payload.Seed:
    return payload.Seed(span.start, span.end, kind, rule.id.split(".")[1], getattr(rule, "weight", 1.0), rule.id)


@lru_cache(maxsize=8)
def _matchers(rules: RuleSet) -> tuple[Matcher, Hosts, tuple[Host, ...]]:
    """Return the packs' words and hosts, compiled once for a set of rules."""
    words: tuple[Phrase | Pattern, ...] = (*rules.of(Phrase), *rules.of(Pattern))
    named = tuple(rule for rule in rules.of(Host) if rule.id.startswith("spam."))
    read = (rule for rule in words if rule.id.startswith("spam.") and rule.evidence in {"payload", "help"})
    return Matcher(read), Hosts(named), named


@lru_cache(maxsize=8)
def _users_own(rules: RuleSet) -> tuple[Anchor | Markup, ...]:
    """Return the rules on form that say themselves that they find payload; the finders see to the others."""
    forms: tuple[Anchor | Markup, ...] = (*rules.of(Anchor), *rules.of(Markup))
    return tuple(rule for rule in forms if rule.evidence == "payload")


def _finding(act: Act, rules: RuleSet, reporter: Reporter, *, sound: bool) -> Finding:
    candidate, found, judgement = act.case
    rule = _enabled(rules)[judgement.rule] if judgement.rule else _rule_of(candidate, found, rules)
    cuts = bool(act.goes)
    action: Action = "cut" if cuts and sound else "note" if judgement.action == "note" else "flag"
    why = rule.why
    if cuts and not sound:
        why = f"{why} {_NOT_CUT}"
    return reporter.finding(
        rule=rule.id,
        category="spam",
        family=found.family or "injection",
        severity=_severity(rule, action, rules),
        confidence=judgement.confidence,
        action=action,
        message=rule.message,
        why=why,
        spans=act.places,
        evidence=judgement.evidence,
    )


def _planted_finding(plant: Plant, rules: RuleSet, reporter: Reporter, *, sound: bool) -> Finding:
    found = plant.found
    rule = _enabled(rules)[found.rule]
    action: Action = "cut" if plant.goes and sound else "flag"
    return reporter.finding(
        rule=rule.id,
        category="spam",
        family=found.family,
        severity=_severity(rule, action, rules),
        confidence=found.confidence,
        action=action,
        message=rule.message,
        why=rule.why if sound or not plant.goes else f"{rule.why} {_NOT_CUT}",
        spans=[found.quote],
        evidence=found.evidence,
    )


_NOT_CUT = "Not cut: the page less this span does not parse to the page less this span."


def _redirects(article: Article, rules: RuleSet, reporter: Reporter) -> tuple[Finding, ...]:
    """Return a flag for every redirect to another site and every packed script: there is nothing to cut by itself.

    A page that says nothing and sends everybody on is a forwarding address, not an article that was hacked.
    """
    text = article.page.text
    silent = not any(block.text.text.strip() and block.role not in _ABOUT for block in article.blocks)

    def is_honest(rule: Rule, span: Span) -> bool:
        if rule.id not in _SENDING:
            return False
        address = _ADDRESS.search(text, span.start, span.end)
        return silent or (address is not None and is_own(article, address[0]))

    return tuple(
        reporter.finding(
            rule=rule.id, category="spam", family="injection", severity=rules.severity(rule), confidence=_PACKED,
            action="flag", message=rule.message, why=rule.why, spans=[span],
            evidence=[Evidence("redirect or packed script", round(math.log(_PACKED / (1 - _PACKED)), 3))],
        )
        for rule in rules.of(Markup)
        if rule.id not in PLANTED
        for span in structural.raw(rule, article)
        if not is_honest(rule, span)
    )  # fmt: skip


_SENDING = frozenset({"spam.hiding.redirect", "spam.hiding.script-redirect"})
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_ABOUT = frozenset({"title", "meta", "data", "attribute", "markup_comment"})
"""Roles of text that says what a page is about, and is not read."""
_PACKED = 0.6
"""Set by hand: more redirects and packed scripts of health sites are clumsy than hostile."""


def _rule_of(candidate: Candidate, found: Features, rules: RuleSet) -> Rule:
    """Return the rule a finding speaks in the name of: the strongest listed payload, else the technique."""
    seed = strongest(found.phrases)
    listed = seed is not None and seed.weight >= 1.0
    return _enabled(rules)[seed.rule if seed is not None and listed else candidate.rule]


_SEVERITIES: dict[Action, int] = {"cut": 4, "flag": 2, "note": 1}
"""A page that somebody else wrote into must not go out as it is; a suspicion is worth a look."""


def _severity(rule: Rule, action: Action, rules: RuleSet) -> int:
    """Return the severity of what was done, or the lower one that the profile gives the rule."""
    said = rules.severity(rule)
    return _SEVERITIES[action] if said == SEVERITIES[rule.severity] else min(said, _SEVERITIES[action])


def _cuts(acts: Sequence[Act | Plant], gone: tuple[Span, ...]) -> tuple[Cut, ...]:
    """Return what goes, each stretch with the rules that took it."""
    owners: dict[Span, set[str]] = {span: set() for span in gone}
    for act in acts:
        named = _rules_named(act)
        for span in (span for place in act.goes for span in crossing(gone, place)):
            owners[span] |= named
    return tuple(Cut(span.start, span.end, tuple(sorted(owners[span]))) for span in gone)


def _rules_named(act: Act | Plant) -> set[str]:
    if isinstance(act, Plant):
        return {act.found.rule}
    return {act.case.candidate.rule, *(s.rule for p in act.case.found.phrases for s in p.seeds if s.rule)}


def _page_finding(look: Look, verdict: PageVerdict, rules: RuleSet, reporter: Reporter) -> Finding:
    rule = _enabled(rules)[verdict.rule]
    return reporter.finding(
        rule=verdict.rule,
        category="spam",
        family=verdict.family,
        severity=4,
        confidence=verdict.confidence,
        action="flag",
        message=rule.message,
        why=rule.why,
        spans=look.view.place(verdict.quote),
        evidence=verdict.evidence,
    )
