"""Our whole audit and its peers on the same pages: each in a process of its own, in rounds that take turns."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import mean, median
from time import process_time
from typing import Any

import msgspec

Work = Callable[[str], object]


class Timed(msgspec.Struct, frozen=True):
    """What one contender took."""

    mean_ms: float
    """CPU time a page, the median of the rounds."""
    median_ms: float
    """Of the page in the middle."""
    ratio: float
    """How many times as fast as the first contender, the median of the rounds."""
    peak_mb: float
    """Most memory its process ever held, interpreter and pages included."""


# --- contenders: each imports what it needs, so that a missing one is skipped by name --------------------------------


def _audit(kind: Any) -> Work:  # noqa: ANN401
    import audit  # noqa: PLC0415

    rules = audit.load_rules()
    return lambda text: audit.audit_page(audit.Page(id="page", kind=kind, text=text), rules)


def audit_html() -> Work:
    return _audit("html")


def audit_text() -> Work:
    return _audit("text")


def spam_of_text() -> Work:
    return _stage("spam")


def claims_of_text() -> Work:
    return _stage("claims")


def _stage(name: str) -> Work:
    """Return one stage of the audit of a text, the page's parse included."""
    import audit  # noqa: PLC0415
    from audit import claims, spam  # noqa: PLC0415
    from audit.findings import Reporter  # noqa: PLC0415
    from audit.page import parse  # noqa: PLC0415

    rules = audit.load_rules()
    work: Callable[..., object] = spam.detect if name == "spam" else claims.read
    return lambda text: work(parse(audit.Page(id="page", kind="text", text=text)), rules, Reporter(text))


def trafilatura_default() -> Work:
    from trafilatura import extract  # noqa: PLC0415

    return extract


def trafilatura_fast() -> Work:
    from trafilatura import extract  # noqa: PLC0415

    return lambda text: extract(text, fast=True)


def readability() -> Work:
    from readability import Document  # noqa: PLC0415

    return lambda text: Document(text).summary()


def justext() -> Work:
    from justext import get_stoplist, justext  # noqa: PLC0415

    stop = get_stoplist("English")
    return lambda text: justext(text.encode(), stop, encoding="utf-8")


def resiliparse() -> Work:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return lambda text: extract_plain_text(text, main_content=True)


def beautiful_soup() -> Work:
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return lambda text: BeautifulSoup(text, "lxml").get_text()


def spacy_blank() -> Work:
    import spacy  # noqa: PLC0415

    return spacy.blank("en")


def gopher_and_c4() -> Work:
    from benchmarks.baselines import c4_lines, gopher_document  # noqa: PLC0415

    return lambda text: (gopher_document(text, "text"), c4_lines(text, "text"))


def proselint() -> Work:
    from proselint.checks import __register__  # noqa: PLC0415
    from proselint.registry import CheckRegistry  # noqa: PLC0415
    from proselint.tools import LintFile  # noqa: PLC0415

    CheckRegistry().register_many(__register__)
    return lambda text: LintFile("page", content=text).lint()


HTML: Mapping[str, Callable[[], Work]] = {
    "trafilatura": trafilatura_default,
    "article audit, whole": audit_html,
    "trafilatura, fast": trafilatura_fast,
    "readability-lxml": readability,
    "jusText": justext,
    "resiliparse, main content": resiliparse,
    "Beautiful Soup on lxml, text only": beautiful_soup,
}
"""The first one is what the others are held to."""
TEXT: Mapping[str, Callable[[], Work]] = {
    "spaCy, blank": spacy_blank,
    "article audit, whole": audit_text,
    "its spam stage alone": spam_of_text,
    "its claims stage alone": claims_of_text,
    "Gopher and C4 filters, restated": gopher_and_c4,
    "proselint": proselint,
}


# --- the race -------------------------------------------------------------------------------------------------------


def race(
    contenders: Mapping[str, Callable[[], Work]], pages: Sequence[str], rounds: int
) -> tuple[dict[str, Timed], list[str]]:
    """Return what each contender took, and who is missing.

    All wait in processes of their own and go over the pages in turn, round by round, so that the machine's mood goes
    into all of them alike.
    """
    context = multiprocessing.get_context("spawn")
    lines: dict[str, Connection] = {}
    missing: list[str] = []
    children = []
    for name, make in contenders.items():
        here, there = context.Pipe()
        child = context.Process(target=_contend, args=(make, pages, there), daemon=True)
        child.start()
        children.append(child)
        package = here.recv()
        if package:
            missing.append(f"{name} (pip install {package})")
        else:
            lines[name] = here
    times: dict[str, list[list[float]]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, line in lines.items():
            line.send(True)
            times[name].append(line.recv())
    peaks = {}
    for name, line in lines.items():
        line.send(False)
        peaks[name] = line.recv()
    for child in children:
        child.join()
    first = times[next(iter(contenders))]
    return {
        name: Timed(
            mean_ms=1000 * median(mean(one) for one in own),
            median_ms=1000 * median(median(one) for one in own),
            ratio=median(sum(held) / sum(one) for held, one in zip(first, own, strict=True)),
            peak_mb=peaks[name],
        )
        for name, own in times.items()
    }, missing


def _contend(make: Callable[[], Work], pages: Sequence[str], line: Connection) -> None:
    try:
        work = make()
    except ImportError as error:
        line.send(error.name or "it")
        return
    for page in pages:  # what is loaded once, on the page that first needs it, is no cost of a page
        work(page)
    line.send("")
    while line.recv():
        line.send([_seconds(work, page) for page in pages])
    line.send(peak_mb("self"))


def _seconds(work: Work, page: str) -> float:
    begin = process_time()
    work(page)
    return process_time() - begin


def peak_mb(process: int | str) -> float:
    """Return the most memory that a process has held, in MB; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
