"""Draw stretches of sentences for a reader, and write down what the reader has marked.

    python training/sample_stretches.py --out DIR --count 2000 --parts 4   # writes DIR/part-N.txt and DIR/part-N.json
    python training/sample_stretches.py --out DIR --read claims-e.jsonl    # reads DIR/part-N.marks, writes the labels

A reader sees fourteen consecutive sentences of a page, numbered; those in brackets are labelled already or too short.
A claim is a line of `part-N.marks`: `17 treat weak none 0 1`, that is number, type, strength, source, negated and
severity; a number without a line is no claim. Pages come from every kind, never from those whose labels measure, as
evenly as they have sentences to give.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

from audit.claims.sentences import readable, sentences
from audit.errors import AuditError
from audit.model import ClaimType, Page, Sourcing, Strength
from audit.page import parse
from audit.text.span import Span
from training.sample_sentences import key, pages

LABELS = Path(__file__).parent / "labels"
SHARES = {"unreliable": 0.3, "reliable": 0.2, "trec": 0.25, "clinic": 0.15, "nih": 0.1}
LENGTH = 14
"""Sentences of a stretch."""
FEWEST_WORDS = 3
"""Words of a sentence that is worth a mark."""
PROSE, LEAST_PROSE = 7, 4
"""Words of a sentence that may be prose, and how many such sentences a stretch has at least."""
FIELDS = 6


class Line(NamedTuple):
    """A sentence of a stretch."""

    key: str
    """Empty where it is not to be marked."""
    text: str


Stretch = list[Line]


def stretches(page: Page, done: Sequence[tuple[int, int]], chance: random.Random) -> Iterator[Stretch]:
    """Yield the stretches of a page that hold prose without a label."""
    text = readable(parse(page))
    lines: Stretch = []
    for sentence in sentences(text):
        source = text.source[sentence.start : sentence.end]
        place = text.to_page(Span(sentence.start, sentence.end))
        is_new = place is not None and not any(start < place.end and place.start < end for start, end in done)
        worth = is_new and len(sentence.text.split()) >= FEWEST_WORDS
        lines.append(Line(key(page, place, source) if place and worth else "", source))
    for start in range(chance.randrange(LENGTH), len(lines), LENGTH):
        part = lines[start : start + LENGTH]
        if sum(bool(line.key) and len(line.text.split()) >= PROSE for line in part) >= LEAST_PROSE:
            yield part


def labelled() -> dict[str, list[tuple[int, int]]]:
    """Return the places that have a label, by page."""
    done: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for path in sorted(LABELS.glob("claims-?.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            page, start, end, _ = json.loads(line)["key"].rsplit(":", 3)
            done[page].append((int(start), int(end)))
    return done


def drawn(data: Path, count: int) -> list[Stretch]:
    """Return stretches with so many sentences to mark, the kinds of pages by their shares."""
    chance, done = random.Random(20261130), labelled()
    by_kind: dict[str, list[list[Stretch]]] = defaultdict(list)
    for kind, page in pages(data):
        try:
            mine = list(stretches(page, done[page.id], chance))
        except AuditError as error:
            print(page.id, error)
            continue
        chance.shuffle(mine)
        by_kind[kind].append(mine)
    found: list[Stretch] = []
    for kind, share in SHARES.items():
        left = share * count
        chance.shuffle(by_kind[kind])
        ranked = sorted(((rank, at) for at, mine in enumerate(by_kind[kind]) for rank in range(len(mine))))
        for rank, at in ranked:
            if left <= 0:
                break
            found.append(by_kind[kind][at][rank])
            left -= sum(bool(line.key) for line in found[-1])
    chance.shuffle(found)
    return found


def write(found: Sequence[Stretch], out: Path, parts: int) -> None:
    """Write the parts for the readers."""
    out.mkdir(parents=True, exist_ok=True)
    for part in range(parts):
        keys: list[str] = []
        lines: list[str] = []
        for stretch in found[part::parts]:
            lines.append("=== another page")
            for line in stretch:
                shown = " ".join(line.text.split())
                if line.key:
                    keys.append(line.key)
                    lines.append(f"{len(keys)}| {shown}")
                else:
                    lines.append(f"   ({shown})")
        (out / f"part-{part}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (out / f"part-{part}.json").write_text(json.dumps(keys), "utf-8")
        print(f"part-{part}: {len(keys)} sentences")


def marks(path: Path, most: int) -> dict[int, dict[str, Any]]:
    """Return what a reader has marked, by number.

    Raises:
        ValueError: A line is not such a mark; the message says which.
    """
    found: dict[int, dict[str, Any]] = {}
    known = (get_args(ClaimType), get_args(Strength), get_args(Sourcing), ("0", "1"), tuple("01234"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split()
        is_mark = len(fields) == FIELDS and all(value in names for value, names in zip(fields[1:], known, strict=True))
        if not is_mark or not fields[0].isdigit() or not 0 < int(fields[0]) <= most or int(fields[0]) in found:
            raise ValueError(f"{path}, line {number}: {line!r} is no mark of a sentence, or its second")
        kind, strength, source, negated, severity = fields[1:]
        found[int(fields[0])] = {
            "claim": True,
            "type": kind,
            "strength": strength,
            "source": source,
            "negated": negated == "1",
            "severity": 0 if negated == "1" else int(severity),
        }
    return found


NO_CLAIM = {"claim": False, "severity": 0}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--parts", type=int, default=2)
    options.add_argument("--read", metavar="NAME", help="write training/labels/NAME from the marks in DIR")
    arguments = options.parse_args()
    if arguments.read is None:
        write(drawn(arguments.data, arguments.count), arguments.out, arguments.parts)
        return
    rows: list[dict[str, Any]] = []
    for path in sorted(arguments.out.glob("part-*.json")):
        keys = json.loads(path.read_text("utf-8"))
        marked = marks(path.with_suffix(".marks"), len(keys))
        rows += [{"key": key} | marked.get(number, NO_CLAIM) for number, key in enumerate(keys, 1)]
    (LABELS / arguments.read).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    print(f"{len(rows)} sentences, {Counter(row['type'] for row in rows if row['claim'])}")


if __name__ == "__main__":
    main()
