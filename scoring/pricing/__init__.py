"""What work is priced at: prices of the market, suggestions from them, and how well those held."""
