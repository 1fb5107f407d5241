"""How far an injection goes: a sure phrase takes along what came with it, and nothing of the page's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from spam_cases import Detect, cleaned

from audit.model import Page
from audit.page import parse
from audit.rules.load import RuleSet
from audit.spam.boundaries import grown
from audit.spam.detect import examine
from audit.spam.look import Candidate
from audit.text.span import Placed

PHRASE, LIST, PASSAGE = "spam.structure.dropped-phrase", "spam.structure.list-line", "spam.structure.inserted-passage"
INLINE, LEAD, RUN = "spam.structure.inline-list", "spam.structure.lead-list", "spam.structure.link-run"
FOREIGN, COMMENT = "spam.structure.foreign-script", "spam.structure.reader-comment"
ATTRIBUTE, TITLE, HIDDEN = "spam.hiding.attribute", "spam.hiding.title", "spam.hiding.hidden-text"

SPAM = "casino bonus"
TEXT = "Sprained ankle\nA sprained ankle swells. Rest the ankle. {} Most sprains heal at home.\nWalk when you can."
HTML = "<p>A sprained ankle swells; rest the ankle.</p>\n{}\n<p>Most sprains heal at home.</p>"


class Unit(NamedTuple):
    """A proposed unit of the page: its words, as they are read, and what it was found as."""

    words: str
    rule: str
    sure: bool = False
    closed: bool = False


def _grown(rules: RuleSet, page: str, start: Unit, units: Sequence[Unit] = ()) -> str:
    """Return the words that a unit grows to, among others on a page."""
    look = examine(parse(Page(id="page", kind="html" if page.startswith("<") else "text", text=page)), rules)
    assert look is not None

    def placed(unit: Unit) -> Candidate:
        at = look.view.text.index(unit.words)
        return Candidate(at, at + len(unit.words), unit.rule, closed=unit.closed)

    sure = [placed(unit) for unit in units if unit.sure]
    proposals = Placed(map(placed, units), lambda unit: unit.span)
    found = grown(look, placed(start), proposals, sure)
    return look.view.text[found.start : found.end]


def _goes(marked: str) -> tuple[str, str]:
    """Return the words between `⟦…⟧`, and the text without these marks and without tags."""
    plain = re.sub("<[^<>]*>", "", marked)
    return plain[plain.index("⟦") + 1 : plain.index("⟧")], re.sub("[⟦⟧]", "", plain)


EDGES = {
    "a name behind it": "Try ⟦casino bonus frindle⟧ today.",
    "a name before it": "Try ⟦Zorblat casino bonus⟧ today.",
    "two names before it": "Try ⟦Zorblat Mordwin casino bonus⟧ today.",
    "a name in capitals": "Try ⟦ZORBLAT casino bonus⟧ today.",
    "a name with a number": "Try ⟦zorbl4t casino bonus frindle7⟧ today.",
    "a name of another script": "Try ⟦зорблат casino bonus⟧ today.",
    "a short word of another script": "Try ⟦casino bonus да⟧ today.",
    "names on both sides": "Try ⟦Zorblat casino bonus frindle⟧ today.",
    "a place": "Try ⟦casino bonus Canada⟧ today.",
    "a word of offers": "Try ⟦casino bonus online⟧ today.",
    "a word of offers before it": "Try ⟦Online casino bonus⟧ today.",
    "no word of a sentence": "Try the ⟦casino bonus⟧ today.",
    "no small word before it, which may be the sentence's": "Try zorblat ⟦casino bonus⟧ today.",
    "no short word": "Try ⟦casino bonus⟧ xq today.",
    "no code": "Try ⟦casino bonus⟧ xq-73 today.",
    "no name that the page has elsewhere": "Try ⟦casino bonus⟧ frindle. A frindle helps.",
    "no plural that honest text has": "Try ⟦casino bonus⟧ sprains today.",
    "nothing behind a comma": "Try ⟦casino bonus frindle⟧, mordwin, today.",
    "nothing before a comma": "Try Zorblat, ⟦casino bonus⟧ today.",
    "nothing beyond two blanks": "Try ⟦casino bonus⟧  frindle today.",
    "six names behind it and no more": "Try ⟦casino bonus aaqq bbqq ccqq ddqq eeqq ffqq⟧ ggqq today.",
    "six names before it and no more": "Try Zzqq ⟦Aaqq Bbqq Ccqq Ddqq Eeqq Ffqq casino bonus⟧ today.",
}


@pytest.mark.parametrize("marked", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("rule", [PHRASE, INLINE])
def test_a_loose_phrase_takes_strange_words_at_its_edges(rules: RuleSet, marked: str, rule: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, TEXT.format(plain), Unit(SPAM, rule)) == goes


def test_strange_words_of_other_lines_stay(rules: RuleSet) -> None:
    assert _grown(rules, "Ankle Zorblat\ncasino bonus\nfrindle mordwin", Unit(SPAM, PHRASE)) == SPAM


def test_a_list_has_its_edges(rules: RuleSet) -> None:
    assert _grown(rules, TEXT.format("Try Zorblat casino bonus frindle today."), Unit(SPAM, LIST)) == SPAM


def test_a_link_has_its_edges(rules: RuleSet) -> None:
    page = HTML.format('<p>Rest Zorblat <a href="https://a.test/">casino bonus</a> frindle often.</p>')
    assert _grown(rules, page, Unit(SPAM, PHRASE)) == SPAM


STOPS = {
    "a full stop": "⟦Casino bonus.⟧",
    "marks that close it": "⟦Casino bonus!”)⟧",
    "not a row of marks": "⟦Casino bonus⟧!!!!",
    "not a word": "⟦Casino bonus⟧ a.",
    "not the stop of a sentence that says more": "Rest: ⟦Casino bonus⟧.",
}


@pytest.mark.parametrize("marked", STOPS.values(), ids=STOPS)
def test_a_whole_sentence_goes_with_its_stop(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, TEXT.format(plain), Unit("Casino bonus", LIST)) == goes


def test_the_last_of_two_sentences_goes_with_its_stop(rules: RuleSet) -> None:
    page = TEXT.format("Casino bonus. Slots login.")
    assert _grown(rules, page, Unit("Casino bonus. Slots login", LIST)) == "Casino bonus. Slots login."


@pytest.mark.parametrize(
    ("page", "rule"),
    [
        ("<title>Casino bonus.</title><p>Rest the ankle.</p>", TITLE),
        ('<p>Rest the ankle.</p><img alt="Casino bonus.">', ATTRIBUTE),
    ],
)
def test_a_value_has_no_full_stop(rules: RuleSet, page: str, rule: str) -> None:
    assert _grown(rules, page, Unit("Casino bonus", rule)) == "Casino bonus"


SENTENCES = {
    "it sells": "⟦Sign up for a casino bonus.⟧",
    "it sells, and names the ankle": "Deposit for a ⟦casino bonus⟧; rest the sprained ankle.",
    "it is of other things": "⟦Violets mention a casino bonus whenever purple umbrellas collapse.⟧",
    "it is of the page's things": "Raise the ankle with a ⟦casino bonus⟧ and rest the sprained ankle.",
    "all but a word": "⟦Get casino bonus.⟧",
    "all but two words": "⟦Go to casino bonus.⟧",
    "all but three words of other things": "Violets mention a ⟦casino bonus⟧.",
    "a word of five is the page's": "Violets mention ankle lanterns with a ⟦casino bonus⟧, umbrellas.",
    "a word of five is the page's, and another sells": "⟦The ankle lanterns need a login beside violets with a casino bonus.⟧",
    "two words of others beside a bare phrase": "Walk ⟦casino bonus⟧ well.",
    "a bare phrase in words of other things": "Violets mention ⟦casino bonus⟧ whenever umbrellas collapse.",
    "a bare phrase in words of health": "Doctors mention ⟦casino bonus⟧ whenever patients collapse.",
    "two sentences that sell": "⟦Deposit for a casino bonus. Play online with jackpot odds.⟧",
    "a sentence that sells by one word": "⟦Deposit for a casino bonus. The purple umbrellas need a login here.⟧",
    "a long sentence that sells by one word": (
        "Deposit for a ⟦casino bonus⟧. The purple umbrellas need a login by the lanterns, and a violet stands on the "
        "old teapots."
    ),
    "a sentence beside it of other things": "Deposit for a ⟦casino bonus⟧. The purple umbrellas collapse on lanterns.",
    "words beside it that make no sentence": "⟦Deposit for a casino bonus. Violets umbrellas purple teapots lanterns.⟧",
    "words beside it with a verb": "Deposit for a ⟦casino bonus⟧. Violets are umbrellas, purple teapots, lanterns.",
    "a sentence that sells and one that does not": "Deposit for a ⟦casino bonus⟧. The ankle swells; rest the ankle.",
    "a sentence in the page's script beside one in another": "⟦Скидки казино бонус онлайн.⟧ Walk on.",
}


@pytest.mark.parametrize("marked", SENTENCES.values(), ids=SENTENCES)
def test_a_sentence_goes_where_the_rest_of_it_sells_or_is_strange_to_the_page(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    spam = SPAM if SPAM in plain else "казино бонус"
    assert _grown(rules, TEXT.format(plain), Unit(spam, PHRASE), [Unit(plain, PASSAGE)]) == goes


def test_words_of_other_things_go_with_a_bare_phrase_on_a_long_page(rules: RuleSet) -> None:
    """A page of some length shows what it is about; a short one does not."""
    long = "Sprained ankle\n" + "\n".join(
        f"Ligament number{chr(97 + at // 6)}{chr(97 + at % 6)} bruises, tendons stretch, joints ache."
        for at in range(36)
    )
    sentence = "Violets mention casino bonus whenever umbrellas collapse."
    page = f"{long}\n{sentence}\nWalk when you can."
    assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(sentence, PASSAGE)]) == sentence
    own = "Ligament tendons mention casino bonus whenever joints stretch."
    assert _grown(rules, page.replace(sentence, own), Unit(SPAM, PHRASE), [Unit(own, PASSAGE)]) == SPAM


def test_lines_of_a_passage_are_judged_each_by_itself(rules: RuleSet) -> None:
    both = "Deposit for a casino bonus.\nPlay online with jackpot odds."
    assert _grown(rules, TEXT.format(f"\n{both}\n"), Unit(SPAM, PHRASE), [Unit(both, PASSAGE)]) == both
    one = "Deposit for a casino bonus.\nRest the sprained ankle well."
    assert _grown(rules, TEXT.format(f"\n{one}\n"), Unit(SPAM, PHRASE), [Unit(one, PASSAGE)]) == SPAM


def test_a_sentence_that_is_as_sure_goes_whole_and_nothing_more(rules: RuleSet) -> None:
    sentence = "The ankle swells after a casino bonus and rest."
    page = TEXT.format(sentence)
    assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(sentence, PASSAGE)]) == SPAM
    assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(sentence, PASSAGE, sure=True)]) == sentence
    both = f"Rest the ankle. {sentence}"
    assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(both, PASSAGE, sure=True)]) == SPAM
    assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(sentence, LIST, sure=True)]) == SPAM


def test_the_largest_unit_goes(rules: RuleSet) -> None:
    small, large = "casino bonus, teapots", "slots login, casino bonus, teapots, umbrellas"
    units = [Unit(small, LIST), Unit(large, LIST)]
    for order in (units, units[::-1]):
        assert _grown(rules, TEXT.format(large), Unit(SPAM, PHRASE), order) == large


LISTS = {
    "items that sell": "⟦casino bonus, login, ankle rest⟧",
    "items of other things": "⟦casino bonus, teapots, umbrellas⟧",
    "items of the page": "⟦casino bonus⟧, ankle rest",
    "an item in brackets before it": "(ankle) ⟦casino bonus⟧, login",
    "a footnote before it": "[1] ⟦casino bonus⟧, login",
}


@pytest.mark.parametrize("marked", LISTS.values(), ids=LISTS)
def test_a_list_goes_where_the_rest_of_it_sells_or_is_strange_to_the_page(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, TEXT.format(plain), Unit(SPAM, PHRASE), [Unit(plain, LIST)]) == goes


def test_a_list_in_a_sentence_is_no_more_than_its_items(rules: RuleSet) -> None:
    sentence = "login, casino bonus and deposit bonus."
    tail = Unit("login, casino bonus", "spam.structure.trailing-list")
    assert _grown(rules, TEXT.format(f"\n{sentence}\n"), tail, [Unit(sentence, PASSAGE)]) == tail.words


FOREIGN_RUNS = {
    "words of another script": "⟦Скидки casino bonus онлайн⟧",
    "a bracket": "⟦casino bonus”).⟧",
    "no more marks than three": "⟦casino bonus⟧ – ”).",
    "words of the page's script": "Rest the ankle, ⟦casino bonus⟧, well",
}


@pytest.mark.parametrize("marked", FOREIGN_RUNS.values(), ids=FOREIGN_RUNS)
def test_a_stretch_of_another_script_goes_whole(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, TEXT.format(plain), Unit(SPAM, LEAD), [Unit(plain, FOREIGN)]) == goes


def test_strange_words_go_with_a_stretch_of_another_script(rules: RuleSet) -> None:
    page = TEXT.format("Try казино бонус frindle today.")
    unit = Unit("казино бонус", FOREIGN)
    assert _grown(rules, page, Unit("бонус", PHRASE), [unit]) == "казино бонус frindle"


COMMENTS = {
    "it sells": "⟦Nice article about the ankle, and deposit for a casino bonus.⟧",
    "it is of other things": "⟦Nice teapots about umbrellas and lanterns, casino bonus.⟧",
    "it is of the page": "Nice article about the ankle and sprains and rest, ⟦casino bonus⟧.",
    "as long as machines write them": f"⟦{'teapots ' * 60}casino bonus.⟧",
    "longer than that": f"{'teapots ' * 61}⟦casino bonus⟧.",
}


@pytest.mark.parametrize("marked", COMMENTS.values(), ids=COMMENTS)
def test_a_comment_of_a_reader_goes_whole_where_it_is_no_persons(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, TEXT.format(plain), Unit(SPAM, PHRASE), [Unit(plain, COMMENT)]) == goes


LINK = '<a href="https://a.test/">{}</a>'
ANCHORS = {
    "most of a link": f"<p>Rest {LINK.format('⟦best casino bonus here⟧')} often.</p>",
    "less than half of a link": f"<p>Rest {LINK.format('best known ⟦casino bonus⟧ offers')} often.</p>",
    "half of a link": f"<p>Rest {LINK.format('⟦casino bonus xx yy zz w⟧')} often.</p>",
}


@pytest.mark.parametrize("marked", ANCHORS.values(), ids=ANCHORS)
def test_a_link_goes_whole_where_half_of_it_goes(rules: RuleSet, marked: str) -> None:
    goes, _ = _goes(marked)
    assert _grown(rules, HTML.format(re.sub("[⟦⟧]", "", marked)), Unit(SPAM, LIST)) == goes


ROUND_LINKS = {
    "a sentence that sells": (f"<p>⟦Deposit at the {LINK.format('casino bonus')} page.⟧</p>", PASSAGE),
    "a sentence that does not": (f"<p>Look at the {LINK.format('⟦casino bonus⟧')} page.</p>", PASSAGE),
    "a word": (f"<p>⟦Look {LINK.format('casino bonus')}⟧</p>", LIST),
    "two words": (f"<p>Look teapots {LINK.format('⟦casino bonus⟧')}</p>", LIST),
    "a run of links": (f"<p>⟦Look teapots {LINK.format('casino bonus')}⟧</p>", RUN),
}


@pytest.mark.parametrize(("marked", "rule"), ROUND_LINKS.values(), ids=ROUND_LINKS)
def test_what_surrounds_a_link_goes_where_it_sells_or_is_no_sentence(rules: RuleSet, marked: str, rule: str) -> None:
    goes, plain = _goes(marked)
    page = HTML.format(re.sub("[⟦⟧]", "", marked))
    for sure in (False, True):
        assert _grown(rules, page, Unit(SPAM, PHRASE), [Unit(plain, rule, sure=sure)]) == goes


BOUGHT = {
    "it sells in its link alone": f"<p>Rest well, the {LINK.format('⟦casino bonus⟧')} swells often.</p>",
    "it sells beside its link": f"<p>⟦Rest well, deposit at {LINK.format('casino bonus')} often.⟧</p>",
    "it names a trade beside its link": f"<p>⟦Poker is a game that hurts the ankle; rest well with {LINK.format('casino bonus')} often.⟧</p>",
    "a word beside its link": f"<p>⟦Rest {LINK.format('casino bonus')}⟧</p>",
    "two words beside its link": f"<p>Rest well {LINK.format('⟦casino bonus⟧')}</p>",
    "nothing beside its link": f"<p>{LINK.format('⟦casino bonus⟧')}</p>",
    "two links": f"<p>⟦Rest well, {LINK.format('casino bonus')} swells {LINK.format('poker odds')} often.⟧</p>",
}


@pytest.mark.parametrize("marked", BOUGHT.values(), ids=BOUGHT)
def test_of_a_sentence_the_link_goes_where_it_holds_all_that_sells(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    assert _grown(rules, HTML.format(re.sub("[⟦⟧]", "", marked)), Unit(plain, PASSAGE)) == goes


def _row(between: str) -> str:
    words = ("rosy lamps", "casino bonus", "poker odds", "slots login", "teal lamps")
    return f"<p>{between.join(LINK.format(each) for each in words)}</p>"


@pytest.mark.parametrize(("between", "whole"), [(" ", True), (" and then so ", True), (" and then so we ", False)])
def test_links_go_with_the_row_that_they_stand_in(rules: RuleSet, between: str, *, whole: bool) -> None:
    row = _row(between)
    words = re.sub("<[^<>]*>", "", row)
    sells = words[words.index("casino") : words.index(" login") + len(" login")]
    assert _grown(rules, HTML.format(row), Unit(sells, RUN)) == (words if whole else sells)


def test_two_links_are_no_row(rules: RuleSet) -> None:
    assert _grown(rules, HTML.format(_row(" ")), Unit("casino bonus poker odds", RUN)) == "casino bonus poker odds"


def test_a_row_ends_with_its_paragraph(rules: RuleSet) -> None:
    sells = "casino bonus poker odds slots login"
    page = HTML.format(_row(" ").replace("lamps</a> <a", "lamps</a></p>\n<p><a", 1).replace(" teal lamps", ""))
    assert _grown(rules, page, Unit(sells, RUN)) == sells


DISGUISED = {
    "the sentence of disguised words": "Rest on. ⟦Plаy cаsino with slоts now and then.⟧ Walk on.",
    "disguised words up to six words away": "Rest on. Go there today along with ⟦yоur many friends to see the cаsino with slоts⟧, if you like, and then rest. Walk on.",
    "no disguised word farther away": "Rest on. Yоur many good friends came to see the ⟦cаsino⟧, if you like, and then rest. Walk on.",
    "up to four plain words at its ends": "Rest on. ⟦Go and see the cаsino, it is very good.⟧ Walk on.",
    "no five plain words at its ends": "Rest on. Go and see all the ⟦cаsino⟧, it is very good here. Walk on.",
    "nothing where no word of it is disguised": "Rest on. Go to the ⟦casino⟧ now. Walk on with all of your good friends, as I sаy here.",
}  # fmt: skip


@pytest.mark.parametrize("marked", DISGUISED.values(), ids=DISGUISED)
def test_disguised_words_go_with_those_near_them(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    word = "cаsino" if "cаsino" in plain else "casino"
    assert _grown(rules, TEXT.format(f"\n{plain}\n"), Unit(word, LIST)) == goes


def test_a_lead_that_is_closed_ends_there(rules: RuleSet) -> None:
    page = TEXT.format("\ncаsino with slоts: Walk now.\n")
    assert _grown(rules, page, Unit("cаsino with slоts:", LEAD, closed=True)) == "cаsino with slоts:"
    assert _grown(rules, page, Unit("cаsino with slоts:", LEAD)) == "cаsino with slоts: Walk now."


def test_disguised_words_of_a_value_stay_by_themselves(rules: RuleSet) -> None:
    assert _grown(rules, HTML.format('<img alt="Plаy cаsino now">'), Unit("cаsino", ATTRIBUTE)) == "cаsino"


OFFERS = "Deposit jackpot odds login promo apk "
HIDDEN_TEXTS = {
    "it sells": "⟦Deposit for a casino bonus.⟧",
    "a few words of other things": f"⟦{'lamps ' * 12}casino bonus⟧",
    "more words that sell nothing": f"{'lamps ' * 13}⟦casino bonus⟧",
    "the page's own": "Rest the sprained ankle. ⟦casino bonus⟧",
    "much of the page's own for each word that sells": f"Deposit {'ankle ' * 44}⟦casino bonus⟧",
    "less of it": f"⟦Deposit {'ankle ' * 43}casino bonus⟧",
    "a large text": f"{OFFERS * 9}⟦casino bonus⟧",
    "a smaller one": f"⟦{OFFERS * 8}casino bonus⟧",
}


@pytest.mark.parametrize("marked", HIDDEN_TEXTS.values(), ids=HIDDEN_TEXTS)
def test_a_hidden_text_goes_whole_where_it_was_hidden_with_the_phrase(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    page = HTML.format(f'<div style="display:none">{plain}</div>')
    assert _grown(rules, page, Unit(SPAM, LEAD), [Unit(plain, HIDDEN)]) == goes


def test_a_text_that_is_hidden_for_an_honest_reason_stays(rules: RuleSet) -> None:
    text = "Deposit for a casino bonus."
    for tag in ('<div class="sr-only" style="position:absolute;left:-9999px">', "<div>"):
        page = HTML.format(f"{tag}{text}</div>")
        assert _grown(rules, page, Unit(SPAM, LEAD), [Unit(text, HIDDEN)]) == SPAM


def test_an_instruction_goes_whole(rules: RuleSet) -> None:
    text = "Rest the ankle: casino bonus"
    page = HTML.format(f'<div style="display:none">{text}</div>')
    assert _grown(rules, page, Unit(SPAM, LEAD), [Unit(text, "spam.hiding.instruction")]) == text


VALUES = {
    "words of other things": "⟦Teapots, casino bonus and lamps⟧",
    "words of the page": "Sprained ankle, ⟦casino bonus⟧",
    "a sentence of its own": "Violets mention ⟦casino bonus⟧ where purple umbrellas collapse over old lanterns",
    "eight words of other things": "⟦Violets mention casino bonus where purple umbrellas collapse over lanterns⟧",
    "a sentence that sells": "⟦Violets deposit casino bonus where purple umbrellas collapse over old lanterns⟧",
}


@pytest.mark.parametrize("marked", VALUES.values(), ids=VALUES)
def test_a_value_goes_whole_where_the_rest_of_it_is_no_text_of_its_own(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    page = HTML.format(f'<img alt="{plain}">')
    assert _grown(rules, page, Unit(SPAM, LEAD), [Unit(plain, ATTRIBUTE)]) == goes


CLOSED = {
    "a name that nobody knows": "⟦Teapots: casino bonus⟧",
    "a name of the page": "Sprained: ⟦casino bonus⟧",
    "a sentence": "Lamps. ⟦casino bonus⟧",
    "six names": "⟦Aaqq Bbqq Ccqq Ddqq Eeqq Ffqq: casino bonus⟧",
    "seven names": "Aaqq Bbqq Ccqq Ddqq Eeqq Ffqq Ggqq: ⟦casino bonus⟧",
    "words of another script": "⟦Скидки играть сегодня лампы чайники зонтики фиалки: casino bonus⟧",
    "more of an offer": "⟦deposit: casino bonus⟧",
    "an offer behind a full stop": "⟦Ok. Login: casino bonus⟧",
    "an offer that is longer than the list": "Jackpot odds login promo apk discount coupon: ⟦casino bonus⟧",
}


@pytest.mark.parametrize("marked", CLOSED.values(), ids=CLOSED)
def test_what_stands_before_a_list_in_a_value_goes_where_it_belongs_to_it(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    page = HTML.format(f'<img alt="{plain}">')
    unit = Unit(plain, ATTRIBUTE, closed=True)
    assert _grown(rules, page, Unit(SPAM, ATTRIBUTE, closed=True), [unit]) == goes


TITLES = {
    "the page's name before it": "Sprained ankle | ⟦casino bonus⟧",
    "the page's name behind it": "⟦casino bonus⟧ | Sprained ankle",
    "half of it stands on the page": "Sprained teapots | ⟦casino bonus⟧",
    "less than half of it stands on the page": "⟦Sprained teapots lamps | casino bonus⟧",
    "names of other things": "⟦Teapots lamps | casino bonus⟧",
    "names of other things behind it": "⟦casino bonus | Teapots lamps⟧",
    "an offer": "⟦Sprained ankle deposit | casino bonus⟧",
    "another trade": "⟦poker odds | ankle | casino bonus⟧",
}


@pytest.mark.parametrize("marked", TITLES.values(), ids=TITLES)
def test_of_a_title_the_list_goes_and_the_name_of_the_page_stays(rules: RuleSet, marked: str) -> None:
    goes, plain = _goes(marked)
    page = f"<title>{plain}</title><p>A sprained ankle swells.</p><p>Rest the sprained ankle.</p>"
    segment = Unit(SPAM, TITLE, closed=True)
    assert _grown(rules, page, Unit(plain, TITLE), [segment]) == goes
    name_stays = marked.endswith(f"| ⟦{goes}⟧")
    assert _grown(rules, page, Unit(plain, TITLE, closed=True), [segment]) == (f" | {goes}" if name_stays else plain)


def test_a_name_of_which_half_stands_in_an_address_is_the_pages(rules: RuleSet) -> None:
    page = '<title>Zurbach teapots | casino bonus</title><p>Rest the <a href="/zurbach">ankle</a>.</p>'
    segment = Unit(SPAM, TITLE, closed=True)
    assert _grown(rules, page, Unit("Zurbach teapots | casino bonus", TITLE), [segment]) == SPAM


def test_a_sentence_of_another_script_leaves_its_neighbour(rules: RuleSet) -> None:
    both = "Скидки казино бонус онлайн. Walk on."
    start = Unit("казино бонус", "spam.structure.word-salad")
    assert _grown(rules, TEXT.format(both), start, [Unit(both, PASSAGE)]) == "Скидки казино бонус онлайн"
    one = "Скидки казино бонус онлайн."
    assert _grown(rules, TEXT.format(both), start, [Unit(one, PASSAGE)]) == one


def test_elements_of_a_phrase_go_with_what_it_grows_to(rules: RuleSet) -> None:
    look = examine(parse(Page(id="page", kind="html", text=HTML.format("<p>Casino bonus.</p>"))), rules)
    assert look is not None
    at = look.view.text.index("Casino")
    found = grown(look, Candidate(at, at + len(SPAM), LIST, elements=(3,)), Placed((), lambda unit: unit.span))
    assert (len(found.span), found.elements) == (len("Casino bonus."), (3,))


def test_the_longest_list_of_a_title_goes(rules: RuleSet) -> None:
    page = "<title>Sprained ankle | slots, casino bonus</title><p>A sprained ankle swells. Sprained.</p>"
    units = [Unit(words, TITLE, closed=True) for words in ("casino bonus", "slots, casino bonus")]
    for order in (units, units[::-1]):
        assert _grown(rules, page, Unit("Sprained ankle | slots, casino bonus", TITLE), order) == "slots, casino bonus"


def test_a_link_too_small_to_see_is_all_there_is(rules: RuleSet) -> None:
    sentence = "Sign up for a casino bonus."
    unit = Unit(sentence, PASSAGE, sure=True)
    assert _grown(rules, TEXT.format(sentence), Unit(SPAM, "spam.hiding.tiny-anchor"), [unit]) == SPAM


def test_a_page_of_one_line_keeps_what_stands_before_a_list(find: Detect) -> None:
    page = "Drink water. maribook9.example login, tigra exchange, 22xbetplay online: Is a dull ache in the buttock bad?"
    assert cleaned(page, find(page)).startswith("Drink water.")
