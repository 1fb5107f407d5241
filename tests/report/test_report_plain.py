from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from audit.report.plain import line, lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00\x1b[31m", "<U+0000><U+001B>[31m"),
        ("\u202eabc\u200b", "<U+202E>abc<U+200B>"),
        ("\ufffe\U000e0041", "<U+FFFE><U+E0041>"),
        ("क्‍ष 👩‍⚕️ naïve", "क्‍ष 👩‍⚕️ naïve"),
    ],
    ids=["blanks stay", "one kind of line end", "controls", "directions", "what is no character", "joiners stay"],
)
def test_what_shows_nothing_is_named(text: str, shown: str):
    assert lines(text) == shown


def test_xml_takes_every_character_that_is_left():
    text = lines("".join(map(chr, range(0x11000))))
    told = text.replace("&", "&amp;").replace("<", "&lt;")
    assert ET.fromstring(f"<a>{told}</a>").text == text  # noqa: S314  our own text


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [(" a \n\n b\t", 0, "a b"), ("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("ab   cdef", 4, "ab…"), ("", 4, "")],
)
def test_a_line_is_one_and_no_longer_than_asked(text: str, most: int, shown: str):
    assert line(text, most) == shown
