"""Runs into an object store, a real one over HTTP on this machine: whatever happens, the bytes are those of a folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import batch_standin as standin
import msgspec
import pytest
from made_store import object_store
from test_batch_run import records, small_plan

from audit.batch import run_batch
from audit.batch.objects import Objects, _here, held, objects
from audit.errors import UsageError
from audit.settings import Settings

pytestmark = pytest.mark.sockets("local")
HERE = Path(__file__).parent


@pytest.fixture(scope="module", autouse=True)
def store():
    """Yield a client of an object store with a bucket `runs`."""
    with object_store("runs") as client:
        yield client


@pytest.fixture(autouse=True)
def _here_with_small_shards(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("audit.batch.run.make_plan", small_plan)


def keys(store, prefix):
    found = store.list_objects_v2(Bucket="runs", Prefix=f"{prefix}/").get("Contents", [])
    return [each["Key"].removeprefix(f"{prefix}/") for each in found]


def content(store, key):
    return store.get_object(Bucket="runs", Key=key)["Body"].read()


def run(out, *, jobs=1, resume=False, sources=("pages.jsonl",)):
    with run_batch(sources, standin.Rules(), out, Settings(jobs=jobs), resume=resume, audit=standin.audit) as batch:
        return batch.summary


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_into_a_store_leaves_its_report_there_and_nothing_else(store, tmp_path, jobs):
    records(tmp_path / "pages.jsonl", 100)
    run(tmp_path / "local")
    summary = run(f"s3://runs/plain-{jobs}/", jobs=jobs)
    assert summary.shards > 2
    assert keys(store, f"plain-{jobs}") == ["report.jsonl"]
    assert content(store, f"plain-{jobs}/report.jsonl") == (tmp_path / "local/report.jsonl").read_bytes()


def test_the_command_puts_every_file_of_a_run_there(store, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.txt").write_text("Play slot gacor at maribook9.example tonight, deposit bonus for new members!")
    (tmp_path / "site/b.txt").write_text("Rest helps.")
    command = [sys.executable, "-m", "audit", "run", "site", "--resume", "-o"]
    (tmp_path / "audit.toml").write_text('output = "s3://runs/command"\n')
    subprocess.run([*command, "local", "-q"], check=True)  # noqa: S603
    told = subprocess.run(command[:-1], check=True, capture_output=True, text=True)  # noqa: S603
    assert "Reports in s3://runs/command: report.jsonl" in told.stdout
    assert "audit show" not in told.stdout
    there = sorted(path.name for path in (tmp_path / "local").iterdir() if path.name != ".shards")
    assert sorted(keys(store, "command")) == there
    for name in there:
        if name not in {"run.json", "report.html"}:
            assert content(store, f"command/{name}") == (tmp_path / "local" / name).read_bytes()
    manifest = msgspec.json.decode(content(store, "command/run.json"))
    assert manifest["report_sha256"] == msgspec.json.decode((tmp_path / "local/run.json").read_bytes())["report_sha256"]


CHILD = """
import sys
sys.path[:0] = [{here!r}, {above!r}]
import audit.batch.run, test_object_store
audit.batch.run.make_plan = test_object_store.small_plan
if __name__ == "__main__":
    test_object_store.run(sys.argv[1], jobs=int(sys.argv[2]), resume=True)
