"""Templates of a brand's briefs: the list, and campaigns that start from one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from campaigns.briefs import create_campaign
from campaigns.copying import delete_template, template_for, templates_of, terms_of_template
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_safe
def brief_templates(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    writable = user.memberships.filter(role__in=access.WRITERS).values_list("brand_id", flat=True)
    context = {
        "templates": templates_of(user),
        "writable": set(writable),
        "several": access.brands_of(user).count() > 1,
    }
    return render(request, "brand/brief_templates.html", context)


@page
@require_POST
def brief_template_start(request: HttpRequest, template_id: int) -> HttpResponse:
    """A draft campaign with the template's brief and name."""
    user = user_of(request)
    template = template_for(user, template_id, write=True)
    now = timezone.now()
    campaign = create_campaign(
        brand=template.brand,
        title=template.name,
        terms=terms_of_template(template, now=now),
        actor=user,
        now=now,
    )
    messages.success(request, "This draft begins with the template's brief.")
    return redirect("campaign_settings", campaign.pk)


@page
@require_POST
def brief_template_delete(request: HttpRequest, template_id: int) -> HttpResponse:
    user = user_of(request)
    template = template_for(user, template_id, write=True)
    delete_template(template=template, actor=user)
    messages.success(request, "The template is deleted; campaigns that began with it are not.")
    return redirect("brief_templates")
