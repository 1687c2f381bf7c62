"""A creator's case: read, answered, appealed, by nobody else."""

import pytest
from django.urls import reverse

from accounts.models import Appeal, CaseEvidence, Creator, ModerationCase, SocialAccount, User
from scoring.moderation.appealing import decide_appeal
from scoring.moderation.deciding import decide_case
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.scoring.moderation.conftest import (
    account,
    case,
    flagged,
    maya,
    milo,
    mona,
    suspended,
)

__all__ = ["account", "case", "flagged", "maya", "milo", "mona", "suspended"]

pytestmark = pytest.mark.django_db


def address(case: ModerationCase, name: str = "case") -> str:
    return reverse(name, args=[case.pk])


def test_the_creator_reads_the_statement_and_finds_the_way_there(
    cast: Cast, browse: Browse, case: ModerationCase
) -> None:
    client = browse(cast.creator_user)
    profile = client.get(reverse("creator", args=[case.creator_id])).content.decode()
    assert "Your profile is under review" in profile
    assert address(case) in profile
    html = client.get(address(case)).content.decode()
    for said in ("Statement of reasons", "90 of 100", "Automated means", "Add to the case",
                 "follows 7,000 accounts: raises the risk"):  # fmt: skip
        assert said in html, said


def test_brands_see_neither_case_nor_review(
    cast: Cast, browse: Browse, case: ModerationCase
) -> None:
    client = browse(cast.brand_owner)
    html = client.get(reverse("creator", args=[case.creator_id])).content.decode()
    assert "under review" not in html
    assert address(case) not in html
    assert client.get(address(case)).status_code == 403


def test_nobody_reads_or_writes_in_somebody_elses_case(
    cast: Cast, browse: Browse, case: ModerationCase
) -> None:
    client = browse(cast.other_creator_user)
    assert client.get(address(case)).status_code == 404
    for name in ("case_evidence", "case_appeal"):
        assert client.post(address(case, name), {"text": "Me too."}).status_code == 404
    assert not CaseEvidence.objects.exists()


def test_a_moderator_is_led_to_the_desk(browse: Browse, mona: User, case: ModerationCase) -> None:
    response = browse(mona).get(address(case))
    assert response.url == reverse("admin:accounts_moderationcase_change", args=[case.pk])


def test_evidence_is_added_and_shown(cast: Cast, browse: Browse, case: ModerationCase) -> None:
    client = browse(cast.creator_user)
    sent = {"text": "On TV <b>last</b> week.", "links": "https://example.org/a\n\nhttps://b.org"}
    assert client.post(address(case, "case_evidence"), sent).url == address(case)
    assert CaseEvidence.objects.get().links == ["https://example.org/a", "https://b.org"]
    html = client.get(address(case)).content.decode()
    assert "On TV &lt;b&gt;last&lt;/b&gt; week." in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": ""}, "required"),
        ({"text": "x" * 4_001}, "at most 4000"),
        ({"text": "See.", "links": "http://example.org"}, "begins with https://"),
        ({"text": "See.", "links": "\n".join(f"https://a.org/{n}" for n in range(6))}, "6 links"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field_and_kept(
    cast: Cast, browse: Browse, case: ModerationCase, sent: dict[str, str], told: str
) -> None:
    response = browse(cast.creator_user).post(address(case, "case_evidence"), sent)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert sent["text"][:50] in response.content.decode()


def test_a_flag_is_appealed_once_and_answered(
    cast: Cast, browse: Browse, flagged: ModerationCase, milo: User
) -> None:
    client = browse(cast.creator_user)
    assert "Send the appeal" in client.get(address(flagged)).content.decode()
    assert client.post(address(flagged, "case_appeal"), {"text": "Wrong."}).status_code == 302
    html = client.get(address(flagged)).content.decode()
    assert "To be answered by" in html
    assert "Send the appeal" not in html
    again = client.post(address(flagged, "case_appeal"), {"text": "Wrong."}, follow=True)
    assert "appealed before" in again.content.decode()
    decide_appeal(case=flagged, step="grant_appeal", reasons="You are right.", actor=milo, now=NOW)
    assert "You are right." in client.get(address(flagged)).content.decode()
    assert Appeal.objects.count() == 1


def test_too_late_evidence_is_refused_in_words(
    cast: Cast, browse: Browse, flagged: ModerationCase
) -> None:
    response = browse(cast.creator_user).post(
        address(flagged, "case_evidence"), {"text": "But."}, follow=True
    )
    assert "You can appeal" in response.content.decode()


def test_a_suspended_profile_is_gone_for_brands_and_there_for_its_owner(
    cast: Cast, browse: Browse, suspended: ModerationCase
) -> None:
    profile = reverse("creator", args=[suspended.creator_id])
    assert browse(cast.brand_owner).get(profile).status_code == 404
    listed = browse(cast.brand_owner).get(reverse("creators")).content.decode()
    assert profile not in listed
    html = browse(cast.creator_user).get(profile).content.decode()
    assert "suspended" in html
    assert address(suspended) in html


def test_a_persons_word_is_shown_to_brands_beside_the_models(
    cast: Cast, browse: Browse, case: ModerationCase, mona: User
) -> None:
    decide_case(case=case, step="dismiss", reasons="Fine.", actor=mona, now=NOW)
    page = browse(cast.brand_owner).get(reverse("creator", args=[case.creator_id]))
    html = " ".join(page.content.decode().split())
    assert "A moderator decided on 1 March 2026" in html
    assert "The model said 90 of 100" in html


def test_an_unclaimed_profile_says_how_to_object(
    cast: Cast, browse: Browse, case: ModerationCase, account: SocialAccount
) -> None:
    Creator.objects.filter(pk=case.creator_id).update(user=None)
    html = browse(cast.brand_owner).get(reverse("creator", args=[case.creator_id]))
    assert "Whoever claims this profile can appeal" in html.content.decode()
