"""Pages that are spam from end to end get the verdict and no cuts; injected and honest pages never do."""

from __future__ import annotations

import math

import pytest
from spam_cases import Detect

WHOLE = {
    "casino, English": (
        "gambling",
        (
            "MoonBet77 Casino | Online casino bonus\nPlay slots, poker and live roulette at MoonBet77 casino.\n"
            "Sign up for a casino bonus of 200%.\nOur online casino pays out jackpots within the hour.\n"
            "Deposit now and play blackjack for real money."
        ),
    ),
    "casino, Turkish": (
        "gambling",
        (
            "Yaprakbet90 Giriş - Canlı casino ve bahis\nYaprakbet90 casino sitesine hemen kayıt olun.\n"
            "Deneme bonusu veren siteler arasında slot oyunları ve canlı bahis.\nCasino bonusu her gün yenilenir.\n"
            "Rulet, poker ve blackjack masaları açık."
        ),
    ),
    "slots, Indonesian": (
        "gambling",
        (
            "Hokiraja88: situs slot gacor hari ini\nDaftar slot gacor Hokiraja88 dan dapatkan bonus deposit.\n"
            "Bandar togel dan judi bola resmi.\nLink alternatif slot maxwin malam ini.\nRTP slot tertinggi setiap hari."
        ),
    ),
    "pharmacy, English": (
        "pharmacy",
        (
            "Buy cheap Viagra online - no prescription needed\nOrder generic Cialis online with overnight delivery.\n"
            "Buy tramadol without prescription, pay by bitcoin.\nCheap Levitra for sale, discreet shipping.\n"
            "Add to cart: Kamagra 100 mg, 20% off."
        ),
    ),
    "replicas, Japanese": (
        "",
        (
            "激安ブランド財布 スーパーコピー専門店\nスーパーコピー時計を送料無料でお届け。\n"
            "激安通販、ブランド財布の割引セール中。\n偽物ではない高品質コピー時計。"
        ),
    ),
    "search page": (
        "pharmacy",
        ("Showing results for “buy viagra online without prescription”\nNo pages were found.\nTry other words."),
    ),
}


@pytest.mark.parametrize(("family", "text"), WHOLE.values(), ids=WHOLE)
def test_a_page_that_is_spam_gets_the_verdict_and_no_cuts(find: Detect, family: str, text: str) -> None:
    found = find(text)
    assert found.cuts == ()
    assert [finding.severity for finding in found.findings] == [4]
    assert found.findings[0].rule in {"spam.structure.whole-page", "spam.structure.search-doorway"}
    assert family in {"", found.findings[0].family}


SHORT = (
    "Sprained ankle\nA sprained ankle swells and hurts. Rest it, cool it and keep it raised. Most sprains heal at home."
)

NOT_WHOLE = {
    "short article with a lead list": f"{SHORT[:15]}moonbet77 login, moonbet77 casino, slot gacor online: {SHORT[15:]}",
    "short article with a trailing list": f"{SHORT}\nslotraja88 login | slot gacor | link alternatif slotraja88 | casino",
    "short article with a title injection": SHORT.replace("ankle\n", "ankle | online casino bonus\n", 1),
    "short article with a pharmacy line": f"{SHORT}\nBuy cheap Viagra online without prescription, overnight delivery.",
    "help page": (
        "Gambling disorder: how to stop betting\nPeople who gamble at an online casino may lose control.\n"
        "Call a helpline if slots, poker or sports betting harm you.\nTreatment of gambling addiction works.\n"
        "Researchers report that casino bonus offers make the disorder worse."
    ),
    "monograph": (
        "Sildenafil (Viagra)\nSildenafil treats erectile dysfunction. Viagra and Revatio are brand names.\n"
        "Take the tablet an hour before sex. Side effects are headache and flushing.\n"
        "Do not take sildenafil with nitrates; ask your doctor about tadalafil or vardenafil."
    ),
    "one sentence that names a trade": "She lost her savings at an online casino and on betting sites, and found help.",
    "search page of a clinic": "Showing results for “knee pain”\nKnee exercises\nWhen to see a doctor",
}


@pytest.mark.parametrize("text", NOT_WHOLE.values(), ids=NOT_WHOLE)
def test_no_article_gets_the_verdict(find: Detect, text: str) -> None:
    rules = {finding.rule for finding in find(text).findings}
    assert not rules & {"spam.structure.whole-page", "spam.structure.search-doorway"}


HOTEL = (
    "MoonBet77 Casino bonus\nThe casino has tables for roulette and blackjack.\nSign up and deposit at MoonBet77.\n"
    "The restaurant serves fish.\nRooms look over the water.\nPlay poker and slots at MoonBet77 casino tonight.\n"
    "A ferry stops here.\nJackpot odds are shown on the wall."
)
_THINGS = (
    "harbour garden window kitchen morning breakfast terrace library painting concert station bicycle mountain village "
    "orchard chapel fountain theatre market bakery"
).split()


