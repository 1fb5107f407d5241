"""ZIP and TAR: members as pages under harmless names, each fault by its member, nothing unpacked to disk."""

import gzip
import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from made_sources import brief, errors, ids, in_parts, item_of, members, pages, record, tarred, texts, write, zipped

from audit.ingest import Options, PageFailure, find

SITE = [
    ("a/page.html", "<p>one</p>"),
    ("b.txt", "two"),
    ("c/x.jsonl", '{"id": "r", "text": "three"}\n'),
    ("logo.png", "x"),
]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def archive(name, content):
    if name.endswith(".zip"):
        return zipped(name, content)
    return tarred(name, content, {"x.tar": "w", "x.tar.gz": "w:gz", "x.tgz": "w:gz"}[name])


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tgz"])
def test_members_are_read_by_their_names(name):
    archive(name, SITE)
    assert [brief(got) for got in pages(name)] == [
        (f"{name}/a/page.html", "html", "<p>one</p>"),
        (f"{name}/b.txt", "text", "two"),
        ("r", "text", "three"),
    ]


@pytest.mark.parametrize("name", ["x.zip", "x.tar"])
def test_packed_and_record_members_are_read(name):
    archive(
        name,
        [
            ("p.html.gz", gzip.compress(b"<p>packed")),
            ("t.csv", "id,text\n7,cell\n"),
            ("c.warc.gz", members(record(1))),
        ],
    )
    assert texts(pages(name)) == ["<p>packed", "cell", "<p>page</p>"]


@pytest.mark.parametrize("name", ["x.zip", "x.tar"])
def test_globs_choose_among_members(name):
    archive(name, SITE)
    assert ids(pages(name, include=("*.txt",))) == [f"{name}/b.txt"]
    assert ids(pages(name, exclude=("a", "*.jsonl"))) == [f"{name}/b.txt"]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
def test_an_archive_without_a_page_says_so(name):
    archive(name, [("logo.png", "x")])
    assert "no page in it; its 1 files have other names" in errors(pages(name))[0]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ("../../etc/cron.d/x.html", "etc/cron.d/x.html"),
        ("/abs/x.html", "abs/x.html"),
        ("a/./b/../x.html", "a/b/x.html"),
    ],
)
def test_names_that_lead_out_become_harmless(name, member, shown):
    archive(name, [(member, "<p>page")])
    before = sorted(str(path) for path in Path().rglob("*"))
    assert [brief(got) for got in pages(name)] == [(f"{name}/{shown}", "html", "<p>page")]
    assert sorted(str(path) for path in Path().rglob("*")) == before


def test_drives_and_backslashes_become_harmless():
    zipped("x.zip", [("C:\\windows\\..\\x.html", "<p>page")])
    assert ids(pages("x.zip")) == ["x.zip/windows/x.html"]


