"""How much of what is advertised in other languages is cut out of English pages, and how much honest text is?

    python -m benchmarks.foreign [--data ../shared/data]

`foreign.yaml` holds sentences and phrases of 22 languages by a hand that wrote none of those learned from: what is
pasted in to advertise, and what stands on English pages honestly (titles, proverbs, leaflets, patients' words). Each
is put between two sentences of an NIH answer of the half to tune on. A text counts as cut if more than half of it is.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

from audit.text.span import Span, subtract
from benchmarks.bench import Bench
from benchmarks.spam_figures import cuts_of, sources_of
from training.brands import Maker

TEXTS = Path(__file__).with_name("foreign.yaml")
_END = re.compile(r"(?<=[a-z]\. )(?=[A-Z])")


class Inserted(NamedTuple):
    """A page with a text of another language in it."""

    language: str
    page: str
    place: Span


def inserted(bench: Bench, kind: str) -> Iterator[Inserted]:
    """Yield a page for each of the texts that advertise (`spam`), or of the honest ones (`honest`)."""
    pages = [source.text for source in sources_of(bench)["text"]]
    rng, maker = random.Random(f"foreign:{kind}"), Maker(random.Random(f"foreign:{kind}"), ["Leeds"])
    for language, texts in YAML(typ="safe", pure=True).load(TEXTS)[kind].items():
        for text in texts:
            page = rng.choice(pages)
            at = rng.choice([match.start() for match in _END.finditer(page)] or [0])
            said = maker.fill(text, language)
            yield Inserted(language, f"{page[:at]}{said} {page[at:]}", Span(at, at + len(said)))


def is_cut(bench: Bench, one: Inserted) -> bool:
    """Whether more than half of the inserted text is cut."""
    cuts = cuts_of(bench.spam("page", "text", one.page))
    return 2 * sum(map(len, subtract([one.place], cuts))) < len(one.place)


def cut_of(bench: Bench, kind: str) -> dict[str, list[bool]]:
    """Return which of the inserted texts of a kind are cut, by language."""
    became: dict[str, list[bool]] = {}
    for one in inserted(bench, kind):
        became.setdefault(one.language, []).append(is_cut(bench, one))
    return became


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    bench = Bench(options.parse_args().data, part="dev")
    for kind in ("spam", "honest"):
        became = cut_of(bench, kind)
        cut = sum(map(sum, became.values()))
        by_language = ", ".join(f"{language} {sum(cuts)}" for language, cuts in became.items())
        print(f"{kind}: cut {cut} of {sum(map(len, became.values()))}: {by_language}")


if __name__ == "__main__":
    main()
