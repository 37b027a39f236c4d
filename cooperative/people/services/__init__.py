"""Verbs of people; the only place that writes them."""
