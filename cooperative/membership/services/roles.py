"""Roles in the whole cooperative."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.membership.models import CooperativeRole, CooperativeRoleKind
from cooperative.membership.permissions import must_administer
from cooperative.people.models import Person


def grant_role(*, by: Viewer, person: UUID, role: str, quiet: bool = False) -> CooperativeRole:
    """Make somebody a moderator or administrator. Administrators only. Repeating is harmless."""
    must_administer(by)
    if role not in CooperativeRoleKind.values:
        raise Invalid({"role": _("Please choose a role.")})
    with transaction.atomic():
        holder = Person.objects.select_for_update(no_key=True).filter(uid=person).first()
        if holder is None:
            raise NotFound
        granted, fresh = CooperativeRole.objects.get_or_create(
            person=holder, role=role, ended_at=None, defaults={"granted_at": by.now}
        )
        if fresh:
            _tell(by, "role.grant", holder, role, quiet=quiet)
    return granted


def end_role(*, by: Viewer, person: UUID, role: str) -> None:
    """Take a role back. The last administrator stays (`last_administrator`). Repeating is harmless."""
    must_administer(by)
    with transaction.atomic():
        # All of them in one order: the last two cannot both go at once.
        holders = CooperativeRole.objects.select_for_update().filter(
            role=role, ended_at__isnull=True
        )
        rows = {row.person.uid: row for row in holders.select_related("person").order_by("id")}
        found = rows.get(person)
        if found is None:
            return
        if role == CooperativeRoleKind.ADMINISTRATOR and len(rows) == 1:
            raise Conflict(
                _("Nobody else administers the cooperative. Please name somebody else first."),
                code="last_administrator",
            )
        found.ended_at = by.now
        found.save(update_fields=["ended_at"])
        _tell(by, "role.end", found.person, role)


def _tell(by: Viewer, verb: str, person: Person, role: str, *, quiet: bool = False) -> None:
    event = NewEvent(
        verb=verb,
        subject_kind="person",
        subject_uid=person.uid,
        parties=(Party("member", person=person.pk),),
        data={"role": role},
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=quiet)
