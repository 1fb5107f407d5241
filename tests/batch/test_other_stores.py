"""`az://` and `gs://`: sources and runs, against stores over HTTP on this machine where they are installed."""

import gzip
import json

import batch_standin as standin
import pytest
from made_store import azure_store, google_store
from test_batch_run import records, small_plan

from audit.batch import audit_paths, run_batch
from audit.batch.objects import held, objects
from audit.cli import main
from audit.errors import InputError, UsageError
from audit.ingest import Options, find
from audit.settings import Settings

pytestmark = pytest.mark.sockets("local")
STORES = {"az": azure_store, "gs": google_store}


@pytest.fixture(scope="module", params=list(STORES))
def store(request):
    """Yield a scheme, and the file system of a store with a place `runs`."""
    with STORES[request.param]("runs") as system:
        yield request.param, system


@pytest.fixture(autouse=True)
def _here_with_small_shards(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("audit.batch.run.make_plan", small_plan)


def names(system, prefix):
    system.invalidate_cache()
    return sorted(name.removeprefix(f"runs/{prefix}/") for name in system.find(f"runs/{prefix}"))


def run(out, *, jobs=1, resume=False, sources=("pages.jsonl",)):
    with run_batch(sources, standin.Rules(), out, Settings(jobs=jobs), resume=resume, audit=standin.audit) as batch:
        return batch.summary


def test_a_folder_of_a_store_is_read_by_workers(store):
    scheme, system = store
    lines = b"".join(b'{"id": "%d", "text": "A page of words."}\n' % at for at in range(20))
    system.pipe_file("runs/site/x.jsonl.gz", gzip.compress(lines))
    system.pipe_file("runs/site/a/b.html", b"<p>Rest helps.</p>")
    system.pipe_file("runs/site/logo.png", b"png")
    reports = list(audit_paths(f"{scheme}://runs/site", jobs=2))
    assert {report.status for report in reports} == {"ok"}
    first, *others = [report.id for report in reports]
    assert first.endswith("runs/site/a/b.html")
    assert others == [str(at) for at in range(20)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_into_a_store_has_the_bytes_of_one_into_a_folder(store, tmp_path, jobs):
    scheme, system = store
    records(tmp_path / "pages.jsonl", 100)
    run(tmp_path / "local")
    assert run(f"{scheme}://runs/plain-{jobs}", jobs=jobs).shards > 2
    assert names(system, f"plain-{jobs}") == ["report.jsonl"]
    assert system.cat_file(f"runs/plain-{jobs}/report.jsonl") == (tmp_path / "local/report.jsonl").read_bytes()


def test_a_run_that_broke_off_goes_on(store, tmp_path):
    scheme, system = store
    path = records(tmp_path / "pages.jsonl", 100)
    whole = path.read_text()
    path.write_text(whole.replace("sleep. 90", "sleep. INTERRUPT"))
    with pytest.raises(KeyboardInterrupt):
        run(f"{scheme}://runs/stopped")
    left = names(system, "stopped")
    assert left
    assert all(name.startswith(".shards/") for name in left)
    path.write_text(path.read_text().replace("INTERRUPT", "soundly..."))
    run("local")
    assert run(f"{scheme}://runs/stopped", resume=True).shards > 2
    assert system.cat_file("runs/stopped/report.jsonl") == (tmp_path / "local/report.jsonl").read_bytes()


def test_a_second_run_into_the_same_place_is_refused(store, tmp_path):
    scheme, _ = store
    (tmp_path / "a.txt").write_text("text")
    address = f"{scheme}://runs/held"
    with (
        run_batch(["a.txt"], standin.Rules(), address, audit=standin.audit),
        pytest.raises(UsageError, match="another run is writing here"),
    ):
        run(address, sources=["a.txt"])
    run(address, sources=["a.txt"])


def test_of_two_that_begin_at_once_the_store_lets_one_through(store, monkeypatch):
    scheme, _ = store
    if scheme == "gs":
        pytest.skip("gcp-storage-emulator ignores ifGenerationMatch")
    place = objects(f"{scheme}://runs/race")
    with held(place):
        first = iter([None])  # when the second looks, there is nobody
        holder = held.__wrapped__.__globals__["_holder"]
        monkeypatch.setattr("audit.batch.objects._holder", lambda store: next(first, None) or holder(store))
        with pytest.raises(UsageError, match="another run"), held(place):
            pass


def test_what_is_not_there_says_so(store, tmp_path):
    scheme, _ = store
    with pytest.raises(InputError, match="no such file"):
        find([f"{scheme}://runs/none"], Options())
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(UsageError) as caught:
        run(f"{scheme}://nowhere/run", sources=["a.txt"])
    assert str(caught.value).startswith(f"{scheme}://nowhere/run: cannot be written: ")


def test_the_command_reads_and_writes_there(store, capsys):
    scheme, system = store
    system.pipe_file("runs/cli/a.html", b"<p>Rest helps.</p>")
    with pytest.raises(SystemExit) as ended:
        main(["run", f"{scheme}://runs/cli", "-o", f"{scheme}://runs/cli-out", "--jobs", "1"])
    assert not ended.value.code
    assert f"Reports in {scheme}://runs/cli-out" in capsys.readouterr().out
    manifest = json.loads(system.cat_file("runs/cli-out/run.json"))
    assert manifest["counts"]["pages"] == 1
