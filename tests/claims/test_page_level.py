"""Disclaimers, and what a page should say of itself."""

import pytest

from audit.claims import read
from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules

FILLER = "The garden behind the house is wide and green, and the old trees give shade to all who sit there. " * 12


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def missing(body: str, rules: RuleSet, head: str = "") -> set[str]:
    text = f"<html><head>{head}</head><body><p>{FILLER}</p>{body}</body></html>"
    findings = read(parse(Page(id="page", text=text, kind="html")), rules, Reporter(text)).findings
    return {finding.rule for finding in findings if not finding.spans}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("This site is for informational purposes only.", "complementarity"),
        ("Ask your doctor before you start.", "consult"),
        ("If your lips turn blue, call 911.", "emergency"),
        ("These statements have not been evaluated by the FDA.", "product"),
        ("This page contains affiliate links.", "disclosure"),
    ],
)
@pytest.mark.parametrize(
    "around", ["<p>{}</p>", "<footer><p>{}</p></footer>", "<details><summary>More</summary><p>{}</p></details>"],
    ids=["body", "footer", "accordion"],
)  # fmt: skip
def test_finds_disclaimers_wherever_they_stand(sentence: str, kind: str, around: str, rules: RuleSet) -> None:
    text = f"<html><body><p>{FILLER}</p>{around.format(sentence)}</body></html>"
    found = read(parse(Page(id="page", text=text, kind="html")), rules, Reporter(text)).disclaimers
    assert [(text[item.start : item.end], item.kind) for item in found] == [(sentence, kind)]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<p>By Jane Doe, MD</p>", "transparency.author.missing"),
        ("<p>Medically reviewed by Ann Lee</p>", "transparency.reviewer.missing"),
        ("<p>Last updated: 3 May 2024</p>", "transparency.date.missing"),
        ("<p>Ask your doctor before you start.</p>", "safety.disclaimer.missing"),
    ],
)
def test_asks_for_a_section_only_where_it_is_missing(body: str, rule: str, rules: RuleSet) -> None:
    assert rule in missing("", rules)
    assert rule not in missing(body, rules)


def test_takes_the_author_from_the_metadata(rules: RuleSet) -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "author": {"name": "Jane Doe"}}</script>'
    assert "transparency.author.missing" not in missing("", rules, head)


def test_asks_for_references_only_where_something_is_claimed(rules: RuleSet) -> None:
    assert "sourcing.references.missing" not in missing("", rules)
    assert "sourcing.references.missing" in missing("<p>The balm cures arthritis.</p>", rules)


def test_asks_for_an_emergency_line_where_a_red_flag_is_named(rules: RuleSet) -> None:
    rule = "safety.emergency.missing"
    assert rule not in missing("", rules)
    assert rule in missing("<p>Chest pain may come from the muscles.</p>", rules)
    assert rule not in missing("<p>With chest pain, call 911.</p>", rules)


def test_asks_nothing_of_a_short_note(rules: RuleSet) -> None:
    text = "The garden is open."
    assert read(parse(Page(id="page", text=text, kind="text")), rules, Reporter(text)).findings == ()


def test_gives_readability_as_advice_only(rules: RuleSet) -> None:
    hard = "Immunohistochemical characterization necessitates interdisciplinary pathophysiological interpretation. "
    text = hard * 30
    findings = read(parse(Page(id="page", text=text, kind="text")), rules, Reporter(text)).findings
    assert [(f.category, f.severity) for f in findings if f.rule == "readability.grade.high"] == [("readability", 1)]


DATED = '<script type="application/ld+json">{"@type": "Article", "dateModified": "%s"}</script>'


@pytest.mark.parametrize(
    ("told", "shown", "disagree"),
    [
        ("2024-05-03", "Last updated: 3 May 2024", False),
        ("2024-05-03T10:00:00Z", "Updated on May 3, 2024", False),
        ("2024-05-03", "Reviewed: May 2024", False),
        ("2024-05-03", "Last updated: 7 June 2019", True),
        ("2024-05-03", "Written by hand", False),
    ],
    ids=["same day", "American order", "month only", "another day", "none shown"],
)
def test_says_when_machines_are_told_another_date_than_readers(
    told: str, shown: str, disagree: bool, rules: RuleSet
) -> None:
    found = missing(f"<p>{shown}</p>", rules, DATED % told)
    assert ("transparency.date.disagree" in found) is disagree


@pytest.mark.parametrize(
    ("body", "undisclosed"),
    [
        ('<p>See <a rel="sponsored" href="https://shop.example.org/x">this oil</a>.</p>', True),
        ('<p>See <a href="https://www.amazon.com/dp/B000?tag=mine-20">this oil</a>.</p>', True),
        (
            '<p>See <a rel="sponsored" href="https://shop.example.org/x">it</a>. This page has affiliate links.</p>',
            False,
        ),
        ('<p>See <a href="https://shop.example.org/x">this oil</a>.</p>', False),
    ],
    ids=["sponsored link", "partner tag", "disclosed", "plain link"],
)
def test_asks_for_a_disclosure_where_links_are_paid_for(body: str, undisclosed: bool, rules: RuleSet) -> None:
    assert ("transparency.sponsor.undisclosed" in missing(body, rules)) is undisclosed


def test_counts_references_and_names_dead_forms(rules: RuleSet) -> None:
    body = (
        "<h2>References</h2><ol><li><a href='https://pubmed.ncbi.nlm.nih.gov/1'>One</a></li>"
        "<li><a href='https://blog.example.org/2'>Two</a></li><li><a href='#'>Three</a></li></ol>"
    )
    text = f"<html><body><p>{FILLER}</p><p>The balm cures arthritis.</p>{body}</body></html>"
    findings = read(parse(Page(id="page", text=text, kind="html")), rules, Reporter(text)).findings
    said = {finding.rule: finding.message for finding in findings}
    assert (
        "3 references: 1 to primary, official or journal sites, 1 elsewhere, 1 without an address"
        in (said["sourcing.references.count"])
    )
    assert "sourcing.references.dead" in said


@pytest.mark.parametrize("rule", ["transparency.funding.missing", "transparency.contact.missing", "transparency.privacy.missing"])  # fmt: skip
def test_does_not_call_missing_what_only_the_site_can_show(rule: str, rules: RuleSet) -> None:
    text = f"<html><body><p>{FILLER}</p></body></html>"
    findings = read(parse(Page(id="page", text=text, kind="html")), rules, Reporter(text)).findings
    found = next(finding for finding in findings if finding.rule == rule)
    assert found.message.startswith("Not checkable from this page: ")
    assert (found.severity, found.action) == (0, "note")


def test_says_by_a_rule_that_claims_of_another_language_are_not_read(rules: RuleSet) -> None:
    text = "El ajo cura la diabetes y es bueno para la salud de los niños, como se ha visto en las consultas. " * 4
    reading = read(parse(Page(id="page", text=text, kind="text")), rules, Reporter(text))
    assert [(f.rule, f.message) for f in reading.findings] == [("claims.language.unread", "claims not read: Spanish")]
    assert reading.claims == ()
    assert any(rule.id == "claims.language.unread" for rule in rules.rules)
