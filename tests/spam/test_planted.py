"""Elements without text of their own: cut where form and address convict them, left alone where they are honest."""

from __future__ import annotations

import pytest
from spam_cases import Detect, cleaned

HEAD = '<title>Sprained ankle</title>\n<link rel="canonical" href="https://www.example.org/ankle/">\n'
BODY = (
    "<p>A sprained ankle needs rest, ice and time. Most sprains heal at home within six weeks.</p>\n"
    '<p>See <a href="https://www.example.org/knee/">our page on knees</a> too.</p>\n'
)
PAGE = f"<html><head>\n{HEAD}</head>\n<body>\n{BODY}</body></html>\n"

PLANTED = {
    "empty link": '<a href="https://velmaro.net/"></a>',
    "link on a blank": '<a href="https://velmaro.net/">&nbsp;</a>',
    "frame without a size": '<iframe src="https://velmaro.net/" width="0" height="0" style="border:0"></iframe>\n',
    "frame out of view": '<iframe src="//velmaro.net" style="position:absolute;left:-5000px"></iframe>\n',
    "short form on another site": '<link rel="amphtml" href="https://velmaro.net/">\n',
    "one language on another site": '<link rel="alternate" hreflang="id" href="https://velmaro.net/">\n',
    "product of another site": (
        '<script type="application/ld+json">{"@type":"Product","name":"Velmaro","url":"https://velmaro.net/",'
        '"description":"Hand stitched leather belts with free postage","aggregateRating":{"ratingValue":"4.9"}}</script>\n'
    ),
}


@pytest.mark.parametrize("element", PLANTED.values(), ids=PLANTED)
def test_a_planted_element_goes_and_nothing_else(find: Detect, element: str) -> None:
    place = "</head>" if "<link" in element or "ld+json" in element else "</body>"
    page = PAGE.replace(place, element + place)
    assert cleaned(page, find(page)) == PAGE


def test_a_link_on_a_word_that_was_there_leaves_the_word(find: Detect) -> None:
    page = PAGE.replace("heal at home", 'heal <a href="https://slotraja88.net/">at</a> home')
    assert cleaned(page, find(page)) == PAGE


def test_a_link_dropped_into_a_sentence_leaves_the_sentence(find: Detect) -> None:
    page = PAGE.replace("heal at home", 'heal <a href="https://velmaro.net/">cheap roof repair quotes</a> at home')
    assert cleaned(page, find(page)) == PAGE


HONEST = {
    "link that completes its sentence": (
        '<p>Patients of the <a href="https://walkers.example.com/">old town walking club</a> meet on Sundays.</p>'
    ),
    "link to an organisation by its name": (
        '<p>Ask whether Sprain Care Friends or <a href="https://frogs.example.com/">Step By Step</a> meet near you.</p>'
    ),
    "link to a page": '<p>Some use <a href="https://belts.example.com/ankle-tape.html">cheap ankle tape</a> instead.</p>',
    "sponsor": (
        '<p>We like <a href="https://velmaro.net/" rel="sponsored">cheap roof repair quotes</a> very much.</p>'
    ),
    "link on a word of the sentence": '<p>An <a href="https://www.ankles.example.com/">association</a> of patients helps.</p>',
    "icon": '<a class="icon-camera" href="https://photos.example.net/"></a>',
    "named link": '<a href="https://photos.example.net/" title="Photos"></a>',
    "second link to a site that the page names": (
        '<a href="https://care.example.com/"></a> See <a href="https://care.example.com/a">ankle care</a>.'
    ),
    "tag manager": (
        '<noscript><iframe src="https://tags.example.com/ns.html?id=T-1" height="0" width="0" style="display:none">'
        "</iframe></noscript>"
    ),
    "frame of a service": '<iframe src="https://count.example.com/pixel.html?p=12" width="1" height="1"></iframe>',
    "film": '<iframe src="https://films.example.com/embed/1" width="560" height="315"></iframe>',
    "other language of the same name": '<link rel="alternate" hreflang="de" href="https://www.example.de/">',
    "short form on the same site": '<link rel="amphtml" href="https://amp.example.org/ankle/">',
    "organisation elsewhere": (
        '<script type="application/ld+json">{"@type":"Organization","name":"Example Trust",'
        '"url":"https://trust.example.net/","sameAs":["https://social.example.com/trust"]}</script>'
    ),
    "true product": (
        '<script type="application/ld+json">{"@type":"Product","name":"Ankle brace","url":"https://www.example.org/ankle/",'
        '"description":"A brace for a sprained ankle","aggregateRating":{"ratingValue":"4.1"}}</script>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("element", HONEST.values(), ids=HONEST)
def test_an_honest_element_is_not_even_flagged(find: Detect, element: str) -> None:
    found = find(PAGE.replace("</body>", f"{element}</body>"))
    assert (found.cuts, [one for one in found.findings if one.action != "note"]) == ((), [])


def test_a_canonical_link_that_was_written_over_is_reported_and_stays(find: Detect) -> None:
    page = PAGE.replace("https://www.example.org/ankle/", "https://slotraja88.xyz/").replace(
        "<title>", '<meta property="og:url" content="https://www.example.org/ankle/">\n<title>'
    )
    found = find(page)
    assert found.cuts == ()
    assert [(finding.rule, finding.quote) for finding in found.findings] == [
        ("spam.hiding.head-link", "https://slotraja88.xyz/")
    ]


def test_contributions_of_a_planted_element_add_up(find: Detect) -> None:
    finding = find(PAGE.replace("</body>", PLANTED["empty link"] + "</body>")).findings[0]
    log_odds = sum(evidence.weight for evidence in finding.evidence)
    assert finding.confidence == pytest.approx(1 / (1 + 2.718281828**-log_odds), abs=1e-3)
