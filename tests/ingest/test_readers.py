"""Files to pages: each page or its failure, in its place."""

import gzip
import json
import os
from pathlib import Path

import pytest

from audit.ingest import Options, PageFailure, find, read, sniff


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(name, content):
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())


def pages(*sources, **options):
    given = Options(**options)
    return [got for item in find(sources, given).items for got in read(item, given)]


def brief(got):
    return (got.id, str(got.error)) if isinstance(got, PageFailure) else (got.id, got.kind, got.text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "html"),
        ("a.htm", "html"),
        ("a.xhtml", "html"),
        ("a.txt", "text"),
        ("a.md", "markdown"),
        ("A.MD", "markdown"),
    ],
)
def test_the_suffix_tells_the_kind(name, kind):
    write(name, "<p>A page.</p>\r\n")
    assert [brief(got) for got in pages(name)] == [(name, kind, "<p>A page.</p>\r\n")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<!DOCTYPE html><title>x</title>", "html"),
        ("\n<!-- saved --><HTML>", "html"),
        ("Intro <p>one</p> <p>two</p>", "html"),
        ("BMI < 25 and a <b>claim", "text"),
        ("Just words.", "text"),
        ("<name@example.org> wrote", "text"),
    ],
)
def test_content_tells_the_kind_of_other_names(content, kind):
    write("page", content)
    assert pages("page")[0].kind == sniff(content) == kind


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "binary: a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "binary: a PNG image"),
        (bytes(range(256)) * 20, "binary: not text in any encoding"),
        (b"x" * 2001, "2,001 bytes are more than the 2,000"),
    ],
    ids=["empty", "blank", "mark only", "pdf", "png", "random", "large"],
)
@pytest.mark.parametrize("name", ["page.html", "page.bin"])
def test_a_file_that_is_no_page_is_a_failure(name, content, what):
    write(name, content)
    (got,) = pages(name, max_page_size=2000 if b"xx" in content else 10_000)
    assert isinstance(got, PageFailure)
    assert (got.id, got.path, got.error.where) == (name, name, name)
    assert got.error.what.startswith(what)
    assert got.error.hint


def test_a_few_zero_bytes_do_not_make_a_page_binary():
    write("a.html", b"<p>Words\0 and words\0 and more words, and more.</p>")
    assert pages("a.html")[0].text.count("\0") == 2


def test_a_pipe_is_a_failure_and_does_not_hang():
    os.mkfifo("pipe.txt")
    (got,) = pages("pipe.txt")
    assert "not a regular file" in str(got.error)


def test_a_file_that_vanishes_is_a_failure():
    write("a.txt", "x")
    item = find(["a.txt"], Options()).items[0]
    Path("a.txt").unlink()
    (got,) = read(item, Options())
    assert "cannot be read: No such file" in str(got.error)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_failure():
    write("a.txt", "x")
    Path("a.txt").chmod(0)
    assert "Permission denied" in str(pages("a.txt")[0].error)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{"html": "<p>x", "text": "y", "url": "https://e.org/"}', ("x.jsonl:1", "html", "<p>x")),
        ('{"id": "001", "text": "t"}', ("001", "text", "t")),
        ('{"id": 7, "text": "t"}', ("7", "text", "t")),
        ('{"id": "", "html": null, "text": "t"}', ("x.jsonl:1", "text", "t")),
        ('{"text": "# t", "kind": "markdown"}', ("x.jsonl:1", "markdown", "# t")),
        ('{"text": "a\\ud800b\\udc00\\ud83d\\ude00", "n": NaN}', ("x.jsonl:1", "text", "a\ufffdb\ufffd😀")),
        ('\ufeff{"text": "t"}', ("x.jsonl:1", "text", "t")),
    ],
    ids=["html first", "text id", "number id", "null", "kind", "half pairs", "mark"],
)
def test_a_record_is_a_page(record, expected):
    write("x.jsonl", record + "\n")
    assert [brief(got) for got in pages("x.jsonl")] == [expected]


