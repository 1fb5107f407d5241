"""What the benchmark counts with: baselines, intervals, calibration, an emptied lexicon, the README's tables."""

from __future__ import annotations

import builtins
import json
import re
from pathlib import Path
from typing import Any

import pytest

import audit
from audit.model import Page
from audit.rules.schema import Host, Pattern, Phrase
from audit.text.span import Span
from benchmarks import accuracy, batch_figures, readme, speed, speed_growth, speed_peers
from benchmarks.baselines import (
    BASELINES,
    MissingPeer,
    c4_lines,
    extraction,
    gopher_document,
    gopher_lines,
    keyword_sentence,
    keyword_token,
    ngrams,
)
from benchmarks.bench import Bench, emptied_note, lexicon_emptied, no_trade_words
from benchmarks.fuzz import __main__ as fuzz
from benchmarks.fuzz.targets import TARGETS
from benchmarks.injections import Injection, whole_pages
from benchmarks.measures import expected_error, mean_interval, outcome, reliability, summary, wilson

PROSE = "The ankle swells within minutes of the fall and it is sore to the touch on the outer side of the joint."
LONG = (
    f"{PROSE} Cooling with a wet cloth eases the pain for some hours, and most people sleep well on the first night. By "
    "the end of the week the bruise turns from blue to yellow, which is a sign that the body is at work. Walk a little "
    "on every day that you have no fever, with a stick if the foot does not carry you, and see a doctor if it will not."
)
README = Path(__file__).parent.parent / "README.md"


def gone(cut: tuple[Span, ...], text: str) -> list[str]:
    return [text[span.start : span.end].strip() for span in cut]


@pytest.mark.parametrize(
    ("baseline", "text", "lost"),
    [
        (keyword_sentence, f"{PROSE} Play roulette now. Rest helps.", ["Play roulette now."]),
        (keyword_token, f"{PROSE} Play roulette now.", ["roulette"]),
        (c4_lines, f"{PROSE}\nSprains and strains\nToo short a line.", ["Sprains and strains", "Too short a line."]),
        (c4_lines, f"{PROSE}\nThis site uses cookies to remember you.", ["This site uses cookies to remember you."]),
        (gopher_lines, f"{PROSE}\nbuy pills | cheap | 24 | 77 | 88", ["buy pills | cheap | 24 | 77 | 88"]),
        (gopher_document, LONG, []),
        (gopher_document, "one two " * 60, [("one two " * 60).strip()]),
    ],
)
def test_a_baseline_cuts_what_its_source_says(baseline: Any, text: str, lost: list[str]) -> None:
    assert gone(baseline(text, "text"), text) == lost


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_leaves_markup_and_scripts_alone(name: str) -> None:
    page = f"<script>casino poker</script><p class='casino'>{PROSE}</p>"
    assert "casino" not in "".join(gone(BASELINES[name](page, "html"), page))


def test_the_classifier_learns_from_what_it_is_given() -> None:
    pytest.importorskip("sklearn")
    spam = [f"Order cheap zorpills tonight from zorpills{n} shop." for n in range(30)]
    clean = [f"Rest the joint for {n} days and keep it raised." for n in range(30)]
    text = "Rest the joint and keep it warm. Order zorpills from the shop tonight."
    assert gone(ngrams(spam, clean)(text, "text"), text) == ["Order zorpills from the shop tonight."]


@pytest.mark.parametrize(("package", "make"), [("trafilatura", extraction), ("sklearn", lambda: ngrams(["a"], ["b"]))])
def test_a_missing_peer_says_what_to_install(package: str, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refused(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refused)
    with pytest.raises(MissingPeer, match=re.escape("article-audit[bench]")):
        make()


def test_wilson_gives_the_published_interval() -> None:
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]  # Newcombe 1998, table I
    assert wilson(0, 0) == (0.0, 1.0)


def made(at: int, *, cut: bool) -> Any:
    page = Injection(f"page{at}+T1+{at}", "text", "spam: clean", (Span(0, 5),), (), "clean", "T1", "x")
    return outcome(page, (Span(0, 5),) if cut else ())


def test_intervals_hold_the_figure_and_close_in_on_it() -> None:
    few, many = ([made(at, cut=at % 4 > 0) for at in range(count)] for count in (8, 400))
    for name in ("f1", "found", "exact"):
        wide, narrow = (
            (found[f"{name}_low"], found[name], found[f"{name}_high"]) for found in map(summary, (few, many))
        )
        assert wide[0] <= wide[1] <= wide[2]
        assert narrow[2] - narrow[0] < wide[2] - wide[0]


def test_the_interval_of_a_mean_is_drawn_over_hosts() -> None:
    low, high = mean_interval([0.0, 1.0, 1.0, 1.0])
    assert low < 0.75 < high
    assert mean_interval([0.5] * 6) == (0.5, 0.5)


def test_a_calibrated_judge_has_no_error_and_a_boaster_has() -> None:
    honest = [(0.9, at % 10 > 0) for at in range(100)]
    boaster = [(0.9, at % 2 > 0) for at in range(100)]
    assert expected_error(reliability(honest, (0.0, 0.5, 1.0))) == 0
    assert expected_error(reliability(boaster, (0.0, 0.5, 1.0))) == pytest.approx(0.4)
    assert [one.count for one in reliability([(0.5, True), (1.0, True)], (0.0, 0.5, 1.0))] == [2]


