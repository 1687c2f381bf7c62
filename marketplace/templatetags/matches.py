"""What a factor moves a match score by, as pages write it."""

from django import template

register = template.Library()


@register.filter
def signed_points(contribution: float) -> str:
    """0.034 → ``+3.4``: points of the 100 a match score has. What rounds to nothing has no sign."""
    points = round(100 * contribution, 1)
    return f"{points:+.1f}".replace("-", "−") if points else "0.0"
