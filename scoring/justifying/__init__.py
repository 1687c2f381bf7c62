"""Price justifications: what a creator shows a brand about a price, frozen and signed."""
