"""Is a post's engagement fake, and in which hours (seed document 002)."""
