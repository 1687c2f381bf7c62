"""How well a creator fits a campaign: facts, factors, stated score, learned score, words."""
