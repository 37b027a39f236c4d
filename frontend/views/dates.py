"""The dates of what has places: a list with how full each is, one more, and one date with who comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bookings.errors import BookingRefused, WouldHit
from bookings.queries.dates import Dated, date_for, dates_of
from bookings.queries.seats import parties_of
from bookings.services.series.sessions import SessionsWish, add_sessions, look_at_sessions
from bookings.services.sessions import add_session, cancel_session, change_session
from bookings.spans import EARLIEST, LATEST, Span
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound, Stale
from cooperative.files import made_now
from cooperative.spreadsheet import XLSX, spreadsheet
from frontend.forms.dates import NAMES, DateForm
from frontend.forms.fields import into_form
from frontend.forms.repeating import RepeatForm
from frontend.presenters.dates import (
    cards_of,
    initial_of,
    people_table,
    rows_of,
    taken_words,
    when_of,
)
from frontend.presenters.reader import reader_of
from frontend.presenters.repeating import DatesPreview, blocks_preview
from frontend.presenters.week.hits import HitRow
from sharing.models import Resource

from .doors import in_a_house
from .keepers import for_keepers, say_what_was_entered
from .once import once
from .thing import head_of, in_the_way, listing_of

MOST = 200


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def index(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The dates to come (`past`: those that were), and a form for one more."""
    listing = _with_places(request, uid)
    now = request.viewer.now
    form = DateForm(
        request.POST if request.method == "POST" else None,
        zone=listing.time_zone,
        initial={"units": listing.units},
    )
    repeat = RepeatForm(
        request.POST if request.method == "POST" else None, zone=form.zone, asks=False
    )
    checks = request.method == "POST" and request.POST.get("do") == "check"
    if request.method == "POST" and not checks and form.is_valid() and repeat.is_valid():
        try:
            _add(request, listing, form, repeat)
        except Invalid as error:
            if not repeat.errors:
                into_form(form, error, NAMES)
        except Conflict as error:
            form.add_error("start", str(error.message))
        except BookingRefused as error:
            form.add_error(None, [str(reason.message) for reason in error.reasons[:1]])
        else:
            return redirect("frontend:thing-dates", uid)
    past = "past" in request.GET
    window = Span(EARLIEST, now) if past else Span(now, LATEST)
    found = dates_of(listing.pk, window, now=now, cancelled=True, latest=past, most=MOST)
    context = {
        "head": head_of(request, listing, "thing-dates"),
        "dates": rows_of(found, listing, now=now),
        "form": form,
        "repeat": repeat,
        "preview": _preview(request, listing, form, repeat),
        "past": past,
        "days": form.errors.get("end_date") or form["end_date"].value(),
    }
    status = 422 if request.method == "POST" and not checks else 200
    return render(request, "frontend/thing_dates.html", context, status=status)


def _with_places(request: ViewedRequest, uid: UUID) -> Resource:
    listing = listing_of(request, uid)
    if listing.kind != "seated":
        raise NotFound
    return listing


def _add(request: ViewedRequest, listing: Resource, form: DateForm, repeat: RepeatForm) -> None:
    if form.starts_at is None or form.ends_at is None:
        raise Invalid({"start": _("Say from when until when.")})
    data = form.cleaned_data
    if repeat.active:
        added = add_sessions(by=request.viewer, wish=_wish(listing, form, repeat))
        say_what_was_entered(request, len(added.sessions), added.refused)
        return
    messages.success(request, _("One more date. Members can ask for places now."))
    add_session(
        by=request.viewer,
        resource=listing.uid,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        units=data["units"],
        title=data["title"],
        note=data["note"],
    )


def _wish(listing: Resource, form: DateForm, repeat: RepeatForm) -> SessionsWish:
    assert form.starts_at is not None
    assert form.ends_at is not None
    data = form.cleaned_data
    whole = repeat.between(form.starts_at, form.ends_at)
    return SessionsWish(
        resource=listing.uid,
        repetition=whole,
        units=data["units"],
        title=data["title"],
        note=data["note"],
        moved=tuple(repeat.moved(whole).items()),
    )


