"""Alerts: rules over readings, checked as set operations, tried on the past beforehand."""
