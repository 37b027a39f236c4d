"""For whom a listing is there and on what terms. A wider audience of a published listing may have to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.models import Audience, AudienceKind
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from cooperative.text import Fields
from sharing.details import currency, money
from sharing.models import FeeKind, Resource, SharingTerms
from sharing.wishes import TermsWish

from .listing import opened, tell, touched
from .propose_change import is_looked_at, propose_change

MOST_MINUTES = 2 * 366 * 24 * 60
_MINUTES = ("notice_minutes", "shortest_minutes", "longest_minutes", "step_minutes")
_STORED = tuple(name for name in TermsWish.__dataclass_fields__ if name != "audience")


@transaction.atomic
def set_terms(
    *, by: Viewer, resource: UUID, terms: Sequence[TermsWish], version: int | None = None
) -> Resource:
    """Replace the terms, in the owner's order; the own house always keeps some.

    Narrowing holds at once, for whomever. A wider audience of a published listing of an owner whose listings are
    looked at waits for moderators. Raises as `opened`, and `Invalid`.
    """
    listing = opened(by=by, resource=resource, version=version)
    clean = clean_terms(terms)
    audiences = audiences_of(clean, owner=listing.owner_id)
    before = {row.audience_id: row for row in SharingTerms.objects.filter(resource=listing)}
    at_once: list[TermsWish] = []
    waiting: list[TermsWish] = []
    for wish in clean:
        kept = before.get(audiences[wish.audience].pk)
        widened = (wish.may_see and not (kept and kept.may_see)) or (
            wish.may_ask and not (kept and kept.may_ask)
        )
        if widened and wish.audience != "own" and is_looked_at(listing):
            waiting.append(wish)
            if kept is not None:
                at_once.append(replace(wish, may_see=kept.may_see, may_ask=kept.may_ask))
        else:
            at_once.append(wish)
    if store_terms(listing, at_once, audiences):
        touched(listing)
        tell(by=by, listing=listing, verb="edit", data={"fields": ["terms"]})
    if waiting:
        change = {"terms": [portable(wish) for wish in waiting]}
        propose_change(by=by, listing=listing, change=change)
    return listing


def clean_terms(terms: Sequence[TermsWish]) -> list[TermsWish]:
    """Checked, with terms for the own house added where there are none. Raises `Invalid`."""
    fields = Fields()
    clean: list[TermsWish] = []
    for index, wish in enumerate(terms):
        row = Fields(f"terms.{index}.")
        clean.append(_clean(wish, row))
        fields.take(row)
    names = [wish.audience for wish in clean]
    if len(set(names)) != len(names):
        fields.wrong("terms", _("Please name each of those who may see and ask only once."))
    if len(names) > 50:
        fields.wrong("terms", _("At most 50 can be named as who may see and ask."))
    fields.check()
    if "own" not in names:
        clean.append(TermsWish("own", may_ask=True))
    return clean


def audiences_of(terms: Sequence[TermsWish], *, owner: int) -> dict[str, Audience]:
    """The audience row of every name in `terms`. Raises `Invalid` for networks or partners not the owner's."""
    found: dict[str, Audience] = {}
    for index, wish in enumerate(terms):
        kind, _colon, key = wish.audience.partition(":")
        rows = Audience.objects.filter(kind=kind)
        if kind == "own":
            # Made with the institution; made here only for rows older than that.
            found[wish.audience], _made = rows.get_or_create(
                institution_id=owner, defaults={"kind": "own"}
            )
            continue
        if kind == "network":
            rows = rows.filter(network__uid=_uid(key))
        elif kind == "partnership":
            mine = rows.filter(partnership__proposer=owner) | rows.filter(
                partnership__partner=owner
            )
            rows = mine.filter(partnership__uid=_uid(key))
        audience = rows.first() if kind in AudienceKind.values else None
        if audience is None:
            raise Invalid(
                {f"terms.{index}.audience": _("Please choose who may see it on the list.")}
            )
        found[wish.audience] = audience
    return found


