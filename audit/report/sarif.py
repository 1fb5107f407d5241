"""`report.sarif`: SARIF 2.1.0, for code scanning, editors and everything else that reads results of analysis tools.

Offsets and columns are in code points, as everywhere in this project. Every rule is declared, so that a clean run
still says what was looked for. No time, host or absolute path: the same run gives the same bytes.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0; GitHub's limits for code scanning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from audit.known import touches
from audit.model import Cut, Finding, Location, PageReport
from audit.report.plain import lines
from audit.report.run import Run
from audit.rules.schema import CueRule, DisclaimerRule, Rule
from audit.text.lines import Lines

MOST_RESULTS = 25_000
"""What code scanning takes of one run; the gravest are kept, the rest is counted."""
MOST_PLACES = 100
"""Locations of one result; a hidden block may come to thousands."""
LONGEST_SNIPPET = 2_000
"""Code points; a snippet is the region's whole text or none."""
MOST_UNREAD = 1_000
"""Pages that are named as not read; the rest is counted."""
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "articleAudit/v1"

KNOWN = ("known", "ignored")

_LEVELS = ("none", "note", "warning", "error", "error")
_PROBLEM = ("recommendation", "recommendation", "warning", "error", "error")
_MIME = {"html": "text/html", "text": "text/plain", "markdown": "text/markdown"}
_SPECIAL = re.compile(r"[\\\[\]]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_FIELD = re.compile(r"\{\w+\}")
_json = msgspec.json.encode


def write(run: Run, file: BinaryIO) -> None:
    """Write the results as they are read, one a line; what they refer to follows them."""
    rules = _Rules(run)
    artifacts = _Artifacts()
    head = {"$schema": SCHEMA, "version": "2.1.0"}
    facts = {
        "tool": {"driver": _driver(run, rules)},
        "automationDetails": {"id": "article-audit/"},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
    }
    room = _Room(run)
    file.write(_json(head)[:-1] + b',"runs":[' + _json(facts)[:-1] + b',"results":[')
    first = True
    for report in run.reports():
        for finding, nth in _numbered(report):
            if not room.takes(finding, known=run.state(report, finding) in KNOWN):
                continue
            result = _result(run, report, finding, nth, rules, artifacts)
            file.write((b"\n" if first else b",\n") + _json(result))
            first = False
    tail = {
        "artifacts": artifacts.listed,
        "invocations": [_invocation(run, room.left_out)],
        "properties": {
            "pages": run.counts.pages,
            "profile": run.facts.profile,
            "rulesDigest": run.facts.rules_digest,
            "resultsLeftOut": room.left_out,
        },
    }
    file.write(b"]," + _json(tail)[1:] + b"]}\n")


class _Room:
    """Who is left out where there are too many results: what is known goes before what is new, then the mildest."""

    def __init__(self, run: Run) -> None:
        self.left_out = max(0, run.counts.findings - MOST_RESULTS)
        self._room: dict[tuple[bool, int], int] | None = None
        if not self.left_out:
            return
        there: Counter[tuple[bool, int]] = Counter()
        for report in run.reports():
            for finding in report.findings:
                there[run.state(report, finding) in KNOWN, -finding.severity] += 1
        self._room, free = {}, MOST_RESULTS
        for key in sorted(there):
            self._room[key] = min(free, there[key])
            free -= self._room[key]

    def takes(self, finding: Finding, *, known: bool) -> bool:
        """Whether there is room for one more of this kind; if so, it is taken."""
        if self._room is None:
            return True
        key = known, -finding.severity
        self._room[key] -= 1
        return self._room[key] >= 0


class _Rules:
    """Every rule that can give a result, and its number: those of the packs, then those that code knows of itself."""

    def __init__(self, run: Run) -> None:
        silent = CueRule | DisclaimerRule  # they say how a claim is read, and give no result of their own
        declared: dict[str, tuple[Rule, int, str] | None] = {
            name: known for name, known in sorted(run.rules.known.items()) if not isinstance(known[0], silent)
        }
        for name in run.counts.rules:
            declared.setdefault(name, run.rules.known.get(name))
        disabled = set(run.rules.disabled)
        self.numbers = {name: number for number, name in enumerate(declared)}
        self.reasons = {name: known[0].why for name, known in declared.items() if known}
        self.listed = [_rule(name, known, enabled=name not in disabled) for name, known in declared.items()]


def _rule(name: str, known: tuple[Rule, int, str] | None, *, enabled: bool) -> dict[str, Any]:
    category, _, rest = name.partition(".")
    tags = [category, *([rest.partition(".")[0]] if rest else [])]
    if known is None:
        title = " ".join(name.replace("-", " ").split("."))
        text = {"text": _plain(title)}
        return {
            "id": name,
            "shortDescription": text,
            "fullDescription": text,
            "help": text,
            "properties": {"tags": tags},
        }
    rule, severity, _ = known
    content: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": _plain(_FIELD.sub("…", rule.message))},
        "fullDescription": {"text": _plain(rule.why)},
        "help": {"text": _plain(f"{rule.help or rule.why}\nSource: {rule.source.title}")},
        "defaultConfiguration": {"enabled": enabled, "level": _LEVELS[severity], "rank": 25.0 * severity},
        "properties": {"tags": tags, "problem.severity": _PROBLEM[severity]},
    }
    if rule.source.url.startswith(("https://", "http://")):
        content["helpUri"] = quote(rule.source.url, safe=":/?#[]@!$&'()*+,;=%~")
    return content


def _driver(run: Run, rules: _Rules) -> dict[str, Any]:
    return {
        "name": "Article Audit",
        "version": run.facts.version,
        "semanticVersion": run.facts.version,
        "language": "en",
        "rules": rules.listed,
    }


