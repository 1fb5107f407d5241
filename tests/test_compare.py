from __future__ import annotations

import msgspec
from made_reports import UNREAD, finding, page

from audit.compare import compare


def test_compare_matches_pages_by_id_and_findings_by_identity():
    old = [page(finding(identity="gone"), finding(identity="stays")), page(name="left.html")]
    new = [page(finding(identity="stays"), finding(identity="fresh")), page(finding(), name="new.html")]
    comparison = compare(old, new)
    assert (comparison.added, comparison.fixed, comparison.remaining) == (2, 1, 1)
    assert [change.page for change in comparison.pages] == ["a.html", "new.html", "left.html"]
    assert [found.fingerprint for found in comparison.pages[0].fixed] == ["gone"]


def test_compare_counts_equal_findings():
    comparison = compare([page(finding(), finding())], [page(finding())])
    assert (comparison.added, comparison.fixed, comparison.remaining) == (0, 1, 1)


def test_nothing_of_a_page_that_could_not_be_read_is_fixed():
    unread = msgspec.structs.replace(UNREAD, id="a.html")
    comparison = compare([page(finding())], [unread])
    assert (comparison.added, comparison.fixed) == (0, 0)
