"""What a run is held to, by flag, settings and profile; baseline and sidecar; the same decision from `run` and `gate`."""

from __future__ import annotations

import json
import re

import pytest
from cli_pages import GOOD, INJECTED, SPAM

DAY = ["--today", "2027-01-31"]


def rows(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "report.jsonl").read_bytes().splitlines()]


def first_of(folder) -> dict:
    return rows(folder)[0]["findings"][0]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("args", "exit_code"),
    [
        (["--fail-on", "4", "--gate-path", "site/bad.*:fail_on=never"], 0),
        (["--fail-on", "4", "--gate-path", "site/good.*:fail_on=never"], 1),
        (["--gate-path", "bad.txt:min_score=90"], 1),
        (["--gate-path", "good.txt:min_score=90"], 0),
        (["--min-score", "90", "--gate-path", "bad.txt:min_score=0"], 0),
        (["--max-new", "0", "--gate-path", "bad.txt:max_new=99"], 0),
        (["--gate-rule", "spam.*:fail_on=4"], 1),
        (["--gate-rule", "claims.*:fail_on=4"], 0),
        (["--fail-on", "4", "--gate-rule", "spam.*:fail_on=never"], 0),
        (["--max-new", "99", "--gate-rule", "spam.*:max_new=0"], 1),
        (["--fail-on", "never", "--profile", "strict", "--min-score", "0"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_paths_and_rules_are_held_to_their_own_and_run_and_gate_decide_alike(audit, args, exit_code) -> None:
    audit("run", "site", "-o", "out", "--format", "jsonl", *args, exit_code=exit_code)
    audit("gate", "out", *args, exit_code=exit_code)
    audit("gate", "out", exit_code=exit_code)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--gate-path", "drafts"], "“drafts” is no condition"),
        (["--gate-path", "drafts/*:min_score"], "is no condition"),
        (["--gate-path", "drafts/*:min_scor=7"], "unknown field `min_scor`"),
        (["--gate-path", "drafts/*:min_score=700"], "<= 100"),
        (["--gate-rule", "claims.*:min_score=7"], "unknown field `min_score`"),
        (["--gate-rule", "claims.*:fail_on=eror"], "Invalid enum value 'eror'"),
        (["--today", "soon"], "does not match the format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_condition_that_cannot_be_read_is_2_with_an_example(audit, args, message) -> None:
    assert message in audit("run", "site", *args, exit_code=2).output


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("command", [("run", "site"), ("gate", "out")], ids=" ".join)
def test_a_condition_of_no_rule_is_2_for_it_would_hold_nothing(audit, command: tuple[str, str]) -> None:
    said = audit(*command, "--gate-rule", "spam.gamblign.*:fail_on=2", exit_code=2).output
    assert '--gate-rule: "spam.gamblign.*" is the id of no rule\n  did you mean "spam.gambling.' in said


@pytest.mark.usefixtures("site")
def test_a_condition_may_be_of_a_rule_of_ones_own_pack(audit) -> None:
    audit("rules", "new", "spam.house.word", "-o", "house.yaml")
    audit("run", "site", "-o", "own", "--rules", "house.yaml", "-q", "--format", "jsonl")
    audit("gate", "own", "--fail-on", "never", "--gate-rule", "spam.house.word:fail_on=2")


@pytest.mark.usefixtures("site")
def test_the_verdict_names_page_place_rule_and_condition(audit) -> None:
    shown = audit("run", "site", "-o", "out", "-q", "--fail-on", "4", "--min-score", "90", exit_code=1).output
    lines = shown.splitlines()
    assert lines[0].startswith("site/bad.txt:2:1: spam.")
    assert lines[0].endswith("[fail_on 4]")
    assert any(line.startswith("site/bad.txt: score ") and line.endswith("[min_score 90]") for line in lines)
    assert lines[-1].startswith("gate failed: ")


@pytest.mark.usefixtures("site")
def test_the_settings_hold_run_and_gate(audit, tmp_path) -> None:
    (tmp_path / "audit.toml").write_text(
        'fail_on = "error"\n[[overrides]]\npaths = ["bad.txt"]\nfail_on = "never"\nmin_score = 0\n'
    )
    audit("run", "site", "-o", "out", "-q")
    audit("gate", "out")
    (tmp_path / "audit.toml").write_text('fail_on = "error"\n')
    audit("run", "site", "-o", "out", "-q", exit_code=1)
    audit("gate", "out", exit_code=1)


@pytest.mark.usefixtures("site")
def test_an_override_changes_the_rules_of_its_pages_only(audit, site, tmp_path) -> None:
    (site / "also.txt").write_text(INJECTED)
    audit("run", "site", "-o", "one", "-q", "--format", "jsonl")
    before = {row["id"]: row for row in rows(tmp_path / "one")}
    (tmp_path / "audit.toml").write_text('[[overrides]]\npaths = ["site/bad.*"]\ndisable = ["spam.*"]\n')
    audit("run", "site", "-o", "two", "-q", "--format", "jsonl", "--jobs", "2")
    after = {row["id"]: row for row in rows(tmp_path / "two")}
    assert after["site/good.txt"] == before["site/good.txt"]
    assert not any(found["rule"].startswith("spam.") for found in after["site/bad.txt"]["findings"])
    assert after["site/also.txt"]["cuts"] == before["site/also.txt"]["cuts"] != []


@pytest.mark.usefixtures("site")
def test_severities_of_the_settings_count_for_all_pages(audit, tmp_path) -> None:
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    rule = first_of(tmp_path / "out")["rule"]
    (tmp_path / "audit.toml").write_text(f'severities = {{"{rule}" = "note"}}\n')
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    assert {found["severity"] for found in rows(tmp_path / "out")[0]["findings"] if found["rule"] == rule} == {1}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('disable = ["spam.gmbling.*"]', 'audit.toml:1: "spam.gmbling.*" is the id of no rule'),
        ('[[overrides]]\npaths = ["a"]\ndisable = ["no.rule"]', 'overrides for a: "no.rule" is the id of no rule'),
        ('[[overrides]]\npaths = ["a"]\nprofile = "strikt"', 'there is no profile "strikt"'),
    ],
)
def test_settings_that_name_no_rule_stop_the_run(audit, tmp_path, settings, message) -> None:
    (tmp_path / "audit.toml").write_text(settings)
    assert message in audit("run", "site", exit_code=2).output


# --- baseline -------------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(audit, finished):
    audit("baseline", "out", "-o", "baseline.json")
    return finished.parent / "baseline.json"


def test_what_moved_within_its_page_is_no_new_debt(audit, site) -> None:
    page = "How we came to walk every Saturday, in rain and snow\n" + INJECTED
    (site / "bad.txt").write_text(page)
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    audit("baseline", "out", "-o", "baseline.json")
    (site / "bad.txt").write_text("A line above.\n\n" + page)
    audit("run", "site", "-o", "out", "-q", "--max-new", "0", "--baseline", "baseline.json", "--format", "jsonl")
    assert "gate passed (" in audit("gate", "out").output


@pytest.mark.usefixtures("accepted")
def test_new_debt_is_refused_unless_it_is_asked_for(audit, site, tmp_path) -> None:
    before = (tmp_path / "baseline.json").read_bytes()
    (site / "more.txt").write_text(INJECTED)
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    refused = audit("baseline", "out", "-o", "baseline.json", exit_code=2).output
    assert "new: site/more.txt:2:1: spam." in refused
    assert "would be new debt; nothing was written" in refused
    assert (tmp_path / "baseline.json").read_bytes() == before
    audit("baseline", "out", "-o", "baseline.json", "--prune")
    assert (tmp_path / "baseline.json").read_bytes() == before
    audit("baseline", "out", "-o", "baseline.json", "--accept-new")
    audit("gate", "out", "--baseline", "baseline.json", "--max-new", "0", "--fail-on", "never")


def test_facts_are_accepted_too_and_are_no_new_debt(audit, accepted) -> None:
    whole = accepted.read_bytes()
    facts = {
        found["fingerprint"]
        for row in rows(accepted.parent / "out")
        for found in row["findings"]
        if not found["severity"]
    }
    assert facts
    audit("gate", "out", "--baseline", "baseline.json", "--fail-on", "info")
    baseline = json.loads(whole)
    baseline["accepted"] = [entry for entry in baseline["accepted"] if entry["fingerprint"] not in facts]
    accepted.write_text(json.dumps(baseline))
    audit("baseline", "out", "-o", "baseline.json")
    assert accepted.read_bytes() == whole


@pytest.mark.usefixtures("accepted")
def test_what_is_mended_is_listed_as_stale_can_fail_and_is_forgotten(audit, site, tmp_path) -> None:
    (site / "bad.txt").write_text(INJECTED.replace(SPAM, ""))
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl")
    shown = audit("gate", "out", "--baseline", "baseline.json")
    assert "warning: site/bad.txt: stale baseline entry" in shown.stderr
    assert "stale" not in shown.stdout
    failed = audit("gate", "out", "--baseline", "baseline.json", "--fail-on-stale", exit_code=1)
    assert "site/bad.txt: stale baseline entry" in failed.stdout
    audit("baseline", "out", "-o", "baseline.json")
    left = json.loads((tmp_path / "baseline.json").read_bytes())["accepted"]
    assert [entry["rule"] for entry in left if entry["rule"].startswith("spam.")] == []
    audit("gate", "out", "--baseline", "baseline.json", "--fail-on-stale")


def test_entries_of_a_page_that_could_not_be_read_are_kept(audit, accepted, site) -> None:
    before = accepted.read_bytes()
    (site / "bad.txt").write_bytes(b"")
    audit("run", "site", "-o", "out", "-q", "--format", "jsonl", exit_code=3)
    audit("baseline", "out", "-o", "baseline.json")
    assert accepted.read_bytes() == before


def test_entries_of_a_file_of_records_are_kept_where_one_of_them_could_not_be_read(audit, tmp_path) -> None:
    lines = [json.dumps({"text": INJECTED}), json.dumps({"text": INJECTED.replace("luckwin88", "fortunabet77")})]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines))
    audit("run", "pages.jsonl", "-o", "out", "-q", "--format", "jsonl")
    audit("baseline", "out", "-o", "baseline.json")
    before = (tmp_path / "baseline.json").read_bytes()
    (tmp_path / "pages.jsonl").write_text(lines[0] + "\n{broken")
    audit("run", "pages.jsonl", "-o", "out", "-q", "--format", "jsonl", exit_code=3)
    assert "could not be read" in audit("baseline", "out", "-o", "baseline.json").stderr
    assert (tmp_path / "baseline.json").read_bytes() == before


