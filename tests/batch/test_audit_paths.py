"""`audit.audit_paths`: the public way to audit files without writing any."""

from pathlib import Path

import pytest

import audit
from audit.errors import InputError


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Work in a folder with two pages and two records."""
    monkeypatch.chdir(tmp_path)
    Path("site").mkdir()
    Path("site/b.txt").write_text("Massage may help relieve back pain.")
    Path("site/a.html").write_text("<h1>Sleep</h1><p>A dark room helps some people to fall asleep.</p>")
    Path("more.jsonl").write_text('{"id": "b.txt", "text": "Rest."}\n{"id": "b.txt"}\n')
    return tmp_path


def test_reports_come_in_input_order_and_nothing_is_written(site):
    before = sorted(site.rglob("*"))
    got = list(audit.audit_paths("more.jsonl", Path("site")))
    assert [(report.id, report.status) for report in got] == [
        ("b.txt", "ok"),
        ("b.txt~2", "failed"),
        ("site/a.html", "ok"),
        ("site/b.txt", "ok"),
    ]
    assert sorted(site.rglob("*")) == before


@pytest.mark.usefixtures("site")
def test_workers_give_the_same_reports():
    rules = audit.load_rules()
    assert list(audit.audit_paths("site", "more.jsonl", rules=rules, jobs=2)) == list(
        audit.audit_paths("site", "more.jsonl", rules=rules)
    )


@pytest.mark.usefixtures("site")
def test_a_missing_path_is_refused_at_once():
    with pytest.raises(InputError, match=r"did you mean 'more\.jsonl'"):
        audit.audit_paths("site", "mor.jsonl")
