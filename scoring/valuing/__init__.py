"""Market values of accounts: working them out run by run, and reading them."""
