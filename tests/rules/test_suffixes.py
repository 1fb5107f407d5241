"""Public suffixes: what tldextract says, without waiting for it."""

import random
import subprocess
import sys

import pytest
import tldextract

from audit.rules import suffixes
from audit.rules.suffixes import parts_of

LIBRARY = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
ODD = (
    "", ".", "..", "com", "co.uk", "a.co.uk", "www.a.co.uk", "a.b.c.d.e.github.io", "github.io", "ck", "www.ck", "a.ck",
    "a.b.ck", "a.www.ck", "x.y.kawasaki.jp", "city.kawasaki.jp", "a.city.kawasaki.jp", "localhost", "1.2.3.4", "1.2.3",
    "a.example", "Example.COM", "a.com.", ".a.com", "a..com", "käse.de", "xn--kse-qla.de", "a.xn--p1ai", "a.рф", "a。com",
    "user@a.com", "a.com:80", "https://a.com/x", "a.com/x.org", "[::1]", "a_b.com", "-a.com", "a b.com", "*.ck", "!www.ck",
)  # fmt: skip


def told(host: str, *, private: bool) -> tuple[str, str, str]:
    parts = LIBRARY(host, include_psl_private_domains=private)
    return (parts.subdomain, parts.domain, parts.suffix) if parts.suffix else ("", "", "")


@pytest.mark.parametrize("private", [False, True])
def test_every_rule_of_the_list_is_read_as_tldextract_reads_it(private):
    chance = random.Random(1)
    rules = sorted(suffixes._table(private=True))
    assert len(rules) > 9_000
    hosts = {part.replace("*", "any").replace("!", "") for part in rules}
    hosts |= {f"{chance.choice('abc')}.{host}" for host in hosts} | {
        f"www.some-{chance.randrange(9)}.{h}" for h in hosts
    }
    wrong = [host for host in sorted(hosts) if parts_of(host, private=private) != told(host, private=private)]
    assert wrong == []


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("host", ODD)
def test_what_is_no_plain_host_is_read_as_tldextract_reads_it(host, private):
    assert parts_of(host, private=private) == told(host, private=private)


def test_without_the_list_beside_it_the_library_is_asked(monkeypatch):
    suffixes._table.cache_clear()
    monkeypatch.setattr(suffixes, "find_spec", lambda _: None)
    assert parts_of("www.a.co.uk") == ("www", "a", "co.uk")
    suffixes._table.cache_clear()


def test_plain_hosts_do_not_wait_for_the_library():
    code = "import sys; from audit.rules.match import site; assert site('a.b.co.uk') == 'b.co.uk'; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    assert "'tldextract'" not in done.stdout
    assert "'requests'" not in done.stdout
