"""Injected spam: found, judged and cut."""

from audit.spam.detect import Injected, Seen, detect
from audit.spam.elsewhere import NOTHING, Elsewhere
from audit.spam.structural import DETECTORS

__all__ = ["DETECTORS", "NOTHING", "Elsewhere", "Injected", "Seen", "detect"]
