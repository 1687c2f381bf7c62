"""The page of a collaboration, and everything either side does with it by clicking."""
