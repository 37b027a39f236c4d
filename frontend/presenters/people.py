"""The people of an institution and those who were invited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperative.membership.hearing import KEEPING
from cooperative.membership.models import ApiToken, Invitation, Membership
from frontend.components import Choice
from frontend.forms.people import SHORT_ROLES, AwayForm
from sharing.queries.keepers import Keepers

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
    away: str
    """Until when they are away, or from when they will be."""
    say_away: Away | None
    """Where the reader may say so."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The form of one member and where it goes."""

    form: AwayForm
    url: str


def away_of(
    row: Membership, rows: Sequence[Membership], typed: AwayForm | None = None
) -> Away | None:
    """Of one of the house's members `rows`, or as it was `typed`; None for who looks after nothing: they are told
    nothing, and need not say that they are away."""
    if row.role not in KEEPING:
        return None
    url = reverse("frontend:member-away", args=[row.uid])
    return Away(form=typed or away_form(row, None, among=rows), url=url)


def away_form(row: Membership, data: Any, *, among: Sequence[Membership]) -> AwayForm:
    """As it stands for a member, or with what was typed; who may stand in is `among` the members of the house."""
    deputies = [
        (str(one.person.uid), one.person.name or one.person.email)
        for one in among
        if one.role in KEEPING and one.person.is_active and one.person_id != row.person_id
    ]
    last = row.away_until_on - timedelta(days=1) if row.away_until_on else None
    initial = {
        "first": row.away_from_on.isoformat() if row.away_from_on else "",
        "last": last.isoformat() if last else "",
        "deputy": str(row.deputy.uid) if row.deputy is not None else "",
    }
    return AwayForm(data, deputies=deputies, initial=initial, prefix=f"away-{str(row.uid)[-8:]}")


_AHEAD = gettext_lazy("away from %(first)s to %(last)s")


def heard_by(known: Keepers) -> str:
    """The names of who hears of a thing today."""
    names = {one.person_id: str(one.person) for one in known.members}
    return ", ".join(names[one] for one in known.hear if one in names)


def _away_words(row: Membership, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(row.institution.time_zone)).date()
    if row.away_from_on is None or row.away_until_on is None or row.away_until_on <= today:
        return ""
    days = {
        "first": day_label(row.away_from_on),
        "last": day_label(row.away_until_on - timedelta(days=1)),
        "deputy": str(row.deputy) if row.deputy is not None else "",
    }
    said = _("away until %(last)s") if row.away_from_on <= today else _AHEAD
    said = str(said) % days
    return _("%(said)s, %(deputy)s stands in") % {**days, "said": said} if row.deputy else said


def members(
    rows: Sequence[Membership],
    *,
    me: int | None,
    now: datetime,
    manages: bool,
    typed: Mapping[UUID, AwayForm],
) -> tuple[MemberRow, ...]:
    """`typed` are forms with something to correct, by membership. Forms stand where the reader may say who is away."""
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
            away=_away_words(row, now),
            say_away=away_of(row, rows, typed.get(row.uid))
            if manages or row.person_id == me
            else None,
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
