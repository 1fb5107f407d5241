"""`--format`: every format in one run, each where it was asked for; standard output is the format's alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit import report
from audit.report import WRITERS

pytestmark = pytest.mark.usefixtures("site")
FILES = {
    "run.json", "report.jsonl", "pages.csv", "findings.csv", "claims.csv", "campaigns.csv", "report.html", "report.sarif", "junit.xml",
    "annotations.txt", "summary.md", "report.xlsx", "pages.parquet", "findings.parquet", "claims.parquet",
    "campaigns.parquet",
}  # fmt: skip


def formats(*names: str) -> list[str]:
    return [part for name in names for part in ("--format", name)]


def test_every_format_comes_out_of_one_run(audit, tmp_path) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("pyarrow")
    said = audit("run", "site", "-o", "out", *formats(*WRITERS)).output
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert all(name in said for name in FILES)


def test_a_format_goes_to_the_file_that_is_named(audit, tmp_path) -> None:
    said = audit("run", "site", "-o", "out", *formats("sarif=deep/er/x.sarif", "csv=tables")).output
    assert json.loads((tmp_path / "deep/er/x.sarif").read_bytes())["version"] == "2.1.0"
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        "pages.csv", "findings.csv", "claims.csv", "campaigns.csv",
    }  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.jsonl", "run.json"}
    assert "deep/er/x.sarif" in said


def test_standard_output_holds_the_format_and_nothing_else(audit) -> None:
    result = audit("run", "site", "-o", "out", "--fail-on", "4", *formats("sarif=-"), exit_code=1)
    assert json.loads(result.stdout)["version"] == "2.1.0"
    assert "2 pages audited" in result.stderr
    assert "gate failed" in result.stderr


def test_formats_may_stand_in_the_settings(audit, tmp_path) -> None:
    (tmp_path / "audit.toml").write_text('formats = ["junit", "markdown=notes.md"]\n', encoding="utf-8")
    audit("run", "site", "-o", "out", "-q")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.jsonl", "run.json", "junit.xml"}
    assert (tmp_path / "notes.md").is_file()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["sarf"], 'there is no format "sarf"\n  did you mean "sarif"?'),
        (["pdf"], 'there is no format "pdf"\n  formats: jsonl, json, csv'),
        (["sarif="], '"sarif=" names no file\n  sarif=PATH, or sarif alone'),
        (["jsonl=x"], "report.jsonl always stands in the folder of the run"),
        (["csv=-"], "csv writes several files\n  name a folder for them: csv=DIR"),
        (["sarif=-", "junit=-"], "sarif and junit would both be written to -"),
        (["sarif=x", "junit=x"], "sarif and junit would both be written to x"),
        (["sarif=x", "junit=./x"], "sarif and junit would both be written to ./x"),
        (["html", "sarif=out/report.html"], "html and sarif would both be written to out/report.html"),
        (["sarif=out/report.jsonl"], "report.jsonl and sarif would both be written to out/report.jsonl"),
        (["csv", "csv=out"], "csv and csv would both be written to out"),
    ],
)
def test_a_format_that_cannot_be_had_is_refused_before_anything_is_read(
    audit, tmp_path, asked: list[str], message: str
) -> None:
    assert message in audit("run", "site", "-o", "out", *formats(*asked), exit_code=2).output
    assert not (tmp_path / "out").exists()


def test_a_wrong_format_in_the_settings_names_the_file(audit, tmp_path) -> None:
    (tmp_path / "audit.toml").write_text('formats = ["htm"]\n', encoding="utf-8")
    said = audit("run", "site", exit_code=2).output
    assert 'audit.toml:1: formats: there is no format "htm"\n  did you mean "html"?' in said


def test_a_missing_library_is_named_with_the_way_to_get_it(audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "find_spec", lambda _: None)
    said = audit("run", "site", *formats("xlsx"), exit_code=2).output
    assert "the format \"xlsx\" needs xlsxwriter, which is not installed\n  pip install 'article-audit[xlsx]'" in said


@pytest.mark.parametrize("asked", ["sarif=taken/x.sarif", "csv=taken", "junit=site"])
def test_a_place_that_cannot_be_written_is_named_before_anything_is_read(audit, tmp_path, asked: str) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    said = audit("run", "site", "-o", "out", *formats(asked), exit_code=2).output
    assert asked.partition("=")[2].partition("/")[0] in said
    assert "cannot be written" in said
    assert not (tmp_path / "out").exists()


def test_what_stands_at_a_named_place_stays_until_the_run_is_done(audit, tmp_path) -> None:
    (tmp_path / "old.sarif").write_text("old", encoding="utf-8")
    audit("run", "nowhere", *formats("sarif=old.sarif", "junit=new.xml"), exit_code=3)
    assert (tmp_path / "old.sarif").read_text("utf-8") == "old"
    assert not (tmp_path / "new.xml").exists()


def test_the_gate_of_the_run_decides_the_tests(audit, tmp_path) -> None:
    audit("run", "site", "-o", "out", "--min-score", "99", *formats("junit", "markdown"), exit_code=1)
    assert 'type="min_score"' in (tmp_path / "out/junit.xml").read_text("utf-8")
    assert "**The gate failed**" in (tmp_path / "out/summary.md").read_text("utf-8")


def test_what_the_baseline_accepts_is_unchanged(audit, tmp_path: Path) -> None:
    audit("run", "site", "-o", "out", "-q", *formats("jsonl"))
    audit("baseline", "out", "-o", "baseline.json")
    audit("run", "site", "-o", "out", "-q", "--baseline", "baseline.json", *formats("sarif"))
    results = json.loads((tmp_path / "out/report.sarif").read_bytes())["runs"][0]["results"]
    assert {result["baselineState"] for result in results if result["level"] != "none"} == {"unchanged"}


IDS = ("../../out", "/etc/passwd", r"..\..\x", "CON", "a/b/c", "n" * 5_000, "a\nb", "\0", "report.jsonl", ".", "-o", "")


def test_no_file_is_named_after_a_page(audit, tmp_path) -> None:
    text = "Ginger cures cancer. Buy moonbet77 slot gacor now."
    records = [json.dumps({"id": name, "url": f"https://a.example/{name}", "text": text}) for name in IDS]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.jsonl").write_text("\n".join(records), "utf-8")
    before = set(tmp_path.rglob("*"))
    audit("run", "in/x.jsonl", "-o", "out", *formats("csv", "html", "sarif", "junit", "github", "markdown"))
    audit("clean", "in/x.jsonl", "-o", "clean")
    made = {path.relative_to(tmp_path).as_posix() for path in set(tmp_path.rglob("*")) - before}
    assert made <= {
        "out",
        "out/campaigns.jsonl",
        "clean",
        "clean/x.jsonl",
        "clean/in",
        "clean/in/x.jsonl",
        *(f"out/{file}" for file in FILES),
    }
