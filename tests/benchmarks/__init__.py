"""Measurements: ratios in one run, because machines are noisy. `make bench` prints them as Markdown."""

import os

import django

# Here, so that every module of the package may import models.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperative.settings")
django.setup()
