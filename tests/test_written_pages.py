"""The honest pages written for the project: read as they stand, and none is learned from and measured with at once."""

from __future__ import annotations

from pathlib import Path

from benchmarks.pages import FOLDER, Written, written

LEARNED = Path(__file__).parents[1] / "training" / "texts" / "pages"
PAGE = Written("one-1", '# Knees & hips\n\nThe knee bends. It has "two" sides.\n* rest\n* ice\nCall us.\n')


def test_a_page_is_read_as_it_stands() -> None:
    assert list(PAGE.sentences()) == [
        "Knees & hips",
        "The knee bends.",
        'It has "two" sides.',
        "rest",
        "ice",
        "Call us.",
    ]
    assert "<h2>Knees &amp; hips</h2>" in PAGE.html
    assert "<ul>\n<li>rest</li>\n<li>ice</li>\n</ul>" in PAGE.html
    assert [kind for kind, _ in PAGE.forms()] == ["text", "html"]


def test_no_page_is_both_learned_from_and_measured_with() -> None:
    learned = {page.text for page in written(LEARNED)}
    held = {page.text for page in written(FOLDER)}
    assert len(learned) > 400
    assert len(held) > 100
    assert not learned & held
