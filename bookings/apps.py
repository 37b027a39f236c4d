"""The app of bookings."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Registers the app."""

    name = "bookings"
    default_auto_field = "django.db.models.BigAutoField"
