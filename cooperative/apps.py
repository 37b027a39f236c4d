"""The app of people and institutions, lowest of the house."""

from django.apps import AppConfig


class CooperativeConfig(AppConfig):
    """Registers the lowest app; the checks of settings come with it."""

    name = "cooperative"
    default_auto_field = "django.db.models.BigAutoField"
