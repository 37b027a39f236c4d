"""Moderators' word on listings: one or many at once, each with who, when and a reason that the owner reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.text import Fields
from sharing.attributes import still_defined
from sharing.errors import AlreadyDecided
from sharing.models import Resource, ResourceText, Review
from sharing.permissions import require_moderator
from sharing.queries.catalogue import definitions_for, tree
from sharing.wishes import TextWish

from .listing import changed, tell
from .publish import go_public
from .search_document import refresh
from .set_terms import audiences_of, from_portable, store_terms
from .set_texts import store_texts

DECISIONS = {"accept": "accepted", "ask_changes": "changes_asked", "refuse": "refused"}


@transaction.atomic
def decide_review(
    *,
    by: Viewer,
    reviews: Sequence[UUID],
    decision: str,
    reason: str = "",
    trust_owner: bool = False,
) -> list[Review]:
    """Decide `accept`, `ask_changes` or `refuse` on all of `reviews`, or on none; a reason is needed for the last two.

    The same decision again is harmless. `trust_owner` publishes later listings of these owners at once. Raises
    `Forbidden`, `NotFound`, `Invalid`, `AlreadyDecided`.
    """
    require_moderator(by)
    fields = Fields()
    if decision not in DECISIONS:
        fields.wrong("decision", _("Please choose one of the values on the list."))
    said = fields.prose("reason", reason, longest=2_000, required=decision != "accept")
    if not reviews or len(reviews) > 200:
        fields.wrong("reviews", _("Please choose from 1 to 200 listings."))
    fields.check()
    # Resources first, then reviews, as every other verb: two that meet wait for each other in one order.
    known = dict(Review.objects.filter(uid__in=reviews).values_list("pk", "resource_id"))
    if len(known) != len(set(reviews)):
        raise NotFound
    listings = {
        listing.pk: listing
        for listing in Resource.objects.visible_to(SYSTEM)
        .select_for_update(of=("self",), no_key=True)
        .select_related("owner", "category")
        .filter(pk__in=list(known.values()))
        .order_by("id")
    }
    rows = list(Review.objects.select_for_update(of=("self",)).filter(pk__in=known).order_by("id"))
    for row in rows:
        listing = listings[row.resource_id]
        if row.state == DECISIONS[decision]:
            continue
        if row.state != "submitted":
            raise AlreadyDecided
        row.state = DECISIONS[decision]
        row.decided_at = by.now
        row.decided_by_id = by.person
        row.reason = said
        row.save()
        data = {"review": str(row.uid), "first": row.change is None}
        if decision == "accept":
            tell(by=by, listing=listing, verb="accept", data=data, asker=row.submitted_by_id)
            _apply(by=by, listing=listing, review=row)
        else:
            tell(by=by, listing=listing, verb=decision, data=data, asker=row.submitted_by_id)
    if trust_owner and decision == "accept":
        owners = {listing.owner_id for listing in listings.values()}
        Institution.objects.filter(pk__in=owners).update(trusted=True)
    return rows


@transaction.atomic
def suspend_resource(*, by: Viewer, resource: UUID, reason: str) -> Resource:
    """Moderators take a published listing out of sight. Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`."""
    return _moved(by, resource, reason, source="published", target="suspended", verb="suspend")


@transaction.atomic
def restore_resource(*, by: Viewer, resource: UUID, reason: str) -> Resource:
    """A suspended listing is published again."""
    return _moved(by, resource, reason, source="suspended", target="published", verb="restore")


def _moved(by: Viewer, uid: UUID, reason: str, *, source: str, target: str, verb: str) -> Resource:
    require_moderator(by)
    fields = Fields()
    said = fields.prose("reason", reason, longest=2_000, required=True)
    fields.check()
    rows = Resource.objects.visible_to(SYSTEM).select_for_update(of=("self",), no_key=True)
    listing = rows.filter(uid=uid).exclude(state="draft").first()
    if listing is None:
        raise NotFound(code="unknown_resource")
    if listing.state == target:
        return listing
    if listing.state != source:
        raise Conflict
    listing.state = target
    changed(listing, "state")
    # The reason is what the owner reads: it stands on a decided review, not in the log.
    review = Review.objects.create(
        resource=listing, state="refused" if target == "suspended" else "accepted", reason=said,
        submitted_at=by.now, decided_at=by.now, decided_by_id=by.person, change={},
    )  # fmt: skip
    tell(by=by, listing=listing, verb=verb, data={"review": str(review.uid)})
    return listing


def _apply(*, by: Viewer, listing: Resource, review: Review) -> None:
    """What an accepted review does to the listing."""
    change: dict[str, Any] = review.change or {}
    if review.change is None:
        if listing.state == "draft":
            go_public(by=by, listing=listing, asker=review.submitted_by_id)
        return
    fields: list[str] = []
    within = tree()
    if "category" in change:
        target = within.named(change["category"])
        listing.category = target
        listing.attributes = still_defined(listing.attributes, definitions_for(target, within))
        fields = ["category", "attributes"]
    if "texts" in change:
        original = ResourceText.objects.visible_to(SYSTEM).filter(
            resource=listing, is_original=True
        )
        language = original.values_list("language", flat=True).first() or "pl"
        wishes = [TextWish(**row) for row in change["texts"]]
        store_texts(listing, wishes, original=language, only_add=True)
    if "terms" in change:
        terms = [from_portable(row) for row in change["terms"]]
        try:
            audiences = audiences_of(terms, owner=listing.owner_id)
        except Invalid as gone:
            raise Conflict(
                _("Somebody named here as who may see and ask is no longer there."),
                code="audience_gone",
            ) from gone
        store_terms(listing, terms, audiences, only_add=True)
    changed(listing, *fields)
    refresh([listing.pk], within=within)
