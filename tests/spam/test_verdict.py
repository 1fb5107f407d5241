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
