"""What a batch makes of faults: `python -m benchmarks.faults --kills 200`.

Every case runs the command `audit run` in a process of its own, does it an ill turn, goes on with `--resume`, and
compares every file with that of an undisturbed run, byte by byte (`run.json` has the times in it and is left out):

- *kills*: `kill -9` at random moments, two workers, again and again until a run gets through;
- *steps*: at every step of the journal (a file is made, synced, renamed or taken away in the run's folder; two passes,
  merge and reports included) `kill -9`, a full disk, a read-only one, Ctrl-C, and Ctrl-C twice;
- *handles*: too few file handles, from none to enough;
- *workers*: a worker ends by a segmentation fault, twice in a run;
- *clock*: the clock runs backwards, and the files carry other times when the run goes on.

The faults are put into the process from outside, by an audit hook of Python and by the kernel's limits: the program
knows nothing of them. Linux only.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, NamedTuple, Self

import audit.batch.run
import audit.cli.run
from audit.batch import make_plan
from audit.cli import main as command
from benchmarks.load import children, pages

PARTS = ("steps", "handles", "clock", "workers", "kills")
OUT = "out"
_SHARD = 16_000
"""Bytes: a small input has several."""
_INJECTED = "Grobet77 login, slot gacor hari ini, bonus casino online tanpa deposit."
"""On every third page, each of another site: these are audited a second time, and make a campaign."""
_LONGEST = 600
"""Seconds after which a run is taken to hang."""
Hook = Callable[[], None]


class Case(NamedTuple):
    """A fault: what it does to the process, and how a run may end that meets it."""

    name: str
    hook: Hook
    codes: frozenset[int]
    """A negative number is a signal."""


class FaultError(Exception):
    """A run that did not come through a fault as it should."""


def make_input(folder: Path, number: int) -> None:
    """Write so many pages into `pages.jsonl`, every third with the same injection."""
    with (folder / "pages.jsonl").open("w", encoding="utf-8") as file:
        for at, page in enumerate(pages(number)):
            text = page.text + (f"\n<p>{_INJECTED}</p>\n" if at % 3 == 0 else "\n")
            file.write(json.dumps({"id": page.id, "url": page.url, "html": text}) + "\n")


def start(folder: Path, *, jobs: int = 1, resume: bool = False, hook: Hook | None = None) -> int:
    """Start `audit run` in a fork, after the hook was called there; return its process."""
    process = os.fork()
    if process:
        return process
    os.chdir(folder)
    said = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 70
    try:
        audit.batch.run.make_plan = lambda *args: make_plan(*args, shard_size=_SHARD)
        if jobs == 1:  # a run that goes on takes workers, where the hook is not
            audit.batch.run.in_workers = lambda shards, task, _, tick, __: audit.batch.run._in_here(shards, task, tick)  # noqa: SLF001
        if hook:
            hook()
        command(["run", "pages.jsonl", "-o", OUT, "--jobs", str(jobs), "-q", *(["--resume"] if resume else [])])
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001  (what a terminal would show)
        traceback.print_exc()
    finally:
        os._exit(code)
    return 0


def end(process: int) -> int:
    """Wait for a run; return its exit code, or the signal that ended it as a negative number.

    Raises:
        FaultError: It hangs.
    """
    until = monotonic() + _LONGEST
    while monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    raise FaultError(f"the run hangs: not at an end after {_LONGEST} s")


def outcome(folder: Path) -> dict[str, bytes]:
    """Return every file that a run left, by name; of `run.json` only that it is there."""
    files = {path.relative_to(folder / OUT).as_posix(): path for path in (folder / OUT).rglob("*") if path.is_file()}
    return {name: b"" if name == "run.json" else path.read_bytes() for name, path in sorted(files.items())}


class Undisturbed:
    """A folder with the input, and what a run makes of it that nothing befalls."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> Self:
        self._held = TemporaryDirectory(prefix="audit-faults-")
        self._root = Path(self._held.name)
        self.folder = self.fresh("undisturbed")
        begin = monotonic()
        code = end(start(self.folder))
        self.seconds = monotonic() - begin
        if code:
            raise FaultError(f"the undisturbed run ends with {code}: {said(self.folder)}")
        self.files = outcome(self.folder)
        if "campaigns.jsonl" not in self.files:
            raise FaultError("the input has no campaign: the second pass is not tried")
        return self

    def __exit__(self, *_: object) -> None:
        self._held.cleanup()

    def fresh(self, name: str) -> Path:
        """Return a new folder with the input."""
        folder = self._root / name
        folder.mkdir()
        make_input(folder, self._number)
        return folder

    def compare(self, folder: Path, code: int) -> None:
        """Hold a run that went on to the undisturbed one.

        Raises:
            FaultError: It differs.
        """
        if code:
            raise FaultError(f"going on ends with {code}: {said(folder)}")
        found = outcome(folder)
        odd = sorted(name for name in {*found, *self.files} if found.get(name) != self.files.get(name))
        if odd:
            raise FaultError(f"other files than without the fault: {', '.join(odd)}")


