"""`audit run`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import msgspec

from audit import __version__, overrides
from audit.batch import CAMPAIGNS, REPORT, Batch, State, Summary, run_batch
from audit.cli import judging
from audit.cli.common import GATE, READING, RULES, settle
from audit.cli.facts import facts
from audit.cli.gate import summary as gate_summary
from audit.cli.interruption import interruptible
from audit.cli.output import harmless, log, log_as_json, output, say, warn
from audit.errors import UsageError
from audit.gate import BAR, GateVerdict, asks, gate
from audit.model import PageReport
from audit.report import STDOUT, WRITERS, Wanted, wanted
from audit.report.counts import Tally
from audit.report.jsonl import read_reports
from audit.report.run import Run
from audit.rules.load import RuleSet, check_names
from audit.rules.schema import Gate
from audit.settings import Settings
from audit.stages import STAGES
from audit.terminal.drawing import drawn
from audit.terminal.progress import EVERY, Pace, bar, every
from audit.terminal.summary import CAMPAIGNS_SHOWN, Worst, summary
from audit.terminal.text import many

_ENGINES = ("local", "ray", "spark")
_GO_ON = "go on with the same command and --resume; what is finished will not be done again"
_SHOWN = 10
"""Unread pages that are named; `--verbose` names all."""


@click.command(
    epilog=f"""\b
Formats, as many as are wanted, each of them --format FORMAT[=PATH]:
{chr(10).join(f"  {name:9} {writer.about}" for name, writer in WRITERS.items())}

\b
Examples:
  audit run samples/                            reports go to reports/
  audit run site/ extra.jsonl -o out --jobs 8
  audit run crawl.jsonl --text-field body --format csv
  audit run site/ --format html --format sarif=audit.sarif --format github=-
  audit run site/ --fail-on error --baseline baseline.json --max-new 0
  cat page.html | audit run - -o out -q

