"""What a text advertises: trade words, brands, drugs, addresses and the rules' own phrases, gathered into phrases.

A seed is one sign of an injected trade. A phrase is what a seller would have typed into a search box round it:
`where to buy cheap viagra online`, `goldbet7.com login`, `best online casino australia`. Seeds come from the rule packs
and from morphology, so that an empty pack leaves most of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from audit.page.links import is_primary
from audit.rules.match import compile_pattern
from audit.spam.morphology import brand, domain
from audit.spam.shapes import WORD
from audit.spam.wording import stretches
from audit.text.folding import Folded
from audit.text.span import Span

SeedKind = Literal["term", "brand", "address", "trade", "drug", "offer", "listed", "wording"]


class Seed(msgspec.Struct, frozen=True, order=True, gc=False):
    """One sign of a trade."""

    start: int
    end: int
    kind: SeedKind
    family: str
    weight: float
    rule: str = ""
    """Id of the pack rule that found it; empty for morphology."""


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """Seeds that stand together, with the words of offer and place between and beside them."""

    span: Span
    seeds: tuple[Seed, ...]
    offers: int
    """Words of offer in it: `buy`, `online`, `login`."""

    @property
    def is_marked(self) -> bool:
        """Whether a sign of a trade stands in it, not wording alone."""
        return self.seeds[0].kind != "wording"

    @property
    def weight(self) -> float:
        """How much it says: its different seeds, and more with words of offer beside them."""
        seen: dict[tuple[int, int], float] = {}
        for seed in self.seeds:
            at = (seed.start, seed.end)
            seen[at] = max(seen.get(at, 0.0), seed.weight)
        return min(2.5, sum(seen.values())) + 0.35 * min(self.offers, 3)


TRADE_WORDS: dict[str, tuple[float, str]] = {
    word: (weight, family)
    for weight, family, words in (
        (1.0, "gambling", "gacor maxwin togel judi satta matka bahis sabung sportsbook sportsbooks parlay rummy"),
        (1.0, "gambling", "bandar iddaa cược punters"),
        (0.7, "gambling", "casino casinos kasino blackjack roulette baccarat poker jackpot betting exch cassino"),
        (0.25, "gambling", "slot slots exchange lottery bookmaker bookmakers bet bets rtp mahjong scatter toto spins"),
        (0.7, "pharmacy", "viagra cialis levitra kamagra sildenafil tadalafil vardenafil tramadol xanax phentermine"),
        (0.3, "pharmacy", "pharmacy pharmacies drugstore pills meds pill drugs"),
        (0.7, "essay", "essay essays"),
        (0.3, "essay", "homework dissertation thesis coursework assignment"),
        (0.8, "loans", "payday"),
        (0.3, "loans", "loan loans lender lenders"),
        (0.3, "counterfeit", "replica replicas outlet jerseys knockoff handbags sneakers"),
        (0.7, "adult", "escorts porn bokep xxx camgirls"),
        (0.3, "adult", "escort"),
        (0.3, "streaming", "iptv"),
        (0.3, "followers", "followers backlinks dofollow"),
        (0.3, "smoking", "vape vapes vaporizer"),
        (0.3, "crypto", "bitcoin crypto forex ethereum usdt airdrop altcoin altcoins dogecoin"),
    )
    for word in words.split()
}  # fmt: skip
"""Words of a trade as they stand alone; 0.3 and less is a word with an honest life beside it."""

OFFER_WORDS = frozenset(
    "login signin signup sign log register registration online apk app download downloads id ids whatsapp bonus"
    " bonuses deposit promo free best top cheap cheapest buy buying order ordering purchase purchasing discount"
    " discounted discounts sale sales price prices cost generic overnight delivery shipping rx otc service services"
    " review reviews site sites website link links live money sell shop store brand tablets capsules over counter"
    " prescription script pay paypal echeck coupon writing writers writer write paper papers help custom college"
    " term research professional number customer betting games game club vip play player bet win real"
    " daftar situs terpercaya resmi terbaik alternatif hari malam ini giris kayit siteleri bonusu indonesia instant"
    " clearance luxury full movie movies hd premium accounts subscription mod watch fake grade factory dating"
    " girl girls call girl funding deals subscribers wallet giveaway recovery expert trading colour prediction"
    " chart result code gift invite güncel adres mobil bonusu veren üyelik yükle cash mobile spins wagering"
    " roller room deposits pulsa link recharge demo admin fast quick same day approval guaranteed internet near"
    " me wholesale authentic designer official agents bookmaker".split()
)
"""What a seller puts beside the thing: not a sign alone, since honest pages order refills and log in too."""

PLACES = frozenset(
    "usa us uk canada canadian india indian australia australian america american european europe mexico mexican"
    " toronto chicago london nyc york uae dubai singapore malaysia thailand indonesia philippines bangladesh pakistan"
    " nepal deutschland germany france italia espana turkey turkiye".split()
)
_GLUE = frozenset(
    "for in to the of a an i do can you where how my me is it by with from at and or without no not only mg".split()
)

_DRUG = (
    r"afil|statin|pril|sartan|olol|cillin|mycin|azole|oxacin|zepam|zolam|codone|morphone|triptyline|oxetine|dipine"
    r"|prazole|tidine|gliptin|formin|triptan|barbital|cycline|zosin|semide|thiazide|profen|nisolone|nisone|clovir"
    r"|lactone|modafinil|metformin|tadine|caine|phene|thromax|bupropion|piclone|pidem|glutide|zepatide|gabalin|gabapentin"
    r"|methadone|traline|faxine|adol|termine|ketamine|tretinoin|thyroxine|trozole|oxifen|steride|listat|phenidate|prodol"
    r"|mectin|chloroquine|bolone|terolone"
)
_OFFER = (
    r"(?:with(?:out|outh?)|no)\s+(?:a\s+|any\s+|prior\s+)?(?:prescriptions?|script|rx)\b"
    r"|\bfor\s+sale\b|\bover\s+the\s+counter\b|\bnext[\s-]day\s+delivery\b|\bovernight\s+(?:shipping|delivery)\b"
    r"|\b(?:buy|order|purchase|cheap|generic|discount)\s+(?:[a-z-]{4,}\s+){0,2}?(?:online|overnight|cheap)\b"
    r"|\bwhere\s+(?:can|to)\s+(?:i\s+|you\s+)?(?:buy|order|purchase)\b|\bcash\s+on\s+delivery\b"
    r"|\b(?:write|do)\s+my\s+(?:essay|paper|homework|thesis|assignment|research\s+paper)s?\b"
)
_UNSPACED = compile_pattern(
    r"(?P<gambling>カジノ|スロット|パチンコ|百家樂|百家乐|老虎機|老虎机|赌场|賭場|博彩|投注|บาคาร่า|สล็อต|พนัน|คาสิโน|หวย|แทงบอล|เว็บตรง"
    r"|nhà cái|nổ hũ|cá cược|xổ số|đổi thưởng|soi kèo|bắn cá|казино|букмекер|ставки на|игровые автоматы|카지노"
    r"|토토사이트|바카라)"
    r"|(?P<counterfeit>スーパーコピー|激安|コピー時計|偽物|ブランド財布|正規品|高仿)|(?P<shop>送料無料|通販|最安値|公式オンラインショップ|入金不要|註冊送)"
    r"|(?P<pharmacy>виагр[аоуы]|сиалис|купить\s+\w+\s+без\s+рецепта|バイアグラ|伟哥|壯陽)"
)
_COMMERCE = compile_pattern(
    r"\b(?:cheap|cheapest|buy|free|download|login|promo|bonus|discount|deals?|clearance|wholesale|outlet"
    r"|subscription|followers"
    r"|subscribers|apk|premium|coupon|online|price|funding|approval|near me|hd|luxury|replica|fake|hire|watch"
    r"|streaming|whatsapp"
    r"|telegram|for sale|customer care|helpline|booking|refund|toll free|account|accounts|code|invite|links?"
    r"|real|instant|trading"
    r"|wallet|giveaway|expert|massage|dating|girls?|chat|loan|loans|credit|writing|essay|homework|assignment"
    r"|\d{3}[- ]\d{4})\b"
)
_FEWEST_OFFERS = 4
"""Different words of offer in one line that make it worth a look without any seed."""
_SCAN = compile_pattern(
    r"(?P<url>\b(?:https?://|www\.)[^\s<>\"'“”’)\]]+)"
    r"|(?P<host>\b[a-z0-9][a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,30}){0,2}\.(?:[a-z]{2,12})\b(?:/[^\s<>\"')\]]*)?)"
    r"|(?P<digits>\b(?:[a-z]+[\d]|\d+[a-z])[a-z0-9]*(?:-\d+)?\b)"
)
_OFFERS = compile_pattern(_OFFER)
DRUGS = compile_pattern(r"\b[a-z]{3,}(?:" + _DRUG + r")\b")
_WORDS = re.compile(r"[^\W_][\w'’.-]*[^\W_]|[^\W_]")
_TRADES = compile_pattern(r"\b(?:" + "|".join(sorted(TRADE_WORDS, key=len, reverse=True)) + r")\b")
_LETTERED = compile_pattern(
    r"\b[a-z]{0,20}(?:casino|slot|judi|togel|gacor|maxwin|poker|jackpot|bahis|betting|exch\b|matka|satta|viagra"
    r"|cialis|pharmacy"
    r"|essay|payday|escort|bet\b|rx\b)[a-z]{0,20}\b"
)
_TLDS = frozenset(
    (  # countries, less those that are little words: as, at, be, by, do, is, so
        " ac ad ae af ag ai al ao aq ar au aw ax az ba bb bd bf bg bh bi bj bm bn bo br bs bt bw bz ca cc cd cf cg ch"
        " ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg"
        " gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir it je jm jo jp ke kg kh ki"
        " km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk ml mm mn mo mp mq mr ms mt mu mv"
        " mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr pt pw qa re ro ru"
        " rw sa sb sc sd se sg si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw"
        " tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
        # for anybody, those that are sold most
        " com net org info biz asia mobi name pro tel app dev xyz top win icu buzz vip fun club site online live shop"
        " store cfd sbs cyou click lol bond rest space website tech bet casino poker bingo loan loans world today life"
        " agency company services media solutions network digital systems center group global international direct"
        " directory marketing consulting cloud email host link zone expert guru team works ventures capital finance"
        " credit money market deals discount sale gifts fashion boutique clothing jewelry watch shoes pharmacy pet"
        " photos tips wiki blog news press party date dating chat cam porn sex xxx adult"
    ).split()
)
"""With what the name of a host ends that stands in a text without a scheme. Source: IANA, root zone database."""


def seeds(folded: str, text: str, terms: Iterable[Seed]) -> tuple[Seed, ...]:
    """Return every sign of a trade, in order.

    Args:
        folded: The text in lower case and without disguise, position for position.
        text: The same as written; case tells genes from brands.
        terms: What the rule packs found.
    """
    found = list(terms)
    for match in _TRADES.finditer(folded):
        weight, family = TRADE_WORDS[match[0]]
        found.append(Seed(match.start(), match.end(), "trade", family, weight))
    for match in _SCAN.finditer(folded):
        seed = _shaped(match, text)
        if seed is not None:
            found.append(seed)
    found += _lettered(folded)
    found += (Seed(match.start(), match.end(), "offer", _offered(match[0]), 0.5) for match in _OFFERS.finditer(folded))
    if not folded.isascii():
        found += (
            Seed(match.start(), match.end(), "trade", match.lastgroup or "", 0.8 if match.lastgroup != "shop" else 0.5)
            for match in _UNSPACED.finditer(folded)
        )
    found += _dense_offers(folded)
    found += _worded(folded, found)
    if found:
        found += (Seed(match.start(), match.end(), "drug", "pharmacy", 0.3) for match in DRUGS.finditer(folded))
    return tuple(sorted(found))


def _worded(folded: str, others: Sequence[Seed]) -> list[Seed]:
    """Return the stretches that advertise by their words alone, where no other sign stands."""
    found = []
    taken = sorted((seed.start, seed.end) for seed in others)
    for one in stretches(folded):
        at = bisect_left(taken, (one.span.start, 0))
        near = taken[max(0, at - 1) : at + 1]
        if not any(start < one.span.end and one.span.start < end for start, end in near):
            weight = min(1.0, one.strength / _SURE_WORDING)
            found.append(Seed(one.span.start, one.span.end, "wording", "", weight))
    return found


_SURE_WORDING = 4.0
"""Log-odds of a stretch that say as much as a word of a trade."""


def _lettered(folded: str) -> Iterator[Seed]:
    """Yield the brands made of letters alone: `diamondexch`, `royalcasino`."""
    for match in _LETTERED.finditer(folded):
        made = brand(match[0])
        if made.strength and len(match[0]) >= _SHORTEST_BRAND:
            yield Seed(match.start(), match.end(), "brand", made.family, made.strength)


_SHORTEST_BRAND = 6


def _dense_offers(folded: str) -> list[Seed]:
    """Return the words of offer in lines that hold many different ones among few others."""
    found: list[Seed] = []
    line: list[Any] = []
    end = -1
    for match in _COMMERCE.finditer(folded):
        if match.start() > end:
            found += _dense(line, folded)
            line = []
            end = folded.find("\n", match.start())
            end = len(folded) if end < 0 else end
        line.append(match)
    return found + _dense(line, folded)


def _dense(line: list[Any], folded: str) -> list[Seed]:
    if len({match[0] for match in line}) < _FEWEST_OFFERS:
        return []
    words = len(_WORDS.findall(folded, line[0].start(), line[-1].end()))
    if words > 5 * len(line):
        return []
    return [Seed(match.start(), match.end(), "offer", "", 0.3) for match in line]


def phrases(folded: str, signs: tuple[Seed, ...]) -> tuple[Phrase, ...]:
    """Return the seeds gathered into phrases, in order; a line break, a stop and most punctuation end a phrase."""
    gathered: list[Phrase] = []
    at = 0
    while at < len(signs):
        group = [signs[at]]
        start, end, offers = signs[at].start, signs[at].end, 0
        start, offers = _back(folded, start, offers, gathered[-1].span.end if gathered else 0)
        at += 1
        while True:
            end, offers = _forth(folded, end, offers)
            if at < len(signs) and _alike(group[-1], signs[at]) and _joined(folded, end, signs[at].start):
                group.append(signs[at])
                end = max(end, signs[at].end)
                at += 1
            else:
                break
        gathered.append(Phrase(Span(start, end), tuple(group), offers))
    return tuple(gathered)


def placed(phrase: Phrase, folded: Folded) -> Phrase:
    """Return a phrase of folded text where it stands in the text itself."""
    moved = (folded.to_source(Span(seed.start, seed.end)) for seed in phrase.seeds)
    seeds_there = tuple(
        msgspec.structs.replace(seed, start=span.start, end=span.end)
        for seed, span in zip(phrase.seeds, moved, strict=True)
    )
    return Phrase(folded.to_source(phrase.span), seeds_there, phrase.offers)


def _shaped(match: Any, text: str) -> Seed | None:  # noqa: ANN401 (the bindings of re2 are not typed)
    start, end = match.span()
    if match["digits"]:
        if "@" in (text[start - 1 : start], text[end : end + 1]):
            return None  # the name of a mailbox
        made = brand(text[start:end])
        return Seed(start, end, "brand", made.family, made.strength) if made.strength else None
    address = match[0].rstrip(".,;:!?…")
    end = start + len(address)
    host = host_of(address)
    if not match["url"] and host.rsplit(".", 1)[-1] not in _TLDS:
        return None
    made = domain(host)
    return Seed(start, end, "address", made.family, made.strength) if made.strength else None


def lowered(text: str) -> str:
    """Return a text as `spaced` does, in lower case."""
    return spaced(text).lower()


def spaced(text: str) -> str:
    """Return a text with missing blanks behind full stops put in: `swimming.It` is no host."""
    return _RUN_ON.sub(". ", text)


_RUN_ON = re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z]*\b(?![./@]))")


def addresses(folded: str) -> int:
    """Return how many web addresses a text has."""
    return sum(1 for _ in hosts(folded))


def hosts(folded: str) -> Iterator[str]:
    """Yield the host of each web address in a text in lower case."""
    if "." not in folded and "://" not in folded:
        return
    for match in _SCAN.finditer(folded):
        host = host_of(match["url"] or match["host"] or "")
        if match["url"] or host.rsplit(".", 1)[-1] in _TLDS:
            yield host


def names_a_stranger(folded: str) -> bool:
    """Whether a text has a phone number, or the address of a host that is not known for medicine."""
    return any(True for _ in phones(folded)) or any(not is_primary(host) for host in hosts(folded))


_PHONE = re.compile(r"(?<![\w.,/-])\+?\(?\d[\d\s().-]{7,18}\d(?![\w/])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def phones(text: str) -> Iterator[str]:
    """Yield the phone numbers of a text, at most their last ten digits: country codes come and go."""
    for match in _PHONE.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if 9 <= len(digits) <= 15 and not _DATE.match(match[0]):
            yield digits[-10:]


def host_of(address: str) -> str:
    """Return the host of an address, with or without its scheme."""
    return address.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].split(":", 1)[0].lower()


def _offered(offer: str) -> str:
    return "essay" if " my " in offer else "pharmacy"


def _alike(left: Seed, right: Seed) -> bool:
    """Whether two seeds may make one phrase: what speaks by its words alone stays by itself."""
    return (left.kind == "wording") == (right.kind == "wording")


def _joined(folded: str, end: int, start: int) -> bool:
    """Whether the stretch between two seeds keeps them in one phrase: up to two words, no punctuation."""
    between = folded[end:start]
    if start <= end:
        return True
    if len(between) > 24 or between.strip(" \t\u00a0'’-/&+"):
        words = _WORDS.findall(between)
        return len(between) <= 24 and len(words) <= 2 and not re.search(r"[^\w\s'’&+-]|\n", between)
    return "\n" not in between


def _back(folded: str, start: int, offers: int, floor: int) -> tuple[int, int]:
    """Return where a phrase begins that has a seed at `start`, and its words of offer."""
    low = max(floor, start - 60)
    line = folded.rfind("\n", low, start) + 1
    words = list(_WORDS.finditer(folded, max(low, line), start))
    at = start
    for position in range(len(words) - 1, -1, -1):
        word = words[position]
        if folded[word.end() : at].strip(" \t\u00a0'-"):
            break
        if word[0] in OFFER_WORDS or word[0] in PLACES:
            offers += 1
            at = word.start()
        else:
            break
    asked = re.search(r"\b(?:where|how|can)\s+(?:(?:do|can|to|i|you)\s+){0,3}$", folded[max(low, line) : at])
    return (max(low, line) + asked.start(), offers) if asked else (at, offers)


def _forth(folded: str, end: int, offers: int) -> tuple[int, int]:
    """Return where a phrase ends whose last seed ends at `end`, and its words of offer."""
    at = end
    for word in _WORDS.finditer(folded, end, min(len(folded), end + 80)):
        between = folded[at : word.start()]
        if between.strip(" \t\u00a0'-") and not (between.isspace() and "\n" not in between):
            break
        if "\n" in between:
            break
        if word[0] in OFFER_WORDS or word[0] in PLACES:
            offers += 1
            at = end = word.end()
        elif word[0] in _GLUE or word[0].isdigit():
            at = word.end()
            if len(folded[end:at].split()) > 2:
                break
        else:
            break
    return end, offers


def offers(text: str) -> int:
    """Return how many words of offer a text has."""
    return sum(1 for word in WORD.findall(text.lower()) if word in OFFER_WORDS)


def families(phrases: tuple[Phrase, ...]) -> dict[str, float]:
    """Return what the phrases advertise, with the weight of each."""
    weights: dict[str, float] = {}
    for phrase in phrases:
        for seed in phrase.seeds:
            weights[seed.family] = weights.get(seed.family, 0.0) + seed.weight
    weights.pop("", None)
    return weights


def strongest(phrases: tuple[Phrase, ...]) -> Seed | None:
    """Return the seed of a pack rule that says most, the first of equals."""
    listed = [seed for phrase in phrases for seed in phrase.seeds if seed.rule]
    return max(listed, key=lambda seed: (seed.weight, -seed.start)) if listed else None
