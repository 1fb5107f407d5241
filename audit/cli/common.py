"""Options and values that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from click.shell_completion import CompletionItem

from audit.errors import ReportError
from audit.report.jsonl import report_file
from audit.rules.schema import SEVERITIES, Gate
from audit.settings import Effective, effective

Command = TypeVar("Command", bound=Callable[..., Any])


class Severity(click.ParamType[int | str]):
    """0 to 4, its name, or `never`."""

    name = "severity"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:  # noqa: ANN401
        """Return the number of a severity, or `never`."""
        text = str(value).strip().lower()
        if text == "never":
            return text
        if text in SEVERITIES:
            return SEVERITIES[text]
        if text not in {"0", "1", "2", "3", "4"}:
            near = get_close_matches(text, SEVERITIES, n=1)
            hint = (
                f"Did you mean '{near[0]}'?" if near else "Use 0 to 4, or info, note, warning, error, blocker, never."
            )
            self.fail(f"'{value}' is no severity. {hint}", param, ctx)
        return int(text)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's signature)
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer the names."""
        return [CompletionItem(name) for name in (*SEVERITIES, "never") if name.startswith(incomplete)]


def options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return the options as one decorator, shown by `--help` in this order."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


READING = options(
    click.option("--include", multiple=True, metavar="GLOB", help="Read only these files of a folder."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Pass these files and folders over."),
    click.option("--text-field", metavar="NAME", help="Field of a record that holds the page."),
    click.option("--url-field", metavar="NAME", help="Field of a record that holds its address."),
    click.option("--id-field", metavar="NAME", help="Field of a record that holds its id."),
    click.option("--mirror", metavar="DIR", help="Folder of the stored copies of listed addresses."),
    click.option("--max-page-size", type=click.IntRange(1), metavar="BYTES", help="Longest page that is read."),
    click.option(
        "--max-page-seconds", type=click.IntRange(0), metavar="S", help="Longest time that a page may take; 0 for any."
    ),
)


def _profiles(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the shipped profiles, then files."""
    from audit.rules.load import profile_names  # noqa: PLC0415 (of half a second, on a key press only)

    names = [CompletionItem(name) for name in profile_names() if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


RULES = options(
    click.option(
        "--profile",
        metavar="NAME",
        shell_complete=_profiles,
        help="How strict: default, strict, or the path of your own.",
    ),
    click.option("--rules", multiple=True, metavar="PATH", help="Further rule packs, files or folders."),
)
STANDING = options(
    click.option(
        "--suppressions", metavar="FILE", help="Findings that may stand, with reasons.  [default: audit-ignore.yaml]"
    ),
    click.option(
        "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day that expiries are held to, YYYY-MM-DD."
    ),
)
KNOWN = options(
    click.option("--baseline", metavar="FILE", help="Findings that are accepted; see `audit baseline`."),
    STANDING,
)
GATE = options(
    click.option("--fail-on", type=Severity(), help="Fail on findings from this severity on: 0–4, its name, or never."),
    click.option("--min-score", type=click.IntRange(0, 100), metavar="N", help="Fail on pages with fewer points."),
    click.option(
        "--max-new", type=click.IntRange(0), metavar="N", help="Fail on more than N findings not in the baseline."
    ),
    click.option(
        "--gate-path",
        multiple=True,
        metavar="GLOB:COND=VALUE",
        help="Hold these pages to something else: 'drafts/*:min_score=50,fail_on=never'.",
    ),
    click.option(
        "--gate-rule",
        multiple=True,
        metavar="RULE:COND=VALUE",
        help="Hold findings of these rules to something else: 'claims.cure.*:fail_on=2'.",
    ),
    click.option("--fail-on-stale", is_flag=True, help="Fail on entries of the baseline that nothing answers to."),
    KNOWN,
)
REPORT = click.argument("report", type=click.Path(path_type=Path))


class Sums(msgspec.Struct, frozen=True):
    """What `run.json` counted, as far as it is needed here."""

    pages: int


class Manifest(msgspec.Struct, frozen=True):
    """What `run.json` says of how a run was made, as far as it is needed to read it again."""

    profile: str = "default"
    gate: Gate | None = None
    """What the run was held to."""
    settings: dict[str, Any] = {}
    sources: tuple[str, ...] = ()
    counts: Sums | None = None
    report_sha256: str = ""
    """Of the bytes of `report.jsonl`; empty where the run did not say."""


def manifest(report: Path) -> Manifest:
    """Return what stands in the `run.json` beside a report; the defaults if there is none.

    Raises:
        ReportError: It cannot be read.
    """
    path = report_file(report).parent / "run.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReportError(str(path), f"not the manifest of a run: {error}", "run the audit again") from None


def settle(**flags: Any) -> Effective:  # noqa: ANN401
    """Return the effective settings; a flag that was not given, or given no value, leaves the file's."""
    return effective({name: value for name, value in flags.items() if value not in (None, ())})
