"""The week of a thing: who has what, own programme, closures, what came by phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Line
from bookings.queries.keeping import Causes, causes
from bookings.queries.timeline import TimeTile, timeline
from bookings.spans import Span
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid
from frontend.forms.dates import NAMES
from frontend.forms.fields import into_form
from frontend.forms.giving_way import chosen
from frontend.forms.repeating import RepeatForm
from frontend.forms.week import EntryForm
from frontend.presenters.texts import counted
from frontend.presenters.timetable import monday
from frontend.presenters.week.entries import entries
from frontend.presenters.week.hits import HitRow, hit_rows
from frontend.presenters.week.own import own_week, week_window
from sharing.models import Resource

from .doors import in_a_house
from .keepers import for_keepers
from .once import once
from .thing import head_of, listing_of
from .week_days import day_of, marks_around
from .week_entering import enter, members_of, remove, removes
from .week_series import preview_of


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def thing(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One thing's week; a POST enters time in it or gives it free."""
    listing = listing_of(request, uid)
    zone = ZoneInfo(listing.time_zone)
    today = request.viewer.now.astimezone(zone).date()
    day = day_of(request, today)
    sent = request.POST if request.method == "POST" and not removes(request) else None
    form = EntryForm(
        sent,
        zone=listing.time_zone,
        size=listing.units if counted(listing) else 1,
        initial=_prefilled(request) | {"date": day.isoformat()},
    )
    repeat = RepeatForm(sent, zone=zone, asks=False)
    if removes(request):
        remove(request)
        return redirect(f"{request.path}?day={day}")
    in_way: WouldHit | None = None
    if sent is not None and sent.get("do") != "check" and form.is_valid() and repeat.is_valid():
        try:
            entered = enter(request, listing, form, repeat)
        except WouldHit as error:
            in_way = error
        except BookingRefused as error:
            form.add_error(None, [str(reason.message) for reason in error.reasons])
        except Invalid as error:
            if not repeat.errors:
                into_form(form, error, NAMES)
        else:
            way = chosen(sent)
            if entered and (way.hit or way.shrink):
                return redirect("frontend:to-settle")
            if entered:
                return redirect(f"{request.path}?day={form.cleaned_data['date']}")
    return _shown(request, listing, form, in_way, day, repeat=repeat)


def _prefilled(request: ViewedRequest) -> dict[str, str]:
    """What another page says of the entry: the times of a date, and that somebody rang up."""
    known = ("kind", "start", "end", "end_date", "title")
    return {name: request.GET[name] for name in known if name in request.GET}


def _shown(
    request: ViewedRequest,
    listing: Resource,
    form: EntryForm,
    error: WouldHit | None,
    day: date,
    *,
    repeat: RepeatForm,
) -> HttpResponse:
    viewer, zone = request.viewer, ZoneInfo(listing.time_zone)
    window = week_window(day, zone)
    tiles = timeline([listing.pk], window, viewer=viewer).get(listing.pk, [])
    in_way = (*error.lines, *error.others) if error is not None else ()
    found = _causes(request, tiles, in_way, (listing.pk, window))
    here = reverse("frontend:week", args=[listing.uid])
    first = monday(day)
    marks = marks_around(listing.owner.country, listing.owner.region, first)
    shown = Causes(
        {pk: line for pk, line in found.lines.items() if pk not in _only_in_way(tiles, in_way)},
        found.blocks,
    )
    context = {
        "head": head_of(request, listing, "week"),
        "week": own_week(
            tiles,
            day,
            zone,
            now=viewer.now,
            causes=found,
            turn=(
                f"{here}?day={first - timedelta(days=7)}",
                f"{here}?day={first + timedelta(days=7)}",
            ),
            marks=marks.by_day,
        ),
        "marks": marks.lines,
        "entries": entries(shown, zone=zone, now=viewer.now, here=f"{here}?day={day}"),
        "form": form,
        "members": [one.name for one in members_of(request)],
        "hits": _hits(request, error, found) if error is not None else (),
        "how_many": error.message if error is not None else "",
        "repeat": repeat,
        "dates": preview_of(request, listing, form, repeat),
        # Of what repeats each either gives way or stays: how many it keeps is asked date by date.
        "pool": counted(listing) and not repeat.active,
        "some": counted(listing),
    }
    status = 200
    if request.method == "POST" and request.POST.get("do") != "check":
        status = 409 if in_way else 422
    return render(request, "frontend/week.html", context, status=status)


def _hits(request: ViewedRequest, error: WouldHit, found: Causes) -> tuple[HitRow, ...]:
    """Who would give way, and how many each keeps as it was sent."""
    return hit_rows(
        error.lines,
        found,
        now=request.viewer.now,
        others=error.others,
        typed=chosen(request.POST).typed,
    )


def _causes(
    request: ViewedRequest,
    tiles: Sequence[TimeTile],
    in_way: Sequence[Line],
    around: tuple[int, Span],
) -> Causes:
    under = [cause for tile in tiles for cause in tile.causes]
    lines = {cause.line for cause in under if cause.line is not None}
    blocks = {cause.block for cause in under if cause.block is not None}
    in_all = lines | {line.pk for line in in_way}
    return causes(in_all, blocks, viewer=request.viewer, around=around)


def _only_in_way(tiles: Sequence[TimeTile], in_way: Sequence[Line]) -> set[int]:
    here = {cause.line for tile in tiles for cause in tile.causes}
    return {line.pk for line in in_way} - here
