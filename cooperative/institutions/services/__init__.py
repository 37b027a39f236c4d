"""Verbs of institutions; the only place that writes them."""