def _words(number: int) -> str:
    """Return so many words without a stop: neither a trade nor a sentence."""
    return " ".join(_THINGS[(at * 7) % len(_THINGS)] for at in range(number))


_SELLS = "Slots at MoonBet77, deposit, sign up, odds."
SPARSE = "MoonBet77 Casino bonus\n" + "\n".join([_words(60), _words(60), _words(30), _SELLS] * 5)
QUIET_HEAD = "Casino evenings\n" + "\n".join([_words(60), _words(30), _SELLS] * 5)
OFFERED = "Buy cheap Viagra online\n" + "\n".join(
    [_words(60), _words(60), "Cheap Viagra for sale, buy Cialis online with overnight delivery, add to cart, bitcoin."]
    * 4
)
WEIGHED = {
    "sells in its head, and an article beside": (
        HOTEL,
        {"title or head sells": 3.0, "sells all over the page": 1.5, "lines that sell": 2.0,
         "density of the trade": 3.0, "promotion": 2.0, "an article beside it": -3.5},
    ),
    "a head that sells less than fully": (
        ("Escorts in London | hot escorts\nOur models and escorts meet you in your hotel, incall or outcall.\n"
        "Escorts for dinner, travel and parties; whatsapp us and book now.\nAll escorts are of age."),
        {"title or head sells": 2.52, "sells all over the page": 1.0, "lines that sell": 2.0,
         "density of the trade": 3.0, "promotion": 1.6, "nothing else on the page": 2.0},
    ),
    "a help word in a shop": (
        WHOLE["pharmacy, English"][1],
        {"title or head sells": 3.0, "sells all over the page": 2.0, "lines that sell": 2.0,
         "density of the trade": 3.0, "promotion": 2.0, "nothing else on the page": 2.0, "help or warning": -1.0},
    ),
    "few words that sell among many": (
        SPARSE,
        {"title or head sells": 3.0, "sells all over the page": 2.0, "lines that sell": 1.0,
         "density of the trade": 0.937, "promotion": 2.0, "nothing else on the page": 2.0},
    ),
    "words of offers, which are no words of the trade": (
        OFFERED,
        {"title or head sells": 3.0, "sells all over the page": 1.5, "lines that sell": 1.333,
         "density of the trade": 2.017, "promotion": 1.2, "nothing else on the page": 2.0},
    ),
    "one word in the head": (
        QUIET_HEAD,
        {"title or head sells": 0.84, "sells all over the page": 2.0, "lines that sell": 1.333,
         "density of the trade": 1.528, "promotion": 1.6},
    ),
    "a title whose trade is the matter": (
        ("Online casino slots bonus and lottery harbour news\nHarbour lottery tickets: harbour news of the week.\n"
        "Play slots at the online casino, harbour bonus lottery.\n"
        "The harbour has news for the lottery and the casino bonus today.\n"
        "Lottery news from the harbour: jackpots at the casino.\n"
        "Harbour news and lottery results with casino bonus codes."),
        {"title or head sells": 3.0, "sells all over the page": 2.5, "lines that sell": 2.0,
         "density of the trade": 3.0, "promotion": 0.8, "the title's trade is the page's matter": 2.5,
         "nothing else on the page": 2.0},
    ),
    "three words of promotion": (
        ("Essay writing service | buy essays online\nOur writers write my essay for you.\n"
        "Order now: essay, dissertation and homework help with 20% off.\nEssays by experts, payment by card."),
        {"title or head sells": 3.0, "sells all over the page": 1.0, "lines that sell": 2.0,
         "density of the trade": 3.0, "promotion": 1.2, "nothing else on the page": 2.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "weights"), WEIGHED.values(), ids=WEIGHED)
def test_what_weighs_how_much(find: Detect, text: str, weights: dict[str, float]) -> None:
    (finding,) = find(text).findings
    assert {item.name: item.weight for item in finding.evidence} == {"base rate": -5.0, **weights}
    total = sum(weights.values()) - 5.0
    assert finding.confidence == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-4)
    assert "".join(text.split("\n")[:2]) == finding.quote.replace("\n", "")


