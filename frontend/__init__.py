"""SHOW: pages, templates, components, static files."""
