"""Sources that are made to hurt: each is named and passed over, in bounded memory and time, and the rest is read."""

import gzip
import os
import threading
import time
import zlib
from pathlib import Path

import pytest
from made_sources import HTML, MEGABYTE, alone, errors, ids, item_of, members, pages, record, texts, write, zipped

from audit.ingest import Options, find, read, streams


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_line_of_a_gigabyte_is_passed_over_in_little_memory():
    with Path("x.jsonl").open("wb") as file:
        file.write(b'{"id": "a", "text": "before"}\n{"text": "')
        file.truncate(1_000 * MEGABYTE)
        file.seek(0, 2)
        file.write(b'"}\n{"id": "b", "text": "after"}\n')
    got = alone("x.jsonl")
    assert (got["good"], len(got["bad"])) == (2, 1)
    assert "x.jsonl:2: the line has more than the 10,000,000 bytes" in got["bad"][0]
    assert got["megabytes"] < 200


def test_a_row_of_a_gigabyte_is_passed_over_in_little_memory():
    with Path("x.csv").open("wb") as file:
        file.write(b"id,text\na,before\nb,")
        file.truncate(300 * MEGABYTE)
        file.seek(0, 2)
        file.write(b"\nc,after\n")
    got = alone("x.csv", most=2 * MEGABYTE)
    assert got["good"] == 2
    assert got["megabytes"] < 200


def gzip_bomb(name, head=b"", megabytes=300):
    packer = zlib.compressobj(9, wbits=31)
    with Path(name).open("wb") as file:
        file.write(packer.compress(head))
        file.writelines(packer.compress(b"\0" * MEGABYTE) for _ in range(megabytes))
        file.write(packer.flush())
    return name


@pytest.mark.parametrize(
    "name", ["x.html.gz", "x.jsonl.gz", "x.csv.gz", "x.tar.gz", "x.xml.gz", "x.json.gz", "x.warc.gz"]
)
def test_a_gzip_bomb_is_named_in_bounded_memory_and_time(name):
    heads = {
        "x.jsonl.gz": b'{"text": "', "x.csv.gz": b"text\n", "x.xml.gz": b"<rss><item><content:encoded><![CDATA[",
        "x.json.gz": b'[{"text": "', "x.warc.gz": record(1)[:-40].replace(b"Length: ", b"Length: 99999999999"),
    }  # fmt: skip
    gzip_bomb(name, heads.get(name, b""))
    got = alone(name)
    assert got["good"] == 0
    assert got["bad"]
    assert got["megabytes"] < 250


def test_a_stream_that_unpacks_without_end_is_given_up():
    gzip_bomb("x.jsonl.gz", megabytes=150)
    assert "a bomb: " in " ".join(alone("x.jsonl.gz")["bad"])


def test_a_zstandard_bomb_is_named_in_bounded_memory():
    zstandard = pytest.importorskip("zstandard")
    packer = zstandard.ZstdCompressor().compressobj()
    with Path("x.jsonl.zst").open("wb") as file:
        file.writelines(packer.compress(b"\0" * MEGABYTE) for _ in range(300))
        file.write(packer.flush())
    assert Path("x.jsonl.zst").stat().st_size < MEGABYTE
    got = alone("x.jsonl.zst")
    assert "a bomb: " in " ".join(got["bad"])
    assert got["megabytes"] < 250


def test_a_zip_bomb_is_named_in_bounded_memory():
    zipped("x.zip", [(f"{at}.html", b"\0" * 30 * MEGABYTE) for at in range(20)] + [("z.html", "<p>page")])
    got = alone("x.zip")
    assert (got["good"], len(got["bad"])) == (1, 20)
    assert got["megabytes"] < 200


def test_an_endless_record_of_warc_is_named_in_bounded_memory():
    head = record(1).replace(b"Content-Length: 55", b"Content-Length: 599999000")
    with Path("x.warc").open("wb") as file:
        file.write(record(0) + head[:-4])
        file.truncate(600 * MEGABYTE)
        file.seek(0, 2)
        file.write(b"\r\n\r\n" + record(2))
    got = alone("x.warc")
    assert got["good"] == 2
    assert len(got["bad"]) == 1
    assert got["megabytes"] < 200


def test_a_body_of_warc_that_is_a_bomb_is_named_in_bounded_memory():
    gzip_bomb("body.gz")
    coded = HTML.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    write("x.warc.gz", members(record(1, Path("body.gz").read_bytes(), http=coded), record(2)))
    got = alone("x.warc.gz")
    assert (got["good"], len(got["bad"])) == (1, 1)
    assert got["megabytes"] < 200


def test_a_million_headers_cost_one_record():
    bad = b"WARC/1.0\r\n" + b"X: y\r\n" * MEGABYTE + b"\r\n"
    write("x.warc", record(1) + bad + record(2))
    got = alone("x.warc")
    assert got["good"] == 2
    assert len(got["bad"]) == 1


def test_a_pipe_in_the_place_of_a_planned_file_does_not_hang():
    write("x.html", "<p>page")
    item = item_of("x.html")
    Path("x.html").unlink()
    os.mkfifo("x.html")
    assert "not a regular file" in errors(read(item, Options()))[0]


def test_a_file_that_vanished_since_the_plan_is_a_failure():
    write("x.jsonl", '{"text": "t"}\n')
    item = item_of("x.jsonl")
    Path("x.jsonl").unlink()
    assert "cannot be read: No such file" in errors(read(item, Options()))[0]


def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end():
    write("x.jsonl", '{"text": "t"}\n' * 5)
    got = read(item_of("x.jsonl"), Options())
    first = next(got)
    Path("x.jsonl").unlink()
    assert texts([first, *got]) == ["t"] * 5


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.csv", "x.warc", "x.zip", "x.tar", "x.html", "x.xml"])
def test_a_file_that_changed_since_the_plan_is_a_failure(name):
    write(name, "old")
    item = item_of(name)
    write(name, "something new")
    assert "changed since the run was planned" in errors(read(item, Options()))[-1]


