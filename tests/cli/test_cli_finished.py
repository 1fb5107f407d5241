"""The commands that look at a finished run, and those that need none."""

from __future__ import annotations

import json

import msgspec
import pytest
from cli_pages import GOOD, INJECTED, SPAM

from audit.model import PageReport
from audit.settings import effective


@pytest.mark.usefixtures("finished")
def test_gate_without_a_condition_fails_on_what_must_be_fixed(audit) -> None:
    shown = audit("gate", "out", exit_code=1).output
    assert shown.startswith("site/bad.txt:2:1: spam.")
    assert "severity 4" in audit("gate", "out", "--fail-on", "4", exit_code=1).output


@pytest.mark.usefixtures("finished")
def test_gate_takes_the_folder_or_the_file(audit) -> None:
    assert audit("gate", "out", exit_code=1).output == audit("gate", "out/report.jsonl", exit_code=1).output


def test_gate_uses_the_profile_of_the_run(audit, site) -> None:
    (site / "bad.txt").unlink()
    audit("run", "site", "-o", "out", "-q", "--profile", "strict", "--format", "jsonl")
    assert audit("gate", "out").output == "gate passed\n"
    audit("gate", "out", "--min-score", "100", "--profile", "default")


def test_gate_on_no_pages_fails(audit, tmp_path) -> None:
    (tmp_path / "report.jsonl").write_bytes(b"")
    assert "holds no pages" in audit("gate", "report.jsonl", exit_code=1).output


