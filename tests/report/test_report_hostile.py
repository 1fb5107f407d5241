"""Whatever stands on a page, in its name or its address: every format comes out, and readers of it take it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_runs import claim, finding, report, run, unread
from sarif_types import Log

from audit.model import Page
from audit.report import WRITERS

openpyxl = pytest.importorskip("openpyxl")

NASTY = "\0\x01\x07\t\n\x0b\x0c\r\x1b \"&'<>[\\]`{|}\x7f\x85\xa0\xad\u2028\u202e\ufeff\ufffe\uffff\U0001f9b4\U000e0041ab:,%=@-+"
texts = st.text(st.sampled_from(NASTY), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts, st.none() | texts, st.none() | texts, texts)
def test_every_format_takes_any_text(
    tmp_path: Path, before: str, quote: str, name: str, path: str | None, url: str | None, said: str
):
    text = f"{before}casino{quote}pain"
    page = Page(id=f"n{name}", text=text, kind="text", path=path, url=url)
    marks = [
        finding(text, f"casino{quote}", message=said, why=said, rule=f"r.{said}"),
        finding(text, "pain", severity=2, action="flag", family=said or "x"),
    ]
    told = report(page, cuts=[f"casino{quote}"], findings=marks, claims=[claim(text, "pain")])
    made = run(tmp_path, [told, unread(f"u{name}", said)], [page])
    for writer in WRITERS.values():
        writer(made)
    log = msgspec.json.decode((tmp_path / "report.sarif").read_bytes(), type=Log)
    assert log.runs[0].results[0].locations[0].physical_location.region.snippet.text == f"casino{quote}"
    assert len(ET.parse(tmp_path / "junit.xml").findall("*/testcase")) == 2  # noqa: S314  our own file
    commands = (tmp_path / "annotations.txt").read_bytes().split(b"\n")
    assert [command[:2] for command in commands] == [b"::", b"::", b"::", b""]
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["findings"].max_row == 3
    assert "\r" not in (tmp_path / "summary.md").read_text("utf-8")
