"""The generator of injections, speaking in the project's own training texts instead of the benchmark's."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache

from benchmarks.injections import Part, Voice
from training.brands import Maker
from training.spam_wording import FOLDS, fold, texts


@cache
def _families(part: int, *, latin: bool) -> dict[str, int]:
    """Return the families of one part, each with the number of its texts: the trades that spam is full of have most."""
    said = {name: forms for name, forms in texts("spam").items() if fold(name) == part and forms.get("phrases")}
    return {
        name: sum(map(len, forms.values()))
        for name, forms in said.items()
        if not latin or 2 * sum(map(str.isascii, forms["phrases"])) >= len(forms["phrases"])
    }


class TrainingVoice(Voice):
    """Says what a spammer would, in the words of one part of the families of `training/texts/spam*.yaml`."""

    fold = 0

    def __init__(self, rng: random.Random, part: Part, strings: Mapping[str, Sequence[str]]) -> None:
        super().__init__(rng, part, strings)
        self._maker = Maker(rng)
        self._own: dict[str, str] = {}

    def family(self, *, latin: bool = False) -> str:
        """Return a family of the training texts, those with many texts more often."""
        many = _families(self.fold, latin=latin)
        return self.rng.choices(list(many), list(many.values()))[0]

    def brand(self, family: str) -> tuple[str, str]:
        """Return an invented brand and its domain; the same ones for the whole page."""
        if family not in self._named:
            self._named[family] = self._maker.brand(family), self._maker.domain(family)
        return self._named[family]

    def say(self, template: str, family: str) -> str:
        """Fill a text's fields."""
        name, domain = self.brand(family)
        return self._maker.fill(template.replace("{brand}", name).replace("{domain}", domain), family)

    def words(self, family: str, least: int, most: int) -> list[str]:
        """Return a keyword list."""
        phrases = self._forms(family, "phrases")
        picked = self.rng.sample(phrases, min(len(phrases), self.rng.randint(least, most)))
        return [self.say(phrase, family) for phrase in picked]

    def sentence(self, family: str) -> str:
        """Return a fluent sentence that sells."""
        return self.say(self.rng.choice(self._forms(family, "sentences")), family)

    def paragraph(self, family: str) -> str:
        """Return a paragraph that sells."""
        return self.say(self.rng.choice(self._forms(family, "paragraphs", "sentences")), family)

    def salad(self) -> str:
        """Return harmless review words with drug anchors between them."""
        parts: list[str] = []
        for _ in range(self.rng.randint(3, 6)):
            parts += self.rng.sample(_REVIEW, self.rng.randint(2, 5))
            parts.append(self.say(self.rng.choice(_DRUG_ANCHORS), "online-pharmacy"))
        text = " ".join(parts)
        return text[0].upper() + text[1:] + "."

    def anchor(self, family: str) -> str:
        """Return two to eight words that are worth a link."""
        return self.say(self.rng.choice(self._forms(family, "anchors", "phrases")), family)

    def order(self, family: str) -> str:
        """Return an order to a machine that reads the page."""
        known = [name for name in texts("spam") if name.startswith("ai_")]
        mine = [name for name in known if fold(name) == self.fold] or known
        return self.say(self.rng.choice(texts("spam")[self.rng.choice(mine)]["sentences"]), family)

    def comment(self, family: str) -> tuple[str, str, str]:
        """Return a commenter's name, the comment and the address in it."""
        domain = self.brand(family)[1]
        text = self.say(self.rng.choice(self._forms(family, "comments", "sentences")), family)
        name = self.rng.choice(("Karl", "Ines", "B. Osei", "visitor71", "Tom & Jo", "marta_l", "Priya", "anon"))
        return name, text if domain in text else f"{text} {domain}", domain

    def _forms(self, family: str, *forms: str) -> list[str]:
        """Return the texts of the first of some forms that a family has; a family of another's naming is replaced."""
        if family not in texts("spam"):
            family = self._own.setdefault(family, self.family())
        own = texts("spam")[family]
        return next((own[form] for form in forms if own.get(form)), own["phrases"])


def voices() -> list[type[TrainingVoice]]:
    """Return a voice for each part of the families."""
    return [type(f"Voice{at}", (TrainingVoice,), {"fold": at}) for at in range(FOLDS)]


_REVIEW = (
    "kind visit again clear staff happy answer fine clean really useful warm later photo second best note gift "
    "enjoy simple weekend open family writer glad early paper long colour fresh pleasant"
).split()
_DRUG_ANCHORS = ("buy {drug} online", "cheap {drug}", "{drug} no prescription", "order {drug}", "{drug} {n} mg online",
                 "generic {drug} sale", "{drug} overnight", "discount {drug}")  # fmt: skip
