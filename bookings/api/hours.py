"""Hours of a house or of one resource: what calls carry."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import ListSerializer

from cooperative.api.acting import ACTING, InstitutionQuery
from cooperative.api.fields import Body, Day, Text, Uid, YesNo
from sharing.wishes import HoursWish, TimesWish

from .bodies import optional_text
from .listing_bodies import HoursBody

OUTSIDE = "Also where bookings lie outside these hours then: they stay as they are."


class TimesBody(Body):
    """From when until when of the local day."""

    opens = Text(max_length=5, help_text="`09:00`")
    closes = Text(max_length=5, help_text="`13:00`; `24:00` ends the day")

    class Meta:
        ref_name = "OpenTimes"


class ChangedHoursBody(Body):
    """Other hours than every week on one day: they stand in place of the week's."""

    institution = Uid(required=False, help_text=ACTING)
    on = Day(help_text="A day on the owner's calendar.")
    hours: ListSerializer[Any] = ListSerializer(child=TimesBody(), min_length=1, max_length=20)
    reason = optional_text(200, help_text="Whoever wants to ask reads it.")
    confirmed = YesNo(required=False, default=False, help_text=OUTSIDE)

    class Meta:
        ref_name = "NewChangedHours"


class WeeklyHoursBody(Body):
    """All weekly hours with their validity: an ordinary week, and seasons with another. None = open at any time."""

    institution = Uid(required=False, help_text=ACTING)
    weekly: ListSerializer[Any] = ListSerializer(child=HoursBody(), max_length=200)
    confirmed = YesNo(required=False, default=False, help_text=OUTSIDE)

    class Meta:
        ref_name = "SetWeeklyHours"


class ConfirmedQuery(InstitutionQuery):
    """Whether the bookings that it leaves outside the hours are known."""

    confirmed = YesNo(required=False, help_text=OUTSIDE)


def times_of(read: dict[str, Any]) -> list[TimesWish]:
    return [TimesWish(row["opens"], row["closes"]) for row in read["hours"]]


def week_of(read: dict[str, Any]) -> list[HoursWish]:
    return [HoursWish(**row) for row in read["weekly"]]
