"""Budget plans: which creators to take for a brief under a budget, and how sure that is."""