@pytest.mark.usefixtures("accepted")
def test_a_run_over_some_pages_says_in_a_line_what_it_could_not_judge(audit) -> None:
    told = audit("run", "site/good.txt", "-o", "out", "--baseline", "baseline.json", "--format", "jsonl").stderr
    (line,) = told.splitlines()
    assert re.fullmatch(r"warning: the baseline has \d+ entries of 1 page not in this run", line)
    audit("gate", "out", "--fail-on-stale", exit_code=1)


def test_a_run_over_some_pages_forgets_nothing_of_the_others_unless_pruned(audit, accepted) -> None:
    before = accepted.read_bytes()
    audit("run", "site/good.txt", "-o", "out", "-q", "--format", "jsonl")
    said = audit("baseline", "out", "-o", "baseline.json").stderr
    assert accepted.read_bytes() == before
    assert "kept of pages that are not in this run" in said
    assert "forgotten" in audit("baseline", "out", "-o", "baseline.json", "--prune").stderr
    assert "site/bad.txt" not in accepted.read_text()


def test_a_malformed_baseline_stops_a_run_before_it_begins(audit, site, tmp_path) -> None:
    (tmp_path / "baseline.json").write_text('{"schema": 1,\n "accepted": [}')
    assert "baseline.json:2:15: not a baseline" in audit("run", site, "--baseline", "baseline.json", exit_code=2).output
    assert not (tmp_path / "reports").exists()


