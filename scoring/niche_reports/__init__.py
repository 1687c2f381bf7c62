"""Niche strategy reports: what each niche is like month by month, and what changes in it."""
