"""Hosts of addresses, as browsers read them."""

from __future__ import annotations

import pytest

from audit.page.links import host_of, same_site, tidy


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Casino.Example:8080/x?y#z", "casino.example"),
        ("//shop.example", "shop.example"),
        (" \n https://a.example/ ", "a.example"),
        ("ht\ntps://a.ex\tample/", "a.example"),
        ("https:\\\\a.example\\x", "a.example"),
        ("https:a.example", "a.example"),
        ("https:////a.example", "a.example"),
        ("http://user:pass@a.example/", "a.example"),
        ("http://a.example.", "a.example"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
        ("http://[", ""),
        ("/path", ""),
        ("mailto:a@b.example", ""),
        ("javascript:void(0)", ""),
        ("#top", ""),
        ("", ""),
    ],
)
def test_host_of(address: str, host: str) -> None:
    assert host_of(address) == host


def test_tidy_leaves_what_a_browser_reads() -> None:
    assert tidy("\x01 /a\nb c ") == "/ab c"


@pytest.mark.parametrize(
    ("host", "own", "same"),
    [
        ("www.clinic.example", "clinic.example", True),
        ("blog.clinic.example", "www.clinic.example", True),
        ("clinic.example", "blog.clinic.example", True),
        ("badclinic.example", "clinic.example", False),
        ("es.clinic.example", "de.clinic.example", True),
        ("es.clinic.co.uk", "de.clinic.co.uk", True),
        ("other.co.uk", "clinic.co.uk", False),
        ("a.blogspot.com", "b.blogspot.com", False),
        ("clinic.example", "", False),
    ],
)
def test_same_site(host: str, own: str, same: bool) -> None:
    assert same_site(host, own) is same
