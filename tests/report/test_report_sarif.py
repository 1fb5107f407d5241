from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_runs import finding, known, report, run, unread
from sarif_types import Log, Result

from audit.model import Page, PageReport
from audit.report import WRITERS, sarif
from audit.report.run import Run
from audit.rules.load import load_rules
from audit.text.lines import Lines

TEXT = "Sciatica 🦴\ncasino,\r\nslots: Massage can help reduce pain."
SPAM = "casino,\r\nslots: "


def page(name: str = "a b/ä.txt", text: str = TEXT, **said: Any) -> Page:
    return Page(**{"id": name, "text": text, "kind": "text", "path": name, **said})


def spammed(name: str = "a b/ä.txt") -> PageReport:
    marks = [
        finding(TEXT, SPAM),
        finding(TEXT, "Massage can help", rule="claims.treat.x", category="claims", severity=2, action="flag"),
        finding(TEXT, None, rule="sourcing.references.missing", category="sourcing", severity=1, action="note"),
        finding(TEXT, "pain", rule="claims.cause.x", category="claims", severity=0, action="note"),
    ]
    return report(page(name), cuts=[SPAM], findings=marks)


def written(made: Run) -> Log:
    (path,) = WRITERS["sarif"](made)
    assert path.name == "report.sarif"
    return msgspec.json.decode(path.read_bytes(), type=Log)


def results(folder: Path, *reports: PageReport) -> list[Result]:
    return written(run(folder, reports)).runs[0].results


def test_a_clean_run_has_no_results_and_declares_every_rule(tmp_path: Path):
    rules = load_rules()
    (told,) = written(replace(run(tmp_path, [report(page())]), rules=rules)).runs
    declared = [rule.id for rule in told.tool.driver.rules]
    silent = {
        name for name, (rule, _, _) in rules.known.items() if type(rule).__name__ in {"CueRule", "DisclaimerRule"}
    }
    assert told.results == []
    assert declared == sorted(set(rules.known) - silent)
    assert told.column_kind == "unicodeCodePoints"
    assert told.invocations[0].execution_successful


def test_regions_are_where_the_words_stand(tmp_path: Path):
    region = results(tmp_path, spammed())[0].locations[0].physical_location.region
    assert region.snippet.text == SPAM
    assert TEXT[region.char_offset : region.char_offset + region.char_length] == SPAM
    lines = Lines(TEXT)
    assert lines.locate(region.char_offset) == (region.start_line, region.start_column) == (2, 1)
    assert lines.locate(region.char_offset + region.char_length) == (region.end_line, region.end_column) == (3, 8)


def test_columns_count_code_points(tmp_path: Path):
    text = "🦴🦴 casino now"
    (result,) = results(tmp_path, report(page(text=text), findings=[finding(text, "casino")]))
    region = result.locations[0].physical_location.region
    assert (region.start_column, region.end_column, region.char_offset, region.char_length) == (4, 10, 3, 6)


def test_every_stretch_of_a_finding_is_a_location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = "a b a b a"
    first, second = (finding(text, quote) for quote in ("a ", "b "))
    both = msgspec.structs.replace(first, spans=first.spans + second.spans, quote="a b ")
    (result,) = results(tmp_path, report(page(text=text), findings=[both]))
    snippets = [place.physical_location.region.snippet.text for place in result.locations]
    assert snippets == ["a ", "b "]
    monkeypatch.setattr(sarif, "MOST_PLACES", 1)
    (result,) = results(tmp_path, report(page(text=text), findings=[both]))
    assert (len(result.locations), result.properties["locationsLeftOut"]) == (1, 1)


def test_levels_and_kinds_follow_the_severity(tmp_path: Path):
    told = [(result.kind, result.level) for result in results(tmp_path, spammed())]
    assert told == [("fail", "error"), ("fail", "warning"), ("fail", "note"), ("informational", "none")]


def test_what_is_missing_from_a_page_stands_on_its_first_line(tmp_path: Path):
    region = results(tmp_path, spammed())[2].locations[0].physical_location.region
    assert (region.start_line, region.char_offset) == (1, None)


def test_a_reason_is_said_once_where_it_is_the_rules(tmp_path: Path):
    rules = load_rules()
    rule = rules.get("spam.gambling.casino")
    same = finding(TEXT, SPAM, rule=rule.id, why=rule.why)
    other = finding(TEXT, SPAM, rule=rule.id, why="Because of this page.")
    made = replace(run(tmp_path, [report(page(), findings=[same, other])]), rules=rules)
    (told,) = written(made).runs
    assert [result.properties.get("why") for result in told.results] == [None, "Because of this page."]
    assert told.tool.driver.rules[told.results[0].rule_index].full_description.text == rule.why


def test_a_cut_is_a_fix_that_deletes_it(tmp_path: Path):
    first, second, *_ = results(tmp_path, spammed())
    (change,) = first.fixes[0].artifact_changes
    (gone,) = change.replacements
    assert (gone.deleted_region.char_offset, gone.deleted_region.char_length) == (TEXT.index(SPAM), len(SPAM))
    assert (gone.deleted_region.start_line, gone.deleted_region.end_line) == (2, 3)
    assert second.fixes == []


def test_a_cut_wider_than_its_finding_is_known_by_offset(tmp_path: Path):
    told = report(page(), cuts=[SPAM], findings=[finding(TEXT, "slots")])
    (result,) = results(tmp_path, told)
    gone = result.fixes[0].artifact_changes[0].replacements[0].deleted_region
    assert (gone.char_offset, gone.char_length, gone.start_line) == (TEXT.index(SPAM), len(SPAM), None)


