"""Pages that are made to hurt, what each costs, and whether it grows faster than its size: `python -m benchmarks.hostile`.

Each page is read and audited in a process of its own; its CPU seconds and its peak memory are that process's, less
what it takes to load the program and the rules.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple

PROSE = (
    "The ankle swells within minutes of the fall and it is sore to the touch on the outer side of the joint. Cooling "
    "with a wet cloth eases the pain for some hours, and most people sleep well on the first night. "
)
"""An honest paragraph; some hostile pages stand round it."""
SIGNS = (*string.punctuation, " ", "\t", "\u00a0", "…", "—", "“", "•", "7", "é", "A")
LINK = '<a href="https://shop{0}.example/{0}">best casino bonus {0}</a>'


def _html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Sprains</title>{head}</head><body><p>{PROSE}</p>{body}</body></html>".encode()


def _links(count: int) -> str:
    return "".join(f"<p>{PROSE}{LINK.format(at)} {PROSE}</p>\n" for at in range(count))


def _salad(count: int) -> str:
    chance = random.Random(count)
    words = "casino bonus viagra cheap slots gacor login buy online pills replica".split()
    return "\n".join(f"{PROSE}{' '.join(chance.choices(words, k=6))}." for _ in range(count))


def _bidi(count: int) -> str:
    chance = random.Random(count)
    return "".join(
        chance.choices("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200fcasino bonus ", k=count)
    )


def _data(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


def _bomb(depth: int) -> str:
    return _data("[" * depth + '"casino bonus"' + "]" * depth)


def _wide(count: int) -> str:
    return _data('{"a": [' + ",".join(['{"name": "casino bonus"}'] * count) + "]}")


def _honest(count: int) -> str:
    return "".join(
        f"<p>{PROSE}Patients who rest the joint walk well again after {at} days.</p>\n" for at in range(count)
    )


def _linked(count: int) -> str:
    return f"<div>{' '.join(f'<span>{PROSE}</span> {LINK.format(at)}' for at in range(count))}</div>"


def _classes(count: int) -> str:
    parts = "".join(f"<p class=c{at}>{LINK.format(at)}</p>" for at in range(count))
    return f"<style>{''.join(f'.c{at}{{display:none}}' for at in range(count))}</style>{parts}"


def _claims(count: int) -> str:
    return "\n".join(f"Ginger tea cures cancer number {at} and may relieve pain, experts say." for at in range(count))


def _brands(count: int) -> str:
    chance = random.Random(count)
    names = ("".join(chance.choices("bcdfgklmnprst", k=4)) + "bet" + str(chance.randrange(99)) for _ in range(count))
    return ", ".join(f"{name} login" for name in names)


class Hostile(NamedTuple):
    """One kind of hostile page."""

    suffix: str
    make: Callable[[int], bytes]
    size: int
    """Of the usual form; `tests/hostile` takes a sixteenth of it on every change."""
    full: int
    """Of the long form."""
    why: str | None = None
    """What the reason of its failure says at full size; `None` for a page that is audited."""


PAGES: dict[str, Hostile] = {
    "one line of prose": Hostile(".txt", lambda n: b"knee pain and rest " * (n // 19), 2_000_000, 99_000_000, "characters"),
    "one line of letters": Hostile(".txt", lambda n: b"a" * n, 2_000_000, 99_000_000, "characters"),
    "one line of HTML": Hostile(".html", lambda n: _html("knee pain and rest " * (n // 19)), 2_000_000, 99_000_000, "characters"),
    "one line of Markdown": Hostile(".md", lambda n: b"*knee* _pain_ [and](x) " * (n // 23), 2_000_000, 99_000_000, "characters"),
    "tags": Hostile(".html", lambda n: _html("<b>x</b>" * (n // 2)), 100_000, 1_000_000, "tags"),
    "empty tags": Hostile(".html", lambda n: _html("<br>" * n), 100_000, 1_000_000, "tags"),
    "end tags": Hostile(".html", lambda n: _html("</p>" * n), 100_000, 1_000_000, "tags"),
    "comments": Hostile(".html", lambda n: _html("<!--x-->" * n), 100_000, 1_000_000, "tags"),
    "tags that never end": Hostile(".html", lambda n: _html("<a " * n), 100_000, 1_000_000),
    "unclosed comments": Hostile(".html", lambda n: _html("<!-" * n + "<!--" * n), 100_000, 1_000_000),
    "table cells": Hostile(".html", lambda n: _html("<table>" + "<tr><td>x" * n), 30_000, 200_000),
    "list items": Hostile(".html", lambda n: _html("<ul>" + f"<li>{PROSE[:40]}" * n), 10_000, 200_000),
    "nested": Hostile(".html", lambda n: _html("<div>" * n + "x"), 100_000, 100_000, "deep"),
    "nested at the bound": Hostile(".html", lambda n: _html(("<div>" * 980 + "x" + "</div>" * 980) * (n // 980)), 30_000, 240_000),
    "nested lists": Hostile(".html", lambda n: _html(("<ul><li>" * 400 + "x" + "</ul>" * 400) * (n // 400)), 20_000, 160_000),
    "nested fonts": Hostile(".html", lambda n: _html("<font><p>" * n), 10_000, 100_000),
    "nested forms of tables": Hostile(".html", lambda n: _html("<table><td>" * n), 10_000, 100_000),
    "misnested": Hostile(".html", lambda n: _html("<a><b><i><p></a></b></i>" * n), 5_000, 60_000),
    "attributes": Hostile(".html", lambda n: _html(f"<p {' '.join(f'a{at}=x' for at in range(n))}>x"), 100_000, 100_000, "attributes"),
    "attributes at the bound": Hostile(".html", lambda n: _html(f"<p style='color:red' {' '.join(f'a{at}=x' for at in range(9_900))}>x" * (n // 9_900)), 100_000, 1_000_000),
    "classes": Hostile(".html", lambda n: _html(f"<p class='{' '.join(f'c{at}' for at in range(n))}'>x", "<style>.c1{display:none}</style>"), 100_000, 1_000_000),
    "zero-width letters": Hostile(".html", lambda n: _html("cas" + "\u200b" * n + "ino bonus"), 250_000, 1_000_000),
    "zero-width between letters": Hostile(".txt", lambda n: "c\u200ba\u200cs\u200di\u2060n\ufeffo ".encode() * (n // 5), 250_000, 1_000_000),
    "white": Hostile(".html", lambda n: _html("a" + " \t\n" * n + "b"), 500_000, 3_000_000),
    "blank lines": Hostile(".txt", lambda n: b"a" + b" \n" * n + b"b", 500_000, 3_000_000),
    "style of comments": Hostile(".html", lambda n: _html("x", f"<style>{'/*' * n}</style>"), 500_000, 2_500_000),
    "style of braces": Hostile(".html", lambda n: _html("x", f"<style>{'a{' * n}</style>"), 500_000, 2_500_000),
    "style of at-rules": Hostile(".html", lambda n: _html("x", f"<style>{'@media print{' * (n // 13)}</style>"), 500_000, 5_000_000),
    "style of selectors": Hostile(".html", lambda n: _html("<p class=a1>x" * 1_000, f"<style>{'.a1 .b .c,' * (n // 10)}p{{display:none}}</style>"), 500_000, 5_000_000),
    "style of steps": Hostile(".html", lambda n: _html("<div class=b>" * 500 + "<p class=a>x" * 300, f"<style>{'.b .b .b .b .b .a{display:none}' * (n // 31)}</style>"), 500_000, 5_000_000),
    "style of steps not met": Hostile(".html", lambda n: _html("<div class=b>" * 500 + "<p class=a>x" * 300, f"<style>{'.z .b .b .b .b .a{display:none}' * (n // 31)}</style>"), 500_000, 5_000_000),
    "style of declarations": Hostile(".html", lambda n: _html("x", f"<style>p{{{'display:none;color:red;' * (n // 23)}}}</style>"), 500_000, 5_000_000),
    "style of rules": Hostile(".html", lambda n: _html("".join(f"<p class=c{at}>x" for at in range(3_000)), "<style>" + "".join(f".c{at}{{display:none}}" for at in range(n // 20)) + "</style>"), 500_000, 5_000_000),
    "style of blanks": Hostile(".html", lambda n: _html("x", f"<style>p{{display{' ' * n}:none}}{' ' * n}</style>"), 250_000, 2_500_000),
    "style attributes": Hostile(".html", lambda n: _html(f"<p style='{'display: none ;' * 40}'>x" * (n // 560)), 500_000, 5_000_000),
    "one long style attribute": Hostile(".html", lambda n: _html(f"<p style='{'rgb(' * n}'>x"), 250_000, 2_500_000),
    "scripts that hide": Hostile(".html", lambda n: _html("x", "<script>" + "".join(f"$('#a{at}').hide();" for at in range(n // 16)) + "</script>"), 300_000, 3_000_000),
    "scripts of no end": Hostile(".html", lambda n: _html("x", "<script>.hide(" + "$($(\"" * n), 100_000, 1_000_000),
    "scripts of packed words": Hostile(".html", lambda n: _html("x", "<script>" + "eval(unescape(String.fromCharCode(" * (n // 34) + "</script>"), 300_000, 3_000_000),
    "scripts of redirects": Hostile(".html", lambda n: _html("x", "<script>" + "window.location=window." * (n // 23) + "</script>"), 300_000, 3_000_000),
    "scripts of digits": Hostile(".html", lambda n: _html("x", "<script>eval(" + "104,101," * (n // 8) + "</script>"), 300_000, 3_000_000),
    "entities": Hostile(".html", lambda n: _html("&amp;" * n), 200_000, 2_000_000),
    "nameless entities": Hostile(".html", lambda n: _html("&" * n + "&#" * n), 200_000, 2_000_000),
    "endless entity": Hostile(".html", lambda n: _html("&#" + "1" * n + "; &" + "a" * n + ";"), 500_000, 5_000_000),
    "entities in an attribute": Hostile(".html", lambda n: _html(f"<p title='{'&notit;' * n}'>x"), 100_000, 1_000_000),
    "NULs": Hostile(".html", lambda n: _html("\0" * n), 500_000, 5_000_000),
    "NULs between words": Hostile(".html", lambda n: _html((PROSE + "\0") * (n // 200)), 500_000, 5_000_000),
    "one token": Hostile(".txt", lambda n: b"casino " * (n // 7), 50_000, 1_000_000),
    "one token of HTML": Hostile(".html", lambda n: _html("casino " * (n // 7)), 50_000, 1_000_000),
    "one sentence": Hostile(".txt", lambda n: b"Ginger may cure cancer. " * (n // 24), 50_000, 1_000_000),
    "claims": Hostile(".txt", lambda n: _claims(n).encode(), 500, 10_000),
    "endless sentence": Hostile(".txt", lambda n: b"ginger may cure cancer and " * (n // 27), 50_000, 1_000_000),
    "combining marks": Hostile(".txt", lambda n: ("casino" + "\u0301" * n).encode(), 250_000, 1_000_000),
    "marks out of order": Hostile(".html", lambda n: _html("a" + "\u0315\u0300\u05ae" * n), 80_000, 400_000),
    "compositions": Hostile(".txt", lambda n: ("\ufdfa" * n).encode(), 50_000, 500_000),
    "look-alikes": Hostile(".txt", lambda n: ("саsinо bоnus " * (n // 13)).encode(), 50_000, 500_000),
    "bidi": Hostile(".txt", lambda n: _bidi(n).encode(), 100_000, 1_000_000),
    "spaced letters": Hostile(".txt", lambda n: b"c a s i n o " * (n // 12), 50_000, 1_000_000),
    "dotted letters": Hostile(".txt", lambda n: b"c.a.s.i.n.o." * (n // 12), 50_000, 1_000_000),
    "JSON-LD nested": Hostile(".html", lambda n: _html("x", _bomb(n)), 200_000, 2_000_000),
    "JSON-LD wide": Hostile(".html", lambda n: _html("x", _wide(n)), 5_000, 200_000),
    "JSON-LD of quotes": Hostile(".html", lambda n: _html("x", _data('{"a":"\\\\' * n)), 50_000, 500_000),
    "advertising links": Hostile(".html", lambda n: _html(_links(n)), 200, 2_000),
    "links in one paragraph": Hostile(".html", lambda n: _html("<p>" + " ".join(map(LINK.format, range(n)))), 500, 20_000),
    "links with no text": Hostile(".html", lambda n: _html("<a href=https://a.example/>" * n), 5_000, 100_000),
    "links amid one long sentence": Hostile(".html", lambda n: _html(_honest(2 * n) + _linked(n)), 200, 2_000),
    "passages amid a line": Hostile(".html", lambda n: _html(_honest(2 * n) + "<p>" + f"Sign up now for the bonus. Buy cheap viagra online. {PROSE}" * n), 200, 2_000),
    "links on the page's own words": Hostile(".html", lambda n: _html("".join(f'<p>The <a href="https://casino{at}.example/">ankle</a> swells and the joint is sore.</p>' for at in range(n))), 300, 5_000),
    "hidden by a rule each": Hostile(".html", lambda n: _html(_honest(n) + _classes(n)), 300, 3_000),
    "candidates": Hostile(".txt", lambda n: _salad(n).encode(), 300, 5_000),
    "brands": Hostile(".txt", lambda n: (PROSE + _brands(n)).encode(), 1_000, 50_000),
    "brands on lines": Hostile(".txt", lambda n: "\n".join(f"{PROSE}{_brands(3)}{at}" for at in range(n)).encode(), 200, 5_000),
    "hidden parts": Hostile(".html", lambda n: _html(f'<p style="display:none">{LINK.format(1)}</p><p>{PROSE}</p>' * n), 300, 5_000),
    "addresses": Hostile(".txt", lambda n: " ".join(f"https://a{at}.example/casino-bonus" for at in range(n)).encode(), 1_000, 30_000),
    "planted links": Hostile(".html", lambda n: _html("".join(f'<div style="position:absolute;left:-9999px"><a href="https://s{at}.example">slot gacor</a></div>' for at in range(n))), 300, 5_000),
    "Markdown brackets": Hostile(".md", lambda n: b"[" * n, 100_000, 1_000_000),
    "Markdown images": Hostile(".md", lambda n: b"![a](" * n, 50_000, 500_000),
    "Markdown stars": Hostile(".md", lambda n: b"*a **b _c `d " * n, 20_000, 200_000),
    "Markdown ticks": Hostile(".md", lambda n: b" ".join(b"`" * (at % 300 + 1) for at in range(n)), 2_000, 20_000),
    "Markdown quotes": Hostile(".md", lambda n: b">" * n + b" x", 100_000, 1_000_000),
    "Markdown fences": Hostile(".md", lambda n: b"```\n" * n, 100_000, 1_000_000),
    "Markdown tags": Hostile(".md", lambda n: b"<a <b <" * n, 50_000, 500_000),
    "bytes of no charset": Hostile(".html", lambda n: random.Random(1).randbytes(n).replace(b"\0", b"\xff"), 500_000, 5_000_000),
    "runs of signs": Hostile(".txt", lambda n: "\n".join(f"a {sign * (n // 40)}b casino" for sign in SIGNS).encode(), 100_000, 1_000_000),
    "runs of signs in HTML": Hostile(".html", lambda n: _html("".join(f"<p>a {escape(sign) * (n // 40)}b casino" for sign in SIGNS)), 100_000, 1_000_000),
    "runs of signs in Markdown": Hostile(".md", lambda n: "\n\n".join(f"a {sign * (n // 40)}b casino" for sign in SIGNS).encode(), 100_000, 1_000_000),
    "signs between words": Hostile(".txt", lambda n: "\n".join(f"casino{sign}bonus{sign}" * (n // 480) for sign in SIGNS).encode(), 100_000, 1_000_000),
    "Chinese": Hostile(".txt", lambda n: ("激安ブランドバッグ通販、送料無料。" * (n // 17)).encode(), 50_000, 1_000_000),
}  # fmt: skip
"""Every kind by name."""

CHILD = """
import json, sys, time
from pathlib import Path
from audit import audit_page, load_rules
from audit.errors import PageError
from audit.ingest import Options, PageFailure, find, read
rules = load_rules()
def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) // 1000
options = Options(max_page_size=100_000_000)
def audited(name):
    got = list(read(find([name], options).items[0], options))[0]
    if isinstance(got, PageFailure):
        return str(got.error), 0
    try:
        report = audit_page(got, rules)
    except PageError as error:
        return str(error), 0
    for finding in report.findings:
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(got.text)
    return None, len(report.findings)
