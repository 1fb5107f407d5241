"""Words that only a dictionary can read behind spaces and digits; what is honest stays as it is."""

from __future__ import annotations

import pytest

from audit.model import Page
from audit.page import parse
from audit.spam.units import View
from audit.spam.unmask import split_words, unmasked
from audit.text.folding import fold


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Play c-a-s-i-n-o today", "play casino today"),
        ("b.o.n.u.s now", "bonus now"),
        ("s l o t g a c o r", "slot gacor"),
        ("buy v1agra 0nline", "buy viagra online"),
        ("cus7om3r car3 numb3r", "customer care number"),
        ("p0ker, $lot and b@nk", "poker, slot and bank"),
        ("see \u202eonisac enilno\u202c here", "see online casino here"),
    ],
)
def test_a_masked_word_is_read(text: str, reads: str) -> None:
    assert unmasked(fold(text), text).text == reads


@pytest.mark.parametrize(
    "text",
    [
        "GAD-7, PHQ-9, CA125, CD34, CYP3A4, HER2, B12, Ki-67, H1N1, HbA1c and p53",
        "5mg, 10th, 2nd, 3rd, 50ml, 4x4, Q10, T4 and 5-HT",
        "vitamins A B C D E K",
        "e.g. U.S.A., Ph.D., J. R. R. Smith, i.e. a. b. c. d.",
        "1-8-0-0 and 1 2 3 4 5 6",
        "write to info@example.org for $40",
    ],
)
def test_what_is_no_mask_stays(text: str) -> None:
    folded = fold(text)
    assert unmasked(folded, text) == folded


@pytest.mark.parametrize("gap", ["<b></b>", "<!-- -->", '<span class="x"></span>', "<i></i><u></u>"])
def test_a_word_split_by_nothing_is_reported(gap: str) -> None:
    view = View(parse(Page(id="page", kind="html", text=f"<p>The slo{gap}ts are open.</p>")))
    assert [(d.kind, d.reads, view.text[d.span.start : d.span.end]) for d in split_words(view)] == [
        ("split", "slots", "slots")
    ]


@pytest.mark.parametrize(
    "html",
    ["H<sub>2</sub>O", "<b>W</b>ord", 'end. <a name="x"></a>Next', "two <!-- --> words", "long<wbr>word", "a<br>b"],
)
def test_honest_tags_in_words_are_no_disguise(html: str) -> None:
    assert split_words(View(parse(Page(id="page", kind="html", text=f"<p>{html}</p>")))) == ()
