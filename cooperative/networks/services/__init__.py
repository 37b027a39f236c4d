"""Verbs of networks and partnerships; the only place that writes them."""
