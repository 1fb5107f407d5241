"""Sources made for the tests, and short forms of what is read from them."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from audit.ingest import Item, Options, PageFailure, find, parts, read

MEGABYTE = 1_000_000
CHILD = """
import json, sys
from audit.ingest import Options, PageFailure, find, parts, read, streams
streams.BOMB_SIZE = int(sys.argv[3])
options = Options(max_page_size=int(sys.argv[2]))
item = find([sys.argv[1]], options).items[0]
cut = len(list(parts(item, 2_000_000, options)))
good, bad = 0, []
for got in read(item, options):
    if isinstance(got, PageFailure):
        bad.append(str(got.error))
    else:
        good += 1
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"good": good, "bad": bad, "parts": cut, "megabytes": peak // 1000}))
"""


def write(name, content):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def item_of(name, options=None) -> Item:
    return find([name], options or Options()).items[0]


def pages(*sources, **options):
    given = Options(**options)
    return [got for item in find(sources, given).items for got in read(item, given)]


def in_parts(name, size, **options):
    """Read a source as ranges of about so many bytes, the last range first, as workers may."""
    given = Options(**options)
    cut = list(parts(item_of(name, given), size, given))
    found = {at: list(read(part, given)) for at, part in reversed(list(enumerate(cut)))}
    return len(cut), [got for at in sorted(found) for got in found[at]]


def texts(got):
    return [page.text for page in got if not isinstance(page, PageFailure)]


def ids(got):
    return [page.id for page in got]


def errors(got):
    return [str(page.error) for page in got if isinstance(page, PageFailure)]


def brief(got):
    return (got.id, str(got.error)) if isinstance(got, PageFailure) else (got.id, got.kind, got.text)


def zipped(name, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", compression) as archive:
        for inside, content in members:
            archive.writestr(inside, content)
    return name


def tarred(name, members, mode="w", form=tarfile.GNU_FORMAT):
    with tarfile.open(name, mode, format=form) as archive:
        for inside, content in members:
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            info = tarfile.TarInfo(inside)
            raw = content if isinstance(content, bytes) else content.encode()
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return name


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def record(
    number, body=b"<p>page</p>", kind="response", http=HTML, uri=None, mime="application/http; msgtype=response"
):
    """Return a record of WARC as bytes."""
    payload = (http if kind == "response" else b"") + body
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Target-URI: {uri or f'https://example.org/{number}'}",
        f"Content-Type: {mime if kind == 'response' else 'text/plain'}",
        f"Content-Length: {len(payload)}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"


def members(*records):
    return b"".join(gzip.compress(each) for each in records)


def alone(name, most=10 * MEGABYTE, bomb=100 * MEGABYTE):
    """Plan and read a source in a process of its own; return what came of it and its peak memory."""
    command = [sys.executable, "-c", CHILD, name, str(most), str(bomb)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)  # noqa: S603
    return json.loads(done.stdout)
