"""Changing a listing. Its category may have to wait for moderators; the rest holds at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction

from cooperative.access.viewer import Viewer
from cooperative.text import Fields
from sharing.attributes import still_defined, validated
from sharing.details import Details, cleaned, refuse_handing
from sharing.models import Category, Resource
from sharing.queries.catalogue import Tree, definitions_for, tree

from .listing import changed, opened, tell
from .propose_change import is_looked_at, propose_change
from .search_document import refresh


@transaction.atomic
def edit_resource(
    *,
    by: Viewer,
    resource: UUID,
    version: int | None = None,
    category: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    **details: Unpack[Details],
) -> Resource:
    """Change what is given; `attributes` are replaced whole, missing = unknown. Units and state have their own verbs.

    Raises as `opened` (`Stale` for a wrong `version`), and `Invalid`.
    """
    listing = opened(by=by, resource=resource, version=version)
    within = tree()
    fields = Fields()
    target = within.by_id[listing.category_id] if category is None else within.named(category)
    clean = cleaned(details, fields)
    refuse_handing(listing.kind, clean, fields)
    if attributes is not None:
        values, wrong = validated(attributes, definitions_for(target, within))
        for name, sentence in wrong.items():
            fields.wrong(name, sentence)
        clean["attributes"] = values
    fields.check()
    moves = target.pk != listing.category_id
    waits = moves and is_looked_at(listing)
    if moves and not waits:
        _move(listing, target, within, clean)
    elif waits and "attributes" in clean:
        # Said of the new category: what the published one does not know waits with it.
        current = definitions_for(within.by_id[listing.category_id], within)
        clean["attributes"] = still_defined(clean["attributes"], current)
    fresh = {name: value for name, value in clean.items() if getattr(listing, name) != value}
    if fresh or (moves and not waits):
        for name, value in fresh.items():
            setattr(listing, name, value)
        changed(listing, *fresh, *(["category"] if moves and not waits else []))
        refresh([listing.pk], within=within)
        named = sorted({*fresh, *(["category"] if moves and not waits else [])})
        tell(by=by, listing=listing, verb="edit", data={"fields": named})
    if waits:
        propose_change(by=by, listing=listing, change={"category": target.code})
    return listing


@transaction.atomic
def confirm_resource(*, by: Viewer, resource: UUID) -> Resource:
    """The yearly word of the owner that all of this still holds."""
    listing = opened(by=by, resource=resource)
    listing.confirmed_at = by.now
    changed(listing, "confirmed_at")
    tell(by=by, listing=listing, verb="confirm")
    return listing


def _move(listing: Resource, target: Category, within: Tree, clean: dict[str, Any]) -> None:
    listing.category = target
    clean.setdefault(
        "attributes", still_defined(listing.attributes, definitions_for(target, within))
    )
