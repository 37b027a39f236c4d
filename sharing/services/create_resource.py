"""A new listing from the four questions. It works inside its own house from the first save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound
from cooperative.institutions.models import Institution
from cooperative.text import Fields
from sharing.attributes import validated
from sharing.details import NEVER_HANDED, Details, cleaned, refuse_handing
from sharing.models import Resource, ResourceKind, WeeklyHours
from sharing.permissions import require_keeper
from sharing.presets import preset_for, terms_from
from sharing.queries.catalogue import definitions_for, tree
from sharing.wishes import HoursWish, TermsWish, TextWish

from .listing import tell
from .search_document import refresh
from .set_terms import audiences_of, clean_terms, store_terms
from .set_texts import clean_texts, store_texts
from .set_weekly_hours import clean_hours

MOST_UNITS = 1_000_000
MOST_HOURS = 31 * 24
"""In a month."""


@transaction.atomic
def create_resource(
    *,
    by: Viewer,
    owner: int,
    category: str,
    texts: Sequence[TextWish],
    kind: str = "",
    units: int = 1,
    attributes: Mapping[str, Any] | None = None,
    terms: Sequence[TermsWish] | None = None,
    hours: Sequence[HoursWish] | None = None,
    original: str = "",
    external_source: str = "",
    external_id: str = "",
    **details: Unpack[Details],
) -> Resource:
    """List something of the institution `owner` (database id) as a draft that its own house can use.

    `kind` defaults to the category's; `terms`, answering, hand-over and turnover to the preset of its root. `hours`
    are its own and make `hours_source` "own". Raises `NotFound`, `Forbidden`, `Conflict` (suspended or left) and
    `Invalid` with all that is wrong at once.
    """
    require_keeper(by, owner)
    house = Institution.objects.filter(pk=owner).first()
    if house is None:
        raise NotFound
    if house.state not in {"applied", "active"}:
        raise Conflict(
            _("Your institution is suspended or has left."), code="institution_not_active"
        )
    within = tree()
    fields = Fields()
    found = within.named(category)
    wanted_kind = kind or found.default_kind or ResourceKind.EXCLUSIVE.value
    if wanted_kind not in ResourceKind.values:
        fields.wrong("kind", _("Please choose one of the values on the list."))
    _count(wanted_kind, units, fields)
    values, wrong = validated(attributes or {}, definitions_for(found, within))
    for name, sentence in wrong.items():
        fields.wrong(name, sentence)
    preset = preset_for(within.root(found).code)
    if hours:
        details.setdefault("hours_source", "own")
    clean = cleaned(details, fields)
    refuse_handing(wanted_kind, clean, fields)
    rows = clean_hours(hours or (), fields)
    fields.check()
    written = clean_texts(texts, original=original)
    agreed = clean_terms(terms if terms is not None else terms_from(preset))
    listing = Resource(
        owner=house,
        category=found,
        kind=wanted_kind,
        units=units,
        attributes=values,
        time_zone=house.time_zone,
        created_at=by.now,
        confirmed_at=by.now,
        created_by_id=by.person,
        external_source=external_source,
        external_id=external_id,
        **{
            "answering": preset.answer if preset.answer != "at_once" else "keep_first",
            "handover": "none" if wanted_kind in NEVER_HANDED else preset.handover,
            "turnover_minutes": preset.turnover_minutes,
            **clean,
        },
    )
    listing.save()
    store_texts(listing, written, original=original or written[0].language)
    store_terms(listing, agreed, audiences_of(agreed, owner=owner))
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=house, resource=listing, **row) for row in rows
    )
    refresh([listing.pk], within=within)
    tell(by=by, listing=listing, verb="create", data={"category": found.code, "kind": wanted_kind})
    return listing


def _count(kind: str, units: Any, fields: Fields) -> None:
    if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= MOST_UNITS:
        fields.wrong("units", _("Please enter how many there are, from 1 to 1,000,000."))
    elif kind == "metered" and units > MOST_HOURS:
        fields.wrong("units", _("A month has no more than 744 hours."))
    elif kind in {"exclusive", "open"} and units != 1:
        fields.wrong(
            "units", _("Of what is used one at a time there is one. Choose “pieces” for several.")
        )
