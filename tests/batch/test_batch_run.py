"""Runs: order, workers, interruptions and deadly pages never change what comes out, nor lose a page."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import batch_standin as standin
import pytest

from audit.batch import make_plan, run_batch
from audit.errors import InputError, UsageError
from audit.ingest import PageFailure, read
from audit.settings import Settings

HERE = Path(__file__).parent


def run(sources, folder, *, jobs=1, rules=None, resume=False, progress=None, **settings):
    with run_batch(
        sources,
        rules or standin.Rules(),
        folder,
        Settings(jobs=jobs, **settings),
        resume=resume,
        progress=progress,
        audit=standin.audit,
    ) as batch:
        return batch


def rows(folder):
    return [json.loads(line) for line in (folder / "report.jsonl").read_bytes().splitlines()]


def records(path, number, text="A page about sleep. ", repeat=20):
    with path.open("w") as file:
        for at in range(number):
            file.write(json.dumps({"id": f"{at:05}", "text": f"{text * repeat}{at}"}) + "\n")
    return path


@pytest.fixture
def shards(monkeypatch):
    """Make shards of 20 kB, so that small inputs have several."""
    monkeypatch.setattr("audit.batch.run.make_plan", small_plan)


def small_plan(*args):
    return make_plan(*args, shard_size=20_000)


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.usefixtures("shards")
def test_number_of_workers_does_not_change_the_report(tmp_path, monkeypatch, jobs):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 300)
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(f"{name} BOUND" if name == "a" else "b")
    sources = ["pages.jsonl", "b.txt", "a.txt", "missing.txt"]
    one = run(sources, tmp_path / "one")
    many = run(sources, tmp_path / "many", jobs=jobs)
    assert (tmp_path / "one/report.jsonl").read_bytes() == (tmp_path / "many/report.jsonl").read_bytes()
    assert [row["id"] for row in rows(tmp_path / "one")][-4:] == ["00299", "b.txt", "a.txt", "missing.txt"]
    assert one.summary.shards > 3
    assert many.summary.jobs == jobs
    assert (one.summary.pages, one.summary.failed) == (many.summary.pages, many.summary.failed) == (303, 2)


def test_shard_boundaries_do_not_change_the_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = records(tmp_path / "pages.jsonl", 200)
    path.write_bytes(path.read_bytes().replace(b'"id": "00150", ', b"").rstrip(b"\n"))
    run(["pages.jsonl"], tmp_path / "whole")
    monkeypatch.setattr("audit.batch.run.make_plan", small_plan)
    assert run(["pages.jsonl"], tmp_path / "parts").summary.shards > 3
    assert (tmp_path / "whole/report.jsonl").read_bytes() == (tmp_path / "parts/report.jsonl").read_bytes()
    assert rows(tmp_path / "whole")[150]["id"] == "pages.jsonl:151"


@pytest.mark.usefixtures("shards")
def test_an_interruption_leaves_what_is_finished_and_no_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = records(tmp_path / "pages.jsonl", 200)
    path.write_text(path.read_text().replace("sleep. 150", "sleep. INTERRUPT"))
    with pytest.raises(KeyboardInterrupt):
        run(["pages.jsonl"], tmp_path / "out")
    assert not (tmp_path / "out/report.jsonl").exists()
    assert list((tmp_path / "out/.shards").glob("*.jsonl"))
    assert not list((tmp_path / "out/.shards").glob("*.tmp"))


@pytest.mark.usefixtures("shards")
def test_resume_skips_by_fingerprint_and_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 200)
    run(["pages.jsonl"], tmp_path / "undisturbed")
    with (
        pytest.raises(RuntimeError, match="the writer"),
        run_batch(["pages.jsonl"], standin.Rules(), tmp_path / "out", audit=standin.audit) as first,
    ):
        raise RuntimeError("the writer failed")
    kept = sorted((tmp_path / "out/.shards").glob("*.jsonl"))
    assert len(kept) == first.summary.shards
    kept[0].unlink()
    kept[1].write_text('{"fingerprint": "another"}\n')
    again = run(["pages.jsonl"], tmp_path / "out", resume=True)
    assert again.summary.resumed == first.summary.shards - 2
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "undisturbed/report.jsonl").read_bytes()
    assert not (tmp_path / "out/.shards").exists()


@pytest.mark.parametrize("kind", ["jsonl", "traces"])
@pytest.mark.usefixtures("shards")
def test_a_run_that_was_killed_as_it_took_its_shards_away_goes_on(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 100)
    run(["pages.jsonl"], tmp_path / "undisturbed")
    with (
        pytest.raises(RuntimeError, match="the writer"),
        run_batch(["pages.jsonl"], standin.Rules(), tmp_path / "out", audit=standin.audit) as first,
    ):
        raise RuntimeError("the writer failed")
    min((tmp_path / "out/.shards").glob(f"*.{kind}")).unlink()
    again = run(["pages.jsonl"], tmp_path / "out", resume=True)
    assert again.summary.resumed == first.summary.shards - 1
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "undisturbed/report.jsonl").read_bytes()


@pytest.mark.parametrize("change", ["rules", "input", "settings"])
def test_a_change_is_not_taken_over(tmp_path, monkeypatch, change):
    monkeypatch.chdir(tmp_path)
    path = records(tmp_path / "pages.jsonl", 3)
    with (
        pytest.raises(RuntimeError),
        run_batch(["pages.jsonl"], standin.Rules(), tmp_path / "out", audit=standin.audit),
    ):
        raise RuntimeError
    if change == "input":
        path.write_text(path.read_text().replace("A page", "B page"))
    rules = standin.Rules("rules-2") if change == "rules" else standin.Rules()
    settings = Settings(text_field="text") if change == "settings" else Settings()
    with run_batch(["pages.jsonl"], rules, tmp_path / "out", settings, resume=True, audit=standin.audit) as batch:
        assert batch.summary.resumed == 0


@pytest.mark.usefixtures("shards")
def test_a_changed_file_costs_its_own_shards_and_no_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        records(tmp_path / f"{name}.jsonl", 100)
    sources = ["a.jsonl", "b.jsonl", "c.jsonl"]
    with (
        pytest.raises(RuntimeError),
        run_batch(sources, standin.Rules(), tmp_path / "out", audit=standin.audit),
    ):
        raise RuntimeError
    path = tmp_path / "b.jsonl"
    path.write_text(path.read_text().replace("sleep. 50", "rest... 50"))
    batch = run(sources, tmp_path / "out", resume=True)
    untouched = [shard for shard in batch.plan.shards if all(item.label != "b.jsonl" for item in shard.items)]
    assert batch.summary.resumed == len(untouched) > 2
    run(sources, tmp_path / "fresh")
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "fresh/report.jsonl").read_bytes()


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
import audit.batch.run
from audit.batch.plan import make_plan
audit.batch.run.make_plan = lambda *args: make_plan(*args, shard_size=20_000)
import batch_standin as standin
from audit.settings import Settings
if __name__ == "__main__":
    settings = Settings(jobs={jobs})
    rules, out = standin.Rules(), Path("out")
    with audit.batch.run_batch(["pages.jsonl"], rules, out, settings, resume=True, audit=standin.audit):
        pass
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_kill_and_resume_give_the_undisturbed_bytes(tmp_path, monkeypatch, jobs):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 900, "SLOW page. ")
    run(["pages.jsonl"], tmp_path / "undisturbed")
    script = tmp_path / "script.py"
    script.write_text(KILLED.format(here=str(HERE), jobs=jobs))
    for number in range(3):
        child = subprocess.Popen([sys.executable, str(script)])  # noqa: S603
        until = time.monotonic() + 20
        while len(list(tmp_path.glob("out/.shards/*.jsonl"))) < 2 * (number + 1) and time.monotonic() < until:
            time.sleep(0.01)
            assert child.poll() is None, "it should have been killed before its end"
        child.kill()
        child.wait()
    finished = len(list(tmp_path.glob("out/.shards/*.jsonl")))
    deadline = time.monotonic() + 5
    while True:  # the lock falls when the last worker is gone
        try:
            monkeypatch.setattr("audit.batch.run.make_plan", small_plan)
            batch = run(["pages.jsonl"], tmp_path / "out", resume=True)
            break
        except UsageError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert batch.summary.resumed >= finished > 0
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "undisturbed/report.jsonl").read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.jsonl"]


def test_workers_die_with_their_parent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 3000, "SLOW page. ")
    script = tmp_path / "script.py"
    script.write_text(KILLED.format(here=str(HERE), jobs=2))
    child = subprocess.Popen([sys.executable, str(script)])  # noqa: S603
    try:
        until = time.monotonic() + 20
        while not list(tmp_path.glob("out/.shards/*.jsonl")) and time.monotonic() < until:
            time.sleep(0.02)
        workers = children(child.pid)
        assert len(workers) >= 2
    finally:
        child.kill()
        child.wait()
    until = time.monotonic() + 5
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.02)
    assert not [worker for worker in workers if alive(worker)]


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.usefixtures("shards")
def test_a_page_that_kills_its_worker_is_named_and_the_rest_audited(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = records(tmp_path / "pages.jsonl", 120)
    path.write_text(path.read_text().replace("sleep. 77", "sleep. KILL"))
    batch = run(["pages.jsonl"], tmp_path / "out", jobs=2)
    bad = [row for row in rows(tmp_path / "out") if row["status"] == "failed"]
    assert [row["id"] for row in bad] == ["00077"]
    assert "ended its worker" in bad[0]["error"]
    assert (batch.summary.pages, batch.summary.failed) == (120, 1)


@pytest.mark.parametrize("trouble", ["HANG", "LOOP"])
@pytest.mark.usefixtures("shards")
def test_a_page_that_hangs_is_named_its_worker_replaced_and_the_rest_audited(tmp_path, monkeypatch, trouble):
    monkeypatch.chdir(tmp_path)
    path = records(tmp_path / "pages.jsonl", 120)
    run(["pages.jsonl"], tmp_path / "whole")
    path.write_text(path.read_text().replace("sleep. 77", f"sleep. {trouble}"))
    batch = run(["pages.jsonl"], tmp_path / "out", jobs=2, max_page_seconds=1)
    bad = [row for row in rows(tmp_path / "out") if row["status"] == "failed"]
    assert [row["id"] for row in bad] == ["00077"]
    assert bad[0]["error"].startswith("00077: the page took more than 1 s, twice\n")
    assert (batch.summary.pages, batch.summary.failed, batch.summary.deaths) == (120, 1, 2)
    assert [row["sha256"] for row in rows(tmp_path / "out") if row["id"] != "00077"] == [
        row["sha256"] for row in rows(tmp_path / "whole") if row["id"] != "00077"
    ]


def test_a_page_that_hangs_in_a_run_of_one_process_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 3)
    (tmp_path / "a.txt").write_text("HANG")
    batch = run(["a.txt", "pages.jsonl"], tmp_path / "out", max_page_seconds=1)
    assert [row["error"] for row in rows(tmp_path / "out")][:2] == [
        "a.txt: the page took more than 1 s\n  raise --max-page-seconds if it is worth the wait",
        None,
    ]
    assert (batch.summary.pages, batch.summary.failed, batch.summary.deaths) == (4, 1, 0)


def deadly_read(item, options):
    """Read as ever, but for one file, over which the process dies."""
    yield from read(item, options)
    if item.label == "b.jsonl":
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_source_whose_reading_kills_is_named_and_the_rest_audited(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_text(f'{{"id": "{name}1", "text": "t"}}\n{{"id": "{name}2", "text": "t"}}\n')
    script = tmp_path / "script.py"
    script.write_text(DEADLY.format(here=str(HERE)))
    subprocess.run([sys.executable, str(script)], check=True, cwd=tmp_path, timeout=60)  # noqa: S603
    got = [(row["id"], row["error"]) for row in rows(tmp_path / "out")]
    assert [each for each, _ in got] == ["a1", "a2", "b1", "b2", "b.jsonl", "c1", "c2"]
    assert "reading on ended its worker process twice" in got[4][1]


DEADLY = """
import sys
sys.path.insert(0, {here!r})
import audit.batch.shard
import batch_standin, test_batch_run
audit.batch.shard.read = test_batch_run.deadly_read
if __name__ == "__main__":
    test_batch_run.run(["a.jsonl", "b.jsonl", "c.jsonl"], test_batch_run.Path("out"), jobs=1, resume=True)
