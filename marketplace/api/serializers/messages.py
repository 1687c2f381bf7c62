"""Messages, their warnings and files, and what is sent to write one."""

from rest_framework import serializers

from campaigns.message_reports import REASON_CHARACTERS
from campaigns.messaging import ATTACHMENTS_PER_MESSAGE, TEXT_CHARACTERS
from campaigns.models import Attachment, Message, MessageReport
from marketplace.api.strictness import StrictSerializer, WholeNumberField

LARGEST_ID = 2**63 - 1


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = (
            "id", "kind", "content_type", "name", "size", "sha256", "width", "height", "pages",
            "uploaded_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields[1:]}


class MessageWarningSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="payment, contact, phishing or urgency.")
    title = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField(), help_text="What was found.")
    why = serializers.CharField(help_text="Why it matters.")
    advice = serializers.CharField(help_text="What to do.")


class MessageSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author_name")
    warnings = MessageWarningSerializer(many=True)
    attachments = AttachmentSerializer(many=True)

    class Meta:
        model = Message
        fields = ("id", "side", "author", "text", "warnings", "attachments", "sent_at")
        extra_kwargs = {name: {"required": True} for name in ("text", "sent_at")}


class NewMessageSerializer(StrictSerializer):
    text = serializers.CharField(
        max_length=TEXT_CHARACTERS, required=False, default="", allow_blank=True
    )
    client_key = serializers.RegexField(
        r"^[A-Za-z0-9_.:-]{1,64}\Z",
        help_text="Your own, new for each message: sent again under it, there is one message.",
    )
    attachments = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=LARGEST_ID),
        max_length=ATTACHMENTS_PER_MESSAGE,
        required=False,
        default=list,
        help_text="Ids of files you uploaded for this collaboration.",
    )


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField(
        allow_empty_file=True, help_text="JPEG, PNG, WebP or PDF of at most 8 MB."
    )


class ReadSerializer(StrictSerializer):
    up_to = WholeNumberField(
        min_value=1,
        max_value=LARGEST_ID,
        required=False,
        help_text="The last message that was read; without it, all.",
    )


class UnreadSerializer(serializers.Serializer):
    unread = serializers.IntegerField(help_text="Counted up to 100.")


class MessageReportRequestSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_CHARACTERS)


class MessageReportSerializer(serializers.ModelSerializer):
    state = serializers.CharField(help_text="open, upheld or dismissed.")

    class Meta:
        model = MessageReport
        fields = ("id", "reason", "state", "reported_at", "decision", "decided_at")
        extra_kwargs = {
            name: {"required": True} for name in ("reported_at", "decision", "decided_at")
        }
