"""A user's own hosts: lists of what to suspect, hosts that are trusted, and sponsors that the site accepts.

A list may hold half a million names, so a set of hosts is the sorted digests of them, eight bytes each. A parsed list
is kept in the user's cache folder under the digest of its file, and read from there as long as the file is the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from audit.errors import SettingsError

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?=.*:)[0-9a-f:.%a-z]+")
"""The first word of a line of a hosts file: an address of IPv4 or IPv6."""
_ORDINARY = re.compile(
    r"^(?:(?:0\.0\.0\.0|127\.0\.0\.1)[ \t]+|\|\|)?((?:[a-z0-9][a-z0-9-]{0,62}\.)+[a-z][a-z0-9-]{0,62})\^?$",
    re.MULTILINE,
)
"""A line as nearly all lines of nearly all lists are."""
_OF_THE_MACHINE = frozenset(
    "localhost localhost.localdomain local broadcasthost ip6-localhost ip6-loopback ip6-localnet ip6-mcastprefix"
    " ip6-allnodes ip6-allrouters ip6-allhosts 0.0.0.0".split()
)
"""What every hosts file begins with."""
_EXCEPTION = "@@"
_MAGIC = b"audit hosts 1\n\0\0"
_CACHE = "article-audit/hosts"
_FORM = "a line is a host, an address and hosts (0.0.0.0 host), or ||host^; comments begin with # or !"


class HostSet(msgspec.Struct, frozen=True, eq=False):
    """Hosts, each with all that lies under it."""

    digests: bytes = b""
    """Of the names, eight bytes each, sorted as numbers of this machine."""

    def __len__(self) -> int:
        """Return how many hosts were named."""
        return len(self.digests) // 8

    def __contains__(self, host: object) -> bool:
        """Whether the host, or one that it lies under, was named."""
        if not self.digests or not isinstance(host, str):
            return False
        numbers = memoryview(self.digests).cast("Q")
        name = host.lower().rstrip(".")
        while name:
            number = _digest(name)
            at = bisect_left(numbers, number)
            if at < len(numbers) and numbers[at] == number:
                return True
            _, _, name = name.partition(".")
        return False


NO_HOSTS = HostSet()


class HostLists(msgspec.Struct, frozen=True, kw_only=True):
    """The hosts that a site has something to say of."""

    listed: HostSet = NO_HOSTS
    """What other people's lists name: one piece of evidence, never a verdict."""
    allowed: HostSet = NO_HOSTS
    """Hosts that count as the site's own."""
    sponsors: HostSet = NO_HOSTS
    """Hosts whose links the site accepts: they are noted."""
    digest: str = ""
    """Of all names; empty without any."""
    sources: dict[str, str] = {}
    """By file, the digest of its bytes; for `run.json`."""


NO_LISTS = HostLists()


def load_hosts(
    lists: Sequence[str] = (), allowed: Sequence[str] = (), sponsors: Sequence[str] = (), *, cache: Path | None = None
) -> HostLists:
    """Return the hosts that the settings name.

    Args:
        lists: Files.
        allowed: Files or hosts; what is a file, or is written like a path, is a file.
        sponsors: The same.
        cache: Folder of parsed lists; the user's own if not told.

    Raises:
        SettingsError: A file cannot be read, or a line of it is no host; the message names the line.
    """
    sources: dict[str, str] = {}
    folder = cache or _cache_folder()
    found = {
        setting: _set_of(setting, values, sources, folder, files_only=setting == "host_lists")
        for setting, values in (("host_lists", lists), ("allow_hosts", allowed), ("sponsors", sponsors))
    }
    if not any(found.values()):
        return NO_LISTS
    content = hashlib.sha256()
    for each in found.values():
        content.update(b"%d " % len(each) + _portable(each.digests))
    return HostLists(
        listed=found["host_lists"],
        allowed=found["allow_hosts"],
        sponsors=found["sponsors"],
        digest=content.hexdigest(),
        sources=sources,
    )


def is_file(value: str) -> bool:
    """Whether a value of `allow_hosts` or `sponsors` is a file and not a host."""
    return "/" in value or "\\" in value or value.endswith((".txt", ".list", ".hosts")) or Path(value).is_file()


