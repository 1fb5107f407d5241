"""What `accuracy.py` measures of pages that are audited together: campaigns, and captures of one address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec

import audit
from audit.model import PageReport
from audit.settings import Settings
from benchmarks.bench import Bench, Figures
from benchmarks.injections import SEEDS, Injection, Source, Voice, injections
from benchmarks.measures import Rate, outcome, summary
from benchmarks.spam_figures import alarmed, cuts_of, flags_of

_PAGES = 6
"""Pages that carry the same injection."""
_SLICE = 24
"""Documents set apart for each campaign, so that no clean sentence stands in two of them."""
_SHARED = (
    "Ring the appointment line on 555-0100 between eight and six.",
    "This leaflet is also available in large print; ask at reception.",
    "Next review due in spring. Send comments to the health information team.",
    "Download our app to book a slot or to see your test results.",
)
"""Sentences of a site's own that stand on many of its pages."""
_DIFFERENCES = (
    "Page last updated on 4 May.",
    "We use cookies to count visitors. Accept all or choose settings.",
    "Advertisement: Larkfield Mattresses, sleep well tonight.",
    "You have two free articles left this month. Subscribe to read on.",
    "Popular now: hay fever, back pain, sleep in summer.",
)
"""What two captures of one page may honestly differ by."""


class Record(msgspec.Struct, frozen=True):
    """One line of a batch."""

    id: str
    url: str
    text: str
    variant: str | None = None


def together(bench: Bench) -> Figures:
    """Measure the same injection on several sites, alone and as a batch; honest shared sentences; captures (T21)."""
    return {"campaigns": _campaigns(bench), "captures": _captures(bench)}


def documents(bench: Bench) -> list[Source]:
    """Return the clean texts that batches are made of."""
    rows = [row for row in bench.rows("clean/nih.jsonl") if 900 < len(row["text"]) < 6000]
    return [Source(row["id"], "text", row["text"]) for row in rows]


def _audited(bench: Bench, records: Sequence[Record]) -> dict[str, PageReport]:
    """Return the reports of one batch, by id."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "batch.jsonl"
        path.write_text("".join(json.dumps(_line(record)) + "\n" for record in records), "utf-8")
        return {report.id: report for report in audit.audit_paths(path, rules=bench.rules, settings=Settings(jobs=1))}


def _line(record: Record) -> dict[str, str]:
    return {name: value for name, value in msgspec.structs.asdict(record).items() if value is not None}


def _campaigns(bench: Bench) -> Figures:
    texts = documents(bench)
    count = bench.size("campaigns")
    made = [one for number in range(count) for one in campaign(bench, texts, number)]
    spare = texts[count * _SLICE :][:40]
    honest = [
        Record(f"honest{at}", f"https://clinic{at % 3}.example/{at}", f"{page.text.rstrip()}\n{_SHARED[at % 4]}\n")
        for at, page in enumerate(spare)
    ]
    injected = [Record(one.id, f"https://site{at}.example/page", one.text) for at, one in enumerate(made)]
    batch = _audited(bench, [*injected, *honest])
    alone = [bench.spam(one.id, "text", one.text) for one in made]
    alarms = [batch[record.id] for record in honest]
    return {
        "alone": summary([outcome(o, cuts_of(r), flags_of(r)) for o, r in zip(made, alone, strict=True)]),
        "in one batch": summary([outcome(one, cuts_of(batch[one.id]), flags_of(batch[one.id])) for one in made]),
        "honest_cut": Rate(sum(bool(report.cuts) for report in alarms), len(alarms)).as_dict(),
        "honest_flagged": Rate(sum(map(alarmed, alarms)), len(alarms)).as_dict(),
    }


def campaign(bench: Bench, texts: Sequence[Source], number: int) -> Iterator[Injection]:
    """Yield pages of different sites with one sentence, or one anchor, of one maker."""
    mine = texts[number * _SLICE : (number + 1) * _SLICE]
    speaker = _echo(Voice(Random(f"{SEEDS[bench.speaks]}:campaign:{number}"), bench.speaks, {}))
    made = injections(mine, _PAGES, part=bench.speaks, techniques=(("T3", "T4")[number % 2],), speaker=speaker)
    for one in made:
        yield msgspec.structs.replace(one, id=f"{one.id}+campaign{number}")


def _echo(voice: Voice) -> type[Voice]:
    """Return a speaker that has only one sentence and one anchor to say."""
    family = voice.variant("off-topic") if voice.rng.random() < 0.3 else voice.family()
    sentence, anchor = voice.sentence(family), voice.anchor(family)

    class Echo(Voice):
        def family(self, *, latin: bool = False) -> str:  # noqa: ARG002
            return family

        def variant(self, family: str) -> str:  # noqa: ARG002
            return self.family()

        def sentence(self, family: str) -> str:  # noqa: ARG002
            return sentence

        def paragraph(self, family: str) -> str:  # noqa: ARG002
            return sentence

        def anchor(self, family: str) -> str:  # noqa: ARG002
            return anchor

    return Echo


def _captures(bench: Bench) -> Figures:
    texts = documents(bench)
    count = bench.size("captures")
    cloaked = list(injections(texts, count, part=bench.speaks, techniques=("T1", "T2", "T3", "T10")))
    plain = texts[-count:]
    records = [
        record
        for at, one in enumerate(cloaked)
        for record in _two(f"cloaked{at}", f"https://clinic.example/{at}", one.clean, one.text)
    ]
    for at, page in enumerate(plain):
        other = f"{page.text.rstrip()}\n{_DIFFERENCES[at % len(_DIFFERENCES)]}\n"
        records += _two(f"plain{at}", f"https://surgery.example/{at}", page.text, other)
    reports = _audited(bench, records)
    shown = [reports[f"cloaked{at}/crawler"] for at in range(len(cloaked))]
    differing = [reports[f"plain{at}/crawler"] for at in range(len(plain))]
    return {
        "cloaking_found": Rate(sum(map(_is_cloaked, shown)), len(shown)).as_dict(),
        "cut": Rate(sum(bool(report.cuts) for report in shown), len(shown)).as_dict(),
        "false_alarms": Rate(sum(map(_is_cloaked, differing)), len(differing)).as_dict(),
    }


def _two(name: str, url: str, browser: str, crawler: str) -> tuple[Record, Record]:
    """Return two captures of one address, by what asked for it."""
    return Record(f"{name}/browser", url, browser, "browser"), Record(f"{name}/crawler", url, crawler, "crawler")


def _is_cloaked(report: PageReport) -> bool:
    return any(finding.family == "cloaking" for finding in report.findings)
