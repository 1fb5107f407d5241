from __future__ import annotations

import os
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from audit import __version__
from audit.cli import COMMANDS, main

HEAVY = ("spacy", "pandas", "numpy", "bs4", "rich", "jinja2", "ruamel", "selectolax", "ahocorasick_rs", "re2")


def test_help_loads_nothing_heavy_and_starts_at_once() -> None:
    code = (
        "import sys\nfrom audit.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    costs = []
    for _ in range(5):
        said, cost = ran("-c", code)
        costs.append(cost)
    assert said.rstrip().endswith("heavy: []")
    assert min(costs) < 0.3  # seconds of the processor: other work on the machine does not count


def ran(*arguments: str) -> tuple[str, float]:
    """Return what Python printed, and the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_run_of_one_page_starts_in_the_time_of_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1.1 times as long as `import spacy`, whatever else runs on the machine. Turns are taken, and the best of each counts.

    Of a page that is cut, so that all is loaded that a page may ask for but the rewording of claims.
    """
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    page = "<h1>Sleep</h1><p>A dark room helps some people to fall asleep.</p>"
    spoilt = '<p>moonbet77 login, <a href="https://moonbet77.example/">slot gacor</a>, judi online</p>'
    (tmp_path / "a.html").write_text(f"<html><body>{page}\n{spoilt}</body></html>")
    run, peer = [], []
    for _ in range(4):
        run.append(ran("-m", "audit", "run", str(tmp_path / "a.html"), "-o", str(tmp_path / "out"), "--jobs", "1")[1])
        peer.append(ran("-c", "import spacy")[1])
    assert "moonbet77" in (tmp_path / "out/report.jsonl").read_text()
    assert min(run) < 1.5 * min(peer)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_is_made_of_their_own_first_lines(name: str) -> None:
    command = import_module(f"audit.cli.{name}").command
    assert command.help
    assert isinstance(main.get_command(click.Context(main), name), click.Command)


@pytest.mark.parametrize(
    ("path", "command"), commands(main), ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_and_option_says_what_it_does(audit, path, command) -> None:
    shown = audit(*path, "-h").output
    assert shown == audit(*path, "--help").output
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "rules"])
def test_help_teaches_by_example(audit, name: str) -> None:
    assert f"  audit {name}" in audit(name, "--help").output


def test_version(audit) -> None:
    assert audit("--version").output == f"audit, version {__version__}\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["rnu"], "No such command 'rnu'. Did you mean 'run'?"),
        (["rules", "lst"], "Did you mean 'list'?"),
        (["run", "x", "--formt", "csv"], "--format"),
        (["run"], "Missing argument 'SOURCE...'"),
        (["run", "x", "--format", "pdf"], 'there is no format "pdf"'),
        (["run", "x", "--fail-on", "errr"], "Did you mean 'error'?"),
        (["run", "x", "--fail-on", "7"], "Use 0 to 4"),
        (["run", "x", "--jobs", "-1"], "--jobs"),
        (["run", "x", "--cluster", "ray://head:10001"], "the local engine has no cluster"),
        (["run", "x", "--engine", "dask"], "'dask' is not one of"),
        (["run", "x", "--profile", "strikt"], 'there is no profile "strikt"'),
        (["run", "x", "--rules", "nowhere.yaml"], "nowhere.yaml"),
        (["run", "x", "--baseline", "nowhere.json"], "nowhere.json: No such file"),
        (["gate", "nowhere"], "nowhere: No such file"),
        (["show", "nowhere", "page"], "nowhere: No such file"),
        (["compare", "nowhere", "nowhere"], "nowhere: No such file"),
        (["baseline", "nowhere"], "nowhere: No such file"),
        (["clean", "x", "--diff", "--in-place"], "exclude each other"),
        (["rules", "show", "spam.gambling.brnd"], "did you mean"),
        (["rules", "new", "Not An Id"], "is no id for a rule"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "says",
)
def test_a_mistake_in_the_call_is_2_and_says_what_is_wrong(audit, args: list[str], message: str) -> None:
    assert message in audit(*args, exit_code=2).output


def test_an_unknown_setting_is_2_with_a_suggestion(audit, site, tmp_path) -> None:
    (tmp_path / "audit.toml").write_text('profil = "strict"\n')
    output = audit("run", site, exit_code=2).output
    assert 'unknown setting "profil"' in output
    assert 'did you mean "profile"?' in output


def test_a_defect_of_the_program_is_not_taken_for_a_failed_gate(audit, tmp_path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    (tmp_path / "report.jsonl").write_bytes(b"")
    monkeypatch.setattr(import_module("audit.cli.gate"), "gate", broken)
    shown = audit("gate", "report.jsonl", exit_code=2).output
    assert "ZeroDivisionError" in shown
    assert "this is a bug" in shown


def test_a_closed_pipe_is_quiet_and_keeps_the_exit_code(tmp_path) -> None:
    (tmp_path / "report.jsonl").write_bytes(b"")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "audit", "gate", str(tmp_path)], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["run", "--help"], ["rules", "list", "-h"]], ids=" ".join)
def test_help_into_a_closed_pipe_is_no_failure(args: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "audit", *args], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("args", [["--help"], ["run", "--help"], ["schema"]], ids=" ".join)
def test_a_full_disk_is_2_and_named(args: list[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "audit", *args], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"error: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="no shell that closes streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "0<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("args", "exit_code"),
    [("--help", 0), ("gate empty", 1), ("gate nowhere", 2), ("run nowhere", 3), ("run site -o made --format jsonl", 0)],
)
@pytest.mark.usefixtures("site")
def test_closed_streams_change_no_exit_code(tmp_path, closed: str, args: str, exit_code: int) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/report.jsonl").write_bytes(b"")
    done = subprocess.run(  # noqa: S603
        ["sh", "-c", f"exec {sys.executable} -m audit {args} {closed}"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == exit_code, done.stderr
    assert b"Traceback" not in done.stderr
    if exit_code == 0 and "made" in args:
        assert len((tmp_path / "made/report.jsonl").read_bytes().splitlines()) == 2


@pytest.mark.usefixtures("finished")
def test_a_bare_ascii_terminal_gets_escapes_instead_of_a_crash(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "audit", "show", "out", "site/bad.txt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"luckwin88" in done.stdout
