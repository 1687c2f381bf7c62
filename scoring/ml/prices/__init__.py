"""What creators' work is priced at, learned from asked and agreed prices per market."""
