from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from cli_pages import GOOD, INJECTED, SPAM

CLEAN = INJECTED.replace(SPAM, "")


def test_one_file_goes_to_standard_output(audit, site) -> None:
    assert audit("clean", "site/bad.txt").stdout == CLEAN
    assert (site / "bad.txt").read_text() == INJECTED


def test_standard_input_goes_to_standard_output(audit) -> None:
    assert audit("clean", "-", stdin=INJECTED).stdout == CLEAN


@pytest.mark.parametrize("content", [GOOD, "\ufeffHöher als\r\nder Berg\r", "x"])
def test_a_page_without_a_cut_comes_out_as_it_went_in(audit, tmp_path, content) -> None:
    (tmp_path / "page.txt").write_bytes(content.encode())
    assert audit("clean", "page.txt", "-q").stdout_bytes == content.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "shift_jis"])
def test_every_byte_outside_the_cut_stays_in_any_encoding(audit, tmp_path, encoding) -> None:
    before = "日本のお茶を楽しむ。\r\n" if encoding == "shift_jis" else "Der Café-Gänger\r\n"
    (tmp_path / "page.txt").write_bytes((before * 9 + SPAM + GOOD).encode(encoding))
    assert audit("clean", "page.txt", "-q").stdout_bytes == (before * 9 + GOOD).encode(encoding)


def test_a_folder_is_copied_with_its_cut_pages_changed(audit, site, tmp_path) -> None:
    told = audit("clean", "site", "-o", "clean").stderr
    assert (tmp_path / "clean/site/bad.txt").read_text() == CLEAN
    assert (tmp_path / "clean/site/good.txt").read_text() == GOOD
    assert (site / "bad.txt").read_text() == INJECTED
    assert f"1 of 2 files cut, {len(SPAM)} characters" in told


def test_in_place_is_a_dry_run_until_it_is_told_to_write(audit, site) -> None:
    told = audit("clean", "site", "--in-place")
    assert (site / "bad.txt").read_text() == INJECTED
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        told.stderr.splitlines()[0],
        f"1 of 2 files would be cut, {len(SPAM)} characters",
        "nothing was written: this was a dry run; --diff shows the cuts, --in-place --write makes them",
    ]
    assert told.stderr.startswith(f"site/bad.txt:2:1: would cut {len(SPAM)} characters (spam.")
    assert sorted(path.name for path in site.iterdir()) == ["bad.txt", "good.txt"]


def test_what_is_suppressed_is_not_cut_until_it_expires(audit, site, tmp_path) -> None:
    (tmp_path / "audit-ignore.yaml").write_text(
        "ignore:\n  - {rule: spam.*, page: site/bad.txt, reason: a lesson, expires: 2027-01-31}\n"
    )
    told = audit("clean", "site", "-o", "clean", "--today", "2027-01-31").stderr
    assert "1 cut not made: suppressed with a reason" in told
    assert (tmp_path / "clean/site/bad.txt").read_text() == INJECTED == (site / "bad.txt").read_text()
    assert audit("clean", "site/bad.txt", "--today", "2027-02-01").stdout == CLEAN
    assert audit("clean", "site/bad.txt", "--suppressions", "").stdout == CLEAN


def test_in_place_changes_cut_pages_only_and_keeps_a_copy(audit, site) -> None:
    (site / "good.txt").chmod(0o444)
    (site / "bad.txt").chmod(0o640)
    untouched = (site / "good.txt").stat()
    audit("clean", "site", "--in-place", "--write")
    assert (site / "bad.txt").read_text() == CLEAN
    assert (site / "bad.txt.bak").read_text() == INJECTED
    assert {(site / name).stat().st_mode & 0o777 for name in ("bad.txt", "bad.txt.bak")} == {0o640}
    now = (site / "good.txt").stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_mode) == (untouched.st_ino, untouched.st_mtime_ns, untouched.st_mode)
    assert sorted(path.name for path in site.iterdir()) == ["bad.txt", "bad.txt.bak", "good.txt"]


