"""Spark: a job of one task for each shard, retried by Spark when an executor dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from audit.batch.engines.work import Answer, Submit, work
from audit.batch.made import Made
from audit.batch.plan import Shard
from audit.batch.shard import Task
from audit.errors import UsageError


@contextmanager
def cluster(address: str, task: Task, expected: Made, jobs: int) -> Iterator[tuple[Submit, int]]:
    """Join a cluster, or begin one here, for as long as the block lasts; see `audit.batch.engines.Engine`.

    Raises:
        UsageError: Java is not installed, or the cluster cannot be reached.
    """
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
    # with one try a task, which is what local[N] means, a worker that dies would take the whole run along
    master = address or f"local[{jobs or os.cpu_count() or 1},4]"
    conf = SparkConf().setAppName("article-audit").setMaster(master).setAll(list(settings.items()))
    try:
        context = SparkContext(conf=conf)
    except (PySparkException, OSError, ValueError) as error:
        hint = "check that Java is installed and the address is right"
        raise UsageError("--cluster", f"{master}: {error}", hint) from None
    workers = jobs or context.defaultParallelism
    pool = ThreadPoolExecutor(2 * workers)
    try:
        shared = context.broadcast(task)

        def audited(shard: Shard) -> Answer:
            answer: Answer = context.parallelize([shard], 1).map(lambda one: work(one, shared.value, expected)).first()
            return answer

        def submit(shard: Shard) -> Future[Answer]:
            return pool.submit(audited, shard)

        yield submit, 2 * workers
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        context.stop()
