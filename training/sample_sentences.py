"""Draw sentences for labelling: from pages of every kind, never from pages whose labels measure.

    python training/sample_sentences.py --data ../shared/data --out DIR

Writes `DIR/part-N.jsonl` with `key`, `before`, `sentence`, `after`; the key names page and offsets, which is all that
the labels in `training/labels/` keep of a text that is not ours. Half of the sentences are drawn at random, half from
those in which the triage of `audit.claims` sees a claim, since claims are one in five.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

from audit.claims.sentences import readable, sentences
from audit.errors import AuditError
from audit.model import Page
from audit.page import parse
from audit.pipeline import audit_page
from audit.rules.load import RuleSet, load_rules
from audit.text.span import Span

SHARES = {"unreliable": 0.28, "reliable": 0.2, "trec": 0.2, "clinic": 0.16, "nih": 0.16}
MOST_OF_A_PAGE = 14


def pages(data: Path) -> Iterator[tuple[str, Page]]:
    """Yield kind and page of everything that may be labelled."""
    measured = {json.loads(line)["id"].rpartition("#")[0] for line in _lines(data / "claims/sentences.jsonl")}
    for name, field, kind_of in (
        ("html/health.jsonl", "html", lambda row: row["label"]),
        ("claims/pages_credibility.jsonl", "text", lambda _: "trec"),
        ("spam/pages.jsonl", "text", lambda row: "clinic" if row["group"] == "C" and row["language"] == "en" else ""),
        ("clean/nih.jsonl", "text", lambda _: "nih"),
    ):
        for line in _lines(data / name):
            row = json.loads(line)
            kind = kind_of(row)
            if kind and row["id"] not in measured:
                yield kind, Page(id=row["id"], kind="html" if field == "html" else "text", text=row[field])


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--count", type=int, default=1500)
    options.add_argument("--parts", type=int, default=2)
    options.add_argument("--overlap", type=int, default=300)
    arguments = options.parse_args()
    chance = random.Random(20261123)
    rules = load_rules()
    by_kind: dict[str, list[Page]] = {}
    for kind, page in pages(arguments.data):
        by_kind.setdefault(kind, []).append(page)
    drawn: list[dict[str, str]] = []
    for kind, share in SHARES.items():
        wanted = round(arguments.count * share)
        chance.shuffle(by_kind[kind])
        taken: list[dict[str, str]] = []
        for page in by_kind[kind]:
            if len(taken) >= wanted:
                break
            try:
                taken += _of_page(page, rules, chance)
            except AuditError as error:
                print(page.id, error)
        drawn += taken[:wanted]
    chance.shuffle(drawn)
    arguments.out.mkdir(parents=True, exist_ok=True)
    both, rest = drawn[: arguments.overlap], drawn[arguments.overlap :]
    for part in range(arguments.parts):
        mine = both + rest[part :: arguments.parts]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in mine)
        (arguments.out / f"part-{part}.jsonl").write_text(lines, "utf-8")
        print(f"part-{part}: {len(mine)} sentences")


def key(page: Page, place: Span, text: str) -> str:
    """Return what a label keeps of a sentence: the id of its page, where it stands, and a digest of its text."""
    return f"{page.id}:{place.start}:{place.end}:{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _of_page(page: Page, rules: RuleSet, chance: random.Random) -> list[dict[str, str]]:
    text = readable(parse(page))
    found_sentences = sentences(text)
    claims = [(claim.start, claim.end) for claim in audit_page(page, rules).claims]
    found = []
    for index, sentence in enumerate(found_sentences):
        place = text.to_page(Span(sentence.start, sentence.end))
        if place is None or len(sentence.text.split()) < 3:
            continue
        found.append((index, place, any(a < place.end and place.start < b for a, b in claims)))
    likely = [row for row in found if row[2]]
    others = [row for row in found if not row[2]]
    chosen = sorted(
        chance.sample(likely, min(len(likely), MOST_OF_A_PAGE // 2))
        + chance.sample(others, min(len(others), MOST_OF_A_PAGE // 2))
    )
    texts = [text.source[s.start : s.end] for s in found_sentences]
    return [
        {
            "key": key(page, place, texts[index]),
            "before": texts[index - 1][-240:] if index else "",
            "sentence": texts[index],
            "after": texts[index + 1][:160] if index + 1 < len(texts) else "",
        }
        for index, place, _ in chosen
    ]


if __name__ == "__main__":
    main()