MUCH = (
    "MoonBet77 Casino bonus\nPlay roulette, blackjack, poker and slots at MoonBet77 casino.\n"
    "Sign up and deposit at MoonBet77 for jackpots.\n{}"
    "Slots gacor, baccarat tables, croupiers, wagering, tournaments, payouts, and bonus at MoonBet77 casino tonight.\n"
    "Jackpot odds, freerolls, scratchcards, sportsbook betting, cashback, loyalty chips at MoonBet77 casino."
)
ARTICLE, NEITHER, NOTHING = "an article beside it", "", "nothing else on the page"
BESIDE = {
    "sentences of other things": (
        "The kitchen bakes bread with flour, butter, eggs and milk.\nThe restaurant serves fish with olives and lemons.\n",
        ARTICLE,
    ),
    "less than a quarter of what sells": ("The restaurant serves fish with olives and lemons.\n", NEITHER),
    "less than five words": ("The restaurant serves fish with olives.\n", NOTHING),
    "lines without an end": (
        "The kitchen bakes bread with flour, butter, eggs and milk\nThe restaurant serves fish with olives and lemons\n",
        NOTHING,
    ),
    "sentences of three words": (
        "Daughters walk home.\nChildren like fish.\nPaths lead north.\nMills grind wheat.\n", NOTHING,
    ),
    "sentences of four words": (
        "Daughters walk home slowly.\nChildren often like fish.\nPaths lead away north.\nMills grind all wheat.\n", ARTICLE,
    ),
    "the words that sell, again": (
        ("The croupiers eat bread with butter for the tournaments.\nThe restaurant serves fish at the tables in tonight's "
        "tournaments.\nThe payouts and the loyalty of the croupiers are known to the village.\n"), NEITHER,
    ),
    "one of the words that sell": (
        ("The kitchen bakes bread with flour, butter, eggs and milk for the tables.\n"
        "The restaurant serves fish with olives and lemons.\n"), ARTICLE,
    ),
    "a sale": (
        "The kitchen bakes bread with flour, butter, eggs and milk.\nThe restaurant has a sale of olives.\n", NEITHER,
    ),
    "a sale among many words": (
        ("The kitchen bakes bread with flour, butter, eggs and milk.\nThe restaurant has a sale of olives.\n"
        "A path leads along the river and past the mill.\nChildren swim in the lake when the weather is warm.\n"), ARTICLE,
    ),
}  # fmt: skip


SOFAS = (
    "Corner sofas and oak tables at half price\n"
    "Our showroom in Leeds has the cheapest mattresses and sofas of the north, all in stock and delivered free.\n"
    "Order your corner sofa online today and get a discount of 20% on every armchair and footstool.\n"
    "Shop our clearance outlet for wardrobes, bunk beds and garden furniture at unbeatable prices.\n"
    "Best deals on leather recliners: buy now, pay later, with free delivery and returns.\n"
    "Visit the website for coupons, wholesale offers and gift cards, or call our experts for a free quote.\n"
)


def test_a_shop_of_a_trade_that_no_list_names_is_told_by_its_words(find: Detect) -> None:
    evidence = _evidence(find, SOFAS)
    assert evidence["reads like advertising"] > 4
    assert evidence["lines that advertise"] > 2


def test_an_article_with_advertising_in_it_is_no_shop(find: Detect) -> None:
    knee = "The knee wears with age, and most patients walk better after three months of exercise with a therapist.\n"
    rules = {one.rule for one in find(f"{knee * 8}{SOFAS}").findings}
    assert "spam.structure.whole-page" not in rules


@pytest.mark.parametrize(
    ("query", "reflected"),
    [("buy cheap sofas online sofamonde.com", True), ("knee pain at night", False), ("nhs.uk knee exercises", False)],
)
def test_a_search_page_reflects_a_trade_by_words_or_address(find: Detect, query: str, reflected: bool) -> None:
    rules = {one.rule for one in find(f"{query} - Search\nShowing results for “{query}”\nTry another word.").findings}
    assert ("spam.structure.search-doorway" in rules) == reflected


def _evidence(find: Detect, text: str) -> dict[str, float]:
    """Return what speaks for the verdict on a page that gets it."""
    (finding,) = find(text).findings
    assert finding.rule == "spam.structure.whole-page"
    return {item.name: item.weight for item in finding.evidence}