class _Artifacts:
    """The pages that results lie on. A record of a file of records is nested in it: its lines are not the file's."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []
        self._numbers: dict[tuple[str, int], int] = {}

    def place(self, report: PageReport) -> dict[str, Any]:
        """Return the reference to the page."""
        parent = -1
        if report.path and report.path != report.id:
            parent = self._number(_uri(report.path), -1, {})
        facts = {"mimeType": _MIME.get(report.kind or "", ""), "encoding": report.encoding or ""}
        uri = _uri(report.id if parent >= 0 else report.path or report.id)
        return {"uri": uri, "index": self._number(uri, parent, facts)}

    def _number(self, uri: str, parent: int, facts: dict[str, str]) -> int:
        number = self._numbers.setdefault((uri, parent), len(self.listed))
        if number == len(self.listed):
            nested = {"parentIndex": parent} if parent >= 0 else {}
            self.listed.append({"location": {"uri": uri}, **nested, **{k: v for k, v in facts.items() if v}})
        return number


def _uri(path: str) -> str:
    """Return a path as a relative reference, an address as it is but for what no address may hold."""
    if _ADDRESS.match(path):
        return quote(path.encode("utf-8", "replace"), safe=":/?#[]@!$&'()*+,;=%~")
    return quote(path.encode("utf-8", "replace"), safe="/")


def _numbered(report: PageReport) -> Iterator[tuple[Finding, int]]:
    """Yield the findings, each with how many of its identity the page has up to it."""
    seen: Counter[str] = Counter()
    for finding in report.findings:
        seen[finding.fingerprint] += 1
        yield finding, seen[finding.fingerprint]


def _result(
    run: Run, report: PageReport, finding: Finding, nth: int, rules: _Rules, artifacts: _Artifacts
) -> dict[str, Any]:
    artifact = artifacts.place(report)
    content: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.numbers[finding.rule],
        "kind": "fail" if finding.severity else "informational",
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(finding.message) or finding.rule},
        "locations": _locations(report, finding, artifact),
        "partialFingerprints": {
            FINGERPRINT: finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:{nth}",
        },
        "rank": round(20 * (finding.severity + finding.confidence), 2),
        "properties": {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "action": finding.action,
        },
    }
    if finding.why != rules.reasons.get(finding.rule):
        content["properties"]["why"] = finding.why
    cuts = [cut for cut in report.cuts if touches(cut, finding)] if finding.action == "cut" else []
    if cuts:
        content["fixes"] = [_fix(cuts, finding, artifact)]
    if len(finding.spans) > MOST_PLACES:
        content["properties"]["locationsLeftOut"] = len(finding.spans) - MOST_PLACES
    standing = run.known.standing(report, finding)
    if standing.state == "ignored":
        content["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _plain(standing.reason)}]
    if run.baselined:
        content["baselineState"] = "new" if run.state(report, finding) == "new" else "unchanged"
    return content


def _locations(report: PageReport, finding: Finding, artifact: dict[str, Any]) -> list[dict[str, Any]]:
    logical = {"logicalLocations": [{"name": _plain(report.url), "kind": "resource"}]} if report.url else {}
    if not finding.spans:  # about the page as a whole; code scanning asks for a line all the same
        return [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}}, **logical}]
    places = []
    at = 0
    for span in finding.spans[:MOST_PLACES]:
        text = finding.quote[at : at + span.end - span.start]
        at += len(text)
        region = _region(span, text)
        if len(text) <= LONGEST_SNIPPET:
            region["snippet"] = {"text": text}
        places.append({"physicalLocation": {"artifactLocation": artifact, "region": region}, **logical})
    return places


def _region(span: Location, text: str) -> dict[str, Any]:
    """Return a span by lines and columns, from 1, and by offset, from 0; its text tells where it ends."""
    line, column = Lines(text).locate(len(text))
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.line + line - 1,
        "endColumn": column if line > 1 else span.column + len(text),
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _fix(cuts: list[Cut], finding: Finding, artifact: dict[str, Any]) -> dict[str, Any]:
    """Return the deletion of the cuts; one that is wider than the finding is known by its offset only."""
    texts: dict[tuple[int, int], dict[str, Any]] = {}
    at = 0
    for span in finding.spans:
        texts[span.start, span.end] = _region(span, finding.quote[at : at + span.end - span.start])
        at += span.end - span.start
    replacements = [
        {"deletedRegion": texts.get((cut.start, cut.end), {"charOffset": cut.start, "charLength": cut.end - cut.start})}
        for cut in cuts
    ]
    return {
        "description": {"text": "Cut the injected text."},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _invocation(run: Run, left_out: int) -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    failed = run.counts.statuses.get("failed", 0)
    if failed:
        for report in run.reports():
            if report.status == "failed" and len(told) < MOST_UNREAD:
                place = {"artifactLocation": {"uri": _uri(report.path or report.id)}}
                text = _plain(f"{report.id}: could not be read: {report.error}")
                told.append({"level": "error", "message": {"text": text}, "locations": [{"physicalLocation": place}]})
    if failed > MOST_UNREAD:
        told.append(_note("error", f"{failed - MOST_UNREAD} more pages could not be read"))
    if left_out:
        what = f"{left_out} of {run.counts.findings} results are left out, the mildest; report.jsonl has them all"
        told.append(_note("warning", what))
    return {"executionSuccessful": not failed, "toolExecutionNotifications": told}


def _note(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}


def _plain(text: str) -> str:
    """Return text that no viewer takes for a link or a placeholder (SARIF, 3.11.5 and 3.11.6)."""
    return _SPECIAL.sub(r"\\\g<0>", lines(text)).replace("{", "{{").replace("}", "}}")
