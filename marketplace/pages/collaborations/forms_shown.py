"""The forms of a page with many, one of which may have come back with mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from marketplace.forms.acts import ActForm

Form = TypeVar("Form", bound=ActForm)


@dataclass(frozen=True)
class Unsent:
    """What was refused although its form is not on the page: why, and what was typed."""

    reasons: list[str]
    typed: list[tuple[str, str]]


class FormsShown:
    """Each section asks for its forms here, so that the one that came back is in its place.

    Who asks for a form shows it. One nobody asks for is told on top of the page.
    """

    def __init__(self, key: str = "", form: ActForm | None = None) -> None:
        self.returned_key = key
        self._returned = form
        self._was_shown = False

    def get(self, key: str, make: Callable[[], Form]) -> Form:
        if self._returned is None or key != self.returned_key:
            return make()
        self._was_shown = True
        return cast(Form, self._returned)

    @property
    def unsent(self) -> Unsent | None:
        if self._returned is None or self._was_shown:
            return None
        errors = self._returned.errors.values()
        return Unsent([str(text) for found in errors for text in found], self._returned.typed())
