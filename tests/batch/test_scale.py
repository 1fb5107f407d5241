"""`docs/scale.md` holds what its script works out, and the script measures what it says."""

from pathlib import Path

from benchmarks import scale

DOCS = Path(__file__).parents[2] / "docs/scale.md"


def test_the_document_holds_the_tables_of_the_script(capsys):
    scale.tables()
    assert capsys.readouterr().out.strip() in DOCS.read_text("utf-8")


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