\b
Exits 1 if a gate is asked for (by flag or profile) and fails on what was read,
3 if some input could not be read or there was none, else 0."""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", metavar="DIR", help="Folder of the reports, or s3://, gs://.  [default: reports]")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=PATH]",
    help="Beside report.jsonl and run.json, which are always written; see below. May be repeated. PATH is a file, or - "
    "for standard output.  [default: csv, html]",
)
@click.option("--jobs", type=click.IntRange(0), metavar="N", help="Worker processes; 0 is one for each core.")
@click.option("--engine", type=click.Choice(_ENGINES), default="local", show_default=True, help="What runs the shards.")
@click.option("--cluster", metavar="ADDRESS", default="", help="Of the engine's cluster; without it, one of its own.")
@click.option("--cache", metavar="DIR", help="Keep results by content there, and take what is known from there.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run into the same folder.")
@RULES
@GATE
@READING
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every unread page, and where the time went.")
@click.option("--profile-stages", is_flag=True, help="Print where the time went, stage by stage.")
@click.option("--no-progress", is_flag=True, help="Say nothing while it runs: no bar, and no lines in a log.")
@click.option("--log-json", is_flag=True, help="Standard error as events, a JSON object a line.")
@click.option("--no-reports", is_flag=True, help="Write no reports but those that --format gives a PATH: for hooks.")
def command(
    sources: tuple[str, ...],
    *,
    engine: str,
    cluster: str,
    resume: bool,
    quiet: bool,
    verbose: bool,
    profile_stages: bool,
    no_progress: bool,
    log_json: bool,
    no_reports: bool,
    **flags: Any,  # noqa: ANN401
) -> None:
    """Audit pages and write the reports.

    SOURCE is a file, a folder, an address (s3://, gs://, https://), @LIST of sources, or - for standard input: HTML,
    text, Markdown, JSON Lines, CSV, Parquet, WARC, WET, WordPress exports, Scrapy feeds, sitemaps, ZIP and TAR.
    """
    if cluster and engine == "local":
        raise UsageError("--cluster", "the local engine has no cluster", "choose --engine ray or --engine spark")
    if log_json:
        log_as_json()
    limits = judging.limits(flags)
    effective = settle(**flags)
    settings = effective.settings
    judging.check(settings)
    formats = _formats(settings.formats, effective.origins["formats"], Path(settings.output))
    rules = overrides.load(settings, effective.origins)
    check_names(rules, limits.rules, "--gate-rule")
    held_to = judging.conditions(rules.profile.gate, settings, limits)
    for each in formats:
        each.check()
    started = datetime.now(UTC)
    log("started", version=__version__, rules=rules.digest, sources=sources, output=settings.output, engine=engine)
    with ExitStack() as stack:
        stack.enter_context(interruptible("" if no_reports else _GO_ON))
        if no_reports:
            formats = [each for each in formats if each.to]
            folder = stack.enter_context(TemporaryDirectory(prefix="audit-"))
            settings = msgspec.structs.replace(settings, output=folder)
        silent = no_progress or (quiet and not log_json)
        with _progress(silent=silent, lines=log_json or not sys.stderr.isatty()) as progress:
            batch = stack.enter_context(
                run_batch(
                    sources,
                    rules,
                    settings.output,
                    settings,
                    resume=resume,
                    progress=progress,
                    engine=engine,
                    cluster=cluster,
                )
            )
        run, verdict, worst = _read(batch, rules, settings, held_to, limits, sources, started, engine)
        widest = tuple(islice(batch.campaigns(), CAMPAIGNS_SHOWN))
        unread = _unread(batch.folder / REPORT, batch.summary.failed, all_of_them=verbose)
        files = [REPORT, *([CAMPAIGNS] if widest else []), *_written(run, formats)]
    if no_reports:
        files = [each.to for each in formats if each.to != STDOUT]
    tell = warn if any(wanted.to == STDOUT for wanted in formats) else say
    if not quiet:
        seconds = (datetime.now(UTC) - started).total_seconds()
        shown_in = None if no_reports else settings.output
        told = summary(
            run.counts,
            worst,
            widest,
            seconds=seconds,
            sources=sources,
            folder=shown_in,
            files=files,
            known=verdict.known,
            ignored=verdict.ignored,
        )
        tell(drawn(told))
    for line in unread:
        warn(line, "unread")
    _tell_cache(batch.summary, settings.cache, verbose=verbose)
    if not quiet:
        judging.tell_outdated(run.known, stale_too=held_to.stale == "warn")
    _tell_time(batch.summary, verbose=verbose, stages=profile_stages)
    if (asks(held_to) or held_to.stale == "fail") and not (quiet and verdict.passed):
        (warn if quiet else tell)(gate_summary(verdict))
    code = exit_code(verdict, batch.summary)
    done = {name: getattr(batch.summary, name) for name in ("pages", "failed", "verdicts", "cached", "deaths")}
    log("finished", **done, findings=run.counts.findings, cuts=run.counts.cuts, exit_code=code)
    raise SystemExit(code)


def _tell_time(done: Summary, *, verbose: bool, stages: bool) -> None:
    if verbose:
        warn("seconds: " + ", ".join(f"{stage} {spent}" for stage, spent in done.seconds.items()), "seconds")
    if stages:
        for line in _stages(done):
            warn(line, "stage")


def _read(
    batch: Batch,
    rules: RuleSet,
    settings: Settings,
    held_to: Gate,
    limits: judging.Limits,
    sources: Sequence[str],
    started: datetime,
    engine: str,
) -> tuple[Run, GateVerdict, Worst]:
    """Go through what was audited: sums, decision, the worst pages; return it as the writers want it."""
    tally, worst = Tally(), Worst()
    report = batch.folder / REPORT
    known = judging.known_in(lambda: read_reports(report), settings, limits.today)
    verdict = gate(_watched(read_reports(report), tally, worst), held_to, known)
    run = Run(
        folder=batch.folder,
        reports=lambda: read_reports(report),
        pages=batch.pages,
        rules=rules,
        facts=facts(batch.summary, rules, settings, held_to, sources, started, engine=engine, today=limits.today),
        counts=msgspec.structs.replace(tally.counts(), campaigns=batch.summary.campaigns),
        campaigns=batch.campaigns,
        known=known,
        baselined=known.held_to_baseline,
        conditions=held_to if asks(held_to) else BAR,
        verdict=verdict if asks(held_to) else None,
    )
    return run, verdict, worst


def _progress(*, silent: bool, lines: bool) -> AbstractContextManager[Callable[[State], None] | None]:
    """Return what shows how far the run is: a bar, lines, or nothing."""
    if silent:
        return nullcontext()
    return nullcontext(every(EVERY, _tell_pace, _tell_death)) if lines else bar()


def _tell_pace(pace: Pace) -> None:
    if not log("progress", **msgspec.to_builtins(pace)):
        warn(f"auditing: {pace}")


def _tell_death(what: str) -> None:
    warn(harmless(f"a worker was replaced: {what}"), "worker_replaced")


def _tell_cache(done: Summary, folder: str, *, verbose: bool) -> None:
    """Say what came from the cache, and always what in it was broken."""
    if folder and verbose:
        warn(f"{many(done.cached, 'page')} from the cache {harmless(folder)}", "cache")
    if broken := done.cache_broken:
        found = f"{many(broken, 'result')} in {harmless(folder)}"
        warn(f"warning: {found} could not be read and {'was' if broken == 1 else 'were'} made again")


def _watched(reports: Iterator[PageReport], *watchers: Tally | Worst) -> Iterator[PageReport]:
    """Pass the reports on and let each watcher see them: one reading for all."""
    for report in reports:
        for watcher in watchers:
            watcher.add(report)
        yield report


def _formats(asked: Sequence[str], origin: str, folder: Path) -> list[Wanted]:
    """Return what is to be written: `json` always, for without `run.json` a run cannot be read again.

    Raises:
        UsageError: A format cannot be had, or two of them want the same place.
    """
    where = "--format" if origin.startswith("--") else f"{origin}: formats"
    formats = list(dict.fromkeys(wanted(name, where) for name in ("json", *asked)))
    taken = {(folder / name).resolve(): name for name in (REPORT, CAMPAIGNS)}
    for each in formats:
        for place in each.places(folder):
            if place in taken:
                what = f"{taken[place]} and {each.format} would both be written to {each.to or each.format}"
                raise UsageError(where, what, "give each a place of its own")
            taken[place] = each.format
    return formats


def _written(run: Run, formats: Sequence[Wanted]) -> Iterator[str]:
    """Write the formats; yield the names of the files, those elsewhere with the path that was given."""
    for each in formats:
        if each.format == "jsonl":
            continue
        if each.to == STDOUT:
            with output() as stream:
                WRITERS[each.format](run, stream)
        elif each.to:
            WRITERS[each.format](run, Path(each.to))
            yield each.to
        else:
            yield from (path.name for path in WRITERS[each.format](run))


def _unread(report: Path, failed: int, *, all_of_them: bool) -> list[str]:
    """Return what is said of pages that could not be read, a line each."""
    shown = failed if all_of_them else min(failed, _SHOWN)
    unread = (page for page in read_reports(report) if page.status == "failed") if shown else iter(())
    lines = [f"could not be read: {harmless(page.error or page.id)}" for page in islice(unread, shown)]
    return [*lines, f"… and {failed - shown} more pages (--verbose names them all)"] if failed > shown else lines


def _stages(done: Summary) -> list[str]:
    """Return a table of the CPU time that auditing took in all workers, a line for each stage."""
    audited = max(1, done.pages + done.rejudged)
    spent = {stage: done.seconds[stage] for stage in STAGES}
    whole = sum(spent.values()) or 1.0
    rows = [
        f"{stage:8}{seconds:13.3f}{1000 * seconds / audited:11.3f}{seconds / whole:8.1%}"
        for stage, seconds in spent.items()
    ]
    return [f"{'stage':8}{'CPU seconds':>13}{'ms a page':>11}{'share':>8}", *rows]


def exit_code(verdict: GateVerdict, done: Summary) -> int:
    """Return 1 if what was read misses a condition, else 3 if anything could not be read, else 0."""
    if any(failure.condition not in {"unread", "pages"} for failure in verdict.failures):
        return 1
    return 3 if done.failed or not done.pages else 0
