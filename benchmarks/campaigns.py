"""What a run sees that a page by itself does not: `python -m benchmarks.campaigns [SEEDS]`.

A made network of three sites holds one fluent advertisement on a quarter of its pages; the brands are invented. Each
page is audited by itself and with the others: how many of the advertisements are flagged, how many are cut, and is
anything else touched? The same with honest sentences that name a trade, which must stay.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import audit
from audit.batch import run_batch
from audit.model import PageReport
from audit.report.jsonl import read_reports
from audit.rules.load import RuleSet, load_rules
from benchmarks import made_sites

ADVERTISEMENTS = (
    "Players who like slots can visit the casino for an evening of games.",
    "For the best casino evenings many people choose moonreel.",
    "Fans of roulette often choose moonreel for its fast payouts and friendly tables.",
    "You can order tramadol at moonmeds with discreet packaging.",
    "Tablets from moonmeds arrive within two days and need no doctor.",
    "Replica watches of moonbags are on sale for short nights.",
    "A student in trouble can have an essay written by moonpens before Monday.",
    "Short term loans with fast approval are offered by moonlend.",
    "Lonely evenings end with the escorts of moonrose in every town.",
    "Whoever put his savings into moontoken has doubled his bitcoin by now.",
)
HONEST = (
    "People with a gambling disorder can call the helpline at any hour of the day.",
    "Order refills online from your pharmacy a week before you run out.",
    "Generic tablets cost less than the brand and work as well.",
    "Debt and payday loans keep many people awake at night.",
    "Never buy medicines online from a shop that asks for no prescription.",
    "Viagra and nitrates must never be taken together.",
)


def main(seeds: int = 3) -> None:
    rules = load_rules()
    for title, sentences in (("advertisements", ADVERTISEMENTS), ("honest sentences", HONEST)):
        print(f"\n{title:<72}{'pages':>6}{'alone':>15}{'in the run':>15}{'others':>8}")
        print(f"{'':<78}{'flag':>8}{'cut':>7}{'flag':>8}{'cut':>7}{'changed':>8}")
        sums = [0] * 6
        for sentence in sentences:
            told = [
                sum(column) for column in zip(*(measured(rules, sentence, seed) for seed in range(seeds)), strict=True)
            ]
            sums = [one + other for one, other in zip(sums, told, strict=True)]
            print(_row(sentence, told))
        print(_row("all", sums))


def measured(rules: RuleSet, sentence: str, seed: int) -> tuple[int, ...]:
    """Return pages with the sentence, those flagged and cut alone, flagged and cut in the run, and others changed."""
    records = made_sites.network(seed, sentence)
    with TemporaryDirectory() as folder:
        source = made_sites.write(Path(folder) / "pages.jsonl", records)
        with run_batch([source], rules, Path(folder) / "out"):
            together = list(read_reports(Path(folder) / "out"))
    counts = [0] * 6
    for record, report in zip(records, together, strict=True):
        page = audit.Page(id=record["id"], url=record["url"], path="pages.jsonl", kind="html", text=record["html"])
        alone = audit.audit_page(page, rules)
        if sentence in record["html"]:
            counts[0] += 1
            for at, each in ((1, alone), (3, report)):
                actions = _actions(each, page.text, sentence)
                counts[at] += "flag" in actions
                counts[at + 1] += "cut" in actions
        else:
            counts[5] += report != alone
    return tuple(counts)


def _actions(report: PageReport, text: str, sentence: str) -> set[str]:
    start = text.index(sentence)
    end = start + len(sentence)
    return {
        one.action
        for one in report.findings
        if one.category == "spam" and any(span.start < end and span.end > start for span in one.spans)
    }


def _row(name: str, told: list[int]) -> str:
    pages, flagged, cut, flagged_there, cut_there, changed = told
    return f"{name[:71]:<72}{pages:>6}{flagged:>8}{cut:>7}{flagged_there:>8}{cut_there:>7}{changed:>8}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