def store_terms(
    listing: Resource,
    terms: Sequence[TermsWish],
    audiences: dict[str, Audience],
    *,
    only_add: bool = False,
) -> bool:
    """Write `terms`, remove those of other audiences (unless `only_add`); whether anything changed.

    Conditions that read differently get the next version: what was agreed before keeps its own.
    """
    rows = {row.audience_id: row for row in SharingTerms.objects.filter(resource=listing)}
    changed = False
    for position, wish in enumerate(terms):
        row = rows.pop(audiences[wish.audience].pk, None)
        if row is None:
            row = SharingTerms(resource=listing, audience=audiences[wish.audience])
            differs = True
        else:
            differs = row.position != position and not only_add
            differs = differs or any(getattr(row, name) != getattr(wish, name) for name in _STORED)
            if row.conditions != wish.conditions:
                row.conditions_version += 1
        if differs:
            for name in _STORED:
                value = getattr(wish, name)
                setattr(row, name, dict(value) if name == "fees" else value)
            row.position = position
            row.save()
            changed = True
    if rows and not only_add:
        SharingTerms.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
        changed = True
    return changed


def portable(wish: TermsWish) -> dict[str, Any]:
    """`wish` as stored in a review; amounts as text."""
    row = asdict(wish)
    for name in ("fee_amount", "deposit_amount"):
        row[name] = None if row[name] is None else str(row[name])
    return row


def from_portable(row: dict[str, Any]) -> TermsWish:
    """The reverse of `portable`."""
    return clean_terms([TermsWish(**row)])[0]


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _clean(wish: TermsWish, fields: Fields) -> TermsWish:
    if wish.audience == "public" and (wish.may_ask or wish.at_once):
        fields.wrong("may_ask", _("The public may see it, but only members can ask."))
    if wish.may_ask and not wish.may_see:
        fields.wrong("may_see", _("Who may ask must be able to see it."))
    if wish.fee_kind not in FeeKind.values:
        fields.wrong("fee_kind", _("Please choose one of the values on the list."))
    for name in _MINUTES:
        value = getattr(wish, name)
        if value is not None and not 0 <= value <= MOST_MINUTES:
            fields.wrong(name, _("Please enter a length of time of at most two years."))
    if wish.horizon_days is not None and not 1 <= wish.horizon_days <= 3 * 366:
        fields.wrong("horizon_days", _("Please enter from 1 day to 3 years."))
    if (
        wish.notice_minutes is not None
        and wish.horizon_days is not None
        and wish.notice_minutes >= wish.horizon_days * 24 * 60
    ):
        fields.wrong("notice_minutes", _("The latest time to ask lies before the earliest."))
    shortest, longest = wish.shortest_minutes, wish.longest_minutes
    if shortest is not None and longest is not None and longest < shortest:
        fields.wrong("longest_minutes", _("The longest use is shorter than the shortest."))
    if wish.fee_kind == "price" and wish.fee_amount is None:
        fields.wrong("fee_amount", _("Say how much, or choose “to be agreed”."))
    return replace(
        wish,
        at_once=wish.at_once and wish.may_ask,
        notice_minutes=wish.notice_minutes or None,
        shortest_minutes=shortest or None,
        longest_minutes=longest or None,
        step_minutes=wish.step_minutes or None,
        fee_amount=money("fee_amount", wish.fee_amount, fields)
        if wish.fee_kind != "free"
        else None,
        fee_currency=currency("fee_currency", wish.fee_currency, fields),
        fee_unit=fields.line("fee_unit", wish.fee_unit, longest=20),
        fee_ground=fields.line("fee_ground", wish.fee_ground, longest=200),
        deposit_amount=money("deposit_amount", wish.deposit_amount, fields),
        deposit_currency=currency("deposit_currency", wish.deposit_currency, fields),
        conditions=fields.prose("conditions", wish.conditions, longest=10_000),
    )
