"""The ask panel of a listing: which form it has, made from what is there to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.opening import Fetching
from bookings.queries.composition import Belonging
from bookings.queries.dates import Dated, date_for, dates_of
from bookings.queries.fetching import fetching_for, open_minutes
from bookings.queries.listing import Listing
from bookings.spans import LATEST, Span, local_day
from cooperative.errors import NotFound
from frontend.forms.asking import AskForm
from frontend.forms.asking_places import PlacesForm
from frontend.forms.beside import Offered
from frontend.forms.parts_of_day import PartsOfDay
from frontend.presenters.belonging import of_kind
from frontend.presenters.reader import Reader
from frontend.presenters.texts import counted, resource_url
from sharing.details import ASKED_OF_BORROWER
from sharing.queries.day_parts import day_parts

MOST_DATES = 12
"""As many are shown at a time; the address says from which day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChoice:
    """One date as askers see it."""

    uid: str
    when: str
    title: str
    note: str
    left: str
    full: bool
    url: str

    @property
    def words(self) -> SafeString:
        """In two rows: when, then what it is and what is left of it."""
        about = f"{self.title} · {self.left}" if self.title else self.left
        rows = '<span><span class="strong">{}</span><br><span class="small">{}</span></span>'
        return format_html(rows, self.when, about)


@dataclass(frozen=True)
class Panel:
    """`dates` are those of something with places; `later` the day from which the next ones are shown."""

    listing: Listing
    dates: tuple[Dated, ...]
    choices: tuple[DateChoice, ...]
    beside: tuple[Offered, ...]
    later: date | None = None

    @property
    def _class(self) -> type[AskForm]:
        return PlacesForm if self.listing.resource.kind == "seated" else AskForm

    @property
    def names(self) -> set[str]:
        """The fields that an address may fill."""
        beside = {name for one in self.beside for name in (one.tick, one.number)}
        return {*self._class.base_fields, *beside, *ASKED_OF_BORROWER}

    @property
    def needs(self) -> tuple[str, ...]:
        """What its owner wants to know before it answers."""
        return tuple(self.listing.resource.needs_from_asker)

    def _asked(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Besides, what was typed for the owner of something that is asked for along with it."""
        more = [name for name in ASKED_OF_BORROWER if given.get(name) and name != "purpose"]
        return tuple(dict.fromkeys((*self.needs, *more)))

    def form(self, data: Mapping[str, Any], *, sending: bool = False) -> AskForm:
        """With what was typed, to be judged."""
        given = {name: data.get(name, "") for name in self.names}
        given["units"] = str(data.get("units") or "1")
        if self.dates and not given.get("session"):
            given["session"] = self._meant(data)
        return self._made(given, sending=sending)

    def unjudged(self, data: Mapping[str, Any], day: date) -> AskForm:
        """As it is first shown: what is typed, and no complaint before anything was sent."""
        values = {name: str(value) for name, value in data.items() if name in self.names}
        values.setdefault("date", day.isoformat())
        if self.dates and not values.get("session"):
            values["session"] = self._meant(data)
        return self._made(initial=values)

    def _made(self, *args: Any, **kwargs: Any) -> AskForm:
        resource = self.listing.resource
        common: dict[str, Any] = {
            "zone": self.listing.zone,
            "beside": self.beside,
            "needs": self._asked(kwargs.get("initial") or (args[0] if args else {})),
        }
        if resource.kind == "seated":
            words = {one.uid: one.words for one in self.choices}
            return PlacesForm(
                *args, dates=self.dates, words=words, fetched=False, most=0, **common, **kwargs
            )
        fetched = resource.handover != "none"
        return AskForm(
            *args,
            fetched=fetched,
            desk=self._desk if fetched else None,
            parts=self._parts,
            most=resource.units if counted(resource) else 1,
            **common,
            **kwargs,
        )

    @cached_property
    def _parts(self) -> PartsOfDay:
        """Of its owner's days; what is fetched may be used when its owner is closed."""
        resource = self.listing.resource
        if resource.handover != "none":
            return PartsOfDay(day_parts(resource.owner_id))
        return PartsOfDay(day_parts(resource.owner_id), self._opens)

    def _desk(self, event: Span) -> Fetching:
        return fetching_for([(self.listing.resource.pk, event)])[0]

    def _opens(self, day: date) -> tuple[int, int] | None:
        return open_minutes(self.listing.resource.pk, day)

    def _meant(self, data: Mapping[str, Any]) -> str:
        """The date that begins when the times of an option say."""
        for one in self.dates:
            local = one.session.starts_at.astimezone(self.listing.zone)
            if (data.get("date"), data.get("start")) == (f"{local:%Y-%m-%d}", f"{local:%H:%M}"):
                return str(one.session.uid)
        return ""


def panel_of(
    listing: Listing,
    belongings: Sequence[Belonging],
    reader: Reader,
    data: Mapping[str, Any],
    day: date | None,
) -> Panel:
    """`data` may name a date that is not among the next ones; `day` is the one from which they are shown."""
    beside = tuple(
        Offered(UUID(one.uid), one.title, one.url, one.units, one.counted)
        for one in of_kind(belongings, "well_with")
    )
    if listing.resource.kind != "seated":
        return Panel(listing, (), (), beside)
    now = reader.viewer.now
    since = max(now, local_day(day, listing.zone).start) if day is not None else now
    dates = dates_of(
        listing.resource.pk, Span(since, LATEST), now=now, begun=False, most=MOST_DATES + 1
    )
    later = None
    if len(dates) > MOST_DATES:
        later = dates.pop().session.starts_at.astimezone(listing.zone).date()
    named = _named(listing, reader, data)
    if named is not None and named.session.pk not in {one.session.pk for one in dates}:
        dates.insert(0, named)
    choices = tuple(_choice(one, listing, reader) for one in dates)
    return Panel(listing, tuple(dates), choices, beside, later)


def _named(listing: Listing, reader: Reader, data: Mapping[str, Any]) -> Dated | None:
    """The date that the form names, where it is one of this thing and still to begin."""
    try:
        found = date_for(reader.viewer, UUID(str(data.get("session") or "")))
    except (ValueError, NotFound):
        return None
    session = found.session
    mine = session.resource_id == listing.resource.pk and session.cancelled_at is None
    return found if mine and session.starts_at > reader.viewer.now else None


def _choice(one: Dated, listing: Listing, reader: Reader) -> DateChoice:
    session = one.session
    return DateChoice(
        uid=str(session.uid),
        when=reader.clock.span(one.span, listing.zone),
        title=session.title,
        note=session.note,
        left=ngettext("%(count)s place left", "%(count)s places left", one.left)
        % {"count": one.left}
        if one.left
        else _("no places left"),
        full=not one.left,
        url=f"{resource_url(listing.resource)}?session={session.uid}#ask",
    )
