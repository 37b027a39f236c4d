"""Who comes next hears in time that something is not back: nothing is taken away, its owner has a word to say first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bookings.models import Line
from bookings.queries.shortages import missing, shortages
from bookings.states import LineState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.events.services import record

from .telling import units_event

TOLD_AHEAD = timedelta(hours=24)
"""Before that it may still come back, and nobody is made to worry."""


def note_shortages(
    *,
    now: datetime,
    capacities: Collection[int] | None = None,
    by: Viewer | None = None,
    quiet: bool = False,
) -> int:
    """Write on confirmed lines that begin within a day how many units may be missing, and tell whoever asked.

    Each number is told once; so is that all is there again. Of `capacities` alone where given. How many were told.
    Lines that somebody else is changing are left to the next round.
    """
    gone = missing(capacities)
    short = shortages(gone, now=now, ahead=TOLD_AHEAD) if gone else {}
    about = Q(pk__in=short)
    if capacities is None:
        about |= Q(short_units__isnull=False)
    else:
        about |= Q(short_units__isnull=False, claims__capacity__in=list(capacities))
    ids = Line.objects.visible_to(SYSTEM).filter(about).order_by("pk").values_list("pk", flat=True)
    told = 0
    for pk in dict.fromkeys(ids):
        told += _note(pk, short.get(pk), now=now, by=by, quiet=quiet)
    return told


def _note(pk: int, short: int | None, *, now: datetime, by: Viewer | None, quiet: bool) -> int:
    with transaction.atomic():
        line = (
            Line.objects.visible_to(SYSTEM)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("booking", "lender")
            .filter(pk=pk)
            .first()
        )
        if line is None or line.short_units == short:
            return 0
        still = line.state == LineState.CONFIRMED and line.use_starts_at > now
        line.short_units = short if still else None
        line.told_at = line.told_by = None  # of another number nobody was told by phone
        line.save(update_fields=["short_units", "told_at", "told_by"])
        if not still:
            return 0
        verb = "at_risk" if short else "all_there"
        event = units_event(line, verb, line.units, by=by, short=short or 0)
        record([event], now=now, quiet=quiet)
    return 1
