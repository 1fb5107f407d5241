"""CSV, Parquet and JSON feeds: fields found or told, ranges, and what is wrong by row."""

import gzip
import json
import os
import random
import sys
from pathlib import Path

import pytest
from made_sources import alone, brief, errors, ids, in_parts, pages, texts, write

from audit.ingest import PageFailure


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"Body": "prose", "Link": "https://e.org/", "doc_id": "7"}, ("7", "text", "prose", "https://e.org/")),
        ({"raw_html": "<p>x</p>", "source_url": "https://e.org/"}, ("x.jsonl:1", "html", "<p>x</p>", "https://e.org/")),
        ({"content": "prose", "Content Type": "x", "text": None}, ("x.jsonl:1", "text", "prose", None)),
        ({"text": "prose", "content": "other"}, ("x.jsonl:1", "text", "prose", None)),
        ({"articleBody": "prose", "link": ["a", "b"], "guid": {"x": 1}}, ("x.jsonl:1", "text", "prose", None)),
    ],
)
def test_fields_are_found_by_their_usual_names(record, expected):
    write("x.jsonl", json.dumps(record) + "\n")
    (got,) = pages("x.jsonl")
    assert (got.id, got.kind, got.text, got.url) == expected


def test_fields_can_be_told():
    write("x.jsonl", json.dumps({"a": "prose", "b": "https://e.org/", "c": 9, "text": "no", "url": "no", "id": "no"}))
    (got,) = pages("x.jsonl", text_field="a", url_field="b", id_field="c")
    assert (got.id, got.url, got.text) == ("9", "https://e.org/", "prose")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_what_parts_the_cells_is_seen_in_the_header(sign):
    write("x.csv", sign.join(["id", "url", "text"]) + "\n" + sign.join(["1", "https://e.org/", '"a, b; c"']) + "\n")
    assert [brief(got) for got in pages("x.csv")] == [("1", "text", "a, b; c")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "shift_jis"])
def test_tables_are_read_in_their_encoding(encoding):
    words = (
        "カルシウムの補給は食事から"
        if encoding == "shift_jis"
        else "Viele Menschen essen täglich Käse und Brötchen, für süße Übungen fehlt ihnen später die Zeit"
    )
    write("x.csv", f'id,text\n1,"{words}, ""so"""\n2,{words}x\n'.replace(",", ",").encode(encoding))
    got = texts(pages("x.csv"))
    assert got[0] == f'{words}, "so"'


def rows(count):
    return "id,text\n" + "".join(
        f'{at},"line one {os.urandom(30).hex()}\nline, ""two"" ä {at}"\n' if at % 3 else f"{at},plain {at}\r\n"
        for at in range(count)
    )


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz"])
@pytest.mark.parametrize("size", [1, 700, 3000])
def test_ranges_of_a_table_give_the_same_pages_as_the_whole(name, size):
    raw = rows(200).encode()
    write(name, gzip.compress(raw) if name.endswith("gz") else raw)
    whole = pages(name)
    count, got = in_parts(name, size)
    assert ids(whole) == [str(at) for at in range(200)]
    assert count > 3
    assert got == whole


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst", "x.jl"])
@pytest.mark.parametrize("size", [100, 3000])
def test_ranges_of_records_give_the_same_pages_as_the_whole(name, size):
    raw = b"".join(b'{"text": "page %d %s"}\n\n' % (at, os.urandom(50).hex().encode()) for at in range(200))
    if name.endswith("zst"):
        raw = pytest.importorskip("zstandard").compress(raw)
    write(name, gzip.compress(raw) if name.endswith("gz") else raw)
    whole = pages(name)
    count, got = in_parts(name, size)
    assert ids(whole) == [f"{name}:{at}" for at in range(1, 400, 2)]
    assert count > 3
    assert got == whole


