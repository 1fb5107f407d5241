"""The learned reader: sums of whole weights, beside what the rules say."""

import random

import pytest

from audit.claims import features, learned
from audit.claims.features import Said
from audit.claims.learned import Linear, Weights
from audit.claims.whole import TYPES, Whole

NAMES = tuple(
    f"{of} {name}"
    for of, names in (
        ("type", "danger cure dose safe compare prevent treat testimonial diagnose prognose cause advise"),
        ("strength", "booster direct weak strong"),
        ("source", "none vague specific"),
    )
    for name in names.split()
)
WEIGHTS = Weights(
    claim=Linear(-2_000, {"w cure": 3_000, "w walk": -1_500, "P selling 1": 500}),
    severity=Linear(1_000, {"w cure": 1_600, "P selling 1": 1_000}),
    names=NAMES,
    biases=(0,) * len(NAMES),
    classes={"w cure": learned.pack([(NAMES.index("type cure"), learned.MARGIN + 1_000)])},
)
PLAIN = learned.tone([], WEIGHTS)
UNSURE = Whole(0, (0,) * len(TYPES))
TREAT = Said("treat", "direct", "vague", negated=False, severity=2)


def test_takes_a_sentence_for_a_claim_by_the_sum_of_its_features() -> None:
    assert learned.decide({"w cure"}, PLAIN, None, UNSURE, WEIGHTS) is not None
    assert learned.decide({"w walk"}, PLAIN, None, UNSURE, WEIGHTS) is None


def test_is_slower_to_doubt_where_the_rules_see_a_claim() -> None:
    weights = Weights(Linear(-500, {}), WEIGHTS.severity, NAMES, WEIGHTS.biases, {})
    tone = learned.tone([], weights)
    assert learned.decide(set(), tone, None, UNSURE, weights) is None
    assert learned.decide(set(), tone, TREAT, UNSURE, weights) is not None


def test_what_the_net_says_counts_as_much_as_the_words() -> None:
    for says, is_claim in ((Whole(4_000, UNSURE.types), True), (Whole(2_500, UNSURE.types), False)):
        assert (learned.decide({"w walk"}, PLAIN, None, says, WEIGHTS) is not None) == is_claim


def test_the_type_is_what_weights_and_net_say_together() -> None:
    types = tuple(2_000 * (name == "cause") for name in TYPES)
    plain = learned.decide({"w cure"}, PLAIN, None, Whole(0, types), WEIGHTS)
    assert plain is not None
    assert plain.type == "cure"
    decision = learned.decide(set(), PLAIN, None, Whole(4_000, types), WEIGHTS)
    assert decision is not None
    assert decision.type == "cause"


def test_never_doubts_a_danger_that_is_named() -> None:
    said = Said("danger", "direct", "none", negated=False, severity=4, fixed=True)
    decision = learned.decide({"w walk"}, PLAIN, said, UNSURE, WEIGHTS)
    assert decision is not None
    assert (decision.type, decision.severity) == ("danger", 4)


def test_another_class_must_beat_that_of_the_rules_by_the_margin() -> None:
    weak = Weights(
        WEIGHTS.claim,
        WEIGHTS.severity,
        NAMES,
        WEIGHTS.biases,
        {"w cure": learned.pack([(NAMES.index("type cure"), 100)])},
    )
    for weights, kind in ((WEIGHTS, "cure"), (weak, "treat")):
        decision = learned.decide({"w cure"}, learned.tone([], weights), TREAT, UNSURE, weights)
        assert decision is not None
        assert decision.type == kind


def test_keeps_a_source_that_the_rules_have_read() -> None:
    decision = learned.decide({"w cure"}, PLAIN, TREAT, UNSURE, WEIGHTS)
    assert decision is not None
    assert decision.source == "vague"


def test_the_tone_of_a_page_moves_severity() -> None:
    selling = learned.tone(["P selling 1"], WEIGHTS)
    plain, sold = (learned.decide({"w cure"}, tone, None, UNSURE, WEIGHTS) for tone in (PLAIN, selling))
    assert plain is not None
    assert sold is not None
    assert sold.severity > plain.severity


@pytest.mark.parametrize("severity", [2, 4])
def test_a_cure_without_a_source_keeps_what_the_table_says(severity: int) -> None:
    said = Said("cure", "direct", "none", negated=False, severity=severity)
    weights = Weights(Linear(1_000, {}), Linear(0, {}), NAMES, WEIGHTS.biases, {})
    decision = learned.decide(set(), learned.tone([], weights), said, UNSURE, weights)
    assert decision is not None
    assert decision.severity == severity


def test_evidence_adds_up_to_the_log_odds() -> None:
    own = {"w cure", "w walk", "@n hedge", "=claim", "> claim"}
    tone = learned.tone(["P selling 1"], WEIGHTS)
    total = sum(item.weight for item in learned.evidence(own, tone, TREAT, Whole(700, UNSURE.types), WEIGHTS))
    odds = (WEIGHTS.claim.score(own) + tone.claim + 700) / 2 + learned.RULED
    assert total == pytest.approx(odds / 1000)


def test_comes_to_the_same_in_any_order() -> None:
    weights = learned.weights()
    names = sorted(weights.claim.weights)
    shuffled = random.Random(5).sample(names, len(names))
    assert weights.claim.score(names) == weights.claim.score(shuffled)


@pytest.mark.parametrize(
    "numbers",
    [(0, 0, 0), (-1, 5, -7), (3_000, -90_000, 1), (-(2**30), 2**30, 0)],
    ids=["none", "borrows", "far", "edge"],
)
def test_packed_numbers_come_out_as_they_went_in(numbers: tuple[int, ...]) -> None:
    assert learned.unpack(learned.pack(enumerate(numbers)), len(numbers)) == numbers


def test_packed_numbers_add_up_class_by_class() -> None:
    left, right = (-5, 7, 100), (2, -9, -300)
    both = learned.pack(enumerate(left)) + learned.pack(enumerate(right))
    assert learned.unpack(both, 3) == (-3, -2, -200)


def test_no_weight_belongs_to_words_that_spell_a_sentence() -> None:
    assert all(" " not in name[2:] for name in learned.weights().claim.weights if name.startswith("w "))


def test_folds_the_endings_of_words_into_one_feature() -> None:
    stems = {features.stem(word) for word in ("relieve", "relieves", "relieved", "relieving")}
    assert stems == {"w reliev"}
