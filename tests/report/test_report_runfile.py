from __future__ import annotations

import json
from pathlib import Path

from made_runs import finding, report, run

from audit.model import Page
from audit.report import WRITERS

TEXT = "casino: massage."


def test_the_facts_of_the_run_and_its_sums_stand_in_run_json(tmp_path: Path):
    page = Page(id="a.txt", text=TEXT, kind="text")
    (path,) = WRITERS["json"](run(tmp_path, [report(page, cuts=["casino: "], findings=[finding(TEXT, "casino: ")])]))
    told = json.loads(path.read_bytes())
    assert path.name == "run.json"
    assert (told["version"], told["profile"], told["sources"], told["host"]) == (
        "0.1.0",
        "default",
        ["samples/"],
        "desk",
    )
    assert told["packs"][0] == {"pack": "spam.gambling", "version": 1, "rules": 3, "digest": "ab" * 32}
    assert told["started"] == "2026-01-02T03:04:05+00:00"
    assert told["counts"]["pages"] == 1
    assert told["counts"]["severities"] == {"4": 1}