def _checked(raw):
    return pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress(raw)


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_packed_records_are_read_up_to_the_fault(pack):
    raw = b"".join(b'{"text": "page %d %s"}\n' % (at, os.urandom(50).hex().encode()) for at in range(9000))
    packed = gzip.compress(raw) if pack == "gz" else _checked(raw)
    write(f"torn.jsonl.{pack}", packed[: len(packed) // 2])
    broken = bytearray(packed)
    broken[len(packed) // 2 : len(packed) // 2 + 30] = os.urandom(30)
    write(f"hit.jsonl.{pack}", bytes(broken))
    for name in (f"torn.jsonl.{pack}", f"hit.jsonl.{pack}"):
        got = pages(name)
        assert any("broken" in error for error in errors(got)), name
    assert 3000 < len(texts(pages(f"torn.jsonl.{pack}"))) < 5000


def test_a_wrong_check_sum_is_reported_after_the_pages():
    packed = bytearray(gzip.compress(b'{"text": "one"}\n'))
    packed[-8] ^= 1
    write("x.jsonl.gz", bytes(packed))
    got = pages("x.jsonl.gz")
    assert texts(got) == ["one"]
    assert "incorrect data check" in errors(got)[0]


def test_without_zstandard_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    write("x.jsonl.zst", b"\x28\xb5\x2f\xfd")
    assert "pip install 'article-audit[zstd]'" in errors(pages("x.jsonl.zst"))[0]


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        ('[\n{"url": "https://e.org/", "text": "one"},\n{"text": "two"}\n]', ["one", "two"]),
        ('[{"text": "o]n\\"e}"},{"text": "two", "more": [{"a": [1]}]}]', ['o]n"e}', "two"]),
        ('{"text": "one"}', ["one"]),
        ('{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
    ],
)
def test_json_feeds_are_read_object_by_object(feed, expected):
    write("x.json", feed)
    got = pages("x.json")
    assert texts(got) == expected
    assert ids(got)[0] == "x.json:1"


@pytest.mark.parametrize("length", [100, 70_000, 600_000])
def test_long_objects_of_a_feed_are_whole(length):
    body = 'é\\"{' * length
    write("x.json", json.dumps([{"text": body}, {"text": "two"}]))
    assert texts(pages("x.json")) == [body, "two"]


@pytest.mark.parametrize(
    ("feed", "what"),
    [
        ('[{"text": "one"}, {"text": "tw', "cut off: the file ends inside an object"),
        ('[{"text": "one"}, {"text": }]', "not a JSON object"),
        ('[{"text": "one"}, "two"]', "not a JSON object: it is a string"),
        ('[{"text": "one"}, {"text": "' + "x" * 5000 + '"}]', "more than the 1,000 bytes"),
    ],
)
def test_what_is_wrong_in_a_feed_is_reported_after_what_is_right(feed, what):
    write("x.json", feed)
    good, bad = pages("x.json", max_page_size=1000)
    assert good.text == "one"
    assert what in str(bad.error)


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ('[{"text": "one"}, {"text": "two"}', ["cut off: the file ends inside an array"]),
        ('[{"text": "one"}, 5', ["not a JSON object: it is a number", "cut off: the file ends inside an array"]),
        ('[{"text": "one"}, 5, null, {"text": "two"}]', ["it is a number", "it is null"]),
        ('[{"text": "one"}] garbage [', ["not a JSON object", "cut off: the file ends inside an array"]),
        ('{"text": "one"}, {"text": "two"}]', ["not a JSON object"]),
        ('\ufeff[{"text": "one"},\r\n\t {"text": "two"},]\n', []),
        ("[" + " " * 600_000 + "5" + " " * 600_000 + ', {"text": "one"}]', ["it is a number"]),
        ('[{"text": "one"}, ' + "5" * 300_000 + "]", ["not a JSON object"]),
    ],
    ids=[
        "no end",
        "no end behind a number",
        "number and null",
        "two arrays",
        "no start",
        "blanks",
        "far",
        "over a chunk",
    ],
)
def test_a_feed_loses_nothing_without_a_word(feed, said):
    write("x.json", feed)
    got = pages("x.json")
    assert texts(got)[0] == "one"
    assert len(errors(got)) == len(said)
    assert all(part in error for part, error in zip(said, errors(got), strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("size", [10, 1000], ids=["in parts", "whole"])
def test_a_table_that_ends_inside_quotes_says_so(encoding, size):
    write("x.csv", 'id,text\n1,one\n2,"two ""so"""\n3,"Tea is\ncut o'.encode(encoding))
    _, got = in_parts("x.csv", size)
    assert texts(got) == ["one", 'two "so"']
    assert ["x.csv:4: broken row: the file ends inside a quoted cell" in error for error in errors(got)] == [True]


def test_a_last_row_without_a_line_feed_is_whole():
    write("x.csv", 'id,text\n1,5" pipe\n2,"two"')
    assert texts(pages("x.csv")) == ['5" pipe', "two"]


def test_an_over_long_row_costs_that_row():
    write("x.csv", "text\n" + "x" * 5000 + "\nafter\n")
    got = pages("x.csv", max_page_size=1000)
    assert texts(got) == ["after"]
    assert "broken row" in errors(got)[0]


pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def table(count=300, **more):
    columns = {
        "id": [str(at) for at in range(count)],
        "url": [f"https://e.org/{at}" for at in range(count)],
        "html": [f"<p>page {at} {os.urandom(30).hex()}</p>" for at in range(count)],
    }
    return pa.table({**columns, **more})


@pytest.mark.parametrize("size", [1, 20_000, 10**9])
def test_rows_of_parquet_are_pages_in_any_ranges(size):
    pq.write_table(table(), "x.parquet", row_group_size=40)
    count, got = in_parts("x.parquet", size)
    assert [page.url for page in got] == [f"https://e.org/{at}" for at in range(300)]
    assert ids(got) == [str(at) for at in range(300)]
    assert count == {1: 8, 20_000: count, 10**9: 1}[size]


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "dictionary", "string_view"])
def test_text_of_parquet_may_have_any_type(kind):
    values = ["<p>Käse</p>", None, "<p>two</p>"]
    raw = pa.array(values)
    made = raw.dictionary_encode() if kind == "dictionary" else raw.cast(getattr(pa, kind)())
    pq.write_table(pa.table({"Content": made}), "x.parquet")
    got = pages("x.parquet")
    assert [brief(page)[1:] for page in got if not isinstance(page, PageFailure)] == [
        ("html", "<p>Käse</p>"),
        ("html", "<p>two</p>"),
    ]
    assert ids(got) == ["x.parquet:1", "x.parquet:2", "x.parquet:3"]


