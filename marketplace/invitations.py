"""The signed address that lets somebody into a team, and the e-mail that carries it."""

import smtplib

import structlog
from django.core import signing
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation
from accounts.teams import InvitationOver, invitation_for

log = structlog.get_logger(__name__)

SALT = "fairground.invitation"
SESSION_KEY = "invitation"


def invitation_token(invitation: Invitation) -> str:
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> Invitation:
    """:raises InvitationOver: if the token is not ours or its invitation is gone."""
    try:
        return invitation_for(int(signing.loads(token, salt=SALT)))
    except signing.BadSignature as error:
        raise InvitationOver("This invitation link is damaged. Ask for a new one.") from error


def invitation_url(request: HttpRequest, invitation: Invitation) -> str:
    return request.build_absolute_uri(reverse("join", args=[invitation_token(invitation)]))


def send_invitation(request: HttpRequest, invitation: Invitation) -> bool:
    """Mail the link. False when the mail server refused; the link is on the team page anyway."""
    context = {
        "invitation": invitation,
        "actor": request.user,
        "url": invitation_url(request, invitation),
    }
    try:
        send_mail(
            subject=f"[Fairground] {_one_line(invitation.brand.name)} invites you to its team",
            message=render_to_string("emails/invitation.txt", context),
            from_email=None,
            recipient_list=[invitation.email],
        )
    except (smtplib.SMTPException, OSError) as error:
        log.warning("invitation_not_sent", invitation=invitation.pk, error=str(error))
        return False
    return True


def _one_line(name: str) -> str:
    """A brand's name may hold line breaks, which a mail header must not."""
    return " ".join(name.split())