@pytest.mark.parametrize("change", ["appended", "cut"])
def test_a_file_that_changes_while_it_is_read_is_reported(change):
    write("x.jsonl", '{"text": "t"}\n' * 9000)
    got = read(item_of("x.jsonl"), Options())
    first = next(got)
    with Path("x.jsonl").open("r+b") as file:
        file.truncate(100) if change == "cut" else (file.seek(0, 2), file.write(b"{}\n"))
    assert "changed while it was read" in errors([first, *got])[-1]


def test_a_page_that_changes_while_it_is_read_is_no_page(monkeypatch):
    write("x.html", "<p>old")
    item = item_of("x.html")
    whole = streams.read_some

    def slow(file, size):
        raw = whole(file, size)
        write("x.html", "<p>newer")
        return raw

    monkeypatch.setattr("audit.ingest.readers.read_some", slow)
    got = list(read(item, Options()))
    assert texts(got) == []
    assert "changed while it was read" in errors(got)[0]


def test_a_loop_of_folders_and_a_link_to_itself_end():
    write("s/d/a.html", "<p>a")
    Path("s/d/loop").symlink_to("..")
    Path("s/self.html").symlink_to("self.html")
    got = pages("s")
    assert texts(got) == ["<p>a"]
    assert "s/self.html: cannot be read" in errors(got)[0]


def test_a_list_that_lists_itself_ends():
    write("list", "@list\nlist\n")
    assert errors(pages("@list"))[0].startswith("list:1: @list: no such file")


def test_a_pipe_is_no_list():
    os.mkfifo("pipe")
    with pytest.raises(Exception, match="not a list"):
        find(["@pipe"], Options())


def test_a_growing_file_does_not_keep_its_reader_for_ever():
    write("x.jsonl", '{"text": "t"}\n' * 2000)
    got = read(item_of("x.jsonl"), Options())
    next(got)
    begun, stop = threading.Event(), threading.Event()

    def grow():
        with Path("x.jsonl").open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b'{"text": "more"}\n' * 500)
                begun.set()

    writer = threading.Thread(target=grow)
    writer.start()
    assert begun.wait(20)  # else the reader may be done before the file grows at all
    try:
        deadline = time.monotonic() + 20
        found = []
        for each in got:
            found.append(each)
            assert time.monotonic() < deadline
    finally:
        stop.set()
        writer.join()
    assert "changed while it was read" in errors(found)[-1]


def test_names_from_an_archive_and_a_table_are_only_names():
    zipped("x.zip", [("\x1b[2J\u202eevil.html", "<p>page")])
    assert ids(pages("x.zip")) == ["x.zip/\x1b[2J\u202eevil.html"]  # writers make them safe


def test_a_bomb_costs_no_shard_of_its_own_for_each_of_its_gigabytes():
    gzip_bomb("x.jsonl.gz", b'{"text": "a"}\n', megabytes=150)
    assert alone("x.jsonl.gz")["parts"] < 3


def test_gzip_of_nothing_and_of_too_little():
    write("a.jsonl.gz", b"")
    write("b.jsonl.gz", b"\x1f\x8b")
    write("c.jsonl.gz", gzip.compress(b""))
    assert len(errors(pages("a.jsonl.gz", "b.jsonl.gz", "c.jsonl.gz"))) == 3


def parquet_bomb(name, megabytes):
    """Write a column of one value whose page unpacks to so many megabytes."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    made = pa.table({"html": ["x" * megabytes * MEGABYTE], "id": ["a"]})
    pq.write_table(made, name, compression="zstd", use_dictionary=False, write_statistics=False)
    return Path(name).read_bytes()


def test_a_page_of_parquet_that_is_a_bomb_is_named_in_bounded_memory():
    parquet_bomb("x.parquet", 600)
    got = alone("x.parquet")
    assert got["good"] == 0
    assert "a bomb: column 'html' unpacks" in got["bad"][0]
    assert got["megabytes"] < 300


def varint(number):
    out = b""
    while number >= 128:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


@pytest.mark.parametrize("size", [10, 2**31 - 1])
def test_metadata_of_parquet_that_lies_of_the_unpacked_size_does_not_matter(size):
    raw = parquet_bomb("x.parquet", 300)
    true, false = varint(2 * (300 * MEGABYTE + 100)), varint(2 * size)
    footer = raw.rindex(true[-3:])  # the sum over the column's pages, in the footer
    start = footer - 2
    false = false[:-1] + bytes([false[-1] | 128]) + b"\x80" * (5 - len(false) - 1) + b"\0" if len(false) < 5 else false
    write("x.parquet", raw[:start] + false + raw[start + 5 :])
    got = alone("x.parquet")
    assert got["good"] == 0
    assert got["bad"]
    assert got["megabytes"] < 300


@pytest.mark.parametrize("rows", [10**6, 2**40, -1])
def test_metadata_of_parquet_that_lies_of_the_rows_is_reported(rows):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": [f"page {at}" for at in range(5)]}), "x.parquet")
    raw = Path("x.parquet").read_bytes()
    size = int.from_bytes(raw[-8:-4], "little")
    head, footer = raw[: -8 - size], raw[-8 - size : -8]
    zigzag = varint(2 * rows if rows >= 0 else 1)
    made = footer.replace(b"\x16\x0a", b"\x16" + zigzag)
    assert made != footer
    write("x.parquet", head + made + len(made).to_bytes(4, "little") + b"PAR1")
    got = alone("x.parquet")
    assert got["good"] <= 5
    assert got["bad"]
