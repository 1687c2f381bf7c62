"""Shortlists with their rows, votes and notes."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from campaigns.models import Shortlist, ShortlistNote
from campaigns.models.shortlists import LONGEST_NAME, LONGEST_NOTE
from campaigns.shortlist_votes import Tally
from marketplace.api.serializers.availability import (
    AvailabilitySerializer,
    availability_as_json,
)
from marketplace.api.serializers.briefs import BrandSerializer
from marketplace.api.serializers.creators import StandingSerializer
from marketplace.api.strictness import StrictSerializer, WholeNumberField
from marketplace.shortlist_rows import Order, ShortlistRow, ShortlistRows
from scoring.candidates import CandidateAccount

LARGEST_ID = 10**18 - 1
LAST_PAGE = 50


def _id(**more: Any) -> WholeNumberField:
    return WholeNumberField(min_value=1, max_value=LARGEST_ID, **more)


class ShortlistRequestSerializer(StrictSerializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    campaign_id = _id(required=False, allow_null=True)
    brand_id = _id(
        required=False, help_text="Needed by those who keep the lists of several brands."
    )


class ShortlistPatchSerializer(StrictSerializer):
    """What is left out stays."""

    name = serializers.CharField(required=False, max_length=LONGEST_NAME)
    campaign_id = _id(required=False, allow_null=True)


class ShortlistListParameters(StrictSerializer):
    archived = serializers.BooleanField(required=False, default=False)
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class RowsParameters(StrictSerializer):
    sort = serializers.ChoiceField(
        choices=[order.value for order in Order],
        required=False,
        help_text="By match only where the list is for a campaign, else by when they were added.",
    )
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LAST_PAGE)


class EntryRequestSerializer(StrictSerializer):
    creator_id = _id()


class VoteRequestSerializer(StrictSerializer):
    value = WholeNumberField(
        allow_null=True,
        min_value=-1,
        max_value=1,
        help_text="1 for, -1 against; null or 0 takes the vote back.",
    )


class NoteRequestSerializer(StrictSerializer):
    text = serializers.CharField(max_length=LONGEST_NOTE)


class ShortlistSerializer(serializers.ModelSerializer):
    """With ``size`` annotated and brand, campaign and maker loaded this costs no query."""

    brand = BrandSerializer()
    campaign_id = serializers.IntegerField(allow_null=True)
    created_by = serializers.SerializerMethodField(help_text="Null once they have gone.")
    creators = serializers.IntegerField(source="size", help_text="How many are on it now.")
    archived_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Shortlist
        fields = (
            "id", "brand", "name", "campaign_id", "creators", "created_by", "created_at",
            "archived_at",
        )  # fmt: skip
        extra_kwargs = {"created_at": {"required": True}}

    def get_created_by(self, shortlist: Shortlist) -> str | None:
        return name_of(shortlist.created_by)


class TallySerializer(serializers.Serializer):
    votes_for = serializers.IntegerField()
    votes_against = serializers.IntegerField()
    total = serializers.IntegerField()
    own = serializers.IntegerField(allow_null=True, help_text="Yours: 1, -1, or null.")


class NoteSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    author = serializers.CharField(allow_null=True)
    is_own = serializers.BooleanField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class ListedMatchSerializer(serializers.Serializer):
    score = serializers.FloatField(help_text="0 to 1.")
    percentile = serializers.IntegerField()
    model_version = serializers.CharField()


class ListedAccountSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    platform = serializers.CharField()
    handle = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    standing = StandingSerializer(allow_null=True)
    match = ListedMatchSerializer(allow_null=True)


class EntrySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.CharField()
    is_simulated = serializers.BooleanField()
    is_shown = serializers.BooleanField(
        help_text="False for suspended and closed profiles: their accounts are left out."
    )
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField(allow_null=True)
    availability = AvailabilitySerializer(allow_null=True)
    accounts = ListedAccountSerializer(many=True)
    votes = TallySerializer()
    notes = NoteSerializer(many=True)


class RowsSerializer(serializers.Serializer):
    size = serializers.IntegerField(help_text="Of the whole list.")
    sort = serializers.ChoiceField(choices=[order.value for order in Order])
    page = serializers.IntegerField()
    next_page = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="Why there is no match, if so.")
    results = EntrySerializer(many=True)


def name_of(user: User | None) -> str | None:
    return None if user is None else str(user)


def tally_as_json(tally: Tally) -> dict[str, Any]:
    return {
        "votes_for": tally.votes_for,
        "votes_against": tally.votes_against,
        "total": tally.total,
        "own": tally.own,
    }


def note_as_json(note: ShortlistNote, *, asker: User) -> dict[str, Any]:
    return {
        "id": note.pk,
        "author": name_of(note.author),
        "is_own": note.author_id == asker.pk,
        "text": note.text,
        "created_at": note.created_at,
    }


def rows_as_json(listed: ShortlistRows, *, asker: User) -> dict[str, Any]:
    return {
        "size": listed.size,
        "sort": listed.order.value,
        "page": listed.number,
        "next_page": listed.next,
        "note": listed.note,
        "results": [row_as_json(row, asker=asker) for row in listed.rows],
    }


def row_as_json(row: ShortlistRow, *, asker: User) -> dict[str, Any]:
    creator = row.entry.creator
    return {
        "id": row.entry.pk,
        "creator_id": creator.pk,
        "name": creator.display_name,
        "status": creator.status,
        "is_simulated": creator.is_simulated,
        "is_shown": row.candidate is not None,
        "added_at": row.entry.added_at,
        "added_by": name_of(row.entry.added_by),
        "availability": availability_as_json(creator) if row.candidate else None,
        "accounts": [_account(one) for one in row.candidate.accounts] if row.candidate else [],
        "votes": tally_as_json(row.tally),
        "notes": [note_as_json(note, asker=asker) for note in row.notes],
    }


def _account(one: CandidateAccount) -> dict[str, Any]:
    match = one.match
    return {
        "id": one.account.pk,
        "platform": one.account.platform,
        "handle": one.account.handle,
        "country": one.account.country,
        "standing": StandingSerializer(one.entry).data if one.entry else None,
        "match": None
        if match is None
        else {
            "score": round(match.score, 4),
            "percentile": match.percentile,
            "model_version": match.version,
        },
    }
