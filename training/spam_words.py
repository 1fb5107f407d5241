"""Make `audit/models/words.txt`: the words that honest text uses, for telling what does not belong to a page.

    python training/spam_words.py ../shared/data

Read are half of the NIH and CDC documents (by a hash of their id; the other half is kept for measuring) and the
training part of the English Web Treebank. Kept are words of four letters or more in lower case, of three documents or
more of the first or four sentences or more of the second, less the words of injected trades.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

from audit.spam.payload import TRADE_WORDS
from benchmarks.injections import part_of
from training.documents import answers, web

WORD = re.compile(r"[^\W\d_]{4,}")


def main() -> None:
    data = Path(sys.argv[1])
    documents: Counter[str] = Counter()
    for name, text in answers(data):
        if part_of(name) == "dev":
            documents.update({word.lower() for word in WORD.findall(text)})
    sentences: Counter[str] = Counter()
    for _, paragraphs in web(data):
        for sentence in chain.from_iterable(paragraphs):
            sentences.update({word.lower() for word in WORD.findall(sentence)})
    words = {word for word, count in documents.items() if count >= 3}
    words |= {word for word, count in sentences.items() if count >= 4}
    words -= set(TRADE_WORDS)
    target = Path(__file__).parents[1] / "audit" / "models" / "words.txt"
    target.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
