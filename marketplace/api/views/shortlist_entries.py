"""Who is on a shortlist, with the team's votes and notes."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import User
from campaigns.access import REVIEWERS
from campaigns.models import ShortlistEntry
from campaigns.shortlist_entries import add_creator, entry_for, remove_creator
from campaigns.shortlist_notes import delete_note, note_for, notes_about, write_note
from campaigns.shortlist_votes import Value, cast_vote, tally_votes
from campaigns.shortlists import shortlist_for
from marketplace.api.authentication import asker
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.serializers.shortlists import (
    EntryRequestSerializer,
    EntrySerializer,
    NoteRequestSerializer,
    NoteSerializer,
    RowsParameters,
    RowsSerializer,
    TallySerializer,
    VoteRequestSerializer,
    note_as_json,
    row_as_json,
    rows_as_json,
    tally_as_json,
)
from marketplace.api.views.discovery import parameters
from marketplace.shortlist_rows import ShortlistRow, list_rows, read_order
from scoring.candidates import read_candidates

TAGS = ["shortlists"]
NOT_NOW = OpenApiResponse(
    RefusalSerializer, description="The list is archived or full, or the profile is suspended."
)
ARCHIVED = OpenApiResponse(RefusalSerializer, description="The list is archived.")
FULL = OpenApiResponse(
    RefusalSerializer, description="The list is archived, or there are too many notes."
)


class ShortlistCreatorsView(APIView):
    @extend_schema(
        parameters=[RowsParameters],
        responses=RowsSerializer,
        tags=TAGS,
        operation_id="shortlists_creators",
        summary="The creators of a list, twenty-five a page.",
    )
    def get(self, request: Request, shortlist_id: int) -> Response:
        user = asker(request)
        found = shortlist_for(user, shortlist_id)
        asked = parameters(request, RowsParameters)
        listed = list_rows(
            found,
            asker=user,
            now=timezone.now(),
            order=read_order(asked.get("sort", ""), found),
            page=asked["page"],
        )
        return Response(rows_as_json(listed, asker=user))

    @extend_schema(
        request=EntryRequestSerializer,
        responses={200: EntrySerializer, 201: EntrySerializer, 409: NOT_NOW},
        tags=TAGS,
        operation_id="shortlists_add_creator",
        summary="Put a creator on a list; 200 if they are on it already.",
    )
    def post(self, request: Request, shortlist_id: int) -> Response:
        user, now = asker(request), timezone.now()
        found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
        asked = EntryRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        creator = access.creator_for(user, asked.validated_data["creator_id"])
        entry, is_new = add_creator(shortlist=found, creator=creator, actor=user, now=now)
        body = row_as_json(_row(entry, asker=user), asker=user)
        return Response(body, status=201 if is_new else 200)


class ShortlistEntryView(APIView):
    @extend_schema(
        responses={204: None, 409: ARCHIVED},
        tags=TAGS,
        operation_id="shortlists_remove_creator",
        summary="Take a creator off a list; the notes stay.",
    )
    def delete(self, request: Request, entry_id: int) -> Response:
        user = asker(request)
        entry = entry_for(user, entry_id, roles=access.WRITERS)
        remove_creator(entry=entry, actor=user, now=timezone.now())
        return Response(status=204)


class VoteView(APIView):
    @extend_schema(
        request=VoteRequestSerializer,
        responses={200: TallySerializer, 409: ARCHIVED},
        tags=TAGS,
        operation_id="shortlists_vote",
        summary="Vote for or against a creator on a list, or take your vote back.",
    )
    def post(self, request: Request, entry_id: int) -> Response:
        user = asker(request)
        entry = entry_for(user, entry_id, roles=REVIEWERS)
        asked = VoteRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        value = asked.validated_data["value"]
        cast_vote(
            entry=entry, value=Value(value) if value else None, actor=user, now=timezone.now()
        )
        return Response(tally_as_json(tally_votes([entry.pk], asker=user)[entry.pk]))


class NotesView(APIView):
    @extend_schema(
        request=NoteRequestSerializer,
        responses={201: NoteSerializer, 409: FULL},
        tags=TAGS,
        operation_id="shortlists_write_note",
        summary="Write a note about a creator on a list.",
    )
    def post(self, request: Request, entry_id: int) -> Response:
        user = asker(request)
        entry = entry_for(user, entry_id, roles=REVIEWERS)
        asked = NoteRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        note = write_note(
            entry=entry, text=asked.validated_data["text"], actor=user, now=timezone.now()
        )
        return Response(note_as_json(note, asker=user), status=201)


class NoteView(APIView):
    @extend_schema(
        responses={204: None},
        tags=TAGS,
        operation_id="shortlists_delete_note",
        summary="Delete a note you wrote.",
    )
    def delete(self, request: Request, note_id: int) -> Response:
        user = asker(request)
        delete_note(note=note_for(user, note_id), actor=user, now=timezone.now())
        return Response(status=204)


def _row(entry: ShortlistEntry, *, asker: User) -> ShortlistRow:
    """One entry as the list has it, but for a match. Seven queries."""
    shown = access.creators_visible_to(asker).filter(pk=entry.creator_id)
    candidates = read_candidates(list(shown), now=timezone.now())
    return ShortlistRow(
        entry=entry,
        tally=tally_votes([entry.pk], asker=asker)[entry.pk],
        candidate=candidates.get(entry.creator_id),
        notes=notes_about(entry.shortlist, [entry.creator_id])[entry.creator_id],
    )
