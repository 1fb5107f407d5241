"""How long the formats take to write, and the HTML report to open: `python benchmarks/reports.py`.

Pages and findings are made up, seeded: 2,000 pages with 20,000 findings unless told otherwise. The browser is the
system's Chromium through Playwright; without one, only the writing is measured.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from audit.findings import Reporter
from audit.model import Claim, Cut, Evidence, Page, PageReport
from audit.report import WRITERS
from audit.report.counts import count
from audit.report.jsonl import encode, read_reports
from audit.report.run import Run, RunFacts
from audit.rules.load import RuleSet, load_rules
from audit.score import judge
from audit.text.digest import digest
from audit.text.span import Span, without

WORDS = (
    "sleep pain rest doctor tablets water walk often evening joint skin cough fever week help less more before after "
    "with without the a of and for people children most some night morning food light heart breath muscle"
).split()
SPAM = "novbet77 login, casino bonus, slots online"
RULES = (
    ("spam.gambling.casino", 4),
    ("claims.treat.relieve", 2),
    ("sourcing.references.missing", 1),
    ("claims.cause.verb", 1),
)


def page_of(number: int) -> Page:
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(WORDS, k=60)).capitalize() + "." for _ in range(14)]
    paragraphs[chance.randrange(14)] += f" {SPAM} {number}."
    body = "".join(f"<p>{text}</p>\n" for text in paragraphs)
    text = f"<!doctype html>\n<html><head><title>Page {number}</title></head><body>\n{body}</body></html>\n"
    url = f"https://site{number % 40}.example/{number}"
    return Page(id=f"site/{number:05}.html", url=url, path=f"site/{number:05}.html", text=text, kind="html")


def report_of(page: Page, findings: int, rules: RuleSet) -> PageReport:
    chance = random.Random(page.id)
    reporter = Reporter(page.text)
    start = page.text.index(SPAM)
    spam = Span(start, start + len(SPAM))
    found = []
    for nth in range(findings):
        rule, severity = RULES[0] if nth == 0 else chance.choice(RULES)
        category, family, _ = rule.split(".")
        at = chance.randrange(100, len(page.text) - 200)
        span = spam if rule == RULES[0][0] else Span(at, at + 60)
        found.append(
            reporter.finding(
                rule=rule, category=category, family=family, severity=severity, confidence=0.9,  # type: ignore[arg-type]
                action="cut" if span == spam else "flag", message="Something that was found: “{quote}”.",
                why="A reader would be misled.", spans=() if "missing" in rule else (span,),
                evidence=(Evidence("trade words", 2.0), Evidence("base rate", -1.0)),
            )
        )  # fmt: skip
    claims = (Claim(
        start=300, end=360, type="treat", strength="weak", source="none", negated=False, severity=1,
        quote=page.text[300:360],
    ),)  # fmt: skip
    judged = judge(found, claims, (), rules.profile)
    return PageReport(
        id=page.id, url=page.url, path=page.path, kind=page.kind, sha256=digest(page.text), status="ok",
        verdict=judged.verdict, score=judged.score, scores=judged.scores,
        cuts=(Cut(spam.start, spam.end, (RULES[0][0],)),),
        clean_sha256=digest(without(page.text, [spam])), findings=tuple(found), claims=claims, encoding="utf-8",
    )  # fmt: skip


def made(folder: Path, pages: int, findings: int) -> Run:
    rules = load_rules()
    file = folder / "report.jsonl"
    with file.open("wb") as lines:
        lines.writelines(encode(report_of(page_of(number), findings, rules)) for number in range(pages))
    facts = RunFacts(
        version="0", python=platform.python_version(), libraries={}, packs=(), rules_digest=rules.digest,
        profile="default", settings={}, sources=(), jobs=1, started="", finished="", seconds=0.0, host="",
    )  # fmt: skip

    def all_pages() -> Iterator[Page]:
        return map(page_of, range(pages))

    return Run(
        folder=folder,
        reports=lambda: read_reports(file),
        pages=all_pages,
        rules=rules,
        facts=facts,
        counts=count(read_reports(file)),
    )


def written(run: Run) -> None:
    print(f"{run.counts.pages:,} pages, {run.counts.findings:,} findings\n")
    print("| format | seconds | MB written | MB memory at most |\n|---|---|---|---|")
    for name, writer in WRITERS.items():
        began = perf_counter()
        files = writer(run)
        seconds = perf_counter() - began
        size = sum(path.stat().st_size for path in files) / 1e6
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {name} | {seconds:.2f} | {size:.1f} | {memory:.0f} |")


@cache
def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def opened(path: Path, times: int) -> None:
    if chromium() is None:
        print("\nno Chromium here: opening is not measured")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        columns = ("opening, ms", "first paint", "loaded", "list", "search", "a page", "MB of the script")
        print(f"\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
        for turn in range(times):
            tab = browser.new_page(viewport={"width": 1400, "height": 900})
            print(f"| {turn + 1} | " + " | ".join(f"{value:.0f}" for value in _visit(tab, path)) + " |")
            tab.close()
        browser.close()


def _visit(tab: Any, path: Path) -> list[float]:  # noqa: ANN401
    tab.goto(path.as_uri())
    paint, loaded = tab.evaluate(
        "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " performance.getEntriesByType('navigation')[0].loadEventEnd]"
    )
    spent = [paint, loaded]
    for act, argument, there in (
        (tab.evaluate, ("location.hash = '#/pages'",), "#list tbody tr"),
        (tab.fill, ("#q", "slots 1234"), "#clear:visible"),
        (tab.click, (".row-link >> nth=0",), "#page .text"),
    ):
        began = perf_counter()
        act(*argument)
        tab.wait_for_selector(there)
        spent.append(1000 * (perf_counter() - began))
    return [*spent, tab.evaluate("performance.memory.usedJSHeapSize / 1e6")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--findings", type=int, default=10, help="of every page")
    parser.add_argument("--times", type=int, default=3, help="how often the report is opened")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = made(Path(folder), asked.pages, asked.findings)
        written(run)
        opened(Path(folder) / "report.html", asked.times)


if __name__ == "__main__":
    main()
