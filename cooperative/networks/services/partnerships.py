"""Partnerships: one institution proposes, the other says yes or no, either may end it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.models import Audience, AudienceKind
from cooperative.access.viewer import Days, Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution, InstitutionState
from cooperative.networks.models import Partnership, PartnershipKind, PartnershipState
from cooperative.networks.permissions import must_be_party
from cooperative.networks.queries import meeting

OPEN = (PartnershipState.PROPOSED, PartnershipState.AGREED)


def propose_partnership(
    *,
    by: Viewer,
    institution: UUID,
    partner: UUID,
    kind: str,
    valid_from: date,
    valid_until: date | None = None,
    note: str = "",
    quiet: bool = False,
) -> Partnership:
    """`institution` (which `by` manages) proposes to `partner`; its audience holds once the partner agreed.

    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict` (`partnership_exists`, `not_active`).
    """
    fields = text.Fields()
    note = fields.prose("note", note, longest=5_000)
    if kind not in PartnershipKind.values:
        fields.wrong("kind", _("Please choose a letter of intent or an agreement."))
    if valid_until is not None and valid_until <= valid_from:
        fields.wrong("valid_until", _("The end comes before the start."))
    if institution == partner:
        fields.wrong("partner", _("An institution cannot be its own partner."))
    fields.check()
    with transaction.atomic():
        mine, other = _both(institution, partner)
        if not by.may("manager", mine.pk):
            raise Forbidden(_("Only people who manage the institution may do this."))
        for house in (mine, other):
            if house.state != InstitutionState.ACTIVE:
                raise Conflict(_("%(name)s is not active.") % {"name": house}, code="not_active")
        pair = Q(proposer=mine, partner=other) | Q(proposer=other, partner=mine)
        days = Days(valid_from, valid_until)
        if Partnership.objects.filter(pair, meeting(days), kind=kind, state__in=OPEN).exists():
            raise Conflict(
                _("You have a partnership of this kind in these days, or a proposal for one."),
                code="partnership_exists",
            )
        partnership = Partnership.objects.create(
            kind=kind,
            proposer=mine,
            partner=other,
            valid_from=valid_from,
            valid_until=valid_until,
            note=note,
            proposed_at=by.now,
        )
        Audience.objects.create(kind=AudienceKind.PARTNERSHIP, partnership=partnership)
        _tell(by, "partnership.propose", partnership, quiet=quiet)
    return partnership


def agree_to_partnership(*, by: Viewer, partnership: UUID, quiet: bool = False) -> Partnership:
    """The partner says yes. Repeating is harmless."""
    return _answer(by, partnership, PartnershipState.AGREED, "partnership.agree", quiet=quiet)


def refuse_partnership(*, by: Viewer, partnership: UUID) -> Partnership:
    """The partner says no. Repeating is harmless."""
    return _answer(by, partnership, PartnershipState.REFUSED, "partnership.refuse")


def end_partnership(*, by: Viewer, partnership: UUID, on: date, today: date) -> Partnership:
    """Either side ends it: `on` is the first day without. A proposal not yet answered is taken back at once.

    `today` is the day at the institution that acts. Raises `Invalid` where `on` is past or later than its end.
    """
    with transaction.atomic():
        found = _locked(by, partnership)
        if found.state in {PartnershipState.REFUSED, PartnershipState.ENDED}:
            return found
        if found.state == PartnershipState.AGREED:
            if on < today:
                raise Invalid(
                    {"on": _("What was agreed held until today; choose a day from now on.")}
                )
            if found.valid_until is not None and on > found.valid_until:
                raise Invalid({"on": _("It ends before that day already.")})
            if on > found.valid_from:
                found.valid_until = on
        if found.state == PartnershipState.PROPOSED or on <= max(today, found.valid_from):
            found.state = PartnershipState.ENDED
            found.decided_at = by.now
        found.save(update_fields=["valid_until", "state", "decided_at"])
        _tell(by, "partnership.end", found, on=on)
    return found


def _answer(
    by: Viewer, uid: UUID, state: PartnershipState, verb: str, *, quiet: bool = False
) -> Partnership:
    with transaction.atomic():
        found = _locked(by, uid)
        if not by.may("manager", found.partner_id):
            raise Forbidden(_("The institution that was asked answers."))
        if found.state == state:
            return found
        if found.state != PartnershipState.PROPOSED:
            raise Conflict(_("This proposal was answered or taken back already."))
        found.state = state
        found.decided_at = by.now
        found.save(update_fields=["state", "decided_at"])
        _tell(by, verb, found, quiet=quiet)
    return found


def _locked(by: Viewer, uid: UUID) -> Partnership:
    found = Partnership.objects.select_for_update().filter(uid=uid).first()
    if found is None:
        raise NotFound
    must_be_party(by, found)
    return found


def _both(one: UUID, other: UUID) -> tuple[Institution, Institution]:
    # Locked in the order of id: two that propose to each other at once meet here, one after the other.
    rows = Institution.objects.select_for_update(no_key=True).filter(uid__in=[one, other])
    found = {house.uid: house for house in rows.order_by("id")}
    if len(found) < 2:
        raise NotFound
    return found[one], found[other]


def _tell(
    by: Viewer, verb: str, partnership: Partnership, *, on: date | None = None, quiet: bool = False
) -> None:
    until = on or partnership.valid_until
    event = NewEvent(
        verb=verb,
        subject_kind="partnership",
        subject_uid=partnership.uid,
        parties=(
            Party("proposer", institution=partnership.proposer_id),
            Party("partner", institution=partnership.partner_id),
        ),
        data={
            "valid_from": partnership.valid_from.isoformat(),
            "valid_until": until.isoformat() if until is not None else None,
        },
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=quiet)
