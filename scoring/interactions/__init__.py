"""What brands saw and did, recorded once and read as one log; see docs/interactions.md."""
