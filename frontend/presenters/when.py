"""Days and hours in words, on the owner's wall clock; the zone is named where the reader's clock differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.spans import Span
from frontend.presenters.moments import long_day, moment_label, span_label


def day_of(value: date) -> str:
    """`Thursday, 15 April 2027`."""
    return long_day(value)


def month_of(value: date) -> str:
    """`April 2027`."""
    return date_format(value, "F Y")


def foreign_zone(zone: ZoneInfo, reader: ZoneInfo, at: datetime) -> str:
    """`Vilnius time` where that clock shows something else than the reader's at that instant, else empty."""
    if at.astimezone(zone).utcoffset() == at.astimezone(reader).utcoffset():
        return ""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return _("%(city)s time") % {"city": city}


@dataclass(frozen=True, slots=True)
class Clock:
    """How one reader is told about time: `now` (UTC) and the reader's own zone."""

    now: datetime
    zone: ZoneInfo

    def today(self, zone: ZoneInfo | None = None) -> date:
        return self.now.astimezone(zone or self.zone).date()

    def span(self, span: Span, zone: ZoneInfo) -> str:
        """`Thu 15 April, 18:00–21:00`, in `zone`; where the reader's clock differs the zone is named, and that clock's
        time stands beside it: `(Warsaw time; 19:00–22:00 where you are)`."""
        words = span_label(span.start, span.end, zone, now=self.now)
        beside = self.beside(span, zone)
        return f"{words} ({beside})" if beside else words

    def beside(self, span: Span, zone: ZoneInfo) -> str:
        """What stands beside a time of `zone`; nothing where the reader's clock shows the same."""
        foreign = foreign_zone(zone, self.zone, span.start) or foreign_zone(
            zone, self.zone, span.end
        )
        if not foreign:
            return ""
        there = [at.astimezone(zone).date() for at in (span.start, span.end)]
        here = [at.astimezone(self.zone).date() for at in (span.start, span.end)]
        mine = span_label(span.start, span.end, self.zone, now=self.now)
        if here == there and here[0] == here[1]:
            mine = mine.rpartition(", ")[2]
        return _("%(zone)s; %(when)s where you are") % {"zone": foreign, "when": mine}

    def moment(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """`today, 12:00` or `Thu 15 April, 12:00`."""
        here = zone or self.zone
        local = instant.astimezone(here)
        distance = (local.date() - self.today(here)).days
        named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get(distance)
        if named is None:
            return moment_label(instant, here, now=self.now)
        return f"{named}, {local:%H:%M}"

    def until(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """For a deadline: `until today, 12:00`."""
        return _("until %(moment)s") % {"moment": self.moment(instant, zone)}