def test_a_backup_is_never_written_over(audit, site) -> None:
    (site / "bad.txt.bak").write_text("older")
    audit("clean", "site", "--in-place", "--write")
    assert (site / "bad.txt.bak").read_text() == "older"
    assert (site / "bad.txt.bak2").read_text() == INJECTED


def test_no_backup_if_none_is_wanted(audit, site) -> None:
    audit("clean", "site", "--in-place", "--write", "--no-backup")
    assert sorted(path.name for path in site.iterdir()) == ["bad.txt", "good.txt"]


@pytest.mark.usefixtures("site")
def test_clean_of_clean_changes_nothing(audit) -> None:
    audit("clean", "site", "--in-place", "--write")
    assert "0 of 2 files cut" in audit("clean", "site", "--in-place", "--write").stderr


def git(folder, *args: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@test.example"]
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607


@pytest.fixture
def repository(site):
    git(site, "init", "-q")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "pages")
    return site


@pytest.mark.parametrize("change", ["modified", "staged", "untracked target"])
def test_in_place_refuses_a_dirty_git_tree_unless_forced(audit, repository, change) -> None:
    if change == "untracked target":
        (repository / "new.txt").write_text(INJECTED)
    else:
        (repository / "good.txt").write_text(GOOD * 2)
    if change == "staged":
        git(repository, "add", ".")
    refused = audit("clean", "site", "--in-place", "--write", exit_code=2).output
    assert "say --force" in refused
    assert (repository / "bad.txt").read_text() == INJECTED
    assert ": would cut " in audit("clean", "site", "--in-place").stderr
    audit("clean", "site", "--in-place", "--write", "--force")
    assert (repository / "bad.txt").read_text() == CLEAN


def test_a_hook_of_git_does_not_lead_the_check_astray(audit, repository, monkeypatch) -> None:
    (repository / "good.txt").write_text(GOOD * 2)
    monkeypatch.setenv("GIT_DIR", str(repository / "elsewhere.git"))
    assert "say --force" in audit("clean", "site", "--in-place", "--write", exit_code=2).output


def test_in_place_writes_in_a_clean_git_tree(audit, repository) -> None:
    (repository / "note.tmp").write_text("untracked, and no page")
    audit("clean", "site", "--in-place", "--write")
    assert (repository / "bad.txt").read_text() == CLEAN


def test_without_git_a_repository_is_not_touched(audit, repository, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git cannot say" in audit("clean", "site", "--in-place", "--write", exit_code=2).output
    assert (repository / "bad.txt").read_text() == INJECTED


def test_files_in_the_folder_are_not_overwritten_unless_told(audit, site, tmp_path) -> None:
    audit("clean", "site", "-o", "clean")
    audit("clean", "site", "-o", "clean")  # the same again changes nothing
    (tmp_path / "clean/site/bad.txt").write_text("mine")
    (site / "more.txt").write_text(GOOD)
    refused = audit("clean", "site", "-o", "clean", exit_code=2).output
    assert "clean/site/bad.txt: 1 file would be overwritten" in refused
    assert (tmp_path / "clean/site/bad.txt").read_text() == "mine"
    assert (tmp_path / "clean/site/more.txt").read_text() == GOOD
    audit("clean", "site", "-o", "clean", "--write")
    assert (tmp_path / "clean/site/bad.txt").read_text() == CLEAN


def test_only_what_changed_is_written_if_that_is_wanted(audit, site, tmp_path) -> None:
    assert site.is_dir()
    audit("clean", "site", "-o", "clean", "--changed-only")
    assert [path.name for path in (tmp_path / "clean/site").iterdir()] == ["bad.txt"]


def test_the_diff_is_a_patch(audit, site, tmp_path) -> None:
    patch = audit("clean", "site", "--diff").stdout
    assert patch.startswith("--- a/site/bad.txt\n+++ b/site/bad.txt\n@@ -1,5 +1,5 @@\n")
    assert "good.txt" not in patch
    assert (site / "bad.txt").read_text() == INJECTED
    subprocess.run(["git", "apply", "-"], input=patch, text=True, cwd=tmp_path, check=True)  # noqa: S607
    assert (site / "bad.txt").read_text() == CLEAN


def test_records_lose_the_cut_from_their_field_and_nothing_else(audit, tmp_path) -> None:
    good = '{"id":"good" , "text":"Walking is pleasant."}\n'
    bad = json.dumps({"id": "bad", "n": 1.50, "text": INJECTED})
    broken = '{"id": "cut off\n'
    (tmp_path / "pages.jsonl").write_text(good + bad + "\n\n" + broken + good.replace("good", "more"))
    result = audit("clean", "pages.jsonl", exit_code=3)
    expected = good + bad.replace(json.dumps(SPAM)[1:-1], "") + "\n\n" + broken + good.replace("good", "more")
    assert result.stdout == expected
    assert "left alone: pages.jsonl:4: not a JSON object" in result.stderr


def test_records_from_standard_input(audit) -> None:
    line = json.dumps({"text": INJECTED}) + "\n"
    assert audit("clean", "-", "-q", stdin=line).stdout == line.replace(SPAM, "")


def test_packed_records_are_left_alone_and_3(audit, tmp_path) -> None:
    (tmp_path / "pages.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": INJECTED}).encode()))
    result = audit("clean", "pages.jsonl.gz", exit_code=3)
    assert result.stdout == ""
    assert "cannot be written back" in result.stderr


