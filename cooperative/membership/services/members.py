"""Who belongs to an institution, in which role; and whom a person acts for."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.institutions.permissions import must_moderate
from cooperative.membership.errors import LastManager
from cooperative.membership.models import ApiToken, Membership, Role
from cooperative.membership.permissions import must_manage
from cooperative.membership.queries import current
from cooperative.people.models import Person

from .records import locked_house, locked_membership, tell_membership


def add_member(
    *, by: Viewer, institution: UUID, person: UUID, role: str, quiet: bool = False
) -> Membership:
    """Make somebody a member without an invitation: moderators and `SYSTEM` (demo). Repeating sets the role."""
    must_moderate(by)
    _must_be_role(role)
    with transaction.atomic():
        house = locked_house(uid=institution)
        member = Person.objects.filter(uid=person, is_active=True).first()
        if member is None:
            raise NotFound
        there = Membership.objects.filter(current(by.now), institution=house, person=member).first()
        if there is not None:
            return _set_role(by, there, role, quiet=quiet)
        made = Membership.objects.create(
            person=member, institution=house, role=role, started_at=by.now
        )
        tell_membership(by, "membership.add", made, quiet=quiet)
    return made


def change_role(*, by: Viewer, membership: UUID, role: str) -> Membership:
    """Give a member another role. Repeating is harmless.

    Raises `NotFound`, `Forbidden`, `Invalid`, `LastManager`.
    """
    _must_be_role(role)
    with transaction.atomic():
        found = locked_membership(by, membership)
        must_manage(by, found.institution_id)
        return _set_role(by, found, role)


def end_membership(*, by: Viewer, membership: UUID) -> None:
    """A member goes, at once, sent by a manager or on their own; their tokens for the institution stop working.

    Raises `NotFound`, `Forbidden`, `LastManager`.
    """
    with transaction.atomic():
        found = locked_membership(by, membership)
        if found.person_id != by.person:
            must_manage(by, found.institution_id)
        _must_leave_a_manager(by, found)
        found.ended_at = max(by.now, found.started_at)
        found.save(update_fields=["ended_at"])
        ApiToken.objects.filter(
            person=found.person_id, institution=found.institution_id, revoked_at__isnull=True
        ).update(revoked_at=by.now)
        tell_membership(by, "membership.end", found)


def act_for(*, by: Viewer, institution: UUID) -> Institution:
    """Whom the person acts for from now on; the caller keeps its uid in the session (`SESSION_KEY`).

    Raises `NotFound` unless it is one of theirs.
    """
    found = Institution.objects.filter(uid=institution, pk__in=list(by.institutions)).first()
    if found is None:
        raise NotFound
    return found


def _must_be_role(role: str) -> None:
    if role not in Role.values:
        raise Invalid({"role": _("Please choose a role.")})


def _set_role(by: Viewer, membership: Membership, role: str, *, quiet: bool = False) -> Membership:
    if membership.role == role:
        return membership
    _must_leave_a_manager(by, membership)
    membership.role = role
    membership.save(update_fields=["role"])
    tell_membership(by, "membership.change", membership, quiet=quiet)
    return membership


def _must_leave_a_manager(by: Viewer, going: Membership) -> None:
    if going.role != Role.MANAGER:
        return
    others = Membership.objects.filter(
        current(by.now), institution=going.institution_id, role=Role.MANAGER
    ).exclude(pk=going.pk)
    if not others.exists():
        raise LastManager
