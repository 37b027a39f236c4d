"""Why an option is offered, in one line, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.moments import moment_label
from bookings.reasons import Alternative, Why


def why(option: Alternative) -> str:
    """`the same day, 2 h later` · `2.1 km away, 60 free` · `40 missing: 25 + 15`."""
    found = option.why
    if found is None:
        return ""
    if option.kind == "other_time":
        return _nearer(option, found)
    if option.kind == "like_resource":
        return _like(found)
    if option.kind == "fewer_units":
        count = option.units
        return ngettext("%d is free all that time", "%d are free all that time", count) % count
    if option.kind == "split":
        parts = " + ".join(str(units) for units in found.parts)
        return _("%(missing)s missing: %(parts)s") % {"missing": found.missing, "parts": parts}
    if option.kind == "second_in_line" and found.until is not None:
        return _("kept for who asked first until %(moment)s at the latest") % {
            "moment": moment_label(found.until, option.zone)
        }
    if option.kind == "waiting_list":
        return _("offered to you when it comes free, in the order of asking")
    return ""


def _nearer(option: Alternative, found: Why) -> str:
    zone = ZoneInfo(option.zone)
    wished, start = found.wished.astimezone(zone), option.starts_at.astimezone(zone)
    days = (start.date() - wished.date()).days
    if not days and option.starts_at == found.wished:
        return _("the same day, until another hour")
    if not days:
        length = option.starts_at - found.wished
        words = {"time": duration(abs(length))}
        if length > timedelta(0):
            return _("the same day, %(time)s later") % words
        return _("the same day, %(time)s earlier") % words
    count = abs(days)
    if days > 0:
        return ngettext("%d day later", "%d days later", count) % count
    return ngettext("%d day earlier", "%d days earlier", count) % count


def _like(found: Why) -> str:
    said = []
    if found.of_house:
        said.append(_("in the same house"))
    elif found.km is not None:
        said.append(_("%(km)s km away") % {"km": number_format(found.km, decimal_pos=1)})
    if found.free is not None:
        said.append(ngettext("%d free", "%d free", found.free) % found.free)
    return ", ".join(said) or _("the same kind, free at your time")


def duration(length: timedelta) -> str:
    """`2 h`, `30 min`, `2 h 30 min`."""
    hours, minutes = divmod(int(length.total_seconds() // 60), 60)
    named = []
    if hours:
        named.append(_("%d h") % hours)
    if minutes:
        named.append(_("%d min") % minutes)
    return " ".join(named)
