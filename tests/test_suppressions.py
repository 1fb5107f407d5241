"""The sidecar: what it may say, what it fits, and that nothing it names is hidden."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from made_reports import finding, page

from audit.errors import SettingsError
from audit.gate import gate
from audit.known import left_standing, survey
from audit.model import Cut, Location
from audit.rules.schema import Gate
from audit.suppressions import Suppression, load


def written(folder: Path, entry: str) -> Path:
    path = folder / "audit-ignore.yaml"
    path.write_text(f"ignore:\n  - {entry}\n", encoding="utf-8")
    return path


def test_an_entry_is_read_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "{rule: claims.cure.*, page: 'blog/*', reason: quoted, expires: 2027-01-31}")
    assert load(path) == (
        Suppression(
            rule="claims.cure.*", page="blog/*", reason="quoted", expires="2027-01-31", where=f"{path.as_posix()}:2:5"
        ),
    )


@pytest.mark.parametrize(
    ("entry", "place", "message"),
    [
        ("{rule: a.b, page: x}", ":2:5", "an entry needs a reason"),
        ("{rule: a.b, reason: ' '}", ":2:25", "an entry needs a reason"),
        ("{page: x, reason: y}", ":2:5", "says what it is for"),
        ("{rule: a.b, reason: y, expire: 2027-01-31}", ":2:28", 'did you mean "expires"?'),
        ("{rule: a.b, reason: y, expires: soon}", ":2:37", '"soon" is no date'),
        ("{rule: a.b, reason: y, expires: 2027-02-30}", ":2:37", "is no date"),
        ("{fingerprint: 12345678, reason: y}", ":2:19", "put it in quotes"),
        ("{quote: …, reason: y}", ":2:13", "the quote is empty"),
        ("{rule: a.b, page: '[z-a]', reason: y}", ":2:23", "is no glob"),
        ("just words", ":2:5", "an entry must be a mapping"),
    ],
)
def test_a_wrong_entry_is_an_error_with_its_place(tmp_path: Path, entry: str, place: str, message: str) -> None:
    path = written(tmp_path, entry)
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert caught.value.where == f"{path.as_posix()}{place}"
    assert message in str(caught.value)


@pytest.mark.parametrize("content", ["", "ignored: []", "[]", "ignore: [", "a: *b"])
def test_a_file_that_is_no_sidecar_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "audit-ignore.yaml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"audit-ignore\.yaml"):
        load(path)


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"rule": "claims.cure.verb"}, True),
        ({"rule": "claims.*"}, True),
        ({"rule": "claims"}, False),
        ({"rule": "claims.cure.verbs"}, False),
        ({"fingerprint": "f1"}, True),
        ({"fingerprint": "f2"}, False),
        ({"quote": " CURES "}, True),
        ({"quote": "cure"}, False),
        ({"quote": "cu…"}, True),
        ({"rule": "claims.*", "page": "blog/*"}, True),
        ({"rule": "claims.*", "page": "*.html"}, True),
        ({"rule": "claims.*", "page": "blog/[a]*.html"}, True),
        ({"rule": "claims.*", "page": "news/*"}, False),
        ({"rule": "claims.*", "page": "https://health.example/**"}, True),
        ({"rule": "claims.*", "fingerprint": "f1", "quote": "else"}, False),
    ],
    ids=str,
)
def test_every_field_that_is_given_has_to_fit(fields: dict[str, str], fits: bool) -> None:
    report = msgspec.structs.replace(page(finding(), name="blog/a.html"), url="https://health.example/tea")
    assert Suppression(reason="r", **fields).fits(report, report.findings[0]) is fits


def test_a_suppressed_finding_fails_no_gate_and_keeps_its_reason() -> None:
    reports = [page(finding(4))]
    known = survey(reports, suppressions=[Suppression(rule="claims.*", reason="a quotation", where="x:1:1")])
    verdict = gate(reports, Gate(fail_on=1, max_new=0), known)
    assert (verdict.passed, verdict.ignored) == (True, 1)
    assert known.standing(reports[0], reports[0].findings[0]).reason == "a quotation"
    assert known.unused == ()


@pytest.mark.parametrize(("today", "passed"), [("2027-01-31", True), ("2027-02-01", False)])
def test_an_expired_entry_suppresses_nothing_and_is_named(today: str, passed: bool) -> None:
    reports = [page(finding(4))]
    entry = Suppression(rule="claims.*", reason="r", expires="2027-01-31", where="x:1:1")
    known = survey(reports, suppressions=[entry], today=today)
    assert gate(reports, Gate(fail_on=1), known).passed is passed
    assert known.expired == (() if passed else (entry,))
    assert known.unused == ()


def test_an_entry_that_fits_nothing_is_unused() -> None:
    used, unused = (Suppression(rule=rule, reason="r", where=rule) for rule in ("claims.cure.verb", "claims.cure.vreb"))
    assert survey([page(finding())], suppressions=[used, unused]).unused == (unused,)


@pytest.mark.parametrize(
    ("ignored", "left"),
    [([], [(0, 5), (10, 20)]), (["f1"], [(10, 20)]), (["f2"], [(0, 5), (10, 20)]), (["f2", "f3"], [(0, 5)])],
)
def test_a_cut_that_is_made_for_suppressed_findings_alone_is_none(ignored: list[str], left: list[tuple]) -> None:
    found = [
        msgspec.structs.replace(finding(4, name, Location(start, end, 1, 1)), action="cut")
        for name, start, end in (("f1", 0, 5), ("f2", 10, 16), ("f3", 14, 20))
    ]
    report = msgspec.structs.replace(page(*found), cuts=(Cut(0, 5, ("a",)), Cut(10, 20, ("a",))))
    known = survey([report], suppressions=[Suppression(fingerprint=name, reason="r", where=name) for name in ignored])
    assert [(cut.start, cut.end) for cut in left_standing(report, known).cuts] == left