def test_bytes_of_parquet_are_decoded_like_a_file():
    pq.write_table(pa.table({"html": pa.array(['<meta charset="latin-1"><p>caf\xe9'.encode("latin-1")])}), "x.parquet")
    assert texts(pages("x.parquet")) == ['<meta charset="latin-1"><p>café']


def test_a_value_that_all_rows_share_is_held_once():
    big = "<p>" + "x" * 3_000_000
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), pa.array([big]))
    pq.write_table(pa.table({"html": shared}), "x.parquet", compression="zstd")
    got = alone("x.parquet")
    assert (got["good"], got["bad"]) == (3000, [])
    assert got["megabytes"] < 400  # spelt out they are 9 GB


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[:100],
        lambda raw: raw[:4] + os.urandom(len(raw) - 12) + raw[-8:],
        lambda raw: raw[:-8] + b"\xff\xff\xff\x7f" + raw[-4:],
        lambda _: b"PAR1",
    ],
    ids=["short", "head only", "noise", "long footer", "magic"],
)
def test_broken_parquet_is_a_failure(damage):
    pq.write_table(table(), "x.parquet")
    raw = Path("x.parquet").read_bytes()
    write("x.parquet", damage(raw))
    assert errors(pages("x.parquet"))


@pytest.mark.parametrize("seed", range(40))
def test_hit_parquet_never_raises_and_tells(seed):
    chance = random.Random(seed)
    pq.write_table(table(), "x.parquet", row_group_size=100)
    raw = bytearray(Path("x.parquet").read_bytes())
    first = len(raw) - 8 - int.from_bytes(raw[-8:-4], "little") if seed % 2 else 4
    for _ in range(3):
        raw[chance.randrange(first, len(raw) - 8)] = chance.randrange(256)
    write("x.parquet", bytes(raw))
    got = pages("x.parquet")
    assert len(got) < 1000


def test_without_pyarrow_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    write("x.parquet", b"PAR1")
    assert "pip install 'article-audit[parquet]'" in errors(pages("x.parquet"))[0]
