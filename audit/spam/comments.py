"""Was a reader's comment left to advertise? Learned weights of words and pairs, names and addresses made alike.

Flattery, a story or a question, and in it a name, an address or a number: whoever plants it is new each time. The
weights are made by `training/turns.py`; the card is `audit/models/comments.md`.
"""

from __future__ import annotations

from audit.spam.turns import features, weights

MODEL = "comments.json"
LEAST = 1.0
"""Log-odds from which on a comment is taken for advertising."""


def odds(text: str) -> float:
    """Return the log-odds that a comment was left to advertise."""
    return weights(MODEL).odds(features(text))
