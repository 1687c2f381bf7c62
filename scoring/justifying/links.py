"""The signed link that leads to one justification: short enough to be typed, and not guessable.

The signature covers the row's id and the hash of its document, so a link is about exactly that
document. It is the same every time it is made, for a PDF must be.
"""

import re
from typing import Final

from django.conf import settings
from django.core import signing

from accounts.errors import NotFound
from scoring.models import PriceJustification

SALT: Final = "fairground.price_justification"
LARGEST_ID: Final = 2**63 - 1
_TOKEN: Final = re.compile(r"([1-9][0-9]{0,18})-([A-Za-z0-9_-]{43})")


class LinkWrong(NotFound):
    """Nothing is said about whether there is such a row: links are not to be tried out."""

    code = "justification_link_wrong"
    message = (
        "This link is not one of ours, or not complete. Copy all of it, or ask the creator for it "
        "again."
    )


def make_token(justification: PriceJustification) -> str:
    """``12-`` and 43 characters of signature."""
    return f"{justification.pk}-{_signer().signature(_signed(justification))}"


def read_token(token: str) -> PriceJustification:
    """:raises LinkWrong: for whatever this Fairground did not sign. One query."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) > LARGEST_ID:
        raise LinkWrong
    row = (
        PriceJustification.objects.select_related("account__creator")
        .filter(pk=int(found[1]))
        .first()
    )
    if row is None:
        raise LinkWrong
    try:
        # Compares in constant time, and knows the keys that came before the present one.
        _signer().unsign(f"{_signed(row)}:{found[2]}")
    except signing.BadSignature as error:
        raise LinkWrong from error
    return row


def verify_url(justification: PriceJustification) -> str:
    """The whole address, as it stands in the PDF."""
    return f"{settings.SITE_URL}/verify/{make_token(justification)}/"


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _signed(justification: PriceJustification) -> str:
    return f"{justification.pk}:{justification.document_hash}"
