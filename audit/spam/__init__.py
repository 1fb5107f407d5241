"""Injected spam: found, judged and cut."""

from audit.spam.detect import Injected, detect
from audit.spam.structural import DETECTORS

__all__ = ["DETECTORS", "Injected", "detect"]
