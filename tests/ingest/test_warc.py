"""WARC and WET: which records are pages, how their bodies are decoded, and what a broken one costs."""

import gzip
import os
import sys
import zlib

import pytest
from made_sources import HTML, brief, errors, ids, in_parts, item_of, members, pages, record, texts, write
from msgspec.structs import replace

from audit.ingest import Options, PageFailure, read


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_responses_are_pages_with_their_id_and_address(name):
    records = [record("info", kind="warcinfo"), record(1), record("q", kind="request"), record(2, b"<p>two</p>")]
    write(name, members(*records) if name.endswith("gz") else b"".join(records))
    got = pages(name)
    assert [brief(page) for page in got] == [
        ("urn:uuid:1", "html", "<p>page</p>"),
        ("urn:uuid:2", "html", "<p>two</p>"),
    ]
    assert [(page.url, page.path) for page in got] == [("https://example.org/1", name), ("https://example.org/2", name)]


def test_conversions_of_wet_are_text():
    write("x.warc.wet.gz", members(record("i", kind="warcinfo"), record(1, "Käse <b>".encode(), kind="conversion")))
    assert [brief(page) for page in pages("x.warc.wet.gz")] == [("urn:uuid:1", "text", "Käse <b>")]


def test_an_archive_gzipped_as_a_whole_is_read():
    write("x.warc.gz", gzip.compress(b"".join(record(at) for at in range(5))))
    assert len(texts(pages("x.warc.gz"))) == 5


def test_a_name_that_tells_nothing_is_told_by_content():
    write("crawl", members(record(1)))
    write("plain", record(1))
    assert ids(pages("crawl", "plain")) == ["urn:uuid:1", "urn:uuid:1"]


def response(*lines):
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def chunked(raw):
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (raw[:5], raw[5:])) + b"0\r\n\r\n"


def raw_deflate(raw):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(raw) + packer.flush()


def brotli(raw):
    return pytest.importorskip("brotli").compress(raw)


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        (["Content-Encoding: gzip"], gzip.compress),
        (["Content-Encoding: deflate"], zlib.compress),
        (["Content-Encoding: deflate"], raw_deflate),
        (["Content-Encoding: br"], brotli),
        (["Transfer-Encoding: chunked"], chunked),
        (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], lambda raw: chunked(gzip.compress(raw))),
        (["Transfer-Encoding: chunked"], lambda raw: raw),
        (["Content-Encoding: gzip"], lambda raw: raw),
        (["Content-Encoding: br"], lambda raw: raw),
    ],
    ids=["gzip", "zlib", "deflate", "br", "chunks", "gzip in chunks", "said chunks", "said gzip", "said br"],
)
def test_codings_are_undone_where_they_are_there(headers, pack):
    body = "<p>Käse für alle, und noch mehr davon.</p>".encode()
    write("x.warc", record(1, pack(body), http=response("Content-Type: text/html; charset=utf-8", *headers)))
    assert texts(pages("x.warc")) == [body.decode()]


def test_the_charset_of_the_header_goes_before_that_of_the_page():
    body = '<meta charset="koi8-r"><p>caf\xe9 \xe0 la cr\xe8me</p>'.encode("latin-1")
    write("x.warc", record(1, body, http=response("Content-Type: text/html; charset=ISO-8859-1")))
    assert "café à la crème" in texts(pages("x.warc"))[0]


@pytest.mark.parametrize(
    ("headers", "is_page"),
    [
        (["Content-Type: text/html"], True),
        (["Content-Type: application/xhtml+xml"], True),
        (["Content-Type: text/plain"], True),
        ([], True),
        (["Content-Type: image/png"], False),
        (["Content-Type: application/pdf"], False),
        (["Content-Type: text/css"], False),
    ],
)
def test_only_texts_are_pages(headers, is_page):
    write("x.warc", record(1, http=response(*headers)) + record(2))
    assert ids(pages("x.warc")) == (["urn:uuid:1", "urn:uuid:2"] if is_page else ["urn:uuid:2"])


@pytest.mark.parametrize("status", ["301 Moved", "404 Not Found", "500 Error"])
def test_answers_that_are_no_page_are_passed_over(status):
    write("x.warc", record(1, http=f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode()) + record(2))
    assert ids(pages("x.warc")) == ["urn:uuid:2"]


def test_notes_of_the_crawler_are_passed_over():
    note = record("n", b"wget log", kind="resource", uri="metadata://gnu.org/software/wget/warc/wget.log")
    write("x.warc", note + record(1))
    assert ids(pages("x.warc")) == ["urn:uuid:1"]


