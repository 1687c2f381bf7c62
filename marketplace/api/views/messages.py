"""The thread of a collaboration and its files."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.errors import NotFound
from campaigns.access import MANAGERS, seat_for
from campaigns.attachments import store_attachment
from campaigns.message_reading import attachment_for, messages_visible_to, threads, unread_of
from campaigns.message_reports import note_moderators_look, report_message
from campaigns.messaging import mark_read, send_message
from campaigns.models import Message
from marketplace.api.authentication import asker
from marketplace.api.serializers.messages import (
    AttachmentSerializer,
    MessageReportRequestSerializer,
    MessageReportSerializer,
    MessageSerializer,
    NewMessageSerializer,
    ReadSerializer,
    UnreadSerializer,
    UploadSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.uploads import FilesAnyway, OneFileParser
from marketplace.files import attachment_response

TAGS = ["messages"]
CLOSED = OpenApiResponse(
    RefusalSerializer,
    description="It ended too long ago, the key or the file was used, or that was too fast.",
)


@extend_schema_view(
    get=extend_schema(
        tags=TAGS, summary="Messages of a collaboration, the newest first; they stay unread."
    )
)
class MessageListView(ListAPIView):
    """Eight queries at most beside the log-in's, whatever the page's length."""

    serializer_class = MessageSerializer
    filter_backends = []
    queryset = Message.objects.none()

    def get_queryset(self) -> QuerySet[Message]:
        seat = seat_for(asker(self.request), self.kwargs["collaboration_id"])
        found = threads(messages_visible_to(seat), reader=seat.user)
        note_moderators_look(seat=seat)
        return found

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=NewMessageSerializer,
        responses={201: MessageSerializer, 409: CLOSED},
        tags=TAGS,
        summary="Write a message. Warnings about its words come with the answer.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id).check(MANAGERS)
        sent = _checked(NewMessageSerializer, request.data)
        message = send_message(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=seat.user,
            text=sent["text"],
            client_key=sent["client_key"],
            attachment_ids=sent["attachments"],
            now=timezone.now(),
        )
        return Response(MessageSerializer(message).data, status=201)


class MessagesReadView(APIView):
    @extend_schema(
        request=ReadSerializer,
        responses=UnreadSerializer,
        tags=TAGS,
        summary="Note that you have read the messages, and hear how many are left.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id).check()
        up_to = _checked(ReadSerializer, request.data).get("up_to")
        mark_read(collaboration=seat.collaboration, user=seat.user, now=timezone.now(), up_to=up_to)
        left = unread_of(seat.user, [seat.collaboration.pk])[seat.collaboration.pk]
        return Response(UnreadSerializer({"unread": left}).data)


class MessageReportView(APIView):
    @extend_schema(
        request=MessageReportRequestSerializer,
        responses={201: MessageReportSerializer, 409: CLOSED},
        tags=TAGS,
        summary="Show a message of the other side to the moderators.",
    )
    def post(self, request: Request, collaboration_id: int, message_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id).check()
        sent = _checked(MessageReportRequestSerializer, request.data)
        message = messages_visible_to(seat).filter(pk=message_id).first()
        if message is None:
            raise NotFound("There is no such message.")
        report = report_message(
            seat=seat, message=message, reason=sent["reason"], now=timezone.now()
        )
        return Response(MessageReportSerializer(report).data, status=201)


class AttachmentUploadView(APIView):
    parser_classes = [OneFileParser]

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: AttachmentSerializer, 409: CLOSED},
        tags=TAGS,
        summary="Upload a picture or PDF; send a message with its id within a day.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        # Who may not write is refused before the body is read.
        seat = seat_for(asker(request), collaboration_id).check(MANAGERS)
        file = _checked(UploadSerializer, request.data)["file"]
        kept = store_attachment(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=seat.user,
            file=file,
            name=file.name,
            now=timezone.now(),
        )
        return Response(AttachmentSerializer(kept).data, status=201)


class AttachmentView(APIView):
    content_negotiation_class = FilesAnyway

    @extend_schema(
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "application/pdf"): OpenApiTypes.BINARY,
        },
        tags=TAGS,
        summary="The file itself.",
    )
    def get(self, request: Request, attachment_id: int) -> HttpResponseBase:
        check_parameters(request, [])
        return attachment_response(attachment_for(asker(request), attachment_id))


def _checked(serializer: type[Serializer], data: Any) -> dict[str, Any]:
    asked = serializer(data=data)
    asked.is_valid(raise_exception=True)
    sent: dict[str, Any] = asked.validated_data
    return sent
