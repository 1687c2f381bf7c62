"""Creators for a brand from what brands did: events, factorisation, ranker, exploration."""
