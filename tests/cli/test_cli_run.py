from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from cli_pages import GOOD, INJECTED, SPAM


def rows(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "report.jsonl").read_bytes().splitlines()]


@pytest.mark.usefixtures("site")
def test_run_writes_the_reports_and_says_where_they_are(audit, tmp_path) -> None:
    shown = audit("run", "site").output
    assert [row["id"] for row in rows(tmp_path / "reports")] == ["site/bad.txt", "site/good.txt"]
    assert "2 pages audited" in shown
    assert "site/bad.txt:2:1" in shown
    assert "audit show reports site/bad.txt" in shown
    for name in ("report.jsonl", "run.json", "pages.csv", "findings.csv", "report.html"):
        assert (tmp_path / "reports" / name).is_file()
        assert name in shown


@pytest.mark.usefixtures("site")
def test_findings_alone_do_not_make_a_run_fail(audit) -> None:
    audit("run", "site", exit_code=0)


@pytest.mark.usefixtures("site")
def test_the_cut_is_the_injected_text_and_nothing_else(audit, tmp_path) -> None:
    audit("run", "site", "-o", "out", "-q")
    bad, good = rows(tmp_path / "out")
    assert [INJECTED[cut["start"] : cut["end"]] for cut in bad["cuts"]] == [SPAM]
    assert good["cuts"] == []


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("args", [["-q"], ["-q", "--format", "csv"], ["-q", "--format", "jsonl", "--jobs", "2"]])
def test_report_jsonl_is_the_same_bytes_whatever_else_is_asked(audit, tmp_path, args) -> None:
    audit("run", "site", "-o", "one", "-q")
    audit("run", "site", "-o", "two", *args)
    one, two = ((tmp_path / name / "report.jsonl").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.usefixtures("site")
def test_quiet_prints_nothing(audit) -> None:
    assert audit("run", "site", "-q").output == ""


@pytest.mark.usefixtures("site")
def test_the_time_of_each_stage_is_told_and_kept(audit, tmp_path) -> None:
    shown = audit("run", "site", "--profile-stages").output
    kept = json.loads((tmp_path / "reports/run.json").read_text())["stages"]
    table = {line.split()[0]: float(line.split()[1]) for line in shown.splitlines() if line.endswith("%")}
    assert list(table) == ["parse", "spam", "cut", "claims", "score", "report"]
    assert all(abs(kept[stage] - seconds) < 0.001 for stage, seconds in table.items())
    assert table["spam"] > 0


@pytest.mark.usefixtures("site")
def test_only_the_formats_that_are_asked_for_are_written(audit, tmp_path) -> None:
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.jsonl", "run.json"]


def test_without_reports_nothing_is_written_and_all_is_said(audit, site, tmp_path) -> None:
    (site / "empty.txt").write_bytes(b"")
    before = sorted(tmp_path.rglob("*"))
    shown = audit("run", "site", "--no-reports", "--fail-on", "4", exit_code=1)
    assert "3 pages audited" in shown.stdout
    assert "site/bad.txt:2:1: spam." in shown.stdout
    assert "Reports in" not in shown.stdout
    assert "could not be read: site/empty.txt" in shown.stderr
    assert sorted(tmp_path.rglob("*")) == before
    audit("run", "site", "--no-reports", "-q", "--format", "sarif=x.sarif", "--format", "csv", exit_code=3)
    assert {path.name for path in tmp_path.iterdir()} == {"site", "x.sarif"}


@pytest.mark.usefixtures("site")
def test_run_json_holds_what_report_jsonl_must_not(audit, tmp_path) -> None:
    audit("run", "site", "-o", "out", "-q", "--profile", "default")
    made = json.loads((tmp_path / "out/run.json").read_bytes())
    assert made["sources"] == ["site"]
    assert made["counts"]["pages"] == 2
    assert made["settings"]["profile"] == "default"
    assert sum(pack["rules"] for pack in made["packs"]) > 50
    assert str(tmp_path) not in (tmp_path / "out/report.jsonl").read_text()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("args", "exit_code"),
    [
        (["--fail-on", "0"], 1),
        (["--fail-on", "error"], 1),
        (["--fail-on", "3"], 1),
        (["--min-score", "99"], 1),
        (["--max-new", "0"], 1),
        (["--profile", "strict"], 1),
        (["--min-score", "0"], 0),
        (["--max-new", "99"], 0),
        (["--fail-on", "3", "--format", "csv", "-q"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_run_and_gate_decide_alike(audit, args, exit_code) -> None:
    audit("run", "site", "-o", "out", *args, exit_code=exit_code)
    conditions = [arg for arg in args if arg not in {"--format", "csv", "-q"}]
    audit("gate", "out", *conditions, exit_code=exit_code)


@pytest.mark.usefixtures("site")
def test_a_failing_gate_says_where_even_when_quiet(audit) -> None:
    assert "site/bad.txt:2:1: spam." in audit("run", "site", "-q", "--fail-on", "3", exit_code=1).output


@pytest.mark.usefixtures("site", "finished")
def test_accepted_findings_do_not_fail_a_run(audit) -> None:
    audit("baseline", "out", "-o", "baseline.json")
    audit("run", "site", "-o", "two", "--fail-on", "1", "--max-new", "0", "--baseline", "baseline.json")


def test_standard_input_is_a_source(audit, tmp_path) -> None:
    audit("run", "-", "-o", "out", "-q", stdin=INJECTED)
    assert [len(row["cuts"]) for row in rows(tmp_path / "out")] == [1]


BAD_FILES = {
    "empty.txt": b"",
    "blank.html": b" \n\n",
    "binary.html": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "large.txt": b"word " * 2000,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_page_that_cannot_be_read_is_a_row_and_3_and_the_others_are_audited(audit, site, tmp_path, name) -> None:
    (site / name).write_bytes(BAD_FILES[name])
    shown = audit("run", "site", "-o", "out", "--max-page-size", "5000", exit_code=3).output
    by_id = {row["id"]: row for row in rows(tmp_path / "out")}
    assert by_id[f"site/{name}"]["status"] == "failed"
    assert by_id[f"site/{name}"]["error"].startswith(f"site/{name}: ")
    assert f"could not be read: site/{name}" in shown
    assert by_id["site/good.txt"]["verdict"] == "pass"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_row_and_3(audit, site, tmp_path) -> None:
    (site / "good.txt").chmod(0)
    audit("run", "site", "-o", "out", "-q", exit_code=3)
    assert [row["status"] for row in rows(tmp_path / "out")] == ["ok", "failed"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"id": "x", "text": "cut off', "pages.jsonl:2: not a JSON object"),
        (b'["text"]', "pages.jsonl:2: not a JSON object"),
        (b'{"id": "x", "prose": "elsewhere"}', "--text-field"),
        (b'{"id": "x", "text": 7}', 'field "text" is a number'),
    ],
)
def test_a_broken_record_is_a_row_and_3_and_the_others_are_audited(audit, tmp_path, line, message) -> None:
    record = json.dumps({"id": "good", "text": GOOD}).encode()
    (tmp_path / "pages.jsonl").write_bytes(b"\n".join([record, line, record.replace(b"good", b"fine")]))
    shown = audit("run", "pages.jsonl", "-o", "out", exit_code=3).output
    assert [row["status"] for row in rows(tmp_path / "out")] == ["ok", "failed", "ok"]
    assert message in shown


def test_the_field_of_a_record_can_be_named(audit, tmp_path) -> None:
    (tmp_path / "pages.jsonl").write_text(json.dumps({"id": "x", "prose": INJECTED}))
    audit("run", "pages.jsonl", "-o", "out", "-q", "--text-field", "prose")
    assert len(rows(tmp_path / "out")[0]["cuts"]) == 1


@pytest.mark.parametrize(
    ("sources", "message"),
    [(["nowhere"], "nowhere: no such file or folder"), (["empty"], "empty: no page in this folder")],
)
def test_nothing_to_read_is_3(audit, tmp_path, sources, message) -> None:
    (tmp_path / "empty").mkdir()
    assert message in audit("run", *sources, exit_code=3).output


@pytest.mark.usefixtures("site")
def test_a_missing_source_beside_a_good_one_is_3(audit, tmp_path) -> None:
    audit("run", "site/good.txt", "nowhere.txt", "-o", "out", exit_code=3)
    assert [row["status"] for row in rows(tmp_path / "out")] == ["ok", "failed"]


@pytest.mark.parametrize(("fail_on", "exit_code"), [("3", 1), ("0", 1), (None, 3)])
def test_what_was_read_decides_before_what_was_not(audit, site, fail_on, exit_code) -> None:
    (site / "empty.txt").write_bytes(b"")
    audit("run", "site", "-o", "out", *(["--fail-on", fail_on] if fail_on else []), exit_code=exit_code)
    audit("gate", "out", *(["--fail-on", fail_on] if fail_on else []), exit_code=1)


def test_a_gate_that_only_lacks_a_page_is_3_from_run_and_1_from_gate(audit, site) -> None:
    (site / "bad.txt").write_bytes(b"")
    audit("run", "site", "-o", "out", "--fail-on", "4", exit_code=3)
    assert "could not be read" in audit("gate", "out", "--fail-on", "4", exit_code=1).output


def test_a_profile_may_forgive_unread_pages_in_the_gate_but_run_still_says_3(audit, site, tmp_path) -> None:
    (site / "bad.txt").write_bytes(b"")
    (tmp_path / "ours.yaml").write_text("profile: ours\nextends: default\ngate: {fail_on: 3, unread: ignore}\n")
    audit("run", "site", "-o", "out", "--profile", "ours.yaml", exit_code=3)
    audit("gate", "out", exit_code=0)


@pytest.mark.usefixtures("site")
def test_a_folder_that_cannot_be_written_is_2(audit, tmp_path) -> None:
    (tmp_path / "out").write_text("a file")
    assert "out" in audit("run", "site", "-o", "out", exit_code=2).output


def test_names_that_speak_to_the_terminal_are_shown_not_sent(audit, site) -> None:
    (site / "\x1b[31mred\u202e.txt").write_text(INJECTED)
    shown = audit("run", "site").output
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "␛[31mred<U+202E>.txt" in shown


def test_an_interruption_is_130_and_says_how_to_go_on(tmp_path) -> None:
    with (tmp_path / "many.jsonl").open("w") as file:
        for number in range(20_000):
            file.write(json.dumps({"id": str(number), "text": GOOD * 40}) + "\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "audit", "run", "many.jsonl", "-o", "out", "--jobs", "1"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "out/.shards").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "--resume" in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("finished")
def test_a_run_that_breaks_off_leaves_no_report_of_an_earlier_one_to_be_judged(audit, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("audit.batch.run.audit_shard", interrupted)
        audit("run", "site", "-o", "out", "--jobs", "1", exit_code=130)
    assert "No such file" in audit("gate", "out", "--fail-on", "never", exit_code=2).output
    audit("run", "site", "-o", "out", "--resume", "-q")
    audit("gate", "out", "--fail-on", "never")


def test_a_page_that_is_named_like_an_option_is_shown_by_the_command_that_is_printed(audit, tmp_path) -> None:
    (tmp_path / "-d.txt").write_text(INJECTED)
    assert "audit show reports -- -d.txt" in audit("run", "./-d.txt").output
    assert "-d.txt" in audit("show", "reports", "--", "-d.txt").output


@pytest.mark.parametrize("engine", ["ray", "spark"])
@pytest.mark.usefixtures("finished")
def test_an_engine_that_is_not_installed_leaves_the_finished_report_alone(audit, tmp_path, monkeypatch, engine) -> None:
    monkeypatch.setattr("audit.batch.engines.find_spec", lambda _: None)
    before = (tmp_path / "out/report.jsonl").read_bytes()
    told = audit("run", "site", "-o", "out", "-q", "--engine", engine, exit_code=2).output
    assert f"{engine} needs the extra {engine}" in told
    assert (tmp_path / "out/report.jsonl").read_bytes() == before


def test_a_name_that_is_no_utf_8_is_a_row_and_the_run_goes_on(audit, site) -> None:
    try:
        (site / os.fsdecode(b"caf\xe9.txt")).write_text("Tea.")
    except OSError:
        pytest.skip("this file system knows UTF-8 names only")
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl", exit_code=3)
    found = {row["id"]: row["status"] for row in rows(site.parent / "out")}
    assert found == {"site/bad.txt": "ok", "site/good.txt": "ok", "site/caf\ufffd.txt": "failed"}


def test_a_page_that_is_one_address_warns_of_nothing(audit, tmp_path, recwarn) -> None:
    (tmp_path / "f.html").write_text("BOKURAMA138-rtp-slot-gacor-malam-ini-bandar-togel-terpercaya-slot-maxwin.html")
    audit("run", "f.html", "-q")
    assert not [warning for warning in recwarn if "Markup" in warning.category.__name__]
