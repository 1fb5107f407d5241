"""Changing files that are there: whether it is safe, a copy of what they were, and whole or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from audit.errors import UsageError
from audit.terminal.text import many

BACKUP = ".bak"
"""Is added to the name of a backup; no reader takes such a file for a page."""


def refuse_dirty_tree(files: Iterable[Path]) -> None:
    """Stop if one of the files is in a git repository with changes that are not committed, or is not tracked there.

    Ignored files count as untracked. Files outside every repository pass; they have their backup.

    Raises:
        UsageError: There is such a file, or git cannot be asked.
    """
    by_root: dict[Path, list[Path]] = {}
    for file in files:
        real = file.resolve()
        if root := _repository(real.parent):
            by_root.setdefault(root, []).append(real)
    for root, inside in by_root.items():
        changed = _git(root, "status", "--porcelain", "-z", "--untracked-files=no").split("\0")[:-1]
        if changed:
            what = f"git has {many(len(changed), 'uncommitted change')}, the first is {changed[0][3:]}"
            raise UsageError(str(root), what, "commit or stash them first, or say --force")
        tracked = set(_git(root, "ls-files", "-z", "--", *(str(file) for file in inside)).split("\0"))
        for file in inside:
            if file.relative_to(root).as_posix() not in tracked:
                raise UsageError(str(file), "git does not track it, so it could not be brought back", "say --force")


def back_up(path: Path) -> Path:
    """Copy a file beside itself, under a name that is free, and return where; of a link, beside what it leads to."""
    path = path.resolve()
    content, mode = path.read_bytes(), path.stat().st_mode
    for name in _names(path):
        try:
            with name.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        name.chmod(mode)
        return name
    raise AssertionError("names never end")  # pragma: no cover


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, with the permissions that it has."""
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.audit-clean.tmp")
    try:
        unfinished.write_bytes(content)
        if path.exists():
            unfinished.chmod(path.stat().st_mode)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _names(path: Path) -> Iterator[Path]:
    yield path.with_name(path.name + BACKUP)
    number = 1
    while True:
        number += 1
        yield path.with_name(f"{path.name}{BACKUP}{number}")


def _repository(folder: Path) -> Path | None:
    """Return the root of the repository that a folder is in; None if it is in none."""
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return parent
    return None


def _git(root: Path, *args: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *args],  # noqa: S607
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},  # set in hooks
        )
    except (OSError, subprocess.CalledProcessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1:]
        what = f"git cannot say whether there are uncommitted changes: {' '.join(said)}"
        raise UsageError(str(root), what, "install or repair git, or say --force") from None
    return done.stdout