def _preview(
    request: ViewedRequest, listing: Resource, form: DateForm, repeat: RepeatForm
) -> DatesPreview | None:
    """Every date of what repeats as it would be; None where the forms cannot be judged, which they then say."""
    if not (repeat.active and form.is_valid() and repeat.is_valid()):
        return None
    try:
        wish = _wish(listing, form, repeat)
        looked = look_at_sessions(by=request.viewer, wish=wish)
    except Invalid:
        return None
    typed = {name: str(value) for name, value in repeat.data.items()}
    return blocks_preview(
        looked, wish.repetition, reader=reader_of(request), zone=form.zone, typed=typed
    )


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def one(request: ViewedRequest, uid: UUID, date: UUID) -> HttpResponse:
    """One date: who comes, its time and places, and cancelling it once one knows whom it hits."""
    listing = _with_places(request, uid)
    found = _of(request, listing, date)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    form = DateForm(
        request.POST if action == "change" else None,
        zone=listing.time_zone,
        initial=initial_of(found),
    )
    context: dict[str, Any] = {"hits": (), "cancelling": False}
    try:
        if action == "change" and form.is_valid():
            _change(request, date, form)
            messages.success(request, _("Saved."))
            return redirect("frontend:thing-date", uid, date)
        if action == "cancel":
            known = request.POST.get("confirmed") == "1"
            reason = request.POST.get("reason", "")
            context["reason"] = reason
            cancel_session(by=request.viewer, session=date, confirmed=known, reason=reason)
            messages.success(
                request, _("Cancelled. Whoever had places, or asked for some, is told.")
            )
            return redirect("frontend:thing-dates", uid)
    except WouldHit as error:
        context["hits"], context["cancelling"] = (
            in_the_way(request, error.lines),
            action == "cancel",
        )
    except Invalid as error:
        into_form(form, error, NAMES)
    except Stale:
        form = _stale(request, listing, found)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("frontend:thing-date", uid, date)
    return _shown(request, listing, found, form, context, hits=context["hits"])


def _of(request: ViewedRequest, listing: Resource, date: UUID) -> Dated:
    found = date_for(request.viewer, date)
    if found.session.resource_id != listing.pk:
        raise NotFound
    return found


def _change(request: ViewedRequest, date: UUID, form: DateForm) -> None:
    if form.starts_at is None or form.ends_at is None:
        raise Invalid({"start": _("Say from when until when.")})
    data = form.cleaned_data
    change_session(
        by=request.viewer,
        session=date,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        units=data["units"],
        title=data["title"],
        note=data["note"],
        version=data["version"],
    )


def _stale(request: ViewedRequest, listing: Resource, found: Dated) -> DateForm:
    """What was typed, on the version that is there now: saving again keeps it."""
    data = request.POST.copy()
    data["version"] = str(found.session.version)
    form = DateForm(data, zone=listing.time_zone, initial=initial_of(found))
    form.is_valid()
    there = f"{when_of(found.session)}, {taken_words(found)}"
    form.add_error(
        None,
        _("Somebody else changed this date meanwhile: %(there)s. Save again to keep yours.")
        % {"there": there},
    )
    return form


def _shown(
    request: ViewedRequest,
    listing: Resource,
    found: Dated,
    form: DateForm,
    context: dict[str, Any],
    *,
    hits: Sequence[HitRow],
) -> HttpResponse:
    session, now = found.session, request.viewer.now
    parties = cards_of(parties_of(session, viewer=request.viewer))
    context |= {
        "head": head_of(request, listing, "thing-dates"),
        "form": form,
        "when": when_of(session, now=now),
        "name": session.title,
        "note": session.note,
        "taken": taken_words(found),
        "cancelled": session.cancelled_at is not None,
        "over": session.ends_at <= now,
        "coming": [one for one in parties if one.firm],
        "waiting": [one for one in parties if not one.firm],
        "file_url": reverse("frontend:thing-date-people", args=[listing.uid, session.uid]),
        "url": reverse("frontend:thing-date", args=[listing.uid, session.uid]),
        "list_url": reverse("frontend:thing-dates", args=[listing.uid]),
    }
    status = 200
    if request.method == "POST":
        status = 409 if hits else 422
    return render(request, "frontend/thing_date.html", context, status=status)


@require_GET
@in_a_house
@for_keepers
def people(request: ViewedRequest, uid: UUID, date: UUID) -> HttpResponse:
    """All people of one date, over all bookings, as a spreadsheet."""
    listing = _with_places(request, uid)
    found = _of(request, listing, date)
    header, rows = people_table(parties_of(found.session, viewer=request.viewer))
    title = found.session.title or head_of(request, listing, "thing-dates").title
    name = f"{slugify(title) or 'lista'}-{found.session.local_date.isoformat()}.xlsx"
    return made_now(spreadsheet(title, header, rows), name=name, media_type=XLSX)
