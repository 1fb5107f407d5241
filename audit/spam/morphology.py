"""Is this token built the way brands and addresses of injected vertical markets are built?

Nothing here is a list of brands. A brand of that kind is made of few parts: a word of the trade (`bet`, `slot`,
`exch`), a word of luck or rank, and a lucky number. The parts are listed, the brands are not. Genes, scales, doses
and foot-note marks have nearly the same shape, so each has its guard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from audit.spam.topic import vocabulary
from audit.text.meaning import is_known

TRADES: dict[str, tuple[str, ...]] = {
    "gambling": (
        "casino", "kasino", "kazino", "cassino", "slot", "judi", "togel", "gacor", "maxwin", "poker", "jackpot",
        "roulette", "rulet", "blackjack", "baccarat", "bingo", "lotto", "loto", "lottery", "matka", "satta", "bahis",
        "kumar", "rummy", "patti", "sportsbook", "betting", "bookie", "sabung", "parlay", "jili", "mahjong", "nohu",
        "aposta", "apuesta", "exch", "exchange", "cric", "toto", "vegas", "joker", "wager", "gamble",
    ),
    "pharmacy": (
        "viagra", "cialis", "levitra", "kamagra", "sildenafil", "tadalafil", "tramadol", "xanax", "pharmacy",
        "pharma", "drugstore", "pills", "meds", "apotheke", "farmacia", "apteka",
        "chemist", "pharm",
    ),
    "essay": ("essay", "homework", "termpaper", "dissertation", "assignment", "coursework"),
    "loans": ("payday", "loan", "loans", "cashadvance", "kredit"),
    "counterfeit": ("replica", "outlet", "jerseys", "knockoff"),
    "adult": ("escort", "escorts", "porn", "porno", "xxx", "camgirl", "webcam", "sexcam", "bokep"),
    "crypto": ("bitcoin", "crypto", "forex", "trader"),
}  # fmt: skip
"""Words that name the trade; one inside a longer token, or beside a lucky number, makes a brand of it."""

LUCK = (
    "bet", "win", "wins", "play", "book", "spin", "lucky", "hoki", "cuan", "royal", "king", "gold", "baji", "jeet",
    "khel", "games", "game", "club", "liga", "raja", "dewa", "naga", "vip", "star", "panel", "sport", "bola", "cash",
    "88", "777",
)  # fmt: skip
"""Words of luck, rank and play: nothing by themselves, a brand with a number behind or before."""

_LUCKY_NUMBER = re.compile(
    r"(?:\d?(?:7{2,3}|8{2,3}|9{2,3}|6{2,3}|3{3}|5{3})|x?\d?(?:247|365|360)|[1-9](?:38|68|78|88|89|99|08|18|28)|"
    r"77|88|99|66|55|33|22|69|96|303|404|500|1000|5000)$"
)
_RUNS = re.compile(r"[a-z]+|\d+")
_PLAIN = frozenset(
    "alphabet sorbet tibet abet gibbet better between beta diabetes twin twins darwin baldwin edwin erwin godwin"
    " goodwin window windows winter wind wine wins winner winning display interplay screenplay airplay gameplay"
    " roleplay player players playing playground playlist facebook notebook handbook textbook ebook logbook"
    " cookbook workbook checkbook guidebook bookmark bookmarks booklet bookkeeping bookstore bookshop spinal spine"
    " spinning spina timeslot slots slotted casinos lottery lotteries exchanges exchanger exchanged exchangers"
    " exchangeable exchange exchanging interexchange ionexchange pharmacy pharmaceutical pharmaceuticals"
    " pharmacist pharmacists pharmacology"
    " pharmacologic pharmacological pharmacies pharmacokinetic pharmacokinetics pharmacodynamic pharmacotherapy"
    " pharmacogenomics pharmacovigilance biopharma biopharmaceutical pharmacopoeia pharmacotherapeutic polypharmacy"
    " pharmacogenetics pharmacogenetic psychopharmacology specialist specialists specialism totoo in-total cricoid"
    " cricothyroid cricopharyngeal cricothyrotomy cricothyroidotomy kingdom gold golden royalty club clubs clubbing"
    " clubfoot games game gaming gamer clubfeet ligament ligaments ligand ligands ligase ligation ligate star stars"
    " start starch stare starting panels panel sports sport sporting sportswear transport passport winged reexchange"
    " assignments assignment homework loans loaned essays essayist outlets replicas replicate replicated replication"
    " replicas replicase escorts escorted gambler gamblers gambles gambled wagers wagered jokers pokers prototype"
    " autotoxic hepatotoxic ototoxic total totally totals photo photos totopotency pills homeworks medsci cashew"
    " cashier cashback lotion kumari cryptococcal cryptococcus cryptorchidism cryptosporidium cryptogenic cryptic"
    " crypto cryptography cryptosporidiosis cryptosporidial cryptococcosis cryptographic slotting vegas"
    " judicial judicially judiciary judicious judiciously".split()
)
"""English and medical words that hold one of the parts."""

_PARTS = tuple((part, family) for family, parts in TRADES.items() for part in parts if len(part) >= 4)
_LETTERED = frozenset(
    "casino kasino kazino cassino slot judi togel gacor maxwin poker jackpot bahis sportsbook betting exch"
    " matka satta"
    " viagra cialis pharmacy drugstore essay payday escort bokep".split()
)
"""Trade words that make a brand without a number: `diamondexch`, `royalcasino`."""
_AFFIXES = frozenset("s es ed er ers ing al ist un re non anti pre inter super hyper".split())
_SHOUTED = ("slot", "toto", "judi", "hoki", "togel", "bet", "play", "exch", "win")
_COMMON_LABELS = frozenset("www co com org net gov edu ac m en blog".split())

_TRADE_TLDS = {"bet": "gambling", "casino": "gambling", "poker": "gambling", "bingo": "gambling", "loan": "loans",
               "loans": "loans", "porn": "adult", "xxx": "adult", "sex": "adult", "adult": "adult"}  # fmt: skip
CHEAP_TLDS = frozenset(
    "xyz top win icu buzz vip fun club site online live shop cfd sbs cyou click lol bond rest".split()
)
"""Endings that cost next to nothing; a hint beside another sign, never a sign by themselves."""


class Made(tuple[float, str]):
    """How strongly a token looks made for a trade (0 to 1.2), and which."""

    __slots__ = ()

    @property
    def strength(self) -> float:
        """From 0, nothing, to 1.2, nothing else."""
        return self[0]

    @property
    def family(self) -> str:
        """The trade; `gambling` where only luck and number speak."""
        return self[1]


NOTHING = Made((0.0, ""))


@lru_cache(maxsize=4096)
def brand(token: str) -> Made:  # noqa: PLR0911 (a cascade, surest sign first)
    """Return how much a token, without blanks and case as written, looks like a brand of an injected trade."""
    if len(token) > 40 or not token.isascii():
        return NOTHING
    runs = _RUNS.findall(token.lower())
    words = [run for run in runs if run.isalpha()]
    numbers = [run for run in runs if run.isdigit()]
    if words and not numbers and "-" not in token:
        return _lettered(words[0])
    if not words or not numbers or len(runs) > 5 or max(map(len, numbers)) > 4 or _is_symbol(token, "".join(words)):
        return NOTHING
    part, family = next((found for found in map(_trade, words) if found[0]), ("", ""))
    if not part and token.isupper() and not words[-1].endswith(_SHOUTED):
        return NOTHING
    lucky = runs[-1].isdigit() and _LUCKY_NUMBER.match(runs[-1]) is not None
    leads = runs[0].isdigit()
    if part:
        return Made((1.2 if lucky or leads or len(runs) > 2 else 1.0, family))
    word = max(words, key=len)
    size = sum(map(len, runs))
    luck = "-" not in token and any(run.startswith(LUCK) or run.endswith(LUCK) for run in words if run not in _PLAIN)
    if luck and (size >= 5 or (leads and word in {"win", "bet"})):
        return Made((1.1 if lucky or (leads and size >= 4) else 0.8, "gambling"))
    if len(word) >= 4 and (word.endswith("rx") or word.startswith("rx")):
        return Made((0.8, "pharmacy"))
    return Made((0.7, "gambling")) if _is_lucky_name(token, runs) else NOTHING


def _is_lucky_name(token: str, runs: list[str]) -> bool:
    """Whether a token is a name of its own with a lucky number behind or before it: `lotus365`, `777jaljal`."""
    if len(runs) != 2 or token.isupper() or "-" in token:
        return False
    word, number = (runs[1], runs[0]) if runs[0].isdigit() else (runs[0], runs[1])
    if word in _UNITS or _LUCKY_NUMBER.match(number) is None:
        return False
    return len(word) >= 4 or (runs[1] == number and number in {"247", "365", "777", "888"})


@lru_cache(maxsize=4096)
def domain(host: str) -> Made:
    """Return how much a host name looks made for such a trade."""
    labels = host.lower().split(".")
    if len(labels) < 2 or _HELPS.search(host.lower()):
        return NOTHING
    tld = labels[-1]
    if tld in CHEAP_TLDS and re.fullmatch(r"[a-z]{1,4}\d{1,4}", labels[-2]):
        return Made((0.9, "gambling"))
    best = Made((1.0, _TRADE_TLDS[tld])) if tld in _TRADE_TLDS else NOTHING
    cheap = 0.3 if tld in CHEAP_TLDS else 0.0
    for label in labels[:-1]:
        if label in _COMMON_LABELS:
            continue
        for word in {label.replace("-", ""): None, **dict.fromkeys(label.split("-"))}:
            made = brand(word)
            if not made[0] and word not in _PLAIN:
                part, family = _trade(word)
                part, family = (part, family) if part else _inside(word)
                if part and ("-" in label or len(word) > len(part)) and not _is_plain(word, part):
                    made = Made((0.6, family))
            if made[0] and made[0] + cheap > best[0]:
                best = Made((min(1.2, made[0] + cheap), made[1]))
    return best


_HELPS = re.compile(
    r"gambl\w*(?:aware|anonymous|harm|help|addict|therap)|(?:problem|stop|responsible)\w*gambl|gamcare|gamban"
)
"""Hosts of those who help gamblers."""


def _is_plain(word: str, part: str) -> bool:
    """Whether a word that holds that of a trade is one of any text: `judiciary`, but not `slots`."""
    return word.removesuffix("s") != part and is_known(word)


def _lettered(word: str) -> Made:
    """Return what a token of letters alone says: a trade word with something of its own before or behind it."""
    if word in _PLAIN or word in vocabulary():
        return NOTHING
    part, family = _trade(word)
    if part in _LETTERED and len(word.removesuffix("s")) - len(part) >= 3 and _is_free(part, word):
        return Made((0.7, family))
    if len(word) >= 6 and word.endswith(("bet", "rx")):
        return Made((0.5, "gambling" if word.endswith("bet") else "pharmacy"))
    return NOTHING


def _trade(word: str) -> tuple[str, str]:
    """Return the trade word at one of the ends of a word, and its family."""
    single = word.removesuffix("s")
    for part, family in _PARTS:
        if word.startswith(part) or single.endswith(part) or word.endswith(part):
            return part, family
    return "", ""


def _inside(word: str) -> tuple[str, str]:
    """Return a trade word of six letters or more anywhere in a word."""
    if "specialis" in word or "socialis" in word:  # the best known look-alikes: `cialis`
        return "", ""
    return next(((part, family) for part, family in _PARTS if len(part) >= 6 and part in word), ("", ""))


def _is_free(part: str, word: str) -> bool:
    """Whether the trade word makes a compound: no inflection or prefix of it."""
    rest = word[len(part) :] if word.startswith(part) else word.removesuffix("s")[: -len(part)]
    return rest not in _AFFIXES


def _is_symbol(token: str, word: str) -> bool:
    """Whether this is a gene, protein, scale, code or measure: capitals with a number (`MYH7`, `GAD-7`)."""
    letters = [char for char in token if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if capitals >= 2 and capitals >= len(letters) - 2 and len(letters) <= 6:
        return not word.endswith(_SHOUTED)
    return word in _UNITS or (len(letters) <= 2 and not word.endswith("x"))


_UNITS = frozenset(
    "mg mcg ml kg km cm mm iu hz khz mhz nm year years day days week weeks hour hours min mins minute month months st"
    " nd rd th am pm vitamin covid omega windows page section part figure table chapter step type phase grade stage"
    " level version".split()
)
