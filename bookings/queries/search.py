"""Searching what is free: words, facts and audiences narrow first (sharing), then the time. At most 10 statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from bookings.facts.resource import ResourceFacts
from bookings.models import Capacity, Claim
from bookings.spans import Span
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from cooperative.models import Institution, NetworkMembership
from sharing.models import (
    AttributeDefinition,
    ChangedHours,
    DayOff,
    Resource,
    ResourcePhoto,
    ResourceText,
    WeeklyHours,
)
from sharing.queries.catalogue import tree
from sharing.queries.search import (
    free_of_charge,
    in_category,
    matching,
    may_be_asked,
    with_attributes,
    with_distance,
)
from sharing.querysets import ResourceQuerySet

from .availability import LONGEST_WINDOW, availability, claims_of, facts_of, units_free
from .claims import ClaimRow

BATCH = 60
MOST_BATCHES = 2
MOST_RESULTS = 1_000
A_WHILE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty = whatever. `near` = (latitude, longitude, km or None); `window` is a span of use."""

    words: str = ""
    category: str = ""
    window: Span | None = None
    day: Span | None = None
    """A day alone (local midnight to midnight, UTC): what is free for a while on it, at least an hour."""
    units: int = 1
    owner: UUID | None = None
    network: UUID | None = None
    near: tuple[float, float, float | None] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    free_of_charge: bool = False
    askable: bool = False


@dataclass(frozen=True, slots=True)
class FoundResource:
    """A hit, with texts, photos, owner and category read; `free_units` only where a window was given."""

    resource: Resource
    free_units: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `next_offset` is where the next one begins, None at the end."""

    results: tuple[FoundResource, ...]
    next_offset: int | None


def search(*, viewer: Viewer, wanted: Wanted, offset: int = 0, limit: int = 20) -> Found:
    """What `viewer` may see of what is `wanted`, best first; with a window only what is free then.

    Raises `Invalid` for a window that is too long, an unknown category or attribute.
    """
    if wanted.window is not None and wanted.window.length > LONGEST_WINDOW:
        raise Invalid({"ends_at": _("A search looks at 92 days at most.")}, code="window_too_long")
    candidates = _candidates(viewer, wanted)
    window = wanted.window or wanted.day
    if window is None:
        rows = list(_shown(candidates, viewer)[offset : offset + limit + 1])
        more = len(rows) > limit and offset + limit < MOST_RESULTS
        return Found(
            tuple(FoundResource(row, None) for row in rows[:limit]),
            offset + limit if more else None,
        )
    return _free_ones(candidates, window, wanted, viewer, offset=offset, limit=limit)


def _candidates(viewer: Viewer, wanted: Wanted) -> ResourceQuerySet:
    found = Resource.objects.visible_to(viewer).filter(state="published")
    if wanted.category:
        found = in_category(found, wanted.category, tree())
    if wanted.attributes:
        found = with_attributes(
            found,
            wanted.attributes,
            list(AttributeDefinition.objects.filter(code__in=wanted.attributes)),
        )
    if wanted.owner is not None:
        found = found.filter(owner__uid=wanted.owner)
    if wanted.network is not None:
        found = found.filter(owner__in=_members_of(wanted.network, viewer.now))
    if wanted.free_of_charge:
        found = free_of_charge(found, viewer)
    if wanted.askable:
        found = may_be_asked(found, viewer)
    if wanted.units > 1:
        found = found.filter(Q(units__gte=wanted.units) | Q(kind="seated"))
    # Words before time: what has them and is taken is no reason to look for similar words.
    found = matching(found, wanted.words)
    if wanted.window is not None:
        found = _maybe_free(found, wanted.window, viewer.now)
    if wanted.near is not None:
        latitude, longitude, within = wanted.near
        found = with_distance(found, latitude=latitude, longitude=longitude, within_km=within)
        if not wanted.words.strip():
            found = found.order_by(F("distance_km").asc(nulls_last=True), "sort_key", "id")
    return found


def _shown(found: ResourceQuerySet, viewer: Viewer) -> ResourceQuerySet:
    """With all that a hit shows read in three statements."""
    return found.select_related("owner", "category").prefetch_related(
        Prefetch("texts", queryset=ResourceText.objects.visible_to(viewer)),
        Prefetch(
            "photos", queryset=ResourcePhoto.objects.visible_to(viewer).order_by("position", "id")
        ),
    )


def _members_of(network: UUID, now: datetime) -> list[int]:
    """The institutions in a network and in the networks below it, today."""
    today = now.date()
    current = NetworkMembership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=today), valid_from__lte=today
    )
    links = list(
        current.values_list("network__uid", "network_id", "institution_id", "member_network_id")
    )
    if not any(uid == network for uid, *_rest in links):
        return []
    inside = {number for uid, number, _i, _n in links if uid == network}
    while True:
        below = {n for _u, number, _i, n in links if number in inside and n is not None} - inside
        if not below:
            break
        inside |= below
    return [i for _u, number, i, _n in links if number in inside and i is not None]


# --- narrowing by time: drops only what is certainly not free ----------------------------------------
def _maybe_free(found: ResourceQuerySet, window: Span, now: datetime) -> ResourceQuerySet:
    busy = Claim.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        # Not the claim's own mode: its index begins with the capacity, and would be read from end to end.
        capacity__mode="exclusive",
        span__overlap=(window.start, window.end),
    ).values("capacity__resource")
    dates = Capacity.objects.filter(
        resource=OuterRef("pk"), size__gt=0, span__contained_by=(window.start, window.end)
    )
    with_a_date = Q(kind="seated") & Q(Exists(dates))
    found = found.filter(~Q(kind__in=["seated", "open"]) | with_a_date).exclude(pk__in=busy)
    zones = set(Institution.objects.order_by().values_list("time_zone", flat=True).distinct())
    open_somewhere = with_a_date | ~Q(
        time_zone__in=zones
    )  # in a zone of its own: the exact look decides
    for zone in sorted(zones):
        open_somewhere |= Q(time_zone=zone) & _maybe_open(window, ZoneInfo(zone))
    return found.filter(open_somewhere)


def _maybe_open(window: Span, zone: ZoneInfo) -> Q:
    """Hours compared on the owner's wall clock. For rooms and people only windows inside one local day are judged
    here; for things their two ends."""
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    last = (window.end - timedelta(minutes=1)).astimezone(zone)
    first_minute = start.hour * 60 + start.minute
    last_minute = last.hour * 60 + last.minute + 1
    if start.utcoffset() != end.utcoffset() or start.fold or end.fold:
        return Q()  # over a clock change minutes of the day do not tell; the exact look decides
    fetched = WeeklyHours.objects.filter(
        weekday=start.weekday(), opens_minute__lte=first_minute, closes_minute__gt=first_minute
    )
    returned = WeeklyHours.objects.filter(
        weekday=last.weekday(), opens_minute__lt=last_minute, closes_minute__gte=last_minute
    )
    begins = _hours(fetched) | _changed(start.date())
    ends = _hours(returned) | _changed(last.date())
    things = ~Q(handover="none") & begins & ends
    rooms = Q(handover="none")
    if start.date() == last.date():
        # Rows that touch each other (10-14, 14-18) may together hold what neither holds alone.
        rooms &= begins & ends
        closed = DayOff.objects.filter(from_on__lte=start.date(), until_on__gt=start.date())
        rooms &= ~Q(pk__in=closed.filter(resource__isnull=False).values("resource")) & ~(
            ~Q(hours_source="always")
            & Q(owner__in=closed.filter(resource__isnull=True).values("institution"))
        )
    return rooms | things


def _hours(rows: Any) -> Q:
    """Open by `rows`, or kept without any hours at all."""
    house = Q(owner__in=rows.filter(resource__isnull=True).values("institution")) | ~Q(
        owner__in=WeeklyHours.objects.filter(resource__isnull=True).values("institution")
    )
    own = Q(pk__in=rows.filter(resource__isnull=False).values("resource")) | ~Q(
        pk__in=WeeklyHours.objects.filter(resource__isnull=False).values("resource")
    )
    return (
        Q(hours_source="always") | (Q(hours_source="house") & house) | (Q(hours_source="own") & own)
    )


def _changed(day: date) -> Q:
    """Of changed hours on `day`, its own or its house's: which of them hold, the exact look decides."""
    rows = ChangedHours.objects.filter(on=day)
    return Q(pk__in=rows.filter(resource__isnull=False).values("resource")) | Q(
        owner__in=rows.filter(resource__isnull=True).values("institution")
    )


