"""When our house, or one thing, is open: the week and seasons, other hours on one day, days off, public holidays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import WouldLieOutside
from bookings.services.hours import change_hours
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.institutions.queries import institution
from cooperative.timeparsing import TimeError, parse_day
from frontend.forms.fields import into_form
from frontend.forms.hours import (
    ChangedHoursForm,
    DayOffForm,
    DayPartsForm,
    HoursForm,
    SeasonForm,
)
from frontend.presenters.hours import (
    changed_rows,
    days_off_rows,
    holiday_years,
    ordinary_from,
    season_rows,
    week_of,
)
from frontend.presenters.lines import language
from frontend.presenters.week.hits import HitRow
from sharing.models import Resource
from sharing.queries.day_parts import day_parts
from sharing.queries.holidays import marked_days
from sharing.queries.hours import (
    changed_hours,
    changed_hours_of,
    days_off,
    days_off_of,
    weekly_rows,
)
from sharing.seasons import Season, seasons
from sharing.services.changed_hours import remove_changed_hours, set_changed_hours
from sharing.services.day_parts import set_day_parts
from sharing.services.days_off import (
    YEARS_AHEAD,
    add_days_off,
    add_public_holidays,
    remove_days_off,
    remove_public_holidays,
    stop_public_holidays,
)
from sharing.services.seasons import remove_season, set_ordinary_week, set_season

from .doors import in_a_house
from .keepers import for_keepers
from .sent import uid_sent
from .thing import head_of, in_the_way, listing_of

Form = HoursForm | SeasonForm | ChangedHoursForm | DayOffForm | DayPartsForm


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def house(request: ViewedRequest) -> HttpResponse:
    """Hours of the house; things follow them unless they have their own."""
    if not request.institution:
        raise NotFound
    return _page(request, institution(request.viewer, request.institution.uid), None)


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def thing(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Hours of one thing; saving a week or a season makes them its own."""
    listing = listing_of(request, uid)
    return _page(request, listing.owner, listing)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose hours these are, and what holds there; `today` is the local day."""

    owner: Institution
    listing: Resource | None
    today: date
    held: tuple[Season, ...]

    @property
    def whose(self) -> dict[str, Any]:
        """As the services take it."""
        uid = self.listing.uid if self.listing is not None else None
        return {"institution": self.owner.pk, "resource": uid}

    @property
    def own(self) -> bool:
        return self.listing is None or self.listing.hours_source == "own"


def _place(request: ViewedRequest, owner: Institution, listing: Resource | None) -> _Place:
    zone = ZoneInfo(listing.time_zone if listing is not None else owner.time_zone)
    own = listing is not None and listing.hours_source == "own"
    # What holds now is what one changes: the house's hours, where the thing follows them.
    rows = weekly_rows(institution=owner.pk, resource=listing.pk if listing and own else None)
    today = request.viewer.now.astimezone(zone).date()
    return _Place(owner, listing, today, seasons(rows))


def _page(request: ViewedRequest, owner: Institution, listing: Resource | None) -> HttpResponse:
    at = _place(request, owner, listing)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    forms = _forms(request, at, action)
    sent = forms.get(action)
    hits: Sequence[HitRow] = ()
    try:
        done = _changed(request, at, sent, action) if action else False
    except WouldLieOutside as error:
        done = False
        hits = in_the_way(request, error.lines)
    except Invalid as error:
        done = False
        if sent is not None:
            into_form(sent, error, sent.named())
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect(request.path)
    if done:
        messages.success(request, _("Saved."))
        return redirect(request.path)
    status = 409 if hits else 422 if request.method == "POST" else 200
    context = _shown(request, at, forms) | {"hits": hits, "again": _again(request) if hits else ()}
    return render(request, "frontend/hours.html", context, status=status)


def _changed(request: ViewedRequest, at: _Place, sent: Form | None, action: str) -> bool:
    """Do what was sent; whether there was something to do. Raises `WouldLieOutside` unless `confirmed` was sent too."""
    change: Callable[[], bool]
    if sent is None:
        change = partial(_press, request, at, action)
    elif sent.is_valid():
        change = partial(_save, request, at, sent)
    else:
        return False
    known = request.POST.get("confirmed") == "1"
    return change_hours(change, by=request.viewer, **at.whose, confirmed=known)


def _again(request: ViewedRequest) -> tuple[tuple[str, str], ...]:
    """What was sent, to be sent once more by who has seen the bookings."""
    return tuple(
        (name, str(value)) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"
    )


def _forms(request: ViewedRequest, at: _Place, action: str) -> dict[str, Form]:
    """By the action that sends them."""
    chosen = _season_chosen(request, at)
    week = week_of(chosen or at.held[-1])
    days = {}
    if chosen is not None:
        last = chosen.until_on - timedelta(days=1) if chosen.until_on is not None else None
        days = {"from_on": chosen.from_on, "last_on": last, "instead_of": chosen.from_on}

    def sent(name: str) -> Any:
        return request.POST if action == name else None

    return {
        "hours": HoursForm(sent("hours"), week=week_of(at.held[-1])),
        "season": SeasonForm(sent("season"), week=week, initial=days, prefix="season"),
        "changed": ChangedHoursForm(sent("changed"), prefix="changed"),
        "off": DayOffForm(sent("off")),
        "parts": DayPartsForm(sent("parts"), parts=day_parts(at.owner.pk), prefix="parts"),
    }


def _season_chosen(request: ViewedRequest, at: _Place) -> Season | None:
    """The season whose dates and week the form is filled with."""
    first = _day(request.GET.get("season", ""))
    if first is None:
        return None
    return next((one for one in at.held[:-1] if one.from_on == first), None)


def _save(request: ViewedRequest, at: _Place, sent: Form) -> bool:
    """What a form says. Raises `Invalid`."""
    by, data = request.viewer, sent.cleaned_data
    match sent:
        case SeasonForm():
            set_season(
                by=by,
                **at.whose,
                from_on=data["from_on"],
                until_on=sent.until_on,
                hours=sent.wishes,
                instead_of=data["instead_of"],
            )
        case HoursForm():
            set_ordinary_week(by=by, **at.whose, hours=sent.wishes)
        case ChangedHoursForm():
            set_changed_hours(
                by=by, **at.whose, on=data["on"], hours=data["times"], reason=data["reason"]
            )
        case DayOffForm():
            last = data["last_on"] or data["from_on"]
            add_days_off(
                by=by,
                **at.whose,
                from_on=data["from_on"],
                until_on=last + timedelta(days=1),
                reason=data["reason"],
            )
        case DayPartsForm():
            set_day_parts(by=by, institution=at.owner.pk, parts=sent.wishes)
    return True


def _press(request: ViewedRequest, at: _Place, action: str) -> bool:
    """A button without a form; whether there was one. Raises `NotFound`, `Conflict`."""
    by, owner = request.viewer, at.owner.pk
    match action:
        case "no-season":
            remove_season(by=by, **at.whose, from_on=_day(request.POST.get("from_on", "")))
        case "as-usual":
            day = _day(request.POST.get("on", ""))
            if day is None:
                raise NotFound
            remove_changed_hours(by=by, **at.whose, on=day)
        case "open":
            remove_days_off(by=by, day_off=uid_sent(request.POST.get("day_off")))
        case "holidays":
            add_public_holidays(by=by, institution=owner, year=_year(request, at.today.year))
        case "no-holidays":
            remove_public_holidays(by=by, institution=owner, year=_year(request, at.today.year))
        case "stop-holidays":
            stop_public_holidays(by=by, institution=owner)
        case _:
            return False
    return True


def _shown(request: ViewedRequest, at: _Place, forms: dict[str, Form]) -> dict[str, Any]:
    owner, listing, today = at.owner, at.listing, at.today
    if listing is None:
        off = closed = days_off(institution=owner.pk, since=today)
        ours = changed = changed_hours(institution=owner.pk, since=today)
    else:
        off = days_off(institution=owner.pk, resource=listing.pk, since=today)
        closed = days_off_of(listing, since=today)
        ours = changed_hours(institution=owner.pk, resource=listing.pk, since=today)
        changed = changed_hours_of(listing, since=today)
    years = tuple(range(today.year, today.year + YEARS_AHEAD + 1))
    end = date(years[-1] + 1, 1, 1)
    marks = marked_days(owner.country, owner.region, today, end, language())
    return {
        "head": head_of(request, listing, "thing-hours") if listing is not None else None,
        "hours": forms["hours"],
        "season": forms["season"],
        "change": forms["changed"],
        "off": forms["off"],
        "parts": forms["parts"] if listing is None else None,
        "own": at.own,
        "always": listing is not None and listing.hours_source == "always",
        "source": listing.get_hours_source_display() if listing is not None else "",
        "house": listing is None,
        "ordinary_from": ordinary_from(at.held, today),
        "seasons": season_rows(at.held, today),
        "changed": changed_rows(changed, closed, ours),
        "days": days_off_rows(off),
        "holidays": holiday_years(marks, closed),
        "observes": owner.observes_public_holidays,
        "years": years,
    }


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except TimeError:
        raise NotFound from None


def _year(request: ViewedRequest, otherwise: int) -> int:
    text = request.POST.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else otherwise
