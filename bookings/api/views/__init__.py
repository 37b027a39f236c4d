"""Views of resources, bookings and their lines."""