def test_a_page_that_cannot_be_read_is_left_alone_and_3(audit, site, tmp_path) -> None:
    (site / "empty.txt").write_bytes(b"")
    assert "left alone: site/empty.txt: empty" in audit("clean", "site", "-o", "clean", exit_code=3).stderr
    assert (tmp_path / "clean/site/bad.txt").read_text() == CLEAN
    assert not (tmp_path / "clean/site/empty.txt").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["site"], "2 files cannot go to standard output"),
        (["-", "--in-place"], "standard input cannot be changed in place"),
        (["site", "-o", "."], "would be overwritten by its own clean copy"),
        (["site/bad.txt", "other/bad.txt", "-o", "x", "--diff"], "exclude each other"),
    ],
    ids=["many to stdout", "stdin in place", "onto itself", "two ways"],
)
def test_what_would_lose_data_is_refused(audit, site, args, message) -> None:
    assert message in audit("clean", *args, exit_code=2, stdin="").output
    assert (site / "bad.txt").read_text() == INJECTED


def test_a_link_stays_a_link(audit, site, tmp_path) -> None:
    (tmp_path / "link.txt").symlink_to(site / "bad.txt")
    audit("clean", "link.txt", "--in-place", "--write")
    assert (tmp_path / "link.txt").is_symlink()
    assert (site / "bad.txt").read_text() == CLEAN


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def exported(*contents: str, comment: str = "") -> str:
    """Return a WordPress export of posts with this markup as content, with carriage returns and other languages."""
    more = (
        f"<wp:comment><wp:comment_id>9</wp:comment_id><wp:comment_content>{comment}</wp:comment_content></wp:comment>"
    )
    posts = "".join(
        f"<item>\r\n<title>Über {number} &amp; more</title><link>https://site.example/?p={number}</link>"
        f"<content:encoded>{content}</content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_type>post</wp:post_type>{more if comment and not number else ''}</item>\n"
        for number, content in enumerate(contents)
    )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0" {names}><channel>\n{posts}</channel></rss>\n'


HTML = "".join(f"<p>{line}</p>\n" for line in INJECTED.split("\n") if line)
HTML_CLEAN = HTML.replace(SPAM, "")