"""


def test_a_resumed_run_is_apart_even_where_nothing_was_finished(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("KILL")
    batch = run(["a.txt"], tmp_path / "out", resume=True)
    assert (batch.summary.pages, batch.summary.failed) == (1, 1)


def test_a_defect_is_a_row_that_names_it_and_is_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", "fine"), ("b", "DEFECT"), ("c", "BOUND"), ("d", "fine")):
        (tmp_path / f"{name}.txt").write_text(text)
    summary = run(["a.txt", "b.txt", "c.txt", "d.txt"], tmp_path / "out").summary
    errors = [row["error"] for row in rows(tmp_path / "out")]
    assert errors[0] is errors[3] is None
    assert "internal error: ZeroDivisionError: in a finder (in audit, batch_standin.py:" in errors[1]
    assert "bug, please report" in errors[1]
    assert errors[2] == "c.txt: too deep\n  split it"
    assert (summary.failed, summary.internal_errors) == (2, 1)


def test_a_defect_of_a_reader_is_a_row_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(name)

    def broken(item, options):
        if item.label == "a.txt":
            raise KeyError("lost")
        yield from read(item, options)

    monkeypatch.setattr("audit.batch.shard.read", broken)
    summary = run(["a.txt", "b.txt"], tmp_path / "out").summary
    assert [(row["id"], row["status"]) for row in rows(tmp_path / "out")] == [("a.txt", "failed"), ("b.txt", "ok")]
    assert (summary.failed, summary.internal_errors) == (1, 1)


def test_ids_are_unique_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").write_text(
        "".join(f'{{"id": "{name}", "text": "{at}"}}\n' for at, name in enumerate("aaba"))
    )
    batch = run(["x.jsonl"], tmp_path / "out")
    ids = ["a", "a~2", "b", "a~3"]
    assert [row["id"] for row in rows(tmp_path / "out")] == ids
    assert [page.id for page in batch.pages()] == ids


def test_pages_come_again_in_order_with_failures_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").write_text('{"text": "one"}\n{"text": 2}\n\n{"text": "three"}\n')
    batch = run(["x.jsonl"], tmp_path / "out")
    assert [(page.id, page.text) for page in batch.pages()] == [("x.jsonl:1", "one"), ("x.jsonl:4", "three")]
    assert [isinstance(got, PageFailure) for got in batch.plan.pages()] == [False, True, False]


def test_a_second_run_into_the_same_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("text")
    with (
        run_batch(["a.txt"], standin.Rules(), tmp_path / "out", audit=standin.audit),
        pytest.raises(UsageError, match="another run"),
    ):
        run(["a.txt"], tmp_path / "out")
    run(["a.txt"], tmp_path / "out")


def test_nothing_to_read_leaves_no_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no page in this folder") as caught:
        run(["empty", "nowhere.html"], tmp_path / "out")
    assert "nowhere.html: no such file" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(UsageError, match="cannot be written"):
        run(["a.txt"], tmp_path / "a.txt")


@pytest.mark.usefixtures("shards")
def test_progress_reaches_the_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 100)
    seen = []
    run(["pages.jsonl"], tmp_path / "out", progress=seen.append)
    assert (seen[-1].pages, seen[-1].size) == (100, seen[-1].whole)
    assert [state.size for state in seen] == sorted(state.size for state in seen)


@pytest.mark.usefixtures("shards")
def test_an_interruption_of_a_parallel_run_leaves_through(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path / "pages.jsonl", 2000, "SLOW page. ")
    script = tmp_path / "script.py"
    script.write_text(KILLED.format(here=str(HERE), jobs=2))
    child = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.PIPE)  # noqa: S603
    until = time.monotonic() + 60
    while not list(tmp_path.glob("out/.shards/*.jsonl")) and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert errors.decode().rstrip().endswith("KeyboardInterrupt")
    assert list(tmp_path.glob("out/.shards/*.jsonl"))
