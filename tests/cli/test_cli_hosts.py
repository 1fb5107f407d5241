"""A site's own hosts by its settings: found beside the file, told in run.json, wrong ones named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

PAGE = (
    "<html><head><title>Sciatica</title></head><body><h1>Sciatica</h1>\n<p>Sciatica is pain along the sciatic nerve, "
    "which runs from the lower back down the leg. Rest helps most people, gentle exercise and "
    "time help the others; a doctor may order imaging where the weakness gets worse.</p>\n"
    '<p>Symptoms <a href="https://moonbet77.example/">best online casino bonus</a> come and go.</p></body></html>\n'
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a page and a list, and a working folder under it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/hosts.txt").write_text("0.0.0.0 moonbet77.example\n")
    (tmp_path / "work").mkdir()
    (tmp_path / "work/page.html").write_text(PAGE)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def line() -> dict:
    return json.loads(Path("out/report.jsonl").read_text())


def test_lists_stand_beside_the_settings_and_are_told(audit, project) -> None:
    (project / "audit.toml").write_text('host_lists = ["lists/hosts.txt"]\n')
    quiet = PAGE.replace("moonbet77.example", "quiet.example").replace("best online casino bonus", "the quiet garden")
    Path("page.html").write_text(quiet)
    (project / "lists/hosts.txt").write_text("0.0.0.0 quiet.example\n")
    audit("run", "page.html", "-o", "out", "--format", "jsonl")
    assert "host on a list" in {each["name"] for one in line()["findings"] for each in one["evidence"]}
    told = json.loads(Path("out/run.json").read_text())["hosts"]
    assert told == {"hosts.txt": hashlib.sha256((project / "lists/hosts.txt").read_bytes()).hexdigest()}
    assert list((project / "cache/article-audit/hosts").glob("*.u64"))


@pytest.mark.parametrize("value", ["moonbet77.example", "lists/hosts.txt"], ids=["host", "file"])
def test_a_sponsor_is_a_host_or_a_file(audit, project, value) -> None:
    (project / "audit.toml").write_text(f'sponsors = ["{value}"]\n')
    audit("run", "page.html", "-o", "out", "--format", "jsonl")
    assert [one["action"] for one in line()["findings"] if one["category"] == "spam"] == ["note"]
    assert not line()["cuts"]


def test_clean_heeds_them_too(audit, project) -> None:
    assert "casino" not in audit("clean", "page.html").stdout
    (project / "audit.toml").write_text('sponsors = ["moonbet77.example"]\n')
    assert audit("clean", "page.html").stdout == PAGE


def test_a_bad_line_is_2_with_its_place(audit, project) -> None:
    (project / "audit.toml").write_text('host_lists = ["lists/hosts.txt"]\n')
    (project / "lists/hosts.txt").write_text("good.example\nnot a host\n")
    told = audit("run", "page.html", "-o", "out", exit_code=2).output
    assert 'hosts.txt:2: "not a host" is no host' in told


def test_a_changed_list_is_another_run(audit, project) -> None:
    (project / "audit.toml").write_text('host_lists = ["lists/hosts.txt"]\n')
    digests = set()
    for name in ("moonbet77.example", "other.example"):
        (project / "lists/hosts.txt").write_text(f"{name}\n")
        audit("run", "page.html", "-o", "out", "--format", "jsonl")
        digests.add(json.loads(Path("out/run.json").read_text())["rules_digest"])
    assert len(digests) == 2