"""


def test_kill_and_resume_give_the_bytes_of_a_folder(store, tmp_path):
    jobs = 2
    records(tmp_path / "pages.jsonl", 600, "SLOW page. ")
    run(tmp_path / "local")
    (tmp_path / "child.py").write_text(CHILD.format(here=str(HERE), above=str(HERE.parent)))
    address = "s3://runs/killed"
    child = subprocess.Popen([sys.executable, "child.py", address, str(jobs)])  # noqa: S603
    until = time.monotonic() + 60
    while len(keys(store, "killed/.shards")) < 4 and time.monotonic() < until:
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    left = keys(store, "killed")
    assert ".lock" in left
    assert "report.jsonl" not in left
    summary = run(address, jobs=jobs, resume=True)
    assert 2 <= summary.resumed < summary.shards
    assert content(store, "killed/report.jsonl") == (tmp_path / "local/report.jsonl").read_bytes()
    assert keys(store, "killed") == ["report.jsonl"]


def test_an_interruption_keeps_what_is_finished_and_lets_go(store, tmp_path):
    path = records(tmp_path / "pages.jsonl", 100)
    path.write_text(path.read_text().replace("sleep. 90", "sleep. INTERRUPT"))
    store.put_object(Bucket="runs", Key="stopped/report.jsonl", Body=b"of another run")
    with pytest.raises(KeyboardInterrupt):
        run("s3://runs/stopped")
    left = keys(store, "stopped")
    assert left
    assert all(name.startswith(".shards/") for name in left)
    (tmp_path / "a.txt").write_text("text")
    assert run("s3://runs/stopped", sources=["a.txt"]).resumed == 0
    assert keys(store, "stopped") == ["report.jsonl"]


def test_a_second_run_into_the_same_place_is_refused_and_names_the_first(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    with (
        run_batch(["a.txt"], standin.Rules(), "s3://runs/held", audit=standin.audit),
        pytest.raises(UsageError, match=f"another run is writing here: process {os.getpid()} of ") as caught,
    ):
        run("s3://runs/held", sources=["a.txt"])
    assert "s3://runs/held/.lock" in caught.value.hint
    run("s3://runs/held", sources=["a.txt"])


@pytest.mark.parametrize(("change", "followed"), [({"began": "1"}, True), ({"machine": "another"}, False)])
def test_a_holder_is_followed_only_if_it_is_known_to_be_dead(change, followed):
    place = objects(f"s3://runs/holder-{followed}")
    place.create(".lock", msgspec.json.encode(msgspec.structs.replace(_here(), **change)))
    if followed:
        with held(place):
            assert place.names() == {".lock"}
        assert not place.names()
    else:
        with pytest.raises(UsageError, match="another run"), held(place):
            pass


def test_of_two_that_begin_at_once_the_store_lets_one_through(monkeypatch):
    place = objects("s3://runs/race")
    seen = iter([None])  # when it looked, there was nobody
    holder = sys.modules[held.__module__]._holder
    monkeypatch.setattr("audit.batch.objects._holder", lambda store: next(seen, None) or holder(store))
    monkeypatch.setattr("audit.batch.objects._here", lambda: msgspec.structs.replace(_here(), machine="another"))
    with held(place):
        seen = iter([None])
        monkeypatch.undo()
        with pytest.raises(UsageError, match="another run"), held(place):
            pass


def test_an_object_of_any_size_is_there_whole_or_not_at_all(store, monkeypatch):
    monkeypatch.setattr("audit.batch.objects._IN_MEMORY", 1000)
    place = Objects("s3://runs/sizes")
    for name, size in (("small", 10), ("large", 5000)):
        with place.write(name) as file:
            file.write(b"x" * size)
            assert name not in place.names()
        assert content(store, f"sizes/{name}") == b"x" * size
    with pytest.raises(ZeroDivisionError), place.write("broken") as file:
        file.write(b"%d" % (1 // 0))
    assert place.names() == {"small", "large"}


def test_standard_input_goes_by_the_store_to_whoever_audits(store, tmp_path, monkeypatch):
    (tmp_path / "in.html").write_text("<p>Rest helps.</p>")
    with (tmp_path / "in.html").open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with run_batch(["-"], standin.Rules(), "s3://runs/stdin", audit=standin.audit) as batch:
            assert [(page.id, page.text) for page in batch.pages()] == [("-", "<p>Rest helps.</p>")]
    assert keys(store, "stdin") == ["report.jsonl"]


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("s3://nobucket/run", "s3://nobucket/run: cannot be written: "),
        ("https://ann:secret@example.org/run", "-o https://example.org/run: is no object store"),
    ],
)
def test_a_place_that_cannot_be_had_says_so(tmp_path, address, what):
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(UsageError) as caught:
        run(address, sources=["a.txt"])
    assert str(caught.value).startswith(what)


def test_a_cache_is_a_folder(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    settings = Settings(cache="s3://runs/cache")
    with (
        pytest.raises(UsageError, match="s3://runs/cache is no folder"),
        run_batch(["a.txt"], standin.Rules(), tmp_path / "out", settings, audit=standin.audit),
    ):
        pass
