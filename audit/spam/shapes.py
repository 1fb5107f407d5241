"""The shape of a text: words, stops, and items between separators. Lists have one shape, sentences another."""

from __future__ import annotations

import re
from functools import lru_cache

from audit.spam.topic import faceless
from audit.text.anycase import AnyCase

SEPARATORS = ",|/•·;、，»→"
CLOSER = re.compile(r"\s*(?::(?!\d)|[–—|]|(?<=\s)-{1,2}(?=\s))\s*")
"""What closes a list at the head of a line."""
FACELESS = "\u00ad\u200b-\u200f\u2060\ufeff"
WORD = re.compile(rf"[^\W_][\w'’.&{FACELESS}-]*")
STOP = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’)\]]*+\s")
"""The end of a sentence. Looked for from the first sign of a run alone, so that a long one is read once."""
ENDS = (".", "!", "?", "…", "。", "！", "？", ".”", '."', "!”", '!"')
"""With what sentences end."""
VERBS = AnyCase(
    r"\b(?:is|are|was|were|be|been|has|have|had|could|may|might|would|should|causes|says|said|shows|means|uses"
    r"|if|because|that"
    r"|which|who|when|while|than|then|there|they|we|he|she|its|their|ist|sind|und|der|die|das|est|les|des|que"
    r"|para|por|con)\b",
)
"""Words that sentences have and search phrases do not; also of the neighbours of English."""
ITEMS = re.compile(rf"(?:(?<!\s)\s++)?[{re.escape(SEPARATORS)}]\s*+|(?<!\s)\s++(?:and|-)\s++")
"""What parts the items of a list."""
BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+|\s(?=[–—|-]\s)|:\s+")
"""Behind what the tail of a line may begin."""
PART = re.compile(r"(?<!\s)\s++[|–—»·-]\s++|(?:(?<!\s)\s++)?\|\s*+|:\s++|(?:(?<!\s)\s++)?,\s*+|(?<=[.!?])\s++")
"""What parts a title or a value: bars, dashes, colons, commas, stops."""


def item_count(text: str) -> int:
    """Return how many items a list has; 0 for what is no list: a sentence in it, a verb, an item of many words."""
    text = text if text.isascii() else faceless(text)
    if STOP.search(text):
        return 0
    items = [item for item in ITEMS.split(text) if item.strip()]
    if any(len(WORD.findall(item)) > 7 for item in items) or VERBS.search(text):
        return 0
    return len(items)


def is_opener(text: str) -> bool:
    """Whether a sentence is a short question to the reader, which what stands beside it answers: `Short of time?`."""
    return text.endswith("?") and 1 < len(WORD.findall(text)) <= _LONGEST_OPENER


_LONGEST_OPENER = 3
"""Words."""


@lru_cache(maxsize=64)
def has_verb(text: str) -> bool:
    """Whether a text has a word that sentences have and search phrases do not."""
    return VERBS.search(faceless(text))
