"""Naming who hears of requests for a thing, or for a group of things. Any keeper may answer all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.membership.hearing import KEEPING
from cooperative.membership.models import Membership
from cooperative.membership.queries import current
from cooperative.text import Fields
from sharing.models import Resource, ResourceGroup, ResourceKeeper

from .listing import changed, opened, tell

MOST_GROUPS = 100


@transaction.atomic
def set_keepers(
    *,
    by: Viewer,
    resource: UUID,
    people: Sequence[UUID],
    whole_group: bool = False,
    group: str | None = None,
) -> None:
    """Name who hears of requests, changes and returns of a thing; with `whole_group` of all things of its group, and
    the thing has no names of its own then.

    Nobody named = all who look after things of the house. With `group` it is put in that first, as by `put_in_group`.
    The same again is the same. Raises `NotFound`, `Forbidden`, `Invalid` (not a keeper of the house, or the thing has
    no group).
    """
    if group is not None:
        put_in_group(by=by, resource=resource, name=group)
    listing = opened(by=by, resource=resource)
    fields = Fields()
    if whole_group and listing.group_id is None:
        fields.wrong("group", _("This thing is in no group."))
    keeping = dict(
        Membership.objects.filter(
            current(by.now),
            institution=listing.owner_id,
            role__in=KEEPING,
            person__is_active=True,
        ).values_list("person__uid", "person_id")
    )
    if any(one not in keeping for one in people):
        fields.wrong("keepers", _("Please choose colleagues who look after things of this house."))
    fields.check()
    wanted = {one: keeping[one] for one in people}
    if whole_group:
        _name(by, listing, wanted, group=listing.group)
        wanted = {}
    _name(by, listing, wanted, resource=listing)


def _name(by: Viewer, listing: Resource, people: Mapping[UUID, int], **of: Any) -> None:
    """Replace who is named for the thing (`resource=`), or for the group that it is in (`group=`)."""
    rows = ResourceKeeper.objects.filter(**of)
    wanted = set(people.values())
    if set(rows.values_list("person_id", flat=True)) == wanted:
        return
    rows.exclude(person__in=wanted).delete()
    ResourceKeeper.objects.bulk_create(
        [ResourceKeeper(person_id=person, created_at=by.now, **of) for person in people.values()],
        ignore_conflicts=True,
    )
    data: dict[str, Any] = {"people": [str(one) for one in people]}
    if "group" in of:
        data["group"] = str(of["group"].uid)
    tell(by=by, listing=listing, verb="set_keepers", data=data)


@transaction.atomic
def put_in_group(*, by: Viewer, resource: UUID, name: str) -> ResourceGroup | None:
    """Have a thing looked after together with others: in the house's group of that name, made where there is none;
    "" = in none. A group that nothing is in any more goes. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    listing = opened(by=by, resource=resource)
    fields = Fields()
    name = fields.line("group", name, longest=120)
    group: ResourceGroup | None = None
    if name and not fields.errors:
        groups = ResourceGroup.objects.filter(owner=listing.owner_id)
        group = groups.filter(name__iexact=name).first()
        if group is None and groups.count() >= MOST_GROUPS:
            fields.wrong("group", _("There are a hundred groups already. Please choose one."))
    fields.check()
    if name and group is None:
        group = ResourceGroup.objects.create(owner=listing.owner, name=name, created_at=by.now)
    left = listing.group_id
    if left == (group.pk if group else None):
        return group
    listing.group = group
    changed(listing, "group")
    if left is not None and not Resource._base_manager.filter(group=left).exists():
        ResourceGroup.objects.filter(pk=left).delete()
    tell(by=by, listing=listing, verb="group", data={"group": str(group.uid) if group else None})
    return group
