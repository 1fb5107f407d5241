from __future__ import annotations

import pytest
from made_reports import UNREAD, finding, page
from msgspec.structs import replace as changed

from audit.compare import by_rule, compare


def test_compare_matches_pages_by_id_and_findings_by_identity():
    old = [page(finding(identity="gone"), finding(identity="stays")), page(name="left.html")]
    new = [page(finding(identity="stays"), finding(identity="fresh")), page(finding(), name="new.html")]
    comparison = compare(old, new)
    assert (comparison.added, comparison.fixed, comparison.remaining) == (2, 1, 1)
    assert [change.page for change in comparison.pages] == ["a.html", "new.html", "left.html"]
    assert [found.fingerprint for found in comparison.pages[0].fixed] == ["gone"]


@pytest.mark.parametrize(
    ("old", "new", "worth"),
    [
        (page(score=40), page(score=60), 1),
        (page(score=60), page(score=40), -1),
        (page(score=60), page(finding(), score=60), 0),
        (changed(page(score=90), verdict="fix"), page(score=30), 1),
        (changed(UNREAD, id="a.html"), page(), 0),
    ],
    ids=["more points", "fewer points", "as many", "verdict before points", "unread before"],
)
def test_a_page_is_better_or_worse_by_verdict_then_points(old, new, worth):
    comparison = compare([old], [new])
    assert comparison.pages[0].worth == worth
    assert (comparison.better, comparison.worse) == (worth > 0, worth < 0)


def test_compare_counts_equal_findings():
    comparison = compare([page(finding(), finding())], [page(finding())])
    assert (comparison.added, comparison.fixed, comparison.remaining) == (0, 1, 1)


def test_nothing_of_a_page_that_could_not_be_read_is_fixed():
    unread = changed(UNREAD, id="a.html")
    comparison = compare([page(finding())], [unread])
    assert (comparison.added, comparison.fixed) == (0, 0)


def test_the_rules_that_moved_most_come_first():
    old = [page(changed(finding(identity="gone"), rule="a.still"), changed(finding(identity="stays"), rule="a.still"))]
    new = [page(changed(finding(identity="stays"), rule="a.still"), *(
        changed(finding(identity=f"fresh {number}"), rule="b.loud") for number in range(2)
    ))]  # fmt: skip
    table = by_rule(compare(old, new))
    assert table.reset_index().to_dict("records") == [
        {"rule": "b.loud", "new": 2, "fixed": 0, "remaining": 0},
        {"rule": "a.still", "new": 0, "fixed": 1, "remaining": 1},
    ]


def test_of_runs_without_findings_no_rule_moved():
    assert by_rule(compare([page()], [page()])).empty
