"""Make `audit/models/words.txt`: the words that honest text uses, for telling what does not belong to a page.

    python training/spam_words.py ../shared/data

Read are half of the NIH and CDC documents (by a hash of their id; the other half is kept for measuring) and the
training part of the English Web Treebank. Kept are words of four letters or more in lower case, of three documents or
more of the first or four sentences or more of the second, less the words of injected trades.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

from audit.spam.payload import TRADE_WORDS

WORD = re.compile(r"[^\W\d_]{4,}")


def main() -> None:
    data = Path(sys.argv[1])
    documents: Counter[str] = Counter()
    with (data / "clean" / "nih.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 0:
                documents.update({word.lower() for word in WORD.findall(row["text"])})
    sentences: Counter[str] = Counter()
    with (data / "syntax" / "ewt_train.conllu").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# text = "):
                sentences.update({word.lower() for word in WORD.findall(line[9:])})
    words = {word for word, count in documents.items() if count >= 3}
    words |= {word for word, count in sentences.items() if count >= 4}
    words -= set(TRADE_WORDS)
    target = Path(__file__).parents[1] / "audit" / "models" / "words.txt"
    target.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