def linked(kind, name, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_in_a_tar_are_not_followed(kind):
    write("secret.html", "<p>secret")
    link = linked(kind, "x.html", str(Path("secret.html").absolute()))
    tarred("x.tar", [("x.html", link), ("y.html", "<p>page")])
    got = pages("x.tar")
    assert texts(got) == ["<p>page"]
    assert "is a link" in errors(got)[0]


def test_links_in_a_zip_are_not_followed():
    write("secret.html", "<p>secret")
    with zipfile.ZipFile("x.zip", "w") as made:
        info = zipfile.ZipInfo("x.html")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        made.writestr(info, str(Path("secret.html").absolute()))
    assert "is a link" in errors(pages("x.zip"))[0]


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_devices_and_pipes_in_a_tar_are_passed_over(kind):
    tarred("x.tar", [("x.html", linked(kind, "x.html", "")), ("y.html", "<p>page")])
    assert texts(pages("x.tar")) == ["<p>page"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names_of_tar_are_whole(form):
    name = "käse/" + "long" * 60 + ".html"
    tarred("x.tar", [(name, "<p>page")], form=form)
    assert ids(pages("x.tar")) == [f"x.tar/{name}"]


def test_an_archive_in_an_archive_is_not_opened():
    zipped("inner.zip", SITE)
    zipped("x.zip", [("inner.zip", Path("inner.zip").read_bytes()), ("y.html", "<p>page")])
    got = pages("x.zip")
    assert "archive inside an archive" in errors(got)[0]
    assert texts(got) == ["<p>page"]


def test_members_of_one_name_are_all_read():
    with pytest.warns(UserWarning, match="Duplicate"):
        zipped("x.zip", [("x.html", "<p>one"), ("x.html", "<p>two")])
    assert texts(pages("x.zip")) == ["<p>one", "<p>two"]


def many(count):
    return [(f"{at:03}.html", f"<p>page {at} {os.urandom(400).hex()}</p>") for at in range(count)]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
@pytest.mark.parametrize("size", [1, 3000, 8000])
def test_ranges_give_the_same_pages_as_the_whole(name, size):
    archive(name, many(40))
    whole = pages(name)
    count, got = in_parts(name, size)
    assert len(whole) == 40
    assert count > 1
    assert got == whole


@pytest.mark.parametrize("cut", [0.32, 0.61, 0.97])
def test_a_tar_that_is_cut_off_gives_what_is_whole(cut):
    tarred("x.tar", many(20))
    raw = Path("x.tar").read_bytes()[: 20 * 1536]
    write("x.tar", raw[: int(len(raw) * cut)])
    got = pages("x.tar")
    good = [page for page in got if not isinstance(page, PageFailure)]
    assert ids(good) == [f"x.tar/{at:03}.html" for at in range(len(good))]
    assert len(good) == int(20 * cut)
    assert "broken TAR" in errors(got)[0]


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz"])
def test_a_broken_header_costs_one_member(name):
    tarred("plain.tar", many(6))
    raw = bytearray(Path("plain.tar").read_bytes())
    raw[2 * 1536 + 20] ^= 255
    write(name, bytes(raw) if name == "x.tar" else gzip.compress(bytes(raw)))
    got = pages(name)
    assert len(texts(got)) == 5
    assert len(errors(got)) == 1


def test_a_tar_header_that_claims_more_than_there_is_costs_one_member():
    tarred("x.tar", many(6))
    raw = bytearray(Path("x.tar").read_bytes())
    at = 2 * 1536
    raw[at + 124 : at + 136] = b"77777777777\0"
    raw[at + 148 : at + 156] = b" " * 8
    raw[at + 148 : at + 156] = b"%06o\0 " % sum(raw[at : at + 512])
    write("x.tar", bytes(raw))
    got = pages("x.tar")
    assert len(texts(got)) == 5
    assert "fewer than the 8,589,934,591 bytes" in errors(got)[0]


def test_a_torn_zip_says_so():
    zipped("x.zip", SITE)
    write("x.zip", Path("x.zip").read_bytes()[:-30])
    assert "broken ZIP: it has no directory" in errors(pages("x.zip"))[0]


def entry_at(raw, name):
    """Return where the line of a member stands in the directory of a ZIP."""
    at = raw.index(b"PK\x01\x02")
    while raw[at + 46 : at + 46 + len(name)] != name:
        at = raw.index(b"PK\x01\x02", at + 1)
    return at


@pytest.mark.parametrize(
    ("place", "value", "what"),
    [
        (8, struct.pack("<H", 1), "is encrypted"),
        (10, struct.pack("<H", 97), "packed by method 97"),
        (16, b"\0\0\0\0", "wrong check sum"),
        (24, struct.pack("<L", 3), "bytes where it says 3"),
        (24, struct.pack("<L", 10**9), "bytes where it says 1,000,000,000"),
        (42, struct.pack("<L", 17), "not where the directory says"),
        (42, struct.pack("<L", 2**31), "not where the directory says"),
    ],
)
def test_a_zip_that_lies_of_a_member_costs_that_member(place, value, what):
    zipped("x.zip", [("a.html", "<p>one" * 50), ("b.html", "<p>two" * 50)])
    raw = bytearray(Path("x.zip").read_bytes())
    at = entry_at(raw, b"a.html") + place
    raw[at : at + len(value)] = value
    write("x.zip", bytes(raw))
    got = pages("x.zip")
    assert texts(got) == ["<p>two" * 50]
    assert what in errors(got)[0]


def test_members_that_lie_over_one_another_are_a_bomb():
    zipped("x.zip", [(f"{at}.html", os.urandom(3000)) for at in range(50)])
    raw = bytearray(Path("x.zip").read_bytes())
    for number in range(1, 50):
        at = entry_at(raw, b"%d.html" % number)
        raw[at + 20 : at + 24] = struct.pack("<L", 100_000)
    write("x.zip", bytes(raw))
    assert [error.splitlines()[0] for error in errors(pages("x.zip"))] == [
        "x.zip: a bomb: its members lie over one another"
    ]
    assert len(in_parts("x.zip", 1000)[1]) == 1


@pytest.mark.parametrize("claimed", [None, 10])
def test_a_member_that_unpacks_beyond_the_bound_is_a_failure(claimed):
    zipped("x.zip", [("bomb.html", b"<p>" + b" x" * 20_000_000), ("y.html", "<p>page")])
    if claimed:
        raw = bytearray(Path("x.zip").read_bytes())
        at = entry_at(raw, b"bomb.html") + 24
        raw[at : at + 4] = struct.pack("<L", claimed)
        write("x.zip", bytes(raw))
    got = pages("x.zip", max_page_size=100_000)
    assert "more than the 100,000" in errors(got)[0]
    assert texts(got) == ["<p>page"]


def test_a_zip_with_a_program_before_it_is_read():
    zipped("x.zip", SITE)
    write("x.zip", b"#!/bin/sh\n" * 100 + Path("x.zip").read_bytes())
    assert len(pages("x.zip")) == 3


def test_a_zip_with_wide_numbers_is_read():
    with zipfile.ZipFile("x.zip", "w") as made, made.open("a.html", "w", force_zip64=True) as member:
        member.write(b"<p>page")
    assert texts(pages("x.zip")) == ["<p>page"]


def test_archives_in_folders_are_read_and_office_documents_are_not():
    Path("site").mkdir()
    zipped("site/x.zip", SITE)
    zipped("page", [("[Content_Types].xml", "<x/>")])
    assert len(pages("site")) == 3
    assert "office document" in errors(pages("page"))[0]
    assert item_of("site/x.zip").reader == "zip"
    assert find(["site"], Options()).passed_over == 0


def test_a_header_of_tar_that_is_endless_is_bounded():
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 50_000_000
    raw = info.tobuf(tarfile.GNU_FORMAT) + b"9" * 50_000_000 + b"\0" * (-50_000_000 % 512)
    tarred("y.tar", [("y.html", "<p>page")])
    write("x.tar", raw + Path("y.tar").read_bytes())
    assert texts(pages("x.tar")) == ["<p>page"]


def test_what_comes_through_standard_input_is_told_by_content():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        info = tarfile.TarInfo("a.html")
        info.size = 7
        packed.addfile(info, io.BytesIO(b"<p>page"))
    write("spooled", made.getvalue())
    assert texts(pages("spooled")) == ["<p>page"]
