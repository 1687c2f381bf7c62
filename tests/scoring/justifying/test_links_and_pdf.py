"""The signed link, what it says, and the document on paper."""

import io
import json
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings
from django.test import override_settings

from scoring.justifying.links import LinkWrong, make_token, verify_url
from scoring.justifying.making import withdraw_justification
from scoring.justifying.medians import median_of
from scoring.justifying.pdf import justification_pdf
from scoring.justifying.reading import Standing, count_view, verify
from scoring.justifying.wording import compare_ask
from scoring.models import PriceJustification
from scoring.visibility import set_creator_status
from tests.cast import NOW, Cast
from tests.scoring.justifying.frozen import justify, own_account

HOSTILE = "<b>bold</b> & <script>alert(1)</script> <para> {{ x }} " + "W" * 300


@pytest.mark.django_db
def test_a_link_is_the_same_every_time_and_says_valid_then_expired(cast: Cast) -> None:
    made = justify(cast, own_account(cast, posts=0), days=1)
    token = make_token(made)
    assert token == make_token(PriceJustification.objects.get())
    assert verify(token, now=NOW).standing == Standing.VALID
    late = verify(token, now=NOW + timedelta(days=1))
    assert (late.standing, late.document is None) == (Standing.EXPIRED, False)


@pytest.mark.django_db
def test_withdrawn_and_suspended_ones_show_no_figures(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    withdrawn, kept = justify(cast, account), justify(cast, account)
    withdraw_justification(justification=withdrawn, actor=cast.creator_user, now=NOW)
    found = verify(make_token(withdrawn), now=NOW)
    assert (found.standing, found.document) == (Standing.WITHDRAWN, None)
    set_creator_status(creator=cast.creator, status="suspended", actor=cast.moderator, now=NOW)
    found = verify(make_token(kept), now=NOW)
    assert (found.standing, found.document) == (Standing.NOT_SHOWN, None)


@pytest.mark.django_db
def test_whatever_was_not_signed_is_refused_alike(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    one, other = justify(cast, account), justify(cast, account, asked_minor=1)
    token = make_token(one)
    number, signature = token.split("-", 1)
    wrong = [
        "", "x", token[:-1], token + "a", f"{other.pk}-{signature}", f"{10**18}-{signature}",
        f"{10**30}-{signature}", f"0{number}-{signature}", f"-{number}-{signature}",
        f"{number}-{'A' * 43}", f"{number}:{signature}", f"{number}-{signature[:-1]}\x00",
        "१" + token[1:],
    ]  # fmt: skip
    for text in wrong:
        with pytest.raises(LinkWrong):
            verify(text, now=NOW)
    with override_settings(SECRET_KEY="another"), pytest.raises(LinkWrong):
        verify(token, now=NOW)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert verify(token, now=NOW).justification == one


def written_in(paper: pikepdf.Pdf) -> str:
    """The ASCII of a PDF of ours, without spaces; its fonts keep those codes as they are."""
    told = [
        str(part)
        for page in paper.pages
        for one in pikepdf.parse_content_stream(page)
        if str(one.operator) == "Tj"
        for part in one.operands
    ]
    return "".join("".join(told).split())


@pytest.mark.django_db
def test_views_are_counted_without_anybody(cast: Cast) -> None:
    made = justify(cast, own_account(cast, posts=0))
    for _ in range(2):
        count_view(made, now=NOW)
    made.refresh_from_db()
    assert (made.views, made.last_viewed_on) == (2, NOW.date())


@pytest.mark.django_db
def test_the_pdf_is_the_same_for_the_same_row_and_holds_link_and_hash(cast: Cast) -> None:
    made = justify(cast, own_account(cast), note=HOSTILE)
    first = justification_pdf(made)
    withdraw_justification(justification=made, actor=cast.creator_user, now=NOW)
    count_view(made, now=NOW)
    assert justification_pdf(PriceJustification.objects.get()) == first
    paper = pikepdf.open(io.BytesIO(first))
    assert 1 <= len(paper.pages) <= 2
    said = written_in(paper)
    assert made.document_hash in said
    assert verify_url(made) in said
    assert "<b>bold</b>&<script>alert(1)</script><para>{{x}}" in said
    assert "1,200.00" in said
    links = [str(one.A.URI) for page in paper.pages for one in page.get("/Annots", [])]
    assert links == [verify_url(made)]


@pytest.mark.django_db
def test_the_pdf_names_characters_its_font_lacks(cast: Cast) -> None:
    cast.creator.display_name = "小美"
    cast.creator.save()
    made = justify(cast, own_account(cast, posts=0), currency="INR", note="好")
    said = written_in(pikepdf.open(io.BytesIO(justification_pdf(made))))
    assert "INR1,200.00" in said
    assert "Charactersthisfontlacks" in said
    assert json.loads(made.document)["creator"] == "小美"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (120_000, "above the suggested €900, inside the interval €500 to €1,600."),
        (90_000, "as suggested (€900), inside the interval €500 to €1,600."),
        (40_000, "below the suggested €900, below the interval €500 to €1,600."),
        (170_000, "above the suggested €900, above the interval €500 to €1,600."),
    ],
)
def test_the_ask_is_compared_in_words(asked: int, said: str) -> None:
    words = compare_ask(asked, low=50_000, suggested=90_000, high=160_000, currency="EUR")
    assert words.endswith(said)


def test_medians_have_the_intervals_of_the_sign_test() -> None:
    assert median_of([1, 2]) is None
    five, six, ten = (median_of(range(1, n + 1)) for n in (5, 6, 10))
    assert five is not None
    assert five.low is None
    assert six is not None
    assert (six.low, six.high) == (1, 6)
    assert ten is not None
    assert (ten.value, ten.low, ten.high) == (5.5, 2, 9)
