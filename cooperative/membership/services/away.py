"""Being away: from when until when, and who hears instead."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.membership.models import Membership
from cooperative.membership.permissions import must_manage
from cooperative.membership.queries import deputies_for
from cooperative.text import Fields

from .records import locked_membership, tell_membership

LONGEST_AWAY = timedelta(days=366)


def set_away(
    *,
    by: Viewer,
    membership: UUID,
    from_on: date | None,
    until_on: date | None,
    deputy: UUID | None = None,
) -> Membership:
    """Say that a member is away from `from_on` until `until_on` (exclusive, local days of the house), and which
    colleague hears instead; without days they are there. By themselves or by who manages the house.

    The same again is the same. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    with transaction.atomic():
        found = locked_membership(by, membership)
        if found.person_id != by.person:
            must_manage(by, found.institution_id)
        fields = Fields()
        _check_days(fields, from_on, until_on, today=_today(by, found))
        instead = (
            deputies_for(found, now=by.now).filter(person__uid=deputy).first() if deputy else None
        )
        if deputy is not None and instead is None:
            fields.wrong(
                "deputy", _("Please choose a colleague who looks after things of this house.")
            )
        fields.check()
        person = instead.person_id if instead is not None else None
        new = (from_on, until_on, person)
        if new != (found.away_from_on, found.away_until_on, found.deputy_id):
            found.away_from_on, found.away_until_on, found.deputy_id = new
            found.save(update_fields=["away_from_on", "away_until_on", "deputy"])
            tell_membership(by, "membership.away", found)
    return Membership.objects.select_related("person", "institution", "deputy").get(pk=found.pk)


def _today(by: Viewer, membership: Membership) -> date:
    return by.now.astimezone(ZoneInfo(membership.institution.time_zone)).date()


def _check_days(
    fields: Fields, from_on: date | None, until_on: date | None, *, today: date
) -> None:
    if from_on is None and until_on is None:
        return
    if from_on is None:
        fields.wrong("from_on", _("Please enter the first day."))
    elif until_on is None:
        fields.wrong("until_on", _("Please enter the last day."))
    elif until_on <= from_on:
        fields.wrong("until_on", _("This ends before it starts."))
    elif until_on <= today:
        fields.wrong("until_on", _("That is over already."))
    elif until_on - from_on > LONGEST_AWAY or from_on.year > 2199:
        fields.wrong("until_on", _("At most a year at a time."))