def noise(at):
    return b"<p>" + os.urandom(3000).hex().encode() + b" page %d</p>" % at


def test_a_truncated_archive_gives_what_is_whole_and_says_so():
    packed = members(*(record(at, noise(at)) for at in range(5)))
    write("x.warc.gz", packed[:-500])
    *good, bad = pages("x.warc.gz")
    assert ids(good) == [f"urn:uuid:{at}" for at in range(4)]
    assert "cut off" in str(bad.error)


@pytest.mark.parametrize("missing", [4, 12, 30])
def test_what_comes_behind_a_record_that_was_cut_off_is_read(missing):
    write("x.warc", record(1) + record(2)[:-missing] + record(3) + record(4))
    got = pages("x.warc")
    assert {"urn:uuid:1", "urn:uuid:3", "urn:uuid:4"} <= set(ids(got))
    assert missing == 4 or ["broken record" in each for each in errors(got)] == [True]


@pytest.mark.parametrize("packed", [True, False])
def test_corruption_in_the_middle_costs_one_record(packed):
    records = [record(at, noise(at)) for at in range(6)]
    parts = [gzip.compress(each) if packed else each for each in records]
    middle = len(parts[2]) // 2
    parts[2] = parts[2][:middle] + os.urandom(40) + parts[2][middle + 40 :] if packed else b"WAR" + parts[2][4:]
    write("x.warc", b"".join(parts))
    got = pages("x.warc")
    assert ids(page for page in got if not isinstance(page, PageFailure)) == [
        f"urn:uuid:{at}" for at in (0, 1, 3, 4, 5)
    ]
    assert len(errors(got)) == 1
    assert "broken" in errors(got)[0]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("length", ["3", "999999", "99999999999999999", "x", "-5", ""])
def test_a_wrong_length_costs_one_record(length, packed):
    records = [record(at, noise(at)) for at in range(4)]
    head, _, rest = records[1].partition(b"Content-Length: ")
    records[1] = head + b"Content-Length: " + length.encode() + b"\r\n" + rest.partition(b"\r\n")[2]
    write("x.warc", members(*records) if packed else b"".join(records))
    got = pages("x.warc")
    assert ids(page for page in got if not isinstance(page, PageFailure)) == ["urn:uuid:0", "urn:uuid:2", "urn:uuid:3"]
    assert len(errors(got)) == 1


def test_bytes_between_members_are_reported_and_passed_over():
    write("x.warc.gz", members(record(1)) + b"garbage" * 100 + members(record(2)))
    got = pages("x.warc.gz")
    assert ids(page for page in got if not isinstance(page, PageFailure)) == ["urn:uuid:1", "urn:uuid:2"]
    assert "between two members" in errors(got)[0]


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
@pytest.mark.parametrize("size", [2000, 5000, 40_000])
def test_ranges_give_the_same_pages_as_the_whole(name, size):
    records = [record(at, noise(at)) for at in range(30)]
    write(name, members(*records) if name.endswith("gz") else b"".join(records))
    count, got = in_parts(name, size)
    assert count > 2
    assert ids(got) == [f"urn:uuid:{at}" for at in range(30)]


def test_what_looks_like_a_record_inside_one_is_none_wherever_a_range_begins():
    inner = members(record("forged", b"<p>forged</p>"))
    stored = [gzip.compress(record(at, b"<p>" + inner * 20 + b"</p>"), compresslevel=0) for at in range(8)]
    write("x.warc.gz", b"".join(stored))
    item = item_of("x.warc.gz")
    step = max(1, item.size // 29)
    for start in range(0, item.size, step):
        end = min(start + step, item.size)
        got = list(read(replace(item, start=start, end=end), Options()))
        assert "urn:uuid:forged" not in ids(got)


def test_a_record_over_the_bound_is_a_failure_and_the_next_is_read():
    write("x.warc.gz", members(record(1, b"<p>" + b"x" * 200_000), record(2)))
    got = pages("x.warc.gz", max_page_size=10_000)
    assert "more than the 10,000 bytes" in errors(got)[0]
    assert texts(got) == ["<p>page</p>"]


def test_a_body_that_unpacks_beyond_the_bound_is_a_failure():
    bomb = gzip.compress(b"<p>" + b"x" * 50_000_000)
    write("x.warc", record(1, bomb, http=HTML.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")) + record(2))
    got = pages("x.warc", max_page_size=1_000_000)
    assert "more than the 1,000,000 bytes" in errors(got)[0]
    assert ids(got)[1] == "urn:uuid:2"


def test_without_fastwarc_each_record_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    write("x.warc", record(1))
    assert "pip install 'article-audit[warc]'" in errors(pages("x.warc"))[0]
