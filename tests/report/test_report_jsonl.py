from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_runs import claim, finding, report, unread

from audit.errors import ReportError
from audit.model import Page
from audit.report import jsonl

TEXT = "A list: pills\u2028& more 𝐒𝐋𝐎𝐓, then massage can help reduce pain."
PAGE = Page(id="a.txt", text=TEXT, kind="text", path="a.txt")
REPORT = report(
    PAGE,
    cuts=["A list: "],
    findings=[finding(TEXT, "A list: "), finding(TEXT, "pills\u2028& more 𝐒𝐋𝐎𝐓", action="flag", severity=2)],
    claims=[claim(TEXT, "massage can help reduce pain")],
)


def test_a_report_is_one_line_and_reads_back_as_it_was():
    line = jsonl.encode(REPORT)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert jsonl.decode(line) == REPORT


def test_the_fields_of_schema_1_come_first_and_in_order():
    assert list(json.loads(jsonl.encode(REPORT)))[:16] == [
        "schema", "id", "url", "path", "kind", "sha256", "status", "error", "verdict", "score", "scores", "cuts",
        "clean_sha256", "findings", "claims", "disclaimers",
    ]  # fmt: skip


def test_the_line_is_utf_8_and_not_escaped():
    assert "𝐒𝐋𝐎𝐓".encode() in jsonl.encode(REPORT)


def test_a_field_of_a_later_version_is_skipped():
    line = json.dumps({**json.loads(jsonl.encode(REPORT)), "mood": "calm"}).encode()
    assert jsonl.decode(line) == REPORT


def test_reports_are_read_from_the_file_or_its_folder(tmp_path: Path):
    (tmp_path / "report.jsonl").write_bytes(jsonl.encode(REPORT) + b"\n" + jsonl.encode(unread()))
    assert list(jsonl.read_reports(tmp_path)) == [REPORT, unread()]
    assert list(jsonl.read_reports(tmp_path / "report.jsonl")) == [REPORT, unread()]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'{"schema": 1, "id": "b.t', "not a page report"),
        (jsonl.encode(REPORT).replace(b'"status":"ok"', b'"status":"fine"'), "$.status"),
        (jsonl.encode(REPORT).replace(b'"id":"a.txt"', b'"id":"\xff"'), "not a page report"),
        (jsonl.encode(REPORT).replace(b'"schema":1', b'"schema":2'), "schema 2 is newer"),
        (b'"page"', "not a page report"),
    ],
    ids=["cut short", "wrong value", "not UTF-8", "newer", "not an object"],
)
def test_a_line_that_is_no_report_is_named(tmp_path: Path, line: bytes, what: str):
    path = tmp_path / "report.jsonl"
    path.write_bytes(jsonl.encode(REPORT) + line)
    with pytest.raises(ReportError) as caught:
        list(jsonl.read_reports(path))
    assert caught.value.where == f"{path}:2"
    assert what in caught.value.what
    assert caught.value.hint


def test_a_missing_report_is_an_error_of_its_user(tmp_path: Path):
    with pytest.raises(ReportError, match="No such file"):
        list(jsonl.read_reports(tmp_path / "no.jsonl"))


def test_half_a_surrogate_pair_is_refused_rather_than_written():
    with pytest.raises(UnicodeEncodeError):
        jsonl.encode(unread(error="\ud800"))
