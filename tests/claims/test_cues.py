import pytest

from audit.claims import cues, is_hedged


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ginger may ease nausea.", [("hedge", "may")]),
        ("Ginger can ease nausea, and it usually helps.", []),
        ("It is clinically proven.", [("booster", "clinically proven")]),
        ("It does not work.", [("negation", "not")]),
        ("These data indicate that it binds.", [("hedge", "indicate that")]),
        ("On May 12 the clinic opened.", []),
        ("Ask Dr. May about it.", []),
        ("Open a can of beans.", []),
        ("It not only eases others.", []),
        ("Surgery is indicated here.", []),
        ("", []),
    ],
)
def test_cues_names_kind_and_place(text: str, found: list[tuple[str, str]]) -> None:
    assert [(cue.kind, text[cue.start : cue.end]) for cue in cues(text)] == found


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("It may take time, but it works.", "may take time"),
        ("Rest helped; it might not last.", "might not last"),
        ("Stress is thought to cause it.", "Stress is thought to cause it"),
    ],
    ids=["up to the next clause", "its own clause", "with the subject"],
)
def test_cues_give_the_clause_they_govern(text: str, scope: str) -> None:
    assert scope in {text[cue.scope.start : cue.scope.end] for cue in cues(text)}


def test_cues_keep_their_place_in_typographic_text() -> None:
    text = "It doesn’t work — “perhaps” later."
    assert [text[cue.start : cue.end] for cue in cues(text)] == ["doesn’t", "perhaps"]


@pytest.mark.parametrize(
    ("sentence", "hedged"),
    [
        ("Olive oil may lower the risk of stroke.", True),
        ("Olive oil seems to lower the risk of stroke.", True),
        ("Olive oil is likely to lower the risk of stroke.", True),
        ("The data suggest that olive oil lowers the risk of stroke.", False),
        ("Olive oil lowers the risk of a possible stroke.", False),
        ("Olive oil can lower the risk of stroke.", False),
        ("In May 2019 olive oil lowered the risk of stroke.", False),
    ],
)
def test_tells_an_effect_stated_conditionally_from_a_direct_one(sentence: str, hedged: bool) -> None:
    assert is_hedged(sentence) is hedged
