"""The season's spreadsheet: taken, its columns named, looked over, brought in, its clashes decided; and taken out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bookings.models import ScheduleImport, ScheduleRow, ScheduleRowState, ScheduleState
from bookings.queries.schedules import gone_from, rows_of, schedule_for, schedules_of
from bookings.services.schedules.bringing import (
    CORRECTED,
    bring_in,
    leave_out,
    take_up_again,
    try_row,
)
from bookings.services.schedules.looking import UNDECIDED, look_over
from bookings.services.schedules.taking import drop_schedule, name_columns, take_schedule
from bookings.services.schedules.telling import timetable_file
from cooperative.access.middleware import ViewedRequest
from cooperative.access.standing import House
from cooperative.errors import Conflict, Invalid, NotFound, Stale
from cooperative.files import made_now
from cooperative.timeparsing import parse_wall
from frontend.forms.fields import into_form
from frontend.forms.schedules import ColumnsForm, FileForm, PeriodForm, RowForm
from frontend.presenters.lines import language
from frontend.presenters.listing import title_of
from frontend.presenters.schedules.cards import MOST_CARDS, Cards, counts_of
from frontend.presenters.schedules.columns import examples_of, initial_of, names_to_tell
from frontend.presenters.schedules.files import listed
from sharing.queries.listings import of_house

from .doors import in_a_house
from .once import once

MOST_THINGS = 500
SEASON = timedelta(days=300)
_DECISIONS = {"again", "partly", "edit", "change"}


def _house(request: ViewedRequest) -> House:
    """The house acted for, for its keepers; nothing is here for others."""
    house = request.institution
    if not house or not request.viewer.may("keeper", house.id):
        raise NotFound
    return house


def _things(request: ViewedRequest) -> list[tuple[str, str]]:
    own = of_house(request.viewer, _house(request).id).exclude(state="withdrawn")
    return [(str(one.uid), title_of(one)) for one in own[:MOST_THINGS]]


@require_http_methods(["GET", "POST"])
@once
@in_a_house
def index(request: ViewedRequest) -> HttpResponse:
    """The files that were brought in, one more, and the timetable as a file."""
    house = _house(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = take_schedule(
                by=request.viewer,
                house=house.id,
                name=form.cleaned_data["file"].name,
                data=form.content(),
            )
        except Invalid as error:
            into_form(form, error)
        else:
            return _looked(request, made)
    today = request.viewer.now.astimezone(ZoneInfo(house.time_zone)).date()
    period = PeriodForm(
        initial={"from_on": today.isoformat(), "until_on": (today + SEASON).isoformat()}
    )
    files = [listed(one, house.time_zone) for one in schedules_of(request.viewer, house.id)]
    context = {"form": form, "files": files, "period": period}
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/schedules.html", context, status=status)


def _looked(request: ViewedRequest, schedule: ScheduleImport) -> HttpResponse:
    """On to the page of the file, looked over where its columns are known."""
    if schedule.state != ScheduleState.MAPPING:
        look_over(by=request.viewer, schedule=schedule.uid)
    return redirect("frontend:schedule", schedule.uid)


@require_http_methods(["GET", "POST"])
@once
@in_a_house
def one(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One file: its columns until they are named, then what becomes of its rows. A POST brings in, or puts it aside."""
    _house(request)
    schedule = schedule_for(request.viewer, uid)
    if request.method == "POST":
        return _act(request, schedule)
    if schedule.state == ScheduleState.MAPPING:
        return redirect("frontend:schedule-columns", uid)
    rows = rows_of(schedule)
    waiting = [
        row for row in rows if row.state in UNDECIDED and row.state != ScheduleRowState.READY
    ]
    others = [row for row in rows if row not in waiting]
    cards = Cards(schedule, rows, _things(request), request.viewer)
    ready = sum(row.state == ScheduleRowState.READY for row in rows)
    done = sum(row.state == ScheduleRowState.STORED for row in rows)
    context = {
        "schedule": schedule,
        "counts": counts_of(rows),
        "waiting": [cards.of(row, deciding=True) for row in waiting[:MOST_CARDS]],
        "more_wait": max(len(waiting) - MOST_CARDS, 0),
        "others": [cards.of(row) for row in others[: 2 * MOST_CARDS]],
        "more": max(len(others) - 2 * MOST_CARDS, 0),
        "ready": ready,
        "done": done,
        "running": "running" in request.GET and ready > 0,
        "gone": _gone(schedule, rows, cards),
        "columns_url": reverse("frontend:schedule-columns", args=[uid]),
        "dropped": schedule.state == ScheduleState.DROPPED,
    }
    return render(request, "frontend/schedule.html", context)


