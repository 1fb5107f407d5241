"""What is read: which files, in what order, under what name, and what is said of the rest."""

import os
from pathlib import Path

import pytest

from audit.errors import InputError, SettingsError
from audit.ingest import Options, find


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder `here` that has a neighbour `there`."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def fill(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")


def labels(sources, **options):
    return [item.label for item in find(sources, Options(**options)).items]


def test_folders_come_sorted_with_known_suffixes_only(here):
    fill(here, "s/b.html", "s/a.TXT", "s/a/z.md", "s/.hidden/x.html", "s/.x.html", "s/c.json", "s/README.md", "s/d.htm")
    assert labels(["s"]) == ["s/a.TXT", "s/b.html", "s/d.htm", "s/a/z.md"]
    assert find(["s"], Options()).passed_over == 2


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        (("*.html",), (), ["s/a.html", "s/d/b.html"]),
        (("*.page",), (), ["s/d/x.page"]),
        ((), ("d",), ["s/a.html", "s/c.txt"]),
        ((), ("d/*.html",), ["s/a.html", "s/c.txt"]),
        ((), ("s/d/**",), ["s/a.html", "s/c.txt"]),
        (("d/**",), ("*.page",), ["s/d/b.html"]),
        (("[ac].*",), (), ["s/a.html", "s/c.txt"]),
        (("[!a].txt",), (), ["s/c.txt"]),
    ],
)
def test_globs_choose_inside_folders(here, include, exclude, left):
    fill(here, "s/a.html", "s/c.txt", "s/d/b.html", "s/d/x.page")
    assert labels(["s"], include=include, exclude=exclude) == left


def test_the_report_of_a_run_below_a_source_is_no_page(here):
    fill(
        here,
        "s/a.html",
        "s/reports/report.jsonl",
        "s/reports/run.json",
        "s/reports/report.html",
        "s/reports/more/b.txt",
    )
    assert labels(["s"]) == ["s/a.html"]
    assert labels(["s/reports/report.html"]) == ["s/reports/report.html"]


def test_a_named_file_is_read_whatever_the_globs_say(here):
    fill(here, "README.md", "x.page")
    assert labels(["README.md", "x.page"], include=("*.html",)) == ["README.md", "x.page"]


def test_names_are_relative_to_the_working_folder_else_to_the_parent(here):
    fill(here, "a.txt")
    fill(here.parent / "there", "sub/b.txt")
    assert labels([here / "a.txt", "../there", "../there/sub/b.txt"]) == ["a.txt", "there/sub/b.txt"]
    assert labels(["."]) == ["a.txt"]


def test_a_file_named_twice_is_read_once(here):
    fill(here, "s/a.txt", "s/b.txt")
    assert labels(["s/b.txt", "s", "./s/../s/a.txt"]) == ["s/b.txt", "s/a.txt"]


def test_a_loop_of_links_ends(here):
    fill(here, "s/a.txt", "s/d/b.txt")
    (here / "s/d/loop").symlink_to("..")
    (here / "s/zzz").symlink_to("d")
    assert labels(["s"]) == ["s/a.txt", "s/d/b.txt"]


@pytest.mark.parametrize(
    ("source", "what", "hint"),
    [
        ("artcle.html", "no such file", "did you mean 'article.html'?"),
        ("nowhere/x.html", "no such file", "its folder 'nowhere' is missing"),
        ("empty", "no page in this folder", "what can be read"),
        ("others", "its 1 files have other names", "--include"),
        ("data.xlsx", "a workbook cannot be read", "JSON Lines"),
        ("a\0b", "cannot be read", "check the path"),
    ],
)
def test_a_source_that_cannot_be_read_says_where_what_and_what_next(here, source, what, hint):
    fill(here, "article.html", "others/a.json", "data.xlsx")
    (here / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        find([source], Options())
    assert caught.value.exit_code == 3
    assert caught.value.where == source
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_beside_good_sources_a_bad_one_is_an_item_with_its_problem(here):
    fill(here, "a.txt")
    found = find(["missing.txt", "a.txt"], Options()).items
    assert [(item.label, item.problem[0]) for item in found] == [
        ("missing.txt", "no such file or folder"),
        ("a.txt", ""),
    ]
    with pytest.raises(InputError, match=r"missing\.txt"):
        find(["missing.txt", "a.txt"], Options(), strict=True)


def test_no_source_is_an_error():
    with pytest.raises(InputError, match="no source given"):
        find([], Options())


def test_a_broken_glob_is_refused(here):
    fill(here, "s/a.txt")
    with pytest.raises(SettingsError, match="is no glob"):
        find(["s"], Options(include=("[z-a]",)))


def test_names_that_are_no_utf_8_become_text(here):
    fill(here, "s/ok.txt")
    Path(os.fsdecode(os.fsencode(here / "s") + b"/caf\xe9.txt")).write_bytes(b"x")
    assert labels(["s"]) == ["s/caf\ufffd.txt", "s/ok.txt"]
