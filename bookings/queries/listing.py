"""A listing with everything that its page tells: words, terms, hours, and what is free in a month and a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.spans import Span
from cooperative.access.viewer import Viewer
from sharing.models import AttributeDefinition, DayOff, Resource, SharingTerms, WeeklyHours
from sharing.queries.catalogue import Tree, definitions_for, tree
from sharing.queries.hours import DayHours, changed_hours_of, days_off_of, weekly_rows
from sharing.queries.listings import resource_for
from sharing.queries.terms import terms_by_resource, terms_for

from .timeline import TimeTile, timeline


@dataclass(frozen=True, slots=True)
class Listing:
    """What it is on `today` (local), and what is different soon.

    `terms` are those that hold for the viewer's institution on the day looked at, None where there are none.
    """

    resource: Resource
    tree: Tree
    definitions: Sequence[AttributeDefinition]
    terms: SharingTerms | None
    weekly: Sequence[WeeklyHours]
    days_off: Sequence[DayOff]
    changed: Sequence[DayHours]
    today: date
    zone: ZoneInfo


def listing_for(*, viewer: Viewer, uid: UUID, day: date | None = None) -> Listing:
    """The listing as it is told to `viewer` for a use on `day` (local; today where left out).

    Raises `NotFound` (`unknown_resource`). At most eleven statements.
    """
    resource = resource_for(viewer, uid)
    zone = ZoneInfo(resource.time_zone)
    today = viewer.now.astimezone(zone).date()
    categories = tree()
    off = days_off_of(resource, since=today)
    changed = [
        one
        for one in changed_hours_of(resource, since=today)
        if not any(days.from_on <= one.on < days.until_on for days in off)
    ]
    own = resource.pk if resource.hours_source == "own" else None
    return Listing(
        resource=resource,
        tree=categories,
        definitions=definitions_for(categories.by_id[resource.category_id], categories),
        terms=terms_for(
            terms_by_resource([resource])[resource.pk], viewer=viewer, day=day or today
        ),
        weekly=[]
        if resource.hours_source == "always"
        else weekly_rows(institution=resource.owner_id, resource=own),
        days_off=off[:3],
        changed=changed[:3],
        today=today,
        zone=zone,
    )


def tiles_of(resource: Resource, window: Span, *, viewer: Viewer) -> list[TimeTile]:
    """What is free of one listing that the viewer may see. Three statements."""
    return timeline([resource.pk], window, viewer=viewer)[resource.pk]
