"""`docs/scale.md` holds what its script works out, and the script measures what it says."""

import sys

import msgspec

from benchmarks import scale


def test_the_document_holds_the_tables_of_the_script(tmp_path, monkeypatch, capsys):
    held = scale.DOCS.read_text("utf-8")
    (tmp_path / "scale.md").write_text(held, "utf-8")
    monkeypatch.setattr(scale, "DOCS", tmp_path / "scale.md")
    monkeypatch.setattr(sys, "argv", ["scale"])
    scale.main()
    assert (tmp_path / "scale.md").read_text("utf-8") == held
    assert "core-hours" in capsys.readouterr().out


def test_small_records_are_the_same_ones_each_time(tmp_path):
    for name in ("a", "b"):
        scale.records(tmp_path / name, 20)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert len((tmp_path / "a").read_bytes().splitlines()) == 20


def test_a_run_is_measured(tmp_path):
    scale.records(tmp_path / "x.jsonl", 50)
    cost = scale.measure([str(tmp_path / "x.jsonl")], jobs=1)
    assert (cost.pages, cost.read) == (50, (tmp_path / "x.jsonl").stat().st_size)
    assert cost.cpu > 0
    assert cost.report > 50 * 200
    assert 20 * scale.MB < cost.driver_peak < 500 * scale.MB


def test_what_is_measured_takes_the_place_of_what_was(tmp_path, monkeypatch):
    before = scale.measured()
    monkeypatch.setattr(scale, "KEPT", tmp_path / "scale.json")
    (tmp_path / "scale.json").write_bytes(msgspec.json.encode(before))
    twice = msgspec.structs.replace(before.pages, cpu=before.half.cpu + 2 * (before.pages.cpu - before.half.cpu))
    scale.keep(pages=twice)
    now = scale.measured()
    assert (now.half, now.records) == (before.half, before.records)
    assert round(now.page_ms / before.page_ms, 6) == 2
