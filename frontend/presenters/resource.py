"""The page of a listing: what it is, on what terms, when it is free, and the panel that asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.queries.composition import Belonging
from bookings.queries.dates import MonthLeft
from bookings.queries.listing import Listing
from bookings.queries.timeline import TimeTile
from frontend.components import Category, DayMark, Fact, MonthGrid, Photo, Strip, WeekGrid
from frontend.presenters.belonging import Belongs, of_kind
from frontend.presenters.hours import season_label, times_words, week_words
from frontend.presenters.marks import Marks
from frontend.presenters.moments import day_label, days_label
from frontend.presenters.reader import Reader
from frontend.presenters.texts import (
    amount,
    category_of,
    counted,
    photo_of,
    place_of,
    resource_url,
)
from frontend.presenters.timetable import day_strip, monday, month_days, month_grid, week_grid
from frontend.presenters.when import month_of
from sharing.models import AttributeDefinition, DayOff, DayOffKind, Resource
from sharing.queries.holidays import public_marks
from sharing.queries.hours import DayHours
from sharing.queries.terms import terms_sentence
from sharing.queries.texts import ShownText, shipped, text_for
from sharing.seasons import seasons

FIELDS = {"date_field": "id_date", "start_field": "id_start", "end_field": "id_end"}
"""The inputs of the panel that dragging over the week fills."""


SOON = timedelta(days=92)
"""A season that begins so soon is told beside the hours of today."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When it is free: a month to find a day in, and the week and the day of that day."""

    month: MonthGrid
    week: WeekGrid
    day: Strip
    pooled: bool
    marks: tuple[DayMark, ...] = ()
    hours_left: tuple[str, ...] = ()
    """Of what has hours a month: those of the month looked at, and of the next."""


@dataclass(frozen=True, slots=True)
class ResourcePage:
    title: str
    language: str
    original: str
    owner: str
    category: Category
    path: tuple[str, ...]
    terms: str
    summary: str
    body: str
    photos: tuple[Photo, ...]
    facts: tuple[Fact, ...]
    belongings: tuple[str, ...]
    rider: str
    conditions: str
    fetched: bool
    counted: bool
    url: str
    how: How
    parts: tuple[Belongs, ...]
    wholes: tuple[Belongs, ...]
    only_with: tuple[Belongs, ...]
    contact: tuple[Fact, ...] = field(default=())


How = Literal["times", "dates", "gift", "open"]
"""What one chooses: times of one's own, one of its dates, when to fetch it, or nothing."""
HOWS: dict[str, How] = {"seated": "dates", "giveaway": "gift", "open": "open"}


def present(listing: Listing, reader: Reader, belongings: Sequence[Belonging] = ()) -> ResourcePage:
    """Everything but the calendar and the panel."""
    resource, language = listing.resource, reader.language
    text = text_for(resource.texts.all(), language)
    row = listing.tree.by_id[resource.category_id]
    terms = listing.terms
    own = reader.acting == resource.owner_id
    return ResourcePage(
        title=text.title,
        language=text.language if text.foreign else "",
        original=_foreign(text),
        owner=str(resource.owner),
        category=category_of(row, listing.tree, language),
        path=tuple(shipped(above.name, language) for above in listing.tree.path(row)[:-1]),
        terms=terms_sentence(terms, language=language, answering=resource.answering, for_owner=own)
        if terms is not None and resource.kind != "open"
        else "",
        summary=text.summary,
        body=text.body,
        photos=tuple(photo_of(photo, text.title) for photo in resource.photos.all()),
        facts=(*_where(listing, reader), *_said(listing, language)),
        belongings=tuple(str(one) for one in resource.belongings),
        rider=resource.rider,
        conditions=terms.conditions if terms is not None else "",
        fetched=resource.handover != "none",
        counted=counted(resource),
        url=resource_url(resource),
        how=HOWS.get(resource.kind, "times"),
        parts=tuple(of_kind(belongings, "part")),
        wholes=tuple(of_kind(belongings, "whole")),
        only_with=tuple(of_kind(belongings, "only_with")),
        contact=_contact(resource) if reader.viewer.person is not None else (),
    )


def _foreign(text: ShownText) -> str:
    names = {"pl": _("Polish"), "en": _("English"), "de": _("German"), "uk": _("Ukrainian")}
    if not text.foreign or not text.language:
        return ""
    return _("Written in %(language)s.") % {"language": names.get(text.language, text.language)}


def _where(listing: Listing, reader: Reader) -> tuple[Fact, ...]:
    resource = listing.resource
    owner = resource.owner
    place = ", ".join(part for part in (resource.place, owner.street, place_of(owner)) if part)
    found = [Fact(term=_("Where"), detail=place or _("not known"), icon="map-pin")]
    if counts := amount(resource):
        found.append(Fact(term=_("How many"), detail=counts, icon="square-3-stack-3d"))
    if resource.kind not in {"seated", "open"}:
        found += _when(listing, reader.language)
    if resource.funding_restriction:
        found.append(Fact(term=_("Bound by its funding"), detail=resource.funding_restriction))
    return tuple(found)


