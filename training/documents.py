"""The documents that models are made of: rows of the data folder, abstracts, and the pages of a treebank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from audit.model import Kind, Page

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+")
"""Where a sentence of an English text ends, and another begins."""


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file with a JSON value a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def page(row: dict[str, Any], kind: Kind) -> Page:
    """Return the page of a row, which holds its text under the name that goes with its kind."""
    return Page(id=row["id"], kind=kind, text=row["html" if kind == "html" else "text"])


def answers(data: Path) -> Iterator[tuple[str, str]]:
    """Yield id and text of the NIH and CDC answers."""
    for row in rows(data / "clean" / "nih.jsonl"):
        yield row["id"], row["text"]


def abstracts(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield id and sentences of the BioScope abstracts."""
    tree = ET.parse(data / "claims" / "bioscope_abstracts.xml")  # noqa: S314 - a file of our own choosing
    for document in tree.iter("Document"):
        sentences = [" ".join("".join(sentence.itertext()).split()) for sentence in document.iter("sentence")]
        yield document.findtext("DocID") or "", sentences


def web(data: Path, part: str = "train") -> Iterator[tuple[str, list[list[str]]]]:
    """Yield id and paragraphs, each a list of sentences, of a part of the English Web Treebank."""
    text = (data / "syntax" / f"ewt_{part}.conllu").read_text("utf-8")
    for document in text.split("# newdoc id = ")[1:]:
        paragraphs = [_TEXT.findall(paragraph) for paragraph in _PARAGRAPH.split(document)]
        yield document.partition("\n")[0], [sentences for sentences in paragraphs if sentences]


_PARAGRAPH = re.compile(r"# newpar id = .*")
_TEXT = re.compile(r"^# text = (.*)$", re.MULTILINE)
