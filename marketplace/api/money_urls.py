"""Addresses of money: a brand's, a creator's, each payment, and what providers report."""

from django.urls import path

from marketplace.api.views import money, payments, provider_events, statements

_BRAND = "brands/<int:brand_id>/"
_CREATOR = "creators/<int:creator_id>/"

urlpatterns = [
    path(f"{_BRAND}wallet/", money.WalletView.as_view(), name="api_wallet"),
    path(f"{_BRAND}deposits/", money.DepositView.as_view(), name="api_deposits"),
    path(f"{_BRAND}withdrawals/", money.WithdrawalView.as_view(), name="api_withdrawals"),
    path(
        f"{_BRAND}statement/", statements.BrandStatementView.as_view(), name="api_brand_statement"
    ),
    path(f"{_CREATOR}balance/", money.BalanceView.as_view(), name="api_balance"),
    path(f"{_CREATOR}payouts/", money.PayoutView.as_view(), name="api_payouts"),
    path(
        f"{_CREATOR}statement/",
        statements.CreatorStatementView.as_view(),
        name="api_creator_statement",
    ),
    path("payments/", payments.PaymentListView.as_view(), name="api_payments"),
    path("payments/<int:payment_id>/", payments.PaymentView.as_view(), name="api_payment"),
    path(
        "payments/<int:payment_id>/cancel/",
        payments.CancelPayoutView.as_view(),
        name="api_payment_cancel",
    ),
    path(
        "payments/providers/<str:name>/events/",
        provider_events.ProviderEventView.as_view(),
        name="api_provider_events",
    ),
]
