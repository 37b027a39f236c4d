"""The app of frontend."""

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    """Registers the app."""

    name = "frontend"
    default_auto_field = "django.db.models.BigAutoField"
