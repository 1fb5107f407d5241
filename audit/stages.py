"""Where the CPU time of a process goes, by stage of the pipeline."""

from __future__ import annotations

from time import process_time

STAGES = ("parse", "spam", "cut", "claims", "score", "report")
"""In the order in which a page goes through them."""
_spent = dict.fromkeys(STAGES, 0.0)


class Watch:
    """Tells the stages of one page apart; what it measures changes no report."""

    __slots__ = ("_begin",)

    def __init__(self) -> None:
        self._begin = process_time()

    def done(self, stage: str) -> None:
        """Count the time since the last stage."""
        now = process_time()
        _spent[stage] += now - self._begin
        self._begin = now


def spent() -> dict[str, float]:
    """Return the CPU seconds of this process so far, by stage."""
    return dict(_spent)


def since(before: dict[str, float]) -> dict[str, float]:
    """Return the seconds of this process, by stage, since it had spent so much."""
    return {stage: now - before[stage] for stage, now in spent().items()}
