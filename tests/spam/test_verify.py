from __future__ import annotations

import pytest

from audit.spam.verify import is_clean_cut
from audit.text.span import Span

PAGE = '<p>One <b>two</b> three.</p><p title="four">five</p><!-- six -->'


@pytest.mark.parametrize(
    ("cut", "sound"),
    [
        ("<b>two</b>", True),
        ("two", True),
        ('<p title="four">five</p>', True),
        ("four", True),
        ("<!-- six -->", True),
        ("<b>", False),
        ("two</b>", False),
        ("<p>One <b>", False),
        ("</p><p", False),
        ("<!-- six", False),
    ],
)
def test_a_cut_must_leave_the_rest_of_the_tree(cut: str, sound: bool) -> None:
    start = PAGE.index(cut)
    assert is_clean_cut(PAGE, [Span(start, start + len(cut))]) is sound


def test_both_tags_of_an_element_may_go_without_what_it_holds() -> None:
    tags = [Span(PAGE.index(tag), PAGE.index(tag) + len(tag)) for tag in ("<b>", "</b>")]
    assert is_clean_cut(PAGE, tags)
