"""API tokens: shown once, kept as a hash, taken back at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution
from cooperative.membership.models import ApiToken
from cooperative.membership.queries import tokens_of
from cooperative.membership.tokens import token_hash

PREFIX = "podest_"
LIVE_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `secret` is the only copy: show it once."""

    token: ApiToken
    secret: str


def create_api_token(
    *,
    by: Viewer,
    name: str,
    institution: UUID | None = None,
    expires_at: datetime | None = None,
) -> NewToken:
    """A bearer token (256 random bits) of the viewer's person, bound to one of their institutions or to none.

    Raises `Forbidden` (nobody signed in), `Invalid`, `NotFound` (not their institution), `Conflict` (too many).
    """
    if by.person is None:
        raise Forbidden(_("Please sign in first."))
    fields = text.Fields()
    name = fields.line("name", name, longest=100, required=True)
    fields.check()
    if expires_at is not None and expires_at <= by.now:
        raise Invalid({"expires_at": _("This time is past already.")})
    with transaction.atomic():
        house = None
        if institution is not None:
            mine = Institution.objects.filter(pk__in=list(by.institutions))
            house = mine.filter(uid=institution).first()
            if house is None:
                raise NotFound
        if tokens_of(by).count() >= LIVE_AT_ONCE:
            raise Conflict(
                _("You have many tokens already. Please take back those you no longer use."),
                code="too_many_tokens",
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            person_id=by.person,
            institution=house,
            name=name,
            token_hash=token_hash(secret),
            prefix=secret[:12],
            created_at=by.now,
            expires_at=expires_at,
        )
        _tell(by, "token.create", token)
    return NewToken(token, secret)


def revoke_api_token(*, by: Viewer, token: UUID) -> None:
    """One's own; administrators anybody's. Effective at the next request. Repeating is harmless."""
    with transaction.atomic():
        rows = ApiToken.objects.select_for_update().filter(uid=token)
        if not (by.administrator or by.system):
            rows = rows.filter(person=by.person) if by.person is not None else rows.none()
        found = rows.first()
        if found is None:
            raise NotFound
        if found.revoked_at is None:
            found.revoked_at = by.now
            found.save(update_fields=["revoked_at"])
            _tell(by, "token.revoke", found)


def _tell(by: Viewer, verb: str, token: ApiToken) -> None:
    event = NewEvent(
        verb=verb,
        subject_kind="token",
        subject_uid=token.uid,
        parties=(Party("member", person=token.person_id),),
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=True)
