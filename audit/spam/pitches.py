"""Does a sentence advertise by the way it is put? Learned weights of words and pairs, names and addresses made alike.

Whom a sentence names is new each time, and what it sells may be anything, but `… from <name>, and save up to <amount>`
is how sellers speak. The weights are made by `training/turns.py`; the card is `audit/models/pitches.md`.
"""

from __future__ import annotations

from audit.spam.turns import features, weights

MODEL = "pitches.json"
LEAST = 1.0
"""Log-odds from which on a sentence is taken for advertising."""


def odds(text: str) -> float:
    """Return the log-odds that a sentence was written to advertise."""
    return weights(MODEL).odds(features(text))
