import pytest

from audit.claims.sentences import split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It works. It does.", ["It works.", "It does."]),
        ("Dr. May met Mr. Lee at 5 p.m. in town.", ["Dr. May met Mr. Lee at 5 p.m. in town."]),
        ("Use 2.5 mg, e.g. at night. Then stop.", ["Use 2.5 mg, e.g. at night.", "Then stop."]),
        ("Vitamin C. Then vitamin D.", ["Vitamin C.", "Then vitamin D."]),
        ("Written by J. R. Smith. It helps.", ["Written by J. R. Smith.", "It helps."]),
        ("The page was\nwrapped here.", ["The page was\nwrapped here."]),
        ("Heading\nText follows.", ["Heading", "Text follows."]),
        ("1. Pain Relief: Massage helps.", ["Massage helps."]),
        ("Safe? “Yes.” He nodded.", ["Safe?", "“Yes.”", "He nodded."]),
        ("Cell one | Cell two", ["Cell one", "Cell two"]),
        ("Wait...and see", ["Wait...and see"]),
        ("", []),
    ],
    ids=[
        "two", "abbreviations", "decimals", "letter at the end", "initials", "wrapped line", "lines", "label", "quotes",
        "cells", "dots", "empty",
    ],
)  # fmt: skip
def test_split_keeps_sentences_whole(text: str, sentences: list[str]) -> None:
    assert [text[span.start : span.end] for span in split(text)] == sentences
