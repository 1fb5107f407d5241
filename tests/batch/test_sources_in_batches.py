"""Every form of source in one run: workers, shards, kills and a second reading change nothing."""

import gzip
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import batch_standin as standin
import pytest

from audit.batch import make_plan, run_batch
from audit.settings import Settings

HERE = Path(__file__).parent
COUNT = 150
CHILD = """
import sys
sys.path.insert(0, {here!r})
import batch_standin, test_sources_in_batches as made
made.run(sys.argv[1], int(sys.argv[2]), resume=True)
"""


def page(at):
    return f"<p>page {at} {'words of a page ' * 40} SLOW</p>"


def fill(folder):
    """Write the same pages in many forms."""
    folder.mkdir()
    lines = b"".join(b'{"html": "%s"}\n' % page(at).encode() for at in range(COUNT))
    (folder / "a.jsonl").write_bytes(lines)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines))
    (folder / "c.csv").write_text("html\n" + "".join(f'"{page(at)}\n"\n' for at in range(COUNT)))
    with zipfile.ZipFile(folder / "d.zip", "w") as packed, tarfile.open(folder / "e.tar", "w") as tar:
        for at in range(COUNT):
            (folder / "page.part").write_text(page(at))
            packed.write(folder / "page.part", f"{at}.html")
            tar.add(folder / "page.part", f"{at}.html")
    (folder / "page.part").unlink()
    items = "".join(f"<item><content:encoded><![CDATA[{page(at)}]]></content:encoded></item>" for at in range(COUNT))
    (folder / "f.wxr").write_text(f"<rss>{items}</rss>")
    (folder / "g.jsonl.gz").write_bytes(gzip.compress(lines)[:-300])
    return folder


def small_plan(*args):
    return make_plan(*args, shard_size=10_000)


def run(out, jobs, *, resume=False):
    settings = Settings(jobs=jobs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.batch.run.make_plan", small_plan)
        with run_batch(["s"], standin.Rules(), Path(out), settings, resume=resume, audit=standin.audit) as batch:
            return batch, [page.id for page in batch.pages()]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a folder with the sources `s` and the report of one worker's run over them."""
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "s")
    here = Path.cwd()
    os.chdir(folder)
    run("one", 1)
    os.chdir(here)
    return folder


def test_many_shards_and_workers_give_the_bytes_of_one(site, monkeypatch):
    monkeypatch.chdir(site)
    batch, read_again = run("three", 3)
    assert (site / "three/report.jsonl").read_bytes() == (site / "one/report.jsonl").read_bytes()
    assert batch.summary.shards > 30
    assert batch.summary.pages > 6 * COUNT
    assert batch.summary.failed == 1  # where the torn file breaks off
    assert len(read_again) == len(set(read_again)) == batch.summary.pages - 1


def test_a_killed_run_goes_on_to_the_same_bytes(site, monkeypatch):
    monkeypatch.chdir(site)
    code = CHILD.format(here=str(HERE))
    child = subprocess.Popen([sys.executable, "-c", code, "killed", "2"])  # noqa: S603
    deadline = time.monotonic() + 60
    while len(list((site / "killed/.shards").glob("*.jsonl"))) < 8 and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (site / "killed/report.jsonl").exists()
    batch, _ = run("killed", 2, resume=True)
    assert batch.summary.resumed >= 8
    assert (site / "killed/report.jsonl").read_bytes() == (site / "one/report.jsonl").read_bytes()
