"""The command `audit`. A command is imported when it is called, so that `audit --help` starts at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from traceback import format_exc
from typing import Any, NoReturn

import click

from audit import __version__
from audit.cli.interruption import INTERRUPTED
from audit.cli.output import harmless, open_closed_streams, reader_has_gone, warn
from audit.errors import AuditError

COMMANDS = {
    "run": "Audit pages and write the reports.",
    "clean": "Write the pages less their injected spam.",
    "gate": "Pass or fail a finished run.",
    "show": "Show one page of a run with its findings in place.",
    "compare": "Compare two runs: new, fixed and remaining findings.",
    "baseline": "Accept the findings of a run as known.",
    "config": "Show the effective settings and where each comes from.",
    "rules": "List, explain, test and write rules.",
    "schema": "Print the JSON Schema of a line of report.jsonl.",
}
"""Each command's first line of help; the command itself stands in the module of its name."""


class SuggestingGroup(click.Group):
    """A group that answers an unknown command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names.

        Raises:
            click.UsageError: There is none.
        """
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = get_close_matches(name, self.list_commands(ctx), n=1, cutoff=0.5)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{harmless(name)}'.{hint}")
        return super().resolve_command(ctx, args)


class _Audit(SuggestingGroup):
    """The commands, by name; errors become messages and exit codes here and nowhere else."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"audit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 (click's own)
        """Run as a program; a stream that the caller has closed is an empty or a silent one."""
        open_closed_streams()
        return super().main(*args, **extra)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401
        with _told():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> object:
        with _told():
            return super().invoke(ctx)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors into messages and exit codes."""
    try:
        yield
    except AuditError as error:
        _end(f"error: {error}", error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _end("interrupted", INTERRUPTED)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and reader_has_gone():  # in the middle of a help page
            raise click.exceptions.Exit(0) from None
        where = f"{error.filename}: " if error.filename else ""
        _end(f"error: {where}{error.strerror or error}", 2)
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception:  # noqa: BLE001  (Python would exit with 1, which means that the gate failed)
        _end(f"{format_exc()}error: this is a bug, please report it, with the lines above", 2)


def _end(message: str, exit_code: int) -> NoReturn:
    warn(harmless(message), "interrupted" if exit_code == INTERRUPTED else "error")
    raise click.exceptions.Exit(exit_code)


@click.group(
    cls=_Audit,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  audit run samples/                          audit a folder, reports go to reports/
  audit run crawl.jsonl -o out --fail-on 3    a gate for CI: exit 1 if anything must be fixed
  audit clean page.html > page.clean.html     the page less its injected spam
  audit show reports samples/page.html        what was found, in place, and why

\b
Exit codes: 0 fine, 1 the gate failed, 2 usage, settings or rule error,
            3 some input could not be read or there was none, 130 interrupted.""",
)
@click.version_option(__version__, "--version", prog_name="audit")
def main() -> None:
    """Audit health articles: find injected spam to the character, read medical claims, score both."""
