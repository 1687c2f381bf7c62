"""Finding creators: by words, by example, like one creator, and searches kept for later."""
