"""Runs: a plan, shards and a merge; the same bytes whatever the number of workers and interruptions."""

from __future__ import annotations

from audit.batch.output import REPORT
from audit.batch.passes import CAMPAIGNS
from audit.batch.plan import Plan, Shard, make_plan
from audit.batch.run import Batch, State, Summary, audit_paths, compared, run_batch
from audit.batch.shard import audit_shard

__all__ = [
    "CAMPAIGNS", "REPORT", "Batch", "Plan", "Shard", "State", "Summary", "audit_paths", "audit_shard", "compared",
    "make_plan", "run_batch",
]  # fmt: skip
