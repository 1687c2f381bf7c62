"""Testing drafts: who may, what is answered, what is refused at its field, what is kept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, SocialAccount
from marketplace.forms.diagnostics import DraftForm
from scoring.models import PostPlan
from scoring.planning_posts.diagnosing import diagnose
from scoring.planning_posts.drafts import PlannedPost
from scoring.planning_posts.history import read_planner
from scoring.planning_posts.keeping import keep_test
from tests.cast import Cast
from tests.marketplace.pages.collaborating import reach
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.planning_posts.planning import give_account, give_post
from tests.scoring.planning_posts.test_pictures import picture

pytestmark = pytest.mark.django_db

GET = {
    "diagnostics":         (302, 403, 403, 403, 200, 200, 403),
    "kept_tests":          (302, 403, 403, 403, 200, 200, 403),
    "kept_test":           (302, 404, 404, 404, 200, 404, 404),
    "expected_engagement": (302, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {
    "diagnostics":      (403, 403, 403, 403, 200, 200, 403),
    "kept_test_link":   (302, 404, 404, 404, 302, 404, 404),
    "kept_test_unlink": (302, 404, 404, 404, 302, 404, 404),
    "kept_test_delete": (302, 404, 404, 404, 302, 404, 404),
}  # fmt: skip


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    return give_account(cast.creator_user)


@pytest.fixture
def plan(account: SocialAccount) -> PostPlan:
    now = timezone.now()
    found = diagnose(
        planner=read_planner(account, as_of=now), post=PlannedPost("Soup <b>one</b> #ad"), now=now
    )
    return keep_test(diagnosis=found, name="Soup one", actor=account.creator.user, now=now)


def draft(**fields: Any) -> dict[str, Any]:
    soon = timezone.now() + timedelta(days=2)
    plain = {
        "caption": "Soup of the day #ad\r\nAnd you?",
        "hashtags": "#soup, food",
        "kind": "video",
        "planned_at": f"{soon:%Y-%m-%dT%H:%M}",
        "time_zone": "Asia/Tokyo",
        "duration_s": "24",
    }
    return plain | fields


def test_who_sees_and_sends_what(
    cast: Cast, browse: Browse, account: SocialAccount, plan: PostPlan
) -> None:
    give_account(cast.other_creator_user, handle="other_soup", posts=1)
    arguments = {
        "diagnostics": [],
        "kept_tests": [],
        "expected_engagement": [account.creator_id],
    }
    for name, row in GET.items():
        see(reverse(name, args=arguments.get(name, [plan.pk])), row, cast=cast, browse=browse)
    for name, row in POST.items():
        address = reverse(name, args=arguments.get(name, [plan.pk]))
        body = draft() if name == "diagnostics" else {"post": "1x"}
        send(address, row, body, cast=cast, browse=browse)
    for pk in (0, 2**63, 10**30):
        address = reverse("kept_tests") + f"{pk}/"
        assert browse(cast.creator_user).get(address).status_code == 404


def test_a_draft_is_answered_and_nothing_is_stored(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    rows = AuditEntry.objects.count()
    response = browse(cast.creator_user).post(reverse("diagnostics"), draft())
    page = response.content.decode()
    tested = response.context["tested"]
    assert (tested.diagnosis.post.hashtags, tested.diagnosis.post.caption) == (
        ("soup", "food"),
        "Soup of the day #ad\nAnd you?",
    )
    assert "Of 895 later posts" in page
    assert "in Asia/Tokyo, which is" in page
    assert "not legal advice" in page
    assert "What speaks for and against it" in page
    assert not PostPlan.objects.exists()
    assert AuditEntry.objects.count() == rows
    again = browse(cast.creator_user).get(reverse("diagnostics")).content.decode()
    assert "UTC" in again


def test_a_change_is_compared_with_the_draft_first_tested(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    client, address = browse(cast.creator_user), reverse("diagnostics")
    base = client.post(address, draft()).context["tested"].signed_base
    sent = draft(base=base, caption="Look, soup!")
    live = client.post(address, sent, headers={"HX-Request": "true"})
    words = live.content.decode()
    assert "<html" not in words
    assert "Against the draft you first tested, in caption" in words
    assert 'id="answer-said" hx-swap-oob' in words  # The short of it, read out.
    assert re.search(r"expected, from [−+]\d", words)
    rebased = client.post(address, sent | {"rebase": "1"})
    assert rebased.context["tested"].change is None
    forged = client.post(address, sent | {"base": base[:-3] + "xyz", "picture": "x:y"})
    assert forged.status_code == 200
    assert forged.context["tested"].change is None


REFUSED = [
    ("caption", "a" * 100_000, "100,000 characters"),
    ("caption", "a\x00b", "Null characters"),
    ("hashtags", " ".join(f"#{number}" for number in range(200)), "200 hashtags"),
    ("hashtags", "#" + "x" * 200, "at most 100 characters"),
    ("planned_at", "2020-01-01T10:00", "has passed"),
    ("planned_at", "0001-01-01T00:00", "No calendar"),
    ("planned_at", "9999-12-31T23:59", "more than a year ahead"),
    ("planned_at", "tomorrow", "Enter a valid date/time"),
    ("time_zone", "Mars/Olympus", "no such time zone"),
    ("time_zone", "../../etc/passwd", "no such time zone"),
    ("duration_s", "nan", "Enter a number"),
    ("duration_s", "-1", "above 0"),
    ("kind", "opera", "not one of the available choices"),
    ("account", "999", ""),
    ("image", b"<svg/>", "not a picture"),
    ("image", picture("PNG") + b"PK\x03\x04", "another file"),
]


def test_what_cannot_be_is_named_at_its_field(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    client = browse(cast.creator_user)
    for field, value, said in REFUSED:
        sent = SimpleUploadedFile("a.png", value) if isinstance(value, bytes) else value
        response = client.post(reverse("diagnostics"), draft(**{field: sent}))
        assert response.status_code == 422, field
        assert said in str(response.context["form"].errors[field])
    assert not PostPlan.objects.exists()


def test_a_time_the_clocks_leave_out_is_refused(account: SocialAccount) -> None:
    # clocks go from 02:00 to 03:00 on 26 March 2028
    sent = draft(planned_at="2028-03-26T02:30", time_zone="Europe/Madrid")
    form = DraftForm(sent, accounts=[account])
    assert not form.is_valid()
    assert "no such time" in str(form.errors["planned_at"])


def test_a_picture_is_described_kept_as_figures_and_known_again(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    client, address = browse(cast.creator_user), reverse("diagnostics")

    def sent(**more: str) -> dict[str, Any]:
        return draft(image=SimpleUploadedFile("soup.png", picture(), "image/png"), **more)

    first = client.post(address, sent())
    assert "80 × 60" in first.content.decode()
    figures = first.context["tested"].signed_picture
    client.post(address, draft(picture=figures, keep="1", name="Soup"))
    plan = PostPlan.objects.get()
    assert plan.inputs["draft"]["picture"]["width"] == 80
    second = client.post(address, sent()).content.decode()
    assert "looks much like a picture of a test you kept" in second


def test_kept_tests_are_listed_compared_linked_and_deleted(
    cast: Cast, browse: Browse, account: SocialAccount, plan: PostPlan
) -> None:
    client = browse(cast.creator_user)
    kept = client.post(reverse("diagnostics"), draft(keep="1", name="Other"))
    other = PostPlan.objects.exclude(pk=plan.pk).get()
    assert kept.url == reverse("kept_test", args=[other.pk])
    address = reverse("kept_tests")
    page = client.get(address, {"compare": [plan.pk, other.pk]}).content.decode()
    assert "Side by side" in page
    assert "Soup &lt;b&gt;one" in page
    foreign = browse(cast.other_creator_user).get(address, {"compare": [plan.pk, other.pk]})
    assert foreign.status_code == 404
    one = reverse("kept_test", args=[plan.pk])
    assert "the same answer" in client.get(one).content.decode()
    post = give_post(account, days_ago=(plan.kept_at - timezone.now()).days - 1, likes=500)
    post.published_at = timezone.now()
    post.save()
    client.post(reverse("kept_test_link", args=[plan.pk]), {"post": post.pk})
    assert PostPlan.objects.get(pk=plan.pk).published.post == post
    assert "Published as" in client.get(one).content.decode()
    for bad in ("", "x", "9" * 30):
        response = client.post(reverse("kept_test_link", args=[other.pk]), {"post": bad})
        assert response.url == reverse("kept_test", args=[other.pk])
    missing = client.post(reverse("kept_test_link", args=[other.pk]), {"post": "999999"})
    assert missing.status_code == 404
    client.post(reverse("kept_test_delete", args=[plan.pk]))
    assert not PostPlan.objects.filter(pk=plan.pk).exists()


def test_the_list_costs_as_many_queries_for_many(
    cast: Cast, browse: Browse, account: SocialAccount, plan: PostPlan,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(3):
        PostPlan.objects.create(
            account=account, inputs=plan.inputs, answer=plan.answer, is_simulated=False,
            model_version=plan.model_version, input_hash=str(number),
        )  # fmt: skip
    client = browse(cast.creator_user)
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("kept_tests"))
    PostPlan.objects.filter(input_hash__in="012").delete()
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("kept_tests"))


def test_brands_see_what_to_expect_and_not_the_kept_tests(
    cast: Cast, browse: Browse, account: SocialAccount, plan: PostPlan
) -> None:
    client = browse(cast.brand_viewer)
    address = reverse("expected_engagement", args=[account.creator_id])
    page = client.get(address, {"duration_s": "20"}).content.decode()
    assert "no promise by the creator" in page
    assert not any(word in page for word in ("What the caption says", "No hashtags"))
    assert "Soup one" not in page
    for query in ({"planned_at": "2020-01-01T10:00"}, {"account": "x"}, {"duration_s": "inf"}):
        assert client.get(address, query).status_code == 422
    profile = client.get(reverse("creator", args=[account.creator_id])).content.decode()
    assert address in profile


def test_words_agreed_in_a_running_collaboration_are_looked_for(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    reach(cast, "active", now=timezone.now())
    client, address = browse(cast.creator_user), reverse("diagnostics")
    said = " ".join(client.post(address, draft(caption="Soup")).content.decode().split())
    assert "If it is for Alder: your contract asks for" in said
    assert "<strong>not in the caption</strong>" in said
    assert "<strong>not in" not in client.post(address, draft()).content.decode()


def test_a_creator_without_an_account_is_told_what_to_do(cast: Cast, browse: Browse) -> None:
    page = browse(cast.creator_user).get(reverse("diagnostics")).content.decode()
    assert "No social account yet" in page
