"""Commands on archives, exports and lists: what a run read, the others find again."""

import json
import zipfile

import pytest

HTML = "<html><body><p>Drink water. Sleep helps most people, and so does walking.</p></body></html>"


@pytest.fixture
def sources(tmp_path):
    """Write an archive, an export and a list with its stored copy."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("../a.html", HTML)
    item = f"<item><content:encoded><![CDATA[{HTML}]]></content:encoded><wp:post_id>1</wp:post_id></item>"
    (tmp_path / "e.xml").write_text(f"<rss>{item}</rss>")
    (tmp_path / "example.org").mkdir()
    (tmp_path / "example.org/about.html").write_text(HTML)
    (tmp_path / "urls.txt").write_text("https://example.org/about\n")
    return ["x.zip", "e.xml", "@urls.txt"]


def test_pages_of_containers_and_lists_are_shown_again(audit, tmp_path, sources):
    audit("run", *sources, "-o", "out", "-q", "--jobs", "1")
    rows = [json.loads(line) for line in (tmp_path / "out/report.jsonl").read_bytes().splitlines()]
    assert [row["id"] for row in rows] == ["x.zip/a.html", "item-1", "https://example.org/about"]
    assert [row["status"] for row in rows] == ["ok"] * 3
    for row in rows:
        assert row["id"] in audit("show", "out", row["id"]).output


def test_an_archive_is_not_cleaned_and_says_what_to_do(audit, sources):  # noqa: ARG001
    assert "zip cannot be written back" in audit("clean", "x.zip", exit_code=3).output


@pytest.mark.usefixtures("sources")
def test_told_fields_reach_the_readers(audit, tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps({"a": HTML, "b": "https://example.org/", "c": "k1"}))
    audit(
        "run", "x.jsonl", "-o", "out", "-q", "--text-field", "a", "--url-field", "b", "--id-field", "c", "--jobs", "1"
    )
    (row,) = [json.loads(line) for line in (tmp_path / "out/report.jsonl").read_bytes().splitlines()]
    assert (row["id"], row["url"], row["kind"]) == ("k1", "https://example.org/", "html")
