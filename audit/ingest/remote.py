"""Remote sources through fsspec: `s3://`, `gs://`, `https://` and whatever else it knows."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlsplit

from audit.errors import InputError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BLOCK = 1 << 20
"""Bytes fetched at a time."""
_BUFFER = 1 << 16
_AZURE = ("az://", "abfs://", "abfss://")


def is_remote(path: str) -> bool:
    """Return whether a path is an address."""
    return _ADDRESS.match(path) is not None


def label_of(address: str) -> str:
    """Return an address as the report shows it: without user, password, query and fragment.

    Raises:
        InputError: It is none.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise InputError(address, f"no address: {error}", "write it as scheme://host/path") from None
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@contextmanager
def open_remote(address: str) -> Iterator[IO[bytes]]:
    """Open a remote file.

    Raises:
        OSError: It cannot be had.
    """
    with told(), ExitStack() as stack:
        system, path = system_of(address)
        file = stack.enter_context(system.open(path, "rb", block_size=_BLOCK))
        if not file.seekable():  # a server that knows no ranges
            file = _stored(file, stack)
        yield cast("IO[bytes]", stack.enter_context(io.BufferedReader(file, _BUFFER)))


@contextmanager
def told() -> Iterator[None]:
    """Turn whatever the libraries behind fsspec raise in the block into OSError."""
    try:
        yield
    except InputError as error:
        raise OSError(None, error.what) from None
    except Exception as error:
        if not isinstance(error, _faults()):
            raise
        raise OSError(None, _brief(error)) from None


def _stored(file: Any, stack: ExitStack) -> Any:  # noqa: ANN401
    """Return a file on disk with all that another one gives; it goes when the stack ends."""
    copy = stack.enter_context(TemporaryFile(buffering=0))  # noqa: SIM115  # the stack is its manager
    while chunk := file.read(_BLOCK):
        copy.write(chunk)
    copy.seek(0)
    return copy


def listed(address: str) -> tuple[bool, list[tuple[str, int, str]]]:
    """Return whether an address is a folder, and each file there, in order: address, size in bytes, stamp.

    Raises:
        InputError: It cannot be had, or what reads it is not installed.
    """
    label = label_of(address)
    try:
        system, path = system_of(address)
        info = system.info(path)
        if info.get("type") != "directory":
            return False, [(address, int(info.get("size") or 0), _stamp(info))]
        found = system.find(path, detail=True)
    except FileNotFoundError:
        raise InputError(
            label, "no such file or folder", "check the address, and what the store lets you see"
        ) from None
    except Exception as error:
        if not isinstance(error, (OSError, *_faults())):
            raise
        raise InputError(label, f"cannot be read: {_brief(error)}", "check the address and the credentials") from None
    return True, [
        (system.unstrip_protocol(name), int(each.get("size") or 0), _stamp(each))
        for name, each in sorted(found.items())
    ]


def system_of(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path there.

    Raises:
        InputError: What reads it is not installed, or nothing does.
    """
    label = label_of(address)
    try:
        import fsspec  # noqa: PLC0415

        system, path = fsspec.core.url_to_fs(address)
    except ImportError:
        extra = "azure" if label.startswith(_AZURE) else "remote"
        raise InputError.needs_extra(label, "reading addresses", extra) from None
    except ValueError as error:
        raise InputError(label, f"cannot be read: {error}", "use s3://, gs://, https:// or a local path") from None
    return system, path


def _stamp(info: dict[str, Any]) -> str:
    """Return what tells one version of a remote file from another, without a dot."""
    for key in ("ETag", "etag", "md5Hash", "LastModified", "mtime", "created"):
        if info.get(key):
            return str(info[key]).replace(".", ":")
    return ""


def _faults() -> tuple[type[Exception], ...]:
    """Return what the libraries behind fsspec raise besides OSError when a store refuses."""
    faults: list[type[Exception]] = []
    for module, names in _FAULTS.items():
        if module in sys.modules:  # imported by the file system that was used
            faults += [getattr(sys.modules[module], name) for name in names]
    return tuple(faults)


_FAULTS = {
    "aiohttp": ("ClientError",), "azure.core.exceptions": ("AzureError",), "gcsfs.retry": ("HttpError",),
    "botocore.exceptions": ("BotoCoreError", "ClientError"), "google.auth.exceptions": ("GoogleAuthError",),
}  # fmt: skip


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
