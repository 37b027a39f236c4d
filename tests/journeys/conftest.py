"""Every journey here may ask for the `hall`."""

from tests.journeys.visits import hall

__all__ = ["hall"]
