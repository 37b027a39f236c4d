"""Addresses of pages by name, "" for a page that this installation does not have."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The address of `frontend:<name>`."""
    try:
        return reverse(f"frontend:{name}", args=args)
    except NoReverseMatch:
        return ""