def said(folder: Path) -> str:
    """Return the end of what the last run printed."""
    return (folder / "said.txt").read_text("utf-8", "replace")[-1500:]


def try_case(calm: Undisturbed, case: Case, name: str) -> int:
    """Run into a fault, go on without it, and compare; return how the first run ended.

    Raises:
        FaultError: A code that is not allowed, a stack trace, a file left over, or another outcome.
    """
    folder = calm.fresh(name)
    code = end(start(folder, hook=case.hook))
    if code not in case.codes:
        raise FaultError(f"ends with {code}: {said(folder)}")
    if "Traceback" in said(folder):
        raise FaultError(f"shows a stack trace: {said(folder)}")
    report = folder / OUT / "report.jsonl"
    if report.exists() and report.read_bytes() != calm.files["report.jsonl"]:
        raise FaultError("leaves half a report under its name")
    calm.compare(folder, end(start(folder, resume=True)))
    return code


class Steps:
    """Calls `fault` before the steps that a run takes in its folder, with the number and the kind of each, from 1."""

    _PATHS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")

    def __init__(self, fault: Callable[[int, str], None]) -> None:
        self._fault, self._number, self._folder = fault, 0, ""

    def __call__(self) -> None:
        """Watch this process from here on."""
        self._folder = str(Path(OUT).absolute())
        sync = os.fsync

        def synced(handle: int) -> None:
            self._step("os.fsync")
            sync(handle)
            self._step("synced")

        os.fsync = synced
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str) and self._is_ours(args[0]):
            writes = bool(args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) if isinstance(args[2], int) else False
            if writes:
                self._step(event)
        elif event in self._PATHS and (self._is_ours(str(args[0])) or (args[-1] != -1 and event != "os.mkdir")):
            self._step(event)

    def _is_ours(self, path: str) -> bool:
        return str(Path(path).absolute()).startswith(self._folder)

    def _step(self, kind: str) -> None:
        self._number += 1
        self._fault(self._number, kind)


def count_steps(calm: Undisturbed) -> int:
    """Return how many steps an undisturbed run takes."""
    folder = calm.fresh("counted")
    told = folder / "steps.txt"
    handle = os.open(told, os.O_WRONLY | os.O_CREAT)

    def count(number: int, kind: str) -> None:
        os.write(handle, f"{number} {kind}\n".encode())

    end(start(folder, hook=Steps(count)))
    os.close(handle)
    return len(told.read_text().splitlines())


def _killed(at: int) -> Hook:
    def fault(number: int, _: str) -> None:
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return Steps(fault)


def _full(at: int) -> Hook:
    def fault(number: int, kind: str) -> None:
        if number >= at and kind in {"open", "os.mkdir", "os.fsync"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return Steps(fault)


def _read_only(at: int) -> Hook:
    def fault(number: int, kind: str) -> None:
        if number >= at and kind != "synced":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    return Steps(fault)


def _interrupted(at: int, times: int) -> Hook:
    def fault(number: int, _: str) -> None:
        if at <= number < at + times:
            signal.raise_signal(signal.SIGINT)

    return Steps(fault)


def step_cases(at: int) -> Iterator[Case]:
    """Yield the faults of one step; near the end of a run some have nothing left to spoil."""
    yield Case(f"kill -9 at step {at}", _killed(at), frozenset({-signal.SIGKILL}))
    yield Case(f"disk full from step {at}", _full(at), frozenset({0, 2}))
    yield Case(f"read-only from step {at}", _read_only(at), frozenset({0, 2}))
    yield Case(f"Ctrl-C at step {at}", _interrupted(at, 1), frozenset({130}))
    yield Case(f"Ctrl-C twice at step {at}", _interrupted(at, 2), frozenset({130}))


def handle_case(more: int) -> Case:
    """Return a run that has so many file handles besides those it starts with."""

    def hook() -> None:
        taken = {int(number) for number in os.listdir("/proc/self/fd")}  # noqa: PTH208  (names alone are asked for)
        taken.remove(max(taken))  # of the listing itself
        limit = next(top for top in count(1) if sum(number not in taken for number in range(top)) == more)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))  # of numbers, and below it some may be free

    return Case(f"{more} file handles", hook, frozenset({0, 2}))


def clock_case() -> Case:
    """Return a run on a clock that goes back a day whenever it is looked at."""

    class Backwards(datetime):
        days = 0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            cls.days += 1
            return super().now(tz) - timedelta(days=cls.days)

    def hook() -> None:
        audit.cli.run.datetime = Backwards
        for path in ("pages.jsonl",):
            os.utime(path, (0, datetime(2099, 1, 1, tzinfo=UTC).timestamp()))
        Steps(lambda number, _: os.kill(os.getpid(), signal.SIGKILL) if number == 20 else None)()

    return Case("clock backwards", hook, frozenset({-signal.SIGKILL}))


