"""Pages that are spam from end to end get the verdict and no cuts; injected and honest pages never do."""

from __future__ import annotations

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
