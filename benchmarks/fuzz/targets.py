"""What is fuzzed: functions of some bytes that raise where a property does not hold.

`tests/hostile/test_fuzz.py` runs each over its corpus on every change; `python -m benchmarks.fuzz` looks for more.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree as ET

import msgspec

from audit import audit_page, load_rules, settings
from audit.errors import AuditError, PageError
from audit.findings import Reporter
from audit.ingest import Options, PageFailure, byte_cuts, decode, find, parts, read
from audit.ingest.items import SUFFIXES
from audit.model import Article, Claim, Cut, Kind, Page, PageReport
from audit.page import less, parse
from audit.report import WRITERS
from audit.report.counts import count
from audit.report.run import Run, RunFacts
from audit.rules.load import RuleSet
from audit.rules.schema import Profile
from audit.rules.yaml import parse_yaml
from audit.score import judge
from audit.text.digest import digest
from audit.text.folding import fold
from audit.text.span import Span, without

KINDS: tuple[Kind, ...] = ("html", "text", "markdown")


def text_of(data: bytes) -> str:
    """Return any text, lone surrogates too: what is no UTF-8 becomes one."""
    return data.decode("utf-8", "surrogateescape")


def decoding(data: bytes) -> None:
    """Any bytes are text; a cut of some of it leaves the bytes of the rest."""
    label, _, raw = data.partition(b"\n")
    declared = label.decode("latin-1") or None
    found = decode(raw, declared=declared, html=bool(len(data) % 2))
    assert decode(raw, declared=declared, html=bool(len(data) % 2)) == found
    assert not any("\ud800" <= char <= "\udfff" for char in found.text), "a surrogate"
    assert byte_cuts(raw, found.encoding, ()) == raw
    if found.text:
        third = len(found.text) // 3
        byte_cuts(raw, found.encoding, (Span(third, third + 1),))


def folding(data: bytes) -> None:
    """Every letter of a folded text has its place in the source, in order, and folding is deterministic."""
    text = text_of(data)
    folded = fold(text)
    assert fold(text) == folded
    last = 0
    for at in range(min(len(folded.text), 200)):
        place = folded.to_source(Span(at, at + 1))
        assert last <= place.start < place.end <= len(text)
        last = place.start
    for disguise in folded.disguises:
        assert 0 <= disguise.span.start < disguise.span.end <= len(text)
    folded.as_written(text)


def _parsed(data: bytes, kind: Kind) -> None:
    text = text_of(data)
    try:
        article = parse(Page(id="p", text=text, kind=kind))
    except PageError:
        return
    check_places(article)
    if len(text) > 4:
        less(article, (Span(len(text) // 4, len(text) // 2),))


def check_places(article: Article) -> None:
    """Hold every block and link to the page: places inside of it, in order, and what is plain says the same."""
    text = article.page.text
    for mapped in (*(block.text for block in article.blocks), *(link.anchor for link in article.links)):
        last = 0
        for piece in mapped.pieces:
            assert last <= piece.start < piece.start + piece.length <= len(mapped.text)
            assert 0 <= piece.page_start <= piece.page_start + piece.page_length <= len(text)
            last = piece.start + piece.length
            if piece.length == piece.page_length > 1:
                there = text[piece.page_start : piece.page_start + piece.length]
                said = mapped.text[piece.start : last]
                assert said == there or _white(said) == _white(there), f"{said!r} is not what the page says: {there!r}"
    for element in article.elements:
        assert 0 <= element.open.start < element.open.end <= len(text)


def _white(text: str) -> str:
    """Return the text with one kind of white: HTML and Markdown show a blank for any."""
    return text.translate(dict.fromkeys(map(ord, "\t\n\f\r"), " "))


def html(data: bytes) -> None:
    """HTML of any kind becomes parts with places, or is over a bound."""
    _parsed(data, "html")


def text(data: bytes) -> None:
    """Plain text becomes parts with places, too."""
    _parsed(data, "text")


def markdown(data: bytes) -> None:
    """Markdown becomes parts with places, too."""
    _parsed(data, "markdown")


@cache
def rules() -> RuleSet:
    """Return the shipped rules."""
    return load_rules()


def auditing(data: bytes) -> None:
    """A whole audit keeps what `check_report` asks for; the first byte chooses the kind of page."""
    kind = KINDS[data[0] % 3] if data else "text"
    check_audit(Page(id="p", text=text_of(data[1:]), kind=kind))


def check_audit(page: Page) -> PageReport | None:
    """Audit a page twice and what its cuts leave once, and hold the reports to what is promised of them.

    No exception but `PageError`; spans valid; quotes equal; deterministic; nothing left to cut on the clean page;
    the clean page is the page less the cuts.
    """
    try:
        report = audit_page(page, rules())
    except PageError:
        return None
    assert audit_page(page, rules()) == report, "not deterministic"
    last = 0
    for cut in report.cuts:
        assert last <= cut.start < cut.end <= len(page.text), "cuts overlap or leave the page"
        assert cut.rules
        last = cut.end
    for finding in report.findings:
        last = 0
        for span in finding.spans:
            assert last <= span.start < span.end <= len(page.text), "spans overlap or leave the page"
            last = span.end
    for said in (*report.claims, *report.disclaimers):
        assert 0 <= said.start < said.end <= len(page.text)
    cuts = tuple(Span(cut.start, cut.end) for cut in report.cuts)
    clean = without(page.text, cuts)
    assert digest(clean) == report.clean_sha256, "the clean page is not the page less its cuts"
    msgspec.json.encode(report)
    if cuts:
        again = audit_page(msgspec.structs.replace(page, text=clean), rules())
        assert not again.cuts, f"clean of clean is not clean: {[clean[cut.start : cut.end] for cut in again.cuts]}"
    return report


@cache
def folder() -> Path:
    """Return a folder for the files of this process, gone when it ends."""
    made = tempfile.TemporaryDirectory()
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def yaml(data: bytes) -> None:
    """Any YAML is values, or an error with its place."""
    with contextlib.suppress(AuditError):
        parse_yaml(data.decode("utf-8", "replace"), "x.yaml")


def packs(data: bytes) -> None:
    """Any rule pack is loaded, or an error with its place; a profile, where it begins so."""
    path = folder() / "x.yaml"
    path.write_bytes(data)
    with contextlib.suppress(AuditError):
        if data.startswith(b"profile"):
            load_rules(profile=str(path), shipped=False)
        else:
            load_rules([path], shipped=False)


def setting(data: bytes) -> None:
    """Any settings file is settings, or an error with its place."""
    (folder() / "audit.toml").write_bytes(data)
    with contextlib.suppress(AuditError):
        settings.effective(folder=folder())


FORMS = (*SUFFIXES, ".jsonl.gz", ".warc.gz", ".tar.gz", ".html.gz", ".csv.gz", ".bin")


def readers(data: bytes) -> None:
    """Every reader gives pages and failures, whatever it reads; the first byte chooses the reader."""
    path = folder() / f"x{FORMS[data[0] % len(FORMS)] if data else '.bin'}"
    path.write_bytes(data[1:])
    with contextlib.suppress(AuditError):
        for item in find([str(path)], _OPTIONS).items:
            for part in parts(item, 4_000, _OPTIONS):
                for got in read(part, _OPTIONS):
                    assert not (isinstance(got, PageFailure) and got.defect), str(got)
    path.unlink()


_OPTIONS = Options(max_page_size=1_000_000, mirror=".")


FACTS = RunFacts(
    version="0", python="3", libraries={}, packs=(), rules_digest="0", profile="default", settings={}, sources=("x",),
    jobs=1,
    started="2026-01-02T03:04:05+00:00", finished="2026-01-02T03:04:06+00:00", seconds=1.0, host="desk",
)  # fmt: skip


def writers(data: bytes) -> None:
    """Every format takes any id, path, address, message and quote."""
    said = [text_of(part).encode("utf-8", "replace").decode() for part in data.split(b"\n", 5)]
    name, path, url, message, family, text = (*said, *[""] * (6 - len(said)))
    page = Page(id=name or "p", text=text or "x", kind=KINDS[len(data) % 3], path=path or None, url=url or None)
    check_writers(page, message, family)


def check_writers(page: Page, message: str, family: str) -> None:
    """Write a run of one page, whose middle is cut, in every format that is quick to write."""
    third = len(page.text) // 3
    span = Span(third, max(third + 1, 2 * third))
    finding = Reporter(page.text).finding(
        rule=f"spam.{family}", category="spam", family=family, severity=4, confidence=0.9, action="cut",
        message=message, why=message, spans=(span,), evidence=(),
    )  # fmt: skip
    claim = Claim(
        start=span.start, end=span.end, quote=page.text[span.start : span.end], type="treat", strength="weak",
        source="none", negated=False, severity=1,
    )  # fmt: skip
    judged = judge((finding,), (claim,), (), Profile(profile="default"))
    report = PageReport(
        id=page.id, url=page.url, path=page.path, kind=page.kind, sha256=digest(page.text), status="ok",
        verdict=judged.verdict, score=judged.score, scores=judged.scores, cuts=(Cut(span.start, span.end, ("r",)),),
        clean_sha256=digest(without(page.text, (span,))), findings=(finding,), claims=(claim,),
    )  # fmt: skip
    profile: Any = SimpleNamespace(profile=Profile(profile="default"), known={}, disabled=(), digest="0")
    profile.for_page = lambda *_: profile
    run = Run(
        folder=folder(), reports=lambda: iter((report,)), pages=lambda: iter((page,)), rules=cast("RuleSet", profile),
        facts=FACTS, counts=count((report,)),
    )  # fmt: skip
    for form in ("sarif", "junit", "github", "markdown", "json"):
        file = io.BytesIO()
        WRITERS[form](run, file)
        content = file.getvalue()
        if form == "junit":
            ET.fromstring(content)  # noqa: S314  our own
        elif form in {"sarif", "json"}:
            msgspec.json.decode(content)
        elif form == "github":
            assert all(line.startswith(b"::") for line in content.split(b"\n") if line)
        assert b"\x1b" not in content


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoding": decoding,
    "folding": folding,
    "html": html,
    "text": text,
    "markdown": markdown,
    "yaml": yaml,
    "packs": packs,
    "settings": setting,
    "readers": readers,
    "writers": writers,
    "audit": auditing,
}