@pytest.mark.parametrize(
    ("content", "clean"),
    [
        (cdata(HTML), cdata(HTML_CLEAN)),
        (escape(HTML), escape(HTML_CLEAN)),
        (cdata("<p>Ä 😀 ]]> code</p>" + HTML), cdata("<p>Ä 😀 ]]> code</p>" + HTML_CLEAN)),
        (cdata(HTML.replace(GOOD[:4], "]>" + GOOD[:4])), cdata(HTML_CLEAN.replace(GOOD[:4], "]>" + GOOD[:4]))),
    ],
    ids=["section", "references", "split section", "brackets"],
)
def test_an_export_loses_the_cuts_and_nothing_else(audit, tmp_path, content, clean) -> None:
    good = cdata(f"<p>{GOOD}</p>")
    (tmp_path / "site.wxr").write_text(exported(good, content, comment=cdata("Nice walk!")), newline="")
    result = audit("clean", "site.wxr")
    assert result.stdout_bytes.decode() == exported(good, clean, comment=cdata("Nice walk!"))
    assert "1 of 1 file cut" in result.stderr


def test_a_cleaned_export_is_read_again_with_the_same_posts(audit, tmp_path) -> None:
    (tmp_path / "site.xml").write_text(exported(cdata(HTML), cdata("<p>Good.</p>"), comment=cdata(f"{SPAM}Hi")))
    audit("clean", "site.xml", "-o", "clean")
    before, after = (ET.parse(tmp_path / name) for name in ("site.xml", "clean/site.xml"))  # noqa: S314
    encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
    assert [item.findtext(encoded) for item in after.iter("item")] == [HTML_CLEAN, "<p>Good.</p>"]
    assert len(list(after.iter())) == len(list(before.iter()))
    assert "0 of 1 file cut" in audit("clean", "clean/site.xml", "--diff").stderr


def test_the_diff_of_an_export_is_a_patch(audit, tmp_path) -> None:
    (tmp_path / "site.wxr").write_text(exported(cdata(HTML)), newline="")
    patch = audit("clean", "site.wxr", "--diff").stdout_bytes
    subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, check=True)  # noqa: S607
    assert (tmp_path / "site.wxr").read_bytes().decode() == exported(cdata(HTML_CLEAN))


def test_a_feed_of_another_form_is_left_alone_and_3(audit, tmp_path) -> None:
    (tmp_path / "items.xml").write_text(
        f"<?xml version='1.0'?><items><item><text>{escape(INJECTED)}</text></item></items>"
    )
    assert "cannot be written back" in audit("clean", "items.xml", exit_code=3).stderr


def test_pages_are_cut_as_a_run_over_all_of_them_cuts_them(audit, tmp_path) -> None:
    spam = "For the best online casino bonus many people choose moonreel casino tonight."
    (tmp_path / "site").mkdir()
    names = ["sleep", "gout", "asthma", "eczema", "migraine", "tinnitus", "hay fever", "sciatica"]
    for at, name in enumerate(names):
        body = f"Many people wait for weeks with {name}. {spam} When {name} gets worse, see a doctor soon."
        folder = tmp_path / "site" / ("example.com", "example.net", "example.org")[at % 3]
        folder.mkdir(exist_ok=True)
        (folder / f"{at}.txt").write_text(f"About {name}.\n{body}\n")
    audit("run", "site", "-o", "out", "--format", "jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out/report.jsonl").read_text().splitlines()]
    assert all(line["cuts"] for line in lines)
    audit("clean", "site", "-o", "cleaned")
    for line in lines:
        text = (tmp_path / line["path"]).read_text()
        for cut in reversed(line["cuts"]):
            text = text[: cut["start"]] + text[cut["end"] :]
        assert (tmp_path / "cleaned" / line["path"]).read_text() == text


def test_what_cannot_be_read_at_all_is_left_alone_and_the_rest_is_cleaned(audit, site, monkeypatch) -> None:
    (site / "a.wxr").write_bytes(b"")
    (site / "b.txt").write_text("Tea.")
    read_bytes = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    told = audit("clean", "site", "-o", "out", exit_code=3).stderr
    assert "left alone: site/a.wxr: XML of a form that is not known" in told
    assert "left alone: site/b.txt: cannot be read: Permission denied" in told
    assert read_bytes(site.parent / "out/site/bad.txt").decode() == CLEAN
