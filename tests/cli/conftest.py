from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_pages import GOOD, INJECTED
from click.testing import CliRunner, Result

from audit.cli import main

Audit = Callable[..., Result]


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Audit:
    """Call the command in a folder of its own; the exit code is part of what is asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*args: str | Path, exit_code: int = 0, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
        assert result.exit_code == exit_code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with one injected and one honest page, beside which the command is called."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "bad.txt").write_text(INJECTED, encoding="utf-8")
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    return folder


@pytest.fixture
def finished(audit: Audit, site: Path) -> Path:
    """Return the folder of a finished run over the site."""
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    return site.parent / "out"