def test_addresses_are_relative_and_escaped(tmp_path: Path):
    (told,) = written(run(tmp_path, [spammed()])).runs
    assert told.artifacts[0].location.uri == "a%20b/%C3%A4.txt"
    assert told.results[0].locations[0].physical_location.artifact_location.index == 0
    assert told.artifacts[0].mime_type == "text/plain"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a:b.html", "a%3Ab.html"),
        ("100%.html", "100%25.html"),
        ("s3://bucket/a b.html", "s3://bucket/a%20b.html"),
        ("https://x.example/ä?q=1#f", "https://x.example/%C3%A4?q=1#f"),
    ],
)
def test_an_address_stays_one_and_a_path_never_becomes_one(tmp_path: Path, path: str, uri: str):
    (told,) = written(run(tmp_path, [report(page(path), findings=[finding(TEXT, SPAM)])])).runs
    assert told.artifacts[0].location.uri == uri


def test_a_record_is_nested_in_its_file(tmp_path: Path):
    record = page("ear wax", path="crawl.jsonl", url="https://clinic.example/ear-wax")
    (told,) = written(run(tmp_path, [report(record, findings=[finding(TEXT, SPAM)])])).runs
    own, outer = told.results[0].locations[0], told.artifacts[0]
    assert (outer.location.uri, outer.parent_index) == ("crawl.jsonl", -1)
    assert told.artifacts[own.physical_location.artifact_location.index].parent_index == 0
    assert own.physical_location.artifact_location.uri == "ear%20wax"
    assert own.logical_locations[0].name == "https://clinic.example/ear-wax"


def test_identities_tell_equal_findings_of_a_page_apart(tmp_path: Path):
    twice = finding(TEXT, SPAM)
    first, second = results(tmp_path, report(page(), findings=[twice, twice]))
    assert first.partial_fingerprints[sarif.FINGERPRINT] == second.partial_fingerprints[sarif.FINGERPRINT]
    hashes = [result.partial_fingerprints["primaryLocationLineHash"] for result in (first, second)]
    assert hashes == [f"{twice.fingerprint}:1", f"{twice.fingerprint}:2"]


def test_what_the_baseline_knows_is_unchanged_and_what_is_suppressed_says_why(tmp_path: Path):
    told = spammed()
    made = replace(run(tmp_path, [told]), baselined=True, known=known(told, accepted=[0], ignored={1: "agreed"}))
    first, second, third, fact = written(made).runs[0].results
    assert (first.baseline_state, third.baseline_state, fact.baseline_state) == ("unchanged", "new", "unchanged")
    assert [said.justification for said in second.suppressions] == ["agreed"]
    assert first.suppressions == []


def test_without_a_baseline_there_is_no_state(tmp_path: Path):
    assert {result.baseline_state for result in results(tmp_path, spammed())} == {None}


def test_a_page_that_could_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (told,) = written(run(tmp_path, [unread("x.html"), unread("y.html")])).runs
    (invocation,) = told.invocations
    assert not invocation.execution_successful
    assert [note.level for note in invocation.tool_execution_notifications] == ["error", "error"]
    assert "x.html: could not be read" in invocation.tool_execution_notifications[0].message.text
    monkeypatch.setattr(sarif, "MOST_UNREAD", 1)
    (told,) = written(run(tmp_path, [unread("x.html"), unread("y.html")])).runs
    assert told.invocations[0].tool_execution_notifications[1].message.text == "1 more pages could not be read"


def test_where_there_are_too_many_the_mildest_and_the_known_are_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    old, new = spammed("old.txt"), spammed("new.txt")
    made = replace(run(tmp_path, [old, new]), baselined=True, known=known(old, accepted=[0, 1, 2, 3]))
    (told,) = written(run(tmp_path, [old, new])).runs
    assert [result.level for result in told.results] == ["error", "warning", "error"]
    assert told.properties["resultsLeftOut"] == 5
    assert "5 of 8 results are left out" in told.invocations[0].tool_execution_notifications[0].message.text
    kept = written(made).runs[0].results
    assert [result.level for result in kept] == ["error", "warning", "note"]
    assert {result.baseline_state for result in kept} == {"new"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("see [here](http://x.example)", "see \\[here\\](http://x.example)"),
        ("{0} {name}", "{{0}} {{name}}"),
        ("a\\b", "a\\\\b"),
        ("esc\x1b[31m \u202eturned", "esc<U+001B>\\[31m <U+202E>turned"),
    ],
)
def test_words_of_a_page_are_no_links_placeholders_or_controls(tmp_path: Path, said: str, shown: str):
    (result,) = results(tmp_path, report(page(), findings=[finding(TEXT, SPAM, message=said)]))
    assert result.message.text == shown


def test_a_hostile_page_gives_a_valid_file(tmp_path: Path):
    text = 'a\0\x1b"\\\u2028</script>\ufffe casino\x07 \U0001f9b4'
    told = report(
        page("x\n\0?#.txt", text=text), cuts=[text], findings=[finding(text, text, rule="r.\0]", message="\0")]
    )
    (result,) = results(tmp_path, told)
    assert result.locations[0].physical_location.region.snippet.text == text


def test_the_same_run_gives_the_same_bytes(tmp_path: Path):
    (path,) = WRITERS["sarif"](run(tmp_path, [spammed()]))
    first = path.read_bytes()
    WRITERS["sarif"](run(tmp_path, [spammed()]))
    assert path.read_bytes() == first
    assert str(tmp_path).encode() not in first