def _gone(schedule: ScheduleImport, rows: list[ScheduleRow], cards: Cards) -> list[dict[str, str]]:
    """What came from the same sheet before and stands in it no longer."""
    window = cards.window(rows)
    if window is None:
        return []
    ids = {row.external_id for row in rows}
    return [
        {
            "title": line.booking.title,
            "when": cards.span_of(line),
            "url": reverse("frontend:booking", args=[line.booking.uid]),
        }
        for line in gone_from(schedule, window, ids)[:MOST_CARDS]
    ]


def _act(request: ViewedRequest, schedule: ScheduleImport) -> HttpResponse:
    action = request.POST.get("do", "")
    here = reverse("frontend:schedule", args=[schedule.uid])
    if action == "drop":
        drop_schedule(by=request.viewer, schedule=schedule.uid)
        messages.success(request, _("Put aside. What was brought in of it stays."))
        return redirect("frontend:schedules")
    if action == "look":
        look_over(by=request.viewer, schedule=schedule.uid)
        return redirect(here)
    if action != "bring":
        raise NotFound
    done = bring_in(by=request.viewer, schedule=schedule.uid)
    if done.left:
        return redirect(f"{here}?running")
    stored = schedule.rows.filter(state=ScheduleRowState.STORED).count()
    words = ngettext("%(count)d row is booked.", "%(count)d rows are booked.", stored)
    messages.success(request, words % {"count": stored})
    return redirect(here)


@require_http_methods(["GET", "POST"])
@in_a_house
def columns(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """What each column is, and what the names in it mean."""
    _house(request)
    schedule = schedule_for(request.viewer, uid)
    if schedule.state in {ScheduleState.DONE, ScheduleState.DROPPED}:
        return redirect("frontend:schedule", uid)
    form = _columns_form(request, schedule)
    if request.method == "POST" and form.is_valid():
        try:
            named = name_columns(by=request.viewer, schedule=uid, **form.told())
        except Stale:
            said = _("Somebody else changed this meanwhile. Here is how it is now.")
            messages.warning(request, said)
            return redirect("frontend:schedule-columns", uid)
        except Invalid as error:
            into_form(form, error, {name: f"col_{name}" for name in error.errors})
        else:
            if named.state != ScheduleState.MAPPING:
                return _looked(request, named)
            messages.info(request, _("One more question: what do these names mean?"))
            return redirect("frontend:schedule-columns", uid)
    context = {"form": form, "schedule": schedule}
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/schedule_columns.html", context, status=status)


def _columns_form(request: ViewedRequest, schedule: ScheduleImport) -> ColumnsForm:
    cells = list(schedule.rows.order_by("number").values_list("cells", flat=True))
    return ColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=schedule.headers,
        examples=examples_of(cells[:50]),
        things=_things(request),
        names=names_to_tell(schedule, cells),
        language=language(),
        initial=initial_of(schedule),
    )


@require_POST
@once
@in_a_house
def row(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One decision about one row."""
    _house(request)
    action, seen = request.POST.get("do", ""), request.POST.get("seen", "")
    try:
        if action == "leave":
            found = leave_out(by=request.viewer, row=uid)
        elif action == "take_up":
            found = take_up_again(by=request.viewer, row=uid)
        elif action in _DECISIONS:
            found = try_row(
                by=request.viewer,
                row=uid,
                corrections=_corrections(request) if action == "edit" else None,
                partly=action == "partly",
                seen=seen,
            )
            _say(request, found)
        else:
            raise NotFound
    except Stale:
        messages.warning(request, _("Somebody else decided this row meanwhile."))
        return redirect("frontend:schedules")
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("frontend:schedules")
    return redirect(f"{reverse('frontend:schedule', args=[found.schedule.uid])}#waiting")


def _corrections(request: ViewedRequest) -> dict[str, str]:
    """What was typed over a row; the number of the row stands before the names."""
    form = RowForm(request.POST, things=_things(request), prefix=request.POST.get("number", ""))
    form.is_valid()
    return {name: str(form.cleaned_data.get(name) or "") for name in CORRECTED}


def _say(request: ViewedRequest, found: ScheduleRow) -> None:
    if found.state in {ScheduleRowState.STORED, ScheduleRowState.KNOWN}:
        messages.success(request, _("Row %(number)d is booked.") % {"number": found.number})
    else:
        said = _("Row %(number)d is not booked: see why below.") % {"number": found.number}
        messages.warning(request, said)


@require_GET
@in_a_house
def file(request: ViewedRequest, kind: str) -> HttpResponse:
    """All that is booked of the house's things in a period, as a file of the same shape."""
    house = _house(request)
    form = PeriodForm(request.GET)
    zone = ZoneInfo(house.time_zone)
    if not form.is_valid():
        raise Invalid({"from_on": _("Say from which day until which.")})
    made = timetable_file(
        by=request.viewer,
        house=house.id,
        starts_at=parse_wall(form.cleaned_data["from_on"], "00:00", zone=zone),
        ends_at=parse_wall(form.cleaned_data["until_on"], "24:00", zone=zone),
        kind=kind,
    )
    return made_now(made.content, name=made.name, media_type=made.content_type)
