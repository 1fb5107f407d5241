"""`audit clean`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import click
import msgspec

from audit import overrides
from audit.batch import compared
from audit.batch.shard import one_report
from audit.clean import Cleaned, Reading, clean, diff
from audit.cli import judging
from audit.cli.common import READING, RULES, STANDING, settle
from audit.cli.output import harmless, say, send, warn
from audit.cli.overwrite import back_up, refuse_dirty_tree, write_whole
from audit.errors import UsageError
from audit.ingest import STDIN, Item, Options, PageFailure, find, spool
from audit.known import Known, left_standing
from audit.model import Page, PageReport
from audit.rules.load import RuleSet
from audit.settings import Settings
from audit.terminal.text import many
from audit.text.lines import Lines

_SHOWN = 50
"""Places that a dry run names; the rest is counted."""


@click.command(
    epilog="""\b
Examples:
  audit clean page.html > page.clean.html      one page to standard output
  audit clean site/ --diff                     what would go, as a patch
  audit clean site/ -o clean/                  the whole folder, cut pages changed
  audit clean site/ --in-place                 what would be changed, and nothing else
  audit clean site/ --in-place --write         change it; PAGE.bak is the page as it was"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write into DIR.")
@click.option("--diff", "as_diff", is_flag=True, help="Print a unified diff, write nothing.")
@click.option("--in-place", is_flag=True, help="Change the files themselves; a dry run without --write.")
@click.option("--write", is_flag=True, help="Overwrite files that are there, with -o or --in-place.")
@click.option("--no-backup", is_flag=True, help="Keep no copy of the files that --in-place changes.")
@click.option("--force", is_flag=True, help="Write although git has uncommitted changes.")
@click.option("--changed-only", is_flag=True, help="With -o, leave out the files without a cut.")
@RULES
@STANDING
@READING
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(
    sources: tuple[str, ...],
    *,
    output: Path | None,
    as_diff: bool,
    in_place: bool,
    quiet: bool,
    **flags: Any,  # noqa: ANN401
) -> None:
    """Write the pages less their injected spam, every other byte as it was.

    One file, or - for standard input, goes to standard output. More than one needs -o, --diff or --in-place. Of JSON
    Lines and of a WordPress export, the field that holds the page is cut. What could not be read is left alone, and the
    exit code is 3. No file that is there is overwritten without --write: --in-place lists what it would cut. What is
    suppressed with a reason stays.
    """
    today = judging.day(flags)
    how = _How(**{name: flags.pop(name) for name in ("write", "no_backup", "force", "changed_only")})
    if sum((output is not None, as_diff, in_place)) > 1:
        raise UsageError("", "-o, --diff and --in-place exclude each other", "choose one")
    settled = settle(**flags)
    settings = settled.settings
    rules = overrides.load(settings, settled.origins)
    known = judging.known_in(tuple, msgspec.structs.replace(settings, baseline=""), today)
    with _items(sources, settings.reading()) as items, _together(items, sources, rules, settings) as compared_report:
        reports = _Reports(compared_report or (lambda got: one_report(got, rules)), known)
        to_stdout = output is None and not as_diff and not in_place
        if to_stdout and len(items) > 1:
            raise UsageError("", f"{len(items)} files cannot go to standard output", "use -o DIR, --diff or --in-place")
        if in_place and any(item.label == STDIN for item in items):
            raise UsageError("--in-place", "standard input cannot be changed in place", "name a file")
        targets = _targets(items, output) if output is not None else {}
        done = _Done()
        for item in items:
            cleaned = clean(item, settings.reading(), rules, reports)
            done.add(cleaned)
            places = reports.taken()
            if as_diff:
                _show(cleaned, item.label)
            elif cleaned.after is None:
                continue
            elif to_stdout:
                send(cleaned.after)
            elif output is not None:
                done.put(targets[item.label], cleaned, how)
            elif cleaned.characters:
                done.pending.append((item, cleaned, places))
        if how.write:
            done.change(how)
    if not quiet:
        done.tell(len(items), reports.spared)
    if done.refused:
        what = f"{many(len(done.refused), 'file')} would be overwritten; the others were written"
        raise UsageError(str(done.refused[0]), what, "say --write, or choose another folder")
    raise SystemExit(3 if done.unread else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """What may be done to files that are there."""

    write: bool
    no_backup: bool
    force: bool
    changed_only: bool


class _Done:
    """What was done so far."""

    def __init__(self) -> None:
        self.cut = self.characters = self.unread = 0
        self.refused: list[Path] = []
        self.pending: list[tuple[Item, Cleaned, list[str]]] = []
        """Files to be changed in place."""

    def add(self, cleaned: Cleaned) -> None:
        """Count a file, and say what of it could not be read."""
        for problem in cleaned.problems:
            warn(harmless(f"left alone: {problem}"))
        self.unread += len(cleaned.problems)
        self.cut += bool(cleaned.characters)
        self.characters += cleaned.characters

    def put(self, target: Path, cleaned: Cleaned, how: _How) -> None:
        """Write a file into the folder, unless another stands there that may not be overwritten."""
        if cleaned.after is None or (how.changed_only and not cleaned.characters):
            return
        if target.exists():
            if target.read_bytes() == cleaned.after:
                return
            if not how.write:
                self.refused.append(target)
                return
        write_whole(target, cleaned.after)

    def change(self, how: _How) -> None:
        """Change the files themselves, each after a copy of it was made; all of them or, for git's sake, none."""
        paths = [Path(item.path) for item, _, _ in self.pending]
        if not how.force:
            refuse_dirty_tree(paths)
        for path, (_, cleaned, _) in zip(paths, self.pending, strict=True):
            if not how.no_backup:
                back_up(path)
            write_whole(path, cleaned.after or b"")
        self.pending = []

    def tell(self, files: int, spared: int) -> None:
        """Say what was done, or would be."""
        places = [place for _, _, places in self.pending for place in places]
        for place in places[:_SHOWN]:
            warn(harmless(place).replace("\n", " "))
        if len(places) > _SHOWN:
            warn(f"… and {many(len(places) - _SHOWN, 'place')} more")
        if spared:
            warn(f"{many(spared, 'cut')} not made: suppressed with a reason")
        would = " would be" if self.pending else ""
        warn(f"{self.cut} of {many(files, 'file')}{would} cut, {many(self.characters, 'character')}")
        if self.pending:
            warn("nothing was written: this was a dry run; --diff shows the cuts, --in-place --write makes them")


class _Reports:
    """Gives the reports of pages less what may stand, and remembers where they cut."""

    def __init__(self, inner: Reading, known: Known) -> None:
        self._inner, self._known = inner, known
        self._places: list[str] = []
        self.spared = 0

    def __call__(self, got: Page | PageFailure) -> PageReport:
        report = self._inner(got)
        left = left_standing(report, self._known)
        self.spared += len(report.cuts) - len(left.cuts)
        if isinstance(got, Page) and left.cuts:
            lines = Lines(got.text)
            for cut in left.cuts:
                line, column = lines.locate(cut.start)
                said = many(cut.end - cut.start, "character")
                self._places.append(f"{report.id}:{line}:{column}: would cut {said} ({', '.join(cut.rules)})")
        return left

    def taken(self) -> list[str]:
        """Return what was said of cuts since this was last asked."""
        places, self._places = self._places, []
        return places


@contextmanager
def _items(sources: tuple[str, ...], options: Options) -> Iterator[list[Item]]:
    """Yield what there is to read; standard input is put into a file that goes when the block ends."""
    items = list(find(sources, options).items)
    with TemporaryDirectory(prefix="audit-") as folder:
        for at, item in enumerate(items):
            if item.label == STDIN and not item.path and not item.problem[0]:
                path = Path(folder) / "stdin"
                path.write_bytes(sys.stdin.buffer.read())
                items[at] = spool(str(path), path.stat().st_size, "")
        yield items


def _together(
    items: Sequence[Item], sources: tuple[str, ...], rules: RuleSet, settings: Settings
) -> AbstractContextManager[Reading | None]:
    """Give what reports a page as `audit run` does; nothing for one page, and for what cannot be read twice."""
    alone = len(items) == 1 and items[0].reader in _ONE_PAGE
    if alone or any(item.label == STDIN for item in items):
        return nullcontext()
    return compared(sources, rules, settings)


_ONE_PAGE = frozenset({"html", "text", "markdown"})


def _targets(items: list[Item], output: Path) -> dict[str, Path]:
    """Return where each file goes, by its label.

    Raises:
        UsageError: Two files would go to one place, or a file onto itself.
    """
    targets: dict[str, Path] = {}
    for item in items:
        name = "stdin" if item.label == STDIN else item.label
        target = output.joinpath(*(part for part in PurePosixPath(name).parts if part not in {"/", ".."}))
        if item.label in targets:
            raise UsageError(
                item.label, "two files of this name would go to one place", "clean them one after the other"
            )
        if item.path and target.exists() and target.samefile(item.path):
            raise UsageError(
                str(target), "would be overwritten by its own clean copy", "use --in-place if that is meant"
            )
        targets[item.label] = target
    return targets


def _show(cleaned: Cleaned, label: str) -> None:
    lines = diff(cleaned, label.replace("\n", " "))
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        send(b"".join(lines))
        return
    colours = {b"-": "red", b"+": "green", b"@": "cyan"}
    for line in lines:
        say(click.style(harmless(line.decode("utf-8", "replace").rstrip("\n")), fg=colours.get(line[:1])))
