"""The week of a thing, and of all our things: who has what, own programme, closures, what came by phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Line
from bookings.queries.keeping import Causes, causes
from bookings.queries.timeline import TimeTile, timeline
from bookings.services.blocks import add_block, remove_block
from bookings.services.series.blocks import remove_blocks
from bookings.services.write_in import write_in
from bookings.spans import Span
from bookings.wishes import BookingWish, LineWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.institutions.queries import institutions
from cooperative.timeparsing import TimeError, parse_day
from frontend.forms.dates import NAMES
from frontend.forms.fields import into_form
from frontend.forms.giving_way import chosen
from frontend.forms.repeating import RepeatForm
from frontend.forms.week import PHONE, EntryForm
from frontend.presenters.lines import language
from frontend.presenters.listing import category_name, title_of
from frontend.presenters.marks import Marks, marks_of
from frontend.presenters.texts import amount, counted
from frontend.presenters.timetable import monday
from frontend.presenters.week.all_things import all_weeks
from frontend.presenters.week.entries import entries
from frontend.presenters.week.hits import hit_rows
from frontend.presenters.week.own import own_week, week_window
from sharing.models import Resource
from sharing.queries.holidays import marked_days
from sharing.queries.listings import of_house

from .doors import in_a_house
from .keepers import for_keepers, say_what_came_back
from .once import once
from .thing import head_of, listing_of
from .week_series import enter_series, preview_of

MOST_ROWS = 200


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def thing(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One thing's week; a POST enters time in it or gives it free."""
    listing = listing_of(request, uid)
    zone = ZoneInfo(listing.time_zone)
    today = request.viewer.now.astimezone(zone).date()
    form = EntryForm(
        request.POST if request.method == "POST" and not _removes(request) else None,
        zone=listing.time_zone,
        size=listing.units if counted(listing) else 1,
        initial=_prefilled(request) | {"date": _day(request, today).isoformat()},
    )
    repeat = RepeatForm(
        request.POST if request.method == "POST" and not _removes(request) else None,
        zone=zone,
        asks=False,
    )
    in_way: WouldHit | None = None
    if request.method == "POST":
        if _removes(request):
            _remove(request)
            return redirect(f"{request.path}?day={_day(request, today)}")
        if request.POST.get("do") == "check":
            return _shown(request, listing, form, None, _day(request, today), repeat=repeat)
        if form.is_valid() and repeat.is_valid():
            try:
                entered = _enter(request, listing, form, repeat)
            except WouldHit as error:
                in_way = error
            except BookingRefused as error:
                form.add_error(None, [str(reason.message) for reason in error.reasons])
            except Invalid as error:
                if not repeat.errors:
                    into_form(form, error, NAMES)
            else:
                if not entered:
                    return _shown(request, listing, form, None, _day(request, today), repeat=repeat)
                if chosen(request.POST).hit:
                    return redirect("frontend:to-settle")
                return redirect(f"{request.path}?day={form.cleaned_data['date']}")
    return _shown(request, listing, form, in_way, _day(request, today), repeat=repeat)


def _prefilled(request: ViewedRequest) -> dict[str, str]:
    """What another page says of the entry: the times of a date, and that somebody rang up."""
    known = ("kind", "start", "end", "end_date", "title")
    return {name: request.GET[name] for name in known if name in request.GET}


def _removes(request: ViewedRequest) -> bool:
    return request.POST.get("action") in {"remove", "remove_following"}


def _remove(request: ViewedRequest) -> None:
    """Give the time of one block free, or of all that follow in its series."""
    block = _block(request)
    if request.POST.get("action") == "remove":
        say_what_came_back(request, remove_block(by=request.viewer, block=block))
        return
    count = remove_blocks(by=request.viewer, block=block)
    words = ngettext("%(count)d date is free again.", "%(count)d dates are free again.", count)
    messages.success(request, words % {"count": count})


def _enter(request: ViewedRequest, listing: Resource, form: EntryForm, repeat: RepeatForm) -> bool:
    """Whether it was; nothing is where the form does not say for whom, which it then says itself."""
    data = form.cleaned_data
    if form.starts_at is None or form.ends_at is None:
        raise Invalid({"start": _("Say from when until when.")})
    whom = None
    if data["kind"] == PHONE:
        whom = form.written_for(_members(request), listing.owner_id)
        if whom is None:
            return False
    if repeat.active:
        enter_series(request, listing, form, repeat, hit=chosen(request.POST).hit, whom=whom)
        return True
    if whom is not None:
        line = LineWish(
            resource=listing.uid,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            units=data.get("units") or 1,
        )
        write_in(
            by=request.viewer,
            lender=listing.owner_id,
            wish=BookingWish(lines=(line,), **form.about()),
            whom=whom,
        )
        messages.success(request, _("Written in: the time is booked."))
        return True
    way = chosen(request.POST)
    add_block(
        by=request.viewer,
        resource=listing.uid,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        kind=data["kind"],
        title=data["title"],
        units=data.get("units"),
        hit=way.hit,
        shrink=way.shrink,
    )
    messages.success(request, _("Entered. Others see this time as taken."))
    return True


def _members(request: ViewedRequest) -> list[Institution]:
    return list(institutions(request.viewer))


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
    marks = _marks(listing.owner.country, listing.owner.region, first)
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
        "members": [one.name for one in _members(request)],
        "hits": hit_rows(
            error.lines,
            found,
            now=viewer.now,
            others=error.others,
            typed=chosen(request.POST).typed,
        )
        if error is not None
        else (),
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


@require_GET
@in_a_house
@for_keepers
def house(request: ViewedRequest) -> HttpResponse:
    """All our things in one week, each leading to its own."""
    viewer = request.viewer
    if not request.institution:
        raise NotFound
    zone = ZoneInfo(request.institution.time_zone)
    day = _day(request, viewer.now.astimezone(zone).date())
    own = of_house(viewer, request.institution.id).exclude(state="withdrawn")
    things = list(own.exclude(kind__in=["open"])[:MOST_ROWS])
    first = monday(day)
    context = {
        "timeline": all_weeks(
            {
                one.pk: (title_of(one), _subtitle(one), _week_url(one, day), _write_in_url(one))
                for one in things
            },
            timeline([one.pk for one in things], week_window(day, zone), viewer=viewer),
            day,
            zone,
        ),
        "previous_url": f"?day={first - timedelta(days=7)}",
        "next_url": f"?day={first + timedelta(days=7)}",
        "any": bool(things),
        "marks": _marks(request.institution.country, request.institution.region, first).lines,
    }
    return render(request, "frontend/weeks.html", context)


def _marks(country: str, region: str, first: date) -> Marks:
    """The holidays of the week that begins on `first`."""
    days = (first, first + timedelta(days=7))
    return marks_of(marked_days(country, region, *days, language()), *days, language=language())


def _subtitle(listing: Resource) -> str:
    name = category_name(listing.category)
    counts = amount(listing)
    return f"{name} · {counts}" if counts else name


def _week_url(listing: Resource, day: date) -> str:
    return f"{reverse('frontend:week', args=[listing.uid])}?day={day}"


def _write_in_url(listing: Resource) -> str:
    return f"{reverse('frontend:write-in')}?thing-0={listing.uid}"


def _day(request: ViewedRequest, today: date) -> date:
    for text in (request.POST.get("date"), request.GET.get("day")):
        try:
            if text:
                return parse_day(text)
        except TimeError:
            continue
    return today


def _block(request: ViewedRequest) -> UUID:
    found = _uids([request.POST.get("block", "")])
    if not found:
        raise NotFound
    return found[0]


def _uids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
