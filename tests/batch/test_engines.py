"""Engines: whatever runs the shards, and whatever dies meanwhile, the bytes are those of one worker."""

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import batch_standin as standin
import pytest
from made_store import object_store
from test_sources_in_batches import fill, small_plan

from audit.batch import make_plan, run_batch
from audit.batch.engines import check_installed
from audit.batch.engines.work import work
from audit.batch.made import Made, made
from audit.batch.shard import Task
from audit.batch.store import Folder
from audit.errors import UsageError
from audit.ingest import Options, find
from audit.settings import Settings

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a folder with the sources `s` and the report of one worker's run over them."""
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "s")
    here = Path.cwd()
    os.chdir(folder)
    run("one")
    os.chdir(here)
    return folder


@pytest.fixture(autouse=True)
def _workers_find_the_standin(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]))


def middle_plan(*args):
    return make_plan(*args, shard_size=60_000)


def run(out, engine="local", cluster="", jobs=1):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.batch.run.make_plan", small_plan if engine == "local" else middle_plan)
        settings = Settings(jobs=jobs)
        with run_batch(
            ["s"], standin.Rules(), out, settings, audit=standin.audit, engine=engine, cluster=cluster
        ) as batch:
            return batch.summary


def same(site, out):
    return (site / out / "report.jsonl").read_bytes() == (site / "one/report.jsonl").read_bytes()


def during(folder, shards, action):
    """Do something once so many shards of a run are finished; return the thread, and what says that it was done."""
    acted = threading.Event()

    def wait():
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if len(list((folder / ".shards").glob("*.jsonl"))) >= shards:
                action()
                acted.set()
                return
            time.sleep(0.01)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread, acted


@pytest.fixture
def ray_cluster(monkeypatch):
    """Yield a cluster of two nodes on this machine."""
    ray = pytest.importorskip("ray", reason="ray is not installed")
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    made = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.mark.sockets("any")
@pytest.mark.filterwarnings("default")
def test_ray_with_a_node_killed_gives_the_bytes_of_one_worker(site, monkeypatch, ray_cluster):
    monkeypatch.chdir(site)
    node = ray_cluster.add_node(num_cpus=1)
    thread, killed = during(site / "ray", 3, lambda: ray_cluster.remove_node(node, allow_graceful=False))
    summary = run("ray", "ray", ray_cluster.address, jobs=2)
    thread.join()
    assert killed.is_set()
    assert summary.shards > 10
    assert same(site, "ray")


@pytest.mark.sockets("any")
@pytest.mark.filterwarnings("default")
def test_ray_writes_its_shards_to_an_object_store(site, monkeypatch):
    monkeypatch.chdir(site)
    pytest.importorskip("ray", reason="ray is not installed")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    with object_store("runs") as client:
        assert run("s3://runs/ray", "ray", jobs=2).shards > 10
        server_has = {each["Key"] for each in client.list_objects_v2(Bucket="runs")["Contents"]}
        assert server_has == {"ray/report.jsonl"}
        got = client.get_object(Bucket="runs", Key="ray/report.jsonl")["Body"].read()
        assert got == (site / "one/report.jsonl").read_bytes()


def kill_executor():
    """Kill one of Spark's executors below this process."""
    psutil = pytest.importorskip("psutil")
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "CoarseGrainedExecutorBackend" in " ".join(child.cmdline()):
                child.send_signal(signal.SIGKILL)
                return
    raise LookupError("no executor")


@pytest.fixture
def spark():
    pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
    pytest.importorskip("psutil", reason="psutil, which finds the executor to kill, is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield


@pytest.mark.sockets("any")
@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("spark")
def test_spark_with_an_executor_killed_gives_the_bytes_of_one_worker(site, monkeypatch):
    monkeypatch.chdir(site)
    thread, killed = during(site / "spark", 3, kill_executor)
    summary = run("spark", "spark", "local-cluster[2,1,1024]", jobs=2)
    thread.join()
    assert killed.is_set()
    assert summary.shards > 10
    assert same(site, "spark")


@pytest.mark.parametrize("field", ["version", "python", "program", "libraries", "rules"])
def test_a_worker_that_is_made_otherwise_refuses(tmp_path, field):
    (tmp_path / "x.txt").write_text("words")
    task = Task(Folder(str(tmp_path)), Options(), standin.Rules(), standin.audit)
    (shard,) = small_plan(find([tmp_path / "x.txt"], Options()), Options(), "r").shards
    values = {name: getattr(made("rules-1"), name) for name in Made.__struct_fields__}
    answer = work(shard, task, Made(**{**values, field: {} if field == "libraries" else "other"}))
    assert isinstance(answer, UsageError)
    assert "install the same version on every node" in answer.hint


@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_an_engine_that_is_not_installed_names_its_extra(monkeypatch, engine):
    monkeypatch.setitem(sys.modules, "ray" if engine == "ray" else "pyspark", None)
    with pytest.raises(UsageError, match=rf"article-audit\[{engine}\]"):
        check_installed(engine)
