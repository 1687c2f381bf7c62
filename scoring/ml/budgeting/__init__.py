"""Choosing creators under a budget: objectives, exact and greedy methods, bounds, simulation."""
