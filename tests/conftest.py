"""No test opens a connection but those that say so: `@pytest.mark.sockets("local")`, or `"any"` for a cluster."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

OFFLINE = Path(__file__).parent / "offline"
sys.path.insert(0, str(OFFLINE))
sys.modules.pop("sitecustomize", None)
import sitecustomize as offline  # noqa: E402

sys.path.remove(str(OFFLINE))
_NOTED = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    handle, name = tempfile.mkstemp(prefix="refused-")
    os.close(handle)
    config.stash[_NOTED] = Path(name)
    os.environ |= {
        offline.NOTED: name,
        offline.ALLOWED: "none",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")])),
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_NOTED].unlink(missing_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the first fixture, for a server is one."""
    mark = item.get_closest_marker("sockets")
    os.environ[offline.ALLOWED] = mark.args[0] if mark else "none"


@pytest.fixture(autouse=True)
def refused(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Fail a test whose program was refused a socket, whatever it made of that; yield the file that says so."""
    noted = request.config.stash[_NOTED]
    noted.write_bytes(b"")
    yield noted
    said = noted.read_text("utf-8")
    assert not said, f"asked for a socket: {said}"
