"""What is read as a claim, of what type, how strong, on what source, and how severe."""

import pytest

from audit.claims import read
from audit.claims.reading import Reading
from audit.findings import Reporter
from audit.model import Claim, Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def reading(text: str, rules: RuleSet, kind: str = "text") -> Reading:
    page = Page(id="page", text=text, kind=kind)
    return read(parse(page), rules, Reporter(text))


def only(text: str, rules: RuleSet) -> Claim:
    claims = reading(text, rules).claims
    assert len(claims) == 1, [claim.quote for claim in claims]
    return claims[0]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        (
            "Acupressure has been shown to be an effective way to relieve cramps.",
            ("treat", "direct", "vague", False, 2),
        ),
        ("Acupressure can help reduce the strength of the cramps.", ("treat", "weak", "none", False, 1)),
        ("Is acupressure safe?\nYes, acupressure is generally safe.", ("safe", "weak", "none", False, 2)),
        ("Acupressure may not cure migraine completely.", ("cure", "strong", "none", True, 0)),
        (
            "Lasting Care: Regular stretching can help prevent future attacks of gout.",
            ("prevent", "weak", "none", False, 2),
        ),
    ],
    ids=["shown by nobody named", "weak hedge", "safe, and nothing on who should not", "negated cure", "list label"],
)
def test_marks_the_five_kinds_of_massage_sentence(text: str, marks: tuple[object, ...], rules: RuleSet) -> None:
    claim = only(text, rules)
    assert (claim.type, claim.strength, claim.source, claim.negated, claim.severity) == marks


@pytest.mark.parametrize(
    "text",
    [
        "Does ginger cure nausea?",
        "Sciatica is a common condition that occurs when a nerve is pressed.",
        "Scientists are looking for ways to cure sickle cell disease.",
        "Some people believe that copper cures arthritis.",
        "Myth: sugar causes hyperactivity and disease.",
        "About 1 in 1,000 people live near the clinic.",
        "Patients were randomly assigned to take the drug or a placebo.",
        "The cause of the disease is unknown.",
        "Causes and symptoms of gout",
        "Signs and symptoms, approximate number of patients: fever 90% cough 80% rash 50% pain 30% itching 7%.",
        "Daniell HW; Simple cure for leg cramps.",
    ],
    ids=[
        "question", "definition", "research aim", "reported belief", "myth", "demography", "method", "unknown",
        "heading", "frequency table", "bibliography",
    ],
)  # fmt: skip
def test_lists_no_claim_where_nothing_is_claimed(text: str, rules: RuleSet) -> None:
    assert [claim.quote for claim in reading(text, rules).claims] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Throw away your insulin.", "danger"),
        ("You can stop taking your tablets after a week.", "danger"),
        ("This tea cures diabetes.", "cure"),
        ("Take 500 mg of vitamin C twice a day.", "dose"),
        ("The drops are completely safe.", "safe"),
        ("There is no evidence that the pill causes clots.", "safe"),
        ("For back pain it works better than surgery.", "compare"),
        ("Walking lowers your risk of stroke.", "prevent"),
        ("Heat eases a stiff neck and the pain.", "treat"),
        ("My back pain disappeared in a week.", "testimonial"),
        ("Symptoms include fever and a dry cough.", "diagnose"),
        ("Without treatment the disease gets worse.", "prognose"),
        ("Smoking causes cancer.", "cause"),
        ("Drink water to stay healthy.", "advise"),
    ],
)
def test_gives_the_first_type_that_fits(text: str, kind: str, rules: RuleSet) -> None:
    assert only(text, rules).type == kind


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Although it may take time, it cures sciatica.", "direct"),
        ("It may take time and cures sciatica.", "direct"),
        ("The oil may relieve the pain.", "strong"),
        ("The oil can relieve the pain, improve sleep, and reduce swelling.", "weak"),
        ("The oil can completely reverse arthritis.", "booster"),
        ("The oil relieves pain in some people.", "strong"),
        ("Early data suggest that, in men, the oil relieves pain.", "strong"),
        ("The oil relieves pain.", "direct"),
    ],
)
def test_counts_only_the_hedge_that_governs_the_predicate(text: str, strength: str, rules: RuleSet) -> None:
    assert only(text, rules).strength == strength


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The syrup does not cure asthma.", True),
        ("There is no cure for psoriasis.", True),
        ("There is no evidence that it prevents cancer.", True),
        ("The syrup failed to relieve the pain.", True),
        ("The syrup not only relieves the pain.", False),
        ("There is no doubt that it relieves the pain.", False),
        ("Without surgery, the syrup relieves the pain.", False),
    ],
)
def test_tells_a_denied_effect_from_one_that_only_sounds_so(text: str, negated: bool, rules: RuleSet) -> None:
    claim = only(text, rules)
    assert claim.negated is negated
    assert not (negated and claim.severity)


def test_does_not_take_no_side_effects_for_a_negation(rules: RuleSet) -> None:
    claim = only("The enzymes have no side effects whatsoever.", rules)
    assert (claim.type, claim.strength, claim.negated) == ("safe", "booster", False)


def test_does_not_read_not_without_risk_as_safe(rules: RuleSet) -> None:
    assert [c.type for c in reading("Pain medicines are not without risk.", rules).claims if c.type == "safe"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Lower back pain and stiffness after a day of gardening.",
        "Home remedies for gout",
        "Patients should always consult with their health care provider for medical advice.",
    ],
    ids=["lower as an adjective", "topic without a statement", "referral at no named sign"],
)
def test_takes_no_topic_and_no_referral_for_a_claim(text: str, rules: RuleSet) -> None:
    assert reading(text, rules).claims == ()


