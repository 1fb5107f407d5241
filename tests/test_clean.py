from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.clean import Cleaned, _changes, _cut_field, _less_bytes, diff
from audit.ingest import Options
from audit.text.span import Span, without

texts = st.text("ab\n", max_size=40)


def cuts_in(text: str, edges: Sequence[int]) -> list[Span]:
    ordered = sorted({edge % (len(text) + 1) for edge in edges})
    return [Span(start, end) for start, end in zip(ordered[::2], ordered[1::2], strict=False)]


def applied(patch: str, before: str) -> str:
    """Apply a unified diff as `patch` does, and refuse one whose context or counts are wrong."""
    old = before.splitlines(keepends=True)
    new: list[str] = []
    at = 0
    lines = re.sub(r"\n\\ No newline at end of file\n", "\n\\\n", patch).splitlines(keepends=True)[2:]
    head = re.compile(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")
    left = (0, 0)
    for position, line in enumerate(lines):
        if match := head.fullmatch(line):
            assert left == (0, 0)
            start, count, to, grown = map(int, match.groups())
            start, to = start - bool(count), to - bool(grown)
            new += old[at:start]
            assert len(new) == to
            at, left = start, (count, grown)
            continue
        if line == "\\\n":
            continue
        content = line[1:]
        if position + 1 < len(lines) and lines[position + 1] == "\\\n":
            content = content[:-1]
        if line[0] in " -":
            assert old[at] == content
            at += 1
        if line[0] in " +":
            new.append(content)
        left = (left[0] - (line[0] in " -"), left[1] - (line[0] in " +"))
    assert left == (0, 0)
    return "".join(new + old[at:])


@given(texts, st.lists(st.integers(0, 1000), max_size=6))
def test_the_diff_applied_gives_the_clean_page(text: str, edges: list[int]) -> None:
    cuts = cuts_in(text, edges)
    after = without(text, cuts)
    cleaned = Cleaned(before=text.encode(), after=after.encode(), changes=_changes(text, cuts))
    patch = b"".join(diff(cleaned, "page")).decode()
    assert bool(patch) == bool(cuts)
    assert applied(patch, text) == after


json_texts = st.text(st.characters(codec="utf-8", include_characters='"\\\n\t😀é'), min_size=1, max_size=30)


@given(json_texts, st.lists(st.integers(0, 1000), max_size=6), st.booleans(), st.sampled_from(["html", "text"]))
def test_the_field_of_a_record_loses_the_cuts_and_nothing_else(
    text: str, edges: list[int], escaped: bool, field: str
) -> None:
    cuts = cuts_in(text, edges)
    record = {"id": 'a "text": {', field: text, "more": {"text": "inner", "list": [1, "x,]"]}, "z": None}
    line = json.dumps(record, ensure_ascii=escaped) + "\n"
    left = _cut_field(line.encode(), Options(), cuts).decode()
    assert left == line.replace(json.dumps(text, ensure_ascii=escaped), _literal(text, cuts, escaped), 1)
    assert json.loads(left) == {**record, field: without(text, cuts)}


def _literal(text: str, cuts: list[Span], escaped: bool) -> str:
    return json.dumps(without(text, cuts), ensure_ascii=escaped)


def test_of_a_repeated_key_the_last_one_counts() -> None:
    left = _cut_field(b'{"text": "first", "text": "last", "html": null}', Options(), [Span(0, 2)])
    assert left == b'{"text": "first", "text": "st", "html": null}'


def test_a_named_field_is_cut_even_beside_the_usual_one() -> None:
    left = _cut_field(b'{"text": "abc", "body" : "abc"}', Options(text_field="body"), [Span(1, 2)])
    assert left == b'{"text": "abc", "body" : "ac"}'


def test_bytes_of_another_encoding_in_a_record_stay() -> None:
    left = _cut_field(b'{"text": "caf\xe9 spam caf\xe9"}', Options(), [Span(4, 9)])
    assert left == b'{"text": "caf\xe9 caf\xe9"}'


@pytest.mark.parametrize(
    ("before", "cut", "after"),
    [
        ("<c><![CDATA[a]SPAM]>b]]></c>", "SPAM", "a]]>b"),
        ("<c><![CDATA[a]]SPAM>b]]></c>", "SPAM", "a]]>b"),
        ("<c>a]]SPAM&gt;b</c>", "SPAM", "a]]>b"),
        ("<c><![CDATA[aSPAM]]></c>", "SPAM", "a"),
        ("<c><![CDATA[a]SPAM]]></c>", "SPAM", "a]"),
    ],
)
def test_what_a_cut_brings_together_ends_no_section(before: str, cut: str, after: str) -> None:
    at = before.index(cut)
    left = _less_bytes(before.encode(), [Span(at, at + len(cut))])
    assert ET.fromstring(left).text == after  # noqa: S314