@pytest.mark.parametrize(
    ("record", "name", "what"),
    [
        ('{"text": "t"', "x.jsonl:1", "not a JSON object"),
        ("[1]", "x.jsonl:1", "not a JSON object: it is an array"),
        ('{"text": 3}', "x.jsonl:1", 'field "text" is a number, not a string'),
        ('{"id": "a", "html": ["x"]}', "a", 'field "html" is an array, not a string'),
        ('{"id": true, "text": "t"}', "x.jsonl:1", 'field "id" is true or false, not a string'),
        ('{"text": "t", "url": {}}', "x.jsonl:1", 'field "url" is an object, not a string'),
        ('{"text": "t", "kind": "pdf"}', "x.jsonl:1", "field \"kind\" is 'pdf'"),
        ('{"title": "t"}', "x.jsonl:1", 'no field "html" or "text"; fields here: title'),
        ('{"text": " "}', "x.jsonl:1", 'empty: field "text" has no text'),
        ("[" * 100_000, "x.jsonl:1", "nested too deep"),
    ],
)
def test_a_wrong_record_is_a_failure_that_names_line_and_field(record, name, what):
    write("x.jsonl", record + '\n\n{"text": "after"}\n')
    bad, good = pages("x.jsonl")
    assert (bad.id, bad.path, bad.error.where) == (name, "x.jsonl", "x.jsonl:1")
    assert what in bad.error.what
    assert bad.error.hint
    assert (good.id, good.text) == ("x.jsonl:3", "after")


def test_broken_bytes_in_a_record_become_replacements():
    write("x.jsonl", b'{"text": "a\xff\xfeb"}\n')
    assert pages("x.jsonl")[0].text == "a\ufffd\ufffdb"


def test_the_text_field_can_be_told():
    write("x.jsonl", '{"body": "<p>one</p><p>two</p>", "text": "other"}\n{"text": "t"}\n')
    first, second = pages("x.jsonl", text_field="body")
    assert (first.kind, first.text) == ("html", "<p>one</p><p>two</p>")
    assert "--text-field" in second.error.hint


def test_an_over_long_line_is_passed_over():
    write("x.jsonl", json.dumps({"text": "x" * 5000}) + '\n{"text": "after"}\n')
    bad, good = pages("x.jsonl", max_page_size=1000)
    assert "more than the 1,000 bytes" in bad.error.what
    assert (good.id, good.text) == ("x.jsonl:2", "after")


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_a_file_without_records_is_a_failure(name):
    write(name, "id,text\n" if name == "x.csv" else "\n\n")
    assert "empty" in str(pages(name)[0].error)


def test_gzipped_records_are_read_as_far_as_they_go():
    packed = gzip.compress(
        b"".join(b'{"text": "page %d %s"}\n' % (at, os.urandom(40).hex().encode()) for at in range(500))
    )
    write("whole.jsonl.gz", packed)
    write("torn.jsonl.gz", packed[: len(packed) // 2])
    assert len(pages("whole.jsonl.gz")) == 500
    *good, last = pages("torn.jsonl.gz")
    assert 0 < len(good) < 500
    assert f"broken gzip after {len(good)} pages" in str(last.error)


def test_a_table_is_a_page_a_row():
    write("x.csv", '\ufeffid,url,text\n001,https://e.org/,"a\nb"\n,,second\n2,,\n')
    got = pages("x.csv")
    assert [brief(page) for page in got[:2]] == [("001", "text", "a\nb"), ("x.csv:4", "text", "second")]
    assert got[0].url == "https://e.org/"
    assert 'no field "html" or "text"' in str(got[2].error)


def test_cells_may_be_large():
    write("x.csv", "text\n" + "x" * 200_000 + "\n")
    assert len(pages("x.csv")[0].text) == 200_000
