"""Addresses, against a real object store and a real web server on this machine."""

import functools
import gzip
import http.server
import sys
import threading
from pathlib import Path

import pytest
from made_sources import errors, ids, in_parts, members, pages, record, tarred, texts, write, zipped
from made_store import object_store

from audit.batch import audit_paths
from audit.errors import InputError
from audit.ingest import Options, find, read
from audit.ingest.remote import label_of

pytest.importorskip("fsspec")
pytestmark = pytest.mark.sockets("local")


@pytest.fixture(scope="module")
def store():
    """Yield a client of an object store with a bucket `site`."""
    with object_store("site") as client:
        yield client


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(store, key, content):
    raw = content if isinstance(content, bytes) else content.encode()
    store.put_object(Bucket="site", Key=key, Body=raw)


def test_a_folder_of_a_store_is_read_like_a_folder(store):
    put(store, "one/b.html", "<p>b</p>")
    put(store, "one/a/x.txt", "x")
    put(store, "one/.hidden/y.html", "<p>y</p>")
    put(store, "one/logo.png", "png")
    got = pages("s3://site/one")
    assert [(page.id, page.text) for page in got] == [
        ("s3://site/one/a/x.txt", "x"),
        ("s3://site/one/b.html", "<p>b</p>"),
    ]
    assert find(["s3://site/one"], Options()).passed_over == 1
    assert ids(pages("s3://site/one", include=("*.png",))) == ["s3://site/one/logo.png"]


@pytest.mark.parametrize(
    "name", ["x.jsonl", "x.jsonl.gz", "x.csv", "x.warc", "x.warc.gz", "x.zip", "x.tar", "x.tar.gz", "x.parquet"]
)
def test_every_form_is_read_from_a_store_in_ranges(store, name):
    count = 12
    lines = b"".join(b'{"text": "page %d"}\n' % at for at in range(count))
    site = [(f"{at:02}.txt", f"page {at}") for at in range(count)]
    if name == "x.parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({"text": [f"page {at}" for at in range(count)]}), name, row_group_size=5)
    elif name == "x.zip":
        zipped(name, site)
    elif name.startswith("x.tar"):
        tarred(name, site, "w:gz" if name.endswith("gz") else "w")
    else:
        records = [record(at, b"page %d" % at, kind="conversion") for at in range(count)]
        write(name, {
            "x.jsonl": lines, "x.jsonl.gz": gzip.compress(lines),
            "x.csv": b"text\n" + b"".join(b'"page %d"\n' % at for at in range(count)),
            "x.warc": b"".join(records), "x.warc.gz": members(*records),
        }[name])  # fmt: skip
    put(store, f"forms/{name}", Path(name).read_bytes())
    parts, got = in_parts(f"s3://site/forms/{name}", 40)
    assert texts(got) == [f"page {at}" for at in range(count)]
    assert errors(got) == []
    assert parts > 1


def test_an_audit_reads_a_store_with_workers(store):
    put(store, "audit/x.jsonl", b"".join(b'{"id": "%d", "text": "A page of words."}\n' % at for at in range(20)))
    reports = list(audit_paths("s3://site/audit", jobs=2))
    assert [report.id for report in reports] == [str(at) for at in range(20)]
    assert {report.path for report in reports} == {"s3://site/audit/x.jsonl"}


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("s3://site/none", "no such file"),
        ("s3://nobucket/x.html", "no such file"),
        ("nothing://x/y", "Protocol not known"),
        ("s3://site/pictures", "no page in this folder"),
    ],
)
def test_an_address_that_cannot_be_had_says_so(store, source, what):
    put(store, "pictures/x.png", "x")
    with pytest.raises(InputError) as caught:
        find([source], Options())
    assert what in str(caught.value)


def test_an_object_that_is_gone_when_it_is_read_is_a_failure(store):
    put(store, "gone/x.html", "<p>x</p>")
    item = find(["s3://site/gone"], Options()).items[0]
    store.delete_object(Bucket="site", Key="gone/x.html")
    assert "cannot be read" in errors(read(item, Options()))[0]


@pytest.fixture
def web(tmp_path):
    """Yield the address of a web server of a folder, and the folder."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", tmp_path
        server.shutdown()


def test_pages_and_records_are_read_from_a_web_server(web):
    address, folder = web
    pytest.importorskip("aiohttp")
    (folder / "page.html").write_text("<p>page</p>")
    (folder / "x.jsonl").write_text('{"id": "a", "text": "one"}\n')
    got = pages(f"{address}/page.html", f"{address}/x.jsonl")
    assert [(page.id, page.url, page.text) for page in got] == [
        (f"{address}/page.html", f"{address}/page.html", "<p>page</p>"),
        ("a", None, "one"),
    ]


def test_neither_password_nor_query_stands_in_a_report():
    assert label_of("https://ann:secret@example.org/x.html?token=1#y") == "https://example.org/x.html"


@pytest.mark.parametrize(
    ("missing", "address", "extra"),
    [("fsspec", "s3://site/x", "remote"), ("adlfs", "az://site/x", "azure"), ("adlfs", "abfs://site/x", "azure")],
)
def test_without_what_reads_addresses_the_error_names_the_extra(monkeypatch, missing, address, extra):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=rf"article-audit\[{extra}\]"):
        find([address], Options())


def test_what_is_no_address_is_refused_with_a_hint():
    with pytest.raises(InputError, match="no address: "):
        find(["s3://[site/x.html"], Options())
