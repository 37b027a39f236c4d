"""The people of an institution and those who were invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cooperative.membership.models import ApiToken, Invitation, Membership
from frontend.components import Choice
from frontend.forms.people import SHORT_ROLES

from .moments import day_label, moment_label


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    uid: str
    name: str
    email: str
    phone: str
    role: str
    roles: tuple[Choice, ...]
    since: str
    me: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    email: str
    role: str
    detail: str
    expired: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    name: str
    detail: str
    url: str


def members(rows: Sequence[Membership], *, me: int | None) -> tuple[MemberRow, ...]:
    names = {code: str(label) for code, label in SHORT_ROLES}
    return tuple(
        MemberRow(
            uid=str(row.uid),
            name=row.person.name or row.person.email,
            email=row.person.email,
            phone=row.person.phone,
            role=names[row.role],
            roles=tuple(
                Choice(value=code, label=label, current=code == row.role)
                for code, label in names.items()
            ),
            since=day_label(row.started_at.date(), year=True),
            me=row.person_id == me,
            url=reverse("frontend:member", args=[row.uid]),
        )
        for row in rows
    )


def invitations(
    rows: Sequence[Invitation], *, now: datetime, zone: str
) -> tuple[InvitationRow, ...]:
    names = {code: str(label) for code, label in SHORT_ROLES}
    return tuple(
        InvitationRow(
            email=row.email,
            role=names[row.role],
            detail=_("expired %(when)s") % {"when": moment_label(row.expires_at, zone)}
            if row.expires_at <= now
            else _("valid until %(when)s") % {"when": moment_label(row.expires_at, zone)},
            expired=row.expires_at <= now,
            url=reverse("frontend:invited", args=[row.uid]),
        )
        for row in rows
    )


def tokens(rows: Sequence[ApiToken], *, zone: str) -> tuple[TokenRow, ...]:
    return tuple(
        TokenRow(
            name=row.name,
            detail=" · ".join(
                word
                for word in (
                    f"{row.prefix}…",
                    str(row.institution) if row.institution is not None else "",
                    _("made %(when)s") % {"when": moment_label(row.created_at, zone)},
                    _("last used %(day)s") % {"day": day_label(row.last_used_on, year=True)}
                    if row.last_used_on
                    else _("never used"),
                )
                if word
            ),
            url=reverse("frontend:token", args=[row.uid]),
        )
        for row in rows
    )