def test_an_emptied_lexicon_knows_no_word_of_the_packs() -> None:
    full = audit.load_rules()
    empty = lexicon_emptied(full)
    assert empty != full
    assert [rule.id for rule in empty.rules] == [rule.id for rule in full.rules]
    listed = [
        rule for rule in empty.rules
        if isinstance(rule, Phrase | Pattern | Host) and rule.id.startswith("spam.") and rule.evidence == "payload"
    ]  # fmt: skip
    assert len(listed) > 30
    words = {word for rule in listed if isinstance(rule, Phrase) for word in rule.any}
    assert len(words) == 1
    assert f"{len(listed)} spam rules" in emptied_note(full)


def test_help_contexts_stay_when_the_lexicon_is_emptied() -> None:
    full = audit.load_rules()
    helps = [rule for rule in full.rules if isinstance(rule, Phrase) and rule.evidence == "help"]
    assert helps
    assert [rule for rule in lexicon_emptied(full).rules if rule in helps] == helps


def test_trade_words_in_code_are_back_after_a_measurement_without_them() -> None:
    page = Page(id="x", kind="text", text=f"slot gacor maxwin, judi togel, casino poker: {LONG}")
    before = audit.audit_page(page, audit.load_rules())
    with no_trade_words():
        without = audit.audit_page(page, lexicon_emptied(audit.load_rules()))
    assert before.findings
    assert without.findings != before.findings
    assert audit.audit_page(page, audit.load_rules()) == before


def test_whole_pages_come_in_every_form_and_the_same_each_time() -> None:
    pages = list(whole_pages(48, part="dev"))
    assert pages == list(whole_pages(48, part="dev"))
    assert {(page.form, page.kind) for page in pages} == {
        (form, kind) for form in ("shop", "doorway", "reflected search") for kind in ("text", "html")
    }
    assert len({page.family for page in pages}) >= 10


def test_every_table_has_one_place_in_the_readme() -> None:
    text = README.read_text("utf-8")
    tables = (*readme.TABLES, *speed.OF_README)
    for name in tables:
        assert text.count(readme.marker(name)) == 1, name
        assert re.search(rf"{re.escape(readme.marker(name))}\n(?:(?!<!-- figures).)*?{readme.END}", text, re.DOTALL), (
            name
        )
    assert text.count(readme.END) == len(tables)


def test_a_readme_without_a_place_for_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing here", "utf-8")
    with pytest.raises(ValueError, match="figures: clean"):
        readme.write(tmp_path / "README.md", {})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--misses", "out.jsonl"], "--part dev"),
        (["--readme", "--quick"], "full run"),
        (["--data", "/nowhere/at/all"], "name the labelled data with --data"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    options: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["accuracy.py", *options])
    with pytest.raises(SystemExit) as left:
        accuracy.main()
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_a_campaign_says_the_same_on_every_page(tmp_path: Path) -> None:
    answers = [
        {"id": f"a{at}", "text": f"Question {at}\n{LONG} It is answer {at}.\n{LONG}\n{LONG}\n"} for at in range(200)
    ]
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean/nih.jsonl").write_text("".join(json.dumps(row) + "\n" for row in answers), "utf-8")
    bench = Bench(tmp_path, part="dev")
    for number in range(3):
        pages = list(batch_figures.campaign(bench, batch_figures.documents(bench), number))
        assert len({page.id for page in pages}) == len(pages) > 3
        assert len({"".join(page.text[span.start : span.end] for span in page.spans) for page in pages}) == 1


def slow() -> speed_peers.Work:
    return lambda text: sum(range(40_000 * len(text)))


def quick() -> speed_peers.Work:
    return len


def not_there() -> speed_peers.Work:
    raise ImportError(name="peerless")


def test_contenders_are_held_to_the_first_and_the_missing_are_named() -> None:
    timed, missing = speed_peers.race({"slow": slow, "quick": quick, "gone": not_there}, ["abc", "de"], rounds=2)
    assert missing == ["gone (pip install peerless)"]
    assert timed["slow"].ratio == 1
    assert timed["quick"].ratio > 10
    assert timed["slow"].mean_ms > timed["quick"].mean_ms
    assert min(one.peak_mb for one in timed.values()) > 5


def test_made_rules_load(tmp_path: Path) -> None:
    speed_growth.write_rules(tmp_path / "made.yaml", 3)
    before, after = audit.load_rules(), audit.load_rules([tmp_path / "made.yaml"])
    assert len(after.rules) == len(before.rules) + 3


def test_a_run_is_measured_with_all_its_processes(tmp_path: Path) -> None:
    source = speed_growth.write(tmp_path / "made.jsonl", speed_growth.network(1, "", pages=3))
    grown = speed_growth.run("three", 3, tmp_path, source)
    assert grown.cpu_seconds > 0.1
    assert 20 < grown.peak_mb < 2000
    assert (tmp_path / "out/report.jsonl").read_bytes().count(b"\n") == 3


def test_the_table_of_executions_is_that_of_the_counts() -> None:
    page = fuzz.TABLE.read_text("utf-8")
    counts = json.loads(fuzz.EXECUTIONS.read_text("utf-8"))
    assert set(counts) == set(TARGETS)
    for row in fuzz.table(counts):
        assert f"| {' | '.join(map(str, row))} |\n" in page