Path("warm.html").write_text("<p>Ginger may cure cancer. moonbet77 login, casino bonus: <a href='https://a.example'>slots</a>")
audited("warm.html")
for name in sys.argv[1:]:
    Path("/proc/self/clear_refs").write_text("5")
    before, began = memory("VmRSS"), time.process_time()
    error, findings = audited(name)
    print(json.dumps({"seconds": time.process_time() - began, "megabytes": memory("VmHWM") - before, "error": error, "findings": findings}), flush=True)
"""


class Cost(NamedTuple):
    """What one page cost."""

    seconds: float
    megabytes: int
    """At the peak, less what stood before the page was read."""
    error: str | None
    findings: int


def costs(pages: Iterable[tuple[str, bytes]], folder: Path, timeout: float) -> list[Cost]:
    """Return what each of the pages costs, one after another in one process that does nothing else.

    Raises:
        subprocess.TimeoutExpired: All of them together took longer.
    """
    names = []
    for at, (suffix, content) in enumerate(pages):
        names.append(f"{at}{suffix}")
        (folder / names[-1]).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *names], cwd=folder, capture_output=True, text=True, timeout=timeout, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{names[len(done.stdout.splitlines())]}: {done.stderr[-2000:]}")
    return [Cost(**json.loads(line)) for line in done.stdout.splitlines()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="kinds of pages; all unless told")
    parser.add_argument("--full", action="store_true", help="the long form: pages of up to 100 MB")
    parser.add_argument("--timeout", type=float, default=120.0, help="wall seconds a kind")
    said = parser.parse_args()
    print("| page | size | CPU s | growth for 4x | MB | outcome |\n|---|---|---|---|---|---|")
    for name in said.names or PAGES:
        page = PAGES[name]
        size = page.full if said.full else page.size
        with tempfile.TemporaryDirectory() as folder:
            try:
                less, whole = costs(
                    [(page.suffix, page.make(size // 4)), (page.suffix, page.make(size))], Path(folder), said.timeout
                )
            except (subprocess.TimeoutExpired, RuntimeError) as error:
                print(
                    f"| {name} | {size:,} | **{type(error).__name__}** {str(error)[-300:] if isinstance(error, RuntimeError) else ''} |",
                    flush=True,
                )
                continue
        outcome = (whole.error or f"{whole.findings} findings").replace("\n", " ")[:110]
        growth = f"{whole.seconds / max(less.seconds, 0.001):.1f}"
        print(f"| {name} | {size:,} | {whole.seconds:.2f} | {growth} | {whole.megabytes} | {outcome} |", flush=True)


if __name__ == "__main__":
    main()