@pytest.mark.parametrize(("beside", "said"), BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_what_sells_is_an_article_or_is_not(find: Detect, beside: str, said: str) -> None:
    assert _evidence(find, MUCH.format(beside)).keys() & {ARTICLE, NOTHING} == ({said} if said else set())


def test_an_article_may_stand_amid_lines_that_sell(find: Detect) -> None:
    article = BESIDE["sentences of other things"][0].replace("\n", " ").strip()
    page = MUCH.format("").replace("tonight.", f"tonight. {article}")
    assert ARTICLE in _evidence(find, page)


TITLED = (
    "Online casino slots bonus and museum harbour news\nHarbour museum tickets: harbour news.\n"
    "Play slots at the online casino, {}bonus.\nCasino slots and bonus jackpots today.\nRoulette at the casino, {}."
)


@pytest.mark.parametrize(
    ("page", "is_matter"),
    [
        (TITLED.format("harbour museum ", "museum"), True),
        (TITLED.format("harbour ", "museum"), False),
        (TITLED.format("harbour museum ", "museum").replace("Online", "Evening | Online", 1), True),
        (TITLED.format("harbour museum ", "museum").replace("Online casino slots bonus and", "Roulette with", 1), False),
        (TITLED.format("harbour museum ", "museum").replace("bonus and", "bonus |", 1), False),
    ],
    ids=["two words four times each", "one word less often", "another clause before it", "a trade named in passing",
         "the words in another clause"],
)  # fmt: skip
def test_a_title_is_the_matter_of_a_page_that_goes_on_about_it(find: Detect, page: str, *, is_matter: bool) -> None:
    assert ("the title's trade is the page's matter" in _evidence(find, page)) == is_matter


HEADS = {
    "one word of a trade": ("Poker", 0.84, False),
    "two weak ones": ("Roulette slots", 1.14, False),
    "two": ("Baccarat poker", 1.68, True),
    "more than it needs": ("Betting tips and online casino bonus", 3.0, True),
    "none": ("Evening news", 0.0, False),
}


@pytest.mark.parametrize(("head", "weight", "is_empty"), HEADS.values(), ids=HEADS)
def test_a_page_holds_nothing_else_where_its_head_says_so_too(
    find: Detect, head: str, weight: float, *, is_empty: bool
) -> None:
    sells = "Play slots and poker at MoonBet77 casino: sign up, deposit, jackpot odds, bonus."
    evidence = _evidence(find, "\n".join([head, "Lamps.", *[sells] * 4]))
    assert evidence.get("title or head sells", 0.0) == weight
    assert (NOTHING in evidence) == is_empty


def test_one_place_is_an_injection_unless_the_page_promotes(find: Detect) -> None:
    guests = (
        "croupiers, dealers, tourists, gamblers, strangers, musicians, dancers, magicians, comedians, acrobats, "
        "jugglers, cabaret, champagne, fireworks, limousines, helicopters, yachts, penthouses, terraces, fountains"
    )
    page = (
        "Online casino, poker, roulette\nThe restaurant serves fish with olives and lemons.\n"
        f"Come for online blackjack with {guests}, orchestras{{}}."
    )
    assert "spam.structure.whole-page" not in {one.rule for one in find(page.format(", a sale")).findings}
    assert _evidence(find, page.format(", a wallet, a sale"))["promotion"] == 1.2


def test_two_lines_below_a_title_are_a_page(find: Detect) -> None:
    _evidence(
        find, "MoonBet77 Casino bonus slots\nSign up and play poker at MoonBet77 casino.\nDeposit for jackpot odds."
    )


def test_help_takes_five_at_most(find: Detect) -> None:
    help_ = "addicts, helplines, regulators, a bill, researchers, inquiry, parliament said so"
    assert _evidence(find, f"{WHOLE['casino, English'][1]}\nCasino bonus: {help_}.")["help or warning"] == -5.0


@pytest.mark.parametrize(
    "text",
    [
        "You searched for: buy viagra online without prescription\nNo pages were found.",
        "Showing results for “buy viagra online without prescription”\nYou searched for a page. No pages were found.",
        "Search results: buy viagra online without prescription\nNo pages were found.",
    ],
)
def test_a_search_page_may_say_so_in_other_words(find: Detect, text: str) -> None:
    assert [finding.rule for finding in find(text).findings] == ["spam.structure.search-doorway"]


def test_a_search_page_is_told_by_what_was_searched_for(find: Detect) -> None:
    (finding,) = find(WHOLE["search page"][1]).findings
    assert [(item.name, item.weight) for item in finding.evidence] == [("search page for a trade", 4.0)]
    assert finding.quote.startswith("Showing results for")


@pytest.mark.parametrize(
    "text",
    [
        (
            "MoonBet77 Casino | casino bonus slots jackpot poker\n"
            "Sprained ankles swell and hurt in the first days after the injury.\n"
            "Rest the ankle, cool it with ice and keep it raised on a cushion.\n"
            "Most sprains heal at home within a few weeks without any surgery.\n"
            "Play at MoonBet77 casino and deposit for a bonus."
        ),
        (
            "Buy cheap Viagra online no prescription\nViagra treats erectile dysfunction.\n"
            "Order generic Cialis online with overnight delivery, shop now, 20% off.\n"
            "Patients with heart disease should see a doctor.\n"
            "Buy Levitra online, add to cart, free shipping and discount.\n"
            "Side effects and symptoms are rare in patients under treatment."
        ),
        "Play slots at MoonBet77 casino: sign up for a casino bonus, poker, roulette and blackjack jackpots.",
    ],
    ids=["an article between two places", "a page on health", "one line is no page"],
)
def test_what_stands_beside_it_keeps_a_page(find: Detect, text: str) -> None:
    assert "spam.structure.whole-page" not in {finding.rule for finding in find(text).findings}
