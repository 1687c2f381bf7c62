"""Serializers that refuse what they do not know, and numbers that are numbers."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


def unknown_names(given: Iterable[Any], known: Iterable[str]) -> dict[str, list[str]]:
    """Name → refusal for each name that is not known."""
    known = sorted(known)
    return {
        str(name)[:100]: [f"There is no “{str(name)[:60]}” here. Known: {', '.join(known)}."]
        for name in given
        if name not in known
    }


class StrictSerializer(serializers.Serializer):
    """Refuses unknown names, so that a misspelt one is not silently without effect."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            if unknown := unknown_names(data, writable):
                raise serializers.ValidationError(unknown, code="unknown_field")
        return super().to_internal_value(data)


class NumberField(serializers.FloatField):
    """A JSON number. Text such as "1e5" or "nan" and booleans are refused."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            number = float(data)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; 3.0 counts as one, "3" and true do not."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float) or data != data // 1:
            self.fail("invalid")
        return int(data)


def check_parameters(request: Request, known: Iterable[str]) -> None:
    """:raises ValidationError: if the address has a query parameter that means nothing here."""
    if unknown := unknown_names(request.query_params, known):
        raise serializers.ValidationError(unknown, code="unknown_parameter")
