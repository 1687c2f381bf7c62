"""Creators as a form asks for them: named with commas, kept by number."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.creator_names import find_called
from accounts.models import Creator

MOST_LOOKED_UP = 50
HELP = "Their @handles, whole names or numbers, with commas."
_BETWEEN = re.compile(r"[,;\n]+")
_NUMBERS = re.compile(r"[0-9\s]+", re.ASCII)
# As `shown_creators` writes them.
_NUMBERED = re.compile(r".*#\s*([0-9]{1,18})", re.ASCII | re.DOTALL)


class CreatorsField(forms.CharField):
    """Cleans to numbers, each once. A number is not looked up: who uses it says if it is nobody's.

    `seen` is to be set by the form: whom the reader may see.
    """

    seen: QuerySet[Creator] = Creator.objects.none()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "help_text": HELP, **kwargs})

    def clean(self, value: Any) -> tuple[int, ...]:
        return numbers_of(super().clean(value), self.seen)


def numbers_of(text: str, seen: QuerySet[Creator]) -> tuple[int, ...]:
    """:raises ValidationError: for every name that is nobody's, or several people's."""
    found: list[int] = []
    problems: list[str] = []
    looked_up = 0
    for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        if _NUMBERS.fullmatch(part):
            for number in part.split():
                if len(number) < 19:
                    found.append(int(number))
                else:
                    problems.append(f"{_short(number)} is too large for a number.")
            continue
        if numbered := _NUMBERED.fullmatch(part):
            found.append(int(numbered[1]))
            continue
        looked_up += 1
        if looked_up > MOST_LOOKED_UP:
            raise forms.ValidationError(
                f"At most {MOST_LOOKED_UP} can be found by name at once; write the others’ numbers."
            )
        called = list(find_called(seen, part))
        if len(called) == 1:
            found.append(called[0].pk)
        elif called:
            problems.append(f"“{_short(part)}” could be {shown_creators(called, ' or ')}.")
        else:
            problems.append(
                f"No creator is called “{_short(part)}”. Write the whole name, the @handle or the "
                "number in the address of the creator’s page."
            )
    if problems:
        raise forms.ValidationError(problems[:5])
    return tuple(dict.fromkeys(found))


def shown_creators(creators: Iterable[Creator], between: str = ", ") -> str:
    """``Nora Reed #34, Kim #35``, which `CreatorsField` reads again."""
    return between.join(
        f"{_BETWEEN.sub(' ', creator.display_name).replace('#', '')} #{creator.pk}".strip()
        for creator in creators
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
