"""Invented brands, addresses and other values for the project's own advertising texts; nobody's real name."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_ONSETS = "b br c ch d dr f g gr h j k kr l m n p pr r s sh st t tr v w z kh bh".split()
_VOWELS = "a e i o u a i o ai ee oo au".split()
_CODAS = ["", "", "", "n", "r", "l", "x", "t", "m", "s"]
_LUCK = "7 8 9 11 21 24 33 55 66 77 88 99 100 138 168 247 303 333 365 500 777 888 999 5000".split()
_PARTS: dict[str, tuple[str, ...]] = {
    "cricket": ("bet", "exch", "book", "play", "win", "sky", "fair", "baji", "khel", "11x", "id", "exchange", "cric"),
    "slot": ("slot", "toto", "hoki", "judi", "togel", "bet", "4d", "gacor", "jp", "cuan", "raja", "dewa", "play"),
    "casino": ("casino", "spin", "spins", "bet", "vegas", "play", "win", "jackpot", "slots", "royal", "lucky"),
    "lottery": ("lottery", "club", "win", "lotto", "game", "satta", "matka", "color", "games"),
    "bahis": ("bet", "bahis", "giris", "casino", "win"),
    "house": ("bet", "win", "vip", "club", "88", "79", "fun", "vin"),
    "pharmacy": ("rx", "meds", "pharm", "pills", "pharmacy", "drugs", "tabs", "health", "chem"),
    "plain": ("hub", "pro", "zone", "desk", "world", "now", "express", "direct", "group", "lab", "nest", "mart", "ly"),
}
_KINDS = (
    ("cricket", r"cricket|exchange|betting|sport"), ("slot", r"slot|judi|togel|thai|indones"),
    ("bahis", r"turk|bahis"), ("house", r"viet|chinese|korea|japan"), ("lottery", r"lotter|colou?r|satta|matka"),
    ("casino", r"casino|gambl|poker"), ("pharmacy", r"pharm|pill|steroid|weight|cbd|vape|drug"),
)  # fmt: skip
_TLDS = "com net org info co io me xyz top vip club online site live shop store in bet win games biz to".split()
PLACES = (
    "Leeds Austin Perth Mumbai Toronto Manila Dubai Lisbon Warsaw Jaipur Chicago Dublin Denver Houston Sydney Brisbane "
    "Madrid Milan Berlin Lyon Delhi Lahore Karachi Lagos Nairobi Cairo Bangkok Hanoi Jakarta Istanbul Kyiv Miami"
).split()
_DRUGS = (
    "viagra cialis levitra tadalafil sildenafil tramadol xanax ambien phentermine modafinil ivermectin amoxicillin "
    "oxycodone adderall valium gabapentin prednisone doxycycline semaglutide ozempic clomid propecia finasteride soma"
).split()


class Maker:
    """Fills the fields of a text: `{brand}`, `{domain}`, `{place}`, `{n}`, `{price}`, `{phone}`, `{drug}`."""

    def __init__(self, rng: random.Random, places: Sequence[str] = PLACES) -> None:
        self.rng, self.places = rng, places

    def brand(self, family: str) -> str:
        """Return a brand as such trades make them: syllables, a word of the trade, a lucky number."""
        rng = self.rng
        kind = next((kind for kind, pattern in _KINDS if re.search(pattern, family)), "plain")
        name = "".join(self._syllable() for _ in range(rng.choice((1, 2, 2, 2, 3))))
        part, luck = rng.choice(_PARTS[kind]), rng.choice(_LUCK)
        if kind in {"plain", "pharmacy"}:
            shapes = (
                name + part,
                f"{name} {part}",
                part + name,
                name + self._syllable(),
                f"{name}{part}{rng.choice(_LUCK)}",
            )
        else:
            # fmt: off
            shapes = (name + part, name + part + luck, name + luck, luck + name, f"{name} {part}", f"{name} {luck}",
                      part + luck, luck + part, name + luck + part, f"{name} {part} {luck}", part + name + luck)
            # fmt: on
        made = rng.choice(shapes)
        return rng.choice((made, made, made.title(), made.upper() if rng.random() < 0.3 else made.title()))

    def domain(self, family: str) -> str:
        """Return an address that such a brand would have."""
        slug = re.sub(r"[^a-z0-9-]", "", self.brand(family).lower().replace(" ", self.rng.choice(("", "", "-"))))
        return f"{slug}.{self.rng.choice(_TLDS)}"

    def fill(self, text: str, family: str) -> str:
        """Return a text with a value in the place of every field."""
        brand, domain = self.brand(family), self.domain(family)
        rng = self.rng

        def value(match: re.Match[str]) -> str:  # noqa: PLR0911 (a table of fields)
            match match[1]:
                case "brand":
                    return brand
                case "domain":
                    return domain
                case "place":
                    return rng.choice(self.places)
                case "drug":
                    return rng.choice(_DRUGS)
                case "n":
                    return rng.choice(("5", "10", "20", "50", "100", "200", "500"))
                case "price":
                    return rng.choice(("$", "£", "€", "Rs ")) + rng.choice(
                        ("0.99", "5", "19", "50", "99", "250", "500")
                    )
                case "phone":
                    parts = (rng.randint(200, 999), rng.randint(200, 999), rng.randint(1000, 9999))
                    return f"+{rng.randint(1, 99)} {' '.join(map(str, parts))}"
            raise ValueError(f"no such field: {match[0]}")

        return re.sub(r"{(\w+)}", value, text)

    def _syllable(self) -> str:
        return self.rng.choice(_ONSETS) + self.rng.choice(_VOWELS) + self.rng.choice(_CODAS)
