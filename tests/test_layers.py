"""Imports point down only. This table is the order; who wants to import upwards moves a type or a step instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYERS = (  # bottom to top; parts of one row do not know each other
    {"errors", "stages"},
    {"text"},
    {"model"},
    {"findings"},
    {"rules"},
    {"page"},
    {"spam", "claims"},
    {"score"},
    {"pipeline"},
    {"baseline", "compare", "suppressions"},
    {"known"},
    {"gate"},
    {"ingest"},
    {"settings"},
    {"overrides"},
    {"report"},
    {"batch"},
    {"clean"},
    {"terminal"},
    {"cli"},
    {"scrapy"},
)
HEIGHT = {part: height for height, row in enumerate(LAYERS) for part in row}
PACKAGE = Path(__file__).parent.parent / "audit"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and part of every import of this package, those inside functions and type checks included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "."
            continue
        elif isinstance(node, ast.ImportFrom) and node.module == "audit":
            names = [f"audit.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "audit" and len(parts) > 1 and parts[1] != "__version__":
                yield node.lineno, parts[1]


def broken(part: str, source: str) -> list[str]:
    return [
        f"line {line}: {part} imports {other}"
        for line, other in imported(source)
        if other != part and HEIGHT.get(other, len(LAYERS)) >= HEIGHT[part]
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    if path.name == "__main__.py":
        return
    assert part_of(path) in HEIGHT, "a new part needs its place in the table"
    assert broken(part_of(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("part", "source", "wrong"),
    [
        ("model", "from audit.text.span import Span", []),
        ("model", "from audit.findings import Reporter", ["line 1: model imports findings"]),
        ("spam", "import audit.claims", ["line 1: spam imports claims"]),
        ("spam", "import audit.spam.units", []),
        ("score", "def f():\n    from audit import pipeline", ["line 2: score imports pipeline"]),
        ("score", "from . import model", ["line 1: score imports ."]),
        ("cli", "from audit import __version__", []),
        ("cli", "import audit.unheard_of", ["line 1: cli imports unheard_of"]),
    ],
)
def test_the_reading_of_imports_sees_what_breaks_the_order(part: str, source: str, wrong: list[str]) -> None:
    assert broken(part, source) == wrong


def test_every_part_of_the_table_exists() -> None:
    there = {part_of(path) for path in MODULES}
    assert set(HEIGHT) - there == set()
