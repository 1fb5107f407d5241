"""Medical claims: what a page says of health, how surely, on what ground, and whether an editor would change it."""

from __future__ import annotations

from audit.claims.cues import cues, is_hedged
from audit.claims.lexicon import DETECTORS
from audit.claims.reading import Reading, read

__all__ = ["DETECTORS", "Reading", "cues", "is_hedged", "read"]
