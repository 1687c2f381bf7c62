"""Posts that are planned: what they can be expected to get, and what a change of them would do."""
