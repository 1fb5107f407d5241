"""How long a list of half a million hosts takes to load, and how much memory: `python -m benchmarks.hosts [ENTRIES]`.

Measured in a process of its own, fresh and from the cache, on names made by a seeded generator.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ENTRIES = 500_000
_ENDINGS = ("example", "test", "invalid", "example.com", "example.org")
_CODE = """
import resource, sys
from pathlib import Path
from time import perf_counter, process_time
from audit.rules.hosts import load_hosts
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin, cpu = perf_counter(), process_time()
listed = load_hosts([sys.argv[1]], cache=Path(sys.argv[2])).listed
seconds, cpu = perf_counter() - begin, process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = perf_counter()
for number in range(20_000):
    f"www.host{number}.example.org" in listed
print(len(listed), seconds, cpu, peak / 1024, (peak - before) / 1024, (perf_counter() - begin) / 20_000 * 1e6)
"""


def write_list(path: Path, entries: int, seed: int = 1) -> None:
    """Write a hosts file: half of the lines with an address, a comment here and there."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write("# made hosts\n127.0.0.1 localhost\n")
        for number in range(entries):
            name = f"{chance.getrandbits(48):x}{number}.{chance.choice(_ENDINGS)}"
            file.write(f"{'0.0.0.0 ' if number % 2 else ''}{name}{'  # note' if number % 1000 == 0 else ''}\n")


def main(entries: int = ENTRIES) -> None:
    with TemporaryDirectory() as folder:
        path, cache = Path(folder) / "hosts.txt", Path(folder) / "cache"
        write_list(path, entries)
        print(f"{'':<8}{'hosts':>10}{'seconds':>10}{'of CPU':>10}{'peak MB':>10}{'of it':>10}{'look-up µs':>12}")
        for name in ("fresh", "cached"):
            command = [sys.executable, "-c", _CODE, str(path), str(cache)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            hosts, seconds, cpu, peak, grown, look_up = int(told[0]), *map(float, told[1:])
            print(f"{name:<8}{hosts:>10,}{seconds:>10.2f}{cpu:>10.2f}{peak:>10.0f}{grown:>10.0f}{look_up:>12.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
