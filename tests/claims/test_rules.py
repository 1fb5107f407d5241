from audit.claims import DETECTORS
from audit.rules.load import load_rules
from audit.rules.selftest import check


def test_every_claim_rule_hits_its_own_examples() -> None:
    failures = [failure for failure in check(load_rules(), DETECTORS).failures if not failure.rule.startswith("spam.")]
    assert [str(failure) for failure in failures] == []