@pytest.mark.parametrize("command", [["gate"], ["baseline"], ["show"], ["compare"]], ids=lambda value: value[0])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-40], "report.jsonl:2: not a page report"),
        (lambda content: content + b'{"rows": []}\n', "report.jsonl:3: not a page report"),
        (lambda content: b"<html>" + content, "report.jsonl:1: not a page report"),
        (lambda content: content.splitlines(keepends=True)[0], "1 pages where run.json counted 2"),
        (lambda content: content.replace(b'"score":', b'"score":"high","x":', 1), "report.jsonl:1: not a page report"),
        (lambda content: content.replace(b'"severity":4', b'"severity":0'), "not the report that run.json tells of"),
    ],
    ids=["cut off", "foreign line", "foreign file", "a line is gone", "wrong type", "edited"],
)
def test_a_damaged_report_is_2_and_names_the_line(audit, finished, command, damage, message) -> None:
    report = finished / "report.jsonl"
    report.write_bytes(damage(report.read_bytes()))
    args = {"show": ["out", "nowhere.txt"], "compare": ["out", "out"]}.get(command[0], ["out"])
    assert message in audit(*command, *args, exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_show_explains_what_stands_at_a_place_in_a_finding(audit) -> None:
    first = audit("show", "out", "site/bad.txt:2:1").output
    assert audit("show", "out", "site/bad.txt:2:5").output == first
    assert "no such finding" in audit("show", "out", "site/bad.txt:1:1", exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_baseline_goes_to_standard_output_or_a_file(audit, tmp_path) -> None:
    shown = audit("baseline", "out").stdout
    audit("baseline", "out", "-o", "baseline.json")
    assert (tmp_path / "baseline.json").read_text() == shown
    assert {entry["page"] for entry in json.loads(shown)["accepted"]} >= {"site/bad.txt"}


@pytest.mark.usefixtures("finished")
def test_a_malformed_baseline_is_2(audit, tmp_path) -> None:
    (tmp_path / "baseline.json").write_text('{"accepted": []}')
    assert "not a baseline" in audit("gate", "out", "--baseline", "baseline.json", exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_compare_names_what_is_new_and_what_is_fixed(audit, site) -> None:
    (site / "bad.txt").write_text(INJECTED.replace(SPAM, ""))
    (site / "good.txt").write_text(INJECTED)
    audit("run", "site", "-o", "two", "-q", "--format", "jsonl")
    shown = audit("compare", "out", "two").output
    assert "  - site/bad.txt:2:1: spam." in shown
    assert "  + site/good.txt:2:1: spam." in shown
    assert " fixed, " in shown.splitlines()[-1]


@pytest.mark.usefixtures("finished")
def test_compare_writes_a_report_for_people_or_machines(audit, site, tmp_path) -> None:
    (site / "bad.txt").write_text(INJECTED.replace(SPAM, ""))
    audit("run", "site", "-o", "two", "-q", "--format", "jsonl")
    printed = audit("compare", "out", "two").stdout
    assert audit("compare", "out", "two", "-o", "deep/changes.html").stdout == printed
    assert "spam.gambling" in (tmp_path / "deep/changes.html").read_text()
    audit("compare", "out", "two", "-q", "-o", "changes.json")
    changes = json.loads((tmp_path / "changes.json").read_bytes())
    assert (changes["old"], changes["new"], changes["sums"]["better"]) == ("out", "two", 1)
    (page,) = changes["pages"]
    assert (page["before"], page["after"], page["added"]) == ("block", "pass", [])
    assert page["fixed"][0]["place"] == "site/bad.txt:2:1"
    assert "by the ending" in audit("compare", "out", "two", "-o", "changes.pdf", exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_compare_of_several_runs_shows_a_trend(audit, site, tmp_path) -> None:
    (site / "good.txt").write_text(INJECTED)
    audit("run", "site", "-o", "two", "-q", "--format", "jsonl")
    (site / "bad.txt").write_text(INJECTED.replace(SPAM, ""))
    (site / "good.txt").write_text(GOOD)
    audit("run", "site", "-o", "three", "-q", "--format", "jsonl")
    lines = audit("compare", "out", "two", "three", "-o", "trend.html").stdout.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines[lines.index("Trend") + 5 :]}
    assert rows["block"] == ["1", "2", "0", "▄█▁"]
    assert rows["pass"] == ["1", "0", "2", "▄▁█"]
    assert any("2 pages better" in line for line in lines)
    assert "three" in (tmp_path / "trend.html").read_text()


@pytest.mark.usefixtures("finished")
def test_show_marks_the_findings_in_place_with_their_reasons(audit) -> None:
    shown = audit("show", "out", "site/bad.txt").stdout
    assert f"    2 │ ⟦{SPAM}⟧" in shown
    assert "cut, " in shown
    assert "because: " in shown
    assert "Points lost" in shown


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("name", ["site/bad.txt", "bad.txt"])
def test_show_finds_a_page_by_the_end_of_its_path(audit, name) -> None:
    assert "site/bad.txt" in audit("show", "out", name).stdout


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize(
    "args", [["site/bad.txt:2:1"], ["site/bad.txt", "--explain", "1"], ["bad.txt", "--explain", "site/bad.txt:2:1"]]
)
def test_show_explains_a_finding_by_place_or_number(audit, args) -> None:
    shown = audit("show", "out", *args).stdout
    assert shown.startswith("site/bad.txt:2:1  [1] cut, ")
    for part in ("why it was judged so", "finds", "leaves alone", "To let it stand", "standing  new"):
        assert part in shown


def test_show_explains_a_finding_by_its_fingerprint(audit, finished) -> None:
    found = json.loads((finished / "report.jsonl").read_bytes().splitlines()[0])["findings"][0]
    assert found["rule"] in audit("show", "out", "site/bad.txt", "--explain", found["fingerprint"][:8]).stdout


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("which", ["0", "99", "7:77", "abcdefabcdef", ""])
def test_show_of_a_finding_that_is_not_there_is_2_and_names_those_that_are(audit, which) -> None:
    assert "findings: 1 (site/bad.txt:2:1)" in audit("show", "out", "bad.txt", "--explain", which, exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_show_wraps_where_it_is_told_to(audit) -> None:
    lines = audit("show", "out", "site/bad.txt", "--width", "60").stdout.splitlines()
    assert max(map(len, lines)) <= 60
    assert any(line.startswith("      │ ") for line in lines)


@pytest.mark.usefixtures("finished")
def test_show_tells_what_is_suppressed_and_why(audit, tmp_path) -> None:
    (tmp_path / "audit-ignore.yaml").write_text("ignore:\n  - {rule: spam.*, reason: a test page}\n")
    assert "suppressed: a test page" in audit("show", "out", "site/bad.txt").stdout


def test_show_finds_a_record_by_its_id(audit, tmp_path) -> None:
    lines = [json.dumps({"id": name, "text": text}) for name, text in (("a", GOOD), ("b", INJECTED), ("b", GOOD))]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines))
    audit("run", "pages.jsonl", "-o", "out", "-q", "--format", "jsonl")
    assert "⟦luckwin88.com" in audit("show", "out", "b").stdout
    assert "⟦luckwin88.com" not in audit("show", "out", "b~2").stdout


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize(
    ("name", "message"), [("site/bda.txt", "did you mean 'site/bad.txt'?"), ("txt", "no such page in this run")]
)
def test_show_of_a_page_that_is_not_there_is_2(audit, name, message) -> None:
    assert message in audit("show", "out", name, exit_code=2).output


@pytest.mark.usefixtures("finished")
def test_show_of_a_page_that_changed_says_so(audit, site) -> None:
    (site / "bad.txt").write_text(GOOD)
    assert "site/bad.txt: has changed since the run" in audit("show", "out", "site/bad.txt", exit_code=3).output


@pytest.mark.usefixtures("finished")
def test_show_of_a_page_that_is_gone_says_where_it_was(audit, site) -> None:
    (site / "bad.txt").unlink()
    shown = audit("show", "out", "site/bad.txt", exit_code=3).output
    assert "not where the run found it" in shown
    assert "the sources were site" in shown


def test_show_of_standard_input_lists_quotes(audit) -> None:
    audit("run", "-", "-o", "out", "-q", "--format", "jsonl", stdin=INJECTED)
    result = audit("show", "out", "-")
    assert "was not kept" in result.stderr
    assert f"“{SPAM}”" in result.stdout


def test_show_of_an_unread_page_tells_why(audit, site) -> None:
    (site / "empty.txt").write_bytes(b"")
    audit("run", "site", "-o", "out", "-q", exit_code=3)
    assert "could not be read" in audit("show", "out", "site/empty.txt").stdout


def test_show_sends_nothing_to_the_terminal_but_text(audit, tmp_path) -> None:
    (tmp_path / "page.txt").write_text(f"Red \x1b[31m and \u202e back.\n{SPAM}{GOOD}")
    audit("run", "page.txt", "-o", "out", "-q", "--format", "jsonl")
    shown = audit("show", "out", "page.txt", "--all").output
    assert "Red ␛[31m and <U+202E> back." in shown
    assert "\x1b" not in shown


def test_config_names_the_origin_of_each_setting(audit, tmp_path) -> None:
    (tmp_path / "audit.toml").write_text("jobs = 3\n")
    lines = audit("config", "--profile", "strict").output.splitlines()
    assert [line.split() for line in lines if line.startswith(("jobs", "profile", "output"))] == [
        ["output", "=", '"reports"', "#", "default"],
        ["profile", "=", '"strict"', "#", "--profile"],
        ["jobs", "=", "3", "#", "audit.toml:1"],
    ]


def test_config_is_a_settings_file_that_says_the_same(audit, tmp_path) -> None:
    (tmp_path / "base.toml").write_text('severities = {"claims.*" = "note"}\nmin_score = 50\n')
    (tmp_path / "audit.toml").write_text(
        'extends = "base.toml"\nexclude = ["a \\"b\\"", "é"]\n[[overrides]]\npaths = ["x/*"]\nmax_new = 3\n'
    )
    shown = audit("config").stdout
    assert "min_score = 50" in shown
    assert "# base.toml:2" in shown
    before = effective(folder=tmp_path).settings
    (tmp_path / "audit.toml").write_text(shown)
    assert effective(folder=tmp_path).settings == before


def test_schema_describes_the_lines_of_a_report(audit, finished) -> None:
    schema = json.loads(audit("schema").output)
    page = schema["$defs"]["PageReport"]
    line = json.loads((finished / "report.jsonl").read_bytes().splitlines()[0])
    assert list(page["properties"]) == list(PageReport.__struct_fields__)
    assert list(line) == [name for name in page["properties"] if name in line or name in page["required"]]
    del schema["$schema"]
    assert schema == json.loads(msgspec.json.encode(msgspec.json.schema(PageReport)))


def test_rules_test_passes_on_the_shipped_rules(audit) -> None:
    assert "all as they say" in audit("rules", "test").output


def test_rules_test_names_the_example_that_fails(audit, tmp_path) -> None:
    audit("rules", "new", "spam.ours.first", "-o", "ours.yaml")
    rule = (tmp_path / "ours.yaml").read_text()
    assert "all as they say" in audit("rules", "test", "ours.yaml").output
    (tmp_path / "ours.yaml").write_text(rule.replace("honest text, which", "first phrase, which"))
    assert "The nearest first phrase, which" in audit("rules", "test", "ours.yaml", exit_code=2).output


def test_a_broken_pack_is_2_with_its_place(audit, tmp_path) -> None:
    (tmp_path / "ours.yaml").write_text("pack: spam.ours\nversion: 1\nrulez: []\n")
    assert "ours.yaml:3:1: " in audit("rules", "test", "ours.yaml", exit_code=2).output


def test_rules_new_does_not_overwrite(audit, tmp_path) -> None:
    (tmp_path / "ours.yaml").write_text("mine")
    assert "is there already" in audit("rules", "new", "-o", "ours.yaml", exit_code=2).output
    assert (tmp_path / "ours.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    "kind",
    ["phrase", "pattern", "host", "anchor", "markup", "span-cluster", "claim", "cue", "disclaimer", "required-section"],
)
def test_every_template_loads(audit, kind) -> None:
    audit("rules", "new", "spam.ours.first", "--kind", kind, "-o", "ours.yaml")
    assert "spam.ours.first" in audit("rules", "list", "--rules", "ours.yaml", "--kind", kind).output


def test_rules_show_explains_a_rule(audit) -> None:
    rule_id = audit("rules", "list", "--category", "spam").output.split()[0]
    shown = audit("rules", "show", rule_id).output
    for part in (rule_id, "severity", "source", "finds", "leaves alone", "extends: default"):
        assert part in shown
