"""The finance desk: payments that wait, and the page on which one is decided."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import audit
from accounts.errors import DomainError
from accounts.models import User
from accounts.money import exact
from campaigns.models import Operation, Payment, ProviderEvent
from campaigns.payments.access import payment_for_desk
from campaigns.payments.desk import MARKS, Step, ensure_outsider, list_steps
from campaigns.payments.marking import mark_payment
from campaigns.payments.payouts import refuse_payout, release_payout, retry_payment
from marketplace.admin.reading import Desk, read_id
from marketplace.forms.payments import PaymentDecisionForm

SERVICES = {
    Step.RELEASE: release_payout,
    Step.REFUSE: refuse_payout,
    Step.RETRY: retry_payment,
}


@admin.register(Payment)
class PaymentAdmin(Desk):
    """Payments change only by what providers report and by decisions with reasons."""

    list_display = (
        "number",
        "kind",
        "owner",
        "amount",
        "state",
        "provider",
        "created_at",
        "updated_at",
    )
    list_filter = ("state", "kind", "provider", "currency")
    list_select_related = ("brand", "creator")
    search_fields = ("brand__name", "creator__display_name", "attempts__reference")
    ordering = ("-pk",)

    @admin.display(description="payment", ordering="pk")
    def number(self, payment: Payment) -> str:
        return f"Payment {payment.pk}"

    @admin.display(description="of")
    def owner(self, payment: Payment) -> str:
        return str(payment.brand or payment.creator)

    @admin.display(ordering="amount_minor")
    def amount(self, payment: Payment) -> str:
        return exact(payment.amount_minor, payment.currency)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = Payment.objects.filter(pk=read_id(object_id))
        if not found.exists():
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        assert isinstance(request.user, User)
        if not self.has_view_permission(request):
            raise PermissionDenied
        payment = payment_for_desk(request.user, int(object_id))
        may_decide = self.has_change_permission(request, payment)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        steps = list_steps(payment)
        sent = request.POST if request.method == "POST" else None
        form = PaymentDecisionForm(sent, steps=steps) if steps and may_decide else None
        if request.method == "POST":
            if form is None:
                messages.error(request, "Nothing is to be decided about this payment now.")
                return HttpResponseRedirect(request.path)
            if form.is_valid():
                _decide(request, payment, request.user, form)
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            **_context(payment, request.user),
            "title": f"{payment}: {exact(payment.amount_minor, payment.currency)}",
            "opts": self.opts,
            "form": form,
            "may_decide": may_decide,
        }
        return TemplateResponse(request, "moderation/desk_payment.html", context)


def _context(payment: Payment, actor: User) -> dict[str, Any]:
    """A number of queries that neither attempts nor reports change."""
    attempts = list(payment.attempts.all())
    keys = [attempt.key for attempt in attempts]
    try:
        ensure_outsider(payment, actor)
        refusal = ""
    except DomainError as error:
        refusal = error.message
    return {
        "payment": payment,
        "attempts": attempts,
        "reports": ProviderEvent.objects.filter(attempt_key__in=keys).order_by("pk"),
        "operations": Operation.objects.filter(
            operation_id__in=[*keys, *(f"{key}:back" for key in keys)]
        ).order_by("pk"),
        "audit": audit.list_entries(payment),
        "refusal": refusal,
    }


def _decide(request: HttpRequest, payment: Payment, actor: User, form: PaymentDecisionForm) -> None:
    step, words = Step(form.cleaned_data["step"]), form.cleaned_data["words"]
    now = timezone.now()
    try:
        if step in MARKS:
            mark_payment(payment=payment, status=MARKS[step], reference=words, actor=actor, now=now)
        else:
            SERVICES[step](payment=payment, reason=words, actor=actor, now=now)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "It is done and recorded.")
