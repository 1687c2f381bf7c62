"""The outbox's other half: from an event to each receiver, until it has arrived."""
