"""What hostile names, ids and pages do to a real terminal: nothing. tmux is the terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here; .ci/run installs it")

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x1b[H\x1b[31m\x1b[5m\x9b2J\u202egpj\u2066\a\b\b\x0e"
"""Title, screen cleared, cursor home, red, blinking, cleared by C1, right to left, bell, backspaces, other letters."""
NAME = f"a{HOSTILE}.txt"
TEXT = f"The ankle swells.\n{HOSTILE}moonbet77 login, casino bonus, slot gacor{HOSTILE}\nCooling eases the pain.\n"
Ran = tuple[str, str]
"""The screen with its colours as escapes, and what the terminal says of itself."""


@pytest.fixture(scope="module")
def tmux() -> Iterator[Callable[..., str]]:
    with TemporaryDirectory(prefix="tmux-") as folder:  # short: a socket's path is
        environment = {**os.environ, "TMUX_TMPDIR": folder, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        environment.pop("TMUX", None)
        environment.pop("NO_COLOR", None)

        def call(*args: str) -> str:
            command = ["tmux", "-u", "-f", "/dev/null", *args]
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout  # noqa: S603

        call("new-session", "-d", "-s", "kept", "-x", "150", "-y", "120", "sleep 1000")
        yield call
        call("kill-server")


@pytest.fixture
def screen(tmux: Callable[..., str], tmp_path: Path) -> Callable[[str], Ran]:
    """Run a shell script in a window of its own and return what is seen at its end."""

    def run(script: str) -> Ran:
        done = tmp_path / "done"
        done.unlink(missing_ok=True)
        (tmp_path / "run.sh").write_text(
            f"echo first line\n{script}\necho last line\ntouch done\nsleep 1000\n", "utf-8"
        )
        pane = tmux("new-window", "-P", "-F", "#{pane_id}", "-t", "kept", "-c", str(tmp_path), "sh run.sh").strip()
        tmux("select-pane", "-t", pane, "-T", "as it was")
        deadline = time.monotonic() + 120
        while not done.exists():
            assert time.monotonic() < deadline, tmux("capture-pane", "-p", "-t", pane)
            time.sleep(0.05)
        time.sleep(0.2)  # tmux may have to read the last lines
        seen = tmux("capture-pane", "-p", "-e", "-t", pane)
        said = tmux("display", "-p", "-t", pane, "#{pane_title} #{window_bell_flag} #{alternate_on} #{cursor_x}")
        tmux("kill-pane", "-t", pane)
        return seen, said.strip()

    return run


def harmless(ran: Ran) -> str:
    """Hold the terminal to what it was, and return the screen."""
    seen, said = ran
    assert said == "as it was 0 0 0"
    rows = [row for row in seen.splitlines() if row.strip()]
    assert rows[0] == "first line", "the screen was cleared, or the cursor moved"
    assert rows[-1].endswith("last line")
    assert "\x1b[5m" not in seen, "it blinks"
    assert "\u202e" not in seen
    assert "\u2066" not in seen
    return seen


def audit(*args: str) -> str:
    return shlex.join([sys.executable, "-m", "audit", *args])


def test_this_terminal_obeys_what_is_printed_as_it_is(screen: Callable[[str], Ran]) -> None:
    seen, said = screen(f"printf %s {shlex.quote(HOSTILE)}")
    assert said != "as it was 0 0 0"
    assert "first line" not in seen


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / NAME).write_text(TEXT, "utf-8")
    (tmp_path / "site" / f"b{HOSTILE}.html").write_bytes(b"<p>" + b"x" * 99 + b"<div>" * 1_200)  # over a bound: failed
    records = [{"id": f"r{HOSTILE}", "url": f"https://x.example/{HOSTILE}", "text": TEXT}, {"id": "s", "text": ""}]
    (tmp_path / "site" / f"c{HOSTILE}.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, records)))
    return tmp_path


@pytest.mark.usefixtures("site")
def test_commands_over_hostile_pages_leave_the_terminal_alone(screen: Callable[[str], Ran]) -> None:
    seen = harmless(screen(audit("run", "site", "-o", "out")))
    assert "␛]0;owned␇␛[2J" in seen
    assert "<U+202E>gpj" in seen
    shown = harmless(
        screen(
            "\n".join(
                [
                    audit("show", "out", f"site/{NAME}"),
                    audit("show", "out", f"r{HOSTILE}", "--explain", "1"),
                    audit("show", "out", f"none{HOSTILE}"),
                    audit("gate", "out"),
                    audit("compare", "out", "out"),
                ]
            )
        )
    )
    assert "␛]0;owned␇␛[2J" in shown
    assert "moonbet77" in shown


ERRORS = [
    ("run", f"missing{HOSTILE}"),
    ("run", "site", f"--{HOSTILE}"),
    ("run", "site", "--profile", HOSTILE),
    ("show", HOSTILE, "x"),
    ("rules", "show", HOSTILE),
    ("rules", "test", f"{HOSTILE}.yaml"),
    ("gate", "site", "--baseline", HOSTILE),
]


def test_errors_leave_the_terminal_alone(screen: Callable[[str], Ran]) -> None:
    seen = harmless(screen("\n".join(audit(*args) for args in ERRORS)))
    assert seen.count("owned") >= len(ERRORS)


@pytest.mark.usefixtures("site")
def test_a_diff_leaves_the_terminal_alone(screen: Callable[[str], Ran]) -> None:
    assert "␛" in harmless(screen(audit("clean", f"site/{NAME}", "--diff")))
