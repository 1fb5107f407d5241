"""What a run into an object store asks of it: requests a shard, and the time that the driver waits for them.

    python -m benchmarks.object_store [--shards 200] [--latency 20]

The store is moto's over HTTP on this machine, every answer of it delayed; the pages are not audited, so that what is
left is the store. Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from boto3 import client
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

import audit.batch.run
from audit.batch import make_plan, run_batch
from audit.model import Page, PageReport
from audit.settings import Settings

_PAGES = 10
"""Of a shard."""
_TEXT = "Rest, ice and time help most people. " * 30
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class NoRules(msgspec.Struct, frozen=True):
    """Stands for rules that nobody asks."""

    digest: str = "none"

    def for_page(self, *_: object) -> NoRules:
        """Return these."""
        return self


def unread(page: Page, rules: NoRules) -> PageReport:  # noqa: ARG001
    """Return a report without looking at the page."""
    return PageReport(
        id=page.id, url=page.url, path=page.path, kind=page.kind, status="ok", verdict="pass",
        sha256=hashlib.sha256(page.text.encode()).hexdigest(),
    )  # fmt: skip


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Write no line for each request."""


@contextmanager
def slow_store(latency: float) -> Iterator[Counter[str]]:
    """Run a store that takes so many seconds for each answer; yield how often it was asked, by method."""
    asked: Counter[str] = Counter()
    counting = threading.Lock()
    inner = DomainDispatcherApplication(create_backend_app)

    def answered(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with counting:
            asked[environ["REQUEST_METHOD"]] += 1
        time.sleep(latency)
        answer: Iterable[bytes] = inner(environ, start)
        return answer

    server = make_server("127.0.0.1", 0, answered, threaded=True, request_handler=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    client("s3").create_bucket(Bucket="runs")
    asked.clear()
    yield asked
    server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description="Count what a run asks of an object store.")
    parser.add_argument("--shards", type=int, default=200)
    parser.add_argument("--latency", type=float, default=20, help="milliseconds of each answer")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, slow_store(options.latency / 1000) as asked:
        source = Path(folder) / "pages.jsonl"
        with source.open("w") as file:
            for number in range(options.shards * _PAGES):
                file.write(json.dumps({"id": f"{number:08}", "text": f"{_TEXT}{number}"}) + "\n")
        size = source.stat().st_size // options.shards
        audit.batch.run.make_plan = lambda *args: make_plan(*args, shard_size=size)
        os.chdir(folder)
        with run_batch(["pages.jsonl"], NoRules(), "s3://runs/x", Settings(), audit=unread) as batch:
            summary = batch.summary
        each = {method: f"{count / summary.shards:.2f}" for method, count in sorted(asked.items())}
        print(f"{summary.shards} shards, {options.latency:g} ms a request")
        print(f"requests a shard: {asked.total() / summary.shards:.2f} ({each})")
        shown = ("work", "again", "merge")
        print("seconds:", ", ".join(f"{name} {summary.seconds[name]:.2f}" for name in shown))


if __name__ == "__main__":
    main()
