"""Wording."""

from __future__ import annotations


def many(number: int, noun: str, plural: str = "") -> str:
    """Return `1 page`, `1,200 pages`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
