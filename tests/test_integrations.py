"""What the project offers to CI systems and shells: the action, the hooks, completion, the page of commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import convert
from ruamel.yaml import YAML

from audit import overrides, suppressions
from audit.cli import main
from audit.cli.reference import pages
from audit.errors import RuleError
from audit.rules.load import load_rules
from audit.settings import Override, Settings, effective

ROOT = Path(__file__).parent.parent
SPAM = "luckwin88.com login, spinrajah exchange, 22bahis online: "
GOOD = "Walking is pleasant on a dry day. Bring water and a hat, and rest when you are tired.\n"
Called = subprocess.CompletedProcess[str]


def yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text("utf-8"))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/bad page.txt").write_text(SPAM + GOOD, encoding="utf-8")
    (tmp_path / "site/good.txt").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which `audit` is a command."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/audit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m audit "$@"\n', encoding="utf-8")
    (tmp_path / "bin/audit").chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def test_the_page_of_commands_is_up_to_date() -> None:
    shown = (ROOT / "docs/cli.md").read_text("utf-8")
    assert shown == "".join(pages()), "run: python -m audit.cli.reference > docs/cli.md"


# --- the examples of the guide --------------------------------------------------------------------------------------


def block(page: str, language: str, begins: str) -> str:
    """Return the example of a page of the docs that begins with these words."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (example,) = (content for content in found if content.startswith(begins))
    return example


def test_the_settings_of_the_guide_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/audit.toml").write_text("jobs = 1\n", encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/audit.toml").write_text(block("ci.md", "toml", "extends"), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "site")
    settled = effective()
    assert settled.settings.jobs == 1
    assert len(overrides.load(settled.settings, settled.origins).overrides) == 1


def test_every_setting_stands_in_the_docs_with_its_default() -> None:
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))
    values = {name: tomllib.loads(f"x = {row.strip('`')}")["x"] for name, row in rows.items() if row != "not set"}
    assert list(rows) == list(Settings.__struct_fields__)
    assert convert(values, Settings) == Settings()
    (override,) = re.findall(r"An entry may set (.*?)\. Of those", text, re.DOTALL)
    assert {"paths", *re.findall(r"`(\w+)`", override)} == set(Override.__struct_fields__)


def test_the_sidecar_of_the_guide_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "audit-ignore.yaml").write_text(block("ci.md", "yaml", "ignore:"), encoding="utf-8")
    entries = suppressions.load(tmp_path / "audit-ignore.yaml")
    rules = load_rules()
    assert [entry.rule for entry in entries if entry.rule in rules.known] == ["claims.cure.verb"]
    assert len(entries) == 2


def test_the_gate_of_the_guide_can_be_used(tmp_path: Path) -> None:
    profile = tmp_path / "ours.yaml"
    profile.write_text("profile: ours\nextends: strict\n" + block("scoring.md", "yaml", "gate:"), encoding="utf-8")
    gate = load_rules(profile=str(profile)).profile.gate
    assert (gate.fail_on, gate.unread, len(gate.rules), len(gate.paths)) == ("error", "fail", 2, 2)


@pytest.mark.parametrize(
    ("gate", "place", "message"),
    [
        ("{fail_no: 3}", ":2:8", 'gate has no field "fail_no"'),
        ("{fail_on: eror}", ":2:17", "invalid enum value"),
        ("{rules: {claims.cure.vreb: {fail_on: 2}}}", ":2:34", '"claims.cure.vreb" is the id of no rule'),
        ("{rules: {claims.*: {min_score: 2}}}", ":2:27", 'has no field "min_score"'),
        ("{paths: [{fail_on: 2}]}", ":2:16", "has no paths"),
        ("{paths: [{paths: ['[z-a]']}]}", ":2:25", "is no glob"),
    ],
)
def test_a_wrong_gate_in_a_profile_is_an_error_with_its_place(
    tmp_path: Path, gate: str, place: str, message: str
) -> None:
    profile = tmp_path / "ours.yaml"
    profile.write_text(f"profile: ours\ngate: {gate}\n", encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_rules(profile=str(profile))
    assert message in caught.value.what
    assert caught.value.where == f"{profile.as_posix()}{place}"


# --- the action -----------------------------------------------------------------------------------------------------

ACTION = yaml(ROOT / "action.yml")
AUDIT = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "audit")
Step = Callable[..., Called]


