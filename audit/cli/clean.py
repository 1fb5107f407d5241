"""`audit clean`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import click

from audit.clean import Cleaned, clean, diff
from audit.cli.common import READING, RULES, settle
from audit.cli.output import harmless, say, send, warn
from audit.errors import UsageError
from audit.ingest import STDIN, Item, Options, find, spool
from audit.rules.load import load_rules
from audit.terminal.text import many


@click.command(
    epilog="""\b
Examples:
  audit clean page.html > page.clean.html      one page to standard output
  audit clean site/ --diff                     what would go, as a patch
  audit clean site/ -o clean/                  the whole folder, cut pages changed
  audit clean site/ --in-place"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write into DIR.")
@click.option("--diff", "as_diff", is_flag=True, help="Print a unified diff, write nothing.")
@click.option("--in-place", is_flag=True, help="Change the files themselves.")
@RULES
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
    Lines, the field that holds the page is cut. What could not be read is left alone, and the exit code is 3.
    """
    if sum((output is not None, as_diff, in_place)) > 1:
        raise UsageError("", "-o, --diff and --in-place exclude each other", "choose one")
    settings = settle(**flags).settings
    rules = load_rules([Path(pack) for pack in settings.rules], profile=settings.profile)
    with _items(sources, settings.reading()) as items:
        to_stdout = output is None and not as_diff and not in_place
        if to_stdout and len(items) > 1:
            raise UsageError("", f"{len(items)} files cannot go to standard output", "use -o DIR, --diff or --in-place")
        if in_place and any(item.label == STDIN for item in items):
            raise UsageError("--in-place", "standard input cannot be changed in place", "name a file")
        targets = _targets(items, output) if output is not None else {}
        cut = characters = unread = 0
        for item in items:
            cleaned = clean(item, settings.reading(), rules)
            for problem in cleaned.problems:
                warn(harmless(f"left alone: {problem}"))
            unread += len(cleaned.problems)
            cut += bool(cleaned.characters)
            characters += cleaned.characters
            if as_diff:
                _show(cleaned, item.label)
            elif cleaned.after is not None:
                if to_stdout:
                    send(cleaned.after)
                elif output is not None:
                    _write(targets[item.label], cleaned.after)
                elif cleaned.characters:
                    _write(Path(item.path), cleaned.after)
    if not quiet:
        warn(f"{cut} of {many(len(items), 'file')} cut, {many(characters, 'character')}")
    raise SystemExit(3 if unread else 0)


@contextmanager
def _items(sources: tuple[str, ...], options: Options) -> Iterator[list[Item]]:
    """Yield what there is to read; standard input is put into a file that goes when the block ends."""
    items = list(find(sources, options).items)
    with TemporaryDirectory(prefix="audit-") as folder:
        for at, item in enumerate(items):
            if item.label == STDIN and not item.path and not item.problem[0]:
                path = Path(folder) / "stdin"
                path.write_bytes(sys.stdin.buffer.read())
                items[at] = spool(path, "")
        yield items


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


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, with the permissions that it has."""
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.audit-clean.tmp")
    try:
        unfinished.write_bytes(content)
        if path.exists():
            unfinished.chmod(path.stat().st_mode)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _show(cleaned: Cleaned, label: str) -> None:
    lines = diff(cleaned, label.replace("\n", " "))
    if not sys.stdout.isatty():
        send(b"".join(lines))
        return
    colours = {b"-": "red", b"+": "green", b"@": "cyan"}
    for line in lines:
        say(click.style(harmless(line.decode("utf-8", "replace").rstrip("\n")), fg=colours.get(line[:1])))
