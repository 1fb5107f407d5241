"""What a run says while it lasts, to a person and to a machine; how it is stopped; and what it leaves to repeat it by."""

import hashlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_pages import GOOD

from audit.cli import run as command


@pytest.fixture
def many(tmp_path) -> Path:
    """Return a folder with some thousand pages in it: a minute of work."""
    with (tmp_path / "many.jsonl").open("w") as file:
        for number in range(5_000):
            file.write(json.dumps({"id": str(number), "text": f"{number} {GOOD * 40}"}) + "\n")
    return tmp_path


def begin(folder, *more, stderr=subprocess.PIPE):
    """Begin a run and wait until it works."""
    args = [sys.executable, "-m", "audit", "run", "many.jsonl", "-o", "out", *more]
    process = subprocess.Popen(args, cwd=folder, stderr=stderr, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    until = time.monotonic() + 60
    while not (folder / "out/.shards").exists() or len(children(process.pid)) < 2:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    return process


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.2])
def test_two_interruptions_in_a_row_stop_it_too(many, pause):
    process = begin(many, "--jobs", "2")
    workers = children(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it, too
    time.sleep(pause)
    os.killpg(process.pid, signal.SIGINT)
    told = process.communicate(timeout=30)[1].decode()
    assert process.returncode in {130, -signal.SIGINT}  # a shell says 130 of both; the second is the interpreter's end
    assert "Traceback" not in told
    assert "--resume" in told or "stopped at once" in told
    until = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not [worker for worker in workers if alive(worker)]


def test_an_interruption_says_nothing_of_going_on_where_nothing_is_kept(many):
    args = [sys.executable, "-m", "audit", "run", "many.jsonl", "--no-reports", "--format", "json=x.json"]
    process = subprocess.Popen(args, cwd=many, stderr=subprocess.PIPE, text=True)  # noqa: S603
    while "many.jsonl" not in opened(process.pid):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "--resume" not in told


def opened(pid):
    """Return the names of the files that a process and its children have open."""
    names = set()
    for each in (pid, *children(pid)):
        for link in Path(f"/proc/{each}/fd").iterdir():
            try:
                names.add(link.readlink().name)
            except OSError:
                continue
    return names


def events(result):
    return [json.loads(line) for line in result.stderr.splitlines()]


@pytest.mark.usefixtures("site")
def test_a_log_is_json_line_by_line(audit, site):
    (site / "empty.txt").write_bytes(b"")
    got = events(audit("run", "site", "-o", "out", "--log-json", exit_code=3))
    assert [each["event"] for each in got] == ["started", "unread", "finished"]
    assert got[0]["sources"] == ["site"]
    assert "empty.txt" in got[1]["text"]
    assert (got[2]["pages"], got[2]["failed"], got[2]["exit_code"]) == (3, 1, 3)
    assert all("T" in each["time"] for each in got)


@pytest.mark.usefixtures("site")
def test_an_error_is_an_event_too(audit):
    got = events(audit("run", "nowhere", "-o", "out", "--log-json", exit_code=3))
    assert (got[-1]["event"], "no such file" in got[-1]["text"]) == ("error", True)


@pytest.mark.usefixtures("site")
def test_the_next_command_speaks_plainly_again(audit):
    audit("run", "site", "-o", "out", "--log-json")
    assert "error: " in audit("run", "nowhere", "-o", "out", exit_code=3).stderr


@pytest.mark.parametrize(("flags", "lines"), [((), True), (("-q",), False), (("--no-progress",), False)])
@pytest.mark.usefixtures("site")
def test_a_log_has_lines_of_progress(audit, monkeypatch, flags, lines):
    monkeypatch.setattr(command, "EVERY", 0.0)
    told = audit("run", "site", "-o", "out", *flags).stderr
    assert ("auditing: 2 pages, 100 %" in told) is lines


@pytest.mark.usefixtures("site")
def test_progress_is_an_event(audit, monkeypatch):
    monkeypatch.setattr(command, "EVERY", 0.0)
    got = [each for each in events(audit("run", "site", "-o", "out", "--log-json")) if each["event"] == "progress"]
    assert (got[-1]["pages"], got[-1]["share"], got[-1]["failed"]) == (2, 1.0, 0)


def test_a_terminal_gets_a_bar(many):
    reader, writer = pty.openpty()
    process = begin(many, "--jobs", "2", stderr=writer)
    os.close(writer)
    shown = b""
    until = time.monotonic() + 30
    while b"pages/s" not in shown and time.monotonic() < until:
        if select.select([reader], [], [], 1)[0]:
            shown += os.read(reader, 10_000)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    os.close(reader)
    assert b"auditing" in shown
    assert b"pages/s" in shown
    assert process.returncode == 130


@pytest.mark.usefixtures("site")
def test_the_manifest_names_all_that_it_takes_to_repeat_the_run(audit, tmp_path):
    audit("run", "site", "-o", "out", "--jobs", "1", "--cache", "kept", "--today", "2026-11-01")
    audit("run", "site", "-o", "again", "--jobs", "2", "--cache", "kept")
    told, again = (json.loads((tmp_path / name / "run.json").read_bytes()) for name in ("out", "again"))
    assert told["report_sha256"] == hashlib.sha256((tmp_path / "out/report.jsonl").read_bytes()).hexdigest()
    for same in ("version", "program", "python", "libraries", "packs", "rules_digest", "sources", "report_sha256"):
        assert told[same] == again[same], same
    assert (told["folder"], told["engine"], told["today"]) == (str(tmp_path), "local", "2026-11-01")
    assert (told["work"]["cached"], again["work"]["cached"]) == (0, 2)
    assert set(told["work"]["seconds"]) == {"plan", "work", "again", "merge", "read", "audit", "write"}


@pytest.mark.usefixtures("site")
def test_a_broken_result_of_the_cache_is_told(audit, tmp_path):
    audit("run", "site", "-o", "out", "--cache", "kept")
    next((tmp_path / "kept").rglob("*.entry")).write_bytes(b"half")
    told = audit("run", "site", "-o", "again", "--cache", "kept", "-v").stderr
    assert "1 result in kept could not be read and was made again" in told
    assert "1 page from the cache kept" in told
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "again/report.jsonl").read_bytes()