@pytest.fixture
def step(site: Path, command: dict[str, str]) -> Step:
    """Run the step of the action that audits, as the runner would, with these inputs over its defaults."""

    def run(**inputs: str) -> Called:
        given = {name: entry["default"] for name, entry in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        env = {
            name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in AUDIT["env"].items()
        }
        files = {"GITHUB_OUTPUT": str(site / "outputs"), "GITHUB_STEP_SUMMARY": str(site / "summary")}
        return subprocess.run(  # noqa: S603
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", AUDIT["run"]],  # noqa: S607
            env={**command, **files, **env},
            cwd=site,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_action_fails_with_annotations_summary_and_outputs(step: Step, site: Path) -> None:
    done = step(sources="site")
    assert done.returncode == 1, done.stderr
    assert "::error file=site/bad page.txt,line=1" in done.stdout
    assert "gate failed" in done.stdout
    assert "bad page.txt" in (site / "summary").read_text("utf-8")
    outputs = dict(line.split("=", 1) for line in (site / "outputs").read_text("utf-8").splitlines())
    assert outputs["exit-code"] == "1"
    assert all((site / outputs[name]).is_file() for name in ("report", "html", "sarif"))
    assert set(outputs) == set(ACTION["outputs"])


def test_the_action_takes_several_sources_with_blanks_and_further_arguments(step: Step, site: Path) -> None:
    done = step(sources="site/good.txt\nsite/bad page.txt\n", fail_on="never", args="--exclude\n*.tmp")
    assert done.returncode == 0, done.stderr
    assert len((site / "reports/audit/report.jsonl").read_bytes().splitlines()) == 2


@pytest.mark.parametrize(
    ("inputs", "exit_code"),
    [
        ({"sources": "site/good.txt"}, 0),
        ({"sources": "nowhere"}, 3),
        ({"sources": "site", "fail_on": "eror"}, 2),
        ({"sources": "$(touch pwned)"}, 3),
        ({"sources": "site/good.txt", "profile": "; touch pwned"}, 2),
        ({"sources": "--help"}, 3),
        ({"sources": "site", "fail_on": "never", "min_score": "90"}, 1),
    ],
    ids=str,
)
def test_the_action_passes_the_exit_code_on_and_runs_no_input(
    step: Step, site: Path, inputs: dict[str, str], exit_code: int
) -> None:
    assert step(**inputs).returncode == exit_code
    assert not (site / "pwned").exists()
    outputs = dict(line.split("=", 1) for line in (site / "outputs").read_text("utf-8").splitlines())
    assert outputs.pop("exit-code") == str(exit_code)
    assert set(outputs) == ({"report", "html", "sarif"} if (site / "reports/audit/report.jsonl").exists() else set())


def test_no_script_of_the_action_holds_an_input() -> None:
    assert [step["run"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


# --- hooks for pre-commit -------------------------------------------------------------------------------------------

HOOKS = {hook["id"]: hook for hook in yaml(ROOT / ".pre-commit-hooks.yaml")}


@pytest.mark.skipif(shutil.which("pre-commit", path=str(Path(sys.executable).parent)) is None, reason="no pre-commit")
def test_pre_commit_takes_the_manifest() -> None:
    subprocess.run(  # noqa: S603
        [Path(sys.executable).parent / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=True
    )


@pytest.mark.parametrize(("files", "exit_code"), [(["site/good.txt"], 0), (["site/bad page.txt", "site/good.txt"], 1)])
def test_the_hook_fails_on_a_bad_page_and_writes_nothing(site: Path, files: list[str], exit_code: int) -> None:
    hook = HOOKS["article-audit"]
    before = sorted(site.rglob("*"))
    done = CliRunner().invoke(main, [*hook["entry"].split()[1:], *hook["args"], *files])
    assert done.exit_code == exit_code
    assert ("site/bad page.txt:1:1: spam." in done.output) is bool(exit_code)
    assert sorted(site.rglob("*")) == before


# --- completion -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["audit", "ba"], "baseline"),
        (["audit", "run", "--fail-"], "--fail-on"),
        (["audit", "run", "--fail-on", "bl"], "blocker"),
        (["audit", "run", "--profile", "st"], "strict"),
        (["audit", "rules", "sh"], "show"),
        (["audit", "rules", "show", "claims.cure.ve"], "claims.cure.verb"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_bash_completes(command: dict[str, str], words: list[str], offered: str) -> None:
    script = f"""
eval "$(_AUDIT_COMPLETE=bash_source audit)"
COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}
_audit_completion audit
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        env=command,
        capture_output=True,
        text=True,
        check=True,
    )
    assert offered in done.stdout.split()


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
def test_zsh_completes(command: dict[str, str], tmp_path: Path) -> None:
    script = f"""
autoload -Uz compinit && compinit -u -d {tmp_path}/dump
eval "$(_AUDIT_COMPLETE=zsh_source audit)"
[[ $_comps[audit] == _audit_completion ]] && echo registered
_describe() {{ print -l "${{(@P)3}}" }}
compadd() {{ print -l "${{(@P)@[-1]}}" }}
words=(audit ba); CURRENT=2; _audit_completion
words=(audit run --fail-on bl); CURRENT=4; _audit_completion
"""
    done = subprocess.run(  # noqa: S603
        ["zsh", "-f", "-c", script],  # noqa: S607
        env=command,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.partition(":")[0] for line in done.stdout.split("\n")] == ["registered", "baseline", "blocker", ""]


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("audit ba", "baseline"), ("audit run --fail-on bl", "blocker"), ("audit rules show claims.cure.ve", "claims.cure.verb")],
)  # fmt: skip
def test_fish_completes(command: dict[str, str], typed: str, offered: str) -> None:
    script = f"_AUDIT_COMPLETE=fish_source audit | source; complete -C '{typed}'"
    done = subprocess.run(  # noqa: S603
        ["fish", "--no-config", "-c", script],  # noqa: S607
        env=command,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == [offered]


# --- colour ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args", [["run", "site", "--no-reports"], ["clean", "site", "--diff"], ["rules", "show", "claims.cure.verb"]]
)
def test_nothing_that_is_piped_has_colour(site: Path, command: dict[str, str], args: list[str]) -> None:
    env = {key: value for key, value in command.items() if key != "NO_COLOR"}
    done = subprocess.run(["audit", *args], env=env, cwd=site, capture_output=True, check=False)  # noqa: S603, S607
    assert done.stdout + done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