def test_a_malformed_baseline_is_not_written_over(audit, finished, tmp_path) -> None:  # noqa: ARG001
    (tmp_path / "baseline.json").write_text("[]")
    audit("baseline", "out", "-o", "baseline.json", "--accept-new", exit_code=2)
    assert (tmp_path / "baseline.json").read_text() == "[]"


# --- suppressions ---------------------------------------------------------------------------------------------------


def ignored(tmp_path, *entries: str) -> None:
    (tmp_path / "audit-ignore.yaml").write_text("ignore:\n" + "".join(f"  - {entry}\n" for entry in entries))


@pytest.mark.usefixtures("finished")
def test_a_suppressed_finding_fails_nothing_and_stays_in_the_report(audit, tmp_path) -> None:
    report = (tmp_path / "out/report.jsonl").read_bytes()
    ignored(tmp_path, "{rule: spam.*, page: site/bad.txt, reason: a test page}")
    shown = audit("run", "site", "-o", "out", "--fail-on", "3", "--format", "jsonl", *DAY)
    assert "1 suppressed with a reason" in shown.output
    assert "suppressed)" in shown.output
    assert (tmp_path / "out/report.jsonl").read_bytes() == report
    assert "gate passed (" in audit("gate", "out", *DAY).output
    audit("gate", "out", "--suppressions", "", exit_code=1)


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("key", ["fingerprint", "quote"])
def test_a_finding_can_be_named_by_fingerprint_or_quote(audit, tmp_path, key) -> None:
    entries = [
        f"{{{key}: {json.dumps(found[key])}, reason: a test page}}"
        for row in rows(tmp_path / "out")
        for found in row["findings"]
        if found["severity"] and found[key]
    ]
    ignored(tmp_path, *entries)
    assert "[fail_on" not in audit("gate", "out", "--fail-on", "3", *DAY).stdout


