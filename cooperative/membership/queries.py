"""Reading memberships, invitations and tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from cooperative.access.viewer import Viewer
from cooperative.errors import DomainError
from cooperative.institutions.models import InstitutionState
from cooperative.people.models import Person

from .errors import InvitationExpired, InvitationRevoked, InvitationUnknown, InvitationUsed
from .hearing import KEEPING, Colleague
from .models import ApiToken, Invitation, Membership
from .tokens import token_hash


def current(now: datetime) -> Q:
    """Memberships and roles that hold at `now`."""
    return Q(ended_at__isnull=True) | Q(ended_at__gt=now)


def members_of(viewer: Viewer, institution: UUID) -> QuerySet[Membership]:
    """The people of an institution, by name; for its own people and moderators, nothing for others."""
    rows = Membership.objects.filter(current(viewer.now), institution__uid=institution)
    if not (viewer.moderator or viewer.system):
        rows = rows.filter(institution__in=list(viewer.institutions))
    return rows.select_related("person", "institution", "deputy").order_by("person__name", "id")


def deputies_for(membership: Membership, *, now: datetime) -> QuerySet[Membership]:
    """The colleagues who may stand in for a member: they look after things of the same house. By name."""
    return (
        Membership.objects.filter(
            current(now),
            institution=membership.institution_id,
            role__in=KEEPING,
            person__is_active=True,
        )
        .exclude(person=membership.person_id)
        .select_related("person")
        .order_by("person__name", "id")
    )


def colleagues_in(institutions: Collection[int], *, now: datetime) -> dict[int, list[Colleague]]:
    """The people of institutions (database ids) as messages are told them, oldest members first. One statement."""
    found: defaultdict[int, list[Colleague]] = defaultdict(list)
    if not institutions:
        return {}
    rows = Membership.objects.filter(
        current(now), institution__in=institutions, started_at__lte=now, person__is_active=True
    ).select_related("person", "institution")
    for row in rows.order_by("id"):
        today = now.astimezone(ZoneInfo(row.institution.time_zone)).date()
        found[row.institution_id].append(
            Colleague(
                person=row.person_id,
                role=row.role,
                email=row.person.email,
                away=is_away(row, today),
                deputy=row.deputy_id,
            )
        )
    return dict(found)


def is_away(membership: Membership, today: date) -> bool:
    """Whether a member is away on a local day of their house."""
    first, last = membership.away_from_on, membership.away_until_on
    return first is not None and last is not None and first <= today < last


def invitations_of(viewer: Viewer, institution: UUID) -> QuerySet[Invitation]:
    """Invitations not yet accepted or taken back, the newest first; for managers and moderators."""
    rows = Invitation.objects.filter(
        institution__uid=institution, accepted_at__isnull=True, revoked_at__isnull=True
    )
    if not (viewer.moderator or viewer.system):
        managed = [house for house, role in viewer.roles.items() if role == "manager"]
        rows = rows.filter(institution__in=managed)
    return rows.select_related("institution", "invited_by").order_by("-created_at", "-id")


def invitation_by_token(token: str, *, now: datetime) -> Invitation:
    """What the link in a mail invites to, for a page that anybody with the link may read.

    Raises `InvitationUnknown`, `InvitationUsed`, `InvitationRevoked`, `InvitationExpired`.
    """
    found = with_token(token)
    if problem := problem_of(found, now=now):
        raise problem
    return found


def with_token(token: str) -> Invitation:
    """The invitation that has this token, in any state; raises `InvitationUnknown`."""
    found = (
        Invitation.objects.filter(token_hash=token_hash(token))
        .select_related("institution", "invited_by")
        .first()
        if token.isascii()
        else None
    )
    if found is None:
        raise InvitationUnknown
    return found


def problem_of(invitation: Invitation, *, now: datetime) -> DomainError | None:
    """Why it can no longer be accepted, or None."""
    if invitation.accepted_at is not None:
        return InvitationUsed()
    closed = invitation.institution.state != InstitutionState.ACTIVE
    if invitation.revoked_at is not None or closed:
        return InvitationRevoked()
    if invitation.expires_at <= now:
        return InvitationExpired()
    return None


def has_address(person: int | None, email: str) -> bool:
    """Whether somebody signs in with this address, or has it as another one that was verified."""
    if person is None:
        return False
    if Person.objects.filter(pk=person, email__iexact=email).exists():
        return True
    return bool(
        EmailAddress.objects.filter(user_id=person, email__iexact=email, verified=True).exists()
    )


def tokens_of(viewer: Viewer) -> QuerySet[ApiToken]:
    """The viewer's own API tokens that still work, the newest first."""
    if viewer.person is None:
        return ApiToken.objects.none()
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=viewer.now)
    return (
        ApiToken.objects.filter(live, person=viewer.person, revoked_at__isnull=True)
        .select_related("institution")
        .order_by("-created_at", "-id")
    )
