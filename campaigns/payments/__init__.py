"""Money in and out: deposits, withdrawals, payouts, and the providers that move it."""
