"""A site's own hosts: a list is one piece of evidence, trusted hosts are none, sponsors are noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.hosts import load_hosts
from audit.rules.load import RuleSet, with_lists
from audit.spam import Injected, detect

PAGE = (
    "<html><head><title>Sciatica</title></head><body>\n<h1>Sciatica</h1>\n"
    "<p>Sciatica is pain along the sciatic nerve, which runs from the lower back down the leg. Symptoms include "
    "numbness and weakness in the affected leg. Most patients get better with treatment at home.{}</p>\n"
    "<p>Gentle exercise of the back and the leg helps most patients.</p>\n</body></html>\n"
)
Find = Callable[..., Injected]


@pytest.fixture
def find(rules: RuleSet, tmp_path: Path) -> Find:
    def run(
        inside: str, lists: Sequence[str] = (), allowed: Sequence[str] = (), sponsors: Sequence[str] = (), kind="html"
    ) -> Injected:
        path = tmp_path / "list.txt"
        path.write_text("\n".join(lists))
        text = PAGE.format(inside)
        own = load_hosts([str(path)] if lists else [], allowed, sponsors, cache=tmp_path)
        page = Page(id="page", kind=kind, text=text)
        return detect(parse(page), with_lists(rules, own), Reporter(text))

    return run


def acts(injected: Injected) -> list[str]:
    return [finding.action for finding in injected.findings]


LINK = ' See <a href="https://quiet.example.com/x">the quiet garden</a> for more.'
BOUGHT = ' Symptoms <a href="https://moonbet77.example.com/">best online casino bonus</a> come and go.'


@pytest.mark.parametrize("inside", [LINK, " See quiet.example.com for more about the garden."])
def test_a_listed_host_alone_is_never_cut(find: Find, inside: str) -> None:
    assert acts(find(inside)) == []
    injected = find(inside, ["quiet.example.com"])
    assert not injected.cuts
    assert set(acts(injected)) <= {"flag", "note"}


def test_a_listed_host_is_named_in_the_evidence(find: Find) -> None:
    [finding] = find(LINK, ["quiet.example.com"]).findings
    assert finding.action == "flag"
    assert "host on a list" in [each.name for each in finding.evidence]


def test_a_list_strengthens_what_has_other_evidence(find: Find) -> None:
    inside = ' Play at <a href="https://quiet.example.com/x">the casino</a> tonight.'
    alone, listed = ([one.confidence for one in find(inside, lists).findings] for lists in ([], ["quiet.example.com"]))
    assert max(listed) > max(alone, default=0.0)


def test_a_trusted_host_is_no_evidence(find: Find) -> None:
    inside = " Sign in at moonbet77.example.com to see your appointments."
    assert acts(find(inside)) != []
    assert acts(find(inside, allowed=["moonbet77.example.com"])) == []


def test_a_trusted_host_wins_over_a_list(find: Find) -> None:
    assert acts(find(LINK, ["quiet.example.com"], allowed=["example.com"])) == []


def test_words_of_a_trade_still_count_on_a_link_to_a_trusted_host(find: Find) -> None:
    assert find(BOUGHT, allowed=["other.example.com"]).cuts
    assert acts(find(BOUGHT, allowed=["moonbet77.example.com"])) != []


def test_an_accepted_sponsor_is_noted(find: Find) -> None:
    assert acts(find(BOUGHT)) == ["cut"]
    injected = find(BOUGHT, sponsors=["moonbet77.example.com"])
    assert [(one.rule, one.action, one.severity) for one in injected.findings] == [
        ("spam.sponsored.accepted", "note", 1)
    ]
    assert not injected.cuts


@pytest.mark.parametrize("rel", ["sponsored", "nofollow sponsored", "SPONSORED"])
def test_a_link_marked_as_sponsored_is_noted_and_never_cut(find: Find, rel: str) -> None:
    injected = find(BOUGHT.replace("<a ", f'<a rel="{rel}" '))
    assert [(one.rule, one.action) for one in injected.findings] == [("spam.sponsored.marked", "note")]
    assert not injected.cuts


@pytest.mark.parametrize("rel", ["nofollow", "ugc", "noopener"])
def test_other_relations_excuse_nothing(find: Find, rel: str) -> None:
    assert find(BOUGHT.replace("<a ", f'<a rel="{rel}" ')).cuts


def test_a_hidden_link_is_no_sponsorship(find: Find) -> None:
    hidden = (
        '<span style="display:none"><a rel="sponsored" href="https://moonbet77.example.com/">casino bonus</a></span>'
    )
    assert find(hidden, sponsors=["moonbet77.example.com"]).cuts


def test_one_sponsor_does_not_excuse_the_others(find: Find) -> None:
    inside = (
        ' <a rel="sponsored" href="https://moonbet77.example.com/">online casino</a> / '
        '<a href="https://rajaspin88.example.net/">slot gacor</a> / <a href="https://spin21.example.org/">judi online</a>'
    )
    assert find(inside).cuts


def test_a_sponsor_named_bare_in_plain_text_is_noted(find: Find) -> None:
    inside = " Sponsored: sign up at moonbet77.example.com for a casino bonus."
    rules = {one.rule for one in find(inside, sponsors=["example.com"], kind="text").findings}
    assert rules <= {"spam.sponsored.accepted"}
