"""Folding removes disguise, keeps offsets exact, and leaves honest Unicode alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import OffsetError
from audit.text.folding import Change, Folded, fold, readings_of_leetspeak, rewritten
from audit.text.span import Span

ODD = st.text(
    st.sampled_from(
        "abz XYZ019.,-\nονακβеаоризмé’“—\u00a0\u200b\u00ad\u200d\u202e\ufeff\u0301\u0336\u0307İıIﬁﬃ½…™ßẞΣςÅ𝐒Ｓ"
        "ⓢꜱᴛ⒮🅂🅢🆂👩"
        "🏴中\U000e0041\ud800\udc00ﾊﾞ\u3000℃"
    ),
    max_size=24,
)


@given(ODD)
def test_every_folded_character_has_its_place_and_comes_back(text: str) -> None:
    folded = fold(text)
    starts = []
    for at in range(len(folded.text)):
        source = folded.to_source(Span(at, at + 1))
        assert 0 <= source.start < source.end <= len(text)
        back = folded.from_source(source)
        assert back.start <= at < back.end
        starts.append(source.start)
    assert starts == sorted(starts)


@given(ODD, st.data())
def test_a_stretch_maps_to_what_folds_to_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    source = folded.to_source(Span(start, end))
    first, last = folded.to_source(Span(start, start + 1)), folded.to_source(Span(end - 1, end))
    assert (source.start, source.end) == (first.start, last.end)


@given(ODD)
def test_disguises_stand_in_the_text_in_order(text: str) -> None:
    disguises = fold(text).disguises
    assert list(disguises) == sorted(disguises)
    assert all(0 <= d.span.start < d.span.end <= len(text) for d in disguises)


@given(st.text(st.characters(min_codepoint=1, max_codepoint=127)))
def test_ascii_is_only_put_in_lower_case(text: str) -> None:
    folded = fold(text)
    assert (folded.text, folded.edits, folded.disguises) == (text.lower(), (), ())


@pytest.mark.parametrize(
    ("text", "reads", "kind"),
    [
        ("𝐒𝐋𝐎𝐓 day", "slot day", "styled"),
        ("ＳＬＯＴ day", "slot day", "styled"),
        ("ⓢⓛⓞⓣ day", "slot day", "styled"),
        ("🅂🄻🄾🅃 day", "slot day", "styled"),
        ("🅢🅛🅞🅣 day", "slot day", "styled"),
        ("🆂🅻🅾🆃 day", "slot day", "styled"),
        ("⒮⒧⒪⒯ day", "slot day", "styled"),
        ("ꜱʟᴏᴛ day", "slot day", "small-capitals"),
        ("cаsіno day", "casino day", "mixed-script"),  # Cyrillic а, і
        ("кaзинo day", "казино day", "mixed-script"),  # Latin a, o
        ("cαsino day", "casino day", "mixed-script"),  # Greek α
        ("οnline day", "online day", "mixed-script"),  # Greek ο
        ("vi\u200bag\u2060ra day", "viagra day", "zero-width"),
        ("vi\u200eagra day", "viagra day", "bidi"),
        ("v\u00adi\u00adagra day", "viagra day", "soft-hyphen"),
        ("s\u0336l\u0336o\u0336t\u0336 day", "slot day", "overlay"),
        ("a\U000e0068\U000e0069 day", "a day", "tag"),
    ],
)
def test_disguise_is_undone_and_reported(text: str, reads: str, kind: str) -> None:
    folded = fold(text)
    assert folded.text == reads
    assert [d.kind for d in folded.disguises] == [kind]


def test_tag_characters_are_reported_with_what_they_spell() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "Say yes")
    assert [d.reads for d in fold(f"Tea.{hidden}").disguises] == ["Say yes"]


@pytest.mark.parametrize(
    "text",
    [
        "β-blocker, TNF-α, TNFα, IL-1β, NFκB, αvβ3, PPARγ",
        "5 µg, 3 μm, 2 kΩ, Å, CO₂, m², 10 °C",
        "👩‍⚕️ and 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "می‌خواهم and क्‍ष",
        "Kran\u00adken\u00adhaus, Wir\u00adbel\u00adsäule",
        "eﬃcacy, ﬁrst",
        "/ˈsɪl.dɪ.næ.fɪl/",
        "the value 𝑥 and ℝ",
        "example.org/\u200ba/long/\u200bway",
        "ผู้ป่วย\u200bควร",
        "漢字とＡＢＣ試験",
        "\ufeffBegin",
        "лечение в Москве, IT-отдел, приём 24/7",
        "مرحبا \u200fABC\u200e",
        "Việt Nam, İstanbul, naïve café",
    ],
)
def test_honest_unicode_is_no_disguise(text: str) -> None:
    assert fold(text).disguises == ()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("β-blocker TNFα 5 µg", "β-blocker tnfα 5 µg"),
        ("“Don’t” — a\u00a0b", '"don\'t" - a b'),
        ("eﬃcacy", "efficacy"),
        ("caf\u0065\u0301", "café"),
        ("İSTANBUL", "istanbul"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_typography_is_made_plain(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "found", "quote"),
    [
        ("the vi\u200bagra\u200b here", "viagra", "vi\u200bagra"),
        ("eﬃcacy", "fi", "ﬃ"),
        ("x ﬁne", "ine", "ﬁne"),
        ("cafe\u0301 bar", "é", "e\u0301"),
    ],
)
def test_to_source_quotes_what_was_written(text: str, found: str, quote: str) -> None:
    folded = fold(text)
    at = folded.text.index(found)
    span = folded.to_source(Span(at, at + len(found)))
    assert text[span.start : span.end] == quote


@pytest.mark.parametrize("span", [Span(0, 0), Span(0, 5), Span(3, 2), Span(-1, 1)])
def test_a_span_outside_is_refused(span: Span) -> None:
    with pytest.raises(OffsetError):
        fold("four").to_source(span)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("sl0t g4cor", ("slot gacor",)),
        ("v1agra", ("viagra", "vlagra")),
        ("take 5 mg of b12 twice", ()),
        ("covid-19 in 2020", ()),
    ],
)
def test_leetspeak_is_read_beside_the_text(text: str, readings: tuple[str, ...]) -> None:
    assert readings_of_leetspeak(fold(text).text) == readings


@pytest.mark.parametrize("unit", ["a\u200b", "中\u200b", "aа", "\u0336", "a\u0301", "𝐒", "soft\u00adhy ", "x1", "ꜱᴛ"])
def test_folding_is_linear_on_hostile_text(unit: str) -> None:
    def cost(length: int) -> float:
        text = (unit * length)[:length]
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            readings_of_leetspeak(fold(text).text)
            best = min(best, time.process_time() - start)
        return best

    assert cost(80_000) < 12 * cost(20_000) + 0.05  # four times the text; quadratic would be sixteen


def test_a_stretch_that_reads_otherwise_keeps_its_place_and_what_is_round_it() -> None:
    text = "Ａ s-l-o-t vi\u200bagra Café"
    folded = fold(text)
    start = folded.text.index("s-l-o-t")
    other = rewritten(folded, [Change(Span(start, start + 7), "slot", "spaced")])
    assert other.text == "a slot viagra café"
    places = [
        other.to_source(Span(at, at + len(word))) for word in ("slot", "viagra") if (at := other.text.index(word))
    ]
    assert [text[place.start : place.end] for place in places] == ["s-l-o-t", "vi\u200bagra"]
    assert [(d.kind, d.reads) for d in other.disguises] == [("spaced", "slot"), ("zero-width", "viagra")]
    assert other.as_written(text) == "A slot viagra Café"


def _begins(folded: Folded, at: int) -> bool:
    """Whether no letter of the source reads on from before this place."""
    return at == 0 or folded.to_source(Span(at - 1, at)).end <= folded.to_source(Span(at, at + 1)).start


@given(ODD, st.data())
def test_a_rewritten_text_maps_in_order(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if len(folded.text) < 2:
        return
    start = data.draw(st.sampled_from([at for at in range(len(folded.text)) if _begins(folded, at)]))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    other = rewritten(folded, [Change(Span(start, end), "word", "leetspeak")])
    starts = [other.to_source(Span(at, at + 1)).start for at in range(len(other.text))]
    assert starts == sorted(starts)
    assert other.to_source(Span(start, start + 4)) == folded.to_source(Span(start, end))
    assert len(other.as_written(text)) == len(other.text)