def _set_of(setting: str, values: Sequence[str], sources: dict[str, str], cache: Path, *, files_only: bool) -> HostSet:
    sets: list[bytes] = []
    single: list[int] = []
    for value in values:
        if files_only or is_file(value):
            sets.append(_of_file(Path(value), setting, sources, cache))
        else:
            single.append(_digest(_name(value, f'setting "{setting}"', _hint(setting))))
    if len(sets) == 1 and not single:
        return HostSet(sets[0])
    numbers = set(single)
    for digests in sets:
        numbers.update(memoryview(digests).cast("Q"))
    return HostSet(array("Q", sorted(numbers)).tobytes())


def _hint(setting: str) -> str:
    return f'name hosts or files: {setting} = ["partner.example.org", "hosts.txt"]'


def _of_file(path: Path, setting: str, sources: dict[str, str], cache: Path) -> bytes:
    """Return the digests of the names in a file, from the cache if they are there."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise SettingsError(str(path), what, f'check the path in the setting "{setting}"') from None
    content = hashlib.sha256(raw).hexdigest()
    sources[path.name] = content
    kept = cache / f"{content}.u64"
    known = _from_cache(kept)
    if known is not None:
        return known
    digests = _digests(raw, str(path)).tobytes()
    _into_cache(kept, digests)
    return digests


def _digests(raw: bytes, where: str) -> array[int]:
    """Return the digests of the names in a list, sorted: ordinary lines all at once, the others one by one."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{where}:{line}", "not UTF-8", "save the list as UTF-8") from None
    blake2b = hashlib.blake2b
    found = [blake2b(name.encode(), digest_size=8).digest() for name in _ORDINARY.findall(text)]
    for number, rest in enumerate(_ORDINARY.sub("", text).split("\n"), 1):
        if rest:
            found += [_digest(name).to_bytes(8, "little") for name in names(rest, f"{where}:{number}")]
    numbers = array("Q", _portable(b"".join(found)))
    return array("Q", sorted(set(numbers)))


def names(line: str, where: str) -> Iterable[str]:
    """Return the hosts that a line of a list names; none for comments, headers and the machine's own names.

    Raises:
        SettingsError: It is none of the forms that lists have.
    """
    line = line.split("#", 1)[0].strip().lower()
    if not line or line.startswith(("!", "[", _EXCEPTION)):
        return ()
    if line.startswith("||"):
        host, _, _ = line[2:].partition("$")
        if not host.endswith("^") and "^" in host:
            raise SettingsError(where, f'"{_short(line)}" is no host', _FORM)
        return (_name(host.rstrip("^"), where, _FORM),)
    words = line.split()
    if len(words) > 1 and _ADDRESS.fullmatch(words[0]):
        words = words[1:]
    elif len(words) > 1:
        raise SettingsError(where, f'"{_short(line)}" is no host', _FORM)
    return tuple(_name(word, where, _FORM) for word in words if word not in _OF_THE_MACHINE)


def _name(word: str, where: str, hint: str) -> str:
    """Return a host in lower case and ASCII, without a wildcard before it and the dot behind it."""
    name = word.strip().lower().removeprefix("*.").rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            raise SettingsError(where, f'"{_short(word)}" is no host', hint) from None
    if not _HOST.fullmatch(name):
        raise SettingsError(where, f'"{_short(word)}" is no host', hint)
    return name


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _portable(digests: bytes) -> bytes:
    """Return the digests in the order of bytes that every machine uses for files."""
    if sys.byteorder == "little":
        return digests
    numbers = array("Q", digests)
    numbers.byteswap()
    return numbers.tobytes()


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / _CACHE


def _from_cache(path: Path) -> bytes | None:
    """Return what was kept; None if there is nothing, or nothing whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[len(_MAGIC) + 16 :]
    check = hashlib.blake2b(body, digest_size=16).digest()
    if not content.startswith(_MAGIC) or len(body) % 8 or content[len(_MAGIC) : len(_MAGIC) + 16] != check:
        return None
    return _portable(body)


def _into_cache(path: Path, digests: bytes) -> None:
    """Keep a parsed list; where nothing can be written, the next run parses it again."""
    body = _portable(digests)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(_MAGIC + hashlib.blake2b(body, digest_size=16).digest() + body)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
