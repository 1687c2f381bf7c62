"""The words of every e-mail that comes out of the outbox."""
