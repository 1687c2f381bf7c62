"""Market value: predicted engagement × going rate × authenticity × consistency."""
