"""Which e-mail somebody gets, and the webhooks of brands and creators."""
