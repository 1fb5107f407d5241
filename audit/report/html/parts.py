"""What the HTML files of this package share: the assets, the policy that goes with them, and numbers for charts."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from audit.score import CLAIM_WEIGHTS

if TYPE_CHECKING:
    from jinja2 import Environment


def write_page(file: BinaryIO, template: str, style: str, script: str, **content: Any) -> None:  # noqa: ANN401
    """Write what a template makes of the content, a piece at a time.

    Args:
        file: Open for bytes.
        template: Its name in this package.
        style: The package's own; the template puts it in, and its digest into the policy.
        script: As the style.
        content: What the template shows; text, unless it is marked as safe.
    """
    from markupsafe import Markup  # noqa: PLC0415  `audit --help` does without

    chunks = (
        _environment()
        .get_template(template)
        .generate(
            style=Markup(style),  # noqa: S704  the package's own file
            script=Markup(script),  # noqa: S704
            style_digest=_digest(style),
            script_digest=_digest(script),
            **content,
        )
    )
    file.writelines(chunk.encode() for chunk in chunks)


def _environment() -> Environment:
    """Return the environment of the templates; what goes into them is text unless a template says otherwise."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  `audit --help` does without

    return Environment(
        loader=PackageLoader("audit.report", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> str:
    """Return a file of this package."""
    return files("audit.report.html").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return what a content security policy knows an inline style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Bar(msgspec.Struct, frozen=True):
    """One line of a bar chart, its segments by severity or verdict, in hundredths of the longest line."""

    name: str
    total: int
    segments: tuple[tuple[int | str, int, float, float], ...]
    """Severity or verdict, how many, offset and width."""


def bars(tables: dict[str, Counter[int]]) -> list[Bar]:
    """Return the bars of findings by severity, those of the gravest findings first."""
    longest = max((table.total() for table in tables.values()), default=1)
    order = sorted(tables, key=lambda name: (-gravity(tables[name]), name))
    return [bar(name, sorted(tables[name].items(), reverse=True), longest) for name in order]


def bar(name: str, parts: list[tuple[int, int]] | list[tuple[str, int]], longest: int) -> Bar:
    """Return a bar of these parts, in their order."""
    at = 0
    segments = []
    for key, number in parts:
        segments.append((key, number, round(100 * at / longest, 2), round(100 * number / longest, 2)))
        at += number
    return Bar(name, at, tuple(segments))


def gravity(table: Counter[int]) -> int:
    """Return what findings by severity weigh together."""
    return sum(findings * CLAIM_WEIGHTS[severity] for severity, findings in table.items())
