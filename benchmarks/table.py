"""The figures of `accuracy.py` as one plain table of fixed width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]

_HEADS = (
    "pages", "prec.", "recall", "F1", "95 %", "found", "95 %", "or flag", "exact", "95 %", "lost/page", "F1 −lex",
    "found −lex", "exact −lex",
)  # fmt: skip
_RATES = ("pages", "with cut", "95 %", "flagged", "95 %")


def table(figures: Figures) -> str:
    """Return the figures as lines of fixed width."""
    lines = [f"part: {figures['part']}{', quick' if figures['quick'] else ''}", figures["note"]]
    for name, section in _SECTIONS.items():
        if name in figures:
            lines += ["", *section(figures[name])]
    if figures["failed_pages"]:
        lines += ["", f"pages over a bound, not audited: {figures['failed_pages']}"]
    return "\n".join([*lines, *figures["notes"]])


def _false_alarms(found: Figures) -> Iterator[str]:
    yield _row("FALSE ALARMS, clean pages", *_RATES, "lost", "cut −lex", "flag −lex", "sev ≥ 3")
    for name, one in found.items():
        bare = one["without_lexicon"]
        rest = (_percent(bare["cut"]["rate"]), _percent(bare["flag"]["rate"]), _percent(one["severe"]["rate"]))
        yield _row(name, one["pages"], *_rates(one["cut"]), *_rates(one["flag"]), one["characters_lost"], *rest)


def _damage(found: Figures) -> Iterator[str]:
    yield _row("CLEAN PAGES CUT INTO, by baseline", "pages", "with cut", "95 %", "characters")
    for name, one in found.items():
        yield _row(name, one["cut"]["total"], *_rates(one["cut"]), _percent(one["characters"]))


def _hacked(found: Figures) -> Iterator[str]:
    yield _row("REAL HACKED PAGES", *_HEADS)
    yield _summary_row("all pages", found["pages"])
    over = {**found["mean_over_hosts"], "without_lexicon": found["mean_over_hosts_without_lexicon"]}
    yield _summary_row(f"mean over {over['hosts']} hosts", over)
    for group in ("by_host", "by_family"):
        yield from _groups(found[group])
    yield from _baselines(found)
    blocked, flagged = found["spam_pages_blocked"], found["spam_pages_flagged"]
    yield f"pages that are spam as a whole: blocked {_of(blocked)}, flagged {_of(flagged)}"


def _generated(found: Figures) -> Iterator[str]:
    for kind, one in found.items():
        yield _row(f"GENERATED INJECTIONS, {kind}", *_HEADS)
        yield _summary_row("all", one["all"])
        yield _summary_row("rules' lists emptied, words in code not", one["lists_emptied"])
        for group in ("by_technique", "by_family", "by_language"):
            yield group.replace("_", " ")
            yield from _groups(one[group])
        yield from _baselines(one)


def _evasions(found: Figures) -> Iterator[str]:
    yield _row("EVASIONS", *_HEADS)
    yield from _groups(found)


def _whole_pages(found: Figures) -> Iterator[str]:
    yield _row(
        "PAGES THAT ARE SPAM AS A WHOLE (T24)", "pages", "blocked", "95 %", "and no cut", "flagged", "block −lex"
    )
    for name, one in found.items():
        if name != "redirects":
            blocked = one["blocked"]
            rest = (
                _percent(one[part]["rate"]) for part in ("blocked_without_cut", "flagged", "blocked_without_lexicon")
            )
            yield _row(f"  {name}", blocked["total"], *_rates(blocked), *rest)
    yield f"redirects and packed scripts (T22) flagged: {_of(found['redirects'])}"


def _together(found: Figures) -> Iterator[str]:
    campaigns, captures = found["campaigns"], found["captures"]
    yield _row("ONE INJECTION ON SIX SITES", *_HEADS)
    for name in ("alone", "in one batch"):
        yield _summary_row(f"  {name}", campaigns[name])
    honest = f"cut {_of(campaigns['honest_cut'])}, flagged {_of(campaigns['honest_flagged'])}"
    yield f"pages of the batch that share honest sentences: {honest}"
    shown = f"cloaking found {_of(captures['cloaking_found'])}, cut {_of(captures['cut'])}"
    honest = f"alarms on honest differences {_of(captures['false_alarms'])}"
    yield f"TWO CAPTURES OF ONE ADDRESS (T21): {shown}, {honest}"


def _hard_negatives(parts: Figures) -> Iterator[str]:
    for part, found in parts.items():
        yield _row(_HARD[part], *_RATES)
        yield _hard_row(f"all: {found['kinds']} kinds, {found['texts']} texts", found)
        yield f"texts flagged in any of their places: {_of(found['texts_flagged_anywhere'])}"
        shown = ("by_place", "by_kind") if part == "dev" else ("by_place",)  # who tunes is not told which kinds fail
        for group in shown:
            for name, one in found[group].items():
                yield _hard_row(f"  {name[:36]}", one)


_HARD = {
    "held": "HARD NEGATIVES, kinds held back", "other": "HARD NEGATIVES, kinds of other hands, held back",
    "dev": "hard negatives, kinds to tune on",
}  # fmt: skip


def _confidence(found: Figures) -> Iterator[str]:
    for name, one in found.items():
        yield _row(f"CONFIDENCE, {_OF[name]}", "findings", "said", "right", "95 %")
        for bin_ in one["bins"]:
            label = f"  {bin_['low']:.2f} to {bin_['high']:.2f}"
            yield _row(label, bin_["count"], _percent(bin_["said"]), *_rates(bin_["right"]))
        yield f"said 0.9 or more and right: {_of(one['sure'])}"
        yield f"mean distance between said and right (expected calibration error): {one['error']:.3f}"


_OF = {"all": "all findings", "cut": "cuts", "less hard negatives": "less hard negatives"}


def _speed(found: Figures) -> Iterator[str]:
    times = found["ms"]
    yield f"SPEED, {found['texts']} clean texts of {found['words']} words, median ms of one core (best of 4)"
    yield (
        f"spam stage {times['spam']:.2f} (mean {found['mean_spam_ms']:.2f})  parse {times['parse']:.2f}  "
        f"whole audit {times['audit']:.2f}  peers: normalising {times['normalise']:.2f}, words {times['words']:.2f}"
    )
    ratios = (found["spam_to_normalise"], found["spam_to_words"])
    yield "spam stage to normalising pass: {:.1f}, to a blank regex pass: {:.1f}".format(*ratios)


def _cues(found: Figures) -> Iterator[str]:
    yield "CUES, BioScope abstracts, by sentence"
    for name, one in found.items():
        scores = f"F1 {one['f1']:.3f}  precision {one['precision']:.3f}  recall {one['recall']:.3f}"
        yield f"{name.replace('_', ' '):38}{scores}  ({one['n']} sentences)"


def _claims(found: Figures) -> list[str]:
    claim, right = found["claim"], found["accuracy_on_found_claims"]
    accuracy = "  ".join(f"{name} {value:.3f}" for name, value in right.items())
    quadratic, linear = found["severity_kappa_quadratic"], found["severity_kappa_linear"]
    return [
        f"CLAIMS, {found['sentences']} sentences",
        f"claim or not: F1 {claim['f1']:.3f}  precision {claim['precision']:.3f}  recall {claim['recall']:.3f}",
        f"severity, weighted kappa: {quadratic:.3f} quadratic, {linear:.3f} linear (no claim counts as 0)",
        f"accuracy on the {found['claims_found']} true claims found: {accuracy}",
    ]


def _row(name: str, *cells: object) -> str:
    return f"{name:39}" + "".join(f"{cell!s:>12}" for cell in cells)


def _groups(groups: Mapping[str, Figures]) -> Iterator[str]:
    for name, one in groups.items():
        yield _summary_row(f"  {name}", one)


def _baselines(found: Figures) -> Iterator[str]:
    for name, one in found["baselines"].items():
        yield _summary_row(f"base: {name}"[:38], one)


def _summary_row(name: str, found: Figures) -> str:
    cells: list[object] = [found.get("pages", "")]
    for column in ("precision", "recall", "f1", "found", "found_or_flagged", "exact"):
        cells.append(f"{found[column]:.3f}")
        if column in ("f1", "found", "exact"):
            cells.append(f"{found[f'{column}_low']:.2f}–{found[f'{column}_high']:.2f}")
    cells.append(found.get("clean_lost_per_page", ""))
    bare = found.get("without_lexicon")
    return _row(name, *cells, *(f"{bare[column]:.3f}" for column in ("f1", "found", "exact") if bare))


def _hard_row(name: str, found: Figures) -> str:
    return _row(name, found["pages"], *_rates(found["cut"]), *_rates(found["flag"]))


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %"


def _rates(rate: Mapping[str, float]) -> tuple[str, str]:
    return _percent(rate["rate"]), f"{100 * rate['low']:.1f}–{100 * rate['high']:.1f}"


def _of(rate: Mapping[str, float]) -> str:
    return f"{rate['hits']} of {rate['total']} ({100 * rate['rate']:.0f} %)"


_SECTIONS: Mapping[str, Callable[[Figures], Iterable[str]]] = {
    "false_alarms": _false_alarms,
    "damage": _damage,
    "hacked": _hacked,
    "generated": _generated,
    "evasions": _evasions,
    "whole_pages": _whole_pages,
    "together": _together,
    "hard_negatives": _hard_negatives,
    "confidence": _confidence,
    "speed": _speed,
    "claims": _claims,
    "cues": _cues,
}
