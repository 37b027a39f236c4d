"""What may be said of things, questions, invitations, houses and cases."""

from __future__ import annotations

from uuid import UUID

from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from notifications.models import Delivery
from notifications.queries.facts import Facts, case_of
from notifications.wording import span_words, title_in

from .shown import HIDDEN, Shown
from .words import line_name, with_files


def _reason(event: Event, facts: Facts) -> str:
    """The moderators' words with this very decision; a later one has its own event."""
    named = event.data.get("review") or event.data.get("application")
    at, reason = facts.reasons.get(UUID(named), (None, "")) if named else (None, "")
    return reason if at == event.at else ""


def of_case(event: Event, facts: Facts) -> Shown:
    """What moderators are told: which thing, when, and between whom."""
    case = facts.cases.get(case_of(event) or event.uid)
    if case is None:
        return HIDDEN
    line = case.line
    return Shown(
        visible=True,
        what=line_name(line),
        who=", ".join(str(side) for side in (case.lender, case.borrower) if side is not None),
        when=span_words(line.event_starts_at, line.event_ends_at, line.zone),
        target=case.uid,
    )


def of_resource(delivery: Delivery, facts: Facts) -> Shown:
    """A listing by its title, with the moderators' words where they decided."""
    event = delivery.event
    titles = facts.titles.get(event.subject_uid)
    if not titles:
        return HIDDEN
    owner = _first_party(event)
    return Shown(
        visible=True,
        what=title_in(titles),
        who=str(owner) if owner else "",
        note=_reason(event, facts),
        target=event.subject_uid,
    )


def of_enquiry(delivery: Delivery, facts: Facts) -> Shown:
    """A question about a thing, or what was written on: with its words, answered to the other side's contact."""
    event = delivery.event
    enquiry = facts.enquiries.get(event.subject_uid)
    words = facts.words.get(UUID(event.data.get("message", str(event.uid))))
    if enquiry is None or words is None:
        return HIDDEN
    other = enquiry.lender if delivery.party_role == "borrower" else enquiry.asker
    what = title_in(enquiry.shown.get("titles", {}))
    return Shown(
        visible=True,
        what=what,
        title=what,
        who=str(other),
        note=with_files(words.body, facts.files.get(words.uid, ())),
        reply_to=other.contact_email,
        target=enquiry.uid,
    )


def of_invitation(delivery: Delivery, facts: Facts) -> Shown:
    """Which house invites."""
    invitation = facts.invitations.get(delivery.event.subject_uid)
    if invitation is None:
        return HIDDEN
    return Shown(
        visible=True,
        who=str(invitation.institution),
        reply_to=invitation.institution.contact_email,
        target=invitation.uid,
    )


def of_house(delivery: Delivery, facts: Facts) -> Shown:
    """An institution, a membership in one, or a partnership: named by the other side of it."""
    event = delivery.event
    house = facts.institutions.get(event.subject_uid) or _first_party(event)
    if event.subject_kind == "partnership":
        parties = [party.institution for party in event.parties.all()]
        house = next((p for p in parties if p and p.pk != delivery.institution_id), None)
    if house is None:
        return HIDDEN
    return Shown(visible=True, who=str(house), note=_reason(event, facts))


def _first_party(event: Event) -> Institution | None:
    return next((p.institution for p in event.parties.all() if p.institution is not None), None)
