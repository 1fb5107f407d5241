"""A small audit for the tests of the batch: a module of its own, so that worker processes find it."""

from __future__ import annotations

import hashlib
import os
import signal
import time

import msgspec

from audit.errors import PageError
from audit.model import Page, PageReport


class Rules(msgspec.Struct, frozen=True):
    digest: str = "rules-1"

    def for_page(self, *_: object) -> Rules:
        return self


def audit(page: Page, rules: Rules) -> PageReport:  # noqa: ARG001
    """Report the digest of the page; the text can ask for trouble."""
    if "BOUND" in page.text:
        raise PageError(page.id, "too deep", "split it")
    if "DEFECT" in page.text:
        raise ZeroDivisionError("in a\nfinder")
    if "KILL" in page.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "HANG" in page.text:
        time.sleep(1000)
    if "LOOP" in page.text:
        sum(range(10**12))  # never comes back to the interpreter
    if "INTERRUPT" in page.text:
        raise KeyboardInterrupt
    if "SLOW" in page.text:
        time.sleep(0.002)
    text = page.text.encode()
    return PageReport(
        id=page.id, url=page.url, path=page.path, kind=page.kind, sha256=hashlib.sha256(text).hexdigest(),
        status="ok", verdict="pass", score=len(text) % 101, encoding=page.encoding,
    )  # fmt: skip
