"""What was found, as cards with the strip of a day, or on a timeline of a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.queries.search import FoundResource
from bookings.queries.timeline import TimeTile
from bookings.spans import Span
from frontend.components import (
    Category,
    Choice,
    ResourceCard,
    StateChip,
    Tick,
    Tile,
    Timeline,
    TimelineRow,
    fold,
    shrink,
)
from frontend.presenters.moments import week_label
from frontend.presenters.reader import Reader
from frontend.presenters.texts import counted, photo_of, place_of, resource_url
from frontend.presenters.timetable import Hours, day_tiles
from sharing.models import Resource, SharingTerms
from sharing.queries.catalogue import Tree
from sharing.queries.terms import terms_for, terms_sentence
from sharing.queries.texts import shipped, text_for


@dataclass(frozen=True, slots=True)
class CategoryWay:
    """A category to go to, with its sign."""

    category: Category
    url: str
    current: bool


def _url(resource: Resource, kept: str) -> str:
    return f"{resource_url(resource)}{'?' if kept else ''}{kept}"


def cards(
    found: Iterable[FoundResource],
    *,
    reader: Reader,
    within: Tree | None = None,
    terms: Mapping[int, Sequence[SharingTerms]] | None = None,
    tiles: Mapping[int, Sequence[TimeTile]] | None = None,
    day: date | None = None,
    window: Span | None = None,
    kept: str = "",
) -> tuple[ResourceCard, ...]:
    """`kept` is the query that takes the dates along to the page of a thing."""
    result = []
    for hit in found:
        resource = hit.resource
        text = text_for(resource.texts.all(), reader.language)
        photo = next(iter(resource.photos.all()), None)
        use_day = day or reader.clock.today(ZoneInfo(resource.time_zone))
        mine = terms_for((terms or {}).get(resource.pk, ()), viewer=reader.viewer, day=use_day)
        result.append(
            ResourceCard(
                title=text.title,
                url=_url(resource, kept),
                owner=str(resource.owner),
                category=_category(resource, within, reader.language),
                place=place_of(resource.owner),
                summary=text.summary,
                terms=terms_sentence(mine, language=reader.language, answering=resource.answering)
                if mine is not None
                else "",
                free=_free(hit, window, reader),
                photo=photo_of(photo, text.title, width=320) if photo is not None else None,
                tiles=_day(tiles.get(resource.pk, ()), use_day, resource, reader) if tiles else (),
                language=text.language if text.foreign else "",
                state=None
                if resource.state == "published"
                else StateChip(state="draft", label=_("only our house")),
            )
        )
    return tuple(result)


def _category(resource: Resource, within: Tree | None, language: str) -> Category:
    row = resource.category
    root = within.root(within.by_id[row.pk]).code if within is not None else row.code
    return Category(code=root, label=shipped(row.name, language))


def _free(hit: FoundResource, window: Span | None, reader: Reader) -> str:
    if window is None or hit.free_units is None:
        return ""
    resource = hit.resource
    if resource.kind == "seated":
        return ngettext(
            "%(count)s place free then", "%(count)s places free then", hit.free_units
        ) % {"count": hit.free_units}
    if counted(resource):
        return ngettext(
            "%(free)s of %(all)s free then", "%(free)s of %(all)s free then", hit.free_units
        ) % {"free": hit.free_units, "all": resource.units}
    return _("Free %(when)s") % {"when": reader.clock.span(window, ZoneInfo(resource.time_zone))}


def _day(
    tiles: Sequence[TimeTile], day: date, resource: Resource, reader: Reader
) -> tuple[Tile, ...]:
    zone = ZoneInfo(resource.time_zone)
    return shrink(day_tiles(tiles, day, zone, hours=Hours(), unit=60, now=reader.viewer.now))


def week_timeline(
    found: Iterable[FoundResource],
    tiles: Mapping[int, Sequence[TimeTile]],
    day: date,
    *,
    reader: Reader,
    kept: str,
) -> Timeline:
    """The things found under one ruler: seven days from `day` on, 8 to 22."""
    first = day
    days = [first + timedelta(days=n) for n in range(7)]
    hours = Hours()
    today = reader.clock.today()
    per_day = (hours.last - hours.first) // 60
    rows = []
    for hit in found:
        resource = hit.resource
        zone = ZoneInfo(resource.time_zone)
        row: list[Tile] = []
        for one in days:
            cells = day_tiles(
                tiles.get(resource.pk, ()), one, zone, hours=hours, unit=60, now=reader.viewer.now
            )
            row.extend(_dated(tile, one) for tile in cells)
        text = text_for(resource.texts.all(), reader.language)
        rows.append(
            TimelineRow(
                title=text.title,
                url=_url(resource, kept),
                subtitle=str(resource.owner),
                tiles=shrink(fold(row)),
            )
        )
    return Timeline(
        caption=_("What is free, %(week)s") % {"week": week_label(first)},
        ticks=tuple(
            Tick(label=f"{WEEKDAYS_ABBR[one.weekday()]} {one.day}", span=per_day, now=one == today)
            for one in days
        ),
        rows=tuple(rows),
    )


def _dated(tile: Tile, day: date) -> Tile:
    """A tile of a week says on which day it is."""
    named = f"{WEEKDAYS_ABBR[day.weekday()]} {day.day}"
    return Tile(
        kind=tile.kind,
        label=tile.label,
        start_label=f"{named} {tile.start_label}",
        end_label=tile.end_label,
        span=tile.span,
        mine=tile.mine,
    )


def category_ways(
    within: Tree, chosen: str, *, language: str, query: Mapping[str, str]
) -> tuple[tuple[CategoryWay, ...], tuple[Choice, ...]]:
    """The top of the tree with signs, and what lies below the chosen category."""
    base = reverse("frontend:catalogue")

    def at(code: str) -> str:
        kept = {name: value for name, value in query.items() if not name.startswith("a_")}
        kept = {**kept, "category": code} if code else kept
        return f"{base}?{urlencode(kept)}" if kept else base

    row = within.by_code.get(chosen)
    root = within.root(row) if row is not None else None
    ways = tuple(
        CategoryWay(
            category=Category(code=one.code, label=shipped(one.name, language)),
            url=at("" if one == root and row == root else one.code),
            current=one == root,
        )
        for one in within.roots
        if not one.retired
    )
    if row is None or root is None:
        return ways, ()
    path = within.path(row)
    below = within.below(row) or (within.below(path[-2]) if len(path) > 1 else [])
    choices = (
        Choice(
            value=one.code, label=shipped(one.name, language), url=at(one.code), current=one == row
        )
        for one in below
    )
    return ways, tuple(choices)
