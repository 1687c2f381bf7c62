"""The page, and the contract on paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from campaigns.access import seat_for
from campaigns.contract_pdf import contract_pdf
from campaigns.models import Contract
from marketplace.pages.collaborations.contract_part import get_contract
from marketplace.pages.collaborations.showing import show
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_safe
def collaboration(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    return show(request, seat_for(user_of(request), collaboration_id))


@page
@require_safe
def contract_text(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    """The very bytes whose SHA-256 was signed."""
    contract = _contract(request, collaboration_id)
    return _download(contract, contract.text.encode(), "text/plain; charset=utf-8", "txt")


@page
@require_safe
def contract_on_paper(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    contract = _contract(request, collaboration_id)
    return _download(contract, contract_pdf(contract), "application/pdf", "pdf")


def _contract(request: HttpRequest, collaboration_id: int) -> Contract:
    one = seat_for(user_of(request), collaboration_id).collaboration
    contract = get_contract(one)
    if contract is None:
        raise NotFound("There is no contract yet: it is drawn up when an offer is accepted.")
    contract.collaboration = one
    return contract


def _download(contract: Contract, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"contract-{contract.collaboration_id}.{ending}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