def test_still_reads_the_effect_beside_the_lower_back(rules: RuleSet) -> None:
    claim = only("This exercise relieves lower back pain.", rules)
    assert (claim.type, claim.strength) == ("treat", "direct")


def test_does_not_raise_what_describes_a_condition_where_something_is_sold(rules: RuleSet) -> None:
    shop = "Order now for $49 with free shipping. Guaranteed to cure gout! A miracle remedy. Buy now. "
    claims = {claim.type: claim.severity for claim in reading(shop + "Gout causes swollen joints.", rules).claims}
    assert claims["cause"] <= 2
    assert claims["cure"] == 4


def test_lets_a_yes_take_over_the_predicate_of_the_question(rules: RuleSet) -> None:
    claim = only("Can yoga relieve back pain?\nYes, usually.", rules)
    assert (claim.type, claim.strength, claim.quote) == ("treat", "weak", "Yes, usually.")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Studies show that ginger relieves nausea.", "vague"),
        ("Ginger relieves nausea (Miller et al., 2019).", "specific"),
        ("Ginger relieves nausea. The trial was published in the Journal of Nausea.", "specific"),
        ("Experts say so. Ginger relieves nausea.", "vague"),
        ("Ginger relieves nausea.", "none"),
    ],
)
def test_finds_the_source_in_the_sentence_or_beside_it(text: str, source: str, rules: RuleSet) -> None:
    claims = [claim for claim in reading(text, rules).claims if "Ginger" in claim.quote or "ginger" in claim.quote]
    assert [claim.source for claim in claims] == [source]


@pytest.mark.parametrize(
    ("href", "source"),
    [("https://pubmed.ncbi.nlm.nih.gov/1", "specific"), ("https://ginger-shop.example.com/", "none")],
    ids=["primary host", "shop"],
)
def test_takes_a_link_for_a_source_only_to_a_primary_host(href: str, source: str, rules: RuleSet) -> None:
    page = f'<html><body><p>Ginger relieves <a href="{href}">nausea</a> after meals.</p></body></html>'
    assert [claim.source for claim in reading(page, rules, "html").claims] == [source]


def test_raises_a_claim_where_something_is_sold(rules: RuleSet) -> None:
    plain = only("The balm relieves arthritis.", rules)
    sold = reading("Order now! The balm relieves arthritis. Only $19.95, money back guarantee, free shipping.", rules)
    assert [claim.severity for claim in sold.claims if claim.type == "treat"] > [plain.severity]


def test_keeps_established_care_low(rules: RuleSet) -> None:
    assert only("Antibiotics cure strep throat.", rules).severity <= 1


def test_places_a_claim_by_the_decoded_page(rules: RuleSet) -> None:
    page = "<html><body><p>Hello there. Tom &amp; Ann&#8217;s <b>tea</b> cures asthma.</p></body></html>"
    (claim,) = reading(page, rules, "html").claims
    assert claim.quote == page[claim.start : claim.end] == "Tom &amp; Ann&#8217;s <b>tea</b> cures asthma."


@pytest.mark.parametrize(
    "page",
    [
        "<nav><a href='/'>Tea cures asthma.</a></nav>",
        "<p style='display:none'>Tea cures asthma.</p>",
        "<pre><code>Tea cures asthma.</code></pre>",
        "<img alt='Tea cures asthma.' src='x.png'>",
        "<!-- Tea cures asthma. -->",
    ],
    ids=["navigation", "hidden", "code", "attribute", "comment"],
)
def test_reads_only_what_the_page_says_in_its_own_voice(page: str, rules: RuleSet) -> None:
    found = reading(f"<html><body>{page}<p>The garden is open today.</p></body></html>", rules, "html")
    assert found.claims == ()


def test_makes_a_finding_of_each_claim_worth_a_note_and_says_what_was_read(rules: RuleSet) -> None:
    text = "Heat can relieve back pain."
    found = reading(text, rules)
    (claim,), (finding,) = found.claims, found.findings
    assert (finding.severity, finding.family, finding.category) == (claim.severity, "treat", "claims")
    assert "Read as treat, weakly hedged (“can”), no source." in finding.message
    assert (finding.quote, finding.action) == (text, "note")
    assert "FTC" in finding.why or "1924/2006" in finding.why


def test_says_of_a_page_in_another_language_that_its_claims_are_not_read(rules: RuleSet) -> None:
    text = (
        "El masaje es una terapia que se usa para aliviar el dolor de la espalda y de las piernas. Los pacientes que "
        "tienen dolor en la espalda pueden hablar con su doctor para saber si el masaje es bueno para ellos."
    )
    found = reading(text, rules)
    assert (found.claims, [finding.message for finding in found.findings]) == ((), ["claims not read: Spanish"])
    assert found.findings[0].severity == 0


def test_reads_the_same_twice(rules: RuleSet) -> None:
    text = "Studies show that tea cures asthma. Take 500 mg daily of the herb. Smoking causes cancer."
    assert reading(text, rules) == reading(text, rules)


@pytest.mark.parametrize(
    "text",
    [
        "Even if the surgeon removes all of the cancer, some people are given tablets for a year.",
        "A cure for tinnitus that helps all who have it has not been found.",
    ],
    ids=["supposed", "not found"],
)
def test_a_cure_that_is_not_stated_is_no_promise(text: str, rules: RuleSet) -> None:
    assert all(claim.severity < 2 for claim in reading(text, rules).claims)


def test_a_cure_in_the_main_clause_of_a_condition_is_one(rules: RuleSet) -> None:
    assert only("If you drink this tea every day, it cures gout.", rules).type == "cure"
