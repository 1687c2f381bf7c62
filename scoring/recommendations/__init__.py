"""Creators for a brand from what brands did: the catalogue, what was learned, and the answer."""
