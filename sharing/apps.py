"""The app of sharing."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Registers the app."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
