"""The contract, who has signed it, and the money that has to be set aside."""

from typing import Any

from campaigns.access import Seat
from campaigns.models import Collaboration, Contract
from campaigns.states import Side
from campaigns.whereabouts import wallet_balance
from marketplace.forms.acts import SignForm
from marketplace.pages.collaborations.forms_shown import FormsShown


def get_contract(one: Collaboration) -> Contract | None:
    """With its offer and signatures. Two queries."""
    found = Contract.objects.filter(collaboration=one).select_related("offer")
    return found.prefetch_related("signatures").first()


def get_signing(
    seat: Seat, contract: Contract | None, *, moves: list[str], forms: FormsShown
) -> dict[str, Any]:
    """One query, if the brand is about to fund it."""
    if contract is None:
        return {}
    one = seat.collaboration
    signatures = {signature.side: signature for signature in contract.signatures.all()}
    context: dict[str, Any] = {
        "contract": contract,
        "signatures": [(side, signatures.get(side)) for side in (Side.BRAND, Side.CREATOR)],
        "has_signed": seat.side in signatures,
    }
    if "sign" in moves and not context["has_signed"]:
        context["sign_form"] = forms.get("sign", lambda: new_sign_form(contract))
    if "fund" in moves:
        balance = wallet_balance(one, contract.currency)
        context["wallet_minor"] = balance
        context["left_minor"] = max(balance - contract.to_fund_minor, 0)
        context["missing_minor"] = max(contract.to_fund_minor - balance, 0)
    return context


def new_sign_form(contract: Contract | None, data: Any = None) -> SignForm:
    initial = {"exact_hash": contract.text_hash} if contract else {}
    return SignForm(data, initial=initial, auto_id="sign-%s")
