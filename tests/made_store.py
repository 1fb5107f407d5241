"""Real object stores over HTTP on this machine: moto's server, and emulators of two others where they are installed."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def object_store(bucket: str) -> Iterator[Any]:
    """Yield a client of a store that has a bucket; while the block lasts, the environment leads to it."""
    server_module = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    boto3 = pytest.importorskip("boto3")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    s3fs.S3FileSystem.clear_instance_cache()  # of another store, which other tests had at another address
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket=bucket)
        yield client
    server.stop()


@contextmanager
def azure_store(container: str) -> Iterator[Any]:
    """Yield the file system of a blob store that has a container; while the block lasts, the environment leads to it."""
    adlfs = pytest.importorskip("adlfs", reason="adlfs is not installed")
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("azurite, the blob store of the test, is not installed: npm install -g azurite")
    port, key = _free_port(), base64.b64encode(b"of nobody").decode()
    address = f"http://127.0.0.1:{port}/tester"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AZURITE_ACCOUNTS", f"tester:{key}")
        told = f"DefaultEndpointsProtocol=http;AccountName=tester;AccountKey={key};BlobEndpoint={address};"
        patch.setenv("AZURE_STORAGE_CONNECTION_STRING", told)
        options = ("--blobPort", str(port), "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry")
        with _running([program, *options, "--silent"], port):
            adlfs.AzureBlobFileSystem.clear_instance_cache()
            system = adlfs.AzureBlobFileSystem(connection_string=told)
            system.mkdir(container)
            yield system


@contextmanager
def google_store(bucket: str) -> Iterator[Any]:
    """Yield the file system of a Google store that has a bucket; while the block lasts, the environment leads to it."""
    pytest.importorskip("gcp_storage_emulator", reason="gcp-storage-emulator, the Google store, is not installed")
    port = _free_port()
    program = [sys.executable, "-m", "gcp_storage_emulator", "start", "--host=127.0.0.1", f"--port={port}"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
        patch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # else it asks Google of what kind the bucket is
        patch.setenv("NO_GCE_CHECK", "true")  # else it looks whether this machine is one of Google's
        gcsfs = pytest.importorskip("gcsfs")  # which looks at the environment now
        with _running([*program, "--in-memory", f"--default-bucket={bucket}"], port):
            gcsfs.GCSFileSystem.clear_instance_cache()
            yield gcsfs.GCSFileSystem()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """Run a server for as long as the block lasts."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        until = time.monotonic() + 60
        while True:
            assert server.poll() is None, f"{command[0]} ended with {server.returncode}"
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until, f"{command[0]} does not answer"
                time.sleep(0.05)
        try:
            yield
        finally:
            server.kill()
