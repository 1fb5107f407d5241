"""Time and memory of planning and reading each form of source: `python benchmarks/sources.py [MEGABYTES]`."""

from __future__ import annotations

import gzip
import io
import json
import multiprocessing
import os
import random
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from time import process_time

import pyarrow as pa
import pyarrow.parquet as pq

from audit.ingest import Options, find, parts, read
from audit.model import Page

SHARD = 2_000_000
HEAD = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{at}>\r\nWARC-Target-URI: https://example.org/{at}\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {size}\r\n\r\n"
)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def pages(megabytes: int) -> list[str]:
    """Return pages of about 5,000 characters, made of words that never existed; the same ones each time."""
    chance = random.Random(7)
    words = ["".join(chance.choices("aeioubcdfgklmnprst", k=chance.randint(2, 9))) for _ in range(4000)]
    return [f"<p>{' '.join(chance.choices(words, k=770))}</p>" for _ in range(megabytes * 200)]


def make(folder: Path, made: list[str]) -> list[str]:
    """Write the pages in every form; return the names of the files."""
    lines = "".join(json.dumps({"id": str(at), "html": page}) + "\n" for at, page in enumerate(made)).encode()
    (folder / "x.jsonl").write_bytes(lines)
    (folder / "x.jsonl.gz").write_bytes(gzip.compress(lines, 6))
    (folder / "x.csv").write_text("id,html\n" + "".join(f'{at},"{page}"\n' for at, page in enumerate(made)))
    with (folder / "x.warc").open("wb") as plain, (folder / "x.warc.gz").open("wb") as packed:
        for at, page in enumerate(made):
            body = HTTP + page.encode()
            record = HEAD.format(at=at, size=len(body)).encode() + body + b"\r\n\r\n"
            plain.write(record)
            packed.write(gzip.compress(record, 6))
    with (
        zipfile.ZipFile(folder / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        tarfile.open(folder / "x.tar.gz", "w:gz") as packed_tar,
        tarfile.open(folder / "x.tar", "w") as tar,
    ):
        for at, page in enumerate(made):
            archive.writestr(f"{at}.html", page)
            for each in (packed_tar, tar):
                info = tarfile.TarInfo(f"{at}.html")
                info.size = len(page)
                each.addfile(info, io.BytesIO(page.encode()))
    pq.write_table(pa.table({"html": made}), folder / "x.parquet", row_group_size=2000)
    items = "".join(f"<item><content:encoded><![CDATA[{page}]]></content:encoded></item>\n" for page in made)
    (folder / "x.xml").write_text(f"<rss><channel>{items}</channel></rss>")
    return sorted(path.name for path in folder.iterdir())


def measure(name: str, answer: multiprocessing.Queue[tuple[int, int, float, float, int]]) -> None:
    """Plan and read one source, and tell what that took."""
    options = Options()
    begin = process_time()
    ranges = list(parts(find([name], options).items[0], SHARD, options))
    planned = process_time()
    count = sum(isinstance(got, Page) for part in ranges for got in read(part, options))
    spent = process_time() - planned
    peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    answer.put((len(ranges), count, planned - begin, spent, peak // 1000))


def main() -> None:
    """Print a table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        names = make(Path(folder), pages(megabytes))
        os.chdir(folder)
        print("| source | file, MB | shards | plan, s | read, s | pages a second | peak, MB |")
        print("|---|---|---|---|---|---|---|")
        for name in names:
            answer = context.Queue()
            child = context.Process(target=measure, args=(name, answer))
            child.start()
            shards, count, plan, spent, peak = answer.get()
            child.join()
            size = Path(name).stat().st_size / 1e6
            rate = round(count / spent, -2)
            print(f"| `{name[1:]}` | {size:.0f} | {shards} | {plan:.2f} | {spent:.2f} | {rate:,.0f} | {peak} |")


if __name__ == "__main__":
    main()
