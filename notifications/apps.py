"""The app of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the app."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
