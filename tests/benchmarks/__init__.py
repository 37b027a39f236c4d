"""Measurements: ratios in one run, because machines are noisy. `make bench` prints them as Markdown."""
