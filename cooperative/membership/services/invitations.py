"""Inviting colleagues by e-mail. The token is only in the mail; the row keeps its hash."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.identifiers import new_uid
from cooperative.institutions.models import InstitutionState
from cooperative.membership.errors import (
    InvitationOfSomebodyElse,
    InvitationUsed,
)
from cooperative.membership.models import Invitation, Membership, Role
from cooperative.membership.permissions import must_manage
from cooperative.membership.queries import current, has_address, problem_of, with_token
from cooperative.membership.tokens import invitation_token, token_hash

from .records import locked_house, tell_invitation, tell_membership

LASTS = timedelta(days=14)
AGAIN_AFTER = timedelta(hours=1)
"""A second click within this time sends no second mail."""
OPEN_AT_ONCE = 100
_ORDER = [role.value for role in Role]


def invite(
    *, by: Viewer, institution: UUID, email: str, role: str = Role.STAFF, language: str = "pl"
) -> Invitation:
    """Invite `email` to act for an institution; the mail goes out after the commit, valid for 14 days.

    Inviting again renews it and, an hour later or with another role, sends it again. Raises `NotFound`, `Forbidden`,
    `Invalid`, `Conflict` (`already_member`, `not_active`, `too_many_open`).
    """
    fields = text.Fields()
    address = fields.line("email", email, longest=254, required=True)
    try:
        if address:
            validate_email(address)
    except ValidationError:
        fields.wrong("email", _("This is not an e-mail address."))
    if role not in Role.values:
        fields.wrong("role", _("Please choose a role."))
    if language not in text.LANGUAGES:
        fields.wrong("language", _("Please choose a language."))
    fields.check()
    with transaction.atomic():
        house = locked_house(uid=institution)
        must_manage(by, house.pk)
        if house.state != InstitutionState.ACTIVE:
            raise Conflict(_("This institution is not active."), code="not_active")
        members = Membership.objects.filter(current(by.now), institution=house)
        if members.filter(person__email__iexact=address).exists():
            raise Conflict(
                _("This person belongs to the institution already."), code="already_member"
            )
        waiting = Invitation.objects.filter(
            institution=house, accepted_at__isnull=True, revoked_at__isnull=True
        )
        found = waiting.filter(email__iexact=address).first()
        expires_at = by.now + LASTS
        if found is None:
            if waiting.filter(expires_at__gt=by.now).count() >= OPEN_AT_ONCE:
                raise Conflict(
                    _("Many invitations wait for an answer. Please take some back first."),
                    code="too_many_open",
                )
            uid = new_uid()
            found = Invitation(
                uid=uid,
                institution=house,
                email=address,
                token_hash=token_hash(invitation_token(uid)),
                created_at=by.now,
            )
        elif found.role == role and found.expires_at > expires_at - AGAIN_AFTER:
            return found
        found.role = role
        found.language = language
        found.invited_by_id = by.person
        found.expires_at = expires_at
        found.save()
        tell_invitation(by, "invitation.send", found)
    return found


def accept_invitation(*, by: Viewer, token: str) -> Membership:
    """The signed-in person, who has the invited e-mail address, belongs to the institution.

    Repeating by the same person gives the same membership. Raises `InvitationUnknown`, `InvitationUsed`,
    `InvitationRevoked`, `InvitationExpired`, `InvitationOfSomebodyElse`, `Forbidden` (not signed in).
    """
    if by.person is None:
        raise Forbidden(_("Please sign in first."))
    with transaction.atomic():
        found = with_token(token)
        house = locked_house(pk=found.institution_id)
        found.refresh_from_db()
        found.institution = house
        member = Membership.objects.filter(
            current(by.now), institution=house, person_id=by.person
        ).first()
        if found.accepted_at is not None and found.accepted_by_id == by.person:
            if member is None:
                raise InvitationUsed
            return member
        if problem := problem_of(found, now=by.now):
            raise problem
        if not has_address(by.person, found.email):
            raise InvitationOfSomebodyElse
        if member is None:
            member = Membership.objects.create(
                person_id=by.person, institution=house, role=found.role, started_at=by.now
            )
            tell_membership(by, "membership.add", member, quiet=True)
        elif _ORDER.index(member.role) < _ORDER.index(found.role):
            member.role = found.role
            member.save(update_fields=["role"])
            tell_membership(by, "membership.change", member, quiet=True)
        found.accepted_at = by.now
        found.accepted_by_id = by.person
        found.save(update_fields=["accepted_at", "accepted_by"])
        tell_invitation(by, "invitation.accept", found)
    return member


def revoke_invitation(*, by: Viewer, invitation: UUID) -> Invitation:
    """Take it back; the link stops working at once. Repeating is harmless; accepted ones raise `InvitationUsed`."""
    with transaction.atomic():
        found = Invitation.objects.select_for_update().filter(uid=invitation).first()
        if found is None:
            raise NotFound
        must_manage(by, found.institution_id)
        if found.accepted_at is not None:
            raise InvitationUsed(_("This invitation was accepted already."))
        if found.revoked_at is None:
            found.revoked_at = by.now
            found.save(update_fields=["revoked_at"])
            tell_invitation(by, "invitation.revoke", found)
    return found
