"""Comments that were left to advertise are told from those of readers by how they are put, whoever they name."""

from __future__ import annotations

import pytest
from spam_cases import Detect, cleaned

from audit.spam.comments import LEAST, features, odds

BODY = (
    "Sciatica is pain along the sciatic nerve, which runs from the lower back down the leg. Symptoms include numbness "
    "and weakness in the affected leg. Most patients get better with treatment at home, exercise and time. A doctor "
    "may order imaging of the back if the pain is severe or the weakness gets worse."
)


@pytest.mark.parametrize(
    "comment",
    [
        "Excellent article dear admin, keep posting. Visit also www.quorvelle-tyres.shop for best rates.",
        "I lost all hope until a friend told me of Doctor Zunmorva, contact him on whatsapp +44 20 7946 0018.",
        "Sehr guter Beitrag, weiter so! Günstige Reifen gibt es bei quorvelle.shop",
    ],
)
def test_a_comment_that_was_left_to_advertise_is_told(find: Detect, comment: str) -> None:
    assert odds(comment) >= LEAST
    page = f"{BODY}\n\nDave says:\nThis helped me, thank you.\n\nLeila says:\n{comment}\n"
    assert comment not in cleaned(page, find(page))


@pytest.mark.parametrize(
    "comment",
    [
        "Thank you, this is the first page that told me when to ring the doctor.",
        "I gambled online for years while I was off sick. Two years clean this Friday, and the back is better, too.",
        "My mother bought these tablets on the internet and they never came. Don't.",
        "Sorry for going off topic, but does anybody know why the print button does nothing?",
        "Danke für den Artikel. Mein Arzt hatte dafür nur drei Minuten.",
        "The physio at the Royal gave me a sheet of exercises, and a year later I can garden again.",
    ],
)
def test_a_readers_own_words_stay(find: Detect, comment: str) -> None:
    assert odds(comment) < LEAST
    for page in (
        f"{BODY}\n\nDave says:\n{comment}\n",
        f'<p>{BODY}</p><ol class="comments"><li class="comment"><cite>Dave</cite><p>{comment}</p></li></ol>',
    ):
        assert find(page).cuts == ()


@pytest.mark.parametrize(
    "said", ["Log in to example.org", "Comments of example.org are moderated, more at www.example.org"]
)
def test_what_a_site_says_of_itself_among_its_comments_stays(find: Detect, said: str) -> None:
    head = '<link rel="canonical" href="https://www.example.org/knee"/>'
    for form in (f"<p>{said}</p>", f'<p><a title="{said}" href="/login">Log in</a></p>'):
        page = f'<html><head>{head}</head><body><p>{BODY}</p><ol class="comments"><li class="comment">{form}</li></ol></body></html>'
        assert (find(page).cuts, find(page).findings) == ((), ())


def test_whom_a_comment_names_makes_no_difference() -> None:
    said = "Nice post, please visit {} for the same at a better price"
    assert (
        len({features(said.format(host)) for host in ("quorvelle.com", "www.brimzotak.co.uk", "https://a-b.net/x")})
        == 1
    )


def test_a_host_of_medicine_is_no_shop() -> None:
    said = "There is a leaflet on this at {}"
    assert odds(said.format("www.nhs.uk")) < odds(said.format("quorvelle.shop"))


def test_a_long_comment_is_read_to_a_bound() -> None:
    assert len(features("garden " * 100_000)) < 10


@pytest.mark.parametrize("marks", ["_-", "_", "1_", ".", "a@", "a.b-"])
def test_marks_without_end_are_read_in_no_time(marks: str) -> None:
    assert len(features(marks * 50_000)) < 200


def test_a_missing_blank_makes_no_site_of_a_readers_words(find: Detect) -> None:
    knee = "<p>Most patients with osteoarthritis of the knee feel stiff in the morning, and exercise helps.</p>"
    said = "My sister invested her time in swimming.It changed her life. Money is not everything."
    comments = f"<div class='comments'><div class='comment'><p>{said}</p></div></div>"
    assert not find(f"<html><body>{knee * 6}{comments}</body></html>").cuts
