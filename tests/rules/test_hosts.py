"""A user's own hosts: forms of lists, what lies under a host, the cache, and errors that say where."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from audit.errors import SettingsError
from audit.rules.hosts import NO_LISTS, load_hosts
from audit.rules.load import load_rules, with_lists

LIST = """\
# a comment
127.0.0.1 localhost
::1 ip6-localhost ip6-loopback
fe80::1%lo0 localhost
0.0.0.0 0.0.0.0
0.0.0.0 moonbet.example   # with a comment
0.0.0.0 two.example three.example
bare.example
UPPER.Example
||adblock.example^
||dollar.example^$third-party
@@||exception.example^
! another comment
[Adblock Plus 2.0]
*.wild.example
dotted.example.
müller.example

"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "hosts.txt"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("moonbet.example", True),
        ("www.moonbet.example", True),
        ("a.b.moonbet.example.", True),
        ("notmoonbet.example", False),
        ("example", False),
        ("two.example", True),
        ("three.example", True),
        ("bare.example", True),
        ("upper.example", True),
        ("adblock.example", True),
        ("dollar.example", True),
        ("exception.example", False),
        ("wild.example", True),
        ("dotted.example", True),
        ("xn--mller-kva.example", True),
        ("localhost", False),
        ("0.0.0.0", False),  # noqa: S104
        ("", False),
    ],
)
def test_a_host_and_all_under_it_are_known(tmp_path, listed, host, known):
    assert (host in load_hosts([str(listed)], cache=tmp_path).listed) is known


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("not a host", '"not a host" is no host'),
        ("0.0.0.0 -x-.example", '"-x-.example" is no host'),
        ("https://moonbet.example/path", '"https://moonbet.example/path" is no host'),
        ("||broken^path.example", "is no host"),
        ("moonbet", '"moonbet" is no host'),
    ],
)
def test_a_bad_line_stops_the_run_and_says_where(tmp_path, line, what):
    path = tmp_path / "list.txt"
    path.write_text(f"good.example\n\n{line}\n")
    with pytest.raises(SettingsError) as caught:
        load_hosts([str(path)], cache=tmp_path)
    assert caught.value.where == f"{path}:3"
    assert what in caught.value.what
    assert caught.value.hint


def test_what_is_no_utf8_says_where(tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(b"good.example\n\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"list\.txt:2: not UTF-8"):
        load_hosts([str(path)], cache=tmp_path)


def test_a_missing_file_names_the_setting(tmp_path):
    with pytest.raises(SettingsError, match="No such file") as caught:
        load_hosts([str(tmp_path / "nowhere")], cache=tmp_path)
    assert 'setting "host_lists"' in caught.value.hint


def test_allowed_hosts_are_hosts_or_files(tmp_path, listed):
    found = load_hosts([], ["partner.example", str(listed)], ["*.sponsor.example"], cache=tmp_path)
    assert "shop.partner.example" in found.allowed
    assert "bare.example" in found.allowed
    assert "bare.example" not in found.listed
    assert "sponsor.example" in found.sponsors


def test_a_host_of_the_settings_that_is_none_names_the_setting(tmp_path):
    with pytest.raises(SettingsError, match='setting "sponsors": "two words" is no host'):
        load_hosts([], [], ["two words"], cache=tmp_path)


def test_the_cache_gives_the_same_and_heeds_changes(tmp_path, listed):
    cache = tmp_path / "cache"
    fresh = load_hosts([str(listed)], cache=cache)
    [kept] = cache.iterdir()
    assert load_hosts([str(listed)], cache=cache).listed.digests == fresh.listed.digests
    kept.write_bytes(kept.read_bytes()[:-8])  # half a write
    assert load_hosts([str(listed)], cache=cache).listed.digests == fresh.listed.digests
    listed.write_text("other.example\n")
    changed = load_hosts([str(listed)], cache=cache)
    assert "other.example" in changed.listed
    assert "bare.example" not in changed.listed
    assert changed.digest != fresh.digest


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path, listed):
    (tmp_path / "file").write_text("")
    assert "bare.example" in load_hosts([str(listed)], cache=tmp_path / "file").listed


def test_the_digest_of_rules_knows_the_hosts(tmp_path, listed):
    rules = load_rules()
    assert with_lists(rules, load_hosts(cache=tmp_path)) is rules
    one = with_lists(rules, load_hosts([str(listed)], cache=tmp_path))
    other = with_lists(rules, load_hosts([], [str(listed)], cache=tmp_path))
    assert len({rules.digest, one.digest, other.digest}) == 3
    assert load_hosts(cache=tmp_path) is NO_LISTS


# The peak is of this process's own memory: `ru_maxrss` of a child begins at what its parent held when it was started.
MEASURED = """
import sys
from time import process_time
from pathlib import Path
from audit.rules.hosts import load_hosts
begin = process_time()
found = load_hosts([sys.argv[1]], cache=Path(sys.argv[2]))
seconds = process_time() - begin
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(found.listed), seconds, peak / 1000)
"""


def test_half_a_million_hosts_load_within_3_seconds_and_300_mb(tmp_path):
    chance = random.Random(1)
    path = tmp_path / "many.txt"
    with path.open("w") as file:
        for number in range(500_000):
            file.write(f"{'0.0.0.0 ' if number % 2 else ''}{chance.getrandbits(60):x}{number}.example\n")
    for most in (3.0, 0.5):  # the second time from the cache
        command = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "cache")]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603
        assert int(told[0]) == 500_000
        assert float(told[1]) < most
        assert float(told[2]) < 300
