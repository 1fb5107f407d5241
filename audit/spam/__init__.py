"""Injected spam: found, judged and cut."""

from audit.spam.detect import Injected, detect

__all__ = ["Injected", "detect"]