def _when(listing: Listing, language: str) -> list[Fact]:
    """Hours, days off, and what is kept free after each use."""
    resource = listing.resource
    name = (
        pgettext("hours", "Handed out")
        if resource.handover != "none" or resource.kind == "giveaway"
        else pgettext("hours", "Open")
    )
    found = [Fact(term=name, detail=_hours(listing), icon="clock")]
    if listing.days_off:
        found.append(
            Fact(
                term=pgettext("hours", "Closed"),
                detail="; ".join(_off(one, listing, language) for one in listing.days_off),
                icon="calendar",
            )
        )
    if listing.changed:
        found.append(
            Fact(
                term=pgettext("hours", "Other hours"),
                detail="; ".join(_changed(one) for one in listing.changed),
                icon="calendar",
            )
        )
    if resource.turnover_minutes:
        found.append(
            Fact(
                term=_("Afterwards"),
                detail=_("%(minutes)s kept free for tidying and checking")
                % {"minutes": duration_words(resource.turnover_minutes)},
                icon="sparkles",
            )
        )
    return found


def duration_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if rest:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(parts)


def _hours(listing: Listing) -> str:
    """`Mon–Fri 8:00–20:00; Sat 10:00–14:00`; what holds for a season soon is said behind it."""
    if listing.resource.hours_source == "always" or not listing.weekly:
        return _("at any time, by agreement")
    found = seasons(listing.weekly)
    now = next(one for one in found if one.holds_on(listing.today))
    said = [week_words(now.week)]
    following = now.until_on
    if following is not None and following - listing.today <= SOON:
        coming = next(one for one in found if one.holds_on(following))
        said.append(f"{season_label(coming.from_on, coming.until_on)}: {week_words(coming.week)}")
    return "; ".join(said)


def _changed(row: DayHours) -> str:
    said = f"{day_label(row.on)} {times_words(row.times)}"
    return f"{said} ({row.reason})" if row.reason else said


def _off(row: DayOff, listing: Listing, language: str) -> str:
    """With why; a public holiday by its name in the reader's language."""
    days, why = days_label(row.from_on, row.until_on), row.reason
    if row.kind == DayOffKind.PUBLIC_HOLIDAY:
        country = listing.resource.owner.country
        named = public_marks(country, row.from_on, row.until_on, language)
        why = named[0].name if named else why
    return f"{days} ({why})" if why else days


def _said(listing: Listing, language: str) -> tuple[Fact, ...]:
    """What is known, one by one; what is not known, said in one row: unknown is never taken for a yes."""
    known, unknown = [], []
    for definition in listing.definitions:
        label = shipped(definition.label, language)
        value = listing.resource.attributes.get(definition.code)
        if value is None:
            unknown.append(label)
        else:
            known.append(Fact(term=label, detail=_value(definition, value, language)))
    if unknown:
        known.append(Fact(term=_("Not known yet"), detail=", ".join(_in_a_row(unknown, language))))
    return tuple(known)


def _in_a_row(labels: list[str], language: str) -> list[str]:
    """Labels as one reads them in a row: small after the first, but German nouns and what is written in capitals."""
    if language == "de":
        return labels
    return [
        one[:1].lower() + one[1:] if number and one[1:2].islower() else one
        for number, one in enumerate(labels)
    ]


def _value(definition: AttributeDefinition, value: Any, language: str) -> str:
    if definition.kind == "yes_no":
        return _("yes") if value else _("no")
    if definition.kind == "choice":
        for choice in definition.choices:
            if choice.get("code") == value:
                return shipped(choice.get("label", {}), language)
    text = number_format(value) if isinstance(value, int | float) else str(value)
    return f"{text} {definition.unit}".strip()


def _contact(resource: Resource) -> tuple[Fact, ...]:
    owner = resource.owner
    pairs = (
        (_("Phone"), owner.contact_phone, "phone"),
        (_("E-mail"), owner.contact_email, "envelope"),
    )
    return tuple(
        Fact(term=term, detail=detail, icon=icon) for term, detail, icon in pairs if detail
    )


def calendar(
    listing: Listing,
    tiles: Sequence[TimeTile],
    day: date,
    *,
    reader: Reader,
    kept: Mapping[str, str],
    asking: bool,
    marks: Marks,
    months: Sequence[MonthLeft] = (),
) -> Calendar:
    """`day` is looked at; `kept` are the values that turning a page of the calendar keeps in the address; `marks` the
    holidays of the days that are shown."""
    now, zone = reader.viewer.now, listing.zone
    url = resource_url(listing.resource)

    def at(other: date) -> str:
        return _at(url, other, kept)

    first = day.replace(day=1)
    earlier, later = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    return Calendar(
        month=month_grid(
            tiles,
            day,
            zone,
            now=now,
            urls={one: at(one) for one in month_days(day)},
            turn=(at(earlier.replace(day=1)), at(later)),
            marks=marks.by_day,
        ),
        week=week_grid(
            tiles,
            day,
            zone,
            now=now,
            fields=FIELDS if asking else None,
            turn=(at(monday(day) - timedelta(days=7)), at(monday(day) + timedelta(days=7))),
            marks=marks.by_day,
        ),
        day=day_strip(tiles, day, zone, now=now),
        pooled=counted(listing.resource),
        marks=marks.lines,
        hours_left=tuple(_month_words(one) for one in months),
    )


def _month_words(one: MonthLeft) -> str:
    """`April 2027: 4 hours of 6 left`."""
    left = duration_words(one.left) if one.left else _("nothing")
    return _("%(month)s: %(left)s of %(all)s left") % {
        "month": month_of(one.month),
        "left": left,
        "all": duration_words(one.minutes),
    }


def _at(url: str, day: date, kept: Mapping[str, str]) -> str:
    return f"{url}?{urlencode({**kept, 'date': day.isoformat()})}#when"
