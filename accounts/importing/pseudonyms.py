"""Names of people who did not ask to be here, made unreadable while a file is read."""

from django.utils.crypto import salted_hmac

from accounts.importing.cells import CellRefused

MAX_ID = 200


def pseudonym(text: str) -> str:
    """A keyed hash (HMAC-SHA-256) of an id: the same id gives the same 64 hex digits.

    Keyed with the installation's secret, because handles are few enough to be guessed from
    a plain hash. A handle's @ and capitals do not count.
    """
    if len(text) > MAX_ID:
        raise CellRefused(f"at most {MAX_ID} characters, not {len(text):,}")
    name = text.removeprefix("@").strip().lower()
    if not name:
        raise CellRefused("an id")
    return salted_hmac("accounts.importing.pseudonyms", name, algorithm="sha256").hexdigest()
