"""Ray Core tasks: a shard each, retried by Ray when a node dies."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
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
        UsageError: The cluster cannot be reached.
    """
    import ray  # noqa: PLC0415

    begun = not ray.is_initialized()
    if begun:
        # "local" and not nothing: the address of a cluster that is gone may stand in a file, and would be tried
        own = {} if address else {"num_cpus": jobs or None, "include_dashboard": False}
        try:
            ray.init(address or "local", log_to_driver=False, **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise UsageError("--cluster", f"{address}: {error}", "check the address, or leave it out") from None
    try:
        shared = ray.put(task)
        remote = ray.remote(num_cpus=1, max_retries=2)(work)
        workers = jobs or int(ray.cluster_resources().get("CPU", 1))

        def submit(shard: Shard) -> Future[Answer]:
            future: Future[Answer] = remote.remote(shard, shared, expected).future()
            return future

        yield submit, 2 * max(1, workers)
    finally:
        if begun:
            ray.shutdown()
