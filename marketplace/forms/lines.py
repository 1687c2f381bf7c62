"""Short texts, one on each line of a box."""

from typing import Any

from django import forms


class LinesField(forms.CharField):
    """Cleans to a list without empty lines; how many there may be is for the service to say."""

    def __init__(self, *, rows: int = 4, placeholder: str = "", **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=12_000,
            widget=forms.Textarea(attrs={"rows": rows, "placeholder": placeholder}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]
