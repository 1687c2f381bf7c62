"""The links at the head of every page, for whoever looks at it."""

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import reverse

register = template.Library()


class Link(NamedTuple):
    href: str
    label: str
    current: bool


@register.simple_tag(takes_context=True)
def site_links(context: dict[str, Any]) -> list[Link]:
    """No queries of its own beyond ``my_brands`` and what else ``site`` offers, which is lazy."""
    request: HttpRequest | None = context.get("request")
    user = context.get("user")
    if request is None or user is None or not user.is_authenticated:
        return []
    wanted = []
    if context.get("my_brands"):
        wanted += [("home", "Campaigns")]
        if context.get("may_write_briefs"):
            wanted += [("brief_new", "New brief")]
    elif user.is_staff:
        wanted += [("home", "Overview")]
    if context.get("my_brands") or context.get("my_creator_id"):
        wanted += [("collaborations", "Collaborations")]
    wanted += [("creators", "Creators")]
    if user.is_staff:
        wanted += [("jobs", "Jobs")]
    links = [_link(request, reverse(name), label) for name, label in wanted]
    if creator_id := context.get("my_creator_id"):
        links.append(_link(request, reverse("open_campaigns"), "Open campaigns"))
        links.append(_link(request, reverse("creator", args=[creator_id]), "My profile"))
    if user.is_staff:
        links.append(Link(reverse("admin:index"), "Moderation", False))
    return links


def _link(request: HttpRequest, href: str, label: str) -> Link:
    return Link(href, label, request.path == href)


@register.simple_tag(takes_context=True)
def with_page(context: dict[str, Any], name: str, value: Any) -> str:
    """The present address's query string with one parameter set; None removes it."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    if value is not None:
        query[name] = value
    return f"?{query.urlencode()}"