@pytest.mark.usefixtures("finished")
def test_unused_and_expired_entries_warn(audit, tmp_path) -> None:
    ignored(
        tmp_path,
        "{rule: spam.*, page: site/bad.txt, reason: until the review, expires: 2027-01-30}",
        "{rule: claims.cure.verb, page: nowhere.txt, reason: gone}",
    )
    shown = audit("gate", "out", *DAY, exit_code=1)
    assert "warning: audit-ignore.yaml:2:5: expired on 2027-01-30: spam.* on site/bad.txt" in shown.stderr
    assert "warning: audit-ignore.yaml:3:5: unused: no finding of this run fits" in shown.stderr
    assert "warning" not in shown.stdout
    audit("gate", "out", "--today", "2027-01-30")


def test_a_malformed_sidecar_stops_a_run_before_it_begins(audit, site, tmp_path) -> None:
    ignored(tmp_path, "{rule: spam.*}")
    assert "audit-ignore.yaml:2:5: an entry needs a reason" in audit("run", site, exit_code=2).output
    assert not (tmp_path / "reports").exists()


@pytest.mark.usefixtures("finished")
def test_what_is_suppressed_is_not_accepted_a_second_time(audit, tmp_path) -> None:
    ignored(tmp_path, "{rule: spam.*, reason: a test page}")
    entries = json.loads(audit("baseline", "out", *DAY).stdout)["accepted"]
    assert [entry for entry in entries if entry["rule"].startswith("spam.")] == []


def test_a_gate_says_how_many_pages_of_very_many_failed(audit, tmp_path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(f"{SPAM}{GOOD}")
    audit("run", ".", "-o", "out", "-q", "--format", "jsonl")
    lines = audit("gate", "out", "--min-score", "100", "--fail-on", "never", exit_code=1).output.splitlines()
    assert lines[-1] == "gate failed: 30 conditions missed on 30 pages"
    assert lines[-2] == "… and 10 more"
