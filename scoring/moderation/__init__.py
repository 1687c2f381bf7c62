"""Cases about high-risk creators, from the score that opens one to the last word on it."""