def _for_a_while(resource: ResourceFacts, claims: Sequence[ClaimRow], day: Span, units: int) -> int:
    """The most units free for at least an hour on end during `day`; what can be read at any time is always free."""
    if resource.kind == "open":
        return units
    spans = availability(resource, claims, day).free
    long_enough = [one.units for one in spans if one.span.length >= A_WHILE]
    return max(long_enough, default=0)


# --- the exact look ----------------------------------------------------------------------------------
def _free_ones(
    candidates: ResourceQuerySet,
    window: Span,
    wanted: Wanted,
    viewer: Viewer,
    *,
    offset: int,
    limit: int,
) -> Found:
    ids = candidates.values_list("pk", flat=True)
    fitting: dict[int, int] = {}
    size = max(BATCH, limit + 1)
    end = False
    for _batch in range(MOST_BATCHES):
        batch = list(ids[offset : offset + size])
        facts = facts_of(batch, window)
        claims = claims_of(facts.values(), window, now=viewer.now)
        for number in batch:
            if len(fitting) == limit:
                break
            offset += 1
            taken = claims.get(number, ())
            if wanted.window is None:
                count = _for_a_while(facts[number], taken, window, wanted.units)
            else:
                count = units_free(facts[number], taken, window)
            if count >= wanted.units:
                fitting[number] = count
        else:
            end = len(batch) < size
        if end or len(fitting) == limit:
            break
    shown = _shown(Resource.objects.visible_to(viewer), viewer).in_bulk(fitting)
    results = [
        FoundResource(shown[number], count) for number, count in fitting.items() if number in shown
    ]
    return Found(tuple(results), None if end or offset >= MOST_RESULTS else offset)
