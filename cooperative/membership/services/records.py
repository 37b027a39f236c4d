"""What every verb here does: locking an institution so that its people change one at a time, telling what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution
from cooperative.membership.models import Invitation, Membership
from cooperative.membership.queries import current


def locked_house(**named: Any) -> Institution:
    """The institution, locked until the transaction ends; raises `NotFound`."""
    found = Institution.objects.select_for_update(no_key=True).filter(**named).first()
    if found is None:
        raise NotFound
    return found


def locked_membership(by: Viewer, uid: UUID) -> Membership:
    """A current membership, its institution locked first: the last two managers cannot both go at once."""
    found = Membership.objects.filter(current(by.now), uid=uid).first()
    if found is None:
        raise NotFound
    locked_house(pk=found.institution_id)
    rows = Membership.objects.select_related("institution")
    again = rows.filter(current(by.now), pk=found.pk).first()
    if again is None:
        raise NotFound
    return again


def tell_membership(by: Viewer, verb: str, membership: Membership, *, quiet: bool = False) -> None:
    """To the person and to the institution."""
    _tell(
        by,
        verb,
        kind="membership",
        uid=membership.uid,
        parties=(
            Party("institution", institution=membership.institution_id),
            Party("member", person=membership.person_id),
        ),
        data={"role": membership.role},
        quiet=quiet,
    )


def tell_invitation(by: Viewer, verb: str, invitation: Invitation) -> None:
    """To the institution; the invited address is known by the subject alone, never written in the log."""
    _tell(
        by,
        verb,
        kind="invitation",
        uid=invitation.uid,
        parties=(Party("institution", institution=invitation.institution_id),),
        data={"role": invitation.role, "expires_at": invitation.expires_at.isoformat()},
    )


def _tell(
    by: Viewer,
    verb: str,
    *,
    kind: str,
    uid: UUID,
    parties: tuple[Party, ...],
    data: dict[str, Any],
    quiet: bool = False,
) -> None:
    event = NewEvent(
        verb=verb,
        subject_kind=kind,
        subject_uid=uid,
        parties=parties,
        data=data,
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=quiet)
