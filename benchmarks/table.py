"""The figures of `accuracy.py` as one plain table of fixed width."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Any]

_COLUMNS = ("pages", "precision", "recall", "f1", "found", "found_or_flagged", "exact", "clean_lost_per_page")
_HEADS = ("pages", "prec.", "recall", "F1", "found", "or flag", "exact", "lost/page")


def table(figures: Figures) -> str:
    """Return the figures as lines of fixed width."""
    lines = [f"part: {figures['part']}{', quick' if figures['quick'] else ''}"]
    if "false_alarms" in figures:
        lines += [
            "",
            _row("FALSE ALARMS, clean pages", "pages", "with cut", "95 %", "flagged", "95 %", "lost", "sev ≥ 3"),
        ]
        lines += [
            _row(
                name,
                f["pages"],
                *_rates(f["cut"]),
                *_rates(f["flag"]),
                f["characters_lost"],
                _percent(f["severe"]["rate"]),
            )
            for name, f in figures["false_alarms"].items()
        ]
    if "hacked" in figures:
        real = figures["hacked"]
        lines += ["", _row("REAL HACKED PAGES", *_HEADS)]
        lines += [_summary_row("all pages", real["pages"]), _summary_row("mean over hosts", real["mean_over_hosts"])]
        lines += [_summary_row(f"  {host}", found) for host, found in real["by_host"].items()]
        lines += [_summary_row(f"baseline: {name}", found) for name, found in real["baselines"].items()]
        blocked, flagged = real["spam_pages_blocked"], real["spam_pages_flagged"]
        lines += [f"pages that are spam as a whole: blocked {_of(blocked)}, flagged {_of(flagged)}"]
    for kind, found in figures.get("generated", {}).items():
        lines += ["", _row(f"GENERATED INJECTIONS, {kind}", *_HEADS), _summary_row("all", found["all"])]
        lines += [_summary_row(f"  {name}", one) for name, one in found["by_technique"].items()]
        lines += [_summary_row(f"  {name}", one) for name, one in found["by_family"].items()]
        lines += [_summary_row(f"baseline: {name}", one) for name, one in found["baselines"].items()]
        if found.get("extraction"):
            gone, lost = found["extraction"]["injections_gone"], found["extraction"]["paragraphs_lost"]
            lines += [
                f"baseline: trafilatura, strip by extraction: injections gone {_of(gone)}, paragraphs lost {_of(lost)}"
            ]
    if "evasions" in figures:
        lines += ["", _row("EVASIONS", *_HEADS)]
        lines += [_summary_row(name, one) for name, one in figures["evasions"].items()]
    for part, found in figures.get("hard_negatives", {}).items():
        title = "HARD NEGATIVES, kinds held back" if part == "held" else "hard negatives, kinds to tune on"
        lines += ["", _row(title, "pages", "with cut", "95 %", "flagged", "95 %")]
        lines += [_hard_row(f"all: {found['kinds']} kinds, {found['texts']} texts", found)]
        lines += [f"texts flagged in any of their places: {_of(found['texts_flagged_anywhere'])}"]
        lines += [_hard_row(f"  {name[:36]}", one) for name, one in found["by_place"].items()]
        if part == "dev":  # whoever tunes is not told which of the other kinds fail
            lines += [_hard_row(f"  {name[:36]}", one) for name, one in found["by_kind"].items()]
    if "claims" in figures:
        lines += ["", *_claim_lines(figures["claims"])]
    if "cues" in figures:
        lines += ["", "CUES, BioScope abstracts, by sentence"]
        for name, f in figures["cues"].items():
            label = name.replace("_", " ")
            scores = f"F1 {f['f1']:.3f}  precision {f['precision']:.3f}  recall {f['recall']:.3f}"
            lines.append(f"{label:38}{scores}  ({f['n']} sentences)")
    if figures["failed_pages"]:
        lines += ["", f"pages over a bound, not audited: {figures['failed_pages']}"]
    return "\n".join(lines)


def _claim_lines(found: Figures) -> list[str]:
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
    return f"{name:38}" + "".join(f"{cell!s:>12}" for cell in cells)


def _summary_row(name: str, found: Mapping[str, float]) -> str:
    cells = [found.get(column, "") for column in _COLUMNS]
    return _row(name, *(f"{cell:.3f}" if isinstance(cell, float) else cell for cell in cells))


def _hard_row(name: str, found: Figures) -> str:
    return _row(name, found["pages"], *_rates(found["cut"]), *_rates(found["flag"]))


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %"


def _rates(rate: Mapping[str, float]) -> tuple[str, str]:
    return _percent(rate["rate"]), f"{100 * rate['low']:.1f}–{100 * rate['high']:.1f}"


def _of(rate: Mapping[str, float]) -> str:
    return f"{rate['hits']} of {rate['total']} ({100 * rate['rate']:.0f} %)"