def try_kills(calm: Undisturbed, kills: int, seed: int, tell: Callable[[str], None]) -> tuple[int, int]:
    """Kill runs of two workers at random moments until there were so many; return the kills and the runs they hit."""
    chance = random.Random(seed)
    done = runs = 0
    longest = 0.0
    while done < kills:
        runs += 1
        folder = calm.fresh(f"killed-{runs}")
        while True:
            begin = monotonic()
            process = start(folder, jobs=2, resume=True)
            moment = chance.uniform(0, longest or 4 * calm.seconds)
            code = None
            while done < kills and monotonic() - begin < moment:
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended:
                    code = os.waitstatus_to_exitcode(status)
                    break
                sleep(0.002)
            if code is None and done < kills:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
                done += 1
                continue
            code = end(process) if code is None else code
            if code == 2 and "another run" in said(folder):
                sleep(0.05)  # the lock falls when the last worker is gone
                continue
            longest = max(longest, monotonic() - begin)
            calm.compare(folder, code)
            break
        tell(f"{done} kills, {runs} runs")
    return done, runs


def try_workers(calm: Undisturbed, seed: int) -> int:
    """End workers by a segmentation fault, twice in a run, not twice on one page; return how many it hit."""
    chance = random.Random(seed)
    folder = calm.fresh(f"workers-{seed}")
    process = start(folder, jobs=2)
    hit = 0
    shards = folder / OUT / ".shards"
    for finished in (1, 3):
        until = monotonic() + _LONGEST
        while len(list(shards.glob("*.jsonl"))) < finished and monotonic() < until:
            if os.waitpid(process, os.WNOHANG)[0]:
                raise FaultError(f"the run ended before a worker could be hit: {said(folder)}")
            sleep(0.002)
        workers = [each for each in children(process) if _is_worker(each)]
        if workers:
            os.kill(chance.choice(workers), signal.SIGSEGV)
            hit += 1
    calm.compare(folder, end(process))
    return hit


def _is_worker(process: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def _tell(line: str) -> None:
    print(f"\r{line:60}", end="", file=sys.stderr, flush=True)


def _try_all(calm: Undisturbed, cases: Sequence[Case], kind: str) -> list[str]:
    """Try the cases; print their sum, return what went wrong."""
    wrong = []
    ends: dict[int, int] = {}
    for number, case in enumerate(cases):
        _tell(f"{kind}: {number} of {len(cases)}")
        try:
            code = try_case(calm, case, f"{kind}-{number}")
            ends[code] = ends.get(code, 0) + 1
        except FaultError as trouble:
            wrong.append(f"{case.name}: {trouble}")
            print(f"\rWRONG: {wrong[-1]}", flush=True)
    codes = ", ".join(f"{code}: {number}" for code, number in sorted(ends.items()))
    print(
        f"\r{kind}: {len(cases) - len(wrong)} of {len(cases)} as undisturbed after going on (ends {codes})", flush=True
    )
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--kills", type=int, default=200, help="at random moments")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--every", type=int, default=1, help="one in so many steps of the journal is tried")
    parser.add_argument("--first", type=int, default=1, help="the first step that is tried, to go on in parts")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    parts = args.parts or PARTS
    if set(parts) - set(PARTS):
        parser.error(f"there are the parts {', '.join(PARTS)}")
    wrong: list[str] = []
    with Undisturbed(args.pages) as calm:
        if "steps" in parts:
            steps = count_steps(calm)
            tried = range(args.first, steps + 1, args.every)
            print(
                f"{args.pages} pages, {len(tried)} of {steps} steps of the journal: every {args.every}, {args.first} on"
            )
            for cases in zip(*(step_cases(at) for at in tried), strict=True):
                wrong += _try_all(calm, cases, cases[0].name.partition(" step")[0])
        if "handles" in parts:
            wrong += _try_all(calm, [handle_case(more) for more in range(12)], "handles")
        if "clock" in parts:
            wrong += _try_all(calm, [clock_case()], "clock")
        try:
            if "workers" in parts:
                hit = sum(try_workers(calm, args.seed + number) for number in range(5))
                print(f"\rworkers: {hit} ended by SIGSEGV in 5 runs, all as undisturbed", flush=True)
            if "kills" in parts:
                done, runs = try_kills(calm, args.kills, args.seed, _tell)
                print(
                    f"\rkills: {done} at random moments of {runs} runs, all as undisturbed after going on", flush=True
                )
        except FaultError as trouble:
            wrong.append(str(trouble))
            print(f"\rWRONG: {trouble}", flush=True)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
