"""The README says what the program does: its commands exist, its examples run, what it shows is what comes out."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from audit import Page, audit_page, load_rules, suppressions
from audit.cli import COMMANDS, main
from audit.report import sarif

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {path.name: path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def marked(name: str) -> str:
    match = re.search(rf"^<!-- {name} -->\n```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert match, f"README.md: no block after <!-- {name} -->"
    return match.group(1)


def audit_calls() -> list[tuple[str, str]]:
    calls = []
    for page, text in PAGES.items():
        for block in fenced(text, "sh"):
            for line in re.sub(r"\\\n", " ", block).splitlines():
                parts = [part.strip() for part in re.split(r"&&|\||;|>", line.partition("  #")[0])]
                calls += [(page, part) for part in parts if part.startswith("audit ")]
    return calls


@pytest.mark.parametrize(("page", "call"), audit_calls(), ids=lambda value: str(value)[:60])
def test_every_command_and_option_in_the_docs_exists(page: str, call: str) -> None:
    words = shlex.split(call)[1:]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"{page}: {call}: no command {name}"
        command = found
    known = {"--help", "-h"} | {name for option in command.params for name in option.opts + option.secondary_opts}
    given = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert given <= known, f"{page}: {call}"


def test_every_command_stands_in_the_readme() -> None:
    assert len(COMMANDS) >= 9
    assert [name for name in COMMANDS if f"| `audit {name}" not in README] == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_two_commands_are_one_line_and_set_everything_up(name: str) -> None:
    (line,) = marked(name).strip().splitlines()
    assert line.startswith("python3 -m venv .venv && ")
    assert "pip install" in line


def test_the_python_examples_run() -> None:
    examples = "".join(fenced(README, "pycon"))
    assert examples.count(">>>") >= 5
    test = doctest.DocTestParser().get_doctest(examples, {}, "README.md", "README.md", 0)
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test)
    assert results.failed == 0


def test_the_suppression_of_the_docs_fits_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "audit-ignore.yaml").write_text(fenced(PAGES["ci.md"], "yaml")[0], "utf-8")
    entry, _ = suppressions.load(tmp_path / "audit-ignore.yaml")
    text = "The powder from the monks cured the king of his gout."
    report = audit_page(Page(id="history/gout.txt", text=text, kind="text"), load_rules())
    assert [entry.fits(report, finding) for finding in report.findings if finding.rule == entry.rule] == [True]


def test_the_docs_say_from_where_on_a_sarif_region_has_no_text() -> None:
    assert f"A region of more than {sarif.LONGEST_SNIPPET:,} characters has no text" in PAGES["formats.md"]


def test_the_summary_shown_is_what_the_first_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(marked("run").strip().rpartition("&& ")[2])[1:]
    at = arguments.index("-o")
    place = arguments[at + 1]
    arguments[at + 1] = str(tmp_path / "run")
    printed = CliRunner().invoke(main, arguments).stdout.replace(str(tmp_path / "run"), place)

    def without_time(text: str) -> str:
        return re.sub(r"in [\d.]+ (?:s|min)", "in … s", text).strip()

    assert without_time(printed) == without_time(marked("summary"))


def test_the_cut_shown_is_what_clean_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    printed = CliRunner().invoke(main, ["clean", "samples/sciatica-massage.txt", "--diff"]).stdout.splitlines()
    shown = [line.removesuffix(" …") for line in marked("cut").strip().splitlines()]
    for line in shown:
        assert any(real.startswith(line) for real in printed), line


def test_the_example_report_is_what_a_run_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "reports/README.md").read_text("utf-8")
    command = next(block for block in fenced(text, "sh") if "reports/example" in block)
    arguments = shlex.split(command)[1:]
    arguments[arguments.index("reports/example")] = str(tmp_path)
    assert CliRunner().invoke(main, [*arguments, "-q"]).exit_code == 0
    for name in ("report.jsonl", "findings.csv", "pages.csv", "claims.csv", "campaigns.csv", "report.html"):
        assert (tmp_path / name).read_bytes() == (ROOT / "reports/example" / name).read_bytes(), name
