"""CSV files in: creators, posts and metrics, streamed, checked and written whole or not at all."""
