"""How much a medical editor would want a claim changed: the table of the guideline, and what moves it.

0 fine as it stands · 1 worth a note · 2 soften it or give a source · 3 fix before publication · 4 do not publish.
"""

from __future__ import annotations

import msgspec

from audit.model import ClaimType, Sourcing, Strength

_SOURCES: tuple[Sourcing, ...] = ("none", "vague", "specific")

_TABLE: dict[ClaimType, dict[Strength, tuple[int, int, int]]] = {
    "danger": {"booster": (4, 4, 4), "direct": (4, 4, 4), "weak": (4, 4, 4), "strong": (4, 4, 4)},
    "cure": {"booster": (4, 4, 3), "direct": (4, 3, 2), "weak": (3, 2, 2), "strong": (2, 1, 1)},
    "safe": {"booster": (4, 3, 3), "direct": (2, 2, 1), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "prevent": {"booster": (4, 3, 3), "direct": (2, 2, 1), "weak": (2, 1, 0), "strong": (1, 0, 0)},
    "treat": {"booster": (4, 3, 3), "direct": (2, 2, 0), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "cause": {"booster": (3, 3, 2), "direct": (2, 1, 0), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "compare": {"booster": (3, 3, 2), "direct": (2, 2, 1), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "dose": {"booster": (3, 3, 2), "direct": (2, 2, 1), "weak": (2, 1, 1), "strong": (1, 1, 0)},
    "diagnose": {"booster": (3, 3, 2), "direct": (2, 1, 0), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "prognose": {"booster": (3, 3, 2), "direct": (2, 1, 0), "weak": (1, 1, 0), "strong": (0, 0, 0)},
    "advise": {"booster": (3, 2, 2), "direct": (1, 1, 0), "weak": (0, 0, 0), "strong": (0, 0, 0)},
    "testimonial": {"booster": (3, 3, 3), "direct": (2, 2, 2), "weak": (2, 2, 2), "strong": (1, 1, 1)},
}
"""By type and strength; the three numbers are for the sources none, vague, specific."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What of a claim's surroundings moves its severity."""

    promotion: bool = False
    """A price, a shop, a brand's call to action; a method without accepted proof."""
    risk_group: bool = False
    """A condition or group for which a wrong promise costs most."""
    limits_said: bool = False
    """Near by stands who should not use it."""
    conditional: bool = False
    established: bool = False
    """Undisputed knowledge or accepted care."""
    most: int = 4
    """The rule's own severity: the most on a page that sells and boosts nothing; one more where something is sold."""


def severity(kind: ClaimType, strength: Strength, source: Sourcing, *, negated: bool, setting: Setting) -> int:
    """Return the severity, 0 to 4."""
    if negated:
        return 0
    base = _TABLE[kind][strength][_SOURCES.index(source)]
    if kind == "danger":
        return base
    value = base
    if kind == "safe" and not setting.limits_said:
        value += 1
    if setting.promotion:
        value = _promoted(value, kind, strength, setting)
    else:
        value = _plainly(value, kind, strength, source, setting)
    if setting.conditional:
        value -= 1
    if setting.established and strength != "booster":
        # A flat effect of accepted care is still worth a number or a source; the labels have it at 1.
        value = min(value - (kind != "treat"), 1)
    return max(0, min(4, value))


_PROMISES: frozenset[ClaimType] = frozenset({"cure", "safe", "prevent", "treat", "compare", "dose"})
_DESCRIPTIONS: frozenset[ClaimType] = frozenset({"cause", "diagnose", "prognose", "advise"})
_SIGNS: frozenset[ClaimType] = frozenset({"diagnose", "advise"})
"""Descriptions that are fine when said flat: symptoms, and sound advice; a cause or a course is worth a note."""


def _promoted(value: int, kind: ClaimType, strength: Strength, setting: Setting) -> int:
    """Return the severity where something is sold; testimonials and comparisons are selling as it is."""
    if value == 0 or kind in {"testimonial", "advise"}:
        return value
    value += 1 + (setting.risk_group and kind in _PROMISES)
    if kind == "compare":
        return min(value, 3)
    return value if strength == "booster" else min(value, setting.most + 1)


def _plainly(value: int, kind: ClaimType, strength: Strength, source: Sourcing, setting: Setting) -> int:
    """Return the severity on a page that sells and boosts nothing.

    Flat statements are normal in good text (about one in 1,000 words of NIH answers): a note or a warning, never an
    error by itself. That a stroke or a cancer is kept away is worth a warning at once. What comes with an unnamed proof
    (“has been shown to”) is not let off: it claims to be established.
    """
    if strength == "booster":
        return min(value, 2 if kind in _DESCRIPTIONS else 3)
    if kind in _DESCRIPTIONS:
        return max(0, value - 2) if strength == "direct" and kind in _SIGNS else max(0, value - 1)
    if kind == "prevent" and setting.risk_group:
        return min(value, 2)
    if strength == "direct" and source != "vague" and kind != "cure":
        value -= 1
    if kind == "cure" and setting.risk_group and strength == "direct":
        return value
    return min(value, setting.most if strength == "direct" else 2)
