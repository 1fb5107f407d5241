"""A small pack that is right, for tests to break."""

from __future__ import annotations

from pathlib import Path

GOOD = """\
pack: spam.x
version: 1
rules:
  - id: spam.x.a
    kind: phrase
    severity: error
    message: "Found “{quote}”."
    why: It costs.
    source: {title: A book}
    any: [buy now]
    should_match: ["please ⟦buy now⟧"]
    should_not_match: [nothing]
"""


def write(folder: Path, text: str, name: str = "x.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path
