"""What a brief may say of languages and of the audience it wants.

Here is judged what can be kept; whether an audience can exist, and which country a name means,
is for whoever compares audiences (`scoring.matching.wishes`).
"""

import math
from collections.abc import Iterable
from typing import Any, Final

from campaigns.brief_fields import BriefFields
from campaigns.brief_refusal import BriefRejected
from campaigns.languages import LANGUAGES

AUDIENCE_GROUPS: Final = ("age", "gender", "countries", "interests")
MAX_NAMES = 250
MAX_NAME_CHARACTERS = 80
MAX_LANGUAGES = 20


def check_matching(terms: BriefFields) -> None:
    """:raises BriefRejected: naming the language, or the group of the audience."""
    _check_languages(terms.languages)
    for group, wished in terms.audience.items():
        if group not in AUDIENCE_GROUPS:
            raise BriefRejected(
                f"“{group[:60]}” is no group of an audience. Known: {', '.join(AUDIENCE_GROUPS)}.",
                code="audience_rejected",
                attr="audience",
            )
        _check_group(group, wished)


def _check_languages(languages: list[str]) -> None:
    if len(languages) > MAX_LANGUAGES:
        raise BriefRejected(
            f"At most {MAX_LANGUAGES} languages.", code="too_many_languages", attr="languages"
        )
    for code in languages:
        if code not in LANGUAGES:
            raise BriefRejected(
                f"“{code[:60]}” is no language. Write two letters of ISO 639-1, such as en or de.",
                code="unknown_language",
                attr="languages",
            )


def _check_group(group: str, wished: Any) -> None:
    attr = f"audience.{group}"
    names: Iterable[Any] = wished if isinstance(wished, dict | list) else ()
    if not isinstance(wished, dict | list) or len(wished) > MAX_NAMES:
        raise BriefRejected(
            f"Send shares by name, such as “18-24” and 0.6, or a list of names; at most "
            f"{MAX_NAMES}.",
            code="audience_rejected",
            attr=attr,
        )
    for name in names:
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= MAX_NAME_CHARACTERS:
            raise BriefRejected(
                f"Each name has 1 to {MAX_NAME_CHARACTERS} characters.",
                code="audience_rejected",
                attr=attr,
            )
    if isinstance(wished, dict):
        for name, share in wished.items():
            if not _is_share(share):
                raise BriefRejected(
                    f"The share of “{name}” is no number from 0 to 100.",
                    code="audience_rejected",
                    attr=attr,
                )


def _is_share(share: Any) -> bool:
    is_number = isinstance(share, int | float) and not isinstance(share, bool)
    return is_number and math.isfinite(share) and 0 <= share <= 100
