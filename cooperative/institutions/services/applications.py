"""Coming in: an institution applies, a moderator admits or refuses it with a reason that the applicant reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.institutions.details import clean
from cooperative.institutions.models import (
    Application,
    ApplicationState,
    Institution,
    InstitutionKind,
    InstitutionState,
)
from cooperative.institutions.permissions import must_moderate
from cooperative.membership.models import Membership, Role
from cooperative.people.models import Person

from .records import locked, make, tell

OPEN_AT_ONCE = 3
"""More applications of one person than this wait for no moderator."""


def apply(*, by: Viewer, message: str = "", **details: Any) -> Application:
    """The signed-in person applies for an institution; they become its manager when it is admitted.

    Sending the same (name, city) again while it waits gives the same application; after a refusal it is a new one
    for the same institution, with what is said now. Raises `Forbidden`, `Invalid`, `Conflict` (`too_many_open`).
    """
    if by.person is None:
        raise Forbidden(_("Please sign in first."))
    fields = clean(details, whole=True)
    if fields["kind"] == InstitutionKind.GUEST:
        raise Invalid({"kind": _("A guest is invited by a partner.")})
    said = text.Fields()
    message = said.prose("message", message, longest=5_000)
    said.check()
    with transaction.atomic():
        # The person's row keeps a second click waiting until the first is done.
        person = Person.objects.select_for_update(no_key=True).get(pk=by.person)
        mine = Application.objects.filter(applicant=person).select_related("institution")
        same = mine.filter(
            institution__name__iexact=fields["name"], institution__city__iexact=fields["city"]
        ).exclude(state=ApplicationState.ADMITTED)
        before = same.order_by("-submitted_at", "-id").first()
        if before is not None and before.state == ApplicationState.SUBMITTED:
            return before
        if mine.filter(state=ApplicationState.SUBMITTED).count() >= OPEN_AT_ONCE:
            raise Conflict(
                _("Several of your applications wait for an answer. Please wait for it first."),
                code="too_many_open",
            )
        if before is not None:
            institution = before.institution
            for name, value in fields.items():
                setattr(institution, name, value)
            institution.version += 1
            institution.save()
        else:
            institution = make(by, {**fields, "state": InstitutionState.APPLIED})
        application = Application.objects.create(
            institution=institution, applicant=person, message=message, submitted_at=by.now
        )
        tell(
            by,
            "institution.apply",
            institution,
            person=person.pk,
            data={"application": str(application.uid)},
        )
    return application


def admit(*, by: Viewer, application: UUID, reason: str) -> Application:
    """A moderator admits; the institution is active and the applicant manages it. Repeating is harmless."""
    return _decide(by, application, ApplicationState.ADMITTED, reason)


def refuse(*, by: Viewer, application: UUID, reason: str) -> Application:
    """A moderator refuses, with a reason; the person may apply again. Repeating is harmless."""
    return _decide(by, application, ApplicationState.REFUSED, reason)


def _decide(by: Viewer, uid: UUID, state: ApplicationState, reason: str) -> Application:
    must_moderate(by)
    said = text.Fields()
    reason = said.prose("reason", reason, longest=5_000, required=True)
    said.check()
    with transaction.atomic():
        found = Application.objects.select_for_update().filter(uid=uid).first()
        if found is None:
            raise NotFound
        if found.state == state:
            return found
        if found.state != ApplicationState.SUBMITTED:
            raise Conflict(_("This application was answered already."), code="already_answered")
        institution = locked(found.institution.uid)
        found.state = state
        found.reason = reason
        found.decided_at = by.now
        found.decided_by_id = by.person
        found.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        if state == ApplicationState.ADMITTED:
            _let_in(by, institution, found.applicant_id)
        verb = "admit" if state == ApplicationState.ADMITTED else "refuse"
        tell(
            by,
            f"institution.{verb}",
            institution,
            person=found.applicant_id,
            data={"application": str(found.uid)},
        )
    return found


def _let_in(by: Viewer, institution: Institution, applicant: int | None) -> None:
    institution.state = InstitutionState.ACTIVE
    institution.version += 1
    institution.save(update_fields=["state", "version"])
    if applicant is not None:
        # Said by `institution.admit` to both; a line of its own in nobody's inbox.
        Membership.objects.get_or_create(
            person_id=applicant,
            institution=institution,
            ended_at=None,
            defaults={"role": Role.MANAGER, "started_at": by.now},
        )
