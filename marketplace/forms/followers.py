"""A follower count as people write it: 5000, 5,000, 10k, 1.2m."""

import re
from typing import Any

from django import forms

# A fraction only makes sense of thousands or millions.
_COUNT = re.compile(r"([0-9]+)|([0-9]+(?:[.][0-9]+)?)\s*([km])", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[,\s'](?=\d{3}(?!\d))")
_FACTORS = {"k": 1_000, "m": 1_000_000}


class FollowersField(forms.CharField):
    """Cleans to an int, or None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "text", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        match = _COUNT.fullmatch(_THOUSANDS.sub("", text).replace(",", "."))
        if match is None:
            raise forms.ValidationError("Write a number such as 5000, 10k or 1.2m.")
        if match[1]:
            return int(match[1])
        return round(float(match[2]) * _FACTORS[match[3].lower()])

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value
