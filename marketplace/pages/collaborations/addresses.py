"""The addresses of a collaboration's page and its acts."""

from django.urls import path

from marketplace.pages.collaborations import contracting, delivering, detail, ending, negotiating

_ONE = "collaborations/<int:collaboration_id>/"
_PIECE = f"{_ONE}pieces/<int:position>/"

PATTERNS = [
    path(_ONE, detail.collaboration, name="collaboration"),
    path(f"{_ONE}contract.txt", detail.contract_text, name="collaboration_contract"),
    path(f"{_ONE}contract.pdf", detail.contract_on_paper, name="collaboration_contract_pdf"),
    path(f"{_ONE}offer/", negotiating.offer, name="collaboration_offer"),
    path(f"{_ONE}accept/", negotiating.accept, name="collaboration_accept"),
    path(f"{_ONE}decline/", negotiating.decline, name="collaboration_decline"),
    path(f"{_ONE}withdraw/", negotiating.withdraw, name="collaboration_withdraw"),
    path(f"{_ONE}limit/", negotiating.limit, name="collaboration_limit"),
    path(f"{_ONE}sign/", contracting.sign, name="collaboration_sign"),
    path(f"{_ONE}fund/", contracting.fund, name="collaboration_fund"),
    path(f"{_PIECE}draft/", delivering.draft, name="collaboration_draft"),
    path(f"{_PIECE}changes/", delivering.changes, name="collaboration_changes"),
    path(f"{_PIECE}approve/", delivering.approve, name="collaboration_approve"),
    path(f"{_PIECE}publish/", delivering.publish, name="collaboration_publish"),
    path(f"{_PIECE}verify/", delivering.verify, name="collaboration_verify"),
    path(f"{_PIECE}waive/", delivering.waive, name="collaboration_waive"),
    path(f"{_ONE}cancel/", ending.cancel, name="collaboration_cancel"),
    path(f"{_ONE}cancel/agree/", ending.agree, name="collaboration_agree_to_cancel"),
    path(f"{_ONE}cancel/refuse/", ending.refuse, name="collaboration_refuse_to_cancel"),
]
